//! The presets of genesis: development, a local network of four validators, and a template of a launch.
//!
//! All are made from one function: who validates, who has funds, and the parameters of
//! [`setup`](crate::setup). The supply is the same in each: 1,000,000,000 DTEL, the reward reserve
//! among them; there is never more.

mod launch;

pub use launch::allocations;

use crate::{
	configs::{consensus::BABE_GENESIS_EPOCH_CONFIG, quality},
	setup, AccountId, BabeConfig, Balance, BalancesConfig, RuntimeGenesisConfig, SessionConfig,
	SessionKeys, SetupConfig, TechnicalCommitteeConfig, VestingConfig, DTEL,
};
use alloc::{string::ToString, vec, vec::Vec};
use dtel_primitives::clock::EraClock;
use frame_support::build_struct_json_patch;
use serde_json::Value;
use sp_core::{crypto::get_public_from_string_or_panic as public, ed25519, sr25519};
use sp_genesis_builder::PresetId;
use sp_runtime::traits::AccountIdConversion;

/// Everything there is and ever will be.
pub const SUPPLY: Balance = 1_000_000_000 * DTEL;
/// What of it the reward reserve holds at genesis.
pub const RESERVE: Balance = 400_000_000 * DTEL;
/// What each account of a development preset holds.
const ENDOWMENT: Balance = 1_000_000 * DTEL;
/// The preset of a local network.
pub const LOCAL: &str = "local";
/// The preset of a launch, with production's periods.
pub const LAUNCH: &str = "launch";

fn account(seed: &str) -> AccountId {
	AccountId::from(public::<sr25519::Public>(seed))
}

fn validator(seed: &str) -> (AccountId, SessionKeys) {
	let keys = SessionKeys {
		babe: public::<sr25519::Public>(seed).into(),
		grandpa: public::<ed25519::Public>(seed).into(),
	};
	(account(seed), keys)
}

/// The parameters of both presets: 2 s slots, epochs of 10 slots, eras of 30 blocks, and four validators as soon as
/// there are `minimum_validators` candidates.
///
/// The minimum is never one: a single candidate whose node does not run would be the whole set, and halt the chain. In the
/// development preset it is two, so that the one validator of genesis stays until two ask for its seat. In the local network
/// it is three: one of its four can be jailed, and the other three go on without it.
fn development_parameters(minimum_validators: u32) -> setup::pallet::Parameters {
	setup::pallet::Parameters {
		slot_ms: 2_000,
		epoch_slots: 10,
		clock: EraClock::DEV,
		unbonding_eras: 4,
		dev_domains: true,
		wanted_validators: 4,
		minimum_validators,
		// One committee: what is tried out should be paid at once.
		least_samples: 3,
		// Whoever tries out a proposal should see it enacted: Root takes a hundred seconds.
		hour_blocks: 1,
	}
}

/// Everybody's balances: each of `funded` and each validator holds an endowment, and the treasury the rest of the supply.
fn endowments(
	validators: &[(AccountId, SessionKeys)],
	funded: &[AccountId],
) -> Vec<(AccountId, Balance)> {
	let mut balances: Vec<(AccountId, Balance)> = Vec::new();
	let holders = validators.iter().map(|(who, _)| who).chain(funded);
	for who in holders {
		if !balances.iter().any(|(other, _)| other == who) {
			balances.push((who.clone(), ENDOWMENT));
		}
	}
	balances.push((quality::RewardsId::get().into_account_truncating(), RESERVE));
	// What the pot of stakers' rewards must keep beside what lies in it.
	balances.push((crate::Staking::pot(), crate::configs::fees::ExistentialDeposit::get()));
	let given: Balance = balances.iter().map(|(_, amount)| amount).sum();
	balances.push((crate::configs::fees::Treasury::get(), SUPPLY.saturating_sub(given)));
	balances
}

/// A genesis for development.
fn development(validators: Vec<(AccountId, SessionKeys)>, minimum_validators: u32) -> Value {
	let balances = endowments(&validators, &people());
	// Who has a node for development, has the committee.
	let committee = ["Alice", "Bob", "Charlie"].into_iter().map(account).collect();
	let parameters = development_parameters(minimum_validators);
	genesis(validators, parameters, balances, Vec::new(), committee)
}

/// A genesis for a launch: production's parameters, no committee before a referendum names one.
fn launch(validators: Vec<(AccountId, SessionKeys)>) -> Option<Value> {
	let founders: Vec<AccountId> = validators.iter().map(|(who, _)| who.clone()).collect();
	let (balances, grants) = launch::supply(&founders).ok()?;
	Some(genesis(validators, Default::default(), balances, grants, Vec::new()))
}

fn genesis(
	validators: Vec<(AccountId, SessionKeys)>,
	parameters: setup::pallet::Parameters,
	balances: Vec<(AccountId, Balance)>,
	grants: Vec<pallet_dtel_vesting::GenesisGrant<AccountId>>,
	committee: Vec<AccountId>,
) -> Value {
	build_struct_json_patch!(RuntimeGenesisConfig {
		setup: SetupConfig {
			parameters,
			validators: validators.iter().map(|(who, _)| who.clone()).collect(),
		},
		balances: BalancesConfig { balances },
		vesting: VestingConfig { grants },
		babe: BabeConfig { epoch_config: BABE_GENESIS_EPOCH_CONFIG },
		technical_committee: TechnicalCommitteeConfig { members: committee, ..Default::default() },
		session: SessionConfig {
			keys: validators
				.into_iter()
				.map(|(who, keys)| (who.clone(), who, keys))
				.collect::<Vec<_>>(),
		},
	})
}

fn people() -> Vec<AccountId> {
	["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "App"]
		.into_iter()
		.chain(["Op1", "Op2", "Op3", "Op4", "Op5", "Op6"])
		.map(account)
		.collect()
}

/// The JSON of a preset.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	let four = || ["Alice", "Bob", "Charlie", "Dave"].into_iter().map(validator).collect();
	let patch = match id.as_ref() {
		sp_genesis_builder::DEV_RUNTIME_PRESET => development(vec![validator("Alice")], 2),
		LOCAL => development(four(), 3),
		LAUNCH => launch(four())?,
		_ => return None,
	};
	Some(patch.to_string().into_bytes())
}

/// The names of the presets.
pub fn preset_names() -> Vec<PresetId> {
	[sp_genesis_builder::DEV_RUNTIME_PRESET, LOCAL, LAUNCH]
		.into_iter()
		.map(PresetId::from)
		.collect()
}
