//! Attacks on who may do what: the committee, tiers, the whitelist, safe mode.

use crate::world::*;
use codec::Encode;
use dtel_primitives::{Balance, BlockNumber, DTEL};
use dtel_runtime::{
	emergency::QUIET_DAYS,
	governance::{
		origins::{Origin, SPEND_TIERS},
		Technical,
	},
	room::KeepRoom,
	setup, Balances, OriginCaller, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, SafeMode,
};
use frame_support::{
	assert_noop, assert_ok, dispatch::GetDispatchInfo, pallet_prelude::TransactionSource,
	traits::fungible::Inspect,
};
use pallet_bounties::Call as Bounty;
use pallet_collective::Call as Committee;
use pallet_utility::Call as Utility;
use pallet_whitelist::Call as Whitelist;
use sp_runtime::{
	traits::{BlakeTwo256, Hash, TransactionExtension, TxBaseImplication},
	DispatchError,
};

fn committee(call: Committee<Runtime, Technical>) -> RuntimeCall {
	RuntimeCall::TechnicalCommittee(call)
}

fn whitelist(call: &RuntimeCall) -> RuntimeCall {
	Whitelist::whitelist_call { call_hash: BlakeTwo256::hash_of(call) }.into()
}

fn is_whitelisted(call: &RuntimeCall) -> bool {
	pallet_whitelist::WhitelistedCall::<Runtime>::contains_key(BlakeTwo256::hash_of(call))
}

/// Has these members of the committee carry a motion, and says what came of it.
fn motion(ayes: &[&str], proposal: RuntimeCall) -> Option<Result<(), DispatchError>> {
	let (hash, length_bound) = (BlakeTwo256::hash_of(&proposal), proposal.encoded_size() as u32);
	let proposal_weight_bound = proposal.get_dispatch_info().call_weight;
	let threshold = ayes.len() as u32;
	let index = pallet_collective::ProposalCount::<Runtime, Technical>::get();
	let proposal = Box::new(proposal);
	let propose = Committee::propose { threshold, proposal, length_bound };
	assert_ok!(call(ayes[0], committee(propose)));
	if threshold > 1 {
		for name in ayes {
			let vote = Committee::vote { proposal: hash, index, approve: true };
			assert_ok!(call(name, committee(vote)));
		}
		let close =
			Committee::close { proposal_hash: hash, index, proposal_weight_bound, length_bound };
		assert_ok!(call(ayes[0], committee(close)));
	}
	frame_system::Pallet::<Runtime>::events().into_iter().rev().find_map(|record| {
		match record.event {
			RuntimeEvent::TechnicalCommittee(pallet_collective::Event::Executed {
				proposal_hash,
				result,
			}) if proposal_hash == hash => Some(result),
			_ => None,
		}
	})
}

const BAD: Option<Result<(), DispatchError>> = Some(Err(DispatchError::BadOrigin));

fn set_members(names: &[&str]) {
	let new_members = names.iter().map(|name| who(name)).collect();
	let old_count = pallet_collective::Members::<Runtime, Technical>::get().len() as u32;
	let set = Committee::set_members { new_members, prime: None, old_count };
	assert_ok!(dispatch(RuntimeOrigin::root(), committee(set)));
}

#[test]
fn fewer_than_three_members_can_do_nothing() {
	for names in [&["Alice"][..], &["Alice", "Bob"]] {
		chain().execute_with(|| {
			set_members(names);
			let target = put(b"target");
			assert_eq!(motion(names, whitelist(&target)), BAD);
			assert!(!is_whitelisted(&target));
			assert_eq!(motion(names, pallet_safe_mode::Call::force_enter {}.into()), BAD);
			assert!(!<SafeMode as frame_support::traits::SafeMode>::is_entered());
		});
	}
	chain().execute_with(|| {
		let target = put(b"target");
		// Two of three are two thirds, and fewer than three.
		assert_eq!(motion(&["Alice", "Bob"], whitelist(&target)), BAD);
		assert_eq!(motion(&["Alice", "Bob", "Charlie"], whitelist(&target)), Some(Ok(())));
		assert!(is_whitelisted(&target));
		// Three of five are no two thirds; four are.
		set_members(&["Alice", "Bob", "Charlie", "Dave", "Eve"]);
		let other = put(b"other");
		assert_eq!(motion(&["Alice", "Bob", "Charlie"], whitelist(&other)), BAD);
		assert_eq!(motion(&["Alice", "Bob", "Charlie", "Dave"], whitelist(&other)), Some(Ok(())));
	});
}

