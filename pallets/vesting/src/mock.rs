//! A chain of balances, grants and real stake, with batches, proxies and multisigs.

use crate as pallet_dtel_vesting;
use crate::{FreezeReason, GenesisGrant, GrantId};
use dtel_primitives::{
	clock::EraClock, vesting::Terms, AttestorId, Balance, BasisPoints, BlockNumber, EraIndex,
	MediaKey, NodeId,
};
use dtel_traits::NodeRegistry;
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::{Balanced, BalancedHold, Inspect, InspectFreeze, InspectHold, MutateHold},
		tokens::{imbalance::ResolveTo, Fortitude, Precision, Preservation},
		ConstU32, Contains, LockableCurrency, WithdrawReasons,
	},
	PalletId,
};
use sp_runtime::{traits::Dispatchable, BuildStorage, DispatchResult};

type Block = frame_system::mocking::MockBlockU32<Test>;
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
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type Vesting = pallet_dtel_vesting;
	#[runtime::pallet_index(3)]
	pub type Staking = pallet_dtel_staking;
	#[runtime::pallet_index(4)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(5)]
	pub type Proxy = pallet_proxy;
	#[runtime::pallet_index(6)]
	pub type Multisig = pallet_multisig;
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
	type DustRemoval = ResolveTo<TreasuryAccount, Balances>;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxFreezes = MaxFreezes;
}

impl pallet_utility::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type PalletsOrigin = OriginCaller;
	type WeightInfo = ();
}

impl pallet_proxy::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type ProxyType = ();
	type ProxyDepositBase = Deposit;
	type ProxyDepositFactor = Deposit;
	type MaxProxies = ConstU32<4>;
	type WeightInfo = ();
	type CallHasher = sp_runtime::traits::BlakeTwo256;
	type MaxPending = ConstU32<2>;
	type AnnouncementDepositBase = Deposit;
	type AnnouncementDepositFactor = Deposit;
	type BlockNumberProvider = System;
}

impl pallet_multisig::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type DepositBase = Deposit;
	type DepositFactor = Deposit;
	type MaxSignatories = ConstU32<3>;
	type WeightInfo = ();
	type BlockNumberProvider = System;
}

/// The existential deposit.
pub const ED: Balance = 10;
/// The least that can be granted.
pub const MIN_GRANT: Balance = 100;
/// Places that only governance and airdrops fill.
pub const RESERVED: u32 = 8;
/// Longer than any grant of the tests.
pub const LONGEST: BlockNumber = 100_000;

parameter_types! {
	pub static ExistentialDeposit: Balance = ED;
	pub static LeastGrant: Balance = MIN_GRANT;
	pub static ReservedGrants: u32 = RESERVED;
	pub static MaxSpan: BlockNumber = LONGEST;
	pub static MaxFreezes: u32 = 1;
	pub const Deposit: Balance = 1;
	pub const Clock: EraClock = EraClock::DEV;
	pub const MinBond: Balance = 100;
	pub const MinDelegation: Balance = 10;
	pub const MinimumPerNode: Balance = 250;
	pub const UnbondingEras: EraIndex = 4;
	pub const TreasuryAccount: AccountId = TREASURY;
	pub const StakingId: PalletId = PalletId(*b"dtel/stk");
}

/// No nodes.
pub struct Nodes;

impl NodeRegistry<AccountId> for Nodes {
	fn owner(_: NodeId) -> Option<AccountId> {
		None
	}
	fn owned_by(_: &AccountId) -> u32 {
		0
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
	type Promised = Vesting;
	type UnbondingEras = UnbondingEras;
	type MinBond = MinBond;
	type MinDelegation = MinDelegation;
	type MaxPoolsPerHolder = ConstU32<3>;
	type MinimumPerNode = MinimumPerNode;
	type Slashed = ResolveTo<TreasuryAccount, Balances>;
	type WeightInfo = ();
}

/// Everybody but the treasury.
pub struct People;

impl Contains<AccountId> for People {
	fn contains(who: &AccountId) -> bool {
		*who != TREASURY
	}
}

impl pallet_dtel_vesting::Config for Test {
	type Currency = Balances;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type ForceOrigin = frame_system::EnsureRoot<AccountId>;
	type Receivers = People;
	type MinGrant = LeastGrant;
	type ReservedGrants = ReservedGrants;
	type MaxSpan = MaxSpan;
	type WeightInfo = ();
}

/// Grants, usually.
pub const ALICE: AccountId = 1;
/// Grants, too, or revokes.
pub const BOB: AccountId = 2;
/// Is granted tokens. Has the existential deposit of its own.
pub const CAROL: AccountId = 3;
/// Is granted tokens, too.
pub const DAVE: AccountId = 4;
/// Anybody. Has nothing to do with grants.
pub const ANYBODY: AccountId = 5;
/// Nobody has ever heard of it.
pub const NEW: AccountId = 6;
pub const TREASURY: AccountId = 99;
/// What Alice, Bob and Dave begin with.
pub const FUNDS: Balance = 1_000_000;

/// A tenth at block 100, a cliff at 130, and steps of 10 blocks until 200. Of 1,000: 100 at the start; 370 at the cliff; 90 a step.
pub const TERMS: Terms = Terms {
	start: 100,
	cliff: 130,
	end: 200,
	at_start: BasisPoints::saturating(1_000),
	period: 10,
};

pub struct ExtBuilder {
	grants: Vec<GenesisGrant<AccountId>>,
}

impl ExtBuilder {
	pub const fn new() -> Self {
		Self { grants: Vec::new() }
	}

