//! Ways out of a slash.

use super::*;
use crate::{Error, Event, SourcesOf};
use frame_support::traits::{fungible::Mutate, tokens::Preservation};

/// Whoever leaves after the snapshot, in the era of the offence or after it, answers until nothing can be slashed any more.
#[test]
fn slash_evasion_by_unbonding() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		done(CAROL, undelegate(1_000));
		go_to_era(4);
		done(CAROL, undelegate(1_000));
		go_to_era(5);
		done(CAROL, undelegate(1_000));
		done(ALICE, Call::retire {});
		go_to_era(6);
		// The last moment for era 4: what left in 3 stood in its snapshot.
		assert_eq!(slash(ALICE, 10, 4), 400);
		go_to_era(7);
		assert_eq!(slash(ALICE, 10, 4), 0);
		done(CAROL, Call::withdraw { pool: ALICE });
		assert_eq!(events()[0], Event::Settled { who: CAROL, pool: ALICE, amount: 300 });
		assert_eq!(held(CAROL), 1_800);
		settle_own(ALICE);
		assert_eq!(held(ALICE), 900);
	});
}

/// Who moves answers for the operator that it left, also when it leaves the next one, too.
#[test]
fn slash_evasion_by_redelegating() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		bond_in(2, BOB, 1_000);
		go_to_era(3);
		done(CAROL, Call::redelegate { from: ALICE, to: BOB, amount: 3_000 });
		done(CAROL, Call::undelegate { pool: BOB, amount: 3_000 });
		assert_eq!(position(CAROL, ALICE).map(|p| p.entries), Some(vec![]));
		go_to_era(5);
		assert_credit(ALICE, 2, 10_000);
		// For era 3, and for era 4, in whose snapshot it stood; not for 5.
		slash(ALICE, 10, 3);
		slash(ALICE, 10, 4);
		slash(ALICE, 10, 5);
		go_to_era(6);
		refused(CAROL, Call::withdraw { pool: BOB }, Error::<Test>::NothingMatured);
		slash(ALICE, 50, 4);
		done(DAVE, Call::settle { holder: CAROL, pool: BOB });
		assert_eq!(only_event(), Event::Settled { who: CAROL, pool: BOB, amount: 3_000 - 1_215 });
		assert_eq!(reward(CAROL, BOB), 0);
		assert_eq!(held(CAROL), 1_215);
		go_to_era(7);
		done(CAROL, Call::withdraw { pool: BOB });
		assert_eq!((held(CAROL), free(CAROL)), (0, FUNDS - 3_000 + 1_215));
		// What it earned in era 2 is still its own.
		done(DAVE, Call::settle { holder: CAROL, pool: ALICE });
		assert_eq!(free(CAROL), FUNDS - 3_000 + 1_215 + 6_750);
	});
}

/// An account that is kept alive by something else may have nothing free and be unable to receive a small reward: that
/// saves it from no slash.
#[test]
fn slash_evasion_by_an_account_that_cannot_be_paid() {
	ExtBuilder::new().build_and_execute(|| {
		ExistentialDeposit::set(100);
		Balances::transfer(&RESERVE, &Staking::pot(), 100, Preservation::Preserve).unwrap();
		Balances::transfer(&RESERVE, &TREASURY, 100, Preservation::Preserve).unwrap();
		two();
		for who in [ALICE, CAROL] {
			System::inc_providers(&who);
			Balances::transfer(&who, &DAVE, free(who), Preservation::Expendable).unwrap();
			assert_eq!(free(who), 0);
		}
		go_to_era(3);
		assert_credit(ALICE, 2, 40);
		assert_eq!(slash(ALICE, 50, 2), 2_000);
		settle_own(ALICE);
		assert_eq!(held(ALICE), 500);
		done(DAVE, Call::settle { holder: CAROL, pool: ALICE });
		assert_eq!(held(CAROL), 1_500);
	});
}

/// Leaving before a slash and coming back after it spares nothing that answered, and brings nothing back.
#[test]
fn rejoining_after_a_slash() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		done(CAROL, undelegate(3_000));
		go_to_era(5);
		// It stood in the snapshot of era 4, not in that of 5.
		slash(ALICE, 10, 4);
		slash(ALICE, 20, 5);
		refused(CAROL, Call::rebond { pool: ALICE, amount: 2_701 }, Error::<Test>::NotEnough);
		done(CAROL, Call::rebond { pool: ALICE, amount: 2_700 });
		assert_eq!(held(CAROL), 2_700);
		done(CAROL, undelegate(2_700));
		done(CAROL, Call::rebond { pool: ALICE, amount: 2_700 });
		assert_eq!(active(CAROL, ALICE), 2_700);
		// From now on as though it had never left.
		slash(ALICE, 10, 5);
		assert_eq!(active(CAROL, ALICE), 2_430);
	});
}

