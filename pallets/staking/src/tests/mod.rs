//! Tests: a file for each call or topic.

mod attacks;
mod bond;
mod claim;
mod delegate;
mod invariants;
mod ledger;
mod lifecycle;
mod matrix;
mod model;
mod operations;
mod operator;
mod promised;
mod rebond;
mod redelegate;
mod settle;
mod tripwires;
mod try_state;

use crate::{mock::*, Call};
use dtel_primitives::stake::{PoolView, PositionView};
use dtel_primitives::{Balance, EraIndex};
use dtel_traits::StakeLedger;
use frame_support::assert_ok;
use sp_runtime::{traits::Dispatchable, DispatchError, Perbill, StateVersion};

fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

fn root() -> Vec<u8> {
	sp_io::storage::root(StateVersion::V1)
}

/// The dispatched call fails with this error and changes nothing at all.
fn refused(who: AccountId, call: Call<Test>, error: impl Into<DispatchError>) {
	let before = root();
	let what = format!("{call:?}");
	match RuntimeCall::Staking(call).dispatch(signed(who)) {
		Ok(_) => panic!("{what} is not refused"),
		Err(e) => assert_eq!(e.error, error.into(), "{what}"),
	}
	assert_eq!(root(), before, "{what} left something");
}

/// The dispatched call succeeds; its events are the only ones then.
fn done(who: AccountId, call: Call<Test>) {
	System::reset_events();
	let what = format!("{call:?}");
	let result = RuntimeCall::Staking(call).dispatch(signed(who));
	assert!(result.is_ok(), "{what}: {result:?}");
}

/// Goes to an era and bonds there: a tenth of commission, at most a fifth, rising by a hundredth.
fn bond_in(era: EraIndex, who: AccountId, amount: Balance) {
	go_to_era(era);
	assert_ok!(Staking::bond(signed(who), amount, commission(10, 20, 1)));
}

/// Goes to an era and delegates there, for the first time or more.
fn delegate_in(era: EraIndex, who: AccountId, pool: AccountId, amount: Balance) {
	go_to_era(era);
	if position(who, pool).is_some() {
		assert_ok!(Staking::delegate_extra(signed(who), pool, amount));
	} else {
		assert_ok!(Staking::delegate(signed(who), pool, amount));
	}
}

/// Alice with 1,000 and Carol, her delegator, with 3,000, both from era 1 on, of which the first that counts is 2.
fn two() {
	bond_in(1, ALICE, 1_000);
	delegate_in(1, CAROL, ALICE, 3_000);
	go_to_era(2);
}

/// A position of 32 entries of 10 each, in era 32: nothing is credited, so that none merges.
fn fill(who: AccountId, pool: AccountId) {
	for era in 1..=32 {
		delegate_in(era, who, pool, 10);
	}
	System::reset_events();
	assert_eq!(position(who, pool).unwrap().entries.len(), 32);
}

fn slash(pool: AccountId, percent: u32, era: EraIndex) -> Balance {
	Staking::slash(&pool, Perbill::from_percent(percent), era)
}

/// Anybody settles what an operator has in its own pool.
fn settle_own(operator: AccountId) {
	done(DAVE, Call::settle { holder: operator, pool: operator });
}

fn pool(operator: AccountId) -> Option<PoolView> {
	Staking::pool(operator)
}

fn position(holder: AccountId, operator: AccountId) -> Option<PositionView<AccountId>> {
	Staking::position(holder, operator)
}

/// What is active of a position, after slashes.
fn active(holder: AccountId, operator: AccountId) -> Balance {
	position(holder, operator).map_or(0, |p| p.active)
}
