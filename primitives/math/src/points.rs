//! What a node earns in an era.

use crate::{money::share_floor, MathError};
use dtel_primitives::{Balance, BasisPoints};

/// `min(attested bandwidth, stake / stake-per-Mbps) × score`: stake makes eligible and sets the
/// ceiling; only attested work is paid. The unit is kbit/s × basis points, the ceiling is rounded
/// down to whole kbit/s. Without a price per Mbps there is no ceiling.
pub fn points_floor(
	kbps: u32,
	stake: Balance,
	stake_per_mbps: Balance,
	score: BasisPoints,
) -> Result<u128, MathError> {
	let ceiling =
		if stake_per_mbps == 0 { u128::MAX } else { ceiling_kbps(stake, stake_per_mbps)? };
	u128::from(kbps).min(ceiling).checked_mul(u128::from(score.parts())).ok_or(MathError::Overflow)
}

fn ceiling_kbps(stake: Balance, stake_per_mbps: Balance) -> Result<u128, MathError> {
	let whole = stake.checked_div(stake_per_mbps).ok_or(MathError::DivisionByZero)?;
	let rest = stake.checked_rem(stake_per_mbps).ok_or(MathError::DivisionByZero)?;
	let fraction = share_floor(1_000, rest, stake_per_mbps)?;
	Ok(whole.saturating_mul(1_000).saturating_add(fraction))
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtel_primitives::DTEL;
	use proptest::prelude::*;

	#[test]
	fn work_counts_up_to_the_ceiling_that_stake_sets() {
		let one = BasisPoints::ONE;
		assert_eq!(points_floor(2_000, 100 * DTEL, 10 * DTEL, one), Ok(2_000 * 10_000));
		assert_eq!(points_floor(20_000, 100 * DTEL, 10 * DTEL, one), Ok(10_000 * 10_000));
		assert_eq!(points_floor(20_000, 15 * DTEL, 10 * DTEL, one), Ok(1_500 * 10_000));
		assert_eq!(points_floor(20_000, 0, 10 * DTEL, one), Ok(0));
		assert_eq!(points_floor(20_000, 0, 0, one), Ok(20_000 * 10_000));
		assert_eq!(points_floor(2_000, 100 * DTEL, 10 * DTEL, BasisPoints::ZERO), Ok(0));
	}

	proptest! {
		#[test]
		fn points_rise_with_work_stake_and_score(k in any::<u32>(), s in any::<u128>(), p in any::<u128>(), q in 0u16..=10_000, dk in 0u32..1000, ds in 0u128..DTEL, dq in 0u16..100) {
			let score = BasisPoints::new(q).unwrap();
			let base = points_floor(k, s, p, score).unwrap();
			prop_assert!(points_floor(k.saturating_add(dk), s, p, score).unwrap() >= base);
			prop_assert!(points_floor(k, s.saturating_add(ds), p, score).unwrap() >= base);
			prop_assert!(points_floor(k, s, p, BasisPoints::saturating(u32::from(q) + u32::from(dq))).unwrap() >= base);
			prop_assert!(base <= u128::from(k) * 10_000);
		}
	}
}
