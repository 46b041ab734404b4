//! What a block does by itself: closing eras that left history and sweeping their entries, one step
//! a block. Sole writer of [`History`].

use crate::{types::Horizon, Config, History, Operators, Pallet, Points, WeightInfo};
use dtel_primitives::EraIndex;
use frame_support::{traits::Get, weights::WeightMeter};

/// Most entries of each kind, nodes and operators, that are removed in a block.
pub const SWEEP_PAGE: u32 = 64;

impl<T: Config> Pallet<T> {
	/// Takes one step if there is one to take and weight for it: removes a page of the closed era's
	/// entries, or closes the next era.
	pub(crate) fn tidy(meter: &mut WeightMeter) {
		if meter.try_consume(T::WeightInfo::on_idle_base()).is_err() {
			return;
		}
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
		let kept = T::HistoryEras::get().max(T::EscrowEras::get());
		Self::current_era().saturating_sub(era) > kept
	}

	/// Closes the oldest era; its entries are swept from the next step on.
	pub(crate) fn close_next(horizon: Horizon) {
		let Some(oldest) = horizon.oldest.checked_add(1) else { return };
		Self::close(horizon.oldest);
		History::<T>::put(Horizon { oldest, sweeping: true });
	}

	/// Removes up to a page of each kind of entries of the era that was closed last. Who waited for it waits
	/// no more.
	pub(crate) fn sweep(horizon: Horizon) {
		let closed = horizon.oldest.saturating_sub(1);
		let page = SWEEP_PAGE as usize;
		let nodes = Points::<T>::drain_prefix(closed).take(page).count();
		let mut operators = 0usize;
		for (owner, _) in Operators::<T>::drain_prefix(closed).take(page) {
			operators = operators.saturating_add(1);
			Self::forget_closed(&owner);
		}
		if nodes < page && operators < page {
			History::<T>::put(Horizon { sweeping: false, ..horizon });
		}
	}
}
