//! That pallets use what was set, seen from outside of them.

use super::*;
use dtel_math::money::{part_floor, release_floor};
use dtel_primitives::{
	attestor::AttestorPair,
	clock::EraClock,
	node::{Capabilities, Region, SoftwareVersion},
	offence::{Evidence, Offender},
	BasisPoints, MediaKey,
};
use dtel_runtime::{
	configs::fees, setup, AccountId, Attestation, Balances, Penalties, Registry, Rewards,
	RuntimeHoldReason, Staking, System, TransactionPayment, Treasury, Validators,
};
use dtel_traits::{Eligibility, Offence, OffenceSink, ScoreSink, Scored};
use frame_support::{
	assert_noop,
	dispatch::GetDispatchInfo,
	traits::{
		fungible::{Inspect, InspectHold},
		TryState, TryStateSelect,
	},
};
use sp_core::Pair;
use sp_runtime::{traits::DispatchTransaction, Permill};

type StakingError = pallet_dtel_staking::Error<Runtime>;
type RegistryError = pallet_dtel_registry::Error<Runtime>;

#[test]
fn the_pallets_use_every_parameter() {
	for key in keys() {
		let effect = effect(key);
		chain().execute_with(|| {
			effect(key);
			check();
		});
	}
}

/// What a parameter is seen by.
fn effect(key: [u8; 2]) -> fn([u8; 2]) {
	match key {
		[0, 0] => least_bond,
		[0, 1] => least_delegation,
		[0, 2] => stake_per_node,
		[0, 3] => floor_of_validators,
		[1, 0] => stake_per_mbps,
		[1, 1] => yearly_release,
		[1, 2] => shares,
		[2, 0] => bond_of_an_appeal,
		[3, 0] => deposit_of_a_node,
		[3, 1] => deposit_of_its_bytes,
		[3, 2] => deposit_of_a_client,
		[3, 3] => limit_of_a_client,
		[3, 4] => nodes_of_an_operator,
		[4, 0] => price_of_weight,
		[4, 1] => price_of_a_byte,
		[4, 2] => burned_fees,
		[5, 0] => burned_treasury,
		[5, 1] => deposit_of_a_referendum,
		[5, 2] => deposit_of_safe_mode,
		[6, 0] => budget_of_probes,
		_ => panic!("say what is seen of {key:?}"),
	}
}

fn held(reason: impl Into<RuntimeHoldReason>, name: &str) -> Balance {
	Balances::balance_on_hold(&reason.into(), &who(name))
}

fn bond(name: &str, amount: Balance) -> Result<(), DispatchError> {
	Staking::bond(signed(name), amount, Default::default())
}

fn go_to_era(era: u32) {
	let clock = <setup::Clock<Runtime> as Get<EraClock>>::get();
	System::set_block_number(clock.first_block(era) + 1);
}

fn least_bond(key: [u8; 2]) {
	assert_noop!(bond("Op1", 1_000 * DTEL - 1), StakingError::BelowMinimum);
	settle(key, 100 * DTEL);
	assert_noop!(bond("Op1", 100 * DTEL - 1), StakingError::BelowMinimum);
	assert_ok!(bond("Op1", 100 * DTEL));
}

fn least_delegation(key: [u8; 2]) {
	assert_ok!(bond("Op1", 10_000 * DTEL));
	let delegate = |amount| Staking::delegate(signed("Bob"), who("Op1"), amount);
	assert_noop!(delegate(10 * DTEL - 1), StakingError::BelowMinimum);
	settle(key, DTEL);
	assert_noop!(delegate(DTEL - 1), StakingError::BelowMinimum);
	assert_ok!(delegate(DTEL));
}

fn stake_per_node(key: [u8; 2]) {
	assert_ok!(bond("Op1", 5_000 * DTEL));
	assert_ok!(register("Op1", 1));
	go_to_era(1);
	let stake = || <Attestation as Eligibility<AccountId>>::eligible_stake(0, &who("Op1"), 1);
	assert_eq!(stake(), None);
	settle(key, 5_000 * DTEL + 1);
	assert_eq!(stake(), None);
	settle(key, 5_000 * DTEL);
	assert_eq!(stake(), Some(5_000 * DTEL));
}

/// Alice is the validator of genesis, and has keys.
fn floor_of_validators(key: [u8; 2]) {
	assert_ok!(bond("Alice", 20_000 * DTEL));
	go_to_era(1);
	let below = pallet_dtel_validators::Error::<Runtime>::BelowFloor;
	assert_eq!(Validators::validate(signed("Alice")).map_err(|e| e.error), Err(below.into()));
	settle(key, 20_000 * DTEL);
	assert_ok!(Validators::validate(signed("Alice")));
}

