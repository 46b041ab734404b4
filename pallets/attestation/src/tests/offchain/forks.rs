//! The same era seen twice, and restarts at the worst moments.

use super::*;
use crate::{Draw, MemberIndex, Seeds};
use dtel_primitives::clock::EraClock;

/// Phases long enough to send a thing again.
const LONG: EraClock = EraClock { era_blocks: 30, commit_at: 3, reveal_at: 14, settle_at: 25 };

impl Bench {
	/// Node 1 of nine, in the first block of the commit phase of era 2, block 63.
	fn long() -> (Self, EraReport) {
		let mut bench = Self::new(9, &[1], &[URL]);
		Clock::set(LONG);
		bench.on(|| roll_to(63));
		let report = bench.on(|| report(2, 1));
		bench.serve(URL, report.clone());
		(bench, report)
	}
}

/// A seed under which `report` is about the wrong nodes.
fn other_seed(report: &EraReport) {
	for byte in 0u8.. {
		let there = Seeds::<Test>::get(2).unwrap();
		Seeds::<Test>::insert(2, Draw { seed: [byte; 32], ..there });
		if Attestation::check_report(report).is_err() {
			break;
		}
	}
}

#[test]
fn the_same_era_in_another_block_gets_the_same_commitment() {
	let (mut bench, report) = Bench::long();
	bench.fork();
	let on_fork = bench.work();
	let bound = commitment_of(&on_fork);
	bench.include(on_fork.clone());
	bench.on(|| System::set_block_number(65));
	assert!(bench.work().is_empty(), "it is in");
	bench.leave_fork();
	// Block 63 again, another one. What was sent at 63 may still be on its way; at 65 it is not.
	assert!(bench.work().is_empty());
	bench.on(|| System::set_block_number(65));
	let again = bench.work();
	assert_eq!(commitment_of(&again), bound);
	bench.include(again);
	bench.on(|| {
		// What the fork held is a double of what is in.
		assert!(apply(on_fork[0].clone()).is_err());
		roll_to_phase(2, Phase::Reveal);
	});
	let calls = bench.work();
	assert_eq!(revealed(&calls).0, report);
	bench.include(calls);
	assert_eq!(bench.daemons.asked(URL, 2), 1);
	assert_eq!(bench.kept(), DELIVERED);
	bench.on(|| Attestation::do_try_state().unwrap());
}

#[test]
fn a_reveal_that_a_fork_dropped_is_sent_again_the_same() {
	let (mut bench, report) = Bench::long();
	let calls = bench.work();
	bench.include(calls);
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	bench.fork();
	let on_fork = bench.work();
	bench.include(on_fork.clone());
	bench.on(|| assert_eq!(Attestation::era_progress(2).2, 1));
	bench.leave_fork();
	bench.on(|| assert_eq!(Attestation::era_progress(2).2, 0));
	bench.start();
	bench.on(|| System::set_block_number(76));
	let again = bench.work();
	assert_eq!(revealed(&again), revealed(&on_fork));
	assert_eq!(revealed(&again).0, report);
	bench.include(again);
	assert!(bench.work().is_empty());
	assert_eq!(bench.kept(), DELIVERED);
}

#[test]
fn another_seed_and_back_gives_one_commitment_for_each() {
	let (mut bench, report) = Bench::long();
	let bound = commitment_of(&bench.work());
	bench.fork();
	let on_fork = bench.on(|| {
		other_seed(&report);
		super::report(2, 1)
	});
	bench.serve(URL, on_fork.clone());
	let calls = bench.work();
	let bound_on_fork = commitment_of(&calls);
	assert_ne!(bound_on_fork, bound);
	bench.include(calls);
	bench.on(|| assert_eq!(entry(&genesis(), 1, 2).unwrap().report, on_fork));
	assert_eq!(bench.kept(), DELIVERED, "one entry, whatever the forks");
	bench.leave_fork();
	bench.serve(URL, report.clone());
	let calls = bench.work();
	assert_eq!(commitment_of(&calls), bound, "the salt is the era's, not the fork's");
	bench.include(calls);
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	let calls = bench.work();
	assert_eq!(revealed(&calls).0, report);
	bench.include(calls);
}

