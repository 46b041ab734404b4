//! Rewards in the real runtime: authors, disputes, and what clients are told.

use dtel_math::money::{part_floor, release_floor, share_floor};
use dtel_primitives::{
	api::runtime_decl_for_dtel_api::DtelApiV1,
	clock::EraClock,
	offence::{Evidence, Offender},
	reward::PayState,
	stake::Commission,
	Balance, BasisPoints, Hash, DTEL,
};
use dtel_runtime::{
	configs::{consensus::PaidAuthors, fees, quality},
	genesis_presets, setup, AccountId, Balances, Penalties, Rewards, Runtime, RuntimeGenesisConfig,
	RuntimeOrigin, Staking, System,
};
use dtel_traits::{Offence, OffenceSink, ScoreSink, Scored};
use frame_support::{
	assert_noop, assert_ok,
	traits::{Get, TryState, TryStateSelect},
};
use pallet_authorship::EventHandler;
use sp_core::Pair;
use sp_runtime::BuildStorage;

const OPERATOR: &str = "Op1";
const OTHER: &str = "Op2";
const HOLDER: &str = "Bob";
const STAKE: Balance = 60_000 * DTEL;

fn account(name: &str) -> AccountId {
	let pair = sp_core::sr25519::Pair::from_string(&format!("//{name}"), None);
	AccountId::new(pair.expect("a valid path").public().0)
}

fn signed(who: &str) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(who))
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

fn go_to_era(era: u32) {
	let clock = <setup::Clock<Runtime> as Get<EraClock>>::get();
	System::set_block_number(clock.first_block(era) + 1);
}

/// Two operators with as much stake, the first with a commission of a tenth and a delegator of a third of its pool, since
/// era 0.
fn chain(test: impl FnOnce()) {
	let preset = genesis_presets::get_preset(&"local".into()).expect("exists");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
	merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
	let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
	let mut ext: sp_io::TestExternalities = genesis.build_storage().expect("builds").into();
	ext.execute_with(|| {
		System::set_block_number(1);
		let issuance = Balances::total_issuance();
		let rate = BasisPoints::saturating(1_000);
		let commission = Commission { rate, most: rate, rise: BasisPoints::ZERO };
		assert_ok!(Staking::bond(signed(OPERATOR), STAKE, commission));
		assert_ok!(Staking::delegate(signed(HOLDER), account(OPERATOR), STAKE / 2));
		assert_ok!(Staking::bond(signed(OTHER), STAKE, Default::default()));
		go_to_era(1);
		test();
		assert_eq!(Balances::total_issuance(), issuance);
		let block = System::block_number();
		assert_ok!(Rewards::try_state(block, TryStateSelect::All));
		assert_ok!(Penalties::try_state(block, TryStateSelect::All));
		assert_ok!(Staking::try_state(block, TryStateSelect::All));
	});
}

fn score(era: u32, node: u32, who: &str, kbps: u32, duty: u32) -> u128 {
	let (owner, stake, score) = (account(who), STAKE, BasisPoints::ONE);
	Rewards::scored(Scored { era, node, owner, stake, kbps, score, duty })
}

/// The first operator does three quarters of the work, half of the duty and authors every block.
fn an_era(era: u32) {
	for _ in 0..4 {
		PaidAuthors::note_author(account(OPERATOR));
	}
	assert_eq!(score(era, 0, OPERATOR, 3_000, 5), 30_000_000);
	assert_eq!(score(era, 1, OTHER, 1_000, 5), 10_000_000);
	Rewards::era_settled(era);
}

fn payout(era: u32, who: &str) -> frame_support::dispatch::DispatchResultWithPostInfo {
	Rewards::payout(signed("Alice"), era, account(who))
}

/// What a minute releases of a reserve, as a development chain's era does.
fn whole(reserve: Balance) -> Balance {
	let kept = <fees::ExistentialDeposit as Get<Balance>>::get();
	assert_eq!(<setup::EraMillis<Runtime> as Get<u64>>::get(), 60_000);
	release_floor(reserve - kept, quality::YearlyRelease::get(), 60_000).expect("fits")
}

#[test]
fn a_release_is_split_among_work_blocks_duty_and_the_treasury() {
	chain(|| {
		Rewards::era_settled(0);
		let treasury = Balances::free_balance(fees::Treasury::get());
		let whole = whole(genesis_presets::RESERVE);
		assert!(whole > 76 * DTEL && whole < 77 * DTEL, "{whole}");
		an_era(1);
		let pay = Runtime::era_summary(1).and_then(|era| era.pay).expect("settled");
		let part = |parts| part_floor(whole, BasisPoints::saturating(parts));
		assert_eq!((pay.released.work, pay.released.blocks), (part(8_000), part(800)));
		assert_eq!((pay.released.duty, pay.treasury), (part(700), part(500)));
		assert_eq!(Balances::free_balance(fees::Treasury::get()), treasury + part(500));
		go_to_era(2);
		assert_ok!(payout(1, OPERATOR));
		let earned = Runtime::earnings(account(OPERATOR), 0, 9);
		let share = earned[0].share;
		assert_eq!(share.work, share_floor(part(8_000), 3, 4).expect("fits"));
		assert_eq!((share.blocks, share.duty), (part(800), part(700) / 2));
		assert_eq!((earned[0].era, earned[0].state), (1, PayState::Paid));
		assert_eq!(Runtime::era_summary(1).map(|era| era.paid), Some(share.work));
		let pool = Staking::pool(account(OPERATOR)).expect("bonded");
		assert_eq!((pool.credited, pool.unclaimed), (1, share.total() / 10));
	});
}

