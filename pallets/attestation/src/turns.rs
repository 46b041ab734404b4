//! Members in the order in which they are settled. Reads only.
//!
//! It is the order of the ring. Who measured a member stands right before it, and was settled just now: so a step of many reads one
//! member, not its verifiers' again. An era without a committee is settled by dense index.

use crate::{types::Committee, Config, Member, Members, Pallet};
use alloc::{collections::VecDeque, vec::Vec};
use dtel_primitives::{report::MAX_TARGETS, EraIndex, NodeIndex};

/// As many as stand before and after one, and itself.
const NEAR: usize = 2 * MAX_TARGETS as usize + 1;

/// What the steps of one era's settlement have in common.
pub(crate) struct Turns<T: Config> {
	era: EraIndex,
	members: u32,
	committee: Option<Committee>,
	/// Those that were read last, with their turns.
	near: VecDeque<(u32, Member<T::AccountId>)>,
}

impl<T: Config> Turns<T> {
	/// The turns of an era.
	pub fn of(era: EraIndex) -> Self {
		let (members, committee) = (Pallet::<T>::members(era), Pallet::<T>::committee(era));
		Self { era, members, committee, near: VecDeque::new() }
	}

	/// The era.
	pub const fn era(&self) -> EraIndex {
		self.era
	}

	/// How many members have a turn.
	pub const fn members(&self) -> u32 {
		self.members
	}

	/// Whose turn it is.
	pub fn member(&mut self, turn: u32) -> Option<Member<T::AccountId>> {
		if let Some((_, member)) = self.near.iter().find(|(at, _)| *at == turn) {
			return Some(member.clone());
		}
		let member = Members::<T>::get(self.era, self.index(turn))?;
		if self.near.len() >= NEAR {
			self.near.pop_front();
		}
		self.near.push_back((turn, member.clone()));
		Some(member)
	}

	/// The dense index of who has a turn.
	pub fn index(&self, turn: u32) -> NodeIndex {
		self.committee.map_or(turn, |c| c.ring.member_at(turn))
	}

	/// The turn of a dense index.
	#[cfg(any(test, feature = "try-runtime"))]
	pub fn turn(&self, index: NodeIndex) -> u32 {
		self.committee.map_or(index, |c| c.ring.position(index))
	}

	/// Who measures a member: those right before it on the ring whose operator is another, nearest first.
	pub fn verifiers(&mut self, turn: u32, owner: &T::AccountId) -> Vec<Member<T::AccountId>> {
		let Some(Committee { ring, targets }) = self.committee else { return Vec::new() };
		let near = ring.before(turn, targets).filter_map(|turn| self.member(turn));
		near.filter(|member| member.owner != *owner).collect()
	}

	/// Whether a member had nobody to measure.
	pub fn has_no_duty(&mut self, turn: u32, owner: &T::AccountId) -> bool {
		let Some(Committee { ring, targets }) = self.committee else { return true };
		let mut near = ring.after(turn, targets).filter_map(|turn| self.member(turn));
		near.all(|member| member.owner == *owner)
	}
}
