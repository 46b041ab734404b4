//! Pools: the sole writer of [`Pools`], [`Books`], [`SlashesOf`], [`SourcesOf`] and [`Checkpoints`].

use crate::{
	types::{Earnings, Pool, Rates, CREDIT_ERAS, MAX_UNBONDING_ERAS},
	Books, Checkpoints, Config, Error, Event, Pallet, Pools, SlashesOf, SourcesOf,
};
use alloc::{collections::BTreeMap, vec::Vec};
use dtel_math::{
	money::part_floor,
	pool::{Book, Checkpoint, Page, PoolError, Slashes, PAGE_ERAS},
};
use dtel_primitives::{Balance, EraIndex};
use frame_support::{defensive, ensure, traits::Get, CloneNoBound};
use sp_runtime::{DispatchError, SaturatedConversion};

impl<T: Config> From<PoolError> for Error<T> {
	fn from(error: PoolError) -> Self {
		match error {
			PoolError::Insufficient => Error::NotEnough,
			PoolError::Overflow => Error::Overflow,
			PoolError::Full => Error::TooManyEntries,
			PoolError::Credited => Error::EraPassed,
			PoolError::NobodyActive => Error::NobodyActive,
			PoolError::Bound => Error::MovedBefore,
		}
	}
}

/// A pool with all that belongs to it, out of storage.
#[derive(CloneNoBound)]
pub(crate) struct Opened<T: Config> {
	pub operator: T::AccountId,
	pub pool: Pool,
	pub book: Book,
	pub commission: Balance,
	pub rates: Rates,
	pub slashes: Slashes,
	/// What is in storage, but for what time alone changes. Only what differs is written.
	kept: Option<(Pool, Earnings, Slashes)>,
}

impl<T: Config> Pallet<T> {
	/// The running era.
	pub(crate) fn era() -> EraIndex {
		T::Clock::get().era_of(frame_system::Pallet::<T>::block_number().saturated_into())
	}

	/// How many eras unbonding takes.
	pub(crate) fn unbonding_eras() -> EraIndex {
		T::UnbondingEras::get().min(MAX_UNBONDING_ERAS)
	}

	/// The first era whose offences can still be slashed.
	pub(crate) fn window() -> EraIndex {
		Self::era().saturating_add(2).saturating_sub(Self::unbonding_eras())
	}

	/// The last era whose reward can be credited no more.
	pub(crate) fn passed() -> EraIndex {
		Self::era().saturating_sub(CREDIT_ERAS)
	}

	/// A pool, brought up to date.
	pub(crate) fn open(operator: &T::AccountId) -> Result<Opened<T>, DispatchError> {
		let mut pool = Pools::<T>::get(operator).ok_or(Error::<T>::NoPool)?;
		let earnings = Self::open_book(operator);
		pool.worth.settle(Self::window());
		let slashes = SlashesOf::<T>::get(operator);
		let kept = Some((pool.clone(), earnings.clone(), slashes.clone()));
		let Earnings { book, commission, rates } = earnings;
		Ok(Opened { operator: operator.clone(), pool, book, commission, rates, slashes, kept })
	}

	/// What a pool earned, brought up to date.
	pub(crate) fn open_book(operator: &T::AccountId) -> Earnings {
		let mut earnings = Books::<T>::get(operator);
		earnings.book.pass(Self::passed());
		earnings
	}

	/// Writes what a pool earned, if it is not what it was but for what time alone changes.
	pub(crate) fn keep_book(operator: &T::AccountId, before: &Earnings, earnings: Earnings) {
		if earnings != *before {
			Books::<T>::insert(operator, earnings);
		}
	}

	/// Makes a pool.
	pub(crate) fn found(operator: &T::AccountId, pool: Pool, rates: Rates) -> Opened<T> {
		Opened {
			operator: operator.clone(),
			book: Book::new(pool.opened),
			pool,
			commission: 0,
			rates,
			slashes: Slashes::default(),
			kept: None,
		}
	}

	/// Whether nobody is in a closed pool any more and nothing answers for it.
	pub(crate) fn is_over(opened: &Opened<T>) -> bool {
		let empty = opened.pool.closed.is_some() && opened.pool.members == 0;
		empty && !SourcesOf::<T>::contains_key(&opened.operator)
	}

	/// Writes what changed of a pool, or removes one that is over.
	pub(crate) fn write_pool(opened: Opened<T>) {
		if Self::is_over(&opened) {
			Self::remove_pool(opened);
		} else {
			Self::keep_pool(opened);
		}
	}

