//! `retire`, `set_chilled`, `set_commission`.

use super::*;
use crate::{Error, Event};
use dtel_primitives::BasisPoints;

fn rate(percent: u32) -> BasisPoints {
	BasisPoints::saturating(percent * 100)
}

fn set(percent: u32) -> Call<Test> {
	Call::set_commission { rate: rate(percent) }
}

#[test]
fn everybody_leaves_at_once_when_the_operator_retires() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(4);
		done(ALICE, Call::retire {});
		assert_eq!(only_event(), Event::PoolClosed { pool: ALICE, era: 4, matures: 8 });
		assert_eq!((held(ALICE), held(CAROL)), (1_000, 3_000));
		assert_eq!((Staking::active(&ALICE, 4), Staking::active(&ALICE, 5)), (0, 0));
		assert_eq!(pool(ALICE).unwrap().closed, Some(4));
		// Eras before are paid as ever, the one in which it closed is not.
		go_to_era(5);
		assert_credit(ALICE, 2, 10_000);
		assert_credit(ALICE, 3, 10_000);
		assert_eq!(credit(ALICE, 4, 10_000), Err(Error::<Test>::NobodyActive.into()));
		assert_eq!(position(CAROL, ALICE).unwrap().reward, 13_500);
		// What answers for an era is slashed as ever.
		slash(ALICE, 10, 4);
		go_to_era(8);
		for who in [CAROL, ALICE] {
			done(who, Call::withdraw { pool: ALICE });
		}
		assert_eq!((free(CAROL), free(ALICE)), (FUNDS + 13_200, FUNDS + 4_500 + 2_000 - 100));
		// Nobody is in it: it is gone, and the operator may begin anew.
		assert_eq!(pool(ALICE), None);
		done(ALICE, Call::bond { amount: 100, commission: commission(50, 50, 0) });
	});
}

/// Also in the era in which it began, whatever the era.
#[test]
fn retires_when_it_has_just_bonded() {
	for era in [0, 1, 7] {
		ExtBuilder::new().build_and_execute(|| {
			bond_in(era, ALICE, 1_000);
			delegate_in(era, CAROL, ALICE, 3_000);
			done(ALICE, Call::retire {});
			assert_eq!(only_event(), Event::PoolClosed { pool: ALICE, era, matures: era + 4 });
			Staking::do_try_state().unwrap();
			go_to_era(era + 4);
			assert_eq!(credit(ALICE, era + 1, 10), Err(Error::<Test>::NobodyActive.into()));
			for who in [ALICE, CAROL] {
				done(who, Call::withdraw { pool: ALICE });
				assert_eq!((held(who), free(who)), (0, FUNDS));
			}
			assert_eq!(pool(ALICE), None);
			assert_eq!(crate::Checkpoints::<Test>::iter().count(), 0);
		});
	}
}

#[test]
fn retire_fails_when_there_is_no_open_pool() {
	ExtBuilder::new().build_and_execute(|| {
		refused(ALICE, Call::retire {}, Error::<Test>::NoPool);
		two();
		refused(CAROL, Call::retire {}, Error::<Test>::NoPool);
		done(ALICE, Call::retire {});
		refused(ALICE, Call::retire {}, Error::<Test>::PoolClosed);
	});
}

#[test]
fn counts_for_nothing_but_stays_when_chilled() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(ALICE, Call::set_chilled { chilled: true });
		assert_eq!(only_event(), Event::ChilledSet { who: ALICE, chilled: true });
		assert_eq!(Staking::active(&ALICE, 2), 0);
		assert_eq!((held(ALICE), active(CAROL, ALICE)), (1_000, 3_000));
		assert_eq!(slash(ALICE, 10, 2), 400);
		done(ALICE, Call::set_chilled { chilled: false });
		assert_eq!(only_event(), Event::ChilledSet { who: ALICE, chilled: false });
		assert_eq!(Staking::active(&ALICE, 2), 3_600);
	});
}

#[test]
fn set_chilled_fails_when_there_is_no_open_pool() {
	ExtBuilder::new().build_and_execute(|| {
		let call = || Call::set_chilled { chilled: true };
		refused(ALICE, call(), Error::<Test>::NoPool);
		two();
		refused(CAROL, call(), Error::<Test>::NoPool);
		done(ALICE, Call::retire {});
		refused(ALICE, call(), Error::<Test>::PoolClosed);
	});
}

#[test]
fn holds_from_the_next_era_when_a_commission_is_set() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(ALICE, set(11));
		assert_eq!(only_event(), Event::CommissionSet { who: ALICE, rate: rate(11), from: 3 });
		assert_eq!(
			(pool(ALICE).unwrap().rate, pool(ALICE).unwrap().commission.rate),
			(rate(10), rate(11))
		);
		// A second thought replaces the first.
		done(ALICE, set(3));
		go_to_era(3);
		assert_eq!(pool(ALICE).unwrap().rate, rate(3));
		assert_credit(ALICE, 2, 10_000);
		assert_eq!(pool(ALICE).unwrap().unclaimed, 1_000);
		go_to_era(4);
		assert_credit(ALICE, 3, 10_000);
		assert_eq!(pool(ALICE).unwrap().unclaimed, 1_300);
	});
}

#[test]
fn set_commission_fails_when_a_promise_would_be_broken() {
	ExtBuilder::new().build_and_execute(|| {
		refused(ALICE, set(10), Error::<Test>::NoPool);
		two();
		refused(CAROL, set(10), Error::<Test>::NoPool);
		refused(ALICE, set(12), Error::<Test>::CommissionTooHigh);
		for era in 2..=11 {
			go_to_era(era);
			done(ALICE, set(9 + era));
			// Asked twice in an era, it rises no faster.
			refused(ALICE, set(10 + era), Error::<Test>::CommissionTooHigh);
		}
		go_to_era(12);
		assert_eq!(pool(ALICE).unwrap().rate, rate(20));
		refused(ALICE, set(21), Error::<Test>::CommissionTooHigh);
		done(ALICE, Call::retire {});
		refused(ALICE, set(1), Error::<Test>::PoolClosed);
	});
}

/// Room for a change in each era that may still be credited.
#[test]
fn never_runs_out_of_room_when_a_commission_changes_in_each_era() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 1_000);
		for era in 2..300 {
			go_to_era(era);
			done(ALICE, Call::set_commission { rate: rate(era % 2) });
		}
		assert_credit(ALICE, 250, 10_000);
		assert_eq!(pool(ALICE).unwrap().unclaimed, 100);
		assert_credit(ALICE, 251, 10_000);
		assert_eq!(pool(ALICE).unwrap().unclaimed, 100);
	});
}
