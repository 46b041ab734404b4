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
#[allow(clippy::arithmetic_side_effects)]
mod benchmarking;
mod claims;
mod errors;
mod events;
mod impls;
#[cfg(test)]
mod mock;
mod pools;
mod positions;
mod rewards;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
mod views;
pub mod weights;

pub use dtel_math::pool::PAGE_ERAS;
pub use pallet::*;
pub use types::{
	Earnings, Holder, Membership, Pool, Rates, Worth, CREDIT_ERAS, GRACE_ERAS, MAX_COHORTS,
	MAX_RATES, MAX_UNBONDING_ERAS,
};
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

// What FRAME's macros generate expects metadata to be there; nothing written below does.
#[allow(clippy::expect_used)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use dtel_math::pool::{Page, Slashes};
	use dtel_primitives::{
		clock::EraClock,
		stake::{Commission, PoolView, PositionView},
		Balance, BasisPoints, EraIndex,
	};
	use dtel_traits::{NodeRegistry, Promised};
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::{self, Credit},
			OnUnbalanced,
		},
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::Perbill;

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
		/// Where stake is held and rewards are paid.
		type Currency: fungible::Mutate<Self::AccountId, Balance = Balance>
			+ fungible::MutateHold<
				Self::AccountId,
				Balance = Balance,
				Reason = Self::RuntimeHoldReason,
			> + fungible::BalancedHold<Self::AccountId>;

		/// Reasons for holds, this pallet's among them.
		type RuntimeHoldReason: From<HoldReason>;

		/// From which the account of the pot is derived. The account must have the existential deposit, beside what it owes.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Blocks → eras.
		type Clock: Get<EraClock>;

		/// How many nodes an operator has.
		type Registry: NodeRegistry<Self::AccountId>;

		/// Knows which funds of a holder are another's: they are put at no new stake.
		type Promised: Promised<Self::AccountId>;

		/// Eras from unbonding to withdrawal, at least 3. At most [`MAX_UNBONDING_ERAS`] count. Set at
		/// genesis: a chain that changes it has to migrate its pools, which forget by it.
		type UnbondingEras: Get<EraIndex>;

		/// What an operator needs of its own for each of its nodes, and for being an operator.
		type MinBond: Get<Balance>;

		/// The least that can be delegated to an operator.
		type MinDelegation: Get<Balance>;

		/// In how many pools a holder can have stake.
		type MaxPoolsPerHolder: Get<u32>;

		/// Stake that an operator needs for each of its nodes, its delegators' among it.
		type MinimumPerNode: Get<Balance>;

		/// Where slashed stake and dust go.
		type Slashed: OnUnbalanced<CreditOf<Self>>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;
	}

	/// Why this pallet holds funds.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Stake, bonded, delegated or being unbonded.
		#[codec(index = 0)]
		Stake,
	}

	/// Pools, by operator. Absent: no operator. Written by `pools`; one for each operator, until nobody is in it
	/// and nothing answers for it any more; paid for by the operator's stake (INV-3, INV-8).
	#[pallet::storage]
	pub type Pools<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Pool>;

	/// What pools earned, by operator. Written by `pools`, with [`Pools`] (INV-4, INV-5).
	#[pallet::storage]
	pub type Books<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Earnings, ValueQuery>;

	/// How many entries in other pools were moved from an operator's and still answer for it. Absent: none. Written by `pools`;
	/// goes with the last of them, which pay for it (INV-3).
	#[pallet::storage]
	pub type SourcesOf<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32>;

	/// How pools were slashed, by operator. Absent: never. Written by `pools`, removed with [`Pools`] (INV-9).
	#[pallet::storage]
	pub type SlashesOf<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, Slashes, ValueQuery>;

	/// Boundaries of books to which entries refer, by operator and page. Absent: none on that page. Written by `pools`; each has an
	/// entry that refers to it, and goes with the last (INV-5).
	#[pallet::storage]
	pub type Checkpoints<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Twox64Concat,
		EraIndex,
		Page,
		ValueQuery,
	>;

	/// Stake, by holder and operator. Absent: none. Written by `positions`; at most [`Config::MaxPoolsPerHolder`] for a holder,
	/// any number for an operator; paid for by the stake itself (INV-1, INV-2).
	#[pallet::storage]
	pub type Members<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Blake2_128Concat,
		T::AccountId,
		Membership<T::AccountId>,
	>;

	/// Holders. Absent: without stake. Written by `positions` (INV-3).
	#[pallet::storage]
	pub type Holders<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Holder, ValueQuery>;

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// A pool.
		pub fn pool(operator: T::AccountId) -> Option<PoolView> {
			Self::view_pool(&operator)
		}

		/// What a holder has in a pool, what it has earned and what slashes cost it.
		pub fn position(
			holder: T::AccountId,
			operator: T::AccountId,
		) -> Option<PositionView<T::AccountId>> {
			Self::view_position(&holder, &operator)
		}

		/// All that a holder has, by operator: at most [`Config::MaxPoolsPerHolder`].
		pub fn positions(holder: T::AccountId) -> Vec<(T::AccountId, PositionView<T::AccountId>)> {
			Self::view_positions(&holder)
		}
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
			assert!(eras <= MAX_UNBONDING_ERAS, "a pool tells so many eras apart");
			assert!(T::MinBond::get() > 0 && T::MinDelegation::get() > 0, "stake is not free");
			assert!(T::MaxPoolsPerHolder::get() > 0, "a holder can hold");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Makes the caller an operator, with stake of its own.
		///
		/// # Origin
		/// Signed, by whoever wants to become an operator.
		///
		/// # Details
		/// Holds `amount`, which counts from the next era on, and opens a pool that others can delegate to, under the commission that is given and the promise about it.
		///
		/// # Errors
		/// [`Error::PoolExists`], [`Error::ZeroAmount`], [`Error::BelowMinimum`], [`Error::TooManyPools`], [`Error::CommissionTooHigh`], [`Error::Promised`], and the currency's when `amount` cannot be held.
		///
		/// # Events
		/// [`Event::Bonded`].
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::bond())]
		pub fn bond(
			origin: OriginFor<T>,
			amount: Balance,
			commission: Commission,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_bond(who, amount, commission)
		}

		/// Puts more funds of an operator at stake.
		///
		/// # Origin
		/// Signed, by an operator.
		///
		/// # Details
		/// Holds `amount` more; it counts from the next era on. Whatever the position earned is paid with it, whatever slashes took of it is taken ([`Event::Claimed`], [`Event::Settled`]).
		///
		/// # Errors
		/// [`Error::NoPool`], [`Error::NoStake`], [`Error::PoolClosed`], [`Error::ZeroAmount`], [`Error::BelowMinimum`], [`Error::TooManyEntries`], [`Error::Promised`], and the currency's when `amount` cannot be held.
		///
		/// # Events
		/// [`Event::Bonded`].
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::bond_extra())]
		pub fn bond_extra(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_bond_extra(who, amount)
		}

		/// Begins to take an operator's stake out.
		///
		/// # Origin
		/// Signed, by an operator.
		///
		/// # Details
		/// Counts no more at once, can be withdrawn after [`Config::UnbondingEras`], and answers until then for offences of the eras in which it counted. What the operator's nodes need must stay; `retire` takes out everything. Whatever the position earned is paid with it, whatever slashes took of it is taken ([`Event::Claimed`], [`Event::Settled`]).
		///
		/// # Errors
		/// [`Error::NoPool`], [`Error::NoStake`], [`Error::PoolClosed`], [`Error::ZeroAmount`], [`Error::NotEnough`], [`Error::BelowMinimum`], [`Error::TooManyEntries`].
		///
		/// # Events
		/// [`Event::Unbonded`].
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::unbond())]
		pub fn unbond(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_unbond(who, amount)
		}

		/// Releases what has matured.
		///
		/// # Origin
		/// Signed, by a holder; an operator names itself.
		///
		/// # Details
		/// The hold shrinks by it. A position in which nothing is left goes. Whatever the position earned is paid with it, whatever slashes took of it is taken ([`Event::Claimed`], [`Event::Settled`]).
		///
		/// # Errors
		/// [`Error::NoStake`], [`Error::NoPool`], [`Error::NothingMatured`].
		///
		/// # Events
		/// [`Event::Withdrawn`].
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::withdraw())]
		pub fn withdraw(origin: OriginFor<T>, pool: T::AccountId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_withdraw(who, pool)
		}

		/// Puts stake that is being unbonded at stake again.
		///
		/// # Origin
		/// Signed, by a holder; an operator names itself.
		///
		/// # Details
		/// Takes what left last first, matured or not. It counts from the next era on, save what left in the running one: that counts as if nothing had happened. Of slashes that are still to come it bears its part as though it had never left. Whatever the position earned is paid with it, whatever slashes took of it is taken ([`Event::Claimed`], [`Event::Settled`]).
		///
		/// # Errors
		/// [`Error::NoStake`], [`Error::NoPool`], [`Error::PoolClosed`], [`Error::ZeroAmount`], [`Error::NotEnough`], [`Error::BelowMinimum`], [`Error::TooManyEntries`], [`Error::Promised`].
		///
		/// # Events
		/// [`Event::Rebonded`].
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::rebond())]
		pub fn rebond(origin: OriginFor<T>, pool: T::AccountId, amount: Balance) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_rebond(who, pool, amount)
		}

		/// Puts funds at stake with an operator.
		///
		/// # Origin
		/// Signed, by anybody but the operator.
		///
		/// # Details
		/// Holds `amount`; it counts, earns and answers from the next era on.
		///
		/// # Errors
		/// [`Error::OwnPool`], [`Error::AlreadyDelegated`], [`Error::ZeroAmount`], [`Error::TooManyPools`], [`Error::NoPool`], [`Error::PoolClosed`], [`Error::BelowMinimum`], [`Error::Promised`], and the currency's when `amount` cannot be held.
		///
		/// # Events
		/// [`Event::Delegated`].
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::delegate())]
		pub fn delegate(
			origin: OriginFor<T>,
			pool: T::AccountId,
			amount: Balance,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_delegate(who, pool, amount)
		}

		/// Puts more funds at stake with an operator.
		///
		/// # Origin
		/// Signed, by a holder.
		///
		/// # Details
		/// Holds `amount` more; it counts from the next era on. Whatever the position earned is paid with it, whatever slashes took of it is taken ([`Event::Claimed`], [`Event::Settled`]).
		///
		/// # Errors
		/// [`Error::OwnPool`], [`Error::NoStake`], [`Error::NoPool`], [`Error::PoolClosed`], [`Error::ZeroAmount`], [`Error::BelowMinimum`], [`Error::TooManyEntries`], [`Error::Promised`], and the currency's when `amount` cannot be held.
		///
		/// # Events
		/// [`Event::Delegated`].
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::delegate_extra())]
		pub fn delegate_extra(
			origin: OriginFor<T>,
			pool: T::AccountId,
			amount: Balance,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_delegate_extra(who, pool, amount)
		}

		/// Begins to take delegated stake out.
		///
		/// # Origin
		/// Signed, by a holder.
		///
		/// # Details
		/// As `unbond`. If less than [`Config::MinDelegation`] would stay, all is taken out. All can always be taken out; a part only if the position has room for an entry. Whatever the position earned is paid with it, whatever slashes took of it is taken ([`Event::Claimed`], [`Event::Settled`]).
		///
		/// # Errors
		/// [`Error::OwnPool`], [`Error::NoStake`], [`Error::NoPool`], [`Error::PoolClosed`], [`Error::ZeroAmount`], [`Error::NotEnough`], [`Error::TooManyEntries`].
		///
		/// # Events
		/// [`Event::Unbonded`], with what was really taken out.
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::undelegate())]
		pub fn undelegate(
			origin: OriginFor<T>,
			pool: T::AccountId,
			amount: Balance,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_undelegate(who, pool, amount)
		}

		/// Moves stake from an operator to another at once.
		///
		/// # Origin
		/// Signed, by a holder; once in an unbonding period.
		///
		/// # Details
		/// It earns with the one until the era before this and with the other from the next era on. For offences of the one in the eras in which it counted there it answers as before. If less than [`Config::MinDelegation`] would stay, all is moved. Whatever the position earned is paid with it, whatever slashes took of it is taken ([`Event::Claimed`], [`Event::Settled`]).
		///
		/// # Errors
		/// [`Error::OwnPool`], [`Error::SamePool`], [`Error::MovedBefore`], [`Error::NoStake`], [`Error::NoPool`], [`Error::PoolClosed`], [`Error::ZeroAmount`], [`Error::NotEnough`], [`Error::TooManyPools`], [`Error::BelowMinimum`], [`Error::TooManyEntries`].
		///
		/// # Events
		/// [`Event::Redelegated`].
		///
		/// # Complexity
		/// `O(1)`: two pools and two positions.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::redelegate())]
		pub fn redelegate(
			origin: OriginFor<T>,
			from: T::AccountId,
			to: T::AccountId,
			amount: Balance,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_redelegate(who, from, to, amount)
		}

		/// Pays what a position earned.
		///
		/// # Origin
		/// Signed, by a holder; an operator names itself and is paid its commission, too.
		///
		/// # Details
		/// Into the holder's account, also if it compounds: `compound` makes stake of it. An operator that has nothing of its own in the pool
		/// any more is paid its commission all the same. Does nothing else with the position, and refuses when slashes of the pool are to be settled, some
		/// of the stake was moved and still answers where it was, or no stake is left: then `settle` pays.
		///
		/// # Errors
		/// [`Error::NoStake`], [`Error::NoPool`], [`Error::SettleFirst`], [`Error::NothingToClaim`].
		///
		/// # Events
		/// [`Event::Claimed`], [`Event::CommissionClaimed`].
		///
		/// # Complexity
		/// `O(1)`: the pool's book and the position, whatever the number of delegators.
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::claim())]
		pub fn claim(origin: OriginFor<T>, pool: T::AccountId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_claim(who, pool, false)
		}

		/// Pays what somebody else's position earned.
		///
		/// # Origin
		/// Signed, by anybody.
		///
		/// # Details
		/// As `claim`, to the holder, unless it wants nobody to, or has active stake to which it wants it added.
		///
		/// # Errors
		/// [`Error::Private`], [`Error::Compounds`], [`Error::NoStake`], [`Error::NoPool`], [`Error::SettleFirst`], [`Error::NothingToClaim`].
		///
		/// # Events
		/// [`Event::Claimed`], [`Event::CommissionClaimed`].
		///
		/// # Complexity
		/// `O(1)`: the pool's book and the position, whatever the number of delegators.
		#[pallet::call_index(10)]
		#[pallet::weight(T::WeightInfo::claim_for())]
		pub fn claim_for(
			origin: OriginFor<T>,
			holder: T::AccountId,
			pool: T::AccountId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			let _ = who;
			Self::do_claim_for(holder, pool)
		}

		/// Takes what slashes cost a position, pays what it earned, and releases what has matured of it in a closed pool.
		///
		/// # Origin
		/// Signed, by anybody.
		///
		/// # Details
		/// So that nobody's slashed stake earns, and no closed pool waits for anybody, nor one for whose offences moved stake does not answer
		/// any more; and so that positions in which nothing is left are paid and go, and with the operator as holder its closed pool when nobody is in it. Whatever the position earned is paid with it, whatever slashes took of it is taken ([`Event::Claimed`], [`Event::Settled`]).
		///
		/// # Errors
		/// [`Error::NoStake`], [`Error::NoPool`], [`Error::NothingToSettle`].
		///
		/// # Events
		/// [`Event::Settled`], [`Event::Withdrawn`].
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(11)]
		#[pallet::weight(T::WeightInfo::settle())]
		pub fn settle(
			origin: OriginFor<T>,
			holder: T::AccountId,
			pool: T::AccountId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			let _ = who;
			Self::do_settle(holder, pool)
		}

		/// Begins to take out what has fallen below the minimum.
		///
		/// # Origin
		/// Signed, by anybody.
		///
		/// # Details
		/// An operator that has less of its own than its nodes need, [`Config::MinBond`] for each, is noted at first. Its pool closes if it
		/// is called again between [`GRACE_ERAS`] and twice as many eras later, and it still has less: until then it can add to its bond, and
		/// delegators can move; its stake counts nothing meanwhile. Of a delegator below half of [`Config::MinDelegation`] all leaves.
		///
		/// # Errors
		/// [`Error::NoStake`], [`Error::NoPool`], [`Error::PoolClosed`], [`Error::NotBelowMinimum`], [`Error::InGrace`].
		///
		/// # Events
		/// [`Event::BelowMinimum`], then [`Event::PoolClosed`]; or [`Event::Unbonded`].
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(12)]
		#[pallet::weight(T::WeightInfo::kick())]
		pub fn kick(
			origin: OriginFor<T>,
			holder: T::AccountId,
			pool: T::AccountId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			let _ = who;
			Self::do_kick(holder, pool)
		}

		/// Ends an operator's pool.
		///
		/// # Origin
		/// Signed, by an operator.
		///
		/// # Details
		/// Everything in it, the operator's and everybody's, leaves in this era and can be withdrawn after [`Config::UnbondingEras`]; it waits for nobody.
		///
		/// # Errors
		/// [`Error::NoPool`], [`Error::PoolClosed`].
		///
		/// # Events
		/// [`Event::PoolClosed`].
		///
		/// # Complexity
		/// `O(1)`, whatever the number of delegators.
		#[pallet::call_index(13)]
		#[pallet::weight(T::WeightInfo::retire())]
		pub fn retire(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_retire(who)
		}

		/// Says whether an operator wants work.
		///
		/// # Origin
		/// Signed, by an operator.
		///
		/// # Details
		/// The stake of one who wants none does not count for its nodes; nothing leaves.
		///
		/// # Errors
		/// [`Error::NoPool`], [`Error::PoolClosed`].
		///
		/// # Events
		/// [`Event::ChilledSet`].
		///
		/// # Complexity
		/// `O(1)`
		#[pallet::call_index(14)]
		#[pallet::weight(T::WeightInfo::set_chilled())]
		pub fn set_chilled(origin: OriginFor<T>, chilled: bool) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_chilled(who, chilled)
		}

		/// Changes an operator's commission from the next era on.
		///
		/// # Origin
		/// Signed, by an operator.
		///
		/// # Details
		/// Within what it promised when it began. The reward of an era goes by the commission of that era, whenever it is paid.
		///
		/// # Errors
		/// [`Error::NoPool`], [`Error::PoolClosed`], [`Error::CommissionTooHigh`].
		///
		/// # Events
		/// [`Event::CommissionSet`].
		///
		/// # Complexity
		/// `O(1)`
		#[pallet::call_index(15)]
		#[pallet::weight(T::WeightInfo::set_commission())]
		pub fn set_commission(origin: OriginFor<T>, rate: BasisPoints) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_commission(who, rate)
		}

		/// Says whether what a position earns becomes stake.
		///
		/// # Origin
		/// Signed, by a holder; an operator names itself.
		///
		/// # Details
		/// Whatever the position earned is paid with it, whatever slashes took of it is taken ([`Event::Claimed`], [`Event::Settled`]).
		///
		/// # Errors
		/// [`Error::NoStake`], [`Error::NoPool`].
		///
		/// # Events
		/// [`Event::CompoundingSet`].
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(16)]
		#[pallet::weight(T::WeightInfo::set_compounding())]
		pub fn set_compounding(
			origin: OriginFor<T>,
			pool: T::AccountId,
			compounds: bool,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_compounding(who, pool, compounds)
		}

		/// Says whether nobody else may claim what the caller earned.
		///
		/// # Origin
		/// Signed, by a holder.
		///
		/// # Details
		/// Slashes can be settled all the same, and who settles has the holder paid. The wish is forgotten with the last position.
		///
		/// # Errors
		/// [`Error::NoStake`].
		///
		/// # Events
		/// [`Event::PrivateSet`].
		///
		/// # Complexity
		/// `O(1)`
		#[pallet::call_index(17)]
		#[pallet::weight(T::WeightInfo::set_private())]
		pub fn set_private(origin: OriginFor<T>, private: bool) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_private(who, private)
		}

		/// Makes stake of what a position earned.
		///
		/// # Origin
		/// Signed, by anybody.
		///
		/// # Details
		/// For a holder that wants that ([`Pallet::set_compounding`]); for others only if it lets anybody claim. It counts from the next era
		/// on. Whatever slashes took of the position is taken ([`Event::Settled`]).
		///
		/// # Errors
		/// [`Error::NoStake`], [`Error::NoPool`], [`Error::Private`], [`Error::PoolClosed`], [`Error::NotCompounding`], [`Error::NothingToClaim`], [`Error::TooManyEntries`], [`Error::Promised`].
		///
		/// # Events
		/// [`Event::Claimed`].
		///
		/// # Complexity
		/// `O(1)`: the pool and the position, whatever the number of delegators.
		#[pallet::call_index(18)]
		#[pallet::weight(T::WeightInfo::compound())]
		pub fn compound(
			origin: OriginFor<T>,
			holder: T::AccountId,
			pool: T::AccountId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_compound(who, holder, pool)
		}
	}
}
