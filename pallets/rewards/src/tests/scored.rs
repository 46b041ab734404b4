//! [`dtel_traits::ScoreSink::scored`].

use crate::{
	mock::*,
	types::{NodeLedger, OperatorLedger},
	Eras, Event, Operators, Points, Unpaid, MAX_UNPAID,
};
use dtel_primitives::{BasisPoints, DTEL};
use dtel_traits::{ScoreSink, Scored};
use frame_support::assert_storage_noop;

#[test]
fn points_are_written_down_when_a_member_is_scored() {
	ExtBuilder::default().build_and_execute(|| {
		score(3, 7, 11, 2);
		let points = 2_000 * 10_000;
		assert_eq!(Points::<Test>::get(3, 7), Some(NodeLedger { owner: 11, points }));
		assert_eq!(Operators::<Test>::get(3, 11), Some(OperatorLedger { points, refused: false }));
		assert_eq!(Unpaid::<Test>::get(11).to_vec(), [3]);
		let era = Rewards::era_pay(3).unwrap();
		assert_eq!((era.points, era.members, era.released, era.paid), (20_000_000, 1, 0, 0));
		assert!(!era.settled);
		assert_eq!(events(), []);
	});
}

#[test]
fn points_add_up_when_an_operator_has_several_nodes() {
	ExtBuilder::default().build_and_execute(|| {
		score(3, 7, 11, 2);
		score(3, 8, 12, 5);
		score(3, 9, 11, 1);
		assert_eq!(Rewards::operator_pay(3, 11).unwrap().points, 30_000_000);
		assert_eq!(Rewards::operator_pay(3, 12).unwrap().points, 50_000_000);
		assert_eq!((Rewards::unpaid(11), Rewards::unpaid(12)), (vec![3], vec![3]));
	});
}

#[test]
fn eras_are_waited_for_in_their_order_whenever_they_are_scored() {
	ExtBuilder::default().build_and_execute(|| {
		for era in [5, 2, 9, 2, 4] {
			score(era, era + 10, 11, 1);
			score(era, era + 20, 11, 1);
		}
		assert_eq!(Rewards::unpaid(11), [2, 4, 5, 9]);
	});
}

#[test]
fn points_stop_at_the_ceiling_when_stake_is_short() {
	ExtBuilder::default().build_and_execute(|| {
		let (stake, score) = (5 * DTEL, BasisPoints::new(5_000).unwrap());
		Rewards::scored(Scored { era: 0, node: 1, owner: 11, stake, kbps: 9_000, score });
		assert_eq!(Rewards::node_pay(0, 1).unwrap().points, 500 * 5_000);
	});
}

#[test]
fn a_member_counts_when_it_earned_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		score_with(0, 1, 11, 9, BasisPoints::ZERO);
		assert_eq!(Rewards::node_pay(0, 1).unwrap().points, 0);
		assert_eq!(Rewards::era_pay(0).unwrap().members, 1);
		assert_eq!((Rewards::operator_pay(0, 11), Rewards::unpaid(11)), (None, vec![]));
	});
}

#[test]
fn the_first_score_counts_when_scored_twice() {
	ExtBuilder::default().build_and_execute(|| {
		score(0, 1, 11, 1);
		assert_storage_noop!(score(0, 1, 66, 9));
	});
}

#[test]
fn nothing_changes_when_the_era_is_settled() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		assert_storage_noop!(score(3, 4, 66, 9));
	});
}

#[test]
fn nothing_changes_when_the_era_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		go_to_era(5);
		idle();
		assert!(Rewards::is_closed(0));
		assert_storage_noop!(score(0, 4, 66, 9));
		assert_eq!(Eras::<Test>::get(0), None);
	});
}

/// Nothing was closed for so long, and nobody asked for pay.
fn wait_for_too_much() {
	(1..=MAX_UNPAID).for_each(lone_era);
	assert_eq!(Rewards::unpaid(11).len() as u32, MAX_UNPAID);
	events();
}

#[test]
fn the_earliest_era_is_given_up_when_too_many_wait() {
	ExtBuilder::default().build_and_execute(|| {
		wait_for_too_much();
		score(MAX_UNPAID + 1, 1, 11, 1);
		assert_eq!(events(), [Event::PaidOut { era: 1, owner: 11, amount: 0 }]);
		assert_eq!(Rewards::unpaid(11), (2..=MAX_UNPAID + 1).collect::<Vec<_>>());
		assert_eq!(Rewards::operator_pay(1, 11).unwrap().paid, Some(0));
		assert!(Operators::<Test>::get(1, 11).unwrap().refused);
		go_to_era(MAX_UNPAID + 2);
		payout(2, 11).unwrap();
	});
}

#[test]
fn an_era_is_given_up_at_once_when_too_many_later_ones_wait() {
	ExtBuilder::default().build_and_execute(|| {
		wait_for_too_much();
		score(0, 1, 11, 1);
		assert_eq!(events(), [Event::PaidOut { era: 0, owner: 11, amount: 0 }]);
		assert_eq!(Rewards::unpaid(11), (1..=MAX_UNPAID).collect::<Vec<_>>());
		score(0, 2, 11, 1);
		assert_eq!(events(), []);
		let pay = Rewards::operator_pay(0, 11).unwrap();
		assert_eq!((pay.points, pay.paid), (20_000_000, Some(0)));
	});
}

#[test]
fn nothing_is_given_up_when_those_that_wait_are_closed() {
	ExtBuilder::default().build_and_execute(|| {
		wait_for_too_much();
		go_to_era(6);
		while !Rewards::is_closed(1) {
			idle();
		}
		events();
		score(MAX_UNPAID + 1, 1, 11, 1);
		assert_eq!(events(), []);
		assert_eq!(Unpaid::<Test>::get(11).to_vec(), (2..=MAX_UNPAID + 1).collect::<Vec<_>>());
	});
}

/// What benchmarks of other pallets measure.
#[cfg(feature = "runtime-benchmarks")]
#[test]
fn the_earliest_era_is_given_up_when_set_up_for_benchmarks() {
	for (era, first) in [(20, 0), (200, 200 - MAX_UNPAID)] {
		ExtBuilder::default().without_stakers().reserve(0).build().execute_with(|| {
			go_to_era(era);
			for (node, owner) in [(1, 11), (2, 12)] {
				Rewards::set_up_scores(era, &owner);
				assert_eq!(Unpaid::<Test>::get(owner).len(), MAX_UNPAID as usize);
				score(era, node, owner, 1);
				assert_eq!(events(), [Event::PaidOut { era: first, owner, amount: 0 }]);
				assert!(Operators::<Test>::get(first, owner).unwrap().refused);
			}
			Rewards::era_settled(era);
			assert!(Rewards::era_pay(era).unwrap().released > 0);
		});
	}
}
