//! A parameter that a referendum sets, from the preimage to the deposits that come back, and what cannot set it.

use crate::{
	chain::{account, Chain, Tx},
	operators::{bond, register},
	world::*,
};
use codec::{Decode, Encode};
use dtel_primitives::{Balance, DTEL};
use dtel_runtime::{
	configs::quality,
	governance::{
		origins::Origin,
		parameters::{
			params::staking::{MinBond, Parameters},
			RuntimeParameters, RuntimeParametersKey, RuntimeParametersValue,
		},
		within::Within,
	},
	Balances, Runtime, RuntimeCall, RuntimeEvent,
};
use frame_support::traits::{dynamic_params::AggregatedKeyValue, Get};
use pallet_conviction_voting::Conviction;
use pallet_referenda::{Event as Referenda, ReferendumInfo};
use sp_runtime::DispatchError;

/// What an operator needs of its own before anybody votes.
const BEFORE: Balance = 1_000 * DTEL;

fn parameter(amount: Balance) -> RuntimeParameters {
	let amount = Within::checked(amount).expect("within its bounds");
	RuntimeParameters::Staking(Parameters::MinBond(MinBond, Some(amount)))
}

fn set(amount: Balance) -> RuntimeCall {
	pallet_parameters::Call::set_parameter { key_value: parameter(amount) }.into()
}

fn least_bond(chain: &mut Chain) -> Balance {
	chain.view(<quality::MinBond as Get<Balance>>::get)
}

/// The key and the value as the event has them.
fn parts(amount: Balance) -> (RuntimeParametersKey, Option<RuntimeParametersValue>) {
	parameter(amount).into_parts()
}

#[test]
fn the_least_bond_is_set_by_referendum_and_deposits_come_back() {
	let mut chain = Chain::new();
	assert_eq!(least_bond(&mut chain), BEFORE);
	let after = 2_000 * DTEL;
	// What suffices now.
	chain.send_all(vec![("Op1", bond(BEFORE)), ("Op1", register("Op1", 0))]);

	let index = chain.propose(PROPOSER, as_origin(Origin::StakingAdmin), set(after));
	let deposit = 5_000 * DTEL;
	chain.assert_once(Referenda::DecisionDepositPlaced {
		index,
		who: account(PROPOSER),
		amount: deposit,
	});
	let held = chain.reserved(PROPOSER);
	// The preimage's, too.
	assert!(held > SUBMISSION + deposit && held < SUBMISSION + deposit + DTEL);
	let refund = |chain: &mut Chain| {
		chain.try_send("Dave", pallet_referenda::Call::refund_decision_deposit { index })
	};
	let refund_submission = |chain: &mut Chain| {
		chain.try_send("Dave", pallet_referenda::Call::refund_submission_deposit { index })
	};
	type Error = pallet_referenda::Error<Runtime>;
	assert_eq!(refund(&mut chain), Err(Error::Unfinished.into()));
	assert_eq!(refund_submission(&mut chain), Err(Error::BadStatus.into()));

	chain.vote(index, &VOTERS, aye(STAKE, Conviction::Locked1x));
	let tally = chain.ongoing(index).tally;
	assert_eq!((tally.ayes, tally.nays, tally.support), (12 * STAKE, 0, 12 * STAKE));
	chain.until_approved(index);
	chain.assert_once(Referenda::ConfirmStarted { index });
	chain.assert_once(Referenda::Confirmed { index, tally });
	assert_eq!(least_bond(&mut chain), BEFORE, "it is not enacted yet");
	assert_eq!(chain.until_enacted(index), Ok(()));
	assert_eq!(least_bond(&mut chain), after);
	let (key, new_value) = parts(after);
	chain.assert_once(pallet_parameters::Event::Updated { key, old_value: None, new_value });

	// It is what counts from now on.
	chain.send("Op2", register("Op2", 1));
	assert_eq!(
		chain.try_send("Op2", bond(after - 1)),
		Err(pallet_dtel_staking::Error::<Runtime>::BelowMinimum.into())
	);
	chain.send("Op2", bond(after));

	// Anybody has the deposits given back, once.
	assert_eq!(refund(&mut chain), Ok(()));
	assert_eq!(refund_submission(&mut chain), Ok(()));
	let who = account(PROPOSER);
	chain.assert_once(Referenda::DecisionDepositRefunded {
		index,
		who: who.clone(),
		amount: deposit,
	});
	chain.assert_once(Referenda::SubmissionDepositRefunded { index, who, amount: SUBMISSION });
	assert_eq!(refund(&mut chain), Err(Error::NoDeposit.into()));
	assert_eq!(chain.reserved(PROPOSER), held - deposit - SUBMISSION);
	// The preimage's by whoever noted it.
	chain.send(PROPOSER, pallet_preimage::Call::unnote_preimage { hash: hash(&set(after)) });
	assert_eq!(chain.reserved(PROPOSER), 0);
	chain.check();
}

