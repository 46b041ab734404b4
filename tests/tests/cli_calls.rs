//! Every call that the command line builds from metadata is the runtime's call that it means.

use codec::{Decode, Encode};
use dtel::calls::{self, Call, Registration};
use dtel_primitives::{
	node::{Capabilities, NodeStatus, PeaqDid, Region, SoftwareVersion},
	stake::Commission,
	BasisPoints, MediaKey, DTEL,
};
use dtel_runtime::{Runtime, RuntimeCall};
use sp_core::ByteArray;
use subxt::{
	config::substrate::{SpecVersionForRange, SubstrateConfig},
	OfflineClient,
};

const ATTESTOR: [u8; 32] = [0xa7; 32];
const MEDIA: [u8; 32] = [0x3e; 32];
const DID: &str = "did:peaq:5HRNr4pXH7PYKEmeW1jzJVxepXyg8w2Q3YpgRNHpH8foNr5i";

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
	use pallet_dtel_registry::{Call as Registry, Declaration};
	let region = Region { country: *b"DE", lat: -525, lon: 134 };
	for did in [None, Some(DID)] {
		let registration = Registration {
			domain: "127.0.0.1:7880".into(),
			region,
			capabilities: Capabilities(3),
			declared_kbps: 100_000,
			version: "dtel-worker/0.1.0".into(),
			did: did.map(Into::into),
			attestor: ATTESTOR,
			media: MEDIA,
		};
		let declaration = Declaration {
			domain: b"127.0.0.1:7880".to_vec().try_into().expect("short"),
			region,
			capabilities: Capabilities(3),
			declared_kbps: 100_000,
			version: SoftwareVersion::new(b"dtel-worker/0.1.0").expect("a version"),
			did: did.and_then(|did| PeaqDid::new(did.as_bytes())),
		};
		assert_eq!(declaration.did.is_some(), did.is_some());
		let (attestor, media) = (attestor(), MediaKey::from_raw(MEDIA));
		let expected = Registry::register { declaration, attestor, media };
		assert_eq!(decoded(&calls::register(&registration)), RuntimeCall::Registry(expected));
	}
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
		let (key, limit) = (MediaKey::from_raw(MEDIA), 64);
		assert_eq!(
			decoded(&calls::add_client(MEDIA, until, limit)),
			RuntimeCall::Registry(Registry::add_client { key, until, limit })
		);
		assert_eq!(
			decoded(&calls::renew_client(MEDIA, until, limit)),
			RuntimeCall::Registry(Registry::renew_client { key, until, limit })
		);
	}
	assert_eq!(
		decoded(&calls::revoke_client(MEDIA)),
		RuntimeCall::Registry(Registry::revoke_client { key: MediaKey::from_raw(MEDIA) })
	);
}

#[test]
fn updates_arrive_as_meant() {
	use pallet_dtel_registry::{Call, DidChange, NodeUpdate};
	let region = Region { country: *b"AU", lat: -339, lon: 1_512 };
	let did = |change| calls::NodeUpdate { did: change, ..Default::default() };
	for (built, meant) in [
		(calls::NodeUpdate::default(), NodeUpdate::default()),
		(
			calls::NodeUpdate {
				domain: Some("a.b".into()),
				region: Some(region),
				capabilities: Some(Capabilities(3)),
				declared_kbps: Some(7),
				version: Some("v2".into()),
				did: calls::DidChange::Set(DID.into()),
			},
			NodeUpdate {
				domain: Some(b"a.b".to_vec().try_into().expect("short")),
				region: Some(region),
				capabilities: Some(Capabilities(3)),
				declared_kbps: Some(7),
				version: SoftwareVersion::new(b"v2"),
				did: DidChange::Set(PeaqDid::new(DID.as_bytes()).expect("a DID")),
			},
		),
		(
			did(calls::DidChange::Remove),
			NodeUpdate { did: DidChange::Remove, ..Default::default() },
		),
	] {
		let expected = RuntimeCall::Registry(Call::update { node: 7, update: meant });
		assert_eq!(decoded(&calls::update(7, &built)), expected);
	}
}

