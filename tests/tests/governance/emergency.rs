//! Safe mode: entered for a deposit, by the committee or by referendum, left by referendum or by itself; and what works in it.

use crate::{
	chain::{account, Chain, Tx, Who},
	operators::{bond, register, BOND, OPERATORS, VANISHED},
	world::*,
};
use dtel_primitives::{offence::OffenceKind, Balance, DTEL};
use dtel_runtime::{
	configs::accounts::ProxyType,
	genesis_presets::SUPPLY,
	governance::{origins::Origin, parameters, tracks::TRACKS},
	Balances, Emergency, Penalties, Runtime, RuntimeCall, SafeMode,
};
use dtel_traits::Jail;
use frame_support::traits::{fungible::InspectHold, Get};
use pallet_conviction_voting::Conviction;
use pallet_dtel_penalties::State;
use pallet_dtel_staking::Call as Stake;
use pallet_referenda::Event as Referenda;
use pallet_safe_mode::{Call, Error, Event, ExitReason};
use sp_runtime::DispatchError;

/// A day of governance.
const DAY: u32 = 24;
/// For how long a deposit or the committee stops the chain.
const ENTERED: u32 = 12;

fn enter() -> RuntimeCall {
	Call::enter {}.into()
}

fn force_enter() -> RuntimeCall {
	Call::force_enter {}.into()
}

fn deposit(chain: &mut Chain) -> Balance {
	chain.view(<parameters::SafeModeDeposit as Get<Option<Balance>>>::get).expect("anybody can")
}

fn stopped(chain: &mut Chain) -> bool {
	chain.view(SafeMode::is_entered)
}

fn until(chain: &mut Chain) -> u32 {
	chain.view(pallet_safe_mode::EnteredUntil::<Runtime>::get).expect("in safe mode")
}

fn held(chain: &mut Chain, who: Who) -> Balance {
	let reason = pallet_safe_mode::HoldReason::EnterOrExtend.into();
	chain.view(|| Balances::balance_on_hold(&reason, &account(who)))
}

/// What does not work in safe mode.
fn stopped_calls() -> Vec<(Who, RuntimeCall)> {
	vec![
		("Alice", transfer("Bob", DTEL)),
		("Alice", pallet_balances::Call::transfer_all { dest: to("Bob"), keep_alive: true }.into()),
		("Dave", bond(BOND)),
		("Op1", Stake::bond_extra { amount: BOND }.into()),
		("Eve", Stake::delegate { pool: account("Op1"), amount: BOND }.into()),
		("Eve", register("Eve", 99)),
		(
			"Eve",
			pallet_bounties::Call::propose_bounty { value: 100 * DTEL, description: vec![] }.into(),
		),
		("Alice", pallet_utility::Call::batch_all { calls: vec![transfer("Bob", DTEL)] }.into()),
	]
}

