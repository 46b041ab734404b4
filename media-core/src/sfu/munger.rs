//! One continuous RTP stream out of several.

use std::collections::VecDeque;
use std::time::Instant;

use str0m::rtp::{Vp8Descriptor, Vp8Patch};

/// Left-out packets that are remembered: older ones than the first of them are not sent any more.
const MAX_DROPPED: usize = 1_024;

/// Where a rewritten packet goes in the outgoing stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
	pub sequence: u64,
	pub timestamp: u32,
}

/// Numbers inside of a payload or its dependency descriptor that have to go on when the source changes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Numbers<'a> {
	pub vp8: Option<&'a Vp8Descriptor>,
	/// VP9's PictureID and TL0PICIDX.
	pub vp9: Option<(Option<u16>, Option<u8>)>,
	/// Frame number of a dependency descriptor.
	pub frame: Option<u16>,
}

/// Rewrites sequence numbers, timestamps and the numbers of pictures so that a receiver sees one stream while the
/// source changes (another simulcast layer, a pause).
///
/// Within one source the distances are kept: a gap upstream is one downstream, and a late
/// retransmission fills it. Packets that are left out on purpose leave no gap.
#[derive(Debug, Clone)]
pub(super) struct Munger {
	clock_rate: u32,
	/// First sequence number of the present source; earlier ones belong to a time before the switch.
	first: Option<u64>,
	/// Highest sequence number of the present source that was mapped or left out.
	newest_source: u64,
	/// Sequence numbers of the present source that were left out, in order.
	dropped: VecDeque<u64>,
	sequence_delta: u64,
	timestamp_delta: u32,
	last: Position,
	last_at: Option<Instant>,
	/// Whether the packet mapped last is the newest one.
	newest: bool,
	picture: Ids,
	tl0: Ids,
	key: Ids,
	frame: Ids,
}

