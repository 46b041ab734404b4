//! A chain of balances and rewards, with stakers that only note what they get.

use crate as pallet_dtel_rewards;
use crate::{types::Split, WeightInfo};
use dtel_math::money::YEAR_MS;
use dtel_primitives::{
	clock::EraClock,
	reward::{Pay, Work},
	Balance, BasisPoints, EraIndex, NodeId, DTEL,
};
use dtel_traits::{Dispute, Disputes, Jail, ScoreSink, Scored, StakeRewards};
use frame_support::{
	derive_impl, ensure,
	pallet_prelude::{DispatchResultWithPostInfo, ValueQuery},
	parameter_types, storage_alias,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::Preservation,
		Hooks,
	},
	weights::Weight,
	PalletId,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult, Perquintill};
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
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type Rewards = pallet_dtel_rewards;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
	type AccountId = AccountId;
	type Lookup = sp_runtime::traits::IdentityLookup<AccountId>;
}

/// Wide enough for the whole identifier of the reserve.
pub type AccountId = u128;

/// The existential deposit.
pub const ED: Balance = DTEL / 100;

parameter_types! {
	pub const ExistentialDeposit: Balance = ED;
	pub const RewardsId: PalletId = PalletId(*b"dtel/rwd");
	pub static Clock: EraClock = EraClock::DEV;
	pub static StakePerMbps: Balance = 10 * DTEL;
	/// An era releases 1 % of the reserve: it takes a hundredth of a year, and the year releases everything.
	pub static YearlyRelease: Perquintill = Perquintill::one();
	pub static EraMillis: u64 = YEAR_MS / 100;
	pub static Parts: Split = WORK_ONLY;
	pub static StrayTreasury: AccountId = TREASURY;
	pub static EscrowEras: EraIndex = 1;
	pub static HistoryEras: EraIndex = 4;
	pub static StakersAccount: AccountId = STAKERS;
	/// Operators that nobody has stake with.
	pub static Refused: BTreeSet<AccountId> = BTreeSet::new();
	/// Who is jailed as a validator.
	pub static Jailed: BTreeSet<AccountId> = BTreeSet::new();
	/// What is disputed of whom.
	pub static Disputed: BTreeMap<(AccountId, EraIndex), Dispute> = BTreeMap::new();
}

/// Everything is for work, so that sums are round.
pub const WORK_ONLY: Split = Split {
	work: BasisPoints::ONE,
	blocks: BasisPoints::ZERO,
	duty: BasisPoints::ZERO,
	treasury: BasisPoints::ZERO,
};

/// Disputes as a test says.
pub struct FakeDisputes;

impl Disputes<AccountId> for FakeDisputes {
	fn state(owner: &AccountId, era: EraIndex) -> Dispute {
		Disputed::get().get(&(*owner, era)).copied().unwrap_or(Dispute::None)
	}
}

/// A jail for validators alone.
pub struct FakeJail;

impl Jail<AccountId> for FakeJail {
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

/// Says what is disputed from now on.
pub fn dispute(owner: AccountId, era: EraIndex, state: Dispute) {
	Disputed::mutate(|all| all.insert((owner, era), state));
}

/// What stakers got: of which operator, in which era, how much.
#[storage_alias]
pub type Credited = StorageValue<Stakers, Vec<(AccountId, EraIndex, Balance)>, ValueQuery>;

/// What stakers took out of the pot.
#[storage_alias]
pub type Taken = StorageValue<Stakers, Balance, ValueQuery>;

/// The pot, the account of stakers. It has an existential deposit of its own, unless a test says otherwise.
pub const STAKERS: AccountId = 77;
/// The treasury. Has an existential deposit, too.
pub const TREASURY: AccountId = 78;

/// Stakers. They expect what the trait promises them, and do worse than it allows: they write before they
/// refuse.
pub struct FakeStakers;

impl StakeRewards<AccountId> for FakeStakers {
	fn pot() -> AccountId {
		StakersAccount::get()
	}

	fn credit(operator: &AccountId, era: EraIndex, amount: Balance) -> DispatchResult {
		let owed = Self::owed() + amount + ED;
		assert!(amount > 0 && balance(STAKERS) >= owed, "credited before it was paid");
		assert!(era < Rewards::current_era(), "credited before it ended");
		let all = Credited::get();
		let late = all.iter().any(|(who, other, _)| who == operator && *other >= era);
		ensure!(!late, DispatchError::Other("late"));
		ensure!(!Refused::get().contains(operator), DispatchError::Other("nobody active"));
		Credited::append((*operator, era, amount));
		Ok(())
	}

	fn give_back(to: &AccountId, amount: Balance) -> DispatchResult {
		<Balances as Mutate<_>>::transfer(&STAKERS, to, amount, Preservation::Preserve).map(|_| ())
	}

	fn owed() -> Balance {
		credited() - Taken::get()
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_pool(_: &AccountId) -> EraIndex {
		HistoryEras::get().max(3)
	}
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
}

impl crate::Config for Test {
	type Currency = Balances;
	type Stakers = FakeStakers;
	type Disputes = FakeDisputes;
	type Jail = FakeJail;
	type PalletId = RewardsId;
	type Treasury = StrayTreasury;
	type Clock = Clock;
	type EraMillis = EraMillis;
	type StakePerMbps = StakePerMbps;
	type YearlyRelease = YearlyRelease;
	type Split = Parts;
	type EscrowEras = EscrowEras;
	type HistoryEras = HistoryEras;
	type WeightInfo = ();
}

/// What the reserve holds at first: 1,000 DTEL above its existential deposit.
pub const RESERVE: Balance = 1_000 * DTEL + ED;
/// An account with money of its own.
pub const ANYBODY: AccountId = 99;
/// Where stakers take what they got. Has an existential deposit, too.
pub const TAKER: AccountId = 98;

/// Builds externalities.
pub struct ExtBuilder {
	reserve: Balance,
	stakers: Balance,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		Self { reserve: RESERVE, stakers: ED }
	}
}

impl ExtBuilder {
	/// Another reserve.
	pub fn reserve(self, reserve: Balance) -> Self {
		Self { reserve, ..self }
	}

