//! A chain of balances and claims. Grants are a fake that freezes; governance is root, and the treasury funds.

use crate as pallet_dtel_claims;
use codec::Encode;
use dtel_primitives::{
	airdrop::{domain, AirdropId, Label, LeafIndex, Plan, Progress, Proof, Tree},
	vesting::Terms,
	Balance, BasisPoints, BlockNumber, Hash, DTEL,
};
use dtel_traits::Grants;
use frame_support::{
	derive_impl, ensure,
	pallet_prelude::{DispatchResultWithPostInfo, ValueQuery},
	parameter_types, storage_alias,
	traits::{
		fungible::{Inspect, InspectFreeze, Mutate, MutateFreeze},
		tokens::Preservation,
		ConstU32, Contains, EverythingBut,
	},
	Blake2_128Concat, PalletId,
};
use frame_system::EnsureRootWithSuccess;
use sp_runtime::{traits::Dispatchable, BuildStorage, DispatchError, DispatchResult};

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
	pub type Claims = pallet_dtel_claims;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
	type AccountId = AccountId;
	type Lookup = sp_runtime::traits::IdentityLookup<AccountId>;
}

/// Wide enough for the whole identifier of an airdrop's account.
pub type AccountId = u128;

/// The existential deposit.
pub const ED: Balance = DTEL / 100;
/// Who funds.
pub const TREASURY: AccountId = 77;
/// What the treasury has at first.
pub const FUNDS: Balance = 1_000_000 * DTEL;
/// An account with money of its own.
pub const ANYBODY: AccountId = 99;
/// A pallet's account, which may not be paid.
pub const MODULE: AccountId = 66;
/// Notice of every airdrop, in blocks.
pub const NOTICE: BlockNumber = 10;
/// Most grants of an account.
pub const MAX_GRANTS: usize = 2;
/// The least that is granted.
pub const MIN_GRANT: Balance = DTEL / 1_000;
/// Frozen by grants.
pub const FREEZE: u8 = 1;

parameter_types! {
	pub const ExistentialDeposit: Balance = ED;
	pub const ClaimsId: PalletId = PalletId(*b"dtel/clm");
	pub const Treasury: AccountId = TREASURY;
	pub static MinNotice: BlockNumber = NOTICE;
	pub static MinWindow: BlockNumber = 20;
	pub static MaxWindow: BlockNumber = 1_000;
	pub static MaxLeaves: u32 = 1 << 20;
	pub static MaxAirdrops: u32 = 4;
}

/// The module's account.
pub struct Modules;

impl Contains<AccountId> for Modules {
	fn contains(who: &AccountId) -> bool {
		*who == MODULE
	}
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
	type FreezeIdentifier = u8;
	type MaxFreezes = ConstU32<4>;
}

impl crate::Config for Test {
	type Currency = Balances;
	type AdminOrigin = EnsureRootWithSuccess<AccountId, Treasury>;
	type Grants = FakeGrants;
	type Receivers = EverythingBut<Modules>;
	type PalletId = ClaimsId;
	type MinNotice = MinNotice;
	type MinWindow = MinWindow;
	type MaxWindow = MaxWindow;
	type MaxLeaves = MaxLeaves;
	type MaxAirdrops = MaxAirdrops;
	type WeightInfo = ();
}

/// What an account was granted.
#[storage_alias]
pub type Granted = StorageMap<Fake, Blake2_128Concat, AccountId, Vec<(Balance, Terms)>, ValueQuery>;

/// Grants that freeze all, for ever. They move the tokens before they refuse.
pub struct FakeGrants;

impl Grants<AccountId> for FakeGrants {
	fn check(terms: &Terms) -> DispatchResult {
		let in_order = terms.start <= terms.cliff && terms.cliff <= terms.end;
		ensure!(in_order && terms.start < terms.end, DispatchError::Other("terms"));
		let length = terms.end - terms.start;
		ensure!((1..=length).contains(&terms.period), DispatchError::Other("period"));
		Ok(())
	}

	fn grant(from: &AccountId, to: &AccountId, amount: Balance, terms: Terms) -> DispatchResult {
		Self::check(&terms)?;
		// As careless about the giver as it may be.
		<Balances as Mutate<_>>::transfer(from, to, amount, Preservation::Expendable)?;
		let mut all = Granted::get(to);
		ensure!(all.len() < MAX_GRANTS, DispatchError::Other("list is full"));
		ensure!(amount >= MIN_GRANT, DispatchError::Other("too little"));
		all.push((amount, terms));
		Balances::set_freeze(&FREEZE, to, all.iter().map(|(amount, _)| amount).sum())?;
		Granted::insert(to, all);
		Ok(())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_grant(to: &AccountId) -> (Terms, Balance) {
		let terms = vesting(100);
		Granted::insert(to, vec![(0, terms); MAX_GRANTS - 1]);
		(terms, DTEL)
	}
}

/// Terms that end at a block.
pub fn vesting(end: BlockNumber) -> Terms {
	Terms { start: 5, cliff: 7, end, at_start: BasisPoints::ZERO, period: 1 }
}

/// Builds externalities.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
	pub fn build(self) -> sp_io::TestExternalities {
		// Tests may share a thread.
		MinNotice::set(NOTICE);
		MinWindow::set(20);
		MaxWindow::set(1_000);
		MaxLeaves::set(1 << 20);
		MaxAirdrops::set(4);
		let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		let balances = vec![(TREASURY, FUNDS), (ANYBODY, DTEL)];
		pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
			.assimilate_storage(&mut storage)
			.unwrap();
		let mut ext = sp_io::TestExternalities::new(storage);
		ext.execute_with(|| System::set_block_number(1));
		ext
	}

