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
pub mod classes;
mod genesis;
mod impls;
mod ledger;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
mod views;
pub mod weights;

pub use genesis::GenesisGrant;
pub use pallet::*;
pub use types::{Debt, GrantId, Schedule};
pub use weights::WeightInfo;

/// How many grants, and debts of revoked ones, an account has at most.
pub const MAX_GRANTS: u32 = 28;

/// The pallet; its documentation is the crate's.
// FRAME's macros generate `expect`; what is written by hand here only calls the modules beside it.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use dtel_primitives::{
		vesting::{Calendar, GrantView, Terms},
		Balance, BlockNumber,
	};
	use dtel_traits::{Grants, Promised};
	use frame_support::{
		pallet_prelude::*,
		storage::with_storage_layer,
		traits::{fungible, tokens::Preservation, Contains},
	};
	use frame_system::pallet_prelude::*;

	/// Layout of this pallet's storage.
	pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The grants of an account, by rising number.
	pub type ScheduleList<AccountId> = BoundedVec<Schedule<AccountId>, ConstU32<MAX_GRANTS>>;
	/// What an account owes, the oldest first.
	pub type DebtList<AccountId> = BoundedVec<Debt<AccountId>, ConstU32<MAX_GRANTS>>;

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The token. It is transferred and frozen, never minted or burnt.
		type Currency: fungible::Mutate<Self::AccountId, Balance = Balance>
			+ fungible::MutateFreeze<
				Self::AccountId,
				Balance = Balance,
				Id = Self::RuntimeFreezeReason,
			>;

		/// Reasons for freezes, this pallet's among them. An account needs room for one freeze of each reason.
		type RuntimeFreezeReason: From<FreezeReason>;

		/// Governance: grants from any account, revokes what nobody else can, and lifts freezes.
		type ForceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who may be granted tokens. Not the accounts of pallets: a freeze there would block what they pay.
		type Receivers: Contains<Self::AccountId>;

		/// The least that can be granted: at least the existential deposit, and enough that nobody fills a stranger's list for fun.
		#[pallet::constant]
		type MinGrant: Get<Balance>;

		/// Places of an account's list that only governance and airdrops fill; fewer than [`MAX_GRANTS`].
		#[pallet::constant]
		type ReservedGrants: Get<u32>;

		/// Blocks from the start to the end of a grant at most, and from now to its start.
		#[pallet::constant]
		type MaxSpan: Get<BlockNumber>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;
	}

	/// Why this pallet freezes funds.
	#[pallet::composite_enum]
	pub enum FreezeReason {
		/// Grants that are not free yet, and what is owed of revoked ones.
		#[codec(index = 0)]
		Vesting,
	}

	/// Grants, by holder. Absent: none that is not free.
	///
	/// Sole writer: `ledger`. At most [`MAX_GRANTS`] an account, with [`Owed`]; paid for by what is granted, which is at least
	/// [`Config::MinGrant`]. INV-1, INV-2, INV-3, INV-4.
	#[pallet::storage]
	pub type Schedules<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, ScheduleList<T::AccountId>, ValueQuery>;

	/// What an account owes of grants that were revoked while their tokens could not be moved. Absent: nothing.
	///
	/// Sole writer: `ledger`. One entry a grantor, at most [`MAX_GRANTS`] with [`Schedules`]: who is revoked leaves its place to what it
	/// owes, so that there is always room. INV-1, INV-3, INV-5.
	#[pallet::storage]
	pub type Owed<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, DebtList<T::AccountId>, ValueQuery>;

	/// The number of the next grant. Sole writer: `ledger`. INV-2.
	#[pallet::storage]
	pub type NextId<T: Config> = StorageValue<_, GrantId, ValueQuery>;

	/// Grants of genesis, of tokens that their holders have by the genesis of balances.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The grants.
		pub grants: Vec<GenesisGrant<T::AccountId>>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			self.grants.iter().for_each(Pallet::<T>::build_grant);
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Tokens were granted, and are frozen but for what is free at once.
		#[codec(index = 0)]
		Granted {
			/// The grant. It is kept unless all of it is free.
			id: GrantId,
			/// Who gave it.
			grantor: T::AccountId,
			/// Who has it.
			who: T::AccountId,
			/// How much.
			amount: Balance,
			/// What of it is free at once.
			free: Balance,
			/// When the rest is.
			terms: Terms,
			/// Who can revoke it.
			revoker: Option<T::AccountId>,
		},
		/// Tokens of an account became free.
		#[codec(index = 1)]
		Claimed {
			/// The account.
			who: T::AccountId,
			/// How many.
			amount: Balance,
			/// What stays frozen.
			frozen: Balance,
		},
		/// What was not vested of a grant went back, or is owed until it can.
		#[codec(index = 2)]
		Revoked {
			/// The grant.
			id: GrantId,
			/// Who had it.
			who: T::AccountId,
			/// Who gave it.
			grantor: T::AccountId,
			/// What it got back at once.
			returned: Balance,
			/// What it is owed: that could not be moved.
			owed: Balance,
		},
		/// Some of what was owed was paid.
		#[codec(index = 3)]
		Collected {
			/// Who owed it.
			who: T::AccountId,
			/// Who got it.
			grantor: T::AccountId,
			/// How much.
			amount: Balance,
			/// What is still owed to it.
			left: Balance,
		},
		/// What an account owed is gone: slashes took its tokens. Nobody owes it any more.
		#[codec(index = 4)]
		Lost {
			/// Who owed it.
			who: T::AccountId,
			/// To whom.
			grantor: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// Nobody but governance can revoke a grant any more.
		#[codec(index = 5)]
		Waived {
			/// The grant.
			id: GrantId,
			/// Who has it.
			who: T::AccountId,
		},
		/// Two grants became one.
		#[codec(index = 6)]
		Merged {
			/// The one that stays, with the sum.
			id: GrantId,
			/// The one that is in it now.
			other: GrantId,
			/// Who has them.
			who: T::AccountId,
		},
		/// Governance made all of a grant free.
		#[codec(index = 7)]
		Lifted {
			/// The grant.
			id: GrantId,
			/// Who had it.
			who: T::AccountId,
			/// What was not free before.
			amount: Balance,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The account has no such grant, or all of it is free. Look up its grants.
		NoGrant,
		/// Somebody else can revoke this grant, or nobody. Leave it to its revoker.
		NotRevoker,
		/// Nobody can revoke these grants, so it is their holder who merges them. Leave it to the holder.
		NotHolder,
		/// The grants differ in terms, grantor or revoker. Leave them apart.
		Incompatible,
		/// Both grants are one. Name two.
		SameGrant,
		/// Grantor and receiver are one. Name another account.
		ToYourself,
		/// This account takes no grants, because a pallet pays out of it. Name another.
		ReceiverRefused,
		/// The grant is below the minimum. Give more.
		BelowMinimum,
		/// The receiver has as many grants and debts as an account may, or as anybody but governance may give it. Have some claimed, merged or collected.
		TooManyGrants,
		/// The end is not after the start. Give a later one.
		EndsTooEarly,
		/// The cliff is before the start or after the end. Give one between.
		CliffOutside,
		/// The period is zero, or longer than from start to end. Give one between; 1 is every block.
		PeriodOutside,
		/// From start to end it is longer than a grant may take. Give an earlier end.
		TooLong,
		/// The start is too far ahead. Give an earlier one.
		TooFar,
		/// Nothing has become free since the last claim. Look up the calendar.
		NothingFree,
		/// The account owes nothing. There is nothing to do.
		NothingOwed,
		/// All that is owed is held, locked by votes, or cannot be received by its grantor. Ask again when that has changed.
		NothingLiquid,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::ReservedGrants::get() < MAX_GRANTS, "nobody could grant anything");
			let least = <T::Currency as fungible::Inspect<_>>::minimum_balance();
			let grant = T::MinGrant::get();
			assert!(grant > 0 && grant >= least, "a grant would be too small for an account");
			assert!(T::MaxSpan::get() > 0, "a grant takes a block at least");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Frees what is vested of an account's grants.
		///
		/// *Origin*: signed, by anybody, for anybody. *Details*: nothing moves; the freeze shrinks to what is not vested and what
		/// is owed. A grant that is all free is forgotten. *Errors*: [`Error::NothingFree`]. *Events*: [`Event::Claimed`].
		/// *Complexity*: O(n) in the account's grants and debts, one read and one write for all; weighed by how many there are.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::claim(MAX_GRANTS))]
		pub fn claim(origin: OriginFor<T>, who: T::AccountId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let grants = Self::do_claim(who)?;
			Ok(Some(T::WeightInfo::claim(grants)).into())
		}

		/// Transfers tokens that become free in time.
		///
		/// *Origin*: signed, by the grantor, who pays and stays alive. *Details*: the tokens are the receiver's from now on: it can
		/// stake them and vote with them, and they can be slashed. What is vested by now is free at once. A revoker can have
		/// what is not vested sent back to the grantor. *Errors*: [`Error::BelowMinimum`], [`Error::ToYourself`],
		/// [`Error::ReceiverRefused`], those of the terms, [`Error::TooManyGrants`], the currency's. *Events*: [`Event::Granted`],
		/// [`Event::Claimed`] if older grants had something to free. *Complexity*: O(n) in the receiver's grants.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::vested_transfer())]
		pub fn vested_transfer(
			origin: OriginFor<T>,
			to: T::AccountId,
			#[pallet::compact] amount: Balance,
			terms: Terms,
			revoker: Option<T::AccountId>,
		) -> DispatchResult {
			let from = ensure_signed(origin)?;
			let room = MAX_GRANTS.saturating_sub(T::ReservedGrants::get());
			Self::do_grant(&from, to, amount, terms, revoker, Preservation::Preserve, room)
		}

		/// The same from any account, into places that are kept for it.
		///
		/// *Origin*: [`Config::ForceOrigin`]. *Details*: as `vested_transfer`; what is frozen in the grantor's account cannot be
		/// granted. *Errors*, *Events*, *Complexity*: as there.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::force_vested_transfer())]
		pub fn force_vested_transfer(
			origin: OriginFor<T>,
			from: T::AccountId,
			to: T::AccountId,
			#[pallet::compact] amount: Balance,
			terms: Terms,
			revoker: Option<T::AccountId>,
		) -> DispatchResult {
			T::ForceOrigin::ensure_origin(origin)?;
			Self::do_grant(&from, to, amount, terms, revoker, Preservation::Preserve, MAX_GRANTS)
		}

		/// Ends a grant: what is not vested goes back to its grantor.
		///
		/// *Origin*: signed, by the grant's revoker. *Details*: what is vested stays the holder's, claimed or not. Of the rest goes
		/// back at once what can be moved; what is held or locked by votes, or what the grantor cannot receive, is owed: it stays frozen
		/// until anybody's `collect`. The holder's account stays alive. *Errors*: [`Error::NoGrant`], [`Error::NotRevoker`]. *Events*:
		/// [`Event::Revoked`], [`Event::Claimed`] if something was vested, [`Event::Lost`] if slashes took what would be owed.
		/// *Complexity*: O(n) in the holder's grants and debts.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::revoke())]
		pub fn revoke(
			origin: OriginFor<T>,
			who: T::AccountId,
			#[pallet::compact] id: GrantId,
		) -> DispatchResult {
			let caller = ensure_signed(origin)?;
			Self::do_revoke(who, id, Some(&caller))
		}

		/// The same for any grant, whoever can revoke it.
		///
		/// *Origin*: [`Config::ForceOrigin`]. *Details*: as `revoke`. *Errors*: [`Error::NoGrant`]. *Events*, *Complexity*: as there.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::force_revoke())]
		pub fn force_revoke(
			origin: OriginFor<T>,
			who: T::AccountId,
			#[pallet::compact] id: GrantId,
		) -> DispatchResult {
			T::ForceOrigin::ensure_origin(origin)?;
			Self::do_revoke(who, id, None)
		}

		/// Gives up the right to revoke a grant, for good.
		///
		/// *Origin*: signed, by the grant's revoker. *Details*: only governance can revoke it then. *Errors*: [`Error::NoGrant`],
		/// [`Error::NotRevoker`]. *Events*: [`Event::Waived`], [`Event::Claimed`] if something was vested. *Complexity*: O(n) in the
		/// holder's grants.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::waive())]
		pub fn waive(
			origin: OriginFor<T>,
			who: T::AccountId,
			#[pallet::compact] id: GrantId,
		) -> DispatchResult {
			let caller = ensure_signed(origin)?;
			Self::do_waive(who, id, &caller)
		}

		/// Makes one grant of two of the same terms, grantor and revoker, so that there is room for another.
		///
		/// *Origin*: signed, by the revoker of both, or by their holder if nobody can revoke them: who can revoke one of two loses
		/// that by a merger, so nobody else may make it. *Details*: `other` goes into `id`. Nothing is free earlier than it was: up to two planck for
		/// each merger are free at the end only. *Errors*: [`Error::SameGrant`], [`Error::NoGrant`], [`Error::Incompatible`],
		/// [`Error::NotRevoker`], [`Error::NotHolder`]. *Events*: [`Event::Merged`], [`Event::Claimed`] if something was vested.
		/// *Complexity*: O(n) in the holder's grants.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::merge())]
		pub fn merge(
			origin: OriginFor<T>,
			who: T::AccountId,
			#[pallet::compact] id: GrantId,
			#[pallet::compact] other: GrantId,
		) -> DispatchResult {
			let caller = ensure_signed(origin)?;
			Self::do_merge(who, id, other, &caller)
		}

		/// Pays what an account owes, as far as it can be moved, the oldest debt first.
		///
		/// *Origin*: signed, by anybody, for anybody. *Details*: what is still frozen of the account's own grants is not touched, nor
		/// what is held or locked by votes, nor the existential deposit. Who cannot receive is passed over. What the account does not
		/// have any more, because slashes took it, is owed no more. *Errors*: [`Error::NothingOwed`], [`Error::NothingLiquid`].
		/// *Events*: [`Event::Collected`] and [`Event::Lost`] for each grantor, [`Event::Claimed`] if something was vested.
		/// *Complexity*: O(n) in the account's debts, a transfer each; weighed by how many there are.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::collect(MAX_GRANTS))]
		pub fn collect(origin: OriginFor<T>, who: T::AccountId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let debts = Self::do_collect(who)?;
			Ok(Some(T::WeightInfo::collect(debts)).into())
		}

		/// Makes all of a grant free.
		///
		/// *Origin*: [`Config::ForceOrigin`]. *Details*: nothing moves; the grant is forgotten. *Errors*: [`Error::NoGrant`].
		/// *Events*: [`Event::Lifted`], [`Event::Claimed`] if something was vested. *Complexity*: O(n) in the holder's grants.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::force_lift())]
		pub fn force_lift(
			origin: OriginFor<T>,
			who: T::AccountId,
			#[pallet::compact] id: GrantId,
		) -> DispatchResult {
			T::ForceOrigin::ensure_origin(origin)?;
			Self::do_lift(who, id)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// When the tokens of an account become free: what a claim would free now, and what does later, in at most four segments
		/// a grant.
		pub fn calendar(who: T::AccountId) -> Calendar {
			Self::view_calendar(&who)
		}

		/// The grants of an account that are not all claimed, at most [`MAX_GRANTS`].
		pub fn grants(who: T::AccountId) -> Vec<GrantView<T::AccountId>> {
			Self::view_grants(&who)
		}

		/// What an account owes of revoked grants, and to whom, at most [`MAX_GRANTS`].
		pub fn owed(who: T::AccountId) -> Vec<(T::AccountId, Balance)> {
			Owed::<T>::get(&who).into_iter().map(|debt| (debt.grantor, debt.amount)).collect()
		}
	}

	impl<T: Config> Grants<T::AccountId> for Pallet<T> {
		fn check(terms: &Terms) -> DispatchResult {
			Self::check_terms(terms)
		}

		fn grant(
			from: &T::AccountId,
			to: &T::AccountId,
			amount: Balance,
			terms: Terms,
		) -> DispatchResult {
			let may = Preservation::Expendable;
			with_storage_layer(|| {
				Self::do_grant(from, to.clone(), amount, terms, None, may, MAX_GRANTS)
			})
		}

		#[cfg(feature = "runtime-benchmarks")]
		fn set_up_grant(to: &T::AccountId) -> (Terms, Balance) {
			crate::benchmarking::nearly_full::<T>(to)
		}
	}

	impl<T: Config> Promised<T::AccountId> for Pallet<T> {
		fn promised(who: &T::AccountId) -> Balance {
			crate::ledger::sum_of(&Owed::<T>::get(who))
		}

		#[cfg(feature = "runtime-benchmarks")]
		fn set_up_promised(who: &T::AccountId) {
			crate::benchmarking::owes_nothing_to_many::<T>(who);
		}
	}
}
