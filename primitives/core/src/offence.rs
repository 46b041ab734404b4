//! What a node or a validator can do wrong, the evidence of it, and the views of what follows.
//!
//! Evidence is typed and bounded: whoever reads a penalty sees what it is for without asking the one who
//! reported it. What each kind costs is no matter of this crate.

use crate::{units::text, AccountId, Balance, BasisPoints, EraIndex, Hash, NodeId};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::Perbill;

/// Identifier of a penalty: given in order of reports, never twice.
pub type PenaltyId = u32;

/// Who did it.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Offender<AccountId> {
	/// A node, as a server of calls or as a verifier.
	#[codec(index = 0)]
	Node(NodeId),
	/// A validator of the chain.
	#[codec(index = 1)]
	Validator(AccountId),
}

/// What can be done wrong.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
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
pub enum OffenceKind {
	/// A verifier revealed nothing.
	#[codec(index = 0)]
	MissedDuty,
	/// A quorum of its verifiers found a node down, unanimously, era after era.
	#[codec(index = 1)]
	Unavailable,
	/// Too many of a node's last scores were under the threshold.
	#[codec(index = 2)]
	PoorQuality,
	/// What a verifier measured was outside of the tolerance in too many of its last eras.
	#[codec(index = 3)]
	Outlier,
	/// A verifier signed two different reveals for one era.
	#[codec(index = 4)]
	DoubleReveal,
	/// Round trips to a node were faster than light for most of its verifiers in too many eras.
	#[codec(index = 5)]
	FalsePlace,
	/// A validator made two blocks in one slot.
	#[codec(index = 6)]
	BabeEquivocation,
	/// A validator voted for two blocks in one round.
	#[codec(index = 7)]
	GrandpaEquivocation,
}

impl OffenceKind {
	/// Every kind.
	pub const ALL: [Self; 8] = [
		Self::MissedDuty,
		Self::Unavailable,
		Self::PoorQuality,
		Self::Outlier,
		Self::DoubleReveal,
		Self::FalsePlace,
		Self::BabeEquivocation,
		Self::GrandpaEquivocation,
	];

	/// Whether it was done by a node in its service, as server or verifier, and so escalates.
	pub const fn is_service(self) -> bool {
		!matches!(self, Self::BabeEquivocation | Self::GrandpaEquivocation)
	}

	/// Whether it costs the operator all pay of its era when its penalty is executed: what is never an accident. Other
	/// offences cost no more pay than the score of zero that they go with.
	pub const fn forfeits_pay(self) -> bool {
		matches!(
			self,
			Self::DoubleReveal
				| Self::FalsePlace
				| Self::BabeEquivocation
				| Self::GrandpaEquivocation
		)
	}
}

/// When a validator equivocated. Two equivocations of a kind by one validator are different ones if, and only if,
/// their occasions are.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
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
pub struct Occasion {
	/// The set of GRANDPA authorities; zero for BABE.
	pub set: u64,
	/// The round of that set; the slot for BABE.
	pub round: u64,
}

/// How many validators equivocated together, and what that costs each.
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
pub struct Equivocation {
	/// The session in which it was done.
	pub session: u32,
	/// The slot or round in which it was done.
	pub occasion: Occasion,
	/// How many validators did it at the same time, as far as is known.
	pub offenders: u32,
	/// How many validators there were.
	pub validators: u32,
	/// The part of the stake that it costs: `min((3 · offenders / validators)², 1)`.
	pub fraction: Perbill,
}

/// What shows that an offence was committed.
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
pub enum Evidence {
	/// Of [`OffenceKind::MissedDuty`].
	#[codec(index = 0)]
	MissedDuty {
		/// Whether it committed, and then revealed nothing.
		committed: bool,
		/// How many members of that era revealed.
		revealed: u32,
		/// How many members there were.
		members: u32,
	},
	/// Of [`OffenceKind::Unavailable`].
	#[codec(index = 1)]
	Unavailable {
		/// How many verifiers were assigned.
		assigned: u8,
		/// How many reported, all of them the same.
		reported: u8,
		/// In how many measurements of all members of that era the target was down.
		down: u32,
		/// How many measurements there were.
		measured: u32,
	},
	/// Of [`OffenceKind::PoorQuality`].
	#[codec(index = 2)]
	PoorQuality {
		/// How many scores were under the threshold.
		below: u8,
		/// Of how many.
		of: u8,
		/// The worst score since none of the looked at ones was under the threshold.
		worst: BasisPoints,
	},
	/// Of [`OffenceKind::Outlier`].
	#[codec(index = 3)]
	Outlier {
		/// In how many eras it was outside.
		eras: u8,
		/// Of how many.
		of: u8,
	},
	/// Of [`OffenceKind::DoubleReveal`].
	#[codec(index = 4)]
	DoubleReveal {
		/// The hash of one of the signed reports.
		first: Hash,
		/// That of the other.
		second: Hash,
	},
	/// Of [`OffenceKind::FalsePlace`].
	#[codec(index = 5)]
	FalsePlace {
		/// In how many eras the bound was broken for most of its verifiers.
		broken: u8,
		/// Of how many in which enough of them could tell.
		of: u8,
	},
	/// Of [`OffenceKind::BabeEquivocation`].
	#[codec(index = 6)]
	BabeEquivocation(Equivocation),
	/// Of [`OffenceKind::GrandpaEquivocation`].
	#[codec(index = 7)]
	GrandpaEquivocation(Equivocation),
}

