//! A chain of candidates. Stake, keys, seats and jail are tables in thread-local memory.

use crate as pallet_dtel_validators;
use dtel_primitives::{clock::EraClock, Balance, EraIndex, NodeId, DTEL};
use dtel_traits::{Jail, Seats, StakeLedger, ValidatorSink};
use frame_support::{derive_impl, parameter_types};
use sp_runtime::{BuildStorage, DispatchResult, Perbill};
use std::collections::{BTreeMap, BTreeSet};

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
	pub type Validators = pallet_dtel_validators;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountId = AccountId;
	type Lookup = sp_runtime::traits::IdentityLookup<AccountId>;
}

/// An operator.
pub type AccountId = u64;

/// The least stake of a candidate.
pub const FLOOR: Balance = 1_000 * DTEL;
/// The validators of genesis.
pub const FOUNDERS: [AccountId; 4] = [101, 102, 103, 104];

parameter_types! {
	pub static Clock: EraClock = EraClock::DEV;
	pub static Wanted: u32 = 4;
	pub static Minimum: u32 = 2;
	pub static Least: Balance = FLOOR;
	pub static MaxCandidates: u32 = 8;
	pub static Genesis: Vec<AccountId> = FOUNDERS.to_vec();
	/// Stake by owner, and from which era on it is active.
	pub static Stakes: BTreeMap<AccountId, (EraIndex, Balance)> = BTreeMap::new();
	/// Who has session keys.
	pub static Keys: BTreeSet<AccountId> = BTreeSet::new();
	/// Who has a seat.
	pub static Seated: Vec<AccountId> = Vec::new();
	/// Whom this pallet disabled, each time.
	pub static Disabled: Vec<(AccountId, Perbill)> = Vec::new();
	/// Who is jailed as a validator.
	pub static Jailed: BTreeSet<AccountId> = BTreeSet::new();
}

/// The stake ledger.
pub struct Stake;

impl StakeLedger<AccountId> for Stake {
	fn active(owner: &AccountId, era: EraIndex) -> Balance {
		let stake = Stakes::get().get(owner).copied();
		stake.filter(|(since, _)| *since <= era).map_or(0, |(_, stake)| stake)
	}
	fn minimum_per_node() -> Balance {
		0
	}
	fn answers_until(era: EraIndex) -> EraIndex {
		era
	}
	fn slash(_: &AccountId, _: Perbill, _: EraIndex) -> Balance {
		0
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_stake(owner: &AccountId, amount: Balance) {
		stake(*owner, amount);
	}
}

/// Keys and seats.
pub struct Table;

impl Seats<AccountId> for Table {
	fn has_keys(who: &AccountId) -> bool {
		Keys::get().contains(who)
	}
	fn is_seated(who: &AccountId) -> bool {
		Seated::get().contains(who)
	}
	fn able() -> u32 {
		Seated::get().iter().filter(|who| Self::has_keys(who)).count() as u32
	}
	fn disable(who: &AccountId, severity: Perbill) {
		if Self::is_seated(who) {
			Disabled::mutate(|disabled| disabled.push((*who, severity)));
		}
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_keys(who: &AccountId) {
		keys(*who, true);
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_seat(who: &AccountId) {
		Seated::mutate(|seated| seated.push(*who));
	}
}

/// The jail: of validators only; every node and every operator is free.
pub struct Prison;

impl Jail<AccountId> for Prison {
	fn is_jailed(_: NodeId) -> bool {
		false
	}
	fn jailed_since(_: NodeId) -> Option<EraIndex> {
		None
	}
	fn jailed_until(_: NodeId) -> Option<EraIndex> {
		None
	}
	fn is_operator_jailed(_: &AccountId) -> bool {
		false
	}
	fn is_validator_jailed(validator: &AccountId) -> bool {
		Jailed::get().contains(validator)
	}
}

impl crate::Config for Test {
	type Clock = Clock;
	type Stake = Stake;
	type Jail = Prison;
	type Seats = Table;
	type Founders = Genesis;
	type Wanted = Wanted;
	type Minimum = Minimum;
	type Floor = Least;
	type MaxCandidates = MaxCandidates;
	type WeightInfo = ();
}

/// Builds externalities: operators 1 to 20 have keys, and their number times the floor at stake. The validators of genesis
/// have keys and seats, and nothing at stake.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
	pub fn build(self) -> sp_io::TestExternalities {
		let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		// Tests may share a thread.
		Clock::set(EraClock::DEV);
		Wanted::set(4);
		Minimum::set(2);
		Least::set(FLOOR);
		MaxCandidates::set(8);
		Genesis::set(FOUNDERS.to_vec());
		Stakes::set((1..=20u64).map(|who| (who, (0, FLOOR * u128::from(who)))).collect());
		Keys::set((1..=20).chain(FOUNDERS).collect());
		Seated::set(FOUNDERS.to_vec());
		Disabled::set(Vec::new());
		Jailed::set(BTreeSet::new());
		let mut ext = sp_io::TestExternalities::new(storage);
		ext.execute_with(|| System::set_block_number(1));
		ext
	}

	/// Runs a test, then checks every invariant.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			Validators::do_try_state().unwrap();
		});
	}
}

/// Externalities for benchmark tests.
#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
	ExtBuilder.build()
}

/// Sets somebody's stake, active since era 0.
pub fn stake(who: AccountId, amount: Balance) {
	Stakes::mutate(|stakes| stakes.insert(who, (0, amount)));
}

/// Sets whether somebody has keys.
pub fn keys(who: AccountId, has: bool) {
	Keys::mutate(|keys| if has { keys.insert(who) } else { keys.remove(&who) });
}

/// Jails or releases a validator.
pub fn jail(who: AccountId, jailed: bool) {
	Jailed::mutate(|all| if jailed { all.insert(who) } else { all.remove(&who) });
}

/// Signs `validate`.
pub fn validate(who: AccountId) -> DispatchResult {
	Validators::validate(RuntimeOrigin::signed(who)).map(|_| ()).map_err(|e| e.error)
}

/// The validators of genesis have given way: a set was chosen once.
pub fn elected() {
	crate::Elected::<Test>::put(true);
}

/// Signs `resign`.
pub fn resign(who: AccountId) -> DispatchResult {
	Validators::resign(RuntimeOrigin::signed(who))
}

/// Asks as a stranger for a candidate to be removed.
pub fn remove(who: AccountId) -> DispatchResult {
	Validators::remove(RuntimeOrigin::signed(77), who)
}

/// Makes each a candidate.
pub fn candidates(all: impl IntoIterator<Item = AccountId>) {
	all.into_iter().for_each(|who| validate(who).unwrap());
}

/// Tells of an offence for this percentage.
pub fn offend(who: AccountId, percent: u32) {
	Validators::offended(&who, Perbill::from_percent(percent));
}

/// What the session manager does between two sessions. Returns the set, the old one if it is kept.
pub fn rotate() -> Vec<AccountId> {
	Validators::session_started();
	if let Some(set) = Validators::choose() {
		Seated::set(set);
	}
	Seated::get()
}

/// The accounts that are candidates.
pub fn listed() -> BTreeSet<AccountId> {
	crate::Candidates::<Test>::iter_keys().collect()
}

/// The pallet's own events since the last time that this was asked.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}
