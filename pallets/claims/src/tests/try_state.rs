//! Each invariant is seen to break.

use crate::{mock::*, types::Page, Airdrops, Claimed, NextId};
use dtel_primitives::{
	airdrop::{Airdrop, Progress},
	DTEL,
};
use frame_support::traits::fungible::Mutate;

/// After one of three leaves of airdrop 0 was claimed, `corrupt` has to break the invariant `name`. Airdrop 1 is closed, of
/// 2,049 leaves, and its first page pruned.
fn breaks(name: &str, corrupt: impl FnOnce()) {
	ExtBuilder.build().execute_with(|| {
		let large = Listed::new("large", (0..2_049).map(|n| (1_000 + n, ED)).collect());
		let drop = Listed::of(3);
		let mut plan = drop.plan();
		plan.closes += 500;
		create(plan);
		open(large.plan());
		for index in [0, 2_048] {
			large.claim(1, index).unwrap();
		}
		drop.claim(0, 1).unwrap();
		go_to(31);
		close(1).unwrap();
		prune(1, 1).unwrap();
		Claims::do_try_state().unwrap();
		corrupt();
		let error = Claims::do_try_state().unwrap_err();
		let sp_runtime::DispatchError::Other(message) = error else { panic!("{error:?}") };
		assert!(message.starts_with(name), "{message}");
	});
}

fn kept(airdrop: u32, change: impl FnOnce(&mut Airdrop<AccountId>)) {
	Airdrops::<Test>::mutate(airdrop, |kept| change(kept.as_mut().unwrap()));
}

fn page(index: u32) -> Page {
	let mut page = Page::default();
	page.note(index);
	page
}

#[test]
fn inv_1_breaks_when_more_was_claimed_than_given() {
	breaks("INV-1", || kept(1, |drop| drop.paid = drop.amount + 1));
}

#[test]
fn inv_1_breaks_when_the_account_is_short() {
	breaks("INV-1", || {
		let account = Claims::account(0);
		assert_eq!(balance(account), 4 * DTEL + ED);
		Balances::set_balance(&account, 4 * DTEL + ED - 1);
	});
	breaks("INV-1", || kept(0, |drop| drop.amount += 1));
	breaks("INV-1", || kept(0, |drop| drop.paid -= 1));
}

#[test]
fn inv_2_breaks_when_claims_are_not_the_leaves() {
	breaks("INV-2", || kept(0, |drop| drop.claims = 2));
	breaks("INV-2", || Claimed::<Test>::remove(0, 0));
	breaks("INV-2", || Claimed::<Test>::mutate(0, 0, |page| page.note(2)));
	breaks("INV-2", || kept(1, |drop| drop.claims = 0));
}

#[test]
fn inv_2_breaks_when_something_was_paid_and_not_claimed() {
	breaks("INV-2", || {
		kept(0, |drop| drop.claims = 0);
		Claimed::<Test>::remove(0, 0);
	});
}

#[test]
fn inv_3_breaks_when_pages_are_nobodys_or_empty() {
	breaks("INV-3", || Claimed::<Test>::insert(9, 0, page(0)));
	breaks("INV-3", || Claimed::<Test>::insert(0, 0, Page::default()));
}

#[test]
fn inv_3_breaks_when_a_leaf_is_not_there() {
	breaks("INV-3", || Claimed::<Test>::insert(0, 0, page(3)));
	breaks("INV-3", || Claimed::<Test>::insert(0, 1, page(0)));
	breaks("INV-3", || Claimed::<Test>::insert(0, u32::MAX, page(0)));
}

#[test]
fn inv_3_breaks_when_a_page_was_pruned() {
	breaks("INV-3", || Claimed::<Test>::insert(1, 0, page(0)));
}

#[test]
fn inv_4_breaks_when_a_number_is_yet_to_be_given() {
	breaks("INV-4", || NextId::<Test>::put(1));
}

#[test]
fn inv_5_breaks_when_a_plan_is_none() {
	breaks("INV-5", || kept(0, |drop| drop.leaves = (1 << 20) + 1));
	breaks("INV-5", || kept(0, |drop| drop.closes = drop.opens));
	breaks("INV-5", || kept(0, |drop| drop.vesting = Some(vesting(drop.closes - 1))));
}

#[test]
fn inv_6_breaks_when_time_is_out_of_order() {
	breaks("INV-6", || kept(0, |drop| drop.opens = 32));
	breaks("INV-6", || {
		kept(0, |drop| drop.progress = Progress::Closed { pruned: 0 });
	});
	breaks("INV-6", || {
		Claimed::<Test>::remove(1, 1);
		kept(1, |drop| drop.progress = Progress::Closed { pruned: 2 });
	});
}

#[test]
fn inv_7_breaks_when_too_many_are_kept_or_they_are_miscounted() {
	breaks("INV-7", || MaxAirdrops::set(1));
	breaks("INV-7", || {
		let prefix = Airdrops::<Test>::hashed_key_for(0);
		sp_io::storage::clear(&prefix);
		Claimed::<Test>::remove(0, 0);
	});
}
