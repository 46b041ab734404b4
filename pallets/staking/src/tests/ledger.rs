//! What other pallets ask and do: [`StakeLedger`] and [`StakeRewards`].

use super::*;
use crate::{Error, Event, CREDIT_ERAS};
use dtel_traits::StakeRewards;
use frame_support::assert_noop;

/// A slash touches nobody, the operator neither; what is to be taken counts no more from then on.
#[test]
fn counts_at_once_and_takes_what_it_costs_when_settled() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		System::reset_events();
		assert_eq!(slash(ALICE, 25, 2), 1_000);
		assert_eq!(
			events(),
			vec![Event::Slashed {
				pool: ALICE,
				era: 2,
				fraction: Perbill::from_percent(25),
				amount: 1_000
			},]
		);
		assert_eq!((held(ALICE), held(CAROL), free(TREASURY)), (1_000, 3_000, 1));
		assert_eq!(pool(ALICE).unwrap().own, 750);
		settle_own(ALICE);
		assert_eq!(only_event(), Event::Settled { who: ALICE, pool: ALICE, amount: 250 });
		assert_eq!((held(ALICE), held(CAROL), free(TREASURY)), (750, 3_000, 251));
		let view = position(CAROL, ALICE).unwrap();
		assert_eq!((view.slashed, view.active), (750, 2_250));
		// It counts no more, touched or not.
		assert_eq!(Staking::active(&ALICE, 3), 3_000);
	});
}

/// What an operator bonded too late to answer counts as slashed until its position is settled; nobody is sent away for that.
#[test]
fn counts_what_did_not_answer_when_it_is_settled() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(ALICE, Call::bond_extra { amount: 1_000 });
		go_to_era(3);
		NodesOwned::set([(ALICE, 17)].into());
		assert_eq!(slash(ALICE, 20, 2), 800);
		assert_eq!((Staking::active(&ALICE, 3), pool(ALICE).unwrap().own), (0, 1_800));
		let kick = Call::kick { holder: ALICE, pool: ALICE };
		refused(DAVE, kick, Error::<Test>::NotBelowMinimum);
		settle_own(ALICE);
		assert_eq!((Staking::active(&ALICE, 3), held(ALICE)), (4_200, 1_800));

		// Of an era of which nothing is left nothing can be taken. It is to be counted all the same.
		NodesOwned::set([].into());
		assert_eq!(slash(ALICE, 100, 2), 3_200);
		settle_own(ALICE);
		assert_eq!((held(ALICE), pool(ALICE).unwrap().own), (1_000, 1_000));
		slash(ALICE, 50, 2);
		let counted = || crate::Pools::<Test>::get(ALICE).unwrap().own;
		assert_eq!((held(ALICE), counted()), (1_000, 500));
		settle_own(ALICE);
		assert_eq!((held(ALICE), counted()), (1_000, 1_000));
		let again = Call::settle { holder: ALICE, pool: ALICE };
		refused(DAVE, again, Error::<Test>::NothingToSettle);
	});
}

#[test]
fn answers_for_the_eras_between_joining_and_leaving_when_slashed() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 1_000);
		delegate_in(3, CAROL, ALICE, 1_000);
		go_to_era(3);
		done(ALICE, Call::unbond { amount: 500 });
		go_to_era(5);
		// Carol joined in era 3; what Alice unbonded in it stood in the snapshot of 4 and answers for that.
		assert_eq!(slash(ALICE, 10, 3), 100);
		settle_own(ALICE);
		assert_eq!((held(ALICE), active(CAROL, ALICE)), (900, 1_000));
		assert_eq!(slash(ALICE, 10, 4), 190);
		settle_own(ALICE);
		assert_eq!((held(ALICE), active(CAROL, ALICE)), (810, 900));
		assert_eq!(slash(ALICE, 10, 5), 130);
		settle_own(ALICE);
		assert_eq!((held(ALICE), active(CAROL, ALICE)), (405 + 364, 810));
	});
}

#[test]
fn nothing_is_taken_when_the_offence_is_too_old_or_nothing_is_there() {
	ExtBuilder::new().build_and_execute(|| {
		assert_eq!(slash(ALICE, 10, 0), 0);
		two();
		go_to_era(5);
		assert_eq!(Staking::answers_until(2), 4);
		let before = root();
		assert!(!Staking::is_slashable(2) && Staking::is_slashable(3));
		assert_eq!(slash(ALICE, 10, 2), 0);
		assert_eq!(slash(ALICE, 0, 3), 0);
		assert_eq!(slash(BOB, 10, 3), 0);
		// Nobody answers for what has not been.
		assert_eq!(slash(ALICE, 10, 6), 0);
		assert_eq!(slash(ALICE, 10, EraIndex::MAX), 0);
		assert_eq!(root(), before);
	});
}

