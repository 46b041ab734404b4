//! The invariants of the crate's documentation, checked against all of storage.

use crate::{
	types::{Earnings, MAX_COHORTS},
	Books, Checkpoints, Config, HoldReason, Holders, Members, Pallet, Pools, SlashesOf, SourcesOf,
};
use alloc::{collections::BTreeMap, vec::Vec};
use codec::Encode;
use dtel_math::pool::{Position, MAX_ENTRIES};
use dtel_primitives::{Balance, EraIndex};
use frame_support::{
	ensure,
	traits::fungible::{Inspect, InspectHold},
};
use sp_runtime::TryRuntimeError;

/// The positions in a pool, by holder.
type Positions<T> =
	Vec<(<T as frame_system::Config>::AccountId, Position<<T as frame_system::Config>::AccountId>)>;

impl<T: Config> Pallet<T> {
	/// Checks INV-1 to INV-10.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_holders()?;
		let mut pools: BTreeMap<Vec<u8>, Positions<T>> = BTreeMap::new();
		let mut moved: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
		for (holder, operator, member) in Members::<T>::iter() {
			for source in member.position.entries().iter().filter_map(|e| e.source.as_ref()) {
				let n = moved.entry(source.pool.encode()).or_default();
				*n = n.saturating_add(1);
			}
			pools.entry(operator.encode()).or_default().push((holder, member.position));
		}
		for (operator, n) in SourcesOf::<T>::iter() {
			let counted = moved.remove(&operator.encode()).unwrap_or(0);
			ensure!(n > 0 && n == counted, "INV-3: sources are miscounted");
		}
		ensure!(moved.is_empty(), "INV-3: sources are miscounted");
		let mut owed: Balance = 0;
		for operator in Pools::<T>::iter_keys() {
			let members = pools.remove(&operator.encode()).unwrap_or_default();
			owed = owed.saturating_add(Self::check_pool(&operator, &members)?);
		}
		let pot = T::Currency::balance(&Self::pot());
		ensure!(pot >= owed, "INV-7: the pot has less than it owes");
		ensure!(pools.is_empty(), "INV-6: a position without a pool");
		let gone = |operator: T::AccountId| !Pools::<T>::contains_key(operator);
		ensure!(!Books::<T>::iter_keys().any(gone), "INV-6: a book is left of a pool that is gone");
		ensure!(
			!SlashesOf::<T>::iter_keys().any(gone),
			"INV-6: slashes are left of a pool that is gone"
		);
		let boundaries = Checkpoints::<T>::iter_keys().map(|(operator, _)| operator).any(gone);
		ensure!(!boundaries, "INV-6: boundaries are left of a pool that is gone");
		Ok(())
	}

	fn check_holders() -> Result<(), TryRuntimeError> {
		let mut held: BTreeMap<Vec<u8>, (T::AccountId, Balance, u32)> = BTreeMap::new();
		let now = Self::era();
		for (holder, operator, member) in Members::<T>::iter() {
			let position = member.position;
			ensure!(!position.is_empty(), "INV-2: an empty position is kept");
			ensure!(position.is_sound(), "INV-9: lists are out of order");
			for entry in position.entries() {
				let weighs = entry.amount == 0 || entry.units == entry.amount;
				// Merged entries have the later one's era of joining and any era since which both are paid.
				let dated = entry.joined <= entry.since.max(position.claimed())
					&& entry.since <= now
					&& entry.left.is_none_or(|left| left <= now);
				ensure!(weighs && dated, "INV-2: an entry is of the future, or weighs wrong");
				let source = entry.source.as_ref().map(|source| &source.pool);
				let there = source.is_none_or(Pools::<T>::contains_key);
				ensure!(there && source != Some(&operator), "INV-6: a source's pool is gone");
			}
			let key = holder.encode();
			let (_, sum, pools) = held.entry(key).or_insert((holder, 0, 0));
			*sum = sum.saturating_add(position.total());
			*pools = pools.saturating_add(1);
		}
		for (holder, sum, pools) in held.values() {
			let hold = T::Currency::balance_on_hold(&HoldReason::Stake.into(), holder);
			ensure!(hold == *sum, "INV-1: a hold is not what positions say");
			ensure!(Holders::<T>::get(holder).pools == *pools, "INV-3: pools are miscounted");
		}
		let counted: u32 = held.values().fold(0, |all, (_, _, n)| all.saturating_add(*n));
		let known = Holders::<T>::iter().fold(0u32, |all, (_, h)| all.saturating_add(h.pools));
		let nobody = Holders::<T>::iter_values().any(|h| h.pools == 0);
		ensure!(known == counted && !nobody, "INV-3: a holder is counted that has nothing");
		Ok(())
	}

	/// Checks a pool. Returns what it owes.
	fn check_pool(
		operator: &T::AccountId,
		members: &Positions<T>,
	) -> Result<Balance, TryRuntimeError> {
		let pool = Pools::<T>::get(operator).ok_or("INV-6: a pool is gone")?;
		// What time alone changes of a book need not be written, and positions forget eras that passed before it does.
		let Earnings { book, commission, rates } = Self::open_book(operator);
		let slashes = SlashesOf::<T>::get(operator);
		let now = Self::era();
		ensure!(book.is_sound() && slashes.is_sound(), "INV-9: lists are out of order");
		let known =
			|holder: &T::AccountId| Members::<T>::get(holder, operator).map_or(0, |m| m.settled);
		let ahead = members.iter().any(|(holder, _)| known(holder) > pool.slashes);
		ensure!(!ahead && slashes.len() <= pool.slashes, "INV-10: slashes are miscounted");
		let latest = rates.latest();
		ensure!(latest.rate <= latest.most, "INV-9: a promise about commission is broken");
		ensure!(pool.opened <= now && pool.closed.is_none_or(|c| c <= now), "INV-9: future");

		ensure!(members.len() as u32 == pool.members, "INV-3: members are miscounted");
		for era in book.credited().saturating_add(1)..=now.saturating_add(1) {
			let units = members
				.iter()
				.fold(0u128, |all, (_, p)| all.saturating_add(p.units(era, pool.closed)));
			ensure!(units == book.units(era), "INV-4: units are not those of the positions");
		}
		Self::check_boundaries(operator, members, pool.boundary())?;

		// What each is really worth, and owed: brought up to date, without writing it.
		let (mut worth, mut owed, mut own) = (0u128, commission, 0u128);
		for (holder, _) in members {
			let mut account = Self::existing(holder, operator).map_err(|_| "INV-2: no account")?;
			owed = owed.saturating_add(account.reward());
			let whole = account.slashed() == 0 || account.is_unsettled();
			ensure!(whole, "INV-10: a slash is to be taken of a position that is settled");
			let active = account.position().active();
			worth = worth.saturating_add(active);
			if holder == operator {
				own = active;
			}
		}
		if pool.closed.is_none() {
			let settled = known(operator) == pool.slashes;
			// Of each entry, a planck is rounded away.
			let lower = pool.own <= own.saturating_add(MAX_ENTRIES.into());
			let right = if settled { own == pool.own } else { lower };
			ensure!(right, "INV-8: the operator's own stake is miscounted");
			let counted = pool.worth.active(EraIndex::MAX);
			// Each entry is rounded by itself, and slashes of other pools are known when it is touched.
			let slack = (members.len() as u128).saturating_mul(u128::from(MAX_COHORTS));
			ensure!(
				counted.saturating_add(slack) >= worth,
				"INV-8: a pool is worth less than what is in it"
			);
		}
		Ok(owed.saturating_add(book.carry()))
	}

	fn check_boundaries(
		operator: &T::AccountId,
		members: &Positions<T>,
		own: Option<EraIndex>,
	) -> Result<(), TryRuntimeError> {
		let mut refs: BTreeMap<EraIndex, u32> = BTreeMap::new();
		for era in members.iter().flat_map(|(_, p)| p.references()).chain(own) {
			let n = refs.entry(era).or_default();
			*n = n.saturating_add(1);
		}
		let mut kept: BTreeMap<EraIndex, u32> = BTreeMap::new();
		for mark in Books::<T>::get(operator).book.marks() {
			let n = kept.entry(mark.era).or_default();
			*n = n.saturating_add(mark.refs);
		}
		for (page, list) in Checkpoints::<T>::iter_prefix(operator) {
			ensure!(list.is_sound() && !list.is_empty(), "INV-5: a page is out of order, or empty");
			for checkpoint in list.checkpoints(page) {
				let n = kept.entry(checkpoint.era).or_default();
				*n = n.saturating_add(checkpoint.refs);
			}
		}
		ensure!(kept == refs, "INV-5: boundaries are not those of the entries");
		Ok(())
	}
}
