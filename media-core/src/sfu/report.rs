//! Statistics of rooms, participants and tracks.

use super::track::{Participant, UpTrack};
use super::types::ParticipantId;
use super::Sfu;
use crate::quality::{audio_quality, AudioObservation, CodecImpairment};
use crate::service::Service;
use crate::stats::{ParticipantStats, RoomStats, Totals, TrackStats};
use crate::MediaKind;

/// What a receiver adds to the network's delay: jitter buffer and codec, milliseconds.
const PLAYOUT_MS: f64 = 60.0;

impl Sfu {
	/// Statistics of one participant.
	pub fn participant_stats(&self, id: ParticipantId) -> Option<ParticipantStats> {
		self.participants.get(id).map(|p| self.describe(p))
	}

	/// Statistics of all rooms.
	pub fn room_stats(&self) -> Vec<RoomStats> {
		self.rooms
			.iter()
			.map(|(name, members)| RoomStats {
				name: name.clone(),
				participants: members
					.iter()
					.filter_map(|m| self.participants.get(*m))
					.map(|p| self.describe(p))
					.collect(),
			})
			.collect()
	}

	/// Counters since the start, for a metrics exporter.
	pub fn totals(&self) -> Totals {
		let ids = self.participants.ids().filter_map(|id| self.participants.get(id));
		let lost: u64 =
			ids.flat_map(|p| &p.up).flat_map(|t| &t.layers).map(|l| l.stats.lost()).sum();
		Totals { rtp_lost: self.lost_before + lost, ..self.totals }
	}

	/// RTP packets forwarded since the start: one of the [totals](Self::totals), for who asks often.
	pub fn forwarded(&self) -> u64 {
		self.totals.rtp_forwarded
	}

	/// What participants got since the start, by their own receivers. Those that were [left out](Self::leave_out) are not
	/// in it.
	pub fn service(&self) -> Service {
		self.service
	}

	/// Rooms and participants at this moment.
	pub fn counts(&self) -> (usize, usize) {
		(self.rooms.len(), self.participants.len())
	}

	fn describe(&self, p: &Participant) -> ParticipantStats {
		ParticipantStats {
			sid: p.sid.clone(),
			identity: p.identity.clone(),
			publisher_connected: p.publisher.connected,
			subscriber_connected: p.downward().connected,
			rtt: p.rtt,
			egress_loss: p.egress_loss,
			estimate: p.estimate,
			published: p.up.iter().map(|t| self.describe_published(p, t)).collect(),
			subscribed: p
				.down
				.values()
				.map(|d| TrackStats {
					track_sid: d.track_sid.clone(),
					name: d.name.clone(),
					kind: d.kind,
					muted: d.disabled,
					streams: vec![d.stats.snapshot(
						self.now,
						None,
						d.kind == MediaKind::Video,
						d.rtt,
					)],
					mos_centi: None,
				})
				.collect(),
		}
	}

	fn describe_published(&self, p: &Participant, t: &UpTrack) -> TrackStats {
		let kind = t.binding.kind;
		let mos_centi = t
			.layers
			.first()
			.filter(|l| kind == MediaKind::Audio && l.stats.packets() > 0)
			.map(|l| {
				let rtt = l.rtt.or(p.rtt).unwrap_or_default();
				let network = rtt.as_secs_f64() * 500.0 + l.stats.jitter().as_secs_f64() * 2_000.0;
				audio_quality(AudioObservation {
					delay_ms: network + PLAYOUT_MS,
					loss_percent: l.stats.loss() * 100.0,
					burst_ratio: 1.0,
					codec: CodecImpairment::OPUS_PROVISIONAL,
				})
				.mos_centi()
			});
		let streams = t.layers.iter().map(|l| {
			let rid = l.rid.map(|r| r.to_string());
			l.stats.snapshot(self.now, rid, kind == MediaKind::Video, l.rtt.or(p.rtt))
		});
		TrackStats {
			track_sid: t.binding.track_sid.clone(),
			name: t.binding.name.clone(),
			kind,
			muted: t.muted,
			streams: streams.collect(),
			mos_centi,
		}
	}
}
