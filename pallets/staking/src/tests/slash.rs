use super::*;
use crate::{mock::*, Event};
use dtel_traits::StakeLedger;

#[test]
fn takes_a_fraction_rounded_down_to_treasury_when_bonded_before() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 333);
		go_to_era(1);
		assert_eq!(Staking::slash(&ALICE, percent(10), 1), 33);
		assert_eq!(only_event(), Event::Slashed { who: ALICE, era: 1, amount: 33 });
		assert_eq!(ledger(ALICE), Some((300, vec![])));
		assert_eq!(held(ALICE), 300);
		assert_eq!(Balances::free_balance(ALICE), FUNDS - 333);
		assert_eq!(Balances::free_balance(TREASURY), 1 + 33);
	});
}

#[test]
fn takes_nothing_when_there_is_nothing() {
	ExtBuilder::new().build_and_execute(|| {
		assert_eq!(Staking::slash(&ALICE, percent(100), 0), 0);
		bond_in(0, ALICE, 333);
		assert_eq!(Staking::slash(&ALICE, percent(0), 0), 0);
		assert_eq!(Staking::slash(&BOB, percent(100), 0), 0);
		assert_eq!(held(ALICE), 333);
	});
}

#[test]
fn removes_the_ledger_when_all_is_taken() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 333);
		go_to_era(1);
		assert_eq!(Staking::slash(&ALICE, percent(100), 1), 333);
		assert_eq!(ledger(ALICE), None);
		assert_eq!((held(ALICE), Balances::free_balance(ALICE)), (0, FUNDS - 333));
	});
}

#[test]
fn spares_what_came_in_or_after_the_era() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		bond_in(2, ALICE, 400);
		bond_in(3, ALICE, 500);
		assert_eq!(Staking::slash(&ALICE, percent(100), 2), 1_000);
		assert_eq!(held(ALICE), 900);
		assert_eq!(Staking::slash(&ALICE, percent(100), 2), 0);
		assert_eq!(Staking::slash(&ALICE, percent(50), 3), 200);
		assert_eq!(held(ALICE), 700);
	});
}

#[test]
fn takes_from_each_part_alike_when_some_is_being_unbonded() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(1, ALICE, 100);
		unbond_in(2, ALICE, 300);
		unbond_in(3, ALICE, 200);
		// What left in era 1 was still in the snapshot of era 2, not in that of era 3.
		assert_eq!(Staking::ledger(&ALICE).unwrap().answerable(2), 1_000);
		assert_eq!(Staking::ledger(&ALICE).unwrap().answerable(3), 900);
		assert_eq!(Staking::slash(&ALICE, percent(10), 3), 90);
		assert_eq!(ledger(ALICE), Some((360, vec![(1, 100), (2, 270), (3, 180)])));
		assert_eq!(Staking::slash(&ALICE, percent(100), 3), 810);
		assert_eq!(ledger(ALICE), Some((0, vec![(1, 100)])));
		assert_eq!(held(ALICE), 100);
	});
}

#[test]
fn composes_when_repeated_without_exceeding_what_is_there() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		go_to_era(2);
		assert_eq!(Staking::slash(&ALICE, percent(50), 1), 500);
		assert_eq!(Staking::slash(&ALICE, percent(50), 2), 250);
		assert_eq!(Staking::slash(&ALICE, percent(50), 1), 125);
		assert_eq!(Staking::slash(&ALICE, percent(100), 2), 125);
		assert_eq!(Staking::slash(&ALICE, percent(100), 1), 0);
		assert_eq!(Balances::free_balance(TREASURY), 1 + 1_000);
	});
}

/// What a slash took counts against every era that it answered for.
#[test]
fn counts_against_an_earlier_era_when_a_later_one_was_punished_first() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		bond_in(1, ALICE, 1_000);
		go_to_era(2);
		assert_eq!(Staking::slash(&ALICE, percent(30), 2), 600);
		assert_eq!(Staking::slash(&ALICE, percent(100), 1), 400);
		assert_eq!(held(ALICE), 1_000);
		assert_eq!(Staking::slash(&ALICE, percent(100), 2), 1_000);
	});
}

#[test]
fn reaches_what_left_and_came_back_when_it_answered() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(3, ALICE, 1_000);
		go_to_era(4);
		assert_ok!(Staking::rebond(signed(ALICE), 1_000));
		assert_eq!(Staking::slash(&ALICE, percent(10), 3), 100);
		assert_eq!(held(ALICE), 900);
	});
}

#[test]
fn takes_nothing_when_its_time_has_passed() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		go_to_era(5);
		assert!(Staking::is_slashable(3) && !Staking::is_slashable(2));
		assert_eq!(Staking::slash(&ALICE, percent(100), 2), 0);
		assert_eq!(held(ALICE), 1_000);
		assert_eq!(Staking::slash(&ALICE, percent(10), 3), 100);
	});
}
