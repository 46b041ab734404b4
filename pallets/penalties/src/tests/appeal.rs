//! The call `appeal`.

use super::*;
use crate::{mock::*, Appeals, Due, Error, State};
use dtel_primitives::DTEL;
use dtel_traits::{
	Jail,
	OffenceKind::{MissedDuty, Unavailable},
};
use frame_support::assert_noop;
use sp_runtime::{DispatchError, TokenError};

#[test]
fn execution_waits_when_an_appeal_is_open() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		events();
		appeal(11, id).unwrap();
		assert_eq!(events(), [Event::Appealed { penalty: id, who: 11, bond: BOND, until: 7 }]);
		assert_eq!((held(11), Appeals::<Test>::get(11)), (BOND, 1));
		assert_eq!(penalty(id).state(), State::Appealed { bond: BOND });
		assert_eq!(Due::<Test>::iter_keys().collect::<Vec<_>>(), [(7, id)]);
		assert!(Penalties::is_jailed(1), "jail protects callers");
		go_to_era(6);
		settle_down();
		assert_noop!(execute(id), Error::<Test>::NotDue);
		assert!(penalty(id).is_open() && Slashes::get().is_empty());
	});
}

#[test]
fn the_bond_grows_with_open_appeals_and_shrinks_with_decided_ones() {
	ExtBuilder.build_and_execute(|| {
		let ids = [report(Unavailable, 0, 1), report(MissedDuty, 0, 1), report(Unavailable, 0, 2)];
		assert_eq!(Penalties::appeal_bond(11), BOND);
		appeal(11, ids[0]).unwrap();
		appeal(11, ids[1]).unwrap();
		assert_eq!((held(11), Penalties::appeal_bond(11)), (3 * BOND, 3 * BOND));
		cancel(ids[0]).unwrap();
		assert_eq!((held(11), Penalties::appeal_bond(11)), (2 * BOND, 2 * BOND));
		appeal(11, ids[2]).unwrap();
		assert_eq!(held(11), 4 * BOND);
		let other = report(Unavailable, 0, 3);
		appeal(12, other).unwrap();
		assert_eq!(held(12), BOND, "each operator for itself");
	});
}

#[test]
fn the_penalty_is_executed_and_the_bond_returned_when_nobody_decides() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		appeal(11, id).unwrap();
		go_to_era(7);
		events();
		settle_down();
		assert_eq!(
			events(),
			[
				Event::AppealLapsed { penalty: id, who: 11, bond: BOND },
				Event::PenaltyExecuted { penalty: id, owner: 11, fraction: bp(10), amount: DTEL },
			]
		);
		assert_eq!((held(11), Balances::free_balance(11)), (0, FUNDS));
		assert_eq!((stake(11), Appeals::<Test>::iter().count()), (999 * DTEL, 0));
	});
}

#[test]
fn fails_when_not_signed() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Penalties::appeal(origin, id), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn fails_when_there_is_no_such_penalty() {
	ExtBuilder.build_and_execute(|| {
		assert_noop!(appeal(11, 0), Error::<Test>::UnknownPenalty);
	});
}

#[test]
fn fails_when_the_penalty_is_of_another() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		assert_noop!(appeal(12, id), Error::<Test>::NotOffender);
	});
}

#[test]
fn fails_when_it_was_appealed_before() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		appeal(11, id).unwrap();
		assert_noop!(appeal(11, id), Error::<Test>::AppealedBefore);
		uphold(id).unwrap();
		assert_noop!(appeal(11, id), Error::<Test>::AppealedBefore);
	});
}

#[test]
fn fails_when_it_is_due() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		System::set_block_number(4 * 30);
		assert_noop!(appeal(11, id), Error::<Test>::TooLate);
		System::set_block_number(4 * 30 - 1);
		appeal(11, id).unwrap();
	});
}

#[test]
fn fails_when_it_is_decided() {
	ExtBuilder.build_and_execute(|| {
		let ids = [report(Unavailable, 0, 1), report(MissedDuty, 0, 1)];
		cancel(ids[0]).unwrap();
		assert_noop!(appeal(11, ids[0]), Error::<Test>::AlreadyFinal);
		go_to_era(4);
		execute(ids[1]).unwrap();
		assert_noop!(appeal(11, ids[1]), Error::<Test>::AlreadyFinal);
	});
}

#[test]
fn fails_when_the_bond_cannot_be_held() {
	ExtBuilder.build_and_execute(|| {
		register(4, 14);
		let id = report(Unavailable, 0, 4);
		assert_noop!(appeal(14, id), TokenError::FundsUnavailable);
	});
}
