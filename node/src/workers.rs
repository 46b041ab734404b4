//! Where the media daemons are: checked, and written where the off-chain worker looks.

use codec::Encode;
use dtel_primitives::WORKER_URLS_KEY;
use sp_core::offchain::{OffchainStorage, STORAGE_PREFIX};
use std::{net::IpAddr, str::FromStr};

/// Most daemons for one node.
pub const MAX_WORKERS: usize = 64;

/// The base URL of a media daemon: `http://`, a loopback address, a port, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerUrl(String);

impl WorkerUrl {
	/// Takes `http://<loopback>:<port>` with or without a slash at the end.
	///
	/// # Errors
	///
	/// A sentence for the operator when it is anything else: reports are unencrypted, so that they must not leave
	/// the machine.
	pub fn parse(url: &str) -> Result<Self, String> {
		let rest = url
			.strip_prefix("http://")
			.ok_or_else(|| format!("`{url}` does not begin with http://"))?;
		let authority = rest.strip_suffix('/').unwrap_or(rest);
		if authority.contains(['/', '?', '#', '@']) {
			return Err(format!("`{url}` has more than a host and a port"));
		}
		let (host, port) =
			authority.rsplit_once(':').ok_or_else(|| format!("`{url}` has no port"))?;
		let port = u16::from_str(port)
			.ok()
			.filter(|p| *p != 0)
			.ok_or_else(|| format!("`{url}` has no valid port"))?;
		let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
		let loopback =
			host == "localhost" || IpAddr::from_str(bare).is_ok_and(|ip| ip.is_loopback());
		if !loopback {
			return Err(format!("`{host}` is not a loopback address"));
		}
		Ok(Self(format!("http://{host}:{port}")))
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

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Decode;
	use sp_core::offchain::storage::InMemOffchainStorage;

	#[test]
	fn loopback_urls_pass() {
		for (url, kept) in [
			("http://127.0.0.1:7881", "http://127.0.0.1:7881"),
			("http://127.8.0.1:1/", "http://127.8.0.1:1"),
			("http://localhost:7881", "http://localhost:7881"),
			("http://[::1]:7881", "http://[::1]:7881"),
		] {
			assert_eq!(WorkerUrl::parse(url), Ok(WorkerUrl(kept.into())));
		}
	}

	#[test]
	fn everything_else_is_refused() {
		for url in [
			"https://127.0.0.1:7881",
			"127.0.0.1:7881",
			"http://10.0.0.1:7881",
			"http://example.org:80",
			"http://127.0.0.1.example.org:80",
			"http://127.0.0.1",
			"http://127.0.0.1:0",
			"http://127.0.0.1:99999",
			"http://user@127.0.0.1:80",
			"http://127.0.0.1:80/path",
			"http://0.0.0.0:80",
		] {
			assert!(WorkerUrl::parse(url).is_err(), "{url}");
		}
	}

	#[test]
	fn urls_are_stored_and_removed() {
		let mut storage = InMemOffchainStorage::default();
		let urls = [WorkerUrl::parse("http://127.0.0.1:7881").unwrap()];
		store(&mut storage, &urls);
		let stored = storage.get(STORAGE_PREFIX, WORKER_URLS_KEY).unwrap();
		let decoded = Vec::<Vec<u8>>::decode(&mut &stored[..]).unwrap();
		assert_eq!(decoded, vec![b"http://127.0.0.1:7881".to_vec()]);
		store(&mut storage, &[]);
		assert_eq!(storage.get(STORAGE_PREFIX, WORKER_URLS_KEY), None);
	}
}
