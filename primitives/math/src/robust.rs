//! Quorums, capped weights and weighted medians.

use alloc::vec::Vec;
use sp_arithmetic::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};

/// How many of `assigned` make a quorum: two thirds, rounded up. Zero for nobody, so that whoever
/// compares with it has to ask for at least one report, too.
pub const fn quorum(assigned: u32) -> u32 {
	(assigned as u64).saturating_mul(2).saturating_add(2).wrapping_div(3) as u32
}

/// The largest weight that each may have so that none has more than `cap_parts` in ten thousand of
/// the sum of the capped weights, exactly. With so few voters that they cannot all stay below the
/// cap, it is the smallest positive weight: all count alike. Zero when nobody has weight.
///
/// Cutting the heaviest `j` to a common `c` leaves the sum `j·c + rest`; the smallest `j` for which
/// `c = cap · (j·c + rest)` does not cut into the next is the answer. Rounding `c` down keeps the
/// promise, for `c ≤ cap · (j·c + rest)` holds below the solution.
pub fn weight_cap(weights: &[u128], cap_parts: u16) -> u128 {
	let limit = addable(weights.len());
	let mut sorted: Vec<u128> =
		weights.iter().filter(|w| **w > 0).map(|w| (*w).min(limit)).collect();
	sorted.sort_unstable_by(|a, b| b.cmp(a));
	let mut rest = sorted.iter().fold(0u128, |sum, w| sum.saturating_add(*w));
	let mut room = WHOLE;
	for (cut, weight) in sorted.iter().enumerate() {
		let level = level_floor(rest, cap_parts, room);
		if *weight <= level {
			// Nobody from here on is above the level that those cut so far leave.
			return if cut == 0 { *weight } else { level };
		}
		rest = rest.saturating_sub(*weight);
		room = match room.checked_sub(cap_parts.into()) {
			Some(left) if left > 0 => left,
			_ => break,
		};
	}
	sorted.last().copied().unwrap_or(0)
}

/// All parts of a whole.
const WHOLE: u32 = 10_000;

/// The largest weight of which `count` can be added up. Cutting a heavier one to it first changes no
/// result that lies below it, and no supply of tokens comes near it.
fn addable(count: usize) -> u128 {
	u128::MAX.checked_div(count as u128).unwrap_or(u128::MAX)
}

/// `rest · cap / room`, rounded down.
fn level_floor(rest: u128, cap_parts: u16, room: u32) -> u128 {
	multiply_by_rational_with_rounding(rest, cap_parts.into(), room.into(), Rounding::Down)
		.unwrap_or(u128::MAX)
}

/// Bits of a value that a median looks at; more counts as all of them.
const VALUE_BITS: u32 = 48;

/// The lower weighted median: the smallest value at which at least half of the weight is reached.
/// Nothing for no weight. A coalition with less than half of the weight cannot
/// move it beyond the values of the others. Values are told apart below 2⁴⁸; at most 65,536 of them are looked at.
///
/// What a median costs is sorting. So it sorts integers of value and place, and looks weights up afterwards.
pub fn weighted_median<V: Copy + Into<u64>>(values: &[(V, u128)]) -> Option<V> {
	weighted_quantile(values, WHOLE / 2)
}

/// The lower weighted quantile: the smallest value at which so many parts in ten thousand of the weight are reached, of which all
/// is the most. What is said of the median holds of it, too.
pub fn weighted_quantile<V: Copy + Into<u64>>(values: &[(V, u128)], parts: u32) -> Option<V> {
	let most = (1u64 << VALUE_BITS).wrapping_sub(1);
	let places = 0..=u16::MAX;
	let mut keys: Vec<u64> = values
		.iter()
		.zip(places)
		.map(|((value, _), place)| {
			(*value).into().min(most) << (u64::BITS - VALUE_BITS) | u64::from(place)
		})
		.collect();
	keys.sort_unstable();
	let limit = addable(values.len());
	let at = |key: u64| values.get(usize::from(key as u16));
	let weight = |key: u64| at(key).map_or(0, |(_, weight)| (*weight).min(limit));
	let total = keys.iter().fold(0u128, |sum, key| sum.saturating_add(weight(*key)));
	let wanted = part_of_ceil(total, parts.min(WHOLE));
	let mut reached = 0u128;
	let middle = keys.into_iter().find(|key| {
		let weight = weight(*key);
		reached = reached.saturating_add(weight);
		weight > 0 && reached >= wanted
	})?;
	at(middle).map(|(value, _)| *value)
}

/// So many parts in ten thousand of a sum, rounded up.
fn part_of_ceil(sum: u128, parts: u32) -> u128 {
	multiply_by_rational_with_rounding(sum, parts.into(), WHOLE.into(), Rounding::Up).unwrap_or(sum)
}

