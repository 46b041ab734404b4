use super::*;
use crate::{mock::*, Error, Event};
use dtel_primitives::node::NodeStatus::{Active, Draining};
use dtel_traits::NodeRegistry;
use frame_support::{assert_noop, assert_ok};

#[test]
fn takes_the_node_out_of_later_snapshots_when_draining() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		go_to_era(2);
		assert!(Registry::is_candidate(node, 2));
		assert_ok!(Registry::set_status(signed(ALICE), node, Draining));
		assert_eq!(only_event(), Event::StatusSet { node, status: Draining, era: 2 });
		assert!(!Registry::is_candidate(node, 2) && !Registry::is_candidate(node, 9));
		let stored = Registry::node(node).unwrap();
		assert_eq!((stored.status(), stored.draining_since()), (Draining, Some(2)));
		// Its keys and its owner stay known: it may still have duties.
		assert_eq!(Registry::attestor(node, 3), Some(attestor(1)));
		assert_eq!(Registry::owned_by(&ALICE), 1);
	});
}

#[test]
fn makes_a_candidate_again_when_active() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		go_to_era(2);
		assert_ok!(Registry::set_status(signed(ALICE), node, Draining));
		go_to_era(4);
		assert_ok!(Registry::set_status(signed(ALICE), node, Active));
		assert_eq!(only_event(), Event::StatusSet { node, status: Active, era: 4 });
		assert!(!Registry::is_candidate(node, 4), "it counts like a new one");
		assert!(Registry::is_candidate(node, 5));
		assert_eq!(Registry::node(node).unwrap().draining_since(), None);
	});
}

#[test]
fn fails_when_unchanged_unknown_or_not_owner() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		let set = |who, node, status| Registry::set_status(signed(who), node, status);
		assert_noop!(set(ALICE, node, Active), Error::<Test>::StatusUnchanged);
		assert_noop!(set(BOB, node, Draining), Error::<Test>::NotOwner);
		assert_noop!(set(ALICE, node + 1, Draining), Error::<Test>::UnknownNode);
		assert_ok!(set(ALICE, node, Draining));
		assert_noop!(set(ALICE, node, Draining), Error::<Test>::StatusUnchanged);
	});
}
