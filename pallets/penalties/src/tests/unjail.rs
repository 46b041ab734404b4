//! The calls `unjail` and `unjail_validator`.

use super::*;
use crate::{mock::*, Error, Jailed, Offences};
use dtel_traits::{
	Jail,
	OffenceKind::{MissedDuty, Unavailable},
};
use frame_support::assert_noop;
use sp_runtime::DispatchError;

#[test]
fn the_node_is_free_when_its_term_is_over() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		events();
		go_to_era(3);
		unjail(11, 1).unwrap();
		assert_eq!(events(), [Event::Unjailed { offender: node(1) }]);
		assert!(!Penalties::is_jailed(1) && !Penalties::is_operator_jailed(&11));
		assert_eq!(Jailed::<Test>::iter().count(), 0);
		assert!(
			Offences::<Test>::contains_key((0, node(1), Unavailable, ONCE)),
			"the record stays"
		);
		assert!(penalty(id).is_open(), "and so does the penalty");
	});
}

#[test]
fn the_node_can_be_jailed_again_when_it_offends_again() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(2);
		unjail(11, 1).unwrap();
		report(MissedDuty, 2, 1);
		assert_eq!(Penalties::jailed_since(1), Some(2));
		assert_noop!(unjail(11, 1), Error::<Test>::TermNotOver);
	});
}

#[test]
fn the_validator_is_free_when_its_term_is_over() {
	ExtBuilder.build_and_execute(|| {
		let unjail = || Penalties::unjail_validator(RuntimeOrigin::signed(11));
		assert_noop!(unjail(), Error::<Test>::NotJailed);
		equivocate(0, 11, 1, 30);
		report(MissedDuty, 0, 1);
		events();
		go_to_era(56);
		assert_noop!(unjail(), Error::<Test>::TermNotOver);
		assert_noop!(
			Penalties::unjail_validator(RuntimeOrigin::signed(12)),
			Error::<Test>::NotJailed
		);
		go_to_era(57);
		unjail().unwrap();
		assert_eq!(events(), [Event::Unjailed { offender: Offender::Validator(11) }]);
		assert!(!Penalties::is_validator_jailed(&11));
		assert!(Penalties::is_operator_jailed(&11), "its node is still jailed");
	});
}

#[test]
fn fails_when_not_signed() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(2);
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Penalties::unjail(origin.clone(), 1), DispatchError::BadOrigin);
			assert_noop!(Penalties::unjail_validator(origin), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn fails_when_not_jailed() {
	ExtBuilder.build_and_execute(|| {
		assert_noop!(unjail(11, 1), Error::<Test>::NotJailed);
		assert_noop!(unjail(11, 77), Error::<Test>::NotJailed);
	});
}

#[test]
fn fails_when_another_owns_the_node() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(2);
		assert_noop!(unjail(12, 1), Error::<Test>::NotOwner);
	});
}

#[test]
fn fails_when_nobody_owns_the_node_any_more() {
	// A registry keeps jailed nodes (INV-8); the pallet does not rely on it.
	ExtBuilder.build().execute_with(|| {
		report(MissedDuty, 0, 1);
		Owners::mutate(|owners| owners.remove(&1));
		go_to_era(2);
		assert_noop!(unjail(11, 1), Error::<Test>::NotOwner);
	});
}

/// Free when the era is settled, it would be paid for an era in which it was jailed.
#[test]
fn fails_when_an_era_in_jail_is_not_settled() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		equivocate(0, 12, 1, 30);
		go_to_era(2);
		Unsettled::set(1);
		assert_noop!(unjail(11, 1), Error::<Test>::EraNotSettled);
		Unsettled::set(2);
		unjail(11, 1).unwrap();
		// A validator has no scores.
		Unsettled::set(1);
		go_to_era(57);
		Penalties::unjail_validator(RuntimeOrigin::signed(12)).unwrap();
	});
}

#[test]
fn fails_when_the_term_runs() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		System::set_block_number(2 * 30 - 1);
		assert_noop!(unjail(11, 1), Error::<Test>::TermNotOver);
		System::set_block_number(2 * 30);
		unjail(11, 1).unwrap();
	});
}
