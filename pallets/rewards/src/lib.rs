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
mod benchmarking;
mod hooks;
mod ledger;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use hooks::SWEEP_PAGE;
pub use pallet::*;
pub use types::{
	EraLedger, EraPay, Horizon, NodeLedger, NodePay, OperatorLedger, OperatorPay, UnpaidEras,
	MAX_UNPAID,
};
pub use weights::WeightInfo;

/// Target of this pallet's log lines.
const LOG_TARGET: &str = "runtime::dtel-rewards";

/// The pallet; its documentation is the crate's.
// FRAME's macros generate `expect`; what is written by hand here only calls the modules beside it.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use dtel_primitives::{clock::EraClock, Balance, EraIndex, NodeId};
	use dtel_traits::{ScoreSink, Scored, StakeRewards};
	use frame_support::{pallet_prelude::*, traits::fungible, weights::WeightMeter, PalletId};
	use frame_system::pallet_prelude::*;
	use sp_runtime::Perquintill;

	/// Layout of this pallet's storage.
	pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The token. Only transfers are ever made with it.
		type Currency: fungible::Inspect<Self::AccountId, Balance = Balance>
			+ fungible::Mutate<Self::AccountId>;

		/// Shares what an operator earned among those who have stake with it, out of its own account, into which
		/// the reserve releases. Takes what was earned in an era for longer than [`Config::HistoryEras`].
		type Stakers: StakeRewards<Self::AccountId>;

		/// From which the account of the reserve is derived.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// The era clock.
		type Clock: Get<EraClock>;

		/// Stake that one attested Mbit/s needs to count; without a price there is no ceiling.
		type StakePerMbps: Get<Balance>;

		/// The fraction of the reserve that an era with any points releases.
		type ReleasePerEra: Get<Perquintill>;

		/// Pay of an era is locked for so many eras, counted from it. At least one: nobody had stake throughout an
		/// era that has not ended. No dispute makes it longer.
		type EscrowEras: Get<EraIndex>;

		/// Eras that stay payable and readable before they are closed; never less than the escrow, and so
		/// few that [`MAX_UNPAID`] are more.
		type HistoryEras: Get<EraIndex>;

		/// Weights of calls and of the steps that hooks and sinks take.
		type WeightInfo: WeightInfo;
	}

	/// An era's points and money. Absent: no member of it was scored, or it is closed.
	///
	/// Sole writer: `ledger`. One entry for each of the last [`Config::HistoryEras`] eras. INV-2, INV-3.
	#[pallet::storage]
	pub type Eras<T: Config> = StorageMap<_, Twox64Concat, EraIndex, EraLedger>;

	/// A member's points in an era. Absent: it was not scored, or the era is closed and swept.
	///
	/// Sole writer: `ledger`; swept by `hooks`. One entry a member, for each era in [`Eras`] and the
	/// one that is being swept. INV-1, INV-4.
	#[pallet::storage]
	pub type Points<T: Config> =
		StorageDoubleMap<_, Twox64Concat, EraIndex, Twox64Concat, NodeId, NodeLedger<T::AccountId>>;

	/// An operator's points in an era. Absent: none of its nodes earned anything, or the era is closed and
	/// swept. Not written when it is paid: [`Unpaid`] says that.
	///
	/// Sole writer: `ledger`; swept by `hooks`. At most one entry for each in [`Points`]. INV-1, INV-2,
	/// INV-4.
	#[pallet::storage]
	pub type Operators<T: Config> =
		StorageDoubleMap<_, Twox64Concat, EraIndex, Blake2_128Concat, T::AccountId, OperatorLedger>;

	/// The eras for which an operator is to be paid, by rising era. Absent: none. An era that is not here was
	/// paid, unless [`Operators`] says that it was refused.
	///
	/// Sole writer: `ledger`. At most [`MAX_UNPAID`] for an operator, and no entry without one in
	/// [`Operators`]: a closed era is forgotten when it is swept, or when the list is written before. INV-7.
	#[pallet::storage]
	pub type Unpaid<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, UnpaidEras, ValueQuery>;

	/// What was released for all of [`Eras`], paid or not. Sole writer: `ledger`, when an era is settled or
	/// closed. INV-5.
	#[pallet::storage]
	pub type Released<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// Up to where history is closed. Sole writer: `hooks`. INV-4.
	#[pallet::storage]
	pub type History<T: Config> = StorageValue<_, Horizon, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Every member of an era is scored; its pay lies in the stakers' pot.
		EraSettled {
			/// The era.
			era: EraIndex,
			/// What the reserve released for it.
			released: Balance,
			/// The sum of its members' points.
			points: u128,
			/// How many members were scored.
			members: u32,
		},
		/// An operator's share of an era was paid to those who had stake with it. Nothing when nobody could
		/// take it, or too many later eras waited: it goes back to the reserve with the rest of the era.
		PaidOut {
			/// The era.
			era: EraIndex,
			/// The operator of that era.
			owner: T::AccountId,
			/// What was paid.
			amount: Balance,
		},
		/// An era left history. What nobody asked for went back to the reserve.
		EraClosed {
			/// The era.
			era: EraIndex,
			/// What was paid of it in all.
			paid: Balance,
			/// What went back to the reserve.
			returned: Balance,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// No member of this era was scored yet. Wait until it is settled.
		EraUnknown,
		/// Members of this era are still being scored. Wait until it is settled.
		EraNotSettled,
		/// The era left history and its rest went back to the reserve. Ask earlier next time.
		EraClosed,
		/// The era is in escrow. Wait until it ends.
		InEscrow,
		/// No node of the operator earned anything in this era. Check the operator's address.
		NothingEarned,
		/// The operator's share of this era was paid, refused or given up before. There is nothing to do.
		AlreadyPaid,
		/// The operator is to be paid for an earlier era first. Ask for that one.
		EarlierUnpaid,
		/// The operator has more points than its era: storage is corrupt. Report it to the maintainers.
		PointsExceedEra,
		/// The era would pay more than was released for it: storage is corrupt, nothing more of this
		/// era is paid. Report it to the maintainers.
		BudgetExceeded,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(_: BlockNumberFor<T>, limit: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(limit);
			Self::tidy(&mut meter);
			meter.consumed()
		}

		fn integrity_test() {
			assert_ne!(
				Self::reserve_account(),
				T::Stakers::pot(),
				"stakers would be paid out of the reserve",
			);
			let (history, escrow) = (T::HistoryEras::get(), T::EscrowEras::get());
			assert!(escrow > 0, "an era would be paid before it ends");
			assert!(history > escrow, "pay would expire in escrow");
			// Those of history, the running one, and one that waits to be closed.
			assert!(
				history.saturating_add(2) <= MAX_UNPAID,
				"more eras would be open than an operator can wait for"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Pays an operator's share of an era to those who had stake with it throughout the era, itself
		/// among them.
		///
		/// *Origin*: signed, by anybody. *Details*: an operator's eras are paid in their order. What nobody
		/// can take, because nobody's stake was active or the operator's pool is gone, is not paid, and not
		/// asked for again. No money moves: it lies with the stakers since the era was settled. Free when it succeeds: each share can be asked for once, so free calls are
		/// bounded by the operators that earned something; a call that fails costs its fee. *Errors*:
		/// [`Error::EraClosed`], [`Error::EraUnknown`], [`Error::EraNotSettled`], [`Error::InEscrow`],
		/// [`Error::NothingEarned`], [`Error::AlreadyPaid`], [`Error::EarlierUnpaid`],
		/// [`Error::PointsExceedEra`], [`Error::BudgetExceeded`]. *Events*: [`Event::PaidOut`], those of the
		/// stakers. *Complexity*: O(1), whatever the number of nodes and delegators.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::payout())]
		pub fn payout(
			origin: OriginFor<T>,
			#[pallet::compact] era: EraIndex,
			owner: T::AccountId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_payout(era, owner)?;
			Ok(Pays::No.into())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// An era's points and money; nothing when it is unknown or closed.
		pub fn era_pay(era: EraIndex) -> Option<EraPay> {
			Eras::<T>::get(era).map(Into::into)
		}

		/// A node's points in an era and, by them, its part in its operator's pay; nothing when it was no
		/// member or the era is closed.
		pub fn node_pay(era: EraIndex, node: NodeId) -> Option<NodePay> {
			Self::view_node(era, node)
		}

		/// An operator's points and pay in an era; nothing when it earned nothing or the era is closed.
		pub fn operator_pay(era: EraIndex, owner: T::AccountId) -> Option<OperatorPay> {
			Self::view_operator(era, &owner)
		}

		/// The eras for which an operator is to be paid, the next first.
		pub fn unpaid(owner: T::AccountId) -> Vec<EraIndex> {
			Self::waiting(&owner).into_inner()
		}

		/// What [`Pallet::payout`] would pay now, if there is somebody to take it; nothing when it would
		/// fail by a rule of this pallet.
		pub fn payable(era: EraIndex, owner: T::AccountId) -> Option<Balance> {
			Self::due(era, &owner).ok().map(|due| due.amount)
		}
	}

	impl<T: Config> ScoreSink<T::AccountId> for Pallet<T> {
		fn scored(scored: Scored<T::AccountId>) {
			Self::do_score(scored)
		}

		fn era_settled(era: EraIndex) {
			Self::do_settle(era)
		}

		#[cfg(feature = "runtime-benchmarks")]
		fn set_up_scores(era: EraIndex, owner: &T::AccountId) {
			let done = crate::benchmarking::worst_case::<T>(era, owner);
			debug_assert!(done.is_ok(), "{done:?}");
		}
	}
}
