//! Penalties over the real runtime: stake waits until they are due, an appeal is heard, and what is decided
//! stays decided.

use super::*;
use chain::Tx;
use dtel_primitives::{
	clock::Phase,
	offence::{OffenceKind, PenaltyId},
	report::SignedReveal,
	reward::PayState,
};
use dtel_runtime::{RuntimeOrigin, Staking};
use dtel_traits::StakeLedger;
use frame_support::traits::fungible::InspectHold;
use pallet_dtel_penalties::{Call, State};

const NODE: u32 = 4;

fn stake(chain: &mut Chain) -> Balance {
	let (owner, era) = (OPERATORS[4].account(), chain.era());
	chain.view(|| <Staking as StakeLedger<_>>::active(&owner, era))
}

/// The penalties of the node, by kind.
fn penalty(chain: &mut Chain, kind: OffenceKind) -> (PenaltyId, State) {
	let all = chain.view(|| Penalties::offender_penalties(Offender::Node(NODE), 100));
	let mut of = all.iter().filter(|(_, penalty)| penalty.kind() == kind);
	let (id, penalty) = of.next().expect("reported");
	assert!(of.next().is_none(), "once");
	(*id, penalty.state())
}

/// A chain in which nobody reached operator 5's media server in era [`FIRST`] and the next two, in the last of which it was silent as a verifier, too; at
/// the beginning of the era after.
fn vanished() -> Chain {
	let mut chain = started();
	era(&mut chain, &[], &[NODE]);
	assert_eq!(chain.view(|| Attestation::outcome(NODE, FIRST)).unwrap().verdict, Verdict::Down);
	era(&mut chain, &[], &[NODE]);
	assert!(!chain.view(|| Penalties::is_jailed(NODE)), "twice is no offence");
	era(&mut chain, &[NODE], &[NODE]);
	assert!(chain.view(|| Penalties::is_jailed(NODE)));
	chain
}

#[test]
fn stake_is_taken_once_and_not_before_the_penalty_is_due() {
	let mut chain = vanished();
	let before = stake(&mut chain);
	assert_eq!(before, 50_000 * DTEL);
	let (down, state) = penalty(&mut chain, OffenceKind::Unavailable);
	assert_eq!(state, State::Pending);
	let due = chain.view(|| Penalties::penalty(down)).unwrap().due();
	assert_eq!(due, FIRST + 4, "a development preset defers by two eras");
	assert_eq!(chain.era(), due - 1);
	chain.run_to_phase(dtel_primitives::clock::Phase::Settle);
	assert_eq!(stake(&mut chain), before);
	chain.run_to_era(due);
	// The first block of a session may have no room.
	(0..4).for_each(|_| chain.block());
	assert_eq!(stake(&mut chain), before - before / 1_000);
	chain.run_to_era(due + 3);
	assert_eq!(stake(&mut chain), before - before / 1_000);
	assert_eq!(
		penalty(&mut chain, OffenceKind::Unavailable).1,
		State::Executed { amount: 50 * DTEL }
	);
	assert_eq!(penalty(&mut chain, OffenceKind::MissedDuty).1, State::Executed { amount: 0 });
	chain.check();
}

