//! [`dtel_traits::OffenceSink::report`].

use crate::{mock::*, Event, Offences, Policy, Sentence};
use dtel_primitives::{BasisPoints, DTEL};
use dtel_traits::{
	Jail, Offence,
	OffenceKind::{MissedDuty, Unavailable},
	OffenceSink,
};
use frame_support::assert_storage_noop;

#[test]
fn the_node_is_jailed_unslashed_when_it_missed_its_duty() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(5);
		report(MissedDuty, 5, 1);
		assert_eq!(
			events(),
			[
				Event::OffenceReported { kind: MissedDuty, era: 5, node: 1, owner: 11 },
				Event::Jailed { node: 1, since: 5, until: 7 },
			]
		);
		assert_eq!(Offences::<Test>::get((5, 1, MissedDuty)), Some(record(11, 0, 0)));
		assert_eq!(Penalties::jail(1), Some(Sentence { since: 5, until: 7 }));
		assert_eq!((Penalties::jailed_since(1), Penalties::jailed_until(1)), (Some(5), Some(7)));
		assert!(Penalties::is_jailed(1));
		assert!(Slashes::get().is_empty());
		assert!(!Penalties::is_jailed(2), "another node of the same operator");
		assert_eq!((Penalties::jailed_since(2), Penalties::jailed_until(2)), (None, None));
	});
}

#[test]
fn the_operator_is_slashed_at_once_when_unavailable() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(5);
		report(Unavailable, 4, 1);
		let fraction = BasisPoints::new(10).unwrap();
		assert_eq!(
			events(),
			[
				Event::OffenceReported { kind: Unavailable, era: 4, node: 1, owner: 11 },
				Event::Jailed { node: 1, since: 4, until: 7 },
				Event::Slashed {
					kind: Unavailable,
					era: 4,
					node: 1,
					owner: 11,
					fraction,
					amount: DTEL
				},
			]
		);
		assert_eq!(Slashes::get(), [(11, fraction, 4)]);
		assert_eq!(stake(11), 999 * DTEL);
		assert_eq!(Penalties::offences_of(4, 1), [(Unavailable, record(11, 10, DTEL))]);
	});
}

#[test]
fn the_owner_of_the_offence_is_punished_when_the_registry_names_another() {
	ExtBuilder.build_and_execute(|| {
		Penalties::report(Offence { kind: Unavailable, era: 0, node: 3, owner: 11 });
		assert_eq!((stake(11), stake(12)), (999 * DTEL, 1_000 * DTEL));
		assert_eq!(Penalties::offences_of(0, 3), [(Unavailable, record(11, 10, DTEL))]);
	});
}

#[test]
fn nothing_was_taken_when_there_is_no_stake() {
	ExtBuilder.build_and_execute(|| {
		bond(11, 0);
		report(Unavailable, 0, 1);
		assert_eq!(Penalties::offences_of(0, 1), [(Unavailable, record(11, 10, 0))]);
		assert!(Penalties::is_jailed(1));
	});
}

#[test]
fn nothing_changes_when_reported_twice() {
	ExtBuilder.build_and_execute(|| {
		report(Unavailable, 0, 1);
		assert_storage_noop!(report(Unavailable, 0, 1));
		assert_eq!(Slashes::get().len(), 1);
	});
}

#[test]
fn nothing_changes_when_reported_again_after_release() {
	ExtBuilder.build_and_execute(|| {
		report(Unavailable, 0, 1);
		go_to_era(3);
		unjail(11, 1).unwrap();
		assert_storage_noop!(report(Unavailable, 0, 1));
		assert!(!Penalties::is_jailed(1));
	});
}

#[test]
fn nothing_changes_when_the_era_is_closed_or_to_come() {
	ExtBuilder.build_and_execute(|| {
		report(Unavailable, 0, 1);
		go_to_era(5);
		idle();
		idle();
		assert_eq!(Offences::<Test>::iter().count(), 0);
		assert_storage_noop!(report(Unavailable, 0, 1));
		assert_storage_noop!(report(Unavailable, 6, 1));
		assert_eq!(Slashes::get().len(), 1);
	});
}

#[test]
fn the_longer_term_holds_in_any_order_when_both_are_of_one_era() {
	for (first, second) in [(MissedDuty, Unavailable), (Unavailable, MissedDuty)] {
		ExtBuilder.build_and_execute(|| {
			report(first, 0, 1);
			report(second, 0, 1);
			assert_eq!(Penalties::jail(1), Some(Sentence { since: 0, until: 3 }));
			assert_eq!(
				Penalties::offences_of(0, 1),
				[(MissedDuty, record(11, 0, 0)), (Unavailable, record(11, 10, DTEL))]
			);
		});
	}
}

#[test]
fn the_sentence_stays_when_another_offence_of_its_era_costs_no_more() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { missed_duty: terms(0, 2), unavailable: terms(0, 2) });
		report(MissedDuty, 0, 1);
		events();
		report(Unavailable, 0, 1);
		assert_eq!(
			events(),
			[Event::OffenceReported { kind: Unavailable, era: 0, node: 1, owner: 11 }]
		);
		assert_eq!(Penalties::jail(1), Some(Sentence { since: 0, until: 3 }));
	});
}

#[test]
fn the_sentence_grows_when_the_next_era_brings_another_offence() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(3);
		report(MissedDuty, 2, 1);
		events();
		report(MissedDuty, 3, 1);
		assert_eq!(
			events(),
			[
				Event::OffenceReported { kind: MissedDuty, era: 3, node: 1, owner: 11 },
				Event::Jailed { node: 1, since: 2, until: 5 },
			]
		);
	});
}

#[test]
fn terms_are_those_of_the_policy_when_reported() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { missed_duty: terms(10_000, 3), unavailable: terms(0, 0) });
		report(MissedDuty, 0, 1);
		report(Unavailable, 0, 3);
		assert_eq!((stake(11), stake(12)), (0, 1_000 * DTEL));
		assert_eq!(Penalties::jail(1), Some(Sentence { since: 0, until: 4 }));
		assert_eq!(Penalties::jail(3), Some(Sentence { since: 0, until: 1 }));
	});
}

#[test]
fn defaults_are_as_documented() {
	let policy = Policy::default();
	assert_eq!(policy.terms(MissedDuty), terms(0, 1));
	assert_eq!(policy.terms(Unavailable), terms(10, 2));
	assert_eq!(policy.longest_term(), 2);
}
