//! [`dtel_traits::QualitySink`]: n of the last m eras.

use super::*;
use crate::{mock::*, Policy, Records, Watch};
use dtel_primitives::BasisPoints;
use dtel_traits::{
	Evidence, Jail,
	OffenceKind::{MissedDuty, Outlier, PoorQuality},
	QualitySink, Seen,
};
use frame_support::assert_storage_noop;

fn score(parts: u16) -> BasisPoints {
	BasisPoints::new(parts).unwrap()
}

/// Three of the last five.
fn rules() {
	let of_five = Watch { hits: 3, of: 5 };
	Rules::set(Policy {
		poor_below: score(5_000),
		poor: of_five,
		outliers: of_five,
		..Policy::DEFAULT
	});
}

/// Node 1 gets these scores, one an era from `first` on.
fn scores(first: EraIndex, scores: &[u16]) {
	for (era, parts) in (first..).zip(scores) {
		go_to_era(era);
		observe(era, 1, 11, score(*parts));
	}
}

fn hits() -> u32 {
	Penalties::record(node(1)).map_or(0, |(_, record)| record.quality().hits())
}

#[test]
fn poor_quality_is_reported_when_n_of_the_last_m_scores_are_under_the_threshold() {
	ExtBuilder.build_and_execute(|| {
		rules();
		scores(0, &[4_999, 9_000, 1_000, 5_000]);
		assert!(!Penalties::is_jailed(1));
		assert_eq!(hits(), 2);
		events();
		scores(4, &[3_000]);
		assert_eq!(
			events(),
			[
				reported(0, PoorQuality, 4, 1, bp(10), 8),
				Event::Jailed { offender: node(1), since: 4, until: 7 },
			]
		);
		let expected = Evidence::PoorQuality { below: 3, of: 5, worst: score(1_000) };
		assert_eq!(*penalty(0).evidence(), expected);
		assert_eq!(hits(), 0, "it begins anew");
		scores(5, &[0, 0]);
		assert_eq!(Penalties::offences_of(6, node(1)), []);
		scores(7, &[0]);
		assert_eq!(penalty(1).strikes(), 1);
		assert_eq!(
			*penalty(1).evidence(),
			Evidence::PoorQuality { below: 3, of: 5, worst: score(0) }
		);
	});
}

#[test]
fn nothing_is_reported_when_the_bad_scores_lie_too_far_apart() {
	ExtBuilder.build_and_execute(|| {
		rules();
		scores(0, &[0, 0, 9_000, 9_000, 9_000, 0, 9_000, 0, 9_000, 9_000, 9_000]);
		assert_eq!(hits(), 1);
		assert!(!Penalties::is_jailed(1));
		// Eras in which nothing could be said do not count.
		scores(20, &[0]);
		assert_eq!(hits(), 2);
		scores(21, &[9_000; 4]);
		assert_eq!(hits(), 1);
		scores(25, &[9_000]);
		assert!(!Records::<Test>::contains_key(node(1)), "a clean record is not kept");
	});
}

#[test]
fn nothing_is_written_when_a_node_known_for_nothing_is_good() {
	ExtBuilder.build_and_execute(|| {
		assert_storage_noop!(observe(0, 1, 11, BasisPoints::ONE));
		assert_storage_noop!(Penalties::verified(0, 1, &11, false));
	});
}

#[test]
fn an_era_counts_once_and_none_before_it_or_to_come() {
	ExtBuilder.build_and_execute(|| {
		rules();
		scores(3, &[0]);
		for era in [3, 2, 4] {
			assert_storage_noop!(observe(era, 1, 11, BasisPoints::ZERO));
		}
		assert_eq!(hits(), 1);
	});
}

