//! What clients and stored data rely on and must not move without a migration.

use super::*;
use crate::{
	mock::*, Call, Declaration, DidChange, Event, NodeKey, NodeUpdate, Nodes, NodesInCell,
	STORAGE_VERSION,
};
use codec::Encode;
use dtel_math::globe::{Cell, Point};
use dtel_primitives::node::NodeStatus;
use frame_support::{
	traits::{Hooks, StorageVersion},
	StorageHasher, Twox128,
};

#[test]
fn call_indices_stay() {
	let index = |call: Call<Test>| call.encode()[0];
	assert_eq!(
		index(Call::register {
			declaration: declaration(DOMAIN),
			attestor: attestor(0),
			media: media(0)
		}),
		0
	);
	assert_eq!(index(Call::rotate_keys { node: 0, attestor: attestor(0), media: media(0) }), 1);
	assert_eq!(index(Call::set_status { node: 0, status: NodeStatus::Active }), 2);
	assert_eq!(index(Call::retire { node: 0 }), 3);
	assert_eq!(index(Call::add_client { key: media(0), until: None, limit: 0 }), 4);
	assert_eq!(index(Call::revoke_client { key: media(0) }), 5);
	assert_eq!(index(Call::update { node: 0, update: NodeUpdate::default() }), 6);
	assert_eq!(index(Call::renew_client { key: media(0), until: None, limit: 0 }), 7);
}

#[test]
fn event_indices_stay() {
	let index = |event: Event<Test>| event.encode()[0];
	let (node, who, deposit, key) = (0, 0, 0, media(0));
	assert_eq!(index(Event::NodeRegistered { node, who, deposit }), 0);
	assert_eq!(index(Event::KeysRotated { node, attestor: attestor(0), media: key, from: 0 }), 1);
	assert_eq!(index(Event::StatusSet { node, status: NodeStatus::Active, era: 0 }), 2);
	assert_eq!(index(Event::NodeRetired { node, who, deposit }), 3);
	assert_eq!(index(Event::ClientAdded { key, who, until: None, limit: 0, deposit }), 4);
	assert_eq!(index(Event::ClientRevoked { key, who, deposit }), 5);
	assert_eq!(index(Event::NodeUpdated { node, who, deposit }), 6);
	assert_eq!(index(Event::ClientRenewed { key, who, until: None, limit: 0 }), 7);
}

/// What clients encode of a declaration and of its change.
#[test]
fn declarations_are_encoded_as_ever() {
	let declared = Declaration { did: Some(did("did:peaq:1")), ..declaration("a.b") };
	let bytes = [
		&b"\x0ca.b"[..],
		b"DE\x0d\x02\x86\0",
		&[1, 0, 0, 0],
		&10_000u32.to_le_bytes(),
		b"\x44dtel-worker/0.1.0",
		b"\x01\x28did:peaq:1",
	]
	.concat();
	assert_eq!(declared.encode(), bytes);
	assert_eq!(NodeUpdate::default().encode(), [0; 6]);
	assert_eq!(DidChange::Set(did("did:peaq:1")).encode(), b"\x01\x28did:peaq:1");
	assert_eq!(DidChange::Remove.encode(), [2]);
}

#[test]
fn hold_reasons_and_storage_stay() {
	assert_eq!(HoldReason::Node.encode(), [0]);
	assert_eq!(HoldReason::Client.encode(), [1]);
	assert_eq!(STORAGE_VERSION, StorageVersion::new(1));
	let key = [&Twox128::hash(b"Registry")[..], &Twox128::hash(b"Nodes"), &[0, 0, 1, 2]].concat();
	assert_eq!(Nodes::<Test>::hashed_key_for(NodeKey::from(258)), key);
	// Row 14 begins at 50° north, column 19 at 10° east.
	let cell = [14, 19];
	let key =
		[&Twox128::hash(b"Registry")[..], &Twox128::hash(b"NodesInCell"), &cell, &[0, 0, 1, 2]];
	let berlin = Cell::of(Point::of(REGION));
	assert_eq!(NodesInCell::<Test>::hashed_key_for(berlin, NodeKey::from(258)), key.concat());
}

#[test]
fn constants_fit_each_other() {
	ExtBuilder::new().build_and_execute(Registry::integrity_test);
}
