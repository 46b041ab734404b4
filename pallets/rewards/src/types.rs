//! What storage holds and what readers see of it.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_math::{money::share_floor, MathError};
use dtel_primitives::{Balance, EraIndex};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// An era's points and money.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EraLedger {
	/// How many members were scored.
	pub(crate) members: u32,
	/// The sum of their points.
	pub(crate) points: u128,
	/// What the reserve released.
	pub(crate) released: Balance,
	/// What was paid of it.
	pub(crate) paid: Balance,
	/// Whether every member is scored and the release made.
	pub(crate) settled: bool,
}

impl EraLedger {
	/// What was released and not paid.
	pub(crate) fn unpaid(&self) -> Balance {
		self.released.saturating_sub(self.paid)
	}

	/// What so many of its points are worth. Fixed from settlement on.
	pub(crate) fn share(&self, points: u128) -> Result<Balance, MathError> {
		share_floor(self.released, points, self.points)
	}
}

/// A member's points in an era.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct NodeLedger<AccountId> {
	/// The operator to be paid.
	pub(crate) owner: AccountId,
	/// What the node earned.
	pub(crate) points: u128,
}

/// An operator's points in an era: the sum over its nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct OperatorLedger {
	/// What its nodes earned.
	pub(crate) points: u128,
	/// Whether nobody could take its share, or too many later eras waited. If not, and the operator does not
	/// wait for the era any more, it was paid its share.
	pub(crate) refused: bool,
}

/// Most eras for which an operator can wait to be paid: those of history, the ones that are being scored and
/// closed, and some in reserve.
pub const MAX_UNPAID: u32 = 96;
/// The eras for which an operator is to be paid, by rising era.
pub type UnpaidEras = BoundedVec<EraIndex, ConstU32<MAX_UNPAID>>;

/// Up to where history is closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Horizon {
	/// The first era that is not closed. Nothing is ever scored, settled or paid in an earlier one.
	pub(crate) oldest: EraIndex,
	/// Whether entries of the era before it are still to be removed.
	pub(crate) sweeping: bool,
}

/// A share that can be paid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Due {
	/// Of which era.
	pub ledger: EraLedger,
	/// How much: nothing, when the share is less than a planck.
	pub amount: Balance,
	/// The operator's eras that are still to be paid after this one.
	pub rest: UnpaidEras,
}

/// An era, as readers see it.
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
pub struct EraPay {
	/// What the reserve released for it.
	pub released: Balance,
	/// The sum of its members' points.
	pub points: u128,
	/// What was paid of it.
	pub paid: Balance,
	/// Whether every member is scored and the release made.
	pub settled: bool,
	/// How many members were scored.
	pub members: u32,
}

impl From<EraLedger> for EraPay {
	fn from(era: EraLedger) -> Self {
		let EraLedger { members, points, released, paid, settled } = era;
		Self { released, points, paid, settled, members }
	}
}

/// A node in an era, as readers see it.
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
pub struct NodePay {
	/// What it earned.
	pub points: u128,
	/// Its part in what was paid for its operator, once that was asked for.
	pub paid: Option<Balance>,
	/// Its part in what [`Pallet::payable`](crate::Pallet::payable) says of its operator.
	pub payable: Option<Balance>,
}

/// An operator in an era, as readers see it.
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
pub struct OperatorPay {
	/// What its nodes earned.
	pub points: u128,
	/// What was paid for it, once it was asked for. Nothing if nobody could take it.
	pub paid: Option<Balance>,
}
