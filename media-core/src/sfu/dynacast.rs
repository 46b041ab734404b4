//! What the subscribers of each video want, for its publisher.

use super::types::{Event, ParticipantId};
use super::Sfu;
use crate::MediaKind;

impl Sfu {
	/// Tells a publisher if more or less of its videos is wanted than before.
	pub(super) fn update_wanted(&mut self, id: ParticipantId) {
		let Some(publisher) = self.participants.get(id) else { return };
		let members = self.rooms.get(&publisher.room).map(Vec::as_slice).unwrap_or_default();
		let video = publisher.up.iter().filter(|t| t.binding.kind == MediaKind::Video);
		let wanted: Vec<(u64, Option<u8>)> = video
			.map(|track| {
				let top = track.rungs().saturating_sub(1);
				// Subscriptions that are still negotiated count, too: the layers will be there in time.
				let of = |m: &ParticipantId| {
					let down = self.participants.get(*m)?.down.get(&track.key)?;
					let layer = down.max_layer.map_or(top, |m| m.min(top));
					(!down.disabled).then(|| u8::try_from(layer).unwrap_or(u8::MAX))
				};
				(track.key, members.iter().filter_map(of).max())
			})
			.collect();
		let (now, delay) = (self.now, self.config.dynacast_delay);
		let mut events = Vec::new();
		for (key, wanted) in wanted {
			let Some(track) = self.participants.get_mut(id).and_then(|p| p.up_by_key(key)) else {
				continue;
			};
			let layers = u8::try_from(track.rungs()).unwrap_or(u8::MAX);
			if let Some(max_layer) = track.wanted.update(now, wanted, delay) {
				let format = track.format.map(|(_, f)| f).or(track.expected);
				events.push(Event::WantedLayers {
					participant: id,
					track_sid: track.binding.track_sid.clone(),
					codec: format.map_or("", |f| f.name()),
					max_layer,
					layers,
				});
			}
		}
		for event in events {
			self.event(event);
		}
	}
}
