//! The invariants of the crate's documentation, checked against storage.

use crate::{
	types::{rest, sum, EraLedger, Tally},
	Cleared, Config, Eras, Ledgers, Pallet, Released, Unsettled,
};
use alloc::collections::BTreeMap;
use dtel_primitives::{
	reward::{Pay, PayState},
	Balance, EraIndex,
};
use dtel_traits::StakeRewards;
use frame_support::{ensure, traits::fungible::Inspect};
use sp_runtime::TryRuntimeError;

/// What the ledgers of operators say of an era.
#[derive(Default)]
struct Said {
	all: Tally,
	waiting: Tally,
	/// The shares of those who were paid, and of those who wait.
	paid: Pay,
	unpaid: Pay,
}

impl<T: Config> Pallet<T> {
	/// Checks every invariant.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		let mut said = Self::said_by_era()?;
		let (mut released, mut left): (Balance, Balance) = (0, 0);
		let unsettled = Unsettled::<T>::get();
		for (era, ledger) in Eras::<T>::iter() {
			ensure!(era >= Cleared::<T>::get(), "INV-4: an era that was cleared is still there");
			ensure!(!ledger.settled || era < unsettled, "INV-8: blocks count for a settled era");
			Self::check_era(era, ledger, &said.remove(&era).unwrap_or_default())?;
			released = released.saturating_add(ledger.released.total());
			left = left.saturating_add(ledger.unpaid());
		}
		ensure!(
			said.keys().all(|era| Self::is_closed(*era)),
			"INV-1: an operator did something in an era in which nothing was done"
		);
		ensure!(
			released == Released::<T>::get(),
			"INV-5: what was released is not the sum over eras"
		);
		let owed = left.saturating_add(T::Stakers::owed());
		let float = if owed == 0 { 0 } else { T::Currency::minimum_balance() };
		ensure!(
			owed.saturating_add(float) <= T::Currency::balance(&T::Stakers::pot()),
			"INV-6: the pot holds less than eras and stakers have in it and an existential deposit"
		);
		Ok(())
	}

	/// Checks the ledgers of operators, and adds them up.
	fn said_by_era() -> Result<BTreeMap<EraIndex, Said>, TryRuntimeError> {
		let mut all = BTreeMap::<EraIndex, Said>::new();
		for (_, entries) in Ledgers::<T>::iter() {
			ensure!(!entries.is_empty(), "INV-7: who did nothing is remembered");
			let rising = entries.windows(2).all(|two| matches!(two, [a, b] if a.era < b.era));
			ensure!(rising, "INV-7: an operator's eras are out of order");
			for entry in entries {
				let ledger = Eras::<T>::get(entry.era).unwrap_or_default();
				ensure!(
					ledger.settled
						|| entry.state == PayState::Waiting
						|| Self::is_closed(entry.era),
					"INV-7: an operator does not wait for an era that is scored"
				);
				let tally = entry.tally();
				let share = ledger.share(tally);
				let said = all.entry(entry.era).or_default();
				said.all = said.all.plus(tally);
				match entry.state {
					PayState::Waiting => {
						said.waiting = said.waiting.plus(tally);
						said.unpaid = sum(said.unpaid, share.unwrap_or_default());
					}
					PayState::Paid => said.paid = sum(said.paid, share.unwrap_or_default()),
					PayState::Refused | PayState::Forfeited => (),
				}
			}
		}
		Ok(all)
	}

	fn check_era(era: EraIndex, ledger: EraLedger, said: &Said) -> Result<(), TryRuntimeError> {
		// Entries of an era that is closed, but not yet cleared, are dropped one by one.
		let complete = !Self::is_closed(era);
		ensure!(
			if complete { said.all == ledger.all } else { ledger.all.less(said.all).is_some() },
			"INV-1: what all did is not the sum over operators"
		);
		ensure!(
			if complete {
				said.waiting == ledger.waiting
			} else {
				ledger.waiting.less(said.waiting).is_some()
			} && ledger.all.less(ledger.waiting).is_some(),
			"INV-1: those who wait are not the sum over operators"
		);
		let nothing = Pay::default();
		ensure!(
			ledger.settled || ledger.released == nothing && ledger.treasury == 0,
			"INV-3: something was released before settlement"
		);
		let (released, all) = (ledger.released, ledger.all);
		ensure!(
			(released.work == 0 || all.points > 0)
				&& (released.blocks == 0 || all.blocks > 0)
				&& (released.duty == 0 || all.duty > 0)
				&& (ledger.treasury == 0 || ledger.released != nothing),
			"INV-3: something was released for nothing"
		);
		ensure!(
			if complete {
				said.paid == ledger.paid
			} else {
				rest(ledger.paid, said.paid).is_some()
			},
			"INV-2: an era paid something else than its operators got"
		);
		ensure!(
			rest(ledger.released, sum(ledger.paid, said.unpaid)).is_some(),
			"INV-2: an era can pay more than released"
		);
		Ok(())
	}
}