fn stake_per_mbps(key: [u8; 2]) {
	assert_ok!(bond("Op1", 10_000 * DTEL));
	go_to_era(1);
	let points = |node| {
		let (owner, stake, score) = (who("Op1"), 10_000 * DTEL, BasisPoints::ONE);
		Rewards::scored(Scored { era: 1, node, owner, stake, kbps: 10_000_000, score, duty: 0 })
	};
	let before = points(0);
	assert!(before > 0);
	settle(key, 10 * DTEL);
	assert_eq!(points(1), 10 * before, "a tenth of the stake counts as much");
}

/// What an era released to the treasury, and the whole of which that was a part.
fn release() -> (Balance, Balance) {
	assert_ok!(bond("Op1", 10_000 * DTEL));
	go_to_era(1);
	Rewards::era_settled(0);
	let (owner, stake, score) = (who("Op1"), 10_000 * DTEL, BasisPoints::ONE);
	Rewards::scored(Scored { era: 1, node: 0, owner, stake, kbps: 1_000, score, duty: 5 });
	let reserve = Balances::balance(&Rewards::reserve_account());
	let kept = <fees::ExistentialDeposit as Get<Balance>>::get();
	let millis = <setup::EraMillis<Runtime> as Get<u64>>::get();
	let whole = release_floor(reserve - kept, parameters::YearlyRelease::get(), millis);
	Rewards::era_settled(1);
	(Rewards::era_pay(1).expect("settled").treasury, whole.expect("fits"))
}

fn yearly_release(key: [u8; 2]) {
	let before = parameters::YearlyRelease::get();
	settle(key, 2_000);
	assert_eq!(parameters::YearlyRelease::get().deconstruct(), 2 * before.deconstruct());
	let (treasury, whole) = release();
	assert!(treasury > 0);
	assert_eq!(treasury, part_floor(whole, BasisPoints::saturating(500)));
}

fn shares(key: [u8; 2]) {
	let wanted = (5_500u16, 2_400u16, 100u16, 2_000u16).encode();
	let call = set_to(key, &wanted).expect("whole");
	assert_ok!(dispatch(Origin::ParameterAdmin.into(), call));
	let (treasury, whole) = release();
	assert!(treasury > 0);
	assert_eq!(treasury, part_floor(whole, BasisPoints::saturating(2_000)));
}

fn bond_of_an_appeal(key: [u8; 2]) {
	assert_ok!(bond("Op1", 10_000 * DTEL));
	assert_ok!(register("Op1", 1));
	go_to_era(1);
	let evidence = Evidence::Unavailable { assigned: 5, reported: 5, down: 0, measured: 0 };
	let (offender, owner) = (Offender::Node(0), who("Op1"));
	Penalties::report(Offence { era: 1, offender, owner, evidence });
	settle(key, 3 * DTEL);
	assert_ok!(Penalties::appeal(signed("Op1"), 0));
	assert_eq!(held(pallet_dtel_penalties::HoldReason::Appeal, "Op1"), 3 * DTEL);
}

/// What a node says of itself; 14 and 17 bytes of it are paid for.
fn register(name: &str, number: u32) -> Result<(), DispatchError> {
	let seed = format!("//{name}//{number}");
	let attestor = AttestorPair::from_string(&seed, None).expect("a seed");
	let declaration = pallet_dtel_registry::Declaration {
		domain: format!("127.0.0.1:{:04}", 7_000 + number).into_bytes().try_into().expect("short"),
		region: Region { country: *b"DE", lat: 525, lon: 134 },
		capabilities: Capabilities::SFU,
		declared_kbps: 100_000,
		version: SoftwareVersion::new(b"dtel-worker/0.1.0").expect("a version"),
		did: None,
	};
	let media = media(&seed);
	Registry::register(signed(name), declaration, attestor.public(), media)
}

fn media(seed: &str) -> MediaKey {
	sp_core::ed25519::Pair::from_string(seed, None).expect("a seed").public()
}

fn deposit_of_a_node(key: [u8; 2]) {
	settle(key, 5 * DTEL);
	assert_ok!(register("Op1", 1));
	assert_eq!(held(pallet_dtel_registry::HoldReason::Node, "Op1"), 5 * DTEL + 31 * MILLI / 5);
}

fn deposit_of_its_bytes(key: [u8; 2]) {
	settle(key, 100 * MILLI);
	assert_ok!(register("Op1", 1));
	assert_eq!(held(pallet_dtel_registry::HoldReason::Node, "Op1"), (948 + 3_100) * MILLI);
}

fn add_client(name: &str, limit: u32) -> Result<(), DispatchError> {
	Registry::add_client(signed(name), media("//client"), None, limit)
}

fn deposit_of_a_client(key: [u8; 2]) {
	settle(key, 2 * DTEL);
	assert_ok!(add_client("App", 10));
	assert_eq!(held(pallet_dtel_registry::HoldReason::Client, "App"), 2 * DTEL);
}

