//! The sole writer of [`Schedules`], [`Owed`] and [`NextId`], and the only place that freezes or moves tokens.
//!
//! Whoever wants to do something with an account's grants opens its [`Book`], which brings them up to date, changes it, and closes it. The freeze
//! is computed anew from all that is in the book each time; it is never added to or taken from.

use crate::{
	Config, Debt, DebtList, Error, Event, FreezeReason, GrantId, NextId, Owed, Pallet, Schedule,
	ScheduleList, Schedules, MAX_GRANTS,
};
use dtel_primitives::{Balance, BlockNumber};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{
		fungible::{Inspect, InspectFreeze, Mutate, MutateFreeze},
		tokens::{Fortitude, Preservation, Provenance},
	},
};
use sp_runtime::{DispatchError, DispatchResult, SaturatedConversion};

/// The grants and debts of an account, out of storage and brought up to date. Nothing is written before [`Book::close`].
pub(crate) struct Book<T: Config> {
	pub who: T::AccountId,
	pub schedules: ScheduleList<T::AccountId>,
	pub owed: DebtList<T::AccountId>,
	/// How many grants and debts there were.
	pub entries: u32,
	/// What became free.
	pub freed: Balance,
}

/// The sum of debts.
pub(crate) fn sum_of<AccountId>(debts: &[Debt<AccountId>]) -> Balance {
	debts.iter().fold(0, |sum, debt| sum.saturating_add(debt.amount))
}

impl<T: Config> Book<T> {
	/// Takes the book of an account out of storage and frees what is vested.
	pub fn open(who: T::AccountId) -> Self {
		let (mut schedules, owed) = (Schedules::<T>::get(&who), Owed::<T>::get(&who));
		let entries = count(&schedules, &owed);
		let now = Pallet::<T>::now();
		let mut freed: Balance = 0;
		for schedule in schedules.iter_mut() {
			freed = freed.saturating_add(schedule.release(now));
		}
		schedules.retain(|schedule| schedule.unreleased() > 0);
		Self { who, schedules, owed, entries, freed }
	}

	/// What is frozen of the account's own grants.
	pub fn unreleased(&self) -> Balance {
		self.schedules.iter().fold(0, |sum, schedule| sum.saturating_add(schedule.unreleased()))
	}

	/// All that has to be frozen.
	pub fn frozen(&self) -> Balance {
		self.unreleased().saturating_add(sum_of(&self.owed))
	}

	/// Adds a grant, unless there are `room` grants and debts or more.
	pub fn add(&mut self, schedule: Schedule<T::AccountId>, room: u32) -> DispatchResult {
		ensure!(count(&self.schedules, &self.owed) < room, Error::<T>::TooManyGrants);
		self.schedules.try_push(schedule).map_err(|_| Error::<T>::TooManyGrants)?;
		Ok(())
	}

	/// A grant.
	pub fn find(&mut self, id: GrantId) -> Result<&mut Schedule<T::AccountId>, Error<T>> {
		self.schedules.iter_mut().find(|schedule| schedule.id == id).ok_or(Error::<T>::NoGrant)
	}

	/// Takes a grant out.
	pub fn take(&mut self, id: GrantId) -> Result<Schedule<T::AccountId>, Error<T>> {
		let at = self.schedules.iter().position(|schedule| schedule.id == id);
		at.map(|at| self.schedules.remove(at)).ok_or(Error::<T>::NoGrant)
	}

	/// Returns to its grantor what is not free of a grant that was taken out, as far as that can be moved without touching
	/// what else is frozen. Says how much was, and owes the rest.
	pub fn give_back(
		&mut self,
		schedule: &Schedule<T::AccountId>,
	) -> Result<(Balance, Balance), DispatchError> {
		let (grantor, amount) = (&schedule.grantor, schedule.unreleased());
		self.freeze(self.frozen())?;
		let returned = self.pay(grantor, amount.min(self.movable()));
		let owed = amount.saturating_sub(returned);
		if owed > 0 {
			self.owe(grantor, owed)?;
		}
		Ok((returned, owed))
	}