	/// No account of stakers yet.
	pub fn without_stakers(self) -> Self {
		Self { stakers: 0, ..self }
	}

	pub fn build(self) -> sp_io::TestExternalities {
		let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		Refused::set(BTreeSet::new());
		Disputed::set(BTreeMap::new());
		Jailed::set(BTreeSet::new());
		let accounts = [(Rewards::reserve_account(), self.reserve), (STAKERS, self.stakers)];
		let mut balances = vec![(ANYBODY, DTEL), (TAKER, ED), (TREASURY, ED)];
		balances.extend(accounts.into_iter().filter(|(_, amount)| *amount > 0));
		pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
			.assimilate_storage(&mut storage)
			.unwrap();
		let mut ext = sp_io::TestExternalities::new(storage);
		ext.execute_with(|| System::set_block_number(1));
		ext
	}

	/// Runs a test, then checks every invariant, that no token was made or lost, and that stakers can take what
	/// they got.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		let mut ext = self.build();
		ext.execute_with(|| {
			let issued = Balances::total_issuance();
			test();
			Rewards::do_try_state().unwrap();
			assert_eq!(Balances::total_issuance(), issued, "issuance changed");
			stakers_take(FakeStakers::owed());
		});
	}
}

/// Externalities for benchmark tests.
#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
	ExtBuilder::default().reserve(0).without_stakers().build()
}

/// Goes to the first block of an era without running any hook.
pub fn go_to_era(era: EraIndex) {
	System::set_block_number(u64::from(Clock::get().first_block(era)).max(1));
}

/// Runs `on_idle` of the running block with weight for everything: pays, too.
pub fn idle() -> Weight {
	Rewards::on_idle(System::block_number(), Weight::MAX)
}

/// Runs it with weight to clear an era if one is closed, and none to pay anybody.
pub fn idle_clearing() -> Weight {
	type W = ();
	let clear = Rewards::is_closed(crate::Cleared::<Test>::get());
	let clear = if clear { W::close_era() } else { Weight::zero() };
	Rewards::on_idle(System::block_number(), W::on_idle_base() + clear)
}

/// Scores a node of account `owner` with work for `mbps`, enough stake and a full score.
pub fn score(era: EraIndex, node: NodeId, owner: AccountId, mbps: u32) {
	score_with(era, node, owner, mbps, BasisPoints::ONE);
}

/// Scores a node.
pub fn score_with(era: EraIndex, node: NodeId, owner: AccountId, mbps: u32, score: BasisPoints) {
	let stake = Balance::from(mbps) * StakePerMbps::get();
	Rewards::scored(Scored { era, node, owner, stake, kbps: mbps * 1_000, score, duty: 0 });
}

/// Scores a node that did nothing but measure.
pub fn measured(era: EraIndex, node: NodeId, owner: AccountId, duty: u32) {
	let score = BasisPoints::ZERO;
	Rewards::scored(Scored { era, node, owner, stake: 0, kbps: 0, score, duty });
}

/// An account authors so many blocks.
pub fn authors(author: AccountId, blocks: u32) {
	(0..blocks).for_each(|_| Rewards::note_author(&author));
}

/// An operator's pay for work alone.
pub fn work(amount: Balance) -> Pay {
	Pay { work: amount, ..Pay::default() }
}

/// Work by points alone.
pub fn points(points: u128) -> Work {
	Work { points, ..Work::default() }
}

/// Era 3, in which nodes 1, 2 and 3 of accounts 11, 12 and 13 earned 1 : 2 : 0, settled in itself.
/// It released 1 % of 1,000 DTEL: 10 DTEL.
pub fn era_three() {
	go_to_era(3);
	score(3, 1, 11, 1);
	score(3, 2, 12, 2);
	score_with(3, 3, 13, 5, BasisPoints::ZERO);
	Rewards::era_settled(3);
}

/// Scores node 1 of account 11 and nobody else in an era, and settles it.
pub fn lone_era(era: EraIndex) {
	score(era, 1, 11, 1);
	Rewards::era_settled(era);
}

/// Asks for the pay of an operator.
pub fn payout(era: EraIndex, owner: AccountId) -> DispatchResultWithPostInfo {
	Rewards::payout(RuntimeOrigin::signed(ANYBODY), era, owner)
}

/// Stakers take some of what they got.
pub fn stakers_take(amount: Balance) {
	if amount > 0 {
		<Balances as Mutate<_>>::transfer(&STAKERS, &TAKER, amount, Preservation::Preserve)
			.unwrap();
		Taken::mutate(|taken| *taken += amount);
	}
}

/// All that stakers got.
pub fn credited() -> Balance {
	Credited::get().into_iter().map(|(_, _, amount)| amount).sum()
}

/// The pallet's own events since the last time that this was asked.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}

/// An account's balance.
pub fn balance(who: AccountId) -> Balance {
	Balances::balance(&who)
}
