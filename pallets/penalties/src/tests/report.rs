//! [`dtel_traits::OffenceSink::report`].

use super::*;
use crate::{mock::*, Due, Offences, Penalties as Stored, Policy, State};
use dtel_primitives::DTEL;
use dtel_traits::{
	Jail, Offence,
	OffenceKind::{BabeEquivocation, GrandpaEquivocation, MissedDuty, Unavailable},
	OffenceSink, StakeLedger,
};
use frame_support::assert_storage_noop;

#[test]
fn the_node_is_jailed_at_once_and_stake_waits_when_unavailable() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(5);
		let id = report(Unavailable, 5, 1);
		assert_eq!(
			events(),
			[
				reported(id, Unavailable, 5, 1, bp(10), 9),
				Event::Jailed { offender: node(1), since: 5, until: 8 },
			]
		);
		assert_eq!(Offences::<Test>::get((5, node(1), Unavailable, ONCE)), Some(id));
		let penalty = penalty(id);
		assert_eq!(
			(penalty.era(), penalty.reported(), penalty.due(), penalty.last()),
			(5, 5, 9, 12)
		);
		assert_eq!((*penalty.offender(), *penalty.owner()), (node(1), 11));
		assert_eq!((penalty.fraction(), penalty.strikes(), penalty.jail_until()), (bp(10), 0, 8));
		assert_eq!((penalty.state(), *penalty.evidence()), (State::Pending, evidence(Unavailable)));
		assert_eq!(Due::<Test>::iter_keys().collect::<Vec<_>>(), [(9, id)]);
		assert_eq!(Penalties::jail(1), span(5, 8));
		assert_eq!((Penalties::jailed_since(1), Penalties::jailed_until(1)), (Some(5), Some(8)));
		assert!(Penalties::is_jailed(1) && Penalties::is_operator_jailed(&11));
		assert!(!Penalties::is_jailed(2), "another node of the same operator");
		assert_eq!((Penalties::jailed_since(2), Penalties::jailed_until(2)), (None, None));
		assert!(Slashes::get().is_empty());
		assert_eq!(stake(11), 1_000 * DTEL);
	});
}

#[test]
fn a_penalty_without_stake_can_be_appealed_like_any_when_a_duty_was_missed() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(5);
		let id = report(MissedDuty, 5, 1);
		assert_eq!(
			events(),
			[
				reported(id, MissedDuty, 5, 1, bp(0), 9),
				Event::Jailed { offender: node(1), since: 5, until: 7 },
			]
		);
		go_to_era(9);
		settle_down();
		assert_eq!(penalty(id).state(), State::Executed { amount: 0 });
		assert!(Slashes::get().is_empty());
	});
}

#[test]
fn a_validator_is_jailed_and_pays_the_fraction_of_the_report_when_it_equivocates() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(5);
		let id = equivocate(5, 12, 1, 30);
		let fraction = Perbill::from_percent(1);
		assert_eq!(
			events(),
			[
				Event::OffenceReported {
					penalty: id,
					kind: BabeEquivocation,
					era: 5,
					offender: Offender::Validator(12),
					owner: 12,
					fraction,
					due: 9
				},
				Event::Jailed { offender: Offender::Validator(12), since: 5, until: 62 },
			]
		);
		assert!(Penalties::is_validator_jailed(&12) && Penalties::is_operator_jailed(&12));
		assert!(!Penalties::is_jailed(3) && !Penalties::is_validator_jailed(&11));
		go_to_era(9);
		settle_down();
		assert_eq!((Slashes::get(), stake(12)), (vec![(12, fraction, 5)], 990 * DTEL));
	});
}

#[test]
fn the_fraction_is_raised_when_more_validators_turn_out_to_have_equivocated() {
	ExtBuilder.build_and_execute(|| {
		let id = equivocate(0, 11, 1, 30);
		events();
		equivocate(0, 11, 2, 30);
		assert_eq!(
			events(),
			[Event::PenaltyRaised { penalty: id, fraction: Perbill::from_percent(4), due: 4 }]
		);
		assert_storage_noop!(equivocate(0, 11, 1, 30));
		appeal(11, id).unwrap();
		equivocate(0, 11, 10, 30);
		assert_eq!(penalty(id).fraction(), Perbill::one(), "an open appeal is no shelter");
		cancel(id).unwrap();
		assert_storage_noop!(equivocate(0, 11, 10, 30));
		let other = equivocate(0, 12, 1, 30);
		go_to_era(4);
		execute(other).unwrap();
		assert_storage_noop!(equivocate(0, 12, 10, 30));
		assert_eq!(Slashes::get(), [(12, Perbill::from_percent(1), 0)]);
	});
}

#[test]
fn a_raise_gives_notice_and_another_appeal_as_long_as_stake_answers() {
	ExtBuilder.build_and_execute(|| {
		let id = equivocate(0, 11, 1, 30);
		appeal(11, id).unwrap();
		uphold(id).unwrap();
		go_to_era(3);
		equivocate(0, 11, 10, 30);
		assert_eq!((penalty(id).due(), penalty(id).state()), (5, State::Pending));
		assert_eq!(Due::<Test>::iter_keys().collect::<Vec<_>>(), [(5, id)]);
		appeal(11, id).unwrap();
		cancel(id).unwrap();
		// In the last era in which the stake is reached nothing is put off.
		let late = equivocate(0, 12, 1, 30);
		let (due, last) = (penalty(late).due(), penalty(late).last());
		go_to_era(Stake::answers_until(0));
		equivocate(0, 12, 10, 30);
		assert_eq!((penalty(late).due(), penalty(late).last()), (due, last));
		assert_eq!(penalty(late).fraction(), Perbill::one());
	});
}

