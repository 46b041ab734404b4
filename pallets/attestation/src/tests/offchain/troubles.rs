//! What goes wrong, and that nothing follows from it.

use super::*;

#[test]
fn sends_nothing_when_the_daemon_fails() {
	let mut bench = Bench::new(4, &[1, 2], &[URL, OTHER]);
	let honest = bench.on(|| answer(report(2, 1)));
	let sign = |mut w: WorkerReport| {
		w.signature = media(1).sign(&w.report.media_payload(&w.genesis));
		w.encode()
	};
	let body = |bytes: Vec<u8>| Answer::Body(200, bytes);
	let mut trailing = honest.encode();
	trailing.push(0);
	let mut forged = honest.clone();
	forged.report.measurements[0].setup_ms = 1;
	let foreign_key = WorkerReport {
		signature: media(2).sign(&bench.on(|| honest.report.media_payload(&genesis()))),
		..honest.clone()
	};
	let mut other_era = honest.clone();
	other_era.report.era = 1;
	let other_chain = WorkerReport { genesis: Hash::repeat_byte(1), ..honest.clone() };
	let mut fewer = honest.clone();
	fewer.report.measurements.pop();
	let mut range = honest.clone();
	range.report.measurements[0].mos_centi = 501;
	let mut stranger = honest.clone();
	stranger.report.verifier = 9;
	let version = WorkerReport { version: 1, ..honest.clone() };
	let cases: Vec<(&str, Answer)> = vec![
		("down", Answer::Down),
		("slow", Answer::Slow),
		("stalled", Answer::Stalls(honest.encode())),
		("error", Answer::Body(500, honest.encode())),
		("redirect", Answer::Body(302, honest.encode())),
		("no content", Answer::Body(204, vec![])),
		("empty", body(vec![])),
		("oversized", body(vec![0; 100_000_000])),
		("one byte too long", body(vec![0; MAX_REPORT_BYTES as usize + 1])),
		("text", body(b"<html>not here</html>".to_vec())),
		("trailing", body(trailing)),
		("truncated", body(honest.encode()[..60].to_vec())),
		("forged", body(forged.encode())),
		("another's key", body(foreign_key.encode())),
		("another era", body(sign(other_era))),
		("another chain", body(sign(other_chain))),
		("another version", body(sign(version))),
		("too few targets", body(sign(fewer))),
		("out of range", body(sign(range))),
		("stranger", body(sign(stranger))),
	];
	let other = bench.on(|| report(2, 2));
	bench.serve(OTHER, other);
	for (what, answer) in cases {
		bench.db = TestPersistentOffchainDB::new();
		bench.start();
		let urls: Vec<Vec<u8>> = vec![URL.into(), OTHER.into()];
		bench.local(|db| {
			db.local_storage_set(StorageKind::PERSISTENT, WORKER_URLS_KEY, &urls.encode())
		});
		bench.daemons.set(URL, 2, answer);
		let calls = bench.work();
		assert!(
			matches!(calls[..], [Call::commit { verifier: 2, .. }]),
			"{what}: only the other daemon's, not {calls:?}"
		);
		assert!(bench.has_complained(URL), "{what}");
		assert!(!bench.has_complained(OTHER), "{what}");
		assert_eq!(bench.on(|| verifiers(&genesis())), vec![2], "{what}");
	}
	// It recovers: the same daemon, the same era, a good answer.
	bench.daemons.set(URL, 2, Answer::Body(200, honest.encode()));
	let calls = bench.work();
	assert!(calls.iter().any(|c| matches!(c, Call::commit { verifier: 1, .. })), "{calls:?}");
}

#[test]
fn does_not_complain_when_the_report_is_not_ready_yet() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	Clock::set(dtel_primitives::clock::EraClock {
		era_blocks: 10,
		commit_at: 3,
		reveal_at: 7,
		settle_at: 9,
	});
	bench.daemons.set(URL, 2, Answer::Body(404, vec![]));
	for (block, complained) in [(23, false), (24, false), (25, true)] {
		bench.on(|| System::set_block_number(block));
		assert!(bench.work().is_empty());
		assert_eq!(bench.has_complained(URL), complained, "block {block}");
	}
	assert_eq!(bench.daemons.asked(URL, 2), 3, "asked anew at each block");
	Clock::set(TEST_CLOCK);
}

#[test]
fn sends_nothing_when_the_key_is_missing() {
	let mut bench = Bench::new(4, &[2], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report);
	assert!(bench.work().is_empty());
	assert!(bench.has_complained(URL));
}

#[test]
fn leaves_a_daemon_alone_while_its_lock_is_held() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report);
	// Held by a worker that died: until then, nobody asks; then somebody does.
	let until = Timestamp::from_unix_millis(1_000);
	bench
		.local(|db| db.local_storage_set(StorageKind::PERSISTENT, &lock_key(URL), &until.encode()));
	assert!(bench.work().is_empty());
	assert_eq!(bench.daemons.asked(URL, 2), 0);
	assert!(!bench.has_complained(URL));
	bench.on(|| sp_io::offchain::sleep_until(until.add(Duration::from_millis(1))));
	assert_eq!(bench.work().len(), 1);
	assert_eq!(bench.db.get(&lock_key(URL)), None, "released");
}

#[test]
fn a_rival_commitment_is_not_revealed() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report.clone());
	assert_eq!(bench.work().len(), 1);
	// The same key in another node was faster.
	bench.on(|| assert_included(commit_call(&report)));
	assert!(bench.work().is_empty());
	assert!(bench.has_complained("node 1"));
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	assert!(bench.work().is_empty());
}

#[test]
fn says_so_when_the_commitment_did_not_get_in() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report);
	assert_eq!(bench.work().len(), 1);
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	assert!(bench.work().is_empty());
	assert!(bench.has_complained("node 1"));
}

#[test]
fn only_loopback_is_asked() {
	let mut bench = Bench::new(4, &[1], &["http://192.0.2.1:80"]);
	assert!(bench.work().is_empty());
	assert_eq!(bench.daemons.asked("http://192.0.2.1:80", 2), 0);
	assert!(bench.has_complained("http://192.0.2.1:80"));
}
