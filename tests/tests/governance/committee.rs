//! The technical committee: it says that a proposal is urgent, and a referendum can empty it.

use crate::{
	chain::{account, Chain},
	operators::bond,
	world::*,
};
use dtel_primitives::DTEL;
use dtel_runtime::{
	governance::{origins::Origin, tracks::TRACKS},
	Runtime, RuntimeCall, RuntimeEvent,
};
use frame_support::dispatch::GetDispatchInfo;
use pallet_collective::Event as Motion;
use pallet_conviction_voting::Conviction;
use pallet_whitelist::{Call, Event, WhitelistedCall};
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	DispatchError,
};

type Committee = pallet_collective::Call<Runtime, pallet_collective::Instance1>;

/// Something that only Root may do.
fn urgent() -> RuntimeCall {
	frame_system::Call::set_heap_pages { pages: 64 }.into()
}

fn done(chain: &mut Chain) -> bool {
	chain.view(|| frame_support::storage::unhashed::exists(b":heappages"))
}

fn whitelist(call: &RuntimeCall) -> RuntimeCall {
	Call::whitelist_call { call_hash: hash(call) }.into()
}

fn dispatch(call: &RuntimeCall) -> RuntimeCall {
	Call::dispatch_whitelisted_call_with_preimage { call: Box::new(call.clone()) }.into()
}

fn whitelisted(chain: &mut Chain) -> bool {
	chain.view(|| WhitelistedCall::<Runtime>::contains_key(hash(&urgent())))
}

fn refused<T>() -> Result<T, TransactionValidityError> {
	Err(InvalidTransaction::Call.into())
}

#[test]
fn what_the_committee_whitelists_and_a_referendum_approves_is_dispatched_sooner() {
	let mut chain = Chain::new();
	assert_eq!(chain.motion(3, whitelist(&urgent())), Ok(()));
	chain.assert_once(Event::CallWhitelisted { call_hash: hash(&urgent()) });
	assert!(!done(&mut chain), "the committee itself does nothing");

	let begun = chain.number();
	let origin = as_origin(Origin::WhitelistedCaller);
	assert_eq!(chain.decide(origin, dispatch(&urgent())), Ok(()));
	assert!(done(&mut chain));
	let dispatched = |event: &&RuntimeEvent| {
		matches!(event, RuntimeEvent::Whitelist(Event::WhitelistedCallDispatched { call_hash, result: Ok(_) })
			if *call_hash == hash(&urgent()))
	};
	assert_eq!(chain.since(0).filter(dispatched).count(), 1);
	assert!(!whitelisted(&mut chain), "once");
	// Root's own track takes its confirmation and its enactment alone longer.
	assert!(chain.number() - begun < TRACKS[0].confirm + TRACKS[0].enactment);
	chain.check();
}

#[test]
fn the_referendum_alone_does_nothing_until_the_committee_agrees() {
	let mut chain = Chain::new();
	let origin = as_origin(Origin::WhitelistedCaller);
	assert_eq!(chain.decide(origin, dispatch(&urgent())), Ok(()));
	chain.assert_once(Event::DispatchDeferred { call_hash: hash(&urgent()) });
	assert!(!done(&mut chain));
	let not_whitelisted = Err(pallet_whitelist::Error::<Runtime>::CallIsNotWhitelisted.into());
	assert_eq!(chain.try_send("Dave", dispatch(&urgent())), not_whitelisted);
	// Within a week anybody dispatches it once the committee has whitelisted it.
	assert_eq!(chain.motion(3, whitelist(&urgent())), Ok(()));
	assert!(!done(&mut chain));
	assert_eq!(chain.try_send("Dave", dispatch(&urgent())), Ok(()));
	assert!(done(&mut chain));
	chain.assert_once(Event::DeferredDispatchExecuted {
		call_hash: hash(&urgent()),
		who: account("Dave"),
	});
	chain.check();
}

#[test]
fn two_of_three_members_are_too_few_and_none_does_anything_alone() {
	let mut chain = Chain::new();
	// A motion that one can carry is executed at once, as one of three.
	chain.send("Alice", propose_motion(1, &whitelist(&urgent())));
	chain.assert_once(Motion::Executed {
		proposal_hash: hash(&whitelist(&urgent())),
		result: Err(DispatchError::BadOrigin),
	});
	assert_eq!(chain.motion(2, whitelist(&urgent())), Err(DispatchError::BadOrigin));
	for call in [urgent(), pallet_safe_mode::Call::force_enter {}.into()] {
		chain.send("Bob", propose_motion(1, &call));
		chain.assert_once(Motion::Executed {
			proposal_hash: hash(&call),
			result: Err(DispatchError::BadOrigin),
		});
	}
	// A member executes nothing in its own name.
	let (proposal, length_bound) = (Box::new(whitelist(&urgent())), 100);
	let execute = RuntimeCall::TechnicalCommittee(Committee::execute { proposal, length_bound });
	assert_eq!(chain.attempt("Bob", execute), refused());
	// And all of it together moves nothing that is not theirs.
	let steal: RuntimeCall =
		pallet_balances::Call::force_set_balance { who: to("Alice"), new_free: 1 }.into();
	assert_eq!(chain.motion(3, steal), Err(DispatchError::BadOrigin));
	assert_eq!(chain.motion(3, urgent()), Err(DispatchError::BadOrigin));
	// Who is no member is not even included.
	assert_eq!(chain.attempt("Dave", propose_motion(3, &whitelist(&urgent()))), refused());
	assert!(!done(&mut chain) && !whitelisted(&mut chain));
	chain.check();
}