/// What it may is told in `governance::origins`; nothing else, alone or all together.
#[test]
fn members_have_no_other_power() {
	let harm = || -> Vec<RuntimeCall> {
		let (dest, source) = (who("Alice").into(), treasury().into());
		let spend = pallet_treasury::Call::spend {
			asset_kind: Box::new(()),
			amount: DTEL,
			beneficiary: Box::new(who("Alice")),
			valid_from: None,
		};
		vec![
			put(b"harm"),
			frame_system::Call::set_heap_pages { pages: 1 }.into(),
			frame_system::Call::authorize_upgrade { code_hash: [1; 32].into() }.into(),
			pallet_balances::Call::force_transfer { source, dest, value: DTEL }.into(),
			spend.into(),
			pallet_referenda::Call::cancel { index: 0 }.into(),
			pallet_safe_mode::Call::force_exit {}.into(),
			pallet_safe_mode::Call::force_extend {}.into(),
			pallet_dtel_penalties::Call::uphold { penalty: 0 }.into(),
			Utility::dispatch_as {
				as_origin: Box::new(frame_system::RawOrigin::Root.into()),
				call: Box::new(put(b"harm")),
			}
			.into(),
			committee(Committee::set_members {
				new_members: vec![who("Alice")],
				prime: None,
				old_count: 3,
			}),
		]
	};
	chain().execute_with(|| {
		propose("Bob", root(), mark("to be cancelled"));
		for call_of in harm() {
			let length_bound = call_of.encoded_size() as u32;
			let proposal = Box::new(call_of.clone());
			// Alone, as a member.
			assert_ok!(call("Alice", committee(Committee::execute { proposal, length_bound })));
			let executed = pallet_collective::Event::MemberExecuted {
				proposal_hash: BlakeTwo256::hash_of(&call_of),
				result: Err(DispatchError::BadOrigin),
			};
			assert!(happened(RuntimeEvent::TechnicalCommittee(executed)), "{call_of:?}");
			// And all of them.
			assert_eq!(motion(&["Alice", "Bob", "Charlie"], call_of.clone()), BAD, "{call_of:?}");
		}
		assert!(!is_put(b"harm"));
	});
}

#[test]
fn only_who_is_a_member_is_heard() {
	chain().execute_with(|| {
		let not = pallet_collective::Error::<Runtime, Technical>::NotMember;
		let proposal = Box::new(mark("motion"));
		let propose = Committee::propose { threshold: 2, proposal, length_bound: 100 };
		assert_noop!(call("Eve", committee(propose)), not);
		assert_ok!(call(
			"Alice",
			committee(Committee::propose {
				threshold: 2,
				proposal: Box::new(mark("motion")),
				length_bound: 100
			})
		));
		let vote = Committee::vote {
			proposal: BlakeTwo256::hash_of(&mark("motion")),
			index: 0,
			approve: true,
		};
		let not = pallet_collective::Error::<Runtime, Technical>::NotMember;
		assert_noop!(call("Eve", committee(vote)), not);
	});
}

/// Whether a transaction of an account with this call gets into a block.
fn is_let_in(name: &str, call: RuntimeCall) -> bool {
	let (info, implied) = (call.get_dispatch_info(), TxBaseImplication(()));
	KeepRoom
		.validate(signed(name), &call, &info, 0, (), &implied, TransactionSource::External)
		.is_ok()
}

