//! Media from publishers to subscribers.

use std::time::Instant;

use str0m::bwe::Bitrate;
use str0m::media::{KeyframeRequestKind, Mid};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite, Vp8Descriptor};

use super::types::ParticipantId;
use super::Sfu;
use crate::stats::PacketInfo;
use crate::{MediaKind, TransportKind};

/// Sources remembered for one publisher.
const MAX_SOURCES: usize = 64;
/// Part of the bandwidth estimate that media may take, percent.
const ESTIMATE_PART: u64 = 90;

/// A packet on its way.
struct Passing<'a> {
	key: u64,
	layer: usize,
	kind: MediaKind,
	packet: &'a RtpPacket,
	vp8: Option<Vp8Descriptor>,
	keyframe: bool,
}

impl Sfu {
	/// Counts a packet of a publisher and forwards it.
	pub(super) fn on_rtp(&mut self, id: ParticipantId, packet: &RtpPacket) {
		let now = self.now;
		self.totals.rtp_in += 1;
		let Some((key, layer)) = self.source_of(id, packet) else { return };
		let Some(participant) = self.participants.get_mut(id) else { return };
		if participant.counts {
			self.service.bytes_up += packet.payload.len() as u64;
		}
		let Some(track) = participant.up_by_key(key) else { return };
		let kind = track.binding.kind;
		let vp8 = match kind {
			MediaKind::Audio => None,
			MediaKind::Video => Vp8Descriptor::parse(&packet.payload).ok(),
		};
		let keyframe = vp8.is_some_and(|d| d.starts_keyframe(&packet.payload));
		let Some(source) = track.layers.get_mut(layer) else { return };
		source.stats.packet(
			now,
			PacketInfo {
				sequence: *packet.seq_no,
				timestamp: packet.header.timestamp,
				marker: packet.header.marker,
				bytes: packet.payload.len(),
				keyframe,
			},
		);
		if track.muted || (kind == MediaKind::Video && vp8.is_none()) {
			return;
		}
		let subscribers = std::mem::take(&mut track.subscribers);
		let passing = Passing { key, layer, kind, packet, vp8, keyframe };
		for subscriber in &subscribers {
			self.pass(*subscriber, &passing);
		}
		if let Some(track) = self.participants.get_mut(id).and_then(|p| p.up_by_key(key)) {
			track.subscribers = subscribers;
		}
	}

	/// Track key and layer that a packet belongs to.
	fn source_of(&mut self, id: ParticipantId, packet: &RtpPacket) -> Option<(u64, usize)> {
		let participant = self.participants.get_mut(id)?;
		let ssrc = packet.header.ssrc;
		if let Some(found) = participant.by_ssrc.get(&ssrc) {
			return Some(*found);
		}
		let (mid, rid) = {
			let mut api = participant.publisher.rtc.direct_api();
			let stream = api.stream_rx(&ssrc)?;
			(stream.mid(), stream.rid())
		};
		let track = participant.up.iter_mut().find(|t| t.mid == mid)?;
		let layer = track.layers.iter().position(|l| l.rid == rid)?;
		if let Some(source) = track.layers.get_mut(layer) {
			source.ssrc = Some(ssrc);
		}
		let found = (track.key, layer);
		if participant.by_ssrc.len() >= MAX_SOURCES {
			participant.by_ssrc.clear();
		}
		participant.by_ssrc.insert(ssrc, found);
		Some(found)
	}

	/// Rewrites a packet for one subscriber and hands it to its transport.
	fn pass(&mut self, id: ParticipantId, passing: &Passing<'_>) {
		let now = self.now;
		let Some(participant) = self.participants.get_mut(id) else { return };
		let Some(down) = participant.down.get_mut(&passing.key).filter(|d| !d.disabled) else {
			return;
		};
		let Some((ssrc, pt)) = down.tx else { return };
		if passing.kind == MediaKind::Audio {
			down.current = Some(0);
		} else if down.current != Some(passing.layer) {
			// Switch at a keyframe of the wanted layer; start with whatever keyframe comes first.
			let wanted = down.target == Some(passing.layer)
				|| (down.current.is_none() && down.max_layer.is_none_or(|m| passing.layer <= m));
			if !(passing.keyframe && wanted) {
				return;
			}
			down.switch(now, passing.layer);
		} else if !down.munger.attached() && !passing.keyframe {
			return;
		}
		let (packet, vp8) = (passing.packet, passing.vp8.as_ref());
		let Some(at) = down.munger.map(now, *packet.seq_no, packet.header.timestamp, vp8) else {
			return;
		};
		let video = passing.kind == MediaKind::Video;
		let values = &packet.header.ext_vals;
		let mut out =
			RtpWrite::new(pt, at.sequence.into(), at.timestamp, now, packet.payload.clone())
				.marker(packet.header.marker)
				.nackable(video)
				.ext_vals(ExtensionValues {
					audio_level: values.audio_level,
					voice_activity: values.voice_activity,
					video_orientation: values.video_orientation,
					..ExtensionValues::default()
				});
		if let Some(patch) = vp8.and_then(|d| down.munger.patch(d)) {
			out = out.vp8_patch(patch);
		}
		down.stats.packet(
			now,
			PacketInfo {
				sequence: at.sequence,
				timestamp: at.timestamp,
				marker: packet.header.marker,
				bytes: packet.payload.len(),
				keyframe: passing.keyframe,
			},
		);
		let written = participant.subscriber.guard(|t| {
			t.rtc.direct_api().stream_tx(&ssrc).map(|tx| tx.write_rtp(out)).ok_or("no stream")
		});
		if written.is_ok() {
			self.totals.rtp_forwarded += 1;
			if participant.counts {
				self.service.bytes_down += packet.payload.len() as u64;
			}
			self.touch((id, TransportKind::Subscriber));
		}
	}