/// How far a value may be from the middle of others: `factor` times their median distance from it, and at least `least`.
///
/// The median distance does not follow outliers as a standard deviation does (P. J. Huber, "Robust Statistics", 1981); of a normal
/// distribution it is 0.6745 σ. `values` are weighted as for the median.
pub fn tolerance(values: &[(u32, u128)], middle: u32, factor: u32, least: u32) -> u32 {
	let distances: Vec<_> =
		values.iter().map(|(value, weight)| (value.abs_diff(middle), *weight)).collect();
	weighted_median(&distances).map_or(least, |spread| spread.saturating_mul(factor).max(least))
}

#[cfg(test)]
mod tests {
	use super::*;
	use num_bigint::BigUint;
	use proptest::prelude::*;

	#[test]
	fn a_quorum_is_two_thirds_rounded_up() {
		assert_eq!([0, 1, 2, 3, 4, 5, 6].map(quorum), [0, 1, 2, 2, 3, 4, 4]);
	}

	#[test]
	fn medians_by_hand() {
		assert_eq!(weighted_median::<u32>(&[]), None);
		assert_eq!(weighted_median::<u32>(&[(5, 0)]), None);
		assert_eq!(weighted_median::<u32>(&[(3, 1), (1, 1), (2, 1)]), Some(2));
		assert_eq!(weighted_median::<u32>(&[(3, 10), (1, 1), (2, 1)]), Some(3));
		assert_eq!(weighted_median::<u32>(&[(1, 1), (2, 1)]), Some(1));
		assert_eq!(weighted_median::<u32>(&[(1, 0), (2, 1)]), Some(2));
		// All bits of a version, and none more.
		assert_eq!(
			weighted_median::<u64>(&[(1 << 47, 1), ((1 << 48) - 1, 1), (u64::MAX, 1)]),
			Some((1 << 48) - 1)
		);
	}

	#[test]
	fn quantiles_by_hand() {
		let five = [(3u32, 1), (1, 1), (2, 1), (5, 1), (4, 1)];
		let of = |parts| weighted_quantile(&five, parts);
		assert_eq!([0, 2_000, 2_001, 4_000, 5_000].map(of), [1, 1, 2, 2, 3].map(Some));
		assert_eq!([9_999, 10_000, u32::MAX].map(of), [5; 3].map(Some));
		assert_eq!(weighted_quantile(&[(7u32, 9), (1, 1)], 1_000), Some(1));
		assert_eq!(weighted_quantile(&[(7u32, u128::MAX), (1, u128::MAX)], 5_001), Some(7));
		assert_eq!(weighted_quantile::<u32>(&[], 5_000), None);
	}

	#[test]
	fn caps_by_hand() {
		assert_eq!(weight_cap(&[], 2_000), 0);
		// Ten equal ones are below 20 % each.
		assert_eq!(weight_cap(&[7; 10], 2_000), 7);
		// Four cannot each be below 20 %: alike.
		assert_eq!(weight_cap(&[100, 5, 3, 2], 2_000), 2);
		// One whale among nine ones: c = 0.2 (c + 9) → c = 2.25, rounded down.
		assert_eq!(weight_cap(&[1_000, 100, 100, 100, 100, 100, 100, 100, 100, 100], 2_000), 225);
	}

	#[test]
	fn caps_at_the_edges() {
		assert_eq!(weight_cap(&[0, 0], 2_000), 0);
		assert_eq!(weight_cap(&[9], 2_000), 9);
		assert_eq!(weight_cap(&[9, 0, 4], 2_000), 4, "who has no weight is nobody");
		// Five at 20 % are exactly alike.
		assert_eq!(weight_cap(&[50, 40, 30, 20, 10], 2_000), 10);
		// No cap, and a cap of nothing.
		assert_eq!(weight_cap(&[9, 4], 10_000), 9);
		assert_eq!(weight_cap(&[9, 4], u16::MAX), 9);
		assert_eq!(weight_cap(&[9, 4], 0), 4);
		// A whale far beyond any supply beside nine single planck: c = 0.2 (c + 9).
		let mut whale = [1u128; 10];
		whale[3] = u128::MAX;
		assert_eq!(weight_cap(&whale, 2_000), 2);
		assert_eq!(weight_cap(&[u128::MAX; 10], 2_000), u128::MAX / 10);
	}

	/// The largest integer level by its definition: the sum is taken anew for every candidate.
	fn largest_level(weights: &[u128], cap_parts: u16) -> Option<u128> {
		let heaviest = weights.iter().copied().max()?;
		(1..=heaviest).rev().find(|level| {
			let sum: u128 = weights.iter().map(|w| (*w).min(*level)).sum();
			level * 10_000 <= u128::from(cap_parts) * sum
		})
	}

