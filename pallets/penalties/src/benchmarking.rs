//! Benchmarks of the call, of the steps of hooks and of what a report causes.

use super::*;
use crate::types::{Horizon, Record, Sentence};
use codec::DecodeAll;
use dtel_primitives::{AttestorId, BasisPoints, EraIndex, NodeId, DTEL};
use dtel_traits::{NodeRegistry, Offence, OffenceKind, OffenceSink, StakeLedger};
use frame_benchmarking::v2::*;
use frame_support::{traits::Get, weights::WeightMeter};
use frame_system::RawOrigin;

/// Registers a node of `owner` through whatever the runtime has for a registry.
fn node_of<T: Config>(owner: &T::AccountId) -> Result<NodeId, BenchmarkError> {
	let attestor = AttestorId::decode_all(&mut &[7u8; 32][..])
		.map_err(|_| BenchmarkError::Stop("a key is 32 bytes"))?;
	Ok(T::Registry::set_up_node(owner, attestor))
}

/// Makes the first block of `era` the running one.
fn go_to<T: Config>(era: EraIndex) {
	frame_system::Pallet::<T>::set_block_number(T::Clock::get().first_block(era).into());
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// The term is over.
	#[benchmark]
	fn unjail() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = whitelisted_caller();
		let node = node_of::<T>(&owner)?;
		go_to::<T>(5);
		Jailed::<T>::insert(node, Sentence { since: 2, until: 5 });
		#[extrinsic_call]
		_(RawOrigin::Signed(owner), node);
		assert!(!Jailed::<T>::contains_key(node));
		Ok(())
	}

	/// The costliest kind, by a node that is jailed for an earlier era.
	#[benchmark]
	fn report() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = account("owner", 0, 0);
		let node = node_of::<T>(&owner)?;
		T::Stake::set_up_stake(&owner, 1_000_000 * DTEL);
		go_to::<T>(3);
		Jailed::<T>::insert(node, Sentence { since: 2, until: 3 });
		let kind = OffenceKind::Unavailable;
		let offence = Offence { kind, era: 3, node, owner };
		#[block]
		{
			<Pallet<T> as OffenceSink<T::AccountId>>::report(offence);
		}
		assert!(Offences::<T>::contains_key((3, node, kind)));
		assert!(Jailed::<T>::get(node).is_some_and(|sentence| sentence.since == 2));
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

	/// The oldest era is past.
	#[benchmark]
	fn close_era() {
		go_to::<T>(T::HistoryEras::get().saturating_add(1));
		#[block]
		{
			if Pallet::<T>::is_past(0) {
				Pallet::<T>::close_next(Horizon::default());
			}
		}
		assert_eq!(History::<T>::get(), Horizon { oldest: 1, sweeping: true });
	}

	/// `n` records are left; the last page is never full.
	#[benchmark]
	fn sweep_page(n: Linear<0, SWEEP_PAGE>) {
		let owner: T::AccountId = account("owner", 0, 0);
		for node in 0..n {
			let record =
				Record { owner: owner.clone(), fraction: BasisPoints::ONE, slashed: u128::MAX };
			Offences::<T>::insert((0, node, OffenceKind::Unavailable), record);
		}
		let horizon = Horizon { oldest: 1, sweeping: true };
		History::<T>::put(horizon);
		#[block]
		{
			Pallet::<T>::sweep(horizon);
		}
		assert_eq!(Offences::<T>::iter_prefix((0,)).count(), 0);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
