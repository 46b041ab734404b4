//! Points and money: the sole writer of [`Eras`], of [`Points`] and [`Operators`] but for their sweeping, of
//! [`Unpaid`] and [`Released`], and the only place from which the reserve is moved and the stakers' pot is asked.

use crate::{
	types::{Due, EraLedger, NodeLedger, NodePay, OperatorLedger, OperatorPay, UnpaidEras},
	Config, Eras, Error, Event, History, Operators, Pallet, Points, Released, Unpaid, LOG_TARGET,
};
use dtel_math::{
	money::{release_floor, share_floor},
	points::points_floor,
};
use dtel_primitives::{Balance, EraIndex, NodeId};
use dtel_traits::{Scored, StakeRewards};
use frame_support::{
	defensive,
	pallet_prelude::*,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
	},
};
use sp_runtime::{traits::AccountIdConversion, SaturatedConversion};

impl<T: Config> Pallet<T> {
	/// The account that holds what is yet to be released. A preset fills it at genesis.
	pub fn reserve_account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
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
		if points > 0 {
			Self::owe(era, &owner, points);
		}
		Points::<T>::insert(era, node, NodeLedger { owner, points });
	}

	/// Adds points to what an operator earned in an era, and with its first ones the era to those that it
	/// waits for.
	fn owe(era: EraIndex, owner: &T::AccountId, points: u128) {
		let mut operator = Operators::<T>::get(era, owner).unwrap_or_default();
		let is_first = operator.points == 0;
		operator.points = operator.points.saturating_add(points);
		Operators::<T>::insert(era, owner, operator);
		if !is_first {
			return;
		}
		if let Some(given_up) = Self::wait_for(era, owner) {
			log::error!(target: LOG_TARGET, "era {given_up} is not closed in time");
			Self::refuse(given_up, owner);
			Self::deposit_event(Event::PaidOut { era: given_up, owner: owner.clone(), amount: 0 });
		}
	}

	/// What an operator earned in an era is not paid.
	fn refuse(era: EraIndex, owner: &T::AccountId) {
		Operators::<T>::mutate_exists(era, owner, |entry| {
			if let Some(operator) = entry {
				operator.refused = true;
			}
		});
	}

	/// Adds an era to those that an operator waits for. If they are too many, because eras are not closed in
	/// time, the earliest of them is given up and returned: it should be closed by now.
	fn wait_for(era: EraIndex, owner: &T::AccountId) -> Option<EraIndex> {
		let mut eras = Self::waiting(owner);
		let at = eras.binary_search(&era).err()?;
		let given_up = eras.force_insert_keep_right(at, era).unwrap_or_else(Some);
		Self::keep_waiting(owner, eras);
		given_up
	}

	/// The eras that an operator waits for, without those that left history.
	pub(crate) fn waiting(owner: &T::AccountId) -> UnpaidEras {
		Self::waiting_since(owner, History::<T>::get().oldest)
	}

	fn waiting_since(owner: &T::AccountId, oldest: EraIndex) -> UnpaidEras {
		let mut eras = Unpaid::<T>::get(owner);
		eras.retain(|era| *era >= oldest);
		eras
	}

	/// An operator waits for these eras.
	fn keep_waiting(owner: &T::AccountId, eras: UnpaidEras) {
		if eras.is_empty() {
			Unpaid::<T>::remove(owner);
		} else {
			Unpaid::<T>::insert(owner, eras);
		}
	}

	/// An operator does not wait for eras that left history.
	pub(crate) fn forget_closed(owner: &T::AccountId) {
		let open = Self::waiting(owner);
		if Unpaid::<T>::decode_len(owner).is_some_and(|all| all > open.len()) {
			Self::keep_waiting(owner, open);
		}
	}

	/// Moves an era's release into the stakers' pot. Without points nothing is released.
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

	/// Releases from what the reserve can give without dying. Also gives the pot its existential deposit, if
	/// nobody did before.
	fn release() -> Balance {
		let (reserve, pot) = (Self::reserve_account(), T::Stakers::pot());
		let budget =
			T::Currency::reducible_balance(&reserve, Preservation::Preserve, Fortitude::Polite);
		let float = T::Currency::minimum_balance().saturating_sub(T::Currency::balance(&pot));
		let Some(can_give) = budget.checked_sub(float) else { return 0 };
		let released =
			release_floor(budget, T::ReleasePerEra::get()).unwrap_or_default().min(can_give);
		if released == 0 {
			return 0;
		}
		let moved = released.saturating_add(float);
		match T::Currency::transfer(&reserve, &pot, moved, Preservation::Preserve) {
			Ok(_) => {
				Released::<T>::mutate(|all| *all = all.saturating_add(released));
				released
			}
			Err(e) => {
				defensive!("the reserve gives what is reducible", e);
				0
			}
		}
	}

	/// The share that can be paid now, or why there is none.
	///
	/// Eras of an operator are paid in their order, because stakers' books only go forward. No era is paid
	/// before it ends: nobody had stake throughout it, and what is refused once is not paid later.
	pub(crate) fn due(era: EraIndex, owner: &T::AccountId) -> Result<Due, Error<T>> {
		let oldest = History::<T>::get().oldest;
		ensure!(era >= oldest, Error::<T>::EraClosed);
		let ledger = Eras::<T>::get(era).ok_or(Error::<T>::EraUnknown)?;
		ensure!(ledger.settled, Error::<T>::EraNotSettled);
		let payable_from = era.saturating_add(T::EscrowEras::get().max(1));
		ensure!(Self::current_era() >= payable_from, Error::<T>::InEscrow);
		let operator = Operators::<T>::get(era, owner).ok_or(Error::<T>::NothingEarned)?;
		let mut rest = Self::waiting_since(owner, oldest);
		ensure!(!operator.refused && rest.contains(&era), Error::<T>::AlreadyPaid);
		ensure!(rest.first() == Some(&era), Error::<T>::EarlierUnpaid);
		rest.retain(|other| *other != era);
		let amount = ledger.share(operator.points).map_err(|_| Error::<T>::PointsExceedEra)?;
		ensure!(amount <= ledger.unpaid(), Error::<T>::BudgetExceeded);
		Ok(Due { ledger, amount, rest })
	}

	/// Pays a share to those who had stake with the operator: from now on it is theirs. The only way in which pay
	/// leaves an era.
	///
	/// Once for each operator and era, so it writes as little as it can: the era, what the operator waits for, and
	/// the stakers' book.
	pub(crate) fn do_payout(era: EraIndex, owner: T::AccountId) -> DispatchResult {
		let Due { mut ledger, amount, rest } = Self::due(era, &owner)?;
		let taken = Self::hand_over(era, &owner, amount);
		if taken > 0 {
			ledger.paid = ledger.paid.saturating_add(taken);
			Eras::<T>::insert(era, ledger);
		} else if amount > 0 {
			Self::refuse(era, &owner);
		}
		Self::keep_waiting(&owner, rest);
		Self::deposit_event(Event::PaidOut { era, owner, amount: taken });
		Ok(())
	}

	/// Credits an amount to the stakers, and says how much they took: all of it, or nothing. Who refuses changes nothing
	/// ([`StakeRewards::credit`]), so no layer of its own is needed.
	///
	/// What is refused is lost to the stakers.
	fn hand_over(era: EraIndex, owner: &T::AccountId, amount: Balance) -> Balance {
		if amount == 0 {
			return 0;
		}
		match T::Stakers::credit(owner, era, amount) {
			Ok(()) => amount,
			Err(e) => {
				log::debug!(target: LOG_TARGET, "era {era}: nobody can take {amount}: {e:?}");
				0
			}
		}
	}

	/// A node as readers see it: of its operator's pay, its part by points.
	pub(crate) fn view_node(era: EraIndex, node: NodeId) -> Option<NodePay> {
		if Self::is_closed(era) {
			return None;
		}
		let NodeLedger { owner, points } = Points::<T>::get(era, node)?;
		let Some(operator) = Operators::<T>::get(era, &owner) else {
			return Some(NodePay { points, paid: None, payable: None });
		};
		let part = |all: Balance| share_floor(all, points, operator.points).unwrap_or(0);
		let payable = Self::due(era, &owner).ok().map(|due| part(due.amount));
		Some(NodePay { points, paid: Self::paid(era, &owner, operator).map(part), payable })
	}

	/// An operator as readers see it.
	pub(crate) fn view_operator(era: EraIndex, owner: &T::AccountId) -> Option<OperatorPay> {
		if Self::is_closed(era) {
			return None;
		}
		let operator = Operators::<T>::get(era, owner)?;
		Some(OperatorPay { points: operator.points, paid: Self::paid(era, owner, operator) })
	}

	/// What was paid to an operator for an open era: its share, or nothing if that was refused. None as long as it
	/// waits.
	fn paid(era: EraIndex, owner: &T::AccountId, operator: OperatorLedger) -> Option<Balance> {
		if operator.refused {
			return Some(0);
		}
		if Self::waiting(owner).contains(&era) {
			return None;
		}
		Eras::<T>::get(era).and_then(|ledger| ledger.share(operator.points).ok())
	}

	/// Takes an era out of [`Eras`] and brings what was not paid of it back to the reserve.
	pub(crate) fn close(era: EraIndex) {
		let Some(ledger) = Eras::<T>::take(era) else { return };
		let returned = Self::take_back(era, ledger);
		Self::deposit_event(Event::EraClosed { era, paid: ledger.paid, returned });
	}

	/// Takes what an era has left back from the stakers' pot. Nothing if more than that was released for it than
	/// for all eras: who has a right to the rest of the pot does not pay for broken books.
	fn take_back(era: EraIndex, ledger: EraLedger) -> Balance {
		if ledger.released == 0 {
			return 0;
		}
		let Some(others) = Released::<T>::get().checked_sub(ledger.released) else {
			log::error!(target: LOG_TARGET, "era {era}: more was released for it than for all eras");
			return 0;
		};
		Released::<T>::put(others);
		let rest = ledger.unpaid();
		if rest == 0 {
			return 0;
		}
		match T::Stakers::give_back(&Self::reserve_account(), rest) {
			Ok(()) => rest,
			Err(e) => {
				defensive!("the pot holds what was released", e);
				0
			}
		}
	}
}
