//! What a call is worth: the E-model for speech and a score for video. Pure functions.
//!
//! Speech: [`EModel`] is ITU-T G.107 (06/2015) in full, on the **narrow-band** R scale (0 to 100).
//! Its default parameters give R = 93.2 and MOS 4.41.
//!
//! Video: no recommendation can be computed from what an end-to-end probe sees without decoding, so
//! [`video_score`] is our own and every factor of it is named.

pub mod connection;
mod emodel;
mod video;

pub use emodel::{burst_ratio, mos, EModel};
pub use video::{video_score, FreezeDetector, VideoObservation};

/// How a codec takes loss, in the terms of ITU-T G.107 §7.4 and G.113 appendix I.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CodecImpairment {
	/// Equipment impairment factor at no loss.
	pub ie: f64,
	/// Packet-loss robustness factor.
	pub bpl: f64,
}

impl CodecImpairment {
	/// G.711 without packet-loss concealment (G.113 appendix I).
	pub const G711: Self = Self { ie: 0.0, bpl: 4.3 };
	/// G.711 with the concealment of its own appendix I (G.113 appendix I).
	pub const G711_PLC: Self = Self { ie: 0.0, bpl: 25.1 };
	/// G.729A with VAD (G.113 appendix I).
	pub const G729A: Self = Self { ie: 11.0, bpl: 19.0 };
	/// Opus: **provisional**. The ITU has published neither `Ie` nor `Bpl` for Opus on any scale.
	/// These are G.711's with concealment: Opus at 32 kbit/s codes more than G.711's band, so that on
	/// the narrow-band scale it cannot be below G.711's `Ie` of 0, and it always conceals.
	pub const OPUS_PROVISIONAL: Self = Self::G711_PLC;
}

/// What was measured of an audio path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AudioObservation {
	/// One-way mouth-to-ear delay in ms: network, jitter buffer and codec.
	pub delay_ms: f64,
	/// Lost packets, percent.
	pub loss_percent: f64,
	/// Burst ratio of the loss, 1 for random loss; see [`burst_ratio`].
	pub burst_ratio: f64,
	/// The codec.
	pub codec: CodecImpairment,
}

/// Speech quality in the units that reports use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AudioQuality {
	/// Transmission rating factor.
	pub r: f64,
	/// Mean opinion score, 1 to 4.5.
	pub mos: f64,
}

impl AudioQuality {
	/// MOS in hundredths.
	pub fn mos_centi(&self) -> u16 {
		(self.mos * 100.0).round().clamp(0.0, 450.0) as u16
	}

	/// R in hundredths.
	pub fn r_centi(&self) -> u16 {
		(self.r * 100.0).round().clamp(0.0, 10_000.0) as u16
	}

	/// Basis points: MOS 1 is 0, the best that the E-model's defaults give (4.41) is 10,000.
	pub fn basis_points(&self) -> u16 {
		basis_points((self.mos - 1.0) / (mos(EModel::default().r()) - 1.0))
	}
}

/// Speech quality of an audio path with an echo canceller (G.107's default talker echo).
pub fn audio_quality(seen: AudioObservation) -> AudioQuality {
	let finite =
		|x: f64, low: f64, high: f64| if x.is_finite() { x.clamp(low, high) } else { high };
	let delay = finite(seen.delay_ms, 0.0, 10_000.0);
	let r = EModel {
		t: delay,
		tr: 2.0 * delay,
		ta: delay,
		ie: seen.codec.ie,
		bpl: seen.codec.bpl,
		ppl: finite(seen.loss_percent, 0.0, 100.0),
		// One long gap is an outage; the loss says so, and the ratio need not say it again.
		burst_r: finite(seen.burst_ratio, 1.0, 4.0),
		..EModel::default()
	}
	.r()
	.clamp(0.0, 100.0);
	AudioQuality { r, mos: mos(r) }
}

/// A ratio as basis points, held in 0 to 10,000; not-a-number is 0.
pub fn basis_points(ratio: f64) -> u16 {
	// `as` saturates and sends NaN to 0.
	(ratio.clamp(0.0, 1.0) * 10_000.0).round() as u16
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn seen(delay_ms: f64, loss_percent: f64) -> AudioObservation {
		AudioObservation {
			delay_ms,
			loss_percent,
			burst_ratio: 1.0,
			codec: CodecImpairment::OPUS_PROVISIONAL,
		}
	}

	#[test]
	fn best_is_default_rating() {
		let best = audio_quality(seen(0.0, 0.0));
		assert_eq!(
			(best.r_centi() / 10, best.mos_centi(), best.basis_points()),
			(932, 441, 10_000)
		);
	}

	#[test]
	fn worst_is_zero_when_everything_is_lost() {
		let worst = audio_quality(seen(f64::NAN, 100.0));
		assert_eq!((worst.r_centi(), worst.mos_centi(), worst.basis_points()), (0, 100, 0));
	}

	proptest! {
		#[test]
		fn falls_when_loss_or_delay_grow(d in 0.0..2_000.0f64, l in 0.0..99.0f64, dd in 0.0..500.0f64, dl in 0.0..1.0f64) {
			let (a, b) = (audio_quality(seen(d, l)), audio_quality(seen(d + dd, l + dl)));
			prop_assert!(b.r <= a.r + 1e-9 && b.mos <= a.mos + 1e-9);
			prop_assert!((1.0..=4.5).contains(&a.mos));
		}
	}
}
