//! The whole path over the real runtime, in externalities: five operators register and bond, measure each
//! other, are scored and paid; one stops, is jailed and released. Blocks are built by the runtime's own
//! executive with every inherent, fee and signature; only networking, consensus and media are missing.

mod chain;
mod duties;
mod penalties;
mod registry;
mod steering;

use chain::{Chain, Op, OPERATORS};
use dtel_primitives::{api::Verdict, report::Measurement, Balance, BasisPoints, DTEL};
use dtel_runtime::{
	configs::{fees, quality},
	genesis_presets::SUPPLY,
	setup, Balances, Penalties, RuntimeCall, RuntimeEvent,
};
use dtel_runtime::{Attestation, Rewards};
use dtel_traits::{Jail, Offender};
use frame_support::traits::Get;

/// The first era in which operators that registered in era 0 take part.
const FIRST: u32 = 2;

/// What an honest verifier sees: operator 4 is impaired, those in `dead` are down.
fn seen(target: u32, dead: &[u32]) -> Measurement {
	if dead.contains(&target) {
		return Measurement::down(target, 2);
	}
	let good = Measurement {
		target,
		calls_tried: 2,
		calls_up: 2,
		setup_ms: 90,
		loss: BasisPoints::ZERO,
		jitter_us: 400,
		rtt_min_us: 1_200,
		rtt_us: 1_500,
		rtt_p95_us: 2_100,
		mos_centi: 438,
		video: BasisPoints::ONE,
		up_kbps: 1_500,
		down_kbps: 1_450,
		version: Default::default(),
	};
	if target == 3 {
		Measurement {
			loss: BasisPoints::saturating(1_530),
			jitter_us: 38_000,
			rtt_min_us: 150_000,
			rtt_us: 161_000,
			rtt_p95_us: 190_000,
			mos_centi: 210,
			video: BasisPoints::saturating(5_500),
			down_kbps: 1_200,
			..good
		}
	} else {
		good
	}
}

/// A chain in era 0 in which all five operators have registered and bonded.
fn registered() -> Chain {
	let mut chain = Chain::new();
	chain.block();
	for op in OPERATORS {
		chain.submit(op.sign(RuntimeCall::Staking(pallet_dtel_staking::Call::bond {
			amount: 50_000 * DTEL,
			commission: Default::default(),
		})));
		chain.submit(op.sign(op.register()));
		chain.settle_pending();
	}
	chain
}

/// A chain in whose era [`FIRST`] all five operators are members.
fn started() -> Chain {
	let mut chain = registered();
	chain.run_to_era(FIRST);
	assert_eq!(chain.view(|| Attestation::members(FIRST)), 5);
	chain
}

/// Everybody but `silent` does its duty in the running era; ends in the first block of the next.
fn era(chain: &mut Chain, silent: &[u32], dead: &[u32]) {
	let era = chain.era();
	chain.run_to_phase(dtel_primitives::clock::Phase::Commit);
	let verifiers: Vec<&Op> = OPERATORS.iter().filter(|op| !silent.contains(&op.node())).collect();
	for op in &verifiers {
		if let Some(call) = chain.commit(op, |target| seen(target, dead)) {
			chain.submit(call);
		}
	}
	chain.run_to_phase(dtel_primitives::clock::Phase::Reveal);
	for op in &verifiers {
		if let Some(call) = chain.reveal(op, |target| seen(target, dead)) {
			chain.submit(call);
		}
	}
	chain.run_to_era(era + 1);
}

