//! Calls of the runtime API `DtelApi` over a node's RPC.

use super::ChainError;
use codec::{Decode, Encode};
use dtel_primitives::{
	api::{Duty, EraView, MAX_PAGE},
	node::{ClientView, NearNodes, NodeView},
	Hash, MediaKey, NodeId,
};
use std::{future::Future, time::Duration};
use subxt::rpcs::{rpc_params, RpcClient};

/// Longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A connection to a chain node.
#[derive(Clone)]
pub(super) struct Rpc(RpcClient);

impl Rpc {
	/// Connects.
	pub async fn connect(url: &str) -> Result<Self, ChainError> {
		timed(RpcClient::from_insecure_url(url)).await.map(Self)
	}

	/// Subscribes to the best heads.
	pub async fn heads(
		&self,
	) -> Result<subxt::rpcs::client::RpcSubscription<serde_json::Value>, ChainError> {
		let (on, off) = ("chain_subscribeNewHeads", "chain_unsubscribeNewHeads");
		timed(self.0.subscribe(on, rpc_params![], off)).await
	}

	/// Hash of the genesis block.
	pub async fn genesis(&self) -> Result<Hash, ChainError> {
		let hash: String = timed(self.0.request("chain_getBlockHash", rpc_params![0])).await?;
		let mut bytes = [0u8; 32];
		hex::decode_to_slice(hash.trim_start_matches("0x"), &mut bytes)
			.map_err(|e| ChainError::Answer(format!("genesis hash: {e}")))?;
		Ok(bytes.into())
	}

	/// Era, phase and clock.
	pub async fn era(&self) -> Result<EraView, ChainError> {
		self.call("era", &()).await
	}

	/// The node whose daemon holds a key.
	pub async fn node_by_media(&self, media: MediaKey) -> Result<Option<NodeView>, ChainError> {
		self.call("node_by_media", &media).await
	}

	/// A page of registered nodes, from an identifier on; empty behind the last one.
	pub async fn nodes(&self, start: NodeId) -> Result<Vec<NodeView>, ChainError> {
		self.call("nodes", &(start, MAX_PAGE)).await
	}

	/// A registered node.
	pub async fn node(&self, node: NodeId) -> Result<Option<NodeView>, ChainError> {
		self.call("node", &node).await
	}

	/// Megabytes that a verifier may send to one target in an era.
	pub async fn probe_megabytes(&self) -> Result<u32, ChainError> {
		self.call("probe_megabytes", &()).await
	}

	/// What a verifier has to do in the running era.
	pub async fn duty(&self, verifier: NodeId) -> Result<Option<Duty>, ChainError> {
		self.call("duty", &verifier).await
	}

	/// A client's API key.
	pub async fn client(&self, key: MediaKey) -> Result<Option<ClientView>, ChainError> {
		self.call("client", &key).await
	}

	/// The nodes nearest to a place.
	pub async fn nodes_near(
		&self,
		lat: i16,
		lon: i16,
		limit: u32,
	) -> Result<NearNodes, ChainError> {
		self.call("nodes_near", &(lat, lon, limit.min(MAX_PAGE))).await
	}

	async fn call<A: Encode, R: Decode>(&self, method: &str, args: &A) -> Result<R, ChainError> {
		let name = format!("DtelApi_{method}");
		let args = format!("0x{}", hex::encode(args.encode()));
		let answer: String = timed(self.0.request("state_call", rpc_params![&name, args])).await?;
		let bytes = hex::decode(answer.trim_start_matches("0x"))
			.map_err(|e| ChainError::Answer(format!("{name}: {e}")))?;
		R::decode(&mut &bytes[..]).map_err(|e| ChainError::Answer(format!("{name}: {e}")))
	}
}

async fn timed<T>(
	future: impl Future<Output = Result<T, subxt::rpcs::Error>>,
) -> Result<T, ChainError> {
	match tokio::time::timeout(TIMEOUT, future).await {
		Err(_) => Err(ChainError::Timeout),
		Ok(answer) => answer.map_err(|e| ChainError::Answer(e.to_string())),
	}
}
