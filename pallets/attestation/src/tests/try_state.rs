//! Each invariant, broken and caught.

use super::*;
use crate::{
	Commitment, Commitments, Draw, Eras, Last, Member, MemberIndex, Members, Outcomes, Pools,
	Sample, Samples, Seeds, Snapshots, Unsettled,
};

/// A settled era and one in the reveal phase; then `corrupt`, and what `try_state` says.
fn caught(invariant: &str, corrupt: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		network(8);
		run_era(2, |v| Some(report(2, v)));
		roll_to_phase(3, Phase::Commit);
		for v in 0..8 {
			assert_included(commit_call(&report(3, v)));
		}
		roll_to_phase(3, Phase::Reveal);
		for v in 0..4 {
			assert_included(reveal_call(&report(3, v)));
		}
		Attestation::do_try_state().expect("sound so far");
		corrupt();
		let error = format!("{:?}", Attestation::do_try_state().expect_err("caught"));
		assert!(error.contains(invariant), "{error}");
	});
}

#[test]
fn inv_1_members_are_dense() {
	caught("INV-1", || Members::<Test>::remove(2, 3));
	caught("INV-1", || {
		Members::<Test>::insert(
			2,
			99,
			Member { node: 99, owner: 1, stake: 1, place: None, declared_kbps: 1 },
		)
	});
	caught("INV-1", || MemberIndex::<Test>::insert(2, 0, 7));
	caught("INV-1", || MemberIndex::<Test>::insert(2, 55, 0));
	caught("INV-1", || Snapshots::<Test>::mutate(3, |s| s.as_mut().unwrap().stake += 1));
	caught("INV-1", || Snapshots::<Test>::remove(3));
}

#[test]
fn inv_2_counters_count() {
	caught("INV-2", || Eras::<Test>::mutate(3, |p| p.commits -= 1));
	caught("INV-2", || Eras::<Test>::mutate(3, |p| p.reveals += 1));
	caught("INV-2", || Eras::<Test>::mutate(3, |p| p.measured += 1));
	caught("INV-2", || Eras::<Test>::mutate(2, |p| p.down += 1));
	caught("INV-2", || Eras::<Test>::mutate(3, |p| p.noted += 1));
	caught("INV-2", || Commitments::<Test>::remove(3, 7));
	caught("INV-2", || {
		Commitments::<Test>::insert(
			3,
			77,
			Commitment { hash: Hash::zero(), key: attestor(1).public().into(), revealed: None },
		)
	});
	caught("INV-2", || Eras::<Test>::remove(3));
}

fn corrupt_sample(change: impl Fn(&mut Sample)) {
	let target = Samples::<Test>::iter_prefix(3).next().unwrap().0;
	Samples::<Test>::mutate(3, target, |s| change(&mut s[0]));
}

#[test]
fn inv_3_samples_are_assigned_and_revealed() {
	caught("INV-3", || corrupt_sample(|s| s.weight = 0));
	caught("INV-3", || corrupt_sample(|s| s.verifier = 99));
	caught("INV-3", || corrupt_sample(|s| s.measurement.target = 99));
	caught("INV-3", || corrupt_sample(|s| s.measurement.calls_up = 9));
	caught("INV-3", || {
		let (target, samples) =
			Samples::<Test>::iter_prefix(3).find(|(_, s)| !s.is_empty()).unwrap();
		Samples::<Test>::mutate(3, target, |s| s.try_push(samples[0]).unwrap());
	});
	caught("INV-3", || {
		// Node 7 committed but did not reveal; it may well be assigned.
		let target = Attestation::targets(3, 7).unwrap()[0];
		let sample = Sample { verifier: 7, voice: 7, weight: 1, measurement: good(target) };
		Samples::<Test>::mutate(3, target, |s| s.try_push(sample).unwrap());
	});
	caught("INV-3", || {
		let sample = Sample { verifier: 0, voice: 0, weight: 1, measurement: good(88) };
		Samples::<Test>::mutate(3, 88, |s| s.try_push(sample).unwrap());
	});
}

#[test]
fn inv_4_settled_in_order() {
	caught("INV-4", || Eras::<Test>::mutate(2, |p| p.settled -= 1));
	caught("INV-4", || Eras::<Test>::mutate(3, |p| p.settled = 9));
	caught("INV-4", || Unsettled::<Test>::put(2));
	caught("INV-4", || {
		let outcome = Outcomes::<Test>::get(0, 2).unwrap();
		Outcomes::<Test>::insert(0, 3, outcome);
	});
	caught("INV-4", || Outcomes::<Test>::remove(0, 2));
}

#[test]
fn inv_5_the_past_is_gone_and_no_more() {
	caught("INV-5", || {
		crate::EvidenceWalk::<Test>::put(crate::Walk { era: 3, index: 0 });
	});
	caught("INV-5", || crate::HistoryWalk::<Test>::put(crate::Walk { era: 2, index: 0 }));
	// Long after, something of era 0 turns up again.
	new_test_ext().execute_with(|| {
		PoolEras::set(2);
		HistoryEras::set(2);
		network(3);
		roll_to_end(5);
		roll_to(60);
		Attestation::do_try_state().unwrap();
		Seeds::<Test>::insert(0, Draw { seed: [0; 32], targets: 5 });
		let error = format!("{:?}", Attestation::do_try_state().unwrap_err());
		assert!(error.contains("INV-5: evidence"), "{error}");
		Seeds::<Test>::remove(0);
		Snapshots::<Test>::insert(0, crate::Snapshot::default());
		let error = format!("{:?}", Attestation::do_try_state().unwrap_err());
		assert!(error.contains("INV-5: history"), "{error}");
	});
}

#[test]
fn inv_6_last_scores_are_newest() {
	caught("INV-6", || Pools::<Test>::remove(0));
	let last = |node, era| {
		Pools::<Test>::mutate(node, |p| {
			p.last = Some(Last { era, score: BasisPoints::ONE, nearly_downs: 0, worth: None })
		})
	};
	caught("INV-6", || last(0, 1));
	caught("INV-6", || Pools::<Test>::mutate(0, |p| p.last = None));
	caught("INV-6", || last(66, 1));
}

#[test]
fn inv_8_verdicts_have_grounds() {
	use dtel_primitives::api::{Outcome, Verdict};
	let corrupt = |change: fn(&mut Outcome)| {
		caught("INV-8", || Outcomes::<Test>::mutate(0, 2, |o| change(o.as_mut().unwrap())));
	};
	corrupt(|o| o.pooled = 2);
	corrupt(|o| o.reported = o.assigned + 1);
	corrupt(|o| o.reported = 3);
	corrupt(|o| o.assigned = 0);
	corrupt(|o| o.verdict = Verdict::Down);
	corrupt(|o| {
		(o.verdict, o.reported, o.pooled) = (Verdict::Unmeasured, 2, 2);
	});
}

#[test]
fn inv_7_nothing_is_of_the_future() {
	caught("INV-7", || Seeds::<Test>::insert(4, Draw { seed: [0; 32], targets: 5 }));
	caught("INV-7", || Snapshots::<Test>::insert(9, crate::Snapshot::default()));
}
