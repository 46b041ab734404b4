//! Follows the best chain over a node's RPC, for ever: a lost connection is made again with growing pauses.

use super::{
	cache::Cache, questions::Questions, rpc::Rpc, Allowance, ChainError, ChainView, Head, Heads,
	Issuer,
};
use dtel_primitives::{node::NearNodes, MediaKey, NodeId};
use futures::future::BoxFuture;
use std::{
	collections::{HashMap, HashSet},
	net::IpAddr,
	sync::{Arc, Mutex, PoisonError},
	time::{Duration, Instant},
};
use tokio::{sync::watch, task::JoinHandle};
use tracing::{debug, info, warn};

/// Registered nodes whose keys are known beforehand.
const MAX_NODES: usize = 16_384;
/// Pauses between attempts to connect.
const BACKOFF: std::ops::RangeInclusive<Duration> =
	Duration::from_millis(250)..=Duration::from_secs(3);
/// Silence of the chain, in blocks, after which the connection is made anew.
const SILENT_BLOCKS: u64 = 10;
/// Longest that the list of nodes may hold up the next head.
const KEYS_TIMEOUT: Duration = Duration::from_secs(10);

struct Shared {
	url: String,
	media: MediaKey,
	heads: watch::Sender<Option<Arc<Head>>>,
	rpc: watch::Sender<Option<Rpc>>,
	cache: Mutex<Cache>,
	questions: Questions,
}

/// See the module.
pub struct Follower {
	shared: Arc<Shared>,
	task: JoinHandle<()>,
}

impl Drop for Follower {
	fn drop(&mut self) {
		self.task.abort();
	}
}

impl Follower {
	/// Begins to follow the chain at `url` for the daemon with this `media` key.
	pub fn start(url: String, media: [u8; 32]) -> Self {
		let shared = Arc::new(Shared {
			url,
			media: MediaKey::from_raw(media),
			heads: watch::channel(None).0,
			rpc: watch::channel(None).0,
			cache: Mutex::default(),
			questions: Questions::default(),
		});
		let task = tokio::spawn(Arc::clone(&shared).run());
		Self { shared, task }
	}
}

impl Shared {
	async fn run(self: Arc<Self>) {
		let mut pause = *BACKOFF.start();
		loop {
			if let Err(error) = self.follow().await {
				warn!(url = %self.url, %error, "chain connection lost");
			}
			if self.rpc.send_replace(None).is_some() {
				// It had been up: the next attempt need not wait long.
				pause = *BACKOFF.start();
			}
			tokio::time::sleep(pause).await;
			pause = (pause * 2).min(*BACKOFF.end());
		}
	}

	/// Follows one connection until it breaks.
	async fn follow(&self) -> Result<(), ChainError> {
		let rpc = Rpc::connect(&self.url).await?;
		let genesis = rpc.genesis().await?;
		let mut heads = rpc.heads().await?;
		self.rpc.send_replace(Some(rpc.clone()));
		info!(url = %self.url, genesis = %hex::encode(genesis), "following the chain");
		let mut silence = Duration::from_secs(60);
		let mut nodes_of = None;
		loop {
			match tokio::time::timeout(silence, heads.next()).await {
				Err(_) => return Err(ChainError::Timeout),
				Ok(None) => return Err(ChainError::Disconnected),
				Ok(Some(head)) => drop(head.map_err(|e| ChainError::Answer(e.to_string()))?),
			}
			let seen = Instant::now();
			let era = rpc.era().await?;
			let node = rpc.node_by_media(self.media).await?;
			let duty = match &node {
				Some(node) => rpc.duty(node.id).await?,
				None => None,
			};
			silence = Duration::from_millis(era.block_ms.saturating_mul(SILENT_BLOCKS))
				.max(Duration::from_secs(10));
			debug!(block = era.block, era = era.moment.era, phase = ?era.moment.phase, "head");
			let running = era.moment.era;
			self.heads.send_replace(Some(Arc::new(Head { genesis, era, node, duty, seen })));
			if nodes_of != Some(running) {
				let keys = tokio::time::timeout(KEYS_TIMEOUT, node_keys(&rpc)).await;
				match keys.unwrap_or(Err(ChainError::Timeout)) {
					Ok(keys) => {
						self.questions.set_nodes(keys);
						nodes_of = Some(running);
					}
					// Those of the era before serve until the next head.
					Err(error) => warn!(%error, "the nodes' keys are not known"),
				}
			}
		}
	}

