//! Attacks by voters: the same token counted twice, a lock that ends early, stake that is gone, a vote at the last moment.

use crate::world::*;
use dtel_primitives::{clock::EraClock, Balance, DTEL};
use dtel_runtime::{
	governance::{
		origins::Origin,
		tracks::{CANCEL_HOURS, TRACKS},
	},
	setup, Balances, Runtime, RuntimeCall, Staking, System,
};
use dtel_traits::StakeLedger;
use frame_support::{
	assert_noop, assert_ok,
	traits::{fungible::Inspect, Get},
};
use pallet_conviction_voting::{Call, Conviction, Error};
use pallet_referenda::ReferendumInfo;
use sp_runtime::{DispatchError, DispatchResult, Perbill, TokenError};

type VotingError = Error<Runtime>;

/// Small amounts, so that all of the people's funds are free beside them.
const VOTE: Balance = 600_000 * DTEL;
const TIPPER: u16 = 30;

fn delegate(name: &str, to: &str, conviction: Conviction, balance: Balance) -> DispatchResult {
	call(name, Call::delegate { class: TIPPER, to: who(to).into(), conviction, balance })
}

fn undelegate(name: &str) -> DispatchResult {
	call(name, Call::undelegate { class: TIPPER })
}

fn remove_vote(name: &str, index: u32) -> DispatchResult {
	call(name, Call::remove_vote { class: Some(TIPPER), index })
}

fn unlock(name: &str) {
	assert_ok!(call("Dave", Call::unlock { class: TIPPER, target: who(name).into() }));
}

fn transfer(name: &str, to: &str, value: Balance) -> DispatchResult {
	let dest = who(to).into();
	call(name, pallet_balances::Call::transfer_allow_death { dest, value })
}

/// Ayes by conviction, nays by conviction, tokens.
fn tally(index: u32) -> (Balance, Balance, Balance) {
	let tally = status(index).tally;
	(tally.ayes, tally.nays, tally.support)
}

fn aye(name: &str, index: u32, conviction: Conviction, balance: Balance) -> DispatchResult {
	vote(name, index, standard(true, conviction, balance))
}

fn frozen() -> Result<(), DispatchError> {
	Err(TokenError::Frozen.into())
}

#[test]
fn whoever_delegates_cannot_vote_too() {
	chain().execute_with(|| {
		let index = propose("Eve", Origin::Tipper, mark("tip"));
		assert_ok!(aye("Bob", index, Conviction::Locked1x, VOTE));
		assert_ok!(delegate("Alice", "Bob", Conviction::Locked1x, VOTE));
		assert_eq!(tally(index), (2 * VOTE, 0, 2 * VOTE));
		assert_noop!(
			aye("Alice", index, Conviction::Locked1x, VOTE),
			VotingError::AlreadyDelegating
		);
		assert_noop!(
			delegate("Alice", "Charlie", Conviction::Locked1x, VOTE),
			VotingError::AlreadyDelegating
		);
		assert_noop!(
			delegate("Bob", "Alice", Conviction::Locked1x, VOTE),
			VotingError::AlreadyVoting
		);
		// Taken back, it is gone from the other's vote before it can be cast.
		assert_ok!(undelegate("Alice"));
		assert_eq!(tally(index), (VOTE, 0, VOTE));
		assert_ok!(aye("Alice", index, Conviction::Locked1x, VOTE));
		assert_eq!(tally(index), (2 * VOTE, 0, 2 * VOTE));
		check();
	});
}

#[test]
fn delegations_do_not_go_round_or_on() {
	chain().execute_with(|| {
		let index = propose("Eve", Origin::Tipper, mark("tip"));
		assert_noop!(delegate("Bob", "Bob", Conviction::Locked1x, VOTE), VotingError::Nonsense);
		assert_ok!(delegate("Alice", "Bob", Conviction::Locked1x, VOTE));
		assert_ok!(delegate("Bob", "Charlie", Conviction::Locked1x, VOTE));
		assert_ok!(delegate("Charlie", "Alice", Conviction::Locked1x, VOTE));
		assert_eq!(tally(index), (0, 0, 0), "in a circle nobody votes");
		assert_ok!(undelegate("Charlie"));
		assert_ok!(aye("Charlie", index, Conviction::Locked1x, VOTE));
		assert_eq!(tally(index).2, 2 * VOTE, "Charlie's and Bob's; Alice's stay with Bob");
		check();
	});
}

