//! A chain at genesis, people on it, and blocks of those pallets that governance is made of.

use dtel_primitives::{Balance, BlockNumber, DTEL};
use dtel_runtime::{
	configs::fees, genesis_presets, governance::origins::Origin, AccountId, Balances, OriginCaller,
	Preimage, Referenda, Runtime, RuntimeCall, RuntimeEvent, RuntimeGenesisConfig, RuntimeOrigin,
	SafeMode, Scheduler, System, Treasury,
};
use frame_support::{
	assert_ok,
	traits::{
		fungible::Inspect, schedule::DispatchTime, Get, Hooks, StorePreimage, TryState,
		TryStateSelect,
	},
};
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor};
use sp_core::{crypto::get_public_from_string_or_panic, sr25519};
use sp_runtime::{traits::Dispatchable, BuildStorage, DispatchResult};

/// What each of the people holds at genesis.
pub const ENDOWMENT: Balance = 1_000_000 * DTEL;
/// All who can vote, in alphabetical order but for the first.
pub const PEOPLE: [&str; 13] = [
	"Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "App", "Op1", "Op2", "Op3", "Op4", "Op5",
	"Op6",
];

/// The development chain, on which an hour of governance is a block.
pub fn chain() -> sp_io::TestExternalities {
	chain_of_hours(1)
}

/// The same with so many blocks in an hour.
pub fn chain_of_hours(blocks: u32) -> sp_io::TestExternalities {
	let preset = genesis_presets::get_preset(&"development".into()).expect("exists");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
	merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
	let mut genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
	genesis.setup.parameters.hour_blocks = blocks;
	let mut ext: sp_io::TestExternalities = genesis.build_storage().expect("builds").into();
	ext.execute_with(|| System::set_block_number(1));
	ext
}

fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
	match (base, patch) {
		(serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(serde_json::Value::Null), value);
			}
		}
		(base, patch) => *base = patch,
	}
}

pub fn who(name: &str) -> AccountId {
	get_public_from_string_or_panic::<sr25519::Public>(name).into()
}

pub fn signed(name: &str) -> RuntimeOrigin {
	RuntimeOrigin::signed(who(name))
}

/// Root, as a referendum's origin.
pub fn root() -> OriginCaller {
	frame_system::RawOrigin::Root.into()
}

pub fn treasury() -> AccountId {
	<fees::Treasury as Get<AccountId>>::get()
}

pub fn now() -> BlockNumber {
	System::block_number()
}

/// Begins a block: what is scheduled is done, the treasury pays, safe mode ends.
pub fn next_block() {
	let number = now() + 1;
	System::reset_events();
	System::set_block_number(number);
	Scheduler::on_initialize(number);
	Treasury::on_initialize(number);
	SafeMode::on_initialize(number);
}

pub fn run_to(block: BlockNumber) {
	while now() < block {
		next_block();
	}
}

/// Dispatches as an account, through the filters.
pub fn call(name: &str, call: impl Into<RuntimeCall>) -> DispatchResult {
	dispatch(signed(name), call)
}

