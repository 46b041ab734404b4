//! What others may ask: behind the runtime API. Reads only.

use crate::{Commitments, Config, Eras, MemberIndex, Outcomes, Pallet, Unsettled};
use alloc::vec::Vec;
use dtel_primitives::{api::Outcome, EraIndex, NodeId, NodeIndex};
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	/// Members of an era, and how many of them committed, revealed and are settled.
	pub fn era_progress(era: EraIndex) -> (u32, u32, u32, u32) {
		let progress = Eras::<T>::get(era);
		(Self::members(era), progress.commits, progress.reveals, progress.settled)
	}

	/// What a node has to do as a verifier in the running era: its dense index, its targets by rising
	/// node, whether it committed, whether it revealed. Nothing for who is no member; no targets for a
	/// member whose neighbours are all of its own operator.
	pub fn duty(node: NodeId) -> Option<(NodeIndex, Vec<NodeId>, bool, bool)> {
		let era = Self::current_era();
		let targets = Self::targets(era, node)?;
		let index = MemberIndex::<T>::get(era, node)?;
		let commitment = Commitments::<T>::get(era, node);
		Some((index, targets, commitment.is_some(), commitment.is_some_and(|c| c.is_revealed())))
	}

	/// What became known of a node in settled eras before `before`, the newest first.
	pub fn outcomes(node: NodeId, before: EraIndex, limit: u32) -> Vec<(EraIndex, Outcome)> {
		let end = before.min(Unsettled::<T>::get());
		let start = end.saturating_sub(T::HistoryEras::get().saturating_add(1));
		let known = (start..end).rev().filter_map(|era| Some((era, Self::outcome(node, era)?)));
		known.take(limit as usize).collect()
	}

	/// What became known of a node in an era.
	pub fn outcome(node: NodeId, era: EraIndex) -> Option<Outcome> {
		Outcomes::<T>::get(node, era)
	}
}