/// Moving in a circle, as soon as it is allowed, loses no slash and counts nothing twice.
#[test]
fn moving_stake_in_a_circle() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		bond_in(2, BOB, 1_000);
		let sources = |who| SourcesOf::<Test>::get(who).unwrap_or(0);
		for (era, from, to) in [(3, ALICE, BOB), (7, BOB, ALICE), (11, ALICE, BOB)] {
			go_to_era(era);
			done(CAROL, Call::redelegate { from, to, amount: 1_000 });
			assert_eq!((sources(from), sources(to)), (1, 0), "era {era}");
			Staking::do_try_state().unwrap();
			assert_eq!(held(CAROL), 3_000);
		}
		assert_eq!((active(CAROL, ALICE), active(CAROL, BOB)), (2_000, 1_000));
		// In era 12 what moved stood in both snapshots and answers for both; before only where it was.
		go_to_era(12);
		slash(BOB, 10, 11);
		assert_eq!((active(CAROL, ALICE), active(CAROL, BOB)), (2_000, 1_000));
		slash(ALICE, 10, 11);
		assert_eq!((active(CAROL, ALICE), active(CAROL, BOB)), (1_800, 900));
		slash(BOB, 50, 12);
		assert_eq!((active(CAROL, ALICE), active(CAROL, BOB)), (1_800, 450));
	});
}

/// The circle with rewards to be paid on both sides and boundaries that go into storage on the way.
#[test]
fn moving_stake_in_a_circle_while_boundaries_are_stored() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		bond_in(2, BOB, 1_000);
		delegate_in(4, DAVE, ALICE, 500);
		delegate_in(5, DAVE, ALICE, 500);
		done(CAROL, Call::redelegate { from: ALICE, to: BOB, amount: 3_000 });
		go_to_era(9);
		for era in 2..=8 {
			assert_credit(ALICE, era, 1_000);
			if era > 2 {
				assert_credit(BOB, era, 1_000);
			}
		}
		done(CAROL, Call::redelegate { from: BOB, to: ALICE, amount: 3_000 });
		Staking::do_try_state().unwrap();
		assert_eq!(position(CAROL, BOB), None);
	});
}

/// An operator is a holder like any other in somebody else's pool: what happens to the one is nothing to the other.
#[test]
fn operator_delegating_to_another() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 1_000);
		bond_in(1, BOB, 1_000);
		delegate_in(1, ALICE, BOB, 1_000);
		delegate_in(1, BOB, ALICE, 1_000);
		go_to_era(2);
		assert_eq!(
			(held(ALICE), Staking::active(&ALICE, 2), Staking::active(&BOB, 2)),
			(2_000, 2_000, 2_000)
		);
		slash(BOB, 50, 2);
		settle_own(BOB);
		assert_eq!((held(ALICE), held(BOB), active(ALICE, BOB)), (2_000, 1_500, 500));
		done(DAVE, Call::settle { holder: ALICE, pool: BOB });
		assert_eq!((held(ALICE), pool(ALICE).unwrap().own), (1_500, 1_000));
		// Its own bond cannot be moved away by the calls for delegators.
		refused(
			ALICE,
			Call::redelegate { from: ALICE, to: BOB, amount: 100 },
			Error::<Test>::OwnPool,
		);
		done(ALICE, Call::retire {});
		go_to_era(6);
		done(ALICE, Call::withdraw { pool: ALICE });
		assert_eq!((held(ALICE), active(ALICE, BOB)), (500, 500));
	});
}

/// An offence of an era in which nobody was in the pool, before it opened or after it closed, takes nothing, says so, and counts for
/// nothing.
#[test]
fn slash_of_an_era_in_which_nobody_answered() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(3, ALICE, 1_000);
		delegate_in(3, CAROL, ALICE, 3_000);
		go_to_era(4);
		let slashes = || crate::SlashesOf::<Test>::get(ALICE);
		assert_eq!(slash(ALICE, 10, 3), 0);
		go_to_era(5);
		done(ALICE, Call::retire {});
		go_to_era(7);
		assert_eq!(slash(ALICE, 10, 7), 0);
		assert_eq!((events(), slashes()), (vec![], Default::default()));
		// The snapshot of the era after the last was made in the last.
		assert_eq!(slash(ALICE, 10, 6), 400);
		settle_own(ALICE);
		assert_eq!((held(ALICE), slashes() == Default::default()), (900, false));
	});
}
