//! Sentences: the sole writer of [`Jailed`].

use crate::{types::Sentence, Config, Error, Event, Jailed, Pallet};
use dtel_primitives::NodeId;
use dtel_traits::NodeRegistry;
use frame_support::pallet_prelude::*;

impl<T: Config> Pallet<T> {
	/// Jails a node, or merges the sentence into the one it serves.
	pub(crate) fn imprison(node: NodeId, sentence: Sentence) {
		let served = Jailed::<T>::get(node);
		let merged = served.map_or(sentence, |served| served.merge(sentence));
		if served == Some(merged) {
			return;
		}
		Jailed::<T>::insert(node, merged);
		let Sentence { since, until } = merged;
		Self::deposit_event(Event::Jailed { node, since, until });
	}

	/// Releases a node at its owner's wish.
	pub(crate) fn do_unjail(who: T::AccountId, node: NodeId) -> DispatchResult {
		let sentence = Jailed::<T>::get(node).ok_or(Error::<T>::NotJailed)?;
		ensure!(T::Registry::owner(node) == Some(who), Error::<T>::NotOwner);
		ensure!(Self::current_era() >= sentence.until, Error::<T>::TermNotOver);
		Jailed::<T>::remove(node);
		Self::deposit_event(Event::Unjailed { node });
		Ok(())
	}
}
