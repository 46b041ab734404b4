//! The invariants of the crate's documentation, checked against storage.

use crate::{Config, History, Jailed, Offences, Pallet};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		let (now, horizon) = (Self::current_era(), History::<T>::get());
		for (node, sentence) in Jailed::<T>::iter() {
			ensure!(sentence.until > sentence.since, "INV-1: a sentence ends before it begins");
			ensure!(sentence.since <= now, "INV-5: a sentence for what is yet to come");
			ensure!(
				sentence.since < horizon.oldest
					|| Offences::<T>::iter_prefix((sentence.since, node)).next().is_some(),
				"INV-2: a node is jailed for nothing"
			);
		}
		for ((era, _, _), record) in Offences::<T>::iter() {
			ensure!(
				era >= horizon.oldest
					|| horizon.sweeping && era.checked_add(1) == Some(horizon.oldest),
				"INV-3: a record of an era that is neither open nor being swept"
			);
			ensure!(
				record.slashed == 0 || record.fraction.parts() > 0,
				"INV-4: stake was taken for an offence that costs none"
			);
			ensure!(era <= now, "INV-5: an offence that is yet to come");
		}
		ensure!(!horizon.sweeping || horizon.oldest > 0, "INV-3: an era before the first is swept");
		Ok(())
	}
}
