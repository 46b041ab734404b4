//! The worker's own storage is lost, but for the secret; the daemon still has its report.

use super::*;

impl Bench {
	/// Loses all that was stored, but for the addresses of the daemons and the secret.
	fn lose(&mut self, urls: &[&str]) {
		let secret = self.on(secret).expect("drawn");
		self.db = TestPersistentOffchainDB::new();
		self.start();
		let urls: Vec<Vec<u8>> = urls.iter().map(|u| u.as_bytes().to_vec()).collect();
		self.local(|db| {
			db.local_storage_set(StorageKind::PERSISTENT, WORKER_URLS_KEY, &urls.encode());
			let key = ("dtel::attestation/", "secret", ()).encode();
			db.local_storage_set(StorageKind::PERSISTENT, &key, &secret.encode());
		});
	}

	#[track_caller]
	fn reveals(&mut self, expected: &EraReport) {
		let calls = self.work();
		let [Call::reveal { report, .. }] = &calls[..] else { panic!("{calls:?}") };
		assert_eq!(report, expected);
		self.on(|| {
			calls.into_iter().for_each(assert_included);
			assert_eq!(Attestation::era_progress(2).2, 1);
		});
	}
}

#[test]
fn a_lost_entry_is_made_anew_and_revealed() {
	let (mut bench, report) = Bench::committed();
	bench.lose(&[URL]);
	bench.reveals(&report);
	bench.on(|| {
		assert_eq!(entry(&genesis(), 1, 2).unwrap().report, report);
		assert_eq!(verifiers(&genesis()), vec![1]);
	});
	assert!(bench.work().is_empty());
	assert_eq!(bench.daemons.asked(URL, 2), 2, "to commit, and to recover");
	assert!(!bench.has_complained(URL) && !bench.has_complained("node 1"));
}

#[test]
fn a_lost_entry_is_made_anew_though_it_is_known_whose_daemon_it_is() {
	let (mut bench, report) = Bench::committed();
	bench.lose_entry();
	bench.reveals(&report);
}

#[test]
fn an_entry_of_another_fork_is_replaced() {
	let (mut bench, report) = Bench::committed();
	let other = bench.on(|| report_with(2, 1, |t| Measurement { mos_centi: 200, ..good(t) }));
	bench.on(|| {
		let key = entry_key(&genesis(), 1, 2);
		let value = sp_runtime::offchain::storage::StorageValueRef::persistent(&key);
		let mut there = entry(&genesis(), 1, 2).unwrap();
		there.report = other;
		value.set(&there);
	});
	bench.reveals(&report);
	assert!(!bench.has_complained("node 1"));
}

/// From its first commitment on chain, over a fork with other duties, and back.
#[test]
fn a_fork_across_the_epoch_loses_nothing() {
	let mut bench = Bench::new(9, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report.clone());
	let calls = bench.work();
	let draw = bench.on(|| crate::Seeds::<Test>::get(2)).unwrap();
	bench.on(|| {
		for byte in 0u8.. {
			let draw = crate::Draw { seed: [byte; 32], targets: 5 };
			crate::Seeds::<Test>::insert(2, draw);
			if Attestation::check_report(&report).is_err() {
				break;
			}
		}
	});
	// The daemon never changes what it served.
	assert!(bench.work().is_empty());
	bench.on(|| {
		assert_eq!(entry(&genesis(), 1, 2), None, "worth nothing on this fork");
		crate::Seeds::<Test>::insert(2, draw);
		calls.into_iter().for_each(assert_included);
		roll_to_phase(2, Phase::Reveal);
	});
	bench.reveals(&report);
}

#[test]
fn what_was_not_committed_to_is_not_revealed() {
	let (mut bench, report) = Bench::committed();
	bench.lose(&[URL]);
	let other = bench.on(|| report_with(2, 1, |t| Measurement { mos_centi: 200, ..good(t) }));
	bench.serve(URL, other);
	assert!(bench.work().is_empty());
	assert!(bench.has_complained(URL));
	bench.on(|| assert_eq!(entry(&genesis(), 1, 2), None));
	// It had its chance in this era.
	bench.serve(URL, report);
	bench.on(|| System::set_block_number(26));
	assert!(bench.work().is_empty());
	assert_eq!(bench.daemons.asked(URL, 2), 2);
}

#[test]
fn nothing_is_revealed_with_another_secret() {
	let (mut bench, _) = Bench::committed();
	bench.db = TestPersistentOffchainDB::new();
	bench.start();
	bench.local(|db| {
		let urls: Vec<Vec<u8>> = vec![URL.into()];
		db.local_storage_set(StorageKind::PERSISTENT, WORKER_URLS_KEY, &urls.encode())
	});
	assert!(bench.work().is_empty());
	assert!(bench.has_complained(URL));
}

#[test]
fn a_daemon_that_does_not_answer_is_asked_again() {
	let (mut bench, report) = Bench::committed();
	bench.lose(&[URL]);
	for answer in [Answer::Down, Answer::Slow] {
		bench.daemons.set(URL, 2, answer);
		assert!(bench.work().is_empty());
	}
	bench.serve(URL, report.clone());
	bench.on(|| System::set_block_number(26));
	bench.reveals(&report);
	assert_eq!(bench.daemons.asked(URL, 2), 4);
}

#[test]
fn a_daemon_without_a_duty_is_asked_once_and_not_blamed() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	bench.daemons.set(URL, 2, Answer::Body(404, vec![]));
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	for block in [25, 26] {
		bench.on(|| System::set_block_number(block));
		assert!(bench.work().is_empty());
	}
	assert_eq!(bench.daemons.asked(URL, 2), 1);
	assert!(!bench.has_complained(URL));
}

#[test]
fn a_report_nobody_committed_to_stays_where_it_is() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report);
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	assert!(bench.work().is_empty());
	assert!(bench.has_complained(URL));
}

#[test]
fn nobody_is_asked_for_what_is_revealed() {
	let (mut bench, report) = Bench::committed();
	bench.reveals(&report);
	bench.lose_entry();
	assert!(bench.work().is_empty());
	assert_eq!(bench.daemons.asked(URL, 2), 1);
}

#[test]
fn the_secret_is_drawn_once_and_early() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	bench.on(|| System::set_block_number(20));
	assert!(bench.work().is_empty());
	let key = ("dtel::attestation/", "secret", ()).encode();
	assert_eq!(bench.db.get(&key), Some(vec![2; 32]), "in the measure phase already");
	let salts = |bench: &mut Bench| {
		bench.on(|| {
			let other = Hash::repeat_byte(9);
			let salts = [
				salt(&genesis(), 1, 2),
				salt(&genesis(), 1, 3),
				salt(&genesis(), 2, 2),
				salt(&other, 1, 2),
			];
			salts.map(Option::unwrap)
		})
	};
	let first = salts(&mut bench);
	for (i, salt) in first.iter().enumerate() {
		assert!(!first[..i].contains(salt), "each its own");
	}
	for _ in 0..3 {
		bench.start();
		assert!(bench.work().is_empty());
		assert_eq!(salts(&mut bench), first);
	}
	assert_eq!(bench.db.get(&key), Some(vec![2; 32]));
}

#[test]
fn a_node_without_daemons_draws_no_secret() {
	let mut bench = Bench::new(4, &[1], &[]);
	assert!(bench.work().is_empty());
	assert_eq!(bench.db.get(&("dtel::attestation/", "secret", ()).encode()), None);
}
