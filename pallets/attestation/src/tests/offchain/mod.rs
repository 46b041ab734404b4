//! The off-chain worker against daemons, keystore, pool and local storage of its own.

mod daemons;
mod duties;
mod forks;
mod keys;
mod locks;
mod machine;
mod recovery;
mod replay;
mod troubles;

use super::*;
use crate::{
	offchain::inside::{entry, entry_key, lock_key, logged_key, salt, secret, verifiers},
	Commitments, Event,
};
use codec::Decode;
use dtel_primitives::{
	report::{WorkerReport, MAX_REPORT_BYTES, REPORT_VERSION},
	ATTESTOR_KEY_TYPE, WORKER_URLS_KEY,
};
use frame_support::traits::Hooks;
use machine::{Answer, Daemons, Disk, Gate, Node, Pool};
use sp_core::offchain::{
	testing::{TestOffchainExt, TestPersistentOffchainDB, TestTransactionPoolExt},
	DbExternalities, Duration, Externalities, OffchainDbExt, OffchainWorkerExt, StorageKind,
	Timestamp, TransactionPool, TransactionPoolExt,
};
use sp_io::TestExternalities;
use sp_keystore::{testing::MemoryKeystore, Keystore, KeystoreExt};
use std::{
	collections::{BTreeMap, BTreeSet},
	sync::{Arc, Mutex},
};

const URL: &str = "http://127.0.0.1:7881";
const OTHER: &str = "http://[::1]:7882";

/// A chain node: its state, its local storage, its keystore, its pool.
struct Bench {
	chain: TestExternalities,
	db: TestPersistentOffchainDB,
	keystore: MemoryKeystore,
	daemons: Daemons,
	pool: Arc<dyn Fn() -> Vec<Vec<u8>> + Send + Sync>,
	gate: Arc<Mutex<Gate>>,
	keys: Arc<Mutex<BTreeSet<Vec<u8>>>>,
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
		let mut bench = Self {
			chain,
			db: TestPersistentOffchainDB::new(),
			keystore: MemoryKeystore::new(),
			daemons: Daemons::default(),
			pool: Arc::new(Vec::new),
			gate: Default::default(),
			keys: Default::default(),
			seed: 1,
		};
		let urls: Vec<Vec<u8>> = urls.iter().map(|u| u.as_bytes().to_vec()).collect();
		held.iter().for_each(|node| bench.insert_key(*node));
		bench.start();
		bench.local(|db| {
			db.local_storage_set(StorageKind::PERSISTENT, WORKER_URLS_KEY, &urls.encode())
		});
		bench
	}

	/// Puts the attestor key of a node, or of that number, into the keystore.
	fn insert_key(&mut self, number: u32) {
		let public = attestor(number).public();
		let secret = format!("0x{}", sp_core::hexdisplay::HexDisplay::from(&seed(1, number)));
		self.keystore.insert(ATTESTOR_KEY_TYPE, &secret, public.as_ref()).unwrap();
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
		let pool = Pool { inner: pool, clock: inner.clone(), gate: self.gate.clone() };
		let disk = Disk { inner, keys: self.keys.clone() };
		self.chain.register_extension(OffchainDbExt::new(disk));
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

	/// What the worker has in local storage now, by kind.
	fn kept(&mut self) -> Vec<String> {
		let keys = self.keys.lock().unwrap();
		let mut kept: Vec<_> = keys
			.iter()
			.filter(|key| self.db.get(key).is_some())
			.map(|key| {
				let (whose, what) = <(String, String)>::decode(&mut &key[..]).unwrap();
				assert_eq!(whose, "dtel::attestation/");
				what
			})
			.collect();
		kept.sort();
		kept
	}

	/// The same code at the same state of the same chain, with another genesis.
	fn set_genesis(&mut self, hash: Hash) {
		self.on(|| frame_system::BlockHash::<Test>::insert(0, hash));
	}

	/// What was sent, included.
	fn include(&mut self, calls: Vec<Call<Test>>) {
		self.on(|| calls.into_iter().for_each(assert_included));
	}

	/// A node that has committed to the report of node 1, in the reveal phase.
	fn committed() -> (Self, EraReport) {
		let mut bench = Self::new(4, &[1], &[URL]);
		let report = bench.on(|| report(2, 1));
		bench.serve(URL, report.clone());
		let calls = bench.work();
		bench.include(calls);
		bench.on(|| roll_to_phase(2, Phase::Reveal));
		(bench, report)
	}

	/// Loses the report that was committed to, and its salt.
	fn lose_entry(&mut self) {
		let key = self.on(|| entry_key(&genesis(), 1, 2));
		self.local(|db| db.local_storage_clear(StorageKind::PERSISTENT, &key));
	}

	fn has_complained(&mut self, whose: &str) -> bool {
		self.complained_in(whose) == Some(2)
	}

	/// The era of the last complaint.
	fn complained_in(&mut self, whose: &str) -> Option<EraIndex> {
		let key = self.on(|| logged_key(&genesis(), whose));
		self.db.get(&key).map(|era| EraIndex::decode(&mut &era[..]).unwrap())
	}

	/// What time it is on this node.
	fn time(&mut self) -> u64 {
		self.on(|| sp_io::offchain::timestamp().unix_millis())
	}

	/// What happens now happens on a fork, until it is left.
	fn fork(&mut self) {
		self.on(sp_io::storage::start_transaction);
	}

	/// The fork is left: its blocks never were.
	fn leave_fork(&mut self) {
		self.on(sp_io::storage::rollback_transaction);
	}
}

fn answer(report: EraReport) -> WorkerReport {
	let signature = media(report.verifier).sign(&report.media_payload(&genesis()));
	WorkerReport { version: REPORT_VERSION, genesis: genesis(), report, signature }
}

/// What a node has that has delivered, or tried to, once.
const DELIVERED: [&str; 4] = ["entry", "secret", "served", "verifiers"];
const TROUBLED: [&str; 2] = ["logged", "secret"];

#[track_caller]
fn revealed(calls: &[Call<Test>]) -> (EraReport, [u8; 32]) {
	match calls {
		[Call::reveal { report, salt, .. }] => (report.clone(), *salt),
		other => panic!("one reveal, not {other:?}"),
	}
}

#[track_caller]
fn commitment_of(calls: &[Call<Test>]) -> Hash {
	match calls {
		[Call::commit { commitment, .. }] => *commitment,
		other => panic!("one commit, not {other:?}"),
	}
}
