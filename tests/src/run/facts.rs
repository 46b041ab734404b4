//! What a run learned from the chain: everything that checks and tables are made of.

use super::operators::Role;
use anyhow::{Context, Result};
use dtel::{chain::BlockHash, Chain};
use dtel_primitives::{
	api::{EraSummary, NodeEraView},
	Balance, BlockNumber, EraIndex, NodeId,
};
use serde::Serialize;
use std::ops::RangeInclusive;

/// A node of the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Member {
	/// Its identifier.
	pub node: NodeId,
	/// Its operator, from 1.
	pub operator: u32,
	/// What is expected of it.
	pub role: Role,
}

/// An era as the chain describes it in the end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct EraFacts {
	/// The era as a whole.
	pub summary: EraSummary,
	/// Its members.
	pub nodes: Vec<NodeEraView>,
}

impl EraFacts {
	/// A member.
	pub fn node(&self, node: NodeId) -> Option<&NodeEraView> {
		self.nodes.iter().find(|view| view.node == node)
	}
}

/// A daemon that was killed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Killed {
	/// Its node.
	pub node: NodeId,
	/// The block at which it was killed.
	pub block: BlockNumber,
	/// The era of that block.
	pub era: EraIndex,
	/// The block and era in which the node was first seen jailed.
	pub jailed: Option<(BlockNumber, EraIndex)>,
}

/// The chain node's death and return.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Restarted {
	/// The era.
	pub era: EraIndex,
	/// The best block before it was killed.
	pub block: BlockNumber,
	/// Commitments that the chain had then.
	pub commits_before: u32,
	/// Commitments that it had in the end.
	pub commits: u32,
	/// How many of them were revealed.
	pub reveals: u32,
}

/// Clients' calls through a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Calls {
	/// Its operator, from 1.
	pub operator: u32,
	/// Most that its daemon saw at a time.
	pub most_up: usize,
	/// Calls that have ended.
	pub ended: usize,
	/// Of these, the ones in which both heard and saw the other until the end.
	pub good: usize,
	/// Media packets received in them.
	pub packets: u64,
	/// Media packets lost in them.
	pub lost: u64,
}

/// Everything.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Facts {
	/// Whether node 4's path was bad.
	pub impaired: bool,
	/// The nodes.
	pub members: Vec<Member>,
	/// The followed eras.
	pub eras: Vec<EraFacts>,
	/// All DTEL before the operators came.
	#[serde(serialize_with = "text")]
	pub issuance_before: Balance,
	/// All DTEL in the end.
	#[serde(serialize_with = "text")]
	pub issuance_after: Balance,
	/// The daemon that was killed.
	pub killed: Option<Killed>,
	/// Whether the chain node was to be killed.
	pub restart_wanted: bool,
	/// The chain node's death.
	pub restarted: Option<Restarted>,
	/// Clients' calls, by node that was to carry them.
	pub calls: Vec<Calls>,
}

/// JSON numbers have no room for planck.
fn text<S: serde::Serializer>(value: &Balance, to: S) -> Result<S::Ok, S::Error> {
	to.collect_str(value)
}

impl Facts {
	/// A node's role.
	pub fn role(&self, node: NodeId) -> Option<Role> {
		self.members.iter().find(|member| member.node == node).map(|member| member.role)
	}
}

/// Reads the eras from the chain at one final block.
pub async fn read_eras(
	chain: &Chain,
	eras: RangeInclusive<EraIndex>,
	at: BlockHash,
) -> Result<Vec<EraFacts>> {
	let mut facts = Vec::new();
	for era in eras {
		let summary = chain.era_summary(era, Some(at)).await?;
		let summary = summary.with_context(|| format!("the chain does not know era {era}"))?;
		facts.push(EraFacts { summary, nodes: chain.era_nodes(era, Some(at)).await? });
	}
	Ok(facts)
}
