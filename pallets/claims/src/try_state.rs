//! The invariants of the crate's documentation, checked against storage.

use crate::{
	types::{page_of, pages, PAGE_LEAVES},
	Airdrops, Claimed, Config, NextId, Pallet,
};
use alloc::collections::BTreeMap;
use dtel_primitives::airdrop::{depth, Airdrop, AirdropId, Progress};
use frame_support::{
	ensure,
	traits::{fungible::Inspect, Get},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		let noted = Self::noted()?;
		for (airdrop, kept) in Airdrops::<T>::iter() {
			ensure!(airdrop < NextId::<T>::get(), "INV-4: an airdrop has a number yet to be given");
			Self::check_plan(&kept)?;
			Self::check_time(&kept)?;
			Self::check_money(airdrop, &kept)?;
			Self::check_claims(&kept, noted.get(&airdrop).copied().unwrap_or(0))?;
		}
		let kept: u32 = Airdrops::<T>::iter_keys().fold(0, |n, _| n.saturating_add(1));
		ensure!(kept == Airdrops::<T>::count(), "INV-7: airdrops are miscounted");
		ensure!(kept <= T::MaxAirdrops::get(), "INV-7: more airdrops are kept than can be");
		Ok(())
	}

	/// Checks the pages of who claimed, and counts for each airdrop.
	fn noted() -> Result<BTreeMap<AirdropId, u32>, TryRuntimeError> {
		let mut noted = BTreeMap::<AirdropId, u32>::new();
		for (airdrop, page, leaves) in Claimed::<T>::iter() {
			let kept = Airdrops::<T>::get(airdrop);
			let kept = kept.ok_or("INV-3: somebody claimed of an airdrop that is not there")?;
			let last = leaves.last().ok_or("INV-3: a page on which nothing stands is kept")?;
			let last = page.checked_mul(PAGE_LEAVES).and_then(|first| first.checked_add(last));
			ensure!(
				last.is_some_and(|last| last < kept.leaves),
				"INV-3: a leaf was claimed that is not there"
			);
			if let Progress::Closed { pruned } = kept.progress {
				ensure!(page >= pruned, "INV-3: a page that was pruned is there");
			}
			let sum = noted.entry(airdrop).or_default();
			*sum = sum.saturating_add(leaves.count());
		}
		Ok(noted)
	}

	fn check_plan(kept: &Airdrop<T::AccountId>) -> Result<(), TryRuntimeError> {
		ensure!(depth(kept.leaves).is_some(), "INV-5: no tree has so many leaves");
		ensure!(kept.opens < kept.closes, "INV-5: a window ends before it begins");
		let outlasts = kept.vesting.is_none_or(|terms| terms.end >= kept.closes);
		ensure!(outlasts, "INV-5: terms are over before the window is");
		Ok(())
	}

	fn check_time(kept: &Airdrop<T::AccountId>) -> Result<(), TryRuntimeError> {
		let now = Self::now();
		ensure!(
			now >= kept.opens || kept.claims == 0,
			"INV-6: somebody claimed before the window began"
		);
		if let Progress::Closed { pruned } = kept.progress {
			ensure!(now >= kept.closes, "INV-6: an airdrop was closed in its window");
			ensure!(pruned < pages(kept.leaves), "INV-6: all is pruned but the airdrop");
		}
		Ok(())
	}

	fn check_money(
		airdrop: AirdropId,
		kept: &Airdrop<T::AccountId>,
	) -> Result<(), TryRuntimeError> {
		ensure!(kept.paid <= kept.amount, "INV-1: more was claimed than given");
		let needs = kept.left().saturating_add(T::Currency::minimum_balance());
		let has = T::Currency::balance(&Self::account_of(airdrop));
		ensure!(
			kept.progress != Progress::Live || has >= needs,
			"INV-1: the account holds less than is left and an existential deposit"
		);
		Ok(())
	}

	fn check_claims(kept: &Airdrop<T::AccountId>, noted: u32) -> Result<(), TryRuntimeError> {
		ensure!(kept.claims > 0 || kept.paid == 0, "INV-2: something was paid that nobody claimed");
		let complete = matches!(kept.progress, Progress::Live | Progress::Closed { pruned: 0 });
		ensure!(
			if complete { noted == kept.claims } else { noted <= kept.claims },
			"INV-2: the claims are not the leaves that were claimed"
		);
		Ok(())
	}
}

// A page is looked for by the leaf that stands on it.
const _: () = assert!(page_of(PAGE_LEAVES) == 1 && pages(PAGE_LEAVES) == 1);
