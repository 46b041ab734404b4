//! What a node's machine gives its off-chain worker: daemons over HTTP, a disk, a pool.

use super::*;
use sp_core::{
	offchain::{HttpError, HttpRequestId, HttpRequestStatus, OpaqueNetworkState},
	OpaquePeerId,
};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a daemon answers.
#[derive(Clone)]
pub(super) enum Answer {
	Body(u16, Vec<u8>),
	/// Nobody listens.
	Down,
	/// It never answers.
	Slow,
	/// It begins to answer, and then never ends.
	Stalls(Vec<u8>),
	/// It sends for ever, so many bytes at a time.
	Endless(usize),
	/// It sends a byte every so many milliseconds.
	Drips(Vec<u8>, u64),
}

/// Daemons by URL of the report, and how often each was asked; how much was read of all of them.
#[derive(Clone, Default)]
pub(super) struct Daemons(Arc<Mutex<BTreeMap<String, (Answer, u32)>>>, Arc<AtomicUsize>);

impl Daemons {
	pub fn set(&self, base: &str, era: EraIndex, answer: Answer) {
		let url = format!("{base}/v1/report/{era}");
		let mut all = self.0.lock().unwrap();
		let asked = all.get(&url).map_or(0, |(_, asked)| *asked);
		all.insert(url, (answer, asked));
	}
	pub fn asked(&self, base: &str, era: EraIndex) -> u32 {
		let url = format!("{base}/v1/report/{era}");
		self.0.lock().unwrap().get(&url).map_or(0, |(_, asked)| *asked)
	}
	/// Every address that was asked.
	pub fn all_asked(&self) -> Vec<String> {
		let all = self.0.lock().unwrap();
		all.iter().filter(|(_, (_, asked))| *asked > 0).map(|(url, _)| url.clone()).collect()
	}
	pub fn bytes_read(&self) -> usize {
		self.1.load(Ordering::Relaxed)
	}
}

/// Local storage of which it is known what was ever written to it.
pub(super) struct Disk {
	pub inner: TestOffchainExt,
	pub keys: Arc<Mutex<BTreeSet<Vec<u8>>>>,
}

impl Disk {
	fn note(&self, kind: StorageKind, key: &[u8]) {
		assert!(kind == StorageKind::PERSISTENT, "local storage of a fork is used for nothing");
		self.keys.lock().unwrap().insert(key.to_vec());
	}
}

impl DbExternalities for Disk {
	fn local_storage_set(&mut self, kind: StorageKind, key: &[u8], value: &[u8]) {
		self.note(kind, key);
		self.inner.local_storage_set(kind, key, value)
	}
	fn local_storage_clear(&mut self, kind: StorageKind, key: &[u8]) {
		self.inner.local_storage_clear(kind, key)
	}
	fn local_storage_compare_and_set(
		&mut self,
		kind: StorageKind,
		key: &[u8],
		old: Option<&[u8]>,
		new: &[u8],
	) -> bool {
		self.note(kind, key);
		self.inner.local_storage_compare_and_set(kind, key, old, new)
	}
	fn local_storage_get(&mut self, kind: StorageKind, key: &[u8]) -> Option<Vec<u8>> {
		self.inner.local_storage_get(kind, key)
	}
}

/// A pool that may refuse, and notes when it was given something.
pub(super) struct Pool {
	pub inner: TestTransactionPoolExt,
	pub clock: TestOffchainExt,
	pub gate: Arc<Mutex<Gate>>,
}

#[derive(Default)]
pub(super) struct Gate {
	pub refuses: bool,
	pub times: Vec<u64>,
}

impl TransactionPool for Pool {
	fn submit_transaction(&mut self, extrinsic: Vec<u8>) -> Result<(), ()> {
		let mut gate = self.gate.lock().unwrap();
		gate.times.push(self.clock.timestamp().unix_millis());
		if gate.refuses {
			return Err(());
		}
		self.inner.submit_transaction(extrinsic)
	}
}

/// The SDK's test externalities with an HTTP client that knows other statuses than 200.
pub(super) struct Node {
	pub inner: TestOffchainExt,
	pub daemons: Daemons,
	pub requests: Vec<(Answer, usize)>,
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
				Some(Answer::Stalls(_) | Answer::Endless(_) | Answer::Drips(..)) => {
					HttpRequestStatus::Finished(200)
				}
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
		if let Some((Answer::Drips(_, pause), _)) = self.request(id) {
			let next = Duration::from_millis(*pause);
			let next = self.timestamp().add(next);
			self.sleep_until(next.min(until));
			if next > until {
				return Err(HttpError::DeadlineReached);
			}
		}
		let (answer, read) = self.request(id).ok_or(HttpError::Invalid)?;
		let endless;
		let (body, most, stalls) = match answer {
			Answer::Body(_, body) => (&body[..], usize::MAX, false),
			Answer::Stalls(body) => (&body[..], usize::MAX, true),
			Answer::Drips(body, _) => (&body[..], 1, false),
			Answer::Endless(chunk) => {
				endless = vec![0x55; *read + *chunk];
				(&endless[..], *chunk, false)
			}
			_ => return Err(HttpError::IoError),
		};
		let left = &body[*read..];
		if left.is_empty() && stalls {
			self.sleep_until(until);
			return Err(HttpError::DeadlineReached);
		}
		let n = left.len().min(buffer.len()).min(most);
		buffer[..n].copy_from_slice(&left[..n]);
		*read += n;
		assert!(*read <= 2 * MAX_REPORT_BYTES as usize, "stops reading beyond the cap");
		self.daemons.1.fetch_add(n, Ordering::Relaxed);
		Ok(n)
	}
	fn set_authorized_nodes(&mut self, _: Vec<OpaquePeerId>, _: bool) {
		unreachable!("off-chain workers do not choose peers")
	}
}
