//! The chain: the runtime in externalities, with an era of few blocks.
//!
//! Blocks are the executive's, with every hook. Commits and reveals are dispatched as authorised, so that nobody has to sign; whether
//! their authorisation would accept a report is checked by its own rules for reports.

use crate::{nodes::region, state::State};
use codec::Encode;
use dtel_primitives::{
	attestor::AttestorPair,
	clock::{EraClock, Phase},
	node::{Capabilities, SoftwareVersion},
	report::EraReport,
	stake::Commission,
	AccountId, AttestorSignature, Balance, Hash, NodeId, DTEL,
};
use dtel_runtime::{
	configs::fees::{ExistentialDeposit, Treasury},
	genesis_presets, setup, Balances, Executive, Header, Runtime, RuntimeCall, RuntimeEvent,
	RuntimeGenesisConfig, RuntimeOrigin, Staking, System, UncheckedExtrinsic,
};
use frame_support::traits::{fungible::Mutate, tokens::Preservation, Get};
use frame_system::RawOrigin;
use sp_core::{ed25519, sr25519, Pair};
use sp_runtime::{
	generic::{Digest, DigestItem},
	traits::{Dispatchable, Header as _},
	BuildStorage, DispatchResult,
};

/// An era in as few blocks as there can be: one to look, one to commit, one to reveal, and two to settle. As long in time as in production, so
/// that as much is released.
pub const CLOCK: EraClock = EraClock { era_blocks: 6, commit_at: 2, reveal_at: 3, settle_at: 4 };
/// Two epochs in an era.
const EPOCH_SLOTS: u64 = 3;
/// After so many blocks the state forgets which keys there were once.
const PURGE: u32 = 20 * CLOCK.era_blocks;
/// What accounts have for deposits beside their stake.
const POCKET: Balance = 500 * DTEL;

/// How a node joins.
#[derive(Clone, Copy, Debug)]
pub struct Joins {
	/// With what stake.
	pub stake: Balance,
	/// With what bandwidth declared.
	pub declared_kbps: u32,
}

fn hash(kind: &str, index: u32) -> [u8; 32] {
	sp_io::hashing::blake2_256(&("collusion", kind, index).encode())
}

/// The operator of a node. Nodes are numbered in the order in which they joined.
pub fn owner(node: NodeId) -> AccountId {
	AccountId::new(hash("operator", node))
}

/// A chain.
pub struct Chain {
	state: State,
	number: u32,
	issuance: Balance,
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

fn genesis() -> State {
	let preset = genesis_presets::get_preset(&genesis_presets::LOCAL.into()).expect("exists");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
	merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
	let mut genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
	let production = setup::pallet::Parameters::default();
	let era_ms = production.slot_ms * u64::from(production.clock.era_blocks);
	let slot_ms = era_ms / u64::from(CLOCK.era_blocks);
	genesis.setup.parameters = setup::pallet::Parameters {
		slot_ms,
		hour_blocks: (3_600_000 / slot_ms) as u32,
		epoch_slots: EPOCH_SLOTS,
		clock: CLOCK,
		..production
	};
	State::new(genesis.build_storage().expect("builds"))
}

/// Makes a call as an account.
pub fn call(who: &AccountId, call: impl Into<RuntimeCall>) -> DispatchResult {
	let origin = RuntimeOrigin::signed(who.clone());
	call.into().dispatch(origin).map(|_| ()).map_err(|e| e.error)
}

/// Makes a call that stands for itself.
fn authorized(call: pallet_dtel_attestation::Call<Runtime>) {
	let origin = RuntimeOrigin::from(RawOrigin::Authorized);
	let made = RuntimeCall::Attestation(call).dispatch(origin);
	assert!(made.is_ok(), "{made:?}");
}

/// Nobody looks at the signature of what is authorised.
fn unsigned() -> AttestorSignature {
	sr25519::Signature::from_raw([0; 64]).into()
}

fn salt(report: &EraReport) -> [u8; 32] {
	sp_io::hashing::blake2_256(&("salt", report.era, report.verifier).encode())
}

/// Commits to a report.
pub fn commit(report: &EraReport) {
	assert_eq!(report.validate(), Ok(()), "nobody can sign it in");
	let commitment: Hash = report.commitment(&System::block_hash(0), &salt(report));
	let (era, verifier) = (report.era, report.verifier);
	let signature = unsigned();
	authorized(pallet_dtel_attestation::Call::commit { era, verifier, commitment, signature });
}

/// Reveals it.
pub fn reveal(report: EraReport) {
	let salt = salt(&report);
	let signature = unsigned();
	authorized(pallet_dtel_attestation::Call::reveal { report, salt, signature });
}

impl Chain {
	/// A chain in era 0, in which all nodes have joined.
	pub fn new(seed: u64, nodes: &[Joins]) -> Self {
		let mut chain = Self { state: genesis(), number: 0, issuance: 0 };
		chain.issuance = chain.state.execute_with(|| {
			// Genesis has no randomness. BABE makes that of each epoch from the one before.
			let randomness = sp_io::hashing::blake2_256(&("randomness", seed).encode());
			pallet_babe::NextRandomness::<Runtime>::put(randomness);
			Balances::total_issuance()
		});
		chain.block(|| {
			for (node, joins) in (0..).zip(nodes) {
				join(node, *joins);
			}
		});
		chain
	}

