//! Statistics of RTP streams.

use std::time::{Duration, Instant};

use crate::quality::FreezeDetector;
use crate::MediaKind;

/// Snapshot of one RTP stream (one simulcast layer of a track, or one forwarded track).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StreamSnapshot {
	/// RID of the simulcast layer.
	pub rid: Option<String>,
	/// RTP packets, without duplicates.
	pub packets: u64,
	/// Payload bytes.
	pub bytes: u64,
	/// Packets that should have come (RFC 3550 A.3).
	pub expected: u64,
	/// Packets that did not come (RFC 3550 A.3), after repair by RTX.
	pub lost: u64,
	/// Interarrival jitter (RFC 3550 A.8).
	pub jitter: Duration,
	/// Bits per second over the last seconds.
	pub bitrate: u64,
	/// Complete frames, video only.
	pub frames: u64,
	/// Frames per second over the last seconds, video only.
	pub frame_rate: f64,
	/// Keyframes.
	pub keyframes: u64,
	/// W3C webrtc-stats `freezeCount`.
	pub freezes: u64,
	/// W3C webrtc-stats `totalFreezesDuration`.
	pub freeze_time: Duration,
	/// Round-trip time, from RTCP.
	pub rtt: Option<Duration>,
}

/// Statistics of a published track, or of a subscription to one.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackStats {
	/// `TR_…` sid.
	pub track_sid: String,
	/// Name of the track.
	pub name: String,
	/// Audio or video.
	pub kind: MediaKind,
	/// Muted by its publisher.
	pub muted: bool,
	/// Streams: layers of a published track, one for a subscription.
	pub streams: Vec<StreamSnapshot>,
	/// Estimated mean opinion score of what comes in, in hundredths (audio only).
	pub mos_centi: Option<u16>,
}

/// Statistics of a participant.
#[derive(Debug, Clone, PartialEq)]
pub struct ParticipantStats {
	/// `PA_…` sid.
	pub sid: String,
	/// Identity.
	pub identity: String,
	/// Whether the publisher transport is connected.
	pub publisher_connected: bool,
	/// Whether the subscriber transport is connected.
	pub subscriber_connected: bool,
	/// Round-trip time to the participant.
	pub rtt: Option<Duration>,
	/// Loss that the participant reports of what is sent to it, 0 to 1.
	pub egress_loss: Option<f64>,
	/// Bandwidth estimate towards the participant, bits per second.
	pub estimate: Option<u64>,
	/// Tracks it publishes.
	pub published: Vec<TrackStats>,
	/// Tracks it receives.
	pub subscribed: Vec<TrackStats>,
}

/// Statistics of a room.
#[derive(Debug, Clone, PartialEq)]
pub struct RoomStats {
	/// Name.
	pub name: String,
	/// Its participants.
	pub participants: Vec<ParticipantStats>,
}

/// Counters since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
	/// Datagrams received.
	pub datagrams_in: u64,
	/// Bytes received.
	pub bytes_in: u64,
	/// Datagrams sent.
	pub datagrams_out: u64,
	/// Bytes sent.
	pub bytes_out: u64,
	/// Datagrams that belonged to no transport or were malformed.
	pub datagrams_dropped: u64,
	/// Datagrams dropped because the output queue was full.
	pub output_overflow: u64,
	/// RTP packets received.
	pub rtp_in: u64,
	/// RTP packets forwarded (one for each subscriber).
	pub rtp_forwarded: u64,
	/// Keyframe requests sent to publishers.
	pub keyframe_requests: u64,
	/// Transports that ended by an error.
	pub transport_errors: u64,
	/// RTP packets that never came, of all published tracks (RFC 3550 A.3).
	pub rtp_lost: u64,
	/// Participants ever.
	pub participants: u64,
}

/// Length of a rate bucket.
const BUCKET: Duration = Duration::from_millis(250);
/// Buckets of a rate: two seconds.
const BUCKETS: usize = 8;

/// Sum over a sliding window.
#[derive(Debug, Clone)]
pub struct Rate {
	epoch: Instant,
	first: Option<u64>,
	bucket: u64,
	sums: [u64; BUCKETS],
}

impl Rate {
	/// Nothing yet; `epoch` is any time before the first call.
	pub fn new(epoch: Instant) -> Self {
		Self { epoch, first: None, bucket: 0, sums: [0; BUCKETS] }
	}

