//! The call `execute`, and execution by hooks.

use super::*;
use crate::{mock::*, Drained, Due, Error, State, WeightInfo, DUE_PAGE};
use dtel_primitives::DTEL;
use dtel_traits::OffenceKind::Unavailable;
use frame_support::{assert_noop, assert_storage_noop, traits::Hooks, weights::Weight};
use sp_runtime::DispatchError;

type W = ();

#[test]
fn anybody_executes_what_is_due() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		go_to_era(4);
		events();
		execute(id).unwrap();
		assert_eq!(
			events(),
			[Event::PenaltyExecuted { penalty: id, owner: 11, fraction: bp(10), amount: DTEL }]
		);
		assert_eq!(penalty(id).state(), State::Executed { amount: DTEL });
		assert_eq!((stake(11), Slashes::get()), (999 * DTEL, vec![(11, bp(10), 0)]));
		assert_eq!(Due::<Test>::iter().count(), 0);
		settle_down();
		assert_eq!(Slashes::get().len(), 1);
	});
}

#[test]
fn fails_when_not_signed() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		go_to_era(4);
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Penalties::execute(origin, id), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn fails_when_there_is_no_such_penalty() {
	ExtBuilder.build_and_execute(|| {
		assert_noop!(execute(0), Error::<Test>::UnknownPenalty);
	});
}

#[test]
fn fails_when_it_is_not_due() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		System::set_block_number(4 * 30 - 1);
		assert_noop!(execute(id), Error::<Test>::NotDue);
	});
}

#[test]
fn fails_when_it_is_decided() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		go_to_era(4);
		execute(id).unwrap();
		assert_noop!(execute(id), Error::<Test>::AlreadyFinal);
	});
}

#[test]
fn hooks_execute_what_is_due_and_nothing_else() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		go_to_era(1);
		let later = report(Unavailable, 1, 3);
		go_to_era(3);
		settle_down();
		assert!(penalty(id).is_open());
		assert_eq!(Drained::<Test>::get(), 4, "the running era is behind, too");
		go_to_era(4);
		settle_down();
		assert!(!penalty(id).is_open() && penalty(later).is_open());
		go_to_era(5);
		settle_down();
		assert!(!penalty(later).is_open());
	});
}

#[test]
fn on_poll_executes_before_any_transaction() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		go_to_era(4);
		for _ in 0..5 {
			poll(Weight::MAX);
		}
		assert!(!penalty(id).is_open());
	});
}

/// As many penalties of as many nodes as asked for, all due in era 4.
fn many(count: u32) -> sp_io::TestExternalities {
	let mut ext = ExtBuilder.build();
	ext.execute_with(|| {
		for node in 0..count {
			register(node, 11);
			report(Unavailable, 0, node);
		}
		go_to_era(4);
		Drained::<Test>::put(4);
	});
	ext.commit_all().unwrap();
	ext
}

#[test]
fn penalties_are_executed_page_by_page_when_there_are_many() {
	many(2 * DUE_PAGE + 1).execute_with(|| {
		for left in [DUE_PAGE + 1, 1, 0] {
			idle();
			assert_eq!(Due::<Test>::iter_key_prefix(4).count() as u32, left);
			Penalties::do_try_state().unwrap();
		}
		assert_eq!(Drained::<Test>::get(), 4);
		idle();
		assert_eq!(Drained::<Test>::get(), 5);
		assert_eq!(Slashes::get().len() as u32, 2 * DUE_PAGE + 1);
	});
}

#[test]
fn as_many_are_executed_as_there_is_weight_for() {
	many(5).execute_with(|| {
		let less = Weight::from_parts(1, 0);
		let on_idle = |limit| Penalties::on_idle(System::block_number(), limit);
		assert_storage_noop!(assert_eq!(on_idle(Weight::zero()), Weight::zero()));
		assert_storage_noop!(assert_eq!(poll(Weight::zero()), Weight::zero()));
		// A quarter of what the block has left.
		let one = W::look() + W::execute_due(1);
		assert_storage_noop!(assert_eq!(poll(one * 4 - less * 4), W::look()));
		let two = W::look() + W::execute_due(2);
		assert_eq!(poll((W::look() + W::execute_due(3)) * 4 - less * 4), two);
		assert_eq!(Slashes::get().len(), 2);
		// All of it.
		on_idle(one - less);
		assert_eq!(Slashes::get().len(), 2);
		assert_eq!(on_idle(one), one);
		assert_eq!(Slashes::get().len(), 3);
	});
}