/// What members do is operational, for which the room of attestation is kept.
#[test]
fn members_can_sign_motions_and_nobody_else_takes_that_room() {
	chain().execute_with(|| {
		let hash = BlakeTwo256::hash_of(&mark("motion"));
		let calls = || {
			let proposal = Box::new(mark("motion"));
			[
				Committee::propose { threshold: 2, proposal, length_bound: 100 },
				Committee::vote { proposal: hash, index: 0, approve: true },
				Committee::close {
					proposal_hash: hash,
					index: 0,
					proposal_weight_bound: Default::default(),
					length_bound: 100,
				},
			]
		};
		for call in calls() {
			assert!(is_let_in("Alice", committee(call.clone())), "{call:?}");
			assert!(!is_let_in("Eve", committee(call)));
		}
		let proposal = Box::new(mark("nothing comes of it"));
		let execute = committee(Committee::execute { proposal, length_bound: 100 });
		assert!(!is_let_in("Alice", execute));
		let commit = pallet_dtel_attestation::Call::commit {
			era: 0,
			verifier: 0,
			commitment: Default::default(),
			signature: sp_core::sr25519::Signature::default().into(),
		};
		assert!(!is_let_in("Alice", commit.into()));
		assert!(is_let_in("Eve", mark("normal")));
	});
}

fn spend(amount: Balance) -> RuntimeCall {
	let beneficiary = Box::new(who("Ferdie"));
	pallet_treasury::Call::spend { asset_kind: Box::new(()), amount, beneficiary, valid_from: None }
		.into()
}

#[test]
fn a_tier_is_not_exceeded_by_one_spend_or_by_many() {
	for (tier, limit) in SPEND_TIERS {
		let origin = || RuntimeOrigin::from(tier);
		chain().execute_with(|| {
			assert!(dispatch(origin(), spend(limit + 1)).is_err());
			assert_ok!(dispatch(origin(), spend(limit)));
			let count = pallet_treasury::SpendCount::<Runtime, ()>::get();
			let half = || vec![spend(limit / 2), spend(limit / 2)];
			assert!(dispatch(origin(), Utility::batch_all { calls: half() }).is_err());
			let deep = Utility::batch { calls: half() }.into();
			assert_ok!(dispatch(origin(), Utility::force_batch { calls: vec![deep, spend(1)] }));
			// Of three one.
			assert_eq!(pallet_treasury::SpendCount::<Runtime, ()>::get(), count + 1);
			let fallback = Box::new(spend(limit / 2));
			let main = Box::new(Utility::batch { calls: half() }.into());
			assert_ok!(dispatch(origin(), Utility::if_else { main, fallback }));
			assert_eq!(pallet_treasury::SpendCount::<Runtime, ()>::get(), count + 2);
		});
	}
}

/// Pallet Bounties does not add up what a dispatch approves.
#[test]
fn a_tier_is_not_exceeded_by_bounties() {
	for (tier, limit) in SPEND_TIERS {
		let origin = || RuntimeOrigin::from(tier);
		chain().execute_with(|| {
			for value in [limit, limit, limit, limit + 1] {
				let description = b"bounty".to_vec();
				assert_ok!(call("Ferdie", Bounty::propose_bounty { value, description }));
			}
			let approve = |bounty_id| RuntimeCall::from(Bounty::approve_bounty { bounty_id });
			let with_curator = |bounty_id| {
				let (curator, fee) = (who("Ferdie").into(), 0);
				RuntimeCall::from(Bounty::approve_bounty_with_curator { bounty_id, curator, fee })
			};
			assert!(dispatch(origin(), approve(3)).is_err());
			assert!(dispatch(origin(), with_curator(3)).is_err());
			let approved = || pallet_bounties::BountyApprovals::<Runtime>::get().into_inner();
			let calls = vec![approve(0), approve(1), with_curator(1), spend(1), approve(2)];
			assert_ok!(dispatch(origin(), Utility::force_batch { calls }));
			assert_eq!(approved(), [0]);
			let calls = vec![spend(1), approve(1)];
			assert_ok!(dispatch(origin(), Utility::force_batch { calls }));
			assert_eq!(approved(), [0]);
			assert_eq!(pallet_treasury::SpendCount::<Runtime, ()>::get(), 1);
		});
	}
}

