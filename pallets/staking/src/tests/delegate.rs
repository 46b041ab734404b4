//! `delegate`, `delegate_extra`, `undelegate`.

use super::*;
use crate::{Error, Event};
use sp_runtime::TokenError;

#[test]
fn counts_earns_and_answers_from_the_next_era_when_delegated() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 1_000);
		go_to_era(2);
		done(CAROL, Call::delegate { pool: ALICE, amount: 3_000 });
		assert_eq!(
			only_event(),
			Event::Delegated { who: CAROL, pool: ALICE, amount: 3_000, total: 3_000 }
		);
		assert_eq!((held(CAROL), free(CAROL)), (3_000, FUNDS - 3_000));
		assert_eq!((Staking::active(&ALICE, 2), Staking::active(&ALICE, 3)), (1_000, 4_000));
		assert_eq!(pool(ALICE).unwrap().members, 2);
		go_to_era(4);
		assert_credit(ALICE, 2, 10_000);
		assert_eq!(position(CAROL, ALICE).unwrap().reward, 0);
		assert_credit(ALICE, 3, 10_000);
		assert_eq!(position(CAROL, ALICE).unwrap().reward, 6_750);
		slash(ALICE, 50, 2);
		assert_eq!(active(CAROL, ALICE), 3_000);
		slash(ALICE, 50, 3);
		assert_eq!(active(CAROL, ALICE), 1_500);
	});
}

#[test]
fn delegate_fails_when_the_pool_is_wrong() {
	ExtBuilder::new().build_and_execute(|| {
		let call = |pool, amount| Call::delegate { pool, amount };
		refused(CAROL, call(ALICE, 100), Error::<Test>::NoPool);
		bond_in(1, ALICE, 100);
		refused(ALICE, call(ALICE, 100), Error::<Test>::OwnPool);
		done(CAROL, call(ALICE, 100));
		refused(CAROL, call(ALICE, 100), Error::<Test>::AlreadyDelegated);
		go_to_era(2);
		done(ALICE, Call::retire {});
		refused(DAVE, call(ALICE, 100), Error::<Test>::PoolClosed);
	});
}

#[test]
fn delegate_fails_when_the_amount_is_wrong() {
	ExtBuilder::new().build_and_execute(|| {
		let call = |amount| Call::delegate { pool: ALICE, amount };
		bond_in(1, ALICE, 100);
		refused(CAROL, call(0), Error::<Test>::ZeroAmount);
		refused(CAROL, call(MIN_DELEGATION - 1), Error::<Test>::BelowMinimum);
		refused(CAROL, call(FUNDS), TokenError::FundsUnavailable);
		refused(CAROL, call(Balance::MAX), Error::<Test>::Overflow);
		done(CAROL, call(MIN_DELEGATION));
	});
}

#[test]
fn delegate_fails_when_in_too_many_pools() {
	ExtBuilder::new().build_and_execute(|| {
		for operator in [ALICE, BOB, CAROL] {
			bond_in(1, operator, 100);
			delegate_in(1, DAVE, operator, 10);
		}
		bond_in(1, RESERVE, 100);
		refused(DAVE, Call::delegate { pool: RESERVE, amount: 10 }, Error::<Test>::TooManyPools);
		// Leaving one makes room, once it is all out.
		done(DAVE, Call::undelegate { pool: ALICE, amount: 10 });
		refused(DAVE, Call::delegate { pool: RESERVE, amount: 10 }, Error::<Test>::TooManyPools);
		go_to_era(5);
		done(DAVE, Call::withdraw { pool: ALICE });
		done(DAVE, Call::delegate { pool: RESERVE, amount: 10 });
	});
}

#[test]
fn pays_and_settles_when_more_is_delegated() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		assert_eq!(slash(ALICE, 10, 2), 400);
		done(CAROL, Call::delegate_extra { pool: ALICE, amount: 500 });
		assert_eq!(
			events(),
			vec![
				Event::Settled { who: CAROL, pool: ALICE, amount: 300 },
				Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: false },
				Event::Delegated { who: CAROL, pool: ALICE, amount: 500, total: 3_200 },
			]
		);
		assert_eq!((held(CAROL), free(CAROL)), (3_200, FUNDS - 3_500 + 6_750));
		assert_eq!(free(TREASURY), 301);
	});
}

