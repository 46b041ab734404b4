use crate::{mock::*, Airdrops, Error, Event, NextId};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::BadOrigin;

fn cancel(airdrop: u32) -> sp_runtime::DispatchResult {
	Claims::cancel(RuntimeOrigin::root(), airdrop)
}

#[test]
fn all_goes_back_and_nothing_is_kept() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = create(drop.plan());
		go_to(10);
		events();
		assert_ok!(cancel(airdrop));
		let returned = drop.total() + ED;
		assert_eq!(events(), [Event::Cancelled { airdrop, funder: TREASURY, returned }]);
		assert_eq!(balance(TREASURY), FUNDS);
		assert_eq!(balance(Claims::account(airdrop)), 0);
		assert!(!Airdrops::<Test>::contains_key(airdrop));
		assert_noop!(cancel(airdrop), Error::<Test>::AirdropUnknown);
		// Its number is gone with it.
		assert_eq!((NextId::<Test>::get(), create(drop.plan())), (1, 1));
	});
}

#[test]
fn fails_when_the_window_began() {
	ExtBuilder.build_and_execute(|| {
		let airdrop = open(Listed::of(3).plan());
		for block in [11, 30, 31, 5_000] {
			go_to(block);
			assert_noop!(cancel(airdrop), Error::<Test>::AlreadyOpen);
		}
		close(airdrop).unwrap();
		assert_noop!(cancel(airdrop), Error::<Test>::AlreadyOpen);
	});
}

#[test]
fn fails_when_not_asked_by_governance() {
	ExtBuilder.build_and_execute(|| {
		let airdrop = create(Listed::of(3).plan());
		for origin in [RuntimeOrigin::signed(TREASURY), RuntimeOrigin::none()] {
			assert_noop!(Claims::cancel(origin, airdrop), BadOrigin);
		}
	});
}
