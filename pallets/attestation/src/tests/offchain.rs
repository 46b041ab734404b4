//! The off-chain worker against daemons, keystore, pool and local storage of its own.

use super::*;
use crate::{
	offchain::inside::{entry, is_loopback, lock_key, logged_key, verifiers},
	Commitments, Event,
};
use dtel_primitives::{
	report::{WorkerReport, MAX_REPORT_BYTES, REPORT_VERSION},
	ATTESTOR_KEY_TYPE, WORKER_URLS_KEY,
};
use frame_support::traits::Hooks;
use sp_core::{
	offchain::{
		testing::{TestOffchainExt, TestPersistentOffchainDB, TestTransactionPoolExt},
		DbExternalities, Duration, Externalities, HttpError, HttpRequestId, HttpRequestStatus,
		OffchainDbExt, OffchainWorkerExt, OpaqueNetworkState, StorageKind, Timestamp,
		TransactionPoolExt,
	},
	OpaquePeerId,
};
use sp_io::TestExternalities;
use sp_keystore::{testing::MemoryKeystore, Keystore, KeystoreExt};
use std::{
	collections::BTreeMap,
	sync::{Arc, Mutex},
};

const URL: &str = "http://127.0.0.1:7881";
const OTHER: &str = "http://[::1]:7882";

/// What a daemon answers.
#[derive(Clone)]
enum Answer {
	Body(u16, Vec<u8>),
	/// Nobody listens.
	Down,
	/// It never answers.
	Slow,
	/// It begins to answer, and then never ends.
	Stalls(Vec<u8>),
}

/// Daemons by URL of the report, and how often each was asked.
#[derive(Clone, Default)]
struct Daemons(Arc<Mutex<BTreeMap<String, (Answer, u32)>>>);

impl Daemons {
	fn set(&self, base: &str, era: EraIndex, answer: Answer) {
		let url = format!("{base}/v1/report/{era}");
		let mut all = self.0.lock().unwrap();
		let asked = all.get(&url).map_or(0, |(_, asked)| *asked);
		all.insert(url, (answer, asked));
	}
	fn asked(&self, base: &str, era: EraIndex) -> u32 {
		let url = format!("{base}/v1/report/{era}");
		self.0.lock().unwrap().get(&url).map_or(0, |(_, asked)| *asked)
	}
}

/// The SDK's test externalities with an HTTP client that knows other statuses than 200.
struct Node {
	inner: TestOffchainExt,
	daemons: Daemons,
	requests: Vec<(Answer, usize)>,
}

impl Node {
	fn request(&mut self, id: HttpRequestId) -> Option<&mut (Answer, usize)> {
		self.requests.get_mut(id.0 as usize)
	}
}

