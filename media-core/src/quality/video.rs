//! Video: freezes by the W3C's definition, and a score.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::basis_points;

/// Frames over which the mean frame duration is taken.
const HISTORY: usize = 30;

/// Counts freezes as W3C webrtc-stats defines `freezeCount` and `totalFreezesDuration`: an interval
/// between two consecutively rendered frames is a freeze if it is at least
/// `max(3 × avg, avg + 150 ms)`, `avg` being the mean of the last 30 intervals.
#[derive(Debug, Clone, Default)]
pub struct FreezeDetector {
	last: Option<Instant>,
	intervals: VecDeque<Duration>,
	sum: Duration,
	frames: u64,
	count: u64,
	frozen: Duration,
}

impl FreezeDetector {
	/// A frame was rendered. Frames out of time order are taken as simultaneous.
	pub fn frame(&mut self, at: Instant) {
		self.frames += 1;
		let Some(last) = self.last.replace(self.last.map_or(at, |l| l.max(at))) else {
			return;
		};
		let interval = at.saturating_duration_since(last);
		if self.is_freeze(interval) {
			self.count += 1;
			self.frozen += interval;
		}
		self.intervals.push_back(interval);
		self.sum += interval;
		if self.intervals.len() > HISTORY {
			self.sum -= self.intervals.pop_front().unwrap_or_default();
		}
	}

	/// Closes an observation: if nothing has been rendered for so long that it is a freeze, it counts.
	pub fn finish(&mut self, at: Instant) {
		if let Some(last) = self.last {
			let interval = at.saturating_duration_since(last);
			if self.is_freeze(interval) {
				self.count += 1;
				self.frozen += interval;
				self.last = Some(at);
			}
		}
	}

	/// Forgets the last frame: the next interval is a pause that was wanted (mute, layer off).
	pub fn pause(&mut self) {
		self.last = None;
	}

	fn is_freeze(&self, interval: Duration) -> bool {
		match u32::try_from(self.intervals.len()) {
			Ok(n) if n > 0 => {
				let mean = self.sum / n;
				interval >= (mean * 3).max(mean + Duration::from_millis(150))
			}
			_ => false,
		}
	}

	/// Frames rendered.
	pub fn frames(&self) -> u64 {
		self.frames
	}

	/// `freezeCount`.
	pub fn count(&self) -> u64 {
		self.count
	}

	/// `totalFreezesDuration`.
	pub fn frozen(&self) -> Duration {
		self.frozen
	}
}

/// What was seen of a video against what was published.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VideoObservation {
	/// Length of the observation.
	pub duration: Duration,
	/// Frames published in it.
	pub frames_sent: u64,
	/// Of those, complete frames that came.
	pub frames_received: u64,
	/// Time spent frozen.
	pub frozen: Duration,
	/// Freezes.
	pub freezes: u64,
	/// Mean distance to the highest published simulcast layer, in layers.
	pub layer_distance: f64,
	/// Bits of the frames that came over the bits those very frames had when published: 1 unless an
	/// SFU cuts or re-encodes.
	pub bitrate_ratio: f64,
}

/// Score of a video in basis points, the product of
///
/// * frames: received / sent;
/// * freezes: the time not frozen, less 2 % for every freeze in 10 s;
/// * resolution: `1 − 0.35 × distance` (LiveKit's scorer takes 35 of 100 for each missing layer);
/// * bitrate: the ratio, where a twentieth below is not counted.
pub fn video_score(seen: VideoObservation) -> u16 {
	if seen.frames_sent == 0 || seen.duration.is_zero() {
		return 0;
	}
	let seconds = seen.duration.as_secs_f64();
	let frames = (seen.frames_received as f64 / seen.frames_sent as f64).min(1.0);
	let steady = (1.0 - seen.frozen.as_secs_f64() / seconds).max(0.0);
	let calm = (1.0 - 0.02 * seen.freezes as f64 * 10.0 / seconds).max(0.0);
	let sharp = (1.0 - 0.35 * seen.layer_distance).clamp(0.0, 1.0);
	let rate = (seen.bitrate_ratio / 0.95).clamp(0.0, 1.0);
	basis_points(frames * steady * calm * sharp * rate)
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const PERFECT: VideoObservation = VideoObservation {
		duration: Duration::from_secs(10),
		frames_sent: 200,
		frames_received: 200,
		frozen: Duration::ZERO,
		freezes: 0,
		layer_distance: 0.0,
		bitrate_ratio: 1.0,
	};

	fn ms(n: u64) -> Duration {
		Duration::from_millis(n)
	}

	#[test]
	fn counts_freeze_when_interval_reaches_mean_plus_150_ms() {
		let start = Instant::now();
		let run = |gap: Duration| {
			let mut d = FreezeDetector::default();
			for i in 0..30u32 {
				d.frame(start + ms(40) * i);
			}
			d.frame(start + ms(40) * 29 + gap);
			(d.count(), d.frozen())
		};
		// mean 40 ms: max(120, 190) = 190 ms
		assert_eq!(run(ms(189)), (0, Duration::ZERO));
		assert_eq!(run(ms(190)), (1, ms(190)));
	}

	#[test]
	fn counts_freeze_when_interval_reaches_three_means() {
		let start = Instant::now();
		let mut d = FreezeDetector::default();
		for i in 0..10u32 {
			d.frame(start + ms(100) * i);
		}
		d.frame(start + ms(900) + ms(299));
		assert_eq!(d.count(), 0);
		d.finish(start + ms(900) + ms(299) + ms(400));
		assert_eq!((d.count(), d.frozen()), (1, ms(400)));
	}

	#[test]
	fn counts_no_freeze_when_paused() {
		let start = Instant::now();
		let mut d = FreezeDetector::default();
		for i in 0..10u32 {
			d.frame(start + ms(50) * i);
		}
		d.pause();
		d.frame(start + ms(60_000));
		assert_eq!((d.count(), d.frames()), (0, 11));
	}

	#[test]
	fn score_names_every_factor() {
		assert_eq!(video_score(PERFECT), 10_000);
		assert_eq!(video_score(VideoObservation { frames_received: 150, ..PERFECT }), 7_500);
		assert_eq!(video_score(VideoObservation { layer_distance: 1.0, ..PERFECT }), 6_500);
		assert_eq!(
			video_score(VideoObservation { frozen: ms(1_000), freezes: 1, ..PERFECT }),
			8_820
		);
		assert_eq!(video_score(VideoObservation { bitrate_ratio: 0.475, ..PERFECT }), 5_000);
		assert_eq!(video_score(VideoObservation { frames_sent: 0, ..PERFECT }), 0);
	}

	proptest! {
		#[test]
		fn score_stays_in_range(sent in 0u64..1000, got in 0u64..2000, frozen in 0u64..100_000, freezes in 0u64..1000, d in -1.0..5.0f64, b in -1.0..3.0f64, len in 0u64..20_000) {
			let score = video_score(VideoObservation { duration: ms(len), frames_sent: sent, frames_received: got, frozen: ms(frozen), freezes, layer_distance: d, bitrate_ratio: b });
			prop_assert!(score <= 10_000);
		}
	}
}
