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

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod impls;
mod ledger;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{Chunk, Join, Ledger, LedgerError, MAX_CHUNKS, MAX_UNBONDING_ERAS};
pub use weights::WeightInfo;

// What FRAME's macros generate expects metadata to be there; nothing written below does.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use dtel_primitives::{clock::EraClock, Balance, EraIndex};
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::{self, Credit},
			OnUnbalanced,
		},
	};
	use frame_system::pallet_prelude::*;

	/// The layout of this pallet's storage.
	pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// What was taken from an account.
	pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the runtime decides.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// Where stake is held.
		type Currency: fungible::MutateHold<
				Self::AccountId,
				Balance = Balance,
				Reason = Self::RuntimeHoldReason,
			> + fungible::BalancedHold<Self::AccountId>;

		/// Reasons for holds, this pallet's among them.
		type RuntimeHoldReason: From<HoldReason>;

		/// Blocks → eras.
		type Clock: Get<EraClock>;

		/// Eras from unbonding to withdrawal, at least 3. At most [`MAX_UNBONDING_ERAS`] count. Set at
		/// genesis: a chain that changes it has to migrate its ledgers, which forget by it.
		type UnbondingEras: Get<EraIndex>;

		/// Least stake that may be bonded.
		type MinBond: Get<Balance>;

		/// Stake that an operator needs for each of its nodes.
		type MinimumPerNode: Get<Balance>;

		/// Where slashed stake goes.
		type Slashed: OnUnbalanced<CreditOf<Self>>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;
	}

	/// Why this pallet holds funds.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Stake, bonded or being unbonded.
		#[codec(index = 0)]
		Bond,
	}

	/// What each operator has at stake. Absent: nothing. Written by `ledger`; bounded by
	/// [`MAX_CHUNKS`]; its owner pays by the stake itself (INV-1 to INV-4).
	#[pallet::storage]
	pub type Ledgers<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Ledger>;

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Stake was bonded; it counts from the next era on.
		#[codec(index = 0)]
		Bonded {
			/// Whose.
			who: T::AccountId,
			/// How much.
			amount: Balance,
			/// How much is bonded now.
			total: Balance,
		},
		/// Stake began to be unbonded.
		#[codec(index = 1)]
		Unbonded {
			/// Whose.
			who: T::AccountId,
			/// How much.
			amount: Balance,
			/// How much is bonded now.
			total: Balance,
			/// The first era in which it can be withdrawn.
			matures: EraIndex,
		},
		/// Stake that was being unbonded is bonded again; it counts from the next era on.
		#[codec(index = 2)]
		Rebonded {
			/// Whose.
			who: T::AccountId,
			/// How much.
			amount: Balance,
			/// How much is bonded now.
			total: Balance,
		},
		/// Stake was released.
		#[codec(index = 3)]
		Withdrawn {
			/// Whose.
			who: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// Stake was taken.
		#[codec(index = 4)]
		Slashed {
			/// Whose.
			who: T::AccountId,
			/// The era that it answered for.
			era: EraIndex,
			/// How much.
			amount: Balance,
		},
	}

	/// Why a call was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// The account has a ledger. Use `bond_extra`, or `rebond`.
		AlreadyBonded,
		/// The account has no ledger. Use `bond`.
		NotBonded,
		/// An amount of nothing changes nothing. Give one above zero.
		ZeroAmount,
		/// Less than the minimum would be bonded. Give more.
		BelowMinimum,
		/// There is less than that. Look up the ledger and give at most what is there.
		NotEnough,
		/// Nothing has matured. Wait for the era that `Unbonded` named.
		NothingMatured,
		/// A balance would overflow. Cannot happen while issuance fits a balance.
		Overflow,
		/// A queue would overflow. Cannot happen while [`MAX_UNBONDING_ERAS`] is kept.
		TooManyChunks,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::Clock::get().is_valid(), "every phase of an era has a block");
			let eras = T::UnbondingEras::get();
			assert!(
				eras >= 3,
				"what left with the snapshot of an era answers until that is settled"
			);
			assert!(eras <= MAX_UNBONDING_ERAS, "a queue has an entry for each era of unbonding");
			assert!(T::MinBond::get() > 0, "a ledger is not free");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Puts funds of the caller at stake.
		///
		/// # Origin
		/// Signed, by whoever is or wants to become an operator.
		///
		/// # Details
		/// Holds `amount`. It counts from the next era on.
		///
		/// # Errors
		/// [`Error::AlreadyBonded`], [`Error::ZeroAmount`], [`Error::BelowMinimum`], and the currency's
		/// when `amount` cannot be held.
		///
		/// # Events
		/// [`Event::Bonded`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::bond())]
		pub fn bond(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_bond(who, amount)
		}

		/// Puts more funds of the caller at stake.
		///
		/// # Origin
		/// Signed, by an operator with a ledger.
		///
		/// # Details
		/// Holds `amount` more. It counts from the next era on. Who fell below the minimum has to reach
		/// it again.
		///
		/// # Errors
		/// [`Error::NotBonded`], [`Error::ZeroAmount`], [`Error::BelowMinimum`], and the currency's
		/// when `amount` cannot be held.
		///
		/// # Events
		/// [`Event::Bonded`].
		///
		/// # Complexity
		/// `O(c)` in the ledger's chunks, at most [`MAX_CHUNKS`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::bond_extra())]
		pub fn bond_extra(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_bond_extra(who, amount)
		}

		/// Begins to take stake out.
		///
		/// # Origin
		/// Signed, by an operator with a ledger.
		///
		/// # Details
		/// Counts no more at once, can be withdrawn after [`Config::UnbondingEras`], and answers until
		/// then for offences of the eras in which it counted. If less than the minimum would stay
		/// bonded, all is unbonded. Never refused for want of room.
		///
		/// # Errors
		/// [`Error::NotBonded`], [`Error::ZeroAmount`], [`Error::NotEnough`].
		///
		/// # Events
		/// [`Event::Unbonded`], with what was really unbonded.
		///
		/// # Complexity
		/// `O(c)` in the ledger's chunks, at most [`MAX_CHUNKS`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::unbond())]
		pub fn unbond(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_unbond(who, amount)
		}

		/// Releases what has matured.
		///
		/// # Origin
		/// Signed, by an operator with a ledger.
		///
		/// # Details
		/// The hold shrinks by it. The ledger goes when nothing is left in it.
		///
		/// # Errors
		/// [`Error::NotBonded`], [`Error::NothingMatured`].
		///
		/// # Events
		/// [`Event::Withdrawn`].
		///
		/// # Complexity
		/// `O(c)` in the ledger's chunks, at most [`MAX_CHUNKS`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::withdraw())]
		pub fn withdraw(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_withdraw(who)
		}

		/// Puts stake that is being unbonded at stake again.
		///
		/// # Origin
		/// Signed, by an operator with a ledger.
		///
		/// # Details
		/// Takes what was unbonded last first, matured or not. It counts from the next era on, save what
		/// was unbonded in the running one: that counts as if nothing had happened. All of it
		/// answers for past eras as though it had never left.
		///
		/// # Errors
		/// [`Error::NotBonded`], [`Error::ZeroAmount`], [`Error::NotEnough`], [`Error::BelowMinimum`].
		///
		/// # Events
		/// [`Event::Rebonded`].
		///
		/// # Complexity
		/// `O(c)` in the ledger's chunks, at most [`MAX_CHUNKS`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::rebond())]
		pub fn rebond(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_rebond(who, amount)
		}
	}
}
