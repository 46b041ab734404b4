//! What a block does by itself: clearing an era that left history, and paying operators in turn. Sole writer of
//! [`Cleared`] and [`Walked`].

use crate::{types::Walk, Cleared, Config, Ledgers, Pallet, Walked, WeightInfo};
use alloc::vec::Vec;
use frame_support::weights::WeightMeter;
use sp_runtime::SaturatedConversion;

/// Most operators that are looked at in a block.
pub const WALK_PAGE: u32 = 16;

impl<T: Config> Pallet<T> {
	/// Clears an era if one is closed, then looks at some operators, each if there is weight for it.
	pub(crate) fn tidy(meter: &mut WeightMeter) {
		if meter.try_consume(T::WeightInfo::on_idle_base()).is_err() {
			return;
		}
		if Self::is_closed(Cleared::<T>::get())
			&& meter.try_consume(T::WeightInfo::close_era()).is_ok()
		{
			Self::clear_next();
		}
		let walk = Walked::<T>::get();
		if Self::current_era() < walk.from {
			return;
		}
		let affordable = |n: &u32| meter.can_consume(T::WeightInfo::walk(*n));
		let Some(page) = (1..=WALK_PAGE).rev().find(affordable) else { return };
		meter.consume(T::WeightInfo::walk(Self::walk(walk, page)));
	}

	/// Clears the oldest era that was not cleared.
	pub(crate) fn clear_next() {
		let era = Cleared::<T>::get();
		Self::clear(era);
		Cleared::<T>::put(era.saturating_add(1));
	}

	/// Looks at the next operators, at most `page`: each is paid the first era that it can be paid, and what is closed
	/// leaves its ledger. When all were looked at and there was nothing to do it rests until the era after the one in which it
	/// began: what was looked at before that era may have become payable with it.
	pub(crate) fn walk(walk: Walk<T::AccountId>, page: u32) -> u32 {
		let ledgers = match &walk.after {
			Some(owner) => Ledgers::<T>::iter_from(Ledgers::<T>::hashed_key_for(owner)),
			None => Ledgers::<T>::iter(),
		};
		// Before any of them is changed.
		let ledgers: Vec<_> = ledgers.take(page as usize).collect();
		let looked = ledgers.len().saturated_into();
		let now = Self::current_era();
		let (mut after, mut busy) = (None, walk.busy);
		for (owner, entries) in ledgers {
			busy |= Self::pay_first(now, &owner, entries);
			after = Some(owner);
		}
		let began = if walk.after.is_some() { walk.from } else { now };
		Walked::<T>::put(match (looked < page, busy) {
			(false, busy) => Walk { after, busy, from: began },
			(true, true) => Walk { from: now, ..Walk::default() },
			(true, false) => Walk { from: began.saturating_add(1), ..Walk::default() },
		});
		looked
	}

	/// Something became payable while an era runs: the walk does not rest, and looks at those again whom it has passed.
	pub(crate) fn wake() {
		let now = Self::current_era();
		Walked::<T>::mutate(|walk| {
			walk.busy = true;
			walk.from = walk.from.min(now);
		});
	}
}
