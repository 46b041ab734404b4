//! Each invariant, broken on purpose, is seen.

use super::*;
use crate::{
	mock::*,
	types::{Chunk, Join},
	HoldReason, Ledger, Ledgers,
};
use frame_support::{
	assert_err,
	traits::{fungible::MutateHold, tokens::Precision},
};
use sp_runtime::TryRuntimeError;

fn seen(corrupt: impl FnOnce(), message: &'static str) {
	ExtBuilder::new().build().execute_with(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(1, ALICE, 100);
		bond_in(2, ALICE, 50);
		assert_ok!(Staking::do_try_state());
		corrupt();
		assert_err!(Staking::do_try_state(), TryRuntimeError::Other(message));
	});
}

fn change(f: impl FnOnce(&mut Ledger)) {
	Ledgers::<Test>::mutate(ALICE, |ledger| f(ledger.as_mut().unwrap()));
}

#[test]
fn inv_1_is_seen_when_the_hold_differs() {
	let message = "INV-1: a hold is not what the ledger says";
	let reason = || HoldReason::Bond.into();
	seen(
		|| {
			assert_ok!(Balances::hold(&reason(), &ALICE, 1));
		},
		message,
	);
	seen(
		|| {
			assert_ok!(Balances::release(&reason(), &ALICE, 1, Precision::Exact));
		},
		message,
	);
	seen(|| change(|l| l.bonded += 1), message);
	seen(|| change(|l| l.chunks[0].amount += 1), message);
}

#[test]
fn inv_2_is_seen_when_an_empty_ledger_is_kept() {
	seen(|| Ledgers::<Test>::insert(BOB, Ledger::default()), "INV-2: an empty ledger is kept");
}

#[test]
fn inv_3_is_seen_when_chunks_are_wrong() {
	let message = "INV-3: chunks are empty, out of order or of the future";
	seen(|| change(|l| l.chunks.force_push(Chunk { era: 2, amount: 0 })), message);
	seen(|| change(|l| l.chunks[0].era = 3), message);
	seen(
		|| {
			change(|l| {
				l.bonded -= 1;
				l.chunks.force_push(Chunk { era: 1, amount: 1 });
			})
		},
		message,
	);
}

#[test]
fn inv_4_is_seen_when_joins_are_wrong() {
	let message = "INV-4: joins are empty, out of order or of the future";
	seen(|| change(|l| l.joins[0].bonded = 0), message);
	seen(|| change(|l| l.joins[1].era = 3), message);
	seen(|| change(|l| l.joins.force_push(Join { era: 2, bonded: 1, rebonded: 0 })), message);
}
