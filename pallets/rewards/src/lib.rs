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
pub use types::{EraLedger, EraPay, Horizon, NodeLedger, NodePay};
pub use weights::WeightInfo;

/// Target of this pallet's log lines.
const LOG_TARGET: &str = "runtime::dtel-rewards";

/// The pallet; its documentation is the crate's.
// FRAME's macros generate `expect`; what is written by hand here only calls the modules beside it.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use dtel_primitives::{clock::EraClock, Balance, EraIndex, NodeId};
	use dtel_traits::{ScoreSink, Scored};
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

		/// From which the accounts of reserve and pot are derived.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// The era clock.
		type Clock: Get<EraClock>;

		/// Stake that one attested Mbit/s needs to count; without a price there is no ceiling.
		type StakePerMbps: Get<Balance>;

		/// The fraction of the reserve that an era with any points releases.
		type ReleasePerEra: Get<Perquintill>;

		/// Pay of an era is locked for so many eras, counted from it: until its disputes are over. A
		/// dev chain has 1, so that an era is payable from the next one on.
		type EscrowEras: Get<EraIndex>;

		/// Eras that stay payable and readable before they are closed; never less than the escrow.
		type HistoryEras: Get<EraIndex>;

		/// Weights of calls and of the steps that hooks and sinks take.
		type WeightInfo: WeightInfo;
	}

	/// An era's points and money. Absent: no member of it was scored, or it is closed.
	///
	/// Sole writer: `ledger`. One entry for each of the last [`Config::HistoryEras`] eras. INV-2, INV-3.
	#[pallet::storage]
	pub type Eras<T: Config> = StorageMap<_, Twox64Concat, EraIndex, EraLedger>;

	/// A member's points and pay in an era. Absent: it was not scored, or the era is closed and swept.
	///
	/// Sole writer: `ledger`; swept by `hooks`. One entry a member, for each era in [`Eras`] and the
	/// one that is being swept. INV-1, INV-4.
	#[pallet::storage]
	pub type Points<T: Config> =
		StorageDoubleMap<_, Twox64Concat, EraIndex, Twox64Concat, NodeId, NodeLedger<T::AccountId>>;

	/// What was released and not paid, over all of [`Eras`]. Sole writer: `ledger`. INV-5, INV-6.
	#[pallet::storage]
	pub type Owed<T: Config> = StorageValue<_, Balance, ValueQuery>;

	/// Up to where history is closed. Sole writer: `hooks`. INV-4.
	#[pallet::storage]
	pub type History<T: Config> = StorageValue<_, Horizon, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Every member of an era is scored; its pay lies in the pot.
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
		/// A node's share of an era was paid to its operator.
		PaidOut {
			/// The era.
			era: EraIndex,
			/// The node.
			node: NodeId,
			/// Its operator in that era.
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
		/// Disputes over this era may still be raised. Wait until the escrow ends.
		InEscrow,
		/// The node was no member of this era. Check the node's identifier.
		NotScored,
		/// The node's share of this era is nothing. There is nothing to do.
		NothingEarned,
		/// The node's share of this era was paid before. There is nothing to do.
		AlreadyPaid,
		/// The node has more points than its era: storage is corrupt. Report it to the maintainers.
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
				Self::pot_account(),
				"account identifiers are too short to tell reserve and pot apart",
			);
			assert!(T::HistoryEras::get() > T::EscrowEras::get(), "pay would expire in escrow");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Pays a node's share of an era to the operator that it had in that era.
		///
		/// *Origin*: signed, by anybody. *Details*: free when it pays: each share can be asked for once,
		/// so free calls are bounded by the members that earned something; a call that pays nothing
		/// costs its fee. *Errors*: [`Error::EraClosed`], [`Error::EraUnknown`],
		/// [`Error::EraNotSettled`], [`Error::InEscrow`], [`Error::NotScored`], [`Error::AlreadyPaid`],
		/// [`Error::NothingEarned`], [`Error::PointsExceedEra`], [`Error::BudgetExceeded`], those of the
		/// token (a share below the existential deposit cannot open an account). *Events*:
		/// [`Event::PaidOut`]. *Complexity*: O(1).
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::payout())]
		pub fn payout(
			origin: OriginFor<T>,
			#[pallet::compact] era: EraIndex,
			#[pallet::compact] node: NodeId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_payout(era, node)?;
			Ok(Pays::No.into())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// An era's points and money; nothing when it is unknown or closed.
		pub fn era_pay(era: EraIndex) -> Option<EraPay> {
			Eras::<T>::get(era).map(Into::into)
		}

		/// A node's points and pay in an era; nothing when it was no member or the era is closed.
		pub fn node_pay(era: EraIndex, node: NodeId) -> Option<NodePay> {
			if Self::is_closed(era) {
				return None;
			}
			Points::<T>::get(era, node).map(Into::into)
		}

		/// What [`Pallet::payout`] would pay now; nothing when it would fail by a rule of this pallet.
		pub fn payable(era: EraIndex, node: NodeId) -> Option<Balance> {
			Self::due(era, node).ok().map(|due| due.amount)
		}
	}

	impl<T: Config> ScoreSink<T::AccountId> for Pallet<T> {
		fn scored(scored: Scored<T::AccountId>) {
			Self::do_score(scored)
		}

		fn era_settled(era: EraIndex) {
			Self::do_settle(era)
		}
	}
}
