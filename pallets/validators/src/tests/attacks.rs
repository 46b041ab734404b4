//! Each known failure of this kind of pallet, by its name: none of them is possible.

use super::*;
use crate::{mock::*, Error};
use frame_support::assert_noop;

#[test]
fn squatting_all_validator_seats_at_the_minimum_keeps_nobody_out() {
	ExtBuilder.build_and_execute(|| {
		// One whale takes every place as cheaply as it can.
		let squatters = 1001..=1008u64;
		for who in squatters.clone() {
			keys(who, true);
			stake(who, FLOOR);
			validate(who).unwrap();
		}
		assert_eq!(rotate(), [1001, 1002, 1003, 1004]);
		// Whoever has more takes a place from it, whichever it frees and fills again in between, and with the place a seat.
		for who in 2..=5 {
			validate(who).unwrap();
		}
		assert_eq!(rotate(), [2, 3, 4, 5]);
		// It cannot take one back without more stake than the least.
		for squatter in squatters.filter(|who| !listed().contains(who)) {
			assert_noop!(validate(squatter), Error::<Test>::NoPlace);
		}
		// And the places that are left to it give it no seat.
		assert_eq!(rotate(), [2, 3, 4, 5]);
	});
}

#[test]
fn squatting_all_places_without_stake_keeps_nobody_out() {
	ExtBuilder.build_and_execute(|| {
		elected();
		candidates(13..=20);
		// The squatters retire: their stake is gone, their places are not.
		(13..=20).for_each(|who| stake(who, 0));
		validate(1).unwrap();
		for who in listed().into_iter().filter(|who| *who != 1) {
			remove(who).unwrap();
		}
		validate(2).unwrap();
		assert_eq!(rotate(), [1, 2]);
	});
}

#[test]
fn squatting_all_places_in_jail_keeps_nobody_out() {
	ExtBuilder.build_and_execute(|| {
		elected();
		candidates(13..=20);
		(13..=20).for_each(|who| jail(who, true));
		validate(1).unwrap();
		validate(2).unwrap();
		assert_eq!(rotate(), [1, 2]);
	});
}

#[test]
fn just_in_time_stake_takes_no_seat() {
	ExtBuilder.build_and_execute(|| {
		candidates(5..=8);
		// Bonded in this era: it counts from the next one on.
		Stakes::mutate(|stakes| stakes.insert(9, (1, 1_000 * FLOOR)));
		assert_noop!(validate(9), Error::<Test>::BelowFloor);
		assert_eq!(rotate(), [5, 6, 7, 8]);
	});
}

#[test]
fn displacing_oneself_through_another_does_not_wash_a_strike_off() {
	ExtBuilder.build_and_execute(|| {
		candidates(1..=8);
		rotate();
		offend(8, 1);
		stake(8, FLOOR - 1);
		validate(9).unwrap();
		assert!(!listed().contains(&8));
		// An accomplice hands the place back.
		stake(8, 8 * FLOOR);
		stake(9, FLOOR - 1);
		validate(8).unwrap();
		assert_eq!(rotate(), [4, 5, 6, 7]);
	});
}

/// Who has more than the least, and less than somebody among the best, cannot take that one's place.
#[test]
fn displacing_a_better_candidate_in_the_last_block_of_a_session() {
	ExtBuilder.build_and_execute(|| {
		candidates(1..=8);
		assert_eq!(rotate(), [5, 6, 7, 8]);
		stake(9, 5 * FLOOR + 1);
		validate(9).unwrap();
		assert_eq!(listed(), (2..=9).collect());
		assert_eq!(rotate(), [6, 7, 8, 9]);
	});
}

/// The floor times the minimum does not buy the chain from the validators of genesis.
#[test]
fn taking_the_chain_over_with_the_least_that_makes_a_set() {
	ExtBuilder.build_and_execute(|| {
		candidates([1, 2, 3]);
		assert_eq!(rotate(), FOUNDERS);
		candidates([4]);
		assert_eq!(rotate(), [1, 2, 3, 4]);
	});
}

/// A failing network that punishes many at once does not hand the chain to those whom it did not reach.
#[test]
fn striking_many_at_once_leaves_a_third_out_at_most() {
	ExtBuilder.build_and_execute(|| {
		Wanted::set(6);
		candidates(1..=6);
		assert_eq!(rotate(), [1, 2, 3, 4, 5, 6]);
		for (who, percent) in [(2, 1), (3, 4), (4, 1), (5, 2)] {
			offend(who, percent);
		}
		assert_eq!(rotate(), [1, 2, 4, 6], "the gravest two are out");
	});
}

/// The last of a set that is kept take their keys away, one after another, while others could validate.
#[test]
fn purging_the_keys_of_a_set_that_is_kept() {
	ExtBuilder.build_and_execute(|| {
		Minimum::set(4);
		candidates(1..=4);
		assert_eq!(rotate(), [1, 2, 3, 4]);
		(1..=4).for_each(|who| resign(who).unwrap());
		candidates([5, 6]);
		assert_eq!(rotate(), [1, 2, 3, 4]);
		keys(1, false);
		keys(2, false);
		assert_eq!(rotate(), [1, 2, 3, 4], "two of each");
		keys(3, false);
		assert_eq!(rotate(), [5, 6]);
	});
}

#[test]
fn emptying_the_list_does_not_halt_the_chain() {
	ExtBuilder.build_and_execute(|| {
		candidates(5..=8);
		assert_eq!(rotate(), [5, 6, 7, 8]);
		(5..=8).for_each(|who| resign(who).unwrap());
		assert_eq!(rotate(), [5, 6, 7, 8]);
		assert_eq!(events().last(), Some(&Event::SetKept { eligible: 0 }));
	});
}
