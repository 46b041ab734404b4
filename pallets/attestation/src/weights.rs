//! Weights of the pallet.
//!
//! Provisional: replaced by scripts/weights.sh

#![allow(missing_docs, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What calls and hooks cost.
pub trait WeightInfo {
	fn authorize_commit() -> Weight;
	fn authorize_reveal() -> Weight;
	fn commit() -> Weight;
	fn reveal() -> Weight;
	fn settle(n: u32) -> Weight;
	fn freeze(n: u32) -> Weight;
	fn draw_seed() -> Weight;
	fn quiet_block() -> Weight;
	fn look() -> Weight;
	fn prune_evidence() -> Weight;
	fn prune_history() -> Weight;
}

/// Weights as measured, with the runtime's cost of the database.
pub struct SubstrateWeight<T>(PhantomData<T>);

macro_rules! weights {
	($db:ty) => {
		fn authorize_commit() -> Weight {
			Weight::from_parts(80_000_000, 4_000).saturating_add(<$db>::get().reads(7))
		}
		fn authorize_reveal() -> Weight {
			Weight::from_parts(600_000_000, 20_000).saturating_add(<$db>::get().reads(14))
		}
		fn commit() -> Weight {
			Weight::from_parts(20_000_000, 4_000).saturating_add(<$db>::get().reads_writes(6, 2))
		}
		fn reveal() -> Weight {
			Weight::from_parts(60_000_000, 20_000).saturating_add(<$db>::get().reads_writes(11, 7))
		}
		fn settle(n: u32) -> Weight {
			Weight::from_parts(700_000_000, 60_000)
				.saturating_add(<$db>::get().reads_writes(40, 8))
				.saturating_mul(n as u64)
				.saturating_add(<$db>::get().reads(3))
		}
		fn freeze(n: u32) -> Weight {
			Weight::from_parts(20_000_000, 4_000)
				.saturating_add(<$db>::get().reads_writes(3, 1))
				.saturating_add(
					Weight::from_parts(20_000_000, 8_000)
						.saturating_add(<$db>::get().reads_writes(8, 2))
						.saturating_mul(n as u64),
				)
		}
		fn draw_seed() -> Weight {
			Weight::from_parts(20_000_000, 2_000).saturating_add(<$db>::get().reads_writes(5, 1))
		}
		fn quiet_block() -> Weight {
			Weight::from_parts(2_000_000, 1_500).saturating_add(<$db>::get().reads(1))
		}
		fn look() -> Weight {
			Weight::from_parts(10_000_000, 2_000).saturating_add(<$db>::get().reads(5))
		}
		fn prune_evidence() -> Weight {
			Weight::from_parts(15_000_000, 8_000).saturating_add(<$db>::get().reads_writes(4, 4))
		}
		fn prune_history() -> Weight {
			Weight::from_parts(15_000_000, 8_000).saturating_add(<$db>::get().reads_writes(5, 7))
		}
	};
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	weights!(T::DbWeight);
}

impl WeightInfo for () {
	weights!(frame_support::weights::constants::RocksDbWeight);
}
