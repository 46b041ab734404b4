//! Every call of the runtime by every origin but Root: nobody mints, takes what is others', slashes, or changes the code
//! or the committee.
//!
//! Each call is dispatched with arguments made for it (`arguments`) on a chain where every pallet has something in its storage
//! (`populated`), alone and wrapped in every call that dispatches another; what it did is looked at, and undone.

mod populated;

use crate::{arguments::*, watch::*, world::*};
use dtel_primitives::Balance;
use dtel_runtime::{
	governance::origins::{Origin, SPEND_TIERS},
	AccountId, Runtime, RuntimeCall, RuntimeOrigin,
};
use frame_support::{
	storage::{with_transaction, TransactionOutcome},
	traits::GetCallMetadata,
};
use pallet_bounties::BountyStatus;
use sp_runtime::{DispatchError, DispatchResult};
use std::collections::{BTreeMap, BTreeSet};

/// How often each call is made for each origin.
const TRIES: usize = 8;

/// Who dispatches.
struct Caller {
	name: String,
	origin: RuntimeOrigin,
	/// Whose funds it may lose.
	signer: Option<AccountId>,
	/// How much it may promise of the treasury.
	limit: Balance,
}

fn callers() -> Vec<Caller> {
	let limit_of = |origin: Origin| match origin {
		Origin::Treasurer => Balance::MAX,
		tier => SPEND_TIERS.iter().find(|(of, _)| *of == tier).map_or(0, |(_, limit)| *limit),
	};
	let custom = CUSTOM.into_iter().map(|origin| Caller {
		name: format!("{origin:?}"),
		origin: origin.into(),
		signer: None,
		limit: limit_of(origin),
	});
	let keyless = |name: &str, origin| Caller { name: name.into(), origin, signer: None, limit: 0 };
	let signed = |name: &str, who: AccountId| Caller {
		name: name.into(),
		origin: RuntimeOrigin::signed(who.clone()),
		signer: Some(who),
		limit: 0,
	};
	let member: RuntimeOrigin = pallet_collective::RawOrigin::<
		_,
		dtel_runtime::governance::Technical,
	>::Member(who("Alice"))
	.into();
	let authorized: RuntimeOrigin = frame_system::RawOrigin::<AccountId>::Authorized.into();
	custom
		.chain([
			keyless("nobody", RuntimeOrigin::none()),
			keyless("authorized", authorized),
			keyless("a member", member),
			keyless("one of one member", members(1, 1)),
			keyless("two of three members", members(2, 3)),
			keyless("all of three members", members(3, 3)),
			keyless("all of fifteen members", members(15, 15)),
			signed("signed by a stranger", populated::STRANGER),
			signed("signed by a rich stranger", who("Op6")),
			signed("signed by a member", who("Alice")),
		])
		.collect()
}

/// Whose funds may become less by a call that they did not sign.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Loser {
	/// An account that belongs to a pallet and to nobody else: it pays what was decided before.
	Pallets,
	/// Somebody, of a deposit, which goes to the treasury.
	Deposit,
}

/// All that there is: by whose origin, by which call, who has less. What is not here fails.
const LOSSES: [(&str, &str, Loser); 13] = [
	("PenaltyAdmin", "Penalties::uphold", Loser::Deposit),
	("ReferendumKiller", "Referenda::kill", Loser::Deposit),
	("Treasurer", "Bounties::close_bounty", Loser::Deposit),
	("Treasurer", "Bounties::close_bounty", Loser::Pallets),
	("Treasurer", "Bounties::unassign_curator", Loser::Deposit),
	("Treasurer", "ChildBounties::close_child_bounty", Loser::Pallets),
	("Treasurer", "ChildBounties::unassign_curator", Loser::Deposit),
	("signed", "Bounties::claim_bounty", Loser::Pallets),
	("signed", "ChildBounties::claim_child_bounty", Loser::Pallets),
	("signed", "Bounties::reclaim_bounty_funds", Loser::Pallets),
	("signed", "Staking::claim_for", Loser::Pallets),
	("signed", "Staking::compound", Loser::Pallets),
	("signed", "Treasury::payout", Loser::Pallets),
];

/// What was seen.
#[derive(Default)]
struct Seen {
	made: BTreeSet<[u8; 2]>,
	succeeded: BTreeMap<String, BTreeSet<String>>,
	losses: BTreeSet<(String, String, Loser)>,
	dispatched: usize,
}

