//! Requests for keyframes, of subscribers and on behalf of them.

use str0m::media::{KeyframeRequestKind, Mid};

use super::types::ParticipantId;
use super::Sfu;
use crate::{MediaKind, TransportKind};

impl Sfu {
	/// A subscriber asks for a keyframe.
	pub(super) fn on_keyframe_request(&mut self, id: ParticipantId, mid: Mid) {
		let Some(participant) = self.participants.get(id) else { return };
		let Some((key, down)) = participant.down.iter().find(|(_, d)| d.mid == Some(mid)) else {
			return;
		};
		let Some(rung) = down.current.or(down.target) else { return };
		let (source, key) = (down.source, *key);
		let track = self.participants.get_mut(source).and_then(|p| p.up_by_key(key));
		let Some(stream) = track.map(|t| t.stream_of(rung)) else { return };
		self.request_keyframe(source, key, stream);
	}

	/// Asks a publisher for a keyframe of a stream, not more often than configured; a request that is
	/// too early is made by a later tick.
	fn request_keyframe(&mut self, publisher: ParticipantId, key: u64, stream: usize) {
		let (now, interval) = (self.now, self.config.keyframe_interval);
		let Some(participant) = self.participants.get_mut(publisher) else { return };
		let Some(track) = participant.up.iter_mut().find(|t| t.key == key && !t.muted) else {
			return;
		};
		let Some(layer) = track.layers.get_mut(stream) else { return };
		let early =
			layer.last_request.is_some_and(|at| now.saturating_duration_since(at) < interval);
		layer.wants_request = early;
		let Some(ssrc) = layer.ssrc.filter(|_| !early) else { return };
		layer.last_request = Some(now);
		let asked = participant.publisher.guard(|t| {
			t.rtc
				.direct_api()
				.stream_rx(&ssrc)
				.map(|rx| rx.request_keyframe(KeyframeRequestKind::Pli))
				.ok_or("no stream")
		});
		if asked.is_ok() {
			self.totals.keyframe_requests += 1;
			self.touch((publisher, TransportKind::Publisher));
		}
	}

	/// Makes the requests for keyframes of a publisher that are due.
	pub(super) fn request_wanted_keyframes(&mut self, publisher: ParticipantId) {
		let Some(participant) = self.participants.get(publisher) else { return };
		let mut wanted = Vec::new();
		for track in
			participant.up.iter().filter(|t| t.binding.kind == MediaKind::Video && !t.muted)
		{
			let scalable = track.scalable() > 0;
			let waited: Vec<usize> = track
				.subscribers
				.iter()
				.filter_map(|s| {
					self.participants.get(*s)?.down.get(&track.key)?.waits_for(scalable)
				})
				.map(|rung| track.stream_of(rung))
				.collect();
			let layers = track.layers.iter().enumerate();
			wanted.extend(
				layers
					.filter(|(i, l)| l.wants_request || waited.contains(i))
					.map(|(i, _)| (track.key, i)),
			);
		}
		for (key, layer) in wanted {
			self.request_keyframe(publisher, key, layer);
		}
	}
}