	fn advance(&mut self, now: Instant) {
		let bucket =
			(now.saturating_duration_since(self.epoch).as_millis() / BUCKET.as_millis()) as u64;
		self.first.get_or_insert(bucket);
		let steps = bucket.saturating_sub(self.bucket).min(BUCKETS as u64);
		for i in 0..steps {
			let at = (self.bucket.max(bucket - steps) + 1 + i) % BUCKETS as u64;
			self.sums[at as usize] = 0;
		}
		self.bucket = self.bucket.max(bucket);
	}

	/// Adds at `now`.
	pub fn add(&mut self, now: Instant, amount: u64) {
		self.advance(now);
		self.sums[(self.bucket % BUCKETS as u64) as usize] += amount;
	}

	/// Sum per second over the window as of `now`.
	pub fn per_second(&self, now: Instant) -> f64 {
		let mut copy = self.clone();
		let Some(first) = self.first else { return 0.0 };
		copy.advance(now);
		let filled = (copy.bucket - first + 1).min(BUCKETS as u64);
		copy.sums.iter().sum::<u64>() as f64 / (filled as f64 * BUCKET.as_secs_f64())
	}
}

/// Statistics of one incoming (or forwarded) RTP stream.
///
/// Loss is RFC 3550 A.3 over distinct packets, so a packet that a retransmission brought is not lost.
/// Jitter is RFC 3550 A.8 over packets that came in order.
#[derive(Debug, Clone)]
pub struct RtpStats {
	clock_rate: u32,
	epoch: Instant,
	base: Option<u64>,
	highest: u64,
	received: u64,
	bytes: u64,
	transit: Option<u32>,
	jitter: f64,
	bits: Rate,
	frame_rate: Rate,
	last_frame: Option<u32>,
	freezes: FreezeDetector,
	keyframes: u64,
	last_packet: Option<Instant>,
}

/// What the statistics look at in a packet.
#[derive(Debug, Clone, Copy)]
pub struct PacketInfo {
	/// Extended sequence number.
	pub sequence: u64,
	/// RTP timestamp.
	pub timestamp: u32,
	/// Marker bit.
	pub marker: bool,
	/// Payload length.
	pub bytes: usize,
	/// First packet of a keyframe.
	pub keyframe: bool,
}

impl RtpStats {
	/// For a stream of this clock rate; `epoch` is any time before the first packet.
	pub fn new(epoch: Instant, clock_rate: u32) -> Self {
		Self {
			clock_rate: clock_rate.max(1),
			epoch,
			base: None,
			highest: 0,
			received: 0,
			bytes: 0,
			transit: None,
			jitter: 0.0,
			bits: Rate::new(epoch),
			frame_rate: Rate::new(epoch),
			last_frame: None,
			freezes: FreezeDetector::default(),
			keyframes: 0,
			last_packet: None,
		}
	}

	/// Counts a packet. The caller has dropped duplicates.
	pub fn packet(&mut self, now: Instant, packet: PacketInfo) {
		let base = *self.base.get_or_insert(packet.sequence);
		self.base = Some(base.min(packet.sequence));
		self.received += 1;
		self.bytes += packet.bytes as u64;
		self.bits.add(now, packet.bytes as u64 * 8);
		self.keyframes += u64::from(packet.keyframe);
		self.last_packet = Some(now);
		if self.received > 1 && packet.sequence <= self.highest {
			return;
		}
		self.highest = packet.sequence;
		// RFC 3550 A.8: transit = arrival − timestamp, in timestamp units, modulo 2³².
		let nanos = now.saturating_duration_since(self.epoch).as_nanos();
		let arrival = (nanos * u128::from(self.clock_rate) / 1_000_000_000) as u32;
		let transit = arrival.wrapping_sub(packet.timestamp);
		if let Some(last) = self.transit.replace(transit) {
			let d = (transit.wrapping_sub(last) as i32).unsigned_abs();
			self.jitter += (f64::from(d) - self.jitter) / 16.0;
		}
		if packet.marker && self.last_frame != Some(packet.timestamp) {
			self.last_frame = Some(packet.timestamp);
			self.frame_rate.add(now, 1);
			self.freezes.frame(now);
		}
	}

	/// The stream pauses on purpose: what follows is no freeze and no jitter.
	pub fn pause(&mut self) {
		self.transit = None;
		self.freezes.pause();
	}

