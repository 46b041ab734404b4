//! What follows when a validator was slashed or jailed.

use super::*;
use crate::{mock::*, Strike, Struck};
use frame_support::assert_storage_noop;
use sp_runtime::Perbill;

fn percent(parts: u32) -> Perbill {
	Perbill::from_percent(parts)
}

#[test]
fn a_validator_is_disabled_at_once_and_left_out_of_the_next_set() {
	ExtBuilder.build_and_execute(|| {
		elected();
		candidates([5, 6, 7]);
		assert_eq!(rotate(), [5, 6, 7]);
		events();
		offend(6, 9);
		assert_eq!(events(), [Event::ValidatorStruck { who: 6, fraction: percent(9) }]);
		assert_eq!(Disabled::take(), [(6, percent(9))]);
		assert!(Validators::is_struck(&6));
		assert_eq!(rotate(), [5, 7]);
		assert_eq!(Disabled::take(), [(6, percent(9))], "again, in the last session that it has");
		assert!(!Validators::is_struck(&6));
		// It was replaced. If it is free and still has the stake, it comes back.
		assert_eq!(rotate(), [5, 6, 7]);
		assert_eq!(Disabled::take(), []);
	});
}

#[test]
fn a_validator_stays_away_when_it_is_jailed() {
	ExtBuilder.build_and_execute(|| {
		elected();
		candidates([5, 6, 7]);
		rotate();
		jail(6, true);
		offend(6, 100);
		for _ in 0..3 {
			assert_eq!(rotate(), [5, 7]);
		}
		jail(6, false);
		assert_eq!(rotate(), [5, 6, 7]);
	});
}

#[test]
fn resigning_and_asking_again_is_no_way_around() {
	ExtBuilder.build_and_execute(|| {
		elected();
		candidates([5, 6, 7]);
		rotate();
		offend(6, 1);
		resign(6).unwrap();
		validate(6).unwrap();
		assert_eq!(rotate(), [5, 7]);
		// Nor is resigning before it comes to light.
		candidates([8]);
		assert_eq!(rotate(), [5, 6, 7, 8]);
		resign(6).unwrap();
		offend(6, 1);
		validate(6).unwrap();
		assert_eq!(rotate(), [5, 7, 8]);
	});
}

#[test]
fn nothing_is_noted_when_it_neither_validates_nor_wants_to() {
	ExtBuilder.build_and_execute(|| {
		assert_storage_noop!(offend(5, 50));
		assert_eq!(Disabled::get(), []);
	});
}

#[test]
fn a_candidate_without_a_seat_is_left_out_of_the_next_set() {
	ExtBuilder.build_and_execute(|| {
		elected();
		candidates([5, 6, 7]);
		offend(6, 1);
		assert_eq!(Disabled::get(), []);
		assert_eq!(rotate(), [5, 7]);
	});
}

#[test]
fn a_validator_of_genesis_is_left_out_when_enough_remain() {
	ExtBuilder.build_and_execute(|| {
		Minimum::set(3);
		offend(101, 1);
		assert_eq!(rotate(), [102, 103, 104]);
		assert_eq!(rotate(), FOUNDERS);
		offend(101, 1);
		offend(102, 1);
		assert_eq!(rotate(), FOUNDERS, "two of four would be too few");
	});
}

#[test]
fn the_gravest_counts_when_there_are_several() {
	ExtBuilder.build_and_execute(|| {
		offend(101, 5);
		offend(101, 9);
		offend(101, 7);
		let strike = Strike { who: 101, fraction: percent(9), fresh: true };
		assert_eq!(Struck::<Test>::get().to_vec(), [strike]);
	});
}

#[test]
fn who_was_struck_in_a_set_that_is_kept_stays_disabled_for_a_session_and_can_be_chosen_again() {
	ExtBuilder.build_and_execute(|| {
		elected();
		Minimum::set(3);
		candidates([5, 6, 7]);
		rotate();
		offend(6, 3);
		Disabled::take();
		assert_eq!(rotate(), [5, 6, 7], "without it there would be too few");
		assert_eq!(Disabled::take(), [(6, percent(3))]);
		assert!(!Validators::is_struck(&6));
		// The set that was kept starts: it is disabled in it. Then it is chosen with the others.
		events();
		assert_eq!(rotate(), [5, 6, 7]);
		assert_eq!(Disabled::take(), [(6, percent(3))]);
		assert_eq!(events(), [Event::SetChosen { validators: 3, least: 5 * FLOOR }]);
		rotate();
		assert_eq!(Disabled::take(), []);
	});
}

#[test]
fn who_is_jailed_in_a_set_that_is_kept_stays_disabled_as_long_as_it_is_kept() {
	ExtBuilder.build_and_execute(|| {
		elected();
		Minimum::set(3);
		candidates([5, 6, 7]);
		rotate();
		jail(6, true);
		offend(6, 3);
		for _ in 0..5 {
			Disabled::take();
			assert_eq!(rotate(), [5, 6, 7]);
			// The jailed lose their voice before those who were slashed for their service.
			assert_eq!(Disabled::take(), [(6, percent(100))]);
		}
		candidates([8]);
		assert_eq!(rotate(), [5, 7, 8]);
		rotate();
		assert!(Struck::<Test>::get().is_empty());
	});
}

#[test]
fn the_oldest_gives_way_when_there_is_no_room() {
	ExtBuilder.build_and_execute(|| {
		candidates(1..=8);
		(1..=8).for_each(|who| offend(who, 1));
		offend(101, 1);
		let struck: Vec<_> = Struck::<Test>::get().iter().map(|strike| strike.who).collect();
		assert_eq!(struck, [2, 3, 4, 5, 6, 7, 8, 101]);
	});
}
