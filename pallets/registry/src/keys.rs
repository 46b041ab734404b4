//! Which key belongs to which node. Sole writer of [`NodeOfAttestor`] and [`NodeOfMedia`].

use crate::{types::Rotating, Clients, Config, Error, Node, NodeOfAttestor, NodeOfMedia, Pallet};
use codec::FullCodec;
use dtel_primitives::{AttestorId, MediaKey, NodeId};
use frame_support::{ensure, StorageMap};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// Whether a node other than `node`, or a client, has one of the keys.
	pub(crate) fn ensure_keys_free(
		node: NodeId,
		attestor: &AttestorId,
		media: &MediaKey,
	) -> Result<(), DispatchError> {
		let free = |holder: Option<NodeId>| holder.is_none_or(|holder| holder == node);
		ensure!(free(NodeOfAttestor::<T>::get(attestor)), Error::<T>::AttestorTaken);
		ensure!(free(NodeOfMedia::<T>::get(media)), Error::<T>::MediaTaken);
		ensure!(!Clients::<T>::contains_key(media), Error::<T>::MediaTaken);
		Ok(())
	}

	/// Writes which keys are taken when a node appears, changes or goes.
	pub(crate) fn write_keys(
		node: NodeId,
		before: Option<&Node<T::AccountId>>,
		after: Option<&Node<T::AccountId>>,
	) {
		reindex::<_, NodeOfAttestor<T>>(
			node,
			before.map(|n| &n.attestor),
			after.map(|n| &n.attestor),
		);
		reindex::<_, NodeOfMedia<T>>(node, before.map(|n| &n.media), after.map(|n| &n.media));
	}
}

/// Removes the keys that went and adds those that came.
fn reindex<K, Index>(node: NodeId, before: Option<&Rotating<K>>, after: Option<&Rotating<K>>)
where
	K: FullCodec + Clone + PartialEq,
	Index: StorageMap<K, NodeId>,
{
	let has =
		|keys: Option<&Rotating<K>>, key: &K| keys.is_some_and(|k| k.keys().any(|k| k == key));
	for key in before.into_iter().flat_map(Rotating::keys).filter(|key| !has(after, key)) {
		Index::remove(key);
	}
	for key in after.into_iter().flat_map(Rotating::keys).filter(|key| !has(before, key)) {
		Index::insert(key, node);
	}
}