#[test]
fn an_outlier_offends_when_it_is_one_too_often() {
	ExtBuilder.build_and_execute(|| {
		rules();
		for (era, outlier) in [true, false, false, false, true, true].into_iter().enumerate() {
			go_to_era(era as u32);
			Penalties::verified(era as u32, 1, &11, outlier);
		}
		assert!(!Penalties::is_jailed(1), "the first has left the window");
		events();
		go_to_era(6);
		Penalties::verified(6, 1, &11, true);
		assert_eq!(
			events(),
			[
				reported(0, Outlier, 6, 1, bp(20), 10),
				Event::Jailed { offender: node(1), since: 6, until: 10 },
			]
		);
		assert_eq!(*penalty(0).evidence(), Evidence::Outlier { eras: 3, of: 5 });
		let (_, record) = Penalties::record(node(1)).unwrap();
		assert_eq!((record.outliers().hits(), record.quality().hits()), (0, 0));
	});
}

/// What eras showed of node 1, beside flawless scores.
fn seen(era: EraIndex, down: Option<Evidence>, misplaced: Option<bool>) -> u32 {
	go_to_era(era);
	let score = if down.is_some() { BasisPoints::ZERO } else { BasisPoints::ONE };
	Penalties::observed(Seen { era, node: 1, owner: 11, score, down, misplaced }).offences
}

#[test]
fn a_node_offends_when_all_found_it_down_in_three_of_twelve_eras() {
	let down =
		|reported| Some(Evidence::Unavailable { assigned: 5, reported, down: 5, measured: 100 });
	ExtBuilder.build_and_execute(|| {
		assert_eq!(seen(0, down(5), None), 0);
		for era in 1..9 {
			assert_eq!(seen(era, None, None), 0);
		}
		assert_eq!(seen(9, down(5), None), 0);
		assert!(!Penalties::is_jailed(1));
		// Eras in which nothing could be said are none.
		assert_eq!(seen(20, down(4), None), 1);
		assert_eq!(*penalty(0).evidence(), down(4).unwrap());
		assert!(Penalties::is_jailed(1));
		// It begins anew.
		assert_eq!([21, 22, 23].map(|era| seen(era, down(5), None)), [0, 0, 1]);
	});
}

#[test]
fn being_down_with_most_others_does_not_count() {
	ExtBuilder.build_and_execute(|| {
		let down =
			|down| Some(Evidence::Unavailable { assigned: 5, reported: 5, down, measured: 100 });
		for era in 0..4 {
			assert_eq!(seen(era, down(51), None), 0);
		}
		assert_eq!(seen(4, down(50), None) + seen(5, down(50), None), 0);
		assert_eq!(seen(6, down(50), None), 1);
	});
}

#[test]
fn a_node_offends_when_it_was_misplaced_in_nine_of_twelve_eras() {
	ExtBuilder.build_and_execute(|| {
		for era in 0..20 {
			assert_eq!(seen(era, None, Some(!(8..12).contains(&era))), 0, "era {era}");
		}
		assert_eq!(seen(20, None, None), 0, "of that era nobody can tell");
		assert_eq!(seen(21, None, Some(true)), 1);
		assert_eq!(*penalty(0).evidence(), Evidence::FalsePlace { broken: 9, of: 12 });
	});
}

#[test]
fn both_windows_and_the_strikes_are_apart() {
	ExtBuilder.build_and_execute(|| {
		rules();
		for era in 0..2 {
			go_to_era(era);
			observe(era, 1, 11, score(0));
			Penalties::verified(era, 1, &11, true);
		}
		assert!(!Penalties::is_jailed(1));
		report(MissedDuty, 1, 1);
		let (strikes, record) = Penalties::record(node(1)).unwrap();
		assert_eq!((strikes, record.quality().hits(), record.outliers().hits()), (1, 2, 2));
	});
}

#[test]
fn the_window_holds_as_many_eras_as_the_type_when_the_policy_asks_for_all() {
	ExtBuilder.build_and_execute(|| {
		let all = Watch { hits: 32, of: 32 };
		Rules::set(Policy { poor: all, ..Policy::DEFAULT });
		scores(0, &[0; 31]);
		assert_eq!(hits(), 31);
		scores(31, &[0]);
		assert!(Penalties::is_jailed(1));
	});
}
