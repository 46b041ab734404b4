//! What the daemon knows of the chain: where it stands, which node this is, what it has to measure and which
//! keys may issue tokens.
//!
//! [`ChainView`] is the whole surface. [`Follower`] implements it over a node's RPC, [`FixedChain`] over values
//! that a test sets.

mod cache;
mod fixed;
mod follower;
mod questions;
mod rpc;

pub use fixed::FixedChain;
pub use follower::Follower;

use dtel_primitives::{
	api::{Duty, EraView},
	node::{NearNodes, NodeView},
	Hash, NodeId,
};
use futures::future::BoxFuture;
use std::{collections::HashMap, net::IpAddr, sync::Arc, time::Instant};
use thiserror::Error;
use tokio::sync::watch;

/// The chain as of its best block.
#[derive(Clone, Debug)]
pub struct Head {
	/// Hash of the genesis block.
	pub genesis: Hash,
	/// Era, phase and clock.
	pub era: EraView,
	/// The registered node whose `media` key is ours.
	pub node: Option<NodeView>,
	/// What that node has to measure in this era.
	pub duty: Option<Duty>,
	/// When this was learnt.
	pub seen: Instant,
}

impl Head {
	/// Milliseconds from `seen` to the end of the phase, if blocks keep coming as they should.
	pub fn phase_left_ms(&self) -> u64 {
		let blocks = self.era.moment.phase_ends.saturating_sub(self.era.block);
		self.era.block_ms.saturating_mul(blocks.into())
	}
}

/// A head, or nothing before the first answer.
pub type Heads = watch::Receiver<Option<Arc<Head>>>;

/// What the chain says about the key that signed a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Issuer {
	/// A client's API key that is valid now; at most `limit` participants at a time.
	Client {
		/// Participants at a time.
		limit: u32,
	},
	/// The `media` key of a registered node.
	Node,
	/// Neither of them.
	Unknown,
}

/// How much traffic targets may be sent when they are measured.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Allowance {
	/// Megabytes for each target in an era.
	pub megabytes: u32,
	/// The bandwidth that each declared, in kbit/s.
	pub declared_kbps: HashMap<NodeId, u32>,
}

/// Why the chain could not be asked.
#[derive(Clone, Debug, Error)]
pub enum ChainError {
	/// No connection to a chain node.
	#[error("no connection to the chain")]
	Disconnected,
	/// The node answered too late.
	#[error("the chain did not answer in time")]
	Timeout,
	/// Too many questions are waiting.
	#[error("too many questions to the chain")]
	Busy,
	/// The node answered with an error, or with something that does not decode.
	#[error("chain: {0}")]
	Answer(String),
}

/// Read access to the chain.
pub trait ChainView: Send + Sync + 'static {
	/// Best heads, as they come.
	fn heads(&self) -> Heads;

	/// What the chain says about a key.
	fn issuer(&self, key: [u8; 32]) -> BoxFuture<'_, Result<Issuer, ChainError>>;

	/// The same on behalf of a stranger at `from`, who shall not keep others from an answer.
	fn issuer_for(&self, key: [u8; 32], from: IpAddr) -> BoxFuture<'_, Result<Issuer, ChainError>> {
		let _ = from;
		self.issuer(key)
	}

	/// How much traffic targets may be sent when they are measured. None at all beyond that of a call, if not known.
	fn allowance(&self, targets: Vec<NodeId>) -> BoxFuture<'_, Result<Allowance, ChainError>> {
		let _ = targets;
		Box::pin(async { Ok(Allowance::default()) })
	}

	/// The nodes nearest to a place, in tenths of a degree, to send calls to.
	fn nodes_near(
		&self,
		lat: i16,
		lon: i16,
		limit: u32,
	) -> BoxFuture<'_, Result<NearNodes, ChainError>>;
}
