//! A runtime of this pallet and balances.

use crate as pallet_dtel_staking;
use dtel_primitives::{clock::EraClock, Balance, EraIndex};
use frame_support::{
	derive_impl, parameter_types,
	traits::{fungible::InspectHold, tokens::imbalance::ResolveTo},
};
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
	pub const ExistentialDeposit: Balance = 1;
	pub const Clock: EraClock = EraClock::DEV;
	pub const MinBond: Balance = MIN_BOND;
	pub const MinimumPerNode: Balance = 250;
	pub const TreasuryAccount: AccountId = TREASURY;
	pub static UnbondingEras: EraIndex = 4;
}

impl pallet_dtel_staking::Config for Test {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Clock = Clock;
	type UnbondingEras = UnbondingEras;
	type MinBond = MinBond;
	type MinimumPerNode = MinimumPerNode;
	type Slashed = ResolveTo<TreasuryAccount, Balances>;
	type WeightInfo = ();
}

pub const ALICE: AccountId = 1;
pub const BOB: AccountId = 2;
pub const CAROL: AccountId = 3;
pub const TREASURY: AccountId = 99;
/// What each of the three begins with.
pub const FUNDS: Balance = 10_000;
pub const MIN_BOND: Balance = 100;

/// What is held of an account's funds for its bond.
pub fn held(who: AccountId) -> Balance {
	Balances::balance_on_hold(&crate::HoldReason::Bond.into(), &who)
}

/// Goes to the first block of an era.
pub fn go_to_era(era: EraIndex) {
	System::set_block_number(u64::from(Clock::get().first_block(era)).max(1));
	System::reset_events();
}

/// The one event of this pallet since the last reset.
pub fn only_event() -> crate::Event<Test> {
	let mut events = System::events()
		.into_iter()
		.filter_map(|r| match r.event {
			RuntimeEvent::Staking(event) => Some(event),
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
		let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		pallet_balances::GenesisConfig::<Test> {
			balances: [ALICE, BOB, CAROL]
				.map(|who| (who, FUNDS))
				.into_iter()
				.chain([(TREASURY, 1)])
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