#[test]
fn exits_votes_duties_and_appeals_work_in_safe_mode_and_transfers_do_not() {
	let mut chain = Chain::new();
	chain.start_operators();
	for who in ["Dave", "Ferdie"] {
		chain.send(who, Stake::delegate { pool: account("Op1"), amount: BOND });
	}
	let any =
		pallet_proxy::Call::add_proxy { delegate: to("Bob"), proxy_type: ProxyType::Any, delay: 0 };
	chain.send("Alice", any);
	chain.measure(&[], &[VANISHED]);
	chain.measure(&[], &[VANISHED]);
	chain.measure(&[VANISHED], &[VANISHED]);
	let (down, _) = chain.penalty(OffenceKind::Unavailable);

	assert_eq!(chain.decide(as_origin(Origin::EmergencyAdmin), force_enter()), Ok(()));
	let end = until(&mut chain);
	assert!(end >= chain.number() + 7 * DAY - 1, "a week");
	let calls: Vec<_> =
		stopped_calls().into_iter().map(|(who, call)| Tx::Signed(who, call)).collect();
	for (tx, applied) in calls.clone().into_iter().zip(chain.apply(calls)) {
		assert_eq!(applied, Ok(Err(filtered())), "{tx:?}");
	}
	// Who may do everything for another may not do this.
	let inner = Box::new(transfer("Bob", DTEL));
	let by_proxy =
		pallet_proxy::Call::proxy { real: to("Alice"), force_proxy_type: None, call: inner };
	chain.send("Bob", by_proxy);
	chain.assert_once(pallet_proxy::Event::ProxyExecuted { result: Err(filtered()) });

	// The defence against a penalty.
	chain.send("Op5", pallet_dtel_penalties::Call::appeal { penalty: down });
	assert!(matches!(chain.penalty(OffenceKind::Unavailable).1, State::Appealed { .. }));
	// The way out.
	let left = chain.era();
	chain.send_all(vec![
		("Dave", Stake::undelegate { pool: account("Op1"), amount: BOND }.into()),
		("Op2", Stake::unbond { amount: 1_000 * DTEL }.into()),
		("Op3", Stake::set_chilled { chilled: true }.into()),
		("Op4", Stake::retire {}.into()),
	]);
	// A referendum, which cancels the penalty; and duties meanwhile: four verifiers commit and reveal.
	let cancel = chain.propose(
		PROPOSER,
		as_origin(Origin::PenaltyAdmin),
		pallet_dtel_penalties::Call::cancel { penalty: down },
	);
	chain.vote(cancel, &VOTERS, aye(STAKE, Conviction::None));
	assert_eq!(chain.measure(&[VANISHED], &[]), 8);
	assert_eq!(chain.until_enacted(cancel), Ok(()));
	assert_eq!(chain.penalty(OffenceKind::Unavailable).1, State::Cancelled);

	// Pay, as far as it is earned and not paid by the chain itself.
	chain.run_to_era(left + 3);
	let payout = pallet_dtel_rewards::Call::payout { era: left, owner: account("Op1") };
	assert_ne!(chain.try_send("Ferdie", payout), Err(filtered()));
	let (before, mark) = (chain.total("Ferdie"), chain.mark());
	chain.send("Ferdie", Stake::claim { pool: account("Op1") });
	assert!(chain.total("Ferdie") + chain.fees("Ferdie", mark) > before, "it earned something");

	// Out of jail, when the term for what else it missed is over.
	let term = chain.view(|| Penalties::jailed_until(VANISHED)).expect("jailed");
	chain.run_to_era(term);
	assert!(stopped(&mut chain), "still");
	chain.send("Op5", pallet_dtel_penalties::Call::unjail { node: VANISHED });
	assert!(!chain.view(|| Penalties::is_jailed(VANISHED)));
	// Out of stake.
	chain.run_to_era(left + 5);
	assert!(stopped(&mut chain), "still");
	chain.send("Dave", Stake::withdraw { pool: account("Op1") });
	assert_eq!(chain.reserved("Dave"), 0);
	chain.check();

	// Out of safe mode, by referendum.
	assert_eq!(chain.decide(as_origin(Origin::EmergencyAdmin), Call::force_exit {}), Ok(()));
	chain.assert_once(Event::Exited { reason: ExitReason::Force });
	assert!(chain.number() < end, "before it would have ended");
	assert_eq!(chain.try_send("Alice", transfer("Bob", DTEL)), Ok(()));
	for (who, call) in stopped_calls() {
		let applied = chain.apply_one(Tx::Signed(who, call.clone()));
		assert_ne!(applied, Ok(Err(filtered())), "{call:?}");
	}
	assert_eq!(chain.view(Balances::total_issuance), SUPPLY);
	assert_eq!(chain.at_stake(OPERATORS[0]) / DTEL, 2 * BOND / DTEL, "its own and Ferdie's");
	chain.check();
}

#[test]
fn a_deposit_enters_for_twelve_hours_and_then_nobody_does_for_a_week() {
	let mut chain = Chain::new();
	let amount = deposit(&mut chain);
	assert_eq!(amount, 500_000 * DTEL);
	chain.send("Eve", enter());
	let entered = chain.number();
	chain.assert_once(Event::DepositPlaced { account: account("Eve"), amount });
	chain.assert_once(Event::Entered { until: entered + ENTERED });
	assert_eq!(held(&mut chain, "Eve"), amount);
	assert_eq!(chain.try_send("Alice", transfer("Bob", DTEL)), Err(filtered()));
	// Nobody enters it again, or extends it, for money.
	assert_eq!(chain.try_send("Ferdie", enter()), Err(Error::<Runtime>::Entered.into()));
	assert_eq!(
		chain.try_send("Ferdie", Call::extend {}),
		Err(Error::<Runtime>::NotConfigured.into())
	);
	let release = Call::release_deposit { account: account("Eve"), block: entered };
	assert_eq!(chain.try_send("Eve", release.clone()), Err(Error::<Runtime>::Entered.into()));
	chain.run_to(entered + ENTERED);
	assert!(stopped(&mut chain));
	chain.block();
	let exited = chain.number();
	assert!(!stopped(&mut chain));
	chain.assert_once(Event::Exited { reason: ExitReason::Timeout });
	assert_eq!(chain.try_send("Alice", transfer("Bob", DTEL)), Ok(()));
	chain.check();

	// The quiet time: not for a deposit, not by the committee, not in a batch or through the committee's members.
	assert_eq!(chain.try_send("Ferdie", enter()), Err(filtered()));
	let batch = pallet_utility::Call::batch_all { calls: vec![enter()] };
	assert_eq!(chain.try_send("Ferdie", batch), Err(filtered()));
	assert_eq!(chain.motion(3, force_enter()), Err(DispatchError::BadOrigin));
	chain.run_to(exited + 7 * DAY - 4);
	assert_eq!(chain.try_send("Ferdie", enter()), Err(filtered()));
	chain.check();
	chain.run_to(exited + 7 * DAY);
	assert!(chain.view(Emergency::may_enter));
	// Who still has a deposit there does not enter again; another one does.
	assert_eq!(chain.try_send("Eve", enter()), Err(Error::<Runtime>::AlreadyDeposited.into()));
	chain.send("Ferdie", enter());
	chain.blocks(ENTERED + 1);
	assert!(!stopped(&mut chain));

	// The deposit is held for sixty days.
	assert_eq!(
		chain.try_send("Dave", release.clone()),
		Err(Error::<Runtime>::CannotReleaseYet.into())
	);
	chain.run_to(entered + 60 * DAY);
	chain.send("Dave", release);
	chain.assert_once(Event::DepositReleased { account: account("Eve"), amount });
	assert_eq!(held(&mut chain, "Eve"), 0);
	assert_eq!(chain.reserved("Eve"), 0);
	chain.check();
}

