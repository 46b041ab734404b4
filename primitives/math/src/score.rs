//! From medians to the score of a node.

use dtel_primitives::BasisPoints;

/// MOS of a flawless narrow-band call by ITU-T G.107 with its default parameters, in hundredths.
pub const BEST_MOS_CENTI: u16 = 441;
/// The lowest MOS, in hundredths.
pub const WORST_MOS_CENTI: u16 = 100;

/// A MOS on the line from the worst (0) to the best that the model gives (the whole).
pub fn audio(mos_centi: u16) -> BasisPoints {
	BasisPoints::from_ratio(
		u64::from(mos_centi.saturating_sub(WORST_MOS_CENTI)),
		u64::from(BEST_MOS_CENTI.saturating_sub(WORST_MOS_CENTI)),
	)
}

/// `availability × (audio + video) / 2`, rounded down: a call that does not come up is worth nothing, and in
/// one that does, hearing counts as much as seeing.
pub fn score_floor(availability: BasisPoints, mos_centi: u16, video: BasisPoints) -> BasisPoints {
	let both = u64::from(audio(mos_centi).parts()).saturating_add(u64::from(video.parts()));
	BasisPoints::from_ratio(
		both.saturating_mul(u64::from(availability.parts())),
		2 * 10_000 * 10_000,
	)
}

/// What a score is paid as: all from `full` on, in proportion below, rounded down. Between two good services no caller hears a
/// difference, so who measures them should not decide one.
pub fn paid_floor(score: BasisPoints, full: BasisPoints) -> BasisPoints {
	BasisPoints::from_ratio(score.parts().into(), full.parts().into())
}

/// The bandwidth that counts: what was declared, if nearly (`full`) as much was measured; else what was measured. Who gives what it said is not
/// paid by how the measurements happened to scatter.
pub fn counted_kbps(measured: u32, declared: u32, full: BasisPoints) -> u32 {
	let enough = u64::from(declared).saturating_mul(full.parts().into());
	match u64::from(measured).saturating_mul(BasisPoints::ONE.parts().into()) >= enough {
		true => declared,
		false => measured,
	}
}

/// An old score that nothing new is known about: it keeps `kept` of its worth, rounded down.
pub fn decayed_floor(score: BasisPoints, kept: BasisPoints) -> BasisPoints {
	BasisPoints::from_ratio(
		u64::from(score.parts()).saturating_mul(u64::from(kept.parts())),
		10_000 * 10_000,
	)
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn bp(parts: u16) -> BasisPoints {
		BasisPoints::new(parts).unwrap()
	}

	#[test]
	fn scores_by_hand() {
		assert_eq!(score_floor(BasisPoints::ONE, 441, BasisPoints::ONE), BasisPoints::ONE);
		assert_eq!(score_floor(BasisPoints::ONE, 500, BasisPoints::ONE), BasisPoints::ONE);
		assert_eq!(score_floor(BasisPoints::ZERO, 441, BasisPoints::ONE), BasisPoints::ZERO);
		assert_eq!(score_floor(BasisPoints::ONE, 100, BasisPoints::ONE), bp(5_000));
		assert_eq!(score_floor(bp(5_000), 441, BasisPoints::ZERO), bp(2_500));
		assert_eq!(decayed_floor(bp(9_000), bp(9_000)), bp(8_100));
	}

	#[test]
	fn what_is_paid_by_hand() {
		let nine_tenths = bp(9_000);
		assert_eq!(paid_floor(bp(10_000), nine_tenths), BasisPoints::ONE);
		assert_eq!(paid_floor(bp(9_000), nine_tenths), BasisPoints::ONE);
		assert_eq!(paid_floor(bp(8_999), nine_tenths), bp(9_998));
		assert_eq!(paid_floor(bp(0), nine_tenths), bp(0));
		assert_eq!(paid_floor(bp(7_777), BasisPoints::ONE), bp(7_777));
		let counted = |measured| counted_kbps(measured, 1_000, nine_tenths);
		assert_eq!(
			[0, 899, 900, 1_000, 5_000, u32::MAX].map(counted),
			[0, 899, 1_000, 1_000, 1_000, 1_000]
		);
		assert_eq!(counted_kbps(7, 0, nine_tenths), 0);
		assert_eq!(counted_kbps(u32::MAX, u32::MAX, nine_tenths), u32::MAX);
	}

	proptest! {
		#[test]
		fn more_bandwidth_never_counts_less(m in any::<u32>(), more in 0u32..1_000, d in any::<u32>(), full in 1u16..=10_000) {
			let full = bp(full);
			let counted = counted_kbps(m, d, full);
			prop_assert!(counted <= d && counted_kbps(m.saturating_add(more), d, full) >= counted);
			prop_assert!(counted_kbps(m, d, BasisPoints::ONE) == m.min(d));
		}

		#[test]
		fn better_is_never_worth_less(a in 0u16..=10_000, m in 100u16..=500, v in 0u16..=10_000, d in 0u16..50) {
			let base = score_floor(bp(a), m, bp(v));
			prop_assert!(score_floor(BasisPoints::saturating(u32::from(a + d)), m, bp(v)) >= base);
			prop_assert!(score_floor(bp(a), m + d, bp(v)) >= base);
			prop_assert!(score_floor(bp(a), m, BasisPoints::saturating(u32::from(v + d))) >= base);
		}
	}
}
