//! Chains of any size, in externalities: operators with a node and a pool each, and holders who delegate to them.
//!
//! All of it is made by the runtime's own calls, in the parameters of production. Only funds come by a transfer out of the
//! treasury without a call, and scores as Attestation hands them to Rewards.

use codec::Encode;
use dtel_primitives::{
	attestor::AttestorPair,
	clock::EraClock,
	node::{Capabilities, Region, SoftwareVersion},
	stake::Commission,
	AccountId, Balance, BasisPoints, DTEL,
};
use dtel_runtime::{
	configs::fees::Treasury, genesis_presets, setup, Balances, Executive, Header, Rewards, Runtime,
	RuntimeCall, RuntimeGenesisConfig, RuntimeOrigin, System, UncheckedExtrinsic,
};
use dtel_traits::{ScoreSink, Scored};
use frame_support::traits::{fungible::Mutate, tokens::Preservation, Get};
use sp_core::{ed25519, Pair};
use sp_io::TestExternalities;
use sp_runtime::{
	generic::{Digest, DigestItem},
	traits::{Dispatchable, Header as _},
	BuildStorage,
};

/// The era in which everybody joins.
pub const JOINED: u32 = 1;
/// What an operator bonds.
const BOND: Balance = 10_000 * DTEL;
/// What a holder delegates.
pub const DELEGATION: Balance = 20 * DTEL;
/// What accounts have for deposits beside their stake.
const POCKET: Balance = 200 * DTEL;
/// So many calls are made before what they changed goes into the trie.
const CHUNK: u32 = 20_000;

/// How large a chain is.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Size {
	/// Operators, each with a node and a pool.
	pub operators: u32,
	/// Delegations, each of a holder of its own.
	pub delegations: u32,
	/// How many of them are in the pool of the first operator; the others are spread evenly.
	pub crowd: u32,
}

impl Size {
	/// Ten operators with ten delegations each.
	pub const TEN: Self = Self { operators: 10, delegations: 100, crowd: 10 };

	/// The operator of a delegation.
	fn pool_of(&self, holder: u32) -> u32 {
		match holder.checked_sub(self.crowd) {
			None => 0,
			Some(rest) => 1 + rest % (self.operators - 1),
		}
	}
}

fn hash(kind: &str, index: u32) -> [u8; 32] {
	sp_io::hashing::blake2_256(&("stake scale", kind, index).encode())
}

/// The account of an operator.
pub fn operator(index: u32) -> AccountId {
	AccountId::new(hash("operator", index))
}

/// The account of a holder.
pub fn holder(index: u32) -> AccountId {
	AccountId::new(hash("holder", index))
}

/// A chain with its externalities.
pub struct World {
	/// The state.
	pub ext: TestExternalities,
	/// How large it is.
	pub size: Size,
}

/// Makes a call that has to succeed.
#[track_caller]
pub fn make(who: &AccountId, call: impl Into<RuntimeCall>) {
	let call = call.into();
	let made = call.clone().dispatch(RuntimeOrigin::signed(who.clone()));
	assert!(made.is_ok(), "{made:?}: {call:?}");
}

/// Gives an account funds out of the treasury.
pub fn fund(who: &AccountId, amount: Balance) {
	Balances::transfer(&Treasury::get(), who, amount, Preservation::Preserve).expect("funds");
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

fn genesis() -> TestExternalities {
	let preset = genesis_presets::get_preset(&genesis_presets::LOCAL.into()).expect("exists");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
	merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
	let mut genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
	genesis.setup.parameters = setup::pallet::Parameters::default();
	genesis.build_storage().expect("builds").into()
}

/// The header with which a block begins.
pub fn header(number: u32) -> Header {
	let slot = 1_000_000 + u64::from(number);
	let pre = sp_consensus_babe::digests::PreDigest::SecondaryPlain(
		sp_consensus_babe::digests::SecondaryPlainPreDigest {
			authority_index: 0,
			slot: slot.into(),
		},
	);
	let digest = Digest {
		logs: vec![DigestItem::PreRuntime(sp_consensus_babe::BABE_ENGINE_ID, pre.encode())],
	};
	Header::new(number, Default::default(), Default::default(), Default::default(), digest)
}

/// A block without transactions. Within externalities.
pub fn block(number: u32) {
	Executive::initialize_block(&header(number));
	let now = (1_000_000 + u64::from(number)) * setup::SlotMillis::<Runtime>::get();
	let inherent =
		UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(pallet_timestamp::Call::set { now }));
	Executive::apply_extrinsic(inherent).expect("valid").expect("the timestamp is set");
	Executive::finalize_block();
}

