use super::*;
use crate::{mock::*, Error, Event};
use frame_support::{assert_noop, assert_ok};

fn renew(who: AccountId, until: Option<u32>, limit: u32) -> sp_runtime::DispatchResult {
	Registry::renew_client(signed(who), media(1), until, limit)
}

fn add(until: Option<u32>) {
	assert_ok!(Registry::add_client(signed(BOB), media(1), until, 25));
	System::reset_events();
}

#[test]
fn replaces_both_terms_and_keeps_the_deposit() {
	ExtBuilder::new().build_and_execute(|| {
		add(Some(10));
		assert_ok!(renew(BOB, Some(20), 30));
		let (key, who) = (media(1), BOB);
		assert_eq!(only_event(), Event::ClientRenewed { key, who, until: Some(20), limit: 30 });
		let client = Registry::client(media(1)).unwrap();
		assert_eq!(
			(*client.owner(), client.until(), client.limit(), client.deposit()),
			(BOB, Some(20), 30, 50)
		);
		assert_eq!((held(BOB), Balances::free_balance(BOB)), ((0, 50), FUNDS - 50));
		for (block, valid) in [(20, true), (21, false)] {
			System::set_block_number(block);
			assert_eq!(Registry::is_client_valid(media(1)), valid);
		}
	});
}

#[test]
fn makes_valid_again_when_expired() {
	ExtBuilder::new().build_and_execute(|| {
		add(Some(10));
		System::set_block_number(1_000);
		assert!(!Registry::is_client_valid(media(1)));
		assert_ok!(renew(BOB, None, 25));
		assert!(Registry::is_client_valid(media(1)));
		assert_eq!(held(BOB), (0, 50));
		assert_ok!(Registry::revoke_client(signed(BOB), media(1)));
		assert_eq!((held(BOB), Balances::free_balance(BOB)), ((0, 0), FUNDS));
	});
}

#[test]
fn changes_one_term_when_the_other_is_given_again() {
	ExtBuilder::new().build_and_execute(|| {
		add(None);
		assert_ok!(renew(BOB, None, 1));
		assert_ok!(renew(BOB, Some(7), 1));
		// Up to and including the running block: as short as a term can be.
		System::set_block_number(7);
		assert_ok!(renew(BOB, Some(7), 2));
		let client = Registry::client(media(1)).unwrap();
		assert_eq!((client.until(), client.limit()), (Some(7), 2));
	});
}

#[test]
fn fails_when_useless_expired_or_unchanged() {
	ExtBuilder::new().build_and_execute(|| {
		add(Some(10));
		System::set_block_number(9);
		assert_noop!(renew(BOB, Some(20), 0), Error::<Test>::ZeroLimit);
		assert_noop!(renew(BOB, Some(20), MOST + 1), Error::<Test>::LimitTooHigh);
		assert_noop!(renew(BOB, Some(8), 25), Error::<Test>::AlreadyExpired);
		assert_noop!(renew(BOB, Some(10), 25), Error::<Test>::ClientUnchanged);
	});
}

#[test]
fn fails_when_unknown_or_not_owner() {
	ExtBuilder::new().build_and_execute(|| {
		assert_noop!(renew(BOB, None, 1), Error::<Test>::UnknownClient);
		add(Some(10));
		assert_noop!(renew(ALICE, None, 1), Error::<Test>::NotOwner);
		System::set_block_number(1_000);
		assert_noop!(renew(ALICE, None, 1), Error::<Test>::NotOwner);
	});
}
