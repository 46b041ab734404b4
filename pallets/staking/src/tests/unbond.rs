use super::*;
use crate::{mock::*, Error, Event, MAX_UNBONDING_ERAS};
use dtel_traits::StakeLedger;
use frame_support::assert_noop;

#[test]
fn stops_to_count_at_once_but_stays_held_when_enough_is_left() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 300);
		go_to_era(2);
		assert_ok!(Staking::unbond(signed(ALICE), 120));
		assert_eq!(
			only_event(),
			Event::Unbonded { who: ALICE, amount: 120, total: 180, matures: 6 }
		);
		assert_eq!(ledger(ALICE), Some((180, vec![(2, 120)])));
		assert_eq!(held(ALICE), 300);
		assert_eq!(Staking::active(&ALICE, 2), 180);
		assert_eq!(Staking::active(&ALICE, 3), 180);
	});
}

#[test]
fn takes_everything_when_less_than_the_minimum_would_stay() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 300);
		go_to_era(1);
		assert_ok!(Staking::unbond(signed(ALICE), 201));
		assert_eq!(only_event(), Event::Unbonded { who: ALICE, amount: 300, total: 0, matures: 5 });
		assert_eq!(ledger(ALICE), Some((0, vec![(1, 300)])));
		assert_eq!(held(ALICE), 300);
	});
}

#[test]
fn leaves_exactly_the_minimum_when_asked_to() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 300);
		unbond_in(1, ALICE, 200);
		assert_eq!(ledger(ALICE), Some((MIN_BOND, vec![(1, 200)])));
	});
}

#[test]
fn works_when_slashed_below_the_minimum() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 100);
		go_to_era(1);
		assert_eq!(Staking::slash(&ALICE, percent(50), 1), 50);
		assert_ok!(Staking::unbond(signed(ALICE), 1));
		assert_eq!(ledger(ALICE), Some((0, vec![(1, 50)])));
	});
}

#[test]
fn merges_when_called_twice_in_an_era() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(1, ALICE, 10);
		unbond_in(1, ALICE, 20);
		unbond_in(2, ALICE, 30);
		assert_eq!(ledger(ALICE), Some((940, vec![(1, 30), (2, 30)])));
	});
}

#[test]
fn takes_what_came_last_when_both_happen_in_an_era() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 300);
		bond_in(4, ALICE, 200);
		unbond_in(4, ALICE, 150);
		assert_eq!(Staking::active(&ALICE, 4), 300);
		assert_eq!(Staking::active(&ALICE, 5), 350);
		unbond_in(4, ALICE, 100);
		assert_eq!(Staking::active(&ALICE, 4), 250);
		assert_eq!(Staking::active(&ALICE, 5), 250);
	});
}

/// No exit is refused for want of room, however long the queue was fed and never emptied.
#[test]
fn never_runs_out_of_room_when_nothing_is_ever_withdrawn() {
	ExtBuilder::new().build_and_execute(|| {
		for eras in [4, MAX_UNBONDING_ERAS, u32::MAX] {
			UnbondingEras::set(eras);
			let who = u64::from(eras) + 1_000;
			assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), who, FUNDS));
		}
		let issuance_before = Balances::total_issuance();
		for eras in [4, MAX_UNBONDING_ERAS, u32::MAX] {
			UnbondingEras::set(eras);
			let who = u64::from(eras) + 1_000;
			bond_in(0, who, 1_000);
			for era in 1..=100 {
				unbond_in(era, who, 5);
			}
			assert_eq!(Staking::ledger(&who).unwrap().unbonding(), 500);
			assert_eq!(held(who), 1_000);
			unbond_in(100, who, 500);
			assert_eq!(Staking::ledger(&who).unwrap().bonded(), 0);
			go_to_era(100 + eras.min(MAX_UNBONDING_ERAS));
			assert_ok!(Staking::withdraw(signed(who)));
			assert_eq!((held(who), Balances::free_balance(who)), (0, FUNDS));
		}
		// The accounts of this test go, so that issuance is as it began.
		assert_eq!(Balances::total_issuance(), issuance_before);
		for eras in [4, MAX_UNBONDING_ERAS, u32::MAX] {
			let who = u64::from(eras) + 1_000;
			assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), who, 0));
		}
	});
}

#[test]
fn fails_when_not_bonded_or_zero_or_too_much() {
	ExtBuilder::new().build_and_execute(|| {
		assert_noop!(Staking::unbond(signed(ALICE), 1), Error::<Test>::NotBonded);
		bond_in(0, ALICE, 300);
		assert_noop!(Staking::unbond(signed(ALICE), 0), Error::<Test>::ZeroAmount);
		assert_noop!(Staking::unbond(signed(ALICE), 301), Error::<Test>::NotEnough);
		assert_noop!(Staking::unbond(signed(ALICE), Balance::MAX), Error::<Test>::NotEnough);
		unbond_in(1, ALICE, 300);
		assert_noop!(Staking::unbond(signed(ALICE), 1), Error::<Test>::NotEnough);
	});
}
