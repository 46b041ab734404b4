//! The call `validate`.

use super::*;
use crate::{mock::*, Candidates, Error, NextPlace};
use dtel_primitives::DTEL;
use frame_support::assert_noop;

#[test]
fn an_operator_is_a_candidate_when_it_has_keys_and_the_floor_at_stake() {
	ExtBuilder.build_and_execute(|| {
		validate(3).unwrap();
		let (who, stake) = (3, 3 * FLOOR);
		assert_eq!(events(), [Event::CandidateAdded { who, stake, displaced: None }]);
		assert_eq!((Candidates::<Test>::get(3), NextPlace::<Test>::get()), (Some(0), 1));
		validate(1).unwrap();
		assert_eq!(Candidates::<Test>::get(1), Some(1), "exactly the floor is enough");
	});
}

#[test]
fn fails_when_it_is_a_candidate() {
	ExtBuilder.build_and_execute(|| {
		validate(3).unwrap();
		assert_noop!(validate(3), Error::<Test>::AlreadyCandidate);
	});
}

#[test]
fn fails_when_it_has_no_keys() {
	ExtBuilder.build_and_execute(|| {
		keys(3, false);
		assert_noop!(validate(3), Error::<Test>::NoKeys);
	});
}

#[test]
fn fails_when_it_is_jailed() {
	ExtBuilder.build_and_execute(|| {
		jail(3, true);
		assert_noop!(validate(3), Error::<Test>::Jailed);
		jail(3, false);
		validate(3).unwrap();
	});
}

#[test]
fn fails_when_its_stake_is_below_the_floor() {
	ExtBuilder.build_and_execute(|| {
		stake(3, FLOOR - 1);
		assert_noop!(validate(3), Error::<Test>::BelowFloor);
		assert_noop!(validate(101), Error::<Test>::BelowFloor);
	});
}

#[test]
fn fails_when_its_stake_does_not_count_yet() {
	ExtBuilder.build_and_execute(|| {
		Stakes::mutate(|stakes| stakes.insert(3, (1, 9 * FLOOR)));
		assert_noop!(validate(3), Error::<Test>::BelowFloor);
		System::set_block_number(30);
		validate(3).unwrap();
	});
}

#[test]
fn fails_when_all_places_are_taken_by_others_with_as_much() {
	ExtBuilder.build_and_execute(|| {
		candidates(2..=9);
		assert_noop!(validate(1), Error::<Test>::NoPlace);
		stake(10, 2 * FLOOR);
		assert_noop!(validate(10), Error::<Test>::NoPlace);
		resign(9).unwrap();
		validate(1).unwrap();
	});
}

#[test]
fn the_lowest_is_displaced_when_all_places_are_taken() {
	ExtBuilder.build_and_execute(|| {
		candidates([5, 3, 8, 1, 7, 2, 6, 4]);
		events();
		validate(9).unwrap();
		let (who, stake, displaced) = (9, 9 * FLOOR, Some(1));
		assert_eq!(events(), [Event::CandidateAdded { who, stake, displaced }]);
		assert_eq!(listed(), [2, 3, 4, 5, 6, 7, 8, 9].into());
		assert_eq!(Candidates::<Test>::get(9), Some(8));
	});
}

#[test]
fn the_last_that_asked_is_displaced_when_stakes_are_equal() {
	ExtBuilder.build_and_execute(|| {
		(1..=8).for_each(|who| stake(who, FLOOR));
		candidates([3, 1, 2, 5, 4, 8, 6, 7]);
		validate(9).unwrap();
		assert!(!listed().contains(&7));
	});
}

#[test]
fn one_that_cannot_be_chosen_is_displaced_whatever_it_has_at_stake() {
	ExtBuilder.build_and_execute(|| {
		candidates(1..=8);
		stake(9, FLOOR);
		assert_noop!(validate(9), Error::<Test>::NoPlace);
		jail(8, true);
		validate(9).unwrap();
		stake(10, FLOOR);
		keys(7, false);
		validate(10).unwrap();
		stake(11, FLOOR);
		stake(6, FLOOR - 1);
		validate(11).unwrap();
		assert_eq!(listed(), [1, 2, 3, 4, 5, 9, 10, 11].into());
	});
}

#[test]
fn looks_at_others_only_when_all_places_are_taken() {
	ExtBuilder.build_and_execute(|| {
		for who in 1..=8 {
			assert_eq!(Validators::do_validate(who), Ok(0));
		}
		assert_eq!(Validators::do_validate(9), Ok(8));
	});
}

#[test]
fn nobody_is_displaced_when_there_is_a_place() {
	ExtBuilder.build_and_execute(|| {
		candidates(1..=7);
		validate(9).unwrap();
		assert_eq!(listed(), [1, 2, 3, 4, 5, 6, 7, 9].into());
		let displaced =
			|event: &Event<Test>| matches!(event, Event::CandidateAdded { displaced: Some(_), .. });
		assert!(!events().iter().any(displaced));
		assert_eq!(Validators::standing(9).1, 9_000 * DTEL);
	});
}
