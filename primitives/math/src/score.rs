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

/// The bandwidth that counts: what was declared, if nearly (`full`) as much was measured; else what most of the measurements agree on
/// that there is (`low`). Who gives what it said is not paid by how the measurements happened to scatter, and who says more gains nothing by that.
pub fn counted_kbps(measured: u32, low: u32, declared: u32, full: BasisPoints) -> u32 {
	let enough = u64::from(declared).saturating_mul(full.parts().into());
	match u64::from(measured).saturating_mul(BasisPoints::ONE.parts().into()) >= enough {
		true => declared,
		false => low.min(measured),
	}
}

/// What is paid of what is due: it moves from what was paid before by `step` at most, up or down.
///
/// A median is held by whoever has half of a pool. By chance liars have that of one node or another for some eras, and each time that they
/// do they can say that it is worse than before. What a node is paid follows slowly, so that such a stretch ends before it costs much.
pub const fn stepped(before: u32, due: u32, step: u32) -> u32 {
	let (low, high) = (before.saturating_sub(step), before.saturating_add(step));
	if due < low {
		low
	} else if due > high {
		high
	} else {
		due
	}
}

/// So much of a whole, rounded up.
pub fn part_ceil(whole: u32, part: BasisPoints) -> u32 {
	let parts = u64::from(whole).saturating_mul(part.parts().into());
	u32::try_from(parts.div_ceil(BasisPoints::ONE.parts().into())).unwrap_or(u32::MAX)
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
	fn steps_by_hand() {
		assert_eq!(stepped(500, 520, 30), 520);
		assert_eq!(stepped(500, 530, 30), 530);
		assert_eq!(stepped(500, 531, 30), 530);
		assert_eq!(stepped(500, 469, 30), 470);
		assert_eq!(stepped(20, 0, 30), 0);
		assert_eq!(stepped(u32::MAX, 0, u32::MAX), 0);
		assert_eq!(stepped(u32::MAX - 1, u32::MAX, 30), u32::MAX);
		assert_eq!(stepped(500, 9, 0), 500);
		assert_eq!([0, 1, 33, 34, 100].map(|whole| part_ceil(whole, bp(300))), [0, 1, 1, 2, 3]);
		assert_eq!(part_ceil(u32::MAX, BasisPoints::ONE), u32::MAX);
	}

	#[test]
	fn what_is_paid_by_hand() {
		let nine_tenths = bp(9_000);
		assert_eq!(paid_floor(bp(10_000), nine_tenths), BasisPoints::ONE);
		assert_eq!(paid_floor(bp(9_000), nine_tenths), BasisPoints::ONE);
		assert_eq!(paid_floor(bp(8_999), nine_tenths), bp(9_998));
		assert_eq!(paid_floor(bp(0), nine_tenths), bp(0));
		assert_eq!(paid_floor(bp(7_777), BasisPoints::ONE), bp(7_777));
		let counted = |measured| counted_kbps(measured, measured, 1_000, nine_tenths);
		assert_eq!(
			[0, 899, 900, 1_000, 5_000, u32::MAX].map(counted),
			[0, 899, 1_000, 1_000, 1_000, 1_000]
		);
		assert_eq!(counted_kbps(7, 7, 0, nine_tenths), 0);
		assert_eq!(counted_kbps(u32::MAX, 0, u32::MAX, nine_tenths), u32::MAX);
		assert_eq!(counted_kbps(899, 880, 1_000, nine_tenths), 880);
		assert_eq!(counted_kbps(899, 1_001, 1_000, nine_tenths), 899);
	}

	proptest! {
		/// It never leaves what lies between, and arrives after as many steps as there are.
		#[test]
		fn steps_lead_there(before in 0u32..10_000, due in 0u32..10_000, step in 1u32..3_000) {
			let mut paid = before;
			for _ in 0..before.abs_diff(due).div_ceil(step) {
				let next = stepped(paid, due, step);
				prop_assert!(next.abs_diff(paid) <= step);
				prop_assert!(next.abs_diff(due) < paid.abs_diff(due));
				paid = next;
			}
			prop_assert_eq!(paid, due);
		}

		#[test]
		fn more_bandwidth_never_counts_less(m in any::<u32>(), more in 0u32..1_000, d in any::<u32>(), full in 1u16..=10_000) {
			let full = bp(full);
			let counted = |m: u32| counted_kbps(m, m, d, full);
			prop_assert!(counted(m) <= d && counted(m.saturating_add(more)) >= counted(m));
			prop_assert!(counted_kbps(m, m, d, BasisPoints::ONE) == m.min(d));
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