#[test]
fn another_administrator_cannot_set_it() {
	let mut chain = Chain::new();
	for origin in [Origin::RegistryAdmin, Origin::PenaltyAdmin, Origin::Tipper] {
		let decided = chain.decide(as_origin(origin), set(2_000 * DTEL));
		assert_eq!(decided, Err(DispatchError::BadOrigin), "{origin:?}");
		assert_eq!(least_bond(&mut chain), BEFORE);
	}
	// Nor somebody who just signs.
	assert_eq!(chain.try_send("Alice", set(2_000 * DTEL)), Err(DispatchError::BadOrigin));
	assert_eq!(least_bond(&mut chain), BEFORE);
}

#[test]
fn a_value_out_of_its_bounds_is_no_call_and_is_never_enacted() {
	let mut chain = Chain::new();
	let (_, most) = Within::<{ 100 * DTEL }, { 100_000 * DTEL }>::bounds();
	// The greatest that is a call, one added to it.
	let mut bytes = set(most).encode();
	let at = bytes.len() - 16;
	assert_eq!(bytes[at..], most.to_le_bytes());
	bytes[at..].copy_from_slice(&(most + 1).to_le_bytes());
	assert!(RuntimeCall::decode(&mut &bytes[..]).is_err());
	assert!(RuntimeCall::decode(&mut &set(most).encode()[..]).is_ok());

	let index = chain.propose_bytes(PROPOSER, root(), bytes);
	chain.vote(index, &VOTERS, aye(STAKE, Conviction::Locked1x));
	chain.until_approved(index);
	let name = (*b"assembly", "enactment", index).using_encoded(sp_io::hashing::blake2_256);
	chain.until("its end", |chain| {
		chain.since(0).any(|event| {
			matches!(event, RuntimeEvent::Scheduler(
				pallet_scheduler::Event::CallUnavailable { id: Some(id), .. }) if *id == name)
		})
	});
	chain.blocks(10);
	assert_eq!(chain.enacted(index), None);
	assert_eq!(least_bond(&mut chain), BEFORE);
	let key = parts(most).0;
	let stored = chain.view(|| pallet_parameters::Parameters::<Runtime>::get(key));
	assert_eq!(stored, None);
	chain.check();
}

#[test]
fn what_nobody_supports_is_rejected_and_its_submission_is_lost() {
	let mut chain = Chain::new();
	let index = chain.propose(PROPOSER, as_origin(Origin::Tipper), set(2_000 * DTEL));
	chain.until("a decision", |chain| {
		!matches!(chain.referendum(index), ReferendumInfo::Ongoing(_))
	});
	assert!(matches!(chain.referendum(index), ReferendumInfo::Rejected(..)));
	chain.send("Dave", pallet_referenda::Call::refund_decision_deposit { index });
	assert_eq!(
		chain.try_send(PROPOSER, pallet_referenda::Call::refund_submission_deposit { index }),
		Err(pallet_referenda::Error::<Runtime>::BadStatus.into())
	);
	let held = chain.reserved(PROPOSER);
	chain.send(PROPOSER, pallet_preimage::Call::unnote_preimage { hash: hash(&set(2_000 * DTEL)) });
	assert!(held > SUBMISSION);
	assert_eq!(chain.reserved(PROPOSER), SUBMISSION, "it stays reserved for good");
	chain.check();
}

#[test]
fn what_nobody_pays_the_decision_of_is_forgotten_after_two_weeks() {
	let mut chain = Chain::new();
	let index = chain.submit(PROPOSER, as_origin(Origin::Tipper), set(2_000 * DTEL));
	chain.vote(index, &VOTERS, aye(STAKE, Conviction::Locked1x));
	let tally = chain.ongoing(index).tally;
	let submitted = chain.ongoing(index).submitted;
	chain.until_event(Referenda::TimedOut { index, tally });
	assert!(chain.number() >= submitted + 14 * 24);
	assert!(chain.number() <= submitted + 14 * 24 + 2);
	let place = pallet_referenda::Call::place_decision_deposit { index };
	assert_eq!(
		chain.try_send(PROPOSER, place),
		Err(pallet_referenda::Error::<Runtime>::NotOngoing.into())
	);
	// The votes lock nothing once they are taken away.
	for who in VOTERS {
		chain.send_all(vec![
			(who, pallet_conviction_voting::Call::remove_vote { class: Some(30), index }.into()),
			(who, pallet_conviction_voting::Call::unlock { class: 30, target: to(who) }.into()),
		]);
		assert_eq!(chain.view(|| Balances::locks(&account(who)).len()), 0);
	}
	let bare = Tx::Bare(set(2_000 * DTEL));
	// Pools refuse it; an author can include it, and nothing comes of it.
	assert_eq!(chain.apply_one(bare), Ok(Err(DispatchError::BadOrigin)), "nor by nobody");
	chain.check();
}