impl Externalities for Node {
	fn is_validator(&self) -> bool {
		self.inner.is_validator()
	}
	fn network_state(&self) -> Result<OpaqueNetworkState, ()> {
		self.inner.network_state()
	}
	fn timestamp(&mut self) -> Timestamp {
		self.inner.timestamp()
	}
	fn sleep_until(&mut self, deadline: Timestamp) {
		self.inner.sleep_until(deadline)
	}
	fn random_seed(&mut self) -> [u8; 32] {
		self.inner.random_seed()
	}
	fn http_request_start(&mut self, method: &str, uri: &str, _: &[u8]) -> Result<HttpRequestId, ()> {
		assert_eq!(method, "GET");
		let mut daemons = self.daemons.0.lock().unwrap();
		let (answer, asked) =
			daemons.entry(uri.into()).or_insert_with(|| (Answer::Down, 0));
		*asked += 1;
		self.requests.push((answer.clone(), 0));
		Ok(HttpRequestId(self.requests.len() as u16 - 1))
	}
	fn http_request_add_header(&mut self, _: HttpRequestId, name: &str, _: &str) -> Result<(), ()> {
		assert_eq!(name, "accept");
		Ok(())
	}
	fn http_request_write_body(
		&mut self,
		_: HttpRequestId,
		chunk: &[u8],
		deadline: Option<Timestamp>,
	) -> Result<(), HttpError> {
		assert!(chunk.is_empty() && deadline.is_some());
		Ok(())
	}
	fn http_response_wait(
		&mut self,
		ids: &[HttpRequestId],
		deadline: Option<Timestamp>,
	) -> Vec<HttpRequestStatus> {
		let until = deadline.expect("never waits for ever");
		let statuses = ids
			.iter()
			.map(|id| match self.request(*id).map(|(answer, _)| answer.clone()) {
				None => HttpRequestStatus::Invalid,
				Some(Answer::Body(code, _)) => HttpRequestStatus::Finished(code),
				Some(Answer::Stalls(_)) => HttpRequestStatus::Finished(200),
				Some(Answer::Down) => HttpRequestStatus::IoError,
				Some(Answer::Slow) => HttpRequestStatus::DeadlineReached,
			})
			.collect::<Vec<_>>();
		if statuses.contains(&HttpRequestStatus::DeadlineReached) {
			self.sleep_until(until);
		}
		statuses
	}
	fn http_response_headers(&mut self, _: HttpRequestId) -> Vec<(Vec<u8>, Vec<u8>)> {
		// Wherever a redirect points to, nobody looks.
		unreachable!("headers do not matter")
	}
	fn http_response_read_body(
		&mut self,
		id: HttpRequestId,
		buffer: &mut [u8],
		deadline: Option<Timestamp>,
	) -> Result<usize, HttpError> {
		let until = deadline.expect("never waits for ever");
		let (answer, read) = self.request(id).ok_or(HttpError::Invalid)?;
		let (body, stalls) = match answer {
			Answer::Body(_, body) => (body, false),
			Answer::Stalls(body) => (body, true),
			_ => return Err(HttpError::IoError),
		};
		let left = &body[*read..];
		if left.is_empty() && stalls {
			self.sleep_until(until);
			return Err(HttpError::DeadlineReached);
		}
		let n = left.len().min(buffer.len());
		buffer[..n].copy_from_slice(&left[..n]);
		*read += n;
		assert!(*read <= 2 * MAX_REPORT_BYTES as usize, "stops reading beyond the cap");
		Ok(n)
	}
	fn set_authorized_nodes(&mut self, _: Vec<OpaquePeerId>, _: bool) {
		unreachable!("off-chain workers do not choose peers")
	}
}

/// A chain node: its state, its local storage, its keystore, its pool.
struct Bench {
	chain: TestExternalities,
	db: TestPersistentOffchainDB,
	keystore: MemoryKeystore,
	daemons: Daemons,
	pool: Arc<dyn Fn() -> Vec<Vec<u8>> + Send + Sync>,
	seed: u8,
}

impl Bench {
	/// A chain of `n` members in the commit phase of era 2, and a node that holds the keys of
	/// `verifiers`, whose daemons are at `urls`.
	fn new(n: u32, held: &[NodeId], urls: &[&str]) -> Self {
		let mut chain = new_test_ext();
		chain.execute_with(|| {
			network(n);
			roll_to_phase(2, Phase::Commit);
		});
		let keystore = MemoryKeystore::new();
		for node in held {
			let public = attestor(*node).public();
			let secret = format!("0x{}", sp_core::hexdisplay::HexDisplay::from(&seed(1, *node)));
			keystore.insert(ATTESTOR_KEY_TYPE, &secret, public.as_ref()).unwrap();
		}
		let mut bench = Self {
			chain,
			db: TestPersistentOffchainDB::new(),
			keystore,
			daemons: Daemons::default(),
			pool: Arc::new(Vec::new),
			seed: 1,
		};
		let urls: Vec<Vec<u8>> = urls.iter().map(|u| u.as_bytes().to_vec()).collect();
		bench.start();
		bench.local(|db| db.local_storage_set(StorageKind::PERSISTENT, WORKER_URLS_KEY, &urls.encode()));
		bench
	}

	/// Starts the node, for the first time or again: only chain, local storage and keys are kept.
	fn start(&mut self) {
		let (inner, state) = TestOffchainExt::with_offchain_db(self.db.clone());
		self.seed += 1;
		state.write().seed = [self.seed; 32];
		let (pool, pool_state) = TestTransactionPoolExt::new();
		self.pool = Arc::new(move || std::mem::take(&mut pool_state.write().transactions));
		let node =
			Node { inner: inner.clone(), daemons: self.daemons.clone(), requests: Vec::new() };
		self.chain.register_extension(OffchainDbExt::new(inner));
		self.chain.register_extension(OffchainWorkerExt::new(node));
		self.chain.register_extension(TransactionPoolExt::new(pool));
		self.chain.register_extension(KeystoreExt::new(self.keystore.clone()));
	}

