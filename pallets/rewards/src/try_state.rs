//! The invariants of the crate's documentation, checked against storage.

use crate::{
	types::{EraLedger, OperatorLedger},
	Config, Eras, History, Operators, Pallet, Points, Released, Unpaid,
};
use alloc::{
	collections::{BTreeMap, BTreeSet},
	vec::Vec,
};
use codec::Encode;
use dtel_primitives::{Balance, EraIndex};
use dtel_traits::StakeRewards;
use frame_support::{ensure, traits::fungible::Inspect};
use sp_runtime::TryRuntimeError;

/// What is in storage of an era: members, their points by operator, and what operators are said to have.
#[derive(Default)]
struct Entries {
	members: u32,
	points: BTreeMap<Vec<u8>, u128>,
	operators: BTreeMap<Vec<u8>, OperatorLedger>,
}

impl<T: Config> Pallet<T> {
	/// Checks every invariant.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		let mut entries = Self::entries_by_era();
		let mut waiting = Self::check_waiting()?;
		let (mut released, mut left): (Balance, Balance) = (0, 0);
		for (era, ledger) in Eras::<T>::iter() {
			ensure!(!Self::is_closed(era), "INV-4: a closed era is still there");
			let entries = entries.remove(&era).unwrap_or_default();
			Self::check_era(ledger, &entries, &waiting.remove(&era).unwrap_or_default())?;
			released = released.saturating_add(ledger.released);
			left = left.saturating_add(ledger.unpaid());
		}
		let horizon = History::<T>::get();
		for era in entries.keys() {
			ensure!(
				horizon.sweeping && era.checked_add(1) == Some(horizon.oldest),
				"INV-4: an entry of an era that is neither open nor being swept"
			);
		}
		ensure!(
			waiting.is_empty(),
			"INV-7: an operator waits for an era in which nobody was scored"
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

	/// Checks the lists of eras for which operators wait. Returns who waits for which era that is open.
	fn check_waiting() -> Result<BTreeMap<EraIndex, BTreeSet<Vec<u8>>>, TryRuntimeError> {
		let mut waiting = BTreeMap::<EraIndex, BTreeSet<Vec<u8>>>::new();
		for (owner, eras) in Unpaid::<T>::iter() {
			ensure!(!eras.is_empty(), "INV-7: who waits for nothing is remembered");
			let rising = eras.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
			ensure!(rising, "INV-7: an operator waits out of order");
			for era in eras {
				if Self::is_closed(era) {
					let is_left = Operators::<T>::get(era, &owner).is_some_and(|of| !of.refused);
					ensure!(is_left, "INV-7: an operator waits for an era that is swept");
				} else {
					waiting.entry(era).or_default().insert(owner.encode());
				}
			}
		}
		Ok(waiting)
	}

	fn entries_by_era() -> BTreeMap<EraIndex, Entries> {
		let mut all = BTreeMap::<EraIndex, Entries>::new();
		for (era, _, node) in Points::<T>::iter() {
			let entries = all.entry(era).or_default();
			entries.members = entries.members.saturating_add(1);
			if node.points > 0 {
				let points = entries.points.entry(node.owner.encode()).or_default();
				*points = points.saturating_add(node.points);
			}
		}
		for (era, owner, operator) in Operators::<T>::iter() {
			all.entry(era).or_default().operators.insert(owner.encode(), operator);
		}
		all
	}

	fn check_era(
		ledger: EraLedger,
		entries: &Entries,
		waiting: &BTreeSet<Vec<u8>>,
	) -> Result<(), TryRuntimeError> {
		let points = entries.points.values().fold(0u128, |sum, n| sum.saturating_add(*n));
		ensure!(
			points == ledger.points && entries.members == ledger.members,
			"INV-1: an era is not the sum of its members' points"
		);
		let same = entries.operators.iter().map(|(owner, of)| (owner, of.points));
		ensure!(
			same.eq(entries.points.iter().map(|(owner, n)| (owner, *n))),
			"INV-1: an operator is not the sum of its nodes' points"
		);
		ensure!(
			ledger.settled && ledger.points > 0 || ledger.released == 0,
			"INV-3: something was released before settlement or for no points"
		);
		let earned = |owner| entries.operators.get(owner).is_some_and(|of| !of.refused);
		ensure!(
			waiting.iter().all(earned),
			"INV-7: an operator waits for what it did not earn, or was refused"
		);
		let (mut paid, mut unpaid): (Balance, Balance) = (0, 0);
		for (owner, operator) in &entries.operators {
			let share = ledger
				.share(operator.points)
				.map_err(|_| "INV-1: an operator has more points than its era")?;
			if waiting.contains(owner) {
				unpaid = unpaid.saturating_add(share);
			} else if !operator.refused {
				ensure!(
					ledger.settled,
					"INV-7: an operator does not wait for an era that is scored"
				);
				paid = paid.saturating_add(share);
			}
		}
		ensure!(
			paid == ledger.paid && paid.saturating_add(unpaid) <= ledger.released,
			"INV-2: an era paid something else than its operators got, or can pay more than released"
		);
		Ok(())
	}
}
