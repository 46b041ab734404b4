//! What the calls about nodes do, and what others may ask of them. Sole writer of [`NextNodeId`],
//! [`Nodes`], [`NodeOfDomain`] and [`NodesOwned`].

use crate::{
	Config, Declaration, Error, Event, HoldReason, NextNodeId, Node, NodeKey, NodeOfDomain,
	NodeOfMedia, NodeUpdate, Nodes, NodesOwned, Pallet,
};
use alloc::vec::Vec;
use dtel_primitives::{
	api::MAX_PAGE,
	node::{NodeStatus, Region},
	AttestorId, Balance, BlockNumber, EraIndex, MediaKey, NodeId,
};
use dtel_traits::{Eligibility, Jail, NodeRegistry, RetirementSink};
use frame_support::{
	ensure,
	traits::{fungible::MutateHold, tokens::Precision, Get},
};
use sp_runtime::{DispatchError, DispatchResult, SaturatedConversion};

/// Nodes with their identifiers.
type NodesById<T> = Vec<(NodeId, Node<<T as frame_system::Config>::AccountId>)>;

impl<T: Config> Pallet<T> {
	/// The block that is being built.
	pub(crate) fn block() -> BlockNumber {
		frame_system::Pallet::<T>::block_number().saturated_into()
	}

	/// The running era.
	pub(crate) fn era() -> EraIndex {
		T::Clock::get().era_of(Self::block())
	}

	/// What is held for a node that declares this.
	pub(crate) fn node_deposit(declaration: &Declaration) -> Balance {
		let text = T::ByteDeposit::get().saturating_mul(declaration.text_bytes().into());
		T::NodeDeposit::get().saturating_add(text)
	}

	pub(crate) fn do_register(
		who: T::AccountId,
		declaration: Declaration,
		attestor: AttestorId,
		media: MediaKey,
	) -> DispatchResult {
		declaration.ensure_valid::<T>()?;
		// Else jail would cost no more than another domain.
		ensure!(!T::Jail::is_operator_jailed(&who), Error::<T>::OperatorJailed);
		let owned = NodesOwned::<T>::get(&who);
		ensure!(owned < T::MaxNodesPerOwner::get(), Error::<T>::TooManyNodes);
		let node = NextNodeId::<T>::get();
		let next = node.checked_add(1).ok_or(Error::<T>::NoIdLeft)?;
		Self::ensure_domain_free(&declaration)?;
		Self::ensure_keys_free(node, &attestor, &media)?;

		let deposit = Self::node_deposit(&declaration);
		T::Currency::hold(&HoldReason::Node.into(), &who, deposit)?;
		let entry = Node::new(who.clone(), declaration, attestor, media, Self::era(), deposit);
		NextNodeId::<T>::put(next);
		Self::insert(node, owned, entry);
		Self::deposit_event(Event::NodeRegistered { node, who, deposit });
		Ok(())
	}

	fn ensure_domain_free(declaration: &Declaration) -> Result<(), Error<T>> {
		ensure!(!NodeOfDomain::<T>::contains_key(&declaration.domain), Error::DomainTaken);
		Ok(())
	}

	/// Writes a node that is new, with everything that leads to it.
	fn insert(node: NodeId, owned: u32, entry: Node<T::AccountId>) {
		NodesOwned::<T>::insert(&entry.owner, owned.saturating_add(1));
		NodeOfDomain::<T>::insert(&entry.domain, node);
		Self::write_keys(node, None, Some(&entry));
		Self::write_cells(node, None, Some(&entry.region));
		Nodes::<T>::insert(NodeKey::from(node), entry);
	}

	/// The node, if `who` owns it.
	fn owned_node(who: &T::AccountId, node: NodeId) -> Result<Node<T::AccountId>, DispatchError> {
		let entry = Self::node(node).ok_or(Error::<T>::UnknownNode)?;
		ensure!(entry.owner == *who, Error::<T>::NotOwner);
		Ok(entry)
	}

