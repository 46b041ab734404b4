//! Ogg pages (RFC 3533) and Opus in them (RFC 7845).

use super::FileError;

/// An Ogg/Opus file: one logical stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OggOpus {
	/// Output channels (RFC 7845 §5.1).
	pub channels: u8,
	/// Samples at 48 kHz to drop from the start (RFC 7845 §4.2).
	pub pre_skip: u16,
	/// The Opus packets, headers left out.
	pub packets: Vec<Vec<u8>>,
}

/// Ogg's CRC: polynomial 0x04c11db7, no reflection, initial value and final xor 0 (RFC 3533 §6).
fn crc(page: &[u8]) -> u32 {
	let mut crc = 0u32;
	for (i, byte) in page.iter().enumerate() {
		// The checksum field itself counts as zero.
		let byte = if (22..26).contains(&i) { 0 } else { *byte };
		crc ^= u32::from(byte) << 24;
		for _ in 0..8 {
			crc = if crc & 0x8000_0000 != 0 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 };
		}
	}
	crc
}

struct Page<'a> {
	continued: bool,
	serial: u32,
	lacing: &'a [u8],
	body: &'a [u8],
}

/// Reads one page and gives what follows it.
fn page(file: &[u8]) -> Result<(Page<'_>, &[u8]), FileError> {
	let header = file.get(..27).ok_or(FileError::Cut)?;
	if !header.starts_with(b"OggS\0") {
		return Err(FileError::Format("no Ogg page"));
	}
	let segments = usize::from(header[26]);
	let lacing = file.get(27..27 + segments).ok_or(FileError::Cut)?;
	let length = 27 + segments + lacing.iter().map(|l| usize::from(*l)).sum::<usize>();
	let whole = file.get(..length).ok_or(FileError::Cut)?;
	let sum = u32::from_le_bytes([header[22], header[23], header[24], header[25]]);
	if crc(whole) != sum {
		return Err(FileError::Checksum);
	}
	let page = Page {
		continued: header[5] & 1 != 0,
		serial: u32::from_le_bytes([header[14], header[15], header[16], header[17]]),
		lacing,
		body: whole.get(27 + segments..).ok_or(FileError::Cut)?,
	};
	Ok((page, file.get(length..).ok_or(FileError::Cut)?))
}

/// Reads an Ogg/Opus file. Pages of other logical streams are skipped.
pub fn read_ogg_opus(file: &[u8]) -> Result<OggOpus, FileError> {
	let mut rest = file;
	let mut serial = None;
	let mut packets: Vec<Vec<u8>> = Vec::new();
	let mut open: Option<Vec<u8>> = None;
	while !rest.is_empty() {
		let (page, after) = page(rest)?;
		rest = after;
		if *serial.get_or_insert(page.serial) != page.serial {
			continue;
		}
		if !page.continued {
			open = None;
		} else if open.is_none() {
			return Err(FileError::Format("continues no packet"));
		}
		let mut body = page.body;
		for length in page.lacing {
			let (segment, left) =
				body.split_at_checked(usize::from(*length)).ok_or(FileError::Cut)?;
			body = left;
			open.get_or_insert_with(Vec::new).extend_from_slice(segment);
			if *length < 255 {
				packets.extend(open.take());
			}
		}
	}
	let mut packets = packets.into_iter();
	let head = packets.next().ok_or(FileError::Cut)?;
	let tags = packets.next().ok_or(FileError::Cut)?;
	// RFC 7845 §5.1: "OpusHead", version, channels, pre-skip, …; the upper half of the version must be 0.
	match head.as_slice() {
		[b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', version, channels, p0, p1, ..]
			if *channels > 0
				&& version & 0xf0 == 0
				&& head.len() >= 19
				&& tags.starts_with(b"OpusTags") =>
		{
			Ok(OggOpus {
				channels: *channels,
				pre_skip: u16::from_le_bytes([*p0, *p1]),
				packets: packets.collect(),
			})
		}
		_ => Err(FileError::Format("no Opus header")),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const SAMPLE: &[u8] = include_bytes!("../../samples/audio.opus");

	#[test]
	fn reads_header_of_sample() {
		let file = read_ogg_opus(SAMPLE).unwrap();
		assert_eq!((file.channels, file.pre_skip), (1, 312));
	}

	#[test]
	fn fails_when_a_bit_flips() {
		for at in (0..SAMPLE.len()).step_by(97) {
			let mut bad = SAMPLE.to_vec();
			bad[at] ^= 0x10;
			assert!(read_ogg_opus(&bad).is_err(), "{at}");
		}
	}

	#[test]
	fn joins_segments_when_packet_spans_pages() {
		let mut head = b"OpusHead\x01\x01\x38\x01\0\0\0\0\0\0\0".to_vec();
		head.truncate(19);
		let make = |flags: u8, lacing: &[u8], body: &[u8]| {
			let mut p = b"OggS\0".to_vec();
			p.push(flags);
			p.extend([0; 20]);
			p.push(lacing.len() as u8);
			p.extend(lacing);
			p.extend(body);
			let sum = crc(&p).to_le_bytes();
			p[22..26].copy_from_slice(&sum);
			p
		};
		let mut file = make(2, &[19], &head);
		file.extend(make(0, &[8], b"OpusTags"));
		file.extend(make(0, &[255], &[5; 255]));
		file.extend(make(1, &[3, 0], &[6; 3]));
		let read = read_ogg_opus(&file).unwrap();
		assert_eq!(read.packets.iter().map(Vec::len).collect::<Vec<_>>(), [258, 0]);
	}

	proptest! {
		#[test]
		fn survives_arbitrary_bytes(cut in 0..SAMPLE.len(), at in 0..400usize, byte in any::<u8>(), fix in any::<bool>()) {
			let mut bytes = SAMPLE[..cut].to_vec();
			if let Some(b) = bytes.get_mut(at) { *b = byte; }
			if fix && bytes.len() > 47 {
				let sum = crc(&bytes[..47.min(bytes.len())]).to_le_bytes();
				bytes[22..26].copy_from_slice(&sum);
			}
			let _ = read_ogg_opus(&bytes);
		}
	}
}
