//! Benchmarks: every call, what an offence costs, and what sessions do, with all places taken.

use super::*;
use dtel_primitives::{Balance, DTEL};
use dtel_traits::{Seats, StakeLedger, ValidatorSink};
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;
use sp_runtime::Perbill;

/// More than any floor.
const STAKE: Balance = 1_000_000 * DTEL;

/// Makes an era the running one in which the stake of [`able`] counts.
fn go_on<T: Config>() {
	frame_system::Pallet::<T>::set_block_number(T::Clock::get().first_block(1_000).into());
}

/// An operator that can be chosen.
fn able<T: Config>(who: &T::AccountId, stake: Balance) {
	T::Stake::set_up_stake(who, stake);
	T::Seats::set_up_keys(who);
}

/// A candidate.
fn candidate<T: Config>(index: u32) -> T::AccountId {
	let who: T::AccountId = account("candidate", index, 0);
	able::<T>(&who, STAKE);
	let place = NextPlace::<T>::mutate(|next| {
		*next = next.saturating_add(1);
		next.saturating_sub(1)
	});
	Candidates::<T>::insert(&who, place);
	who
}

/// Strikes of `n` others.
fn strikes<T: Config>(n: u32) {
	Struck::<T>::mutate(|struck| {
		for index in 0..n {
			let who = account("struck", index, 0);
			let _ = struck.try_push(Strike { who, fraction: Perbill::one(), fresh: true });
		}
	});
}

/// `who` is a candidate with a seat, and as many others as can be were struck.
pub(crate) fn seated<T: Config>(who: &T::AccountId) {
	T::Seats::set_up_keys(who);
	T::Seats::set_up_seat(who);
	let place = NextPlace::<T>::mutate(|next| {
		*next = next.saturating_add(1);
		next.saturating_sub(1)
	});
	Candidates::<T>::insert(who, place);
	if Struck::<T>::get().is_empty() {
		strikes::<T>(T::MaxCandidates::get());
	}
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// `n` candidates are looked at, because all places are taken, and the lowest of them is displaced.
	#[benchmark]
	fn validate(n: Linear<1, { T::MaxCandidates::get() }>) -> Result<(), BenchmarkError> {
		go_on::<T>();
		(0..n).for_each(|index| {
			candidate::<T>(index);
		});
		let caller: T::AccountId = whitelisted_caller();
		able::<T>(&caller, STAKE.saturating_mul(2));
		let seen;
		#[block]
		{
			seen = Pallet::<T>::ask(caller.clone(), n);
		}
		assert_eq!(seen, Ok(n));
		assert!(Candidates::<T>::contains_key(caller));
		assert_eq!(Candidates::<T>::count(), n);
		Ok(())
	}

	#[benchmark]
	fn resign() {
		let caller = candidate::<T>(0);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()));
		assert!(!Candidates::<T>::contains_key(caller));
	}

	/// The candidate has keys, and less than the floor at stake.
	#[benchmark]
	fn remove() {
		let gone: T::AccountId = account("candidate", 0, 0);
		able::<T>(&gone, T::Floor::get() / 2);
		Candidates::<T>::insert(&gone, 0);
		NextPlace::<T>::put(1);
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), gone.clone());
		assert!(!Candidates::<T>::contains_key(gone));
	}

	/// A candidate in the last of all seats; as many others as can be were struck before.
	#[benchmark]
	fn offended() {
		let who: T::AccountId = account("candidate", 0, 0);
		<Pallet<T> as ValidatorSink<T::AccountId>>::set_up_validator(&who);
		#[block]
		{
			<Pallet<T> as ValidatorSink<T::AccountId>>::offended(&who, Perbill::one());
		}
		assert!(Pallet::<T>::is_struck(&who));
	}

	/// `n` were struck; one of them has the last of all seats.
	#[benchmark]
	fn session_started(n: Linear<1, { T::MaxCandidates::get() }>) {
		strikes::<T>(n.saturating_sub(1));
		let who: T::AccountId = account("candidate", 0, 0);
		T::Seats::set_up_seat(&who);
		Struck::<T>::mutate(|struck| {
			let _ = struck.try_push(Strike { who, fraction: Perbill::one(), fresh: true });
		});
		#[block]
		{
			Pallet::<T>::session_started();
		}
	}

	/// `n` candidates, and as many strikes of others as there can be.
	#[benchmark]
	fn choose(n: Linear<1, { T::MaxCandidates::get() }>) {
		go_on::<T>();
		for index in 0..n {
			candidate::<T>(index);
		}
		strikes::<T>(T::MaxCandidates::get());
		let enough = n >= T::Minimum::get();
		let set;
		#[block]
		{
			set = Pallet::<T>::choose();
		}
		assert!(!enough || set.is_some());
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