/// Dispatches as an origin, through its filters.
pub fn dispatch(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> DispatchResult {
	call.into().dispatch(origin).map(|_| ()).map_err(|failed| failed.error)
}

/// Something harmless that shows that it was done.
pub fn mark(what: &str) -> RuntimeCall {
	frame_system::Call::remark_with_event { remark: what.as_bytes().to_vec() }.into()
}

/// Something that only Root can do, of which storage keeps a trace.
pub fn put(key: &[u8]) -> RuntimeCall {
	frame_system::Call::set_storage { items: vec![(key.to_vec(), vec![1])] }.into()
}

/// Whether it was done.
pub fn is_put(key: &[u8]) -> bool {
	sp_io::storage::get(key).is_some()
}

/// Proposes a call under an origin, to be enacted as early as the track allows, and returns the referendum's number.
pub fn submit(name: &str, origin: impl Into<OriginCaller>, proposal: RuntimeCall) -> u32 {
	submit_for(name, origin, proposal, DispatchTime::After(0))
}

pub fn submit_for(
	name: &str,
	origin: impl Into<OriginCaller>,
	proposal: RuntimeCall,
	when: DispatchTime<BlockNumber>,
) -> u32 {
	let index = pallet_referenda::ReferendumCount::<Runtime>::get();
	let proposal = <Preimage as StorePreimage>::bound(proposal).expect("short enough");
	assert_ok!(Referenda::submit(signed(name), Box::new(origin.into()), proposal, when));
	index
}

/// The same, with the deposit that has it decided.
pub fn propose(name: &str, origin: impl Into<OriginCaller>, proposal: RuntimeCall) -> u32 {
	let index = submit(name, origin, proposal);
	assert_ok!(Referenda::place_decision_deposit(signed(name), index));
	index
}

pub fn standard(aye: bool, conviction: Conviction, balance: Balance) -> AccountVote<Balance> {
	AccountVote::Standard { vote: Vote { aye, conviction }, balance }
}

pub fn vote(name: &str, index: u32, vote: AccountVote<Balance>) -> DispatchResult {
	call(name, pallet_conviction_voting::Call::vote { poll_index: index, vote })
}

/// Votes of so many of the people, each with nearly all they have, without a lock.
pub fn ayes(people: &[&str], index: u32) {
	for name in people {
		let all = Balances::total_balance(&who(name));
		assert_ok!(vote(name, index, standard(true, Conviction::None, all)));
	}
}

pub fn info(index: u32) -> pallet_referenda::ReferendumInfoOf<Runtime, ()> {
	ReferendumInfoFor::<Runtime>::get(index).expect("submitted")
}

pub fn status(index: u32) -> pallet_referenda::ReferendumStatusOf<Runtime, ()> {
	match info(index) {
		ReferendumInfo::Ongoing(status) => status,
		other => panic!("{index} is over: {other:?}"),
	}
}

pub fn is_approved(index: u32) -> bool {
	matches!(info(index), ReferendumInfo::Approved(..))
}

/// In which block its confirmation ends, if it is being confirmed.
pub fn confirming(index: u32) -> Option<BlockNumber> {
	status(index).deciding.and_then(|deciding| deciding.confirming)
}

/// Whether exactly this happened since the block began.
pub fn happened(event: impl Into<RuntimeEvent>) -> bool {
	let event = event.into();
	System::events().into_iter().any(|record| record.event == event)
}

pub fn members(ayes: u32, of: u32) -> RuntimeOrigin {
	pallet_collective::RawOrigin::<AccountId, dtel_runtime::governance::Technical>::Members(
		ayes, of,
	)
	.into()
}

/// Every origin of a referendum but Root.
pub const CUSTOM: [Origin; 13] = [
	Origin::WhitelistedCaller,
	Origin::ParameterAdmin,
	Origin::StakingAdmin,
	Origin::PenaltyAdmin,
	Origin::RegistryAdmin,
	Origin::Treasurer,
	Origin::EmergencyAdmin,
	Origin::ReferendumCanceller,
	Origin::ReferendumKiller,
	Origin::Tipper,
	Origin::SmallSpender,
	Origin::MediumSpender,
	Origin::BigSpender,
];

/// What governance's pallets say of their own storage.
pub fn check() {
	use dtel_runtime::{ConvictionVoting, Emergency};
	let all = TryStateSelect::All;
	assert_ok!(<Referenda as TryState<u32>>::try_state(now(), all.clone()));
	assert_ok!(<ConvictionVoting as TryState<u32>>::try_state(now(), all.clone()));
	assert_ok!(<Scheduler as TryState<u32>>::try_state(now(), all.clone()));
	assert_ok!(<Preimage as TryState<u32>>::try_state(now(), all.clone()));
	assert_ok!(<Treasury as TryState<u32>>::try_state(now(), all.clone()));
	assert_ok!(<Balances as TryState<u32>>::try_state(now(), all.clone()));
	assert_ok!(<Emergency as TryState<u32>>::try_state(now(), all));
}
