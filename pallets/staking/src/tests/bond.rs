//! `bond`, `bond_extra`, `unbond`.

use super::*;
use crate::{Error, Event};
use dtel_primitives::stake::Commission;
use dtel_primitives::BasisPoints;
use sp_runtime::TokenError;

fn bond(amount: Balance) -> Call<Test> {
	Call::bond { amount, commission: commission(10, 20, 1) }
}

#[test]
fn opens_a_pool_that_counts_from_the_next_era_when_bonded() {
	ExtBuilder::new().build_and_execute(|| {
		go_to_era(1);
		done(ALICE, bond(1_000));
		assert_eq!(only_event(), Event::Bonded { who: ALICE, amount: 1_000, total: 1_000 });
		assert_eq!((held(ALICE), free(ALICE)), (1_000, FUNDS - 1_000));
		assert_eq!((Staking::active(&ALICE, 1), Staking::active(&ALICE, 2)), (0, 1_000));
		let view = pool(ALICE).unwrap();
		assert_eq!((view.opened, view.closed, view.chilled), (1, None, false));
		assert_eq!((view.members, view.own, view.required), (1, 1_000, MIN_BOND));
		assert_eq!(view.commission, commission(10, 20, 1));
		assert_eq!(crate::Holders::<Test>::get(ALICE).pools, 1);
	});
}

#[test]
fn works_when_the_minimum_for_its_nodes_is_bonded() {
	ExtBuilder::new().build_and_execute(|| {
		NodesOwned::set([(ALICE, 7)].into());
		refused(ALICE, bond(7 * MIN_BOND - 1), Error::<Test>::BelowMinimum);
		done(ALICE, bond(7 * MIN_BOND));
		refused(BOB, bond(MIN_BOND - 1), Error::<Test>::BelowMinimum);
		done(BOB, bond(MIN_BOND));
	});
}

#[test]
fn bond_fails_when_a_pool_exists_or_the_amount_is_nothing() {
	ExtBuilder::new().build_and_execute(|| {
		refused(ALICE, bond(0), Error::<Test>::ZeroAmount);
		done(ALICE, bond(100));
		refused(ALICE, bond(100), Error::<Test>::PoolExists);
		done(ALICE, Call::retire {});
		refused(ALICE, bond(100), Error::<Test>::PoolExists);
	});
}

#[test]
fn bond_fails_when_the_promise_is_broken_at_once() {
	ExtBuilder::new().build_and_execute(|| {
		let call = |commission| Call::bond { amount: 100, commission };
		refused(ALICE, call(commission(21, 20, 1)), Error::<Test>::CommissionTooHigh);
		done(ALICE, call(commission(20, 20, 0)));
		let all = BasisPoints::ONE;
		done(BOB, call(Commission { rate: all, most: all, rise: all }));
	});
}

#[test]
fn bond_fails_when_the_account_is_in_too_many_pools() {
	ExtBuilder::new().build_and_execute(|| {
		for operator in [ALICE, BOB, CAROL] {
			bond_in(1, operator, 100);
			delegate_in(1, DAVE, operator, 10);
		}
		refused(DAVE, bond(100), Error::<Test>::TooManyPools);
	});
}

#[test]
fn bond_fails_when_funds_are_missing() {
	ExtBuilder::new().build_and_execute(|| {
		// The existential deposit stays.
		for amount in [FUNDS, FUNDS + 1, Balance::MAX] {
			refused(ALICE, bond(amount), TokenError::FundsUnavailable);
		}
		done(ALICE, bond(FUNDS - 1));
		assert_eq!((held(ALICE), free(ALICE)), (FUNDS - 1, 1));
	});
}

#[test]
fn bonds_more_and_pays_what_was_earned_when_extra_is_bonded() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 1_000);
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		done(ALICE, Call::bond_extra { amount: 500 });
		assert_eq!(
			events(),
			vec![
				Event::Claimed { who: ALICE, pool: ALICE, amount: 9_000, compounded: false },
				Event::Bonded { who: ALICE, amount: 500, total: 1_500 },
			]
		);
		// Commission is only paid when it is claimed.
		assert_eq!((held(ALICE), free(ALICE)), (1_500, FUNDS - 1_500 + 9_000));
		assert_eq!((Staking::active(&ALICE, 3), Staking::active(&ALICE, 4)), (1_000, 1_500));
	});
}

