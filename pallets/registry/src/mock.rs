//! A runtime of this pallet and balances.

use crate as pallet_dtel_registry;
use dtel_primitives::{
	clock::EraClock,
	node::{Capabilities, PeaqDid, Region, SoftwareVersion},
	AttestorId, Balance, EraIndex, MediaKey, NodeId,
};
use dtel_traits::{Eligibility, Jail, NodeRegistry, RetirementSink};
use frame_support::{assert_ok, derive_impl, parameter_types, traits::ConstU32};
use sp_core::sr25519;
use sp_runtime::BuildStorage;

type Block = frame_system::mocking::MockBlock<Test>;
pub type AccountId = u64;

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
		RuntimeTask
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type Registry = pallet_dtel_registry;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
}

parameter_types! {
	pub const ExistentialDeposit: Balance = 1;
	pub const Clock: EraClock = EraClock::DEV;
	pub const NodeDeposit: Balance = 100;
	pub static ByteDeposit: Balance = 2;
	pub const ClientDeposit: Balance = 50;
	pub static DevDomains: bool = false;
	pub static Jailed: Vec<NodeId> = vec![];
	/// Who may not serve, besides the jailed.
	pub static Unstaked: Vec<NodeId> = vec![];
	pub static Retired: Vec<(NodeId, AccountId)> = vec![];
	pub static JailedOperators: Vec<AccountId> = vec![];
}

/// Who the test says is jailed.
pub struct TestJail;
impl Jail<AccountId> for TestJail {
	fn is_jailed(node: NodeId) -> bool {
		Jailed::get().contains(&node)
	}
	fn jailed_since(node: NodeId) -> Option<EraIndex> {
		Self::is_jailed(node).then_some(0)
	}
	fn jailed_until(node: NodeId) -> Option<EraIndex> {
		Self::is_jailed(node).then_some(9)
	}
	fn is_operator_jailed(owner: &AccountId) -> bool {
		JailedOperators::get().contains(owner)
	}
	fn is_validator_jailed(_: &AccountId) -> bool {
		false
	}
}

/// All but the jailed and those whom a test names may serve.
pub struct Fit;
impl Eligibility<AccountId> for Fit {
	fn eligible_stake(node: NodeId, owner: &AccountId, era: EraIndex) -> Option<Balance> {
		assert_eq!((Registry::owner(node), Registry::era()), (Some(*owner), era));
		let fit = !TestJail::is_jailed(node) && !Unstaked::get().contains(&node);
		fit.then_some(1)
	}
}

/// A list of those that retired.
pub struct Retirements;
impl RetirementSink<AccountId> for Retirements {
	fn retired(node: NodeId, owner: &AccountId) {
		Retired::mutate(|all| all.push((node, *owner)));
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_retirement(_: NodeId, _: &AccountId) {}
}

impl pallet_dtel_registry::Config for Test {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Clock = Clock;
	type Jail = TestJail;
	type Eligibility = Fit;
	type Retirements = Retirements;
	type NodeDeposit = NodeDeposit;
	type ByteDeposit = ByteDeposit;
	type ClientDeposit = ClientDeposit;
	type MaxClientLimit = ConstU32<MOST>;
	type MaxNodesPerOwner = ConstU32<64>;
	type DevDomains = DevDomains;
	type WeightInfo = ();
}

pub const ALICE: AccountId = 1;
pub const BOB: AccountId = 2;
/// The highest limit of a client.
pub const MOST: u32 = 1_000;
pub const POOR: AccountId = 3;
/// What Alice and Bob begin with. The poor has [`DEPOSIT`], none of which may be its last planck.
pub const FUNDS: Balance = 100_000;
pub const DOMAIN: &[u8] = b"sfu-1.operator-one.example";
pub const VERSION: &[u8] = b"dtel-worker/0.1.0";
pub const DID: &[u8] = b"did:peaq:5HRNr4pXH7PYKEmeW1jzJVxepXyg8w2Q3YpgRNHpH8foNr5i";
/// 100 and twice the 26 bytes of [`DOMAIN`] and the 17 of [`VERSION`].
pub const DEPOSIT: Balance = 186;
pub const REGION: Region = Region { country: *b"DE", lat: 525, lon: 134 };

pub fn attestor(n: u8) -> AttestorId {
	sr25519::Public::from_raw([n; 32]).into()
}

pub fn media(n: u8) -> MediaKey {
	MediaKey::from_raw([n; 32])
}

pub fn domain(text: impl AsRef<[u8]>) -> crate::Domain {
	text.as_ref().to_vec().try_into().unwrap()
}

pub fn version(text: impl AsRef<[u8]>) -> SoftwareVersion {
	SoftwareVersion::new(text.as_ref()).unwrap()
}

pub fn did(text: impl AsRef<[u8]>) -> PeaqDid {
	PeaqDid::new(text.as_ref()).unwrap()
}

/// What a good node declares; without a DID.
pub fn declaration(name: impl AsRef<[u8]>) -> crate::Declaration {
	crate::Declaration {
		domain: domain(name),
		region: REGION,
		capabilities: Capabilities::SFU,
		declared_kbps: 10_000,
		version: version(VERSION),
		did: None,
	}
}

/// Registers a node with this declaration, under attestor and media key number `key`.
pub fn register_as(who: AccountId, key: u8, declaration: crate::Declaration) -> NodeId {
	let node = crate::NextNodeId::<Test>::get();
	let origin = RuntimeOrigin::signed(who);
	assert_ok!(Registry::register(origin, declaration, attestor(key), media(key)));
	node
}

/// Registers `https://n<key>.example` under attestor and media key number `key`.
pub fn register(who: AccountId, key: u8) -> NodeId {
	register_as(who, key, declaration(format!("n{key}.example")))
}

/// Goes to the first block of an era.
pub fn go_to_era(era: EraIndex) {
	System::set_block_number(u64::from(Clock::get().first_block(era)).max(1));
	System::reset_events();
}

/// The one event since the last reset.
pub fn only_event() -> crate::Event<Test> {
	let mut events = System::events()
		.into_iter()
		.filter_map(|r| match r.event {
			RuntimeEvent::Registry(event) => Some(event),
			_ => None,
		})
		.collect::<Vec<_>>();
	assert_eq!(events.len(), 1, "{events:?}");
	events.remove(0)
}

pub struct ExtBuilder;

impl ExtBuilder {
	pub const fn new() -> Self {
		Self
	}

	pub fn build(self) -> sp_io::TestExternalities {
		// Tests may share a thread.
		Jailed::set(vec![]);
		Unstaked::set(vec![]);
		let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		pallet_balances::GenesisConfig::<Test> {
			balances: vec![(ALICE, FUNDS), (BOB, FUNDS), (POOR, DEPOSIT)],
			..Default::default()
		}
		.assimilate_storage(&mut storage)
		.unwrap();
		let mut ext = sp_io::TestExternalities::from(storage);
		ext.execute_with(|| System::set_block_number(1));
		ext
	}

	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			Registry::do_try_state().unwrap();
		});
	}
}
