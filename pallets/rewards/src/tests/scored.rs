//! [`dtel_traits::ScoreSink::scored`].

use crate::{mock::*, types::NodeLedger, Eras, Points};
use dtel_primitives::{BasisPoints, DTEL};
use dtel_traits::{ScoreSink, Scored};
use frame_support::assert_storage_noop;

#[test]
fn points_are_written_down_when_a_member_is_scored() {
	ExtBuilder::default().build_and_execute(|| {
		score(3, 7, 11, 2);
		assert_eq!(
			Points::<Test>::get(3, 7),
			Some(NodeLedger { owner: 11, points: 2_000 * 10_000, paid: None })
		);
		let era = Rewards::era_pay(3).unwrap();
		assert_eq!((era.points, era.members, era.released, era.paid), (20_000_000, 1, 0, 0));
		assert!(!era.settled);
		assert_eq!(events(), []);
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
