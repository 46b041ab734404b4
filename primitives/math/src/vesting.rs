//! What of a grant is vested at a block, and at which blocks that changes.

use crate::money::{part_floor, share_floor};
use dtel_primitives::{
	vesting::{Segment, Terms},
	Balance, BlockNumber,
};

/// What of `amount` is vested at block `now`.
///
/// ```text
/// now < start            0
/// now < cliff            S                                               S = ⌊amount · at_start⌋
/// now < end              S + ⌊(amount − S) · k · period / (end − start)⌋ k = ⌊(now − start) / period⌋
/// otherwise              amount
/// ```
///
/// It never falls as `now` rises, and is never above `amount`, whatever the terms.
pub fn vested_floor(amount: Balance, terms: &Terms, now: BlockNumber) -> Balance {
	if now >= terms.end {
		return amount;
	}
	if now < terms.start {
		return 0;
	}
	let first = part_floor(amount, terms.at_start);
	if now < terms.cliff {
		return first;
	}
	let since = now.saturating_sub(terms.start);
	// Whole periods only. Terms without a period are not accepted: they free nothing before the end.
	let steps = since.checked_div(terms.period).unwrap_or(0);
	let accrued = steps.saturating_mul(terms.period);
	let rest = amount.saturating_sub(first);
	// `accrued ≤ since < end − start`: the share exists.
	let more = share_floor(rest, accrued.into(), terms.span().into()).unwrap_or(0);
	first.saturating_add(more)
}

/// What of a grant that was put together `merges` times is vested: two planck less for each time, until the end.
///
/// Rounding down a sum loses less than rounding down its parts: one planck at the start and one in what accrues. Without
/// them nothing is free earlier than it was in the parts.
pub fn merged_floor(amount: Balance, terms: &Terms, merges: u32, now: BlockNumber) -> Balance {
	let vested = vested_floor(amount, terms, now);
	if now >= terms.end {
		return vested;
	}
	vested.saturating_sub(Balance::from(merges).saturating_mul(2))
}

/// The first step of the period after a block, if it is before the end.
fn step_after(terms: &Terms, block: BlockNumber) -> Option<BlockNumber> {
	let since = block.saturating_sub(terms.start);
	let step = since.checked_div(terms.period)?.checked_add(1)?;
	let at = terms.start.checked_add(step.checked_mul(terms.period)?)?;
	(at < terms.end).then_some(at)
}

/// The last step of the period before the end.
fn last_step(terms: &Terms) -> Option<BlockNumber> {
	let steps = terms.span().checked_sub(1)?.checked_div(terms.period)?;
	terms.start.checked_add(steps.checked_mul(terms.period)?)
}

