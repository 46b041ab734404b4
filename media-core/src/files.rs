//! Readers of Ogg/Opus (RFC 3533, RFC 7845) and IVF/VP8, and the samples that come with the crate.
//!
//! Both readers are total: anything malformed ends in a [`FileError`], never in a panic.

mod ivf;
mod ogg;

use std::sync::{Arc, OnceLock};

use thiserror::Error;

pub use ivf::{read_ivf, IvfFile, IvfFrame};
pub use ogg::{read_ogg_opus, OggOpus};

/// Why a file was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FileError {
	/// It ends too early.
	#[error("file is cut")]
	Cut,
	/// It is no file of this kind.
	#[error("not this kind of file: {0}")]
	Format(&'static str),
	/// A page's checksum is wrong.
	#[error("checksum is wrong")]
	Checksum,
}

/// One video layer of the samples.
#[derive(Debug, Clone)]
pub struct VideoSample {
	/// LiveKit's RID for it.
	pub rid: &'static str,
	/// Width in pixels.
	pub width: u16,
	/// Height in pixels.
	pub height: u16,
	/// Frames; the first is a keyframe.
	pub frames: Vec<Arc<[u8]>>,
	/// Mean bits per second.
	pub bitrate: u32,
}

/// The committed samples, parsed. `samples/make.sh` makes them.
#[derive(Debug, Clone)]
pub struct Samples {
	/// Opus packets of 20 ms.
	pub audio: Vec<Arc<[u8]>>,
	/// Frames per second of every video layer.
	pub frame_rate: u32,
	/// Layers `q`, `h`, `f`: the same pictures, lowest resolution first, the same number of frames,
	/// keyframes at the same places.
	pub video: Vec<VideoSample>,
}

/// The committed samples.
pub fn samples() -> &'static Samples {
	static SAMPLES: OnceLock<Samples> = OnceLock::new();
	SAMPLES.get_or_init(|| {
		let audio = read_ogg_opus(include_bytes!("../samples/audio.opus"));
		let video: [(&'static str, &[u8]); 3] = [
			("q", include_bytes!("../samples/video_q.ivf")),
			("h", include_bytes!("../samples/video_h.ivf")),
			("f", include_bytes!("../samples/video_f.ivf")),
		];
		let mut frame_rate = 0;
		let video = video
			.into_iter()
			.filter_map(|(rid, bytes)| {
				let file = read_ivf(bytes).ok()?;
				frame_rate = file.frame_rate();
				let size: usize = file.frames.iter().map(|f| f.data.len()).sum();
				let count = u32::try_from(file.frames.len()).ok().filter(|n| *n > 0)?;
				Some(VideoSample {
					rid,
					width: file.width,
					height: file.height,
					bitrate: (size as u64 * 8 * u64::from(frame_rate) / u64::from(count)) as u32,
					frames: file.frames.iter().map(|f| f.data.into()).collect(),
				})
			})
			.collect();
		let audio =
			audio.map(|a| a.packets.into_iter().map(Into::into).collect()).unwrap_or_default();
		Samples { audio, frame_rate: frame_rate.max(1), video }
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{opus, vp8};

	#[test]
	fn samples_are_what_the_client_expects() {
		let s = samples();
		assert_eq!(s.audio.len(), 301); // 6 s and the pre-skip
		assert!(s.audio.iter().all(|p| opus::Packet::parse(p).unwrap().samples() == 960));
		assert_eq!((s.frame_rate, s.video.len()), (20, 3));
		let keys = |v: &VideoSample| -> Vec<usize> {
			v.frames
				.iter()
				.enumerate()
				.filter(|(_, f)| vp8::is_keyframe(f))
				.map(|(i, _)| i)
				.collect()
		};
		for (v, size) in s.video.iter().zip([(160, 90), (320, 180), (640, 360)]) {
			assert_eq!((v.width, v.height), size);
			assert_eq!(vp8::dimensions(&v.frames[0]), Some(size));
			assert_eq!(v.frames.len(), 120);
			assert_eq!(keys(v), [0, 40, 80]);
		}
		assert!(s.video.windows(2).all(|w| w[0].bitrate < w[1].bitrate));
	}
}
