//! Units over time.

use super::PoolError;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{Balance, EraIndex};
use scale_info::TypeInfo;
use sp_core::{bounded::BoundedVec, ConstU32};

/// From an era on, so many units are active throughout.
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
pub struct Step {
	/// The first era for which it holds.
	pub era: EraIndex,
	/// The units.
	pub units: Balance,
}

/// Steps by rising era, no two neighbours alike, none of nothing in the first place.
pub(super) type Steps<const MAX: u32> = BoundedVec<Step, ConstU32<MAX>>;

/// What holds for an era.
pub(super) fn at(steps: &[Step], era: EraIndex) -> Balance {
	steps.iter().rev().find(|step| step.era <= era).map_or(0, |step| step.units)
}

/// The steps when those from one era to before another, or without an end, are changed.
pub(super) fn changed<const MAX: u32>(
	steps: &Steps<MAX>,
	from: EraIndex,
	to: Option<EraIndex>,
	by: impl Fn(Balance) -> Result<Balance, PoolError>,
) -> Result<Steps<MAX>, PoolError> {
	let mut steps = steps.clone();
	if to.is_some_and(|to| to <= from) {
		return Ok(steps);
	}
	for bound in core::iter::once(from).chain(to) {
		if let Err(place) = steps.binary_search_by_key(&bound, |step| step.era) {
			let units = at(&steps, bound);
			steps.try_insert(place, Step { era: bound, units }).map_err(|_| PoolError::Full)?;
		}
	}
	for step in steps.iter_mut() {
		if step.era >= from && to.is_none_or(|to| step.era < to) {
			step.units = by(step.units)?;
		}
	}
	without_repeats(&mut steps);
	Ok(steps)
}

/// Drops steps that change nothing.
pub(super) fn without_repeats<const MAX: u32>(steps: &mut Steps<MAX>) {
	let mut last = 0;
	steps.retain(|step| core::mem::replace(&mut last, step.units) != step.units);
}

/// Forgets what held before an era.
pub(super) fn forget<const MAX: u32>(steps: &mut Steps<MAX>, open: EraIndex) {
	// The last step that began before the era is the one that holds for it.
	let units = at(steps, open);
	steps.retain(|step| step.era > open);
	if units > 0 && steps.try_insert(0, Step { era: open, units }).is_err() {
		// Cannot be: with a full list at least one step was dropped, or none began before.
		debug_assert!(false, "a step was dropped");
	}
}

/// Whether they are in order.
pub(super) fn are_sound(steps: &[Step]) -> bool {
	steps.first().is_none_or(|step| step.units > 0)
		&& steps
			.windows(2)
			.all(|pair| matches!(pair, [a, b] if a.era < b.era && a.units != b.units))
}
