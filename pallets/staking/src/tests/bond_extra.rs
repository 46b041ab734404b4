use super::*;
use crate::{mock::*, Error, Event};
use dtel_traits::StakeLedger;
use frame_support::assert_noop;
use sp_runtime::TokenError;

#[test]
fn adds_and_counts_from_the_next_era_when_bonded() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 300);
		go_to_era(3);
		assert_ok!(Staking::bond_extra(signed(ALICE), 50));
		assert_eq!(only_event(), Event::Bonded { who: ALICE, amount: 50, total: 350 });
		assert_eq!(held(ALICE), 350);
		assert_eq!(Balances::free_balance(ALICE), FUNDS - 350);
		assert_eq!(Staking::active(&ALICE, 3), 300);
		assert_eq!(Staking::active(&ALICE, 4), 350);
	});
}

#[test]
fn reaches_the_minimum_again_when_slashed_below_it() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 100);
		go_to_era(1);
		assert_eq!(Staking::slash(&ALICE, percent(40), 1), 40);
		assert_noop!(Staking::bond_extra(signed(ALICE), 39), Error::<Test>::BelowMinimum);
		assert_ok!(Staking::bond_extra(signed(ALICE), 40));
		assert_eq!(ledger(ALICE), Some((100, vec![])));
		assert_eq!(held(ALICE), 100);
	});
}

#[test]
fn works_when_everything_is_being_unbonded() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 300);
		unbond_in(1, ALICE, 300);
		assert_noop!(Staking::bond_extra(signed(ALICE), 99), Error::<Test>::BelowMinimum);
		assert_ok!(Staking::bond_extra(signed(ALICE), 100));
		assert_eq!(ledger(ALICE), Some((100, vec![(1, 300)])));
		assert_eq!(held(ALICE), 400);
	});
}

#[test]
fn never_runs_out_of_room_when_called_in_every_era() {
	ExtBuilder::new().build_and_execute(|| {
		UnbondingEras::set(crate::MAX_UNBONDING_ERAS);
		bond_in(0, ALICE, 100);
		for era in 1..100 {
			bond_in(era, ALICE, 1);
			assert_eq!(Staking::active(&ALICE, era), 100 + u128::from(era) - 1);
			assert_eq!(Staking::active(&ALICE, era + 1), 100 + u128::from(era));
		}
	});
}

#[test]
fn fails_when_not_bonded() {
	ExtBuilder::new().build_and_execute(|| {
		assert_noop!(Staking::bond_extra(signed(ALICE), 300), Error::<Test>::NotBonded);
	});
}

#[test]
fn fails_when_zero_or_not_funded() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 300);
		assert_noop!(Staking::bond_extra(signed(ALICE), 0), Error::<Test>::ZeroAmount);
		assert_noop!(Staking::bond_extra(signed(ALICE), FUNDS), TokenError::FundsUnavailable);
		assert_noop!(Staking::bond_extra(signed(ALICE), Balance::MAX), Error::<Test>::Overflow);
	});
}
