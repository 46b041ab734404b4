//! What the calls do, and what others may ask. Sole writer of [`NextNodeId`], [`Nodes`],
//! [`NodeOfDomain`], [`NodesOwned`] and [`Clients`].

use crate::{
	domain, types::Rotating, Client, Clients, Config, Domain, Error, Event, HoldReason, NextNodeId,
	Node, NodeKey, NodeOfDomain, NodeOfMedia, Nodes, NodesOwned, Pallet,
};
use alloc::vec::Vec;
use dtel_primitives::{
	api::MAX_PAGE,
	node::{Capabilities, NodeStatus, Region},
	report::Measurement,
	AttestorId, Balance, BlockNumber, EraIndex, MediaKey, NodeId,
};
use dtel_traits::{Jail, NodeRegistry};
use frame_support::{
	ensure,
	traits::{fungible::MutateHold, tokens::Precision, Get},
};
use sp_runtime::{DispatchError, DispatchResult, SaturatedConversion};

impl<T: Config> Pallet<T> {
	/// The block that is being built.
	pub(crate) fn block() -> BlockNumber {
		frame_system::Pallet::<T>::block_number().saturated_into()
	}

	/// The running era.
	pub(crate) fn era() -> EraIndex {
		T::Clock::get().era_of(Self::block())
	}

	/// What is held for a node of this domain.
	pub(crate) fn node_deposit(domain: &Domain) -> Balance {
		let bytes = Balance::from(domain.len() as u32);
		T::NodeDeposit::get().saturating_add(T::ByteDeposit::get().saturating_mul(bytes))
	}

	pub(crate) fn do_register(
		who: T::AccountId,
		domain: Domain,
		region: Region,
		capabilities: Capabilities,
		declared_kbps: u32,
		attestor: AttestorId,
		media: MediaKey,
	) -> DispatchResult {
		ensure!(domain::is_valid(&domain, T::DevDomains::get()), Error::<T>::InvalidDomain);
		ensure!(region.is_valid(), Error::<T>::InvalidRegion);
		ensure!(capabilities.is_valid(), Error::<T>::InvalidCapabilities);
		ensure!(is_bandwidth(declared_kbps), Error::<T>::InvalidBandwidth);
		let owned = NodesOwned::<T>::get(&who);
		ensure!(owned < T::MaxNodesPerOwner::get(), Error::<T>::TooManyNodes);
		let node = NextNodeId::<T>::get();
		let next = node.checked_add(1).ok_or(Error::<T>::NoIdLeft)?;
		ensure!(!NodeOfDomain::<T>::contains_key(&domain), Error::<T>::DomainTaken);
		Self::ensure_keys_free(node, &attestor, &media)?;

		let deposit = Self::node_deposit(&domain);
		T::Currency::hold(&HoldReason::Node.into(), &who, deposit)?;
		let entry = Node {
			owner: who.clone(),
			domain,
			region,
			capabilities,
			declared_kbps,
			attestor: Rotating::new(attestor),
			media: Rotating::new(media),
			registered: Self::era(),
			draining_since: None,
			deposit,
		};
		NextNodeId::<T>::put(next);
		Self::insert(node, owned, entry);
		Self::deposit_event(Event::NodeRegistered { node, who, deposit });
		Ok(())
	}

	/// Writes a node that is new, with everything that leads to it.
	fn insert(node: NodeId, owned: u32, entry: Node<T::AccountId>) {
		NodesOwned::<T>::insert(&entry.owner, owned.saturating_add(1));
		NodeOfDomain::<T>::insert(&entry.domain, node);
		Self::write_keys(node, None, Some(&entry));
		Nodes::<T>::insert(NodeKey::from(node), entry);
	}

	/// The node, if `who` owns it.
	fn owned_node(who: &T::AccountId, node: NodeId) -> Result<Node<T::AccountId>, DispatchError> {
		let entry = Self::node(node).ok_or(Error::<T>::UnknownNode)?;
		ensure!(entry.owner == *who, Error::<T>::NotOwner);
		Ok(entry)
	}

	pub(crate) fn do_rotate_keys(
		who: &T::AccountId,
		node: NodeId,
		attestor: AttestorId,
		media: MediaKey,
	) -> DispatchResult {
		let before = Self::owned_node(who, node)?;
		let era = Self::era();
		let from = era.saturating_add(1);
		let changes = *before.attestor(from) != attestor || *before.media(from) != media;
		ensure!(changes, Error::<T>::KeysUnchanged);
		Self::ensure_keys_free(node, &attestor, &media)?;

		let after = Node {
			attestor: before.attestor.rotated(attestor.clone(), era),
			media: before.media.rotated(media, era),
			..before.clone()
		};
		Self::write_keys(node, Some(&before), Some(&after));
		Nodes::<T>::insert(NodeKey::from(node), after);
		Self::deposit_event(Event::KeysRotated { node, attestor, media, from });
		Ok(())
	}

	pub(crate) fn do_set_status(
		who: &T::AccountId,
		node: NodeId,
		status: NodeStatus,
	) -> DispatchResult {
		let entry = Self::owned_node(who, node)?;
		ensure!(entry.status() != status, Error::<T>::StatusUnchanged);
		Self::write_status(node, entry, status);
		Ok(())
	}

	fn write_status(node: NodeId, entry: Node<T::AccountId>, status: NodeStatus) {
		let era = Self::era();
		let draining_since = match status {
			NodeStatus::Active => None,
			NodeStatus::Draining => Some(era),
		};
		Nodes::<T>::insert(NodeKey::from(node), Node { draining_since, ..entry });
		Self::deposit_event(Event::StatusSet { node, status, era });
	}

