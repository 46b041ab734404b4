//! One file a call, sink or hook, one a concern.

mod blocks;
mod close;
mod disputes;
mod fifty_years;
mod invariants;
mod model;
mod payout;
mod scored;
mod settled;
mod tripwires;
mod try_state;
mod views;
mod walk;

use crate::{
	mock::*,
	types::{Entries, Entry},
	Ledgers,
};
use dtel_primitives::{reward::PayState, EraIndex};

/// What the ledger of an operator says of an era.
fn entry(owner: AccountId, era: EraIndex) -> Option<Entry> {
	Ledgers::<Test>::get(owner).into_iter().find(|entry| entry.era == era)
}

fn state(owner: AccountId, era: EraIndex) -> PayState {
	entry(owner, era).unwrap().state
}

/// Changes it.
fn change(owner: AccountId, era: EraIndex, change: impl FnOnce(&mut Entry)) {
	Ledgers::<Test>::mutate(owner, |entries| {
		change(entries.iter_mut().find(|entry| entry.era == era).unwrap());
	});
}

fn ledger(owner: AccountId, entries: Vec<Entry>) {
	Ledgers::<Test>::insert(owner, Entries::try_from(entries).unwrap());
}

/// Goes to an era and lets every step be taken that can be.
fn idle_in(era: EraIndex) {
	go_to_era(era);
	(0..era + 3).for_each(|_| {
		idle();
	});
}

/// Goes to an era and lets eras be cleared, and nobody be paid.
fn clear_in(era: EraIndex) {
	go_to_era(era);
	(0..era + 3).for_each(|_| {
		idle_clearing();
	});
}
