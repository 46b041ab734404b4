//! Whom those who look for a node are shown: whom a snapshot would take, over the real pallets.

use codec::Decode;
use dtel_primitives::{
	api::runtime_decl_for_dtel_api::DtelApi,
	clock::EraClock,
	node::{Capabilities, NodeStatus, Region, SoftwareVersion},
	offence::{Evidence, Offender},
	AttestorId, Balance, MediaKey, NodeId, DTEL,
};
use dtel_runtime::{
	configs::quality::MinStakePerNode, genesis_presets, setup, AccountId, Attestation, Balances,
	Block, Penalties, Registry, Runtime, RuntimeGenesisConfig, RuntimeOrigin, Staking, System,
};
use dtel_traits::{Offence, OffenceSink};
use frame_support::{
	assert_ok,
	traits::{fungible::Mutate, Get},
};
use sp_runtime::BuildStorage;

const PLACE: Region = Region { country: *b"DE", lat: 525, lon: 134 };

fn chain() -> sp_io::TestExternalities {
	let preset = genesis_presets::get_preset(&"local".into()).expect("exists");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
	merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
	let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
	let mut ext: sp_io::TestExternalities = genesis.build_storage().expect("builds").into();
	ext.execute_with(|| System::set_block_number(1));
	ext
}

fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
	match (base, patch) {
		(serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(serde_json::Value::Null), value);
			}
		}
		(base, patch) => *base = patch,
	}
}

/// Somebody with funds.
fn person(byte: u8) -> AccountId {
	let who = AccountId::new([byte; 32]);
	Balances::set_balance(&who, 1_000_000 * DTEL);
	who
}

fn signed(who: &AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who.clone())
}

fn go_to_era(era: u32) {
	let clock = <setup::Clock<Runtime> as Get<EraClock>>::get();
	System::set_block_number(clock.first_block(era).max(1));
}

fn bond(who: &AccountId, amount: Balance) {
	assert_ok!(Staking::bond(signed(who), amount, Default::default()));
}

fn register(who: &AccountId) -> NodeId {
	let node = pallet_dtel_registry::NextNodeId::<Runtime>::get();
	let declaration = pallet_dtel_registry::Declaration {
		domain: format!("n{node}.example").into_bytes().try_into().expect("short"),
		region: PLACE,
		capabilities: Capabilities::SFU,
		declared_kbps: 10_000,
		version: SoftwareVersion::new(b"dtel-worker/0.1.0").expect("valid"),
		did: None,
	};
	let key = [node as u8 + 1; 32];
	let attestor = AttestorId::decode(&mut &key[..]).expect("32 bytes");
	assert_ok!(Registry::register(signed(who), declaration, attestor, MediaKey::from_raw(key)));
	node
}

/// A node was down.
fn offend(node: NodeId, owner: &AccountId, era: u32) {
	let evidence = Evidence::Unavailable { assigned: 5, reported: 5, down: 0, measured: 0 };
	let (offender, owner) = (Offender::Node(node), owner.clone());
	Penalties::report(Offence { era, offender, owner, evidence });
}

fn listed() -> Vec<NodeId> {
	let page = <Runtime as DtelApi<Block>>::active_nodes(0, 100);
	let near = <Runtime as DtelApi<Block>>::nodes_near(PLACE.lat, PLACE.lon, 100);
	assert!(page.next.is_none() && near.complete);
	let ids: Vec<_> = page.nodes.into_iter().map(|node| node.id).collect();
	// All in one place, they come by identifier.
	assert_eq!(near.nodes.into_iter().map(|near| near.node.id).collect::<Vec<_>>(), ids);
	ids
}

/// The members of the next era, as they are frozen now.
fn frozen(era: u32) -> Vec<NodeId> {
	while Attestation::freeze(signed(&AccountId::new([0; 32])), u32::MAX).is_ok() {}
	let members = (0..Attestation::members(era)).filter_map(|n| Attestation::member(era, n));
	let mut ids: Vec<_> = members.map(|member| member.node).collect();
	ids.sort();
	ids
}

#[test]
fn nodes_are_listed_that_a_snapshot_would_take() {
	chain().execute_with(|| {
		let least = MinStakePerNode::get();
		let [rich, poor, helped, none, jailed, chilled] = [1, 2, 3, 4, 5, 6].map(person);
		bond(&rich, 2 * least);
		bond(&poor, 2 * least - 1);
		bond(&helped, least / 2);
		bond(&jailed, least);
		bond(&chilled, least);
		assert_ok!(Staking::delegate(signed(&person(7)), helped.clone(), least / 2));
		let nodes = [&none, &rich, &poor, &rich, &helped, &poor, &jailed, &chilled, &none];
		assert_eq!(nodes.map(register), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
		// What was bonded in this era counts from the next one on.
		assert!(listed().is_empty());

		go_to_era(1);
		assert_eq!(listed(), [1, 3, 4, 6, 7]);
		offend(6, &jailed, 0);
		assert_ok!(Staking::set_chilled(signed(&chilled), true));
		assert_eq!(listed(), [1, 3, 4]);
		assert_eq!(frozen(2), listed());
		// Everybody is still in the list of all.
		assert_eq!(<Runtime as DtelApi<Block>>::nodes(0, 100).len(), 9);

		// The others take no place on a page.
		let page = |start, limit| {
			let page = <Runtime as DtelApi<Block>>::active_nodes(start, limit);
			(page.nodes.into_iter().map(|node| node.id).collect::<Vec<_>>(), page.next)
		};
		assert_eq!(page(0, 1), (vec![1], Some(3)));
		assert_eq!(page(2, 2), (vec![3, 4], None));
		let near = <Runtime as DtelApi<Block>>::nodes_near(PLACE.lat, PLACE.lon, 1);
		assert!(near.complete && near.nodes.len() == 1 && near.nodes[0].node.id == 1);

		// With one node less there is enough for the other.
		assert_ok!(Registry::retire(signed(&poor), 2));
		assert_ok!(Registry::set_status(signed(&rich), 1, NodeStatus::Draining));
		go_to_era(3);
		assert_eq!(listed(), [3, 4]);
		assert_ok!(Registry::retire(signed(&poor), 2));
		assert_ok!(Staking::set_chilled(signed(&chilled), false));
		assert_eq!(listed(), [3, 4, 5, 7]);
		assert_eq!(frozen(4), listed());
	});
}
