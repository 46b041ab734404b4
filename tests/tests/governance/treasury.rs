//! What the treasury spends: by tier, up to its limit, once; and bounties with their parts.

use crate::{
	chain::{account, Chain},
	world::*,
};
use dtel_primitives::{Balance, DTEL};
use dtel_runtime::{
	configs::fees, governance::origins::Origin, AccountId, Balances, Bounties, ChildBounties,
	Runtime, RuntimeCall, RuntimeEvent,
};
use frame_support::traits::fungible::Inspect;
use pallet_bounties::Event as Bounty;
use pallet_child_bounties::Event as Child;
use pallet_treasury::{Error, Event, SpendCount};
use sp_runtime::DispatchError;

/// The limit of a tip.
const TIP: Balance = 1_000 * DTEL;

fn spend(amount: Balance, beneficiary: AccountId) -> RuntimeCall {
	pallet_treasury::Call::spend {
		asset_kind: Box::new(()),
		amount,
		beneficiary: Box::new(beneficiary),
		valid_from: None,
	}
	.into()
}

fn spends(chain: &mut Chain) -> u32 {
	chain.view(SpendCount::<Runtime>::get)
}

#[test]
fn a_tier_spends_up_to_its_limit_and_anybody_has_it_paid_once() {
	let mut chain = Chain::new();
	let dave = account("Dave");
	let over = chain.decide(as_origin(Origin::Tipper), spend(TIP + 1, dave.clone()));
	assert_eq!(over, Err(Error::<Runtime>::InsufficientPermission.into()));
	assert_eq!(spends(&mut chain), 0);

	assert_eq!(chain.decide(as_origin(Origin::Tipper), spend(TIP, dave.clone())), Ok(()));
	assert_eq!(spends(&mut chain), 1);
	let valid_from = chain.number();
	let approved = |event: &RuntimeEvent| {
		matches!(event, RuntimeEvent::Treasury(Event::AssetSpendApproved { index: 0, amount, beneficiary, .. })
			if *amount == TIP && *beneficiary == account("Dave"))
	};
	assert_eq!(chain.since(0).filter(|event| approved(event)).count(), 1);

	let before = chain.total("Dave");
	chain.send("Eve", pallet_treasury::Call::payout { index: 0 });
	chain.assert_once(Event::Paid { index: 0, payment_id: () });
	assert_eq!(chain.total("Dave"), before + TIP);
	assert_eq!(
		chain.try_send("Eve", pallet_treasury::Call::payout { index: 0 }),
		Err(Error::<Runtime>::AlreadyAttempted.into())
	);
	chain.send("Eve", pallet_treasury::Call::check_status { index: 0 });
	chain.assert_once(Event::SpendProcessed { index: 0 });
	assert_eq!(
		chain.try_send("Eve", pallet_treasury::Call::payout { index: 0 }),
		Err(Error::<Runtime>::InvalidIndex.into())
	);
	assert_eq!(chain.total("Dave"), before + TIP);
	assert!(chain.number() > valid_from);
	chain.check();
}

#[test]
fn each_tier_has_the_limit_that_it_says_and_other_administrators_spend_nothing() {
	for (tier, limit) in dtel_runtime::governance::origins::SPEND_TIERS {
		let mut chain = Chain::new();
		let over = chain.decide(as_origin(tier), spend(limit + 1, account("Dave")));
		assert_eq!(over, Err(Error::<Runtime>::InsufficientPermission.into()), "{tier:?}");
		assert_eq!(chain.decide(as_origin(tier), spend(limit, account("Dave"))), Ok(()));
		let before = chain.total("Dave");
		chain.send("Eve", pallet_treasury::Call::payout { index: 0 });
		assert_eq!(chain.total("Dave"), before + limit);
	}
	let mut chain = Chain::new();
	for origin in [Origin::ParameterAdmin, Origin::StakingAdmin, Origin::EmergencyAdmin] {
		let refused = chain.decide(as_origin(origin), spend(1, account("Dave")));
		assert_eq!(refused, Err(DispatchError::BadOrigin), "{origin:?}");
	}
	assert_eq!(spends(&mut chain), 0);
}

