//! What was sent once is worth nothing a second time, in another era, or on another chain.

use super::*;
use sp_runtime::transaction_validity::{InvalidTransaction, UnknownTransaction};

const ELSEWHERE: Hash = Hash::repeat_byte(0xee);

fn refused(call: &Call<Test>) -> TransactionValidityError {
	let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
	let error = apply(call.clone()).expect_err("refused");
	assert_eq!(validate(call.clone()), Err(error));
	assert_eq!(before, sp_io::storage::root(sp_runtime::StateVersion::V1), "nothing is written");
	error
}

#[test]
fn the_same_commit_and_reveal_are_taken_once() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report.clone());
	let commit = bench.work();
	let bound = commitment_of(&commit);
	bench.on(|| {
		apply(commit[0].clone()).unwrap().unwrap();
		assert_eq!(refused(&commit[0]), InvalidTransaction::Stale.into());
	});
	assert!(bench.work().is_empty(), "nor is it sent again");
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	let reveal = bench.work();
	let (told, salt) = revealed(&reveal);
	bench.on(|| {
		assert_eq!(told.commitment(&genesis(), &salt), bound);
		apply(reveal[0].clone()).unwrap().unwrap();
		assert_eq!(refused(&reveal[0]), InvalidTransaction::Stale.into());
		assert_eq!(refused(&commit[0]), InvalidTransaction::Stale.into());
		assert_eq!(Attestation::era_progress(2), (4, 1, 1, 0));
	});
	assert!(bench.work().is_empty());
	assert_eq!(bench.kept(), DELIVERED);

	// In the next era, in whatever phase, whether as it was or with another number on it.
	let (mut later_commit, mut later_reveal) = (commit[0].clone(), reveal[0].clone());
	let (Call::commit { era, .. }, Call::reveal { report, .. }) =
		(&mut later_commit, &mut later_reveal)
	else {
		unreachable!()
	};
	(*era, report.era) = (3, 3);
	bench.on(|| {
		roll_to_phase(3, Phase::Commit);
		for call in [&commit[0], &reveal[0]] {
			assert_eq!(refused(call), InvalidTransaction::Stale.into());
		}
		assert_eq!(refused(&later_commit), InvalidTransaction::BadProof.into());
		assert_eq!(refused(&later_reveal), UnknownTransaction::Custom(1).into());
		assert_included(commit_call(&super::report(3, 1)));
		roll_to_phase(3, Phase::Reveal);
		for call in [&commit[0], &reveal[0], &later_commit] {
			assert_eq!(refused(call), InvalidTransaction::Stale.into());
		}
		assert_eq!(refused(&later_reveal), InvalidTransaction::Custom(5).into());
		assert_eq!(Attestation::era_progress(3), (4, 1, 0, 0));
		Attestation::do_try_state().unwrap();
	});
}

#[test]
fn a_daemon_that_repeats_an_old_report_or_sends_a_future_one_is_not_believed() {
	let (mut bench, old) = Bench::committed();
	let reveal = bench.work();
	let (_, old_salt) = revealed(&reveal);
	bench.include(reveal);
	let served = bench.on(|| answer(old.clone()));
	bench.on(|| roll_to_phase(3, Phase::Commit));
	let relabelled = WorkerReport { report: EraReport { era: 3, ..old.clone() }, ..served.clone() };
	let future = bench.on(|| answer(EraReport { era: 4, ..old.clone() }));
	for stale in [served, relabelled, future] {
		bench.daemons.set(URL, 3, Answer::Body(200, stale.encode()));
		assert!(bench.work().is_empty());
		assert_eq!(bench.complained_in(URL), Some(3));
		bench.on(|| {
			assert_eq!(entry(&genesis(), 1, 3), None);
			assert_eq!(entry(&genesis(), 1, 4), None);
			assert_eq!(entry(&genesis(), 1, 2).unwrap().report, old, "what is past is as it was");
		});
		assert_eq!(bench.kept(), ["entry", "logged", "secret", "served", "verifiers"]);
	}
	// The same measurements are a report of the new era if the daemon says so, under another salt.
	let new = EraReport { era: 3, ..old.clone() };
	bench.serve(URL, new.clone());
	let calls = bench.work();
	let bound = commitment_of(&calls);
	bench.include(calls);
	bench.on(|| {
		let kept = entry(&genesis(), 1, 3).unwrap();
		assert_eq!((&kept.report, kept.committed), (&new, Some(33)));
		assert_ne!(kept.salt, old_salt);
		assert_ne!(bound, old.commitment(&genesis(), &old_salt));
	});
	assert_eq!(bench.kept(), ["entry", "entry", "logged", "secret", "served", "verifiers"]);
}