fn limit_of_a_client(key: [u8; 2]) {
	assert_noop!(add_client("App", 100_001), RegistryError::LimitTooHigh);
	settle(key, 1_000_000);
	assert_noop!(add_client("App", 1_000_001), RegistryError::LimitTooHigh);
	assert_ok!(add_client("App", 1_000_000));
	lowered(key, 100);
	let renew = Registry::renew_client(signed("App"), media("//client"), None, 101);
	assert_eq!(renew, Err(RegistryError::LimitTooHigh.into()));
}

fn nodes_of_an_operator(key: [u8; 2]) {
	assert_ok!(register("Op1", 1));
	assert_ok!(register("Op1", 2));
	lowered(key, 1);
	assert_noop!(register("Op1", 3), RegistryError::TooManyNodes);
	assert_ok!(register("Op2", 4));
	assert_noop!(register("Op2", 5), RegistryError::TooManyNodes);
}

/// A limit that is lowered leaves what was there before it: that breaks no invariant.
fn lowered(key: [u8; 2], limit: u128) {
	settle(key, limit);
	assert_ok!(<Registry as TryState<u32>>::try_state(now(), TryStateSelect::All));
}

/// The parts of a transfer's fee: for being there at all, for its bytes, for its weight.
fn fee() -> (Balance, Balance, Balance) {
	let dest = who("Eve").into();
	let call = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value: 1 });
	let details = TransactionPayment::compute_fee_details(150, &call.get_dispatch_info(), 0);
	let fee = details.inclusion_fee.expect("it pays");
	(fee.base_fee, fee.len_fee, fee.adjusted_weight_fee)
}

fn price_of_weight(key: [u8; 2]) {
	let (base, len, weight) = fee();
	assert!(base > 0 && len > 0 && weight > 0);
	settle(key, 10_000_000);
	assert_eq!(fee(), (10 * base, len, 10 * weight));
}

fn price_of_a_byte(key: [u8; 2]) {
	let (base, len, weight) = fee();
	settle(key, MILLI / 10);
	assert_eq!(fee(), (base, 10 * len, weight));
}

/// What somebody pays for a transaction, with a tip of a DTEL among it.
fn pay() -> Balance {
	let before = Balances::balance(&who("Bob"));
	let (call, tip) = (mark("paid for"), DTEL);
	let charge = pallet_transaction_payment::ChargeTransactionPayment::<Runtime>::from(tip);
	let info = call.get_dispatch_info();
	let paid = charge.test_run(signed("Bob"), &call, &info, 100, 0, |_| Ok(Default::default()));
	assert_ok!(paid.expect("valid"));
	before - Balances::balance(&who("Bob"))
}

fn burned_fees(key: [u8; 2]) {
	let figures = || (Balances::total_issuance(), Balances::balance(&treasury()));
	let (issued, kept) = figures();
	let paid = pay();
	assert_eq!(figures(), (issued, kept + paid), "none at genesis");
	settle(key, 5_000);
	let (issued, kept) = figures();
	let paid = pay();
	let burned = (paid - DTEL) / 2;
	assert!(burned > 0);
	assert_eq!(figures(), (issued - burned, kept + paid - burned), "and nothing of the tip");
}

fn burned_treasury(key: [u8; 2]) {
	let issued = Balances::total_issuance();
	run_to(2 * setup::days(7) + 1);
	assert_eq!(Balances::total_issuance(), issued, "none at genesis");
	settle(key, 100);
	let pot = Treasury::pot();
	run_to(3 * setup::days(7));
	assert_eq!(issued - Balances::total_issuance(), Permill::from_percent(1) * pot);
	assert_eq!(Treasury::pot(), pot - Permill::from_percent(1) * pot);
}

fn deposit_of_a_referendum(key: [u8; 2]) {
	settle(key, 5 * DTEL);
	submit("Bob", root(), mark("one"));
	assert_eq!(Balances::reserved_balance(who("Bob")), 5 * DTEL);
}

/// Daemons read it; no pallet does.
fn budget_of_probes(key: [u8; 2]) {
	use dtel_primitives::api::runtime_decl_for_dtel_api::DtelApiV1;
	let told = || <Runtime as DtelApiV1<dtel_runtime::Block>>::probe_megabytes();
	assert_eq!(told(), 64);
	settle(key, 777);
	assert_eq!(told(), 777);
}

fn deposit_of_safe_mode(key: [u8; 2]) {
	settle(key, 100_000 * DTEL);
	assert_ok!(call("Bob", pallet_safe_mode::Call::enter {}));
	assert_eq!(held(pallet_safe_mode::HoldReason::EnterOrExtend, "Bob"), 100_000 * DTEL);
}
