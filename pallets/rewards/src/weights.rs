//! Provisional: replaced by scripts/weights.sh

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of this pallet's calls and steps.
pub trait WeightInfo {
	/// The call `payout`.
	fn payout() -> Weight;
	/// A member's points being written down; part of the settlement of a target.
	fn scored() -> Weight;
	/// An era's release; part of the settlement of the last target of an era.
	fn era_settled() -> Weight;
	/// `on_idle` with nothing to do.
	fn on_idle_base() -> Weight;
	/// An era being closed.
	fn close_era() -> Weight;
	/// A page of `n` entries of a closed era being removed.
	fn sweep_page(n: u32) -> Weight;
}

/// Weights on the reference machine.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn payout() -> Weight {
		Weight::from_parts(70_000_000, 6_196).saturating_add(T::DbWeight::get().reads_writes(6, 5))
	}
	fn scored() -> Weight {
		Weight::from_parts(20_000_000, 3_600).saturating_add(T::DbWeight::get().reads_writes(3, 2))
	}
	fn era_settled() -> Weight {
		Weight::from_parts(60_000_000, 6_196).saturating_add(T::DbWeight::get().reads_writes(5, 4))
	}
	fn on_idle_base() -> Weight {
		Weight::from_parts(4_000_000, 1_500).saturating_add(T::DbWeight::get().reads(1))
	}
	fn close_era() -> Weight {
		Weight::from_parts(55_000_000, 6_196).saturating_add(T::DbWeight::get().reads_writes(4, 5))
	}
	fn sweep_page(n: u32) -> Weight {
		Weight::from_parts(6_000_000, 3_600)
			.saturating_add(Weight::from_parts(1_200_000, 2_600).saturating_mul(u64::from(n)))
			.saturating_add(T::DbWeight::get().reads_writes(1, 1))
			.saturating_add(T::DbWeight::get().reads_writes(1, 1).saturating_mul(u64::from(n)))
	}
}

impl WeightInfo for () {
	fn payout() -> Weight {
		Weight::from_parts(70_000_000, 6_196)
	}
	fn scored() -> Weight {
		Weight::from_parts(20_000_000, 3_600)
	}
	fn era_settled() -> Weight {
		Weight::from_parts(60_000_000, 6_196)
	}
	fn on_idle_base() -> Weight {
		Weight::from_parts(4_000_000, 1_500)
	}
	fn close_era() -> Weight {
		Weight::from_parts(55_000_000, 6_196)
	}
	fn sweep_page(n: u32) -> Weight {
		Weight::from_parts(6_000_000, 3_600)
			.saturating_add(Weight::from_parts(1_200_000, 2_600).saturating_mul(u64::from(n)))
	}
}
