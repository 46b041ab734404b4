use crate::{mock::*, Airdrops, Error, Event};
use dtel_primitives::{airdrop::Progress, DTEL};
use frame_support::{assert_noop, assert_ok, dispatch::Pays, traits::fungible::Mutate};
use sp_runtime::traits::BadOrigin;

#[test]
fn what_is_left_goes_back_and_the_account_dies() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = open(drop.plan());
		drop.claim(airdrop, 1).unwrap();
		go_to(31);
		events();
		assert_eq!(close(airdrop).unwrap().pays_fee, Pays::No);
		let account = Claims::account(airdrop);
		assert_eq!(balance(account), 0);
		assert!(!System::account_exists(&account));
		assert_eq!(balance(TREASURY), FUNDS - 2 * DTEL);
		let (returned, paid) = (4 * DTEL + ED, 2 * DTEL);
		let expected = Event::Closed { airdrop, funder: TREASURY, returned, paid, claims: 1 };
		assert_eq!(events(), [expected]);
		assert_eq!(progress(airdrop), Progress::Closed { pruned: 0 });
		assert_eq!(Claims::is_claimed(airdrop, 1), Some(true));
		assert_noop!(close(airdrop), Error::<Test>::AlreadyClosed);
	});
}

#[test]
fn fails_when_the_window_is_not_over() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = create(drop.plan());
		for block in [1, 11, 30] {
			go_to(block);
			assert_noop!(close(airdrop), Error::<Test>::WindowNotOver);
		}
		// Not even when all was claimed.
		for index in 0..3 {
			drop.claim(airdrop, index).unwrap();
		}
		assert_noop!(close(airdrop), Error::<Test>::WindowNotOver);
		go_to(31);
		assert_ok!(close(airdrop));
		assert_eq!(balance(TREASURY), FUNDS - 6 * DTEL);
	});
}

/// There is no block in which an airdrop can be claimed and closed.
#[test]
fn no_block_takes_both_a_claim_and_a_closing() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = open(drop.plan());
		go_to(30);
		assert_noop!(close(airdrop), Error::<Test>::WindowNotOver);
		assert_ok!(drop.claim(airdrop, 0));
		go_to(31);
		assert_noop!(drop.claim(airdrop, 1), Error::<Test>::WindowOver);
		assert_ok!(close(airdrop));
		assert_noop!(drop.claim(airdrop, 1), Error::<Test>::WindowOver);
	});
}

#[test]
fn fails_when_not_signed_or_not_there() {
	ExtBuilder.build_and_execute(|| {
		let airdrop = open(Listed::of(3).plan());
		go_to(31);
		assert_noop!(close(airdrop + 1), Error::<Test>::AirdropUnknown);
		assert_noop!(Claims::close(RuntimeOrigin::none(), airdrop), BadOrigin);
	});
}

/// Less than an existential deposit is left, and the funder died meanwhile.
#[test]
fn the_leftover_revives_a_funder() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::new("dust", vec![(1, DTEL), (2, 1)]);
		let airdrop = open(drop.plan());
		drop.claim(airdrop, 0).unwrap();
		let all = balance(TREASURY);
		let expendable = frame_support::traits::tokens::Preservation::Expendable;
		<Balances as Mutate<_>>::transfer(&TREASURY, &ANYBODY, all, expendable).unwrap();
		go_to(31);
		assert_ok!(close(airdrop));
		assert_eq!(balance(TREASURY), ED + 1);
	});
}

/// What strangers sent goes with it, before or after the airdrop was made.
#[test]
fn gifts_go_back_too() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		send(ANYBODY, Claims::account(0), ED);
		let airdrop = open(drop.plan());
		send(ANYBODY, Claims::account(0), 5);
		go_to(31);
		assert_ok!(close(airdrop));
		assert_eq!(balance(TREASURY), FUNDS + ED + 5);
		assert_eq!(balance(Claims::account(0)), 0);
	});
}

#[test]
fn the_money_of_another_airdrop_stays() {
	ExtBuilder.build_and_execute(|| {
		let (one, two) = (Listed::of(3), Listed::of(5));
		let (first, second) = (create(one.plan()), create(two.plan()));
		go_to(31);
		close(first).unwrap();
		assert_eq!(balance(Claims::account(second)), 15 * DTEL + ED);
		assert!(Airdrops::<Test>::contains_key(second));
	});
}