	/// Where the next block stands.
	pub fn next(&self) -> (u32, u32, Phase) {
		let moment = CLOCK.moment(self.number + 1);
		(moment.era, moment.offset, moment.phase)
	}

	/// Builds a block, in which something is done; says what happened in it.
	pub fn block<R>(&mut self, run: impl FnOnce() -> R) -> (R, Vec<RuntimeEvent>) {
		self.number += 1;
		let number = self.number;
		self.state.execute_with(|| {
			let slot = 1_000_000 + u64::from(number);
			let pre = sp_consensus_babe::digests::PreDigest::SecondaryPlain(
				sp_consensus_babe::digests::SecondaryPlainPreDigest {
					authority_index: 0,
					slot: slot.into(),
				},
			);
			let logs =
				vec![DigestItem::PreRuntime(sp_consensus_babe::BABE_ENGINE_ID, pre.encode())];
			let no = Hash::default;
			let header = Header::new(number, no(), no(), no(), Digest { logs });
			Executive::initialize_block(&header);
			let now = slot * setup::SlotMillis::<Runtime>::get();
			let set = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now });
			let inherent = UncheckedExtrinsic::new_bare(set);
			Executive::apply_extrinsic(inherent).expect("valid").expect("the timestamp is set");
			let done = run();
			Executive::finalize_block();
			let events = System::events().into_iter().map(|record| record.event);
			(done, events.collect())
		})
	}

	/// Reads the state after the last block.
	pub fn view<R>(&mut self, read: impl FnOnce() -> R) -> R {
		self.state.execute_with(read)
	}

	/// Forgets what was replaced, and checks the books: nothing was made, and all that was `released` and not given back lies in the
	/// stakers' pot, for nobody claims.
	pub fn check(&mut self, released: Balance) {
		if (self.number + 1).is_multiple_of(PURGE) {
			self.state.purge();
		}
		let issuance = self.issuance;
		self.state.execute_with(|| {
			assert_eq!(Balances::total_issuance(), issuance);
			let least = <ExistentialDeposit as Get<Balance>>::get();
			assert_eq!(Balances::free_balance(Staking::pot()), least + released);
		});
	}

	/// Runs every pallet's `try_state`.
	pub fn try_state(&mut self) {
		use frame_support::traits::{TryState, TryStateSelect::All};
		let number = self.number;
		let checked = self.state.execute_with(|| {
			<dtel_runtime::AllPalletsWithSystem as TryState<u32>>::try_state(number, All)
		});
		assert_eq!(checked, Ok(()));
	}
}

fn join(node: NodeId, joins: Joins) {
	let (who, stake) = (owner(node), joins.stake);
	let funds = stake + POCKET;
	Balances::transfer(&Treasury::get(), &who, funds, Preservation::Preserve).expect("funds");
	let attestor = AttestorPair::from_seed(&hash("attestor", node));
	let media = ed25519::Pair::from_seed(&hash("media", node));
	let declaration = pallet_dtel_registry::Declaration {
		domain: format!("n{node}.example.org").into_bytes().try_into().expect("short"),
		region: region(node),
		capabilities: Capabilities::SFU,
		declared_kbps: joins.declared_kbps,
		version: SoftwareVersion::new(b"dtel-worker/0.1.0").expect("a version"),
		did: None,
	};
	let commission = Commission::default();
	call(&who, pallet_dtel_staking::Call::bond { amount: stake, commission }).expect("bonds");
	let attestor = attestor.public();
	let media = media.public();
	call(&who, pallet_dtel_registry::Call::register { declaration, attestor, media })
		.expect("registers");
}
