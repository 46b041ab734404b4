//! What the runtime declares for the calls that everybody makes, against the limits that were promised: in
//! computation, with the database's constants, and in bytes of proof.
//!
//! `cargo nextest run -p dtel-runtime --test weights --no-capture` prints the figures.
//!
//! A benchmark's proof size is what [`charged`] computes, for the storage that the benchmark touched: of all maps the one
//! that costs most. A benchmark that does not set up the worst case declares too little, so the second half of this file
//! computes the same from the number of entries that a call can read at most, whatever its benchmark did.

use dtel_runtime::{
	configs::system::BlockWeights, genesis_presets, AccountId, AllPalletsWithSystem, Attestation,
	Penalties, Registry, Rewards, Runtime, RuntimeCall, RuntimeGenesisConfig, Staking, System,
};
use frame_support::{
	dispatch::GetDispatchInfo,
	traits::{Get, Hooks, StorageInfo, StorageInfoTrait},
	weights::{constants::WEIGHT_REF_TIME_PER_MICROS, RuntimeDbWeight, Weight, WeightMeter},
};
use pallet_dtel_staking::{CREDIT_ERAS, PAGE_ERAS};
use sp_runtime::BuildStorage;

const KB: u64 = 1_024;

/// A limit in microseconds and bytes.
struct Limit {
	micros: u64,
	bytes: u64,
}

const CLAIM: Limit = Limit { micros: 650, bytes: 10 * KB };
const PAYOUT: Limit = Limit { micros: 300, bytes: 10 * KB };
const ERA_CHANGE: Limit = Limit { micros: 550, bytes: 5 * KB };
const SLASH: Limit = Limit { micros: 1_000, bytes: 10 * KB };

const COMMIT: Limit = Limit { micros: 500, bytes: 20 * KB };
const REVEAL: Limit = Limit { micros: 1_000, bytes: 40 * KB };
const SETTLE: Limit = Limit { micros: 500, bytes: 60 * KB };

fn micros(weight: Weight) -> u64 {
	weight.ref_time() / WEIGHT_REF_TIME_PER_MICROS
}

#[track_caller]
fn assert_within(what: &str, weight: Weight, limit: &Limit) {
	println!("{what}: {} µs, {} bytes", micros(weight), weight.proof_size());
	assert!(micros(weight) <= limit.micros, "{what}: {} µs of {}", micros(weight), limit.micros);
	assert!(
		weight.proof_size() <= limit.bytes,
		"{what}: {} bytes of {}",
		weight.proof_size(),
		limit.bytes
	);
}

fn who(byte: u8) -> AccountId {
	AccountId::new([byte; 32])
}

fn declared(call: impl Into<RuntimeCall>) -> Weight {
	call.into().get_dispatch_info().call_weight
}

#[test]
fn the_database_is_charged_by_its_reference_constants() {
	let database: RuntimeDbWeight = <Runtime as frame_system::Config>::DbWeight::get();
	assert_eq!(micros(database.reads(1)), 8);
	assert_eq!(micros(database.writes(1)), 50);
}

#[test]
fn a_claim_is_declared_within_its_limit() {
	let claim = pallet_dtel_staking::Call::<Runtime>::claim { pool: who(1) };
	assert_within("claim", declared(claim), &CLAIM);
}

#[test]
fn a_claim_for_somebody_else_is_declared_within_its_limit() {
	let claim = pallet_dtel_staking::Call::<Runtime>::claim_for { holder: who(2), pool: who(1) };
	assert_within("claim_for", declared(claim), &CLAIM);
}

/// What the walk does for each operator by itself.
#[test]
fn paying_an_operators_era_is_declared_within_its_limit() {
	use pallet_dtel_rewards::WeightInfo;
	let walk = <Runtime as pallet_dtel_rewards::Config>::WeightInfo::walk;
	assert_within("paying an operator", slope(walk, pallet_dtel_rewards::WALK_PAGE), &PAYOUT);
}

/// The call is one payment, with all that the walk does once a page.
#[test]
fn paying_by_call_is_declared_within_its_limit() {
	let payout = pallet_dtel_rewards::Call::<Runtime>::payout { era: 7, owner: who(1) };
	assert_within("payout", declared(payout), &PAYOUT);
}

