
//! Weights of `pallet_dtel_claims`: a PLACEHOLDER, not measured. Reads and writes are counted from the code, times are
//! guesses on the high side. `scripts/weights.sh claims` replaces this file.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};
use core::marker::PhantomData;

/// What each benchmark weighs.
pub trait WeightInfo {
	fn create() -> Weight;
	fn claim(p: u32, ) -> Weight;
	fn claim_vested(p: u32, ) -> Weight;
	fn close() -> Weight;
	fn cancel() -> Weight;
	fn prune(n: u32, ) -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `System::Account` (r:2 w:2)
	/// Storage: `Claims::CounterForAirdrops` (r:1 w:1)
	/// Storage: `Claims::NextId` (r:1 w:1)
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	fn create() -> Weight {
		Weight::from_parts(120_000_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	/// Storage: `Claims::Claimed` (r:1 w:1)
	/// Storage: `System::Account` (r:2 w:2)
	/// The range of component `p` is `[0, 20]`.
	fn claim(p: u32, ) -> Weight {
		Weight::from_parts(110_000_000, 6_196)
			.saturating_add(Weight::from_parts(2_000_000, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	/// Storage: `Claims::Claimed` (r:1 w:1)
	/// Storage: `System::Account` (r:2 w:2)
	/// Storage: `Vesting (grant)` (r:2 w:2)
	/// Storage: `Balances::Freezes` (r:1 w:1)
	/// The range of component `p` is `[0, 20]`.
	fn claim_vested(p: u32, ) -> Weight {
		Weight::from_parts(220_000_000, 12_000)
			.saturating_add(Weight::from_parts(2_000_000, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	/// Storage: `System::Account` (r:2 w:2)
	fn close() -> Weight {
		Weight::from_parts(100_000_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	/// Storage: `System::Account` (r:2 w:2)
	/// Storage: `Claims::CounterForAirdrops` (r:1 w:1)
	fn cancel() -> Weight {
		Weight::from_parts(100_000_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	/// Storage: `Claims::CounterForAirdrops` (r:1 w:1)
	/// Storage: `Claims::Claimed` (r:0 w:n)
	/// The range of component `n` is `[1, 64]`.
	fn prune(n: u32, ) -> Weight {
		Weight::from_parts(20_000_000, 3_700)
			.saturating_add(Weight::from_parts(1_500_000, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn create() -> Weight {
		Weight::from_parts(120_000_000, 6_196)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn claim(p: u32, ) -> Weight {
		Weight::from_parts(110_000_000, 6_196)
			.saturating_add(Weight::from_parts(2_000_000, 0).saturating_mul(p.into()))
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn claim_vested(p: u32, ) -> Weight {
		Weight::from_parts(220_000_000, 12_000)
			.saturating_add(Weight::from_parts(2_000_000, 0).saturating_mul(p.into()))
			.saturating_add(ParityDbWeight::get().reads(7_u64))
			.saturating_add(ParityDbWeight::get().writes(7_u64))
	}
	fn close() -> Weight {
		Weight::from_parts(100_000_000, 6_196)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn cancel() -> Weight {
		Weight::from_parts(100_000_000, 6_196)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn prune(n: u32, ) -> Weight {
		Weight::from_parts(20_000_000, 3_700)
			.saturating_add(Weight::from_parts(1_500_000, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
			.saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(n.into())))
	}
}
