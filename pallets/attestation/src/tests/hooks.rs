//! What blocks do by themselves, within their weight.

use super::*;
use crate::{settlement::Extra, Event, Snapshots, WeightInfo};
use frame_support::{
	traits::{Hooks, OnPoll},
	weights::{Weight, WeightMeter},
};

fn settled(era: EraIndex) -> u32 {
	Attestation::era_progress(era).3
}

#[test]
fn constants_fit_each_other() {
	new_test_ext().execute_with(<Attestation as Hooks<u32>>::integrity_test);
}

#[test]
#[should_panic(expected = "within the history")]
fn integrity_fails_when_the_pool_outlasts_the_history() {
	new_test_ext().execute_with(|| {
		HistoryEras::set(3);
		<Attestation as Hooks<u32>>::integrity_test();
	});
}

/// What it costs to settle so many members that missed their duty.
fn missed(members: u32) -> Weight {
	Attestation::settled_weight((members, Extra { offences: members, ..Extra::default() }))
}

/// What it costs at most to settle one more.
fn one_more(members: u32) -> Weight {
	Attestation::settle_weight(members + 1).saturating_sub(Attestation::settle_weight(members))
}

#[test]
fn idle_work_stays_within_what_is_left() {
	build_and_execute(|| {
		network(8);
		roll_to(20);
		System::set_block_number(28);
		let look = <() as WeightInfo>::look();
		assert_eq!(<Attestation as Hooks<u32>>::on_idle(28, Weight::zero()), Weight::zero());
		assert_eq!(settled(2), 0);
		let enough = look + missed(2) + one_more(2);
		let used = <Attestation as Hooks<u32>>::on_idle(28, enough);
		assert!(used.all_lte(enough));
		assert_eq!(settled(2), 3);
	});
}

#[test]
fn polling_takes_a_quarter_of_the_block_but_at_least_a_step() {
	build_and_execute(|| {
		network(8);
		roll_to(20);
		System::set_block_number(28);
		let mut meter = WeightMeter::with_limit(Weight::from_parts(1, 1));
		<Attestation as OnPoll<u32>>::on_poll(28, &mut meter);
		assert_eq!(settled(2), 1);
		assert!(meter.consumed().all_lte(meter.limit()));
		let enough = <() as WeightInfo>::look() + missed(2) + one_more(2);
		let mut meter = WeightMeter::with_limit(enough * 4);
		<Attestation as OnPoll<u32>>::on_poll(28, &mut meter);
		assert_eq!(settled(2), 4);
		assert!((meter.consumed() * 4).all_lte(meter.limit()));
	});
}

#[test]
fn settlement_comes_before_the_next_snapshot() {
	build_and_execute(|| {
		network(8);
		roll_to(27);
		// No hook ran in the settle phase.
		System::set_block_number(30);
		<Attestation as frame_support::traits::OnInitialize<u32>>::on_initialize(30);
		assert!(!Attestation::is_settled(2) && Snapshots::<Test>::get(4).is_none());
		System::reset_events();
		<Attestation as Hooks<u32>>::on_idle(30, Weight::MAX);
		let events = events();
		let place = |event| events.iter().position(|other| *other == event).unwrap();
		let settled = place(Event::EraSettled { era: 2, members: 8 });
		let frozen = events.iter().position(|e| matches!(e, Event::SnapshotFrozen { era: 4, .. }));
		assert!(frozen.is_some_and(|frozen| settled < frozen));
		assert_eq!(Attestation::members(4), 8);
	});
}