#[test]
fn a_tier_that_spends_twice_in_a_batch_spends_nothing() {
	let mut chain = Chain::new();
	// Together within the limit: one spend a proposal is what a tier has.
	let calls = vec![spend(TIP / 4, account("Dave")), spend(TIP / 4, account("Eve"))];
	let all: RuntimeCall = pallet_utility::Call::batch_all { calls: calls.clone() }.into();
	let refused = chain.decide(as_origin(Origin::Tipper), all.clone());
	assert_eq!(refused, Err(DispatchError::BadOrigin));
	assert_eq!(spends(&mut chain), 0);

	// One that goes on without what failed spends once.
	let batch = pallet_utility::Call::batch { calls };
	assert_eq!(chain.decide(as_origin(Origin::Tipper), batch), Ok(()));
	chain.assert_once(pallet_utility::Event::BatchInterrupted {
		index: 1,
		error: DispatchError::BadOrigin,
	});
	assert_eq!(spends(&mut chain), 1);

	// The treasurer spends as often as it likes.
	assert_eq!(chain.decide(as_origin(Origin::Treasurer), all), Ok(()));
	assert_eq!(spends(&mut chain), 3);
}

#[test]
fn a_spend_that_nobody_claims_expires_after_thirty_days() {
	let mut chain = Chain::new();
	assert_eq!(chain.decide(as_origin(Origin::Tipper), spend(TIP, account("Dave"))), Ok(()));
	let before = chain.total("Dave");
	chain.blocks(30 * 24);
	assert_eq!(
		chain.try_send("Eve", pallet_treasury::Call::payout { index: 0 }),
		Err(Error::<Runtime>::SpendExpired.into())
	);
	chain.send("Eve", pallet_treasury::Call::check_status { index: 0 });
	chain.assert_once(Event::SpendProcessed { index: 0 });
	assert_eq!(chain.total("Dave"), before);
	chain.check();
}

fn account_of_bounty() -> AccountId {
	Bounties::bounty_account_id(0)
}