#[test]
fn several_slashes_compose_and_never_exceed_what_is_there() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		assert_eq!(slash(ALICE, 60, 2), 2_400);
		assert_eq!(slash(ALICE, 60, 2), 960);
		assert_eq!((active(ALICE, ALICE), active(CAROL, ALICE)), (160, 480));
		assert_eq!(slash(ALICE, 100, 2), 640);
		assert_eq!(slash(ALICE, 100, 2), 0);
		assert_eq!((active(ALICE, ALICE), active(CAROL, ALICE)), (0, 0));
		settle_own(ALICE);
		assert_eq!(held(ALICE), 0);
		done(DAVE, Call::settle { holder: CAROL, pool: ALICE });
		assert_eq!((held(CAROL), free(TREASURY)), (0, 4_001));
	});
}

#[test]
fn counts_nothing_when_the_operator_has_too_little_of_its_own() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		assert_eq!(Staking::active(&ALICE, 2), 4_000);
		NodesOwned::set([(ALICE, 10)].into());
		assert_eq!(Staking::active(&ALICE, 2), 4_000);
		NodesOwned::set([(ALICE, 11)].into());
		assert_eq!(Staking::active(&ALICE, 2), 0);
		assert_eq!(Staking::active(&DAVE, 2), 0);
		assert_eq!(Staking::minimum_per_node(), 250);
	});
}

#[test]
fn commission_is_kept_and_the_rest_shared_when_credited() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		System::reset_events();
		assert_credit(ALICE, 2, 10_000);
		assert_eq!(
			only_event(),
			Event::Credited { pool: ALICE, era: 2, shared: 9_000, commission: 1_000 }
		);
		let view = pool(ALICE).unwrap();
		assert_eq!((view.unclaimed, view.credited), (1_000, 2));
		assert_eq!(free(Staking::pot()), 10_001);
	});
}

#[test]
fn credit_fails_when_the_era_is_over_or_not_yet() {
	ExtBuilder::new().build_and_execute(|| {
		let credit = |era| <Staking as StakeRewards<AccountId>>::credit(&ALICE, era, 100);
		assert_noop!(credit(0), Error::<Test>::NoPool);
		two();
		go_to_era(5);
		assert_credit(ALICE, 3, 100);
		for era in [0, 1, 2, 3] {
			assert_noop!(credit(era), Error::<Test>::EraPassed);
		}
		// An era that has not ended has nobody who was active throughout it.
		for era in [5, 6, EraIndex::MAX] {
			assert_noop!(credit(era), Error::<Test>::NobodyActive);
		}
		go_to_era(5 + CREDIT_ERAS);
		assert_noop!(credit(5), Error::<Test>::EraPassed);
		assert_credit(ALICE, 6, 100);
	});
}

#[test]
fn credit_fails_when_nobody_was_active() {
	ExtBuilder::new().build_and_execute(|| {
		let credit =
			|era, amount| <Staking as StakeRewards<AccountId>>::credit(&ALICE, era, amount);
		bond_in(1, ALICE, 1_000);
		go_to_era(5);
		done(ALICE, Call::retire {});
		go_to_era(7);
		assert_noop!(credit(5, 100), Error::<Test>::NobodyActive);
		assert_noop!(credit(6, 100), Error::<Test>::NobodyActive);
		assert_noop!(credit(2, Balance::MAX), Error::<Test>::Overflow);
		assert_credit(ALICE, 4, 100);
	});
}

/// What benchmarks of other pallets measure.
#[cfg(feature = "runtime-benchmarks")]
#[test]
fn stake_set_up_for_benchmarks_is_slashed_in_the_era_after() {
	let amount = 1_000_000;
	for (era, full) in [(1, false), (20, false), (99, true), (225, true), (1_000, true)] {
		ExtBuilder::new().build().execute_with(|| {
			go_to_era(era);
			Staking::set_up_stake(&BOB, amount);
			assert_eq!(Staking::active(&BOB, era), amount);
			go_to_era(era + 1);
			let before = held(BOB);
			assert!(slash(BOB, 1, era) > 0, "{era}");
			settle_own(BOB);
			assert!(held(BOB) < before, "{era}");
			// As many slashed eras as there can be before a pool closes, with this one.
			assert_eq!(pool(BOB).unwrap().closed, full.then_some(era + 1));
		});
	}
}
