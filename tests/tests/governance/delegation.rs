//! Votes of others: delegated by track, with conviction, and decisive.

use crate::{
	chain::{account, Chain, Who},
	world::*,
};
use dtel_primitives::{Balance, DTEL};
use dtel_runtime::{governance::origins::Origin, RuntimeCall};
use pallet_conviction_voting::{AccountVote, Call, Conviction, Event};
use pallet_referenda::ReferendumInfo;
use sp_runtime::DispatchError;

/// The tips' track.
const TIPS: u16 = 30;
/// A week.
const WEEK: u32 = 7 * 24;

fn delegate(class: u16, who: Who, conviction: Conviction, balance: Balance) -> RuntimeCall {
	Call::delegate { class, to: to(who), conviction, balance }.into()
}

fn tip() -> RuntimeCall {
	pallet_treasury::Call::spend {
		asset_kind: Box::new(()),
		amount: 10 * DTEL,
		beneficiary: Box::new(account("Dave")),
		valid_from: None,
	}
	.into()
}

type Error = pallet_conviction_voting::Error<dtel_runtime::Runtime>;

#[test]
fn delegated_votes_decide_on_their_track_and_on_no_other() {
	let mut chain = Chain::new();
	chain.send("Bob", delegate(TIPS, "Alice", Conviction::Locked3x, STAKE));
	chain.send("Charlie", delegate(TIPS, "Alice", Conviction::Locked2x, STAKE));
	chain.assert_once(Event::Delegated(account("Bob"), account("Alice"), TIPS));

	let small = chain.propose(PROPOSER, as_origin(Origin::Tipper), tip());
	// Alice delegates nothing to others, so that what she has been given counts where she votes.
	chain.vote(small, &["Alice"], aye(STAKE, Conviction::Locked1x));
	chain.vote(small, &["Dave", "Eve"], nay(STAKE, Conviction::Locked1x));
	let tally = chain.ongoing(small).tally;
	// 1 + 3 + 2 against 2; three people's tokens support it.
	assert_eq!((tally.ayes, tally.nays, tally.support), (6 * STAKE, 2 * STAKE, 3 * STAKE));
	// Who delegates does not vote, too.
	assert_eq!(
		chain.try_send("Bob", vote(small, aye(STAKE, Conviction::Locked1x))),
		Err(Error::AlreadyDelegating.into())
	);

	// On another track she is alone, and loses.
	let bigger = chain.propose(PROPOSER, as_origin(Origin::SmallSpender), tip());
	chain.vote(bigger, &["Alice"], aye(STAKE, Conviction::Locked1x));
	chain.vote(bigger, &["Dave", "Eve"], nay(STAKE, Conviction::Locked1x));
	let tally = chain.ongoing(bigger).tally;
	assert_eq!((tally.ayes, tally.nays, tally.support), (STAKE, 2 * STAKE, STAKE));

	assert_eq!(chain.until_enacted(small), Ok(()));
	chain.until("a decision", |chain| {
		!matches!(chain.referendum(bigger), ReferendumInfo::Ongoing(_))
	});
	assert!(matches!(chain.referendum(bigger), ReferendumInfo::Rejected(..)));
	chain.check();
}

#[test]
fn without_the_delegations_the_same_votes_lose() {
	let mut chain = Chain::new();
	chain.send("Bob", delegate(TIPS, "Alice", Conviction::Locked3x, STAKE));
	chain.send("Charlie", delegate(TIPS, "Alice", Conviction::Locked2x, STAKE));
	let small = chain.propose(PROPOSER, as_origin(Origin::Tipper), tip());
	chain.vote(small, &["Alice"], aye(STAKE, Conviction::Locked1x));
	chain.vote(small, &["Dave", "Eve"], nay(STAKE, Conviction::Locked1x));
	// Taken back while it is decided.
	for who in ["Bob", "Charlie"] {
		chain.send(who, Call::undelegate { class: TIPS });
	}
	let tally = chain.ongoing(small).tally;
	assert_eq!((tally.ayes, tally.nays, tally.support), (STAKE, 2 * STAKE, STAKE));
	chain.until("a decision", |chain| {
		!matches!(chain.referendum(small), ReferendumInfo::Ongoing(_))
	});
	assert!(matches!(chain.referendum(small), ReferendumInfo::Rejected(..)));
	chain.check();
}

#[test]
fn a_delegation_is_locked_for_its_conviction_after_it_was_taken_back() {
	let mut chain = Chain::new();
	chain.send("Bob", delegate(TIPS, "Alice", Conviction::Locked3x, STAKE));
	chain.send("Bob", delegate(31, "Charlie", Conviction::None, STAKE));
	// Two tracks, the same tokens: the lock is the greater, not the sum.
	assert!(chain.usable("Bob") > 199_000 * DTEL);
	for class in [TIPS, 31] {
		chain.send("Bob", Call::undelegate { class });
	}
	let since = chain.number();
	chain.send("Bob", Call::unlock { class: 31, target: to("Bob") });
	let move_all = transfer("Dave", STAKE);
	let frozen = Err(DispatchError::Token(sp_runtime::TokenError::Frozen));
	// Three periods of conviction are four weeks.
	chain.run_to(since + 4 * WEEK - 6);
	chain.send("Dave", Call::unlock { class: TIPS, target: to("Bob") });
	assert_eq!(chain.try_send("Bob", move_all.clone()), frozen);
	chain.run_to(since + 4 * WEEK + 1);
	chain.send("Dave", Call::unlock { class: TIPS, target: to("Bob") });
	assert_eq!(chain.try_send("Bob", move_all), Ok(()));
	chain.check();
}

#[test]
fn split_votes_and_abstentions_count_without_conviction() {
	let mut chain = Chain::new();
	let index = chain.propose(PROPOSER, as_origin(Origin::Tipper), tip());
	chain.vote(index, &["Alice"], AccountVote::Split { aye: 300 * DTEL, nay: 100 * DTEL });
	chain.vote(
		index,
		&["Bob"],
		AccountVote::SplitAbstain { aye: 10 * DTEL, nay: 20 * DTEL, abstain: 70 * DTEL },
	);
	let tally = chain.ongoing(index).tally;
	// A tenth of each; what abstains supports, as ayes do.
	assert_eq!((tally.ayes, tally.nays), (31 * DTEL, 12 * DTEL));
	assert_eq!(tally.support, (300 + 10 + 70) * DTEL);
	// A vote is changed, not added.
	chain.vote(index, &["Alice"], aye(1_000 * DTEL, Conviction::Locked6x));
	let tally = chain.ongoing(index).tally;
	assert_eq!((tally.ayes, tally.nays), (6_001 * DTEL, 2 * DTEL));
	assert_eq!(tally.support, (1_000 + 10 + 70) * DTEL);
	// More than there is does not vote.
	assert_eq!(
		chain.try_send("Charlie", vote(index, aye(1_000_001 * DTEL, Conviction::None))),
		Err(Error::InsufficientFunds.into())
	);
	chain.send("Alice", Call::remove_vote { class: None, index });
	let tally = chain.ongoing(index).tally;
	assert_eq!((tally.ayes, tally.nays, tally.support), (DTEL, 2 * DTEL, 80 * DTEL));
	chain.check();
}
