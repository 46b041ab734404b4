//! The connection quality that clients are shown, as LiveKit's server scores it.
//!
//! Every five seconds each track gets a score of 0 to 100, the smallest of
//!
//! * packets: `100 − delay effect − loss% × weight`, where `d = RTT/2 + 2 × jitter` in ms counts `d / 40` up to 160 ms
//!   and `(d − 120) / 10` above, and the weight depends on the codec;
//! * bitrate: `100 − 20 ln(expected bits / bits)`;
//! * layers: `100 − 35 × missing layers`.
//!
//! It is smoothed, with weight 0.4 upwards and 0.8 downwards, and not below 30. Without any packets it is 40, and 20
//! (lost) if no sender reports come either. A participant has its worst track's class.
//!
//! Source: LiveKit server's `connectionquality` package (weights, thresholds); its packet score is the simplified
//! E-model of pingman.com's "How is MOS calculated".

use std::time::Duration;

use crate::MediaKind;

/// How often scores are made.
pub const INTERVAL: Duration = Duration::from_secs(5);

const MAX: f64 = 100.0;
/// Nothing that is received is scored lower: otherwise it would take long to recover.
const MIN: f64 = 30.0;
const UP: f64 = 0.4;
const DOWN: f64 = 0.8;
const PER_LAYER: f64 = 35.0;
/// Of a track whose packets do not come while its sender reports do.
const DRY: f64 = 40.0;
/// Of a track of which nothing comes.
const GONE: f64 = 20.0;

/// Classes of LiveKit's protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConnectionClass {
	/// A client that is told this for ten seconds while it publishes connects anew.
	Lost,
	/// 40 or less.
	Poor,
	/// 80 or less.
	Good,
	/// More.
	Excellent,
}

impl ConnectionClass {
	/// Class of a score.
	pub fn of(score: f64) -> Self {
		match score {
			s if s > 80.0 => Self::Excellent,
			s if s > 40.0 => Self::Good,
			s if s > 20.0 => Self::Poor,
			_ => Self::Lost,
		}
	}
}

/// What a lost percent costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LossWeight {
	/// Opus alone.
	Opus,
	/// Opus with its own forward error correction.
	OpusFec,
	/// RED.
	Red,
	/// RED of Opus with forward error correction.
	RedFec,
	/// Video.
	Video,
}

impl LossWeight {
	/// Before the codec is known.
	pub fn of(kind: MediaKind) -> Self {
		match kind {
			MediaKind::Audio => Self::Opus,
			MediaKind::Video => Self::Video,
		}
	}

	/// The factor.
	pub fn value(self) -> f64 {
		match self {
			Self::Opus => 8.0,
			Self::OpusFec => 8.0 / 1.5,
			Self::Red => 4.0,
			Self::RedFec => 4.0 / 1.5,
			Self::Video => 10.0,
		}
	}
}

/// What was seen of a track in one interval.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Window {
	/// Packets that came.
	pub packets: u64,
	/// Packets that did not, after repair.
	pub lost: u64,
	/// Payload bits that came.
	pub bits: u64,
	/// Bits that should have come; 0: not known.
	pub expected_bits: u64,
	/// Round-trip time; zero for what is sent to the node: a publisher's is not counted against it.
	pub rtt: Duration,
	/// Interarrival jitter.
	pub jitter: Duration,
	/// Mean number of layers missing from the best that was to come.
	pub layer_distance: f64,
	/// Sender reports came in the interval, or none are to be expected yet.
	pub reports: bool,
}

/// Score of a window by its packets.
pub fn packet_score(window: &Window, weight: f64) -> f64 {
	let delay = window.rtt.as_secs_f64() * 500.0 + window.jitter.as_secs_f64() * 2_000.0;
	let delay_effect = if delay > 160.0 { (delay - 120.0) / 10.0 } else { delay / 40.0 };
	let loss = if window.packets == 0 {
		0.0
	} else {
		window.lost as f64 * 100.0 / (window.packets + window.lost) as f64
	};
	(MAX - delay_effect - loss * weight).clamp(0.0, MAX)
}

/// Score of a window by its bits.
pub fn bitrate_score(window: &Window) -> f64 {
	match (window.expected_bits, window.bits) {
		(0, _) => MAX,
		(_, 0) => 0.0,
		(expected, bits) => (MAX - 20.0 * (expected as f64 / bits as f64).ln()).clamp(0.0, MAX),
	}
}

/// Score of a window by the layers that are missing.
pub fn layer_score(window: &Window) -> f64 {
	(MAX - PER_LAYER * window.layer_distance.max(0.0)).clamp(0.0, MAX)
}

/// Scorer of one track.
#[derive(Debug, Clone)]
pub struct TrackScorer {
	weight: LossWeight,
	score: f64,
}

impl TrackScorer {
	/// Begins with the best.
	pub fn new(weight: LossWeight) -> Self {
		Self { weight, score: MAX }
	}

	/// The codec changed.
	pub fn set_weight(&mut self, weight: LossWeight) {
		self.weight = weight;
	}

	/// The track was muted, or nobody wants it: that is no fault. A track that was lost stays so until something comes.
	pub fn excuse(&mut self) {
		if self.class() != ConnectionClass::Lost {
			self.score = MAX;
		}
	}

	/// The track was paused for want of bandwidth.
	pub fn pause(&mut self) {
		self.score = MIN;
	}

	/// Takes in an interval in which the track should have been sent all the time; the class.
	pub fn update(&mut self, window: &Window) -> ConnectionClass {
		self.score = if window.packets == 0 {
			if window.reports {
				DRY
			} else {
				GONE
			}
		} else {
			let now = packet_score(window, self.weight.value())
				.min(bitrate_score(window))
				.min(layer_score(window));
			let factor = if now < self.score { DOWN } else { UP };
			(factor * now + (1.0 - factor) * self.score).max(MIN)
		};
		self.class()
	}

