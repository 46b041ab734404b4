//! What the calls do.

use crate::{
	positions::Account,
	types::{Pool, Rates, GRACE_ERAS},
	Config, Error, Event, Holders, Members, Pallet, Pools,
};
use dtel_primitives::{stake::Commission, Balance, BasisPoints};
use dtel_traits::NodeRegistry;
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// What an operator needs of its own for the nodes that it has.
	pub(crate) fn required(operator: &T::AccountId) -> Balance {
		let nodes = T::Registry::owned_by(operator).max(1);
		T::MinBond::get().saturating_mul(Balance::from(nodes))
	}

	pub(crate) fn do_bond(
		who: T::AccountId,
		amount: Balance,
		commission: Commission,
	) -> DispatchResult {
		if let Ok(before) = Self::open(&who) {
			// Nobody may have called `settle` for a pool that is over.
			ensure!(Self::is_over(&before), Error::<T>::PoolExists);
			Self::write_pool(before);
		}
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		ensure!(amount >= Self::required(&who), Error::<T>::BelowMinimum);
		Self::ensure_room(&who)?;
		let era = Self::era();
		let rates = Rates::new(commission, era).ok_or(Error::<T>::CommissionTooHigh)?;
		let account = Self::open_account(&who, Self::found(&who, Pool::new(era), rates))?;
		let total = Self::join(account, amount)?;
		Self::deposit_event(Event::Bonded { who, amount, total });
		Ok(())
	}

	pub(crate) fn do_bond_extra(who: T::AccountId, amount: Balance) -> DispatchResult {
		let mut account = Self::own_account(&who)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		if account.position().active().saturating_add(amount) >= Self::required(&who) {
			account.opened.pool.below = None;
		}
		let total = Self::join(account, amount)?;
		Self::deposit_event(Event::Bonded { who, amount, total });
		Ok(())
	}

	pub(crate) fn do_unbond(who: T::AccountId, amount: Balance) -> DispatchResult {
		let mut account = Self::own_account(&who)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let active = account.position().active();
		let rest = active.checked_sub(amount).ok_or(Error::<T>::NotEnough)?;
		ensure!(rest >= Self::required(&who), Error::<T>::BelowMinimum);
		Self::leave(account, amount)
	}

	pub(crate) fn do_delegate(
		who: T::AccountId,
		pool: T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		ensure!(who != pool, Error::<T>::OwnPool);
		ensure!(!Members::<T>::contains_key(&who, &pool), Error::<T>::AlreadyDelegated);
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		Self::ensure_room(&who)?;
		let account = Self::open_account(&who, Self::open(&pool)?)?;
		let total = Self::join(account, amount)?;
		Self::deposit_event(Event::Delegated { who, pool, amount, total });
		Ok(())
	}

	pub(crate) fn do_delegate_extra(
		who: T::AccountId,
		pool: T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		ensure!(who != pool, Error::<T>::OwnPool);
		let account = Self::existing(&who, &pool)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let total = Self::join(account, amount)?;
		Self::deposit_event(Event::Delegated { who, pool, amount, total });
		Ok(())
	}

	pub(crate) fn do_undelegate(
		who: T::AccountId,
		pool: T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		ensure!(who != pool, Error::<T>::OwnPool);
		let mut account = Self::existing(&who, &pool)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let active = account.position().active();
		let rest = active.checked_sub(amount).ok_or(Error::<T>::NotEnough)?;
		let amount = if rest < T::MinDelegation::get() { active } else { amount };
		Self::leave(account, amount)
	}

	pub(crate) fn do_rebond(
		who: T::AccountId,
		pool: T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		let mut account = Self::existing(&who, &pool)?;
		Self::ensure_open(&account)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		// What is promised leaves first.
		Self::ensure_own(&who, 0)?;
		let Account { opened, member, .. } = &mut account;
		Self::around(opened, &mut member.position, |position, around| {
			position.rejoin(amount, around)
		})?;
		Self::ensure_minimum(&mut account)?;
		let total = Self::close_account(account)?;
		Self::deposit_event(Event::Rebonded { who, pool, amount, total });
		Ok(())
	}

	pub(crate) fn do_withdraw(who: T::AccountId, pool: T::AccountId) -> DispatchResult {
		let account = Self::existing(&who, &pool)?;
		let (amount, gone) = Self::withdraw_matured(account)?;
		ensure!(amount > 0 || gone, Error::<T>::NothingMatured);
		Self::deposit_event(Event::Withdrawn { who, pool, amount });
		Ok(())
	}

	pub(crate) fn do_settle(who: T::AccountId, pool: T::AccountId) -> DispatchResult {
		if who == pool && !Members::<T>::contains_key(&who, &pool) {
			// Those who were in it are gone, and what was moved answers for it no more.
			let opened = Self::open(&pool)?;
			ensure!(Self::is_over(&opened), Error::<T>::NothingToSettle);
			Self::write_pool(opened);
			return Ok(());
		}
		let mut account = Self::existing(&who, &pool)?;
		// No pool that closed waits for anybody, nor one for whose offences stake elsewhere answered. And who has
		// nothing any more goes.
		let due = account.slashed() > 0
			|| account.is_paid_by_settling()
			|| account.is_freed()
			|| account.is_miscounted()
			|| account.position().is_empty();
		if account.opened.pool.closed.is_none() {
			ensure!(due, Error::<T>::NothingToSettle);
			return Self::close_account(account).map(|_| ());
		}
		let (amount, gone) = Self::withdraw_matured(account)?;
		ensure!(amount > 0 || due || gone, Error::<T>::NothingToSettle);
		if amount > 0 {
			Self::deposit_event(Event::Withdrawn { who, pool, amount });
		}
		Ok(())
	}

	pub(crate) fn do_redelegate(
		who: T::AccountId,
		from: T::AccountId,
		to: T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		ensure!(who != from && who != to, Error::<T>::OwnPool);
		ensure!(from != to, Error::<T>::SamePool);
		let era = Self::era();
		let again =
			Holders::<T>::get(&who).moved.map(|era| era.saturating_add(Self::unbonding_eras()));
		ensure!(again.is_none_or(|again| again <= era), Error::<T>::MovedBefore);
		let mut left = Self::existing(&who, &from)?;
		Self::ensure_open(&left)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let active = left.position().active();
		let rest = active.checked_sub(amount).ok_or(Error::<T>::NotEnough)?;
		let amount = if rest < T::MinDelegation::get() { active } else { amount };
		let Account { opened, member, .. } = &mut left;
		let (parts, touched) = Self::around(opened, &mut member.position, |position, around| {
			let parts = position.move_out(amount, &from, around.book, era)?;
			// What has nothing to be earned there any more goes.
			Ok((parts, position.touch(around)?))
		})?;
		left.release(touched.released);
		// Written before the other is read: what left may have answered for that one until now, and changes it.
		// What leaves the one hold enters the other.
		Self::close_account(left)?;

		if !Members::<T>::contains_key(&who, &to) {
			Self::ensure_room(&who)?;
		}
		let mut joined = Self::open_account(&who, Self::open(&to)?)?;
		Self::ensure_open(&joined)?;
		let Account { opened, member, .. } = &mut joined;
		for (part, source) in parts {
			member
				.position
				.join(part, Some(source), &mut opened.book, era)
				.map_err(Error::<T>::from)?;
		}
		Self::ensure_minimum(&mut joined)?;
		Self::close_account(joined)?;
		Self::change_holder(&who, |holder| holder.moved = Some(era));
		Self::deposit_event(Event::Redelegated { who, from, to, amount });
		Ok(())
	}

	pub(crate) fn do_set_compounding(
		who: T::AccountId,
		pool: T::AccountId,
		compounds: bool,
	) -> DispatchResult {
		let mut account = Self::existing(&who, &pool)?;
		account.member.compounds = compounds;
		Self::close_account(account)?;
		Self::deposit_event(Event::CompoundingSet { who, pool, compounds });
		Ok(())
	}

	pub(crate) fn do_set_private(who: T::AccountId, private: bool) -> DispatchResult {
		ensure!(Holders::<T>::get(&who).pools > 0, Error::<T>::NoStake);
		Self::change_holder(&who, |holder| holder.private = private);
		Self::deposit_event(Event::PrivateSet { who, private });
		Ok(())
	}

	pub(crate) fn do_set_commission(who: T::AccountId, rate: BasisPoints) -> DispatchResult {
		let mut opened = Self::open(&who)?;
		ensure!(opened.pool.closed.is_none(), Error::<T>::PoolClosed);
		let era = Self::era();
		let set = opened.rates.set(rate, era, opened.book.credited());
		ensure!(set, Error::<T>::CommissionTooHigh);
		Self::write_pool(opened);
		let from = era.saturating_add(1);
		Self::deposit_event(Event::CommissionSet { who, rate, from });
		Ok(())
	}

	pub(crate) fn do_set_chilled(who: T::AccountId, chilled: bool) -> DispatchResult {
		let mut opened = Self::open(&who)?;
		ensure!(opened.pool.closed.is_none(), Error::<T>::PoolClosed);
		opened.pool.chilled = chilled;
		Self::write_pool(opened);
		Self::deposit_event(Event::ChilledSet { who, chilled });
		Ok(())
	}

	pub(crate) fn do_retire(who: T::AccountId) -> DispatchResult {
		let mut opened = Self::open(&who)?;
		Self::close_pool(&mut opened)?;
		Self::write_pool(opened);
		Ok(())
	}

	pub(crate) fn do_kick(who: T::AccountId, pool: T::AccountId) -> DispatchResult {
		if who == pool {
			return Self::kick_operator(pool);
		}
		let mut account = Self::existing(&who, &pool)?;
		Self::ensure_open(&account)?;
		let active = account.position().active();
		// A small slash is no reason to send away who began with the minimum.
		let least = T::MinDelegation::get().div_ceil(2);
		ensure!(active > 0 && active < least, Error::<T>::NotBelowMinimum);
		Self::leave(account, active)
	}

	/// Notes that an operator is below what it needs, and closes its pool if it still is when it has had its time.
	fn kick_operator(pool: T::AccountId) -> DispatchResult {
		let mut opened = Self::open(&pool)?;
		ensure!(opened.pool.closed.is_none(), Error::<T>::PoolClosed);
		let required = Self::required(&pool);
		// Exactly: by slashes that its own stake did not have to answer for, nobody is sent away.
		let own = Self::open_account(&pool, opened.clone()).map(|mut own| own.position().active());
		ensure!(own.unwrap_or(opened.pool.own) < required, Error::<T>::NotBelowMinimum);
		let era = Self::era();
		if opened.pool.is_overdue(era) {
			Self::close_pool(&mut opened)?;
		} else {
			let noted = opened.pool.below.map(|since| era.saturating_sub(since));
			ensure!(noted.is_none_or(|eras| eras >= GRACE_ERAS), Error::<T>::InGrace);
			opened.pool.below = Some(era);
			let until = era.saturating_add(GRACE_ERAS);
			Self::deposit_event(Event::BelowMinimum { pool, required, until });
		}
		Self::write_pool(opened);
		Ok(())
	}

	/// Closes a pool: everything in it leaves, in this era.
	pub(crate) fn close_pool(opened: &mut crate::pools::Opened<T>) -> DispatchResult {
		ensure!(opened.pool.closed.is_none(), Error::<T>::PoolClosed);
		let era = Self::era();
		if era > opened.pool.opened {
			opened.book.close(era).map_err(Error::<T>::from)?;
		} else {
			// Nothing was active yet, and nothing will be.
			let first = era.saturating_add(1);
			let units = opened.book.units(first);
			opened.book.deactivate(units, first, None).map_err(Error::<T>::from)?;
		}
		opened.pool.closed = Some(era);
		let operator = opened.operator.clone();
		let matures = era.saturating_add(Self::unbonding_eras());
		Self::deposit_event(Event::PoolClosed { pool: operator, era, matures });
		Ok(())
	}

	/// The account of an operator in its own open pool.
	fn own_account(who: &T::AccountId) -> Result<Account<T>, DispatchError> {
		ensure!(Pools::<T>::contains_key(who), Error::<T>::NoPool);
		let account = Self::existing(who, who)?;
		Self::ensure_open(&account)?;
		Ok(account)
	}

	pub(crate) fn ensure_open(account: &Account<T>) -> DispatchResult {
		let opened = &account.opened;
		let open = opened.pool.closed.is_none() && !opened.slashes.is_expelled();
		ensure!(open, Error::<T>::PoolClosed);
		Ok(())
	}

	/// Whether the active stake of a position is enough for one.
	fn ensure_minimum(account: &mut Account<T>) -> DispatchResult {
		let least = if account.is_own() { T::MinBond::get() } else { T::MinDelegation::get() };
		let active = account.position().active();
		ensure!(active >= least, Error::<T>::BelowMinimum);
		Ok(())
	}

	/// Adds stake to a position. Returns its active stake.
	fn join(mut account: Account<T>, amount: Balance) -> Result<Balance, DispatchError> {
		Self::ensure_open(&account)?;
		Self::ensure_own(&account.holder, amount)?;
		let era = Self::era();
		let Account { opened, member, .. } = &mut account;
		let joined = member.position.join(amount, None, &mut opened.book, era);
		joined.map_err(Error::<T>::from)?;
		Self::ensure_minimum(&mut account)?;
		let total = Self::close_account(account)?;
		Ok(total)
	}

	/// Begins to take stake out of a position.
	fn leave(mut account: Account<T>, amount: Balance) -> DispatchResult {
		let era = Self::era();
		ensure!(account.opened.pool.closed.is_none(), Error::<T>::PoolClosed);
		let Account { opened, member, .. } = &mut account;
		let left = member.position.leave(amount, &mut opened.book, era);
		left.map_err(Error::<T>::from)?;
		let (who, pool) = (account.holder.clone(), account.opened.operator.clone());
		let total = Self::close_account(account)?;
		let matures = era.saturating_add(Self::unbonding_eras());
		Self::deposit_event(Event::Unbonded { who, pool, amount, total, matures });
		Ok(())
	}

	/// Takes what has matured out of a position. Returns how much, and whether nothing is left.
	fn withdraw_matured(mut account: Account<T>) -> Result<(Balance, bool), DispatchError> {
		let eras = Self::unbonding_eras();
		let mut released = alloc::vec::Vec::new();
		let Account { opened, member, .. } = &mut account;
		let amount = Self::around(opened, &mut member.position, |position, around| {
			Ok(position.withdraw(around, eras, &mut released))
		})?;
		account.release(released);
		let gone = account.position().is_empty();
		Self::close_account(account)?;
		Ok((amount, gone))
	}
}