	fn local<R>(&mut self, f: impl FnOnce(&mut TestOffchainExt) -> R) -> R {
		let (mut ext, _) = TestOffchainExt::with_offchain_db(self.db.clone());
		f(&mut ext)
	}

	/// The worker runs at the best block; what it sent.
	fn work(&mut self) -> Vec<Call<Test>> {
		let before = self.chain.execute_with(|| sp_io::storage::root(sp_runtime::StateVersion::V1));
		self.chain.execute_with(|| Attestation::offchain_worker(System::block_number()));
		let after = self.chain.execute_with(|| sp_io::storage::root(sp_runtime::StateVersion::V1));
		assert_eq!(before, after, "it writes nothing to the chain");
		(self.pool)()
			.into_iter()
			.map(|bytes| {
				let xt: UncheckedExtrinsic = codec::DecodeAll::decode_all(&mut &bytes[..]).unwrap();
				match xt.function {
					RuntimeCall::Attestation(call) => call,
					other => panic!("{other:?}"),
				}
			})
			.collect()
	}

	fn on<R>(&mut self, f: impl FnOnce() -> R) -> R {
		self.chain.execute_with(f)
	}

	/// What the daemon of a verifier serves.
	fn serve(&mut self, base: &str, report: EraReport) {
		let (era, body) = (report.era, self.on(|| answer(report)).encode());
		self.daemons.set(base, era, Answer::Body(200, body));
	}

	fn has_complained(&mut self, whose: &str) -> bool {
		let key = self.on(|| logged_key(&genesis(), whose));
		self.db.get(&key) == Some(2u32.encode())
	}
}

fn answer(report: EraReport) -> WorkerReport {
	let signature = media(report.verifier).sign(&report.media_payload(&genesis()));
	WorkerReport { version: REPORT_VERSION, genesis: genesis(), report, signature }
}

fn commitment_of(calls: &[Call<Test>]) -> Hash {
	match calls {
		[Call::commit { commitment, .. }] => *commitment,
		other => panic!("one commit, not {other:?}"),
	}
}

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
	assert_eq!((report, *salt), (&first, [2; 32]), "the salt of the first start");
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
	bench.on(|| Clock::set(dtel_primitives::clock::EraClock {
		era_blocks: 30,
		commit_at: 3,
		reveal_at: 18,
		settle_at: 28,
	}));
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
	forged.report.measurements[0].rtt_us = 1;
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
	let version = WorkerReport { version: 2, ..honest.clone() };
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
fn leaves_a_daemon_alone_while_its_lock_is_held() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report);
	// Held by a worker that died: until then, nobody asks; then somebody does.
	let until = Timestamp::from_unix_millis(1_000);
	bench.local(|db| {
		db.local_storage_set(StorageKind::PERSISTENT, &lock_key(URL), &until.encode())
	});
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
fn only_loopback_is_asked() {
	for good in
		["http://127.0.0.1:7881", "http://127.9.9.9:1", "http://localhost:80", "http://[::1]:65535"]
	{
		assert!(is_loopback(good), "{good}");
	}
	for bad in [
		"https://127.0.0.1:7881",
		"http://127.0.0.1",
		"http://127.0.0.1:",
		"http://127.0.0.1:0",
		"http://127.0.0.1:+80",
		"http://127.0.0.1:65536",
		"http://127.0.0.1:80/",
		"http://127.0.0.1:80/x",
		"http://10.0.0.1:80",
		"http://0.0.0.0:80",
		"http://::1:80",
		"http://[127.0.0.1]:80",
		"http://[::2]:80",
		"http://user@127.0.0.1:80",
		"http://127.0.0.1:80@evil.example:80",
		"http://evil.example:80",
		"http://127.0.0.1.evil.example:80",
		"ftp://127.0.0.1:80",
		"",
	] {
		assert!(!is_loopback(bad), "{bad}");
	}
	let mut bench = Bench::new(4, &[1], &["http://192.0.2.1:80"]);
	assert!(bench.work().is_empty());
	assert_eq!(bench.daemons.asked("http://192.0.2.1:80", 2), 0);
	assert!(bench.has_complained("http://192.0.2.1:80"));
}
