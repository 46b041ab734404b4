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
mod payout;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
mod views;
pub mod weights;

pub use hooks::WALK_PAGE;
pub use pallet::*;
pub use types::{Entries, Entry, EraLedger, Split, Tally, Walk, MAX_ENTRIES};
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
	use dtel_primitives::{
		clock::EraClock,
		reward::{EraPay, Expected, OperatorPay, Pay, Work},
		Balance, EraIndex,
	};
	use dtel_traits::{Disputes, Jail, Payroll, ScoreSink, Scored, StakeRewards};
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

		/// Knows what is disputed: such pay waits.
		type Disputes: Disputes<Self::AccountId>;

		/// Knows who is jailed as a validator: such blocks do not count.
		type Jail: Jail<Self::AccountId>;

		/// From which the account of the reserve is derived.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// The account that gets the treasury's part, and what nobody asked for.
		type Treasury: Get<Self::AccountId>;

		/// The era clock.
		type Clock: Get<EraClock>;

		/// How long an era takes, in milliseconds.
		type EraMillis: Get<u64>;

		/// Stake that one attested Mbit/s needs to count; without a price there is no ceiling.
		type StakePerMbps: Get<Balance>;

		/// The fraction of the reserve that a year releases if every part of every era is earned, each from what the
		/// one before left.
		type YearlyRelease: Get<Perquintill>;

		/// How a release is split. The parts are the whole.
		type Split: Get<Split>;

		/// Pay of an era is locked for so many eras, counted from it. At least one: nobody had stake throughout an
		/// era that has not ended. So many that what costs the pay of an era is known then, as far as it has a last date. A
		/// dispute locks it for longer.
		type EscrowEras: Get<EraIndex>;

		/// Eras that stay payable and readable before they are closed; more than the escrow, and so few that an
		/// operator's ledger has room for them.
		type HistoryEras: Get<EraIndex>;

		/// Weights of calls and of the steps that hooks and sinks take.
		type WeightInfo: WeightInfo;
	}

	/// An era's points and money. Absent: nothing was done in it, or it is closed and cleared.
	///
	/// Sole writers: `ledger` and `payout`. One entry for each of the last [`Config::HistoryEras`] eras, the running one
	/// and those that are to be cleared. INV-1, INV-2, INV-3, INV-4.
	#[pallet::storage]
	pub type Eras<T: Config> = StorageMap<_, Twox64Concat, EraIndex, EraLedger>;

	/// What an operator did era by era, rising, and what became of its pay. Absent: nothing in any era that is open.
	///
	/// Sole writers: `ledger` and `payout`. One entry an operator that did something in an era that is open, or did
	/// when it was last looked at; closed eras leave it when it is written, and the walk of `hooks` comes by. INV-1,
	/// INV-2, INV-7.
	#[pallet::storage]
	pub type Ledgers<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, Entries, ValueQuery>;

	/// What was released into the pot for all of [`Eras`], paid or not. Sole writer: `ledger`, when an era is settled or
	/// cleared. INV-5.
	#[pallet::storage]
	pub type Released<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// The first era after all that are settled: for it blocks count. Sole writer: `ledger`. INV-8.
	#[pallet::storage]
	pub type Unsettled<T: Config> = StorageValue<_, EraIndex, ValueQuery>;

	/// The first era that was not cleared after it left history. Sole writer: `hooks`. INV-4.
	#[pallet::storage]
	pub type Cleared<T: Config> = StorageValue<_, EraIndex, ValueQuery>;

	/// Where the walk that pays operators in turn is. Sole writer: `hooks`.
	#[pallet::storage]
	pub type Walked<T: Config> = StorageValue<_, Walk<T::AccountId>, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Every member of an era is scored; its pay lies in the stakers' pot.
		#[codec(index = 0)]
		EraSettled {
			/// The era.
			era: EraIndex,
			/// What the reserve released into the pot, by what it is for.
			released: Pay,
			/// What the treasury got.
			treasury: Balance,
			/// What all operators did.
			all: Work,
			/// How many members were scored.
			members: u32,
		},
		/// An operator's share of an era was paid to those who had stake with it. Nothing when nobody could
		/// take it: it goes back to the reserve with the rest of the era.
		#[codec(index = 1)]
		PaidOut {
			/// The era.
			era: EraIndex,
			/// The operator of that era.
			owner: T::AccountId,
			/// What was paid.
			amount: Balance,
		},
		/// An era left history, and what was not paid of it the stakers' pot.
		#[codec(index = 2)]
		EraClosed {
			/// The era.
			era: EraIndex,
			/// What was paid of it in all.
			paid: Balance,
			/// What was earned and nobody asked for: it went to the treasury.
			unclaimed: Balance,
			/// What rules left unpaid: it went back to the reserve.
			returned: Balance,
		},
		/// An operator lost its share of an era by an offence. It goes back to the reserve with the rest of the era.
		#[codec(index = 3)]
		Forfeited {
			/// The era.
			era: EraIndex,
			/// The operator of that era.
			owner: T::AccountId,
			/// What it lost.
			amount: Balance,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// Nothing was done in this era yet. Wait until it is settled.
		EraUnknown,
		/// Members of this era are still being scored. Wait until it is settled.
		EraNotSettled,
		/// The era left history: what nobody asked for is the treasury's. Ask earlier next time.
		EraClosed,
		/// The era is in escrow. Wait until it ends.
		InEscrow,
		/// The operator earned nothing in this era. Check its address.
		NothingEarned,
		/// The operator's share of this era was paid, refused or lost before. There is nothing to do.
		AlreadyPaid,
		/// The operator is to be paid for an earlier era first. Ask for that one.
		EarlierUnpaid,
		/// The operator did more than all did in its era: storage is corrupt. Report it to the maintainers.
		PointsExceedEra,
		/// The era would pay more than was released for it: storage is corrupt, nothing more of this
		/// era is paid. Report it to the maintainers.
		BudgetExceeded,
		/// A penalty for an offence of this era is not decided. Ask again when it is executed or cancelled.
		Disputed,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(_: BlockNumberFor<T>, limit: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(limit);
			Self::tidy(&mut meter);
			meter.consumed()
		}

		fn integrity_test() {
			let (reserve, pot) = (Self::reserve_account(), T::Stakers::pot());
			assert_ne!(reserve, pot, "stakers would be paid out of the reserve");
			let treasury = T::Treasury::get();
			assert!(treasury != reserve && treasury != pot, "the treasury would have no account");
			let (history, escrow) = (T::HistoryEras::get(), T::EscrowEras::get());
			assert!(escrow > 0, "an era would be paid before it ends");
			assert!(history > escrow, "pay would expire in escrow");
			// Those of history, the running one, and the next: blocks count for it when the running one is settled.
			assert!(
				history.saturating_add(2) <= MAX_ENTRIES,
				"more eras would be open than an operator's ledger has room for"
			);
			assert!(T::Split::get().is_whole(), "the parts of a release are not the whole");
			assert!(T::EraMillis::get() > 0, "an era that takes no time releases nothing");
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
		/// asked for again; nor is what was lost by an offence. No money moves: it lies with the stakers since the era
		/// was settled. Free when it succeeds: each share can be asked for once, so free calls are
		/// bounded by the operators that earned something; a call that fails costs its fee. *Errors*:
		/// [`Error::EraClosed`], [`Error::EraUnknown`], [`Error::EraNotSettled`], [`Error::InEscrow`],
		/// [`Error::NothingEarned`], [`Error::AlreadyPaid`], [`Error::EarlierUnpaid`], [`Error::Disputed`],
		/// [`Error::PointsExceedEra`], [`Error::BudgetExceeded`]. *Events*: [`Event::PaidOut`] or
		/// [`Event::Forfeited`], those of the stakers. *Complexity*: O(1), whatever the number of nodes and delegators.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::payout())]
		pub fn payout(
			origin: OriginFor<T>,
			#[pallet::compact] era: EraIndex,
			owner: T::AccountId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_payout(era, &owner)?;
			Ok(Pays::No.into())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// An era's points and money; nothing when nothing was done in it or it is closed.
		pub fn era_pay(era: EraIndex) -> Option<EraPay> {
			Self::view_era(era)
		}

		/// What an operator did in an era and what became of its pay; nothing when it did nothing or the era is closed.
		pub fn operator_pay(era: EraIndex, owner: T::AccountId) -> Option<OperatorPay> {
			Self::view_operator(era, &owner)
		}

		/// The same for its open eras from `start` on, rising, at most `limit`. There are never more than
		/// [`MAX_ENTRIES`].
		pub fn history(owner: T::AccountId, start: EraIndex, limit: u32) -> Vec<OperatorPay> {
			Self::view_history(&owner, start, limit)
		}

		/// The eras for which an operator is to be paid, the next first.
		pub fn unpaid(owner: T::AccountId) -> Vec<EraIndex> {
			Self::view_waiting(&owner)
		}

		/// What [`Pallet::payout`] would pay now, if there is somebody to take it; nothing when it would
		/// fail by a rule of this pallet.
		pub fn payable(era: EraIndex, owner: T::AccountId) -> Option<Balance> {
			Self::view_payable(era, &owner)
		}

		/// What an operator would get for the running era, its delegators' part included, if it went as the last
		/// settled one did and the reserve released now; its share when the running era is settled itself; nothing when none
		/// is settled.
		pub fn expected(owner: T::AccountId) -> Option<Expected> {
			Self::view_expected(&owner)
		}

		/// The last settled era, and what an operator earned from era `first` to it, paid or yet to be paid; nothing
		/// when no such era is settled.
		pub fn earned(owner: T::AccountId, first: EraIndex) -> Option<(EraIndex, Balance)> {
			Self::view_earned(&owner, first)
		}
	}

	impl<T: Config> Payroll<T::AccountId> for Pallet<T> {
		fn is_settled(era: EraIndex) -> bool {
			era < Unsettled::<T>::get()
		}

		fn forfeit(owner: &T::AccountId, era: EraIndex) {
			Self::do_forfeit(era, owner)
		}

		#[cfg(feature = "runtime-benchmarks")]
		fn set_up_pay(owner: &T::AccountId, era: EraIndex) {
			let done = crate::benchmarking::waits_for::<T>(era, owner);
			debug_assert!(done.is_ok(), "{done:?}");
		}

		#[cfg(feature = "runtime-benchmarks")]
		fn set_up_settled(era: EraIndex) {
			Unsettled::<T>::put(era.saturating_add(1));
		}
	}

	impl<T: Config> ScoreSink<T::AccountId> for Pallet<T> {
		fn scored(scored: Scored<T::AccountId>) -> u128 {
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
