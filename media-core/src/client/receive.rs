//! Takes in tracks: statistics of packets, and whole frames.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use str0m::media::{KeyframeRequestKind, Mid};
use str0m::rtp::{RtpPacket, Ssrc};
use str0m::Rtc;

use super::types::Event;
use crate::probe::Stamper;
use crate::stats::{PacketInfo, RtpStats, StreamSnapshot};
use crate::transport::Transport;
use crate::vp8::{is_keyframe, Assembler, Payload};
use crate::MediaKind;

/// A gap this old is not going to be repaired: ask for a keyframe.
const GAP_PATIENCE: Duration = Duration::from_millis(300);
/// Keyframe requests are at least this far apart.
const REQUEST_INTERVAL: Duration = Duration::from_millis(500);
/// Tracks and frames behind a gap that are remembered.
const MAX_TRACKS: usize = 512;
const MAX_BEHIND: usize = 256;

#[derive(Debug)]
struct Track {
	mid: Mid,
	track_sid: String,
	kind: MediaKind,
	ssrc: Option<Ssrc>,
	stats: RtpStats,
	assembler: Assembler<Instant>,
	chain: Chain,
	asked: Option<Instant>,
}

/// Which frames a decoder could have used: those behind a gap cannot be, until a keyframe.
#[derive(Debug, Default)]
struct Chain {
	next: Option<u64>,
	behind: BTreeMap<u64, u64>,
	gap_since: Option<Instant>,
}

impl Chain {
	fn frame(&mut self, now: Instant, (first, last): (u64, u64), keyframe: bool) {
		if keyframe && self.next.is_none_or(|n| first >= n) {
			self.next = Some(last + 1);
			self.behind = self.behind.split_off(&last);
		} else if self.next.is_none_or(|n| first >= n) && self.behind.len() < MAX_BEHIND {
			self.behind.insert(first, last);
		}
		while let Some(last) = self.next.and_then(|n| self.behind.remove(&n)) {
			self.next = Some(last + 1);
			self.gap_since = None;
		}
		self.gap_since = if self.behind.is_empty() { None } else { self.gap_since.or(Some(now)) };
	}

	fn is_broken(&self, now: Instant) -> bool {
		self.gap_since.is_some_and(|at| now.saturating_duration_since(at) >= GAP_PATIENCE)
	}
}

/// Takes in tracks.
#[derive(Debug)]
pub(super) struct Receiver {
	epoch: Instant,
	/// Of a probe: finds the packets of its ramp.
	stamper: Option<Stamper>,
	tracks: Vec<Track>,
	by_ssrc: HashMap<Ssrc, usize>,
}

impl Receiver {
	pub(super) fn new(epoch: Instant, stamper: Option<Stamper>) -> Self {
		Self { epoch, stamper, tracks: Vec::new(), by_ssrc: HashMap::new() }
	}

	/// A media line appeared.
	pub(super) fn add(&mut self, mid: Mid, rtc: &Rtc) -> Option<Event> {
		let media = rtc.media(mid)?;
		if self.tracks.len() >= MAX_TRACKS {
			return None;
		}
		let kind = MediaKind::from(media.kind());
		let track_sid = media.track_id().to_owned();
		let stream = media.stream_id();
		let participant_sid = stream.split_once('|').map_or(stream, |(p, _)| p).to_owned();
		let clock = if kind == MediaKind::Audio { 48_000 } else { 90_000 };
		self.tracks.push(Track {
			mid,
			track_sid: track_sid.clone(),
			kind,
			ssrc: None,
			stats: RtpStats::new(self.epoch, clock),
			assembler: Assembler::default(),
			chain: Chain::default(),
			asked: None,
		});
		Some(Event::TrackAdded { participant_sid, track_sid, kind })
	}

	/// A packet came; gives the frame that it completes.
	pub(super) fn packet(
		&mut self,
		now: Instant,
		packet: &RtpPacket,
		t: &mut Transport,
	) -> Option<Event> {
		let ssrc = packet.header.ssrc;
		let index = match self.by_ssrc.get(&ssrc) {
			Some(index) => *index,
			None => {
				let mid = t.rtc.direct_api().stream_rx(&ssrc)?.mid();
				let index = self.tracks.iter().position(|track| track.mid == mid)?;
				self.by_ssrc.retain(|_, i| *i != index);
				self.by_ssrc.insert(ssrc, index);
				index
			}
		};
		let track = self.tracks.get_mut(index)?;
		track.ssrc = Some(ssrc);
		let video = track.kind == MediaKind::Video;
		let parsed = if video { Payload::parse(&packet.payload) } else { None };
		let keyframe = parsed.is_some_and(|p| p.keyframe);
		let (timestamp, marker) = (packet.header.timestamp, packet.header.marker);
		let info = PacketInfo {
			sequence: *packet.seq_no,
			timestamp,
			marker,
			bytes: packet.payload.len(),
			keyframe,
		};
		track.stats.packet(now, info);
		let load = |p: &Payload<'_>| self.stamper.as_ref().is_some_and(|s| s.is_load(p.data));
		let data = if let Some(packet) = parsed.filter(load) {
			// Each for itself: the loss of one says nothing of the others.
			track.chain.frame(now, (info.sequence, info.sequence), false);
			packet.data.into()
		} else if video {
			let frame =
				track.assembler.push(*packet.seq_no, timestamp, marker, &packet.payload, now)?;
			track.chain.frame(now, frame.sequences, is_keyframe(&frame.data));
			frame.data.into()
		} else {
			packet.payload.clone()
		};
		Some(Event::Frame { track_sid: track.track_sid.clone(), kind: track.kind, at: now, data })
	}

	/// Asks for keyframes where a decoder would be stuck.
	pub(super) fn ask_for_keyframes(&mut self, now: Instant, t: &mut Transport) {
		for track in self.tracks.iter_mut().filter(|track| track.chain.is_broken(now)) {
			let early =
				track.asked.is_some_and(|at| now.saturating_duration_since(at) < REQUEST_INTERVAL);
			let Some(ssrc) = track.ssrc.filter(|_| !early) else { continue };
			track.asked = Some(now);
			let _ = t.guard(|t| {
				let mut api = t.rtc.direct_api();
				api.stream_rx(&ssrc)
					.map(|rx| rx.request_keyframe(KeyframeRequestKind::Pli))
					.ok_or("no stream")
			});
		}
	}

	pub(super) fn stats(&self, now: Instant) -> Vec<(String, StreamSnapshot)> {
		let snapshot = |t: &Track| t.stats.snapshot(now, None, t.kind == MediaKind::Video, None);
		self.tracks.iter().map(|t| (t.track_sid.clone(), snapshot(t))).collect()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn chain_breaks_when_gap_stays_and_heals_by_repair_or_keyframe() {
		let t = Instant::now();
		let mut c = Chain::default();
		c.frame(t, (1, 3), true);
		c.frame(t, (4, 4), false);
		assert_eq!((c.next, c.gap_since), (Some(5), None));
		c.frame(t, (6, 7), false);
		assert!(!c.is_broken(t) && c.is_broken(t + GAP_PATIENCE));
		c.frame(t, (5, 5), false);
		assert_eq!((c.next, c.gap_since), (Some(8), None));
		c.frame(t, (10, 10), false);
		c.frame(t, (11, 12), true);
		c.frame(t, (13, 13), false);
		assert_eq!((c.next, c.gap_since), (Some(14), None));
	}
}
