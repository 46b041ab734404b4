//! Nodes and their deposits.

use super::*;
use dtel_runtime::configs::quality::{NodeDeposit, NodeDepositPerByte};
use dtel_traits::Offender;
use frame_support::traits::Get;

/// A node that is, or was.
#[derive(Clone, Debug)]
pub struct Node {
	/// Its operator; the last one, if it is gone.
	pub owner: usize,
	/// Whether it is registered.
	pub there: bool,
	/// Since when it takes calls.
	pub since: u32,
	/// Since when it drains.
	pub draining: Option<u32>,
	/// Bytes of its domain.
	pub domain: u32,
	/// Bytes of its version.
	pub version: u32,
}

impl Node {
	/// What is held for it.
	pub fn deposit(&self) -> Balance {
		let per_byte = <NodeDepositPerByte as Get<Balance>>::get();
		let texts = per_byte * Balance::from(self.domain + self.version);
		<NodeDeposit as Get<Balance>>::get() + texts
	}
}

impl Model {
	/// Nodes of an operator.
	pub fn owned(&self, who: usize) -> impl Iterator<Item = &Node> {
		self.nodes.iter().filter(move |node| node.there && node.owner == who)
	}

	/// What an operator needs of its own.
	pub fn required(&self, who: usize) -> Balance {
		BOND * (self.owned(who).count().max(1) as Balance)
	}

	/// Whether an operator is jailed, with any of its nodes or as a validator.
	pub fn is_jailed(&self, who: usize) -> bool {
		self.wardens.values().any(|warden| *warden == who)
	}

	/// Registers a node with texts of these lengths.
	pub fn register(&mut self, who: usize, domain: u32, version: u32) -> Result<(), No> {
		need(!self.is_jailed(who))?;
		let (since, draining) = (self.now, None);
		let node = Node { owner: who, there: true, since, draining, domain, version };
		self.hold(who, node.deposit())?;
		self.nodes.push(node);
		Ok(())
	}

	fn owned_node(&mut self, who: usize, node: usize) -> Result<&mut Node, No> {
		self.nodes.get_mut(node).filter(|node| node.there && node.owner == who).ok_or(No)
	}

	/// Another version, of that length.
	pub fn update(&mut self, who: usize, node: usize, version: u32) -> Result<(), No> {
		let node = self.owned_node(who, node)?;
		need(node.version != version)?;
		let before = node.deposit();
		node.version = version;
		let after = node.deposit();
		self.free[who] += exact(before) - exact(after);
		Ok(())
	}

	/// Drains, or takes calls again.
	pub fn set_draining(&mut self, who: usize, node: usize, drains: bool) -> Result<(), No> {
		let now = self.now;
		let node = self.owned_node(who, node)?;
		need(node.draining.is_some() != drains)?;
		node.draining = drains.then_some(now);
		if !drains {
			node.since = now;
		}
		Ok(())
	}

	/// Drains first; is removed when it is in no snapshot any more and not jailed.
	pub fn retire_node(&mut self, who: usize, id: usize) -> Result<(), No> {
		let now = self.now;
		let jailed = self.cells.contains_key(&Offender::Node(id as u32));
		let node = self.owned_node(who, id)?;
		let Some(since) = node.draining else {
			node.draining = Some(now);
			return Ok(());
		};
		need(since + 2 <= now && !jailed)?;
		node.there = false;
		let deposit = node.deposit();
		self.free[who] += exact(deposit);
		self.shed(id as u32, who);
		Ok(())
	}
}
