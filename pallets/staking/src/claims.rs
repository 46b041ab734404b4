//! Claims: what was earned is paid, or becomes stake.

use crate::{
	types::Membership, Checkpoints, Config, Error, Event, Holders, Members, Pallet, Pools,
};
use alloc::collections::BTreeMap;
use core::cell::RefCell;
use dtel_math::pool::{Book, Page, Paid};
use dtel_primitives::EraIndex;
use frame_support::ensure;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	/// Pays what a position earned, and an operator its commission. No more is done with the position: slashes that are
	/// to be settled come first. Nobody else claims what can become stake by the holder's wish.
	pub(crate) fn do_claim(
		who: T::AccountId,
		operator: T::AccountId,
		by_other: bool,
	) -> DispatchResult {
		let own = who == operator;
		let mut member = match Members::<T>::get(&who, &operator) {
			Some(member) if member.position.total() > 0 => member,
			_ if own && Pools::<T>::contains_key(&operator) => return Self::claim_commission(who),
			Some(_) => return Err(Error::<T>::SettleFirst.into()),
			None => return Err(Error::<T>::NoStake.into()),
		};
		let pool = Pools::<T>::get(&operator).ok_or(Error::<T>::NoPool)?;
		let compounds =
			by_other && member.compounds && pool.closed.is_none() && member.position.active() > 0;
		ensure!(!compounds, Error::<T>::Compounds);
		// What the sources of moved stake took is not looked up here.
		let settled = member.settled == pool.slashes && !member.position.is_moved();
		ensure!(settled, Error::<T>::SettleFirst);
		let mut earnings = Self::open_book(&operator);
		let before = earnings.clone();
		let Paid { reward, released } =
			Self::pay_position(&operator, pool.closed, &mut earnings.book, &mut member);
		let commission = if own { core::mem::take(&mut earnings.commission) } else { 0 };
		ensure!(reward > 0 || commission > 0, Error::<T>::NothingToClaim);

		Self::pay(&who, reward.saturating_add(commission))?;
		Self::release_checkpoints(&operator, &released);
		Self::keep_paid(&who, &operator, member);
		Self::keep_book(&operator, &before, earnings);
		if reward > 0 {
			let (who, pool) = (who.clone(), operator);
			Self::deposit_event(Event::Claimed { who, pool, amount: reward, compounded: false });
		}
		if commission > 0 {
			Self::deposit_event(Event::CommissionClaimed { who, amount: commission });
		}
		Ok(())
	}

	fn pay_position(
		operator: &T::AccountId,
		closed: Option<EraIndex>,
		book: &mut Book,
		member: &mut Membership<T::AccountId>,
	) -> Paid {
		let pages = Pages::<T>::of(operator);
		member.position.pay(book, closed, &|era| pages.index_at(era))
	}

	/// Pays the commission of an operator that has no stake of its own in its pool any more.
	fn claim_commission(who: T::AccountId) -> DispatchResult {
		let mut opened = Self::open(&who)?;
		let amount = core::mem::take(&mut opened.commission);
		ensure!(amount > 0, Error::<T>::NothingToClaim);
		Self::pay(&who, amount)?;
		Self::write_pool(opened);
		Self::deposit_event(Event::CommissionClaimed { who, amount });
		Ok(())
	}

	pub(crate) fn do_claim_for(who: T::AccountId, pool: T::AccountId) -> DispatchResult {
		ensure!(!Holders::<T>::get(&who).private, Error::<T>::Private);
		Self::do_claim(who, pool, true)
	}

	pub(crate) fn do_compound(
		caller: T::AccountId,
		who: T::AccountId,
		pool: T::AccountId,
	) -> DispatchResult {
		let mut account = Self::existing(&who, &pool)?;
		ensure!(caller == who || !Holders::<T>::get(&who).private, Error::<T>::Private);
		Self::ensure_open(&account)?;
		// Who takes everything out wants nothing put in.
		let compounds = account.member.compounds && account.position().active() > 0;
		ensure!(compounds, Error::<T>::NotCompounding);
		let reward = account.reward();
		ensure!(reward > 0, Error::<T>::NothingToClaim);
		Self::ensure_own(&who, 0)?;
		// What has no room is paid by other calls. Here it stays.
		let (mut book, mut position) = (account.opened.book.clone(), account.position().clone());
		position.join(reward, None, &mut book, Self::era()).map_err(Error::<T>::from)?;
		Self::close_account(account).map(|_| ())
	}
}

/// The boundaries of a pool in storage of their own, each page of them read once.
pub(crate) struct Pages<'a, T: Config> {
	operator: &'a T::AccountId,
	read: RefCell<BTreeMap<EraIndex, Page>>,
}

impl<'a, T: Config> Pages<'a, T> {
	pub(crate) fn of(operator: &'a T::AccountId) -> Self {
		Self { operator, read: RefCell::default() }
	}

	/// The index at a boundary.
	pub(crate) fn index_at(&self, era: EraIndex) -> Option<u128> {
		let mut read = self.read.borrow_mut();
		let page = read
			.entry(Page::of(era))
			.or_insert_with_key(|page| Checkpoints::<T>::get(self.operator, page));
		page.index_at(era)
	}
}
