//! Releases, shares and slashes of balances.

use crate::MathError;
use dtel_primitives::{Balance, BasisPoints};
use sp_arithmetic::{
	helpers_128bit::multiply_by_rational_with_rounding, PerThing, Perquintill, Rounding,
};

/// `amount · part / whole`, rounded down, exact through 256 bits.
pub fn share_floor(amount: Balance, part: u128, whole: u128) -> Result<Balance, MathError> {
	if whole == 0 {
		return Err(MathError::DivisionByZero);
	}
	if part > whole {
		return Err(MathError::PartExceedsWhole);
	}
	// Most products fit: one division instead of the four that a product of 256 bits takes.
	let short = amount.checked_mul(part).and_then(|product| product.checked_div(whole));
	short
		.or_else(|| multiply_by_rational_with_rounding(amount, part, whole, Rounding::Down))
		.ok_or(MathError::Overflow)
}

/// Milliseconds in a year of 365 days.
pub const YEAR_MS: u64 = 365 * 24 * 60 * 60 * 1_000;

/// What the reserve releases in an era: `reserve · yearly · era / year`, rounded down once. Repeated, the remainder
/// falls exponentially and never below zero. An era is no longer than a year.
pub fn release_floor(
	reserve: Balance,
	yearly: Perquintill,
	era_ms: u64,
) -> Result<Balance, MathError> {
	// Less than 2^60 · 2^35.
	let part = u128::from(yearly.deconstruct()).checked_mul(era_ms.min(YEAR_MS).into());
	let whole = u128::from(Perquintill::ACCURACY).checked_mul(YEAR_MS.into());
	share_floor(reserve, part.ok_or(MathError::Overflow)?, whole.ok_or(MathError::Overflow)?)
}

/// What so much earned on a stake in a span of time is in a year, in parts per ten thousand of the stake, rounded down.
/// Nothing on no stake or in no time; more than can be told is the most that can.
pub fn yearly_rate_floor(earned: Balance, stake: Balance, span_ms: u64) -> u32 {
	let parts = u128::from(YEAR_MS).saturating_mul(10_000);
	if span_ms == 0 || stake == 0 {
		return 0;
	}
	multiply_by_rational_with_rounding(earned, parts, span_ms.into(), Rounding::Down)
		.unwrap_or(u128::MAX)
		.checked_div(stake)
		.and_then(|rate| rate.try_into().ok())
		.unwrap_or(u32::MAX)
}

