//! A chain of penalties and balances. Registry and stake are tables in thread-local memory.

use crate as pallet_dtel_penalties;
use crate::{Penalty, Policy, Terms};
use dtel_primitives::{
	clock::EraClock, AttestorId, Balance, BasisPoints, EraIndex, Hash, MediaKey, NodeId, DTEL,
};
use dtel_traits::{
	Equivocation, Evidence, NodeRegistry, Occasion, Offence, OffenceKind, OffenceSink, Offender,
	Payroll, PenaltyId, QualitySink, RetirementSink, Seen, StakeLedger, ValidatorSink,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{fungible::InspectHold, tokens::imbalance::ResolveTo, Hooks},
	weights::{Weight, WeightMeter},
};
use frame_system::EnsureRoot;
use sp_runtime::{BuildStorage, DispatchResult, Perbill};
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
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountId = AccountId;
	type Lookup = sp_runtime::traits::IdentityLookup<AccountId>;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
}

/// An operator.
pub type AccountId = u64;

/// Where lost bonds go.
pub const TREASURY: AccountId = 99;
/// What each operator has besides its stake.
pub const FUNDS: Balance = 1_000 * DTEL;
/// The bond of a first appeal.
pub const BOND: Balance = 10 * DTEL;

parameter_types! {
	pub static Clock: EraClock = EraClock::DEV;
	pub static Rules: Policy = Policy::DEFAULT;
	pub static HistoryEras: EraIndex = 60;
	pub static UnbondingEras: EraIndex = 10;
	pub static DeferralEras: EraIndex = 4;
	pub static NoticeEras: EraIndex = 2;
	pub static AppealEras: EraIndex = 3;
	pub const AppealBond: Balance = BOND;
	pub const ExistentialDeposit: Balance = 1;
	pub const Treasury: AccountId = TREASURY;
	/// Owners of nodes.
	pub static Owners: BTreeMap<NodeId, AccountId> = BTreeMap::new();
	/// Stakes of owners.
	pub static Stakes: BTreeMap<AccountId, Balance> = BTreeMap::new();
	/// Every slash that was asked for.
	pub static Slashes: Vec<(AccountId, Perbill, EraIndex)> = Vec::new();
	/// The first era of which members are still being scored.
	pub static Unsettled: EraIndex = EraIndex::MAX;
	/// Whose pay for which era was said to be lost.
	pub static Forfeits: Vec<(AccountId, EraIndex)> = Vec::new();
	/// Every validator whose seat was said to be forfeit.
	pub static Offended: Vec<(AccountId, Perbill)> = Vec::new();
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
	fn set_up_node(owner: &AccountId, _: AttestorId) -> NodeId {
		register(1, *owner);
		1
	}
}

/// The stake ledger: takes at once, as long as stake answers.
pub struct Stake;

