//! Active speakers of each room, and whose audio is heard if only the loudest are.

use std::cmp::Reverse;

use super::types::{Event, ParticipantId, Speaker};
use super::Sfu;
use crate::speakers::rounded;
use crate::MediaKind;

impl Sfu {
	/// Tells each room whose level changed. Once an interval, so that the rate of events is bounded.
	pub(super) fn tick_speakers(&mut self) {
		if self.now < self.next_speakers {
			return;
		}
		self.next_speakers = self.now + self.config.speakers.interval;
		let mut events = Vec::new();
		for (room, members) in &self.rooms {
			let mut changes = Vec::new();
			for id in members {
				let Some(p) = self.participants.get_mut(*id) else { continue };
				let mut loudest = 0.0f64;
				let audio =
					|t: &&mut super::track::UpTrack| t.binding.kind == MediaKind::Audio && !t.muted;
				for track in p.up.iter_mut().filter(audio) {
					let (level, active) = track.level.level(self.now, &self.config.speakers);
					if active {
						loudest = loudest.max(level);
					}
				}
				let level = rounded(loudest);
				if level > 0.0 {
					p.last_spoke = Some(self.now);
				}
				if level != p.told_level {
					p.told_level = level;
					changes.push(Speaker { participant: *id, level, active: level > 0.0 });
				}
			}
			if !changes.is_empty() {
				changes.sort_by(|a, b| b.level.total_cmp(&a.level));
				events.push(Event::Speakers { room: room.clone(), changes });
			}
		}
		if self.config.speakers.last_n > 0 {
			self.choose_audible();
		}
		for event in events {
			self.event(event);
		}
	}

	/// The loudest of each room are heard, then those who spoke last, then those who were heard before.
	fn choose_audible(&mut self) {
		let most = self.config.speakers.last_n;
		for members in self.rooms.values() {
			let mut ranked: Vec<ParticipantId> = members.clone();
			ranked.sort_by_key(|id| {
				let p = self.participants.get(*id);
				let eighths = p.map_or(0, |p| (p.told_level * 8.0) as u32);
				let speaks = p.is_some_and(|p| p.up.iter().any(|t| !t.muted));
				(
					Reverse((
						speaks,
						eighths,
						p.and_then(|p| p.last_spoke),
						p.is_some_and(|p| p.audible),
					)),
					*id,
				)
			});
			for (place, id) in ranked.into_iter().enumerate() {
				if let Some(p) = self.participants.get_mut(id) {
					p.audible = place < most;
				}
			}
		}
	}
}