	/// A subscriber asks for a keyframe.
	pub(super) fn on_keyframe_request(&mut self, id: ParticipantId, mid: Mid) {
		let Some(participant) = self.participants.get(id) else { return };
		let Some((key, down)) = participant.down.iter().find(|(_, d)| d.mid == Some(mid)) else {
			return;
		};
		let Some(layer) = down.current.or(down.target) else { return };
		self.request_keyframe(down.source, *key, layer);
	}

	/// Asks a publisher for a keyframe of a layer, not more often than configured; a request that is
	/// too early is made by a later tick.
	fn request_keyframe(&mut self, publisher: ParticipantId, key: u64, layer: usize) {
		let (now, interval) = (self.now, self.config.keyframe_interval);
		let Some(participant) = self.participants.get_mut(publisher) else { return };
		let Some(track) = participant.up.iter_mut().find(|t| t.key == key && !t.muted) else {
			return;
		};
		let Some(layer) = track.layers.get_mut(layer) else { return };
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
			let waits = |layer: usize| {
				track.subscribers.iter().any(|s| {
					let down = self.participants.get(*s).and_then(|p| p.down.get(&track.key));
					down.and_then(|d| d.waits_for()) == Some(layer)
				})
			};
			let layers = track.layers.iter().enumerate();
			wanted.extend(
				layers.filter(|(i, l)| l.wants_request || waits(*i)).map(|(i, _)| (track.key, i)),
			);
		}
		for (key, layer) in wanted {
			self.request_keyframe(publisher, key, layer);
		}
	}

	/// Chooses the layers that a subscriber gets.
	pub(super) fn choose_layers(&mut self, id: ParticipantId) {
		let now = self.now;
		let Some(participant) = self.participants.get_mut(id) else { return };
		let estimate = participant.estimate;
		// The subscriptions leave the participant while tracks of others are looked at.
		let mut down = std::mem::take(&mut participant.down);
		let videos = down
			.values()
			.filter(|d| d.kind == MediaKind::Video && !d.disabled && d.tx.is_some())
			.count();
		let budget = estimate.map(|e| e * ESTIMATE_PART / 100 / videos.max(1) as u64);
		let (mut desired, mut next) = (0, 0);
		for (key, down) in down.iter_mut().filter(|(_, d)| !d.disabled) {
			let Some(source) = self.participants.get(down.source) else { continue };
			let Some(track) = source.up.iter().find(|t| t.key == *key && !t.muted) else {
				continue;
			};
			let dearest = most_wanted(now, &track.layers, down.max_layer);
			desired += dearest;
			if down.kind == MediaKind::Video {
				down.retarget(now, &track.layers, budget);
			}
			let above = down.target.and_then(|t| track.layers.get(t + 1));
			next += above.map_or(dearest, |l| l.stats.bitrate(now).min(dearest));
		}
		let Some(participant) = self.participants.get_mut(id) else { return };
		participant.down = down;
		if participant.subscriber.connected && desired > 0 {
			// Padding towards the next layers lets the estimate grow until they fit; none is needed
			// when everything wanted is sent.
			let short = budget.is_some_and(|b| b * (videos as u64) < desired);
			let minimum = if next < desired || short { round_up(next * 4 / 3) } else { 0 };
			// Probes of the path go up to what is desired, and an estimate is never above what was
			// probed: ask for more than is sent now, or the estimate would fall with it.
			let desired = round_up(desired * 3 / 2).max(self.config.initial_bitrate);
			let rates = (minimum, desired);
			if std::mem::replace(&mut participant.asked_rates, rates) != rates {
				let _ = participant.subscriber.guard(|t| {
					t.rtc.bwe().set_bitrate(Bitrate::bps(rates.0), Bitrate::bps(rates.1));
					Ok::<_, std::convert::Infallible>(())
				});
				self.touch((id, TransportKind::Subscriber));
			}
		}
	}
}

/// To the next step of 250 kbit/s.
fn round_up(rate: u64) -> u64 {
	rate.div_ceil(250_000) * 250_000
}

/// Bits per second of the dearest layer that a subscriber may get.
fn most_wanted(now: Instant, layers: &[super::track::Layer], max: Option<usize>) -> u64 {
	let most = max.unwrap_or(usize::MAX);
	layers.iter().take(most.saturating_add(1)).map(|l| l.stats.bitrate(now)).max().unwrap_or(0)
}
