//! `redelegate`.

use super::*;
use crate::{Error, Event};

fn call(from: AccountId, to: AccountId, amount: Balance) -> Call<Test> {
	Call::redelegate { from, to, amount }
}

fn three() {
	two();
	bond_in(2, BOB, 1_000);
}

#[test]
fn moves_stake_at_once_when_redelegated() {
	ExtBuilder::new().build_and_execute(|| {
		three();
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		done(CAROL, call(ALICE, BOB, 1_000));
		assert_eq!(
			events(),
			vec![
				Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: false },
				Event::Redelegated { who: CAROL, from: ALICE, to: BOB, amount: 1_000 },
			]
		);
		assert_eq!((held(CAROL), free(CAROL)), (3_000, FUNDS - 3_000 + 6_750));
		assert_eq!((Staking::active(&ALICE, 4), Staking::active(&BOB, 3)), (3_000, 1_000));
		assert_eq!(Staking::active(&BOB, 4), 2_000);
		let entry = &position(CAROL, BOB).unwrap().entries[0];
		assert_eq!((entry.amount, entry.joined, entry.source), (1_000, 3, Some(ALICE)));
		assert_eq!(crate::SourcesOf::<Test>::get(ALICE), Some(1));
		assert_eq!(crate::Holders::<Test>::get(CAROL).moved, Some(3));
		// Era 3 is paid by neither for what moved in it, era 4 by Bob's pool.
		go_to_era(5);
		assert_credit(ALICE, 3, 10_000);
		assert_credit(BOB, 3, 10_000);
		assert_credit(BOB, 4, 10_000);
		assert_eq!(position(CAROL, ALICE).unwrap().reward, 6_000);
		assert_eq!(position(CAROL, BOB).unwrap().reward, 4_500);
	});
}

#[test]
fn moves_all_when_less_than_the_minimum_would_stay() {
	ExtBuilder::new().build_and_execute(|| {
		three();
		done(CAROL, call(ALICE, BOB, 2_991));
		assert_eq!(
			only_event(),
			Event::Redelegated { who: CAROL, from: ALICE, to: BOB, amount: 3_000 }
		);
		assert_eq!((active(CAROL, ALICE), active(CAROL, BOB)), (0, 3_000));
	});
}

#[test]
fn fails_when_operators_are_wrong() {
	ExtBuilder::new().build_and_execute(|| {
		refused(CAROL, call(ALICE, BOB, 10), Error::<Test>::NoStake);
		two();
		refused(CAROL, call(ALICE, BOB, 10), Error::<Test>::NoPool);
		bond_in(2, BOB, 1_000);
		refused(ALICE, call(ALICE, BOB, 10), Error::<Test>::OwnPool);
		refused(BOB, call(ALICE, BOB, 10), Error::<Test>::OwnPool);
		refused(CAROL, call(ALICE, ALICE, 10), Error::<Test>::SamePool);
		refused(DAVE, call(ALICE, BOB, 10), Error::<Test>::NoStake);
	});
}

#[test]
fn fails_when_a_pool_is_closed() {
	ExtBuilder::new().build_and_execute(|| {
		three();
		delegate_in(2, DAVE, BOB, 100);
		go_to_era(3);
		done(BOB, Call::retire {});
		refused(CAROL, call(ALICE, BOB, 10), Error::<Test>::PoolClosed);
		refused(DAVE, call(BOB, ALICE, 10), Error::<Test>::PoolClosed);
	});
}

#[test]
fn fails_when_the_amount_is_wrong() {
	ExtBuilder::new().build_and_execute(|| {
		three();
		refused(CAROL, call(ALICE, BOB, 0), Error::<Test>::ZeroAmount);
		refused(CAROL, call(ALICE, BOB, 3_001), Error::<Test>::NotEnough);
		refused(CAROL, call(ALICE, BOB, Balance::MAX), Error::<Test>::NotEnough);
		refused(CAROL, call(ALICE, BOB, MIN_DELEGATION - 1), Error::<Test>::BelowMinimum);
		done(CAROL, call(ALICE, BOB, MIN_DELEGATION));
	});
}

#[test]
fn fails_when_moved_less_than_an_unbonding_period_ago() {
	ExtBuilder::new().build_and_execute(|| {
		three();
		done(CAROL, call(ALICE, BOB, 1_000));
		refused(CAROL, call(ALICE, BOB, 1_000), Error::<Test>::MovedBefore);
		refused(CAROL, call(BOB, ALICE, 1_000), Error::<Test>::MovedBefore);
		go_to_era(5);
		refused(CAROL, call(ALICE, BOB, 1_000), Error::<Test>::MovedBefore);
		go_to_era(6);
		done(CAROL, call(ALICE, BOB, 1_000));
	});
}

#[test]
fn fails_when_in_too_many_pools() {
	ExtBuilder::new().build_and_execute(|| {
		for operator in [ALICE, BOB, CAROL, RESERVE] {
			bond_in(1, operator, 100);
		}
		for operator in [ALICE, BOB, CAROL] {
			delegate_in(1, DAVE, operator, 100);
		}
		refused(DAVE, call(ALICE, RESERVE, 50), Error::<Test>::TooManyPools);
		// All of it makes room.
		done(DAVE, call(ALICE, RESERVE, 100));
	});
}

#[test]
fn fails_when_either_position_is_full() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 100);
		bond_in(1, BOB, 100);
		fill(CAROL, ALICE);
		go_to_era(33);
		refused(CAROL, call(ALICE, BOB, 15), Error::<Test>::TooManyEntries);
		delegate_in(33, CAROL, BOB, 100);
		// One there and 32 that would come.
		refused(CAROL, call(ALICE, BOB, 320), Error::<Test>::TooManyEntries);
		done(CAROL, call(ALICE, BOB, 310));
		assert_eq!(held(CAROL), 420);
	});
}
