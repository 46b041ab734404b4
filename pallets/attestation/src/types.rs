//! What the pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_math::{
	globe::Direction,
	score::{part_ceil, stepped},
};
use dtel_primitives::{
	assignment::Ring,
	report::{Measurement, SelfReport},
	AttestorId, Balance, BasisPoints, EraIndex, Hash, NodeId,
};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_io::hashing::blake2_128;

/// So many outliers in an era are no accident.
const LEAST_OUTLIERS: u8 = 3;

/// Most samples that are pooled of a node: the newest.
pub const MAX_POOL: u32 = 125;

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
	/// Where it declared to be in the era.
	pub place: Option<Direction>,
	/// The bandwidth that it declared: nothing above it counts.
	pub declared_kbps: u32,
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
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Commitment {
	pub(crate) hash: Hash,
	/// The verifier's attestor key of the era, so that what it signed can be checked when the registry has forgotten it.
	pub(crate) key: AttestorId,
	pub(crate) revealed: Option<Revealed>,
}

/// What a verifier revealed, beside its measurements, and what became of these.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Revealed {
	/// How many targets it measured.
	pub measured: u8,
	/// How many of these measurements were outside of the tolerance, or of a target that the verifier cannot be as near to as
	/// it says. Complete when the era is settled.
	pub outliers: u8,
	/// What it says of its own service.
	pub own: Option<SelfReport>,
}

impl Revealed {
	/// How many measurements were within the tolerance.
	pub const fn accepted(&self) -> u8 {
		self.measured.saturating_sub(self.outliers)
	}

	/// Whether the era counts as one in which the verifier was outside of the tolerance: several measurements were, and most.
	/// Fewer may be a target's doing, that treats some of its verifiers otherwise than others.
	pub const fn deviates(&self) -> bool {
		self.outliers >= LEAST_OUTLIERS && self.outliers > self.accepted()
	}
}

impl Commitment {
	/// The commitment.
	pub const fn hash(&self) -> Hash {
		self.hash
	}

	/// Whether the report behind it was revealed.
	pub const fn is_revealed(&self) -> bool {
		self.revealed.is_some()
	}

	/// What was revealed.
	pub const fn revealed(&self) -> Option<Revealed> {
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
	/// How many were noted, as outside of the tolerance or of a place that contradicts all others.
	pub noted: u32,
	/// Members that are settled: those at the places of the ring below this number.
	pub settled: u32,
}

impl Progress {
	/// Whether most measurements were noted: that tells of the era, or of the rule, and of no verifier.
	pub const fn is_odd(&self) -> bool {
		self.noted > self.measured / 2
	}
}

/// One measurement of a target, with what it weighs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Sample {
	/// Who measured.
	pub verifier: NodeId,
	/// Whose verifier that is: equal for nodes of one operator.
	pub voice: Voice,
	/// The verifier's stake in the era, at least [`Self::LEAST_WEIGHT`]; just that of who is jailed.
	pub weight: Balance,
	/// What it measured.
	pub measurement: Measurement,
}

/// The first bytes of the hash of an operator's account. To make one that is like another's takes 2⁶⁴ tries, and gains only
/// that both together weigh as one.
pub type Voice = u64;

impl Sample {
	/// The voice of an operator.
	pub fn voice_of(owner: &impl Encode) -> Voice {
		let [a, b, c, d, e, f, g, h, ..] = owner.using_encoded(blake2_128);
		u64::from_le_bytes([a, b, c, d, e, f, g, h])
	}

	/// The least that a sample weighs.
	pub const LEAST_WEIGHT: Balance = 1;
}

/// A sample and the era in which it was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pooled {
	/// The era.
	pub era: EraIndex,
	/// The sample.
	pub sample: Sample,
}

/// What is pooled of a node.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pool {
	/// Samples by rising era; those of the era that was settled last are the last.
	pub(crate) samples: BoundedVec<Pooled, ConstU32<MAX_POOL>>,
	/// The newest score; nothing before the first.
	pub(crate) last: Option<Last>,
}

impl Pool {
	/// The samples.
	pub fn samples(&self) -> &[Pooled] {
		&self.samples
	}

	/// The newest score.
	pub const fn last(&self) -> Option<Last> {
		self.last
	}

	/// Adds the samples of an era to those from `oldest` on; when there is no room for all, the newest stay.
	pub(crate) fn add(&mut self, oldest: EraIndex, era: EraIndex, samples: &[Sample]) {
		let kept = self.samples.iter().filter(|p| p.era >= oldest && p.era < era).copied();
		let new = samples.iter().map(|sample| Pooled { era, sample: *sample });
		let all: alloc::vec::Vec<_> = kept.chain(new).collect();
		let over = all.len().saturating_sub(MAX_POOL as usize);
		self.samples = BoundedVec::truncate_from(all.get(over..).unwrap_or_default().to_vec());
	}
}

/// The newest score of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Last {
	/// The era of the score.
	pub era: EraIndex,
	/// The score.
	pub score: BasisPoints,
	/// The eras up to this one as bits, the newest lowest: set for one in which all of a full committee but one found it down, or all.
	pub nearly_downs: u8,
	/// What it was worth in the last era in which it was measured; nothing before the first.
	pub worth: Option<Worth>,
}

/// What a node is paid by, if it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Worth {
	/// What of a score is paid.
	pub score: BasisPoints,
	/// The bandwidth that counts.
	pub kbps: u32,
}

impl Worth {
	/// What it is in the next era in which it is measured, when `due` is what the medians say: each part moves by `step` of the whole at
	/// most, of the bandwidth by as much of what is declared, and none is more than that.
	pub(crate) fn towards(self, due: Self, declared_kbps: u32, step: BasisPoints) -> Self {
		let whole = |parts: BasisPoints| u32::from(parts.parts());
		let score = stepped(whole(self.score), whole(due.score), whole(step));
		let kbps = stepped(self.kbps, due.kbps, part_ceil(declared_kbps, step));
		Self { score: BasisPoints::saturating(score), kbps: kbps.min(declared_kbps) }
	}
}

impl Last {
	/// In how many of the seven eras before `era` it was found nearly down; the bits of the eras up to that one if it was `now` again.
	pub(crate) fn downs(last: Option<Self>, era: EraIndex, now: bool) -> (u32, u8) {
		let before = last.map_or(0, |last| {
			let past = era.saturating_sub(last.era);
			last.nearly_downs.checked_shl(past).unwrap_or(0)
		});
		(before.count_ones(), before | u8::from(now))
	}
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
