//! Closing and sweeping in `on_idle`.

use crate::{mock::*, types::Horizon, History, Offences, Policy, WeightInfo, SWEEP_PAGE};
use dtel_traits::{Jail, OffenceKind::MissedDuty};
use frame_support::{assert_storage_noop, traits::Hooks, weights::Weight};

type W = ();

#[test]
fn nothing_happens_when_no_era_is_past() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(4);
		assert_storage_noop!(assert_eq!(idle(), W::on_idle_base()));
	});
}

#[test]
fn records_go_and_sentences_stay_when_an_era_is_closed() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(5);
		idle();
		assert_eq!(Penalties::offences_of(0, 1), [], "closed at once for readers");
		idle();
		assert_eq!(Offences::<Test>::iter().count(), 0);
		assert_eq!(History::<Test>::get(), Horizon { oldest: 1, sweeping: false });
		assert!(Penalties::is_jailed(1));
		assert_eq!(idle(), W::on_idle_base());
		unjail(11, 1).unwrap();
	});
}

#[test]
fn records_go_page_by_page_when_there_are_many() {
	let nodes = 2 * SWEEP_PAGE + 1;
	let mut ext = ExtBuilder.build();
	ext.execute_with(|| {
		for node in 0..nodes {
			register(node, 11);
			report(MissedDuty, 0, node);
		}
		go_to_era(5);
	});
	ext.commit_all().unwrap();
	ext.execute_with(|| {
		idle();
		for left in [nodes, SWEEP_PAGE + 1, 1, 0] {
			assert_eq!(Offences::<Test>::iter().count() as u32, left);
			Penalties::do_try_state().unwrap();
			idle();
		}
		assert_eq!(History::<Test>::get(), Horizon { oldest: 1, sweeping: false });
	});
}

#[test]
fn nothing_happens_when_there_is_no_weight_for_a_step() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(5);
		let block = System::block_number();
		let just_short = |step: Weight| W::on_idle_base() + step - Weight::from_parts(1, 0);
		let on_idle = |limit| Penalties::on_idle(block, limit);
		assert_storage_noop!(assert_eq!(on_idle(Weight::zero()), Weight::zero()));
		assert_storage_noop!(assert_eq!(on_idle(just_short(W::close_era())), W::on_idle_base()));
		assert_eq!(idle(), W::on_idle_base() + W::close_era());
		let page = W::sweep_page(SWEEP_PAGE);
		assert_storage_noop!(assert_eq!(on_idle(just_short(page)), W::on_idle_base()));
		assert_eq!(idle(), W::on_idle_base() + page);
	});
}

#[test]
fn integrity_holds_when_configured_as_here() {
	ExtBuilder.build_and_execute(Penalties::integrity_test);
}

#[test]
#[should_panic(expected = "a sentence would outlive the record")]
fn integrity_fails_when_a_term_is_as_long_as_history() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { unavailable: terms(0, 4), ..Policy::DEFAULT });
		Penalties::integrity_test();
	});
}
