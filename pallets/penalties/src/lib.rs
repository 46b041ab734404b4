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

mod appeals;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod disputes;
mod hooks;
mod impls;
mod jail;
#[cfg(test)]
mod mock;
mod offences;
mod policy;
mod queue;
mod records;
mod strikes;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use hooks::SWEEP_PAGE;
pub use impls::{PageOf, LOOK_PAGE};
pub use offences::MAX_ALIKE;
pub use pallet::*;
pub use policy::{Policy, Price, Terms, Watch};
pub use queue::DUE_PAGE;
pub use strikes::{Strike, Strikes, MAX_STRIKES};
pub use types::{
	Horizon, Penalty, Quarrel, Record, Sentence, Span, State, Tally, Term, Window, MAX_TERMS,
};
pub use weights::WeightInfo;

/// Target of this pallet's log lines.
const LOG_TARGET: &str = "runtime::dtel-penalties";

/// The pallet; its documentation is the crate's.
// FRAME's macros generate `expect`; what is written by hand here only calls the modules beside it.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use dtel_primitives::{clock::EraClock, Balance, EraIndex, NodeId};
	use dtel_traits::{
		NodeRegistry, Occasion, OffenceKind, Offender, Payroll, PenaltyId, StakeLedger,
		ValidatorSink,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::{self, Credit},
			OnUnbalanced,
		},
		weights::WeightMeter,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::Perbill;

	/// Layout of this pallet's storage.
	pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// A bond that was lost.
	pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// Where bonds are held.
		type Currency: fungible::MutateHold<
				Self::AccountId,
				Balance = Balance,
				Reason = Self::RuntimeHoldReason,
			> + fungible::BalancedHold<Self::AccountId>;

		/// Reasons for holds, this pallet's among them.
		type RuntimeHoldReason: From<HoldReason>;

		/// The era clock.
		type Clock: Get<EraClock>;

		/// Who owns a node: only its owner may ask for its release, and only a registered one is jailed.
		type Registry: NodeRegistry<Self::AccountId>;

		/// Takes stake.
		type Stake: StakeLedger<Self::AccountId>;

		/// What each kind of offence costs.
		type Policy: Get<Policy>;

		/// From the era of an offence to the one in which its penalty is due. At most as many as stake
		/// answers for.
		type DeferralEras: Get<EraIndex>;

		/// The least from the era of a report to the one in which the penalty is due: of two, one full
		/// era. A report for whose notice the stake does not answer any more gives less, at least one.
		type NoticeEras: Get<EraIndex>;

		/// For how many eras an open appeal can hold a penalty up, as long as stake answers.
		type AppealEras: Get<EraIndex>;

		/// The bond of an operator's first open appeal. The second costs twice as much, and so on.
		type AppealBond: Get<Balance>;

		/// Who decides about appeals, and may cancel without one.
		type AppealOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Where lost bonds go.
		type Forfeited: OnUnbalanced<CreditOf<Self>>;

		/// Is told at once whose pay a penalty took, and knows which eras' pay nothing changes any more.
		type Payroll: Payroll<Self::AccountId>;

		/// Is told at once of whom stake is taken, and who is jailed as a validator: they lose their seats.
		type Validators: ValidatorSink<Self::AccountId>;

		/// Eras whose offences are kept and can be reported. Longer than any term in jail, and than any
		/// penalty is open.
		type HistoryEras: Get<EraIndex>;

		/// Weights of calls and of the steps that hooks and sinks take.
		type WeightInfo: WeightInfo;
	}

	/// Why this pallet holds funds.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// The bond of an open appeal.
		#[codec(index = 0)]
		Appeal,
	}

	/// What was done, by era, offender, kind and occasion: which penalty it led to. Absent: it was not reported,
	/// or its era is closed.
	///
	/// Sole writer: `offences`; removed by `queue` when `hooks` sweep. For each of the last [`Config::HistoryEras`] eras at
	/// most one entry a kind of service offence and node, and [`MAX_ALIKE`] a kind of equivocation and validator, with
	/// one more for each time that more validators than ever before did it at once; nobody pays, since nobody can
	/// report at will. INV-3, INV-5, INV-11.
	#[pallet::storage]
	pub type Offences<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Twox64Concat, EraIndex>,
			NMapKey<Blake2_128Concat, Offender<T::AccountId>>,
			NMapKey<Twox64Concat, OffenceKind>,
			NMapKey<Blake2_128Concat, Occasion>,
		),
		PenaltyId,
	>;

	/// The penalty of an equivocation, whatever era it was reported for. Absent: it was not reported, or its era is
	/// closed.
	///
	/// Sole writer: `offences`; removed by `queue`. One entry for each of [`Offences`] that is one. INV-11.
	#[pallet::storage]
	pub type Occasions<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Blake2_128Concat, Offender<T::AccountId>>,
			NMapKey<Twox64Concat, OffenceKind>,
			NMapKey<Blake2_128Concat, Occasion>,
		),
		PenaltyId,
	>;

	/// How many equivocations of a kind an offender was reported for in an era. Absent: none, or the era is closed.
	///
	/// Sole writer: `offences`; removed by `queue`. At most one entry a kind of equivocation, validator and era of
	/// history. INV-11.
	#[pallet::storage]
	pub type Tallies<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Twox64Concat, EraIndex>,
			NMapKey<Blake2_128Concat, Offender<T::AccountId>>,
			NMapKey<Twox64Concat, OffenceKind>,
		),
		Tally,
		ValueQuery,
	>;

	/// What follows from an offence. Absent: the identifier was never given, or the era of the offence is
	/// closed and swept.
	///
	/// Sole writer: `queue`. One entry for each of [`Offences`]. INV-3, INV-4, INV-5.
	#[pallet::storage]
	pub type Penalties<T: Config> = StorageMap<_, Twox64Concat, PenaltyId, Penalty<T::AccountId>>;

	/// The penalties by the operator whose stake answers. Sole writer: `queue`. One entry for each of
	/// [`Penalties`]. INV-3.
	#[pallet::storage]
	pub type OfOwner<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, PenaltyId, ()>;

	/// What penalties say about an operator's pay for an era. Absent: nothing.
	///
	/// Sole writer: `disputes`, with `queue`. At most one entry for each operator and era of [`Penalties`]. INV-12.
	#[pallet::storage]
	pub type Disputed<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, EraIndex, Quarrel>;

	/// The open penalties by the era from which on they are executed. Absent: the penalty is decided.
	///
	/// Sole writer: `queue`. At most one entry for each of [`Penalties`]. INV-6.
	#[pallet::storage]
	pub type Due<T: Config> =
		StorageDoubleMap<_, Twox64Concat, EraIndex, Twox64Concat, PenaltyId, ()>;

	/// The first era of [`Due`] that may not be empty: where hooks go on. Sole writer: `queue`. INV-6.
	#[pallet::storage]
	pub type Drained<T: Config> = StorageValue<_, EraIndex, ValueQuery>;

	/// The identifier of the next penalty. Sole writer: `queue`. INV-3.
	#[pallet::storage]
	pub type NextId<T: Config> = StorageValue<_, PenaltyId, ValueQuery>;

	/// How many appeals of an operator are open. Absent: none.
	///
	/// Sole writer: `appeals`. At most one entry an operator with an open penalty; paid for by the bond. INV-7.
	#[pallet::storage]
	pub type Appeals<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32, ValueQuery>;

	/// Who is jailed. Absent: the offender is free.
	///
	/// Sole writer: `jail`. At most one entry a registered node and one a validator. INV-1, INV-2, INV-5.
	#[pallet::storage]
	pub type Jailed<T: Config> =
		StorageMap<_, Blake2_128Concat, Offender<T::AccountId>, Sentence<T::AccountId>>;

	/// How many offenders of an operator are jailed. Absent: none.
	///
	/// Sole writer: `jail`. At most as many entries as [`Jailed`] has. INV-8.
	#[pallet::storage]
	pub type JailedOf<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32, ValueQuery>;

	/// Strikes, and what was bad in the last eras. Absent: there is nothing to say.
	///
	/// Sole writer: `records`. At most one entry an offender of whom something was bad within
	/// [`Config::HistoryEras`] or whose strikes have not decayed. INV-5, INV-9, INV-10.
	#[pallet::storage]
	pub type Records<T: Config> = StorageMap<_, Blake2_128Concat, Offender<T::AccountId>, Record>;

	/// The record that hooks looked at last for whether it is stale. Absent: they begin anew. Sole writer:
	/// `records`.
	#[pallet::storage]
	pub type Walked<T: Config> = StorageValue<_, Offender<T::AccountId>>;

	/// The strikes that an operator's retired nodes got one on top of the other; of several such lines the worst. They
	/// count for its other nodes until they have decayed. Absent: there are none.
	///
	/// Sole writer: `records`. At most one entry an operator that retired a node with strikes. INV-5, INV-10.
	#[pallet::storage]
	pub type Carried<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Strikes>;

	/// The operator whose retired node's strikes hooks looked at last. Absent: they begin anew. Sole writer: `records`.
	#[pallet::storage]
	pub type WalkedCarried<T: Config> = StorageValue<_, T::AccountId>;

	/// Up to where history is closed. Sole writer: `hooks`. INV-3.
	#[pallet::storage]
	pub type History<T: Config> = StorageValue<_, Horizon, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An offence was reported for the first time; its penalty waits.
		#[codec(index = 0)]
		OffenceReported {
			/// The penalty.
			penalty: PenaltyId,
			/// What was done.
			kind: OffenceKind,
			/// In which era.
			era: EraIndex,
			/// By whom.
			offender: Offender<T::AccountId>,
			/// Who operated it then.
			owner: T::AccountId,
			/// The part of the stake that it costs.
			fraction: Perbill,
			/// The era in which it is due, and before which it can be appealed.
			due: EraIndex,
		},
		/// An offender was jailed, or its sentence changed.
		#[codec(index = 1)]
		Jailed {
			/// Who.
			offender: Offender<T::AccountId>,
			/// The earliest era of the offences it is jailed for.
			since: EraIndex,
			/// The first era in which it may be released.
			until: EraIndex,
		},
		/// A penalty was executed, once and for all.
		#[codec(index = 2)]
		PenaltyExecuted {
			/// The penalty.
			penalty: PenaltyId,
			/// Whose stake was taken.
			owner: T::AccountId,
			/// The fraction of it that the offence costs.
			fraction: Perbill,
			/// What was taken.
			amount: Balance,
		},
		/// An offender was released.
		#[codec(index = 3)]
		Unjailed {
			/// Who.
			offender: Offender<T::AccountId>,
		},
		/// More validators were seen to have equivocated at the same time: it costs each more.
		#[codec(index = 4)]
		PenaltyRaised {
			/// The penalty.
			penalty: PenaltyId,
			/// The part of the stake that it costs now.
			fraction: Perbill,
			/// The era from which on it is executed. It can be appealed before.
			due: EraIndex,
		},
		/// A penalty was appealed; it waits for a decision.
		#[codec(index = 5)]
		Appealed {
			/// The penalty.
			penalty: PenaltyId,
			/// Who appealed.
			who: T::AccountId,
			/// What is held for it.
			bond: Balance,
			/// The era in which the penalty is executed if nobody decides.
			until: EraIndex,
		},
		/// An appeal was rejected: the bond is lost.
		#[codec(index = 6)]
		Upheld {
			/// The penalty.
			penalty: PenaltyId,
			/// Who had appealed.
			who: T::AccountId,
			/// What was lost.
			bond: Balance,
		},
		/// A penalty was cancelled, once and for all.
		#[codec(index = 7)]
		PenaltyCancelled {
			/// The penalty.
			penalty: PenaltyId,
			/// Whose stake is spared.
			owner: T::AccountId,
			/// The bond that was given back; zero without an appeal.
			bond: Balance,
		},
		/// Nobody decided about an appeal in time: the bond was given back, and the penalty is executed.
		#[codec(index = 8)]
		AppealLapsed {
			/// The penalty.
			penalty: PenaltyId,
			/// Who had appealed.
			who: T::AccountId,
			/// What was given back.
			bond: Balance,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The offender is not jailed. There is nothing to do.
		NotJailed,
		/// The signer does not own the node. Sign with the account that registered it.
		NotOwner,
		/// The term runs. Ask again in the era that the sentence names.
		TermNotOver,
		/// There is no such penalty: it was never given, or its era is closed. Look up the open ones.
		UnknownPenalty,
		/// The penalty was executed or cancelled. Nothing changes that.
		AlreadyFinal,
		/// The signer is not the operator that the penalty is for. Sign with the account it names.
		NotOffender,
		/// The penalty was appealed before. There is one appeal; wait for its decision.
		AppealedBefore,
		/// The penalty is due. Appeal before the era that its report named.
		TooLate,
		/// No appeal is open. Without one a penalty needs no upholding; it can only be cancelled.
		NotAppealed,
		/// The penalty is not due, or an appeal holds it up. Ask again in the era in which it executes.
		NotDue,
		/// Members of an era in which the node was jailed are still being scored. Wait until they are, or settle them.
		EraNotSettled,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::poll(meter);
		}

		fn on_idle(_: BlockNumberFor<T>, limit: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(limit);
			Self::idle(&mut meter);
			meter.consumed()
		}

		fn integrity_test() {
			let policy = T::Policy::get();
			let (deferral, notice) = (T::DeferralEras::get(), T::NoticeEras::get());
			let answers = T::Stake::answers_until(0);
			let open = deferral.max(notice).saturating_add(T::AppealEras::get());
			assert!(
				T::HistoryEras::get() > policy.longest_term(),
				"a sentence would outlive the record of what it is for",
			);
			assert!(T::HistoryEras::get() > open, "a penalty would outlive history");
			assert!(
				deferral <= answers && notice <= answers,
				"stake could be withdrawn before a penalty is due",
			);
			assert!(notice > 0, "a penalty would be due before anybody could appeal");
			assert!(
				[policy.poor, policy.outliers, policy.down, policy.places]
					.into_iter()
					.all(|watch| watch.is_valid()),
				"n of the last m needs 0 < n <= m <= 32",
			);
			assert!(T::AppealBond::get() > 0, "an appeal is not free");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Releases a node whose term is over.
		///
		/// # Origin
		/// Signed, by the node's owner.
		///
		/// # Details
		/// The owner says thereby that what was wrong is put right; nobody is released by time alone. The
		/// node can be in a snapshot again from the next era on. Eras that are over have to be settled before: for those it was
		/// jailed in it is not paid.
		///
		/// # Errors
		/// [`Error::NotJailed`], [`Error::NotOwner`], [`Error::TermNotOver`], [`Error::EraNotSettled`].
		///
		/// # Events
		/// [`Event::Unjailed`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::unjail())]
		pub fn unjail(origin: OriginFor<T>, #[pallet::compact] node: NodeId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_unjail(who, Offender::Node(node))
		}

		/// Releases the caller as a validator when its term is over.
		///
		/// # Origin
		/// Signed, by the validator.
		///
		/// # Details
		/// As [`Call::unjail`]. It can be selected again from the next selection on.
		///
		/// # Errors
		/// [`Error::NotJailed`], [`Error::TermNotOver`].
		///
		/// # Events
		/// [`Event::Unjailed`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::unjail())]
		pub fn unjail_validator(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_unjail(who.clone(), Offender::Validator(who))
		}

		/// Appeals against a penalty.
		///
		/// # Origin
		/// Signed, by the operator whose stake the penalty is to take.
		///
		/// # Details
		/// Holds a bond of [`Config::AppealBond`] times one more than the caller's open appeals. The penalty
		/// is not executed until it is decided, or until the last era in which it still reaches the stake:
		/// then it is executed and the bond given back. The jail term runs on. Once a penalty.
		///
		/// # Errors
		/// [`Error::UnknownPenalty`], [`Error::AlreadyFinal`], [`Error::NotOffender`],
		/// [`Error::AppealedBefore`], [`Error::TooLate`], and the currency's when the bond cannot be held.
		///
		/// # Events
		/// [`Event::Appealed`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::appeal())]
		pub fn appeal(
			origin: OriginFor<T>,
			#[pallet::compact] penalty: PenaltyId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_appeal(who, penalty)
		}

		/// Rejects an appeal.
		///
		/// # Origin
		/// [`Config::AppealOrigin`].
		///
		/// # Details
		/// The bond is lost. The penalty is executed at once if it is due, else as soon as it is.
		///
		/// # Errors
		/// [`Error::UnknownPenalty`], [`Error::AlreadyFinal`], [`Error::NotAppealed`].
		///
		/// # Events
		/// [`Event::Upheld`], and [`Event::PenaltyExecuted`] when it is due.
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::uphold())]
		pub fn uphold(
			origin: OriginFor<T>,
			#[pallet::compact] penalty: PenaltyId,
		) -> DispatchResult {
			T::AppealOrigin::ensure_origin(origin)?;
			Self::do_uphold(penalty)
		}

		/// Cancels a penalty, appealed or not.
		///
		/// # Origin
		/// [`Config::AppealOrigin`].
		///
		/// # Details
		/// The bond of an open appeal is given back. What the offence added to a sentence goes, and with the
		/// last of it the sentence; so does its strike, as though there never had been one, unless another offence of
		/// that era bears it. The record stays until history closes, so that the offence cannot be reported again.
		///
		/// # Errors
		/// [`Error::UnknownPenalty`], [`Error::AlreadyFinal`].
		///
		/// # Events
		/// [`Event::PenaltyCancelled`], and [`Event::Jailed`] or [`Event::Unjailed`] when a sentence
		/// changed or ended.
		///
		/// # Complexity
		/// `O(k)` in the kinds of offences, for what else was done in that era.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::cancel())]
		pub fn cancel(
			origin: OriginFor<T>,
			#[pallet::compact] penalty: PenaltyId,
		) -> DispatchResult {
			T::AppealOrigin::ensure_origin(origin)?;
			Self::do_cancel(penalty)
		}

		/// Executes a penalty that is due.
		///
		/// # Origin
		/// Signed, by anybody.
		///
		/// # Details
		/// Blocks do it by themselves; whoever fears that they are too full for it may ask. The caller pays
		/// the fee.
		///
		/// # Errors
		/// [`Error::UnknownPenalty`], [`Error::AlreadyFinal`], [`Error::NotDue`].
		///
		/// # Events
		/// [`Event::PenaltyExecuted`], after [`Event::AppealLapsed`] when an appeal was open.
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::execute())]
		pub fn execute(
			origin: OriginFor<T>,
			#[pallet::compact] penalty: PenaltyId,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_execute(penalty)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// From when to when a node is jailed, if it is.
		pub fn jail(node: NodeId) -> Option<Span> {
			Self::span_of(Offender::Node(node))
		}

		/// The whole sentence of an offender.
		pub fn sentence(offender: Offender<T::AccountId>) -> Option<Sentence<T::AccountId>> {
			Jailed::<T>::get(offender)
		}

		/// A penalty.
		pub fn penalty(penalty: PenaltyId) -> Option<Penalty<T::AccountId>> {
			Penalties::<T>::get(penalty)
		}

		/// At most `limit` and 256 open penalties after `after`, and what to ask the next page with; nothing when all were
		/// looked at. A page can be short, or empty, although more follow.
		pub fn open_penalties(after: Option<PenaltyId>, limit: u32) -> PageOf<T> {
			Self::open_after(after, limit.min(dtel_primitives::api::MAX_PAGE))
		}

		/// At most `limit` and 256 penalties of an operator after `after`, decided ones included, and what to ask the next
		/// page with.
		pub fn penalties_of(
			owner: T::AccountId,
			after: Option<PenaltyId>,
			limit: u32,
		) -> PageOf<T> {
			Self::owner_after(&owner, after, limit.min(dtel_primitives::api::MAX_PAGE))
		}

		/// What an offender did in an era; nothing of an era that is swept.
		pub fn offences_of(
			era: EraIndex,
			offender: Offender<T::AccountId>,
		) -> Vec<(PenaltyId, Penalty<T::AccountId>)> {
			Self::penalties_in(era, &offender)
		}

		/// What an offender is known for: strikes of its own that count now, and its record.
		pub fn record(offender: Offender<T::AccountId>) -> Option<(u32, Record)> {
			let record = Records::<T>::get(offender)?;
			let decay = T::Policy::get().strike_eras;
			Some((record.strikes.count(Self::current_era(), decay), record))
		}

		/// The strikes that an operator's retired nodes left behind, as they count now.
		pub fn carried(owner: T::AccountId) -> u32 {
			let (now, decay) = (Self::current_era(), T::Policy::get().strike_eras);
			Carried::<T>::get(owner).map_or(0, |carried| carried.count(now, decay))
		}

		/// What an operator's next appeal would cost.
		pub fn appeal_bond(who: T::AccountId) -> Balance {
			Self::next_bond(&who)
		}
	}
}
