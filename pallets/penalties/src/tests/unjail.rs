//! The call `unjail`.

use crate::{mock::*, Error, Event, Jailed, Offences};
use dtel_traits::{Jail, OffenceKind::MissedDuty};
use frame_support::assert_noop;
use sp_runtime::DispatchError;

#[test]
fn the_node_is_free_when_its_term_is_over() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		events();
		go_to_era(2);
		unjail(11, 1).unwrap();
		assert_eq!(events(), [Event::Unjailed { node: 1 }]);
		assert!(!Penalties::is_jailed(1));
		assert_eq!(Jailed::<Test>::iter().count(), 0);
		assert!(Offences::<Test>::contains_key((0, 1, MissedDuty)), "the record stays");
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
fn fails_when_not_signed() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(2);
		assert_noop!(Penalties::unjail(RuntimeOrigin::none(), 1), DispatchError::BadOrigin);
		assert_noop!(Penalties::unjail(RuntimeOrigin::root(), 1), DispatchError::BadOrigin);
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
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		Owners::mutate(|owners| owners.remove(&1));
		go_to_era(2);
		assert_noop!(unjail(11, 1), Error::<Test>::NotOwner);
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
