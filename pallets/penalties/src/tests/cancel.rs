//! The call `cancel`.

use super::*;
use crate::{mock::*, Appeals, Due, Error, Jailed, State};
use dtel_traits::{
	Jail,
	OffenceKind::{MissedDuty, Unavailable},
};
use frame_support::{assert_noop, assert_storage_noop};
use sp_runtime::DispatchError;

#[test]
fn the_bond_jail_and_strike_are_undone_when_the_appeal_is_right() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		appeal(11, id).unwrap();
		events();
		cancel(id).unwrap();
		assert_eq!(
			events(),
			[
				Event::PenaltyCancelled { penalty: id, owner: 11, bond: BOND },
				Event::Unjailed { offender: node(1) },
			]
		);
		assert_eq!((held(11), Balances::free_balance(11)), (0, FUNDS));
		assert_eq!((penalty(id).state(), Appeals::<Test>::get(11)), (State::Cancelled, 0));
		assert_eq!((Due::<Test>::iter().count(), Jailed::<Test>::iter().count()), (0, 0));
		assert!(!Penalties::is_operator_jailed(&11));
		assert_eq!(Penalties::record(node(1)), None);
		go_to_era(20);
		settle_down();
		assert!(Slashes::get().is_empty());
		assert_storage_noop!(report(Unavailable, 0, 1));
	});
}

#[test]
fn governance_needs_no_appeal() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		events();
		cancel(id).unwrap();
		assert_eq!(
			events(),
			[
				Event::PenaltyCancelled { penalty: id, owner: 11, bond: 0 },
				Event::Unjailed { offender: node(1) },
			]
		);
	});
}

#[test]
fn an_upheld_penalty_can_be_cancelled_until_it_is_executed_but_its_bond_is_gone() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		appeal(11, id).unwrap();
		uphold(id).unwrap();
		cancel(id).unwrap();
		assert_eq!(penalty(id).state(), State::Cancelled);
		assert_eq!(Balances::free_balance(11), FUNDS - BOND);
	});
}

#[test]
fn what_other_offences_added_to_the_sentence_stays() {
	ExtBuilder.build_and_execute(|| {
		let (duty, down) = (report(MissedDuty, 0, 1), report(Unavailable, 0, 1));
		go_to_era(1);
		let next = report(MissedDuty, 1, 1);
		assert_eq!(Penalties::jail(1), span(0, 4));
		events();
		cancel(next).unwrap();
		assert_eq!(
			events(),
			[
				Event::PenaltyCancelled { penalty: next, owner: 11, bond: 0 },
				Event::Jailed { offender: node(1), since: 0, until: 3 },
			]
		);
		cancel(down).unwrap();
		assert_eq!(Penalties::jail(1), span(0, 2));
		cancel(duty).unwrap();
		assert_eq!(Penalties::jail(1), None);
	});
}

#[test]
fn a_later_sentence_stays_when_the_node_was_released_meanwhile() {
	ExtBuilder.build_and_execute(|| {
		let id = report(MissedDuty, 0, 1);
		go_to_era(2);
		unjail(11, 1).unwrap();
		report(MissedDuty, 2, 1);
		let sentence = Penalties::jail(1);
		cancel(id).unwrap();
		assert_eq!(Penalties::jail(1), sentence);
	});
}

#[test]
fn fails_when_the_origin_may_not_decide() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::signed(11), RuntimeOrigin::signed(77)]
		{
			assert_noop!(Penalties::cancel(origin, id), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn fails_when_there_is_no_such_penalty() {
	ExtBuilder.build_and_execute(|| {
		assert_noop!(cancel(0), Error::<Test>::UnknownPenalty);
	});
}

#[test]
fn fails_when_it_is_decided() {
	ExtBuilder.build_and_execute(|| {
		let (duty, down) = (report(MissedDuty, 0, 1), report(Unavailable, 0, 1));
		cancel(duty).unwrap();
		assert_noop!(cancel(duty), Error::<Test>::AlreadyFinal);
		go_to_era(4);
		execute(down).unwrap();
		assert_noop!(cancel(down), Error::<Test>::AlreadyFinal);
	});
}
