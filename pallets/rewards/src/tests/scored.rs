//! [`dtel_traits::ScoreSink::scored`].

use super::*;
use crate::{types::Tally, Eras, MAX_ENTRIES};
use dtel_primitives::{BasisPoints, DTEL};
use dtel_traits::{ScoreSink, Scored};
use frame_support::{assert_storage_noop, traits::Hooks};
use std::collections::BTreeSet;

#[test]
fn points_are_written_down_and_returned_when_a_member_is_scored() {
	ExtBuilder::default().build_and_execute(|| {
		let (stake, score) = (20 * DTEL, BasisPoints::ONE);
		let scored = Scored { era: 3, node: 7, owner: 11, stake, kbps: 2_000, score, duty: 4 };
		let points = 2_000 * 10_000;
		assert_eq!(Rewards::scored(scored), points);
		let expected = Entry { points: points as u64, duty: 4, ..Entry::new(3) };
		assert_eq!(entry(11, 3), Some(expected));
		let era = Eras::<Test>::get(3).unwrap();
		let all = Tally { points, duty: 4, blocks: 0 };
		assert_eq!((era.all, era.waiting, era.members, era.settled), (all, all, 1, false));
		assert_eq!((era.released.total(), era.paid.total(), era.treasury), (0, 0, 0));
		assert_eq!(events(), []);
	});
}

/// Two writes: the era, and the operator's ledger.
#[test]
fn two_entries_are_written_when_a_member_is_scored() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| lone_era(2));
	ext.commit_all().unwrap();
	ext.execute_with(|| score(3, 1, 11, 1));
	let written: BTreeSet<_> =
		ext.overlayed_changes().changes().map(|(key, _)| key.clone()).collect();
	let expected = [Eras::<Test>::hashed_key_for(3), Ledgers::<Test>::hashed_key_for(11)];
	assert_eq!(written, BTreeSet::from(expected));
}

#[test]
fn points_add_up_when_an_operator_has_several_nodes() {
	ExtBuilder::default().build_and_execute(|| {
		score(3, 7, 11, 2);
		score(3, 8, 12, 5);
		score(3, 9, 11, 1);
		measured(3, 10, 11, 2);
		measured(3, 11, 11, 3);
		let of = |owner| Rewards::operator_pay(3, owner).unwrap().work;
		assert_eq!((of(11).points, of(11).duty), (30_000_000, 5));
		assert_eq!((of(12).points, of(12).duty), (50_000_000, 0));
		assert_eq!(Rewards::era_pay(3).unwrap().members, 5);
		assert_eq!((Rewards::unpaid(11), Rewards::unpaid(12)), (vec![3], vec![3]));
	});
}

#[test]
fn eras_are_in_their_order_whenever_they_are_scored() {
	ExtBuilder::default().build_and_execute(|| {
		for era in [5, 2, 9, 2, 4] {
			score(era, era + 10, 11, 1);
			score(era, era + 20, 11, 1);
		}
		assert_eq!(Rewards::unpaid(11), [2, 4, 5, 9]);
	});
}

#[test]
fn points_stop_at_the_ceiling_when_stake_is_short() {
	ExtBuilder::default().build_and_execute(|| {
		let (stake, score) = (5 * DTEL, BasisPoints::new(5_000).unwrap());
		let scored = Scored { era: 0, node: 1, owner: 11, stake, kbps: 9_000, score, duty: 0 };
		assert_eq!(Rewards::scored(scored), 500 * 5_000);
	});
}

#[test]
fn a_member_counts_when_it_earned_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		score_with(0, 1, 11, 9, BasisPoints::ZERO);
		assert_eq!(Rewards::era_pay(0).unwrap().members, 1);
		assert_eq!((entry(11, 0), Rewards::unpaid(11)), (None, vec![]));
	});
}

#[test]
fn nothing_changes_when_the_era_is_settled() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		assert_storage_noop!(score(3, 4, 66, 9));
		assert_storage_noop!(measured(3, 4, 66, 9));
	});
}

#[test]
fn nothing_changes_when_the_era_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		go_to_era(5);
		assert!(Rewards::is_closed(0) && !Rewards::is_closed(1));
		assert_storage_noop!(score(0, 4, 66, 9));
		idle();
		assert_storage_noop!(score(0, 4, 66, 9));
	});
}

#[test]
fn closed_eras_leave_the_ledger_when_an_operator_is_scored() {
	ExtBuilder::default().build_and_execute(|| {
		lone_era(1);
		lone_era(2);
		go_to_era(6);
		score(6, 1, 11, 1);
		let eras: Vec<_> = Ledgers::<Test>::get(11).iter().map(|entry| entry.era).collect();
		assert_eq!(eras, [2, 6]);
		let left = Eras::<Test>::get(1).unwrap();
		assert_eq!(left.waiting.points, 10_000_000, "nobody asked for it");
	});
}

/// As many as can be open at once fit: `integrity_test` sees to it.
#[test]
fn every_open_era_fits_when_history_is_as_long_as_can_be() {
	ExtBuilder::default().build_and_execute(|| {
		HistoryEras::set(MAX_ENTRIES - 2);
		Rewards::integrity_test();
		(0..3 * MAX_ENTRIES).for_each(|era| {
			go_to_era(era);
			lone_era(era);
			assert_eq!(entry(11, era).unwrap().points, 10_000_000);
			// The running era is settled: what is authored now counts for the next.
			authors(11, 1);
			assert_eq!(entry(11, era + 1).unwrap().blocks, 1);
		});
		assert_eq!(Ledgers::<Test>::get(11).len() as u32, MAX_ENTRIES);
		HistoryEras::set(4);
	});
}

/// What benchmarks of other pallets measure.
#[cfg(feature = "runtime-benchmarks")]
#[test]
fn the_ledger_is_full_when_set_up_for_benchmarks() {
	for era in [20, 200] {
		ExtBuilder::default().without_stakers().reserve(0).build().execute_with(|| {
			go_to_era(era);
			for (node, owner) in [(1, 11), (2, 12)] {
				Rewards::set_up_scores(era, &owner);
				assert_eq!(Ledgers::<Test>::get(owner).len() as u32, HistoryEras::get() + 1);
				score(era, node, owner, 1);
				// Those of history, the running one and the next.
				assert_eq!(Ledgers::<Test>::get(owner).len() as u32, HistoryEras::get() + 2);
			}
			YearlyRelease::set(sp_runtime::Perquintill::one());
			Rewards::era_settled(era);
			assert!(Rewards::era_pay(era).unwrap().released.work > 0);
		});
	}
}
