//! A runtime with this pallet alone; its neighbours are tables that a test fills.

use crate as pallet_dtel_attestation;
use dtel_primitives::{
	clock::EraClock, AttestorId, Balance, BasisPoints, EraIndex, Hash, MediaKey, NodeId,
};
use dtel_traits::{
	Jail, NodeRegistry, Noticed, Offence, OffenceSink, Offender, QualitySink, ScoreSink, Scored,
	Seen, StakeLedger,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{Hooks, OnInitialize, OnPoll, Randomness},
	weights::{Weight, WeightMeter},
};
use sp_core::{ed25519, Pair};
use sp_runtime::{testing::UintAuthorityId, BuildStorage};
use std::{cell::RefCell, collections::BTreeMap};

pub type AccountId = u64;
pub type TransactionExtension = (frame_system::AuthorizeCall<Test>,);
pub type Header = sp_runtime::generic::Header<u32, sp_runtime::traits::BlakeTwo256>;
pub type Block = sp_runtime::generic::Block<Header, UncheckedExtrinsic>;
pub type UncheckedExtrinsic = sp_runtime::generic::UncheckedExtrinsic<
	u64,
	RuntimeCall,
	UintAuthorityId,
	TransactionExtension,
>;

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
		RuntimeTask
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system::Pallet<Test>;

	#[runtime::pallet_index(1)]
	pub type Attestation = pallet_dtel_attestation::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
}

impl frame_system::offchain::CreateTransactionBase<crate::Call<Test>> for Test {
	type Extrinsic = UncheckedExtrinsic;
	type RuntimeCall = RuntimeCall;
}

impl frame_system::offchain::CreateTransaction<crate::Call<Test>> for Test {
	type Extension = TransactionExtension;
	fn create_transaction(call: RuntimeCall, extension: Self::Extension) -> UncheckedExtrinsic {
		UncheckedExtrinsic::new_transaction(call, extension)
	}
}

impl frame_system::offchain::CreateAuthorizedTransaction<crate::Call<Test>> for Test {
	fn create_extension() -> Self::Extension {
		(frame_system::AuthorizeCall::new(),)
	}
}

/// Ten blocks an era.
pub const TEST_CLOCK: EraClock =
	EraClock { era_blocks: 10, commit_at: 3, reveal_at: 5, settle_at: 8 };

parameter_types! {
	pub static Clock: EraClock = TEST_CLOCK;
	pub static TargetsPerVerifier: u32 = 5;
	pub static PoolEras: u32 = 15;
	pub static WeightCap: BasisPoints = BasisPoints::saturating(2_000);
	pub static LeastSamples: u32 = 3;
	pub static FullScore: BasisPoints = BasisPoints::ONE;
	pub static PayStep: BasisPoints = BasisPoints::ONE;
	pub static ScoreKept: BasisPoints = BasisPoints::saturating(9_000);
	pub static HistoryEras: u32 = 84;
	pub static SnapshotPage: u32 = 32;
	pub static MinimumPerNode: Balance = 100;
}

impl crate::Config for Test {
	type Clock = Clock;
	type Randomness = Dice;
	type Registry = World;
	type Stake = World;
	type Offences = World;
	type Jail = World;
	type Quality = World;
	type Scores = World;
	type TargetsPerVerifier = TargetsPerVerifier;
	type PoolEras = PoolEras;
	type WeightCap = WeightCap;
	type LeastSamples = LeastSamples;
	type FullScore = FullScore;
	type PayStep = PayStep;
	type ScoreKept = ScoreKept;
	type HistoryEras = HistoryEras;
	type SnapshotPage = SnapshotPage;
	type WeightInfo = ();
}

/// Randomness that depends on the subject alone.
pub struct Dice;
impl Randomness<Hash, u32> for Dice {
	fn random(subject: &[u8]) -> (Hash, u32) {
		(sp_io::hashing::blake2_256(subject).into(), 0)
	}
}

/// A registered node.
#[derive(Clone)]
pub struct Node {
	pub owner: AccountId,
	pub attestor: AttestorId,
	pub registered: EraIndex,
	pub candidate: bool,
}