#[test]
fn names_all_active_stake_when_a_compounded_reward_is_part_of_it() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		done(CAROL, Call::delegate_extra { pool: ALICE, amount: 500 });
		assert_eq!(
			events(),
			vec![
				Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: true },
				Event::Delegated { who: CAROL, pool: ALICE, amount: 500, total: 10_250 },
			]
		);
		assert_eq!((held(CAROL), active(CAROL, ALICE)), (10_250, 10_250));
	});
}

#[test]
fn delegate_extra_fails_when_there_is_nothing_to_add_to() {
	ExtBuilder::new().build_and_execute(|| {
		let call = |pool, amount| Call::delegate_extra { pool, amount };
		refused(CAROL, call(ALICE, 1), Error::<Test>::NoStake);
		two();
		refused(ALICE, call(ALICE, 1), Error::<Test>::OwnPool);
		refused(DAVE, call(ALICE, 1), Error::<Test>::NoStake);
		refused(CAROL, call(ALICE, 0), Error::<Test>::ZeroAmount);
		refused(CAROL, call(ALICE, FUNDS), TokenError::FundsUnavailable);
		refused(CAROL, call(ALICE, Balance::MAX), Error::<Test>::Overflow);
		slash(ALICE, 99, 2);
		slash(ALICE, 90, 2);
		// Three are left.
		refused(CAROL, call(ALICE, 6), Error::<Test>::BelowMinimum);
		done(CAROL, call(ALICE, 7));
		done(ALICE, Call::retire {});
		refused(CAROL, call(ALICE, 1), Error::<Test>::PoolClosed);
	});
}

#[test]
fn fails_when_the_position_is_full() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 100);
		fill(CAROL, ALICE);
		go_to_era(33);
		let extra = Call::delegate_extra { pool: ALICE, amount: 10 };
		refused(CAROL, extra, Error::<Test>::TooManyEntries);
		refused(CAROL, Call::undelegate { pool: ALICE, amount: 5 }, Error::<Test>::TooManyEntries);
		done(CAROL, Call::undelegate { pool: ALICE, amount: 320 });
		assert_eq!(
			only_event(),
			Event::Unbonded { who: CAROL, pool: ALICE, amount: 320, total: 0, matures: 37 }
		);
	});
}

#[test]
fn leaves_what_is_not_asked_for_when_undelegated_in_part() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(4);
		assert_credit(ALICE, 2, 10_000);
		done(CAROL, Call::undelegate { pool: ALICE, amount: 2_980 });
		assert_eq!(
			events(),
			vec![
				Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: false },
				Event::Unbonded { who: CAROL, pool: ALICE, amount: 2_980, total: 20, matures: 8 },
			]
		);
		assert_eq!((held(CAROL), free(CAROL)), (3_000, FUNDS - 3_000 + 6_750));
		assert_eq!((Staking::active(&ALICE, 4), Staking::active(&ALICE, 5)), (1_020, 1_020));
		// It was active throughout era 3, but not in 4.
		go_to_era(5);
		assert_credit(ALICE, 3, 10_000);
		assert_eq!(position(CAROL, ALICE).unwrap().reward, 6_750);
	});
}

#[test]
fn takes_everything_when_less_than_the_minimum_would_stay() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::undelegate { pool: ALICE, amount: 2_991 });
		assert_eq!(
			only_event(),
			Event::Unbonded { who: CAROL, pool: ALICE, amount: 3_000, total: 0, matures: 6 }
		);
	});
}

#[test]
fn undelegate_fails_when_there_is_not_so_much() {
	ExtBuilder::new().build_and_execute(|| {
		let call = |pool, amount| Call::undelegate { pool, amount };
		refused(CAROL, call(ALICE, 1), Error::<Test>::NoStake);
		two();
		refused(ALICE, call(ALICE, 1), Error::<Test>::OwnPool);
		refused(CAROL, call(ALICE, 0), Error::<Test>::ZeroAmount);
		refused(CAROL, call(ALICE, 3_001), Error::<Test>::NotEnough);
		refused(CAROL, call(ALICE, Balance::MAX), Error::<Test>::NotEnough);
		done(CAROL, call(ALICE, 1_000));
		// What is leaving cannot leave again.
		refused(CAROL, call(ALICE, 2_001), Error::<Test>::NotEnough);
		done(ALICE, Call::retire {});
		refused(CAROL, call(ALICE, 1_000), Error::<Test>::PoolClosed);
	});
}
