
//! Weights of `pallet_dtel_vesting`, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};
use core::marker::PhantomData;

/// What each benchmark weighs.
pub trait WeightInfo {
	fn claim(n: u32, ) -> Weight;
	fn vested_transfer() -> Weight;
	fn force_vested_transfer() -> Weight;
	fn revoke() -> Weight;
	fn force_revoke() -> Weight;
	fn waive() -> Weight;
	fn merge() -> Weight;
	fn collect(n: u32, ) -> Weight;
	fn force_lift() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Vesting::Schedules` (r:1 w:1)
	/// Proof: `Vesting::Schedules` (`max_values`: None, `max_size`: Some(3605), added: 6080, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:1)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Freezes` (r:1 w:1)
	/// Proof: `Balances::Freezes` (`max_values`: None, `max_size`: Some(67), added: 2542, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Locks` (r:1 w:0)
	/// Proof: `Balances::Locks` (`max_values`: None, `max_size`: Some(1299), added: 3774, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 28]`.
	fn claim(n: u32, ) -> Weight {
		Weight::from_parts(53_490_405, 7_070)
			.saturating_add(Weight::from_parts(274_458, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Vesting::Schedules` (r:1 w:1)
	/// Proof: `Vesting::Schedules` (`max_values`: None, `max_size`: Some(3605), added: 6080, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:1)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::NextId` (r:1 w:1)
	/// Proof: `Vesting::NextId` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Freezes` (r:1 w:1)
	/// Proof: `Balances::Freezes` (`max_values`: None, `max_size`: Some(67), added: 2542, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Locks` (r:1 w:0)
	/// Proof: `Balances::Locks` (`max_values`: None, `max_size`: Some(1299), added: 3774, mode: `MaxEncodedLen`)
	fn vested_transfer() -> Weight {
		Weight::from_parts(109_303_000, 7_070)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
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
	fn force_vested_transfer() -> Weight {
		Weight::from_parts(111_839_000, 7_070)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Vesting::Schedules` (r:1 w:1)
	/// Proof: `Vesting::Schedules` (`max_values`: None, `max_size`: Some(3605), added: 6080, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:1)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Freezes` (r:1 w:1)
	/// Proof: `Balances::Freezes` (`max_values`: None, `max_size`: Some(67), added: 2542, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Locks` (r:1 w:0)
	/// Proof: `Balances::Locks` (`max_values`: None, `max_size`: Some(1299), added: 3774, mode: `MaxEncodedLen`)
	fn revoke() -> Weight {
		Weight::from_parts(135_170_000, 7_070)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `Vesting::Schedules` (r:1 w:1)
	/// Proof: `Vesting::Schedules` (`max_values`: None, `max_size`: Some(3605), added: 6080, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:1)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Freezes` (r:1 w:1)
	/// Proof: `Balances::Freezes` (`max_values`: None, `max_size`: Some(67), added: 2542, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Locks` (r:1 w:0)
	/// Proof: `Balances::Locks` (`max_values`: None, `max_size`: Some(1299), added: 3774, mode: `MaxEncodedLen`)
	fn force_revoke() -> Weight {
		Weight::from_parts(138_404_000, 7_070)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `Vesting::Schedules` (r:1 w:1)
	/// Proof: `Vesting::Schedules` (`max_values`: None, `max_size`: Some(3605), added: 6080, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:1)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Freezes` (r:1 w:1)
	/// Proof: `Balances::Freezes` (`max_values`: None, `max_size`: Some(67), added: 2542, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Locks` (r:1 w:0)
	/// Proof: `Balances::Locks` (`max_values`: None, `max_size`: Some(1299), added: 3774, mode: `MaxEncodedLen`)
	fn waive() -> Weight {
		Weight::from_parts(59_860_000, 7_070)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Vesting::Schedules` (r:1 w:1)
	/// Proof: `Vesting::Schedules` (`max_values`: None, `max_size`: Some(3605), added: 6080, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:1)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Freezes` (r:1 w:1)
	/// Proof: `Balances::Freezes` (`max_values`: None, `max_size`: Some(67), added: 2542, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Locks` (r:1 w:0)
	/// Proof: `Balances::Locks` (`max_values`: None, `max_size`: Some(1299), added: 3774, mode: `MaxEncodedLen`)
	fn merge() -> Weight {
		Weight::from_parts(59_001_000, 7_070)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Vesting::Schedules` (r:1 w:1)
	/// Proof: `Vesting::Schedules` (`max_values`: None, `max_size`: Some(3605), added: 6080, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:1)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Freezes` (r:1 w:1)
	/// Proof: `Balances::Freezes` (`max_values`: None, `max_size`: Some(67), added: 2542, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:28 w:28)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Locks` (r:1 w:0)
	/// Proof: `Balances::Locks` (`max_values`: None, `max_size`: Some(1299), added: 3774, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 28]`.
	fn collect(n: u32, ) -> Weight {
		Weight::from_parts(69_211_142, 7_070)
			.saturating_add(Weight::from_parts(50_921_876, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(4_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2603).saturating_mul(n.into()))
	}
	/// Storage: `Vesting::Schedules` (r:1 w:1)
	/// Proof: `Vesting::Schedules` (`max_values`: None, `max_size`: Some(3605), added: 6080, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:1)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Freezes` (r:1 w:1)
	/// Proof: `Balances::Freezes` (`max_values`: None, `max_size`: Some(67), added: 2542, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Locks` (r:1 w:0)
	/// Proof: `Balances::Locks` (`max_values`: None, `max_size`: Some(1299), added: 3774, mode: `MaxEncodedLen`)
	fn force_lift() -> Weight {
		Weight::from_parts(59_742_000, 7_070)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn claim(n: u32, ) -> Weight {
		Weight::from_parts(53_490_405, 7_070)
			.saturating_add(Weight::from_parts(274_458, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn vested_transfer() -> Weight {
		Weight::from_parts(109_303_000, 7_070)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn force_vested_transfer() -> Weight {
		Weight::from_parts(111_839_000, 7_070)
			.saturating_add(ParityDbWeight::get().reads(7_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn revoke() -> Weight {
		Weight::from_parts(135_170_000, 7_070)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn force_revoke() -> Weight {
		Weight::from_parts(138_404_000, 7_070)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn waive() -> Weight {
		Weight::from_parts(59_860_000, 7_070)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn merge() -> Weight {
		Weight::from_parts(59_001_000, 7_070)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn collect(n: u32, ) -> Weight {
		Weight::from_parts(69_211_142, 7_070)
			.saturating_add(Weight::from_parts(50_921_876, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
			.saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2603).saturating_mul(n.into()))
	}
	fn force_lift() -> Weight {
		Weight::from_parts(59_742_000, 7_070)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
}
