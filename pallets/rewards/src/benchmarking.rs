//! Benchmarks of the call, of the steps of hooks and of what the settlement of a target causes.

use super::*;
use crate::types::{EraLedger, Horizon, NodeLedger};
use dtel_primitives::{Balance, BasisPoints, EraIndex, NodeId, DTEL};
use dtel_traits::{ScoreSink, Scored};
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

/// Writes a settled era whose release lies in the pot.
fn settled_era<T: Config>(era: EraIndex) -> Result<(), BenchmarkError> {
	let points = 20_000_000;
	let ledger = EraLedger { members: 1, points, released: RELEASED, paid: 0, settled: true };
	Eras::<T>::insert(era, ledger);
	let owner = account("owner", 0, 0);
	Points::<T>::insert(era, NODE, NodeLedger { owner, points, paid: None });
	Owed::<T>::put(RELEASED);
	let float = T::Currency::minimum_balance();
	T::Currency::mint_into(&Pallet::<T>::pot_account(), RELEASED.saturating_add(float))?;
	T::Currency::mint_into(&Pallet::<T>::reserve_account(), float)?;
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

	/// The owner's account is opened by the payment.
	#[benchmark]
	fn payout() -> Result<(), BenchmarkError> {
		settled_era::<T>(0)?;
		go_to::<T>(T::EscrowEras::get());
		let caller: T::AccountId = whitelisted_caller();
		let owner: T::AccountId = account("owner", 0, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), 0, NODE);
		assert_eq!(T::Currency::balance(&owner), RELEASED);
		Ok(())
	}

	/// A later member of an era that others were scored in.
	#[benchmark]
	fn scored() -> Result<(), BenchmarkError> {
		settled_era::<T>(0)?;
		Eras::<T>::mutate_extant(0, |ledger| ledger.settled = false);
		let owner: T::AccountId = account("owner", 0, 0);
		let score = BasisPoints::ONE;
		let member = Scored { era: 0, node: 8, owner, stake: Balance::MAX, kbps: u32::MAX, score };
		#[block]
		{
			<Pallet<T> as ScoreSink<T::AccountId>>::scored(member);
		}
		assert!(Points::<T>::contains_key(0, 8));
		Ok(())
	}

	/// The pot is opened by the release.
	#[benchmark]
	fn era_settled() -> Result<(), BenchmarkError> {
		let points = 20_000_000;
		Eras::<T>::insert(0, EraLedger { members: 1, points, ..Default::default() });
		let plenty = T::Currency::minimum_balance().saturating_add(1_000_000_000 * DTEL);
		T::Currency::mint_into(&Pallet::<T>::reserve_account(), plenty)?;
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
		assert_eq!(Owed::<T>::get(), 0);
		assert!(Pallet::<T>::is_closed(0));
		Ok(())
	}

	/// `n` entries are left; the last page is never full.
	#[benchmark]
	fn sweep_page(n: Linear<0, SWEEP_PAGE>) {
		let owner: T::AccountId = account("owner", 0, 0);
		for node in 0..n {
			let paid = Some(Balance::MAX);
			let ledger = NodeLedger { owner: owner.clone(), points: u128::MAX, paid };
			Points::<T>::insert(0, node, ledger);
		}
		let horizon = Horizon { oldest: 1, sweeping: true };
		History::<T>::put(horizon);
		#[block]
		{
			Pallet::<T>::sweep(horizon);
		}
		assert_eq!(Points::<T>::iter_prefix(0).count(), 0);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
