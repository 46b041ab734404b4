//! The invariants of the crate's documentation, checked against all of storage.

use crate::{Config, HoldReason, Ledgers, Pallet};
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks INV-1 to INV-4.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let now = Self::era();
		let reason = HoldReason::Bond.into();
		for (who, ledger) in Ledgers::<T>::iter() {
			ensure!(
				T::Currency::balance_on_hold(&reason, &who) == ledger.total(),
				"INV-1: a hold is not what the ledger says"
			);
			ensure!(!ledger.is_empty(), "INV-2: an empty ledger is kept");
			let rising =
				ledger.chunks.windows(2).all(|pair| matches!(pair, [a, b] if a.era < b.era));
			ensure!(
				rising && ledger.chunks.iter().all(|c| c.amount > 0 && c.era <= now),
				"INV-3: chunks are empty, out of order or of the future"
			);
			let rising =
				ledger.joins.windows(2).all(|pair| matches!(pair, [a, b] if a.era < b.era));
			ensure!(
				rising
					&& ledger
						.joins
						.iter()
						.all(|j| (j.bonded > 0 || j.rebonded > 0) && j.era <= now),
				"INV-4: joins are empty, out of order or of the future"
			);
		}
		Ok(())
	}
}