#[test]
fn nobody_delegates_or_votes_more_than_there_is() {
	chain().execute_with(|| {
		let index = propose("Eve", Origin::Tipper, mark("tip"));
		let too_much = ENDOWMENT + 1;
		let funds = VotingError::InsufficientFunds;
		assert_noop!(delegate("Alice", "Bob", Conviction::None, too_much), funds);
		let funds = VotingError::InsufficientFunds;
		assert_noop!(aye("Alice", index, Conviction::None, too_much), funds);
		let split = pallet_conviction_voting::AccountVote::SplitAbstain {
			aye: ENDOWMENT / 2,
			nay: ENDOWMENT / 2,
			abstain: 1,
		};
		assert_noop!(vote("Alice", index, split), VotingError::InsufficientFunds);
	});
}

#[test]
fn tokens_that_voted_cannot_be_sent_to_vote_again() {
	chain().execute_with(|| {
		let index = propose("Eve", Origin::Tipper, mark("tip"));
		// Even without a conviction: as long as the vote stands.
		assert_ok!(aye("Alice", index, Conviction::None, ENDOWMENT));
		assert_eq!(transfer("Alice", "Bob", DTEL), frozen());
		assert_ok!(remove_vote("Alice", index));
		assert_eq!(transfer("Alice", "Bob", DTEL), frozen());
		unlock("Alice");
		assert_ok!(transfer("Alice", "Bob", ENDOWMENT - DTEL));
		assert_eq!(tally(index), (0, 0, 0), "the vote went before the tokens did");
		let all = Balances::total_balance(&who("Bob"));
		assert_ok!(aye("Bob", index, Conviction::None, all));
		assert_eq!(tally(index).2, all);
		check();
	});
}

#[test]
fn a_vote_that_won_is_locked_for_its_whole_time() {
	chain().execute_with(|| {
		let index = propose("Eve", Origin::Tipper, mark("tip"));
		for name in ["Alice", "Charlie"] {
			assert_ok!(aye(name, index, Conviction::Locked2x, ENDOWMENT));
		}
		assert_ok!(vote("Bob", index, standard(false, Conviction::Locked6x, DTEL)));
		while !is_approved(index) {
			next_block();
		}
		let free_at = now() + 2 * setup::days(7);
		// Nobody takes it away for somebody else, and it does not help to do it oneself.
		let other = Call::remove_other_vote { target: who("Alice").into(), class: TIPPER, index };
		assert_noop!(call("Dave", other), VotingError::NoPermissionYet);
		assert_ok!(remove_vote("Alice", index));
		for class in TRACKS.iter().map(|plan| plan.id) {
			assert_ok!(call("Alice", Call::unlock { class, target: who("Alice").into() }));
		}
		assert_eq!(transfer("Alice", "Bob", DTEL), frozen());
		// Nor to vote for something else with less.
		let next = propose("Eve", Origin::Tipper, mark("another"));
		assert_ok!(aye("Alice", next, Conviction::None, DTEL));
		assert_ok!(remove_vote("Alice", next));
		unlock("Alice");
		assert_eq!(transfer("Alice", "Bob", 2 * DTEL), frozen());
		// Nor to delegate and take that back.
		assert_ok!(delegate("Alice", "Bob", Conviction::None, DTEL));
		assert_ok!(undelegate("Alice"));
		unlock("Alice");
		assert_eq!(transfer("Alice", "Bob", 2 * DTEL), frozen());
		// Who lost is free at once.
		assert_ok!(remove_vote("Bob", index));
		unlock("Bob");
		assert_ok!(transfer("Bob", "Dave", ENDOWMENT - DTEL));

		run_to(free_at - 1);
		unlock("Alice");
		assert_eq!(transfer("Alice", "Bob", 2 * DTEL), frozen());
		next_block();
		unlock("Alice");
		assert_ok!(transfer("Alice", "Bob", ENDOWMENT - DTEL));
		// Whoever left the vote where it was has to take it away first, which then anybody can do.
		unlock("Charlie");
		assert_eq!(transfer("Charlie", "Bob", DTEL), frozen());
		let other = Call::remove_other_vote { target: who("Charlie").into(), class: TIPPER, index };
		assert_ok!(call("Dave", other));
		unlock("Charlie");
		assert_ok!(transfer("Charlie", "Bob", DTEL));
		check();
	});
}