#[test]
fn what_was_sent_to_one_chain_is_refused_by_another() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report);
	let here = bench.on(genesis);
	let commit = bench.work();
	bench.set_genesis(ELSEWHERE);
	bench.on(|| assert_eq!(refused(&commit[0]), InvalidTransaction::BadProof.into()));
	bench.set_genesis(here);
	bench.include(commit.clone());
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	let reveal = bench.work();
	revealed(&reveal);
	bench.set_genesis(ELSEWHERE);
	bench.on(|| {
		// Even there, where the same commitment stands, it opens nothing.
		assert_eq!(refused(&reveal[0]), InvalidTransaction::Custom(5).into());
		Commitments::<Test>::remove(2, 1);
		assert_eq!(refused(&reveal[0]), InvalidTransaction::Custom(4).into());
	});
}

/// One local storage, one keystore and one daemon, and a node of two chains.
#[test]
fn nothing_is_mixed_up_between_chains() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report.clone());
	let here = bench.on(genesis);
	let commit = bench.work();
	let bound = commitment_of(&commit);

	// A report for the other chain is no report here, and what is kept for that chain stays.
	bench.set_genesis(ELSEWHERE);
	assert!(bench.work().is_empty());
	assert!(bench.has_complained(URL));
	bench.on(|| {
		assert_eq!(entry(&ELSEWHERE, 1, 2), None);
		assert!(verifiers(&ELSEWHERE).is_empty());
		assert_eq!(entry(&here, 1, 2).unwrap().report, report);
	});
	assert_eq!(bench.kept(), ["entry", "logged", "secret", "served", "verifiers"]);

	// The daemon of this chain says the same of the same nodes: another commitment, another salt.
	bench.serve(URL, report.clone());
	let other = bench.work();
	assert_ne!(commitment_of(&other), bound);
	bench.on(|| {
		let (first, second) = (entry(&here, 1, 2).unwrap(), entry(&ELSEWHERE, 1, 2).unwrap());
		assert_eq!(first.report, second.report);
		assert_ne!(first.salt, second.salt);
		assert!(validate(other[0].clone()).is_ok());
		assert_eq!(refused(&commit[0]), InvalidTransaction::BadProof.into());
	});
	let both = ["entry", "entry", "logged", "secret", "served", "served", "verifiers", "verifiers"];
	assert_eq!(bench.kept(), both);

	bench.set_genesis(here);
	bench.on(|| {
		assert_eq!(refused(&other[0]), InvalidTransaction::BadProof.into());
		apply(commit[0].clone()).unwrap().unwrap();
		roll_to_phase(2, Phase::Reveal);
	});
	// With the first chain's commitment in the state, the second chain's node reveals nothing.
	bench.set_genesis(ELSEWHERE);
	assert!(bench.work().is_empty());
	assert!(bench.has_complained("node 1"), "a commitment that it did not make");
	bench.set_genesis(here);
	let calls = bench.work();
	assert_eq!(revealed(&calls).0, report);
	bench.include(calls);
	bench.on(|| Attestation::do_try_state().unwrap());
}
