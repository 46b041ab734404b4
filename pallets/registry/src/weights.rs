//! Provisional: replaced by scripts/weights.sh

#![allow(missing_docs)]

use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{constants::RocksDbWeight, Weight},
};

/// Weight functions needed for `pallet_dtel_registry`.
pub trait WeightInfo {
	fn register() -> Weight;
	fn rotate_keys() -> Weight;
	fn set_status() -> Weight;
	fn retire() -> Weight;
	fn add_client() -> Weight;
	fn revoke_client() -> Weight;
}

/// Weights for `pallet_dtel_registry` with the runtime's database weights.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn register() -> Weight {
		Weight::from_parts(80_000_000, 16_000).saturating_add(T::DbWeight::get().reads_writes(8, 8))
	}
	fn rotate_keys() -> Weight {
		Weight::from_parts(60_000_000, 12_000).saturating_add(T::DbWeight::get().reads_writes(4, 9))
	}
	fn set_status() -> Weight {
		Weight::from_parts(30_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(1, 1))
	}
	fn retire() -> Weight {
		Weight::from_parts(80_000_000, 12_000).saturating_add(T::DbWeight::get().reads_writes(5, 9))
	}
	fn add_client() -> Weight {
		Weight::from_parts(50_000_000, 8_000).saturating_add(T::DbWeight::get().reads_writes(4, 3))
	}
	fn revoke_client() -> Weight {
		Weight::from_parts(50_000_000, 8_000).saturating_add(T::DbWeight::get().reads_writes(3, 3))
	}
}

impl WeightInfo for () {
	fn register() -> Weight {
		Weight::from_parts(80_000_000, 16_000)
			.saturating_add(RocksDbWeight::get().reads_writes(8, 8))
	}
	fn rotate_keys() -> Weight {
		Weight::from_parts(60_000_000, 12_000)
			.saturating_add(RocksDbWeight::get().reads_writes(4, 9))
	}
	fn set_status() -> Weight {
		Weight::from_parts(30_000_000, 4_000)
			.saturating_add(RocksDbWeight::get().reads_writes(1, 1))
	}
	fn retire() -> Weight {
		Weight::from_parts(80_000_000, 12_000)
			.saturating_add(RocksDbWeight::get().reads_writes(5, 9))
	}
	fn add_client() -> Weight {
		Weight::from_parts(50_000_000, 8_000)
			.saturating_add(RocksDbWeight::get().reads_writes(4, 3))
	}
	fn revoke_client() -> Weight {
		Weight::from_parts(50_000_000, 8_000)
			.saturating_add(RocksDbWeight::get().reads_writes(3, 3))
	}
}
