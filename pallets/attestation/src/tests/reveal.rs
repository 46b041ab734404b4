//! `reveal`.

use super::*;
use crate::{Error, Event, Sample, Samples};
use sp_runtime::transaction_validity::{InvalidTransaction, UnknownTransaction};

fn refused(call: Call<Test>) -> TransactionValidityError {
	let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
	let error = apply(call.clone()).expect_err("refused");
	assert_eq!(validate(call), Err(error));
	assert_eq!(before, sp_io::storage::root(sp_runtime::StateVersion::V1), "nothing is written");
	error
}

/// Commits to `report` and goes to the reveal phase.
fn committed(report: &EraReport) {
	assert_included(commit_call(report));
	roll_to_phase(report.era, Phase::Reveal);
	events();
}

#[test]
fn stores_a_sample_with_each_target() {
	build_and_execute(|| {
		network(4);
		roll_to_phase(2, Phase::Commit);
		let report = report(2, 1);
		committed(&report);
		let valid = validate(reveal_call(&report)).unwrap();
		assert_eq!(valid.longevity, 3);
		assert_included(reveal_call(&report));
		assert_eq!(events(), vec![Event::Revealed { era: 2, verifier: 1 }]);
		assert_eq!(Attestation::era_progress(2), (4, 1, 1, 0));
		assert!(Attestation::duty(1).unwrap().3);
		for target in [0, 2, 3] {
			assert_eq!(
				Samples::<Test>::get(2, target).into_inner(),
				vec![Sample {
					verifier: 1,
					voice: Sample::voice_of(&101u64),
					weight: 1_000,
					measurement: good(target)
				}]
			);
		}
		assert!(Samples::<Test>::get(2, 1).is_empty());
	});
}

#[test]
fn a_sample_weighs_at_least_one() {
	build_and_execute(|| {
		MinimumPerNode::set(0);
		network(3);
		World::with(|t| t.stakes.insert(101, 0));
		roll_to_phase(2, Phase::Commit);
		let report = report(2, 1);
		committed(&report);
		assert_included(reveal_call(&report));
		assert_eq!(Samples::<Test>::get(2, 0)[0].weight, 1);
	});
}

#[test]
fn who_was_jailed_after_the_freeze_weighs_one() {
	build_and_execute(|| {
		network(4);
		roll_to_phase(2, Phase::Commit);
		let (free, jailed) = (report(2, 1), report(2, 2));
		assert_included(commit_call(&free));
		committed(&jailed);
		World::with(|t| t.jailed.insert(2, 1));
		assert_included(reveal_call(&free));
		assert_included(reveal_call(&jailed));
		let weights: Vec<_> =
			Samples::<Test>::get(2, 0).iter().map(|s| (s.verifier, s.weight)).collect();
		assert_eq!(weights, vec![(1, 1_000), (2, 1)]);
		assert_eq!(Attestation::era_progress(2), (4, 2, 2, 0), "it has done its duty");
	});
}

#[test]
fn fails_when_repeated() {
	build_and_execute(|| {
		network(3);
		roll_to_phase(2, Phase::Commit);
		let report = report(2, 1);
		committed(&report);
		assert_included(reveal_call(&report));
		assert_eq!(refused(reveal_call(&report)), InvalidTransaction::Stale.into());
		assert_eq!(dispatch(reveal_call(&report)), Err(Error::<Test>::AlreadyRevealed.into()));
	});
}

#[test]
fn fails_when_the_phase_is_another() {
	build_and_execute(|| {
		network(3);
		roll_to_phase(2, Phase::Commit);
		let report = report(2, 1);
		assert_included(commit_call(&report));
		assert_eq!(refused(reveal_call(&report)), UnknownTransaction::Custom(1).into());
		roll_to_phase(2, Phase::Settle);
		assert_eq!(refused(reveal_call(&report)), InvalidTransaction::Stale.into());
		assert_eq!(dispatch(reveal_call(&report)), Err(Error::<Test>::TooLate.into()));
	});
}

