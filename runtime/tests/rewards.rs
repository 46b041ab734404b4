//! Rewards in the real runtime: authors, disputes, and what clients are told.

use dtel_math::money::{part_floor, release_floor, share_floor};
use dtel_primitives::{
	api::runtime_decl_for_dtel_api::DtelApiV1,
	attestor::AttestorPair,
	clock::EraClock,
	node::{Capabilities, Region, SoftwareVersion},
	offence::{Equivocation, Evidence, Occasion, Offender},
	reward::PayState,
	stake::Commission,
	Balance, BasisPoints, Hash, DTEL,
};
use dtel_runtime::{
	configs::{consensus::PaidAuthors, fees, quality},
	genesis_presets, setup, AccountId, Balances, Penalties, Registry, Rewards, Runtime,
	RuntimeGenesisConfig, RuntimeOrigin, Staking, System,
};
use dtel_traits::{Jail, Offence, OffenceSink, ScoreSink, Scored};
use frame_support::{
	assert_noop, assert_ok,
	traits::{Get, TryState, TryStateSelect},
	weights::Weight,
};
use pallet_authorship::EventHandler;
use pallet_dtel_rewards::WeightInfo;
use sp_core::Pair;
use sp_runtime::{BuildStorage, Perbill};

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
		assert_noop!(payout(1, OPERATOR), pallet_dtel_rewards::Error::<Runtime>::InEscrow);
		go_to_era(3);
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
		go_to_era(3);
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
		assert_eq!(Runtime::expected(account(OPERATOR)).map(|of| of.like), Some(2), "it is known");
		assert_eq!(Runtime::expected(account(OPERATOR)).map(|of| of.amount), Some(expected.amount));
		go_to_era(4);
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
		go_to_era(due.max(4));
		assert_ok!(Penalties::execute(signed("Alice"), 0));
		let paid = pallet_dtel_rewards::Error::<Runtime>::AlreadyPaid;
		assert_noop!(payout(1, OPERATOR), paid);
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
		go_to_era(3);
		let disputed = pallet_dtel_rewards::Error::<Runtime>::Disputed;
		assert_noop!(payout(1, OPERATOR), disputed);
		assert_ok!(Penalties::cancel(RuntimeOrigin::root(), 0));
		assert_ok!(payout(1, OPERATOR));
		assert_eq!(Runtime::earnings(account(OPERATOR), 0, 9)[0].state, PayState::Paid);
	});
}

/// Blocks with room for everything, in which the chain pays by itself whom it can.
fn idle() {
	(0..4).for_each(|_| idle_with(Weight::MAX));
}

fn idle_with(limit: Weight) {
	<Rewards as frame_support::traits::Hooks<_>>::on_idle(System::block_number(), limit);
}

/// The last block of an era.
fn go_to_end_of(era: u32) {
	let clock = <setup::Clock<Runtime> as Get<EraClock>>::get();
	System::set_block_number(clock.first_block(era + 1) - 1);
}

/// As late as attestation takes two reveals of an era, and as late as an equivocation is done that is dated to it.
fn pay_is_disputed_when_reported_in_the_era_after(
	offender: Offender<AccountId>,
	evidence: Evidence,
) {
	chain(|| {
		Rewards::era_settled(0);
		an_era(1);
		go_to_era(2);
		idle();
		go_to_end_of(2);
		idle();
		assert_eq!(Runtime::earnings(account(OPERATOR), 1, 1)[0].state, PayState::Waiting);
		let owner = account(OPERATOR);
		Penalties::report(Offence { era: 1, offender: offender.clone(), owner, evidence });
		go_to_era(3);
		idle();
		assert_noop!(payout(1, OPERATOR), pallet_dtel_rewards::Error::<Runtime>::Disputed);
		let earned = |who| Runtime::earnings(account(who), 1, 1)[0];
		assert!(earned(OPERATOR).disputed && earned(OPERATOR).state == PayState::Waiting);
		assert_eq!(earned(OTHER).state, PayState::Paid, "whoever did nothing does not wait");
		go_to_era(Penalties::penalty(0).and_then(|p| p.executes_from()).expect("open"));
		assert_ok!(Penalties::execute(signed("Alice"), 0));
		assert_eq!(earned(OPERATOR).state, PayState::Forfeited);
		idle();
		assert_eq!(Staking::pool(account(OPERATOR)).map(|pool| pool.credited), Some(0));
		assert_eq!(earned(OPERATOR).state, PayState::Forfeited);
	});
}