	/// 0 to 100.
	pub fn score(&self) -> f64 {
		self.score
	}

	/// Class of the score.
	pub fn class(&self) -> ConnectionClass {
		ConnectionClass::of(self.score)
	}
}

/// A score on the scale of mean opinions (ITU-T G.107 annex B, R taken as the score).
pub fn opinion(score: f64) -> f32 {
	super::mos(score.clamp(0.0, MAX)) as f32
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn window(packets: u64, lost: u64) -> Window {
		Window { packets, lost, reports: true, ..Window::default() }
	}

	fn ms(n: u64) -> Duration {
		Duration::from_millis(n)
	}

	#[test]
	fn loss_thresholds_are_those_of_the_source() {
		// "2.5 %: GOOD, 7.5 %: POOR" for Opus; 5 and 15 for RED; 2 and 6 for video; FEC a factor of 1.5.
		for (weight, good, poor) in [
			(LossWeight::Opus, 2.5, 7.5),
			(LossWeight::OpusFec, 3.75, 11.25),
			(LossWeight::Red, 5.0, 15.0),
			(LossWeight::RedFec, 7.5, 22.5),
			(LossWeight::Video, 2.0, 6.0),
		] {
			for (percent, class, better) in [
				(good, ConnectionClass::Good, ConnectionClass::Excellent),
				(poor, ConnectionClass::Poor, ConnectionClass::Good),
			] {
				let at = |p: f64| {
					let lost = (p * 100.0).round() as u64;
					ConnectionClass::of(packet_score(&window(10_000 - lost, lost), weight.value()))
				};
				assert_eq!((at(percent + 0.01), at(percent - 0.01)), (class, better), "{weight:?}");
			}
		}
	}

	#[test]
	fn delay_counts_more_above_160_ms() {
		let of = |rtt, jitter| packet_score(&Window { rtt, jitter, ..window(100, 0) }, 8.0);
		assert_eq!(of(ms(80), ms(0)), 99.0);
		assert_eq!(of(ms(0), ms(20)), 99.0);
		assert_eq!(of(ms(320), ms(0)), 96.0);
		assert_eq!(of(ms(640), ms(0)), 80.0);
	}

	#[test]
	fn bitrate_turns_good_at_2_7_and_poor_at_20_1() {
		let of = |bits| {
			ConnectionClass::of(bitrate_score(&Window {
				expected_bits: 1_000_000,
				bits,
				..window(1, 0)
			}))
		};
		assert_eq!(of(1_000_000 * 10 / 27), ConnectionClass::Excellent);
		assert_eq!(of(1_000_000 * 10 / 28), ConnectionClass::Good);
		assert_eq!(of(1_000_000 * 10 / 200), ConnectionClass::Good);
		assert_eq!(of(1_000_000 * 10 / 202), ConnectionClass::Poor);
	}

	#[test]
	fn each_missing_layer_is_a_class() {
		let of =
			|d| ConnectionClass::of(layer_score(&Window { layer_distance: d, ..window(1, 0) }));
		use ConnectionClass::*;
		assert_eq!((of(0.0), of(1.0), of(2.0)), (Excellent, Good, Poor));
	}

	#[test]
	fn falls_fast_and_recovers_slowly() {
		let mut s = TrackScorer::new(LossWeight::Opus);
		assert_eq!(s.update(&window(90, 10)), ConnectionClass::Poor); // 20 → 0.8·20 + 0.2·100 = 36
		assert!((s.score() - 36.0).abs() < 1e-9);
		assert_eq!(s.update(&window(100, 0)), ConnectionClass::Good); // 0.4·100 + 0.6·36 = 61.6
		assert_eq!(s.update(&window(100, 0)), ConnectionClass::Good); // 76.96
		assert_eq!(s.update(&window(100, 0)), ConnectionClass::Excellent); // 86.2
		for _ in 0..20 {
			s.update(&window(1, 99));
		}
		assert_eq!((s.score(), s.class()), (30.0, ConnectionClass::Poor));
	}

	#[test]
	fn is_lost_only_when_neither_packets_nor_reports_come() {
		let mut s = TrackScorer::new(LossWeight::Video);
		assert_eq!(s.update(&window(0, 0)), ConnectionClass::Poor);
		let nothing = Window { reports: false, ..window(0, 0) };
		assert_eq!(s.update(&nothing), ConnectionClass::Lost);
		s.excuse();
		assert_eq!(s.class(), ConnectionClass::Lost);
		assert_eq!(s.update(&window(100, 0)), ConnectionClass::Good);
		s.excuse();
		assert_eq!(s.class(), ConnectionClass::Excellent);
	}

	#[test]
	fn opinions_are_those_of_g_107() {
		assert_eq!((opinion(0.0), opinion(100.0)), (1.0, 4.5));
		assert!((opinion(93.2) - 4.41).abs() < 0.005);
	}

	proptest! {
		#[test]
		fn score_stays_in_range_and_is_never_lost_while_packets_come(windows in proptest::collection::vec((1u64..1_000, 0u64..1_000, 0u64..1_000_000, 0u64..1_000_000, 0u64..5_000, 0u64..500, -1.0..5.0f64), 1..40)) {
			let mut s = TrackScorer::new(LossWeight::Video);
			for (packets, lost, bits, expected_bits, rtt, jitter, layer_distance) in windows {
				let class = s.update(&Window { packets, lost, bits, expected_bits, rtt: ms(rtt), jitter: ms(jitter), layer_distance, reports: false });
				prop_assert!((30.0..=100.0).contains(&s.score()));
				prop_assert!(class > ConnectionClass::Lost);
			}
		}
	}
}
