//! What is left of stake after slashes, as a fraction that never vanishes.

use super::wide::scaled_nearest;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::Balance;
use scale_info::TypeInfo;
use sp_arithmetic::{
	helpers_128bit::multiply_by_rational_with_rounding, PerThing, Perbill, Rounding,
};

/// The top bit, which a mantissa always has.
const UNIT: u128 = 1 << UNIT_BITS;
const UNIT_BITS: u32 = 127;
/// A total slash moves the point by so many bits: no balance is left of it, and the factor is still
/// one by which others can be divided.
const TOTAL: u32 = 128;

/// A number in `(0, 1]`: `mantissa · 2^-(127 + shift)`, the mantissa's top bit set.
///
/// A product is rounded to the nearest 128 bits, so that what is left of an amount below 2^96 planck is
/// exact after one slash, and after dozens of them off by a planck at most.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Factor {
	mantissa: u128,
	shift: u32,
}

impl Factor {
	/// Nothing was taken.
	pub const ONE: Self = Self { mantissa: UNIT, shift: 0 };

	/// What is left after `fraction` more was taken.
	pub fn after_slash(self, fraction: Perbill) -> Self {
		let whole = Perbill::ACCURACY;
		let kept = whole.saturating_sub(fraction.deconstruct());
		if kept == whole {
			return self;
		}
		if kept == 0 {
			return Self { shift: self.shift.saturating_add(TOTAL), ..self };
		}
		// The least power of two by which what is kept is no less than the whole: at least one, since it is less.
		let mut bits = 0u32;
		let mut part = u128::from(kept);
		while part < u128::from(whole) {
			part = part.saturating_mul(2);
			bits = bits.saturating_add(1);
		}
		let scaled = |part| {
			let rounding = Rounding::NearestPrefUp;
			multiply_by_rational_with_rounding(self.mantissa, part, u128::from(whole), rounding)
		};
		match scaled(part) {
			Some(mantissa) => Self::bounded(mantissa, self.shift.saturating_add(bits)),
			// One bit too many: half of it has its top bit set.
			None => Self::bounded(
				scaled(part >> 1).unwrap_or(u128::MAX),
				self.shift.saturating_add(bits).saturating_sub(1),
			),
		}
	}

	/// This fraction of that one.
	pub fn times(self, other: Self) -> Self {
		let shift = self.shift.saturating_add(other.shift);
		let product = |mantissa| scaled_nearest(mantissa, other.mantissa, UNIT_BITS);
		match product(self.mantissa) {
			Some(mantissa) => Self::bounded(mantissa, shift),
			None => Self::bounded(
				product(self.mantissa >> 1).unwrap_or(u128::MAX),
				shift.saturating_sub(1),
			),
		}
	}

	/// Rounding up must not carry a product of fractions above one.
	fn bounded(mantissa: u128, shift: u32) -> Self {
		if shift == 0 {
			return Self::ONE;
		}
		Self { mantissa: mantissa | UNIT, shift }
	}

	/// What is left of an amount from which `applied` was taken before, when `self` is what is left of the whole:
	/// `amount · self / applied`, rounded down, never more than the amount. What lies less than 2^-20 planck below a
	/// whole number counts as that: the factors themselves are rounded.
	pub fn apply_floor(self, amount: Balance, applied: Self) -> Balance {
		if self == applied {
			return amount;
		}
		let Some(bits) = self.shift.checked_sub(applied.shift) else { return amount };
		// As many binary places as there is room for.
		let places = amount.leading_zeros().saturating_sub(1).min(24);
		let fine = amount.checked_shl(places).unwrap_or(amount);
		let rounding = Rounding::Down;
		let value = multiply_by_rational_with_rounding(
			fine,
			self.mantissa >> 1,
			applied.mantissa >> 1,
			rounding,
		)
		.unwrap_or(u128::MAX);
		let all = bits.saturating_add(places);
		let nearly = all.checked_sub(20).and_then(|n| 1u128.checked_shl(n)).unwrap_or(0);
		value.saturating_add(nearly).checked_shr(all).unwrap_or(0).min(amount)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use num_bigint::BigUint;
	use proptest::prelude::*;

	const BILLION: u32 = 1_000_000_000;

	#[test]
	fn nothing_is_lost_when_nothing_is_taken() {
		assert_eq!(Factor::ONE.after_slash(Perbill::zero()), Factor::ONE);
		assert_eq!(Factor::ONE.times(Factor::ONE), Factor::ONE);
		assert_eq!(Factor::ONE.apply_floor(u128::MAX, Factor::ONE), u128::MAX);
	}

	#[test]
	fn nothing_is_left_when_all_is_taken_and_who_comes_after_is_whole() {
		let none = Factor::ONE.after_slash(Perbill::one());
		assert_eq!(none.apply_floor(u128::MAX, Factor::ONE), 0);
		assert_eq!(none.apply_floor(u128::MAX, none), u128::MAX);
		let half = none.after_slash(Perbill::from_percent(50));
		assert_eq!(half.apply_floor(1_000, none), 500);
	}

	/// A thousandth is left of what was left, two hundred times: far below any float.
	#[test]
	fn factors_do_not_vanish() {
		let mut factor = Factor::ONE;
		for _ in 0..200 {
			let next = factor.after_slash(Perbill::from_rational(999u32, 1_000));
			assert_eq!(next.apply_floor(1_000_000, factor), 1_000);
			factor = next;
		}
		assert!(factor.shift > 1_900);
	}

	proptest! {
		#[test]
		fn one_slash_is_exact(amount in 0u128..1 << 96, parts in 0u32..=BILLION) {
			let exact: u128 = (BigUint::from(amount) * (BILLION - parts) / BILLION).try_into().unwrap();
			let left = Factor::ONE.after_slash(Perbill::from_parts(parts)).apply_floor(amount, Factor::ONE);
			prop_assert_eq!(left, exact);
		}

		/// Taken at once or in turns, from the whole or from what was left: at most a planck a touch apart
		/// from the exact fraction.
		#[test]
		fn many_slashes_are_exact_but_for_a_planck(
			amount in 0u128..1 << 96,
			slashes in prop::collection::vec(0u32..=BILLION, 1..40),
			touched in 0usize..40,
		) {
			let (mut all, mut exact, mut over) = (Factor::ONE, BigUint::from(amount), BigUint::from(1u32));
			let mut turn = (amount, Factor::ONE);
			for (i, parts) in slashes.iter().enumerate() {
				let before = all;
				all = all.times(Factor::ONE.after_slash(Perbill::from_parts(*parts)));
				let direct = before.after_slash(Perbill::from_parts(*parts));
				prop_assert!(all.apply_floor(amount, Factor::ONE).abs_diff(direct.apply_floor(amount, Factor::ONE)) <= 1);
				exact *= BILLION - parts;
				over *= BILLION;
				if i == touched {
					turn = (all.apply_floor(turn.0, turn.1), all);
				}
			}
			let exact: u128 = (exact / over).try_into().unwrap();
			let whole = all.apply_floor(amount, Factor::ONE);
			prop_assert!(whole.abs_diff(exact) <= 1, "{} {}", whole, exact);
			let turns = all.apply_floor(turn.0, turn.1);
			prop_assert!(turns <= exact + 1 && exact - exact.min(turns) <= 1, "{} {}", turns, exact);
		}
	}
}
