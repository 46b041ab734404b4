//! A malicious proposal of Root that begins to pass when nobody can foresee it, and who stops it.

use crate::{
	chain::{account, Chain, Who},
	world::*,
};
use dtel_primitives::{Balance, DTEL};
use dtel_runtime::{
	configs::fees,
	genesis_presets::SUPPLY,
	governance::{
		origins::Origin,
		tracks::{CANCEL_HOURS, TRACKS},
	},
	Balances, RuntimeCall,
};
use pallet_conviction_voting::Conviction;
use pallet_referenda::{Event, ReferendumInfo};

/// Who attacks, with everything and the greatest conviction.
const ATTACKER: Who = "Eve";
/// What the attacker deposits.
const DEPOSIT: Balance = 100_000 * DTEL;
/// What it votes with.
const VOTE: Balance = 850_000 * DTEL;

/// Who defends.
const DEFENDERS: [Who; 8] = ["Alice", "Bob", "Charlie", "Dave", "Ferdie", "Op1", "Op2", "Op3"];

/// Everything for the attacker.
fn theft() -> RuntimeCall {
	pallet_balances::Call::force_set_balance { who: to(ATTACKER), new_free: SUPPLY }.into()
}

/// A chain in which a proposal that nobody noticed began to be confirmed in the last moment of its decision period.
fn last_moment() -> (Chain, u32) {
	let mut chain = Chain::new();
	let index = chain.propose(ATTACKER, root(), theft());
	chain.until_event_of(
		"a decision",
		|event| matches!(event, Event::DecisionStarted { index: decided, .. } if *decided == index),
	);
	let since = chain.ongoing(index).deciding.expect("deciding").since;
	chain.run_to(since + TRACKS[0].decision - 3);
	assert!(chain.ongoing(index).deciding.expect("deciding").confirming.is_none());
	chain.vote(index, &[ATTACKER], aye(VOTE, Conviction::Locked6x));
	chain.until_event(Event::ConfirmStarted { index });
	assert!(chain.number() >= since + TRACKS[0].decision - 3);
	(chain, index)
}

fn nothing_stolen(chain: &mut Chain) {
	assert_eq!(chain.view(Balances::total_issuance), SUPPLY);
	assert!(chain.total(ATTACKER) <= 1_000_000 * DTEL);
}

#[test]
fn it_passes_when_nobody_does_anything() {
	let (mut chain, index) = last_moment();
	let confirmed = chain.number();
	chain.until_approved(index);
	assert!(chain.number() >= confirmed + TRACKS[0].confirm - 1);
	// What it would do is not asked: the chain is lost then.
	nothing_stolen(&mut chain);
	assert_eq!(chain.enacted(index), None);
}

#[test]
fn the_canceller_stops_it_in_time_against_the_attackers_votes() {
	let (mut chain, index) = last_moment();
	let begun = chain.number();
	let cancel = pallet_referenda::Call::cancel { index };
	let canceller = as_origin(Origin::ReferendumCanceller);
	let defence = chain.propose(PROPOSER, canceller, cancel);
	chain.vote(defence, &DEFENDERS, aye(STAKE, Conviction::Locked6x));
	chain.vote(defence, &[ATTACKER], nay(VOTE, Conviction::Locked6x));
	assert_eq!(chain.until_enacted(defence), Ok(()));
	let took = chain.number() - begun;
	// Four blocks to propose and vote in, and the first block of a session has no room.
	assert!(took <= CANCEL_HOURS + 8, "{took}");
	assert!(took < TRACKS[0].confirm, "before it is even approved");
	let ReferendumInfo::Cancelled(..) = chain.referendum(index) else { panic!("not cancelled") };

	chain.blocks(TRACKS[0].confirm + TRACKS[0].enactment + 10);
	assert_eq!(chain.enacted(index), None);
	nothing_stolen(&mut chain);

	// Who proposed it gets the deposits back: it takes the killer to take them.
	chain.send("Dave", pallet_referenda::Call::refund_decision_deposit { index });
	chain.send("Dave", pallet_referenda::Call::refund_submission_deposit { index });
	let who = account(ATTACKER);
	chain.assert_once(Event::DecisionDepositRefunded { index, who: who.clone(), amount: DEPOSIT });
	chain.assert_once(Event::SubmissionDepositRefunded { index, who, amount: SUBMISSION });
	chain.check();
}

#[test]
fn the_nays_that_come_now_end_its_confirmation_and_it_is_rejected() {
	let (mut chain, index) = last_moment();
	chain.vote(index, &DEFENDERS, nay(STAKE, Conviction::Locked1x));
	chain.until("a decision", |chain| {
		!matches!(chain.referendum(index), ReferendumInfo::Ongoing(_))
	});
	let ReferendumInfo::Rejected(..) = chain.referendum(index) else { panic!("not rejected") };
	chain.blocks(TRACKS[0].confirm + TRACKS[0].enactment);
	assert_eq!(chain.enacted(index), None);
	nothing_stolen(&mut chain);
	chain.check();
}

#[test]
fn the_killer_stops_it_and_takes_its_deposits() {
	let mut chain = Chain::new();
	let index = chain.propose(ATTACKER, root(), theft());
	chain.vote(index, &[ATTACKER], aye(VOTE, Conviction::Locked6x));
	let treasury = chain.view(|| Balances::free_balance(fees::Treasury::get()));
	let (total, mark) = (chain.total(ATTACKER), chain.mark());
	let kill = pallet_referenda::Call::kill { index };
	// The attacker's own votes are too few to keep it: three quarters are enough in the end.
	let defence = chain.propose(PROPOSER, as_origin(Origin::ReferendumKiller), kill);
	chain.vote(defence, &DEFENDERS, aye(STAKE, Conviction::Locked6x));
	assert_eq!(chain.until_enacted(defence), Ok(()));
	let who = account(ATTACKER);
	chain.assert_once(Event::DepositSlashed { who: who.clone(), amount: SUBMISSION });
	chain.assert_once(Event::DepositSlashed { who, amount: DEPOSIT });
	let lost = SUBMISSION + DEPOSIT;
	assert_eq!(chain.total(ATTACKER) + chain.fees(ATTACKER, mark) + lost, total);
	assert!(chain.view(|| Balances::free_balance(fees::Treasury::get())) >= treasury + lost);
	let refund = pallet_referenda::Call::refund_decision_deposit { index };
	assert!(chain.try_send("Dave", refund).is_err());
	assert!(matches!(chain.referendum(index), ReferendumInfo::Killed(_)));
	nothing_stolen(&mut chain);
	chain.check();
}
