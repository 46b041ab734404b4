//! A daemon that fails, lies, or floods: nothing is sent, nothing is kept, no time or memory is lost.

use super::*;
use crate::offchain::FETCH_MS;
use dtel_primitives::clock::EraClock;

const CAP: usize = MAX_REPORT_BYTES as usize;

/// What a daemon may do instead of serving `honest`, of era 2 and node 1.
fn misdeeds(honest: &EraReport) -> Vec<(String, Answer)> {
	let good = answer(honest.clone());
	let full = good.encode();
	let sign = |report: EraReport| answer(report).encode();
	let body = |what: &str, bytes| -> (String, Answer) { (what.into(), Answer::Body(200, bytes)) };
	let mut forged = good.clone();
	forged.report.measurements[0].rtt_us = 1;
	let mut other_target = honest.clone();
	other_target.measurements[2].target = 77;
	let mut doubled = honest.clone();
	let first = doubled.measurements[0];
	doubled.measurements[1] = first;
	let mut impossible = honest.clone();
	impossible.measurements[0].calls_up = 3;
	let mut noise = vec![0; 300];
	for (i, byte) in noise.iter_mut().enumerate() {
		*byte = (i * 73 + 11) as u8;
	}
	let foreign = WorkerReport {
		signature: media(2).sign(&honest.media_payload(&genesis())),
		..good.clone()
	};
	let chain = WorkerReport { genesis: Hash::repeat_byte(1), ..good.clone() };
	let mut all = vec![
		("down".into(), Answer::Down),
		("slow".into(), Answer::Slow),
		("begins and stalls".into(), Answer::Stalls(full.clone())),
		("stalls before the first byte".into(), Answer::Stalls(vec![])),
		("drips too slowly".into(), Answer::Drips(full.clone(), FETCH_MS / 10)),
		("drips for ever".into(), Answer::Drips(vec![0; 1 << 20], 1)),
		("100 MB".into(), Answer::Body(200, vec![0; 100_000_000])),
		("endless by bytes".into(), Answer::Endless(1)),
		("endless by pages".into(), Answer::Endless(4_096)),
		("endless by odd chunks".into(), Answer::Endless(1_000)),
		body("just too long", [full.clone(), vec![0; CAP + 1 - full.len()]].concat()),
		body("padded to the cap", [full.clone(), vec![0; CAP - full.len()]].concat()),
		body("empty", vec![]),
		body("one byte", vec![1]),
		body("noise", noise),
		body("text", b"<html>it works</html>".to_vec()),
		body("a byte too few", full[..full.len() - 1].to_vec()),
		body("a byte too many", [full.clone(), vec![0]].concat()),
		body("twice", [full.clone(), full.clone()].concat()),
		body("another era, past", sign(EraReport { era: 1, ..honest.clone() })),
		body("another era, future", sign(EraReport { era: 3, ..honest.clone() })),
		body("the last era there is", sign(EraReport { era: u32::MAX, ..honest.clone() })),
		body("another chain", chain.encode()),
		body("no signature", WorkerReport { signature: Default::default(), ..good }.encode()),
		body("another's signature", foreign.encode()),
		body("changed after signing", forged.encode()),
		body("a stranger", sign(EraReport { verifier: 99, ..honest.clone() })),
		body("another target", sign(other_target)),
		body("a target twice", sign(doubled)),
		body("no targets", sign(EraReport { measurements: Default::default(), ..honest.clone() })),
		body("more calls up than tried", sign(impossible)),
	];
	for code in [
		0, 100, 199, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 405, 410,
		429, 500, 502, 503, 999,
	] {
		all.push((format!("status {code}"), Answer::Body(code, full.clone())));
	}
	all
}

/// The address of node 1's report of era 2, and nothing else, was asked.
fn only_asked_there(bench: &Bench, what: &str) {
	assert_eq!(bench.daemons.all_asked(), [format!("{URL}/v1/report/2")], "{what}");
}

#[test]
fn nothing_is_sent_or_kept_in_the_commit_phase() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let honest = bench.on(|| report(2, 1));
	for (what, answer) in bench.on(|| misdeeds(&honest)) {
		bench.db = TestPersistentOffchainDB::new();
		bench.daemons = Daemons::default();
		bench.start();
		bench.local(|db| {
			let urls: Vec<Vec<u8>> = vec![URL.into()];
			db.local_storage_set(StorageKind::PERSISTENT, WORKER_URLS_KEY, &urls.encode())
		});
		bench.daemons.set(URL, 2, answer);
		assert!(bench.work().is_empty(), "{what}");
		assert!(bench.has_complained(URL), "{what}");
		assert_eq!(bench.kept(), TROUBLED, "{what}");
		assert!(bench.daemons.bytes_read() <= 2 * CAP, "{what}");
		assert!(bench.time() <= FETCH_MS, "{what}");
		only_asked_there(&bench, &what);
		assert_eq!(bench.daemons.asked(URL, 2), 1, "{what}");

		// The same daemon in the same era comes to its senses.
		bench.serve(URL, honest.clone());
		commitment_of(&bench.work());
		assert_eq!(bench.kept(), ["entry", "logged", "secret", "served", "verifiers"], "{what}");
	}
	bench.on(|| assert_eq!(Attestation::era_progress(2), (4, 0, 0, 0)));
}