#[test]
fn fails_when_not_what_was_committed_to() {
	build_and_execute(|| {
		network(3);
		roll_to_phase(2, Phase::Commit);
		let honest = report(2, 1);
		committed(&honest);
		let better = report_with(2, 1, |t| Measurement::down(t, 1));
		assert_eq!(refused(reveal_call(&better)), InvalidTransaction::Custom(5).into());
		assert_eq!(dispatch(reveal_call(&better)), Err(Error::<Test>::CommitmentMismatch.into()));
		// Another's report cannot be copied, and who has not committed cannot reveal.
		assert_eq!(refused(reveal_call(&report(2, 2))), InvalidTransaction::Custom(4).into());
		assert_eq!(dispatch(reveal_call(&report(2, 2))), Err(Error::<Test>::NotCommitted.into()));
		let stranger = EraReport { verifier: 9, ..honest };
		assert_eq!(refused(reveal_call(&stranger)), InvalidTransaction::Custom(3).into());
	});
}

#[test]
fn fails_when_targets_are_not_the_assigned() {
	build_and_execute(|| {
		network(9);
		roll_to_phase(2, Phase::Commit);
		let assigned = report(2, 1);
		assert_eq!(assigned.measurements.len(), 5);
		let strange =
			(0..9).find(|n| *n != 1 && !assigned.measurements.iter().any(|m| m.target == *n));
		let mut less = assigned.clone();
		less.measurements.pop();
		let mut more = assigned.clone();
		more.measurements.try_push(good(8.max(more.measurements[4].target + 1))).unwrap();
		let mut other = assigned.clone().measurements.into_inner();
		other[0].target = strange.unwrap();
		other.sort_by_key(|m| m.target);
		let other = EraReport { measurements: other.try_into().unwrap(), ..assigned.clone() };
		let empty = EraReport { measurements: Default::default(), ..assigned.clone() };
		for wrong in [less, more, other, empty] {
			let snapshot = sp_io::storage::root(sp_runtime::StateVersion::V1);
			frame_support::storage::with_transaction(|| {
				committed(&wrong);
				assert_eq!(refused(reveal_call(&wrong)), InvalidTransaction::Custom(7).into());
				frame_support::storage::TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
			})
			.unwrap();
			assert_eq!(snapshot, sp_io::storage::root(sp_runtime::StateVersion::V1));
		}
	});
}

#[test]
fn fails_when_a_measurement_is_invalid() {
	build_and_execute(|| {
		network(3);
		roll_to_phase(2, Phase::Commit);
		let wrong = report_with(2, 1, |t| Measurement { mos_centi: 600, ..good(t) });
		committed(&wrong);
		assert_eq!(refused(reveal_call(&wrong)), InvalidTransaction::Custom(8).into());
	});
}

#[test]
fn fails_when_there_is_nobody_to_measure() {
	build_and_execute(|| {
		World::node(0, 100, 1_000);
		World::node(1, 100, 1_000);
		roll_to_phase(2, Phase::Commit);
		assert!(Attestation::duty(0).unwrap().1.is_empty());
		let empty = EraReport { measurements: Default::default(), ..report(2, 0) };
		committed(&empty);
		assert_eq!(refused(reveal_call(&empty)), InvalidTransaction::Custom(6).into());
	});
}

#[test]
fn fails_when_signed_by_another_key() {
	build_and_execute(|| {
		network(3);
		roll_to_phase(2, Phase::Commit);
		let report = report(2, 1);
		committed(&report);
		let payload = report.reveal_payload(&genesis(), &SALT);
		let wrong = |signature: sp_core::sr25519::Signature| Call::reveal {
			report: report.clone(),
			salt: SALT,
			signature: signature.into(),
		};
		let bad = InvalidTransaction::BadProof.into();
		assert_eq!(refused(wrong(attestor(2).sign(&payload))), bad);
		// What was signed for another chain, or as a commitment, means nothing here.
		let elsewhere = report.reveal_payload(&Hash::repeat_byte(1), &SALT);
		assert_eq!(refused(wrong(attestor(1).sign(&elsewhere))), bad);
		let commitment = report.commitment(&genesis(), &SALT);
		let commit = commit_payload(&genesis(), 2, 1, &commitment);
		assert_eq!(refused(wrong(attestor(1).sign(&commit))), bad);
	});
}
