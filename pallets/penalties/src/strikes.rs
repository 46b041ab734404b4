//! Strikes: pure, no storage.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::iter::once;
use dtel_primitives::{EraIndex, NodeId};
use dtel_traits::PenaltyId;
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Most strikes that are told apart.
pub const MAX_STRIKES: u32 = 32;

/// An era in which service offences were committed.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Strike {
	/// The era of the offences.
	pub era: EraIndex,
	/// The era in which the first of them was reported. Decay counts from there.
	pub struck: EraIndex,
	/// The penalty that it was counted with; of a node that is gone, the first one after it went.
	pub at: PenaltyId,
	/// The node, if it is gone.
	pub node: Option<NodeId>,
}

/// The strikes of a node, or those that an operator's gone nodes left behind.
///
/// Their number is not stored: it follows from the eras in which they were counted, with one less for every period
/// without another. So what is left when one of them is taken back is what there would be had it never been
/// counted, whichever it is.
#[derive(
	Clone,
	PartialEq,
	Eq,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Strikes {
	/// How many there were in era `since`, for those that are not told apart any more.
	pub(crate) older: u32,
	pub(crate) since: EraIndex,
	/// The others, in the order in which they were counted.
	pub(crate) recent: BoundedVec<Strike, ConstU32<MAX_STRIKES>>,
	/// Up to which era they may bear on others that were counted on top of them, or they on top of others.
	pub(crate) until: EraIndex,
}

impl Strikes {
	/// The strikes that are told apart, in the order in which they were counted.
	pub fn recent(&self) -> &[Strike] {
		&self.recent
	}

	/// How many count in `now`.
	pub fn count(&self, now: EraIndex, decay: EraIndex) -> u32 {
		let (count, last) =
			self.recent.iter().fold((self.older, self.since), |(count, last), next| {
				(left(count, last, next.struck, decay).saturating_add(1), next.struck)
			});
		left(count, last, now, decay)
	}

	/// The era in which the last one was counted; 0 without any.
	pub fn last(&self) -> EraIndex {
		self.recent.last().map_or(self.since, |strike| strike.struck)
	}

	/// How many of these and of `others` count in `now`, as though one node had got them all.
	pub(crate) fn count_with(&self, others: &Self, now: EraIndex, decay: EraIndex) -> u32 {
		let counted = |all: &Self| {
			let recent = all.recent.iter().map(|strike| (strike.struck, 1u32)).collect::<Vec<_>>();
			once((all.since, all.older)).chain(recent)
		};
		let mut all: Vec<_> = counted(self).chain(counted(others)).collect();
		all.sort_by_key(|(struck, _)| *struck);
		let (count, last) = all.into_iter().fold((0, 0), |(count, last), (struck, more)| {
			(left(count, last, struck, decay).saturating_add(more), struck)
		});
		left(count, last, now, decay)
	}

	/// Whether they matter no more, neither by themselves nor to others.
	pub(crate) fn has_decayed(&self, now: EraIndex, decay: EraIndex) -> bool {
		now >= self.until && self.count(now, decay) == 0
	}

	/// Notes that in `now` so many count with others, on top of which the last was counted, or that on top of them.
	pub(crate) fn stay(&mut self, count: u32, now: EraIndex, decay: EraIndex) {
		self.until = self.until.max(now.saturating_add(count.saturating_mul(decay)));
	}

	/// Adds a strike after all others. When there is no room the oldest is no longer told apart.
	pub(crate) fn push(&mut self, strike: Strike, decay: EraIndex) {
		// Full means not empty.
		if self.recent.is_full() && !self.recent.is_empty() {
			let oldest = self.recent.remove(0);
			self.older = left(self.older, self.since, oldest.struck, decay).saturating_add(1);
			self.since = oldest.struck;
		}
		// There is room now: a full list lost one.
		let added = self.recent.try_push(strike);
		debug_assert!(added.is_ok());
	}

	/// Takes the strike for the offences of `era` back, of a node that is gone if one is named. Returns whether it was
	/// told apart.
	pub(crate) fn remove(&mut self, node: Option<NodeId>, era: EraIndex) -> bool {
		let before = self.recent.len();
		self.recent.retain(|strike| (strike.node, strike.era) != (node, era));
		let removed = self.recent.len() < before;
		if self.recent.is_empty() && self.older == 0 {
			*self = Self::default();
		}
		removed
	}

	/// What is carried after a node with strikes of its own went, too; `next` is the first penalty to come.
	///
	/// What its strikes were counted on top of, with them: from the first one on, or only from a later one, on top of which
	/// more had been left behind by then. Of all these and what is carried already, the worst.
	pub(crate) fn carry(
		self,
		node: NodeId,
		own: &Self,
		next: PenaltyId,
		now: EraIndex,
		decay: EraIndex,
	) -> Self {
		let lines =
			(0..own.recent.len().max(1)).map(|from| self.line(node, own, from, next, decay));
		let mut worst = lines.fold(self.clone(), |worst, line| worst.or_worse(line, now, decay));
		if worst != Self::default() {
			worst.until = self.until.max(own.until);
		}
		worst
	}

	/// What is carried after a node that is gone, too, got a strike. It is on top of the node's others, and of those
	/// that were known by the end of the era of the offence.
	pub(crate) fn carry_late(self, node: NodeId, strike: Strike, decay: EraIndex) -> Self {
		let mut line = self.clone();
		line.recent.retain(|s| s.node == Some(node) || s.struck <= strike.era);
		line.push(Strike { node: Some(node), ..strike }, decay);
		self.or_worse(line, strike.struck, decay)
	}

	/// A gone node's strikes from one on, with those of these that it was counted on top of.
	fn line(
		&self,
		node: NodeId,
		own: &Self,
		from: usize,
		next: PenaltyId,
		decay: EraIndex,
	) -> Self {
		let at = own.recent.get(from).map_or(0, |strike| strike.at);
		let mut line = self.clone();
		line.recent.retain(|strike| strike.at <= at);
		if line.recent.is_empty() {
			line = Self::default();
		}
		if from == 0 && own.older > 0 {
			let older = Self { older: own.older, since: own.since, ..Self::default() };
			line = Self { older: line.count_with(&older, own.since, decay), ..older };
		}
		for strike in own.recent.iter().skip(from) {
			line.push(Strike { at: next, node: Some(node), ..*strike }, decay);
		}
		line
	}

	/// These, or others that count more; as many if they were counted later.
	fn or_worse(self, other: Self, now: EraIndex, decay: EraIndex) -> Self {
		let weight = |strikes: &Self| (strikes.count(now, decay), strikes.last());
		if weight(&other) > weight(&self) {
			other
		} else {
			self
		}
	}
}

/// What is left in `to` of so many strikes, the last of which was counted in `from`.
fn left(count: u32, from: EraIndex, to: EraIndex, decay: EraIndex) -> u32 {
	count.saturating_sub(to.saturating_sub(from).checked_div(decay).unwrap_or(0))
}
