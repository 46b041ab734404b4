//! The seed of an era and the members of the next one. Sole writer of [`Seeds`], [`Snapshots`],
//! [`Members`] and [`MemberIndex`], but for their pruning.

use crate::{
	Config, Draw, Error, Event, Member, MemberIndex, Members, Pallet, Seeds, Snapshot, Snapshots,
};
use codec::Encode;
use dtel_math::globe::{Direction, Point};
use dtel_primitives::{report::MAX_TARGETS, Balance, EraIndex, NodeId};
use dtel_traits::{Eligibility, Jail, NodeRegistry, StakeLedger};
use frame_support::traits::{Get, Randomness};

/// Keeps the seed of an era apart from whatever else is drawn from the same randomness.
const SUBJECT: &[u8] = b"dtel/committee/1";

impl<T: Config> Pallet<T> {
	/// Draws the seed of an era that begins.
	pub(crate) fn draw_seed(era: EraIndex) {
		let (seed, _) = T::Randomness::random(&(SUBJECT, era).encode());
		let targets = T::TargetsPerVerifier::get().min(MAX_TARGETS);
		Seeds::<T>::insert(era, Draw { seed: seed.0, targets });
		match Snapshots::<T>::get(era) {
			Some(snapshot) if snapshot.complete => {
				Self::deposit_event(Event::SeedDrawn { era, members: snapshot.members })
			}
			_ => Self::deposit_event(Event::SnapshotMissed { era }),
		}
	}

	/// The era whose snapshot is being frozen: the next one, as long as it is incomplete, in the first half of the running one. Later
	/// its seed may be known, and whoever leaves then would choose among the orders of those who stay.
	pub(crate) fn freezing() -> Option<(EraIndex, Snapshot)> {
		let (clock, running) = (T::Clock::get(), Self::current_era());
		let until = clock.first_block(running).saturating_add(clock.era_blocks / 2);
		if Self::now() >= until {
			return None;
		}
		let era = running.checked_add(1)?;
		let snapshot = Snapshots::<T>::get(era).unwrap_or_default();
		(!snapshot.complete).then_some((era, snapshot))
	}

	/// Looks at the next `limit` nodes, at most a page. Returns how many there were.
	pub(crate) fn do_freeze(limit: u32) -> Result<u32, Error<T>> {
		let (era, mut snapshot) = Self::freezing().ok_or(Error::<T>::NothingToFreeze)?;
		let running = Self::current_era();
		let limit = limit.min(T::SnapshotPage::get()).max(1);
		let page = T::Registry::page(snapshot.cursor, limit);
		let mut seen = 0u32;
		for node in page.iter().copied() {
			seen = seen.saturating_add(1);
			snapshot.cursor = Some(node);
			if MemberIndex::<T>::contains_key(era, node) {
				continue;
			}
			let Some(member) = Self::candidate(node, running) else { continue };
			snapshot.stake = snapshot.stake.saturating_add(member.stake);
			MemberIndex::<T>::insert(era, node, snapshot.members);
			Members::<T>::insert(era, snapshot.members, member);
			snapshot.members = snapshot.members.saturating_add(1);
		}
		if seen == 0 {
			// The end of the registry. A short page is no sign of it: a registry may skip entries.
			snapshot.complete = true;
			snapshot.cursor = None;
			Self::deposit_event(Event::SnapshotFrozen {
				era,
				members: snapshot.members,
				stake: snapshot.stake,
			});
		}
		Snapshots::<T>::insert(era, snapshot);
		Ok(seen)
	}

	/// The node as a member of the era after `running`, if it may be one.
	fn candidate(node: NodeId, running: EraIndex) -> Option<Member<T::AccountId>> {
		if !T::Registry::is_candidate(node, running) {
			return None;
		}
		let owner = T::Registry::owner(node)?;
		let stake = Self::eligible_stake(node, &owner, running)?;
		let place = T::Registry::place(node, running.saturating_add(1));
		let place = place.and_then(|(lat, lon)| Point::new(lat, lon)).map(Direction::from);
		let declared_kbps = T::Registry::declared_kbps(node);
		Some(Member { node, owner, stake, place, declared_kbps })
	}
}

impl<T: Config> Eligibility<T::AccountId> for Pallet<T> {
	fn eligible_stake(node: NodeId, owner: &T::AccountId, era: EraIndex) -> Option<Balance> {
		if T::Jail::is_jailed(node) {
			return None;
		}
		let nodes = Balance::from(T::Registry::owned_by(owner));
		let stake = T::Stake::active(owner, era).checked_div(nodes)?;
		(stake >= T::Stake::minimum_per_node()).then_some(stake)
	}
}
