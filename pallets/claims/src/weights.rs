
//! Weights of `pallet_dtel_claims`, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

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
	/// Storage: `Claims::CounterForAirdrops` (r:1 w:1)
	/// Proof: `Claims::CounterForAirdrops` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Claims::NextId` (r:1 w:1)
	/// Proof: `Claims::NextId` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	/// Proof: `Claims::Airdrops` (`max_values`: None, `max_size`: Some(180), added: 2655, mode: `MaxEncodedLen`)
	fn create() -> Weight {
		Weight::from_parts(90_042_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	/// Proof: `Claims::Airdrops` (`max_values`: None, `max_size`: Some(180), added: 2655, mode: `MaxEncodedLen`)
	/// Storage: `Claims::Claimed` (r:1 w:1)
	/// Proof: `Claims::Claimed` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// The range of component `p` is `[0, 20]`.
	fn claim(p: u32, ) -> Weight {
		Weight::from_parts(77_463_949, 6_196)
			.saturating_add(Weight::from_parts(1_130_393, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	/// Proof: `Claims::Airdrops` (`max_values`: None, `max_size`: Some(180), added: 2655, mode: `MaxEncodedLen`)
	/// Storage: `Claims::Claimed` (r:1 w:1)
	/// Proof: `Claims::Claimed` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Schedules` (r:1 w:1)
	/// Proof: `Vesting::Schedules` (`max_values`: None, `max_size`: Some(3605), added: 6080, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:1)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::NextId` (r:1 w:1)
	/// Proof: `Vesting::NextId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Freezes` (r:1 w:1)
	/// Proof: `Balances::Freezes` (`max_values`: None, `max_size`: Some(67), added: 2542, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Locks` (r:1 w:0)
	/// Proof: `Balances::Locks` (`max_values`: None, `max_size`: Some(1299), added: 3774, mode: `MaxEncodedLen`)
	/// The range of component `p` is `[0, 20]`.
	fn claim_vested(p: u32, ) -> Weight {
		Weight::from_parts(138_048_215, 7_070)
			.saturating_add(Weight::from_parts(1_154_894, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	/// Proof: `Claims::Airdrops` (`max_values`: None, `max_size`: Some(180), added: 2655, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn close() -> Weight {
		Weight::from_parts(80_213_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	/// Proof: `Claims::Airdrops` (`max_values`: None, `max_size`: Some(180), added: 2655, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Claims::CounterForAirdrops` (r:1 w:1)
	/// Proof: `Claims::CounterForAirdrops` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	fn cancel() -> Weight {
		Weight::from_parts(83_535_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Claims::Airdrops` (r:1 w:1)
	/// Proof: `Claims::Airdrops` (`max_values`: None, `max_size`: Some(180), added: 2655, mode: `MaxEncodedLen`)
	/// Storage: `Claims::CounterForAirdrops` (r:1 w:1)
	/// Proof: `Claims::CounterForAirdrops` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Claims::Claimed` (r:0 w:64)
	/// Proof: `Claims::Claimed` (`max_values`: None, `max_size`: Some(280), added: 2755, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 64]`.
	fn prune(n: u32, ) -> Weight {
		Weight::from_parts(20_889_051, 3_645)
			.saturating_add(Weight::from_parts(1_893_488, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn create() -> Weight {
		Weight::from_parts(90_042_000, 6_196)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn claim(p: u32, ) -> Weight {
		Weight::from_parts(77_463_949, 6_196)
			.saturating_add(Weight::from_parts(1_130_393, 0).saturating_mul(p.into()))
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn claim_vested(p: u32, ) -> Weight {
		Weight::from_parts(138_048_215, 7_070)
			.saturating_add(Weight::from_parts(1_154_894, 0).saturating_mul(p.into()))
			.saturating_add(ParityDbWeight::get().reads(9_u64))
			.saturating_add(ParityDbWeight::get().writes(8_u64))
	}
	fn close() -> Weight {
		Weight::from_parts(80_213_000, 6_196)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn cancel() -> Weight {
		Weight::from_parts(83_535_000, 6_196)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn prune(n: u32, ) -> Weight {
		Weight::from_parts(20_889_051, 3_645)
			.saturating_add(Weight::from_parts(1_893_488, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
			.saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(n.into())))
	}
}