	fn weights() -> impl Strategy<Value = Vec<u128>> {
		let weight =
			prop_oneof![Just(1), 1u128..100, 1u128..1 << 90, any::<u128>().prop_map(|w| w.max(1))];
		prop::collection::vec(weight, 5..90)
	}

	#[test]
	fn tolerances_by_hand() {
		assert_eq!(tolerance(&[], 5, 4, 3), 3);
		// Distances 0, 1, 1, 2, 90: the median is 1, whatever the last one is.
		let values = [(10, 1), (9, 1), (11, 1), (12, 1), (100, 1)];
		assert_eq!(tolerance(&values, 10, 4, 3), 4);
		assert_eq!(tolerance(&[(10, 1), (9, 1), (11, 1)], 10, 4, 9), 9);
		assert_eq!(tolerance(&[(0, 1)], u32::MAX, 4, 9), u32::MAX);
	}

	proptest! {
		#[test]
		fn no_capped_weight_exceeds_its_share(weights in weights(), cap_parts in 2_000u16..=10_000) {
			let cap = weight_cap(&weights, cap_parts);
			let sum: BigUint = weights.iter().map(|w| BigUint::from((*w).min(cap))).sum();
			prop_assert!(cap > 0);
			for w in &weights {
				prop_assert!(BigUint::from((*w).min(cap)) * 10_000u32 <= &sum * cap_parts);
			}
		}

		/// A higher cap would break the promise: nobody is cut for nothing.
		#[test]
		fn the_cap_is_the_largest(weights in prop::collection::vec(1u128..300, 1..12), cap_parts in 0u16..=10_000) {
			let cap = weight_cap(&weights, cap_parts);
			match largest_level(&weights, cap_parts) {
				Some(level) => prop_assert_eq!(cap, level),
				None => prop_assert_eq!(cap, *weights.iter().min().unwrap()),
			}
		}

		#[test]
		fn the_order_of_weights_does_not_matter(mut weights in weights(), cap_parts in any::<u16>()) {
			let cap = weight_cap(&weights, cap_parts);
			weights.reverse();
			prop_assert_eq!(weight_cap(&weights, cap_parts), cap);
		}

		/// A voter that adds weight to itself, the others' being as they are, never loses weight.
		#[test]
		fn more_weight_never_counts_less(weights in weights(), more in any::<u128>(), cap_parts in any::<u16>()) {
			let before = weights[0].min(weight_cap(&weights, cap_parts));
			let mut after = weights.clone();
			after[0] = weights[0].saturating_add(more);
			prop_assert!(after[0].min(weight_cap(&after, cap_parts)) >= before);
		}

		/// Whoever holds less than half of the weight cannot push the median past the others.
		#[test]
		fn a_minority_cannot_leave_the_range_of_the_others(
			honest in prop::collection::vec((0u32..1_000, 10u128..20), 3..20),
			liars in prop::collection::vec((any::<u32>(), 1u128..10), 0..3),
		) {
			let h: u128 = honest.iter().map(|(_, w)| *w).sum();
			let l: u128 = liars.iter().map(|(_, w)| *w).sum();
			prop_assume!(l < h);
			let all: Vec<_> = honest.iter().chain(&liars).copied().collect();
			let m = weighted_median(&all).unwrap();
			let (low, high) = (honest.iter().map(|x| x.0).min().unwrap(), honest.iter().map(|x| x.0).max().unwrap());
			prop_assert!(low <= m && m <= high);
		}

		#[test]
		fn a_quantile_parts_the_weight(
			values in prop::collection::vec((any::<u16>(), 1u128..1u128 << 100), 1..40),
			parts in 1u32..=10_000,
		) {
			let total: u128 = values.iter().map(|v| v.1).sum();
			let found = weighted_quantile(&values, parts).unwrap();
			let below: u128 = values.iter().filter(|v| v.0 < found).map(|v| v.1).sum();
			let upto: u128 = values.iter().filter(|v| v.0 <= found).map(|v| v.1).sum();
			let wanted = total * u128::from(parts);
			prop_assert!(below * 10_000 < wanted && wanted <= upto * 10_000);
		}

		#[test]
		fn the_median_halves_the_weight(values in prop::collection::vec((any::<u16>(), 0u128..1u128 << 100), 1..40)) {
			let total: u128 = values.iter().map(|v| v.1).sum();
			match weighted_median(&values) {
				None => prop_assert_eq!(total, 0),
				Some(m) => {
					let below: u128 = values.iter().filter(|v| v.0 < m).map(|v| v.1).sum();
					let above: u128 = values.iter().filter(|v| v.0 > m).map(|v| v.1).sum();
					prop_assert!(below * 2 < total + 1 && above * 2 <= total);
				},
			}
		}
	}
}
