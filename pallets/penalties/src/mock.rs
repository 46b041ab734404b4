//! A chain of penalties alone. Registry and stake are tables in thread-local memory.

use crate as pallet_dtel_penalties;
use crate::{Policy, Record, Terms};
use dtel_primitives::{
	clock::EraClock, AttestorId, Balance, BasisPoints, EraIndex, MediaKey, NodeId, DTEL,
};
use dtel_traits::{NodeRegistry, Offence, OffenceKind, OffenceSink, StakeLedger};
use frame_support::{derive_impl, parameter_types, traits::Hooks, weights::Weight};
use sp_runtime::BuildStorage;
use std::collections::BTreeMap;

type Block = frame_system::mocking::MockBlock<Test>;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Penalties = pallet_dtel_penalties;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountId = AccountId;
	type Lookup = sp_runtime::traits::IdentityLookup<AccountId>;
}

/// An operator.
pub type AccountId = u64;

parameter_types! {
	pub static Clock: EraClock = EraClock::DEV;
	pub static Rules: Policy = Policy::DEFAULT;
	pub static HistoryEras: EraIndex = 4;
	/// Owners of nodes.
	pub static Owners: BTreeMap<NodeId, AccountId> = BTreeMap::new();
	/// Stakes of owners.
	pub static Stakes: BTreeMap<AccountId, Balance> = BTreeMap::new();
	/// Every slash that was asked for.
	pub static Slashes: Vec<(AccountId, BasisPoints, EraIndex)> = Vec::new();
}

/// The registry: who owns what, nothing else.
pub struct Registry;

impl NodeRegistry<AccountId> for Registry {
	fn owner(node: NodeId) -> Option<AccountId> {
		Owners::get().get(&node).copied()
	}
	fn owned_by(owner: &AccountId) -> u32 {
		Owners::get().values().filter(|o| *o == owner).count() as u32
	}
	fn attestor(_: NodeId, _: EraIndex) -> Option<AttestorId> {
		None
	}
	fn media(_: NodeId, _: EraIndex) -> Option<MediaKey> {
		None
	}
	fn is_candidate(_: NodeId, _: EraIndex) -> bool {
		false
	}
	fn page(_: Option<NodeId>, _: u32) -> Vec<NodeId> {
		Vec::new()
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_node(owner: &AccountId, _: AttestorId) -> NodeId {
		register(1, *owner);
		1
	}
}

/// The stake ledger: takes at once.
pub struct Stake;

impl StakeLedger<AccountId> for Stake {
	fn active(owner: &AccountId, _: EraIndex) -> Balance {
		stake(*owner)
	}
	fn minimum_per_node() -> Balance {
		0
	}
	fn slash(owner: &AccountId, fraction: BasisPoints, era: EraIndex) -> Balance {
		Slashes::mutate(|slashes| slashes.push((*owner, fraction, era)));
		let taken = dtel_math::money::part_floor(stake(*owner), fraction);
		bond(*owner, stake(*owner) - taken);
		taken
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_stake(owner: &AccountId, amount: Balance) {
		bond(*owner, amount);
	}
}

impl crate::Config for Test {
	type Clock = Clock;
	type Registry = Registry;
	type Stake = Stake;
	type Policy = Rules;
	type HistoryEras = HistoryEras;
	type WeightInfo = ();
}

/// Builds externalities: nodes 1 and 2 of operator 11 and node 3 of operator 12, each with 1,000 DTEL.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
	pub fn build(self) -> sp_io::TestExternalities {
		let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		Clock::set(EraClock::DEV);
		Rules::set(Policy::DEFAULT);
		HistoryEras::set(4);
		Owners::set(BTreeMap::from([(1, 11), (2, 11), (3, 12)]));
		Stakes::set(BTreeMap::from([(11, 1_000 * DTEL), (12, 1_000 * DTEL)]));
		Slashes::set(Vec::new());
		let mut ext = sp_io::TestExternalities::new(storage);
		ext.execute_with(|| System::set_block_number(1));
		ext
	}

	/// Runs a test, then checks every invariant.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			Penalties::do_try_state().unwrap();
		});
	}
}

/// Externalities for benchmark tests.
#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
	ExtBuilder.build()
}

/// Registers a node.
pub fn register(node: NodeId, owner: AccountId) {
	Owners::mutate(|owners| owners.insert(node, owner));
}

/// An operator's stake.
pub fn stake(owner: AccountId) -> Balance {
	Stakes::get().get(&owner).copied().unwrap_or(0)
}

/// Sets an operator's stake.
pub fn bond(owner: AccountId, amount: Balance) {
	Stakes::mutate(|stakes| stakes.insert(owner, amount));
}

/// Goes to the first block of an era without running any hook.
pub fn go_to_era(era: EraIndex) {
	System::set_block_number(u64::from(Clock::get().first_block(era)).max(1));
}

/// Runs `on_idle` of the running block with weight for everything.
pub fn idle() -> Weight {
	Penalties::on_idle(System::block_number(), Weight::MAX)
}

/// Reports an offence of a registered node.
pub fn report(kind: OffenceKind, era: EraIndex, node: NodeId) {
	let owner = Registry::owner(node).unwrap();
	Penalties::report(Offence { kind, era, node, owner });
}

/// Signs `unjail`.
pub fn unjail(who: AccountId, node: NodeId) -> sp_runtime::DispatchResult {
	Penalties::unjail(RuntimeOrigin::signed(who), node)
}

/// Terms.
pub fn terms(slash: u16, jail_eras: EraIndex) -> Terms {
	Terms { slash: BasisPoints::new(slash).unwrap(), jail_eras }
}

/// A record.
pub fn record(owner: AccountId, fraction: u16, slashed: Balance) -> Record<AccountId> {
	Record { owner, fraction: BasisPoints::new(fraction).unwrap(), slashed }
}

/// The pallet's own events since the last time that this was asked.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}
