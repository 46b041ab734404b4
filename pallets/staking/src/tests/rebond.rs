//! `rebond`, `withdraw`.

use super::*;
use crate::{Error, Event};

#[test]
fn counts_from_the_next_era_when_rebonded() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::undelegate { pool: ALICE, amount: 2_000 });
		go_to_era(4);
		assert_credit(ALICE, 2, 10_000);
		done(CAROL, Call::rebond { pool: ALICE, amount: 1_500 });
		// Of era 2 only the 1,000 that stayed throughout it are paid: half of 9,000.
		assert_eq!(
			events(),
			vec![
				Event::Claimed { who: CAROL, pool: ALICE, amount: 4_500, compounded: false },
				Event::Rebonded { who: CAROL, pool: ALICE, amount: 1_500, total: 2_500 },
			]
		);
		assert_eq!((held(CAROL), free(CAROL)), (3_000, FUNDS - 3_000 + 4_500));
		let view = position(CAROL, ALICE).unwrap();
		assert_eq!(
			view.entries.iter().filter(|e| e.left == Some(2)).map(|e| e.amount).sum::<u128>(),
			500
		);
		go_to_era(6);
		// 1,000 of 2,000 in era 4, 2,500 of 3,500 in era 5.
		assert_credit(ALICE, 4, 10_000);
		assert_eq!(position(CAROL, ALICE).unwrap().reward, 4_500);
		assert_credit(ALICE, 5, 8_000);
		assert!(position(CAROL, ALICE).unwrap().reward.abs_diff(4_500 + 7_200 * 5 / 7) <= 2);
	});
}

#[test]
fn counts_as_if_nothing_had_happened_when_rebonded_in_the_same_era() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::undelegate { pool: ALICE, amount: 3_000 });
		done(CAROL, Call::rebond { pool: ALICE, amount: 3_000 });
		assert_eq!(
			only_event(),
			Event::Rebonded { who: CAROL, pool: ALICE, amount: 3_000, total: 3_000 }
		);
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		assert_eq!(position(CAROL, ALICE).unwrap().reward, 6_750);
	});
}

#[test]
fn takes_what_left_last_first_when_rebonded() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		for (era, amount) in [(2, 500), (3, 600), (4, 700)] {
			go_to_era(era);
			done(CAROL, Call::undelegate { pool: ALICE, amount });
		}
		done(CAROL, Call::rebond { pool: ALICE, amount: 800 });
		let left = |era| {
			let entries = position(CAROL, ALICE).unwrap().entries;
			entries.iter().filter(|e| e.left == Some(era)).map(|e| e.amount).sum::<u128>()
		};
		assert_eq!([2, 3, 4].map(left), [500, 500, 0]);
		assert_eq!(active(CAROL, ALICE), 2_000);
	});
}

#[test]
fn an_operator_rebonds_in_its_own_pool() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(ALICE, Call::unbond { amount: 900 });
		done(ALICE, Call::rebond { pool: ALICE, amount: 900 });
		assert_eq!(
			only_event(),
			Event::Rebonded { who: ALICE, pool: ALICE, amount: 900, total: 1_000 }
		);
		assert_eq!(pool(ALICE).unwrap().own, 1_000);
	});
}

#[test]
fn rebond_fails_when_there_is_nothing_to_take_back() {
	ExtBuilder::new().build_and_execute(|| {
		let call = |amount| Call::rebond { pool: ALICE, amount };
		refused(CAROL, call(1), Error::<Test>::NoStake);
		two();
		refused(CAROL, call(1), Error::<Test>::NotEnough);
		done(CAROL, Call::undelegate { pool: ALICE, amount: 3_000 });
		refused(CAROL, call(0), Error::<Test>::ZeroAmount);
		refused(CAROL, call(3_001), Error::<Test>::NotEnough);
		refused(CAROL, call(Balance::MAX), Error::<Test>::NotEnough);
		refused(CAROL, call(MIN_DELEGATION - 1), Error::<Test>::BelowMinimum);
		done(CAROL, call(MIN_DELEGATION));
		done(ALICE, Call::retire {});
		refused(CAROL, call(1), Error::<Test>::PoolClosed);
	});
}

#[test]
fn rebond_fails_when_the_position_is_full() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 100);
		fill(CAROL, ALICE);
		go_to_era(33);
		done(CAROL, Call::undelegate { pool: ALICE, amount: 320 });
		let call = |amount| Call::rebond { pool: ALICE, amount };
		refused(CAROL, call(15), Error::<Test>::TooManyEntries);
		done(CAROL, call(20));
	});
}

#[test]
fn releases_what_has_matured_when_withdrawn() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::undelegate { pool: ALICE, amount: 1_000 });
		go_to_era(3);
		done(CAROL, Call::undelegate { pool: ALICE, amount: 500 });
		go_to_era(5);
		refused(CAROL, Call::withdraw { pool: ALICE }, Error::<Test>::NothingMatured);
		go_to_era(6);
		done(CAROL, Call::withdraw { pool: ALICE });
		assert_eq!(only_event(), Event::Withdrawn { who: CAROL, pool: ALICE, amount: 1_000 });
		assert_eq!((held(CAROL), free(CAROL)), (2_000, FUNDS - 2_000));
		go_to_era(7);
		done(CAROL, Call::withdraw { pool: ALICE });
		assert_eq!(only_event(), Event::Withdrawn { who: CAROL, pool: ALICE, amount: 500 });
		assert_eq!((held(CAROL), free(CAROL)), (1_500, FUNDS - 1_500));
	});
}

#[test]
fn loses_nothing_that_was_earned_when_withdrawn_before_it_is_credited() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(4);
		done(CAROL, Call::undelegate { pool: ALICE, amount: 3_000 });
		go_to_era(8);
		done(CAROL, Call::withdraw { pool: ALICE });
		assert_eq!((held(CAROL), free(CAROL)), (0, FUNDS));
		assert_credit(ALICE, 2, 10_000);
		assert_credit(ALICE, 3, 10_000);
		assert_credit(ALICE, 4, 10_000);
		// No stake is left: what pays is what clears up, too, and anybody may.
		refused(CAROL, Call::claim { pool: ALICE }, Error::<Test>::SettleFirst);
		done(DAVE, Call::settle { holder: CAROL, pool: ALICE });
		assert_eq!(
			only_event(),
			Event::Claimed { who: CAROL, pool: ALICE, amount: 13_500, compounded: false }
		);
		assert_eq!(position(CAROL, ALICE), None);
		assert_eq!(pool(ALICE).unwrap().members, 1);
	});
}

#[test]
fn withdraw_fails_when_nothing_is_there_or_has_matured() {
	ExtBuilder::new().build_and_execute(|| {
		let call = || Call::withdraw { pool: ALICE };
		refused(CAROL, call(), Error::<Test>::NoStake);
		two();
		refused(CAROL, call(), Error::<Test>::NothingMatured);
		refused(DAVE, call(), Error::<Test>::NoStake);
		done(ALICE, Call::retire {});
		go_to_era(5);
		refused(CAROL, call(), Error::<Test>::NothingMatured);
		go_to_era(6);
		done(CAROL, call());
		refused(CAROL, call(), Error::<Test>::NoStake);
	});
}