#[test]
fn a_delegation_is_locked_after_it_was_taken_back() {
	chain().execute_with(|| {
		assert_ok!(delegate("Alice", "Bob", Conviction::Locked1x, ENDOWMENT));
		assert_ok!(undelegate("Alice"));
		let free_at = now() + setup::days(7);
		run_to(free_at - 1);
		unlock("Alice");
		assert_eq!(transfer("Alice", "Bob", DTEL), frozen());
		next_block();
		unlock("Alice");
		assert_ok!(transfer("Alice", "Bob", DTEL));
	});
}

fn go_to_era(era: u32) {
	let clock = <setup::Clock<Runtime> as Get<EraClock>>::get();
	System::set_block_number(clock.first_block(era));
}

#[test]
fn a_lock_outlasts_stake_that_is_taken_out() {
	chain().execute_with(|| {
		assert_ok!(Staking::bond(signed("Op1"), VOTE, Default::default()));
		let index = propose("Eve", Origin::Tipper, mark("tip"));
		assert_ok!(aye("Op1", index, Conviction::Locked6x, ENDOWMENT));
		ayes(&["Alice"], index);
		run_to(12);
		assert!(is_approved(index));
		assert_ok!(Staking::retire(signed("Op1")));
		go_to_era(12);
		assert_ok!(Staking::withdraw(signed("Op1"), who("Op1")));
		assert_eq!(Balances::reserved_balance(who("Op1")), 0, "it is out");
		assert_ok!(remove_vote("Op1", index));
		unlock("Op1");
		assert_eq!(transfer("Op1", "Bob", DTEL), frozen());
	});
}

/// What was cast stays as it was cast, until the voter casts another vote: what is lost to a slash costs more than it votes.
#[test]
fn slashed_stake_casts_no_new_vote() {
	chain().execute_with(|| {
		assert_ok!(Staking::bond(signed("Op1"), VOTE, Default::default()));
		let first = propose("Eve", Origin::Tipper, mark("first"));
		assert_ok!(aye("Op1", first, Conviction::Locked1x, ENDOWMENT));
		go_to_era(1);
		assert_eq!(Staking::slash(&who("Op1"), Perbill::from_percent(50), 1), VOTE / 2);
		assert_ok!(Staking::settle(signed("Bob"), who("Op1"), who("Op1")));
		let left = ENDOWMENT - VOTE / 2;
		assert_eq!(Balances::total_balance(&who("Op1")), left);
		assert_eq!(tally(first).2, ENDOWMENT);
		let second = propose("Eve", Origin::Tipper, mark("second"));
		for index in [first, second] {
			assert_noop!(
				aye("Op1", index, Conviction::Locked1x, left + 1),
				VotingError::InsufficientFunds
			);
			assert_ok!(aye("Op1", index, Conviction::Locked1x, left));
			assert_eq!(tally(index).2, left);
		}
		check();
	});
}