	/// Pays debts, as far as they can be moved without touching what is frozen of the account's own grants. Says whether
	/// anything was paid.
	pub fn pay_debts(&mut self) -> Result<bool, DispatchError> {
		self.freeze(self.unreleased())?;
		let mut debts = core::mem::take(&mut self.owed);
		let mut any = false;
		for debt in debts.iter_mut() {
			let amount = self.pay(&debt.grantor, debt.amount.min(self.movable()));
			debt.amount = debt.amount.saturating_sub(amount);
			if amount > 0 {
				any = true;
				Pallet::<T>::deposit_event(Event::Collected {
					who: self.who.clone(),
					grantor: debt.grantor.clone(),
					amount,
					left: debt.amount,
				});
			}
		}
		debts.retain(|debt| debt.amount > 0);
		self.owed = debts;
		Ok(any)
	}

	/// Forgets debts of tokens that the account does not have any more, the youngest first. Says whether there were any.
	///
	/// Whoever holds the tokens cannot bring this about: what is owed is frozen, so only slashes take it.
	pub fn write_off(&mut self) -> bool {
		let mut missing = sum_of(&self.owed).saturating_sub(T::Currency::total_balance(&self.who));
		let any = missing > 0;
		for debt in self.owed.iter_mut().rev() {
			let amount = debt.amount.min(missing);
			missing = missing.saturating_sub(amount);
			debt.amount = debt.amount.saturating_sub(amount);
			if amount > 0 {
				let (who, grantor) = (self.who.clone(), debt.grantor.clone());
				Pallet::<T>::deposit_event(Event::Lost { who, grantor, amount });
			}
		}
		self.owed.retain(|debt| debt.amount > 0);
		any
	}

	/// Writes the book, and freezes what it says.
	pub fn close(self) -> DispatchResult {
		let frozen = self.frozen();
		self.freeze(frozen)?;
		let Self { who, schedules, owed, freed, .. } = self;
		if schedules.is_empty() {
			Schedules::<T>::remove(&who);
		} else {
			Schedules::<T>::insert(&who, schedules);
		}
		if owed.is_empty() {
			Owed::<T>::remove(&who);
		} else {
			Owed::<T>::insert(&who, owed);
		}
		if freed > 0 {
			Pallet::<T>::deposit_event(Event::Claimed { who, amount: freed, frozen });
		}
		Ok(())
	}

	/// Sets the account's one freeze, whatever it was.
	fn freeze(&self, amount: Balance) -> DispatchResult {
		let reason = FreezeReason::Vesting.into();
		if T::Currency::balance_frozen(&reason, &self.who) == amount {
			return Ok(());
		}
		T::Currency::set_freeze(&reason, &self.who, amount)
	}

	/// What can leave the account, which stays alive: nothing that is frozen for other reasons, or held.
	fn movable(&self) -> Balance {
		T::Currency::reducible_balance(&self.who, Preservation::Preserve, Fortitude::Polite)
	}

	/// Transfers what its receiver can receive. Says how much that was: all or nothing.
	fn pay(&self, to: &T::AccountId, amount: Balance) -> Balance {
		let can = T::Currency::can_deposit(to, amount, Provenance::Extant).into_result();
		if amount == 0 || can.is_err() {
			return 0;
		}
		let transfer = || T::Currency::transfer(&self.who, to, amount, Preservation::Preserve);
		with_storage_layer(transfer).unwrap_or(0)
	}

	/// Owes more to a grantor.
	fn owe(&mut self, grantor: &T::AccountId, amount: Balance) -> DispatchResult {
		if let Some(debt) = self.owed.iter_mut().find(|debt| debt.grantor == *grantor) {
			debt.amount = debt.amount.saturating_add(amount);
			return Ok(());
		}
		// The grant left its place to this.
		let debt = Debt { grantor: grantor.clone(), amount };
		self.owed.try_push(debt).map_err(|_| Error::<T>::TooManyGrants)?;
		Ok(())
	}
}

/// How many places are taken.
fn count<A>(schedules: &ScheduleList<A>, owed: &DebtList<A>) -> u32 {
	// Two lists of at most 28.
	schedules.len().saturating_add(owed.len()).try_into().unwrap_or(MAX_GRANTS)
}

impl<T: Config> Pallet<T> {
	/// The running block, in the width in which terms are.
	pub(crate) fn now() -> BlockNumber {
		frame_system::Pallet::<T>::block_number().saturated_into()
	}

	/// Gives the next number.
	pub(crate) fn next_id() -> GrantId {
		NextId::<T>::mutate(|next| {
			let id = *next;
			*next = next.saturating_add(1);
			id
		})
	}
}
