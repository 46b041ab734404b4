//! What is done early, late or twice.

use super::*;
use crate::Error;
use dtel_primitives::BasisPoints;

/// Stake that arrives before a snapshot, or before an era ends, is neither counted nor paid for it.
#[test]
fn just_in_time_stake() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, undelegate(2_000));
		go_to_era(4);
		System::set_block_number(149);
		assert_eq!(Staking::era(), 4);
		done(DAVE, Call::delegate { pool: ALICE, amount: 9_000 });
		// Nor by taking back what is leaving, by whatever shuffle.
		for _ in 0..3 {
			done(CAROL, Call::rebond { pool: ALICE, amount: 2_000 });
			done(CAROL, undelegate(2_000));
		}
		done(CAROL, Call::rebond { pool: ALICE, amount: 2_000 });
		assert_eq!(Staking::active(&ALICE, 4), 2_000);
		go_to_era(5);
		assert_credit(ALICE, 4, 10_000);
		assert_eq!((reward(DAVE, ALICE), reward(CAROL, ALICE)), (0, 4_500));
	});
}

/// Low when holders come, high when their rewards are paid: what is promised is kept, and eras are paid by their own rate.
#[test]
fn commission_bait_and_switch() {
	ExtBuilder::new().build_and_execute(|| {
		go_to_era(1);
		done(ALICE, Call::bond { amount: 1_000, commission: commission(0, 5, 1) });
		delegate_in(1, CAROL, ALICE, 3_000);
		go_to_era(3);
		let set =
			|percent: u32| Call::set_commission { rate: BasisPoints::saturating(percent * 100) };
		refused(ALICE, set(100), Error::<Test>::CommissionTooHigh);
		refused(ALICE, set(2), Error::<Test>::CommissionTooHigh);
		done(ALICE, set(1));
		go_to_era(4);
		// Raised before it is paid, and the era is still paid by its own.
		done(ALICE, set(2));
		assert_credit(ALICE, 2, 10_000);
		assert_credit(ALICE, 3, 10_000);
		assert_eq!(pool(ALICE).unwrap().unclaimed, 0);
		// No new promise while anybody is there.
		done(ALICE, Call::retire {});
		let all = BasisPoints::ONE;
		let dear = dtel_primitives::stake::Commission { rate: all, most: all, rise: all };
		go_to_era(8);
		done(ALICE, Call::withdraw { pool: ALICE });
		refused(ALICE, Call::bond { amount: 1_000, commission: dear }, Error::<Test>::PoolExists);
	});
}

/// When a slash is settled changes nothing about what it takes, and nothing about what was earned before.
#[test]
fn timing_a_settlement() {
	let outcome = |early: bool| {
		let mut out = (0, 0, 0);
		ExtBuilder::new().build_and_execute(|| {
			two();
			delegate_in(2, DAVE, ALICE, 3_000);
			go_to_era(4);
			assert_credit(ALICE, 2, 10_000);
			slash(ALICE, 10, 3);
			if early {
				done(BOB, Call::settle { holder: CAROL, pool: ALICE });
			}
			slash(ALICE, 30, 3);
			slash(ALICE, 50, 4);
			done(BOB, Call::settle { holder: CAROL, pool: ALICE });
			out = (held(CAROL), free(CAROL), free(TREASURY));
		});
		out
	};
	assert_eq!(outcome(true), outcome(false));
	assert_eq!(outcome(true).0, 3_000 * 63 / 200);
}

/// Slashed stake weighs in rewards as before until it is settled: so anybody may settle it, at once.
#[test]
fn earning_with_stake_that_is_slashed_and_not_settled() {
	let earned = |settled: bool| {
		let mut out = 0;
		ExtBuilder::new().build_and_execute(|| {
			two();
			slash(ALICE, 50, 2);
			settle_own(ALICE);
			if settled {
				done(BOB, Call::settle { holder: CAROL, pool: ALICE });
				refused(
					BOB,
					Call::settle { holder: CAROL, pool: ALICE },
					Error::<Test>::NothingToSettle,
				);
			}
			go_to_era(4);
			assert_credit(ALICE, 3, 10_000);
			out = reward(CAROL, ALICE);
		});
		out
	};
	assert_eq!((earned(true), earned(false)), (6_750, 9_000 * 6 / 7));
}

/// A reward is paid once, by whatever call and whoever asks.
#[test]
fn claiming_twice() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		done(CAROL, Call::delegate_extra { pool: ALICE, amount: 10 });
		refused(CAROL, Call::claim { pool: ALICE }, Error::<Test>::NothingToClaim);
		done(CAROL, undelegate(3_010));
		done(CAROL, Call::rebond { pool: ALICE, amount: 3_010 });
		refused(
			DAVE,
			Call::claim_for { holder: CAROL, pool: ALICE },
			Error::<Test>::NothingToClaim,
		);
		assert_eq!(free(CAROL), FUNDS - 3_010 + 6_750);
		done(ALICE, Call::claim { pool: ALICE });
		refused(ALICE, Call::claim { pool: ALICE }, Error::<Test>::NothingToClaim);
		go_to_era(4);
		// In era 3 the stake that left in it and came back in it earns as if it had stayed; what was added does not.
		assert_credit(ALICE, 3, 10_000);
		assert_eq!(reward(CAROL, ALICE), 6_750);
	});
}

/// Rewards of eras before the end are paid after it, those of later eras to nobody.
#[test]
fn claiming_across_the_end_of_a_pool() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(4);
		assert_credit(ALICE, 2, 10_000);
		done(CAROL, undelegate(1_000));
		done(ALICE, Call::retire {});
		go_to_era(9);
		assert_credit(ALICE, 3, 10_000);
		assert!(credit(ALICE, 4, 10_000).is_err());
		done(CAROL, Call::withdraw { pool: ALICE });
		assert_eq!((held(CAROL), free(CAROL)), (0, FUNDS + 13_500));
		done(ALICE, Call::withdraw { pool: ALICE });
		// It is all paid: the commission with the end.
		assert_eq!(free(ALICE), FUNDS + 4_500 + 2_000);
		assert_eq!((pool(ALICE), free(Staking::pot())), (None, 1));
	});
}
