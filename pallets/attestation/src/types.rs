//! What the pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{
	assignment::Ring, report::Measurement, Balance, BasisPoints, EraIndex, Hash, NodeId,
};
use scale_info::TypeInfo;

/// A node in the snapshot of an era.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Member<AccountId> {
	/// The node.
	pub node: NodeId,
	/// Its operator when the snapshot was frozen.
	pub owner: AccountId,
	/// The operator's stake that counted for this node.
	pub stake: Balance,
}

/// How far the snapshot of an era has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Snapshot {
	pub(crate) members: u32,
	pub(crate) stake: Balance,
	pub(crate) complete: bool,
	pub(crate) cursor: Option<NodeId>,
}

impl Snapshot {
	/// How many members were frozen so far. They have the dense indices below this number.
	pub const fn members(&self) -> u32 {
		self.members
	}

	/// The stake of all members together.
	pub const fn stake(&self) -> Balance {
		self.stake
	}

	/// Whether every registered node was looked at. One that was not complete when its era began
	/// stays so, and the era has no members.
	pub const fn is_complete(&self) -> bool {
		self.complete
	}
}

/// What the ring of an era is made from: drawn in the era's first block, then fixed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Draw {
	pub(crate) seed: [u8; 32],
	pub(crate) targets: u32,
}

impl Draw {
	/// The seed of the ring.
	pub const fn seed(&self) -> [u8; 32] {
		self.seed
	}

	/// How many targets a verifier has in this era, pairs of one owner included.
	pub const fn targets(&self) -> u32 {
		self.targets
	}
}

/// The members of an era in the order in which they measure each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Committee {
	pub(crate) ring: Ring,
	pub(crate) targets: u32,
}

/// What a verifier has committed to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Commitment {
	pub(crate) hash: Hash,
	pub(crate) revealed: bool,
}

impl Commitment {
	/// The commitment.
	pub const fn hash(&self) -> Hash {
		self.hash
	}

	/// Whether the report behind it was revealed.
	pub const fn is_revealed(&self) -> bool {
		self.revealed
	}
}

/// How much of an era is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Progress {
	/// Verifiers that committed.
	pub commits: u32,
	/// Verifiers that revealed.
	pub reveals: u32,
	/// Measurements that they revealed.
	pub measured: u32,
	/// How many of these found their target down.
	pub down: u32,
	/// Members that are settled: those with the dense indices below this number.
	pub settled: u32,
}

/// One measurement of a target, with what it weighs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Sample {
	/// Who measured.
	pub verifier: NodeId,
	/// The verifier's stake in the era, at least [`Self::LEAST_WEIGHT`]; just that of who is jailed.
	pub weight: Balance,
	/// What it measured.
	pub measurement: Measurement,
}

impl Sample {
	/// The least that a sample weighs.
	pub const LEAST_WEIGHT: Balance = 1;
}

/// The newest score of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Last {
	/// The era of the score.
	pub era: EraIndex,
	/// The score.
	pub score: BasisPoints,
}

/// How far a walk over the eras and their members has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Walk {
	pub(crate) era: EraIndex,
	pub(crate) index: u32,
}

/// Which part of the past a pruning step removes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Past {
	/// What scores are made from: samples, commitments, seeds.
	Evidence,
	/// What was judged: members, outcomes, counters.
	History,
}