#[test]
fn a_fork_without_the_verifier_costs_it_nothing() {
	let (mut bench, report) = Bench::long();
	let bound = commitment_of(&bench.work());
	bench.fork();
	bench.on(|| MemberIndex::<Test>::remove(2, 1));
	assert!(bench.work().is_empty());
	assert!(bench.has_complained(URL));
	bench.leave_fork();
	let calls = bench.work();
	assert_eq!(commitment_of(&calls), bound);
	bench.include(calls);
	bench.on(|| assert_eq!(entry(&genesis(), 1, 2).unwrap().report, report));
}

#[test]
fn an_era_that_returns_after_the_next_one_began_is_served_again() {
	let (mut bench, report) = Bench::long();
	let calls = bench.work();
	bench.include(calls);
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	bench.fork();
	bench.on(|| roll_to_phase(3, Phase::Commit));
	let next = bench.on(|| super::report(3, 1));
	bench.serve(URL, next.clone());
	assert_eq!(bench.work().len(), 1);
	bench.leave_fork();
	let calls = bench.work();
	assert_eq!(revealed(&calls).0, report);
	bench.include(calls);
	bench.on(|| {
		assert_eq!(entry(&genesis(), 1, 3).unwrap().report, next);
		assert_eq!(entry(&genesis(), 1, 2).unwrap().report, report);
	});
	assert_eq!(bench.kept(), ["entry", "entry", "secret", "served", "verifiers"]);
}

/// Killed after it had stored the report, and before anything left the node.
#[test]
fn a_restart_before_the_commitment_left_binds_the_same_report() {
	let (mut bench, report) = Bench::long();
	bench.gate.lock().unwrap().refuses = true;
	assert!(bench.work().is_empty());
	bench.on(|| {
		let kept = entry(&genesis(), 1, 2).unwrap();
		assert_eq!((kept.report, kept.committed, kept.revealed), (report.clone(), None, None));
	});
	assert_eq!(bench.kept(), DELIVERED);
	bench.gate.lock().unwrap().refuses = false;
	bench.start();
	let second = bench.on(|| report_with(2, 1, |t| Measurement { mos_centi: 200, ..good(t) }));
	bench.serve(URL, second);
	let calls = bench.work();
	bench.on(|| {
		let kept = entry(&genesis(), 1, 2).unwrap();
		assert_eq!((&kept.report, kept.committed), (&report, Some(63)));
		assert_eq!(commitment_of(&calls), report.commitment(&genesis(), &kept.salt));
	});
	bench.include(calls);
	assert_eq!(bench.daemons.asked(URL, 2), 1);
}

/// Restarted in every block from the commitment to the reveal, without its daemon.
#[test]
fn restarts_between_commit_and_reveal_lose_nothing() {
	let (mut bench, report) = Bench::long();
	let calls = bench.work();
	bench.include(calls);
	bench.daemons.set(URL, 2, Answer::Down);
	let salt = bench.on(|| entry(&genesis(), 1, 2).unwrap().salt);
	for block in 64..74 {
		bench.start();
		bench.on(|| roll_to(block));
		assert!(bench.work().is_empty(), "block {block}");
		assert_eq!(bench.kept(), DELIVERED);
	}
	bench.start();
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	let calls = bench.work();
	assert_eq!(revealed(&calls), (report, salt));
	bench.include(calls);
	assert_eq!(bench.daemons.asked(URL, 2), 1);
}

/// What a restart loses of the pool is sent again, and only that.
#[test]
fn a_restart_that_empties_the_pool_sends_again() {
	let (mut bench, _) = Bench::long();
	let bound = commitment_of(&bench.work());
	bench.start();
	let mut sent = Vec::new();
	for block in 64..70 {
		bench.on(|| System::set_block_number(block));
		sent.extend(bench.work().into_iter().map(|call| (block, commitment_of(&[call]))));
	}
	assert_eq!(sent, vec![(65, bound), (67, bound), (69, bound)]);
}