	/// Runs a test, then checks every invariant and that no token was made or lost.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			let issued = Balances::total_issuance();
			test();
			Claims::do_try_state().unwrap();
			assert_eq!(Balances::total_issuance(), issued, "issuance changed");
		});
	}
}

/// Externalities for benchmark tests.
#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
	ExtBuilder.build()
}

/// A list and its tree.
#[derive(Clone, Debug)]
pub struct Listed {
	pub label: Label,
	pub list: Vec<(AccountId, Balance)>,
	pub tree: Tree,
}

impl Listed {
	/// The tree of a list on this chain.
	pub fn new(label: &str, list: Vec<(AccountId, Balance)>) -> Self {
		let total = list.iter().map(|(_, amount)| amount).sum();
		Self::with_total(label, list, total)
	}

	/// The same, of a list that says its sum is another.
	pub fn with_total(label: &str, list: Vec<(AccountId, Balance)>, total: Balance) -> Self {
		let label = Label::try_from(label.as_bytes().to_vec()).unwrap();
		let domain = domain(&Claims::genesis_hash(), &label, list.len() as u32, total);
		let tree = Tree::of(&domain, list.iter().map(|(who, amount)| (who, *amount))).unwrap();
		Self { label, list, tree }
	}

	/// Accounts 1 to n, each with so many DTEL as its number.
	pub fn of(accounts: u32) -> Self {
		let amount = |n| DTEL * Balance::from(n);
		Self::new("test", (1..=accounts).map(|n| (n.into(), amount(n))).collect())
	}

	/// Its sum.
	pub fn total(&self) -> Balance {
		self.list.iter().map(|(_, amount)| amount).sum()
	}

	/// A plan for it, with the soonest and shortest window.
	pub fn plan(&self) -> Plan {
		let opens = Claims::now().saturating_add(MinNotice::get());
		Plan {
			label: self.label.clone(),
			root: self.tree.root(),
			leaves: self.list.len() as u32,
			amount: self.total(),
			opens,
			closes: opens.saturating_add(MinWindow::get()),
			vesting: None,
		}
	}

	/// Claims a place of it for whom it is for.
	pub fn claim(&self, airdrop: AirdropId, index: LeafIndex) -> DispatchResultWithPostInfo {
		let (who, amount) = self.list[index as usize];
		claim(airdrop, index, who, amount, self.tree.proof(index).unwrap())
	}
}

/// Makes an airdrop and says its number.
pub fn create(plan: Plan) -> AirdropId {
	let next = crate::NextId::<Test>::get();
	Claims::create(RuntimeOrigin::root(), plan).unwrap();
	assert_eq!(crate::NextId::<Test>::get(), next + 1);
	next
}

/// Makes an airdrop and goes to the first block of its window.
pub fn open(plan: Plan) -> AirdropId {
	let opens = plan.opens;
	let airdrop = create(plan);
	go_to(opens);
	airdrop
}

/// A stranger signs a call, which is dispatched as on a chain: what it wrote before it failed is undone.
fn dispatch(call: crate::Call<Test>) -> DispatchResultWithPostInfo {
	RuntimeCall::Claims(call).dispatch(RuntimeOrigin::signed(ANYBODY))
}

/// Signs `claim` as a stranger.
pub fn claim(
	airdrop: AirdropId,
	index: LeafIndex,
	who: AccountId,
	amount: Balance,
	proof: Proof,
) -> DispatchResultWithPostInfo {
	dispatch(crate::Call::claim { airdrop, index, who, amount, proof })
}

/// Signs `close` as a stranger.
pub fn close(airdrop: AirdropId) -> DispatchResultWithPostInfo {
	dispatch(crate::Call::close { airdrop })
}

/// Signs `prune` as a stranger.
pub fn prune(airdrop: AirdropId, limit: u32) -> DispatchResultWithPostInfo {
	dispatch(crate::Call::prune { airdrop, limit })
}

/// Goes to a block without running any hook.
pub fn go_to(block: BlockNumber) {
	System::set_block_number(block.into());
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

/// What of it is frozen.
pub fn frozen(who: AccountId) -> Balance {
	Balances::balance_frozen(&FREEZE, &who)
}

/// Moves money between accounts.
pub fn send(from: AccountId, to: AccountId, amount: Balance) {
	<Balances as Mutate<_>>::transfer(&from, &to, amount, Preservation::Preserve).unwrap();
}

/// How far an airdrop is.
pub fn progress(airdrop: AirdropId) -> Progress {
	Claims::airdrop(airdrop).unwrap().progress
}

/// Another hash with one bit of it changed.
pub fn flip(hash: Hash) -> Hash {
	let mut bytes = hash.0;
	bytes[31] ^= 1;
	Hash::from(bytes)
}

/// A leaf of this chain's rules with its bytes written out.
pub fn bytes_of(value: impl Encode) -> Vec<u8> {
	value.encode()
}