#[test]
fn the_committee_enters_for_six_hours_and_only_a_referendum_extends() {
	let mut chain = Chain::new();
	// A referendum that extends what is not entered yet: it would fail.
	let extend = chain.propose(PROPOSER, as_origin(Origin::EmergencyAdmin), Call::force_extend {});
	chain.vote(extend, &VOTERS, aye(STAKE, Conviction::Locked1x));
	chain.until_event(Referenda::ConfirmStarted { index: extend });
	// Two members are too few.
	assert_eq!(chain.motion(2, force_enter()), Err(DispatchError::BadOrigin));
	assert!(!stopped(&mut chain));
	chain.until("it is entered", |chain| chain.motion(3, force_enter()) == Ok(()));
	let entered = chain.number();
	chain.assert_once(Event::Entered { until: entered + ENTERED });
	// It neither extends nor ends it, nor enters it again.
	assert_eq!(chain.motion(3, Call::force_extend {}), Err(DispatchError::BadOrigin));
	assert_eq!(chain.try_send("Alice", Call::force_extend {}), Err(DispatchError::BadOrigin));

	assert_eq!(chain.until_enacted(extend), Ok(()));
	let end = entered + ENTERED + 7 * DAY;
	chain.assert_once(Event::Extended { until: end });
	assert_eq!(chain.motion(3, Call::force_exit {}), Err(DispatchError::BadOrigin));
	assert_eq!(until(&mut chain), end);
	chain.run_to(end - 2);
	assert_eq!(chain.try_send("Alice", transfer("Bob", DTEL)), Err(filtered()));
	chain.run_to(end);
	assert!(stopped(&mut chain));
	chain.block();
	assert!(!stopped(&mut chain), "by itself");
	assert_eq!(chain.try_send("Alice", transfer("Bob", DTEL)), Ok(()));

	// In the quiet time a referendum enters it all the same.
	assert_eq!(chain.motion(3, force_enter()), Err(DispatchError::BadOrigin));
	assert_eq!(chain.decide(as_origin(Origin::EmergencyAdmin), force_enter()), Ok(()));
	assert!(stopped(&mut chain));
	chain.check();
}

#[test]
fn a_referendum_leaves_what_a_deposit_entered() {
	let mut chain = Chain::new();
	let plan = TRACKS.iter().find(|plan| plan.name == "emergency_admin").expect("a track");
	// It takes half as long as what it ends.
	assert!(2 * (plan.prepare + plan.confirm + plan.enactment) <= ENTERED);
	let exit = chain.propose(PROPOSER, as_origin(Origin::EmergencyAdmin), Call::force_exit {});
	chain.vote(exit, &VOTERS, aye(STAKE, Conviction::Locked1x));
	chain.send("Eve", enter());
	assert_eq!(chain.until_enacted(exit), Ok(()));
	assert!(!stopped(&mut chain));
	chain.assert_once(Event::Exited { reason: ExitReason::Force });
	// The quiet time begins with it.
	assert_eq!(chain.try_send("Ferdie", enter()), Err(filtered()));
	chain.check();
}

#[test]
fn root_takes_the_deposit_of_who_stopped_the_chain_for_nothing() {
	let mut chain = Chain::new();
	let amount = deposit(&mut chain);
	chain.send("Eve", enter());
	let block = chain.number();
	let take = Call::force_slash_deposit { account: account("Eve"), block };
	for origin in [Origin::EmergencyAdmin, Origin::Treasurer] {
		let refused = chain.decide(as_origin(origin), take.clone());
		assert_eq!(refused, Err(DispatchError::BadOrigin), "{origin:?}");
	}
	assert_eq!(held(&mut chain, "Eve"), amount);
	let (total, mark) = (chain.total("Eve"), chain.mark());
	assert_eq!(chain.decide(root(), take), Ok(()));
	chain.assert_once(Event::DepositSlashed { account: account("Eve"), amount });
	assert_eq!(held(&mut chain, "Eve"), 0);
	assert_eq!(chain.total("Eve") + chain.fees("Eve", mark) + amount, total);
	// It is burned.
	assert_eq!(chain.view(Balances::total_issuance), SUPPLY - amount);
	let left = chain.view(|| pallet_safe_mode::Deposits::<Runtime>::get(account("Eve"), block));
	assert_eq!(left, None, "nothing can be given back");
	chain.check();
}
