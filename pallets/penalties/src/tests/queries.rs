//! What clients can ask: who may do what until when.

use super::*;
use crate::mock::*;
use dtel_traits::OffenceKind::{MissedDuty, Unavailable};

#[test]
fn penalties_of_an_operator_are_met_once_with_the_decided_ones() {
	ExtBuilder.build_and_execute(|| {
		for of in [1, 2, 3] {
			report(Unavailable, 0, of);
			report(MissedDuty, 0, of);
		}
		cancel(0).unwrap();
		let (mut seen, mut after) = (Vec::new(), None);
		loop {
			let (page, next) = Penalties::penalties_of(11, after, 3);
			assert!(page.iter().all(|(_, penalty)| *penalty.owner() == 11));
			seen.extend(page.iter().map(|(id, _)| *id));
			after = next;
			if after.is_none() {
				break;
			}
		}
		seen.sort();
		assert_eq!(seen, [0, 1, 2, 3]);
		let (page, next) = Penalties::penalties_of(12, None, 2);
		assert_eq!((page.len(), next), (2, None), "all of them");
		assert_eq!(Penalties::penalties_of(77, None, 100), (vec![], None));
	});
}

#[test]
fn penalties_of_a_node_are_listed_newest_first() {
	ExtBuilder.build_and_execute(|| {
		for era in 0..4 {
			go_to_era(era);
			report(MissedDuty, era, 1);
			report(Unavailable, era, 1);
			report(MissedDuty, era, 2);
		}
		let ids = |limit| {
			let all = Penalties::offender_penalties(node(1), limit);
			all.iter().map(|(id, _)| *id).collect::<Vec<_>>()
		};
		assert_eq!(ids(100), [9, 10, 6, 7, 3, 4, 0, 1]);
		assert_eq!(ids(3), [9, 10, 6]);
	});
}

#[test]
fn a_penalty_and_a_sentence_are_shown_with_all_they_hold() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		assert_eq!(Penalties::penalty(id), Some(penalty(id)));
		assert_eq!(Penalties::penalty(1), None);
		let sentence = Penalties::sentence(node(1)).unwrap();
		assert_eq!((*sentence.owner(), sentence.span()), (11, span(0, 3)));
		assert_eq!(sentence.terms()[0].penalty(), Some(id));
		assert_eq!(Penalties::sentence(node(2)), None);
	});
}