#[test]
fn an_appeal_is_heard_and_what_is_decided_stays_so() {
	let mut chain = vanished();
	let before = stake(&mut chain);
	let op = &OPERATORS[4];
	let (duty, _) = penalty(&mut chain, OffenceKind::MissedDuty);
	let (down, _) = penalty(&mut chain, OffenceKind::Unavailable);
	let bond = chain.view(quality::AppealBond::get);
	let held = |chain: &mut Chain| {
		let reason = pallet_dtel_penalties::HoldReason::Appeal.into();
		chain.view(|| Balances::balance_on_hold(&reason, &op.account()))
	};
	for penalty in [duty, down] {
		chain.submit(op.sign(RuntimeCall::Penalties(Call::appeal { penalty })));
		chain.settle_pending();
	}
	assert_eq!(held(&mut chain), 3 * bond, "one, then two");
	let treasury = chain.view(|| Balances::free_balance(fees::Treasury::get()));

	// The operator may not decide for itself.
	let own = op.sign(RuntimeCall::Penalties(Call::cancel { penalty: down }));
	assert!(chain.try_apply(own).expect("included").is_err());
	let until = chain.view(|| Penalties::jailed_until(NODE));
	chain.view(|| {
		Penalties::cancel(RuntimeOrigin::root(), down).unwrap();
		Penalties::uphold(RuntimeOrigin::root(), duty).unwrap();
	});
	assert_eq!(held(&mut chain), 0);
	assert!(chain.view(|| Balances::free_balance(fees::Treasury::get())) >= treasury + bond);
	assert!(chain.view(|| Penalties::jailed_until(NODE)) < until, "its part of the term is gone");

	chain.run_to_era(FIRST + 6);
	assert_eq!(penalty(&mut chain, OffenceKind::Unavailable).1, State::Cancelled);
	assert_eq!(penalty(&mut chain, OffenceKind::MissedDuty).1, State::Executed { amount: 0 });
	let execute = op.sign(RuntimeCall::Penalties(Call::execute { penalty: down }));
	assert!(chain.try_apply(execute).expect("included").is_err());
	assert_eq!(stake(&mut chain), before);
	chain.check();
}

/// What operator 5 signs when it saw these down.
fn signed_reveal(chain: &mut Chain, dead: &[u32]) -> SignedReveal {
	let reveal = chain.reveal(&OPERATORS[4], |target| seen(target, dead)).expect("a member");
	let Tx::Authorized(RuntimeCall::Attestation(pallet_dtel_attestation::Call::reveal {
		report,
		salt,
		signature,
	})) = reveal
	else {
		panic!("a reveal")
	};
	SignedReveal { report, salt, signature }
}

/// In the last block in which they can be.
#[test]
fn pay_waits_and_is_lost_when_two_reveals_of_its_era_are_shown() {
	let mut chain = started();
	chain.run_to_phase(Phase::Reveal);
	let (first, second) = (signed_reveal(&mut chain, &[]), signed_reveal(&mut chain, &[1]));
	// It reveals but one of them, as all do.
	let mut chain = started();
	era(&mut chain, &[], &[]);
	chain.run_to_phase(Phase::Settle);
	let next = chain.view(<setup::Clock<dtel_runtime::Runtime> as Get<_>>::get);
	let blocks = next.era_blocks - next.settle_at - 1;
	(0..blocks).for_each(|_| chain.block());
	let pay = |chain: &mut Chain, op: usize| {
		chain.view(|| Rewards::operator_pay(FIRST, OPERATORS[op].account())).expect("it earned")
	};
	assert_eq!(pay(&mut chain, 4).state, PayState::Waiting);
	assert!(pay(&mut chain, 4).share.work > 0);
	let show = pallet_dtel_attestation::Call::report_double_reveal { first, second };
	let shown = OPERATORS[0].sign(RuntimeCall::Attestation(show));
	assert_eq!(chain.try_apply(shown), Ok(Ok(())));
	assert_eq!(chain.era(), FIRST + 1);
	let disputed = pay(&mut chain, 4);
	assert!(disputed.disputed && disputed.state == PayState::Waiting);

	// The others are paid by the chain itself as soon as that is possible.
	chain.run_to_era(FIRST + 2);
	(0..4).for_each(|_| chain.block());
	for op in 0..4 {
		assert_eq!(pay(&mut chain, op).state, PayState::Paid, "{op}");
	}
	let (id, _) = penalty(&mut chain, OffenceKind::DoubleReveal);
	let due = chain.view(|| Penalties::penalty(id)).unwrap().due();
	chain.run_to_era(due);
	(0..4).for_each(|_| chain.block());
	assert!(matches!(penalty(&mut chain, OffenceKind::DoubleReveal).1, State::Executed { .. }));
	assert_eq!(pay(&mut chain, 4).state, PayState::Forfeited);
	let paid = chain.view(|| Rewards::era_pay(FIRST)).expect("open").paid.total();
	let others: Balance = (0..4).map(|op| pay(&mut chain, op).share.total()).sum();
	assert_eq!(paid, others);
	chain.check();
}
