//! A chain whose sessions are rotated by BABE, block by block, and people in it.

use codec::Encode;
use dtel_primitives::DTEL;
use dtel_runtime::{
	genesis_presets, setup, AccountId, Babe, Equivocations, Grandpa, Runtime, RuntimeGenesisConfig,
	RuntimeOrigin, Session, SessionKeys, Staking, System, Validators,
};
use frame_support::{
	assert_ok,
	traits::{Get, Hooks, TryState, TryStateSelect},
};
use sp_consensus_babe::digests::{PreDigest, SecondaryPlainPreDigest};
use sp_core::{ed25519, proof_of_possession::ProofOfPossessionGenerator, sr25519, Pair};
use sp_runtime::{generic::Digest, BuildStorage, DigestItem};

pub type Error = pallet_dtel_validators::Error<Runtime>;

/// A chain at genesis.
pub fn chain(preset: &str) -> sp_io::TestExternalities {
	let preset = genesis_presets::get_preset(&preset.into()).expect("exists");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
	merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
	let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
	let mut ext: sp_io::TestExternalities = genesis.build_storage().expect("builds").into();
	ext.execute_with(block);
	ext
}

pub fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
	match (base, patch) {
		(serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(serde_json::Value::Null), value);
			}
		}
		(base, patch) => *base = patch,
	}
}

/// A block of those pallets that make sessions, by an author who may.
pub fn block() {
	let number = System::block_number() + 1;
	let slot = (1_000 + u64::from(number)).into();
	let disabled = Session::disabled_validators();
	let authority_index = (0..).find(|index| !disabled.contains(index)).expect("somebody may");
	let digest = PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index, slot });
	let logs = vec![DigestItem::PreRuntime(sp_consensus_babe::BABE_ENGINE_ID, digest.encode())];
	System::reset_events();
	System::initialize(&number, &Default::default(), &Digest { logs });
	Babe::on_initialize(number);
	Session::on_initialize(number);
	Grandpa::on_finalize(number);
	Babe::on_finalize(number);
}

pub fn run_to_session(session: u32) {
	while Session::current_index() < session {
		block();
	}
}

pub fn run_to_era(era: u32) {
	while now() < era {
		block();
	}
}

pub fn now() -> u32 {
	setup::Clock::<Runtime>::get().era_of(System::block_number())
}

/// The first session whose set is chosen by what is so now.
pub fn run_to_effect() {
	run_to_session(Session::current_index() + 2);
}

pub struct Person {
	pub account: AccountId,
	pub babe: sr25519::Pair,
	pub grandpa: ed25519::Pair,
}

/// Somebody, with the keys of its node.
pub fn person(name: &str) -> Person {
	with_keys(name, name)
}

pub fn with_keys(name: &str, keys: &str) -> Person {
	let account = sr25519::Pair::from_string(&format!("//{name}"), None).expect("a seed");
	let babe = sr25519::Pair::from_string(&format!("//{keys}"), None).expect("a seed");
	let grandpa = ed25519::Pair::from_string(&format!("//{keys}"), None).expect("a seed");
	Person { account: account.public().into(), babe, grandpa }
}

impl Person {
	pub fn signed(&self) -> RuntimeOrigin {
		RuntimeOrigin::signed(self.account.clone())
	}

	pub fn keys(&self) -> SessionKeys {
		SessionKeys { babe: self.babe.public().into(), grandpa: self.grandpa.public().into() }
	}

	/// Signatures of both keys over an account.
	pub fn proof_for(&self, account: &AccountId) -> Vec<u8> {
		let owner = account.encode();
		let babe = self.babe.clone().generate_proof_of_possession(&owner);
		let grandpa = self.grandpa.clone().generate_proof_of_possession(&owner);
		(babe, grandpa).encode()
	}

	pub fn set_keys(&self) {
		let proof = self.proof_for(&self.account);
		assert_ok!(Session::set_keys(self.signed(), self.keys(), proof));
	}

	/// Bonds so many thousand DTEL.
	pub fn bond(&self, thousands: u128) {
		let amount = thousands * 1_000 * DTEL;
		assert_ok!(Staking::bond(self.signed(), amount, Default::default()));
	}

	pub fn validate(&self) {
		assert_ok!(Validators::validate(self.signed()));
	}
}

/// Operators with stake of 60, 70, 80, … thousand DTEL that counts, and with keys: candidates, all of them.
pub fn candidates(names: &[&str]) -> Vec<Person> {
	let all: Vec<Person> = names.iter().map(|name| person(name)).collect();
	for (who, thousands) in all.iter().zip((60..).step_by(10)) {
		who.bond(thousands);
		who.set_keys();
	}
	run_to_era(now() + 1);
	all.iter().for_each(Person::validate);
	all
}

pub const OPS: [&str; 5] = ["Op1", "Op2", "Op3", "Op4", "Op5"];

pub fn sorted<'a>(people: impl IntoIterator<Item = &'a Person>) -> Vec<AccountId> {
	let mut accounts: Vec<_> = people.into_iter().map(|who| who.account.clone()).collect();
	accounts.sort();
	accounts
}

/// Asserts that these validate, and that both engines' authorities are their keys.
pub fn validate(people: &[&Person]) {
	let set = sorted(people.iter().copied());
	assert_eq!(Session::validators(), set);
	let key = |who: &AccountId| {
		let person = people.iter().find(|person| person.account == *who).expect("one of them");
		person.keys()
	};
	let babe: Vec<_> = Babe::authorities().iter().map(|(key, _)| key.clone()).collect();
	assert_eq!(babe, set.iter().map(|who| key(who).babe).collect::<Vec<_>>());
	let grandpa: Vec<_> = Grandpa::grandpa_authorities().into_iter().map(|(key, _)| key).collect();
	assert_eq!(grandpa, set.iter().map(|who| key(who).grandpa).collect::<Vec<_>>());
}

pub fn check() {
	<Validators as TryState<u32>>::try_state(1, TryStateSelect::All).unwrap();
	<Equivocations as TryState<u32>>::try_state(1, TryStateSelect::All).unwrap();
	<Session as TryState<u32>>::try_state(1, TryStateSelect::All).unwrap();
}

pub fn founders() -> Vec<AccountId> {
	setup::Founders::<Runtime>::get()
}
