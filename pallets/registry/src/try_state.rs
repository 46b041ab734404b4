//! The invariants of the crate's documentation, checked against all of storage.

use crate::{
	places::cells, types::Rotating, Clients, Config, Declaration, HoldReason, NextNodeId, NodeKey,
	NodeOfAttestor, NodeOfDomain, NodeOfMedia, Nodes, NodesInCell, NodesOwned, Pallet,
};
use alloc::collections::BTreeMap;
use dtel_primitives::{Balance, NodeId};
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks INV-1 to INV-10.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let now = Self::era();
		let mut nodes = 0usize;
		let mut attestors = 0usize;
		let mut medias = 0usize;
		let mut in_cells = 0usize;
		let mut owned = BTreeMap::<T::AccountId, u32>::new();
		let mut node_deposits = BTreeMap::<T::AccountId, Balance>::new();
		for (key, node) in Nodes::<T>::iter() {
			let id = NodeId::from(key);
			ensure!(id < NextNodeId::<T>::get(), "INV-1: a node has an identifier not yet given");
			ensure!(
				NodeOfDomain::<T>::get(&node.domain) == Some(id),
				"INV-2: a node's domain leads elsewhere"
			);
			ensure!(
				node.attestor.keys().all(|key| NodeOfAttestor::<T>::get(key) == Some(id)),
				"INV-3: a node's attestor key leads elsewhere"
			);
			ensure!(
				node.media.keys().all(|key| NodeOfMedia::<T>::get(key) == Some(id)),
				"INV-4: a node's media key leads elsewhere"
			);
			ensure!(
				node.region.keys().all(|region| {
					let declared = Declaration { region: *region, ..node.declaration(0) };
					declared.ensure_valid::<T>().is_ok()
				}),
				"INV-7: a node declares what none may"
			);
			let next = now.saturating_add(1);
			ensure!(
				node.active_since <= now
					&& node
						.draining_since
						.is_none_or(|since| node.active_since <= since && since <= now)
					&& node.attestor.begins().is_none_or(|era| era <= next)
					&& node.media.begins().is_none_or(|era| era <= next)
					&& node.region.begins().is_none_or(|era| era <= next),
				"INV-10: something of a node is yet to come"
			);
			let cells = cells(&node.region);
			ensure!(
				cells.iter().all(|cell| NodesInCell::<T>::contains_key(cell, NodeKey::from(id))),
				"INV-9: a node is missing in its cell"
			);
			in_cells = in_cells.saturating_add(cells.len());
			nodes = nodes.saturating_add(1);
			attestors = attestors.saturating_add(Rotating::keys(&node.attestor).count());
			medias = medias.saturating_add(Rotating::keys(&node.media).count());
			let count = owned.entry(node.owner.clone()).or_default();
			*count = count.saturating_add(1);
			let sum = node_deposits.entry(node.owner.clone()).or_default();
			*sum = sum.saturating_add(node.deposit);
		}
		ensure!(NodeOfDomain::<T>::iter().count() == nodes, "INV-2: a domain leads to no node");
		ensure!(
			NodeOfAttestor::<T>::iter().count() == attestors,
			"INV-3: an attestor key leads to no node"
		);
		ensure!(NodeOfMedia::<T>::iter().count() == medias, "INV-4: a media key leads to no node");
		ensure!(
			NodesInCell::<T>::iter_keys().count() == in_cells,
			"INV-9: a cell has a node that is elsewhere"
		);
		ensure!(
			NodesOwned::<T>::iter().collect::<BTreeMap<_, _>>() == owned,
			"INV-5: an owner's nodes are miscounted"
		);

		let mut client_deposits = BTreeMap::<T::AccountId, Balance>::new();
		for (key, client) in Clients::<T>::iter() {
			ensure!(
				!NodeOfMedia::<T>::contains_key(key) && client.limit > 0,
				"INV-8: a client has a daemon's key or no use"
			);
			let sum = client_deposits.entry(client.owner.clone()).or_default();
			*sum = sum.saturating_add(client.deposit);
		}
		Self::check_holds(HoldReason::Node, &node_deposits)?;
		Self::check_holds(HoldReason::Client, &client_deposits)
	}

	/// Whether the owners' holds are what is recorded, and nobody else has one: every account with a
	/// hold is known to the system.
	fn check_holds(
		reason: HoldReason,
		deposits: &BTreeMap<T::AccountId, Balance>,
	) -> Result<(), TryRuntimeError> {
		let reason = reason.into();
		ensure!(
			deposits.iter().all(|(who, sum)| T::Currency::balance_on_hold(&reason, who) == *sum),
			"INV-6: an owner's hold is not the sum of its deposits"
		);
		ensure!(
			frame_system::Account::<T>::iter_keys()
				.filter(|who| !deposits.contains_key(who))
				.all(|who| T::Currency::balance_on_hold(&reason, &who) == 0),
			"INV-6: something is held of an account that owns nothing"
		);
		Ok(())
	}
}