/// Two referenda that are enacted in one block have a limit each: they are two decisions.
#[test]
fn a_tier_is_new_for_every_referendum() {
	chain().execute_with(|| {
		for _ in 0..2 {
			let index = propose("Alice", Origin::Tipper, spend(1_000 * DTEL));
			ayes(&["Alice", "Bob"], index);
		}
		run_to(20);
		assert_eq!(pallet_treasury::SpendCount::<Runtime, ()>::get(), 2);
	});
}

fn dispatch_whitelisted(call: &RuntimeCall) -> RuntimeCall {
	Whitelist::dispatch_whitelisted_call_with_preimage { call: Box::new(call.clone()) }.into()
}

#[test]
fn what_was_voted_for_is_done_only_if_the_committee_whitelisted_the_same() {
	chain().execute_with(|| {
		let (voted, other) = (put(b"voted"), put(b"other"));
		assert_eq!(motion(&["Alice", "Bob", "Charlie"], whitelist(&other)), Some(Ok(())));
		let by = || RuntimeOrigin::from(Origin::WhitelistedCaller);
		// It waits for the committee, for a week.
		assert_ok!(dispatch(by(), dispatch_whitelisted(&voted)));
		assert!(!is_put(b"voted") && !is_put(b"other"));
		let error = pallet_whitelist::Error::<Runtime>::CallIsNotWhitelisted;
		assert_noop!(call("Eve", dispatch_whitelisted(&voted)), error);
		// And nobody dispatches what the committee alone wanted.
		let error = pallet_whitelist::Error::<Runtime>::DeferredDispatchNotFound;
		assert_noop!(call("Eve", dispatch_whitelisted(&other)), error);
		assert_eq!(motion(&["Alice", "Bob", "Charlie"], whitelist(&voted)), Some(Ok(())));
		assert_ok!(call("Eve", dispatch_whitelisted(&voted)));
		assert!(is_put(b"voted") && !is_put(b"other"));
		// Once.
		let error = pallet_whitelist::Error::<Runtime>::DeferredDispatchNotFound;
		assert_noop!(call("Eve", dispatch_whitelisted(&voted)), error);
		// Nor does any other origin.
		for origin in CUSTOM.into_iter().filter(|origin| *origin != Origin::WhitelistedCaller) {
			let error = DispatchError::BadOrigin;
			assert_noop!(dispatch(origin.into(), dispatch_whitelisted(&other)), error);
		}
	});
}

#[test]
fn what_the_committee_whitelists_too_late_is_not_done() {
	chain().execute_with(|| {
		let voted = put(b"voted");
		let by = RuntimeOrigin::from(Origin::WhitelistedCaller);
		assert_ok!(dispatch(by, dispatch_whitelisted(&voted)));
		run_to(now() + setup::days(7));
		assert_ok!(dispatch(members(3, 3), whitelist(&voted)));
		let error = pallet_whitelist::Error::<Runtime>::DeferredDispatchExpired;
		assert_noop!(call("Eve", dispatch_whitelisted(&voted)), error);
	});
}

fn entered() -> Option<BlockNumber> {
	pallet_safe_mode::EnteredUntil::<Runtime>::get()
}

fn enter() -> RuntimeCall {
	pallet_safe_mode::Call::enter {}.into()
}

fn force_enter() -> RuntimeCall {
	pallet_safe_mode::Call::force_enter {}.into()
}