	pub(crate) fn do_update(
		who: &T::AccountId,
		node: NodeId,
		update: NodeUpdate,
	) -> DispatchResult {
		let before = Self::owned_node(who, node)?;
		let era = Self::era();
		let declared = before.declaration(era.saturating_add(1));
		let wanted = update.applied_to(declared.clone());
		ensure!(wanted != declared, Error::<T>::NodeUnchanged);
		wanted.ensure_valid::<T>()?;
		let renamed = wanted.domain != declared.domain;
		if renamed {
			Self::ensure_domain_free(&wanted)?;
		}

		let deposit = Self::node_deposit(&wanted);
		Self::adjust_deposit(who, before.deposit, deposit)?;
		if renamed {
			NodeOfDomain::<T>::remove(&before.domain);
			NodeOfDomain::<T>::insert(&wanted.domain, node);
		}
		let after = Node {
			domain: wanted.domain,
			region: before.region.rotated(wanted.region, era),
			capabilities: wanted.capabilities,
			declared_kbps: wanted.declared_kbps,
			version: wanted.version,
			did: wanted.did,
			deposit,
			..before.clone()
		};
		Self::write_cells(node, Some(&before.region), Some(&after.region));
		Nodes::<T>::insert(NodeKey::from(node), after);
		Self::deposit_event(Event::NodeUpdated { node, who: who.clone(), deposit });
		Ok(())
	}

	/// Holds what is missing of a node's deposit, or frees what is too much.
	fn adjust_deposit(who: &T::AccountId, before: Balance, after: Balance) -> DispatchResult {
		let reason = HoldReason::Node.into();
		match after.checked_sub(before) {
			Some(missing) => T::Currency::hold(&reason, who, missing),
			None => {
				let surplus = before.saturating_sub(after);
				T::Currency::release(&reason, who, surplus, Precision::Exact).map(|_| ())
			}
		}
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
		// Active again counts like new: else a node could drain but for the blocks in which members are frozen.
		let (active_since, draining_since) = match status {
			NodeStatus::Active => (era, None),
			NodeStatus::Draining => (entry.active_since, Some(era)),
		};
		Nodes::<T>::insert(NodeKey::from(node), Node { active_since, draining_since, ..entry });
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
		Self::write_cells(node, Some(&entry.region), None);
		Nodes::<T>::remove(NodeKey::from(node));
		T::Retirements::retired(node, who);
		Self::deposit_event(Event::NodeRetired { node, who: who.clone(), deposit });
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
	pub fn nodes(start: NodeId, limit: u32) -> NodesById<T> {
		// The iterator begins after the key that it is given, so the first one is asked for by itself.
		let first = Self::node(start).map(|entry| (start, entry));
		let rest = Nodes::<T>::iter_from_key(NodeKey::from(start))
			.map(|(key, entry)| (NodeId::from(key), entry));
		first.into_iter().chain(rest).take(limit.min(MAX_PAGE) as usize).collect()
	}

	/// Nodes to send calls to, with identifiers from `start` on, by rising identifier: at most `limit`
	/// and [`MAX_PAGE`]. Looks at [`MAX_PAGE`] nodes, others among them, and says from where to
	/// go on; that is nothing behind the last node.
	pub fn active_nodes(start: NodeId, limit: u32) -> (NodesById<T>, Option<NodeId>) {
		let seen = Self::nodes(start, MAX_PAGE);
		// A page that is not full is the last.
		let more = seen.len() >= MAX_PAGE as usize;
		let end = seen.last().filter(|_| more).and_then(|(id, _)| id.checked_add(1));
		let era = Self::era();
		let mut serving = seen.into_iter().filter(|(id, entry)| Self::serves(*id, entry, era));
		let page = serving.by_ref().take(limit as usize).collect();
		let next = serving.next().map(|(id, _)| id).or(end);
		(page, next)
	}

	/// Whether calls are to be sent to a node: it takes them, and it may serve in `era`.
	pub(crate) fn serves(node: NodeId, entry: &Node<T::AccountId>, era: EraIndex) -> bool {
		entry.status() == NodeStatus::Active
			&& T::Eligibility::eligible_stake(node, &entry.owner, era).is_some()
	}

	/// Where a node is in `era`, which must not lie before its last move.
	pub fn region(node: NodeId, era: EraIndex) -> Option<Region> {
		Self::node(node).map(|entry| entry.region(era))
	}
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

	fn place(node: NodeId, era: EraIndex) -> Option<(i16, i16)> {
		let region = Self::node(node)?.region(era);
		Some((region.lat, region.lon))
	}

	fn declared_kbps(node: NodeId) -> u32 {
		Self::node(node).map_or(0, |entry| entry.declared_kbps())
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
