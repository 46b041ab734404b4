//! What readers see.

use crate::{ledger::Book, Config, Pallet, Schedules};
use alloc::vec::Vec;
use dtel_math::vesting::segments;
use dtel_primitives::vesting::{Calendar, GrantView, Unlock};

impl<T: Config> Pallet<T> {
	/// When what an account has becomes free.
	pub(crate) fn view_calendar(who: &T::AccountId) -> Calendar {
		let now = Self::now();
		let book = Book::<T>::open(who.clone());
		let mut all = Vec::new();
		for schedule in &book.schedules {
			all.extend(
				segments(&schedule.terms, now, &|at| schedule.vested(at)).into_iter().flatten(),
			);
		}
		all.sort_by_key(|segment| segment.from);
		let next = all.first().map(|first| Unlock {
			at: first.from,
			amount: book.schedules.iter().fold(0, |sum, schedule| {
				sum.saturating_add(schedule.vested(first.from).saturating_sub(schedule.released))
			}),
		});
		Calendar {
			free_now: book.freed,
			frozen: book.unreleased(),
			owed: crate::ledger::sum_of(&book.owed),
			next,
			segments: all,
		}
	}

	/// The grants of an account.
	pub(crate) fn view_grants(who: &T::AccountId) -> Vec<GrantView<T::AccountId>> {
		let now = Self::now();
		let view = |schedule: crate::Schedule<T::AccountId>| GrantView {
			id: schedule.id,
			vested: schedule.vested(now),
			grantor: schedule.grantor,
			terms: schedule.terms,
			amount: schedule.amount,
			released: schedule.released,
			revoker: schedule.revoker,
		};
		Schedules::<T>::get(who).into_iter().map(view).collect()
	}
}
