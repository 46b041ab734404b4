use super::*;
use crate::{mock::*, Error, Event, Ledgers};
use frame_support::assert_noop;

#[test]
fn releases_what_matured_when_some_has() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(1, ALICE, 100);
		unbond_in(2, ALICE, 200);
		unbond_in(3, ALICE, 300);
		go_to_era(6);
		assert_ok!(Staking::withdraw(signed(ALICE)));
		assert_eq!(only_event(), Event::Withdrawn { who: ALICE, amount: 300 });
		assert_eq!(ledger(ALICE), Some((400, vec![(3, 300)])));
		assert_eq!(held(ALICE), 700);
		assert_eq!(Balances::free_balance(ALICE), FUNDS - 700);
	});
}

#[test]
fn removes_the_ledger_when_nothing_is_left() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(1, ALICE, 1_000);
		go_to_era(5);
		assert_ok!(Staking::withdraw(signed(ALICE)));
		assert!(!Ledgers::<Test>::contains_key(ALICE));
		assert_eq!((held(ALICE), Balances::free_balance(ALICE)), (0, FUNDS));
	});
}

#[test]
fn releases_what_the_slash_left_when_slashed_while_unbonding() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(2, ALICE, 1_000);
		assert_eq!(Staking::write_slash(&ALICE, percent(25), 2), 250);
		go_to_era(6);
		assert_ok!(Staking::withdraw(signed(ALICE)));
		assert_eq!(only_event(), Event::Withdrawn { who: ALICE, amount: 750 });
		assert_eq!((held(ALICE), Balances::free_balance(ALICE)), (0, FUNDS - 250));
	});
}

#[test]
fn fails_when_nothing_matured() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		assert_noop!(Staking::withdraw(signed(ALICE)), Error::<Test>::NothingMatured);
		unbond_in(1, ALICE, 100);
		System::set_block_number(149);
		assert_eq!(Staking::era(), 4);
		assert_noop!(Staking::withdraw(signed(ALICE)), Error::<Test>::NothingMatured);
		System::set_block_number(150);
		assert_ok!(Staking::withdraw(signed(ALICE)));
		assert_noop!(Staking::withdraw(signed(ALICE)), Error::<Test>::NothingMatured);
	});
}

#[test]
fn fails_when_not_bonded() {
	ExtBuilder::new().build_and_execute(|| {
		assert_noop!(Staking::withdraw(signed(ALICE)), Error::<Test>::NotBonded);
	});
}