	/// Writes what changed of a pool.
	pub(crate) fn keep_pool(opened: Opened<T>) {
		let Opened { operator, pool, mut book, commission, rates, slashes, kept } = opened;
		if let Some((page, checkpoints)) = book.flush(PAGE_ERAS) {
			Self::write_checkpoints(&operator, page, checkpoints);
		}
		let earnings = Earnings { book, commission, rates };
		let same = |is: &dyn Fn(&(Pool, Earnings, Slashes)) -> bool| kept.as_ref().is_some_and(is);
		if !same(&|(before, _, _)| *before == pool) {
			Pools::<T>::insert(&operator, &pool);
		}
		if !same(&|(_, before, _)| *before == earnings) {
			Books::<T>::insert(&operator, &earnings);
		}
		if !same(&|(_, _, before)| *before == slashes) && slashes != Slashes::default() {
			SlashesOf::<T>::insert(&operator, &slashes);
		}
	}

	fn remove_pool(opened: Opened<T>) {
		let Opened { operator, pool, book, commission, .. } = opened;
		// The commission comes with the end. Who cannot take it leaves it to the treasury.
		if commission > 0 {
			if Self::pay(&operator, commission).is_ok() {
				let who = operator.clone();
				Self::deposit_event(Event::CommissionClaimed { who, amount: commission });
			} else {
				Self::sweep(commission);
			}
		}
		Self::sweep(book.carry());
		// The pool's own reference to the boundary before it closed.
		if let Some(last) = pool.boundary() {
			if !book.marks().iter().any(|mark| mark.era == last) {
				Self::release_checkpoints(&operator, &[last]);
			}
		}
		Pools::<T>::remove(&operator);
		Books::<T>::remove(&operator);
		SlashesOf::<T>::remove(&operator);
	}

	/// Shares an amount among those who were active throughout an era, after the commission of that era. Returns both
	/// parts. Only the book is written, and boundaries wait in it.
	pub(crate) fn credit_book(
		operator: &T::AccountId,
		era: EraIndex,
		amount: Balance,
	) -> Result<(Balance, Balance), DispatchError> {
		let mut earnings = Books::<T>::try_get(operator).map_err(|()| Error::<T>::NoPool)?;
		let now = Self::era();
		// Nobody was active throughout what has not ended. What was before the first is passed.
		ensure!(era < now, Error::<T>::NobodyActive);
		earnings.book.pass(now.saturating_sub(CREDIT_ERAS));
		let kept = part_floor(amount, earnings.rates.at(era));
		let shared = amount.saturating_sub(kept);
		earnings.book.credit(era, shared).map_err(Error::<T>::from)?;
		let all = earnings.commission.checked_add(kept);
		earnings.commission = all.ok_or(Error::<T>::Overflow)?;
		Books::<T>::insert(operator, earnings);
		Ok((shared, kept))
	}

	/// Counts how many entries elsewhere answer for a pool.
	pub(crate) fn count_sources(pool: &T::AccountId, more: u32, less: u32) {
		SourcesOf::<T>::mutate_exists(pool, |known| {
			let n = known.unwrap_or(0).saturating_add(more).saturating_sub(less);
			*known = (n > 0).then_some(n);
		});
	}

	/// Puts boundaries on their page.
	pub(crate) fn write_checkpoints(
		operator: &T::AccountId,
		page: EraIndex,
		checkpoints: impl IntoIterator<Item = Checkpoint>,
	) {
		Checkpoints::<T>::mutate(operator, page, |kept| {
			for checkpoint in checkpoints {
				if !kept.add(&checkpoint) {
					defensive!("INV-5: a page has a place for each of its eras, with one index");
				}
			}
		});
	}

	/// Entries refer to these boundaries once less, each for every time that it is listed.
	pub(crate) fn release_checkpoints(operator: &T::AccountId, eras: &[EraIndex]) {
		let mut pages: BTreeMap<EraIndex, Vec<EraIndex>> = BTreeMap::new();
		for era in eras {
			pages.entry(Page::of(*era)).or_default().push(*era);
		}
		for (page, eras) in pages {
			Checkpoints::<T>::mutate_exists(operator, page, |kept| {
				let mut left = kept.take().unwrap_or_default();
				for era in eras {
					if !left.release(era) {
						defensive!("INV-5: a boundary is missing");
					}
				}
				*kept = (!left.is_empty()).then_some(left);
			});
		}
	}
}
