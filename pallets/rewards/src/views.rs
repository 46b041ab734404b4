//! What readers see.

use crate::{
	types::{share, Entry, EraLedger},
	Config, Eras, Pallet, Unsettled,
};
use alloc::vec::Vec;
use dtel_primitives::{
	reward::{EraPay, Expected, OperatorPay, PayState},
	Balance, EraIndex,
};
use dtel_traits::{Dispute, Disputes};

impl<T: Config> Pallet<T> {
	/// An era as readers see it.
	pub(crate) fn view_era(era: EraIndex) -> Option<EraPay> {
		let EraLedger { members, all, released, treasury, paid, settled, .. } =
			Eras::<T>::get(era).filter(|_| !Self::is_closed(era))?;
		Some(EraPay { released, treasury, paid, all: all.work(), members, settled })
	}

	/// An operator in an era as readers see it.
	fn view_entry(owner: &T::AccountId, entries: &[Entry], entry: &Entry) -> OperatorPay {
		let era = entry.era;
		let ledger = Eras::<T>::get(era).unwrap_or_default();
		let state = Self::fate(owner, entry);
		OperatorPay {
			era,
			work: entry.tally().work(),
			share: ledger.share(entry.tally()).unwrap_or_default(),
			state,
			payable: Self::due(Self::current_era(), era, owner, entries).is_ok_and(|due| !due.lost),
			disputed: state == PayState::Waiting && T::Disputes::state(owner, era) == Dispute::Open,
		}
	}

	/// What became of an operator's pay for an era. Lost is lost, whether or not anybody has asked for it since.
	fn fate(owner: &T::AccountId, entry: &Entry) -> PayState {
		let waits = entry.state == PayState::Waiting;
		match waits && T::Disputes::state(owner, entry.era) == Dispute::Lost {
			true => PayState::Forfeited,
			false => entry.state,
		}
	}

	pub(crate) fn view_operator(era: EraIndex, owner: &T::AccountId) -> Option<OperatorPay> {
		let entries = Self::entries(owner);
		let entry = entries.iter().find(|entry| entry.era == era)?;
		Some(Self::view_entry(owner, &entries, entry))
	}

	pub(crate) fn view_history(
		owner: &T::AccountId,
		start: EraIndex,
		limit: u32,
	) -> Vec<OperatorPay> {
		let entries = Self::entries(owner);
		let page = entries.iter().filter(|entry| entry.era >= start).take(limit as usize);
		page.map(|entry| Self::view_entry(owner, &entries, entry)).collect()
	}

	pub(crate) fn view_waiting(owner: &T::AccountId) -> Vec<EraIndex> {
		let entries = Self::entries(owner);
		entries.iter().filter(|entry| entry.waits()).map(|entry| entry.era).collect()
	}

	pub(crate) fn view_payable(era: EraIndex, owner: &T::AccountId) -> Option<Balance> {
		let due = Self::due(Self::current_era(), era, owner, &Self::entries(owner)).ok()?;
		Some(if due.lost { 0 } else { due.pay.total() })
	}

	/// The last settled era that has not left history.
	pub(crate) fn last_settled() -> Option<EraIndex> {
		let last = Unsettled::<T>::get().checked_sub(1)?;
		(!Self::is_closed(last)).then_some(last)
	}

	/// What an operator would get for the running era if the last settled one came again. If that is the running one, its
	/// release was made: nothing is left to be expected but the share.
	pub(crate) fn view_expected(owner: &T::AccountId) -> Option<Expected> {
		let (era, like) = (Self::current_era(), Self::last_settled()?);
		let EraLedger { all, released, .. } = Eras::<T>::get(like)?;
		let entries = Self::entries(owner);
		let entry = entries.iter().find(|entry| entry.era == like);
		let tally = entry.map(Entry::tally).unwrap_or_default();
		let pay = match like < era {
			true => Self::parts(Self::releasable(), all).0,
			false => released,
		};
		let amount = share(pay, tally, all).unwrap_or_default().total();
		Some(Expected { era, like, amount })
	}

	/// The last settled era, and what an operator earned from `first` to it; nothing when that is later. What was
	/// refused, or lost, is not in it.
	pub(crate) fn view_earned(
		owner: &T::AccountId,
		first: EraIndex,
	) -> Option<(EraIndex, Balance)> {
		let last = Self::last_settled().filter(|last| first <= *last)?;
		let entries = Self::entries(owner);
		let earned = entries.iter().filter(|entry| {
			(first..=last).contains(&entry.era)
				&& matches!(Self::fate(owner, entry), PayState::Waiting | PayState::Paid)
		});
		let share = |entry: &Entry| {
			let ledger = Eras::<T>::get(entry.era).unwrap_or_default();
			ledger.share(entry.tally()).unwrap_or_default().total()
		};
		Some((last, earned.map(share).fold(0, Balance::saturating_add)))
	}
}
