//! Whom others try to keep, or to throw out.

use super::*;
use crate::{Checkpoints, Error, Event};

/// A position full of what is leaving can still be thrown out.
#[test]
fn full_unbonding_queue_blocking_a_kick() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 1_000);
		delegate_in(1, CAROL, ALICE, 330);
		for era in 2..=32 {
			go_to_era(era);
			done(CAROL, undelegate(10));
		}
		assert_eq!(position(CAROL, ALICE).unwrap().entries.len(), 32);
		refused(CAROL, undelegate(1), Error::<Test>::TooManyEntries);
		go_to_era(33);
		slash(ALICE, 80, 33);
		assert_eq!(active(CAROL, ALICE), 4);
		done(DAVE, Call::kick { holder: CAROL, pool: ALICE });
		assert_eq!(active(CAROL, ALICE), 0);
		go_to_era(37);
		done(CAROL, Call::withdraw { pool: ALICE });
		// What left in era 32 stood in the snapshot of 33.
		assert_eq!((held(CAROL), free(CAROL)), (0, FUNDS - 16 - 8));
	});
}

/// Delegators cannot keep an operator: not by their number, not by full positions, not by waiting, not by privacy.
#[test]
fn operator_exit_blocked_by_delegators() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 1_000);
		fill(CAROL, ALICE);
		done(CAROL, Call::set_private { private: true });
		go_to_era(33);
		done(ALICE, Call::retire {});
		go_to_era(37);
		assert_credit(ALICE, 32, 10_000);
		done(ALICE, Call::withdraw { pool: ALICE });
		assert_eq!(held(ALICE), 0);
		done(DAVE, Call::settle { holder: CAROL, pool: ALICE });
		assert_eq!(held(CAROL), 0);
		assert_eq!(pool(ALICE), None);
		done(ALICE, Call::bond { amount: 100, commission: commission(1, 1, 1) });
	});
}

/// A private holder that has everything out but one reward does not keep the pool from going.
#[test]
fn pool_kept_by_an_unclaimed_reward() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::set_private { private: true });
		go_to_era(3);
		done(ALICE, Call::retire {});
		go_to_era(7);
		for who in [ALICE, CAROL] {
			done(DAVE, Call::settle { holder: who, pool: ALICE });
			assert_eq!(held(who), 0);
			// Era 2 may still be paid.
			refused(
				DAVE,
				Call::settle { holder: who, pool: ALICE },
				Error::<Test>::NothingToSettle,
			);
		}
		refused(
			ALICE,
			Call::bond { amount: 100, commission: commission(1, 1, 1) },
			Error::<Test>::PoolExists,
		);
		assert_credit(ALICE, 2, 10_000);
		for who in [CAROL, ALICE] {
			done(DAVE, Call::settle { holder: who, pool: ALICE });
		}
		// The operator's commission came with the end of the pool.
		assert_eq!((free(CAROL), free(ALICE)), (FUNDS + 6_750, FUNDS + 2_250 + 1_000));
		assert_eq!((pool(ALICE), Checkpoints::<Test>::iter().count()), (None, 0));
		assert_eq!(free(Staking::pot()), 1);
	});
}

/// The same when the reward never comes.
#[test]
fn pool_kept_by_a_reward_that_never_comes() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		done(ALICE, Call::retire {});
		go_to_era(7);
		for who in [ALICE, CAROL] {
			done(DAVE, Call::settle { holder: who, pool: ALICE });
		}
		go_to_era(2 + crate::CREDIT_ERAS);
		for who in [ALICE, CAROL] {
			done(DAVE, Call::settle { holder: who, pool: ALICE });
		}
		assert_eq!((pool(ALICE), Checkpoints::<Test>::iter().count()), (None, 0));
	});
}

/// Moved stake that nobody touches does not keep the pool that it left.
#[test]
fn pool_kept_by_a_sleeper_elsewhere() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		bond_in(2, BOB, 1_000);
		done(CAROL, Call::set_private { private: true });
		done(CAROL, Call::redelegate { from: ALICE, to: BOB, amount: 3_000 });
		done(ALICE, Call::retire {});
		go_to_era(6);
		done(DAVE, Call::settle { holder: ALICE, pool: ALICE });
		assert!(pool(ALICE).is_some());
		done(DAVE, Call::settle { holder: CAROL, pool: BOB });
		done(DAVE, Call::settle { holder: ALICE, pool: ALICE });
		assert_eq!((pool(ALICE), active(CAROL, BOB)), (None, 3_000));
		refused(DAVE, Call::settle { holder: CAROL, pool: BOB }, Error::<Test>::NothingToSettle);
	});
}