impl StakeLedger<AccountId> for Stake {
	fn active(owner: &AccountId, _: EraIndex) -> Balance {
		stake(*owner)
	}
	fn minimum_per_node() -> Balance {
		0
	}
	fn answers_until(era: EraIndex) -> EraIndex {
		era + UnbondingEras::get() - 2
	}
	fn slash(owner: &AccountId, fraction: Perbill, era: EraIndex) -> Balance {
		Slashes::mutate(|slashes| slashes.push((*owner, fraction, era)));
		if Penalties::current_era() > Self::answers_until(era) {
			return 0;
		}
		let taken = fraction.mul_floor(stake(*owner));
		bond(*owner, stake(*owner) - taken);
		taken
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_stake(owner: &AccountId, amount: Balance) {
		bond(*owner, amount);
	}
}

/// The payroll: a list of what was lost.
pub struct FakePayroll;

impl Payroll<AccountId> for FakePayroll {
	fn is_settled(era: EraIndex) -> bool {
		era < Unsettled::get()
	}
	fn forfeit(owner: &AccountId, era: EraIndex) {
		Forfeits::mutate(|all| all.push((*owner, era)));
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_pay(_: &AccountId, _: EraIndex) {}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_settled(era: EraIndex) {
		Unsettled::set(era + 1);
	}
}

/// Who is told of slashed and jailed validators: a list.
pub struct Seats;

impl ValidatorSink<AccountId> for Seats {
	fn offended(who: &AccountId, fraction: Perbill) {
		Offended::mutate(|all| all.push((*who, fraction)));
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_validator(_: &AccountId) {}
}

impl crate::Config for Test {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Clock = Clock;
	type Registry = Registry;
	type Stake = Stake;
	type Policy = Rules;
	type DeferralEras = DeferralEras;
	type NoticeEras = NoticeEras;
	type AppealEras = AppealEras;
	type AppealBond = AppealBond;
	type AppealOrigin = EnsureRoot<AccountId>;
	type Forfeited = ResolveTo<Treasury, Balances>;
	type Payroll = FakePayroll;
	type Validators = Seats;
	type HistoryEras = HistoryEras;
	type WeightInfo = ();
}

/// Builds externalities: nodes 1 and 2 of operator 11 and node 3 of operator 12, each with 1,000 DTEL at
/// stake and as much free.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
	pub fn build(self) -> sp_io::TestExternalities {
		let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		pallet_balances::GenesisConfig::<Test> {
			balances: vec![(11, FUNDS), (12, FUNDS), (13, FUNDS), (TREASURY, 1)],
			..Default::default()
		}
		.assimilate_storage(&mut storage)
		.unwrap();
		// Tests may share a thread.
		Clock::set(EraClock::DEV);
		Rules::set(Policy::DEFAULT);
		HistoryEras::set(60);
		UnbondingEras::set(10);
		DeferralEras::set(4);
		NoticeEras::set(2);
		AppealEras::set(3);
		Owners::set(BTreeMap::from([(1, 11), (2, 11), (3, 12)]));
		Stakes::set(BTreeMap::from([(11, 1_000 * DTEL), (12, 1_000 * DTEL)]));
		Slashes::set(Vec::new());
		Offended::set(Vec::new());
		Unsettled::set(EraIndex::MAX);
		Forfeits::set(Vec::new());
		let mut ext = sp_io::TestExternalities::new(storage);
		ext.execute_with(|| System::set_block_number(1));
		ext
	}

