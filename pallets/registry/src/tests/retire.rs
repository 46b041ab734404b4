use super::*;
use crate::{mock::*, Error, Event, NodeOfAttestor, NodeOfDomain, NodeOfMedia, NodesOwned};
use dtel_primitives::node::NodeStatus::{Active, Draining};
use dtel_traits::NodeRegistry;
use frame_support::{assert_noop, assert_ok};

fn retire(who: AccountId, node: u32) -> sp_runtime::DispatchResult {
	Registry::retire(signed(who), node)
}

#[test]
fn lets_it_drain_when_active() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		go_to_era(2);
		assert_ok!(retire(ALICE, node));
		assert_eq!(only_event(), Event::StatusSet { node, status: Draining, era: 2 });
		assert_eq!(Registry::node(node).unwrap().draining_since(), Some(2));
		assert_ne!(held(ALICE).0, 0);
	});
}

#[test]
fn removes_everything_and_frees_the_deposit_exactly_when_drained_for_two_eras() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		let stays = register(ALICE, 2);
		let deposit = Registry::node(node).unwrap().deposit();
		assert_eq!(held(ALICE), (2 * deposit, 0));
		assert_ok!(Registry::rotate_keys(signed(ALICE), node, attestor(3), media(3)));
		Retired::set(vec![]);
		assert_ok!(retire(ALICE, node));
		go_to_era(2);
		assert_eq!(Retired::get(), [], "it only drains");
		assert_ok!(retire(ALICE, node));
		assert_eq!(only_event(), Event::NodeRetired { node, who: ALICE, deposit });
		assert_eq!(Retired::get(), [(node, ALICE)]);
		assert_eq!(held(ALICE), (deposit, 0));
		assert_eq!(Balances::free_balance(ALICE), FUNDS - deposit);
		assert_eq!(Registry::node(node), None);
		assert_eq!(Registry::owner(node), None);
		assert!(!Registry::is_candidate(node, 9));
		assert!(!NodeOfDomain::<Test>::contains_key(domain("n1.example")));
		for key in [1, 3] {
			assert!(!NodeOfAttestor::<Test>::contains_key(attestor(key)));
			assert!(!NodeOfMedia::<Test>::contains_key(media(key)));
		}
		assert_eq!(Registry::owned_by(&ALICE), 1);
		assert_eq!(Registry::owner(stays), Some(ALICE));
		assert_noop!(retire(ALICE, node), Error::<Test>::UnknownNode);
	});
}

#[test]
fn frees_what_it_had_but_never_its_identifier() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		assert_ok!(retire(ALICE, node));
		go_to_era(2);
		assert_ok!(retire(ALICE, node));
		assert!(!NodesOwned::<Test>::contains_key(ALICE));
		assert_eq!(held(ALICE), (0, 0));
		assert_eq!(register(BOB, 1), node + 1);
	});
}

/// A member of the running or the next snapshot owes its duty and can be asked for its key.
#[test]
fn fails_when_it_may_still_be_a_member() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		go_to_era(4);
		assert_ok!(retire(ALICE, node));
		for era in [4, 5] {
			go_to_era(era);
			assert_noop!(retire(ALICE, node), Error::<Test>::StillMember);
			assert_eq!(Registry::attestor(node, era), Some(attestor(1)));
		}
		System::set_block_number(179);
		assert_noop!(retire(ALICE, node), Error::<Test>::StillMember);
		System::set_block_number(180);
		assert_ok!(retire(ALICE, node));
	});
}

#[test]
fn counts_anew_when_it_was_active_in_between() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		assert_ok!(retire(ALICE, node));
		go_to_era(2);
		assert_ok!(Registry::set_status(signed(ALICE), node, Active));
		assert_ok!(Registry::set_status(signed(ALICE), node, Draining));
		assert_noop!(retire(ALICE, node), Error::<Test>::StillMember);
		go_to_era(4);
		assert_ok!(retire(ALICE, node));
	});
}

#[test]
fn fails_when_jailed() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		Jailed::set(vec![node]);
		// To begin to drain is no way out, so it is allowed.
		assert_ok!(retire(ALICE, node));
		go_to_era(2);
		assert_noop!(retire(ALICE, node), Error::<Test>::Jailed);
		Jailed::set(vec![]);
		assert_ok!(retire(ALICE, node));
	});
}

#[test]
fn fails_when_unknown_or_not_owner() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		assert_noop!(retire(BOB, node), Error::<Test>::NotOwner);
		assert_noop!(retire(ALICE, node + 1), Error::<Test>::UnknownNode);
	});
}