/// Registry, ledger, jail and sinks.
#[derive(Default)]
pub struct Tables {
	pub nodes: BTreeMap<NodeId, Node>,
	pub stakes: BTreeMap<AccountId, Balance>,
	pub jailed: BTreeMap<NodeId, EraIndex>,
	/// Whether an offence jails at once, as in the runtime.
	pub strict: bool,
	pub offences: Vec<Offence<AccountId>>,
	/// What the quality sink was told.
	pub observed: Vec<Seen<AccountId>>,
	pub verified: Vec<(EraIndex, NodeId, AccountId, bool)>,
	pub places: BTreeMap<NodeId, (i16, i16)>,
	pub scores: Vec<Scored<AccountId>>,
	pub settled: Vec<EraIndex>,
}

thread_local! {
	static TABLES: RefCell<Tables> = RefCell::default();
}

pub struct World;

impl World {
	/// Reads or changes the tables.
	pub fn with<R>(f: impl FnOnce(&mut Tables) -> R) -> R {
		TABLES.with(|t| f(&mut t.borrow_mut()))
	}

	/// Registers a node of `owner`, with a stake, since always.
	pub fn node(node: NodeId, owner: AccountId, stake: Balance) {
		Self::with(|t| {
			let attestor = attestor(node).public().into();
			t.nodes.insert(node, Node { owner, attestor, registered: 0, candidate: true });
			t.stakes.insert(owner, stake);
		});
	}
}

/// The key pair of a node's attestor key.
pub fn attestor(node: NodeId) -> sp_core::sr25519::Pair {
	sp_core::sr25519::Pair::from_seed(&seed(1, node))
}

/// The key pair of a node's media key.
pub fn media(node: NodeId) -> ed25519::Pair {
	ed25519::Pair::from_seed(&seed(2, node))
}

/// The secret seed of a key. (A phrase would be derived anew each time, which is slow.)
pub fn seed(kind: u8, node: NodeId) -> [u8; 32] {
	sp_io::hashing::blake2_256(&codec::Encode::encode(&(kind, node)))
}