	async fn ask(&self, key: [u8; 32], from: Option<IpAddr>) -> Result<Issuer, ChainError> {
		let rpc = self.rpc.borrow().clone().ok_or(ChainError::Disconnected)?;
		let _question = self.questions.place(&key, from).await?;
		// Somebody else may have had the answer meanwhile.
		if let Some(issuer) = self.cache().fresh(&key, Instant::now()) {
			return Ok(issuer);
		}
		let key = MediaKey::from_raw(key);
		if let Some(client) = rpc.client(key).await?.filter(|c| c.valid) {
			return Ok(Issuer::Client { limit: client.limit });
		}
		Ok(match rpc.node_by_media(key).await? {
			Some(_) => Issuer::Node,
			None => Issuer::Unknown,
		})
	}

	async fn issuer(&self, key: [u8; 32], from: Option<IpAddr>) -> Result<Issuer, ChainError> {
		if let Some(issuer) = self.cache().fresh(&key, Instant::now()) {
			return Ok(issuer);
		}
		match self.ask(key, from).await {
			Ok(issuer) => {
				self.cache().insert(key, issuer, Instant::now());
				Ok(issuer)
			}
			Err(error) => self.cache().stale(&key, Instant::now()).ok_or(error),
		}
	}

	fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
		self.cache.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

impl ChainView for Follower {
	fn heads(&self) -> Heads {
		self.shared.heads.subscribe()
	}

	fn issuer(&self, key: [u8; 32]) -> BoxFuture<'_, Result<Issuer, ChainError>> {
		Box::pin(self.shared.issuer(key, None))
	}

	fn issuer_for(&self, key: [u8; 32], from: IpAddr) -> BoxFuture<'_, Result<Issuer, ChainError>> {
		Box::pin(self.shared.issuer(key, Some(from)))
	}

	fn allowance(&self, targets: Vec<NodeId>) -> BoxFuture<'_, Result<Allowance, ChainError>> {
		let rpc = self.shared.rpc.borrow().clone();
		Box::pin(async move { allowance(&rpc.ok_or(ChainError::Disconnected)?, &targets).await })
	}

	fn nodes_near(
		&self,
		lat: i16,
		lon: i16,
		limit: u32,
	) -> BoxFuture<'_, Result<NearNodes, ChainError>> {
		let rpc = self.shared.rpc.borrow().clone();
		Box::pin(
			async move { rpc.ok_or(ChainError::Disconnected)?.nodes_near(lat, lon, limit).await },
		)
	}
}

/// What governance and the targets' own declarations allow.
async fn allowance(rpc: &Rpc, targets: &[NodeId]) -> Result<Allowance, ChainError> {
	let megabytes = rpc.probe_megabytes().await?;
	let mut declared_kbps = HashMap::new();
	for target in targets {
		if let Some(node) = rpc.node(*target).await? {
			declared_kbps.insert(*target, node.declared_kbps);
		}
	}
	Ok(Allowance { megabytes, declared_kbps })
}

/// The `media` keys of all registered nodes.
async fn node_keys(rpc: &Rpc) -> Result<HashSet<[u8; 32]>, ChainError> {
	let (mut keys, mut start) = (HashSet::new(), 0);
	while keys.len() < MAX_NODES {
		let page = rpc.nodes(start).await?;
		let Some(last) = page.last().map(|node| node.id).filter(|last| *last >= start) else {
			break;
		};
		keys.extend(page.iter().map(|node| node.media.0));
		match last.checked_add(1) {
			Some(next) => start = next,
			None => break,
		}
	}
	Ok(keys)
}