/// The blocks after `now` at which more becomes free, in order: the start, the cliff, the steps between cliff and end, the end. Amounts are
/// those that `vested` says; a date at which it does not rise is left out. `vested` must not fall.
pub fn segments(
	terms: &Terms,
	now: BlockNumber,
	vested: &dyn Fn(BlockNumber) -> Balance,
) -> [Option<Segment>; 4] {
	let between = |before: BlockNumber, from: BlockNumber, every, until: BlockNumber| {
		let amount = vested(until).saturating_sub(vested(before));
		(amount > 0).then_some(Segment { from, every, until, amount })
	};
	let single = |before, at: BlockNumber| (at > now).then(|| between(before, at, 0, at)).flatten();
	let cliff_counts = terms.cliff > terms.start && terms.cliff < terms.end;
	let start = single(now, terms.start);
	let after_start = now.max(terms.start);
	let cliff = cliff_counts.then(|| single(after_start, terms.cliff)).flatten();
	let after_cliff = after_start.max(terms.cliff);
	let first = step_after(terms, after_cliff);
	let steps = match (first, last_step(terms)) {
		(Some(from), Some(until)) if from <= until => Some((from, until)),
		_ => None,
	};
	let linear = steps.and_then(|(from, until)| {
		let every = if from == until { 0 } else { terms.period };
		between(after_cliff, from, every, until)
	});
	let after_steps = steps.map_or(after_cliff, |(_, until)| until);
	// A cliff at the end is the end.
	let after_steps = if terms.cliff >= terms.end { after_start } else { after_steps };
	let end = single(after_steps, terms.end);
	[start, cliff, linear, end]
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtel_primitives::{BasisPoints, DTEL};
	use num_bigint::BigUint;
	use proptest::prelude::*;

	/// A tenth at the start, a cliff after a quarter, twelve months of 100 blocks.
	const TERMS: Terms = Terms {
		start: 1_000,
		cliff: 1_300,
		end: 2_200,
		at_start: BasisPoints::saturating(1_000),
		period: 100,
	};

	#[test]
	fn a_grant_vests_as_its_terms_say() {
		let at = |now| vested_floor(1_200, &TERMS, now);
		assert_eq!([0, 999].map(at), [0, 0]);
		assert_eq!([1_000, 1_299].map(at), [120, 120]);
		// A tenth, and three twelfths of the rest.
		assert_eq!([1_300, 1_399, 1_400].map(at), [390, 390, 480]);
		assert_eq!([2_100, 2_199, 2_200, u32::MAX].map(at), [1_110, 1_110, 1_200, 1_200]);
	}

	#[test]
	fn a_calendar_has_the_start_the_cliff_the_steps_and_the_end() {
		let vested = |now| vested_floor(1_200, &TERMS, now);
		let point = |at, amount| Some(Segment { from: at, every: 0, until: at, amount });
		assert_eq!(
			segments(&TERMS, 0, &vested),
			[
				point(1_000, 120),
				point(1_300, 270),
				Some(Segment { from: 1_400, every: 100, until: 2_100, amount: 720 }),
				point(2_200, 90)
			]
		);
		// In the middle of things only what is to come.
		let left = Some(Segment { from: 1_600, every: 100, until: 2_100, amount: 540 });
		assert_eq!(segments(&TERMS, 1_500, &vested), [None, None, left, point(2_200, 90)]);
		assert_eq!(segments(&TERMS, 2_100, &vested), [None, None, None, point(2_200, 90)]);
		assert_eq!(segments(&TERMS, 2_200, &vested), [None; 4]);
		// The cliff is the end.
		let late = Terms { cliff: 2_200, ..TERMS };
		let vested = |now| vested_floor(1_200, &late, now);
		assert_eq!(
			segments(&late, 0, &vested),
			[point(1_000, 120), None, None, point(2_200, 1_080)]
		);
	}

	#[test]
	fn nothing_overflows_at_the_last_block() {
		let at_start = BasisPoints::ZERO;
		let all = Terms { start: 0, cliff: 0, end: u32::MAX, at_start, period: 1 };
		let vested = |now| vested_floor(Balance::MAX, &all, now);
		assert_eq!(vested(u32::MAX), Balance::MAX);
		assert!(vested(u32::MAX - 1) < Balance::MAX);
		let last = segments(&all, u32::MAX - 1, &vested);
		assert_eq!(last[3].map(|s| s.from), Some(u32::MAX));
		let late = Terms { start: u32::MAX - 1, cliff: u32::MAX, ..all };
		assert_eq!(vested_floor(7, &late, u32::MAX - 1), 0);
		assert_eq!(vested_floor(7, &late, u32::MAX), 7);
		assert_eq!(segments(&late, 5, &|now| vested_floor(7, &late, now))[3].unwrap().amount, 7);
	}

	/// Terms that no chain accepts do no harm.
	#[test]
	fn terms_out_of_order_free_nothing_early() {
		let at_start = BasisPoints::ONE;
		let none = Terms { start: 10, cliff: 90, end: 50, at_start, period: 0 };
		assert_eq!([9, 10, 49, 50].map(|now| vested_floor(8, &none, now)), [0, 8, 8, 8]);
		let still = Terms { start: 10, cliff: 10, end: 50, at_start: BasisPoints::ZERO, period: 0 };
		assert_eq!([10, 49, 50].map(|now| vested_floor(8, &still, now)), [0, 0, 8]);
		assert_eq!(segments(&still, 0, &|now| vested_floor(8, &still, now))[3].unwrap().amount, 8);
	}

	/// Short ones and such as reach to the last block.
	fn terms() -> impl Strategy<Value = Terms> {
		(any::<[u32; 4]>(), 0u32..32, 0u16..=10_000).prop_map(|([a, b, c, p], shift, tge)| {
			let mut dates = [a >> shift, b >> shift, c >> shift];
			dates.sort_unstable();
			let [start, cliff, end] = dates;
			let (start, end) =
				if start == end { (start.min(u32::MAX - 1), end.max(1)) } else { (start, end) };
			let end = end.max(start + 1);
			let period = (p >> shift) % (end - start) + 1;
			let at_start = BasisPoints::new(tge).unwrap();
			Terms { start, cliff: cliff.clamp(start, end), end, at_start, period }
		})
	}

	/// The formula again, in numbers that cannot overflow, with the periods counted out as a fraction.
	fn exact(amount: Balance, terms: &Terms, now: BlockNumber) -> BigUint {
		let (amount, ten_thousand) = (BigUint::from(amount), BigUint::from(10_000u32));
		if now >= terms.end {
			return amount;
		}
		if now < terms.start {
			return BigUint::ZERO;
		}
		let tge = &amount * u32::from(terms.at_start.parts()) / ten_thousand;
		if now < terms.cliff {
			return tge;
		}
		let blocks = now - terms.start - (now - terms.start) % terms.period;
		let linear = (&amount - &tge) * blocks / (terms.end - terms.start);
		tge + linear
	}

	proptest! {
		#![proptest_config(ProptestConfig::with_cases(2_048))]

		#[test]
		fn what_is_vested_is_the_floor_of_the_exact_figure(
			amount in any::<u128>(), shift in 0u32..128, terms in terms(), now in any::<u32>(), near in 0u64..3_000
		) {
			prop_assert_eq!(terms.validate(), Ok(()));
			let amount = amount >> shift;
			let inside = terms.start + (u64::from(terms.span()) * near / 2_999) as u32;
			for now in [now, inside, terms.start, terms.cliff, terms.end, terms.end - 1, terms.start.saturating_sub(1)] {
				prop_assert_eq!(BigUint::from(vested_floor(amount, &terms, now)), exact(amount, &terms, now));
			}
		}

		#[test]
		fn it_never_falls_and_never_exceeds_what_was_granted(
			amount in any::<u128>(), shift in 0u32..128, terms in terms(), merges in 0u32..30, blocks in any::<[u32; 8]>()
		) {
			let amount = amount >> shift;
			let span = u64::from(terms.span()) + 2;
			let mut blocks = blocks.map(|b| terms.start.saturating_add((u64::from(b) % span) as u32));
			blocks.sort_unstable();
			for pair in blocks.windows(2) {
				for merges in [0, merges] {
					let [a, b] = [pair[0], pair[1]].map(|now| merged_floor(amount, &terms, merges, now));
					prop_assert!(a <= b && b <= amount);
				}
			}
			prop_assert_eq!(vested_floor(amount, &terms, terms.end), amount);
			prop_assert_eq!(merged_floor(amount, &terms, merges, terms.end), amount);
			if let Some(before) = terms.start.checked_sub(1) {
				prop_assert_eq!(vested_floor(amount, &terms, before), 0);
			}
		}

		/// However grants of the same terms are put together, nothing is free before it was.
		#[test]
		fn a_sum_is_never_free_earlier_than_its_parts(
			parts in prop::collection::vec((any::<u64>(), 0u32..64), 2..9), terms in terms(), near in 0u64..3_000
		) {
			let parts: Vec<Balance> = parts.iter().map(|(n, shift)| Balance::from(n >> shift)).collect();
			let now = terms.start + (u64::from(terms.span()) * near / 2_999) as u32;
			let apart: Balance = parts.iter().map(|part| vested_floor(*part, &terms, now)).sum();
			let merges = parts.len() as u32 - 1;
			let together = merged_floor(parts.iter().sum(), &terms, merges, now);
			prop_assert!(together <= apart);
			prop_assert!(apart - together <= 2 * Balance::from(merges), "{apart} {together}");
		}

		/// What the calendar says becomes free is what becomes free, and nothing does at any other block.
		#[test]
		fn a_calendar_says_all_that_is_to_come(
			amount in 0..DTEL, shift in 0u32..60, terms in terms(), near in 0u64..3_600, probe in any::<u32>()
		) {
			let amount = amount >> shift;
			let now = terms.start.saturating_add((u64::from(terms.span()) * near / 2_999) as u32);
			let now = if near > 3_300 { 0 } else { now };
			let vested = |at| vested_floor(amount, &terms, at);
			let all: Vec<_> = segments(&terms, now, &vested).into_iter().flatten().collect();
			let sum: Balance = all.iter().map(|segment| segment.amount).sum();
			prop_assert_eq!(sum, amount - vested(now));
			let mut last = now;
			for Segment { from, every, until, .. } in &all {
				prop_assert!(last < *from && from <= until);
				let whole = (until - from).checked_rem(*every).map_or(from == until, |rest| rest == 0);
				prop_assert!(whole);
				last = *until;
			}
			// At a block that no segment names nothing becomes free.
			let probe = now.saturating_add(1).saturating_add(probe % terms.span().saturating_add(9));
			let named = all.iter().any(|s| {
				probe == s.from || (s.every > 0 && probe >= s.from && probe <= s.until && (probe - s.from) % s.every == 0)
			});
			prop_assert!(named || vested(probe) == vested(probe - 1), "{probe}: {all:?}");
		}
	}
}