#[test]
fn pay_is_unpaid_as_long_as_two_reveals_can_be_shown() {
	assert_eq!(quality::EscrowEras::get(), pallet_dtel_attestation::SHOWN_ERAS + 1);
	let evidence = Evidence::DoubleReveal { first: Hash::zero(), second: Hash::repeat_byte(1) };
	pay_is_disputed_when_reported_in_the_era_after(Offender::Node(0), evidence);
}

#[test]
fn pay_is_unpaid_as_long_as_an_equivocation_can_be_dated_to_its_era() {
	let fraction = Perbill::from_percent(5);
	let occasion = Occasion { set: 1, round: 7 };
	let equivocation = Equivocation { session: 3, occasion, offenders: 1, validators: 4, fraction };
	pay_is_disputed_when_reported_in_the_era_after(
		Offender::Validator(account(OPERATOR)),
		Evidence::GrandpaEquivocation(equivocation),
	);
}

#[test]
fn blocks_of_a_jailed_validator_are_not_paid() {
	chain(|| {
		Rewards::era_settled(0);
		let fraction = Perbill::from_percent(5);
		let occasion = Occasion { set: 0, round: 7 };
		let equivocation =
			Equivocation { session: 3, occasion, offenders: 1, validators: 4, fraction };
		let evidence = Evidence::BabeEquivocation(equivocation);
		let (offender, owner) = (Offender::Validator(account(OTHER)), account(OTHER));
		Penalties::report(Offence { era: 1, offender, owner, evidence });
		PaidAuthors::note_author(account(OTHER));
		an_era(1);
		let pay = Runtime::era_summary(1).and_then(|era| era.pay).expect("settled");
		assert_eq!(pay.all.blocks, 4, "those of the other");
		assert_eq!(Runtime::earnings(account(OTHER), 1, 1)[0].work.blocks, 0);
	});
}

/// Its operator wants no work for now, but its members were there throughout the era and share what it brought.
#[test]
fn members_of_a_chilled_operator_are_told_what_they_still_earn() {
	chain(|| {
		Rewards::era_settled(0);
		an_era(1);
		go_to_era(2);
		let of = |who| Runtime::expected_by(account(who), account(OPERATOR)).expect("a member");
		let before = (of(HOLDER), of(OPERATOR), Runtime::apr(account(OPERATOR)).expect("earned"));
		assert!(before.0.amount > 0 && before.2.apr > 0);
		assert_ok!(Staking::set_chilled(signed(OPERATOR), true));
		assert_eq!(Staking::pool(account(OPERATOR)).map(|pool| pool.active), Some(0));
		assert_eq!(
			before,
			(of(HOLDER), of(OPERATOR), Runtime::apr(account(OPERATOR)).expect("earned"))
		);
		// And so it is paid.
		an_era(2);
		go_to_era(4);
		assert_ok!(payout(1, OPERATOR));
		let first = Runtime::position(account(HOLDER), account(OPERATOR)).expect("a member").reward;
		assert_ok!(payout(2, OPERATOR));
		let both = Runtime::position(account(HOLDER), account(OPERATOR)).expect("a member").reward;
		assert!((both - first).abs_diff(before.0.amount) < 100_000, "{both} {first}");
	});
}

/// What left in one era and came back in another joined long ago, but shares from the next era on.
#[test]
fn stake_that_came_back_is_not_expected_to_earn_too_early() {
	chain(|| {
		Rewards::era_settled(0);
		an_era(1);
		assert_ok!(Staking::undelegate(signed(HOLDER), account(OPERATOR), STAKE / 2));
		go_to_era(2);
		assert_ok!(Staking::rebond(signed(HOLDER), account(OPERATOR), STAKE / 2));
		let of = |who| Runtime::expected_by(account(who), account(OPERATOR)).expect("a member");
		let whole = Runtime::expected(account(OPERATOR)).expect("an era is settled").amount;
		assert_eq!((of(HOLDER).amount, of(OPERATOR).amount), (0, whole));
		assert_eq!(Runtime::apr(account(OPERATOR)).map(|apr| apr.stake), Some(STAKE));
		an_era(2);
		go_to_era(3);
		let shared = whole_of(3) - whole_of(3) / 10;
		assert_eq!(of(HOLDER).amount, shared / 3);
		go_to_era(4);
		// Of era 1 it has nothing, either: it left in it.
		assert_ok!(payout(1, OPERATOR));
		assert_ok!(payout(2, OPERATOR));
		let reward =
			Runtime::position(account(HOLDER), account(OPERATOR)).expect("a member").reward;
		assert!(reward < 100_000, "{reward}");
	});
}