#[test]
fn good_service_is_paid_and_the_vanished_operator_is_jailed_and_released() {
	let mut chain = started();
	let issuance = chain.view(Balances::total_issuance);
	assert_eq!(issuance, SUPPLY);

	// An era in which everybody is there.
	era(&mut chain, &[], &[]);
	for op in OPERATORS {
		let outcome = chain.view(|| Attestation::outcome(op.node(), FIRST)).expect("settled");
		assert_eq!((outcome.assigned, outcome.reported), (4, 4));
		assert_eq!(outcome.verdict, Verdict::Measured);
		assert!(outcome.duty_done);
	}
	let score = |chain: &mut Chain, node, era| {
		chain.view(|| Attestation::outcome(node, era)).expect("settled").score
	};
	let (good, impaired) = (score(&mut chain, 0, FIRST), score(&mut chain, 3, FIRST));
	assert!(good > impaired, "{good:?} against {impaired:?}");
	assert!(good.parts() > 9_900);

	let pay = chain.view(|| Rewards::era_pay(FIRST)).expect("settled");
	let left = chain.view(|| Balances::free_balance(Rewards::reserve_account()));
	let whole = dtel_math::money::release_floor(
		// What the reserve could give without dying. Eras before gave for the blocks that were authored in them.
		left + pay.released.total() + pay.treasury
			- <fees::ExistentialDeposit as Get<Balance>>::get(),
		chain.view(quality::YearlyRelease::get),
		chain.view(<setup::EraMillis<dtel_runtime::Runtime> as Get<u64>>::get),
	)
	.expect("fits");
	let part = |parts| dtel_math::money::part_floor(whole, BasisPoints::saturating(parts));
	// What verifiers measured is paid with the next era, when it is known what it was worth.
	assert_eq!((pay.released.work, pay.released.duty), (part(8_000), 0));
	assert_eq!(pay.treasury, part(500));

	// Operator 5 vanishes: it misses its duty, and is found down by all others.
	era(&mut chain, &[4], &[4]);

	// Pay is locked until nobody can show two reveals of its era any more. Then anybody may ask for anybody's; each is paid
	// once.
	let mut paid = Vec::new();
	for op in OPERATORS {
		let before = chain.view(|| Balances::free_balance(op.account()));
		chain.submit(OPERATORS[0].sign(RuntimeCall::Rewards(pallet_dtel_rewards::Call::payout {
			era: FIRST,
			owner: op.account(),
		})));
		chain.settle_pending();
		chain.submit(OPERATORS[0].sign(RuntimeCall::Staking(
			pallet_dtel_staking::Call::claim_for { holder: op.account(), pool: op.account() },
		)));
		chain.settle_pending();
		// Asked for, or by the chain itself.
		let pay = chain.view(|| Rewards::operator_pay(FIRST, op.account())).unwrap();
		let paid_now = pay.paid().expect("paid").total();
		if op.node() != OPERATORS[0].node() {
			// All of it but what a book, in parts of 2^64 for each planck at stake, carries to the next reward.
			let got = chain.view(|| Balances::free_balance(op.account())) - before;
			let carried = chain.view(|| {
				<dtel_runtime::Staking as dtel_traits::StakeLedger<_>>::active(&op.account(), FIRST)
			}) >> 64;
			assert!(got <= paid_now && paid_now - got <= carried + 1, "{got} of {paid_now}");
		}
		paid.push(paid_now);
	}
	assert!(paid[0] > paid[3], "{paid:?}");
	assert_eq!(paid[0], paid[1]);
	let pay = chain.view(|| Rewards::era_pay(FIRST)).unwrap();
	assert_eq!(pay.paid.total(), paid.iter().sum::<u128>());
	assert!(pay.paid.work <= pay.released.work && pay.released.work - pay.paid.work < 5);

	let outcome = chain.view(|| Attestation::outcome(4, FIRST + 1)).unwrap();
	assert_eq!(outcome.verdict, Verdict::Down);
	assert_eq!((outcome.score, outcome.reported), (BasisPoints::ZERO, 4));
	assert!(!outcome.duty_done);
	assert!(chain.view(|| Penalties::is_jailed(4)));
	assert_eq!(outcome.points, 0);
	// For this era's service it gets nothing; for what it measured in the era before as much as the others.
	let share = |chain: &mut Chain, op: usize| {
		let owner = OPERATORS[op].account();
		chain.view(|| Rewards::operator_pay(FIRST + 1, owner)).expect("it measured").share
	};
	let (dead, good_one) = (share(&mut chain, 4), share(&mut chain, 0));
	assert!(dead.work == 0 && good_one.work > 0);
	assert!(dead.duty > 0 && dead.duty == good_one.duty);
	// The others are as good as before, though one of their verifiers is missing.
	assert_eq!(score(&mut chain, 0, FIRST + 1), good);

	// It is still a member of the era that was frozen before, and outside of the one after.
	assert_eq!(chain.view(|| Attestation::members(FIRST + 2)), 5);
	// It may come back when its term is over, not before.
	let unjail = || RuntimeCall::Penalties(pallet_dtel_penalties::Call::unjail { node: 4 });
	chain.submit(OPERATORS[4].sign(unjail()));
	chain.settle_pending();
	assert!(chain.view(|| Penalties::is_jailed(4)), "before its term is over");
	era(&mut chain, &[4], &[4]);
	assert_eq!(chain.view(|| Attestation::members(FIRST + 3)), 4);
	let until = chain.view(|| Penalties::jailed_until(4)).unwrap();
	while chain.era() < until {
		era(&mut chain, &[4], &[]);
	}
	chain.submit(OPERATORS[0].sign(unjail()));
	chain.settle_pending();
	assert!(chain.view(|| Penalties::is_jailed(4)), "by a stranger");
	chain.submit(OPERATORS[4].sign(unjail()));
	chain.settle_pending();
	assert!(!chain.view(|| Penalties::is_jailed(4)));
	assert!(chain.events().iter().any(|event| matches!(
		event,
		RuntimeEvent::Penalties(pallet_dtel_penalties::Event::Unjailed {
			offender: Offender::Node(4)
		})
	)));

	// Two eras later it is a member again and is paid again.
	let back = chain.era() + 2;
	while chain.era() < back {
		era(&mut chain, &[4], &[]);
	}
	assert_eq!(chain.view(|| Attestation::members(back)), 5);
	era(&mut chain, &[], &[]);
	// Its pool holds as many bad samples as good ones, and the lower median is bad. One era later it is good; but this node declared more than
	// it gives, and is paid by what six of ten samples found: another one later.
	let outcome = chain.view(|| Attestation::outcome(4, back)).unwrap();
	assert_eq!((outcome.verdict, outcome.pooled), (Verdict::Measured, 16));
	assert_eq!(outcome.points, 0);
	era(&mut chain, &[], &[]);
	let outcome = chain.view(|| Attestation::outcome(4, back + 1)).unwrap();
	assert!((outcome.kbps, outcome.points) == (1_450, 0) && outcome.score.parts() > 9_000);
	era(&mut chain, &[], &[]);
	assert!(chain.view(|| Attestation::outcome(4, back + 2)).unwrap().points > 0);

	assert_eq!(chain.view(Balances::total_issuance), issuance);
	chain.check();
}

