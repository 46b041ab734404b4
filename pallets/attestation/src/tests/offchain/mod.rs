//! The off-chain worker against daemons, keystore, pool and local storage of its own.

mod duties;
mod recovery;
mod troubles;

use super::*;
use crate::{
	offchain::inside::{entry, entry_key, lock_key, logged_key, salt, secret, verifiers},
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
	fn http_request_start(
		&mut self,
		method: &str,
		uri: &str,
		_: &[u8],
	) -> Result<HttpRequestId, ()> {
		assert_eq!(method, "GET");
		let mut daemons = self.daemons.0.lock().unwrap();
		let (answer, asked) = daemons.entry(uri.into()).or_insert_with(|| (Answer::Down, 0));
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
		bench.local(|db| {
			db.local_storage_set(StorageKind::PERSISTENT, WORKER_URLS_KEY, &urls.encode())
		});
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
