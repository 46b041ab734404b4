//! `settle`, `kick`.

use super::*;
use crate::{Error, Event};

fn settle(holder: AccountId) -> Call<Test> {
	Call::settle { holder, pool: ALICE }
}

fn kick(holder: AccountId) -> Call<Test> {
	Call::kick { holder, pool: ALICE }
}

#[test]
fn takes_what_slashes_cost_and_pays_when_settled() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		// A wish for privacy keeps nobody from it.
		done(CAROL, Call::set_private { private: true });
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		slash(ALICE, 10, 2);
		slash(ALICE, 10, 2);
		done(DAVE, settle(CAROL));
		assert_eq!(
			events(),
			vec![
				Event::Settled { who: CAROL, pool: ALICE, amount: 570 },
				Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: false },
			]
		);
		assert_eq!((held(CAROL), free(CAROL)), (2_430, FUNDS - 3_000 + 6_750));
		settle_own(ALICE);
		assert_eq!((held(ALICE), free(TREASURY)), (810, 1 + 190 + 570));
		refused(DAVE, settle(CAROL), Error::<Test>::NothingToSettle);
	});
}

#[test]
fn releases_what_has_matured_when_the_pool_is_closed() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		done(ALICE, Call::retire {});
		go_to_era(6);
		refused(DAVE, settle(CAROL), Error::<Test>::NothingToSettle);
		go_to_era(7);
		done(DAVE, settle(CAROL));
		assert_eq!(only_event(), Event::Withdrawn { who: CAROL, pool: ALICE, amount: 3_000 });
		assert_eq!((held(CAROL), free(CAROL)), (0, FUNDS));
	});
}

#[test]
fn settle_fails_when_nothing_is_to_be_done() {
	ExtBuilder::new().build_and_execute(|| {
		refused(DAVE, settle(CAROL), Error::<Test>::NoStake);
		two();
		refused(DAVE, settle(CAROL), Error::<Test>::NothingToSettle);
		// In an open pool what has matured is its holder's to withdraw, or to bond again.
		done(CAROL, Call::undelegate { pool: ALICE, amount: 1_000 });
		go_to_era(6);
		refused(DAVE, settle(CAROL), Error::<Test>::NothingToSettle);
		// Nor are rewards alone a reason.
		assert_credit(ALICE, 2, 10_000);
		refused(DAVE, settle(CAROL), Error::<Test>::NothingToSettle);
	});
}

#[test]
fn closes_the_pool_when_its_operator_is_kicked() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		refused(DAVE, kick(ALICE), Error::<Test>::NotBelowMinimum);
		assert_eq!(slash(ALICE, 90, 2), 3_600);
		refused(DAVE, kick(ALICE), Error::<Test>::NotBelowMinimum);
		slash(ALICE, 1, 2);
		// It has two eras to add to its bond, and delegators to move.
		done(DAVE, kick(ALICE));
		assert_eq!(only_event(), Event::BelowMinimum { pool: ALICE, required: 100, until: 4 });
		refused(DAVE, kick(ALICE), Error::<Test>::InGrace);
		go_to_era(3);
		refused(DAVE, kick(ALICE), Error::<Test>::InGrace);
		assert_eq!(Staking::active(&ALICE, 3), 0);
		go_to_era(4);
		done(DAVE, kick(ALICE));
		assert_eq!(only_event(), Event::PoolClosed { pool: ALICE, era: 4, matures: 8 });
		assert_eq!((active(ALICE, ALICE), held(ALICE), held(CAROL)), (0, 1_000, 3_000));
		refused(DAVE, kick(ALICE), Error::<Test>::PoolClosed);
		go_to_era(8);
		done(DAVE, settle(CAROL));
		done(DAVE, settle(ALICE));
		assert_eq!((free(ALICE), free(CAROL)), (FUNDS - 901, FUNDS - 2_703));
	});
}

#[test]
fn everything_leaves_when_a_delegator_is_kicked() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 1_000);
		delegate_in(1, CAROL, ALICE, 10);
		go_to_era(2);
		refused(DAVE, kick(CAROL), Error::<Test>::NotBelowMinimum);
		// A small slash sends nobody away who began with the minimum.
		slash(ALICE, 50, 2);
		refused(DAVE, kick(CAROL), Error::<Test>::NotBelowMinimum);
		slash(ALICE, 20, 2);
		done(DAVE, kick(CAROL));
		assert_eq!(
			events(),
			vec![
				Event::Settled { who: CAROL, pool: ALICE, amount: 6 },
				Event::Unbonded { who: CAROL, pool: ALICE, amount: 4, total: 0, matures: 6 },
			]
		);
		assert_eq!((held(CAROL), Staking::active(&ALICE, 3)), (4, 400));
		// Who is leaving already is left alone.
		refused(DAVE, kick(CAROL), Error::<Test>::NotBelowMinimum);
		go_to_era(6);
		done(CAROL, Call::withdraw { pool: ALICE });
		assert_eq!(free(CAROL), FUNDS - 6);
	});
}

