//! # The glue between pallets
//!
//! No pallet depends on another. What one needs of another is a small trait here, implemented by
//! the pallet that owns the matter and wired in the runtime. Each trait has an implementation for
//! `()`, for mocks and for runtimes that leave a part out, and a benchmark helper that makes the
//! worst case.
//!
//! | trait | who owns the matter | who asks |
//! |---|---|---|
//! | [`NodeRegistry`] | Registry | Attestation, Penalties, Staking |
//! | [`StakeLedger`] | Staking | Attestation, Penalties |
//! | [`Eligibility`] | Attestation | Registry |
//! | [`StakeRewards`] | Staking | Rewards |
//! | [`OffenceSink`] | Penalties | Attestation, the runtime for equivocations |
//! | [`QualitySink`] | Penalties | Attestation |
//! | [`RetirementSink`] | Penalties | Registry |
//! | [`Jail`] | Penalties | Attestation, Registry, Validators |
//! | [`Seats`] | the runtime, for sessions | Validators |
//! | [`ValidatorSink`] | Validators | Penalties |
//! | [`ScoreSink`] | Rewards | Attestation |
//! | [`Disputes`] | Penalties | Rewards |
//! | [`Payroll`] | Rewards | Penalties |
//! | [`Grants`] | Vesting | Claims |
//! | [`Promised`] | Vesting | Staking |
//!
//! Attestation *reports*, penalties *decides*, staking alone *holds and slashes*, rewards *releases* by
//! scores and has stakers credited.

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs)]
#![cfg_attr(
	not(test),
	deny(
		clippy::arithmetic_side_effects,
		clippy::expect_used,
		clippy::indexing_slicing,
		clippy::panic,
		clippy::unwrap_used
	)
)]

extern crate alloc;

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{
	vesting::Terms, AttestorId, Balance, BasisPoints, EraIndex, MediaKey, NodeId,
};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult, Perbill};

// The words themselves stand in the primitives: clients read evidence, too.
pub use dtel_primitives::offence::{
	Equivocation, Evidence, Occasion, OffenceKind, Offender, PenaltyId,
};

/// Who is registered, under which keys.
pub trait NodeRegistry<AccountId> {
	/// The operator of a node.
	fn owner(node: NodeId) -> Option<AccountId>;
	/// How many nodes an operator has.
	fn owned_by(owner: &AccountId) -> u32;
	/// The key with which the node's off-chain worker signs in `era`.
	fn attestor(node: NodeId, era: EraIndex) -> Option<AttestorId>;
	/// The key with which the node's daemon signs in `era`.
	fn media(node: NodeId, era: EraIndex) -> Option<MediaKey>;
	/// The place that the node declares for `era`: latitude and longitude in tenths of a degree.
	fn place(node: NodeId, era: EraIndex) -> Option<(i16, i16)>;
	/// The bandwidth that the node declares now, in kbit/s: nothing above it counts.
	fn declared_kbps(node: NodeId) -> u32;
	/// Whether the node may be frozen, in `era`, into the snapshot of the era after: it takes calls
	/// and was registered before `era` began.
	fn is_candidate(node: NodeId, era: EraIndex) -> bool;
	/// At most `limit` registered nodes that come after `after` in the registry's own order (from
	/// the beginning without one). Every node that is registered throughout a walk is met once.
	fn page(after: Option<NodeId>, limit: u32) -> Vec<NodeId>;

	/// Makes a registered node of `owner` whose attestor key is `attestor`, older than any era of
	/// a benchmark.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_node(owner: &AccountId, attestor: AttestorId) -> NodeId;
}

/// Who has how much at stake.
pub trait StakeLedger<AccountId> {
	/// Stake of an operator that was bonded before `era` began and is not being unbonded.
	fn active(owner: &AccountId, era: EraIndex) -> Balance;
	/// The stake that an operator needs for each of its nodes.
	fn minimum_per_node() -> Balance;
	/// The last era in which [`Self::slash`] still reaches all stake that answers for `era`: in the next
	/// one the first of it can have been withdrawn, and nothing is taken any more.
	fn answers_until(era: EraIndex) -> EraIndex;
	/// Takes `fraction` of whatever of the operator's and its delegators' stake was answerable in `era`, that which is
	/// being unbonded included. Returns about how much that is: of each holder it is taken when
	/// its stake is next touched, by anybody. Zero if nothing answers for that era, or not any more. Never fails.
	fn slash(owner: &AccountId, fraction: Perbill, era: EraIndex) -> Balance;

	/// Gives `owner` this much stake, active in any era of a benchmark from the running one on, in the worst shape
	/// that a ledger can have in the running era. A slash for that era takes some of it.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_stake(owner: &AccountId, amount: Balance);
}

