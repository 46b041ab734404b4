//! Payouts: what is due, and how an operator's share becomes its stakers'.

use crate::{
	types::{rest, sum, Due, Entries, Entry, EraLedger},
	Config, Eras, Error, Event, Pallet, LOG_TARGET,
};
use dtel_primitives::{reward::PayState, Balance, EraIndex};
use dtel_traits::{Dispute, Disputes, StakeRewards};
use frame_support::pallet_prelude::*;

impl<T: Config> Pallet<T> {
	/// The first era for which an operator waits, of those in its ledger that have not left history.
	pub(crate) fn first_waiting(entries: &[Entry]) -> Option<EraIndex> {
		entries.iter().find(|entry| entry.waits()).map(|entry| entry.era)
	}

	/// The first era in which pay of an era is not locked any more.
	pub(crate) fn payable_from(era: EraIndex) -> EraIndex {
		era.saturating_add(T::EscrowEras::get().max(1))
	}

	/// What can be paid now of an operator with this ledger, or why there is nothing.
	///
	/// Eras of an operator are paid in their order, because stakers' books only go forward. No era is paid
	/// before it ends: nobody had stake throughout it, and what is refused once is not paid later.
	pub(crate) fn due(
		now: EraIndex,
		era: EraIndex,
		owner: &T::AccountId,
		entries: &[Entry],
	) -> Result<Due, Error<T>> {
		ensure!(era >= now.saturating_sub(T::HistoryEras::get()), Error::<T>::EraClosed);
		let ledger = Eras::<T>::get(era).ok_or(Error::<T>::EraUnknown)?;
		ensure!(ledger.settled, Error::<T>::EraNotSettled);
		ensure!(now >= Self::payable_from(era), Error::<T>::InEscrow);
		let entry = entries.iter().find(|entry| entry.era == era);
		let entry = entry.ok_or(Error::<T>::NothingEarned)?;
		ensure!(entry.state == PayState::Waiting, Error::<T>::AlreadyPaid);
		ensure!(entry.waits(), Error::<T>::NothingEarned);
		ensure!(Self::first_waiting(entries) == Some(era), Error::<T>::EarlierUnpaid);
		let lost = match T::Disputes::state(owner, era) {
			Dispute::None => false,
			Dispute::Open => return Err(Error::<T>::Disputed),
			Dispute::Lost => true,
		};
		Self::take_off(ledger, entry, lost)
	}

	/// What an operator waits for in an era, and the era without it.
	fn take_off(mut ledger: EraLedger, entry: &Entry, lost: bool) -> Result<Due, Error<T>> {
		let tally = entry.tally();
		let pay = ledger.share(tally).map_err(|_| Error::<T>::PointsExceedEra)?;
		ledger.waiting = ledger.waiting.less(tally).ok_or(Error::<T>::PointsExceedEra)?;
		// The circuit breaker: an era never pays more than was released for it, part by part.
		let paid = sum(ledger.paid, pay);
		ensure!(rest(ledger.released, paid).is_some(), Error::<T>::BudgetExceeded);
		Ok(Due { ledger, pay, lost })
	}

	/// A penalty took an operator's pay for an era. It does not wait for it any more, whatever else it waits for: nothing is
	/// credited, so no order is to be kept.
	pub(crate) fn do_forfeit(era: EraIndex, owner: &T::AccountId) {
		let entries = Self::entries(owner);
		let entry = entries.iter().find(|entry| entry.era == era && entry.waits());
		let ledger = Eras::<T>::get(era).filter(|ledger| ledger.settled);
		let (Some(entry), Some(ledger)) = (entry, ledger) else { return };
		if let Ok(due) = Self::take_off(ledger, entry, true) {
			Self::carry_out(era, owner, entries, due);
		}
	}

	pub(crate) fn do_payout(era: EraIndex, owner: &T::AccountId) -> DispatchResult {
		let now = Self::current_era();
		let entries = Self::entries_in(now, owner);
		let due = Self::due(now, era, owner, &entries)?;
		Self::carry_out(era, owner, entries, due);
		Ok(())
	}

	/// Pays the first era that can be paid to an operator with this ledger, if any; drops what is closed in any case.
	/// Says whether there was anything to do.
	pub(crate) fn pay_first(now: EraIndex, owner: &T::AccountId, mut entries: Entries) -> bool {
		let (before, oldest) = (entries.len(), now.saturating_sub(T::HistoryEras::get()));
		entries.retain(|entry| entry.era >= oldest);
		let due = Self::first_waiting(&entries)
			.and_then(|era| Some((era, Self::due(now, era, owner, &entries).ok()?)));
		match due {
			Some((era, due)) => Self::carry_out(era, owner, entries, due),
			None if entries.len() < before => Self::keep(owner, entries),
			None => return false,
		}
		true
	}

	/// Pays a share to those who had stake with the operator: from now on it is theirs. The only way in which pay
	/// leaves an era.
	///
	/// Once for each operator and era, so it writes as little as it can: the era, the operator's ledger, and the
	/// stakers' book.
	fn carry_out(era: EraIndex, owner: &T::AccountId, mut entries: Entries, due: Due) {
		let Due { mut ledger, pay, lost } = due;
		let amount = pay.total();
		let state = if lost {
			PayState::Forfeited
		} else if Self::hand_over(era, owner, amount) {
			ledger.paid = sum(ledger.paid, pay);
			PayState::Paid
		} else {
			PayState::Refused
		};
		for entry in entries.iter_mut().filter(|entry| entry.era == era) {
			entry.state = state;
		}
		Eras::<T>::insert(era, ledger);
		Self::keep(owner, entries);
		let owner = owner.clone();
		Self::deposit_event(match state {
			PayState::Forfeited => Event::Forfeited { era, owner, amount },
			PayState::Paid => Event::PaidOut { era, owner, amount },
			_ => Event::PaidOut { era, owner, amount: 0 },
		});
	}

	/// Credits an amount to the stakers, and says whether they took it. Who refuses changes nothing
	/// ([`StakeRewards::credit`]), so no layer of its own is needed.
	fn hand_over(era: EraIndex, owner: &T::AccountId, amount: Balance) -> bool {
		amount == 0
			|| T::Stakers::credit(owner, era, amount)
				.inspect_err(|e| {
					log::debug!(target: LOG_TARGET, "era {era}: nobody can take {amount}: {e:?}");
				})
				.is_ok()
	}
}