#[test]
fn kick_fails_when_nobody_is_there() {
	ExtBuilder::new().build_and_execute(|| {
		refused(DAVE, kick(CAROL), Error::<Test>::NoStake);
		refused(DAVE, kick(ALICE), Error::<Test>::NoPool);
		two();
		slash(ALICE, 99, 2);
		slash(ALICE, 90, 2);
		done(DAVE, kick(ALICE));
		go_to_era(4);
		done(DAVE, kick(ALICE));
		refused(DAVE, kick(CAROL), Error::<Test>::PoolClosed);
	});
}

/// What an operator needs of its own grows with its nodes, and so does what it is kicked for.
#[test]
fn kick_goes_by_what_the_nodes_need() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		NodesOwned::mutate(|nodes| nodes.insert(ALICE, 11));
		done(DAVE, kick(ALICE));
		assert_eq!(only_event(), Event::BelowMinimum { pool: ALICE, required: 1_100, until: 4 });
		go_to_era(4);
		// With a node less it has enough, and once more with what it adds.
		NodesOwned::mutate(|nodes| nodes.insert(ALICE, 10));
		refused(DAVE, kick(ALICE), Error::<Test>::NotBelowMinimum);
		NodesOwned::mutate(|nodes| nodes.insert(ALICE, 11));
		done(ALICE, Call::bond_extra { amount: 100 });
		refused(DAVE, kick(ALICE), Error::<Test>::NotBelowMinimum);
		// The note went with it: there is another time of grace.
		NodesOwned::mutate(|nodes| nodes.insert(ALICE, 12));
		done(DAVE, kick(ALICE));
		refused(DAVE, kick(ALICE), Error::<Test>::InGrace);
	});
}

/// A note says nothing about today when it is so old that the operator may have had enough since.
#[test]
fn kick_begins_anew_when_the_note_is_old() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		NodesOwned::mutate(|nodes| nodes.insert(ALICE, 11));
		done(DAVE, kick(ALICE));
		go_to_era(6);
		done(DAVE, kick(ALICE));
		assert_eq!(only_event(), Event::BelowMinimum { pool: ALICE, required: 1_100, until: 8 });
		// What does not reach keeps the note.
		done(ALICE, Call::bond_extra { amount: 99 });
		refused(DAVE, kick(ALICE), Error::<Test>::InGrace);
		go_to_era(8);
		done(DAVE, kick(ALICE));
		assert_eq!(only_event(), Event::PoolClosed { pool: ALICE, era: 8, matures: 12 });
	});
}

/// Who has nothing left and nothing to be paid goes, so that nobody's storage is without a deposit.
#[test]
fn settles_a_position_in_which_nothing_is_left() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		// It earned era 2, which is not paid.
		done(CAROL, Call::undelegate { pool: ALICE, amount: 3_000 });
		go_to_era(7);
		done(CAROL, Call::withdraw { pool: ALICE });
		assert_eq!((held(CAROL), position(CAROL, ALICE).is_some()), (0, true));
		refused(DAVE, settle(CAROL), Error::<Test>::NothingToSettle);
		refused(CAROL, Call::withdraw { pool: ALICE }, Error::<Test>::NothingMatured);
		// Nobody pays it any more.
		go_to_era(2 + crate::CREDIT_ERAS);
		done(DAVE, settle(CAROL));
		assert_eq!((position(CAROL, ALICE), pool(ALICE).unwrap().members), (None, 1));
	});
}

/// A closed pool waits for what was moved out of it and still answers. Then anybody can take it away.
#[test]
fn settles_a_closed_pool_in_which_nobody_is() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		bond_in(2, BOB, 1_000);
		go_to_era(3);
		done(CAROL, Call::redelegate { from: ALICE, to: BOB, amount: 3_000 });
		done(ALICE, Call::retire {});
		refused(DAVE, settle(ALICE), Error::<Test>::NothingToSettle);
		go_to_era(7);
		assert_credit(ALICE, 2, 10);
		done(DAVE, settle(ALICE));
		done(DAVE, settle(CAROL));
		assert_eq!(crate::SourcesOf::<Test>::get(ALICE), Some(1));
		refused(DAVE, settle(ALICE), Error::<Test>::NothingToSettle);
		done(DAVE, Call::settle { holder: CAROL, pool: BOB });
		assert_eq!(crate::SourcesOf::<Test>::get(ALICE), None);
		done(DAVE, settle(ALICE));
		assert_eq!(pool(ALICE), None);
		refused(DAVE, settle(ALICE), Error::<Test>::NoPool);
	});
}

/// The same when its operator comes back.
#[test]
fn bond_takes_away_a_pool_that_is_over() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		bond_in(2, BOB, 1_000);
		go_to_era(3);
		done(CAROL, Call::redelegate { from: ALICE, to: BOB, amount: 3_000 });
		done(ALICE, Call::retire {});
		go_to_era(7);
		assert_credit(ALICE, 2, 10);
		done(DAVE, settle(ALICE));
		done(DAVE, settle(CAROL));
		let bond = Call::bond { amount: 100, commission: commission(0, 0, 0) };
		refused(ALICE, bond.clone(), Error::<Test>::PoolExists);
		done(DAVE, Call::settle { holder: CAROL, pool: BOB });
		done(ALICE, bond);
		assert_eq!(pool(ALICE).unwrap().opened, 7);
	});
}
