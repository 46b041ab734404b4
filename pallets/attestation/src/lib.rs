#![doc = include_str!("../README.md")]
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

#[cfg(feature = "runtime-benchmarks")]
#[allow(
	clippy::arithmetic_side_effects,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::panic,
	clippy::unwrap_used
)]
mod benchmarking;
mod committee;
mod hooks;
mod impls;
mod medians;
#[cfg(test)]
mod mock;
pub mod offchain;
mod prune;
mod reports;
mod settlement;
mod snapshot;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod turns;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{
	Commitment, Draw, Last, Member, Pool, Pooled, Progress, Revealed, Sample, Snapshot, Walk,
	Worth, MAX_POOL,
};
pub use weights::WeightInfo;

/// For how many eras after an era two reveals of it can be shown.
pub const SHOWN_ERAS: dtel_primitives::EraIndex = 1;

/// Members that one call of [`Pallet::settle`] settles at most.
pub const SETTLE_PAGE: u32 = 16;

/// Target of the log messages of pallet and off-chain worker.
pub const LOG_TARGET: &str = "dtel::attestation";

/// The pallet; its documentation is the crate's.
// FRAME's macros generate `expect`; what is written by hand here only calls the modules beside it.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::{
		Commitment, Draw, Member, Pool, Progress, Sample, Snapshot, Walk, WeightInfo, SETTLE_PAGE,
	};
	use crate::types::Past;
	use alloc::vec::Vec;
	use dtel_primitives::{
		api::{Outcome, Verdict},
		clock::EraClock,
		report::{EraReport, SignedReveal, MAX_TARGETS},
		AttestorSignature, Balance, BasisPoints, EraIndex, Hash, NodeId, NodeIndex,
	};
	use dtel_traits::{Jail, NodeRegistry, OffenceSink, QualitySink, ScoreSink, StakeLedger};
	use frame_support::{pallet_prelude::*, traits::Randomness, weights::WeightMeter};
	use frame_system::{offchain::CreateAuthorizedTransaction, pallet_prelude::*};
	use sp_runtime::traits::SaturatedConversion;

	/// Version of the storage layout.
	pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the pallet needs of its runtime.
	#[pallet::config]
	pub trait Config:
		frame_system::Config<RuntimeEvent: From<Event<Self>>, Hash = Hash>
		+ CreateAuthorizedTransaction<Call<Self>>
	{
		/// The era clock. It must never change once the chain runs.
		type Clock: Get<EraClock>;
		/// Randomness that no registered key could have known; BABE's of an epoch ago.
		type Randomness: Randomness<Hash, BlockNumberFor<Self>>;
		/// Who is registered, under which keys.
		type Registry: NodeRegistry<Self::AccountId>;
		/// Who has how much at stake.
		type Stake: StakeLedger<Self::AccountId>;
		/// Takes what verifiers and targets did wrong.
		type Offences: OffenceSink<Self::AccountId>;
		/// Who is jailed.
		type Jail: Jail<Self::AccountId>;
		/// Takes what every era showed of a node, and reports what is wrong too often.
		type Quality: QualitySink<Self::AccountId>;
		/// Takes the scores.
		type Scores: ScoreSink<Self::AccountId>;
		/// How many targets a verifier has: `k`. Fixed for an era when its seed is drawn; more than
		/// [`MAX_TARGETS`] count as that.
		type TargetsPerVerifier: Get<u32>;
		/// Over how many eras samples are pooled, the running one included.
		type PoolEras: Get<u32>;
		/// The largest share that one operator can have of the weight behind a median of many. Of few it is twice the average, a
		/// fifth at most.
		type WeightCap: Get<BasisPoints>;
		/// Of fewer samples nothing is said but that a node is down: one committee alone decides nothing else.
		type LeastSamples: Get<u32>;
		/// A score from which on all is paid.
		type FullScore: Get<BasisPoints>;
		/// By how much what a node is paid by moves in an era at most, up or down. With the whole it follows the medians at once.
		type PayStep: Get<BasisPoints>;
		/// What an old score keeps of its worth in an era in which its node could not be measured.
		type ScoreKept: Get<BasisPoints>;
		/// For how many eras members and outcomes are kept.
		type HistoryEras: Get<u32>;
		/// How many nodes are looked at in one step of freezing a snapshot.
		#[pallet::constant]
		type SnapshotPage: Get<u32>;
		/// Weights.
		type WeightInfo: WeightInfo;
	}

	/// What the ring of an era is made from. Absent: the era has not begun, its first block was
	/// before this pallet, or it is pruned. Written by `snapshot` alone, in an era's
	/// first block; pruned with the evidence. INV-5, INV-7.
	#[pallet::storage]
	pub type Seeds<T: Config> = StorageMap<_, Twox64Concat, EraIndex, Draw>;

	/// The snapshots. Absent: nobody began to freeze it, or it is pruned. Written by
	/// `snapshot` alone; pruned with the history. INV-1.
	#[pallet::storage]
	pub type Snapshots<T: Config> = StorageMap<_, Twox64Concat, EraIndex, Snapshot>;

	/// The members of an era by dense index. Written by `snapshot` alone, one entry
	/// a candidate; pruned with the history. INV-1.
	#[pallet::storage]
	pub type Members<T: Config> =
		StorageDoubleMap<_, Twox64Concat, EraIndex, Twox64Concat, NodeIndex, Member<T::AccountId>>;

	/// The dense index of a node in an era; absent for who is no member. Sole writer, bound and end
	/// as of [`Members`], of which it is the inverse. INV-1.
	#[pallet::storage]
	pub type MemberIndex<T: Config> =
		StorageDoubleMap<_, Twox64Concat, EraIndex, Twox64Concat, NodeId, NodeIndex>;

	/// What a verifier committed to in an era; absent for who did not. Written by
	/// `reports` alone, at most one entry a member; pruned with the evidence. INV-2.
	#[pallet::storage]
	pub type Commitments<T: Config> =
		StorageDoubleMap<_, Twox64Concat, EraIndex, Twox64Concat, NodeId, Commitment>;

	/// The measurements of a target that were revealed in an era. Written by
	/// `reports` alone, at most one a verifier on the ring; pruned with the
	/// evidence. INV-3.
	#[pallet::storage]
	pub type Samples<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		EraIndex,
		Twox64Concat,
		NodeId,
		BoundedVec<Sample, ConstU32<MAX_TARGETS>>,
		ValueQuery,
	>;

	/// Verifiers that were shown to have signed two reports of an era. Written by `reports` alone, at most one entry a member;
	/// pruned with the history.
	#[pallet::storage]
	pub type DoubleReveals<T: Config> =
		StorageDoubleMap<_, Twox64Concat, EraIndex, Twox64Concat, NodeId, ()>;

	/// Counters of an era, all zero when absent. Commits and reveals are counted by
	/// `reports`, settled members by `settlement`; pruned with
	/// the history. INV-2, INV-4.
	#[pallet::storage]
	pub type Eras<T: Config> = StorageMap<_, Twox64Concat, EraIndex, Progress, ValueQuery>;

	/// The first era that is not settled; all before it are. Written by
	/// `settlement` alone. INV-4.
	#[pallet::storage]
	pub type Unsettled<T: Config> = StorageValue<_, EraIndex, ValueQuery>;

	/// What became known of a node in an era. Absent: not a member, not settled, or pruned. Written
	/// by `settlement` alone; pruned with the history. INV-4.
	#[pallet::storage]
	pub type Outcomes<T: Config> =
		StorageDoubleMap<_, Twox64Concat, NodeId, Twox64Concat, EraIndex, Outcome>;

	/// What is pooled of a node, and its newest score. Absent: never settled, or not for as long as history is
	/// kept. Written by `settlement` alone; pruned with the history. INV-6, INV-9.
	#[pallet::storage]
	pub type Pools<T: Config> = StorageMap<_, Twox64Concat, NodeId, Pool, ValueQuery>;

	/// Up to where evidence is pruned: all of the eras before, and the members before. Written by
	/// `prune` alone. INV-5.
	#[pallet::storage]
	pub type EvidenceWalk<T: Config> = StorageValue<_, Walk, ValueQuery>;

	/// Up to where history is pruned. Written by `prune` alone. INV-5.
	#[pallet::storage]
	pub type HistoryWalk<T: Config> = StorageValue<_, Walk, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// The seed of an era was drawn: it is known who measures whom.
		SeedDrawn {
			/// The era.
			era: EraIndex,
			/// How many members it has.
			members: u32,
		},
		/// The snapshot of an era is complete.
		SnapshotFrozen {
			/// The era.
			era: EraIndex,
			/// How many members it has.
			members: u32,
			/// Their stake.
			stake: Balance,
		},
		/// An era began before its snapshot was complete. It has no members and no duties.
		SnapshotMissed {
			/// The era.
			era: EraIndex,
		},
		/// A verifier committed to its report.
		Committed {
			/// The era.
			era: EraIndex,
			/// The verifier.
			verifier: NodeId,
		},
		/// A verifier revealed its report.
		Revealed {
			/// The era.
			era: EraIndex,
			/// The verifier.
			verifier: NodeId,
		},
		/// A member of an era was judged.
		NodeSettled {
			/// The era.
			era: EraIndex,
			/// The node.
			node: NodeId,
			/// How the evidence was judged.
			verdict: Verdict,
			/// The score that the evidence gives.
			score: BasisPoints,
			/// The score that counts for pay: zero for who is jailed, was down or missed its duty.
			paid: BasisPoints,
		},
		/// Every member of an era was judged.
		EraSettled {
			/// The era.
			era: EraIndex,
			/// How many members it had.
			members: u32,
		},
		/// What a verifier measured of a target lies outside of the tolerance around what the others did. It is not paid for it.
		Deviated {
			/// The era.
			era: EraIndex,
			/// The target.
			target: NodeId,
			/// The verifier.
			verifier: NodeId,
		},
		/// A verifier and a target say that they are nearer to each other than the places that they declare. One of the two is
		/// not where it says; whom most others contradict is punished.
		PlaceDoubted {
			/// The era.
			era: EraIndex,
			/// The target.
			target: NodeId,
			/// The verifier.
			verifier: NodeId,
			/// The shortest round trip that was measured, in microseconds.
			rtt_us: u32,
			/// The shortest that there can be between the two places.
			least_us: u32,
		},
		/// What a node says of its own service is better than what was attested by more than the tolerance.
		SelfReportDiffers {
			/// The era.
			era: EraIndex,
			/// The node.
			node: NodeId,
		},
		/// A verifier signed two different reports of an era, and somebody showed both.
		DoubleRevealReported {
			/// The era.
			era: EraIndex,
			/// The verifier.
			verifier: NodeId,
			/// Who showed them.
			reporter: T::AccountId,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The phase for this has not begun. Send it again when it has.
		TooEarly,
		/// The phase for this is over. Nothing can be done for that era any more.
		TooLate,
		/// The era has no committee: no seed, an incomplete snapshot or fewer than two members. Wait
		/// for the next era.
		NoCommittee,
		/// The verifier is no member of the era. A node takes part from the second era after it was
		/// registered, while it is staked and not jailed.
		NotMember,
		/// The verifier has committed in this era. The first commitment stays; reveal what it binds.
		AlreadyCommitted,
		/// The verifier has not committed in this era. Commit in the commit phase of the next one.
		NotCommitted,
		/// The verifier has revealed in this era. Nothing is left to do.
		AlreadyRevealed,
		/// Report and salt are not those that were committed to. Reveal exactly those.
		CommitmentMismatch,
		/// Every target of the verifier is its own operator's. There is nothing to report.
		NoDuty,
		/// The report is not about exactly the verifier's targets. Ask the runtime API for its duty.
		TargetsMismatch,
		/// A measurement is out of range or contradicts itself, or targets are out of order. Update
		/// the daemon.
		ReportInvalid,
		/// The registry knows no attestor key of the verifier for this era. Register one.
		UnknownKey,
		/// The signature is not that of the verifier's attestor key of this era. Sign with that key.
		BadSignature,
		/// No era is waiting to be settled. Wait for the settle phase.
		NothingToSettle,
		/// The snapshot of the next era is complete, or half of this era is over. Wait for the next era.
		NothingToFreeze,
		/// It was shown before that the verifier signed two reports of this era. Nothing is left to do.
		AlreadyShown,
		/// The two reports are not of one verifier and era, or say the same. Show two that differ.
		NoDoubleReveal,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(now: BlockNumberFor<T>) -> Weight {
			Self::begin_block(now.saturated_into())
		}

		fn on_poll(_now: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::poll(meter);
		}

		fn on_idle(_now: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			Self::work(&mut meter, false);
			meter.consumed()
		}

		fn offchain_worker(now: BlockNumberFor<T>) {
			crate::offchain::run::<T>(now.saturated_into());
		}

		fn integrity_test() {
			crate::hooks::integrity_test::<T>();
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Commits a verifier to its report of the running era.
		///
		/// *Origin*: authorised. A general transaction without fee; the signature of the verifier's
		/// attestor key over [`commit_payload`](dtel_primitives::report::commit_payload) is its
		/// authority.
		///
		/// *Details*: once per verifier and era, in the commit phase. A second commitment is refused
		/// whatever it says.
		///
		/// *Errors*: [`TooEarly`](Error::TooEarly), [`TooLate`](Error::TooLate),
		/// [`NoCommittee`](Error::NoCommittee), [`NotMember`](Error::NotMember),
		/// [`AlreadyCommitted`](Error::AlreadyCommitted); before inclusion also
		/// [`UnknownKey`](Error::UnknownKey), [`BadSignature`](Error::BadSignature).
		///
		/// *Events*: [`Committed`](Event::Committed).
		///
		/// *Complexity*: `O(1)`.
		#[pallet::call_index(0)]
		#[pallet::weight((T::WeightInfo::commit(), DispatchClass::Operational))]
		#[pallet::weight_of_authorize(T::WeightInfo::authorize_commit())]
		#[pallet::authorize(Self::authorize_commit)]
		pub fn commit(
			origin: OriginFor<T>,
			era: EraIndex,
			verifier: NodeId,
			commitment: Hash,
			signature: AttestorSignature,
		) -> DispatchResult {
			ensure_authorized(origin)?;
			let _ = signature;
			Self::do_commit(era, verifier, commitment)
		}

		/// Reveals the report that a verifier committed to.
		///
		/// *Origin*: authorised. A general transaction without fee; the signature of the verifier's
		/// attestor key over [`reveal_payload`](EraReport::reveal_payload) is its authority.
		///
		/// *Details*: once per verifier and era, in the reveal phase. The report has to be about
		/// exactly the verifier's targets.
		///
		/// *Errors*: [`TooEarly`](Error::TooEarly), [`TooLate`](Error::TooLate),
		/// [`NotMember`](Error::NotMember), [`NotCommitted`](Error::NotCommitted),
		/// [`AlreadyRevealed`](Error::AlreadyRevealed),
		/// [`CommitmentMismatch`](Error::CommitmentMismatch); before inclusion also
		/// [`NoCommittee`](Error::NoCommittee), [`NoDuty`](Error::NoDuty),
		/// [`TargetsMismatch`](Error::TargetsMismatch), [`ReportInvalid`](Error::ReportInvalid),
		/// [`UnknownKey`](Error::UnknownKey), [`BadSignature`](Error::BadSignature).
		///
		/// *Events*: [`Revealed`](Event::Revealed).
		///
		/// *Complexity*: `O(k)`.
		#[pallet::call_index(1)]
		#[pallet::weight((T::WeightInfo::reveal(), DispatchClass::Operational))]
		#[pallet::weight_of_authorize(T::WeightInfo::authorize_reveal())]
		#[pallet::authorize(Self::authorize_reveal)]
		pub fn reveal(
			origin: OriginFor<T>,
			report: EraReport,
			salt: [u8; 32],
			signature: AttestorSignature,
		) -> DispatchResult {
			ensure_authorized(origin)?;
			let _ = signature;
			Self::do_reveal(report, salt)
		}

		/// Settles up to `limit` members, at most [`SETTLE_PAGE`], of the oldest era that waits for it. Blocks do this by
		/// themselves; the call is for when they are too full.
		///
		/// *Origin*: signed, anybody.
		///
		/// *Details*: the caller pays the fee for what was done.
		///
		/// *Errors*: [`NothingToSettle`](Error::NothingToSettle).
		///
		/// *Events*: [`NodeSettled`](Event::NodeSettled), [`EraSettled`](Event::EraSettled).
		///
		/// *Complexity*: `O(limit · k · w)` with `w` pooled eras.
		#[pallet::call_index(2)]
		#[pallet::weight(Pallet::<T>::settle_weight((*limit).min(SETTLE_PAGE)))]
		pub fn settle(origin: OriginFor<T>, limit: u32) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let done = Self::do_settle(limit.min(SETTLE_PAGE))?;
			Ok(Some(Self::settled_weight(done)).into())
		}

		/// Looks at up to `limit` nodes, at most a page, for the snapshot of the next era, in the first half of this one. Blocks do
		/// this by themselves; the call is for when they are too full.
		///
		/// *Origin*: signed, anybody.
		///
		/// *Details*: the caller pays the fee for what was done.
		///
		/// *Errors*: [`NothingToFreeze`](Error::NothingToFreeze).
		///
		/// *Events*: [`SnapshotFrozen`](Event::SnapshotFrozen) with the last page.
		///
		/// *Complexity*: `O(limit)`.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::freeze((*limit).min(T::SnapshotPage::get()).max(1)))]
		pub fn freeze(origin: OriginFor<T>, limit: u32) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let seen = Self::do_freeze(limit)?;
			Ok(Some(T::WeightInfo::freeze(seen)).into())
		}

		/// Shows that a verifier signed two different reports of one era.
		///
		/// *Origin*: signed, anybody.
		///
		/// *Details*: free when it is shown, in the era of the reports or the next. Neither report needs to be on
		/// chain: that both carry the signature of the key with which the verifier committed in that era is enough.
		///
		/// *Errors*: [`NoDoubleReveal`](Error::NoDoubleReveal), [`NotMember`](Error::NotMember),
		/// [`NotCommitted`](Error::NotCommitted), [`TooEarly`](Error::TooEarly), [`TooLate`](Error::TooLate),
		/// [`AlreadyShown`](Error::AlreadyShown), [`BadSignature`](Error::BadSignature).
		///
		/// *Events*: [`DoubleRevealReported`](Event::DoubleRevealReported).
		///
		/// *Complexity*: `O(k)`.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::report_double_reveal())]
		pub fn report_double_reveal(
			origin: OriginFor<T>,
			first: SignedReveal,
			second: SignedReveal,
		) -> DispatchResultWithPostInfo {
			let reporter = ensure_signed(origin)?;
			Self::do_report_double_reveal(reporter, first, second)?;
			Ok(Pays::No.into())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// Where the chain stands in the running era.
		pub fn phase() -> dtel_primitives::clock::Moment {
			Self::moment()
		}

		/// Whom a node measures in an era, by rising node; nothing for who is no member of an era with a committee, or of one whose
		/// evidence is pruned.
		pub fn targets_of_node(era: EraIndex, node: NodeId) -> Option<Vec<NodeId>> {
			Self::targets(era, node)
		}

		/// Who measures a node in an era, nearest on the ring first.
		pub fn verifiers_of_node(era: EraIndex, node: NodeId) -> Option<Vec<NodeId>> {
			Self::verifiers(era, node)
		}

		/// What is pooled of a node, sample by sample, with its newest score.
		pub fn pool(node: NodeId) -> Pool {
			Pools::<T>::get(node)
		}

		/// What a verifier committed to and revealed in an era, what became of it, and what it said of itself.
		pub fn commitment(era: EraIndex, verifier: NodeId) -> Option<Commitment> {
			Commitments::<T>::get(era, verifier)
		}
	}

	impl<T: Config> Pallet<T> {
		/// How far a kind of pruning has come.
		pub(crate) fn walk(past: Past) -> Walk {
			match past {
				Past::Evidence => EvidenceWalk::<T>::get(),
				Past::History => HistoryWalk::<T>::get(),
			}
		}
	}
}
