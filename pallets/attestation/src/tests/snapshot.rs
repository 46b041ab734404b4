//! Seeds and snapshots.

use super::*;
use crate::{Error, Event, MemberIndex, Members, Seeds, Snapshots};
use frame_support::{assert_noop, assert_ok, weights::Weight};

#[test]
fn members_are_frozen_an_era_ahead_in_the_first_block() {
	build_and_execute(|| {
		network(3);
		roll_to(10);
		assert_eq!(Attestation::members(2), 3);
		assert_eq!(
			events(),
			vec![
				Event::SnapshotFrozen { era: 1, members: 3, stake: 3_000 },
				Event::EraSettled { era: 0, members: 0 },
				Event::SeedDrawn { era: 1, members: 3 },
				Event::SnapshotFrozen { era: 2, members: 3, stake: 3_000 },
			]
		);
		for node in 0..3 {
			let index = MemberIndex::<Test>::get(2, node).unwrap();
			let member = Attestation::member(2, index).unwrap();
			assert_eq!(
				(member.node, member.owner, member.stake),
				(node, 100 + u64::from(node), 1_000)
			);
		}
		assert_eq!(Attestation::member(2, 3), None);
		assert!(Seeds::<Test>::get(2).is_none(), "nobody can know who measures whom yet");
	});
}

#[test]
fn nodes_are_left_out_when_no_candidate_jailed_or_poor() {
	build_and_execute(|| {
		network(4);
		World::with(|t| {
			t.nodes.get_mut(&0).unwrap().candidate = false;
			t.jailed.insert(1, 0);
			t.stakes.insert(102, 99);
		});
		roll_to(10);
		assert_eq!(Attestation::members(2), 1);
		assert_eq!(Attestation::member(2, 0).unwrap().node, 3);
	});
}

#[test]
fn stake_is_shared_when_an_operator_has_several_nodes() {
	build_and_execute(|| {
		World::node(0, 100, 301);
		World::node(1, 100, 301);
		World::node(2, 100, 301);
		roll_to(10);
		assert_eq!(Snapshots::<Test>::get(2).unwrap().stake(), 300);
		World::node(3, 100, 301);
		roll_to(20);
		assert_eq!(Attestation::members(3), 0, "75 each is below the minimum");
	});
}

#[test]
fn a_later_change_does_not_reach_a_frozen_snapshot() {
	build_and_execute(|| {
		network(3);
		roll_to(10);
		World::with(|t| {
			t.nodes.remove(&0);
			t.stakes.insert(101, 5);
		});
		World::node(9, 900, 1_000);
		roll_to(20);
		assert_eq!(Attestation::members(2), 3);
		assert_eq!(Attestation::members(3), 2, "one left, one is poor, one is new");
	});
}

#[test]
fn pages_complete_even_when_blocks_are_full() {
	build_and_execute(|| {
		network(7);
		SnapshotPage::set(2);
		// Not a single on_idle, and no weight for on_poll: one page a block.
		for block in 10..15 {
			begin_block(block, Weight::from_parts(1, 1));
		}
		let snapshot = Snapshots::<Test>::get(2).unwrap();
		assert!(snapshot.is_complete());
		assert_eq!(snapshot.members(), 7);
	});
}

#[test]
fn an_era_has_no_duties_when_its_snapshot_came_late() {
	build_and_execute(|| {
		network(9);
		SnapshotPage::set(1);
		for block in 11..24 {
			begin_block(block, Weight::from_parts(1, 1));
		}
		let snapshot = Snapshots::<Test>::get(2).unwrap();
		assert!(!snapshot.is_complete());
		assert_eq!(snapshot.members(), 4, "one a block, until half of the era is over");
		assert!(events().contains(&Event::SnapshotMissed { era: 2 }));
		assert_eq!(Attestation::members(2), 0);
		assert_eq!(Attestation::member(2, 0), None);
		assert_eq!(Attestation::duty(0), None);
		let call = commit_to(2, 0, Hash::zero());
		assert_eq!(dispatch(call), Err(Error::<Test>::NoCommittee.into()));
		SnapshotPage::set(32);
		roll_to(30);
		assert!(!Snapshots::<Test>::get(2).unwrap().is_complete(), "it is never made up for");
		assert!(Attestation::is_settled(2));
		assert_eq!(World::with(|t| (t.scores.len(), t.settled.clone())), (0, vec![0, 1, 2]));
	});
}

#[test]
fn freeze_goes_on_when_anybody_calls() {
	build_and_execute(|| {
		network(5);
		System::set_block_number(10);
		let origin = RuntimeOrigin::signed(1);
		assert_ok!(Attestation::freeze(origin.clone(), 3));
		assert_eq!(Members::<Test>::iter_prefix(2).count(), 3);
		assert_ok!(Attestation::freeze(origin.clone(), 9));
		assert_ok!(Attestation::freeze(origin.clone(), 9));
		assert_eq!(Attestation::members(2), 5);
		assert_noop!(Attestation::freeze(origin, 9), Error::<Test>::NothingToFreeze);
		assert_noop!(
			Attestation::freeze(RuntimeOrigin::none(), 9),
			sp_runtime::DispatchError::BadOrigin
		);
	});
}

#[test]
fn seeds_differ_by_era_and_fix_the_number_of_targets() {
	build_and_execute(|| {
		network(12);
		roll_to(20);
		let one = Seeds::<Test>::get(1).unwrap();
		let two = Seeds::<Test>::get(2).unwrap();
		assert_ne!(one.seed(), two.seed());
		assert_eq!(two.targets(), 5);
		TargetsPerVerifier::set(2);
		assert_eq!(Attestation::duty(0).unwrap().1.len(), 5, "fixed for the running era");
		roll_to(30);
		assert_eq!(Attestation::duty(0).unwrap().1.len(), 2);
		TargetsPerVerifier::set(99);
		roll_to(40);
		assert_eq!(Seeds::<Test>::get(4).unwrap().targets(), 16);
	});
}

#[test]
fn duty_tells_targets_by_rising_node() {
	build_and_execute(|| {
		network(4);
		roll_to(20);
		for node in 0..4 {
			let (index, targets, committed, revealed) = Attestation::duty(node).unwrap();
			assert_eq!(Attestation::member(2, index).unwrap().node, node);
			let others: Vec<_> = (0..4).filter(|n| *n != node).collect();
			assert_eq!(targets, others);
			assert!(!committed && !revealed);
		}
		assert_eq!(Attestation::duty(9), None);
	});
}

#[test]
fn nodes_of_one_operator_never_measure_each_other() {
	build_and_execute(|| {
		World::node(0, 100, 1_000);
		World::node(1, 100, 1_000);
		World::node(2, 200, 1_000);
		roll_to(20);
		assert_eq!(Attestation::duty(0).unwrap().1, vec![2]);
		assert_eq!(Attestation::duty(1).unwrap().1, vec![2]);
		assert_eq!(Attestation::duty(2).unwrap().1, vec![0, 1]);
	});
}
