//! Where the media daemons are: checked, and written where the off-chain worker looks.

use codec::Encode;
use dtel_primitives::{worker_url, WORKER_URLS_KEY};
use sp_core::offchain::{OffchainStorage, STORAGE_PREFIX};

/// Most daemons for one node.
pub const MAX_WORKERS: usize = 64;

/// The base URL of a media daemon: `http://`, a loopback address, a port, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerUrl(String);

impl WorkerUrl {
	/// Takes `http://<loopback>:<port>`, with or without a slash at the end.
	///
	/// # Errors
	///
	/// A sentence for the operator when it is anything else.
	pub fn parse(url: &str) -> Result<Self, String> {
		let base = url.strip_suffix('/').unwrap_or(url);
		match worker_url::check(base) {
			Ok(()) => Ok(Self(base.into())),
			Err(why) => Err(format!("`{url}` is no address of a daemon on this machine: {why}")),
		}
	}
}

/// Writes `urls` to the node's off-chain storage; with none, removes what an earlier start wrote.
pub fn store(storage: &mut impl OffchainStorage, urls: &[WorkerUrl]) {
	if urls.is_empty() {
		storage.remove(STORAGE_PREFIX, WORKER_URLS_KEY);
	} else {
		let urls: Vec<&[u8]> = urls.iter().map(|u| u.0.as_bytes()).collect();
		storage.set(STORAGE_PREFIX, WORKER_URLS_KEY, &urls.encode());
	}
}