/// A pool stays as long as somebody elsewhere answers for it; and no longer, whoever sleeps there.
#[test]
fn removing_a_pool_for_whose_slashes_somebody_elsewhere_answers() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		bond_in(2, BOB, 1_000);
		done(CAROL, Call::set_private { private: true });
		done(CAROL, Call::redelegate { from: ALICE, to: BOB, amount: 3_000 });
		assert_eq!(position(CAROL, ALICE), None, "there is nothing to be earned there any more");
		go_to_era(3);
		done(ALICE, Call::retire {});
		go_to_era(5);
		slash(ALICE, 100, 3);
		settle_own(ALICE);
		assert_eq!(held(ALICE), 0);
		let bond = || Call::bond { amount: 100, commission: commission(1, 1, 1) };
		refused(ALICE, bond(), Error::<Test>::PoolExists);
		done(DAVE, Call::settle { holder: CAROL, pool: BOB });
		assert_eq!(held(CAROL), 0);
		// Its stake is gone, and so is the last that answered. What Alice earned of era 2 is still to be paid.
		refused(ALICE, bond(), Error::<Test>::PoolExists);
		assert_credit(ALICE, 2, 10);
		done(DAVE, Call::settle { holder: ALICE, pool: ALICE });
		done(ALICE, bond());
		assert_eq!(pool(ALICE).unwrap().opened, 5);
	});
}

/// Who takes everything out gets the reward in its account: it does not go back to stake and keep the door open.
#[test]
fn compounding_while_leaving() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
		go_to_era(4);
		assert_credit(ALICE, 2, 10_000);
		done(CAROL, undelegate(3_000));
		assert_eq!(
			events(),
			vec![
				Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: false },
				Event::Unbonded { who: CAROL, pool: ALICE, amount: 3_000, total: 0, matures: 8 },
			]
		);
		assert_credit(ALICE, 3, 10_000);
		// Nobody can make stake of it either.
		done(DAVE, Call::claim_for { holder: CAROL, pool: ALICE });
		assert_eq!((held(CAROL), free(CAROL)), (3_000, FUNDS - 3_000 + 13_500));
		go_to_era(8);
		done(CAROL, Call::withdraw { pool: ALICE });
		assert_eq!((held(CAROL), position(CAROL, ALICE)), (0, None));
	});
}

/// A pool that is slashed for 48 eras closes; whoever is in it gets out, and is slashed for no less.
#[test]
fn slashing_a_pool_to_expulsion() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		for era in 2..=49 {
			go_to_era(era);
			assert_eq!(pool(ALICE).unwrap().closed, None);
			assert!(slash(ALICE, 1, era) > 0);
		}
		assert_eq!(pool(ALICE).unwrap().closed, Some(49));
		assert!(events().contains(&Event::PoolClosed { pool: ALICE, era: 49, matures: 53 }));
		refused(DAVE, Call::delegate { pool: ALICE, amount: 100 }, Error::<Test>::PoolClosed);
		refused(
			CAROL,
			Call::delegate_extra { pool: ALICE, amount: 100 },
			Error::<Test>::PoolClosed,
		);
		refused(ALICE, Call::bond_extra { amount: 100 }, Error::<Test>::PoolClosed);
		// Offences that come to light later are punished all the same.
		go_to_era(50);
		let before = active(CAROL, ALICE) + position(CAROL, ALICE).unwrap().entries[0].amount;
		assert!(slash(ALICE, 50, 50) > 0);
		assert_eq!(position(CAROL, ALICE).unwrap().entries[0].amount, before / 2);
		go_to_era(53);
		done(CAROL, Call::withdraw { pool: ALICE });
		// 3,000 · 0.99^48 / 2, and the planck that each touch may round away.
		assert!(free(CAROL).abs_diff(FUNDS - 3_000 + 925) <= 1, "{}", free(CAROL));
		done(ALICE, Call::withdraw { pool: ALICE });
		assert_eq!(held(ALICE), 0);
	});
}