	pub(crate) fn do_retire(who: &T::AccountId, node: NodeId) -> DispatchResult {
		let entry = Self::owned_node(who, node)?;
		if entry.status() == NodeStatus::Active {
			Self::write_status(node, entry, NodeStatus::Draining);
			return Ok(());
		}
		ensure!(!entry.may_be_member(Self::era()), Error::<T>::StillMember);
		ensure!(!T::Jail::is_jailed(node), Error::<T>::Jailed);

		let deposit = entry.deposit;
		T::Currency::release(&HoldReason::Node.into(), who, deposit, Precision::Exact)?;
		NodesOwned::<T>::mutate_exists(who, |owned| {
			*owned = owned.and_then(|n| n.checked_sub(1)).filter(|n| *n > 0);
		});
		NodeOfDomain::<T>::remove(&entry.domain);
		Self::write_keys(node, Some(&entry), None);
		Nodes::<T>::remove(NodeKey::from(node));
		Self::deposit_event(Event::NodeRetired { node, who: who.clone(), deposit });
		Ok(())
	}

	pub(crate) fn do_add_client(
		who: T::AccountId,
		key: MediaKey,
		until: Option<BlockNumber>,
		limit: u32,
	) -> DispatchResult {
		ensure!(limit > 0, Error::<T>::ZeroLimit);
		ensure!(until.is_none_or(|until| until >= Self::block()), Error::<T>::AlreadyExpired);
		let taken = Clients::<T>::contains_key(key) || NodeOfMedia::<T>::contains_key(key);
		ensure!(!taken, Error::<T>::ClientKeyTaken);

		let deposit = T::ClientDeposit::get();
		T::Currency::hold(&HoldReason::Client.into(), &who, deposit)?;
		Clients::<T>::insert(key, Client { owner: who.clone(), until, limit, deposit });
		Self::deposit_event(Event::ClientAdded { key, who, until, limit, deposit });
		Ok(())
	}

	pub(crate) fn do_revoke_client(who: &T::AccountId, key: MediaKey) -> DispatchResult {
		let client = Clients::<T>::get(key).ok_or(Error::<T>::UnknownClient)?;
		ensure!(client.owner == *who, Error::<T>::NotOwner);

		let deposit = client.deposit;
		T::Currency::release(&HoldReason::Client.into(), who, deposit, Precision::Exact)?;
		Clients::<T>::remove(key);
		Self::deposit_event(Event::ClientRevoked { key, who: who.clone(), deposit });
		Ok(())
	}

	/// A node.
	pub fn node(node: NodeId) -> Option<Node<T::AccountId>> {
		Nodes::<T>::get(NodeKey::from(node))
	}

	/// The node whose daemon signs with this key in the running era.
	pub fn node_by_media(media: MediaKey) -> Option<(NodeId, Node<T::AccountId>)> {
		let node = NodeOfMedia::<T>::get(media)?;
		let entry = Self::node(node)?;
		(*entry.media(Self::era()) == media).then_some((node, entry))
	}

	/// The nodes with identifiers from `start` on, by rising identifier: at most `limit` and
	/// [`MAX_PAGE`]. Costs what it returns, however many identifiers in between have retired.
	pub fn nodes(start: NodeId, limit: u32) -> Vec<(NodeId, Node<T::AccountId>)> {
		// The iterator begins after the key that it is given, so the first one is asked for by itself.
		let first = Self::node(start).map(|entry| (start, entry));
		let rest = Nodes::<T>::iter_from_key(NodeKey::from(start))
			.map(|(key, entry)| (NodeId::from(key), entry));
		first.into_iter().chain(rest).take(limit.min(MAX_PAGE) as usize).collect()
	}

	/// A client.
	pub fn client(key: MediaKey) -> Option<Client<T::AccountId>> {
		Clients::<T>::get(key)
	}

	/// Whether tokens under this API key are to be accepted now.
	pub fn is_client_valid(key: MediaKey) -> bool {
		Self::client(key).is_some_and(|client| client.is_valid_at(Self::block()))
	}
}

/// Whether a node may declare this bandwidth.
pub(crate) fn is_bandwidth(kbps: u32) -> bool {
	(1..=Measurement::MAX_KBPS).contains(&kbps)
}

impl<T: Config> NodeRegistry<T::AccountId> for Pallet<T> {
	fn owner(node: NodeId) -> Option<T::AccountId> {
		Self::node(node).map(|entry| entry.owner)
	}

	fn owned_by(owner: &T::AccountId) -> u32 {
		NodesOwned::<T>::get(owner)
	}

	fn attestor(node: NodeId, era: EraIndex) -> Option<AttestorId> {
		Self::node(node).map(|entry| entry.attestor(era).clone())
	}

	fn media(node: NodeId, era: EraIndex) -> Option<MediaKey> {
		Self::node(node).map(|entry| *entry.media(era))
	}

	fn is_candidate(node: NodeId, era: EraIndex) -> bool {
		Self::node(node).is_some_and(|entry| entry.is_candidate(era))
	}

	fn page(after: Option<NodeId>, limit: u32) -> Vec<NodeId> {
		let keys = match after {
			None => Nodes::<T>::iter_keys(),
			Some(node) => Nodes::<T>::iter_keys_from_key(NodeKey::from(node)),
		};
		keys.take(limit as usize).map(NodeId::from).collect()
	}

	/// Without a deposit: no benchmark of another pallet touches it.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_node(owner: &T::AccountId, attestor: AttestorId) -> NodeId {
		let node = NextNodeId::<T>::get();
		NextNodeId::<T>::put(node.saturating_add(1));
		let entry = crate::benchmarking::largest_node::<T>(owner.clone(), node, attestor);
		Self::insert(node, NodesOwned::<T>::get(owner), entry);
		node
	}
}
