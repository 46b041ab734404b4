//! What the runtime API says of nodes and API keys, over the real runtime.

use super::*;
use dtel_primitives::{
	api::runtime_decl_for_dtel_api::DtelApi,
	node::{Region, SoftwareVersion},
	MediaKey,
};
use dtel_runtime::{Block, Runtime};
use pallet_dtel_registry::{Call, NodeUpdate};

fn send(chain: &mut Chain, op: usize, call: Call<Runtime>) {
	chain.submit(OPERATORS[op].sign(RuntimeCall::Registry(call)));
	chain.settle_pending();
}

/// Distance in km and node, nearest first.
fn near(chain: &mut Chain, lat: i16, lon: i16) -> Vec<(u32, u32)> {
	let found = chain.view(|| <Runtime as DtelApi<Block>>::nodes_near(lat, lon, 10));
	assert!(found.complete);
	found.nodes.into_iter().map(|near| (near.km, near.node.id)).collect()
}

#[test]
fn nodes_are_found_where_they_are_and_while_they_take_calls() {
	// Five nodes in one city.
	let mut chain = registered();
	let active = |chain: &mut Chain, start, limit| {
		let page = chain.view(|| <Runtime as DtelApi<Block>>::active_nodes(start, limit));
		(page.nodes.into_iter().map(|node| node.id).collect::<Vec<_>>(), page.next)
	};
	assert_eq!(active(&mut chain, 0, 3), (vec![], None), "no stake counts yet");
	chain.run_to_era(1);
	assert_eq!(active(&mut chain, 0, 3), (vec![0, 1, 2], Some(3)));
	assert_eq!(active(&mut chain, 3, 3), (vec![3, 4], None));
	send(&mut chain, 1, Call::retire { node: 1 });
	assert_eq!(active(&mut chain, 0, 10), (vec![0, 2, 3, 4], None));
	assert_eq!(near(&mut chain, 525, 134), [(0, 0), (0, 2), (0, 3), (0, 4)]);

	let region = Region { country: *b"US", lat: 407, lon: -740 };
	let version = SoftwareVersion::new(b"dtel-worker/0.2.0");
	let update = NodeUpdate { region: Some(region), version, ..Default::default() };
	send(&mut chain, 2, Call::update { node: 2, update });
	let view = |chain: &mut Chain| chain.view(|| <Runtime as DtelApi<Block>>::node(2)).unwrap();
	let now = view(&mut chain);
	assert_eq!((now.version, now.did), (b"dtel-worker/0.2.0".to_vec(), None));
	// It moves with the next era.
	assert_eq!(now.region.country, *b"DE");
	assert_eq!(near(&mut chain, 407, -740)[0], (6_386, 0));
	chain.run_to_era(2);
	assert_eq!(view(&mut chain).region, region);
	assert_eq!(near(&mut chain, 407, -740)[..2], [(0, 2), (6_386, 0)]);
	assert_eq!(near(&mut chain, 525, 134), [(0, 0), (0, 3), (0, 4), (6_386, 2)]);
}

#[test]
fn an_api_key_is_valid_until_it_expires_and_again_when_renewed() {
	let mut chain = registered();
	let key = MediaKey::from_raw([7; 32]);
	let valid = |chain: &mut Chain| {
		let (valid, view) = chain.view(|| {
			let view = <Runtime as DtelApi<Block>>::client(key);
			(<Runtime as DtelApi<Block>>::is_client_valid(key), view)
		});
		assert_eq!(valid, view.is_some_and(|view| view.valid));
		valid
	};
	assert!(!valid(&mut chain));
	let until = chain.view(dtel_runtime::System::block_number) + 3;
	send(&mut chain, 0, Call::add_client { key, until: Some(until), limit: 5 });
	assert!(valid(&mut chain));
	(0..4).for_each(|_| chain.block());
	assert!(!valid(&mut chain));
	send(&mut chain, 0, Call::renew_client { key, until: None, limit: 5 });
	assert!(valid(&mut chain));
	send(&mut chain, 0, Call::revoke_client { key });
	assert!(!valid(&mut chain));
}
