//! The call `resign`.

use super::*;
use crate::{mock::*, Error};
use frame_support::assert_noop;

#[test]
fn a_candidate_is_chosen_no_more_when_it_resigned() {
	ExtBuilder.build_and_execute(|| {
		elected();
		candidates([5, 6, 7]);
		assert_eq!(rotate(), [5, 6, 7]);
		events();
		resign(6).unwrap();
		assert_eq!(events(), [Event::CandidateResigned { who: 6 }]);
		assert_eq!(Seated::get(), [5, 6, 7], "until the next set");
		assert_eq!(rotate(), [5, 7]);
		validate(6).unwrap();
		assert_eq!(rotate(), [5, 6, 7]);
	});
}

#[test]
fn fails_when_it_is_no_candidate() {
	ExtBuilder.build_and_execute(|| {
		assert_noop!(resign(6), Error::<Test>::NotCandidate);
		assert_noop!(resign(101), Error::<Test>::NotCandidate);
	});
}

#[test]
fn it_may_when_it_cannot_be_chosen() {
	ExtBuilder.build_and_execute(|| {
		candidates([5, 6]);
		jail(5, true);
		keys(6, false);
		resign(5).unwrap();
		resign(6).unwrap();
		assert!(listed().is_empty());
	});
}
