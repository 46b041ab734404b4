//! The call `uphold`.

use super::*;
use crate::{mock::*, Appeals, Error, State};
use dtel_primitives::DTEL;
use dtel_traits::OffenceKind::Unavailable;
use frame_support::assert_noop;
use sp_runtime::DispatchError;

#[test]
fn the_bond_is_lost_and_the_penalty_waits_when_it_is_not_due() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		appeal(11, id).unwrap();
		events();
		uphold(id).unwrap();
		assert_eq!(events(), [Event::Upheld { penalty: id, who: 11, bond: BOND }]);
		assert_eq!((held(11), Balances::free_balance(11)), (0, FUNDS - BOND));
		assert_eq!(Balances::free_balance(TREASURY), 1 + BOND);
		assert_eq!((penalty(id).state(), Appeals::<Test>::get(11)), (State::Upheld, 0));
		assert!(Slashes::get().is_empty());
		go_to_era(4);
		settle_down();
		assert_eq!((stake(11), Slashes::get().len()), (999 * DTEL, 1));
	});
}

#[test]
fn the_penalty_is_executed_at_once_when_it_is_due() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		appeal(11, id).unwrap();
		go_to_era(5);
		settle_down();
		events();
		uphold(id).unwrap();
		assert_eq!(
			events(),
			[
				Event::Upheld { penalty: id, who: 11, bond: BOND },
				Event::PenaltyExecuted { penalty: id, owner: 11, fraction: bp(10), amount: DTEL },
			]
		);
		assert_eq!(penalty(id).state(), State::Executed { amount: DTEL });
		assert_eq!(stake(11), 999 * DTEL);
	});
}

#[test]
fn fails_when_the_origin_may_not_decide() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		appeal(11, id).unwrap();
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::signed(11), RuntimeOrigin::signed(77)]
		{
			assert_noop!(Penalties::uphold(origin, id), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn fails_when_there_is_no_such_penalty() {
	ExtBuilder.build_and_execute(|| {
		assert_noop!(uphold(0), Error::<Test>::UnknownPenalty);
	});
}

#[test]
fn fails_when_no_appeal_is_open() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		assert_noop!(uphold(id), Error::<Test>::NotAppealed);
		appeal(11, id).unwrap();
		uphold(id).unwrap();
		assert_noop!(uphold(id), Error::<Test>::NotAppealed);
	});
}

#[test]
fn fails_when_it_is_decided() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		appeal(11, id).unwrap();
		cancel(id).unwrap();
		assert_noop!(uphold(id), Error::<Test>::AlreadyFinal);
	});
}
