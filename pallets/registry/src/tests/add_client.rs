use super::*;
use crate::{mock::*, Error, Event};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

#[test]
fn holds_and_is_valid_up_to_its_last_block_when_limited() {
	ExtBuilder::new().build_and_execute(|| {
		assert_ok!(Registry::add_client(signed(BOB), media(1), Some(10), 25));
		assert_eq!(
			only_event(),
			Event::ClientAdded { key: media(1), who: BOB, until: Some(10), limit: 25, deposit: 50 }
		);
		assert_eq!(held(BOB), (0, 50));
		assert_eq!(Balances::free_balance(BOB), FUNDS - 50);
		let client = Registry::client(media(1)).unwrap();
		assert_eq!(
			(*client.owner(), client.until(), client.limit(), client.deposit()),
			(BOB, Some(10), 25, 50)
		);
		for (block, valid) in [(1, true), (10, true), (11, false)] {
			System::set_block_number(block);
			assert_eq!(Registry::is_client_valid(media(1)), valid, "block {block}");
		}
	});
}

#[test]
fn is_valid_for_ever_when_unlimited() {
	ExtBuilder::new().build_and_execute(|| {
		assert_ok!(Registry::add_client(signed(BOB), media(1), None, 1));
		System::set_block_number(u64::from(u32::MAX));
		assert!(Registry::is_client_valid(media(1)));
		assert!(!Registry::is_client_valid(media(2)));
	});
}

#[test]
fn accepts_the_running_block_as_its_last() {
	ExtBuilder::new().build_and_execute(|| {
		System::set_block_number(7);
		assert_ok!(Registry::add_client(signed(BOB), media(1), Some(7), 1));
	});
}

#[test]
fn accepts_the_highest_limit() {
	ExtBuilder::new().build_and_execute(|| {
		assert_ok!(Registry::add_client(signed(BOB), media(1), None, MOST));
		assert_eq!(Registry::client(media(1)).unwrap().limit(), MOST);
	});
}

#[test]
fn fails_when_useless_expired_or_taken() {
	ExtBuilder::new().build_and_execute(|| {
		System::set_block_number(7);
		let add = |key, until, limit| Registry::add_client(signed(BOB), key, until, limit);
		assert_noop!(add(media(1), None, 0), Error::<Test>::ZeroLimit);
		for limit in [MOST + 1, u32::MAX] {
			assert_noop!(add(media(1), None, limit), Error::<Test>::LimitTooHigh);
		}
		assert_noop!(add(media(1), Some(6), 1), Error::<Test>::AlreadyExpired);
		assert_ok!(add(media(1), None, 1));
		assert_noop!(add(media(1), None, 1), Error::<Test>::ClientKeyTaken);
		// A daemon's key, or one that will be, can be nobody's API key: its tokens are probes.
		let node = register(ALICE, 2);
		assert_ok!(Registry::rotate_keys(signed(ALICE), node, attestor(3), media(3)));
		assert_noop!(add(media(2), None, 1), Error::<Test>::ClientKeyTaken);
		assert_noop!(add(media(3), None, 1), Error::<Test>::ClientKeyTaken);
	});
}

#[test]
fn fails_when_the_deposit_cannot_be_held() {
	ExtBuilder::new().build_and_execute(|| {
		for key in 0..3 {
			assert_ok!(Registry::add_client(signed(POOR), media(key), None, 1));
		}
		assert_eq!((held(POOR), Balances::free_balance(POOR)), ((0, 150), 36));
		assert_noop!(
			Registry::add_client(signed(POOR), media(3), None, 1),
			TokenError::FundsUnavailable
		);
	});
}
