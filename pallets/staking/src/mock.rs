//! A runtime of this pallet and balances.

use crate as pallet_dtel_staking;
use dtel_primitives::{
	clock::EraClock, AttestorId, Balance, BasisPoints, EraIndex, MediaKey, NodeId,
};
use dtel_traits::{NodeRegistry, Promised, StakeRewards};
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{
		fungible::{Inspect, InspectHold, Mutate},
		tokens::{imbalance::ResolveTo, Preservation},
		ConstU32,
	},
	PalletId,
};
use sp_runtime::{BuildStorage, DispatchResult};
use std::collections::BTreeMap;

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
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type Staking = pallet_dtel_staking;
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
	pub static ExistentialDeposit: Balance = 1;
	pub const Clock: EraClock = EraClock::DEV;
	pub static LeastBond: Balance = MIN_BOND;
	pub static LeastDelegation: Balance = MIN_DELEGATION;
	pub const MinimumPerNode: Balance = 250;
	pub const TreasuryAccount: AccountId = TREASURY;
	pub const StakingId: PalletId = PalletId(*b"dtel/stk");
	pub static UnbondingEras: EraIndex = 4;
	pub static NodesOwned: BTreeMap<AccountId, u32> = BTreeMap::new();
	/// What of an account is another's.
	pub static Others: BTreeMap<AccountId, Balance> = BTreeMap::new();
}

/// What is promised, as a test wants it.
pub struct Promises;

impl Promised<AccountId> for Promises {
	fn promised(who: &AccountId) -> Balance {
		Others::get().get(who).copied().unwrap_or(0)
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_promised(_: &AccountId) {}
}

/// Nodes by operator, as a test wants them.
pub struct Nodes;

impl NodeRegistry<AccountId> for Nodes {
	fn owner(_: NodeId) -> Option<AccountId> {
		None
	}
	fn owned_by(owner: &AccountId) -> u32 {
		NodesOwned::get().get(owner).copied().unwrap_or(0)
	}
	fn attestor(_: NodeId, _: EraIndex) -> Option<AttestorId> {
		None
	}
	fn media(_: NodeId, _: EraIndex) -> Option<MediaKey> {
		None
	}
	fn place(_: NodeId, _: EraIndex) -> Option<(i16, i16)> {
		None
	}
	fn declared_kbps(_: NodeId) -> u32 {
		0
	}
	fn is_candidate(_: NodeId, _: EraIndex) -> bool {
		false
	}
	fn page(_: Option<NodeId>, _: u32) -> Vec<NodeId> {
		Vec::new()
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_node(_: &AccountId, _: AttestorId) -> NodeId {
		0
	}
}

impl pallet_dtel_staking::Config for Test {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type PalletId = StakingId;
	type Clock = Clock;
	type Registry = Nodes;
	type Promised = Promises;
	type UnbondingEras = UnbondingEras;
	type MinBond = LeastBond;
	type MinDelegation = LeastDelegation;
	type MaxPoolsPerHolder = ConstU32<MAX_POOLS>;
	type MinimumPerNode = MinimumPerNode;
	type Slashed = ResolveTo<TreasuryAccount, Balances>;
	type WeightInfo = ();
}

/// An operator, usually.
pub const ALICE: AccountId = 1;
/// Another one.
pub const BOB: AccountId = 2;
/// A holder, usually.
pub const CAROL: AccountId = 3;
/// Another one.
pub const DAVE: AccountId = 4;
pub const TREASURY: AccountId = 99;
/// Pays rewards into the pot.
pub const RESERVE: AccountId = 98;
/// What each of the four begins with.
pub const FUNDS: Balance = 10_000;
pub const MIN_BOND: Balance = 100;
pub const MIN_DELEGATION: Balance = 10;
pub const MAX_POOLS: u32 = 3;

/// What is held of an account's funds for its stake.
pub fn held(who: AccountId) -> Balance {
	Balances::balance_on_hold(&crate::HoldReason::Stake.into(), &who)
}

/// What an account can spend.
pub fn free(who: AccountId) -> Balance {
	Balances::balance(&who)
}

/// Goes to the first block of an era.
pub fn go_to_era(era: EraIndex) {
	System::set_block_number(u64::from(Clock::get().first_block(era)).max(1));
	System::reset_events();
}

/// The events of this pallet since the last reset.
pub fn events() -> Vec<crate::Event<Test>> {
	System::events()
		.into_iter()
		.filter_map(|r| match r.event {
			RuntimeEvent::Staking(event) => Some(event),
			_ => None,
		})
		.collect()
}

/// The one event of this pallet since the last reset.
pub fn only_event() -> crate::Event<Test> {
	let mut events = events();
	assert_eq!(events.len(), 1, "{events:?}");
	events.remove(0)
}

/// A commission in percent: its rate, what it will never exceed, and how fast it may rise.
pub fn commission(rate: u32, most: u32, rise: u32) -> dtel_primitives::stake::Commission {
	let percent = |n| BasisPoints::saturating(n * 100);
	dtel_primitives::stake::Commission {
		rate: percent(rate),
		most: percent(most),
		rise: percent(rise),
	}
}

/// Pays the reward of an era into the pot and has it shared.
pub fn credit(operator: AccountId, era: EraIndex, amount: Balance) -> DispatchResult {
	frame_support::storage::with_storage_layer(|| {
		Balances::transfer(&RESERVE, &Staking::pot(), amount, Preservation::Preserve)?;
		<Staking as StakeRewards<AccountId>>::credit(&operator, era, amount)
	})
}

pub fn assert_credit(operator: AccountId, era: EraIndex, amount: Balance) {
	assert_ok!(credit(operator, era, amount));
}

pub struct ExtBuilder;

impl ExtBuilder {
	pub const fn new() -> Self {
		Self
	}

	pub fn build(self) -> sp_io::TestExternalities {
		let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		pallet_balances::GenesisConfig::<Test> {
			balances: [ALICE, BOB, CAROL, DAVE]
				.map(|who| (who, FUNDS))
				.into_iter()
				.chain([(TREASURY, 1), (RESERVE, 1 << 100), (Staking::pot(), 1)])
				.collect(),
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
			let issuance = Balances::total_issuance();
			test();
			assert_eq!(Balances::total_issuance(), issuance, "issuance is conserved");
			Staking::do_try_state().unwrap();
		});
	}
}
