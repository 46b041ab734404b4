//! Sentences: how terms add up, and what is left when one is taken back.

use super::*;
use crate::{mock::*, Jailed, JailedOf, Policy, MAX_TERMS};
use dtel_traits::{
	Jail,
	OffenceKind::{MissedDuty, Unavailable},
};

#[test]
fn the_longer_term_holds_in_any_order_when_both_are_of_one_era() {
	for (first, second) in [(MissedDuty, Unavailable), (Unavailable, MissedDuty)] {
		ExtBuilder.build_and_execute(|| {
			report(first, 0, 1);
			report(second, 0, 1);
			assert_eq!(Penalties::jail(1), span(0, 3));
			let kinds = Penalties::offences_of(0, node(1));
			let kinds: Vec<_> = kinds.iter().map(|(_, penalty)| penalty.kind()).collect();
			assert_eq!(kinds, [MissedDuty, Unavailable]);
		});
	}
}

#[test]
fn no_event_says_that_the_sentence_changed_when_it_did_not() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy {
			missed_duty: terms(0, 2),
			unavailable: terms(0, 2),
			..Policy::DEFAULT
		});
		report(MissedDuty, 0, 1);
		events();
		let id = report(Unavailable, 0, 1);
		assert_eq!(events(), [reported(id, Unavailable, 0, 1, bp(0), 4)]);
		assert_eq!(Penalties::jail(1), span(0, 3));
		assert_eq!(Penalties::sentence(node(1)).unwrap().terms().len(), 2);
	});
}

#[test]
fn the_sentence_grows_when_the_next_era_brings_another_offence() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(3);
		report(MissedDuty, 2, 1);
		events();
		let id = report(MissedDuty, 3, 1);
		assert_eq!(
			events(),
			[
				reported(id, MissedDuty, 3, 1, bp(0), 7),
				// A strike: two full eras.
				Event::Jailed { offender: node(1), since: 2, until: 6 },
			]
		);
		assert_eq!(JailedOf::<Test>::get(11), 1, "one offender, however many terms");
	});
}

#[test]
fn an_operator_is_jailed_as_long_as_one_of_its_offenders_is() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		report(MissedDuty, 0, 2);
		let id = equivocate(0, 11, 1, 30);
		assert_eq!(JailedOf::<Test>::get(11), 3);
		go_to_era(2);
		unjail(11, 1).unwrap();
		unjail(11, 2).unwrap();
		assert!(Penalties::is_operator_jailed(&11));
		cancel(id).unwrap();
		assert!(!Penalties::is_operator_jailed(&11));
		assert_eq!(JailedOf::<Test>::iter().count(), 0);
	});
}

#[test]
fn the_two_terms_that_end_first_become_one_when_there_are_too_many() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { missed_duty: terms(0, 1), ..Policy::DEFAULT });
		for era in 0..=MAX_TERMS {
			go_to_era(era);
			report(MissedDuty, era, 1);
		}
		let sentence = Jailed::<Test>::get(node(1)).unwrap();
		assert_eq!(sentence.terms().len() as u32, MAX_TERMS);
		let merged: Vec<_> = sentence.terms().iter().filter(|t| t.penalty().is_none()).collect();
		assert_eq!(merged.len(), 1);
		assert_eq!(Some(merged[0].span()), span(0, 3));
		assert_eq!(Penalties::jail(1), span(0, MAX_TERMS + 2));
		// Those that are still told apart can be taken back; those that were merged stay.
		for id in 5..=MAX_TERMS {
			cancel(id).unwrap();
		}
		assert_eq!(Penalties::jail(1), span(0, 6));
	});
}
