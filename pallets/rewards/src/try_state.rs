//! The invariants of the crate's documentation, checked against storage.

use crate::{
	types::{EraLedger, NodeLedger},
	Config, Eras, History, Owed, Pallet, Points,
};
use alloc::{collections::BTreeMap, vec::Vec};
use dtel_math::money::share_floor;
use dtel_primitives::{Balance, EraIndex};
use frame_support::{ensure, traits::fungible::Inspect};
use sp_runtime::TryRuntimeError;

type Members<T> = Vec<NodeLedger<<T as frame_system::Config>::AccountId>>;

impl<T: Config> Pallet<T> {
	/// Checks every invariant.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		let mut members = Self::members_by_era();
		let mut owed: Balance = 0;
		for (era, ledger) in Eras::<T>::iter() {
			ensure!(!Self::is_closed(era), "INV-4: a closed era is still there");
			Self::check_era(ledger, &members.remove(&era).unwrap_or_default())?;
			owed = owed.saturating_add(ledger.unpaid());
		}
		let horizon = History::<T>::get();
		for era in members.keys() {
			ensure!(
				horizon.sweeping && era.checked_add(1) == Some(horizon.oldest),
				"INV-4: a member of an era that is neither open nor being swept"
			);
		}
		ensure!(owed == Owed::<T>::get(), "INV-5: what is owed is not the sum over eras");
		let float = if owed == 0 { 0 } else { T::Currency::minimum_balance() };
		ensure!(
			owed.saturating_add(float) <= T::Currency::balance(&Self::pot_account()),
			"INV-6: the pot holds less than is owed and an existential deposit"
		);
		Ok(())
	}

	fn members_by_era() -> BTreeMap<EraIndex, Members<T>> {
		let mut members = BTreeMap::<EraIndex, Members<T>>::new();
		for (era, _, node) in Points::<T>::iter() {
			members.entry(era).or_default().push(node);
		}
		members
	}

	fn check_era(ledger: EraLedger, members: &Members<T>) -> Result<(), TryRuntimeError> {
		let points = members.iter().fold(0u128, |sum, node| sum.saturating_add(node.points));
		ensure!(
			points == ledger.points && members.len() == ledger.members as usize,
			"INV-1: an era is not the sum of its members' points"
		);
		let (mut paid, mut unpaid): (Balance, Balance) = (0, 0);
		for node in members {
			let share = match node.points {
				0 => 0,
				points => share_floor(ledger.released, points, ledger.points)
					.map_err(|_| "INV-1: a member has more points than its era")?,
			};
			match node.paid {
				Some(got) => {
					ensure!(
						got == share && got > 0,
						"INV-2: a member was paid something else than its share"
					);
					paid = paid.saturating_add(got);
				}
				None => unpaid = unpaid.saturating_add(share),
			}
		}
		ensure!(
			paid == ledger.paid && paid.saturating_add(unpaid) <= ledger.released,
			"INV-2: an era paid something else than its members got, or can pay more than released"
		);
		ensure!(
			ledger.settled && ledger.points > 0 || ledger.released == 0,
			"INV-3: something was released before settlement or for no points"
		);
		Ok(())
	}
}
