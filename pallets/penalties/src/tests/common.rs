//! Failures that are common to so many that nobody is blamed.

use super::*;
use crate::{mock::*, Policy};
use dtel_primitives::BasisPoints;
use dtel_traits::{Evidence, Jail, Offence, OffenceSink};
use frame_support::assert_storage_noop;

fn silent(revealed: u32, members: u32) -> Evidence {
	Evidence::MissedDuty { committed: true, revealed, members }
}

fn down(down: u32, measured: u32) -> Evidence {
	Evidence::Unavailable { assigned: 5, reported: 5, down, measured }
}

fn report_of(evidence: Evidence) {
	Penalties::report(Offence { era: 0, offender: node(1), owner: 11, evidence });
}

#[test]
fn nobody_is_blamed_when_most_members_revealed_nothing() {
	ExtBuilder.build_and_execute(|| {
		for (revealed, members) in [(0, 1), (0, 4), (1, 4), (4, 9), (2_147_483_646, u32::MAX)] {
			assert_storage_noop!(report_of(silent(revealed, members)));
		}
		assert!(!Penalties::is_jailed(1));
	});
}

#[test]
fn who_revealed_nothing_is_blamed_when_half_of_the_members_did_reveal() {
	for (revealed, members) in [(1, 2), (2, 4), (5, 9), (u32::MAX - 1, u32::MAX)] {
		ExtBuilder.build_and_execute(|| {
			report_of(silent(revealed, members));
			assert!(Penalties::is_jailed(1), "{revealed} of {members}");
		});
	}
}

#[test]
fn nobody_is_blamed_when_most_measurements_found_their_target_down() {
	ExtBuilder.build_and_execute(|| {
		for (of, measured) in [(5, 5), (11, 20), (51, 101), (u32::MAX, u32::MAX)] {
			assert_storage_noop!(report_of(down(of, measured)));
		}
	});
}

#[test]
fn who_was_down_is_blamed_when_half_of_the_measurements_found_their_target_up() {
	for (of, measured) in [(5, 10), (5, 20), (50, 101)] {
		ExtBuilder.build_and_execute(|| {
			report_of(down(of, measured));
			assert!(Penalties::is_jailed(1), "{of} of {measured}");
		});
	}
}

#[test]
fn the_policy_says_how_many_are_too_many() {
	ExtBuilder.build_and_execute(|| {
		let bp = |parts| BasisPoints::new(parts).unwrap();
		Rules::set(Policy { least_revealed: bp(7_500), most_down: bp(1_000), ..Policy::DEFAULT });
		assert_storage_noop!(report_of(silent(2, 3)));
		assert_storage_noop!(report_of(down(3, 20)));
		report_of(silent(3, 4));
		report_of(down(2, 20));
		assert_eq!(Penalties::offences_of(0, node(1)).len(), 2);
	});
}

#[test]
fn the_default_is_a_half() {
	let half = BasisPoints::new(5_000).unwrap();
	assert_eq!((Policy::DEFAULT.least_revealed, Policy::DEFAULT.most_down), (half, half));
}
