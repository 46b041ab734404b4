//! The pot, and what other pallets may ask and do: the trait implementations.

use crate::{Config, Error, Event, Pallet, Pools};
use dtel_primitives::{Balance, EraIndex};
use dtel_traits::{StakeLedger, StakeRewards};
use frame_support::{
	defensive,
	storage::with_storage_layer,
	traits::{
		fungible::{Balanced, Mutate},
		tokens::{Fortitude, Precision, Preservation},
		Get, OnUnbalanced,
	},
};
use sp_runtime::{traits::AccountIdConversion, DispatchResult, Perbill};

impl<T: Config> Pallet<T> {
	/// The account that holds rewards until they are claimed.
	pub fn pot() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// Pays out of the pot.
	pub(crate) fn pay(who: &T::AccountId, amount: Balance) -> DispatchResult {
		T::Currency::transfer(&Self::pot(), who, amount, Preservation::Preserve).map(|_| ())
	}

	/// Hands what nobody can claim to the treasury.
	pub(crate) fn sweep(amount: Balance) {
		if amount == 0 {
			return;
		}
		let pot = Self::pot();
		let taken = T::Currency::withdraw(
			&pot,
			amount,
			Precision::BestEffort,
			Preservation::Preserve,
			Fortitude::Polite,
		);
		match taken {
			Ok(credit) => T::Slashed::on_unbalanced(credit),
			Err(e) => {
				defensive!("INV-7: the pot holds what is owed", e);
			}
		}
	}

	/// Whether an offence of `era` can be punished: not before it, and until the first stake that answered for it can
	/// have been withdrawn.
	pub fn is_slashable(era: EraIndex) -> bool {
		era >= Self::window() && era <= Self::era()
	}

	fn do_slash(
		owner: &T::AccountId,
		fraction: Perbill,
		era: EraIndex,
	) -> Result<Balance, sp_runtime::DispatchError> {
		let mut opened = Self::open(owner)?;
		// An offence of an era in which nothing was there takes nothing, and counts for nothing.
		if !opened.pool.answers(era) {
			return Ok(0);
		}
		opened.slashes.slash(era, fraction).map_err(Error::<T>::from)?;
		opened.pool.slashes = opened.pool.slashes.saturating_add(1);
		let amount = opened.pool.worth.slash(era, fraction);
		Self::deposit_event(Event::Slashed { pool: owner.clone(), era, fraction, amount });
		// Nobody's position is touched, the operator's neither. Until that is settled, what joined too late to answer counts as slashed,
		// too: rather too little than too much.
		opened.pool.own = opened.pool.own.saturating_sub(fraction.mul_ceil(opened.pool.own));
		if opened.slashes.is_expelled() && opened.pool.closed.is_none() {
			Self::close_pool(&mut opened)?;
		}
		Self::keep_pool(opened);
		Ok(amount)
	}
}

impl<T: Config> StakeLedger<T::AccountId> for Pallet<T> {
	fn active(owner: &T::AccountId, era: EraIndex) -> Balance {
		let Some(pool) = Pools::<T>::get(owner) else { return 0 };
		if pool.closed.is_some() || pool.chilled || pool.own < Self::required(owner) {
			return 0;
		}
		pool.worth.active(era)
	}

	fn minimum_per_node() -> Balance {
		T::MinimumPerNode::get()
	}

	fn answers_until(era: EraIndex) -> EraIndex {
		era.saturating_add(Self::unbonding_eras().saturating_sub(2))
	}

	fn slash(owner: &T::AccountId, fraction: Perbill, era: EraIndex) -> Balance {
		if fraction.is_zero() || !Self::is_slashable(era) {
			return 0;
		}
		// All or nothing: a hook calls this, too, which has no layer of its own.
		with_storage_layer(|| Self::do_slash(owner, fraction, era)).unwrap_or(0)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_stake(owner: &T::AccountId, amount: Balance) {
		let done = crate::benchmarking::worst_slash::<T>(owner, amount, Self::era());
		debug_assert!(done.is_ok(), "{done:?}");
	}
}

impl<T: Config> StakeRewards<T::AccountId> for Pallet<T> {
	fn pot() -> T::AccountId {
		Self::pot()
	}

	fn credit(operator: &T::AccountId, era: EraIndex, amount: Balance) -> DispatchResult {
		let (shared, commission) = Self::credit_book(operator, era, amount)?;
		Self::deposit_event(Event::Credited { pool: operator.clone(), era, shared, commission });
		Ok(())
	}

	fn give_back(to: &T::AccountId, amount: Balance) -> DispatchResult {
		Self::pay(to, amount)
	}

	#[cfg(any(feature = "std", feature = "try-runtime"))]
	fn owed() -> Balance {
		let pools = Pools::<T>::iter_keys().map(|operator| {
			let unclaimed = Self::view_pool(&operator).map_or(0, |pool| pool.unclaimed);
			unclaimed.saturating_add(crate::Books::<T>::get(&operator).book.carry())
		});
		let positions = crate::Members::<T>::iter_keys().map(|(holder, operator)| {
			Self::view_position(&holder, &operator).map_or(0, |position| position.reward)
		});
		pools.chain(positions).fold(0, Balance::saturating_add)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_pool(operator: &T::AccountId) -> EraIndex {
		let amount = T::MinBond::get().max(1).saturating_mul(10_000);
		let late = crate::benchmarking::LATE;
		let done = crate::benchmarking::worst_case::<T>(operator, amount, late);
		debug_assert!(done.is_ok(), "{done:?}");
		// The last era that its full book knows of.
		late.saturating_sub(1)
	}
}
