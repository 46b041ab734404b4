//! AV1 in RTP (RTP Payload Format For AV1 §4.4): the aggregation header and which OBUs begin in a packet.

/// OBU type of a sequence header (AV1 §6.2.2).
const SEQUENCE_HEADER: u8 = 1;
/// OBU elements of one packet that are looked at.
const MAX_ELEMENTS: usize = 64;

/// What a packet says about the frame it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet {
	/// Z: the first OBU element continues one of the packet before.
	pub continues: bool,
	/// Y: the last OBU element goes on in the next packet.
	pub unfinished: bool,
	/// N: first packet of a coded video sequence.
	pub new_sequence: bool,
	/// A sequence header begins in it.
	pub sequence_header: bool,
}

impl Packet {
	/// Reads the aggregation header and the OBU elements' headers. `None` if they are cut or nothing follows.
	pub fn parse(payload: &[u8]) -> Option<Self> {
		let (&header, mut rest) = payload.split_first()?;
		let count = usize::from(header >> 4 & 3);
		let mut packet = Self {
			continues: header & 0x80 != 0,
			unfinished: header & 0x40 != 0,
			new_sequence: header & 0x08 != 0,
			sequence_header: false,
		};
		if rest.is_empty() {
			return None;
		}
		for index in 0..MAX_ELEMENTS {
			if rest.is_empty() || (count > 0 && index >= count) {
				break;
			}
			// W says how many elements there are; then the last one has no length.
			let length = if count > 0 && index + 1 == count {
				rest.len()
			} else {
				let (length, used) = leb128(rest)?;
				rest = rest.get(used..)?;
				usize::try_from(length).ok()?
			};
			let element = rest.get(..length)?;
			rest = rest.get(length..)?;
			if index == 0 && packet.continues {
				continue;
			}
			packet.sequence_header |=
				element.first().is_some_and(|b| b >> 3 & 0xf == SEQUENCE_HEADER);
		}
		Some(packet)
	}

	/// A receiver can start here: an encoder sends a sequence header with a keyframe only.
	pub fn starts_keyframe(&self) -> bool {
		!self.continues && (self.new_sequence || self.sequence_header)
	}
}

/// A number of the AV1 specification's `leb128()` (§4.10.5) and the bytes it takes, at most 8.
pub fn leb128(data: &[u8]) -> Option<(u64, usize)> {
	let mut value = 0u64;
	for (i, byte) in data.iter().take(8).enumerate() {
		value |= u64::from(byte & 0x7f) << (7 * i);
		if byte & 0x80 == 0 {
			return (value <= u64::from(u32::MAX)).then_some((value, i + 1));
		}
	}
	None
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn finds_sequence_headers_in_elements_with_and_without_lengths() {
		// W=2: a sequence header of 3 bytes (type 1), then a frame (type 6) to the end; N=1.
		let packet = Packet::parse(&[0x28, 3, 0x08, 1, 2, 0x30, 9, 9]).unwrap();
		assert!(packet.sequence_header && packet.new_sequence && packet.starts_keyframe());
		// W=0: all elements have lengths; a temporal delimiter is not expected, a frame is.
		let packet = Packet::parse(&[0x00, 2, 0x30, 1, 3, 0x08, 1, 2]).unwrap();
		assert!(packet.sequence_header && !packet.new_sequence);
		// W=1: one frame.
		let packet = Packet::parse(&[0x10, 0x30, 1]).unwrap();
		assert!(!packet.starts_keyframe());
		// Z=1: the first element's first byte is no OBU header.
		let packet = Packet::parse(&[0x90, 0x08, 1]).unwrap();
		assert!(packet.continues && !packet.sequence_header && !packet.starts_keyframe());
		for bad in [&[][..], &[0x10], &[0x00, 9, 1], &[0x20, 0x80]] {
			assert_eq!(Packet::parse(bad), None, "{bad:?}");
		}
	}

	#[test]
	fn reads_leb128() {
		assert_eq!(leb128(&[0xe5, 0x8e, 0x26]), Some((624_485, 3)));
		assert_eq!(leb128(&[0x80, 0]), Some((0, 2)));
		assert_eq!(leb128(&[0xff; 9]), None);
	}

	proptest! {
		#[test]
		fn survives_arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
			let _ = Packet::parse(&bytes);
		}
	}
}
