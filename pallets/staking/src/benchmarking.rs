//! Benchmarks: every call and the slash in their worst case, with both queues of the ledger full.

use super::*;
use dtel_primitives::{Balance, EraIndex};
use dtel_traits::StakeLedger;
use frame_benchmarking::v2::*;
use frame_support::traits::{
	fungible::{Balanced, Inspect},
	tokens::Precision,
	Get,
};
use frame_system::RawOrigin;

/// Late enough for a full queue of past eras.
const LATE: EraIndex = 2 * MAX_CHUNKS;

fn go_to_era<T: Config>(era: EraIndex) {
	frame_system::Pallet::<T>::set_block_number(T::Clock::get().first_block(era).into());
}

fn fund<T: Config>(who: &T::AccountId, amount: Balance) -> Result<(), BenchmarkError> {
	let funds = amount.saturating_add(T::Currency::minimum_balance());
	drop(T::Currency::deposit(who, funds, Precision::Exact)?);
	Ok(())
}

/// Ten times the minimum.
fn stake<T: Config>() -> Balance {
	T::MinBond::get().max(1).saturating_mul(10)
}

/// An operator whose ledger is as long as one can be.
fn operator<T: Config>() -> Result<T::AccountId, BenchmarkError> {
	let who: T::AccountId = whitelisted_caller();
	go_to_era::<T>(LATE);
	Pallet::<T>::write_worst_case(&who, stake::<T>())?;
	Ok(who)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn bond() -> Result<(), BenchmarkError> {
		let caller: T::AccountId = whitelisted_caller();
		fund::<T>(&caller, stake::<T>())?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), stake::<T>());
		assert_eq!(Pallet::<T>::ledger(&caller).map(|l| l.bonded()), Some(stake::<T>()));
		Ok(())
	}

	#[benchmark]
	fn bond_extra() -> Result<(), BenchmarkError> {
		let caller = operator::<T>()?;
		fund::<T>(&caller, stake::<T>())?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), stake::<T>());
		assert_eq!(
			Pallet::<T>::ledger(&caller).map(|l| l.bonded()),
			Some(stake::<T>().saturating_mul(2))
		);
		Ok(())
	}

	#[benchmark]
	fn unbond() -> Result<(), BenchmarkError> {
		let caller = operator::<T>()?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), stake::<T>());
		assert_eq!(Pallet::<T>::ledger(&caller).map(|l| l.bonded()), Some(0));
		Ok(())
	}

	/// Everything has matured; nothing stays bonded, so that the ledger goes, too.
	#[benchmark]
	fn withdraw() -> Result<(), BenchmarkError> {
		let caller = operator::<T>()?;
		Pallet::<T>::do_unbond(caller.clone(), stake::<T>())?;
		go_to_era::<T>(LATE.saturating_add(Pallet::<T>::unbonding_eras()));
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()));
		assert!(Pallet::<T>::ledger(&caller).is_none());
		Ok(())
	}

	/// Every chunk comes back.
	#[benchmark]
	fn rebond() -> Result<(), BenchmarkError> {
		let caller = operator::<T>()?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), Balance::from(MAX_CHUNKS));
		assert_eq!(Pallet::<T>::ledger(&caller).map(|l| l.unbonding()), Some(0));
		Ok(())
	}

	/// The oldest offence that can still be punished, so that all that can be exposed is.
	#[benchmark]
	fn slash() -> Result<(), BenchmarkError> {
		let caller = operator::<T>()?;
		let era = LATE.saturating_add(2).saturating_sub(Pallet::<T>::unbonding_eras());
		let taken;
		#[block]
		{
			taken = <Pallet<T> as StakeLedger<T::AccountId>>::slash(
				&caller,
				sp_runtime::Perbill::from_percent(50),
				era,
			);
		}
		assert!(taken > 0);
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::new().build(), crate::mock::Test);
}