	/// With grants of genesis.
	pub fn grants(mut self, grants: Vec<GenesisGrant<AccountId>>) -> Self {
		self.grants = grants;
		self
	}

	pub fn build(self) -> sp_io::TestExternalities {
		let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		pallet_balances::GenesisConfig::<Test> {
			balances: vec![
				(ALICE, FUNDS),
				(BOB, FUNDS),
				(CAROL, ED),
				(DAVE, FUNDS),
				(ANYBODY, FUNDS),
				(TREASURY, FUNDS),
				(Staking::pot(), ED),
			],
			..Default::default()
		}
		.assimilate_storage(&mut storage)
		.unwrap();
		pallet_dtel_vesting::GenesisConfig::<Test> { grants: self.grants }
			.assimilate_storage(&mut storage)
			.unwrap();
		let mut ext = sp_io::TestExternalities::from(storage);
		ext.execute_with(|| System::set_block_number(1));
		ext
	}

	/// Runs a test, then checks every invariant, and that no token was made or lost.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			let issuance = Balances::total_issuance();
			test();
			assert_eq!(Balances::total_issuance(), issuance, "issuance changed");
			Vesting::do_try_state().unwrap();
		});
	}
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

pub fn go_to(block: BlockNumber) {
	System::set_block_number(block);
	System::reset_events();
}

/// The events of this pallet since the last reset.
pub fn events() -> Vec<crate::Event<Test>> {
	let mine = |event| match event {
		RuntimeEvent::Vesting(event) => Some(event),
		_ => None,
	};
	System::events().into_iter().filter_map(|record| mine(record.event)).collect()
}

pub fn dispatch(who: AccountId, call: impl Into<RuntimeCall>) -> DispatchResult {
	System::reset_events();
	call.into().dispatch(signed(who)).map(|_| ()).map_err(|error| error.error)
}

pub fn dispatch_root(call: impl Into<RuntimeCall>) -> DispatchResult {
	System::reset_events();
	call.into().dispatch(RuntimeOrigin::root()).map(|_| ()).map_err(|error| error.error)
}

/// Alice grants tokens that somebody may be able to revoke. Returns the grant's number.
pub fn grant(to: AccountId, amount: Balance, terms: Terms, revoker: Option<AccountId>) -> GrantId {
	grant_from(ALICE, to, amount, terms, revoker)
}

pub fn grant_from(
	from: AccountId,
	to: AccountId,
	amount: Balance,
	terms: Terms,
	revoker: Option<AccountId>,
) -> GrantId {
	let id = crate::NextId::<Test>::get();
	let call = crate::Call::vested_transfer { to, amount, terms, revoker };
	dispatch(from, call).unwrap();
	id
}

/// All that an account has.
pub fn total(who: AccountId) -> Balance {
	Balances::total_balance(&who)
}

/// What an account can transfer, dying of it.
pub fn liquid(who: AccountId) -> Balance {
	Balances::reducible_balance(&who, Preservation::Expendable, Fortitude::Polite)
}

/// What is frozen of an account by this pallet.
pub fn frozen(who: AccountId) -> Balance {
	Balances::balance_frozen(&FreezeReason::Vesting.into(), &who)
}

pub fn stake_reason() -> RuntimeHoldReason {
	pallet_dtel_staking::HoldReason::Stake.into()
}

pub fn held(who: AccountId) -> Balance {
	Balances::total_balance_on_hold(&who)
}

/// Holds tokens, as a stake would.
pub fn hold(who: AccountId, amount: Balance) -> DispatchResult {
	Balances::hold(&stake_reason(), &who, amount)
}

pub fn release(who: AccountId, amount: Balance) {
	let amount = amount.min(held(who));
	if amount > 0 {
		Balances::release(&stake_reason(), &who, amount, Precision::Exact).unwrap();
	}
}

/// Slashes what is held, into the treasury. Says how much that was.
pub fn slash_held(who: AccountId, amount: Balance) -> Balance {
	let (credit, missing) = Balances::slash(&stake_reason(), &who, amount);
	Balances::resolve(&TREASURY, credit).map_err(|_| ()).unwrap();
	amount - missing
}

/// Locks an account's tokens, as a vote would.
pub fn vote_with(who: AccountId, amount: Balance) {
	Balances::remove_lock(*b"pyconvot", &who);
	if amount > 0 {
		Balances::set_lock(*b"pyconvot", &who, amount, WithdrawReasons::all());
	}
}

pub fn transfer(from: AccountId, to: AccountId, amount: Balance) -> DispatchResult {
	Balances::transfer_allow_death(signed(from), to, amount).map(|_| ())
}

/// What an account owes, by grantor.
pub fn owed(who: AccountId) -> Vec<(AccountId, Balance)> {
	Vesting::owed(who)
}

/// What an account owes in all.
pub fn owes(who: AccountId) -> Balance {
	owed(who).into_iter().map(|(_, amount)| amount).sum()
}
