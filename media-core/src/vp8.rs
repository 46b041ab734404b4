//! VP8 in RTP (RFC 7741): cutting frames into packets and putting them together again.

use std::collections::BTreeMap;
use std::marker::PhantomData;

/// Payload of one packet, descriptor included: what fits into 1,200 bytes with SRTP and extensions.
pub const MAX_PAYLOAD: usize = 1_120;
/// Packets kept while frames are incomplete.
const MAX_HELD: usize = 512;
/// Bytes of the descriptor that [`packetize`] writes: required, X, 15-bit PictureID, TL0PICIDX, TID.
pub(crate) const DESCRIPTOR: usize = 6;

/// Where a frame stands in its stream, for the payload descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureIds {
	/// 15-bit PictureID.
	pub picture: u16,
	/// TL0PICIDX: frames of temporal layer 0.
	pub tl0: u8,
}

/// X=1; then I=1, L=1, T=1; 15-bit PictureID; TL0PICIDX; TID 0. S=0: the first packet of a frame needs it (0x10).
pub(crate) fn descriptor(ids: PictureIds) -> [u8; DESCRIPTOR] {
	[0x80, 0xE0, 0x80 | (ids.picture >> 8) as u8 & 0x7f, ids.picture as u8, ids.tl0, 0]
}

/// Cuts a frame into RTP payloads (RFC 7741 §4.2), S=1 on the first.
pub fn packetize(frame: &[u8], ids: PictureIds) -> Vec<Vec<u8>> {
	let room = MAX_PAYLOAD - DESCRIPTOR;
	let count = frame.len().div_ceil(room).max(1);
	// Equal pieces, so that the last one is not tiny.
	let each = frame.len().div_ceil(count).max(1);
	let mut out: Vec<Vec<u8>> = frame
		.chunks(each)
		.map(|piece| {
			let mut packet = Vec::with_capacity(DESCRIPTOR + piece.len());
			packet.extend(descriptor(ids));
			packet.extend_from_slice(piece);
			packet
		})
		.collect();
	if let Some(first) = out.first_mut().and_then(|p| p.first_mut()) {
		*first |= 0x10;
	}
	out
}

/// The parts of a VP8 payload that forwarding and assembly look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payload<'a> {
	/// First packet of a frame (S=1, PID=0).
	pub start: bool,
	/// First packet of a keyframe.
	pub keyframe: bool,
	/// The VP8 data behind the descriptor.
	pub data: &'a [u8],
}

impl<'a> Payload<'a> {
	/// Reads the payload descriptor (RFC 7741 §4.2). `None` if it is cut or nothing follows it.
	pub fn parse(payload: &'a [u8]) -> Option<Self> {
		let (&first, mut rest) = payload.split_first()?;
		if first & 0x80 != 0 {
			let (&x, after) = rest.split_first()?;
			rest = after;
			if x & 0x80 != 0 {
				let long = rest.first()? & 0x80 != 0;
				rest = rest.get(if long { 2 } else { 1 }..)?;
			}
			if x & 0x40 != 0 {
				rest = rest.get(1..)?;
			}
			if x & 0x30 != 0 {
				rest = rest.get(1..)?;
			}
		}
		let start = first & 0x10 != 0 && first & 0x07 == 0;
		// VP8 payload header (RFC 7741 §4.3): P=0 is a keyframe.
		let keyframe = start && rest.first()? & 1 == 0;
		(!rest.is_empty()).then_some(Self { start, keyframe, data: rest })
	}
}

/// Whether VP8 frame data begins a keyframe (RFC 6386 §9.1).
pub fn is_keyframe(frame: &[u8]) -> bool {
	frame.first().is_some_and(|b| b & 1 == 0)
}

/// Size of a keyframe's pictures (RFC 6386 §9.1).
pub fn dimensions(frame: &[u8]) -> Option<(u16, u16)> {
	match frame {
		[b, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..] if b & 1 == 0 => {
			Some((u16::from_le_bytes([*w0, *w1]) & 0x3fff, u16::from_le_bytes([*h0, *h1]) & 0x3fff))
		}
		_ => None,
	}
}

#[derive(Debug)]
struct Held {
	timestamp: u32,
	marker: bool,
	start: bool,
	data: Vec<u8>,
}

