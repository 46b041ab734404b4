//! One continuous RTP stream out of several.

use std::time::Instant;

use str0m::rtp::{Vp8Descriptor, Vp8Patch};

/// Where a rewritten packet goes in the outgoing stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
	pub sequence: u64,
	pub timestamp: u32,
}

/// Rewrites sequence numbers, timestamps and VP8's ids so that a receiver sees one stream while the
/// source changes (another simulcast layer, a pause).
///
/// Within one source the distances are kept: a gap upstream is a gap downstream, and a late
/// retransmission fills it.
#[derive(Debug, Clone)]
pub(super) struct Munger {
	clock_rate: u32,
	/// First sequence number of the present source; earlier ones belong to a time before the switch.
	first: Option<u64>,
	sequence_delta: u64,
	timestamp_delta: u32,
	last: Position,
	last_at: Option<Instant>,
	/// Whether the packet mapped last is the newest one.
	newest: bool,
	picture: Ids,
	tl0: Ids,
	key: Ids,
}

/// One of VP8's counters.
#[derive(Debug, Clone, Copy, Default)]
struct Ids {
	last: u16,
	delta: u16,
}

impl Ids {
	fn rebase(&mut self, value: Option<u16>, step: u16) {
		if let Some(value) = value {
			self.delta = self.last.wrapping_add(step).wrapping_sub(value);
		}
	}

	fn map(&mut self, value: u16, mask: u16, newest: bool) -> u16 {
		let out = value.wrapping_add(self.delta) & mask;
		if newest {
			self.last = out;
		}
		out
	}
}

impl Munger {
	pub(super) fn new(clock_rate: u32, start: u16) -> Self {
		Self {
			clock_rate,
			first: None,
			sequence_delta: 0,
			timestamp_delta: 0,
			// Below 2¹⁵, so that the rollover counter starts at 0 for sure.
			last: Position { sequence: u64::from(start & 0x7fff), timestamp: 0 },
			last_at: None,
			newest: false,
			picture: Ids::default(),
			tl0: Ids::default(),
			key: Ids::default(),
		}
	}

	/// The next packet is the first of another source, or of this one after a pause.
	pub(super) fn detach(&mut self) {
		self.first = None;
	}

	/// Whether a source is attached.
	pub(super) fn attached(&self) -> bool {
		self.first.is_some()
	}

	/// Maps a packet of the present source; attaches it if none is. `None`: too old to be sent.
	pub(super) fn map(
		&mut self,
		now: Instant,
		sequence: u64,
		timestamp: u32,
		vp8: Option<&Vp8Descriptor>,
	) -> Option<Position> {
		match self.first {
			Some(first) if sequence < first => return None,
			Some(_) => {}
			None => self.attach(now, sequence, timestamp, vp8),
		}
		let out = Position {
			sequence: sequence.wrapping_add(self.sequence_delta),
			timestamp: timestamp.wrapping_add(self.timestamp_delta),
		};
		self.newest = out.sequence > self.last.sequence;
		if self.newest {
			self.last = out;
			self.last_at = Some(now);
		}
		Some(out)
	}

	fn attach(&mut self, now: Instant, sequence: u64, timestamp: u32, vp8: Option<&Vp8Descriptor>) {
		self.first = Some(sequence);
		self.sequence_delta = self.last.sequence.wrapping_add(1).wrapping_sub(sequence);
		self.timestamp_delta = match self.last_at {
			// Media time goes on as the clock did, at least by one.
			Some(at) => {
				let nanos = now.saturating_duration_since(at).as_nanos();
				let ticks = (nanos * u128::from(self.clock_rate) / 1_000_000_000) as u32;
				self.last.timestamp.wrapping_add(ticks.max(1)).wrapping_sub(timestamp)
			}
			None => 0,
		};
		if let Some(vp8) = vp8 {
			self.picture.rebase(vp8.picture_id(), 1);
			self.tl0.rebase(vp8.tl0_pic_idx().map(u16::from), 1);
			self.key.rebase(vp8.key_idx().map(u16::from), 1);
		}
	}

	/// VP8 payload-descriptor bytes that continue the outgoing ids. Call after [`map`](Self::map).
	pub(super) fn patch(&mut self, vp8: &Vp8Descriptor) -> Option<Vp8Patch> {
		let build = |picture: Option<u16>, tl0: Option<u16>, key: Option<u16>| {
			let mut patch = vp8.patch();
			if let Some(id) = picture {
				patch = patch.picture_id(id);
			}
			if let Some(id) = tl0 {
				patch = patch.tl0_pic_idx(id as u8);
			}
			if let Some(id) = key {
				patch = patch.key_idx(id as u8);
			}
			patch.build().ok()
		};
		let newest = self.newest;
		let picture = vp8.picture_id().map(|id| self.picture.map(id, 0x7fff, newest));
		let tl0 = vp8.tl0_pic_idx().map(|id| self.tl0.map(u16::from(id), 0xff, newest));
		let key = vp8.key_idx().map(|id| self.key.map(u16::from(id), 0x1f, newest));
		// A 7-bit PictureID refuses what does not fit it.
		build(picture, tl0, key).or_else(|| build(picture.map(|id| id & 0x7f), tl0, key))
	}
}

#[cfg(test)]
mod tests {
	use std::time::Duration;

	use super::*;

	fn descriptor(picture: u16, tl0: u8) -> Vec<u8> {
		vec![0x90, 0xE0, 0x80 | (picture >> 8) as u8, picture as u8, tl0, 0, 0x10]
	}

	#[test]
	fn keeps_gaps_when_source_stays() {
		let t = Instant::now();
		let mut m = Munger::new(48_000, 100);
		let out: Vec<_> = [70_000u64, 70_001, 70_004, 70_003, 69_999]
			.iter()
			.map(|s| m.map(t, *s, 960 * (*s as u32), None).map(|p| p.sequence))
			.collect();
		assert_eq!(out, [Some(101), Some(102), Some(105), Some(104), None]);
	}

	#[test]
	fn continues_everything_when_source_changes() {
		let t = Instant::now();
		let mut m = Munger::new(90_000, 0);
		let (a, b) = (descriptor(500, 200), descriptor(32_767, 3));
		let (a, b) = (Vp8Descriptor::parse(&a).unwrap(), Vp8Descriptor::parse(&b).unwrap());
		let first = m.map(t, 10, 1_000, Some(&a)).unwrap();
		m.patch(&a);
		let picture = m.picture.last;
		m.detach();
		let second = m.map(t + Duration::from_millis(100), 9_000, 77, Some(&b)).unwrap();
		m.patch(&b);
		assert_eq!(second.sequence, first.sequence + 1);
		assert_eq!(second.timestamp, first.timestamp + 9_000);
		assert_eq!((m.picture.last, m.tl0.last), (picture + 1, 2));
		// the next picture of that source follows, across its own wrap
		let c = descriptor(0, 4);
		m.patch(&Vp8Descriptor::parse(&c).unwrap());
		assert_eq!((m.picture.last, m.tl0.last), (picture + 2, 3));
	}
}