#[test]
fn members_cannot_fill_the_room_of_duties() {
	let mut chain = Chain::new();
	// Fails, and weighs what it would if it did not.
	let heavy: RuntimeCall = pallet_conviction_voting::Call::delegate {
		class: 0,
		to: to("Bob"),
		conviction: Conviction::None,
		balance: 1,
	}
	.into();
	let execute = propose_motion(1, &heavy);
	let whole = dtel_runtime::configs::system::BlockWeights::get().max_block;
	let each = execute.get_dispatch_info().total_weight();
	assert!(each.ref_time() * 100 > whole.ref_time() / 10, "a hundred would not fit");
	// The first block of a session has room for nothing.
	let included = (0..3).map(|_| chain.fill("Alice", &execute, 100)).max().expect("three");
	assert!(0 < included && included < 100, "{included}");
	assert!(each.ref_time() * included <= whole.ref_time() / 10);
	chain.check();
}

#[test]
fn a_referendum_empties_the_committee_and_then_it_can_do_nothing() {
	let mut chain = Chain::new();
	let empty = RuntimeCall::TechnicalCommittee(Committee::set_members {
		new_members: vec![],
		prime: None,
		old_count: 3,
	});
	for origin in [Origin::ParameterAdmin, Origin::EmergencyAdmin, Origin::WhitelistedCaller] {
		let refused = chain.decide(as_origin(origin), empty.clone());
		assert_eq!(refused, Err(DispatchError::BadOrigin), "{origin:?}");
	}
	let referendum = chain.propose(PROPOSER, root(), empty);
	chain.vote(referendum, &VOTERS, aye(STAKE, Conviction::Locked1x));
	chain.until_approved(referendum);
	// A motion that two of the three have agreed to.
	let open = whitelist(&urgent());
	let index = chain.view(proposals);
	chain.send_all(vec![
		("Alice", propose_motion(3, &open)),
		("Alice", motion_vote(&open, index)),
		("Bob", motion_vote(&open, index)),
	]);
	assert_eq!(chain.until_enacted(referendum), Ok(()));
	assert_eq!(
		chain.view(
			|| pallet_collective::Members::<Runtime, pallet_collective::Instance1>::get().len()
		),
		0
	);

	assert_eq!(chain.attempt("Charlie", motion_vote(&open, index)), refused());
	assert_eq!(chain.attempt("Alice", close_motion(&open, index)), refused());
	assert_eq!(chain.attempt("Alice", propose_motion(1, &open)), refused());
	// Wrapped so that it is taken as any other transaction.
	let wrapped = |call: RuntimeCall| pallet_utility::Call::batch_all {
		calls: vec![call, frame_system::Call::remark { remark: vec![] }.into()],
	};
	let not_member: DispatchError =
		pallet_collective::Error::<Runtime, pallet_collective::Instance1>::NotMember.into();
	let again = wrapped(motion_vote(&open, index));
	assert_eq!(chain.try_send("Charlie", again), Err(not_member));
	assert_eq!(chain.try_send("Alice", wrapped(propose_motion(1, &open))), Err(not_member));
	// The open motion lost its votes, and comes to nothing when its time is over.
	chain.blocks(3 * 24);
	chain.send("Dave", wrapped(close_motion(&open, index)));
	chain.assert_once(Motion::Disapproved { proposal_hash: hash(&open) });
	assert!(!whitelisted(&mut chain));
	chain.check();
}

#[test]
fn a_prime_member_does_not_speak_for_those_who_are_silent() {
	let mut chain = Chain::new();
	let (new_members, prime) = (["Alice", "Bob", "Charlie"].map(account), account("Alice"));
	let set = RuntimeCall::TechnicalCommittee(Committee::set_members {
		new_members: new_members.to_vec(),
		prime: Some(prime),
		old_count: 3,
	});
	assert_eq!(chain.decide(root(), set), Ok(()));
	let motion = whitelist(&urgent());
	let index = chain.view(proposals);
	chain.send_all(vec![
		("Alice", propose_motion(3, &motion)),
		("Alice", motion_vote(&motion, index)),
	]);
	chain.blocks(3 * 24);
	chain.send("Alice", close_motion(&motion, index));
	chain.assert_once(Motion::Disapproved { proposal_hash: hash(&motion) });
	assert!(!whitelisted(&mut chain));
	chain.check();
}

#[test]
fn a_member_pays_and_votes_as_anybody_else() {
	// Nothing that a member has is worth more for being one.
	let mut chain = Chain::new();
	let index = chain.propose(PROPOSER, as_origin(Origin::Tipper), urgent());
	chain.vote(index, &["Alice"], aye(STAKE, Conviction::Locked1x));
	let tally = chain.ongoing(index).tally;
	assert_eq!((tally.ayes, tally.support), (STAKE, STAKE));
	let mark = chain.mark();
	chain.send("Alice", bond(1_000 * DTEL));
	assert!(chain.fees("Alice", mark) > 0);
	chain.check();
}