#[test]
fn what_a_validator_without_a_pool_earns_is_refused() {
	chain(|| {
		Rewards::era_settled(0);
		PaidAuthors::note_author(account("Alice"));
		an_era(1);
		go_to_era(2);
		assert_ok!(payout(1, "Alice"));
		let earned = Runtime::earnings(account("Alice"), 0, 9);
		assert_eq!((earned[0].state, earned[0].work.blocks), (PayState::Refused, 1));
		assert!(earned[0].share.blocks > 0 && earned[0].share.work == 0);
	});
}

#[test]
fn operators_and_holders_are_told_what_to_expect() {
	chain(|| {
		assert_eq!(Runtime::expected(account(OPERATOR)), None);
		Rewards::era_settled(0);
		an_era(1);
		go_to_era(2);
		let expected = Runtime::expected(account(OPERATOR)).expect("an era is settled");
		assert_eq!((expected.era, expected.like), (2, 1));
		let own = Runtime::expected_by(account(OPERATOR), account(OPERATOR)).expect("a member");
		let holder = Runtime::expected_by(account(HOLDER), account(OPERATOR)).expect("a member");
		assert_eq!(Runtime::expected_by(account("Charlie"), account(OPERATOR)), None);
		// A tenth for the operator, and of the rest a third for the delegator.
		let shared = expected.amount - expected.amount / 10;
		assert_eq!(holder.amount, shared / 3);
		assert!(own.amount + holder.amount <= expected.amount);
		assert!(expected.amount - own.amount - holder.amount < 3);

		// And so it is when the era is like the one before.
		an_era(2);
		let earned = Runtime::earnings(account(OPERATOR), 2, 1);
		assert_eq!(earned[0].share.total(), expected.amount);
		go_to_era(3);
		assert_ok!(payout(1, OPERATOR));
		assert_ok!(payout(2, OPERATOR));
		let position = Runtime::position(account(HOLDER), account(OPERATOR)).expect("a member");
		let first = Runtime::earnings(account(OPERATOR), 1, 1)[0].share.total();
		let both = (first - first / 10) / 3 + holder.amount;
		// A book carries parts of 2^-64 of a planck for each planck at stake.
		assert!(position.reward.abs_diff(both) < 100_000, "{} {both}", position.reward);
	});
}

#[test]
fn delegators_are_told_a_yearly_rate() {
	chain(|| {
		assert_eq!(Runtime::apr(account(OPERATOR)), None);
		Rewards::era_settled(0);
		assert_eq!(Runtime::apr(account(OPERATOR)), None, "its stake did not count yet");
		an_era(1);
		go_to_era(2);
		an_era(2);
		let apr = Runtime::apr(account(OPERATOR)).expect("two eras are settled");
		assert_eq!((apr.first, apr.last, apr.stake), (1, 2, 90_000 * DTEL));
		let shares = Runtime::earnings(account(OPERATOR), 0, 9);
		let earned: Balance = shares.iter().map(|pay| pay.share.total()).sum();
		assert_eq!(apr.earned, earned);
		// 525,600 minutes of a year, two of them seen: in parts per ten thousand of the stake.
		let shared = earned - earned / 10;
		assert_eq!(Balance::from(apr.apr), shared * 10_000 * 525_600 / 2 / apr.stake);
		assert_eq!(Runtime::apr(account("Charlie")), None);
	});
}

#[test]
fn pay_waits_for_a_penalty_and_is_lost_when_it_was_no_accident() {
	chain(|| {
		Rewards::era_settled(0);
		an_era(1);
		an_era(2);
		let evidence = Evidence::DoubleReveal { first: Hash::zero(), second: Hash::repeat_byte(1) };
		let (offender, owner) = (Offender::Node(0), account(OPERATOR));
		Penalties::report(Offence { era: 1, offender, owner, evidence });
		go_to_era(3);
		let disputed = pallet_dtel_rewards::Error::<Runtime>::Disputed;
		assert_noop!(payout(1, OPERATOR), disputed);
		assert!(Runtime::earnings(account(OPERATOR), 1, 1)[0].disputed);
		assert_ok!(payout(1, OTHER));
		let due = Penalties::penalty(0).and_then(|p| p.executes_from()).expect("open");
		go_to_era(due);
		assert_ok!(Penalties::execute(signed("Alice"), 0));
		assert_ok!(payout(1, OPERATOR));
		let earned = Runtime::earnings(account(OPERATOR), 0, 9);
		assert_eq!(earned[0].state, PayState::Forfeited);
		assert_ok!(payout(2, OPERATOR));
		assert_eq!(Staking::pool(account(OPERATOR)).map(|pool| pool.credited), Some(2));
	});
}

#[test]
fn pay_is_paid_when_the_penalty_is_cancelled() {
	chain(|| {
		Rewards::era_settled(0);
		an_era(1);
		let evidence = Evidence::FalsePlace { broken: 4, of: 5 };
		let (offender, owner) = (Offender::Node(0), account(OPERATOR));
		Penalties::report(Offence { era: 1, offender, owner, evidence });
		go_to_era(2);
		let disputed = pallet_dtel_rewards::Error::<Runtime>::Disputed;
		assert_noop!(payout(1, OPERATOR), disputed);
		assert_ok!(Penalties::cancel(RuntimeOrigin::root(), 0));
		assert_ok!(payout(1, OPERATOR));
		assert_eq!(Runtime::earnings(account(OPERATOR), 0, 9)[0].state, PayState::Paid);
	});
}
