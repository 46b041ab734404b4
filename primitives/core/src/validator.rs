//! Validators, and who may become one, as readers see them.

use crate::{units::text, Balance};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Whether an account can be chosen to validate, or why not.
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
#[serde(rename_all = "camelCase")]
pub enum Standing {
	/// It can be chosen.
	#[codec(index = 0)]
	Eligible,
	/// It has no session keys.
	#[codec(index = 1)]
	NoKeys,
	/// It is jailed as a validator.
	#[codec(index = 2)]
	Jailed,
	/// Its active stake is less than the floor: it bonded too little, retired, or is chilled.
	#[codec(index = 3)]
	BelowFloor,
}

/// An account that validates or wants to.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct ValidatorView<AccountId> {
	/// The account.
	pub who: AccountId,
	/// Its stake that counts in the running era.
	#[serde(serialize_with = "text")]
	pub stake: Balance,
	/// Whether it asked to be chosen by stake.
	pub candidate: bool,
	/// Whether it is one of the validators of genesis.
	pub founder: bool,
	/// Whether it could be chosen now, or why not.
	pub standing: Standing,
	/// Whether it was slashed or jailed since a set was chosen last, and is left out of the next choice.
	pub struck: bool,
	/// Whether it validates in the running session.
	pub seated: bool,
	/// Whether it will in the next one.
	pub next: bool,
	/// Whether it may author no blocks.
	pub disabled: bool,
}

/// Who validates, who wants to, and what decides.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct ValidatorsView<AccountId> {
	/// How many validators there are at most.
	pub wanted: u32,
	/// With fewer candidates that can be chosen than this the old set stays.
	pub minimum: u32,
	/// The least active stake.
	#[serde(serialize_with = "text")]
	pub floor: Balance,
	/// How many candidates there can be. When there are as many, one has to be displaced.
	pub places: u32,
	/// Whether a set was ever chosen by stake. Before that the validators of genesis validate.
	pub elected: bool,
	/// Everybody who validates or wants to: by falling stake, then by account.
	pub validators: Vec<ValidatorView<AccountId>>,
}
