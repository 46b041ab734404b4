//! Claims of airdrops with terms.

use crate::{mock::*, Airdrops, Error, Event, WeightInfo};
use dtel_primitives::{airdrop::Plan, DTEL};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn vested(drop: &Listed) -> Plan {
	Plan { vesting: Some(vesting(500)), ..drop.plan() }
}

#[test]
fn what_is_claimed_is_granted_by_the_terms() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = open(vested(&drop));
		events();
		let info = drop.claim(airdrop, 2).unwrap();
		assert_eq!(info.actual_weight, Some(<() as WeightInfo>::claim_vested(2)));
		assert_eq!((balance(3), frozen(3)), (3 * DTEL, 3 * DTEL));
		assert_eq!(Granted::get(3), [(3 * DTEL, vesting(500))]);
		assert_eq!(events(), [Event::Claimed { airdrop, index: 2, who: 3, amount: 3 * DTEL }]);
		assert_eq!(balance(Claims::account(airdrop)), 3 * DTEL + ED);
		assert_noop!(drop.claim(airdrop, 2), Error::<Test>::AlreadyClaimed);
	});
}

#[test]
fn the_last_grant_leaves_the_deposit() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = open(vested(&drop));
		for index in 0..3 {
			assert_ok!(drop.claim(airdrop, index));
		}
		assert_eq!(balance(Claims::account(airdrop)), ED);
	});
}

#[test]
fn nothing_is_lost_when_a_grant_is_refused_and_it_can_be_tried_again() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = open(vested(&drop));
		Granted::insert(2, vec![(0, vesting(100)); MAX_GRANTS]);
		assert_noop!(
			drop.claim(airdrop, 1).map_err(|e| e.error),
			DispatchError::Other("list is full")
		);
		assert_eq!(Claims::is_claimed(airdrop, 1), Some(false));
		assert_eq!(Airdrops::<Test>::get(airdrop).unwrap().paid, 0);
		assert_ok!(drop.claim(airdrop, 0));
		Granted::remove(2);
		assert_ok!(drop.claim(airdrop, 1));
		assert_eq!(frozen(2), 2 * DTEL);
	});
}

#[test]
fn fails_when_less_is_left_than_can_be_granted() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::new("small", vec![(ANYBODY, MIN_GRANT - 1), (5, DTEL)]);
		let airdrop = open(vested(&drop));
		assert_noop!(
			drop.claim(airdrop, 0).map_err(|e| e.error),
			DispatchError::Other("too little")
		);
		assert_ok!(drop.claim(airdrop, 1));
	});
}

#[test]
fn the_funder_gets_back_what_was_not_granted() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = open(vested(&drop));
		assert_ok!(drop.claim(airdrop, 0));
		go_to(Airdrops::<Test>::get(airdrop).unwrap().closes);
		close(airdrop).unwrap();
		assert_eq!(balance(TREASURY), FUNDS - DTEL);
		assert_eq!(frozen(1), DTEL);
	});
}
