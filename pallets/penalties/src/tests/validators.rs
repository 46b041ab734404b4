//! What those are told who seat validators.

use crate::{mock::*, State};
use dtel_traits::OffenceKind::{DoubleReveal, MissedDuty, Unavailable};

#[test]
fn a_validator_loses_its_seat_at_once_when_it_equivocated() {
	ExtBuilder.build_and_execute(|| {
		let id = equivocate(0, 11, 1, 30);
		assert_eq!(Offended::take(), [(11, penalty(id).fraction())]);
		assert!(penalty(id).is_open(), "long before stake is taken");
	});
}

#[test]
fn an_operator_loses_its_seat_when_stake_is_taken_and_not_before() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		assert_eq!(Offended::get(), []);
		go_to_era(4);
		execute(id).unwrap();
		assert_eq!(Offended::take(), [(11, penalty(id).fraction())]);
	});
}

#[test]
fn nobody_loses_a_seat_when_a_penalty_is_cancelled_or_takes_nothing() {
	ExtBuilder.build_and_execute(|| {
		cancel(report(DoubleReveal, 0, 1)).unwrap();
		let free = report(MissedDuty, 0, 1);
		stake_nothing();
		let nothing_there = report(Unavailable, 0, 3);
		go_to_era(4);
		execute(free).unwrap();
		execute(nothing_there).unwrap();
		assert_eq!(penalty(nothing_there).state(), State::Executed { amount: 0 });
		assert_eq!(Offended::get(), []);
	});
}

/// Operator 12 has nothing at stake.
fn stake_nothing() {
	Stakes::mutate(|stakes| stakes.remove(&12));
	assert!(!Stakes::get().contains_key(&12));
}