#[test]
fn a_slash_is_declared_within_its_limit() {
	use pallet_dtel_staking::WeightInfo;
	let slash = <Runtime as pallet_dtel_staking::Config>::WeightInfo::slash();
	assert_within("slash", slash, &SLASH);
}

/// What one more node costs, when so many are handled together.
fn slope(of: impl Fn(u32) -> Weight, n: u32) -> Weight {
	of(n).saturating_sub(of(0)).div(n.into())
}

/// What a node costs in an era in which nothing is wrong, by what it is for.
fn costs_of_a_node() -> [(&'static str, Weight); 10] {
	use pallet_dtel_attestation::{WeightInfo, SETTLE_PAGE};
	use pallet_dtel_rewards::WeightInfo as _;
	type Attested = <Runtime as pallet_dtel_attestation::Config>::WeightInfo;
	type Rewarded = <Runtime as pallet_dtel_rewards::Config>::WeightInfo;
	[
		("commit", Attested::commit()),
		("its signature", Attested::authorize_commit()),
		("reveal of 5 reports", Attested::reveal()),
		("its signature and duty", Attested::authorize_reveal()),
		("settling a target", slope(Attested::settle, SETTLE_PAGE)),
		("its part of what a page has in common", Attested::settle(0).div(SETTLE_PAGE.into())),
		("freezing a member", slope(Attested::freeze, 32)),
		("pruning evidence", Attested::prune_evidence()),
		("pruning history", Attested::prune_history()),
		("paying an operator of one node", Rewarded::payout()),
	]
}

#[test]
fn what_a_node_costs_in_an_era_is_declared_within_its_limits() {
	let costs = costs_of_a_node();
	let limits = [(0, COMMIT), (2, REVEAL), (4, SETTLE)];
	for (place, limit) in limits {
		let (what, weight) = costs[place];
		assert_within(what, weight, &limit);
	}
}

/// An hour of production's slots and a tenth of its blocks' computation: more than 50,000 nodes, by what a node does or has done.
/// The rest (membership, pruning, pay), and what production's era of six hours holds, is printed beside it.
#[test]
fn so_many_nodes_fit_a_tenth_of_an_hour() {
	let production = dtel_runtime::setup::pallet::Parameters::default();
	let tenth = BlockWeights::get().max_block.ref_time() / 10;
	let era = tenth * u64::from(production.clock.era_blocks);
	let hour = tenth * (3_600_000 / production.slot_ms);
	let (mut sum, mut nodes) = (0, Vec::new());
	for (what, weight) in costs_of_a_node() {
		sum += weight.ref_time();
		nodes.push(hour / sum);
		println!(
			"{what}: {} µs, with it {} nodes in an era, {} in an hour",
			micros(weight),
			era / sum,
			hour / sum
		);
	}
	assert!(nodes[5] > 50_000, "{}", nodes[5]);
}

/// What the hooks of our pallets declare for the first block of an era whatever there is, without the SDK's rotation of a
/// session, which takes a whole block by its own account.
#[test]
fn the_constant_part_of_an_era_change_is_declared_within_its_limit() {
	chain().execute_with(|| {
		let clock =
			<dtel_runtime::setup::Clock<Runtime> as Get<dtel_primitives::clock::EraClock>>::get();
		let first = clock.first_block(3);
		System::set_block_number(first);
		let parts = [
			("Registry", Registry::on_initialize(first)),
			("Staking", Staking::on_initialize(first)),
			("Attestation", Attestation::on_initialize(first)),
			("Rewards", Rewards::on_initialize(first)),
			("Penalties", Penalties::on_initialize(first)),
		];
		let all = parts.iter().fold(Weight::zero(), |sum, (name, weight)| {
			println!(
				"on_initialize of {name}: {} µs, {} bytes",
				micros(*weight),
				weight.proof_size()
			);
			sum.saturating_add(*weight)
		});
		assert_within("era change", all, &ERA_CHANGE);
		// Drawing the next seed is what makes the block different from others.
		let quiet = Attestation::on_initialize(first + 1);
		assert!(quiet.ref_time() < all.ref_time());
	});
}

/// Looking for work and a page of it: in each block, not only in the first of an era, and bounded by the meter.
#[test]
fn paged_work_stays_within_the_meter_in_the_first_block_of_an_era() {
	chain().execute_with(|| {
		let clock =
			<dtel_runtime::setup::Clock<Runtime> as Get<dtel_primitives::clock::EraClock>>::get();
		let first = clock.first_block(3);
		System::set_block_number(first);
		Attestation::on_initialize(first);
		let limit = BlockWeights::get().max_block;
		let mut meter = WeightMeter::with_limit(limit);
		Attestation::on_poll(first, &mut meter);
		Penalties::on_poll(first, &mut meter);
		println!(
			"on_poll: {} µs, {} bytes",
			micros(meter.consumed()),
			meter.consumed().proof_size()
		);
		assert!(meter.consumed().all_lte(limit.div(2)));
	});
}

fn chain() -> sp_io::TestExternalities {
	let preset = genesis_presets::get_preset(&"local".into()).expect("exists");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
	merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
	let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
	genesis.build_storage().expect("builds").into()
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

/// Entries that are assumed to be in a map of unknown size, as the benchmark command does.
const MAP_SIZE: u32 = 1_000_000;
/// Bytes of siblings on a level of the trie.
const LEVEL: u32 = 15 * 33;
/// Levels above a map, as the benchmark command adds them.
const LEVELS_ABOVE: u32 = 2;

/// What the benchmark command charges for reading `keys` different keys of a storage item.
fn charged(info: &StorageInfo, keys: u32) -> u64 {
	let entries = info.max_values.unwrap_or(MAP_SIZE);
	let levels = match entries {
		0 => 0,
		entries => (1..).find(|level| 16u64.pow(*level) >= u64::from(entries)).expect("few levels"),
	};
	let size = info.max_size.expect("every item is bounded");
	u64::from((levels * LEVEL + size) * keys + LEVELS_ABOVE * LEVEL)
}

/// A storage item, and how many of its keys a call reads at most.
type Reads = (&'static str, &'static str, u32);

/// The most expensive of them, which is what a benchmark would declare.
fn proof_of(what: &str, reads: &[Reads]) -> u64 {
	let all = AllPalletsWithSystem::storage_info();
	let mut most = 0;
	for (pallet, item, keys) in reads {
		let is = |info: &&StorageInfo| {
			info.pallet_name == pallet.as_bytes() && info.storage_name == item.as_bytes()
		};
		let info = all.iter().find(is).unwrap_or_else(|| panic!("no {pallet}::{item}"));
		let bytes = charged(info, *keys);
		println!("{what}: {pallet}::{item} × {keys}, {:?} bytes each: {bytes}", info.max_size);
		most = most.max(bytes);
	}
	most
}

/// Pages on which the boundaries of a position can lie: those of the eras that were open when it was last touched.
fn pages() -> u32 {
	(CREDIT_ERAS - 1).div_ceil(PAGE_ERAS) + 1
}

#[test]
fn the_formula_is_the_benchmark_commands() {
	let info = |max_values, max_size| StorageInfo {
		pallet_name: Vec::new(),
		storage_name: Vec::new(),
		prefix: Vec::new(),
		max_values,
		max_size: Some(max_size),
	};
	// Two accounts, one hold and a value: the figures that every Substrate chain's weights show.
	assert_eq!(charged(&info(None, 128), 2), 6_196);
	assert_eq!(charged(&info(None, 139), 1), 3_604);
	assert_eq!(charged(&info(Some(1), 37), 1), 1_522);
}

/// A holder's account and the pot; its wish for privacy, its position and its pool.
#[test]
fn a_claim_at_its_worst_needs_no_more_proof_than_promised() {
	let reads = [
		("System", "Account", 2),
		("Staking", "Members", 1),
		("Staking", "Holders", 1),
		("Staking", "Pools", 1),
		("Staking", "Books", 1),
		("Staking", "Checkpoints", pages()),
	];
	let bytes = proof_of("claim", &reads);
	assert!(bytes <= CLAIM.bytes, "{bytes} of {}", CLAIM.bytes);
}

#[test]
fn paying_an_operators_era_at_its_worst_needs_no_more_proof_than_promised() {
	let reads = [
		("Rewards", "Eras", 1),
		("Rewards", "Ledgers", 1),
		("Penalties", "Disputed", 1),
		("Staking", "Books", 1),
	];
	let bytes = proof_of("payout", &reads);
	assert!(bytes <= PAYOUT.bytes, "{bytes} of {}", PAYOUT.bytes);
}