/// What a call is made of: itself, or the calls in it.
fn leaves(call: &RuntimeCall, out: &mut Vec<String>) {
	use pallet_collective::Call as Committee;
	use pallet_multisig::Call as Multisig;
	use pallet_proxy::Call as Proxy;
	use pallet_utility::Call as Utility;
	match call {
		RuntimeCall::Utility(
			Utility::batch { calls }
			| Utility::batch_all { calls }
			| Utility::force_batch { calls },
		) => calls.iter().for_each(|call| leaves(call, out)),
		RuntimeCall::Utility(Utility::if_else { main, fallback }) => {
			leaves(main, out);
			leaves(fallback, out);
		}
		RuntimeCall::Utility(Utility::as_derivative { call, .. })
		| RuntimeCall::Proxy(Proxy::proxy { call, .. } | Proxy::proxy_announced { call, .. })
		| RuntimeCall::Multisig(
			Multisig::as_multi_threshold_1 { call, .. } | Multisig::as_multi { call, .. },
		) => leaves(call, out),
		RuntimeCall::TechnicalCommittee(
			Committee::execute { proposal, .. } | Committee::propose { proposal, .. },
		) => leaves(proposal, out),
		other => {
			let name = other.get_call_metadata();
			out.push(format!("{}::{}", name.pallet_name, name.function_name));
		}
	}
}

/// What the treasury has been told to pay and has not paid.
fn promised() -> Balance {
	let spends = pallet_treasury::Spends::<Runtime>::iter_values().map(|spend| spend.amount);
	#[allow(deprecated)]
	let approved = pallet_treasury::Proposals::<Runtime>::iter_values().map(|spend| spend.value);
	let bounties = pallet_bounties::Bounties::<Runtime>::iter_values().filter_map(|bounty| {
		let approved = matches!(
			bounty.get_status(),
			BountyStatus::Approved | BountyStatus::ApprovedWithCurator { .. }
		);
		approved.then_some(bounty.value)
	});
	spends.chain(approved).chain(bounties).fold(0, Balance::saturating_add)
}

struct Walk {
	callers: Vec<Caller>,
	before: Picture,
	promised: Balance,
	pallets: BTreeSet<AccountId>,
	seen: Seen,
}

impl Walk {
	fn new() -> Self {
		Self {
			callers: callers(),
			before: Picture::take(),
			promised: promised(),
			pallets: populated::pallets(),
			seen: Seen::default(),
		}
	}

	/// Dispatches a call for everybody, each time on the same chain.
	fn all(&mut self, variant: &Variant, call: &RuntimeCall) {
		let Self { callers, before, promised: promised_before, pallets, seen } = self;
		seen.made.insert(variant.index);
		for caller in callers.iter() {
			let result = with_transaction(|| {
				let result = dispatch(caller.origin.clone(), call.clone());
				let after = before.again();
				let what = || format!("{call:?} by {}: {result:?}", caller.name);
				before.assert_fixed(&after, &what);
				judge(caller, call, (before, &after), pallets, &mut seen.losses, &what);
				let more = promised().saturating_sub(*promised_before);
				assert!(more <= caller.limit, "{more} of the treasury: {}", what());
				TransactionOutcome::Rollback(Ok::<DispatchResult, DispatchError>(result))
			});
			seen.dispatched += 1;
			if result.expect("rolled back").is_ok() {
				let by = seen.succeeded.entry(variant.name()).or_default();
				by.insert(caller.name.clone());
			}
		}
	}
}

fn judge(
	caller: &Caller,
	call: &RuntimeCall,
	(before, after): (&Picture, &Picture),
	pallets: &BTreeSet<AccountId>,
	seen: &mut BTreeSet<(String, String, Loser)>,
	what: &dyn Fn() -> String,
) {
	assert!(after.issued <= before.issued, "minted: {}", what());
	let burned = before.issued - after.issued;
	let mut taken = 0;
	let mut own = 0;
	for (who, was, is) in before.losses(after) {
		if caller.signer.as_ref() == Some(&who) {
			own = was.total.saturating_sub(is.total);
			continue;
		}
		assert_eq!((was.stake, was.active), (is.stake, is.active), "slashed {who}: {}", what());
		let lost = was.total - is.total;
		let loser = if pallets.contains(&who) {
			Loser::Pallets
		} else {
			assert!(lost <= was.reserved, "{who} lost more than a deposit: {}", what());
			taken += lost;
			Loser::Deposit
		};
		let mut calls = Vec::new();
		leaves(call, &mut calls);
		let by = if caller.signer.is_some() { "signed" } else { &caller.name };
		let cause = calls.iter().find_map(|call| {
			LOSSES.iter().find(|known| (known.0, known.1, known.2) == (by, call.as_str(), loser))
		});
		let Some((by, call, _)) = cause else { panic!("{who} lost {lost}: {}", what()) };
		seen.insert((by.to_string(), call.to_string(), loser));
	}
	assert!(burned <= own, "burned what was others': {}", what());
	assert!(before.gain(after, &treasury()) >= taken, "the treasury got no deposit: {}", what());
}