	/// RFC 3550 A.3: packets expected.
	pub fn expected(&self) -> u64 {
		self.base.map_or(0, |base| self.highest.saturating_sub(base) + 1)
	}

	/// RFC 3550 A.3: cumulative number of packets lost.
	pub fn lost(&self) -> u64 {
		self.expected().saturating_sub(self.received)
	}

	/// Loss since the start, 0 to 1.
	pub fn loss(&self) -> f64 {
		match self.expected() {
			0 => 0.0,
			expected => self.lost() as f64 / expected as f64,
		}
	}

	/// RFC 3550 A.8 as time.
	pub fn jitter(&self) -> Duration {
		Duration::from_secs_f64(self.jitter / f64::from(self.clock_rate))
	}

	/// Bits per second over the last two seconds.
	pub fn bitrate(&self, now: Instant) -> u64 {
		self.bits.per_second(now) as u64
	}

	/// Sequence numbers of the first and the last packet.
	pub(crate) fn span(&self) -> Option<(u64, u64)> {
		self.base.map(|base| (base, self.highest))
	}

	/// When the last packet came.
	pub fn last_packet(&self) -> Option<Instant> {
		self.last_packet
	}

	/// Packets so far.
	pub fn packets(&self) -> u64 {
		self.received
	}

	/// A snapshot. `video` says whether frames mean anything.
	pub fn snapshot(
		&self,
		now: Instant,
		rid: Option<String>,
		video: bool,
		rtt: Option<Duration>,
	) -> StreamSnapshot {
		StreamSnapshot {
			rid,
			packets: self.received,
			bytes: self.bytes,
			expected: self.expected(),
			lost: self.lost(),
			jitter: self.jitter(),
			bitrate: self.bitrate(now),
			frames: if video { self.freezes.frames() } else { 0 },
			frame_rate: if video { self.frame_rate.per_second(now) } else { 0.0 },
			keyframes: self.keyframes,
			freezes: if video { self.freezes.count() } else { 0 },
			freeze_time: if video { self.freezes.frozen() } else { Duration::ZERO },
			rtt,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn info(sequence: u64, timestamp: u32) -> PacketInfo {
		PacketInfo { sequence, timestamp, marker: true, bytes: 100, keyframe: false }
	}

	#[test]
	fn loss_counts_gaps_and_not_reordering() {
		let t = Instant::now();
		let mut s = RtpStats::new(t, 48_000);
		for n in [65_534, 65_535, 65_537, 65_536, 65_540] {
			s.packet(t, info(n, 0));
		}
		assert_eq!((s.expected(), s.lost()), (7, 2));
	}

	/// RFC 3550 §6.4.1 and A.8: constant transit gives 0; a step of D once gives D/16.
	#[test]
	fn jitter_follows_rfc_3550() {
		let t = Instant::now();
		let mut s = RtpStats::new(t, 48_000);
		for n in 0..100u32 {
			s.packet(
				t + Duration::from_millis(20) * n,
				info(n.into(), n.wrapping_mul(960).wrapping_sub(5_000)),
			);
		}
		assert_eq!(s.jitter(), Duration::ZERO);
		s.packet(
			t + Duration::from_millis(20 * 100 + 16),
			info(100, 96_000u32.wrapping_sub(5_000)),
		);
		assert_eq!(s.jitter(), Duration::from_millis(1));
	}

	#[test]
	fn rate_is_of_the_last_two_seconds() {
		let t = Instant::now();
		let mut r = Rate::new(t);
		for i in 0..40u32 {
			r.add(t + Duration::from_millis(100) * i, 10);
		}
		let rate = r.per_second(t + Duration::from_millis(3_999));
		assert!((rate - 100.0).abs() < 10.0, "{rate}");
		assert_eq!(r.per_second(t + Duration::from_secs(60)), 0.0);
	}

	proptest! {
		#[test]
		fn never_panics_and_never_loses_more_than_expected(packets in proptest::collection::vec((any::<u64>(), any::<u32>(), any::<bool>(), 0u64..10_000), 0..200)) {
			let t = Instant::now();
			let mut s = RtpStats::new(t, 90_000);
			for (sequence, timestamp, marker, at) in packets {
				let now = t + Duration::from_millis(at);
				s.packet(now, PacketInfo { sequence: sequence >> 2, timestamp, marker, bytes: 9, keyframe: marker });
				prop_assert!(s.lost() <= s.expected());
				let _ = s.snapshot(now, None, true, None);
			}
		}
	}
}
