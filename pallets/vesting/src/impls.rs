//! What the calls do.

use crate::{ledger::Book, Config, Error, Event, GrantId, Pallet, Schedule};
use dtel_primitives::{
	vesting::{Terms, TermsError},
	Balance,
};
use frame_support::{
	ensure,
	traits::{fungible::Mutate, tokens::Preservation, Contains, Get},
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Whether such terms can be granted now. What can be now can be later.
	pub(crate) fn check_terms(terms: &Terms) -> DispatchResult {
		terms.validate().map_err(|error| match error {
			TermsError::EndsTooEarly => Error::<T>::EndsTooEarly,
			TermsError::CliffOutside => Error::<T>::CliffOutside,
			TermsError::PeriodOutside => Error::<T>::PeriodOutside,
		})?;
		let most = T::MaxSpan::get();
		ensure!(terms.span() <= most, Error::<T>::TooLong);
		ensure!(terms.start.saturating_sub(Self::now()) <= most, Error::<T>::TooFar);
		Ok(())
	}

	/// Whether one may grant the other so much.
	pub(crate) fn check_grant(
		from: &T::AccountId,
		to: &T::AccountId,
		amount: Balance,
		terms: &Terms,
	) -> DispatchResult {
		ensure!(amount >= T::MinGrant::get(), Error::<T>::BelowMinimum);
		ensure!(from != to, Error::<T>::ToYourself);
		ensure!(T::Receivers::contains(to), Error::<T>::ReceiverRefused);
		Self::check_terms(terms)
	}

	/// Puts a grant into a book, of tokens that are in the account or about to be. Returns what is free of it at once.
	pub(crate) fn enter(
		book: &mut Book<T>,
		grantor: &T::AccountId,
		amount: Balance,
		terms: Terms,
		revoker: Option<T::AccountId>,
		room: u32,
	) -> Result<(GrantId, Balance), DispatchError> {
		let id = Self::next_id();
		let grantor = grantor.clone();
		let mut schedule = Schedule { id, grantor, terms, amount, released: 0, revoker, merges: 0 };
		let free = schedule.release(Self::now());
		if free < amount {
			book.add(schedule, room)?;
		}
		Ok((id, free))
	}

	pub(crate) fn do_grant(
		from: &T::AccountId,
		to: T::AccountId,
		amount: Balance,
		terms: Terms,
		revoker: Option<T::AccountId>,
		preservation: Preservation,
		room: u32,
	) -> DispatchResult {
		Self::check_grant(from, &to, amount, &terms)?;
		let mut book = Book::<T>::open(to.clone());
		let (id, free) = Self::enter(&mut book, from, amount, terms, revoker.clone(), room)?;
		// Before the freeze: there may be no account yet.
		T::Currency::transfer(from, &to, amount, preservation)?;
		book.close()?;
		let grantor = from.clone();
		Self::deposit_event(Event::Granted { id, grantor, who: to, amount, free, terms, revoker });
		Ok(())
	}

	/// Returns how many grants and debts there were.
	pub(crate) fn do_claim(who: T::AccountId) -> Result<u32, DispatchError> {
		let book = Book::<T>::open(who);
		ensure!(book.freed > 0, Error::<T>::NothingFree);
		let entries = book.entries;
		book.close()?;
		Ok(entries)
	}

	/// `by`: who must be its revoker; nobody when governance revokes.
	pub(crate) fn do_revoke(
		who: T::AccountId,
		id: GrantId,
		by: Option<&T::AccountId>,
	) -> DispatchResult {
		let mut book = Book::<T>::open(who.clone());
		let schedule = book.take(id)?;
		let may = by.is_none() || schedule.revoker.as_ref() == by;
		ensure!(may, Error::<T>::NotRevoker);
		let (returned, owed) = book.give_back(&schedule)?;
		let grantor = schedule.grantor;
		Self::deposit_event(Event::Revoked { id, who, grantor, returned, owed });
		book.write_off();
		book.close()
	}

	pub(crate) fn do_waive(
		who: T::AccountId,
		id: GrantId,
		caller: &T::AccountId,
	) -> DispatchResult {
		let mut book = Book::<T>::open(who.clone());
		let schedule = book.find(id)?;
		ensure!(schedule.revoker.as_ref() == Some(caller), Error::<T>::NotRevoker);
		schedule.revoker = None;
		book.close()?;
		Self::deposit_event(Event::Waived { id, who });
		Ok(())
	}

	pub(crate) fn do_merge(
		who: T::AccountId,
		id: GrantId,
		other: GrantId,
		caller: &T::AccountId,
	) -> DispatchResult {
		ensure!(id != other, Error::<T>::SameGrant);
		let mut book = Book::<T>::open(who.clone());
		let taken = book.take(other)?;
		let kept = book.find(id)?;
		ensure!(kept.is_compatible(&taken), Error::<T>::Incompatible);
		match &kept.revoker {
			Some(revoker) => ensure!(revoker == caller, Error::<T>::NotRevoker),
			None => ensure!(who == *caller, Error::<T>::NotHolder),
		}
		kept.absorb(&taken);
		book.close()?;
		Self::deposit_event(Event::Merged { id, other, who });
		Ok(())
	}

	/// Returns how many grants and debts there were.
	pub(crate) fn do_collect(who: T::AccountId) -> Result<u32, DispatchError> {
		let mut book = Book::<T>::open(who);
		ensure!(!book.owed.is_empty(), Error::<T>::NothingOwed);
		let paid = book.pay_debts()?;
		let lost = book.write_off();
		ensure!(paid || lost, Error::<T>::NothingLiquid);
		let entries = book.entries;
		book.close()?;
		Ok(entries)
	}

	pub(crate) fn do_lift(who: T::AccountId, id: GrantId) -> DispatchResult {
		let mut book = Book::<T>::open(who.clone());
		let schedule = book.take(id)?;
		book.close()?;
		Self::deposit_event(Event::Lifted { id, who, amount: schedule.unreleased() });
		Ok(())
	}
}
