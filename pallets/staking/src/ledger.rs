//! Holds and ledgers move together here and nowhere else. Sole writer of [`Ledgers`].

use crate::{
	types::{Ledger, LedgerError, MAX_UNBONDING_ERAS},
	Config, Error, HoldReason, Ledgers, Pallet,
};
use dtel_primitives::{Balance, EraIndex};
use frame_support::{
	defensive, ensure,
	traits::{
		fungible::{BalancedHold, MutateHold},
		tokens::Precision,
		Get, OnUnbalanced,
	},
};
use sp_runtime::{DispatchError, Perbill, SaturatedConversion};

impl<T: Config> From<LedgerError> for Error<T> {
	fn from(error: LedgerError) -> Self {
		match error {
			LedgerError::Insufficient => Error::NotEnough,
			LedgerError::Overflow => Error::Overflow,
			LedgerError::Full => Error::TooManyChunks,
		}
	}
}

impl<T: Config> Pallet<T> {
	/// The running era.
	pub(crate) fn era() -> EraIndex {
		T::Clock::get().era_of(frame_system::Pallet::<T>::block_number().saturated_into())
	}

	/// How many eras unbonding takes.
	pub(crate) fn unbonding_eras() -> EraIndex {
		T::UnbondingEras::get().min(MAX_UNBONDING_ERAS)
	}

	/// An operator's ledger, without what can no longer matter.
	pub(crate) fn settled(who: &T::AccountId) -> Result<Ledger, DispatchError> {
		let mut ledger = Ledgers::<T>::get(who).ok_or(Error::<T>::NotBonded)?;
		ledger.settle(Self::era(), Self::unbonding_eras());
		Ok(ledger)
	}

	/// Holds new stake and writes it down.
	pub(crate) fn write_bond(
		who: &T::AccountId,
		mut ledger: Ledger,
		amount: Balance,
	) -> Result<Balance, DispatchError> {
		ledger.bond(amount, Self::era()).map_err(Error::<T>::from)?;
		let bonded = ledger.bonded();
		ensure!(bonded >= T::MinBond::get(), Error::<T>::BelowMinimum);
		T::Currency::hold(&HoldReason::Bond.into(), who, amount)?;
		Ledgers::<T>::insert(who, ledger);
		Ok(bonded)
	}

	/// Writes down a ledger in which stake only changed its place.
	pub(crate) fn write_moved(who: &T::AccountId, ledger: Ledger) {
		Ledgers::<T>::insert(who, ledger);
	}

	/// Releases matured stake and writes down what is left.
	pub(crate) fn write_withdrawal(
		who: &T::AccountId,
		mut ledger: Ledger,
	) -> Result<Balance, DispatchError> {
		let amount = ledger.withdraw(Self::era(), Self::unbonding_eras());
		ensure!(amount > 0, Error::<T>::NothingMatured);
		T::Currency::release(&HoldReason::Bond.into(), who, amount, Precision::Exact)?;
		Self::write_or_remove(who, ledger);
		Ok(amount)
	}

	/// Takes stake and hands it on.
	pub(crate) fn write_slash(who: &T::AccountId, fraction: Perbill, era: EraIndex) -> Balance {
		let Some(mut ledger) = Ledgers::<T>::get(who) else { return 0 };
		let due = ledger.slash(fraction, era);
		if due == 0 {
			return 0;
		}
		let (credit, missing) = T::Currency::slash(&HoldReason::Bond.into(), who, due);
		if missing > 0 {
			defensive!("INV-1: less is held than the ledger says");
		}
		T::Slashed::on_unbalanced(credit);
		Self::write_or_remove(who, ledger);
		due.saturating_sub(missing)
	}

	fn write_or_remove(who: &T::AccountId, ledger: Ledger) {
		if ledger.is_empty() {
			Ledgers::<T>::remove(who);
		} else {
			Ledgers::<T>::insert(who, ledger);
		}
	}

	/// Gives an operator stake in the worst shape: both queues full.
	#[cfg(feature = "runtime-benchmarks")]
	pub(crate) fn write_worst_case(
		who: &T::AccountId,
		amount: Balance,
	) -> sp_runtime::DispatchResult {
		use crate::types::{Chunk, Join, MAX_CHUNKS};
		use frame_support::{
			traits::fungible::{Balanced, Inspect},
			BoundedVec,
		};

		let first = Self::era().saturating_sub(MAX_CHUNKS.saturating_sub(1));
		let eras = first..first.saturating_add(MAX_CHUNKS);
		// As much left in each era as came, so that the stake is active in every era.
		let ledger = Ledger {
			bonded: amount,
			joins: BoundedVec::truncate_from(
				eras.clone().map(|era| Join { era, bonded: 1, rebonded: 0 }).collect(),
			),
			chunks: BoundedVec::truncate_from(eras.map(|era| Chunk { era, amount: 1 }).collect()),
		};
		let before = Ledgers::<T>::get(who).map_or(0, |ledger| ledger.total());
		let more = ledger.total().saturating_sub(before);
		let funds = more.saturating_add(T::Currency::minimum_balance());
		drop(T::Currency::deposit(who, funds, Precision::Exact)?);
		T::Currency::hold(&HoldReason::Bond.into(), who, more)?;
		Ledgers::<T>::insert(who, ledger);
		Ok(())
	}
}
