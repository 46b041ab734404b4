//! Provisional: replaced by scripts/weights.sh

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of this pallet's calls and steps.
pub trait WeightInfo {
	/// The call `unjail`.
	fn unjail() -> Weight;
	/// A report being taken; part of the settlement of a target.
	fn report() -> Weight;
	/// `on_idle` with nothing to do.
	fn on_idle_base() -> Weight;
	/// An era being closed.
	fn close_era() -> Weight;
	/// A page of `n` records of a closed era being removed.
	fn sweep_page(n: u32) -> Weight;
}

/// Weights on the reference machine.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn unjail() -> Weight {
		Weight::from_parts(25_000_000, 4_100).saturating_add(T::DbWeight::get().reads_writes(2, 1))
	}
	fn report() -> Weight {
		Weight::from_parts(90_000_000, 8_200).saturating_add(T::DbWeight::get().reads_writes(7, 6))
	}
	fn on_idle_base() -> Weight {
		Weight::from_parts(4_000_000, 1_500).saturating_add(T::DbWeight::get().reads(1))
	}
	fn close_era() -> Weight {
		Weight::from_parts(5_000_000, 1_500).saturating_add(T::DbWeight::get().writes(1))
	}
	fn sweep_page(n: u32) -> Weight {
		Weight::from_parts(6_000_000, 3_600)
			.saturating_add(Weight::from_parts(1_200_000, 2_600).saturating_mul(u64::from(n)))
			.saturating_add(T::DbWeight::get().reads_writes(1, 1))
			.saturating_add(T::DbWeight::get().reads_writes(1, 1).saturating_mul(u64::from(n)))
	}
}

impl WeightInfo for () {
	fn unjail() -> Weight {
		Weight::from_parts(25_000_000, 4_100)
	}
	fn report() -> Weight {
		Weight::from_parts(90_000_000, 8_200)
	}
	fn on_idle_base() -> Weight {
		Weight::from_parts(4_000_000, 1_500)
	}
	fn close_era() -> Weight {
		Weight::from_parts(5_000_000, 1_500)
	}
	fn sweep_page(n: u32) -> Weight {
		Weight::from_parts(6_000_000, 3_600)
			.saturating_add(Weight::from_parts(1_200_000, 2_600).saturating_mul(u64::from(n)))
	}
}
