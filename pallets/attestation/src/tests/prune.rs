//! What is removed, and when.

use super::*;
use crate::{
	Commitments, Eras, EvidenceWalk, HistoryWalk, MemberIndex, Members, Outcomes, Pools, Samples,
	Seeds, Snapshots,
};

/// Few eras, so that the past is near.
fn short() {
	PoolEras::set(2);
	HistoryEras::set(3);
}

#[test]
fn evidence_goes_when_no_era_pools_it_and_history_later() {
	build_and_execute(|| {
		short();
		network(4);
		for era in 1..4 {
			run_era(era, |v| Some(report(era, v)));
		}
		// Eras up to 3 are settled; era 4 pools 3 and 4.
		roll_to(40);
		assert_eq!(EvidenceWalk::<Test>::get().era, 3);
		assert!(Seeds::<Test>::get(2).is_none() && Seeds::<Test>::get(3).is_some());
		assert_eq!(Samples::<Test>::iter_prefix(2).count(), 0);
		assert_eq!(Samples::<Test>::iter_prefix(3).count(), 4);
		assert_eq!(Commitments::<Test>::iter_prefix(2).count(), 0);
		// Three eras of history: 1, 2, 3.
		assert_eq!(HistoryWalk::<Test>::get().era, 1);
		assert_eq!(Attestation::members(2), 4);
		assert!(Outcomes::<Test>::get(0, 2).is_some());
		for era in 4..8 {
			run_era(era, |v| Some(report(era, v)));
		}
		roll_to(80);
		assert_eq!(HistoryWalk::<Test>::get().era, 5);
		for era in 0..5 {
			assert_eq!(Members::<Test>::iter_prefix(era).count(), 0);
			assert_eq!(MemberIndex::<Test>::iter_prefix(era).count(), 0);
			assert!(Snapshots::<Test>::get(era).is_none());
			assert!(!Eras::<Test>::contains_key(era));
			assert!(Outcomes::<Test>::get(0, era).is_none());
		}
		assert!(Outcomes::<Test>::get(0, 5).is_some());
	});
}

#[test]
fn the_last_score_of_who_has_left_goes_with_the_history() {
	build_and_execute(|| {
		short();
		network(4);
		run_era(1, |v| Some(report(1, v)));
		World::with(|t| t.nodes.remove(&3));
		roll_to_end(4);
		assert!(Pools::<Test>::contains_key(3));
		roll_to_end(7);
		assert!(!Pools::<Test>::contains_key(3));
		assert!(Pools::<Test>::contains_key(2));
	});
}

#[test]
fn each_step_removes_one_member() {
	build_and_execute(|| {
		short();
		network(4);
		for era in 1..3 {
			run_era(era, |v| Some(report(era, v)));
		}
		roll_to(37);
		let at = EvidenceWalk::<Test>::get();
		assert_eq!((at.era, at.index), (2, 0));
		System::set_block_number(38);
		Attestation::settle(RuntimeOrigin::signed(1), 9).unwrap();
		// Full blocks from here.
		let full = frame_support::weights::Weight::from_parts(1, 1);
		begin_block(39, full);
		let at = EvidenceWalk::<Test>::get();
		assert_eq!((at.era, at.index), (2, 1));
		assert_eq!(Samples::<Test>::iter_prefix(2).count(), 3);
		Attestation::do_try_state().unwrap();
		for block in 40..43 {
			begin_block(block, full);
		}
		let at = EvidenceWalk::<Test>::get();
		assert_eq!((at.era, at.index), (3, 0));
	});
}

#[test]
fn an_abandoned_snapshot_is_removed_too() {
	build_and_execute(|| {
		short();
		network(9);
		SnapshotPage::set(1);
		for block in 12..22 {
			begin_block(block, frame_support::weights::Weight::from_parts(1, 1));
		}
		SnapshotPage::set(32);
		assert!(Members::<Test>::iter_prefix(2).count() > 0);
		roll_to(70);
		assert_eq!(Members::<Test>::iter_prefix(2).count(), 0);
		assert_eq!(MemberIndex::<Test>::iter_prefix(2).count(), 0);
	});
}
