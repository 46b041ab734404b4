//! Commit, reveal, restart, fork.

use super::*;

#[test]
fn commits_and_reveals() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report.clone());
	let calls = bench.work();
	commitment_of(&calls);
	bench.on(|| {
		calls.into_iter().for_each(assert_included);
		roll_to_phase(2, Phase::Reveal);
	});
	let calls = bench.work();
	let [Call::reveal { report: revealed, .. }] = &calls[..] else { panic!("{calls:?}") };
	assert_eq!(*revealed, report);
	bench.on(|| {
		calls.into_iter().for_each(assert_included);
		assert!(events().contains(&Event::Revealed { era: 2, verifier: 1 }));
		assert_eq!(Attestation::era_progress(2), (4, 1, 1, 0));
	});
	assert!(bench.work().is_empty());
	assert!(!bench.has_complained(URL) && !bench.has_complained("node 1"));
	assert_eq!(bench.daemons.asked(URL, 2), 1);
}

#[test]
fn does_nothing_in_other_phases_or_when_too_late() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report);
	// The last block of each phase: what is sent would be included in the next.
	for block in [20, 22, 24, 27, 28, 29] {
		bench.on(|| System::set_block_number(block));
		assert!(bench.work().is_empty());
	}
	assert_eq!(bench.daemons.asked(URL, 2), 0);
	bench.on(|| System::set_block_number(23));
	assert_eq!(bench.work().len(), 1);
}

#[test]
fn salt_and_report_survive_a_restart_and_another_answer() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let first = bench.on(|| report(2, 1));
	bench.serve(URL, first.clone());
	let calls = bench.work();
	bench.on(|| calls.into_iter().for_each(assert_included));

	bench.start();
	let second = bench.on(|| report_with(2, 1, |t| Measurement { mos_centi: 200, ..good(t) }));
	bench.serve(URL, second);
	assert!(bench.work().is_empty());
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	let calls = bench.work();
	let [Call::reveal { report, salt, .. }] = &calls[..] else { panic!("{calls:?}") };
	let (genesis, secret) = bench.on(|| (genesis(), secret().unwrap()));
	assert_eq!(secret, [2; 32], "the secret of the first start");
	let derived = ("dtel/salt/1", secret, genesis, 2u32, 1u32).encode();
	assert_eq!((report, *salt), (&first, sp_io::hashing::blake2_256(&derived)));
	bench.on(|| calls.into_iter().for_each(assert_included));
}

#[test]
fn reveals_without_its_daemon_or_even_its_address() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report);
	let calls = bench.work();
	bench.on(|| {
		calls.into_iter().for_each(assert_included);
		roll_to_phase(2, Phase::Reveal);
	});
	bench.start();
	bench.local(|db| db.local_storage_clear(StorageKind::PERSISTENT, WORKER_URLS_KEY));
	let calls = bench.work();
	assert_eq!(calls.len(), 1);
	bench.on(|| calls.into_iter().for_each(assert_included));
}

#[test]
fn commits_to_the_same_when_a_fork_dropped_it() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	bench.on(|| {
		Clock::set(dtel_primitives::clock::EraClock {
			era_blocks: 30,
			commit_at: 3,
			reveal_at: 18,
			settle_at: 28,
		})
	});
	bench.on(|| {
		roll_to(63);
	});
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report);
	let first = bench.work();
	let bound = commitment_of(&first);
	bench.on(|| {
		System::set_block_number(64);
		first.into_iter().for_each(assert_included);
	});
	assert!(bench.work().is_empty());
	// Another block 64 without it becomes the best: it may still be on its way …
	bench.on(|| {
		Commitments::<Test>::remove(2, 1);
		crate::Eras::<Test>::remove(2);
	});
	assert!(bench.work().is_empty());
	// … but not for ever. Nor does a restart change what is bound.
	bench.start();
	bench.on(|| System::set_block_number(65));
	let again = bench.work();
	assert_eq!(commitment_of(&again), bound);
	bench.on(|| System::set_block_number(66));
	assert!(bench.work().is_empty(), "sent a block ago");
	// A fork that goes back further: what was sent at 65 was sent on another one.
	bench.on(|| System::set_block_number(64));
	assert_eq!(commitment_of(&bench.work()), bound);
	bench.on(|| {
		again.into_iter().for_each(assert_included);
		Attestation::do_try_state().unwrap();
	});
	assert_eq!(bench.daemons.asked(URL, 2), 1);
	Clock::set(TEST_CLOCK);
}

