//! The call `remove`.

use super::*;
use crate::{mock::*, Error};
use dtel_primitives::validator::Standing;
use frame_support::assert_noop;

#[test]
fn a_candidate_goes_when_it_cannot_be_chosen() {
	ExtBuilder.build_and_execute(|| {
		candidates([5, 6, 7]);
		events();
		stake(5, FLOOR - 1);
		keys(6, false);
		jail(7, true);
		for (who, standing) in
			[(5, Standing::BelowFloor), (6, Standing::NoKeys), (7, Standing::Jailed)]
		{
			remove(who).unwrap();
			assert_eq!(events(), [Event::CandidateRemoved { who, standing }]);
		}
		assert!(listed().is_empty());
	});
}

#[test]
fn fails_when_it_can_be_chosen() {
	ExtBuilder.build_and_execute(|| {
		candidates([5]);
		assert_noop!(remove(5), Error::<Test>::StillEligible);
		// Who is only left out of the next choice keeps its place.
		offend(5, 1);
		assert_noop!(remove(5), Error::<Test>::StillEligible);
	});
}

#[test]
fn fails_when_it_is_no_candidate() {
	ExtBuilder.build_and_execute(|| {
		assert_noop!(remove(5), Error::<Test>::NotCandidate);
		assert_noop!(remove(101), Error::<Test>::NotCandidate);
	});
}

#[test]
fn it_returns_when_it_can_be_chosen_again() {
	ExtBuilder.build_and_execute(|| {
		candidates([5]);
		stake(5, 0);
		remove(5).unwrap();
		stake(5, FLOOR);
		validate(5).unwrap();
	});
}
