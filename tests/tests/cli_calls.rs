//! Every call that the command line builds from metadata is the runtime's call that it means.

use codec::{Decode, Encode};
use dtel::calls::{self, Call, Registration};
use dtel_primitives::{
	node::{Capabilities, NodeStatus, Region},
	MediaKey, DTEL,
};
use dtel_runtime::{Runtime, RuntimeCall};
use sp_core::ByteArray;
use subxt::{
	config::substrate::{SpecVersionForRange, SubstrateConfig},
	OfflineClient,
};

const ATTESTOR: [u8; 32] = [0xa7; 32];
const MEDIA: [u8; 32] = [0x3e; 32];

/// What the runtime decodes from a call; every byte must be used.
fn decoded(call: &Call) -> RuntimeCall {
	// Some constants of the runtime are read from storage.
	let metadata =
		sp_io::TestExternalities::default().execute_with(|| Runtime::metadata().encode());
	let metadata = subxt::Metadata::decode_from(&metadata).expect("metadata");
	let versions =
		SpecVersionForRange { block_range: 0..10, spec_version: 1, transaction_version: 1 };
	let config = SubstrateConfig::builder()
		.set_spec_version_for_block_ranges([versions])
		.set_metadata_for_spec_versions([(1, metadata.arc())])
		.build();
	let client = OfflineClient::new_with_config(config).at_block(1u32).expect("metadata is set");
	let bytes = client.transactions().call_data(call).expect("the call can be encoded");
	let mut input = bytes.as_slice();
	let decoded = RuntimeCall::decode(&mut input).expect("the runtime decodes it");
	assert!(input.is_empty());
	decoded
}

fn attestor() -> dtel_primitives::AttestorId {
	dtel_primitives::AttestorId::from_slice(&ATTESTOR).expect("32 bytes")
}

#[test]
fn registry_calls_arrive_as_meant() {
	use pallet_dtel_registry::Call as Registry;
	let region = Region { country: *b"DE", lat: -525, lon: 134 };
	let registration = Registration {
		domain: "127.0.0.1:7880".into(),
		region,
		capabilities: Capabilities(3),
		declared_kbps: 100_000,
		attestor: ATTESTOR,
		media: MEDIA,
	};
	let expected = Registry::register {
		domain: b"127.0.0.1:7880".to_vec().try_into().expect("short"),
		region,
		capabilities: Capabilities(3),
		declared_kbps: 100_000,
		attestor: attestor(),
		media: MediaKey::from_raw(MEDIA),
	};
	assert_eq!(decoded(&calls::register(&registration)), RuntimeCall::Registry(expected));
	assert_eq!(
		decoded(&calls::rotate_keys(7, ATTESTOR, MEDIA)),
		RuntimeCall::Registry(Registry::rotate_keys {
			node: 7,
			attestor: attestor(),
			media: MediaKey::from_raw(MEDIA)
		})
	);
	for status in [NodeStatus::Active, NodeStatus::Draining] {
		assert_eq!(
			decoded(&calls::set_status(7, status)),
			RuntimeCall::Registry(Registry::set_status { node: 7, status })
		);
	}
	assert_eq!(decoded(&calls::retire(7)), RuntimeCall::Registry(Registry::retire { node: 7 }));
	for until in [None, Some(1_000)] {
		assert_eq!(
			decoded(&calls::add_client(MEDIA, until, 64)),
			RuntimeCall::Registry(Registry::add_client {
				key: MediaKey::from_raw(MEDIA),
				until,
				limit: 64
			})
		);
	}
	assert_eq!(
		decoded(&calls::revoke_client(MEDIA)),
		RuntimeCall::Registry(Registry::revoke_client { key: MediaKey::from_raw(MEDIA) })
	);
}

#[test]
fn staking_calls_arrive_as_meant() {
	use pallet_dtel_staking::Call as Staking;
	let amount = 50_000 * DTEL + 1;
	let pairs = [
		(calls::bond(amount), Staking::bond { amount }),
		(calls::bond_extra(amount), Staking::bond_extra { amount }),
		(calls::unbond(amount), Staking::unbond { amount }),
		(calls::withdraw(), Staking::withdraw {}),
	];
	for (built, meant) in pairs {
		assert_eq!(decoded(&built), RuntimeCall::Staking(meant));
	}
}

#[test]
fn payout_and_unjail_arrive_as_meant() {
	assert_eq!(
		decoded(&calls::payout(3, 7)),
		RuntimeCall::Rewards(pallet_dtel_rewards::Call::payout { era: 3, node: 7 })
	);
	assert_eq!(
		decoded(&calls::unjail(7)),
		RuntimeCall::Penalties(pallet_dtel_penalties::Call::unjail { node: 7 })
	);
}
