//! What the calls do, and what other pallets may ask.

use crate::{types::Ledger, Config, Error, Event, Ledgers, Pallet};
use dtel_primitives::{Balance, EraIndex};
use dtel_traits::StakeLedger;
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchResult, Perbill};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_bond(who: T::AccountId, amount: Balance) -> DispatchResult {
		ensure!(!Ledgers::<T>::contains_key(&who), Error::<T>::AlreadyBonded);
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let total = Self::write_bond(&who, Ledger::default(), amount)?;
		Self::deposit_event(Event::Bonded { who, amount, total });
		Ok(())
	}

	pub(crate) fn do_bond_extra(who: T::AccountId, amount: Balance) -> DispatchResult {
		let ledger = Self::settled(&who)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let total = Self::write_bond(&who, ledger, amount)?;
		Self::deposit_event(Event::Bonded { who, amount, total });
		Ok(())
	}

	pub(crate) fn do_unbond(who: T::AccountId, amount: Balance) -> DispatchResult {
		let mut ledger = Self::settled(&who)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let rest = ledger.bonded().checked_sub(amount).ok_or(Error::<T>::NotEnough)?;
		let amount = if rest < T::MinBond::get() { ledger.bonded() } else { amount };
		let era = Self::era();
		ledger.unbond(amount, era).map_err(Error::<T>::from)?;
		let total = ledger.bonded();
		Self::write_moved(&who, ledger);
		let matures = era.saturating_add(Self::unbonding_eras());
		Self::deposit_event(Event::Unbonded { who, amount, total, matures });
		Ok(())
	}

	pub(crate) fn do_withdraw(who: T::AccountId) -> DispatchResult {
		let ledger = Self::settled(&who)?;
		let amount = Self::write_withdrawal(&who, ledger)?;
		Self::deposit_event(Event::Withdrawn { who, amount });
		Ok(())
	}

	pub(crate) fn do_rebond(who: T::AccountId, amount: Balance) -> DispatchResult {
		let mut ledger = Self::settled(&who)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		ledger.rebond(amount, Self::era()).map_err(Error::<T>::from)?;
		let total = ledger.bonded();
		ensure!(total >= T::MinBond::get(), Error::<T>::BelowMinimum);
		Self::write_moved(&who, ledger);
		Self::deposit_event(Event::Rebonded { who, amount, total });
		Ok(())
	}

	/// What an account has at stake.
	pub fn ledger(who: &T::AccountId) -> Option<Ledger> {
		Ledgers::<T>::get(who)
	}

	/// Whether an offence of `era` can still be punished: until the first stake that answered for it can
	/// have been withdrawn.
	pub fn is_slashable(era: EraIndex) -> bool {
		era.saturating_add(Self::unbonding_eras()) > Self::era().saturating_add(1)
	}
}

impl<T: Config> StakeLedger<T::AccountId> for Pallet<T> {
	fn active(owner: &T::AccountId, era: EraIndex) -> Balance {
		Self::ledger(owner).map_or(0, |ledger| ledger.active(era))
	}

	fn minimum_per_node() -> Balance {
		T::MinimumPerNode::get()
	}

	fn answers_until(era: EraIndex) -> EraIndex {
		era.saturating_add(Self::unbonding_eras().saturating_sub(2))
	}

	fn slash(owner: &T::AccountId, fraction: Perbill, era: EraIndex) -> Balance {
		if !Self::is_slashable(era) {
			return 0;
		}
		let amount = Self::write_slash(owner, fraction, era);
		if amount > 0 {
			Self::deposit_event(Event::Slashed { who: owner.clone(), era, amount });
		}
		amount
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_stake(owner: &T::AccountId, amount: Balance) {
		let done = Self::write_worst_case(owner, amount);
		debug_assert!(done.is_ok(), "{done:?}");
	}
}
