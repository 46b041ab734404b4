use super::*;
use crate::{mock::*, Error, Event};
use dtel_traits::StakeLedger;
use frame_support::assert_noop;

#[test]
fn takes_what_left_last_first_when_there_are_chunks() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(1, ALICE, 100);
		unbond_in(2, ALICE, 200);
		go_to_era(3);
		assert_ok!(Staking::rebond(signed(ALICE), 250));
		assert_eq!(only_event(), Event::Rebonded { who: ALICE, amount: 250, total: 950 });
		assert_eq!(ledger(ALICE), Some((950, vec![(1, 50)])));
		assert_eq!(held(ALICE), 1_000);
		// It left in an earlier era: it counts from the next one.
		assert_eq!(Staking::active(&ALICE, 3), 700);
		assert_eq!(Staking::active(&ALICE, 4), 950);
	});
}

#[test]
fn counts_as_if_nothing_had_happened_when_unbonded_in_the_same_era() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(2, ALICE, 1_000);
		assert_eq!(Staking::active(&ALICE, 2), 0);
		assert_ok!(Staking::rebond(signed(ALICE), 1_000));
		assert_eq!(Staking::active(&ALICE, 2), 1_000);
		assert_eq!(ledger(ALICE), Some((1_000, vec![])));
	});
}

#[test]
fn takes_what_has_matured_when_it_is_not_withdrawn() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 300);
		unbond_in(1, ALICE, 300);
		go_to_era(9);
		assert_ok!(Staking::rebond(signed(ALICE), 300));
		assert_eq!(Staking::active(&ALICE, 9), 0);
		assert_eq!(Staking::active(&ALICE, 10), 300);
		assert_noop!(Staking::withdraw(signed(ALICE)), Error::<Test>::NothingMatured);
	});
}

#[test]
fn fails_when_not_bonded_zero_too_much_or_below_the_minimum() {
	ExtBuilder::new().build_and_execute(|| {
		assert_noop!(Staking::rebond(signed(ALICE), 1), Error::<Test>::NotBonded);
		bond_in(0, ALICE, 300);
		assert_noop!(Staking::rebond(signed(ALICE), 1), Error::<Test>::NotEnough);
		unbond_in(1, ALICE, 300);
		assert_noop!(Staking::rebond(signed(ALICE), 0), Error::<Test>::ZeroAmount);
		assert_noop!(Staking::rebond(signed(ALICE), 99), Error::<Test>::BelowMinimum);
		assert_noop!(Staking::rebond(signed(ALICE), 301), Error::<Test>::NotEnough);
		assert_noop!(Staking::rebond(signed(ALICE), Balance::MAX), Error::<Test>::NotEnough);
	});
}
