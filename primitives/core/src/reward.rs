//! Pay as readers see it: eras, operators, what is to be expected.

use crate::{units::text, Balance, BasisPoints, EraIndex};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// What is paid, by what it is for.
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
)]
pub struct Pay {
	/// For attested work of nodes.
	#[serde(serialize_with = "text")]
	pub work: Balance,
	/// For authored blocks.
	#[serde(serialize_with = "text")]
	pub blocks: Balance,
	/// For accepted measurements of verifiers.
	#[serde(serialize_with = "text")]
	pub duty: Balance,
}

impl Pay {
	/// All of it.
	pub const fn total(&self) -> Balance {
		self.work.saturating_add(self.blocks).saturating_add(self.duty)
	}
}

/// What is paid for.
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
)]
pub struct Work {
	/// Points of work: kbit/s × basis points.
	#[serde(serialize_with = "text")]
	pub points: u128,
	/// Authored blocks.
	pub blocks: u64,
	/// Measurements as verifiers in the era before, without outliers.
	pub duty: u64,
}

/// What became of an operator's pay for an era.
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
#[serde(rename_all = "lowercase")]
pub enum PayState {
	/// It is yet to be paid.
	#[default]
	#[codec(index = 0)]
	Waiting,
	/// It was paid.
	#[codec(index = 1)]
	Paid,
	/// Nobody could take it: no stake was active, or the pool is gone.
	#[codec(index = 2)]
	Refused,
	/// It was lost by an offence.
	#[codec(index = 3)]
	Forfeited,
}

/// An era's money and what it is paid for.
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
)]
pub struct EraPay {
	/// What the reserve released for operators.
	pub released: Pay,
	/// What it released for the treasury.
	#[serde(serialize_with = "text")]
	pub treasury: Balance,
	/// What was paid to operators.
	pub paid: Pay,
	/// What all of them did.
	pub all: Work,
	/// How many members were scored.
	pub members: u32,
	/// Whether every member is scored and the release made.
	pub settled: bool,
}

/// An operator in an era.
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
)]
pub struct OperatorPay {
	/// The era.
	pub era: EraIndex,
	/// What it did.
	pub work: Work,
	/// Its share, whatever became of it; nothing before the era is settled.
	pub share: Pay,
	/// What became of it.
	pub state: PayState,
	/// Whether a payout can be made now.
	pub payable: bool,
	/// Whether a penalty for that era is not decided yet, for which the pay waits.
	pub disputed: bool,
}

impl OperatorPay {
	/// What was paid: its share, or nothing if that was refused or lost. None as long as it waits.
	pub const fn paid(&self) -> Option<Pay> {
		match self.state {
			PayState::Waiting => None,
			PayState::Paid => Some(self.share),
			PayState::Refused | PayState::Forfeited => Some(Pay { work: 0, blocks: 0, duty: 0 }),
		}
	}
}

/// What the running era would bring if it went as the last settled one did: the same is done by everybody, the reserve
/// releases by what it holds now, nobody is refused or loses anything, and stake and commission stay as they are.
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
)]
pub struct Expected {
	/// The running era.
	pub era: EraIndex,
	/// The settled era that it is taken to be like.
	pub like: EraIndex,
	/// What is to be expected.
	#[serde(serialize_with = "text")]
	pub amount: Balance,
}

/// What stake with an operator brought its delegators lately, as a yearly rate.
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
)]
pub struct Apr {
	/// The first era that it is from.
	pub first: EraIndex,
	/// The last one, which is settled.
	pub last: EraIndex,
	/// What the operator earned in them, commission included; what it was refused or lost is not in it.
	#[serde(serialize_with = "text")]
	pub earned: Balance,
	/// The stake that shares in the pay of the running era, that of a chilled operator too, which is taken to have done so in
	/// all of them.
	#[serde(serialize_with = "text")]
	pub stake: Balance,
	/// The commission of the running era, which is taken to be that of all.
	pub rate: BasisPoints,
	/// What a year of such eras would bring after commission, in parts per ten thousand of the stake, without
	/// compounding.
	pub apr: u32,
}
