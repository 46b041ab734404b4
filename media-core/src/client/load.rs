//! The load of a probe's ramp: pictures of any size, sent as an encoder's are, a few packets every five milliseconds.
//!
//! Every packet ends with a stamp of its own, so that the loss of one says nothing of its neighbours. Receivers other than a
//! probe's see interframes that no decoder could read.

use std::time::{Duration, Instant};

use crate::probe::{Stamper, STAMP_BYTES};
use crate::vp8::{descriptor, PictureIds, DESCRIPTOR, MAX_PAYLOAD};

/// Between two groups of packets, as WebRTC's own pacers have it.
const TICK: Duration = Duration::from_millis(5);
/// What was not sent in time is made up for, up to so much.
const MAX_OWED: Duration = Duration::from_millis(50);

/// A packet of a picture.
pub(super) struct Piece {
	pub payload: Vec<u8>,
	pub sequence: u32,
	/// VP8 data, as the receiver sees it.
	pub bytes: usize,
	pub timestamp: u32,
	pub marker: bool,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Load {
	/// Bits per second.
	rate: u64,
	next: Instant,
	last: Instant,
	/// Bits that are due, in millionths.
	owed: u64,
	sequence: u32,
	/// Packets that the present picture still has.
	left: u64,
	timestamp: u32,
	ids: PictureIds,
}

impl Load {
	pub(super) fn new(now: Instant) -> Self {
		let ids = PictureIds { picture: 0, tl0: 0 };
		Self { rate: 0, next: now, last: now, owed: 0, sequence: 0, left: 0, timestamp: 0, ids }
	}

	pub(super) fn set_rate(&mut self, now: Instant, rate: u64) {
		if self.rate == 0 {
			(self.next, self.last, self.owed) = (now, now, 0);
		}
		self.rate = rate;
	}

	pub(super) fn is_on(&self) -> bool {
		self.rate > 0
	}

	/// Whether nothing of a picture is still to be sent.
	pub(super) fn is_between_pictures(&self) -> bool {
		self.left == 0
	}

	pub(super) fn deadline(&self) -> Option<Instant> {
		self.is_on().then_some(self.next)
	}

	/// Whether a packet is due.
	pub(super) fn is_due(&mut self, now: Instant) -> bool {
		if !self.is_on() {
			return false;
		}
		if self.next <= now {
			let since = now.saturating_duration_since(self.last);
			let micros = |d: Duration| u64::try_from(d.as_micros()).unwrap_or(u64::MAX);
			let most = self.rate.saturating_mul(micros(MAX_OWED));
			let due = self.rate.saturating_mul(micros(since));
			self.owed = self.owed.saturating_add(due).min(most.max(Self::COST));
			(self.last, self.next) = (now, now + TICK);
		}
		self.owed >= Self::COST
	}

	/// Of a packet, as [`Self::owed`] counts.
	const COST: u64 = (MAX_PAYLOAD - DESCRIPTOR) as u64 * 8 * 1_000_000;

	/// The packet that is due. A new picture takes what `picture` gives: its timestamp and identifiers.
	pub(super) fn piece(
		&mut self,
		now: Instant,
		stamper: &Stamper,
		frame_rate: u32,
		picture: impl FnOnce() -> (u32, PictureIds),
	) -> Option<Piece> {
		self.owed = self.owed.saturating_sub(Self::COST);
		let first = self.left == 0;
		if first {
			let bits = Self::COST / 1_000_000 * u64::from(frame_rate.max(1));
			self.left = self.rate.div_ceil(bits).max(1);
			(self.timestamp, self.ids) = picture();
		}
		self.left -= 1;
		let sequence = self.sequence;
		self.sequence = sequence.wrapping_add(1);
		let mut payload = Vec::with_capacity(MAX_PAYLOAD);
		payload.extend(descriptor(self.ids));
		let mut x = u64::from(sequence).wrapping_add(0x9E37_79B9_7F4A_7C15);
		while payload.len() < MAX_PAYLOAD {
			// xorshift64: bytes that cannot be compressed, as a codec's.
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			let room = MAX_PAYLOAD - payload.len();
			payload.extend(x.to_le_bytes().into_iter().take(room));
		}
		if let (true, Some([head, ..])) = (first, payload.first_chunk_mut::<1>()) {
			*head |= 0x10;
		}
		// An interframe that is shown (RFC 6386 §9.1).
		if let Some(data) = payload.get_mut(DESCRIPTOR).filter(|_| first) {
			*data |= 0x11;
		}
		let data = payload.get_mut(DESCRIPTOR..)?;
		let bytes = data.len();
		stamper.stamp_load(now, sequence, data)?;
		Some(Piece { payload, sequence, bytes, timestamp: self.timestamp, marker: self.left == 0 })
	}
}

const _: () = assert!(STAMP_BYTES + DESCRIPTOR < MAX_PAYLOAD);

#[cfg(test)]
mod tests {
	use super::*;
	use crate::probe::ProbeKey;
	use crate::vp8::Payload;

	#[test]
	fn load_is_paced_and_looks_like_pictures() {
		let start = Instant::now();
		let stamper = Stamper::new(ProbeKey([1; 32]), start);
		let mut load = Load::new(start);
		assert!(!load.is_due(start + Duration::from_secs(1)) && load.deadline().is_none());
		load.set_rate(start, 4_000_000);
		let (mut bytes, mut pictures, mut markers, mut most) = (0, 0, 0, 0);
		for ms in 0..2_000 {
			let now = start + Duration::from_millis(ms);
			let mut group = 0;
			while load.is_due(now) {
				let ids = PictureIds { picture: pictures, tl0: pictures as u8 };
				let first = load.is_between_pictures();
				let piece = load.piece(now, &stamper, 20, || (u32::from(pictures) * 4_500, ids));
				let piece = piece.expect("a piece");
				let parsed = Payload::parse(&piece.payload).expect("VP8");
				assert_eq!((parsed.start, parsed.keyframe), (first, false));
				assert!(stamper.is_load(parsed.data) && piece.payload.len() == MAX_PAYLOAD);
				pictures += u16::from(first);
				markers += u16::from(piece.marker);
				bytes += piece.bytes;
				group += 1;
			}
			most = most.max(group);
		}
		let kbps = bytes * 8 / 2_000;
		assert!((3_900..=4_000).contains(&kbps), "{kbps}");
		// Twenty a second, and never more at once than five milliseconds take.
		assert!((38..=42).contains(&pictures) && pictures.abs_diff(markers) <= 1, "{pictures}");
		assert!(most <= 3, "{most}");
	}

	#[test]
	fn what_was_missed_is_not_all_sent_at_once() {
		let start = Instant::now();
		let stamper = Stamper::new(ProbeKey([1; 32]), start);
		let mut load = Load::new(start);
		load.set_rate(start, 8_000_000);
		let (later, mut count) = (start + Duration::from_secs(3), 0);
		while load.is_due(later) {
			let ids = PictureIds { picture: 0, tl0: 0 };
			assert!(load.piece(later, &stamper, 20, || (0, ids)).is_some());
			count += 1;
		}
		// 50 ms at 8 Mbit/s are 50 kB.
		assert!((40..=45).contains(&count), "{count}");
	}
}
