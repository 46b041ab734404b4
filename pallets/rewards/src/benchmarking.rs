//! Benchmarks of the call, of the steps of hooks and of what the settlement of a target causes.

use super::*;
use crate::types::{EraLedger, Horizon, NodeLedger, OperatorLedger, UnpaidEras};
use dtel_primitives::{Balance, BasisPoints, EraIndex, NodeId, DTEL};
use dtel_traits::{ScoreSink, Scored, StakeRewards};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{Inspect, Mutate},
		Get,
	},
	weights::WeightMeter,
};
use frame_system::RawOrigin;

const NODE: NodeId = 7;
const RELEASED: Balance = 1_000 * DTEL;
const POINTS: u128 = 20_000_000;

fn operator<T: Config>(index: u32) -> T::AccountId {
	account("operator", index, 0)
}

/// Writes a settled era whose release lies in the stakers' pot.
fn settled_era<T: Config>(era: EraIndex) -> Result<(), BenchmarkError> {
	let (owner, points) = (operator::<T>(0), POINTS);
	let ledger = EraLedger { members: 1, points, released: RELEASED, paid: 0, settled: true };
	Eras::<T>::insert(era, ledger);
	Operators::<T>::insert(era, &owner, OperatorLedger { points, refused: false });
	Points::<T>::insert(era, NODE, NodeLedger { owner, points });
	Released::<T>::put(RELEASED);
	let float = T::Currency::minimum_balance();
	T::Currency::mint_into(&T::Stakers::pot(), RELEASED.saturating_add(float))?;
	T::Currency::mint_into(&Pallet::<T>::reserve_account(), float)?;
	Ok(())
}

/// Lets an operator wait for as many eras as it can, from `era` on.
fn wait_from<T: Config>(owner: &T::AccountId, era: EraIndex) {
	wait_for::<T>(owner, era..);
}

fn wait_for<T: Config>(owner: &T::AccountId, eras: impl Iterator<Item = EraIndex>) {
	let eras = eras.take(MAX_UNPAID as usize).collect();
	Unpaid::<T>::insert(owner, UnpaidEras::truncate_from(eras));
}

/// Lets an operator that earns in `era` give up the earliest of too many others, and the era open the pot by its release,
/// for benchmarks of other pallets.
pub(crate) fn worst_case<T: Config>(
	era: EraIndex,
	owner: &T::AccountId,
) -> Result<(), BenchmarkError> {
	let first = era.saturating_sub(MAX_UNPAID);
	wait_for::<T>(owner, (first..).filter(|other| *other != era));
	Operators::<T>::insert(first, owner, OperatorLedger { points: POINTS, refused: false });
	if !Eras::<T>::contains_key(era) {
		Eras::<T>::insert(era, EraLedger { members: 1, points: POINTS, ..Default::default() });
		fill_reserve::<T>()?;
	}
	Ok(())
}

fn fill_reserve<T: Config>() -> Result<(), BenchmarkError> {
	let plenty = T::Currency::minimum_balance().saturating_add(1_000_000_000 * DTEL);
	T::Currency::mint_into(&Pallet::<T>::reserve_account(), plenty)?;
	Ok(())
}

/// Makes the first block of `era` the running one.
fn go_to<T: Config>(era: EraIndex) {
	frame_system::Pallet::<T>::set_block_number(T::Clock::get().first_block(era).into());
}

/// The first era in which era 0 is past.
fn past<T: Config>() -> EraIndex {
	T::HistoryEras::get().max(T::EscrowEras::get()).saturating_add(1)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// To a pool that is as full as it can be, of an operator that waits for as many eras as it can.
	#[benchmark]
	fn payout() -> Result<(), BenchmarkError> {
		let owner = operator::<T>(0);
		let era = T::Stakers::set_up_pool(&owner);
		settled_era::<T>(era)?;
		wait_from::<T>(&owner, era);
		go_to::<T>(era.saturating_add(T::EscrowEras::get().max(1)));
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), era, owner.clone());
		assert_eq!(Eras::<T>::get(era).map(|ledger| ledger.paid), Some(RELEASED));
		assert_eq!(Unpaid::<T>::get(&owner).len().saturating_add(1), MAX_UNPAID as usize);
		Ok(())
	}

	/// The first node of an operator that waits for too many eras, in an era in which others were scored.
	#[benchmark]
	fn scored() -> Result<(), BenchmarkError> {
		let (owner, era) = (operator::<T>(1), MAX_UNPAID);
		settled_era::<T>(era)?;
		Eras::<T>::mutate_extant(era, |ledger| ledger.settled = false);
		Operators::<T>::insert(0, &owner, OperatorLedger { points: POINTS, refused: false });
		wait_from::<T>(&owner, 0);
		let (stake, kbps, score) = (Balance::MAX, u32::MAX, BasisPoints::ONE);
		let member = Scored { era, node: 8, owner: owner.clone(), stake, kbps, score };
		#[block]
		{
			<Pallet<T> as ScoreSink<T::AccountId>>::scored(member);
		}
		assert!(Points::<T>::contains_key(era, 8) && Operators::<T>::contains_key(era, &owner));
		assert!(Operators::<T>::get(0, &owner).is_some_and(|of| of.refused));
		Ok(())
	}

	/// The pot is opened by the release.
	#[benchmark]
	fn era_settled() -> Result<(), BenchmarkError> {
		Eras::<T>::insert(0, EraLedger { members: 1, points: POINTS, ..Default::default() });
		fill_reserve::<T>()?;
		#[block]
		{
			<Pallet<T> as ScoreSink<T::AccountId>>::era_settled(0);
		}
		assert!(Eras::<T>::get(0).is_some_and(|ledger| ledger.settled));
		Ok(())
	}

	/// Nothing is past.
	#[benchmark]
	fn on_idle_base() {
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::tidy(&mut meter);
		}
	}

	/// Nothing of the era was asked for.
	#[benchmark]
	fn close_era() -> Result<(), BenchmarkError> {
		settled_era::<T>(0)?;
		go_to::<T>(past::<T>());
		#[block]
		{
			if Pallet::<T>::is_past(0) {
				Pallet::<T>::close_next(Horizon::default());
			}
		}
		assert_eq!(Released::<T>::get(), 0);
		assert!(Pallet::<T>::is_closed(0));
		Ok(())
	}

	/// `n` nodes are left, each the only one of an operator that waits for as many eras as it can; the last
	/// page is never full.
	#[benchmark]
	fn sweep_page(n: Linear<0, SWEEP_PAGE>) {
		for node in 0..n {
			let (owner, points) = (operator::<T>(node), u128::MAX);
			wait_from::<T>(&owner, 0);
			Operators::<T>::insert(0, &owner, OperatorLedger { points, refused: false });
			Points::<T>::insert(0, node, NodeLedger { owner, points });
		}
		let horizon = Horizon { oldest: 1, sweeping: true };
		History::<T>::put(horizon);
		#[block]
		{
			Pallet::<T>::sweep(horizon);
		}
		assert_eq!(Points::<T>::iter_prefix(0).count(), 0);
		assert_eq!(Operators::<T>::iter_prefix(0).count(), 0);
		assert!(Unpaid::<T>::iter_values().all(|eras| !eras.contains(&0)));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
