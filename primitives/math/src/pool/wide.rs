//! Products of two numbers of 128 bits, divided by a power of two: no division is needed.

use core::ops::{Shl, Shr};
use sp_core::U256;

fn product(a: u128, b: u128) -> U256 {
	// 128 and 128 bits: nothing can be lost.
	U256::from(a).overflowing_mul(U256::from(b)).0
}

fn narrow(value: U256) -> Option<u128> {
	u128::try_from(value).ok()
}

/// `a · b / 2^bits`, rounded down, if it fits. `bits` is less than 256.
pub(super) fn scaled_floor(a: u128, b: u128, bits: u32) -> Option<u128> {
	narrow(product(a, b).shr(bits))
}

/// `a · b / 2^bits`, rounded up, if it fits. `bits` is less than 256.
pub(super) fn scaled_ceil(a: u128, b: u128, bits: u32) -> Option<u128> {
	let (all, one) = (product(a, b), U256::one());
	let below = one.shl(bits).overflowing_sub(one).0;
	let floor = narrow(all.shr(bits))?;
	match (all & below).is_zero() {
		true => Some(floor),
		false => floor.checked_add(1),
	}
}

/// `a · b / 2^bits`, rounded to the nearest, up if two are, if it fits. `bits` is between 1 and 255.
pub(super) fn scaled_nearest(a: u128, b: u128, bits: u32) -> Option<u128> {
	let half = U256::one().shl(bits.saturating_sub(1));
	let (sum, carry) = product(a, b).overflowing_add(half);
	(!carry).then(|| narrow(sum.shr(bits))).flatten()
}

#[cfg(test)]
mod tests {
	use super::*;
	use sp_arithmetic::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};

	/// The same figures as the library's division, at the edges and in between.
	#[test]
	fn products_are_those_of_a_division() {
		let edges = [0, 1, 2, 3, (1 << 64) - 1, 1 << 64, 1 << 127, (1 << 127) + 1, u128::MAX];
		let spread = |n: u128| n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
		let numbers: Vec<u128> = edges.into_iter().chain((1..60).map(spread)).collect();
		for a in &numbers {
			for b in &numbers {
				for bits in [64, 127] {
					let by =
						|rounding| multiply_by_rational_with_rounding(*a, *b, 1 << bits, rounding);
					assert_eq!(scaled_floor(*a, *b, bits), by(Rounding::Down), "{a} {b} {bits}");
					assert_eq!(scaled_ceil(*a, *b, bits), by(Rounding::Up), "{a} {b} {bits}");
					let nearest = by(Rounding::NearestPrefUp);
					assert_eq!(scaled_nearest(*a, *b, bits), nearest, "{a} {b} {bits}");
				}
			}
		}
	}
}
