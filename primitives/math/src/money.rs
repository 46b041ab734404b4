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

/// What the reserve releases in an era: a fixed fraction of what remains, rounded down. Repeated, the
/// remainder falls exponentially and never below zero.
pub fn release_floor(reserve: Balance, per_era: Perquintill) -> Result<Balance, MathError> {
	share_floor(reserve, u128::from(per_era.deconstruct()), u128::from(Perquintill::ACCURACY))
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

		/// Fifty years of eras against a big-integer model, to the planck.
		#[test]
		fn releases_follow_the_model(start in 1u128..1_000_000_000 * dtel_primitives::DTEL, fraction in 0u64..1_000_000_000_000_000) {
			let per_era = Perquintill::from_parts(fraction);
			let mut reserve = start;
			let mut model = BigUint::from(start);
			for _ in 0..2_000 {
				let released = release_floor(reserve, per_era).unwrap();
				let expected = &model * fraction / 1_000_000_000_000_000_000u64;
				prop_assert_eq!(BigUint::from(released), expected.clone());
				reserve -= released;
				model -= expected;
			}
		}

		#[test]
		fn a_part_never_exceeds_the_amount(amount in any::<u128>(), parts in 0u16..=10_000) {
			let bp = BasisPoints::new(parts).unwrap();
			let part = part_floor(amount, bp);
			let rest = part_floor(amount, bp.complement());
			prop_assert!(part <= amount && amount - part - rest <= 1);
		}
	}
}