#[test]
fn safe_mode_is_not_entered_again_and_again() {
	chain().execute_with(|| {
		assert_ok!(call("Op1", enter()));
		let until = entered().expect("entered");
		assert_eq!(until, now() + setup::hours(12));
		// Nobody extends it, and it cannot be entered while it is.
		assert!(call("Op2", pallet_safe_mode::Call::extend {}).is_err());
		let error = pallet_safe_mode::Error::<Runtime>::Entered;
		assert_noop!(call("Op2", enter()), error);
		assert!(dispatch(members(15, 15), pallet_safe_mode::Call::force_extend {}).is_err());
		run_to(until);
		assert!(entered().is_some());
		next_block();
		assert_eq!(entered(), None);

		// In the quiet time only a referendum can, however a call is wrapped.
		let quiet_until = now() + setup::days(QUIET_DAYS);
		let filtered: DispatchError = frame_system::Error::<Runtime>::CallFiltered.into();
		let wrapped = |name: &str| -> Vec<RuntimeCall> {
			let calls = vec![enter()];
			let real = who(name).into();
			vec![
				Utility::batch_all { calls: calls.clone() }.into(),
				Utility::batch_all { calls: vec![Utility::batch_all { calls }.into()] }.into(),
				pallet_proxy::Call::proxy { real, force_proxy_type: None, call: Box::new(enter()) }
					.into(),
			]
		};
		while now() < quiet_until - 1 {
			assert_noop!(call("Op2", enter()), filtered);
			assert_noop!(dispatch(members(3, 3), force_enter()), DispatchError::BadOrigin);
			run_to((now() + 20).min(quiet_until - 1));
		}
		assert_noop!(call("Op2", enter()), filtered);
		for call_of in wrapped("Op2") {
			let _ = call("Op2", call_of);
			assert_eq!(entered(), None);
		}
		let other_signatories = vec![who("Op3")];
		let multisig = pallet_multisig::Call::as_multi_threshold_1 {
			other_signatories,
			call: Box::new(enter()),
		};
		assert!(call("Op2", multisig).is_err());
		next_block();
		assert_eq!(now(), quiet_until);
		assert_ok!(call("Op2", enter()));
	});
}

#[test]
fn a_referendum_enters_extends_and_leaves_safe_mode_at_any_time() {
	chain().execute_with(|| {
		let by = || RuntimeOrigin::from(Origin::EmergencyAdmin);
		for _ in 0..2 {
			assert_ok!(dispatch(by(), force_enter()));
			assert_eq!(entered(), Some(now() + setup::days(7)));
			assert_ok!(dispatch(by(), pallet_safe_mode::Call::force_extend {}));
			assert_eq!(entered(), Some(now() + setup::days(14)));
			assert_ok!(dispatch(by(), pallet_safe_mode::Call::force_exit {}));
			assert_eq!(entered(), None);
			assert_noop!(dispatch(members(3, 3), force_enter()), DispatchError::BadOrigin);
		}
		for origin in CUSTOM.into_iter().filter(|origin| *origin != Origin::EmergencyAdmin) {
			assert_noop!(dispatch(origin.into(), force_enter()), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn the_deposit_for_safe_mode_outlasts_a_referendum_about_it() {
	chain().execute_with(|| {
		let at = now();
		assert_ok!(call("Op1", enter()));
		let deposit = 500_000 * DTEL;
		assert_eq!(Balances::reserved_balance(who("Op1")), deposit);
		let release = pallet_safe_mode::Call::release_deposit { account: who("Op1"), block: at };
		run_to(at + setup::days(60));
		assert!(call("Op1", release.clone()).is_err());
		for origin in CUSTOM {
			let account = who("Op1");
			let slash = pallet_safe_mode::Call::force_slash_deposit { account, block: at };
			assert_noop!(dispatch(origin.into(), slash), DispatchError::BadOrigin);
		}
		next_block();
		assert_ok!(call("Op1", release));
		assert_eq!(Balances::reserved_balance(who("Op1")), 0);
		assert_eq!(<Balances as Inspect<_>>::total_balance(&who("Op1")), ENDOWMENT);
	});
}

/// A proposal is for an origin that has a track: nobody has one voted for that the committee or an account would have.
#[test]
fn referenda_speak_for_no_account_and_no_committee() {
	chain().execute_with(|| {
		let committee: OriginCaller =
			pallet_collective::RawOrigin::<_, Technical>::Members(15, 15).into();
		let account: OriginCaller = frame_system::RawOrigin::Signed(treasury()).into();
		let none: OriginCaller = frame_system::RawOrigin::None.into();
		for origin in [committee, account, none] {
			let submit = pallet_referenda::Call::submit {
				proposal_origin: Box::new(origin),
				proposal: frame_support::traits::Bounded::Inline(
					put(b"x").encode().try_into().expect("short"),
				),
				enactment_moment: frame_support::traits::schedule::DispatchTime::After(0),
			};
			assert_noop!(call("Alice", submit), pallet_referenda::Error::<Runtime>::NoTrack);
		}
	});
}