#[test]
fn takes_a_new_report_when_a_fork_changed_the_duty() {
	let mut bench = Bench::new(9, &[1], &[URL]);
	let old = bench.on(|| report(2, 1));
	bench.serve(URL, old.clone());
	assert_eq!(bench.work().len(), 1);
	let new = bench.on(|| {
		// Another seed: other targets.
		for byte in 0u8.. {
			let draw = crate::Draw { seed: [byte; 32], targets: 5 };
			crate::Seeds::<Test>::insert(2, draw);
			if Attestation::check_report(&old).is_err() {
				break;
			}
		}
		report(2, 1)
	});
	bench.serve(URL, new.clone());
	let calls = bench.work();
	commitment_of(&calls);
	bench.on(|| {
		calls.into_iter().for_each(assert_included);
		roll_to_phase(2, Phase::Reveal);
	});
	let calls = bench.work();
	let [Call::reveal { report, .. }] = &calls[..] else { panic!("{calls:?}") };
	assert_eq!(*report, new);
}

/// Each way in which a daemon can fail: nothing is sent, one complaint, no other daemon suffers.
#[test]
fn signs_for_two_daemons_with_two_keys() {
	let mut bench = Bench::new(4, &[1, 2], &[URL, OTHER]);
	for (url, node) in [(URL, 1), (OTHER, 2)] {
		let report = bench.on(|| report(2, node));
		bench.serve(url, report);
	}
	let calls = bench.work();
	assert_eq!(calls.len(), 2);
	bench.on(|| {
		calls.into_iter().for_each(assert_included);
		roll_to_phase(2, Phase::Reveal);
	});
	let calls = bench.work();
	assert_eq!(calls.len(), 2);
	bench.on(|| {
		calls.into_iter().for_each(assert_included);
		assert_eq!(Attestation::era_progress(2), (4, 2, 2, 0));
	});
}

#[test]
fn resends_a_reveal_that_is_not_in_the_chain() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report);
	let calls = bench.work();
	bench.on(|| {
		calls.into_iter().for_each(assert_included);
		roll_to_phase(2, Phase::Reveal);
	});
	Clock::set(dtel_primitives::clock::EraClock { settle_at: 9, ..TEST_CLOCK });
	assert_eq!(bench.work().len(), 1);
	bench.on(|| System::set_block_number(26));
	assert!(bench.work().is_empty());
	bench.on(|| System::set_block_number(27));
	assert_eq!(bench.work().len(), 1);
	Clock::set(TEST_CLOCK);
}

#[test]
fn only_a_few_eras_are_kept() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let genesis = bench.on(genesis);
	for era in 2..8 {
		bench.on(|| roll_to_phase(era, Phase::Commit));
		let report = bench.on(|| report(era, 1));
		bench.serve(URL, report);
		assert_eq!(bench.work().len(), 1, "era {era}");
	}
	bench.on(|| {
		for era in 0..4 {
			assert_eq!(entry(&genesis, 1, era), None, "era {era} is overwritten");
		}
		for era in 4..8 {
			assert_eq!(entry(&genesis, 1, era).unwrap().report.era, era);
		}
		assert_eq!(verifiers(&genesis), vec![1]);
	});
}

#[test]
fn the_first_report_stays_when_two_daemons_speak_for_one_node() {
	let mut bench = Bench::new(4, &[1], &[URL, OTHER]);
	let first = bench.on(|| report(2, 1));
	let second = bench.on(|| report_with(2, 1, |t| Measurement { mos_centi: 200, ..good(t) }));
	bench.serve(URL, first.clone());
	bench.serve(OTHER, second);
	let calls = bench.work();
	commitment_of(&calls);
	bench.on(|| {
		assert_eq!(entry(&genesis(), 1, 2).unwrap().report, first);
		calls.into_iter().for_each(assert_included);
		roll_to_phase(2, Phase::Reveal);
	});
	let calls = bench.work();
	assert_eq!(calls.len(), 1);
	bench.on(|| calls.into_iter().for_each(assert_included));
}