/// What the operator is told to expect in an era.
fn whole_of(era: u32) -> Balance {
	let expected = Runtime::expected(account(OPERATOR)).expect("an era is settled");
	assert_eq!(expected.era, era);
	expected.amount
}

/// Whoever is free when an era is settled is paid for it: nobody is released before.
#[test]
fn a_node_stays_in_jail_until_the_eras_that_are_over_are_settled() {
	chain(|| {
		let declaration = pallet_dtel_registry::Declaration {
			domain: b"127.0.0.1:7880".to_vec().try_into().expect("short"),
			region: Region { country: *b"DE", lat: 525, lon: 134 },
			capabilities: Capabilities::SFU,
			declared_kbps: 100_000,
			version: SoftwareVersion::new(b"dtel-worker/0.1.0").expect("a version"),
			did: None,
		};
		let attestor = AttestorPair::from_string("//Op1//attestor", None).expect("a path").public();
		let media = sp_core::ed25519::Pair::from_string("//Op1//media", None).expect("a path");
		let register = Registry::register(signed(OPERATOR), declaration, attestor, media.public());
		assert_ok!(register);
		let evidence = Evidence::MissedDuty { committed: false, revealed: 4, members: 5 };
		let (offender, owner) = (Offender::Node(0), account(OPERATOR));
		Penalties::report(Offence { era: 1, offender, owner, evidence });
		go_to_era(Penalties::jailed_until(0).expect("jailed"));
		let now = Runtime::era().moment.era;
		Rewards::era_settled(now - 2);
		let late = pallet_dtel_penalties::Error::<Runtime>::EraNotSettled;
		assert_noop!(Penalties::unjail(signed(OPERATOR), 0), late);
		Rewards::era_settled(now - 1);
		assert_ok!(Penalties::unjail(signed(OPERATOR), 0));
	});
}

/// With the eras of history that this runtime has. The first operator asks for each era, the other for none; nobody is
/// paid unasked.
#[test]
fn an_era_is_closed_when_it_leaves_the_runtimes_history() {
	chain(|| {
		let history = quality::HistoryEras::get();
		assert_eq!(history, 84);
		let reserve = || Balances::free_balance(Rewards::reserve_account());
		let treasury = || Balances::free_balance(fees::Treasury::get());
		Rewards::era_settled(0);
		let last = 1 + history;
		for era in 1..=last {
			go_to_era(era);
			an_era(era);
			if let Some(due) = era.checked_sub(2).filter(|due| *due > 0) {
				assert_ok!(payout(due, OPERATOR));
			}
		}
		assert_eq!(Rewards::unpaid(account(OTHER)).len() as u32, last);
		PaidAuthors::note_author(account(OPERATOR));
		let entries = pallet_dtel_rewards::Ledgers::<Runtime>::get(account(OPERATOR)).len();
		assert_eq!(entries as u32, history + 2, "the running era, those of history and the next");

		// The last era in which it can be asked for.
		let share = |who: &str| Rewards::operator_pay(1, account(who)).expect("it earned").share;
		let pay = Rewards::era_pay(1).expect("open");
		let (paid, other) = (share(OPERATOR).total(), share(OTHER).total());
		assert_eq!(Rewards::payable(1, account(OTHER)), Some(other));
		assert_eq!(pay.paid.total(), paid);
		go_to_era(last + 1);
		let closed = pallet_dtel_rewards::Error::<Runtime>::EraClosed;
		assert_noop!(payout(1, OTHER), closed);

		let before = (reserve(), treasury(), Balances::free_balance(Staking::pot()));
		System::reset_events();
		let clear = <Runtime as pallet_dtel_rewards::Config>::WeightInfo::on_idle_base()
			+ <Runtime as pallet_dtel_rewards::Config>::WeightInfo::close_era();
		// Eras 0 and 1; there is no weight to pay anybody.
		(0..2).for_each(|_| idle_with(clear));
		let returned = pay.released.total() - paid - other;
		let event =
			pallet_dtel_rewards::Event::EraClosed { era: 1, paid, unclaimed: other, returned };
		System::assert_has_event(event.into());
		assert_eq!(reserve(), before.0 + returned);
		assert_eq!(treasury(), before.1 + other);
		assert_eq!(Balances::free_balance(Staking::pot()), before.2 - other - returned);
		assert!(Rewards::era_pay(1).is_none() && Rewards::era_pay(2).is_some());
		assert_eq!(Rewards::unpaid(account(OTHER)).first(), Some(&2));
		assert_eq!(
			Rewards::payable(2, account(OTHER)),
			Some(Rewards::operator_pay(2, account(OTHER)).expect("it earned").share.total())
		);
	});
}