#[test]
fn nothing_is_sent_or_kept_when_a_lost_report_is_asked_for() {
	let (mut bench, honest) = Bench::committed();
	bench.lose_entry();
	// The last block in which a reveal can be sent.
	bench.on(|| System::set_block_number(26));
	for (what, answer) in bench.on(|| misdeeds(&honest)) {
		bench.daemons = Daemons::default();
		bench.start();
		bench.daemons.set(URL, 2, answer);
		let logged = bench.on(|| logged_key(&genesis(), URL));
		bench.local(|db| db.local_storage_clear(StorageKind::PERSISTENT, &logged));
		assert!(bench.work().is_empty(), "{what}");
		assert!(bench.has_complained(URL), "{what}");
		assert_eq!(bench.kept(), ["logged", "secret", "served", "verifiers"], "{what}");
		assert!(bench.daemons.bytes_read() <= 2 * CAP, "{what}");
		assert!(bench.time() <= FETCH_MS, "{what}");
		only_asked_there(&bench, &what);
	}
	// Another report than that which is bound, however well signed, is no help either.
	bench.on(|| assert!(!Commitments::<Test>::get(2, 1).unwrap().is_revealed()));
	bench.serve(URL, honest.clone());
	let calls = bench.work();
	assert_eq!(revealed(&calls).0, honest);
	bench.include(calls);
	assert_eq!(bench.kept(), ["asked", "entry", "logged", "secret", "served", "verifiers"]);
}

#[test]
fn nothing_that_a_daemon_does_later_touches_what_is_bound() {
	let (mut bench, honest) = Bench::committed();
	let before = bench.on(|| entry(&genesis(), 1, 2));
	let reveal = bench.work();
	for (what, answer) in bench.on(|| misdeeds(&honest)) {
		bench.daemons = Daemons::default();
		bench.start();
		bench.daemons.set(URL, 2, answer);
		assert!(bench.work().is_empty(), "{what}");
		assert!(bench.daemons.all_asked().is_empty(), "{what}");
		assert_eq!(bench.kept(), DELIVERED, "{what}");
	}
	let after = bench.on(|| entry(&genesis(), 1, 2)).unwrap();
	let before = before.unwrap();
	assert_eq!((&after.report, after.salt), (&before.report, before.salt));
	assert_eq!(after.revealed, Some(25));
	bench.include(reveal);
}

/// However long it would send, what is taken of it is a page beyond the cap at most.
#[test]
fn reading_stops_at_the_cap() {
	for (chunk, read) in [(1, CAP + 1), (1_000, 5_000), (4_096, 2 * CAP), (1 << 20, 2 * CAP)] {
		let mut bench = Bench::new(4, &[1], &[URL]);
		bench.daemons.set(URL, 2, Answer::Endless(chunk));
		assert!(bench.work().is_empty());
		assert_eq!(bench.daemons.bytes_read(), read, "by {chunk}");
		assert_eq!(bench.kept(), TROUBLED);
	}
}

#[test]
fn an_honest_daemon_may_be_slow_within_the_deadline() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	let body = bench.on(|| answer(report.clone())).encode();
	let pause = FETCH_MS / (body.len() as u64 + 1);
	assert!(pause > 0);
	bench.daemons.set(URL, 2, Answer::Drips(body.clone(), pause));
	let calls = bench.work();
	commitment_of(&calls);
	bench.include(calls);
	assert_eq!(bench.daemons.bytes_read(), body.len());
	assert!(bench.time() > FETCH_MS / 2 && bench.time() <= FETCH_MS);
	assert_eq!(bench.kept(), DELIVERED);
}

#[test]
fn a_daemon_without_a_report_is_asked_in_every_block_and_blamed_in_the_last() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	Clock::set(EraClock { era_blocks: 10, commit_at: 3, reveal_at: 7, settle_at: 9 });
	let old = bench.on(|| answer(EraReport { era: 1, ..report.clone() }));
	// What comes with a 404 is not read.
	bench.daemons.set(URL, 2, Answer::Body(404, old.encode()));
	for (block, kept) in [(23, &["secret"][..]), (24, &["secret"]), (25, &TROUBLED)] {
		bench.on(|| System::set_block_number(block));
		assert!(bench.work().is_empty());
		assert_eq!(bench.kept(), kept, "block {block}");
	}
	bench.serve(URL, report);
	let calls = bench.work();
	commitment_of(&calls);
	bench.include(calls);
	Clock::set(TEST_CLOCK);
}