/// Who may serve, besides what the registry itself knows: whom a snapshot takes, and whom clients are shown.
pub trait Eligibility<AccountId> {
	/// The stake that counts in `era` for a node of `owner`; nothing for one that is jailed, or for which that is less
	/// than a node needs.
	fn eligible_stake(node: NodeId, owner: &AccountId, era: EraIndex) -> Option<Balance>;
}

/// Shares rewards among those who have stake with an operator.
pub trait StakeRewards<AccountId> {
	/// The account into which rewards have to be paid before they are shared.
	fn pot() -> AccountId;
	/// Shares what an operator earned in an era, out of what was paid into the pot. Eras of an operator come in
	/// rising order, each once; refuses what comes late, and what nobody's stake was active for. Changes nothing
	/// when it refuses.
	fn credit(operator: &AccountId, era: EraIndex, amount: Balance) -> DispatchResult;
	/// Gives `to` some of what was paid into the pot and not shared. Who calls it answers for asking for no more
	/// than that.
	fn give_back(to: &AccountId, amount: Balance) -> DispatchResult;

	/// What was shared and is still in the pot. Looks at everything there is: for checks alone.
	#[cfg(any(feature = "std", feature = "try-runtime"))]
	fn owed() -> Balance;

	/// Gives `operator` a pool in the worst shape that one can have. Returns an era whose reward can be
	/// credited once it is over.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_pool(operator: &AccountId) -> EraIndex;
}

/// An offence, as it is reported.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Offence<AccountId> {
	/// The era in which it was done.
	pub era: EraIndex,
	/// Who did it.
	pub offender: Offender<AccountId>,
	/// Whose stake answers: the operator in that era.
	pub owner: AccountId,
	/// What was done, and what shows it.
	pub evidence: Evidence,
}

impl<AccountId> Offence<AccountId> {
	/// What was done.
	pub const fn kind(&self) -> OffenceKind {
		self.evidence.kind()
	}
}

/// Takes offences and decides what follows from them.
pub trait OffenceSink<AccountId> {
	/// Reports an offence. The same one (era, offender, kind; offender, kind and occasion for an equivocation) reported
	/// again changes nothing, but that a larger fraction for an equivocation counts as long as the penalty is open.
	fn report(offence: Offence<AccountId>);
}

/// What an era showed of a node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen<AccountId> {
	/// The era.
	pub era: EraIndex,
	/// The node.
	pub node: NodeId,
	/// Its operator when the snapshot was frozen.
	pub owner: AccountId,
	/// Its score.
	pub score: BasisPoints,
	/// That all of its verifiers found it down, if they did.
	pub down: Option<Evidence>,
	/// Whether it cannot be where it declares for most of its verifiers; nothing if too few can tell.
	pub misplaced: Option<bool>,
}

/// What came of telling something of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Noticed {
	/// How many offences it made.
	pub offences: u32,
	/// Whether there is a record of the node, which was written. A good era of a node that is known for nothing leaves none.
	pub kept: bool,
}

/// Takes what is known of nodes era by era, and reports what is wrong too often.
pub trait QualitySink<AccountId> {
	/// A node was scored in an era, or found down. Called at most once for each node and era, by rising
	/// era, and not for eras in which nothing could be said.
	fn observed(seen: Seen<AccountId>) -> Noticed;
	/// A node revealed as a verifier in `era`, and what it measured was outside of the tolerance or not.
	/// Called as [`Self::observed`]. Makes at most one offence.
	fn verified(era: EraIndex, node: NodeId, owner: &AccountId, outlier: bool) -> Noticed;

	/// Makes `node` one whose next bad era is an offence, in the worst shape that a record can have.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_watched(node: NodeId);
}

/// Is told when a node goes for good.
pub trait RetirementSink<AccountId> {
	/// A node of `owner` was removed from the registry. Its identifier is never used again.
	fn retired(node: NodeId, owner: &AccountId);

	/// Makes `node` one whose retirement costs most.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_retirement(node: NodeId, owner: &AccountId);
}

/// Who is jailed.
pub trait Jail<AccountId> {
	/// Whether the node is jailed.
	fn is_jailed(node: NodeId) -> bool;
	/// The era of the earliest offence for which the node is jailed.
	fn jailed_since(node: NodeId) -> Option<EraIndex>;
	/// The first era in which it may be released.
	fn jailed_until(node: NodeId) -> Option<EraIndex>;
	/// Whether the operator is jailed: as a validator, or with any of its nodes.
	fn is_operator_jailed(owner: &AccountId) -> bool;
	/// Whether the validator itself is jailed.
	fn is_validator_jailed(validator: &AccountId) -> bool;
}

