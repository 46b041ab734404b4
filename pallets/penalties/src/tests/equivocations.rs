//! Equivocations: what is one offence and what are several.

use super::*;
use crate::{mock::*, Occasions, Offences, Policy, Tallies, MAX_ALIKE};
use dtel_primitives::DTEL;
use dtel_traits::{
	Evidence, Jail, Offence,
	OffenceKind::{BabeEquivocation, GrandpaEquivocation},
	OffenceSink,
};
use frame_support::assert_storage_noop;

const WHO: Offender<u64> = Offender::Validator(11);

#[test]
fn equivocations_in_different_slots_are_different_offences() {
	ExtBuilder.build_and_execute(|| {
		let ids = [1, 2].map(|slot| equivocate_in(slot, 0, 11, 1, 30));
		assert_ne!(ids[0], ids[1]);
		let slot = |id: PenaltyId| penalty(id).evidence().occasion();
		assert_eq!(ids.map(slot), [1, 2].map(|round| Occasion { set: 0, round }));
		let tally = Tallies::<Test>::get((0, WHO, BabeEquivocation));
		assert_eq!((tally.count, tally.largest), (2, Perbill::from_percent(1)));
		assert_eq!(Penalties::offences_of(0, WHO).len(), 2);
		go_to_era(4);
		settle_down();
		let left = 1_000 * DTEL * 99 / 100 * 99 / 100;
		assert_eq!((stake(11), Slashes::get().len()), (left, 2));
	});
}

#[test]
fn the_same_round_of_another_set_is_another_offence() {
	ExtBuilder.build_and_execute(|| {
		for set in [1, 2] {
			let occasion = Occasion { set, round: 7 };
			let equivocation = dtel_traits::Equivocation { occasion, ..equivocation(1, 30) };
			let evidence = Evidence::GrandpaEquivocation(equivocation);
			Penalties::report(Offence { era: 0, offender: WHO, owner: 11, evidence });
		}
		assert_eq!(Tallies::<Test>::get((0, WHO, GrandpaEquivocation)).count, 2);
	});
}

#[test]
fn nothing_changes_when_the_same_one_is_reported_for_another_era() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(3);
		equivocate_in(1, 0, 11, 1, 30);
		assert_storage_noop!(equivocate_in(1, 2, 11, 1, 30));
	});
}

#[test]
fn only_the_one_that_others_joined_is_raised() {
	ExtBuilder.build_and_execute(|| {
		let ids = [1, 2].map(|slot| equivocate_in(slot, 0, 11, 1, 30));
		events();
		equivocate_in(2, 0, 11, 2, 30);
		let fraction = Perbill::from_percent(4);
		assert_eq!(events(), [Event::PenaltyRaised { penalty: ids[1], fraction, due: 4 }]);
		assert_eq!(penalty(ids[0]).fraction(), Perbill::from_percent(1));
		assert_eq!(Tallies::<Test>::get((0, WHO, BabeEquivocation)).largest, fraction);
	});
}

#[test]
fn those_beyond_the_most_count_only_when_they_cost_more_than_all_before() {
	ExtBuilder.build_and_execute(|| {
		let slots = 0..u64::from(MAX_ALIKE);
		slots.clone().for_each(|slot| {
			equivocate_in(slot, 0, 11, 2, 300);
		});
		let next = slots.end;
		for offenders in [1, 2] {
			assert_storage_noop!(equivocate_in(next, 0, 11, offenders, 300));
		}
		let id = equivocate_in(next, 0, 11, 3, 300);
		assert_eq!(penalty(id).evidence().occasion().round, next);
		assert_storage_noop!(equivocate_in(next + 1, 0, 11, 3, 300));
		// Another era, another kind, another validator begin anew.
		go_to_era(1);
		equivocate_in(next + 2, 1, 11, 1, 300);
		equivocate_in(next + 1, 0, 12, 1, 300);
		assert_eq!(Tallies::<Test>::get((0, WHO, BabeEquivocation)).count, MAX_ALIKE + 1);
		assert_eq!(Tallies::<Test>::get((1, WHO, BabeEquivocation)).count, 1);
	});
}

#[test]
fn all_of_them_go_when_their_era_is_closed() {
	ExtBuilder.build_and_execute(|| {
		(0..3).for_each(|slot| {
			equivocate_in(slot, 0, 11, 1, 30);
		});
		go_to_era(61);
		settle_down();
		assert_eq!(Offences::<Test>::iter().count(), 0);
		assert_eq!((Occasions::<Test>::iter().count(), Tallies::<Test>::iter().count()), (0, 0));
	});
}

#[test]
fn the_validator_is_free_when_all_of_many_are_cancelled() {
	ExtBuilder.build_and_execute(|| {
		let ids: Vec<_> = (0..20).map(|slot| equivocate_in(slot, 0, 11, 1, 30)).collect();
		let sentence = Penalties::sentence(WHO).unwrap();
		assert_eq!((sentence.terms().len(), sentence.merged()), (8, 13));
		let (last, others) = ids.split_last().unwrap();
		others.iter().for_each(|id| cancel(*id).unwrap());
		assert!(Penalties::is_validator_jailed(&11));
		cancel(*last).unwrap();
		assert!(!Penalties::is_validator_jailed(&11));
	});
}

#[test]
fn one_of_before_a_release_takes_nothing_from_a_later_sentence() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { equivocation_jail_eras: 1, ..Policy::DEFAULT });
		let old = equivocate_in(100, 0, 11, 1, 30);
		go_to_era(2);
		Penalties::unjail_validator(RuntimeOrigin::signed(11)).unwrap();
		(0..9).for_each(|slot| {
			equivocate_in(slot, 2, 11, 1, 30);
		});
		let before = Penalties::sentence(WHO).unwrap();
		assert_eq!(before.merged(), 2);
		cancel(old).unwrap();
		assert_eq!(Penalties::sentence(WHO), Some(before));
	});
}
