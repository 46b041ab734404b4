//! What a position still earns without stake: of eras that are over and not yet credited.

use super::{
	entry::rereference,
	steps::{self, Steps},
	Book, PoolError,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{Balance, EraIndex};
use scale_info::TypeInfo;

/// Most eras in which that can change. A position whose entries all earn since an era of their own needs one more than
/// it has entries when it is slashed.
pub const MAX_PAST: u32 = 40;

/// Units of stake that a slash took, or that is gone, in the eras throughout which it was active.
#[derive(
	Clone,
	PartialEq,
	Eq,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub(super) struct Past(Steps<MAX_PAST>);

impl Past {
	pub(super) fn is_empty(&self) -> bool {
		self.0.is_empty()
	}

	/// The units in an era.
	pub(super) fn units(&self, era: EraIndex) -> Balance {
		steps::at(&self.0, era)
	}

	/// The boundaries of the book to which it refers when its holder was paid up to `claimed`.
	pub(super) fn references(&self, claimed: EraIndex) -> impl Iterator<Item = EraIndex> + '_ {
		self.0.iter().map(|step| step.era.saturating_sub(1)).filter(move |era| *era > claimed)
	}

	/// Keeps units that were active from one era to before another. Says no, and changes nothing, when there is no
	/// room.
	pub(super) fn keep(
		&mut self,
		units: Balance,
		(from, to): (EraIndex, EraIndex),
		claimed: EraIndex,
		book: &mut Book,
	) -> bool {
		let more = |step: Balance| step.checked_add(units).ok_or(PoolError::Overflow);
		let Ok(changed) = steps::changed(&self.0, from, Some(to), more) else { return false };
		let after = Self(changed);
		let references = |past: &Self| past.references(claimed).collect::<Vec<_>>();
		if rereference(book, &references(self), &references(&after)).is_err() {
			return false;
		}
		*self = after;
		true
	}

	/// What it earned from the end of `claimed` to the end of `credited`.
	pub(super) fn earned(
		&self,
		claimed: EraIndex,
		credited: EraIndex,
		index_at: impl Fn(EraIndex) -> Option<u128>,
	) -> Balance {
		let ends = self.0.iter().skip(1).map(|next| next.era.saturating_sub(1));
		let mut sum = 0u128;
		// The last step is that of nothing.
		for (step, end) in self.0.iter().zip(ends) {
			let (from, to) = (step.era.saturating_sub(1).max(claimed), end.min(credited));
			if from >= to || step.units == 0 {
				continue;
			}
			// Both are kept as long as it refers to them.
			let (Some(from), Some(to)) = (index_at(from), index_at(to)) else { continue };
			sum = sum.saturating_add(Book::earned_floor(step.units, from, to));
		}
		sum
	}

	/// Forgets eras up to this one: they are credited, or never will be.
	pub(super) fn pass(&mut self, credited: EraIndex) {
		steps::forget(&mut self.0, credited.saturating_add(1));
	}

	/// Whether it is in order, and ends.
	pub(super) fn is_sound(&self, claimed: EraIndex) -> bool {
		steps::are_sound(&self.0)
			&& self.0.first().is_none_or(|step| step.era > claimed)
			&& self.0.last().is_none_or(|step| step.units == 0)
	}
}
