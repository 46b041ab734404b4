//! The invariants of the crate's documentation, checked against storage.

use crate::{ledger::sum_of, Config, FreezeReason, NextId, Owed, Pallet, Schedules, MAX_GRANTS};
use alloc::collections::{BTreeMap, BTreeSet};
use dtel_primitives::Balance;
use frame_support::{ensure, traits::fungible::InspectFreeze};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		let now = Self::now();
		let mut frozen: BTreeMap<T::AccountId, (Balance, usize)> = BTreeMap::new();
		let mut ids = BTreeSet::new();
		for (who, schedules) in Schedules::<T>::iter() {
			ensure!(!schedules.is_empty(), "INV-3: an empty list is kept");
			let mut last = None;
			for schedule in &schedules {
				ensure!(schedule.id < NextId::<T>::get(), "INV-2: a number was not given");
				ensure!(last < Some(schedule.id), "INV-2: numbers do not rise");
				ensure!(ids.insert(schedule.id), "INV-2: two accounts have one number");
				last = Some(schedule.id);
				ensure!(schedule.terms.validate().is_ok(), "INV-4: terms are out of order");
				let vested = Self::vested_by_terms(schedule, now);
				ensure!(schedule.released <= vested, "INV-4: more is released than vested");
				ensure!(schedule.unreleased() > 0, "INV-4: a grant that is all free is kept");
				ensure!(schedule.grantor != who, "INV-6: an account granted itself");
				let (sum, count) = frozen.entry(who.clone()).or_default();
				*sum = sum.saturating_add(schedule.unreleased());
				*count = count.saturating_add(1);
			}
		}
		for (who, debts) in Owed::<T>::iter() {
			ensure!(!debts.is_empty(), "INV-3: an empty list is kept");
			let grantors: BTreeSet<_> = debts.iter().map(|debt| &debt.grantor).collect();
			ensure!(grantors.len() == debts.len(), "INV-5: a grantor is owed twice");
			ensure!(debts.iter().all(|debt| debt.amount > 0), "INV-5: nothing is owed");
			ensure!(!grantors.contains(&who), "INV-6: an account owes itself");
			let (sum, count) = frozen.entry(who).or_default();
			*sum = sum.saturating_add(sum_of(&debts));
			*count = count.saturating_add(debts.len());
		}
		let reason = FreezeReason::Vesting.into();
		for (who, (sum, count)) in frozen {
			ensure!(count <= MAX_GRANTS as usize, "INV-3: an account has too many");
			ensure!(
				T::Currency::balance_frozen(&reason, &who) == sum,
				"INV-1: the freeze is not what is unreleased and owed"
			);
		}
		Ok(())
	}

	/// What is vested by the terms alone, merged or not.
	fn vested_by_terms(schedule: &crate::Schedule<T::AccountId>, now: u32) -> Balance {
		dtel_math::vesting::vested_floor(schedule.amount, &schedule.terms, now)
	}
}