impl Evidence {
	/// What it is evidence of.
	pub const fn kind(&self) -> OffenceKind {
		match self {
			Self::MissedDuty { .. } => OffenceKind::MissedDuty,
			Self::Unavailable { .. } => OffenceKind::Unavailable,
			Self::PoorQuality { .. } => OffenceKind::PoorQuality,
			Self::Outlier { .. } => OffenceKind::Outlier,
			Self::DoubleReveal { .. } => OffenceKind::DoubleReveal,
			Self::FalsePlace { .. } => OffenceKind::FalsePlace,
			Self::BabeEquivocation(_) => OffenceKind::BabeEquivocation,
			Self::GrandpaEquivocation(_) => OffenceKind::GrandpaEquivocation,
		}
	}

	/// Which of the offender's offences of this kind and era it is, for the kinds of which there can be several; the
	/// same for all others.
	pub const fn occasion(&self) -> Occasion {
		match self {
			Self::BabeEquivocation(e) | Self::GrandpaEquivocation(e) => e.occasion,
			_ => Occasion { set: 0, round: 0 },
		}
	}

	/// The fraction that comes with the report, for the kinds that have one.
	pub const fn fraction(&self) -> Option<Perbill> {
		match self {
			Self::BabeEquivocation(e) | Self::GrandpaEquivocation(e) => Some(e.fraction),
			_ => None,
		}
	}
}

/// How far a penalty has come.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum PenaltyStatus {
	/// It waits for its era.
	#[codec(index = 0)]
	Pending,
	/// The offender's operator has appealed and nobody has decided.
	#[codec(index = 1)]
	Appealed,
	/// An appeal was rejected; it waits for its era.
	#[codec(index = 2)]
	Upheld,
	/// Stake was taken, if there was any to take.
	#[codec(index = 3)]
	Executed,
	/// It was cancelled.
	#[codec(index = 4)]
	Cancelled,
}

/// A penalty: what for, what of it, and who may do what until when.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct PenaltyView {
	/// Its identifier.
	pub id: PenaltyId,
	/// The era of the offence.
	pub era: EraIndex,
	/// Who did it.
	pub offender: Offender<AccountId>,
	/// The operator whose stake answers.
	pub owner: AccountId,
	/// What was done.
	pub kind: OffenceKind,
	/// What shows it.
	pub evidence: Evidence,
	/// The part of the stake that it costs, in parts of a thousand million.
	pub fraction: Perbill,
	/// How many strikes it was escalated by.
	pub strikes: u32,
	/// The first era in which the jail term of this offence alone is over.
	pub jail_until: EraIndex,
	/// The era in which it was reported.
	pub reported: EraIndex,
	/// How far it has come.
	pub status: PenaltyStatus,
	/// What was taken.
	#[serde(serialize_with = "text")]
	pub taken: Balance,
	/// The bond of the open appeal.
	#[serde(serialize_with = "text")]
	pub bond: Balance,
	/// The owner may appeal before this era begins; nothing when it may not.
	pub appeal_before: Option<EraIndex>,
	/// The appeal origin may uphold it now, because an appeal is open.
	pub may_uphold: bool,
	/// The appeal origin may cancel it now, because it was not executed.
	pub may_cancel: bool,
	/// It is executed from this era on, by the chain or by whoever asks; nothing when it was or never will be.
	pub executes_from: Option<EraIndex>,
}

/// A page of open penalties.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct PenaltyPage {
	/// The penalties.
	pub penalties: Vec<PenaltyView>,
	/// What to ask the next page with; nothing after the last one.
	pub next: Option<PenaltyId>,
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn kinds_and_evidence_have_the_same_stable_indices() {
		let occasion = Occasion { set: 3, round: 7 };
		let fraction = Perbill::one();
		let e = Equivocation { session: 1, occasion, offenders: 1, validators: 4, fraction };
		let all = [
			Evidence::MissedDuty { committed: true, revealed: 3, members: 4 },
			Evidence::Unavailable { assigned: 5, reported: 4, down: 4, measured: 20 },
			Evidence::PoorQuality { below: 3, of: 5, worst: BasisPoints::ZERO },
			Evidence::Outlier { eras: 3, of: 5 },
			Evidence::DoubleReveal { first: Hash::zero(), second: Hash::repeat_byte(1) },
			Evidence::FalsePlace { broken: 4, of: 5 },
			Evidence::BabeEquivocation(e),
			Evidence::GrandpaEquivocation(e),
		];
		for (index, (evidence, kind)) in all.iter().zip(OffenceKind::ALL).enumerate() {
			assert_eq!(evidence.kind(), kind);
			assert_eq!(kind.encode(), [index as u8]);
			assert_eq!(evidence.encode()[0], index as u8);
			assert_eq!(kind.is_service(), index < 6);
			assert_eq!(kind.forfeits_pay(), index >= 4);
			assert_eq!(evidence.fraction().is_some(), index >= 6);
			assert_eq!(evidence.occasion() == occasion, index >= 6);
			assert_eq!(evidence.occasion() == Occasion::default(), index < 6);
		}
		assert_eq!(Offender::<u32>::Node(7).encode()[0], 0);
		assert_eq!(Offender::<u32>::Validator(7).encode()[0], 1);
	}
}