#[test]
fn bond_extra_fails_when_there_is_nothing_to_add_to() {
	ExtBuilder::new().build_and_execute(|| {
		let call = |amount| Call::bond_extra { amount };
		refused(ALICE, call(1), Error::<Test>::NoPool);
		two();
		refused(ALICE, call(0), Error::<Test>::ZeroAmount);
		refused(ALICE, call(FUNDS - 1_000), TokenError::FundsUnavailable);
		refused(ALICE, call(Balance::MAX), Error::<Test>::Overflow);
		// Carol is a holder there, but no operator.
		refused(CAROL, call(1), Error::<Test>::NoPool);
		done(ALICE, Call::retire {});
		refused(ALICE, call(1), Error::<Test>::PoolClosed);
		go_to_era(6);
		done(ALICE, Call::withdraw { pool: ALICE });
		refused(ALICE, call(1), Error::<Test>::NoStake);
		refused(ALICE, Call::unbond { amount: 1 }, Error::<Test>::NoStake);
	});
}

#[test]
fn bond_extra_fails_when_it_does_not_reach_the_minimum() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		assert_eq!(slash(ALICE, 95, 2), 3_800);
		refused(ALICE, Call::bond_extra { amount: 49 }, Error::<Test>::BelowMinimum);
		done(ALICE, Call::bond_extra { amount: 50 });
		assert_eq!(active(ALICE, ALICE), 100);
	});
}

#[test]
fn fails_when_the_operators_position_is_full() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 1_000);
		for era in 2..=32 {
			go_to_era(era);
			done(ALICE, Call::bond_extra { amount: 10 });
		}
		go_to_era(33);
		refused(ALICE, Call::bond_extra { amount: 10 }, Error::<Test>::TooManyEntries);
		refused(ALICE, Call::unbond { amount: 5 }, Error::<Test>::TooManyEntries);
		// A whole entry needs no room.
		done(ALICE, Call::unbond { amount: 10 });
		assert_eq!(
			only_event(),
			Event::Unbonded { who: ALICE, pool: ALICE, amount: 10, total: 1_300, matures: 37 }
		);
		// Nor does all of it.
		done(ALICE, Call::retire {});
	});
}

#[test]
fn stops_to_count_at_once_but_stays_held_when_unbonded() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 1_000);
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		done(ALICE, Call::unbond { amount: 300 });
		assert_eq!(
			events(),
			vec![
				Event::Claimed { who: ALICE, pool: ALICE, amount: 9_000, compounded: false },
				Event::Unbonded { who: ALICE, pool: ALICE, amount: 300, total: 700, matures: 7 },
			]
		);
		assert_eq!((held(ALICE), free(ALICE)), (1_000, FUNDS - 1_000 + 9_000));
		assert_eq!((Staking::active(&ALICE, 3), Staking::active(&ALICE, 4)), (700, 700));
		assert_eq!(pool(ALICE).unwrap().own, 700);
	});
}

#[test]
fn unbond_fails_when_too_much_or_nothing_is_asked() {
	ExtBuilder::new().build_and_execute(|| {
		let call = |amount| Call::unbond { amount };
		refused(ALICE, call(1), Error::<Test>::NoPool);
		bond_in(1, ALICE, 1_000);
		NodesOwned::set([(ALICE, 3)].into());
		refused(ALICE, call(0), Error::<Test>::ZeroAmount);
		refused(ALICE, call(1_001), Error::<Test>::NotEnough);
		refused(ALICE, call(Balance::MAX), Error::<Test>::NotEnough);
		// Three nodes need 300. `retire` takes out everything.
		refused(ALICE, call(701), Error::<Test>::BelowMinimum);
		refused(ALICE, call(1_000), Error::<Test>::BelowMinimum);
		done(ALICE, call(700));
		done(ALICE, Call::retire {});
		refused(ALICE, call(1), Error::<Test>::PoolClosed);
	});
}