#[test]
fn kinds_of_equivocation_are_offences_of_their_own_and_do_not_escalate() {
	ExtBuilder.build_and_execute(|| {
		equivocate(0, 11, 1, 30);
		let offender = Offender::Validator(11);
		let grandpa = evidence(GrandpaEquivocation);
		let id = crate::NextId::<Test>::get();
		Penalties::report(Offence { era: 0, offender, owner: 11, evidence: grandpa });
		assert_eq!(penalty(id).fraction(), Perbill::from_percent(1));
		assert_eq!(penalty(id).strikes(), 0);
		assert_eq!(Penalties::record(offender), None);
		assert_eq!(Penalties::offences_of(0, offender).len(), 2);
	});
}

#[test]
fn the_owner_of_the_offence_pays_when_the_registry_names_another() {
	ExtBuilder.build_and_execute(|| {
		let evidence = evidence(Unavailable);
		Penalties::report(Offence { era: 0, offender: node(3), owner: 11, evidence });
		go_to_era(4);
		settle_down();
		assert_eq!((stake(11), stake(12)), (999 * DTEL, 1_000 * DTEL));
	});
}

#[test]
fn nobody_is_jailed_but_stake_answers_when_the_node_is_retired() {
	ExtBuilder.build_and_execute(|| {
		Owners::mutate(|owners| owners.remove(&1));
		let evidence = evidence(Unavailable);
		Penalties::report(Offence { era: 0, offender: node(1), owner: 11, evidence });
		assert_eq!(events(), [reported(0, Unavailable, 0, 1, bp(10), 4)]);
		assert!(!Penalties::is_jailed(1) && !Penalties::is_operator_jailed(&11));
		go_to_era(4);
		settle_down();
		assert_eq!(stake(11), 999 * DTEL);
	});
}

#[test]
fn nothing_changes_when_reported_twice() {
	ExtBuilder.build_and_execute(|| {
		report(Unavailable, 0, 1);
		assert_storage_noop!(report(Unavailable, 0, 1));
	});
}

#[test]
fn nothing_changes_when_reported_again_after_release_or_execution() {
	ExtBuilder.build_and_execute(|| {
		report(Unavailable, 0, 1);
		go_to_era(3);
		unjail(11, 1).unwrap();
		assert_storage_noop!(report(Unavailable, 0, 1));
		go_to_era(4);
		execute(0).unwrap();
		assert_storage_noop!(report(Unavailable, 0, 1));
		assert!(!Penalties::is_jailed(1));
		assert_eq!(Slashes::get().len(), 1);
	});
}

#[test]
fn nothing_changes_when_the_era_is_closed_or_to_come() {
	ExtBuilder.build_and_execute(|| {
		report(Unavailable, 0, 1);
		go_to_era(61);
		settle_down();
		assert_eq!((Offences::<Test>::iter().count(), Stored::<Test>::iter().count()), (0, 0));
		assert_storage_noop!(report(Unavailable, 0, 1));
		assert_storage_noop!(report(Unavailable, 62, 1));
		assert_eq!(Slashes::get().len(), 1);
	});
}

#[test]
fn nothing_changes_when_identifiers_are_exhausted() {
	ExtBuilder.build_and_execute(|| {
		crate::NextId::<Test>::put(u32::MAX);
		assert_storage_noop!(report(Unavailable, 0, 1));
	});
}

/// Due, and the last era of an appeal, for an offence of era 10 and a report of era `now`; stake answers
/// until era 18.
fn dates(now: EraIndex) -> (EraIndex, EraIndex) {
	Penalties::schedule(10, now)
}

#[test]
fn deferral_counts_from_the_offence_and_notice_from_the_report() {
	ExtBuilder.build_and_execute(|| {
		assert_eq!(dates(10), (14, 17), "four eras; an appeal adds three");
		assert_eq!(dates(12), (14, 17), "late reports wait less");
		assert_eq!(dates(13), (15, 18), "but one full era lies between");
		assert_eq!(dates(15), (17, 18), "an appeal does not let stake escape");
		assert_eq!(dates(16), (18, 18));
		assert_eq!(dates(17), (18, 18), "notice gives way to the stake");
		assert_eq!(dates(18), (20, 20), "nothing is left to be saved: this takes nothing");
		assert_eq!(dates(40), (42, 42));
	});
}

#[test]
fn nothing_is_taken_when_the_report_comes_after_the_stake_could_leave() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(18);
		let id = report(Unavailable, 10, 1);
		assert!(Penalties::is_jailed(1));
		go_to_era(20);
		settle_down();
		assert_eq!(penalty(id).state(), State::Executed { amount: 0 });
		assert_eq!(stake(11), 1_000 * DTEL);
	});
}

#[test]
fn terms_are_those_of_the_policy_when_reported() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { missed_duty: terms(10_000, 3), ..Policy::DEFAULT });
		let id = report(MissedDuty, 0, 1);
		Rules::set(Policy::DEFAULT);
		go_to_era(4);
		settle_down();
		assert_eq!((stake(11), penalty(id).state()), (0, State::Executed { amount: 1_000 * DTEL }));
		assert_eq!(Penalties::jail(1), span(0, 4));
	});
}

#[test]
fn nothing_was_taken_when_there_is_no_stake() {
	ExtBuilder.build_and_execute(|| {
		bond(11, 0);
		let id = report(Unavailable, 0, 1);
		go_to_era(4);
		settle_down();
		assert_eq!(penalty(id).state(), State::Executed { amount: 0 });
		assert_eq!(Slashes::get(), [(11, bp(10), 0)]);
	});
}