/// `fraction` of an amount, rounded down.
pub fn part_floor(amount: Balance, fraction: BasisPoints) -> Balance {
	share_floor(amount, u128::from(fraction.parts()), 10_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
	use super::*;
	use num_bigint::BigUint;
	use proptest::prelude::*;

	#[test]
	fn shares_of_nothing_and_too_large_parts_fail() {
		assert_eq!(share_floor(5, 0, 0), Err(MathError::DivisionByZero));
		assert_eq!(share_floor(5, 3, 2), Err(MathError::PartExceedsWhole));
		assert_eq!(share_floor(Balance::MAX, 7, 7), Ok(Balance::MAX));
	}

	proptest! {
		#[test]
		fn share_is_the_floor_of_the_exact_quotient(
			amount in any::<u128>(), a in any::<u128>(), b in 1..u128::MAX, shifts in [0u32..128, 0..128]
		) {
			// Of all sizes, so that the product fits or does not.
			let (amount, a, b) = (amount >> shifts[0], a >> shifts[1], (b >> shifts[1]).max(1));
			let (part, whole) = (a.min(b), a.max(b));
			let exact: u128 = (BigUint::from(amount) * BigUint::from(part) / BigUint::from(whole)).try_into().unwrap();
			prop_assert_eq!(share_floor(amount, part, whole), Ok(exact));
		}

		/// However a whole is divided, the shares never sum to more than it, nor lack a planck each.
		#[test]
		fn shares_never_exceed_the_whole(amount in any::<u128>(), parts in prop::collection::vec(0u64..u64::MAX / 64, 1..32)) {
			let whole: u128 = parts.iter().map(|p| u128::from(*p)).sum();
			prop_assume!(whole > 0);
			let mut left = amount;
			for p in &parts {
				left = left.checked_sub(share_floor(amount, u128::from(*p), whole).unwrap()).unwrap();
			}
			prop_assert!(left < parts.len() as u128);
		}

		/// Of any length of eras.
		#[test]
		fn a_release_is_the_floor_of_the_exact_product(
			reserve in any::<u128>(), yearly in 0..=1_000_000_000_000_000_000u64, era_ms in 0..2 * YEAR_MS
		) {
			let released = release_floor(reserve, Perquintill::from_parts(yearly), era_ms).unwrap();
			let exact = BigUint::from(reserve) * yearly * era_ms.min(YEAR_MS)
				/ (BigUint::from(1_000_000_000_000_000_000u64) * YEAR_MS);
			prop_assert_eq!(BigUint::from(released), exact);
		}

		#[test]
		fn a_part_never_exceeds_the_amount(amount in any::<u128>(), parts in 0u16..=10_000) {
			let bp = BasisPoints::new(parts).unwrap();
			let part = part_floor(amount, bp);
			let rest = part_floor(amount, bp.complement());
			prop_assert!(part <= amount && amount - part - rest <= 1);
		}
	}

	/// Fifty years of eras of six hours, to the planck, against a model in big integers.
	#[test]
	fn fifty_years_of_releases_follow_the_model() {
		let run = |start: u128, yearly: u64| {
			let (mut reserve, mut model) = (start, BigUint::from(start));
			let era_ms = 6 * 60 * 60 * 1_000;
			let whole = BigUint::from(1_000_000_000_000_000_000u64) * YEAR_MS;
			for _ in 0..50 * 4 * 365 {
				let released =
					release_floor(reserve, Perquintill::from_parts(yearly), era_ms).unwrap();
				let expected = &model * yearly * era_ms / &whole;
				assert_eq!(BigUint::from(released), expected);
				reserve -= released;
				model -= expected;
			}
			reserve
		};
		let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(16));
		let reserves = 1u128..1_000_000_000 * dtel_primitives::DTEL;
		let cases = (reserves, 0..=1_000_000_000_000_000_000u64);
		let followed = |(start, yearly)| {
			run(start, yearly);
			Ok(())
		};
		runner.run(&cases, followed).unwrap();
		// A tenth a year leaves (1 - 0.1 / 1460)^73000 = 0.67 % of it.
		let left = run(400_000_000 * dtel_primitives::DTEL, 100_000_000_000_000_000);
		let permyriad = left * 10_000 / (400_000_000 * dtel_primitives::DTEL);
		assert_eq!(permyriad, 67);
	}

	#[test]
	fn a_yearly_rate_is_what_a_year_of_such_eras_would_bring() {
		use dtel_primitives::DTEL;
		assert_eq!(yearly_rate_floor(DTEL, 1_460 * DTEL, 21_600_000), 10_000);
		assert_eq!(yearly_rate_floor(DTEL, 14_600 * DTEL, 21_600_000), 1_000);
		assert_eq!(yearly_rate_floor(DTEL, 14_600 * DTEL + 1, 21_600_000), 999);
		assert_eq!(yearly_rate_floor(0, DTEL, 60_000), 0);
		assert_eq!(yearly_rate_floor(DTEL, 0, 60_000), 0);
		assert_eq!(yearly_rate_floor(DTEL, DTEL, 0), 0);
		assert_eq!(yearly_rate_floor(u128::MAX, 1, 1), u32::MAX);
	}

	#[test]
	fn an_era_of_six_hours_releases_a_1460th_of_the_yearly_part() {
		let (reserve, tenth) = (400_000_000 * dtel_primitives::DTEL, Perquintill::from_percent(10));
		assert_eq!(release_floor(reserve, tenth, 21_600_000), Ok(reserve / 14_600));
		// A minute, as on a development chain: 76.1 DTEL.
		assert_eq!(release_floor(reserve, tenth, 60_000), Ok(reserve / 5_256_000));
		assert_eq!(release_floor(reserve, tenth, u64::MAX), Ok(reserve / 10));
		assert_eq!(release_floor(reserve, Perquintill::zero(), YEAR_MS), Ok(0));
	}
}
