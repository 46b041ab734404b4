//! The real runtime without a client: its calls by their own dispatch, the hooks of the three pallets by hand. Consensus, sessions
//! and fees are left out: they move no stake.

use dtel_primitives::{
	clock::EraClock,
	node::{Capabilities, Region, SoftwareVersion},
	AccountId, Balance, EraIndex, MediaKey, NodeId,
};
use dtel_runtime::{
	configs::fees::{ExistentialDeposit, Treasury},
	setup, Balances, Penalties, Registry, Runtime, RuntimeCall, RuntimeEvent, RuntimeGenesisConfig,
	RuntimeHoldReason, RuntimeOrigin, Staking, System,
};
use dtel_traits::StakeRewards;
use frame_support::{
	storage::with_storage_layer,
	traits::{
		fungible::{InspectHold, Mutate},
		tokens::Preservation,
		Get, Hooks,
	},
	weights::{Weight, WeightMeter},
};
use pallet_dtel_registry::Declaration;
use sp_core::sr25519;
use sp_io::TestExternalities;
use sp_runtime::{
	traits::{Dispatchable, Zero},
	BuildStorage, DispatchError, DispatchResult, StateVersion, Storage,
};

use crate::model::{PEOPLE, WEALTH};

/// Somebody who has nothing to do with it, and asks for it.
const STRANGER: usize = PEOPLE;
/// From whom rewards come.
const RESERVE: usize = PEOPLE + 1;

/// Somebody's account.
pub fn account(who: usize) -> AccountId {
	AccountId::new([who as u8 + 1; 32])
}

/// Genesis with this many eras of unbonding.
pub fn genesis(unbonding_eras: u32) -> Storage {
	let ed = <ExistentialDeposit as Get<Balance>>::get();
	let mut balances: Vec<_> = (0..=STRANGER).map(|who| (account(who), WEALTH + ed)).collect();
	balances.extend([
		(account(RESERVE), 1_000 * WEALTH),
		(Staking::pot(), ed),
		(Treasury::get(), ed),
	]);
	let parameters = setup::pallet::Parameters {
		clock: EraClock::DEV,
		epoch_slots: 10,
		unbonding_eras,
		..Default::default()
	};
	let mut config = RuntimeGenesisConfig::default();
	config.setup.parameters = parameters;
	config.balances.balances = balances;
	config.build_storage().expect("a complete genesis")
}

/// A chain in the first block of era 1. Genesis is written like any other state: a trie behind it would be most of the time.
pub fn started(genesis: &Storage) -> TestExternalities {
	let mut ext = TestExternalities::default();
	ext.execute_with(|| {
		genesis.top.iter().for_each(|(key, value)| sp_io::storage::set(key, value));
		go_to_era(1);
	});
	ext
}

fn clock() -> EraClock {
	setup::Clock::<Runtime>::get()
}

/// The running era.
pub fn era() -> EraIndex {
	clock().era_of(System::block_number())
}

/// Goes to the first block of an era. No block in between does anything.
pub fn go_to_era(era: EraIndex) {
	go_to(clock().first_block(era));
}

/// Nothing is measured here: every era is settled as soon as it is over.
fn go_to(block: u32) {
	System::set_block_number(block);
	pallet_dtel_rewards::Unsettled::<Runtime>::put(era());
}

/// The next block, with room for the pallets' own work or without.
pub fn block(full: bool) {
	let number = System::block_number() + 1;
	go_to(number);
	let most = <<Runtime as frame_system::Config>::BlockWeights as Get<
		frame_system::limits::BlockWeights,
	>>::get()
	.max_block;
	let room = if full { Weight::zero() } else { most };
	Registry::on_initialize(number);
	Staking::on_initialize(number);
	Penalties::on_initialize(number);
	let mut meter = WeightMeter::with_limit(room);
	Registry::on_poll(number, &mut meter);
	Staking::on_poll(number, &mut meter);
	Penalties::on_poll(number, &mut meter);
	let mut used = meter.consumed();
	used.saturating_accrue(Registry::on_idle(number, room.saturating_sub(used)));
	used.saturating_accrue(Staking::on_idle(number, room.saturating_sub(used)));
	used.saturating_accrue(Penalties::on_idle(number, room.saturating_sub(used)));
	assert!(used.all_lte(room), "a hook took more than there was");
	assert!(!full || used.is_zero());
}

/// A call of somebody, or of a stranger without one.
pub fn signed(who: Option<usize>, call: impl Into<RuntimeCall>) -> DispatchResult {
	dispatch(RuntimeOrigin::signed(account(who.unwrap_or(STRANGER))), call)
}

/// A decision of governance.
pub fn decided(call: impl Into<RuntimeCall>) -> DispatchResult {
	dispatch(RuntimeOrigin::root(), call)
}

fn dispatch(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> DispatchResult {
	call.into().dispatch(origin).map(|_| ()).map_err(|e| e.error)
}

/// An era's reward, paid and shared as Rewards does.
pub fn credit(pool: usize, era: EraIndex, amount: Balance) -> DispatchResult {
	with_storage_layer::<_, DispatchError, _>(|| {
		let pot = <Staking as StakeRewards<AccountId>>::pot();
		Balances::transfer(&account(RESERVE), &pot, amount, Preservation::Preserve)?;
		<Staking as StakeRewards<AccountId>>::credit(&account(pool), era, amount)
	})
}

/// Registers a node under a name with keys of its own.
pub fn register(who: usize, node: NodeId, domain: &str) -> DispatchResult {
	let mut key = [7; 32];
	key[..4].copy_from_slice(&node.to_be_bytes());
	let declaration = Declaration {
		domain: domain.as_bytes().to_vec().try_into().expect("short"),
		region: Region { country: *b"DE", lat: 525, lon: 134 },
		capabilities: Capabilities::SFU,
		declared_kbps: 100_000,
		version: version(10),
		did: None,
	};
	let attestor = sr25519::Public::from_raw(key).into();
	let media = MediaKey::from_raw(key);
	signed(Some(who), pallet_dtel_registry::Call::register { declaration, attestor, media })
}

/// A version of that many characters.
pub fn version(length: u32) -> SoftwareVersion {
	SoftwareVersion::new(&vec![b'1'; length as usize]).expect("short")
}

/// What is held of somebody for a reason.
pub fn held(who: usize, reason: impl Into<RuntimeHoldReason>) -> Balance {
	Balances::balance_on_hold(&reason.into(), &account(who))
}

/// What somebody can spend, the existential deposit aside.
pub fn spendable(who: &AccountId) -> Balance {
	Balances::free_balance(who) - <ExistentialDeposit as Get<Balance>>::get()
}

/// What happened since the last reset.
pub fn events() -> Vec<RuntimeEvent> {
	System::events().into_iter().map(|record| record.event).collect()
}

/// All of storage in a word.
pub fn root() -> Vec<u8> {
	sp_io::storage::root(StateVersion::V1)
}

/// The invariants of the three pallets.
pub fn check() -> Result<(), sp_runtime::TryRuntimeError> {
	let number = System::block_number();
	Registry::try_state(number)?;
	Staking::try_state(number)?;
	Penalties::try_state(number)
}

/// All that is held of somebody.
pub fn total_held(who: usize) -> Balance {
	Balances::total_balance_on_hold(&account(who))
}
