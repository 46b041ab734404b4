//! The terms under which granted tokens become free, and grants as readers see them.

use crate::{units::text, Balance, BasisPoints, BlockNumber};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// When tokens become free: a part at the start, nothing more before the cliff, then what accrued since the start,
/// period by period, and all of it at the end.
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
	Serialize,
	Deserialize,
)]
pub struct Terms {
	/// The block from which tokens accrue, and at which [`Self::at_start`] is free.
	pub start: BlockNumber,
	/// The block before which nothing else is free. Not before the start.
	pub cliff: BlockNumber,
	/// The block at which all is free. Not before the cliff, and after the start.
	pub end: BlockNumber,
	/// The part that is free at the start.
	pub at_start: BasisPoints,
	/// Tokens accrue in steps of so many blocks; 1 for every block. Not zero, and no longer than from start to end.
	pub period: BlockNumber,
}

/// Why terms are none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TermsError {
	/// The end is not after the start.
	EndsTooEarly,
	/// The cliff is before the start, or after the end.
	CliffOutside,
	/// The period is zero, or longer than from start to end.
	PeriodOutside,
}

impl Terms {
	/// Whether the dates are in order. Decoding does not check it.
	pub fn validate(&self) -> Result<(), TermsError> {
		if self.end <= self.start {
			return Err(TermsError::EndsTooEarly);
		}
		if self.cliff < self.start || self.cliff > self.end {
			return Err(TermsError::CliffOutside);
		}
		if self.period == 0 || self.period > self.span() {
			return Err(TermsError::PeriodOutside);
		}
		Ok(())
	}

	/// Blocks from start to end.
	pub const fn span(&self) -> BlockNumber {
		self.end.saturating_sub(self.start)
	}
}

/// Tokens that become free at a block.
#[derive(
	Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct Unlock {
	/// The block.
	pub at: BlockNumber,
	/// How many.
	#[serde(serialize_with = "text")]
	pub amount: Balance,
}

/// A part of a calendar: tokens that become free in equal steps. A single date has its block as both ends.
#[derive(
	Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct Segment {
	/// The block of the first step.
	pub from: BlockNumber,
	/// Blocks from a step to the next; zero for a single date.
	pub every: BlockNumber,
	/// The block of the last step.
	pub until: BlockNumber,
	/// What all the steps free together. A step frees its share, give or take a planck.
	#[serde(serialize_with = "text")]
	pub amount: Balance,
}

/// What becomes of the frozen tokens of an account, from now on.
#[derive(
	Clone, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct Calendar {
	/// What a claim would free now.
	#[serde(serialize_with = "text")]
	pub free_now: Balance,
	/// What stays frozen after that for the account itself: the sum of [`Self::segments`].
	#[serde(serialize_with = "text")]
	pub frozen: Balance,
	/// What was revoked and is owed to those who granted it: it is frozen until it can be paid.
	#[serde(serialize_with = "text")]
	pub owed: Balance,
	/// The next date at which something becomes free, and all that does then.
	pub next: Option<Unlock>,
	/// What becomes free later, in the order in which it begins: at most four segments for each grant.
	pub segments: Vec<Segment>,
}

/// A grant.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct GrantView<AccountId> {
	/// Its number, by which it is revoked, waived and merged.
	pub id: u64,
	/// Who gave it, and gets what is revoked.
	pub grantor: AccountId,
	/// Its terms.
	pub terms: Terms,
	/// What was granted.
	#[serde(serialize_with = "text")]
	pub amount: Balance,
	/// What of it is vested by now.
	#[serde(serialize_with = "text")]
	pub vested: Balance,
	/// What of it was freed.
	#[serde(serialize_with = "text")]
	pub released: Balance,
	/// Who can revoke it.
	pub revoker: Option<AccountId>,
}

#[cfg(test)]
mod tests {
	use super::*;

	const TERMS: Terms =
		Terms { start: 10, cliff: 20, end: 110, at_start: BasisPoints::ZERO, period: 10 };

	#[test]
	fn dates_in_order_are_accepted_to_the_edges() {
		assert_eq!(TERMS.validate(), Ok(()));
		assert_eq!(Terms { cliff: 10, ..TERMS }.validate(), Ok(()));
		assert_eq!(Terms { cliff: 110, period: 100, ..TERMS }.validate(), Ok(()));
		let widest = Terms { start: 0, cliff: 0, end: u32::MAX, period: u32::MAX, ..TERMS };
		assert_eq!(widest.validate(), Ok(()));
	}

	#[test]
	fn dates_out_of_order_are_refused() {
		for end in [0, 9, 10] {
			assert_eq!(Terms { end, ..TERMS }.validate(), Err(TermsError::EndsTooEarly));
		}
		for cliff in [0, 9, 111, u32::MAX] {
			assert_eq!(Terms { cliff, ..TERMS }.validate(), Err(TermsError::CliffOutside));
		}
		for period in [0, 101, u32::MAX] {
			assert_eq!(Terms { period, ..TERMS }.validate(), Err(TermsError::PeriodOutside));
		}
	}
}