/// Every call alone.
#[test]
fn no_origin_but_root_mints_moves_or_slashes() {
	populated::chain().execute_with(|| {
		let mut maker = populated::maker(1);
		let variants = maker.variants();
		let mut walk = Walk::new();
		for variant in &variants {
			for _ in 0..TRIES {
				let call = maker.make(variant);
				walk.all(variant, &call);
			}
		}
		covers_all(&variants, &walk.seen);
		println!("{} dispatches of {} calls", walk.seen.dispatched, variants.len());
		// Refusing everything would prove nothing: so many kinds of calls do something for somebody.
		println!("{} of them succeeded for somebody", walk.seen.succeeded.len());
		assert!(walk.seen.succeeded.len() >= 40);
		let losses: BTreeSet<_> = LOSSES
			.iter()
			.map(|(by, call, loser)| (by.to_string(), call.to_string(), *loser))
			.collect();
		println!(
			"not seen this time: {:?}",
			losses.difference(&walk.seen.losses).collect::<Vec<_>>()
		);
	});
}

/// All that clients are told of, none forgotten.
fn covers_all(variants: &[Variant], seen: &Seen) {
	let told: BTreeSet<_> = RuntimeCall::get_module_names()
		.iter()
		.flat_map(|pallet| {
			let calls = RuntimeCall::get_call_names(pallet).iter();
			calls.map(move |call| format!("{pallet}::{call}"))
		})
		.collect();
	let made: BTreeSet<_> = variants
		.iter()
		.filter(|variant| seen.made.contains(&variant.index))
		.map(Variant::name)
		.collect();
	assert_eq!(told, made);
}

/// A call in each of those that dispatch another one.
fn wrapped(call: &RuntimeCall) -> Vec<RuntimeCall> {
	use pallet_collective::Call as Committee;
	use pallet_multisig::Call as Multisig;
	use pallet_proxy::Call as Proxy;
	use pallet_scheduler::Call as Scheduler;
	use pallet_utility::Call as Utility;
	let boxed = || Box::new(call.clone());
	let one = || vec![call.clone()];
	let root = || Box::new(frame_system::RawOrigin::Root.into());
	let real = || who("Charlie").into();
	let length_bound = u32::MAX;
	let weight = frame_support::weights::Weight::MAX;
	vec![
		Utility::batch { calls: one() }.into(),
		Utility::batch_all { calls: one() }.into(),
		Utility::force_batch { calls: vec![Utility::batch { calls: one() }.into()] }.into(),
		Utility::as_derivative { index: 0, call: boxed() }.into(),
		Utility::if_else { main: boxed(), fallback: Box::new(mark("else")) }.into(),
		Utility::with_weight { call: boxed(), weight }.into(),
		Utility::dispatch_as { as_origin: root(), call: boxed() }.into(),
		Utility::dispatch_as_fallible { as_origin: root(), call: boxed() }.into(),
		Proxy::proxy { real: real(), force_proxy_type: None, call: boxed() }.into(),
		Proxy::proxy_announced {
			delegate: populated::STRANGER.into(),
			real: real(),
			force_proxy_type: None,
			call: boxed(),
		}
		.into(),
		Multisig::as_multi_threshold_1 { other_signatories: vec![who("Bob")], call: boxed() }
			.into(),
		Multisig::as_multi {
			threshold: 2,
			other_signatories: vec![who("Bob")],
			maybe_timepoint: None,
			call: boxed(),
			max_weight: weight,
		}
		.into(),
		Scheduler::schedule { when: now() + 1, maybe_periodic: None, priority: 0, call: boxed() }
			.into(),
		Scheduler::schedule_named {
			id: [0; 32],
			when: now() + 1,
			maybe_periodic: None,
			priority: 0,
			call: boxed(),
		}
		.into(),
		pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage { call: boxed() }.into(),
		RuntimeCall::TechnicalCommittee(Committee::execute { proposal: boxed(), length_bound }),
		RuntimeCall::TechnicalCommittee(Committee::propose {
			threshold: 1,
			proposal: boxed(),
			length_bound,
		}),
	]
}

/// Every call in every call that dispatches another.
#[test]
fn nor_by_a_call_in_another() {
	populated::chain().execute_with(|| {
		let mut maker = populated::maker(2);
		let mut walk = Walk::new();
		for variant in &maker.variants() {
			let call = maker.make(variant);
			for wrapped in wrapped(&call) {
				walk.all(variant, &wrapped);
			}
		}
		covers_all(&maker.variants(), &walk.seen);
	});
}