impl World {
	/// A chain in era [`JOINED`], in which everybody has just joined.
	pub fn new(size: Size, progress: impl Fn(&str)) -> Self {
		assert!(size.operators > 1 && size.crowd > 1, "two pools are looked at");
		assert!(size.delegations > size.crowd, "somebody delegates to the second operator");
		let mut world = Self { ext: genesis(), size };
		world.ext.execute_with(|| block(1));
		world.go_to_era(JOINED);
		world.in_chunks("operators", size.operators, &progress, |index| {
			let who = operator(index);
			fund(&who, BOND + POCKET);
			let rate = BasisPoints::saturating(1_000);
			let commission = Commission { rate, most: rate, rise: rate };
			make(&who, pallet_dtel_staking::Call::bond { amount: BOND, commission });
			make(&who, registration(index));
		});
		world.in_chunks("delegations", size.delegations, &progress, |index| {
			let who = holder(index);
			fund(&who, 2 * DELEGATION);
			let pool = operator(size.pool_of(index));
			make(&who, pallet_dtel_staking::Call::delegate { pool, amount: DELEGATION });
		});
		world
	}

	/// Does something for each number, and lets it into the trie from time to time.
	fn in_chunks(
		&mut self,
		what: &str,
		number: u32,
		progress: &impl Fn(&str),
		mut each: impl FnMut(u32),
	) {
		for first in (0..number).step_by(CHUNK as usize) {
			let end = number.min(first.saturating_add(CHUNK));
			self.ext.execute_with(|| {
				(first..end).for_each(&mut each);
				System::reset_events();
			});
			self.commit();
			progress(&format!("{end} of {number} {what}"));
		}
	}

	/// Brings everything into the trie, and forgets what that replaced.
	pub fn commit(&mut self) {
		self.ext.commit_all().expect("no layer is open");
		self.ext.backend.backend_storage_mut().purge();
	}

	/// The clock of the chain.
	pub fn clock(&mut self) -> EraClock {
		self.ext.execute_with(setup::Clock::<Runtime>::get)
	}

	/// Goes to the second block of an era, without building those between.
	pub fn go_to_era(&mut self, era: u32) {
		let number = self.clock().first_block(era) + 1;
		self.ext.execute_with(|| {
			System::set_block_number(number);
			System::reset_events();
		});
	}

	/// Every operator's node gets the same score for an era, and the era is settled.
	pub fn score(&mut self, era: u32, progress: &impl Fn(&str)) {
		self.in_chunks("scores", self.size.operators, progress, |index| {
			Rewards::scored(Scored {
				era,
				node: index,
				owner: operator(index),
				stake: BOND,
				kbps: 100_000,
				score: BasisPoints::ONE,
				duty: 5,
			});
		});
		self.ext.execute_with(|| Rewards::era_settled(era));
	}
}

fn registration(index: u32) -> RuntimeCall {
	let attestor = AttestorPair::from_seed(&hash("attestor", index));
	let media = ed25519::Pair::from_seed(&hash("media", index));
	RuntimeCall::Registry(pallet_dtel_registry::Call::register {
		declaration: pallet_dtel_registry::Declaration {
			domain: format!("n{index}.example.org").into_bytes().try_into().expect("short"),
			region: Region { country: *b"DE", lat: 525, lon: 134 },
			capabilities: Capabilities::SFU,
			declared_kbps: 100_000,
			version: SoftwareVersion::new(b"dtel-worker/0.1.0").expect("a version"),
			did: None,
		},
		attestor: attestor.public(),
		media: media.public(),
	})
}