/// A complete frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame<T> {
	/// RTP timestamp.
	pub timestamp: u32,
	/// The VP8 data.
	pub data: Vec<u8>,
	/// Tag of the packet that completed it.
	pub tag: T,
	/// First and last extended sequence number.
	pub sequences: (u64, u64),
}

/// Puts frames together from packets in any order. Holds a bounded number of packets.
///
/// Frames come out as soon as they are complete, in the order of their completion; `T` tags a packet
/// (its arrival time, say).
#[derive(Debug)]
pub struct Assembler<T> {
	held: BTreeMap<u64, Held>,
	tag: PhantomData<T>,
}

impl<T> Default for Assembler<T> {
	fn default() -> Self {
		Self { held: BTreeMap::new(), tag: PhantomData }
	}
}

impl<T> Assembler<T> {
	/// Adds a packet. Gives the frame that it completes, if any.
	pub fn push(
		&mut self,
		sequence: u64,
		timestamp: u32,
		marker: bool,
		payload: &[u8],
		tag: T,
	) -> Option<Frame<T>> {
		let parsed = Payload::parse(payload)?;
		if self.held.len() >= MAX_HELD {
			self.held.pop_first();
		}
		let held = Held { timestamp, marker, start: parsed.start, data: parsed.data.to_vec() };
		self.held.insert(sequence, held);

		let mut first = sequence;
		loop {
			let here = self.held.get(&first).filter(|h| h.timestamp == timestamp)?;
			if here.start {
				break;
			}
			first = first.checked_sub(1)?;
		}
		let mut last = sequence;
		loop {
			let here = self.held.get(&last).filter(|h| h.timestamp == timestamp)?;
			if here.marker {
				break;
			}
			last = last.checked_add(1)?;
		}
		let mut data = Vec::new();
		for s in first..=last {
			data.extend_from_slice(&self.held.remove(&s)?.data);
		}
		Some(Frame { timestamp, data, tag, sequences: (first, last) })
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const IDS: PictureIds = PictureIds { picture: 0x1234, tl0: 7 };

	#[test]
	fn gives_frame_back_when_packets_are_reordered() {
		let frame: Vec<u8> = (0..5_000u32).map(|i| (i * 7) as u8).collect();
		let packets = packetize(&frame, IDS);
		assert!(packets.len() == 5 && packets.iter().all(|p| p.len() <= MAX_PAYLOAD));
		let mut assembler = Assembler::default();
		let mut got = None;
		for i in [4usize, 0, 3, 1, 2] {
			got = assembler.push(70_000 + i as u64, 9, i == 4, &packets[i], i);
			assert_eq!(got.is_some(), i == 2);
		}
		let got = got.unwrap();
		assert_eq!((got.data, got.tag, got.sequences), (frame, 2, (70_000, 70_004)));
		assert!(assembler.held.is_empty());
	}

	#[test]
	fn descriptor_agrees_with_str0m() {
		for frame in [&[0u8, 1, 2][..], &[1, 1, 2]] {
			let packet = packetize(frame, IDS).remove(0);
			let theirs = str0m::rtp::Vp8Descriptor::parse(&packet).unwrap();
			assert_eq!((theirs.picture_id(), theirs.tl0_pic_idx()), (Some(0x1234), Some(7)));
			let ours = Payload::parse(&packet).unwrap();
			assert_eq!(ours, Payload { start: true, keyframe: frame[0] == 0, data: frame });
			assert_eq!(theirs.starts_keyframe(&packet), ours.keyframe);
		}
	}

	#[test]
	fn stays_bounded_when_frames_never_end() {
		let mut assembler = Assembler::default();
		for s in 0..10_000u64 {
			assert_eq!(assembler.push(s * 2, 0, false, &[0, 1], ()), None);
		}
		assert!(assembler.held.len() <= MAX_HELD);
	}

	proptest! {
		#[test]
		fn survives_arbitrary_bytes(packets in proptest::collection::vec((0u64..20, 0u32..3, any::<bool>(), proptest::collection::vec(any::<u8>(), 0..20)), 0..200)) {
			let mut assembler = Assembler::default();
			for (s, t, m, p) in &packets {
				let _ = assembler.push(*s, *t, *m, p, ());
				let _ = dimensions(p);
				if let (Some(ours), Ok(theirs)) = (Payload::parse(p), str0m::rtp::Vp8Descriptor::parse(p)) {
					prop_assert_eq!(ours.keyframe, theirs.starts_keyframe(p));
				}
			}
		}
	}
}