#[test]
fn staking_calls_arrive_as_meant() {
	use pallet_dtel_staking::Call as Staking;
	let amount = 50_000 * DTEL + 1;
	let (pool, to, holder) = ([2; 32].into(), [3; 32].into(), [4; 32].into());
	let points = BasisPoints::saturating;
	let pairs = [
		(
			calls::bond(amount, calls::Commission { rate: 500, most: 2_000, rise: 100 }),
			Staking::bond {
				amount,
				commission: Commission {
					rate: points(500),
					most: points(2_000),
					rise: points(100),
				},
			},
		),
		(calls::bond_extra(amount), Staking::bond_extra { amount }),
		(calls::unbond(amount), Staking::unbond { amount }),
		(calls::retire_pool(), Staking::retire {}),
		(calls::set_commission(700), Staking::set_commission { rate: points(700) }),
		(calls::withdraw(&pool), Staking::withdraw { pool: pool.clone() }),
		(calls::claim(&pool), Staking::claim { pool: pool.clone() }),
		(calls::rebond(&pool, amount), Staking::rebond { pool: pool.clone(), amount }),
		(calls::delegate(&pool, amount), Staking::delegate { pool: pool.clone(), amount }),
		(
			calls::delegate_extra(&pool, amount),
			Staking::delegate_extra { pool: pool.clone(), amount },
		),
		(calls::undelegate(&pool, amount), Staking::undelegate { pool: pool.clone(), amount }),
		(
			calls::redelegate(&pool, &to, amount),
			Staking::redelegate { from: pool.clone(), to: to.clone(), amount },
		),
		(
			calls::settle(&holder, &pool),
			Staking::settle { holder: holder.clone(), pool: pool.clone() },
		),
		(
			calls::claim_for(&holder, &pool),
			Staking::claim_for { holder: holder.clone(), pool: pool.clone() },
		),
		(
			calls::compound(&holder, &pool),
			Staking::compound { holder: holder.clone(), pool: pool.clone() },
		),
		(calls::kick(&holder, &pool), Staking::kick { holder: holder.clone(), pool: pool.clone() }),
		(calls::set_chilled(true), Staking::set_chilled { chilled: true }),
		(
			calls::set_compounding(&pool, true),
			Staking::set_compounding { pool: pool.clone(), compounds: true },
		),
		(calls::set_private(true), Staking::set_private { private: true }),
	];
	for (built, meant) in pairs {
		assert_eq!(decoded(&built), RuntimeCall::Staking(meant));
	}
}

#[test]
fn what_concerns_validators_arrives_as_meant() {
	use pallet_dtel_validators::Call as Validators;
	let who: dtel_primitives::AccountId = [5; 32].into();
	assert_eq!(decoded(&calls::validate()), RuntimeCall::Validators(Validators::validate {}));
	assert_eq!(decoded(&calls::resign()), RuntimeCall::Validators(Validators::resign {}));
	assert_eq!(
		decoded(&calls::remove_candidate(&who)),
		RuntimeCall::Validators(Validators::remove { candidate: who })
	);
	assert_eq!(
		decoded(&calls::unjail_validator()),
		RuntimeCall::Penalties(pallet_dtel_penalties::Call::unjail_validator {})
	);
	let RuntimeCall::Session(pallet_session::Call::set_keys { keys, proof }) =
		decoded(&calls::set_keys([1; 32], [2; 32], &[3; 128]))
	else {
		panic!("set_keys")
	};
	assert_eq!(keys.encode(), [[1; 32], [2; 32]].concat());
	assert_eq!(proof, [3; 128]);
}

#[test]
fn payouts_and_what_concerns_penalties_arrive_as_meant() {
	assert_eq!(
		decoded(&calls::payout(3, &[7; 32].into())),
		RuntimeCall::Rewards(pallet_dtel_rewards::Call::payout { era: 3, owner: [7; 32].into() })
	);
	assert_eq!(
		decoded(&calls::appeal(3)),
		RuntimeCall::Penalties(pallet_dtel_penalties::Call::appeal { penalty: 3 })
	);
	assert_eq!(
		decoded(&calls::execute(3)),
		RuntimeCall::Penalties(pallet_dtel_penalties::Call::execute { penalty: 3 })
	);
	assert_eq!(
		decoded(&calls::unjail(7)),
		RuntimeCall::Penalties(pallet_dtel_penalties::Call::unjail { node: 7 })
	);
}