#[test]
fn a_bounty_is_proposed_approved_divided_and_paid() {
	let mut chain = Chain::new();
	let (value, fee) = (5_000 * DTEL, 500 * DTEL);
	let description = b"find what is wrong".to_vec();
	let bytes = description.len() as Balance;
	chain.send("Dave", pallet_bounties::Call::propose_bounty { value, description });
	chain.assert_once(Bounty::BountyProposed { index: 0 });
	let bond = 10 * DTEL + bytes * fees::deposit(0, 1);
	assert_eq!(chain.reserved("Dave"), bond);

	let approve: RuntimeCall = pallet_bounties::Call::approve_bounty_with_curator {
		bounty_id: 0,
		curator: to("Eve"),
		fee,
	}
	.into();
	// More than a tip.
	assert_eq!(
		chain.decide(as_origin(Origin::Tipper), approve.clone()),
		Err(Error::<Runtime>::InsufficientPermission.into())
	);
	assert_eq!(chain.decide(as_origin(Origin::SmallSpender), approve), Ok(()));
	chain.assert_once(Bounty::BountyApproved { index: 0 });
	let accept: RuntimeCall = pallet_bounties::Call::accept_curator { bounty_id: 0 }.into();
	assert_eq!(
		chain.try_send("Eve", accept.clone()),
		Err(pallet_bounties::Error::<Runtime>::UnexpectedStatus.into()),
		"it has no funds yet"
	);
	chain.until_event(Bounty::BountyBecameActive { index: 0 });
	assert_eq!(chain.view(|| Balances::free_balance(account_of_bounty())), value);
	assert_eq!(chain.reserved("Dave"), 0, "the proposer's deposit is back");
	chain.send("Eve", accept);
	chain.assert_once(Bounty::CuratorAccepted { bounty_id: 0, curator: account("Eve") });
	assert_eq!(chain.reserved("Eve"), fee / 2);

	// A part of it, with a curator of its own.
	let (part, part_fee) = (1_000 * DTEL, 100 * DTEL);
	type Call = pallet_child_bounties::Call<Runtime>;
	let add = Call::add_child_bounty { parent_bounty_id: 0, value: part, description: vec![1; 5] };
	assert!(chain.try_send("Dave", add.clone()).is_err(), "only the curator divides it");
	chain.send("Eve", add);
	chain.assert_once(Child::Added { index: 0, child_index: 0 });
	let (parent_bounty_id, child_bounty_id) = (0, 0);
	chain.send(
		"Eve",
		Call::propose_curator {
			parent_bounty_id,
			child_bounty_id,
			curator: to("Ferdie"),
			fee: part_fee,
		},
	);
	chain.send("Ferdie", Call::accept_curator { parent_bounty_id, child_bounty_id });
	assert_eq!(chain.reserved("Ferdie"), part_fee / 2);
	chain.send(
		"Ferdie",
		Call::award_child_bounty { parent_bounty_id, child_bounty_id, beneficiary: to("Op6") },
	);
	let claim = Call::claim_child_bounty { parent_bounty_id, child_bounty_id };
	type Error2 = pallet_bounties::Error<Runtime>;
	assert_eq!(chain.try_send("Alice", claim.clone()), Err(Error2::Premature.into()));
	chain.blocks(4 * 24);
	let (of, curators) = (chain.total("Op6"), chain.total("Ferdie"));
	chain.send("Alice", claim);
	chain.assert_once(Child::Claimed {
		index: 0,
		child_index: 0,
		payout: part - part_fee,
		beneficiary: account("Op6"),
	});
	assert_eq!(chain.total("Op6"), of + part - part_fee);
	assert_eq!(chain.total("Ferdie"), curators + part_fee);
	assert_eq!(chain.reserved("Ferdie"), 0);

	// And the rest.
	chain
		.send("Eve", pallet_bounties::Call::award_bounty { bounty_id: 0, beneficiary: to("Dave") });
	chain.assert_once(Bounty::BountyAwarded { index: 0, beneficiary: account("Dave") });
	chain.blocks(4 * 24);
	let (of, curators) = (chain.total("Dave"), chain.total("Eve"));
	chain.send("Alice", pallet_bounties::Call::claim_bounty { bounty_id: 0 });
	let payout = value - part - fee;
	chain.assert_once(Bounty::BountyClaimed { index: 0, payout, beneficiary: account("Dave") });
	assert_eq!(chain.total("Dave"), of + payout);
	assert_eq!(chain.total("Eve"), curators + fee - part_fee);
	assert_eq!(chain.reserved("Eve"), 0);
	// What the part's curator was paid stays in the account, and goes home.
	assert_eq!(chain.view(|| Balances::free_balance(account_of_bounty())), part_fee);
	chain.send("Alice", pallet_bounties::Call::reclaim_bounty_funds { bounty_id: 0 });
	chain.assert_once(Bounty::BountyFundsReclaimed { bounty_id: 0 });
	assert_eq!(chain.view(|| Balances::total_balance(&account_of_bounty())), 0);
	let part_account = ChildBounties::child_bounty_account_id(0, 0);
	assert_eq!(chain.view(|| Balances::total_balance(&part_account)), 0);
	chain.check();
}

#[test]
fn the_treasurer_closes_a_bounty_and_its_funds_go_home() {
	let mut chain = Chain::new();
	let value = 5_000 * DTEL;
	let description = vec![1; 10];
	chain.send("Dave", pallet_bounties::Call::propose_bounty { value, description });
	let approve = pallet_bounties::Call::approve_bounty { bounty_id: 0 };
	assert_eq!(chain.decide(as_origin(Origin::SmallSpender), approve), Ok(()));
	chain.until_event(Bounty::BountyBecameActive { index: 0 });
	let close: RuntimeCall = pallet_bounties::Call::close_bounty { bounty_id: 0 }.into();
	assert_eq!(chain.try_send("Dave", close.clone()), Err(DispatchError::BadOrigin));
	assert_eq!(
		chain.decide(as_origin(Origin::SmallSpender), close.clone()),
		Err(DispatchError::BadOrigin)
	);
	assert_eq!(chain.decide(as_origin(Origin::Treasurer), close), Ok(()));
	chain.assert_once(Bounty::BountyCanceled { index: 0 });
	assert_eq!(chain.view(|| Balances::total_balance(&account_of_bounty())), 0);
	assert_eq!(chain.reserved("Dave"), 0);
	chain.check();
}
