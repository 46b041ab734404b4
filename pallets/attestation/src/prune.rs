//! Removes the past, one member at a time. Sole writer of [`EvidenceWalk`] and [`HistoryWalk`].
//!
//! Evidence of an era goes when no era that is still to be settled pools it; its history when it is
//! not among the last [`HistoryEras`](Config::HistoryEras) settled ones any more. Evidence goes first, because the
//! history's list of members is the way to it.

use crate::{
	types::Past, Commitments, Config, DoubleReveals, Eras, EvidenceWalk, HistoryWalk, MemberIndex,
	Members, Outcomes, Pallet, Pools, Samples, Seeds, Snapshots, Unsettled, Walk,
};
use dtel_primitives::{EraIndex, NodeId, NodeIndex};
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	/// Whether there is something to remove.
	pub(crate) fn can_prune(past: Past) -> bool {
		let era = Self::walk(past).era;
		let unsettled = Unsettled::<T>::get();
		match past {
			Past::Evidence => era.saturating_add(T::PoolEras::get()) <= unsettled,
			Past::History => {
				era.saturating_add(T::HistoryEras::get()) < unsettled
					&& era < EvidenceWalk::<T>::get().era
			}
		}
	}

	/// Removes what belongs to the next member, and with the last one what belongs to its era.
	pub(crate) fn prune_next(past: Past) {
		let Walk { era, index } = Self::walk(past);
		// Those of a snapshot that was never completed, too.
		let members = Snapshots::<T>::get(era).map_or(0, |s| s.members);
		if let Some(member) = Members::<T>::get(era, index).filter(|_| index < members) {
			match past {
				Past::Evidence => Self::remove_evidence(era, member.node),
				Past::History => Self::remove_history(era, index, member.node),
			}
		}
		let next = index.saturating_add(1);
		let walk = if next < members {
			Walk { era, index: next }
		} else {
			match past {
				Past::Evidence => Seeds::<T>::remove(era),
				Past::History => {
					Snapshots::<T>::remove(era);
					Eras::<T>::remove(era);
				}
			}
			Walk { era: era.saturating_add(1), index: 0 }
		};
		match past {
			Past::Evidence => EvidenceWalk::<T>::put(walk),
			Past::History => HistoryWalk::<T>::put(walk),
		}
	}

	fn remove_evidence(era: EraIndex, node: NodeId) {
		Samples::<T>::remove(era, node);
		Commitments::<T>::remove(era, node);
	}

	fn remove_history(era: EraIndex, index: NodeIndex, node: NodeId) {
		Members::<T>::remove(era, index);
		MemberIndex::<T>::remove(era, node);
		DoubleReveals::<T>::remove(era, node);
		Outcomes::<T>::remove(node, era);
		if Pools::<T>::get(node).last.is_some_and(|last| last.era <= era) {
			Pools::<T>::remove(node);
		}
	}
}