impl NodeRegistry<AccountId> for World {
	fn owner(node: NodeId) -> Option<AccountId> {
		Self::with(|t| t.nodes.get(&node).map(|n| n.owner))
	}
	fn owned_by(owner: &AccountId) -> u32 {
		Self::with(|t| t.nodes.values().filter(|n| n.owner == *owner).count() as u32)
	}
	fn attestor(node: NodeId, _: EraIndex) -> Option<AttestorId> {
		Self::with(|t| t.nodes.get(&node).map(|n| n.attestor.clone()))
	}
	fn media(node: NodeId, _: EraIndex) -> Option<MediaKey> {
		Self::with(|t| t.nodes.contains_key(&node).then(|| media(node).public()))
	}
	fn place(node: NodeId, _: EraIndex) -> Option<(i16, i16)> {
		Self::with(|t| t.places.get(&node).copied())
	}
	fn declared_kbps(_: NodeId) -> u32 {
		DECLARED_KBPS
	}
	fn is_candidate(node: NodeId, era: EraIndex) -> bool {
		Self::with(|t| t.nodes.get(&node).is_some_and(|n| n.candidate && n.registered <= era))
	}
	fn page(after: Option<NodeId>, limit: u32) -> Vec<NodeId> {
		use std::ops::Bound::{Excluded, Unbounded};
		Self::with(|t| {
			let from = after.map_or(Unbounded, Excluded);
			t.nodes.range((from, Unbounded)).map(|(n, _)| *n).take(limit as usize).collect()
		})
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_node(owner: &AccountId, attestor: AttestorId) -> NodeId {
		Self::with(|t| {
			let node = t.nodes.keys().last().map_or(0, |n| n + 1);
			let owner = *owner;
			t.nodes.insert(node, Node { owner, attestor, registered: 0, candidate: true });
			node
		})
	}
}

impl StakeLedger<AccountId> for World {
	fn active(owner: &AccountId, _: EraIndex) -> Balance {
		Self::with(|t| t.stakes.get(owner).copied().unwrap_or(0))
	}
	fn minimum_per_node() -> Balance {
		MinimumPerNode::get()
	}
	fn answers_until(_: EraIndex) -> EraIndex {
		unreachable!("attestation never slashes")
	}
	fn slash(_: &AccountId, _: sp_runtime::Perbill, _: EraIndex) -> Balance {
		unreachable!("attestation never slashes")
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_stake(owner: &AccountId, amount: Balance) {
		Self::with(|t| t.stakes.insert(*owner, amount));
	}
}

impl OffenceSink<AccountId> for World {
	fn report(offence: Offence<AccountId>) {
		Self::with(|t| {
			if t.strict {
				let Offender::Node(node) = offence.offender else { unreachable!() };
				t.jailed.entry(node).or_insert(offence.era);
			}
			t.offences.push(offence)
		});
	}
}

impl QualitySink<AccountId> for World {
	fn observed(seen: Seen<AccountId>) -> Noticed {
		Self::with(|t| t.observed.push(seen));
		Noticed::default()
	}
	fn verified(era: EraIndex, node: NodeId, owner: &AccountId, outlier: bool) -> Noticed {
		Self::with(|t| t.verified.push((era, node, *owner, outlier)));
		Noticed::default()
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_watched(_: NodeId) {}
}

impl Jail<AccountId> for World {
	fn is_jailed(node: NodeId) -> bool {
		Self::with(|t| t.jailed.contains_key(&node))
	}
	fn jailed_since(node: NodeId) -> Option<EraIndex> {
		Self::with(|t| t.jailed.get(&node).copied())
	}
	fn jailed_until(node: NodeId) -> Option<EraIndex> {
		Self::jailed_since(node).map(|era| era + 1)
	}
	fn is_operator_jailed(_: &AccountId) -> bool {
		unreachable!("attestation asks for nodes")
	}
	fn is_validator_jailed(_: &AccountId) -> bool {
		unreachable!("attestation asks for nodes")
	}
}

impl ScoreSink<AccountId> for World {
	/// A point for each kbit/s of who is paid.
	fn scored(scored: Scored<AccountId>) -> u128 {
		let points = if scored.score == BasisPoints::ZERO { 0 } else { scored.kbps.into() };
		Self::with(|t| t.scores.push(scored));
		points
	}
	fn era_settled(era: EraIndex) {
		Self::with(|t| t.settled.push(era));
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_scores(_: EraIndex, _: &AccountId) {}
}

/// What every node declares.
pub const DECLARED_KBPS: u32 = 1_000_000;

/// Externalities at block 1 with empty tables.
pub fn new_test_ext() -> sp_io::TestExternalities {
	World::with(|t| *t = Tables::default());
	// Tests may share a thread.
	Clock::set(TEST_CLOCK);
	TargetsPerVerifier::set(5);
	PoolEras::set(15);
	LeastSamples::set(3);
	FullScore::set(BasisPoints::ONE);
	PayStep::set(BasisPoints::ONE);
	HistoryEras::set(84);
	SnapshotPage::set(32);
	MinimumPerNode::set(100);
	let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
	let mut ext = sp_io::TestExternalities::from(storage);
	ext.execute_with(|| System::set_block_number(1));
	ext
}

/// Runs `test`, then checks every invariant.
pub fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		Attestation::do_try_state().unwrap();
	});
}

/// Begins a block: initialises it and lets the pallet poll with `weight` to spend.
pub fn begin_block(number: u32, weight: Weight) {
	System::set_block_number(number);
	<Attestation as OnInitialize<u32>>::on_initialize(number);
	let mut meter = WeightMeter::with_limit(weight);
	<Attestation as OnPoll<u32>>::on_poll(number, &mut meter);
}

/// Runs blocks, empty but for what hooks do, up to the beginning of block `number`.
pub fn roll_to(number: u32) {
	while System::block_number() < number {
		let now = System::block_number();
		<Attestation as Hooks<u32>>::on_idle(now, Weight::MAX);
		begin_block(now + 1, Weight::MAX);
	}
}

/// Rolls to the first block of a phase.
pub fn roll_to_phase(era: EraIndex, phase: dtel_primitives::clock::Phase) {
	use dtel_primitives::clock::Phase;
	let clock = Clock::get();
	let offset = match phase {
		Phase::Measure => 0,
		Phase::Commit => clock.commit_at,
		Phase::Reveal => clock.reveal_at,
		Phase::Settle => clock.settle_at,
	};
	roll_to(clock.first_block(era) + offset);
}

/// Rolls to the last block of an era, in which it is settled.
pub fn roll_to_end(era: EraIndex) {
	roll_to(Clock::get().first_block(era + 1) - 1);
}