	/// Runs a test, then checks every invariant.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			let issuance = Balances::total_issuance();
			test();
			assert_eq!(Balances::total_issuance(), issuance, "issuance is conserved");
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

/// Retires a node.
pub fn retire(node: NodeId) {
	if let Some(owner) = Owners::mutate(|owners| owners.remove(&node)) {
		Penalties::retired(node, &owner);
	}
}

/// An operator's stake.
pub fn stake(owner: AccountId) -> Balance {
	Stakes::get().get(&owner).copied().unwrap_or(0)
}

/// Sets an operator's stake.
pub fn bond(owner: AccountId, amount: Balance) {
	Stakes::mutate(|stakes| stakes.insert(owner, amount));
}

/// What is held of an operator for appeals.
pub fn held(who: AccountId) -> Balance {
	Balances::balance_on_hold(&crate::HoldReason::Appeal.into(), &who)
}

/// Goes to the first block of an era without running any hook.
pub fn go_to_era(era: EraIndex) {
	System::set_block_number(u64::from(Clock::get().first_block(era)).max(1));
}

/// Runs `on_idle` of the running block with weight for everything.
pub fn idle() -> Weight {
	Penalties::on_idle(System::block_number(), Weight::MAX)
}

/// Runs `on_poll` of the running block with this much weight. Returns what it used.
pub fn poll(weight: Weight) -> Weight {
	let mut meter = WeightMeter::with_limit(weight);
	Penalties::on_poll(System::block_number(), &mut meter);
	meter.consumed()
}

/// Idles until there is nothing left to do.
pub fn settle_down() {
	for _ in 0..300 {
		idle();
	}
}

/// Some evidence of a kind. Of four validators one equivocated.
pub fn evidence(kind: OffenceKind) -> Evidence {
	match kind {
		OffenceKind::MissedDuty => {
			Evidence::MissedDuty { committed: false, revealed: 7, members: 8 }
		}
		OffenceKind::Unavailable => {
			Evidence::Unavailable { assigned: 5, reported: 4, down: 4, measured: 35 }
		}
		OffenceKind::PoorQuality => {
			Evidence::PoorQuality { below: 8, of: 12, worst: BasisPoints::ZERO }
		}
		OffenceKind::Outlier => Evidence::Outlier { eras: 5, of: 12 },
		OffenceKind::DoubleReveal => {
			Evidence::DoubleReveal { first: Hash::zero(), second: Hash::repeat_byte(1) }
		}
		OffenceKind::FalsePlace => Evidence::FalsePlace { broken: 4, of: 5 },
		OffenceKind::BabeEquivocation => Evidence::BabeEquivocation(equivocation(1, 30)),
		OffenceKind::GrandpaEquivocation => Evidence::GrandpaEquivocation(equivocation(1, 30)),
	}
}

/// So many of so many validators equivocated.
pub fn equivocation(offenders: u32, validators: u32) -> Equivocation {
	let third = Perbill::from_rational(3 * offenders, validators);
	let occasion = Occasion { set: 0, round: 7 };
	Equivocation { session: 0, occasion, offenders, validators, fraction: third.square() }
}

/// Reports an offence of a registered node. Returns the identifier that its penalty has, if it is new.
pub fn report(kind: OffenceKind, era: EraIndex, node: NodeId) -> PenaltyId {
	let id = crate::NextId::<Test>::get();
	let owner = Registry::owner(node).unwrap();
	let offender = Offender::Node(node);
	Penalties::report(Offence { era, offender, owner, evidence: evidence(kind) });
	id
}

/// A node had a score, and was neither down nor misplaced. Returns how many offences that made.
pub fn observe(era: EraIndex, node: NodeId, owner: AccountId, score: BasisPoints) -> u32 {
	Penalties::observed(Seen { era, node, owner, score, down: None, misplaced: None }).offences
}

/// Reports that a validator equivocated with others, in BABE.
pub fn equivocate(era: EraIndex, who: AccountId, offenders: u32, validators: u32) -> PenaltyId {
	equivocate_in(u64::from(era), era, who, offenders, validators)
}

/// Reports that a validator equivocated with others in a slot.
pub fn equivocate_in(
	slot: u64,
	era: EraIndex,
	who: AccountId,
	offenders: u32,
	validators: u32,
) -> PenaltyId {
	let id = crate::NextId::<Test>::get();
	let occasion = Occasion { set: 0, round: slot };
	let equivocation = Equivocation { occasion, ..equivocation(offenders, validators) };
	let evidence = Evidence::BabeEquivocation(equivocation);
	Penalties::report(Offence { era, offender: Offender::Validator(who), owner: who, evidence });
	id
}

/// Signs `unjail`.
pub fn unjail(who: AccountId, node: NodeId) -> DispatchResult {
	Penalties::unjail(RuntimeOrigin::signed(who), node)
}

/// Signs `appeal`.
pub fn appeal(who: AccountId, id: PenaltyId) -> DispatchResult {
	Penalties::appeal(RuntimeOrigin::signed(who), id)
}

/// Upholds as the appeal origin.
pub fn uphold(id: PenaltyId) -> DispatchResult {
	Penalties::uphold(RuntimeOrigin::root(), id)
}

/// Cancels as the appeal origin.
pub fn cancel(id: PenaltyId) -> DispatchResult {
	Penalties::cancel(RuntimeOrigin::root(), id)
}

/// Asks as a stranger for a penalty to be executed.
pub fn execute(id: PenaltyId) -> DispatchResult {
	Penalties::execute(RuntimeOrigin::signed(77), id)
}

/// A penalty.
pub fn penalty(id: PenaltyId) -> Penalty<AccountId> {
	crate::Penalties::<Test>::get(id).unwrap()
}

/// Terms that do not grow, the slash in basis points.
pub fn terms(slash: u16, jail_eras: EraIndex) -> Terms {
	let slash = bp(slash);
	Terms { slash, max_slash: slash, jail_eras, max_jail_eras: jail_eras }
}

/// Basis points as a part of the whole.
pub fn bp(parts: u16) -> Perbill {
	Perbill::from_parts(u32::from(parts) * 100_000)
}

/// The pallet's own events since the last time that this was asked.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}
