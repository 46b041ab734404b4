//! What readers see of pools and positions.

use crate::{Config, Members, Pallet, Pools};
use alloc::vec::Vec;
use dtel_primitives::{
	stake::{EntryView, PoolView, PositionView},
	Balance, EraIndex,
};
use dtel_traits::StakeLedger;
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	/// A pool as readers see it.
	pub(crate) fn view_pool(operator: &T::AccountId) -> Option<PoolView> {
		if !Pools::<T>::contains_key(operator) {
			return None;
		}
		let opened = Self::open(operator).ok()?;
		let own = Self::open_account(operator, opened.clone());
		let own = own.map_or(opened.pool.own, |mut own| own.position().active());
		let (pool, era) = (opened.pool, Self::era());
		Some(PoolView {
			opened: pool.opened,
			closed: pool.closed,
			chilled: pool.chilled,
			members: pool.members,
			own,
			required: Self::required(operator),
			active: <Self as StakeLedger<T::AccountId>>::active(operator, era),
			rate: opened.rates.at(era),
			commission: opened.rates.latest(),
			unclaimed: opened.commission,
			credited: opened.book.credited(),
		})
	}

	/// What shares in an operator's pay for an era that is not paid yet, as the books stand: active throughout it, whether or not
	/// the operator wants work. A planck that joins is one of these.
	pub fn units(operator: &T::AccountId, era: EraIndex) -> Balance {
		Self::open_book(operator).book.units(era)
	}

	/// What of that is a holder's; nothing when it has no position.
	pub fn units_of(
		holder: &T::AccountId,
		operator: &T::AccountId,
		era: EraIndex,
	) -> Option<Balance> {
		let closed = Pools::<T>::get(operator)?.closed;
		let position = Members::<T>::get(holder, operator)?.position;
		Some(position.units(era, closed))
	}

	/// A holder's positions as readers see them.
	pub(crate) fn view_positions(
		holder: &T::AccountId,
	) -> Vec<(T::AccountId, PositionView<T::AccountId>)> {
		let operators = Members::<T>::iter_key_prefix(holder);
		let seen = operators.take(T::MaxPoolsPerHolder::get() as usize);
		seen.filter_map(|operator| {
			let view = Self::view_position(holder, &operator)?;
			Some((operator, view))
		})
		.collect()
	}

	/// A position as readers see it.
	pub(crate) fn view_position(
		holder: &T::AccountId,
		operator: &T::AccountId,
	) -> Option<PositionView<T::AccountId>> {
		let mut account = Self::existing(holder, operator).ok()?;
		let (reward, slashed) = (account.reward(), account.slashed());
		let closed = account.opened.pool.closed;
		let matures = |left: EraIndex| left.saturating_add(Self::unbonding_eras());
		let entries = account.position().entries().iter().filter(|entry| entry.amount > 0);
		let entries: Vec<EntryView<T::AccountId>> = entries
			.map(|entry| {
				let left = entry.left.or(closed);
				EntryView {
					amount: entry.amount,
					joined: entry.joined,
					left,
					matures: left.map(matures),
					source: entry.source.as_ref().map(|source| source.pool.clone()),
				}
			})
			.collect();
		let active = match closed {
			Some(_) => 0,
			None => account.position().active(),
		};
		let compounds = account.member.compounds;
		let unsettled = account.is_paid_by_settling();
		Some(PositionView { reward, slashed, active, entries, compounds, unsettled })
	}
}
