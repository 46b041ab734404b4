//! What a block does by itself.
//!
//! | hook | work |
//! |---|---|
//! | `on_poll` | a page of due penalties, with up to a quarter of what the block has left: before any transaction, so that nobody can keep a penalty from being executed by filling blocks |
//! | `on_idle` | another page; then one step of closing and sweeping eras; then a look at one record |
//!
//! Sole writer of [`History`].

use crate::{types::Horizon, Config, History, Offences, Pallet, WeightInfo};
use alloc::vec::Vec;
use dtel_primitives::EraIndex;
use frame_support::{traits::Get, weights::WeightMeter};

/// Most records that are removed in a block.
pub const SWEEP_PAGE: u32 = 64;
/// The part of a block's remaining weight that `on_poll` may take: 1 / this.
const POLL_SHARE: u64 = 4;

impl<T: Config> Pallet<T> {
	/// Work that comes before the block's transactions.
	pub(crate) fn poll(meter: &mut WeightMeter) {
		let mut own = WeightMeter::with_limit(meter.remaining().div(POLL_SHARE));
		if own.try_consume(T::WeightInfo::look()).is_ok() {
			Self::drain(&mut own);
		}
		meter.consume(own.consumed().min(meter.remaining()));
	}

	/// Work for which a block has room in the end.
	pub(crate) fn idle(meter: &mut WeightMeter) {
		if meter.try_consume(T::WeightInfo::look()).is_err() {
			return;
		}
		Self::drain(meter);
		Self::tidy(meter);
		if meter.try_consume(T::WeightInfo::walk()).is_ok() {
			Self::walk();
		}
	}

	/// Takes one step if there is one to take and weight for it: removes a page of the closed era's
	/// records, or closes the next era.
	fn tidy(meter: &mut WeightMeter) {
		let horizon = History::<T>::get();
		if horizon.sweeping {
			if meter.try_consume(T::WeightInfo::sweep_page(SWEEP_PAGE)).is_ok() {
				Self::sweep(horizon);
			}
		} else if Self::is_past(horizon.oldest)
			&& meter.try_consume(T::WeightInfo::close_era()).is_ok()
		{
			Self::close_next(horizon);
		}
	}

	/// Whether an era is old enough to be closed.
	pub(crate) fn is_past(era: EraIndex) -> bool {
		Self::current_era().saturating_sub(era) > T::HistoryEras::get()
	}

	/// Closes the oldest era: reports of it are refused from now on; its records are swept from the
	/// next step on.
	pub(crate) fn close_next(horizon: Horizon) {
		let Some(oldest) = horizon.oldest.checked_add(1) else { return };
		History::<T>::put(Horizon { oldest, sweeping: true });
	}

	/// Removes up to a page of the records of the era that was closed last, with their penalties. A page
	/// with one that is still open stays, and the era with it, until it is decided.
	pub(crate) fn sweep(horizon: Horizon) {
		let closed = horizon.oldest.saturating_sub(1);
		let page: Vec<_> =
			Offences::<T>::iter_prefix((closed,)).take(SWEEP_PAGE as usize).collect();
		let full = page.len() == SWEEP_PAGE as usize;
		if page.iter().any(|(_, id)| Self::is_open(*id)) {
			return;
		}
		for ((offender, kind, occasion), id) in page {
			Self::forget((closed, offender, kind, occasion), id);
		}
		if !full {
			History::<T>::put(Horizon { sweeping: false, ..horizon });
		}
	}
}