/// A counter of pictures or frames.
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
			newest_source: 0,
			dropped: VecDeque::new(),
			sequence_delta: 0,
			timestamp_delta: 0,
			// Below 2¹⁵, so that the rollover counter starts at 0 for sure.
			last: Position { sequence: u64::from(start & 0x7fff), timestamp: 0 },
			last_at: None,
			newest: false,
			picture: Ids::default(),
			tl0: Ids::default(),
			key: Ids::default(),
			frame: Ids::default(),
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

	/// Whether a packet of the present source is the newest so far.
	pub(super) fn is_newest(&self, sequence: u64) -> bool {
		self.first.is_none() || sequence > self.newest_source
	}

	/// Maps a packet of the present source; attaches it if none is. `None`: too old to be sent, or left out before.
	pub(super) fn map(
		&mut self,
		now: Instant,
		sequence: u64,
		timestamp: u32,
		numbers: Numbers<'_>,
	) -> Option<Position> {
		match self.first {
			Some(first) if sequence < first => return None,
			Some(_) => {}
			None => self.attach(now, sequence, timestamp, numbers),
		}
		let out = Position {
			sequence: self.place(sequence)?,
			timestamp: timestamp.wrapping_add(self.timestamp_delta),
		};
		self.newest_source = self.newest_source.max(sequence);
		self.newest = out.sequence > self.last.sequence;
		if self.newest {
			self.last = out;
			self.last_at = Some(now);
		}
		Some(out)
	}

	/// Leaves a packet of the present source out. If it is late, its place is taken already: then that is given, to be
	/// filled with an empty packet.
	pub(super) fn skip(&mut self, sequence: u64) -> Option<Position> {
		let first = self.first?;
		if sequence <= self.newest_source {
			let sequence = self.place(sequence).filter(|_| sequence >= first)?;
			return Some(Position { sequence, timestamp: self.last.timestamp });
		}
		self.newest_source = sequence;
		self.dropped.push_back(sequence);
		if self.dropped.len() > MAX_DROPPED {
			if let Some(oldest) = self.dropped.pop_front() {
				self.first = Some(oldest + 1);
				self.sequence_delta = self.sequence_delta.wrapping_sub(1);
			}
		}
		None
	}

	/// Where a packet goes that was not left out.
	fn place(&self, sequence: u64) -> Option<u64> {
		let before = self.dropped.partition_point(|d| *d < sequence);
		if self.dropped.get(before) == Some(&sequence) {
			return None;
		}
		Some(sequence.wrapping_add(self.sequence_delta).wrapping_sub(before as u64))
	}

	fn attach(&mut self, now: Instant, sequence: u64, timestamp: u32, numbers: Numbers<'_>) {
		self.first = Some(sequence);
		self.newest_source = sequence;
		self.dropped.clear();
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
		if let Some(vp8) = numbers.vp8 {
			self.picture.rebase(vp8.picture_id(), 1);
			self.tl0.rebase(vp8.tl0_pic_idx().map(u16::from), 1);
			self.key.rebase(vp8.key_idx().map(u16::from), 1);
		}
		// The numbers of the first source stay: these codecs' receivers take any.
		let began = self.last_at.is_some();
		if let Some((picture, tl0)) = numbers.vp9.filter(|_| began) {
			self.picture.rebase(picture, 1);
			self.tl0.rebase(tl0.map(u16::from), 1);
		}
		if began {
			self.frame.rebase(numbers.frame, 1);
		}
	}

	/// Frame number of a dependency descriptor in the outgoing stream. Call after [`map`](Self::map).
	pub(super) fn frame(&mut self, frame: u16) -> u16 {
		self.frame.map(frame, u16::MAX, self.newest)
	}

	/// VP9's PictureID and TL0PICIDX in the outgoing stream. Call after [`map`](Self::map).
	pub(super) fn vp9(
		&mut self,
		picture: Option<(u16, u16)>,
		tl0: Option<u8>,
	) -> (Option<u16>, Option<u8>) {
		let picture = picture.map(|(id, mask)| self.picture.map(id, mask, self.newest));
		let tl0 = tl0.map(|id| self.tl0.map(u16::from(id), 0xff, self.newest) as u8);
		(picture, tl0)
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

	fn vp8(descriptor: &Vp8Descriptor) -> Numbers<'_> {
		Numbers { vp8: Some(descriptor), ..Numbers::default() }
	}

	#[test]
	fn leaves_no_gap_where_packets_are_left_out() {
		let t = Instant::now();
		let mut m = Munger::new(90_000, 0);
		let map = |m: &mut Munger, s: u64| m.map(t, s, 0, Numbers::default()).map(|p| p.sequence);
		assert_eq!(m.skip(9), None);
		assert_eq!(
			(map(&mut m, 10), m.skip(11), m.skip(12), map(&mut m, 13)),
			(Some(1), None, None, Some(2))
		);
		// 14 is missing; 15 is left out; 14 comes after all, and 11 comes again.
		assert_eq!(
			(m.skip(15), map(&mut m, 16), map(&mut m, 14), map(&mut m, 11)),
			(None, Some(4), Some(3), None)
		);
		// 17 is missing when 18 goes out, and then it is one to leave out: its place is filled.
		assert_eq!(map(&mut m, 18), Some(6));
		assert_eq!(m.skip(17).map(|p| p.sequence), Some(5));
		assert_eq!((m.skip(15), m.skip(9)), (None, None));
	}

	#[test]
	fn forgets_what_was_left_out_long_ago() {
		let t = Instant::now();
		let mut m = Munger::new(90_000, 0);
		let mut sent = 0;
		for s in 0..10_000u64 {
			if s % 2 == 0 {
				sent += 1;
				assert_eq!(m.map(t, s, 0, Numbers::default()).map(|p| p.sequence), Some(sent));
			} else {
				assert_eq!(m.skip(s), None);
			}
		}
		assert_eq!(m.dropped.len(), MAX_DROPPED);
		assert_eq!(m.map(t, 2_000, 0, Numbers::default()), None);
		let late = 10_000 - 2 * MAX_DROPPED as u64 + 2;
		assert_eq!(m.map(t, late, 0, Numbers::default()).map(|p| p.sequence), Some(late / 2 + 1));
	}

	#[test]
	fn frame_numbers_go_on_when_source_changes() {
		let t = Instant::now();
		let mut m = Munger::new(90_000, 0);
		let frame = |frame| Numbers { frame: Some(frame), ..Numbers::default() };
		m.map(t, 1, 0, frame(500));
		assert_eq!(m.frame(500), 500);
		m.map(t, 2, 0, frame(502));
		assert_eq!(m.frame(502), 502);
		m.detach();
		m.map(t, 9_000, 0, frame(7));
		assert_eq!(m.frame(7), 503);
		m.map(t, 9_001, 0, frame(9));
		assert_eq!(m.frame(9), 505);
	}

	#[test]
	fn keeps_gaps_when_source_stays() {
		let t = Instant::now();
		let mut m = Munger::new(48_000, 100);
		let out: Vec<_> = [70_000u64, 70_001, 70_004, 70_003, 69_999]
			.iter()
			.map(|s| m.map(t, *s, 960 * (*s as u32), Numbers::default()).map(|p| p.sequence))
			.collect();
		assert_eq!(out, [Some(101), Some(102), Some(105), Some(104), None]);
	}

	#[test]
	fn continues_everything_when_source_changes() {
		let t = Instant::now();
		let mut m = Munger::new(90_000, 0);
		let (a, b) = (descriptor(500, 200), descriptor(32_767, 3));
		let (a, b) = (Vp8Descriptor::parse(&a).unwrap(), Vp8Descriptor::parse(&b).unwrap());
		let first = m.map(t, 10, 1_000, vp8(&a)).unwrap();
		m.patch(&a);
		let picture = m.picture.last;
		m.detach();
		let second = m.map(t + Duration::from_millis(100), 9_000, 77, vp8(&b)).unwrap();
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
