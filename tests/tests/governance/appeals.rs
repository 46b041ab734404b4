//! Penalties before the referendum: one that is upheld, one that is cancelled, and one that is cancelled before anybody appealed.

use crate::{
	chain::{account, Chain},
	operators::{BOND, VANISHED},
	world::*,
};
use dtel_primitives::{offence::OffenceKind, Balance};
use dtel_runtime::{
	configs::{fees, quality},
	governance::origins::Origin,
	Balances, Penalties, Runtime, RuntimeCall,
};
use dtel_traits::Jail;
use frame_support::traits::{fungible::InspectHold, Get};
use pallet_conviction_voting::Conviction;
use pallet_dtel_penalties::{Call, Error, Event, State};

fn bonds(chain: &mut Chain) -> Balance {
	let reason = pallet_dtel_penalties::HoldReason::Appeal.into();
	chain.view(|| Balances::balance_on_hold(&reason, &account("Op5")))
}

/// Submits a decision of the penalty administrator, which all vote for.
fn put(chain: &mut Chain, call: Call<Runtime>) -> u32 {
	let index = chain.propose(PROPOSER, as_origin(Origin::PenaltyAdmin), call);
	chain.vote(index, &VOTERS, aye(STAKE, Conviction::None));
	index
}

#[test]
fn one_appeal_is_upheld_by_referendum_and_one_penalty_cancelled() {
	let mut chain = Chain::new();
	chain.lose_the_fifth();
	let (duty, _) = chain.penalty(OffenceKind::MissedDuty);
	let (down, _) = chain.penalty(OffenceKind::Unavailable);
	let bond = chain.view(<quality::AppealBond as Get<Balance>>::get);
	for penalty in [duty, down] {
		chain.send("Op5", Call::appeal { penalty });
	}
	assert_eq!(bonds(&mut chain), 3 * bond, "one, then two");
	let until = chain.view(|| Penalties::jailed_until(VANISHED));

	// Nobody else decides, neither the operator nor another administrator.
	let cancel = Call::cancel { penalty: down };
	assert_eq!(chain.try_send("Op5", cancel.clone()), Err(sp_runtime::DispatchError::BadOrigin));
	assert_eq!(chain.penalty(OffenceKind::Unavailable).1, State::Appealed { bond: 2 * bond });

	let (cancel, uphold) =
		(put(&mut chain, cancel), put(&mut chain, Call::uphold { penalty: duty }));
	let due = chain.view(|| Penalties::penalty(down)).expect("known").due();
	assert_eq!(chain.until_enacted(cancel), Ok(()));
	assert_eq!(chain.until_enacted(uphold), Ok(()));
	let who = account("Op5");
	chain.assert_once(Event::PenaltyCancelled {
		penalty: down,
		owner: who.clone(),
		bond: 2 * bond,
	});
	chain.assert_once(Event::Upheld { penalty: duty, who, bond });
	assert_eq!(bonds(&mut chain), 0);
	assert!(
		chain.view(|| Penalties::jailed_until(VANISHED)) < until,
		"its part of the term is gone"
	);

	// The one is executed, the other never: by no call and in no later era.
	chain.run_to_era(due + 2);
	assert_eq!(chain.penalty(OffenceKind::Unavailable).1, State::Cancelled);
	assert_eq!(chain.penalty(OffenceKind::MissedDuty).1, State::Executed { amount: 0 });
	assert_eq!(
		chain.try_send("Op1", Call::execute { penalty: down }),
		Err(Error::<Runtime>::AlreadyFinal.into())
	);
	assert_eq!(chain.at_stake("Op5"), BOND);
	// What is decided stays so.
	let again = put(&mut chain, Call::uphold { penalty: down });
	assert_eq!(chain.until_enacted(again), Err(Error::<Runtime>::AlreadyFinal.into()));
	chain.check();
}

#[test]
fn an_upheld_appeal_costs_the_bond_and_the_stake() {
	let mut chain = Chain::new();
	chain.lose_the_fifth();
	let (down, _) = chain.penalty(OffenceKind::Unavailable);
	let bond = chain.view(<quality::AppealBond as Get<Balance>>::get);
	chain.send("Op5", Call::appeal { penalty: down });
	let due = chain.view(|| Penalties::penalty(down)).expect("known").due();
	let (total, mark) = (chain.total("Op5"), chain.mark());
	let treasury = chain.view(|| Balances::free_balance(fees::Treasury::get()));
	let uphold = put(&mut chain, Call::uphold { penalty: down });
	assert_eq!(chain.until_enacted(uphold), Ok(()));
	assert_eq!(chain.total("Op5") + bond + chain.fees("Op5", mark), total);
	assert!(chain.view(|| Balances::free_balance(fees::Treasury::get())) >= treasury + bond);
	chain.run_to_era(due);
	chain.until("execution", |chain| {
		matches!(chain.penalty(OffenceKind::Unavailable).1, State::Executed { .. })
	});
	assert_eq!(chain.penalty(OffenceKind::Unavailable).1, State::Executed { amount: BOND / 1_000 });
	assert_eq!(chain.at_stake("Op5"), BOND - BOND / 1_000);
	chain.check();
}

#[test]
fn a_penalty_is_cancelled_in_time_although_nobody_appealed() {
	let mut chain = Chain::new();
	chain.lose_the_fifth();
	let (down, _) = chain.penalty(OffenceKind::Unavailable);
	let due = chain.view(|| Penalties::penalty(down)).expect("known").due();
	let cancel = put(&mut chain, Call::cancel { penalty: down });
	assert_eq!(chain.until_enacted(cancel), Ok(()));
	assert!(chain.era() < due, "within a development era, as within a production one");
	chain.assert_once(Event::PenaltyCancelled { penalty: down, owner: account("Op5"), bond: 0 });
	chain.run_to_era(due + 2);
	assert_eq!(chain.penalty(OffenceKind::Unavailable).1, State::Cancelled);
	assert_eq!(chain.at_stake("Op5"), BOND);
	let execute: RuntimeCall = Call::execute { penalty: down }.into();
	assert_eq!(chain.try_send("Dave", execute), Err(Error::<Runtime>::AlreadyFinal.into()));
	chain.check();
}
