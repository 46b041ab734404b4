
//! Weights of `pallet_safe_mode` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> pallet_safe_mode::WeightInfo for WeightInfo<T> {
	fn on_initialize_noop() -> Weight {
		Weight::from_parts(2_706_000, 1_489)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	fn on_initialize_exit() -> Weight {
		Weight::from_parts(9_497_000, 1_489)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn enter() -> Weight {
		Weight::from_parts(64_798_000, 3_676)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn force_enter() -> Weight {
		Weight::from_parts(10_133_000, 1_489)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn extend() -> Weight {
		Weight::from_parts(0, 0)
	}
	fn force_extend() -> Weight {
		Weight::from_parts(11_531_000, 1_489)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn force_exit() -> Weight {
		Weight::from_parts(12_598_000, 1_489)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn release_deposit() -> Weight {
		Weight::from_parts(60_551_000, 3_676)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn force_release_deposit() -> Weight {
		Weight::from_parts(57_601_000, 3_676)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn force_slash_deposit() -> Weight {
		Weight::from_parts(45_815_000, 3_676)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}