#[test]
fn delegated_stake_votes_once_and_with_its_owner() {
	chain().execute_with(|| {
		for operator in ["Op1", "Op2"] {
			assert_ok!(Staking::bond(signed(operator), VOTE, Default::default()));
		}
		assert_ok!(Staking::delegate(signed("Bob"), who("Op1"), VOTE));
		go_to_era(1);
		let index = propose("Eve", Origin::Tipper, mark("tip"));
		assert_noop!(
			aye("Op1", index, Conviction::None, ENDOWMENT + 1),
			VotingError::InsufficientFunds
		);
		assert_ok!(aye("Bob", index, Conviction::None, ENDOWMENT));
		assert_ok!(Staking::redelegate(signed("Bob"), who("Op1"), who("Op2"), VOTE));
		assert_noop!(
			aye("Op2", index, Conviction::None, ENDOWMENT + 1),
			VotingError::InsufficientFunds
		);
		assert_ok!(aye("Bob", index, Conviction::None, ENDOWMENT));
		assert_eq!(tally(index).2, ENDOWMENT);
	});
}

fn hours(name: &str) -> (u32, u32, u32) {
	let plan = TRACKS.iter().find(|plan| plan.name == name).expect("a track");
	(plan.prepare, plan.decision, plan.confirm)
}

/// One for which a majority voted in the last block in which it could be decided; in that block.
fn late(origin: impl Into<dtel_runtime::OriginCaller>, name: &str) -> u32 {
	let index = propose("Op6", origin, put(b"late"));
	let (prepare, decision, _) = hours(name);
	run_to(1 + prepare + decision - 1);
	assert_eq!(confirming(index), None);
	ayes(&["Alice", "Bob", "Charlie"], index);
	index
}

#[test]
fn a_late_vote_only_begins_a_confirmation_that_the_others_see() {
	chain().execute_with(|| {
		let index = late(Origin::StakingAdmin, "staking_admin");
		next_block();
		let (_, _, confirm) = hours("staking_admin");
		assert_eq!(confirming(index), Some(now() + confirm));
		run_to(now() + confirm - 1);
		assert!(!is_approved(index));
		// In its last block, too.
		for name in ["Dave", "Eve", "Ferdie", "Op1"] {
			assert_ok!(vote(name, index, standard(false, Conviction::None, ENDOWMENT)));
		}
		next_block();
		assert!(matches!(info(index), ReferendumInfo::Rejected(at, ..) if at == now()));
		run_to(now() + 50);
		assert!(!is_put(b"late"));
		check();
	});
}

#[test]
fn a_confirmation_that_was_ended_begins_anew() {
	chain().execute_with(|| {
		let index = propose("Op6", Origin::StakingAdmin, mark("once more"));
		ayes(&["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "App"], index);
		run_to(8);
		let first = confirming(index).expect("it begins at once");
		assert_ok!(vote("Op1", index, standard(false, Conviction::Locked6x, ENDOWMENT)));
		next_block();
		assert_eq!(confirming(index), None);
		assert_ok!(remove_nay("Op1", index));
		next_block();
		let (_, _, confirm) = hours("staking_admin");
		assert_eq!(confirming(index), Some(now() + confirm));
		run_to(first + 1);
		assert!(!is_approved(index), "what was confirmed before does not count");
	});
}

fn remove_nay(name: &str, index: u32) -> DispatchResult {
	call(name, Call::remove_vote { class: Some(11), index })
}

#[test]
fn a_late_vote_for_root_is_cancelled_before_its_confirmation_ends() {
	chain().execute_with(|| {
		let index = late(root(), "root");
		next_block();
		let ends = confirming(index).expect("half of all votes are enough on the last day");
		next_block();
		let cancel = RuntimeCall::Referenda(pallet_referenda::Call::cancel { index });
		let canceller = propose("Op5", Origin::ReferendumCanceller, cancel);
		ayes(&["Op1", "Op2"], canceller);
		run_to(now() + CANCEL_HOURS);
		assert!(matches!(info(index), ReferendumInfo::Cancelled(..)));
		run_to(ends + 40);
		assert!(!is_put(b"late"));
		check();
	});
}
