//! A chain that says what it is told: for tests and for tools without a node.

use super::{ChainError, ChainView, Head, Heads, Issuer};
use futures::future::BoxFuture;
use std::{
	collections::HashMap,
	sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::watch;

/// See the module.
pub struct FixedChain {
	heads: watch::Sender<Option<Arc<Head>>>,
	issuers: Mutex<HashMap<[u8; 32], Issuer>>,
}

impl Default for FixedChain {
	fn default() -> Self {
		Self { heads: watch::channel(None).0, issuers: Mutex::default() }
	}
}

impl FixedChain {
	/// Announces a head.
	pub fn set_head(&self, head: Head) {
		self.heads.send_replace(Some(Arc::new(head)));
	}

	/// Registers a key, or takes it away with [`Issuer::Unknown`].
	pub fn set_issuer(&self, key: [u8; 32], issuer: Issuer) {
		self.issuers.lock().unwrap_or_else(PoisonError::into_inner).insert(key, issuer);
	}
}

impl ChainView for FixedChain {
	fn heads(&self) -> Heads {
		self.heads.subscribe()
	}

	fn issuer(&self, key: [u8; 32]) -> BoxFuture<'_, Result<Issuer, ChainError>> {
		let issuers = self.issuers.lock().unwrap_or_else(PoisonError::into_inner);
		let issuer = issuers.get(&key).copied().unwrap_or(Issuer::Unknown);
		Box::pin(async move { Ok(issuer) })
	}
}
