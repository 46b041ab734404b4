//! IVF: a 32-byte header, then frames with a 12-byte header each (little endian).

use super::FileError;

/// One frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IvfFrame<'a> {
	/// Presentation time in units of the file's time base.
	pub time: u64,
	/// The data.
	pub data: &'a [u8],
}

/// A file of VP8 frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IvfFile<'a> {
	/// Width in pixels.
	pub width: u16,
	/// Height in pixels.
	pub height: u16,
	/// Time base: units per second.
	pub rate: u32,
	/// Time base: seconds per `rate` units.
	pub scale: u32,
	/// The frames, in order.
	pub frames: Vec<IvfFrame<'a>>,
}

impl IvfFile<'_> {
	/// Frames per second by the time base, at least 1.
	pub fn frame_rate(&self) -> u32 {
		(self.rate / self.scale.max(1)).max(1)
	}
}

fn u16_at(b: &[u8], at: usize) -> Result<u16, FileError> {
	let bytes = b.get(at..at + 2).and_then(|s| s.try_into().ok()).ok_or(FileError::Cut)?;
	Ok(u16::from_le_bytes(bytes))
}

fn u32_at(b: &[u8], at: usize) -> Result<u32, FileError> {
	let bytes = b.get(at..at + 4).and_then(|s| s.try_into().ok()).ok_or(FileError::Cut)?;
	Ok(u32::from_le_bytes(bytes))
}

/// Reads an IVF file of VP8.
pub fn read_ivf(file: &[u8]) -> Result<IvfFile<'_>, FileError> {
	if file.get(..4).ok_or(FileError::Cut)? != b"DKIF" {
		return Err(FileError::Format("no IVF signature"));
	}
	if file.get(8..12).ok_or(FileError::Cut)? != b"VP80" {
		return Err(FileError::Format("codec is not VP8"));
	}
	let header = usize::from(u16_at(file, 6)?);
	if header < 32 {
		return Err(FileError::Format("header length"));
	}
	let (rate, scale) = (u32_at(file, 16)?, u32_at(file, 20)?);
	let mut rest = file.get(header..).ok_or(FileError::Cut)?;
	let mut frames = Vec::new();
	while !rest.is_empty() {
		let length = u32_at(rest, 0)? as usize;
		let time = u64::from(u32_at(rest, 4)?) | u64::from(u32_at(rest, 8)?) << 32;
		let body = rest.get(12..).ok_or(FileError::Cut)?;
		frames.push(IvfFrame { time, data: body.get(..length).ok_or(FileError::Cut)? });
		rest = body.get(length..).ok_or(FileError::Cut)?;
	}
	Ok(IvfFile { width: u16_at(file, 12)?, height: u16_at(file, 14)?, rate, scale, frames })
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const SAMPLE: &[u8] = include_bytes!("../../samples/video_q.ivf");

	#[test]
	fn fails_when_cut_inside_a_frame() {
		let whole = read_ivf(SAMPLE).unwrap();
		let first = 32 + 12 + whole.frames[0].data.len();
		for cut in (0..first).filter(|c| *c != 32) {
			assert_eq!(read_ivf(&SAMPLE[..cut]), Err(FileError::Cut), "{cut}");
		}
		assert_eq!(read_ivf(&SAMPLE[..first]).unwrap().frames.len(), 1);
	}

	#[test]
	fn fails_when_signature_or_codec_differs() {
		let mut other = SAMPLE.to_vec();
		other[8..12].copy_from_slice(b"VP90");
		assert!(matches!(read_ivf(&other), Err(FileError::Format(_))));
		other[0] = 0;
		assert!(matches!(read_ivf(&other), Err(FileError::Format(_))));
	}

	proptest! {
		#[test]
		fn survives_arbitrary_bytes(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), valid in any::<bool>()) {
			if valid && bytes.len() > 12 {
				bytes[..4].copy_from_slice(b"DKIF");
				bytes[6..12].copy_from_slice(b"\x20\0VP80");
			}
			let _ = read_ivf(&bytes);
		}
	}
}
