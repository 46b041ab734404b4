//! Who speaks: levels of audio tracks by the header extension of RFC 6464, smoothed.
//!
//! Semantics are those that LiveKit's clients know: over 400 ms a track is active if for 40 % of the time its level was
//! −35 dBov or louder; its level is `10^(−dBov/20)` of the loudest packet, less `20 log10` of the active part of the
//! time, smoothed exponentially over two intervals (weight 2/3). Levels go out rounded up to eighths.

use std::time::{Duration, Instant};

/// When somebody counts as speaking.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeakerConfig {
	/// Level that is loud enough, in −dBov (RFC 6464 §3): 0 is the loudest, 127 silence.
	pub active_level: u8,
	/// Percent of an interval that have to be loud enough.
	pub active_percent: u8,
	/// Length of an interval; also the least time between two events of a room.
	pub interval: Duration,
	/// Intervals that the smoothed level stands for; 0 or 1: no smoothing.
	pub smooth_intervals: u32,
	/// Loudest participants whose audio is forwarded when more speak; 0: everybody's is.
	pub last_n: usize,
}

impl Default for SpeakerConfig {
	fn default() -> Self {
		Self {
			active_level: 35,
			active_percent: 40,
			interval: Duration::from_millis(400),
			smooth_intervals: 2,
			last_n: 0,
		}
	}
}

/// Longest distance of two packets that counts as sound: a longer one is silence that was not sent (DTX).
const MAX_PACKET: u32 = 120;
/// Steps of the levels that go out.
const STEPS: f64 = 8.0;

/// −dBov as an amplitude, 0 to 1.
pub fn linear(minus_dbov: f64) -> f64 {
	10f64.powf(-minus_dbov / 20.0).clamp(0.0, 1.0)
}

/// Smoothed level of one audio track.
#[derive(Debug, Clone)]
pub struct AudioLevel {
	last_timestamp: Option<u32>,
	last_at: Option<Instant>,
	loudest: u8,
	/// Milliseconds.
	active: u32,
	observed: u32,
	smoothed: f64,
}

impl Default for AudioLevel {
	fn default() -> Self {
		Self {
			last_timestamp: None,
			last_at: None,
			loudest: 127,
			active: 0,
			observed: 0,
			smoothed: 0.0,
		}
	}
}

impl AudioLevel {
	/// A packet's level in −dBov (0 to 127) and its RTP timestamp (48 kHz). Late packets are left out.
	pub fn packet(&mut self, now: Instant, config: &SpeakerConfig, level: u8, timestamp: u32) {
		let last = *self.last_timestamp.get_or_insert(timestamp);
		let ticks = timestamp.wrapping_sub(last);
		if ticks >= 1 << 31 {
			return;
		}
		self.last_timestamp = Some(timestamp);
		self.last_at = Some(now);
		let length = ticks / 48;
		self.observed = self.observed.saturating_add(length);
		if level <= config.active_level {
			self.active = self.active.saturating_add(length.min(MAX_PACKET));
			self.loudest = self.loudest.min(level);
		}
		let interval = u32::try_from(config.interval.as_millis()).unwrap_or(u32::MAX).max(1);
		if self.observed < interval {
			return;
		}
		let enough = u64::from(self.active) * 100
			>= u64::from(config.active_percent) * u64::from(interval)
			&& self.active > 0;
		let smoothed = if enough {
			let weight = 20.0 * (f64::from(self.active) / f64::from(interval)).log10();
			let factor = 2.0 / (f64::from(config.smooth_intervals.max(1)) + 1.0);
			let target = linear(f64::from(self.loudest) - weight);
			self.smoothed + (target - self.smoothed) * factor
		} else {
			0.0
		};
		self.reset(smoothed);
	}

	/// Level 0 to 1 and whether that is speech. Two intervals without packets are silence.
	pub fn level(&mut self, now: Instant, config: &SpeakerConfig) -> (f64, bool) {
		let stale = self.last_at.is_none_or(|at| {
			now.saturating_duration_since(at) >= config.interval.saturating_mul(2)
		});
		if stale {
			self.reset(0.0);
		}
		(self.smoothed, self.smoothed >= linear(f64::from(config.active_level)))
	}

