//! Benchmarks of pallet Session's calls, whose own ones need pallet Staking of the SDK.
//!
//! Each call in the state in which it reads and writes most.

use crate::{configs::consensus::benchmark_keys, Balances, SessionKeys};
use alloc::vec::Vec;
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::traits::fungible::Mutate;
use frame_system::RawOrigin;
use pallet_session::{Pallet as Session, SessionInterface};

/// What is measured.
pub struct Pallet<T: Config>(pallet_session::Pallet<T>);

/// A runtime with these session keys.
pub trait Config:
	pallet_session::historical::Config<Keys = SessionKeys, AccountId = dtel_primitives::AccountId>
{
}

impl Config for crate::Runtime {}

/// An account that can pay for its keys.
fn operator<T: Config>() -> T::AccountId {
	let who: T::AccountId = whitelisted_caller();
	let deposit: dtel_primitives::Balance = crate::configs::fees::SessionKeyDeposit::get();
	let _ = Balances::set_balance(&who, deposit.saturating_mul(10));
	who
}

/// Fresh keys in the keystore, and the proof that `who` has them.
fn fresh<T: Config>(who: &T::AccountId) -> (SessionKeys, Vec<u8>) {
	let made = SessionKeys::generate(&who.encode(), None);
	(made.keys, made.proof.encode())
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// Others were set before without a deposit: these are removed, and the deposit is held.
	#[benchmark]
	fn set_keys() -> Result<(), BenchmarkError> {
		let who = operator::<T>();
		<Session<T> as SessionInterface>::set_keys(&who, benchmark_keys(&who))?;
		let (keys, proof) = fresh::<T>(&who);
		#[block]
		{
			Session::<T>::set_keys(RawOrigin::Signed(who.clone()).into(), keys.clone(), proof)?;
		}
		assert_eq!(pallet_session::NextKeys::<crate::Runtime>::get(&who), Some(keys));
		Ok(())
	}

	/// With a deposit that is released.
	#[benchmark]
	fn purge_keys() -> Result<(), BenchmarkError> {
		let who = operator::<T>();
		let (keys, proof) = fresh::<T>(&who);
		Session::<T>::set_keys(RawOrigin::Signed(who.clone()).into(), keys, proof)?;
		#[block]
		{
			Session::<T>::purge_keys(RawOrigin::Signed(who.clone()).into())?;
		}
		assert_eq!(pallet_session::NextKeys::<crate::Runtime>::get(&who), None);
		Ok(())
	}
}