/// The seats of validators: who has keys for one, who is in one, and how one is emptied.
pub trait Seats<AccountId> {
	/// Whether the account has registered session keys, each with a proof of possession.
	fn has_keys(who: &AccountId) -> bool;
	/// Whether the account validates in the running session or is chosen for the next one.
	fn is_seated(who: &AccountId) -> bool;
	/// How many of those who are chosen for the next session still have keys.
	fn able() -> u32;
	/// Lets a validator author no more blocks until the set changes, if it is in the running set and if there is
	/// room for one more without a seat: never more than a third are, those with the gravest offences.
	fn disable(who: &AccountId, severity: Perbill);

	/// Gives `who` session keys.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_keys(who: &AccountId);
	/// Puts `who` into the last seat of a full set, none of whose members is disabled.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_seat(who: &AccountId);
}

/// Is told what validators did wrong.
pub trait ValidatorSink<AccountId> {
	/// The operator was slashed by this fraction, or is jailed as a validator for what costs this fraction.
	fn offended(who: &AccountId, fraction: Perbill);

	/// Makes `who` one whom an offence concerns, in the worst shape.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_validator(who: &AccountId);
}

/// A node's result in an era, as it counts for pay.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Scored<AccountId> {
	/// The era.
	pub era: EraIndex,
	/// The node.
	pub node: NodeId,
	/// Its operator when the snapshot was frozen.
	pub owner: AccountId,
	/// Stake that counted for the node.
	pub stake: Balance,
	/// Attested bandwidth in kbit/s.
	pub kbps: u32,
	/// The score. Zero for who is not to be paid.
	pub score: BasisPoints,
	/// How many of its measurements as a verifier in the era before were within the tolerance: they are known when all
	/// targets of that era are judged, and are paid with this one. Zero for who is not to be paid.
	pub duty: u32,
}

/// Takes scores and pays by them.
pub trait ScoreSink<AccountId> {
	/// A member of `era` was settled. Called once for each: who calls it again has it count twice. Returns the points
	/// that it earned.
	fn scored(scored: Scored<AccountId>) -> u128;
	/// Every member of `era` was settled. Called once, after the last of them.
	fn era_settled(era: EraIndex);

	/// Makes `owner` one whose first points in `era` cost most, and `era` one whose settlement does.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_scores(era: EraIndex, owner: &AccountId);
}

/// What disputes say about the pay of an operator for an era.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dispute {
	/// Nothing: it can be paid.
	None,
	/// A penalty for an offence of that era is not decided: it waits.
	Open,
	/// A penalty for something that is never an accident was executed: it is lost.
	Lost,
}

/// Knows what is disputed. Answers with one read, which costs the same whatever there is.
pub trait Disputes<AccountId> {
	/// What disputes say about the pay of `owner` for `era`.
	fn state(owner: &AccountId, era: EraIndex) -> Dispute;
}

/// Keeps what operators are to be paid for, era by era.
pub trait Payroll<AccountId> {
	/// Whether every member of an era was scored: from then on it is of no matter who is released from jail.
	fn is_settled(era: EraIndex) -> bool;
	/// A penalty took the operator's pay for an era. Nothing changes when that was paid before, or when the era is not
	/// settled: then [`Disputes`] are asked when it is.
	fn forfeit(owner: &AccountId, era: EraIndex);

	/// Makes `owner` one that waits to be paid for `era`, whose loss costs most in the era after.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_pay(owner: &AccountId, era: EraIndex);

	/// Makes `era` and all before settled.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_settled(era: EraIndex);
}

/// Gives tokens that become free in time.
pub trait Grants<AccountId> {
	/// Whether such terms can be granted at all, now or later.
	fn check(terms: &Terms) -> DispatchResult;
	/// Moves `amount` from one account to another, where it is frozen by `terms`. Nobody can revoke it. Changes nothing when
	/// it refuses.
	fn grant(from: &AccountId, to: &AccountId, amount: Balance, terms: Terms) -> DispatchResult;

	/// Makes `to` one to whom a grant costs most that is still accepted, and returns terms and the least amount for it.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_grant(to: &AccountId) -> (Terms, Balance);
}

/// Knows which tokens of an account are another's: revoked grants whose tokens were at stake, or otherwise held, when
/// they were revoked.
pub trait Promised<AccountId> {
	/// How much of the account's tokens is another's. It may be put into no new hold. One read.
	fn promised(who: &AccountId) -> Balance;

	/// Makes `who` one for whom the answer costs most, and is zero.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_promised(who: &AccountId);
}

