//! A chain that says what it is told: for tests and for tools without a node.

use super::{Allowance, ChainError, ChainView, Head, Heads, Issuer};
use dtel_primitives::node::{NearNode, NearNodes, NodeView};
use dtel_primitives::NodeId;
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
	nodes: Mutex<Vec<NodeView>>,
	allowance: Mutex<Allowance>,
}

impl Default for FixedChain {
	fn default() -> Self {
		Self {
			heads: watch::channel(None).0,
			issuers: Mutex::default(),
			nodes: Mutex::default(),
			allowance: Mutex::default(),
		}
	}
}

impl FixedChain {
	/// Announces a head.
	pub fn set_head(&self, head: Head) {
		self.heads.send_replace(Some(Arc::new(head)));
	}

	/// Sets the nodes that take calls.
	pub fn set_nodes(&self, nodes: Vec<NodeView>) {
		*self.nodes.lock().unwrap_or_else(PoisonError::into_inner) = nodes;
	}

	/// Sets what targets may be sent.
	pub fn set_allowance(&self, allowance: Allowance) {
		*self.allowance.lock().unwrap_or_else(PoisonError::into_inner) = allowance;
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

	fn allowance(&self, _: Vec<NodeId>) -> BoxFuture<'_, Result<Allowance, ChainError>> {
		let allowance = self.allowance.lock().unwrap_or_else(PoisonError::into_inner).clone();
		Box::pin(async move { Ok(allowance) })
	}

	fn nodes_near(
		&self,
		lat: i16,
		lon: i16,
		limit: u32,
	) -> BoxFuture<'_, Result<NearNodes, ChainError>> {
		// On a flat map with 11 km to a tenth of a degree: enough for a few places far apart.
		let km = |node: &NodeView| {
			let (dy, dx) = (lat.abs_diff(node.region.lat), lon.abs_diff(node.region.lon));
			11_u32.saturating_mul(u32::from(dy).saturating_add(u32::from(dx)))
		};
		let nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
		let near = nodes.iter().map(|node| NearNode { km: km(node), node: node.clone() });
		let mut nodes: Vec<_> = near.collect();
		nodes.sort_by_key(|near| near.km);
		nodes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
		Box::pin(async move { Ok(NearNodes { nodes, complete: true }) })
	}
}
