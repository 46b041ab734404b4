//! The invariants of the crate's documentation, checked against storage.

use crate::{
	types::{EraLedger, OperatorLedger},
	Config, Eras, History, Operators, Owed, Pallet, Points, Unpaid,
};
use alloc::{collections::BTreeMap, vec::Vec};
use codec::Encode;
use dtel_math::money::share_floor;
use dtel_primitives::{Balance, EraIndex};
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
		let mut owed: Balance = 0;
		let mut unpaid = BTreeMap::<Vec<u8>, Vec<EraIndex>>::new();
		let mut open: Vec<(EraIndex, EraLedger)> = Eras::<T>::iter().collect();
		open.sort_by_key(|(era, _)| *era);
		for (era, ledger) in open {
			ensure!(!Self::is_closed(era), "INV-4: a closed era is still there");
			let entries = entries.remove(&era).unwrap_or_default();
			Self::check_era(ledger, &entries)?;
			owed = owed.saturating_add(ledger.unpaid());
			let waiting = entries.operators.into_iter().filter(|(_, of)| of.paid.is_none());
			waiting.for_each(|(owner, _)| unpaid.entry(owner).or_default().push(era));
		}
		let horizon = History::<T>::get();
		for era in entries.keys() {
			ensure!(
				horizon.sweeping && era.checked_add(1) == Some(horizon.oldest),
				"INV-4: an entry of an era that is neither open nor being swept"
			);
		}
		ensure!(owed == Owed::<T>::get(), "INV-5: what is owed is not the sum over eras");
		let float = if owed == 0 { 0 } else { T::Currency::minimum_balance() };
		ensure!(
			owed.saturating_add(float) <= T::Currency::balance(&Self::pot_account()),
			"INV-6: the pot holds less than is owed and an existential deposit"
		);
		for (owner, eras) in Unpaid::<T>::iter() {
			ensure!(!eras.is_empty(), "INV-7: who waits for nothing is remembered");
			let (closed, open): (Vec<_>, Vec<_>) =
				eras.into_iter().partition(|era| Self::is_closed(*era));
			let waiting = unpaid.remove(&owner.encode()).unwrap_or_default();
			ensure!(open == waiting, "INV-7: an operator waits for other eras than it is owed");
			let is_swept =
				|era: EraIndex| Operators::<T>::get(era, &owner).is_none_or(|of| of.paid.is_some());
			ensure!(
				!closed.into_iter().any(is_swept),
				"INV-7: an operator waits for an era that is swept"
			);
		}
		ensure!(unpaid.is_empty(), "INV-7: an operator does not wait for what it is owed");
		Ok(())
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

	fn check_era(ledger: EraLedger, entries: &Entries) -> Result<(), TryRuntimeError> {
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
		let (mut paid, mut unpaid): (Balance, Balance) = (0, 0);
		for operator in entries.operators.values() {
			let share = share_floor(ledger.released, operator.points, ledger.points)
				.map_err(|_| "INV-1: an operator has more points than its era")?;
			match operator.paid {
				Some(got) => {
					ensure!(
						got == share || got == 0,
						"INV-2: an operator was paid something else than its share"
					);
					paid = paid.saturating_add(got);
				}
				None => unpaid = unpaid.saturating_add(share),
			}
		}
		ensure!(
			paid == ledger.paid && paid.saturating_add(unpaid) <= ledger.released,
			"INV-2: an era paid something else than its operators got, or can pay more than released"
		);
		ensure!(
			ledger.settled && ledger.points > 0 || ledger.released == 0,
			"INV-3: something was released before settlement or for no points"
		);
		Ok(())
	}
}
