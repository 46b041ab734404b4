//! Stake as readers see it: pools, positions, commissions.

use crate::{units::text, Balance, BasisPoints, EraIndex};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// What an operator keeps of its pool's rewards, and what it promised about it.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct Commission {
	/// The part of rewards that the operator keeps before they are shared.
	pub rate: BasisPoints,
	/// It will never be more than this.
	pub most: BasisPoints,
	/// It will never rise by more than this from an era to the next.
	pub rise: BasisPoints,
}

/// A pool.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct PoolView {
	/// The era in which it was opened.
	pub opened: EraIndex,
	/// The era in which it closed.
	pub closed: Option<EraIndex>,
	/// Whether the operator wants no work.
	pub chilled: bool,
	/// How many positions are in it.
	pub members: u32,
	/// The operator's own active stake.
	#[serde(serialize_with = "text")]
	pub own: Balance,
	/// What the operator needs of its own.
	#[serde(serialize_with = "text")]
	pub required: Balance,
	/// All stake that counts in the running era, after slashes.
	#[serde(serialize_with = "text")]
	pub active: Balance,
	/// The commission of the running era.
	pub rate: BasisPoints,
	/// The commission from the next era on, and what was promised.
	pub commission: Commission,
	/// Commission that is not claimed.
	#[serde(serialize_with = "text")]
	pub unclaimed: Balance,
	/// The last era whose reward was shared.
	pub credited: EraIndex,
}

/// A part of a position.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct EntryView<AccountId> {
	/// What it is worth, after slashes.
	#[serde(serialize_with = "text")]
	pub amount: Balance,
	/// The era in which it joined.
	pub joined: EraIndex,
	/// The era in which it left.
	pub left: Option<EraIndex>,
	/// The first era in which it can be withdrawn.
	pub matures: Option<EraIndex>,
	/// The operator from which it was moved and for whom it still answers.
	pub source: Option<AccountId>,
}

/// A position: what a holder has in a pool.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct PositionView<AccountId> {
	/// What it has earned and was not paid.
	#[serde(serialize_with = "text")]
	pub reward: Balance,
	/// What slashes cost it and was not taken.
	#[serde(serialize_with = "text")]
	pub slashed: Balance,
	/// Stake that has not left, after slashes.
	#[serde(serialize_with = "text")]
	pub active: Balance,
	/// Everything in it, after slashes.
	pub entries: Vec<EntryView<AccountId>>,
	/// Whether rewards become stake.
	pub compounds: bool,
	/// Whether it is `settle` that pays what was earned, not `claim`: slashes may have to be taken, or no stake is left.
	pub unsettled: bool,
}
