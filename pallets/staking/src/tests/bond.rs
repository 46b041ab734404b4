use super::*;
use crate::{mock::*, Error, Event};
use dtel_traits::StakeLedger;
use frame_support::assert_noop;
use sp_runtime::{DispatchError, TokenError};

#[test]
fn holds_and_counts_from_the_next_era_when_funds_suffice() {
	ExtBuilder::new().build_and_execute(|| {
		go_to_era(7);
		assert_ok!(Staking::bond(signed(ALICE), 300));
		assert_eq!(only_event(), Event::Bonded { who: ALICE, amount: 300, total: 300 });
		assert_eq!(held(ALICE), 300);
		assert_eq!(Balances::free_balance(ALICE), FUNDS - 300);
		assert_eq!(ledger(ALICE), Some((300, vec![])));
		assert_eq!(Staking::active(&ALICE, 7), 0);
		assert_eq!(Staking::active(&ALICE, 8), 300);
	});
}

#[test]
fn succeeds_when_exactly_the_minimum() {
	ExtBuilder::new().build_and_execute(|| {
		assert_ok!(Staking::bond(signed(ALICE), MIN_BOND));
		assert_eq!(held(ALICE), MIN_BOND);
	});
}

#[test]
fn succeeds_when_everything_was_withdrawn_before() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 300);
		unbond_in(1, ALICE, 300);
		go_to_era(5);
		assert_ok!(Staking::withdraw(signed(ALICE)));
		assert_ok!(Staking::bond(signed(ALICE), 100));
		assert_eq!(ledger(ALICE), Some((100, vec![])));
	});
}

#[test]
fn fails_when_already_bonded() {
	ExtBuilder::new().build_and_execute(|| {
		assert_ok!(Staking::bond(signed(ALICE), 300));
		assert_noop!(Staking::bond(signed(ALICE), 300), Error::<Test>::AlreadyBonded);
	});
}

#[test]
fn fails_when_below_the_minimum() {
	ExtBuilder::new().build_and_execute(|| {
		assert_noop!(Staking::bond(signed(ALICE), 0), Error::<Test>::ZeroAmount);
		assert_noop!(Staking::bond(signed(ALICE), MIN_BOND - 1), Error::<Test>::BelowMinimum);
	});
}

#[test]
fn fails_when_funds_are_missing() {
	ExtBuilder::new().build_and_execute(|| {
		assert_noop!(Staking::bond(signed(ALICE), FUNDS + 1), TokenError::FundsUnavailable);
		assert_noop!(Staking::bond(signed(ALICE), Balance::MAX), TokenError::FundsUnavailable);
	});
}

#[test]
fn fails_when_not_signed() {
	ExtBuilder::new().build_and_execute(|| {
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(Staking::bond(origin.clone(), 300), DispatchError::BadOrigin);
			assert_noop!(Staking::bond_extra(origin.clone(), 300), DispatchError::BadOrigin);
			assert_noop!(Staking::unbond(origin.clone(), 300), DispatchError::BadOrigin);
			assert_noop!(Staking::withdraw(origin.clone()), DispatchError::BadOrigin);
			assert_noop!(Staking::rebond(origin, 300), DispatchError::BadOrigin);
		}
	});
}
