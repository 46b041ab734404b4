//! What readers see.

use crate::{mock::*, types::NodePay};
use dtel_primitives::{BasisPoints, DTEL};
use dtel_traits::ScoreSink;

/// Era 3: nodes 1, 2 and 3 of account 11 earned 1 : 1 : 5, node 4 of account 12 as much as they.
fn shared_era() {
	go_to_era(3);
	for (node, owner, mbps) in [(1, 11, 1), (2, 11, 1), (3, 11, 5), (4, 12, 7)] {
		score(3, node, owner, mbps);
	}
	score_with(3, 5, 11, 9, BasisPoints::ZERO);
	score_with(3, 6, 13, 9, BasisPoints::ZERO);
	Rewards::era_settled(3);
}

fn node(node: u32) -> NodePay {
	Rewards::node_pay(3, node).unwrap()
}

#[test]
fn a_nodes_part_is_by_points_when_its_operator_is_paid() {
	ExtBuilder::default().build_and_execute(|| {
		shared_era();
		assert_eq!(node(1), NodePay { points: 10_000_000, paid: None, payable: None });
		go_to_era(4);
		let parts = [1, 2, 3, 5].map(|n| node(n).payable.unwrap());
		assert_eq!(parts, [5 * DTEL / 7, 5 * DTEL / 7, 25 * DTEL / 7, 0]);
		payout(3, 11).unwrap();
		assert_eq!([1, 2, 3, 5].map(|n| node(n).paid.unwrap()), parts);
		assert!([1, 2, 3, 5].iter().all(|n| node(*n).payable.is_none()));
		let all = Rewards::operator_pay(3, 11).unwrap().paid.unwrap();
		let sum: u128 = parts.iter().sum();
		assert!(sum <= all && all - sum < 4, "{sum} of {all}");
		assert_eq!((node(4).paid, node(4).payable), (None, Some(5 * DTEL)));
	});
}

#[test]
fn a_node_has_no_part_when_its_operator_earned_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		shared_era();
		go_to_era(4);
		assert_eq!(node(6), NodePay { points: 0, paid: None, payable: None });
		assert_eq!(Rewards::node_pay(3, 7), None);
		assert_eq!((Rewards::operator_pay(3, 13), Rewards::payable(3, 13)), (None, None));
	});
}

#[test]
fn nodes_got_nothing_when_nobody_could_take_it() {
	ExtBuilder::default().build_and_execute(|| {
		shared_era();
		go_to_era(4);
		Refused::mutate(|refused| refused.insert(11));
		payout(3, 11).unwrap();
		assert!([1, 2, 3].iter().all(|n| node(*n).paid == Some(0)));
	});
}

#[test]
fn only_the_first_era_is_payable_when_several_wait() {
	ExtBuilder::default().build_and_execute(|| {
		shared_era();
		lone_era(4);
		go_to_era(5);
		assert_eq!(Rewards::unpaid(11), [3, 4]);
		assert_eq!(Rewards::payable(3, 11), Some(5 * DTEL));
		assert_eq!(Rewards::payable(4, 11), None);
		assert_eq!(Rewards::node_pay(4, 1).unwrap().payable, None);
		payout(3, 11).unwrap();
		assert_eq!(Rewards::unpaid(11), [4]);
		assert_eq!(Rewards::node_pay(4, 1).unwrap().payable, Rewards::payable(4, 11));
	});
}

#[test]
fn nothing_is_seen_when_the_era_is_closed_and_not_yet_swept() {
	ExtBuilder::default().build_and_execute(|| {
		shared_era();
		go_to_era(8);
		while !Rewards::is_closed(3) {
			idle();
		}
		assert_eq!((Rewards::era_pay(3), Rewards::node_pay(3, 1)), (None, None));
		assert_eq!((Rewards::operator_pay(3, 11), Rewards::payable(3, 11)), (None, None));
		assert!(Rewards::unpaid(11).is_empty());
	});
}
