use super::*;
use crate::{mock::*, Error, Event};
use frame_support::{assert_noop, assert_ok};

#[test]
fn removes_and_frees_the_deposit_exactly() {
	ExtBuilder::new().build_and_execute(|| {
		assert_ok!(Registry::add_client(signed(BOB), media(1), None, 1));
		assert_ok!(Registry::add_client(signed(BOB), media(2), Some(3), 1));
		System::set_block_number(9);
		System::reset_events();
		assert_ok!(Registry::revoke_client(signed(BOB), media(2)));
		assert_eq!(only_event(), Event::ClientRevoked { key: media(2), who: BOB, deposit: 50 });
		assert_eq!(held(BOB), (0, 50));
		assert_ok!(Registry::revoke_client(signed(BOB), media(1)));
		assert_eq!((held(BOB), Balances::free_balance(BOB)), ((0, 0), FUNDS));
		assert!(Registry::client(media(1)).is_none() && !Registry::is_client_valid(media(1)));
		// The key is free again.
		assert_ok!(Registry::add_client(signed(ALICE), media(1), None, 1));
	});
}

#[test]
fn fails_when_unknown_or_not_owner() {
	ExtBuilder::new().build_and_execute(|| {
		assert_ok!(Registry::add_client(signed(BOB), media(1), None, 1));
		let revoke = |who, key| Registry::revoke_client(signed(who), key);
		assert_noop!(revoke(ALICE, media(1)), Error::<Test>::NotOwner);
		assert_noop!(revoke(BOB, media(2)), Error::<Test>::UnknownClient);
	});
}
