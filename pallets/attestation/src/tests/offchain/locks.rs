//! Dead workers' locks, and daemons that keep others waiting.

use super::*;
use crate::offchain::{FETCH_MS, LOCK_MS};
use sp_runtime::offchain::storage_lock::{StorageLock, Time};

const THIRD: &str = "http://127.0.0.1:7883";

impl Bench {
	/// A worker takes the lock of a daemon and dies.
	fn die_holding(&mut self, url: &str) {
		self.on(|| {
			let key = lock_key(url);
			let mut lock = StorageLock::<Time>::with_deadline(&key, Duration::from_millis(LOCK_MS));
			lock.try_lock().expect("free").forget();
		});
	}

	fn sleep_until(&mut self, millis: u64) {
		self.on(|| sp_io::offchain::sleep_until(Timestamp::from_unix_millis(millis)));
	}

	/// When something was handed to the pool, since the last call.
	fn times(&mut self) -> Vec<u64> {
		std::mem::take(&mut self.gate.lock().unwrap().times)
	}
}

fn served() -> (Bench, EraReport) {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report.clone());
	(bench, report)
}

#[test]
fn a_dead_workers_lock_ends_by_itself() {
	let (mut bench, _) = served();
	bench.sleep_until(10_000);
	bench.die_holding(URL);
	for millis in [10_001, 10_000 + LOCK_MS] {
		bench.sleep_until(millis);
		assert!(bench.work().is_empty(), "at {millis}");
		assert_eq!(bench.kept(), ["lock", "secret"]);
	}
	assert_eq!(bench.daemons.asked(URL, 2), 0);
	bench.sleep_until(10_001 + LOCK_MS);
	let calls = bench.work();
	commitment_of(&calls);
	bench.include(calls);
	assert_eq!(bench.kept(), DELIVERED, "and nobody holds it now");
}

/// The machine's clock was ahead when the worker died, and was put right.
#[test]
fn a_dead_workers_lock_from_the_future_does_not_outlive_the_era() {
	let (mut bench, _) = served();
	bench.sleep_until(3_600_000);
	bench.die_holding(URL);
	bench.start();
	bench.sleep_until(5_000);
	let calls = bench.work();
	commitment_of(&calls);
	bench.include(calls);
	assert_eq!(bench.kept(), DELIVERED);
}

#[test]
fn a_lock_that_is_no_time_is_none() {
	let (mut bench, _) = served();
	bench.local(|db| db.local_storage_set(StorageKind::PERSISTENT, &lock_key(URL), &[1, 2, 3]));
	assert_eq!(bench.work().len(), 1);
	assert_eq!(bench.kept(), DELIVERED);
}

#[test]
fn a_held_lock_concerns_one_daemon_and_no_reveal() {
	let mut bench = Bench::new(4, &[1, 2], &[URL, OTHER]);
	for (url, node) in [(URL, 1), (OTHER, 2)] {
		let report = bench.on(|| report(2, node));
		bench.serve(url, report);
	}
	bench.die_holding(URL);
	let calls = bench.work();
	assert!(matches!(calls[..], [Call::commit { verifier: 2, .. }]), "{calls:?}");
	bench.include(calls);
	bench.die_holding(OTHER);
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	let calls = bench.work();
	assert_eq!(revealed(&calls).0.verifier, 2);
	bench.include(calls);
	assert_eq!(bench.daemons.all_asked(), [format!("{OTHER}/v1/report/2")]);
	assert_eq!(bench.kept(), ["entry", "lock", "lock", "secret", "served", "verifiers"]);
}

/// A hung daemon costs its own time, and nobody else's commitment.
#[test]
fn a_commitment_does_not_wait_for_another_daemon() {
	let mut bench = Bench::new(4, &[1], &[URL, OTHER, THIRD]);
	let report = bench.on(|| report(2, 1));
	bench.daemons.set(URL, 2, Answer::Slow);
	bench.serve(OTHER, report);
	bench.daemons.set(THIRD, 2, Answer::Stalls(vec![1, 2, 3]));
	let calls = bench.work();
	commitment_of(&calls);
	assert_eq!(bench.times(), vec![FETCH_MS], "as soon as it was here");
	assert_eq!(bench.time(), 2 * FETCH_MS, "no daemon costs more than its deadline");
	assert!(bench.has_complained(URL) && bench.has_complained(THIRD));
	assert!(!bench.has_complained(OTHER));
	bench.include(calls);
	assert_eq!(bench.kept(), ["entry", "logged", "logged", "secret", "served", "verifiers"]);
}

/// What is already here and is not in the chain leaves before anybody is asked for anything.
#[test]
fn what_is_here_does_not_wait_for_any_daemon() {
	let mut bench = Bench::new(4, &[1], &[OTHER, URL]);
	let report = bench.on(|| report(2, 1));
	bench.daemons.set(OTHER, 2, Answer::Slow);
	bench.serve(URL, report);
	bench.gate.lock().unwrap().refuses = true;
	assert!(bench.work().is_empty());
	assert_eq!(bench.times(), vec![FETCH_MS], "refused once, and not asked again at once");
	bench.gate.lock().unwrap().refuses = false;
	let now = bench.time();
	let calls = bench.work();
	commitment_of(&calls);
	assert_eq!(bench.times(), vec![now]);
	bench.include(calls);
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	let now = bench.time();
	let calls = bench.work();
	assert_eq!(revealed(&calls).0.verifier, 1);
	assert_eq!(bench.times(), vec![now]);
	bench.include(calls);
}
