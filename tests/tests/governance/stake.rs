//! Tokens that are at stake, are delegated, are being unbonded or still vest: they vote, and no vote's lock is shorter for it.

use crate::{
	chain::{account, Chain, Who},
	operators::{bond, register},
	world::*,
};
use dtel_primitives::{vesting::Terms, Balance, BasisPoints, DTEL};
use dtel_runtime::{governance::origins::Origin, Runtime, RuntimeCall, Staking};
use pallet_conviction_voting::{Call, Conviction};
use pallet_dtel_staking::Call as Stake;
use pallet_dtel_vesting::Call as Grant;
use pallet_referenda::ReferendumInfo;
use sp_runtime::{DispatchError, TokenError};

/// Nearly all that each of them has.
const MOST: Balance = 990_000 * DTEL;

/// A week.
const WEEK: u32 = 7 * 24;

/// Op1 bonds most of what it has, and Bob delegates most of his to it.
fn staked() -> Chain {
	let mut chain = Chain::new();
	chain.send_all(vec![
		("Op1", bond(MOST)),
		("Op1", register("Op1", 0)),
		("Bob", Stake::delegate { pool: account("Op1"), amount: MOST }.into()),
	]);
	assert!(chain.free("Bob") < 10_000 * DTEL);
	chain
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

fn frozen() -> Result<(), DispatchError> {
	Err(DispatchError::Token(TokenError::Frozen))
}

#[test]
fn staked_delegated_unbonding_and_vesting_tokens_vote() {
	let mut chain = staked();
	// Charlie's unbond. Ferdie's vest, what Eve granted: all of that and more of his is at stake, too.
	chain.send("Charlie", Stake::delegate { pool: account("Op1"), amount: MOST });
	chain.run_to_era(2);
	chain.send("Charlie", Stake::undelegate { pool: account("Op1"), amount: MOST });
	assert!(chain.free("Charlie") < 10_000 * DTEL);
	let now = chain.number();
	let terms = Terms {
		start: now,
		cliff: now + 100 * WEEK,
		end: now + 200 * WEEK,
		at_start: BasisPoints::ZERO,
		period: 1,
	};
	let grant =
		Grant::vested_transfer { to: account("Ferdie"), amount: MOST, terms, revoker: None };
	chain.send("Eve", grant);
	let own = chain.free("Ferdie") - MOST;
	assert_eq!(chain.try_send("Ferdie", transfer("Dave", own + DTEL)), frozen());
	let both = chain.total("Ferdie") - 1_000 * DTEL;
	assert!(both > MOST + 900_000 * DTEL);
	chain.send("Ferdie", Stake::delegate { pool: account("Op1"), amount: both - MOST });
	// What is at stake keeps the promise, too: so as much of the rest is free.
	chain.send("Ferdie", Stake::delegate_extra { pool: account("Op1"), amount: MOST - DTEL });

	let index = chain.propose(PROPOSER, as_origin(Origin::Tipper), tip());
	let voters: [(Who, Balance); 4] =
		[("Op1", MOST), ("Bob", MOST), ("Charlie", MOST), ("Ferdie", both)];
	let mut votes = 0;
	for (who, with) in voters {
		chain.vote(index, &[who], aye(with, Conviction::Locked2x));
		votes += with;
		let tally = chain.ongoing(index).tally;
		assert_eq!((tally.ayes, tally.support), (2 * votes, votes), "{who}");
	}
	assert_eq!(chain.until_enacted(index), Ok(()));

	// Deposits, which are held, vote, too.
	let next = chain.propose("Dave", as_origin(Origin::Tipper), tip());
	let all = chain.total("Dave") - DTEL;
	chain.vote(next, &["Dave"], aye(all, Conviction::Locked1x));
	assert_eq!(chain.ongoing(next).tally.support, all);
	chain.check();
}

#[test]
fn a_vote_locks_longer_than_the_way_out_of_stake_takes() {
	let mut chain = staked();
	chain.run_to_era(2);
	let index = chain.propose(PROPOSER, as_origin(Origin::Tipper), tip());
	chain.vote(index, &["Bob"], aye(MOST, Conviction::Locked2x));
	chain.vote(index, &["Op1"], aye(MOST, Conviction::Locked1x));
	chain.send("Bob", Stake::undelegate { pool: account("Op1"), amount: MOST });
	let matures = chain.era() + 5;
	assert_eq!(chain.until_enacted(index), Ok(()));
	let ReferendumInfo::Approved(ended, ..) = chain.referendum(index) else { panic!("approved") };
	let unlocks = ended + 2 * WEEK;

	// He is out of stake, and his tokens are free, but may not move.
	chain.run_to_era(matures);
	assert!(chain.number() < unlocks);
	chain.send("Bob", Stake::withdraw { pool: account("Op1") });
	assert!(chain.free("Bob") >= MOST);
	assert_eq!(chain.reserved("Bob"), 0);
	// What it earned is all that can be left there.
	let left = chain.view(|| Staking::position(account("Bob"), account("Op1")));
	assert!(left.is_none_or(|left| (left.active, left.entries.len()) == (0, 0)));
	let away = transfer("Dave", MOST - DTEL);
	assert_eq!(chain.try_send("Bob", away.clone()), frozen());
	// To take the vote away does not take the lock away, nor does somebody else.
	let (class, target) = (30, to("Bob"));
	assert_eq!(
		chain.try_send("Dave", Call::remove_other_vote { target: target.clone(), class, index }),
		Err(pallet_conviction_voting::Error::<Runtime>::NoPermissionYet.into())
	);
	chain.send("Bob", Call::remove_vote { class: Some(class), index });
	chain.send("Bob", Call::unlock { class, target: target.clone() });
	assert_eq!(chain.try_send("Bob", away.clone()), frozen());
	// They can be at stake again meanwhile.
	chain.send("Bob", Stake::delegate_extra { pool: account("Op1"), amount: 100_000 * DTEL });

	chain.run_to(unlocks - 4);
	chain.send("Bob", Call::unlock { class, target: target.clone() });
	assert_eq!(chain.try_send("Bob", transfer("Dave", 500_000 * DTEL)), frozen());
	chain.run_to(unlocks);
	chain.send("Dave", Call::unlock { class, target });
	assert_eq!(chain.try_send("Bob", transfer("Dave", 800_000 * DTEL)), Ok(()));
	chain.check();
}

#[test]
fn the_turnout_is_what_can_vote() {
	use dtel_runtime::governance::turnout::Turnout;
	use frame_support::traits::Get;
	let mut chain = staked();
	let people = ["App"].into_iter().chain(VOTERS);
	let held: Balance = people.map(|who| chain.total(who)).sum();
	// Stake is its owners' and votes; the reserve, the treasury and the stakers' pot do not.
	assert_eq!(chain.view(<Turnout as Get<Balance>>::get), held);
	let before = chain.view(<Turnout as Get<Balance>>::get);
	let mark = chain.mark();
	chain.run_to_era(3);
	// Releases go to the pot and the treasury, and are nobody's until they are claimed.
	assert_eq!(chain.since(mark).filter(|event| is_fee(event)).count(), 0);
	assert_eq!(chain.view(<Turnout as Get<Balance>>::get), before);
}

fn is_fee(event: &dtel_runtime::RuntimeEvent) -> bool {
	matches!(event, dtel_runtime::RuntimeEvent::TransactionPayment(_))
}
