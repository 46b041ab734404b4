//! Points and money: the sole writer of [`Eras`], [`Points`] (but for their removal) and [`Owed`],
//! and the only place from which reserve and pot are moved.

use crate::{
	types::{Due, EraLedger, NodeLedger},
	Config, Eras, Error, Event, History, Owed, Pallet, Points, LOG_TARGET,
};
use dtel_math::{
	money::{release_floor, share_floor},
	points::points_floor,
};
use dtel_primitives::{Balance, EraIndex, NodeId};
use dtel_traits::Scored;
use frame_support::{
	defensive,
	pallet_prelude::*,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
	},
};
use sp_runtime::{traits::AccountIdConversion, SaturatedConversion};

/// Sub-account of the pot.
const POT: [u8; 3] = *b"pot";

impl<T: Config> Pallet<T> {
	/// The account that holds what is yet to be released. A preset fills it at genesis.
	pub fn reserve_account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// The account that holds what is released and not yet paid.
	pub fn pot_account() -> T::AccountId {
		T::PalletId::get().into_sub_account_truncating(POT)
	}

	/// The running era.
	pub(crate) fn current_era() -> EraIndex {
		T::Clock::get().era_of(frame_system::Pallet::<T>::block_number().saturated_into())
	}

	/// Whether an era has left history.
	pub(crate) fn is_closed(era: EraIndex) -> bool {
		era < History::<T>::get().oldest
	}

	/// Writes down what a member earned. Only the first result of a member in an era that is neither
	/// settled nor closed counts, so a repeated report can neither change pay nor revive a past era.
	pub(crate) fn do_score(scored: Scored<T::AccountId>) {
		let Scored { era, node, owner, stake, kbps, score } = scored;
		let mut ledger = Eras::<T>::get(era).unwrap_or_default();
		if ledger.settled || Self::is_closed(era) || Points::<T>::contains_key(era, node) {
			log::error!(target: LOG_TARGET, "era {era}: score of node {node} came late or twice");
			return;
		}
		let points = points_floor(kbps, stake, T::StakePerMbps::get(), score).unwrap_or_else(|e| {
			defensive!("points of a node fit", e);
			0
		});
		// A node has less than 2^46 points and an era less than 2^32 nodes.
		ledger.points = ledger.points.saturating_add(points);
		ledger.members = ledger.members.saturating_add(1);
		Eras::<T>::insert(era, ledger);
		Points::<T>::insert(era, node, NodeLedger { owner, points, paid: None });
	}

	/// Moves an era's release into the pot. Without points nothing is released.
	pub(crate) fn do_settle(era: EraIndex) {
		let mut ledger = Eras::<T>::get(era).unwrap_or_default();
		if ledger.settled || Self::is_closed(era) {
			log::error!(target: LOG_TARGET, "era {era} was settled again or late");
			return;
		}
		ledger.settled = true;
		if ledger.points > 0 {
			ledger.released = Self::release();
		}
		Eras::<T>::insert(era, ledger);
		let EraLedger { released, points, members, .. } = ledger;
		Self::deposit_event(Event::EraSettled { era, released, points, members });
	}

	/// Releases from what the reserve can give without dying. Also keeps an existential deposit in
	/// the pot, beside what is owed, so that paying the last share cannot kill it.
	fn release() -> Balance {
		let (reserve, pot) = (Self::reserve_account(), Self::pot_account());
		let owed = Owed::<T>::get();
		let budget =
			T::Currency::reducible_balance(&reserve, Preservation::Preserve, Fortitude::Polite);
		let float = owed
			.saturating_add(T::Currency::minimum_balance())
			.saturating_sub(T::Currency::balance(&pot));
		let Some(can_give) = budget.checked_sub(float) else { return 0 };
		let released =
			release_floor(budget, T::ReleasePerEra::get()).unwrap_or_default().min(can_give);
		if released == 0 {
			return 0;
		}
		let moved = released.saturating_add(float);
		match T::Currency::transfer(&reserve, &pot, moved, Preservation::Preserve) {
			Ok(_) => {
				Owed::<T>::put(owed.saturating_add(released));
				released
			}
			Err(e) => {
				defensive!("the reserve gives what is reducible", e);
				0
			}
		}
	}

	/// The share that can be paid now, or why there is none.
	pub(crate) fn due(era: EraIndex, node: NodeId) -> Result<Due<T::AccountId>, Error<T>> {
		ensure!(!Self::is_closed(era), Error::<T>::EraClosed);
		let ledger = Eras::<T>::get(era).ok_or(Error::<T>::EraUnknown)?;
		ensure!(ledger.settled, Error::<T>::EraNotSettled);
		let payable_from = era.saturating_add(T::EscrowEras::get());
		ensure!(Self::current_era() >= payable_from, Error::<T>::InEscrow);
		let node = Points::<T>::get(era, node).ok_or(Error::<T>::NotScored)?;
		ensure!(node.paid.is_none(), Error::<T>::AlreadyPaid);
		ensure!(node.points > 0, Error::<T>::NothingEarned);
		let amount = share_floor(ledger.released, node.points, ledger.points)
			.map_err(|_| Error::<T>::PointsExceedEra)?;
		ensure!(amount > 0, Error::<T>::NothingEarned);
		ensure!(amount <= ledger.unpaid(), Error::<T>::BudgetExceeded);
		Ok(Due { ledger, node, amount })
	}

	/// Pays a share. The only way in which an operator's pay leaves the pot.
	pub(crate) fn do_payout(era: EraIndex, node: NodeId) -> DispatchResult {
		let Due { mut ledger, node: mut entry, amount } = Self::due(era, node)?;
		let owner = entry.owner.clone();
		T::Currency::transfer(&Self::pot_account(), &owner, amount, Preservation::Preserve)?;
		ledger.paid = ledger.paid.saturating_add(amount);
		entry.paid = Some(amount);
		Eras::<T>::insert(era, ledger);
		Points::<T>::insert(era, node, entry);
		Owed::<T>::mutate(|owed| *owed = owed.saturating_sub(amount));
		Self::deposit_event(Event::PaidOut { era, node, owner, amount });
		Ok(())
	}

	/// Takes an era out of [`Eras`] and brings what was not paid of it back to the reserve.
	pub(crate) fn close(era: EraIndex) {
		let Some(ledger) = Eras::<T>::take(era) else { return };
		let rest = ledger.unpaid();
		Owed::<T>::mutate(|owed| *owed = owed.saturating_sub(rest));
		let returned = if rest == 0 {
			0
		} else {
			T::Currency::transfer(
				&Self::pot_account(),
				&Self::reserve_account(),
				rest,
				Preservation::Preserve,
			)
			.unwrap_or_else(|e| {
				defensive!("the pot holds what is owed", e);
				0
			})
		};
		Self::deposit_event(Event::EraClosed { era, paid: ledger.paid, returned });
	}
}
