//! Framing of Opus packets (RFC 6716 §3): what is needed to add padding and to read it.
//!
//! A frame-count code 3 packet may carry padding. Encoders must zero it and decoders "MUST accept
//! any value for the padding bytes" (RFC 6716 §3.2.5), so a packet with a stamp in its padding is a
//! valid Opus packet with the same sound.

/// Longest frame: 1275 bytes (RFC 6716 §3.4, requirement R2).
const MAX_FRAME: usize = 1275;
/// Most frames in a packet: 120 ms of 2.5 ms frames (RFC 6716 §3.4, R5).
const MAX_FRAMES: usize = 48;

/// A packet taken apart: frames are borrowed from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet<'a> {
	toc: u8,
	frames: Vec<&'a [u8]>,
	padding: &'a [u8],
}

impl<'a> Packet<'a> {
	/// Takes a packet apart. `None` if it is malformed by RFC 6716 §3.4.
	pub fn parse(packet: &'a [u8]) -> Option<Self> {
		let (&toc, body) = packet.split_first()?;
		let mut padding: &[u8] = &[];
		let frames = match toc & 3 {
			0 => vec![body],
			1 => {
				if body.len() % 2 != 0 {
					return None;
				}
				let (a, b) = body.split_at(body.len() / 2);
				vec![a, b]
			}
			2 => {
				let (first, rest) = frame_length(body)?;
				vec![rest.get(..first)?, rest.get(first..)?]
			}
			_ => {
				let (&count, mut rest) = body.split_first()?;
				let (variable, padded) = (count & 0x80 != 0, count & 0x40 != 0);
				let count = usize::from(count & 0x3f);
				if count == 0 || count > MAX_FRAMES {
					return None;
				}
				if padded {
					let (length, after) = padding_length(rest)?;
					let split = after.len().checked_sub(length)?;
					(rest, padding) = (after.get(..split)?, after.get(split..)?);
				}
				let mut frames = Vec::with_capacity(count);
				if variable {
					let mut lengths = Vec::with_capacity(count);
					for _ in 1..count {
						let (length, after) = frame_length(rest)?;
						lengths.push(length);
						rest = after;
					}
					for length in lengths {
						frames.push(rest.get(..length)?);
						rest = rest.get(length..)?;
					}
					frames.push(rest);
				} else {
					if rest.len() % count != 0 {
						return None;
					}
					let each = rest.len() / count;
					for _ in 0..count {
						frames.push(rest.get(..each)?);
						rest = rest.get(each..)?;
					}
				}
				frames
			}
		};
		frames.iter().all(|f| f.len() <= MAX_FRAME).then_some(Self { toc, frames, padding })
	}

	/// Configuration and channels: the TOC without the frame-count code (RFC 6716 §3.1).
	pub fn config(&self) -> u8 {
		self.toc & !3
	}

	/// The frames.
	pub fn frames(&self) -> &[&'a [u8]] {
		&self.frames
	}

	/// The padding, empty if there is none.
	pub fn padding(&self) -> &'a [u8] {
		self.padding
	}

	/// Duration of the whole packet in samples of 48 kHz (RFC 6716 §3.1, table 2).
	pub fn samples(&self) -> u32 {
		let config = self.toc >> 3;
		let frame = match config {
			0..=11 => [480, 960, 1920, 2880][usize::from(config % 4)],
			12..=15 => [480, 960][usize::from(config % 2)],
			_ => [120, 240, 480, 960][usize::from(config % 4)],
		};
		frame * self.frames.len() as u32
	}

	/// The same frames as a code 3 packet with this padding (old padding is replaced).
	pub fn with_padding(&self, padding: &[u8]) -> Vec<u8> {
		let data: usize = self.frames.iter().map(|f| f.len()).sum();
		let mut out = Vec::with_capacity(
			data + padding.len() + padding.len() / 254 + 2 * self.frames.len() + 3,
		);
		let first = self.frames.first().map_or(0, |f| f.len());
		let variable = self.frames.iter().any(|f| f.len() != first);
		out.push(self.toc | 3);
		let flags = if variable { 0x80 } else { 0 } | if padding.is_empty() { 0 } else { 0x40 };
		out.push(flags | self.frames.len() as u8);
		if !padding.is_empty() {
			let mut left = padding.len();
			while left > 254 {
				out.push(255);
				left -= 254;
			}
			out.push(left as u8);
		}
		if variable {
			for frame in self.frames.iter().take(self.frames.len().saturating_sub(1)) {
				push_frame_length(&mut out, frame.len());
			}
		}
		for frame in &self.frames {
			out.extend_from_slice(frame);
		}
		out.extend_from_slice(padding);
		out
	}
}

