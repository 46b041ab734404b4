//! Who is chosen.

use super::*;
use crate::{mock::*, Elected, Struck};

#[test]
fn the_validators_of_genesis_stay_when_there_are_no_candidates() {
	ExtBuilder.build_and_execute(|| {
		for _ in 0..3 {
			assert_eq!(rotate(), FOUNDERS);
		}
		assert!(!Elected::<Test>::get());
		assert_eq!(events(), []);
	});
}

#[test]
fn the_validators_of_genesis_stay_when_there_are_too_few_candidates() {
	ExtBuilder.build_and_execute(|| {
		// Enough for a set, but fewer than they are.
		candidates([5, 6, 7]);
		assert_eq!(rotate(), FOUNDERS);
		candidates([8]);
		events();
		assert_eq!(rotate(), [5, 6, 7, 8]);
		assert!(Elected::<Test>::get());
		assert_eq!(events(), [Event::SetChosen { validators: 4, least: 5 * FLOOR }]);
	});
}

#[test]
fn the_most_staked_are_chosen_when_there_are_more_than_wanted() {
	ExtBuilder.build_and_execute(|| {
		candidates([3, 9, 1, 7, 2, 8, 5]);
		events();
		assert_eq!(rotate(), [5, 7, 8, 9]);
		assert_eq!(events(), [Event::SetChosen { validators: 4, least: 5 * FLOOR }]);
		stake(3, 20 * FLOOR);
		assert_eq!(rotate(), [3, 7, 8, 9]);
		assert_eq!(Validators::next_set(), Some(vec![3, 9, 8, 7]), "by rank");
	});
}

#[test]
fn who_asked_first_is_chosen_when_stakes_are_equal() {
	ExtBuilder.build_and_execute(|| {
		(11..=16).for_each(|who| stake(who, FLOOR));
		candidates([13, 16, 11, 14, 12, 15]);
		assert_eq!(rotate(), [11, 13, 14, 16]);
		// Who asks anew goes last.
		resign(13).unwrap();
		validate(13).unwrap();
		assert_eq!(rotate(), [11, 12, 14, 16]);
	});
}

#[test]
fn who_cannot_be_chosen_is_passed_over() {
	ExtBuilder.build_and_execute(|| {
		candidates(2..=9);
		stake(9, FLOOR - 1);
		keys(8, false);
		jail(7, true);
		assert_eq!(rotate(), [3, 4, 5, 6]);
		stake(9, FLOOR);
		keys(8, true);
		jail(7, false);
		keys(8, true);
		jail(7, false);
		assert_eq!(rotate(), [5, 6, 7, 8]);
	});
}

#[test]
fn the_old_set_stays_when_fewer_than_the_minimum_can_be_chosen() {
	ExtBuilder.build_and_execute(|| {
		elected();
		Minimum::set(3);
		candidates([5, 6, 7]);
		assert_eq!(rotate(), [5, 6, 7]);
		events();
		stake(6, 0);
		assert_eq!(rotate(), [5, 6, 7]);
		assert_eq!(events(), [Event::SetKept { eligible: 2 }]);
		resign(7).unwrap();
		assert_eq!(rotate(), [5, 6, 7], "not even the validators of genesis come back");
		candidates([8, 9]);
		assert_eq!(rotate(), [5, 8, 9]);
	});
}

#[test]
fn one_candidate_is_never_enough_when_the_minimum_is_two() {
	ExtBuilder.build_and_execute(|| {
		Genesis::set(vec![101]);
		Seated::set(vec![101]);
		candidates([5]);
		assert_eq!(rotate(), [101]);
		assert!(!Elected::<Test>::get());
	});
}

#[test]
fn a_validator_of_genesis_is_left_out_when_it_has_no_keys_or_is_jailed() {
	ExtBuilder.build_and_execute(|| {
		keys(101, false);
		assert_eq!(rotate(), [102, 103, 104]);
		jail(102, true);
		assert_eq!(rotate(), [103, 104]);
		jail(103, true);
		assert_eq!(rotate(), [103, 104], "fewer than the minimum");
		keys(101, true);
		jail(103, false);
		assert_eq!(rotate(), [101, 103, 104]);
		keys(101, false);
		keys(102, false);
		keys(103, false);
		keys(104, false);
		assert_eq!(rotate(), [101, 103, 104], "nobody at all");
	});
}

#[test]
fn a_genesis_with_one_validator_keeps_it_whatever_the_minimum() {
	ExtBuilder.build_and_execute(|| {
		Genesis::set(vec![101]);
		Seated::set(vec![]);
		assert_eq!(rotate(), [101]);
		jail(101, true);
		assert_eq!(rotate(), [101]);
	});
}

#[test]
fn a_set_is_in_the_order_of_accounts_whatever_the_rank() {
	ExtBuilder.build_and_execute(|| {
		elected();
		candidates([9, 5, 7]);
		assert_eq!(rotate(), [5, 7, 9]);
		stake(5, 100 * FLOOR);
		assert_eq!(rotate(), [5, 7, 9]);
		assert!(Struck::<Test>::get().is_empty());
	});
}
