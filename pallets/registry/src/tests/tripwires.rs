//! What clients and stored data rely on and must not move without a migration.

use super::*;
use crate::{mock::*, Call, Event, NodeKey, Nodes, STORAGE_VERSION};
use codec::Encode;
use dtel_primitives::node::{Capabilities, NodeStatus};
use frame_support::{
	traits::{Hooks, StorageVersion},
	StorageHasher, Twox128,
};

#[test]
fn call_indices_stay() {
	let index = |call: Call<Test>| call.encode()[0];
	assert_eq!(
		index(Call::register {
			domain: domain(DOMAIN),
			region: REGION,
			capabilities: Capabilities::SFU,
			declared_kbps: 1,
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
}

#[test]
fn hold_reasons_and_storage_stay() {
	assert_eq!(HoldReason::Node.encode(), [0]);
	assert_eq!(HoldReason::Client.encode(), [1]);
	assert_eq!(STORAGE_VERSION, StorageVersion::new(1));
	let key = [&Twox128::hash(b"Registry")[..], &Twox128::hash(b"Nodes"), &[0, 0, 1, 2]].concat();
	assert_eq!(Nodes::<Test>::hashed_key_for(NodeKey::from(258)), key);
}

#[test]
fn constants_fit_each_other() {
	ExtBuilder::new().build_and_execute(Registry::integrity_test);
}