/// Frame length of one or two bytes (RFC 6716 §3.2.1).
fn frame_length(data: &[u8]) -> Option<(usize, &[u8])> {
	match data {
		[a @ 0..=251, rest @ ..] => Some((usize::from(*a), rest)),
		[a, b, rest @ ..] => Some((usize::from(*b) * 4 + usize::from(*a), rest)),
		_ => None,
	}
}

fn push_frame_length(out: &mut Vec<u8>, length: usize) {
	if length < 252 {
		out.push(length as u8);
	} else {
		// length = 4 b + a with a in 252..=255
		let a = 252 + (length & 3);
		out.push(a as u8);
		out.push(((length - a) / 4) as u8);
	}
}

/// Total padding data length (RFC 6716 §3.2.5): 255 stands for 254 bytes and one more length byte.
fn padding_length(mut data: &[u8]) -> Option<(usize, &[u8])> {
	let mut total = 0usize;
	loop {
		let (&byte, rest) = data.split_first()?;
		data = rest;
		if byte < 255 {
			return Some((total + usize::from(byte), data));
		}
		total += 254;
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn keeps_frames_when_padded() {
		// Codes 0, 1, 2, with config 1 (SILK NB 20 ms).
		for packet in [&[0x08u8, 1, 2, 3][..], &[0x09, 1, 2, 3, 4], &[0x0a, 1, 9, 8, 7]] {
			let before = Packet::parse(packet).unwrap();
			for n in [1usize, 16, 253, 254, 255, 508, 509, 700] {
				let padding = vec![0xA5; n];
				let bytes = before.with_padding(&padding);
				let after = Packet::parse(&bytes).unwrap();
				assert_eq!((after.frames(), after.padding()), (before.frames(), &padding[..]));
				assert_eq!(after.samples(), before.samples());
			}
		}
	}

	#[test]
	fn reads_duration_when_toc_says_20_ms() {
		assert_eq!(Packet::parse(&[0x08, 0]).unwrap().samples(), 960);
		assert_eq!(Packet::parse(&[0x79, 0, 0]).unwrap().samples(), 2 * 960); // hybrid FB
		assert_eq!(Packet::parse(&[0xf8, 0]).unwrap().samples(), 960); // CELT FB
	}

	#[test]
	fn fails_when_malformed() {
		for bad in [
			&[][..],
			&[1, 0],
			&[2],
			&[2, 5, 0],
			&[3],
			&[3, 0],
			&[3, 49],
			&[3, 0x41, 9, 0],
			&[3, 2, 1, 2, 3],
		] {
			assert_eq!(Packet::parse(bad), None, "{bad:?}");
		}
	}

	proptest! {
		#[test]
		fn survives_arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..1500), pad in proptest::collection::vec(any::<u8>(), 0..600)) {
			if let Some(packet) = Packet::parse(&bytes) {
				let padded = packet.with_padding(&pad);
				let again = Packet::parse(&padded).unwrap();
				prop_assert_eq!(again.frames(), packet.frames());
				prop_assert_eq!(again.padding(), &pad[..]);
			}
		}
	}
}
