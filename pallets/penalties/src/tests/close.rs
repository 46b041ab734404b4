//! Closing and sweeping in `on_idle`, the walk over records, and the integrity test.

use super::*;
use crate::{
	mock::*, types::Horizon, Drained, History, OfOwner, Offences, Penalties as Stored, Policy,
	Records, State, Walked, Watch, WeightInfo, SWEEP_PAGE,
};
use dtel_traits::{
	Jail,
	OffenceKind::{MissedDuty, Unavailable},
};
use frame_support::{assert_storage_noop, traits::Hooks, weights::Weight};

type W = ();

/// Everything that is due is executed; only closing is left.
fn go_to_drained(era: EraIndex) {
	go_to_era(era);
	while Drained::<Test>::get() <= era {
		Penalties::execute_page(Drained::<Test>::get(), crate::DUE_PAGE);
	}
}

#[test]
fn nothing_happens_when_no_era_is_past() {
	ExtBuilder.build_and_execute(|| {
		go_to_drained(60);
		assert_storage_noop!(assert_eq!(idle(), W::look() + W::walk()));
	});
}

#[test]
fn records_and_penalties_go_and_sentences_stay_when_an_era_is_closed() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_drained(61);
		idle();
		assert_eq!(History::<Test>::get(), Horizon { oldest: 1, sweeping: true });
		idle();
		assert_eq!((Offences::<Test>::iter().count(), Stored::<Test>::iter().count()), (0, 0));
		assert_eq!(OfOwner::<Test>::iter().count(), 0);
		assert_eq!(History::<Test>::get(), Horizon { oldest: 1, sweeping: false });
		assert!(Penalties::is_jailed(1));
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
		go_to_drained(61);
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
fn an_open_penalty_stays_and_its_era_with_it_until_it_is_decided() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(60);
		let id = report(Unavailable, 0, 1);
		report(MissedDuty, 0, 1);
		go_to_drained(61);
		idle();
		idle();
		assert_eq!(History::<Test>::get(), Horizon { oldest: 1, sweeping: true });
		assert_eq!(Stored::<Test>::iter().count(), 2);
		Penalties::do_try_state().unwrap();
		go_to_drained(62);
		assert_eq!(penalty(id).state(), State::Executed { amount: 0 });
		idle();
		assert_eq!(Stored::<Test>::iter().count(), 0);
	});
}

#[test]
fn nothing_happens_when_there_is_no_weight_for_a_step() {
	ExtBuilder.build_and_execute(|| {
		go_to_drained(61);
		let block = System::block_number();
		let less = Weight::from_parts(1, 0);
		let on_idle = |limit| Penalties::on_idle(block, limit);
		assert_storage_noop!(assert_eq!(on_idle(Weight::zero()), Weight::zero()));
		let short = W::look() + W::close_era().min(W::walk()) - less;
		assert_storage_noop!(assert_eq!(on_idle(short), W::look()));
		assert_eq!(idle(), W::look() + W::close_era() + W::walk());
		let short = W::look() + W::walk();
		assert_storage_noop!(assert_eq!(on_idle(short), W::look() + W::walk()));
		assert_eq!(idle(), W::look() + W::sweep_page(SWEEP_PAGE) + W::walk());
	});
}

#[test]
fn the_record_goes_when_the_node_is_not_heard_of_for_as_long_as_history() {
	ExtBuilder.build_and_execute(|| {
		use dtel_primitives::BasisPoints;
		observe(0, 1, 11, BasisPoints::ZERO);
		report(MissedDuty, 0, 2);
		go_to_era(30);
		observe(30, 3, 12, BasisPoints::ZERO);
		settle_down();
		let known = || {
			let mut known: Vec<_> = Records::<Test>::iter_keys().collect();
			known.sort();
			known
		};
		assert_eq!(known(), [node(1), node(3)], "the strike has decayed, the windows have not");
		go_to_era(60);
		settle_down();
		assert_eq!(known(), [node(1), node(3)]);
		go_to_era(61);
		settle_down();
		assert_eq!(known(), [node(3)]);
		go_to_era(91);
		settle_down();
		assert_eq!(known(), []);
		assert_eq!(Walked::<Test>::get(), None);
	});
}

#[test]
fn integrity_holds_when_configured_as_here() {
	ExtBuilder.build_and_execute(Penalties::integrity_test);
}

/// The integrity test has to refuse this configuration.
fn refuses(why: &str, configure: fn()) {
	ExtBuilder.build().execute_with(|| {
		configure();
		let panic = std::panic::catch_unwind(Penalties::integrity_test).unwrap_err();
		let message = panic
			.downcast_ref::<&str>()
			.map(|text| text.to_string())
			.or_else(|| panic.downcast_ref::<String>().cloned())
			.unwrap();
		assert!(message.contains(why), "{message}");
	});
}

#[test]
fn integrity_fails_when_numbers_contradict_each_other() {
	refuses("a sentence would outlive", || HistoryEras::set(56));
	refuses("a penalty would outlive", || {
		UnbondingEras::set(80);
		AppealEras::set(60);
	});
	refuses("stake could be withdrawn", || DeferralEras::set(9));
	refuses("stake could be withdrawn", || UnbondingEras::set(3));
	refuses("before anybody could appeal", || NoticeEras::set(0));
	for watch in [(0, 5), (6, 5), (5, 33)] {
		let (hits, of) = watch;
		let watch = Watch { hits, of };
		assert!(!watch.is_valid());
	}
	refuses("n of the last m", || {
		Rules::set(Policy { poor: Watch { hits: 0, of: 5 }, ..Policy::DEFAULT });
	});
	refuses("n of the last m", || {
		Rules::set(Policy { outliers: Watch { hits: 5, of: 33 }, ..Policy::DEFAULT });
	});
}