#[test]
fn commitments_and_reveals_cost_nothing_and_are_included_once() {
	let mut chain = started();
	chain.run_to_phase(dtel_primitives::clock::Phase::Commit);
	let op = &OPERATORS[0];
	let before = chain.view(|| Balances::free_balance(op.account()));
	let call = chain.commit(op, |target| seen(target, &[])).unwrap();
	assert_eq!(chain.try_apply(call.clone()), Ok(Ok(())));
	assert!(chain.try_apply(call).is_err(), "a second time");
	assert_eq!(chain.view(|| Balances::free_balance(op.account())), before);

	// What another one measured cannot be revealed under this commitment.
	chain.run_to_phase(dtel_primitives::clock::Phase::Reveal);
	let forged = chain.reveal(op, |target| seen(target, &[1])).unwrap();
	assert!(chain.try_apply(forged).is_err());
	let reveal = chain.reveal(op, |target| seen(target, &[])).unwrap();
	assert_eq!(chain.try_apply(reveal.clone()), Ok(Ok(())));
	assert!(chain.try_apply(reveal).is_err(), "a second time");
	chain.check();
}

#[test]
fn commitments_and_reveals_cannot_be_crowded_out() {
	let mut chain = started();
	let (rich, op) = (&OPERATORS[1], &OPERATORS[0]);
	let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![7; 100_000] });
	let filler = rich.sign(remark.clone());
	chain.run_to_phase(dtel_primitives::clock::Phase::Commit);
	let bribe = chain.validate(rich.sign_with_tip(remark, 10_000 * DTEL)).expect("valid");

	let commit = chain.commit(op, |target| seen(target, &[])).unwrap();
	let valid = chain.validate(commit.clone()).expect("valid");
	assert!(valid.priority >= bribe.priority, "{} < {}", valid.priority, bribe.priority);
	// Of two with the same priority the pool gives out first what expires first.
	assert!(valid.longevity < bribe.longevity);
	assert_eq!(chain.try_apply_to_full(&filler, commit), Ok(Ok(())));

	chain.run_to_phase(dtel_primitives::clock::Phase::Reveal);
	let reveal = chain.reveal(op, |target| seen(target, &[])).unwrap();
	let valid = chain.validate(reveal.clone()).expect("valid");
	assert!(valid.priority >= bribe.priority && valid.longevity < bribe.longevity);
	assert_eq!(chain.try_apply_to_full(&filler, reveal), Ok(Ok(())));
	chain.check();
}

#[test]
fn an_era_without_reports_punishes_no_target() {
	let mut chain = started();
	era(&mut chain, &[], &[]);
	let good = chain.view(|| Attestation::outcome(0, FIRST)).unwrap().score;
	era(&mut chain, &[0, 1, 2, 3, 4], &[]);
	for op in OPERATORS {
		let outcome = chain.view(|| Attestation::outcome(op.node(), FIRST + 1)).unwrap();
		assert_eq!((outcome.verdict, outcome.reported), (Verdict::Unmeasured, 0));
		// It lost its pay as a verifier that was silent, not as a target.
		assert!(!outcome.duty_done);
	}
	let kept = chain.view(|| Attestation::outcome(0, FIRST + 1)).unwrap().score;
	assert!(kept < good && kept.parts() > 0);
	let released = chain.view(|| Rewards::era_pay(FIRST + 1)).unwrap().released;
	assert_eq!(released.work, 0);
	// For what was measured in the era before.
	assert!(released.duty > 0);
	assert_eq!(chain.view(Balances::total_issuance), SUPPLY);
	chain.check();
}