	fn reset(&mut self, smoothed: f64) {
		self.smoothed = smoothed;
		self.loudest = 127;
		self.active = 0;
		self.observed = 0;
	}
}

/// A level as clients get it: rounded up to eighths.
pub fn rounded(level: f64) -> f32 {
	((level.clamp(0.0, 1.0) * STEPS).ceil() / STEPS) as f32
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const MS: Duration = Duration::from_millis(1);

	/// The numbers of LiveKit's own tests: −30 dBov, a tenth of 500 ms, no smoothing.
	fn config() -> SpeakerConfig {
		SpeakerConfig {
			active_level: 30,
			active_percent: 10,
			interval: MS * 500,
			smooth_intervals: 0,
			last_n: 0,
		}
	}

	struct Track {
		level: AudioLevel,
		now: Instant,
		timestamp: u32,
	}

	impl Track {
		fn new() -> Self {
			let mut track =
				Self { level: AudioLevel::default(), now: Instant::now(), timestamp: 7 };
			track.level.packet(track.now, &config(), 127, 7);
			track
		}

		fn packets(&mut self, level: u8, count: u32) {
			for _ in 0..count {
				self.now += MS * 20;
				self.timestamp += 960;
				self.level.packet(self.now, &config(), level, self.timestamp);
			}
		}

		fn get(&mut self) -> (f64, bool) {
			self.level.level(self.now, &config())
		}
	}

	#[test]
	fn is_quiet_at_first_and_when_below_the_threshold() {
		let mut t = Track::new();
		assert_eq!(t.get(), (0.0, false));
		t.packets(28, 5);
		assert_eq!(t.get(), (0.0, false));
		let mut t = Track::new();
		t.packets(35, 100);
		assert_eq!(t.get(), (0.0, false));
	}

	#[test]
	fn is_quiet_when_loud_for_less_than_the_percentage() {
		let mut t = Track::new();
		t.packets(35, 23);
		t.packets(25, 1);
		t.packets(35, 1);
		assert_eq!(t.get(), (0.0, false));
	}

	#[test]
	fn speaks_when_loud_for_more_than_the_percentage() {
		let mut t = Track::new();
		t.packets(35, 9);
		t.packets(25, 8);
		t.packets(29, 8);
		let (level, active) = t.get();
		assert!(active && level > linear(30.0) && level < linear(25.0), "{level}");
		// 320 of 500 ms: 25 − 20 log10(0.64) = 28.88 dB
		assert!((level - 10f64.powf(-28.876 / 20.0)).abs() < 1e-4, "{level}");
	}

	#[test]
	fn falls_silent_when_packets_stop() {
		let mut t = Track::new();
		t.packets(25, 100);
		assert!(t.get().1);
		t.now += MS * 1_500;
		assert_eq!(t.get(), (0.0, false));
	}

	#[test]
	fn levels_go_out_in_eighths() {
		assert_eq!(
			(rounded(0.0), rounded(0.01), rounded(0.13), rounded(2.0)),
			(0.0, 0.125, 0.25, 1.0)
		);
		assert!((linear(20.0) - 0.1).abs() < 1e-12 && linear(0.0) == 1.0);
	}

	proptest! {
		#[test]
		fn level_stays_in_range(packets in proptest::collection::vec((0u8..=255, any::<u32>(), 0u64..1_000), 0..200)) {
			let (mut level, mut now) = (AudioLevel::default(), Instant::now());
			let config = SpeakerConfig::default();
			for (loudness, timestamp, wait) in packets {
				now += MS * wait as u32;
				level.packet(now, &config, loudness, timestamp);
				let (value, active) = level.level(now, &config);
				prop_assert!((0.0..=1.0).contains(&value));
				prop_assert!(!active || value >= linear(35.0) * 0.999);
			}
		}
	}
}