impl<AccountId> Grants<AccountId> for () {
	fn check(_: &Terms) -> DispatchResult {
		Err(DispatchError::Unavailable)
	}
	fn grant(_: &AccountId, _: &AccountId, _: Balance, _: Terms) -> DispatchResult {
		Err(DispatchError::Unavailable)
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_grant(_: &AccountId) -> (Terms, Balance) {
		let terms = Terms { start: 0, cliff: 0, end: 1, at_start: BasisPoints::ZERO, period: 1 };
		(terms, 1)
	}
}

impl<AccountId> Promised<AccountId> for () {
	fn promised(_: &AccountId) -> Balance {
		0
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_promised(_: &AccountId) {}
}

impl<AccountId> NodeRegistry<AccountId> for () {
	fn owner(_: NodeId) -> Option<AccountId> {
		None
	}
	fn owned_by(_: &AccountId) -> u32 {
		0
	}
	fn attestor(_: NodeId, _: EraIndex) -> Option<AttestorId> {
		None
	}
	fn media(_: NodeId, _: EraIndex) -> Option<MediaKey> {
		None
	}
	fn place(_: NodeId, _: EraIndex) -> Option<(i16, i16)> {
		None
	}
	fn declared_kbps(_: NodeId) -> u32 {
		0
	}
	fn is_candidate(_: NodeId, _: EraIndex) -> bool {
		false
	}
	fn page(_: Option<NodeId>, _: u32) -> Vec<NodeId> {
		Vec::new()
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_node(_: &AccountId, _: AttestorId) -> NodeId {
		0
	}
}

impl<AccountId> StakeLedger<AccountId> for () {
	fn active(_: &AccountId, _: EraIndex) -> Balance {
		0
	}
	fn minimum_per_node() -> Balance {
		0
	}
	fn answers_until(_: EraIndex) -> EraIndex {
		EraIndex::MAX
	}
	fn slash(_: &AccountId, _: Perbill, _: EraIndex) -> Balance {
		0
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_stake(_: &AccountId, _: Balance) {}
}

/// Everybody may.
impl<AccountId> Eligibility<AccountId> for () {
	fn eligible_stake(_: NodeId, _: &AccountId, _: EraIndex) -> Option<Balance> {
		Some(0)
	}
}

impl<AccountId> OffenceSink<AccountId> for () {
	fn report(_: Offence<AccountId>) {}
}

impl<AccountId> QualitySink<AccountId> for () {
	fn observed(_: Seen<AccountId>) -> Noticed {
		Noticed::default()
	}
	fn verified(_: EraIndex, _: NodeId, _: &AccountId, _: bool) -> Noticed {
		Noticed::default()
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_watched(_: NodeId) {}
}

impl<AccountId> RetirementSink<AccountId> for () {
	fn retired(_: NodeId, _: &AccountId) {}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_retirement(_: NodeId, _: &AccountId) {}
}

impl<AccountId> Jail<AccountId> for () {
	fn is_jailed(_: NodeId) -> bool {
		false
	}
	fn jailed_since(_: NodeId) -> Option<EraIndex> {
		None
	}
	fn jailed_until(_: NodeId) -> Option<EraIndex> {
		None
	}
	fn is_operator_jailed(_: &AccountId) -> bool {
		false
	}
	fn is_validator_jailed(_: &AccountId) -> bool {
		false
	}
}

impl<AccountId> Seats<AccountId> for () {
	fn has_keys(_: &AccountId) -> bool {
		false
	}
	fn is_seated(_: &AccountId) -> bool {
		false
	}
	fn able() -> u32 {
		0
	}
	fn disable(_: &AccountId, _: Perbill) {}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_keys(_: &AccountId) {}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_seat(_: &AccountId) {}
}

impl<AccountId> ValidatorSink<AccountId> for () {
	fn offended(_: &AccountId, _: Perbill) {}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_validator(_: &AccountId) {}
}

/// Nothing is ever disputed.
impl<AccountId> Disputes<AccountId> for () {
	fn state(_: &AccountId, _: EraIndex) -> Dispute {
		Dispute::None
	}
}

/// Nobody is ever paid.
impl<AccountId> Payroll<AccountId> for () {
	fn is_settled(_: EraIndex) -> bool {
		true
	}
	fn forfeit(_: &AccountId, _: EraIndex) {}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_pay(_: &AccountId, _: EraIndex) {}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_settled(_: EraIndex) {}
}

impl<AccountId> ScoreSink<AccountId> for () {
	fn scored(_: Scored<AccountId>) -> u128 {
		0
	}
	fn era_settled(_: EraIndex) {}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_scores(_: EraIndex, _: &AccountId) {}
}
