//! Who measures whom: from seed and snapshot to nodes. Reads only.

use crate::{types::Committee, Config, Member, MemberIndex, Members, Pallet, Seeds, Snapshots};
use alloc::vec::Vec;
use dtel_primitives::{assignment::Ring, EraIndex, NodeId, NodeIndex};

/// Fewer members than this cannot measure each other.
pub(crate) const LEAST_MEMBERS: u32 = 2;

impl<T: Config> Pallet<T> {
	/// How many members an era has: none as long as its snapshot is incomplete.
	pub fn members(era: EraIndex) -> u32 {
		Snapshots::<T>::get(era).filter(|s| s.complete).map_or(0, |s| s.members)
	}

	/// A member of an era by dense index.
	pub fn member(era: EraIndex, index: NodeIndex) -> Option<Member<T::AccountId>> {
		if index < Self::members(era) {
			Members::<T>::get(era, index)
		} else {
			None
		}
	}

	/// The committee of an era; nothing when it has no seed or too few members.
	pub(crate) fn committee(era: EraIndex) -> Option<Committee> {
		let draw = Seeds::<T>::get(era)?;
		let members = Self::members(era);
		(members >= LEAST_MEMBERS)
			.then(|| Committee { ring: Ring::new(draw.seed, members), targets: draw.targets })
	}

	/// Whom a member measures in an era, by rising node: its neighbours on the ring but for those of
	/// its own operator.
	pub(crate) fn targets_of(
		era: EraIndex,
		committee: &Committee,
		index: NodeIndex,
	) -> Vec<NodeId> {
		let targets = committee.ring.targets(index, committee.targets);
		let mut targets: Vec<_> = Self::of_others(era, index, targets).map(|m| m.node).collect();
		targets.sort_unstable();
		targets
	}

	/// Who measures a member in an era, nearest on the ring first.
	pub(crate) fn verifiers_of(
		era: EraIndex,
		committee: &Committee,
		index: NodeIndex,
	) -> Vec<Member<T::AccountId>> {
		Self::of_others(era, index, committee.ring.verifiers(index, committee.targets)).collect()
	}

	fn of_others(
		era: EraIndex,
		index: NodeIndex,
		neighbours: impl Iterator<Item = NodeIndex>,
	) -> impl Iterator<Item = Member<T::AccountId>> {
		let own = Members::<T>::get(era, index);
		let others = neighbours.filter_map(move |other| Members::<T>::get(era, other));
		others.filter(move |other| own.as_ref().is_some_and(|own| other.owner != own.owner))
	}

	/// Who measures a node in an era; nothing for who is no member of an era with a committee.
	pub(crate) fn verifiers(era: EraIndex, node: NodeId) -> Option<Vec<NodeId>> {
		let index = MemberIndex::<T>::get(era, node)?;
		let verifiers = Self::verifiers_of(era, &Self::committee(era)?, index);
		Some(verifiers.into_iter().map(|member| member.node).collect())
	}

	/// Whom a node measures in an era; nothing for who is no member of an era with a committee.
	pub(crate) fn targets(era: EraIndex, node: NodeId) -> Option<Vec<NodeId>> {
		let index = MemberIndex::<T>::get(era, node)?;
		Some(Self::targets_of(era, &Self::committee(era)?, index))
	}
}
