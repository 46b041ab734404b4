//! Each invariant, broken on purpose, is seen.

use super::*;
use crate::{mock::*, *};
use dtel_math::globe::{Cell, Point};
use frame_support::{
	assert_err, assert_ok,
	traits::{fungible::MutateHold, tokens::Precision},
};
use sp_runtime::TryRuntimeError;

/// Two nodes of Alice, the first of them rotating; a client of Bob.
fn seen(corrupt: impl FnOnce(), message: &'static str) {
	ExtBuilder::new().build().execute_with(|| {
		let node = register(ALICE, 1);
		register(ALICE, 2);
		assert_ok!(Registry::rotate_keys(signed(ALICE), node, attestor(3), media(3)));
		assert_ok!(Registry::add_client(signed(BOB), media(9), None, 1));
		assert_ok!(Registry::do_try_state());
		corrupt();
		assert_err!(Registry::do_try_state(), TryRuntimeError::Other(message));
	});
}

fn change(f: impl FnOnce(&mut Node<AccountId>)) {
	Nodes::<Test>::mutate(NodeKey::from(0), |node| f(node.as_mut().unwrap()));
}

#[test]
fn inv_1_is_seen_when_an_identifier_could_be_given_twice() {
	seen(|| NextNodeId::<Test>::put(1), "INV-1: a node has an identifier not yet given");
}

#[test]
fn inv_2_is_seen_when_domains_and_nodes_differ() {
	let message = "INV-2: a node's domain leads elsewhere";
	seen(|| NodeOfDomain::<Test>::insert(domain("n1.example"), 1), message);
	seen(|| NodeOfDomain::<Test>::remove(domain("n1.example")), message);
	seen(
		|| NodeOfDomain::<Test>::insert(domain("x.example"), 0),
		"INV-2: a domain leads to no node",
	);
}

#[test]
fn inv_3_is_seen_when_attestor_keys_and_nodes_differ() {
	let message = "INV-3: a node's attestor key leads elsewhere";
	seen(|| NodeOfAttestor::<Test>::insert(attestor(1), 1), message);
	seen(|| NodeOfAttestor::<Test>::remove(attestor(3)), message);
	seen(
		|| NodeOfAttestor::<Test>::insert(attestor(7), 0),
		"INV-3: an attestor key leads to no node",
	);
}

#[test]
fn inv_4_is_seen_when_media_keys_and_nodes_differ() {
	let message = "INV-4: a node's media key leads elsewhere";
	seen(|| NodeOfMedia::<Test>::insert(media(1), 1), message);
	seen(|| NodeOfMedia::<Test>::remove(media(3)), message);
	seen(|| NodeOfMedia::<Test>::insert(media(7), 0), "INV-4: a media key leads to no node");
}

#[test]
fn inv_5_is_seen_when_nodes_are_miscounted() {
	let message = "INV-5: an owner's nodes are miscounted";
	seen(|| NodesOwned::<Test>::insert(ALICE, 3), message);
	seen(|| NodesOwned::<Test>::insert(BOB, 0), message);
	seen(|| NodesOwned::<Test>::remove(ALICE), message);
}

#[test]
fn inv_6_is_seen_when_holds_and_deposits_differ() {
	let message = "INV-6: an owner's hold is not the sum of its deposits";
	for (who, reason) in [(ALICE, HoldReason::Node), (BOB, HoldReason::Client)] {
		let reason: RuntimeHoldReason = reason.into();
		seen(
			|| {
				assert_ok!(Balances::hold(&reason, &who, 1));
			},
			message,
		);
		seen(
			|| {
				assert_ok!(Balances::release(&reason, &who, 1, Precision::Exact));
			},
			message,
		);
	}
	seen(|| change(|n| n.deposit += 1), message);
}

#[test]
fn inv_6_is_seen_when_somebody_without_entries_has_a_hold() {
	let message = "INV-6: something is held of an account that owns nothing";
	// Bob has a client and no node, Alice nodes and no client, the poor neither.
	for (who, reason) in [
		(BOB, HoldReason::Node),
		(ALICE, HoldReason::Client),
		(POOR, HoldReason::Node),
		(POOR, HoldReason::Client),
	] {
		let reason: RuntimeHoldReason = reason.into();
		seen(
			|| {
				assert_ok!(Balances::hold(&reason, &who, 1));
			},
			message,
		);
	}
}

#[test]
fn inv_7_is_seen_when_a_declaration_is_invalid() {
	let message = "INV-7: a node declares what none may";
	let off_globe = dtel_primitives::node::Region { lat: 901, ..REGION };
	seen(|| change(|n| n.region = Rotating::new(off_globe)), message);
	seen(|| change(|n| n.region = n.region.rotated(off_globe, 0)), message);
	seen(|| change(|n| n.version = unchecked("a b")), message);
	seen(|| change(|n| n.did = Some(unchecked("did:peaq:"))), message);
	seen(|| change(|n| n.capabilities.0 = 0), message);
	seen(|| change(|n| n.declared_kbps = 0), message);
	seen(
		|| {
			NodeOfDomain::<Test>::remove(domain("n1.example"));
			NodeOfDomain::<Test>::insert(domain("localhost"), 0);
			change(|n| n.domain = domain("localhost"));
		},
		message,
	);
}

#[test]
fn inv_8_is_seen_when_a_client_has_a_daemons_key_or_no_use() {
	let message = "INV-8: a client has a daemon's key or no use";
	seen(
		|| {
			let client = Clients::<Test>::take(media(9)).unwrap();
			Clients::<Test>::insert(media(3), client);
		},
		message,
	);
	seen(|| Clients::<Test>::mutate(media(9), |c| c.as_mut().unwrap().limit = 0), message);
}

#[test]
fn inv_9_is_seen_when_cells_and_places_differ() {
	let cell = |region| Cell::of(Point::of(region));
	let south = dtel_primitives::node::Region { lat: -525, ..REGION };
	let missing = "INV-9: a node is missing in its cell";
	seen(|| NodesInCell::<Test>::remove(cell(REGION), NodeKey::from(0)), missing);
	seen(|| change(|n| n.region = Rotating::new(south)), missing);
	seen(|| change(|n| n.region = n.region.rotated(south, 0)), missing);
	let elsewhere = "INV-9: a cell has a node that is elsewhere";
	seen(|| NodesInCell::<Test>::insert(cell(south), NodeKey::from(0), ()), elsewhere);
	seen(|| NodesInCell::<Test>::insert(cell(REGION), NodeKey::from(9), ()), elsewhere);
}

#[test]
fn inv_10_is_seen_when_something_is_yet_to_come() {
	let message = "INV-10: something of a node is yet to come";
	let near = dtel_primitives::node::Region { lat: 526, ..REGION };
	seen(|| change(|n| n.active_since = 99), message);
	seen(|| change(|n| n.draining_since = Some(99)), message);
	seen(|| change(|n| n.draining_since = Some(u32::MAX)), message);
	seen(|| change(|n| n.region = n.region.rotated(near, 98)), message);
}
