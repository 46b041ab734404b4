//! The invariants of the crate's documentation, checked against storage.

use crate::{Candidates, Config, NextPlace, Pallet, Struck};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		let places: Vec<u64> = Candidates::<T>::iter_values().collect();
		ensure!(
			places.len() == Candidates::<T>::count() as usize,
			"INV-1: candidates are miscounted"
		);
		ensure!(
			places.len() <= T::MaxCandidates::get() as usize,
			"INV-1: more candidates than places"
		);
		let unique: BTreeSet<u64> = places.iter().copied().collect();
		ensure!(unique.len() == places.len(), "INV-2: two candidates with one number");
		let next = NextPlace::<T>::get();
		ensure!(
			unique.last().is_none_or(|last| *last < next),
			"INV-2: a number that was not given"
		);
		let struck = Struck::<T>::get();
		let names: BTreeSet<_> = struck.iter().map(|strike| &strike.who).collect();
		ensure!(names.len() == struck.len(), "INV-3: somebody was struck twice");
		let (minimum, wanted) = (T::Minimum::get(), T::Wanted::get());
		ensure!(
			minimum > 0 && minimum <= wanted && wanted <= T::MaxCandidates::get(),
			"INV-4: sets of the wanted size cannot be chosen"
		);
		Ok(())
	}
}
