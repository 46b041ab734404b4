
//! Weights of `pallet_utility` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> pallet_utility::WeightInfo for WeightInfo<T> {
	/// The range of component `c` is `[0, 1000]`.
	fn batch(c: u32, ) -> Weight {
		Weight::from_parts(16_095_136, 1_489)
			.saturating_add(Weight::from_parts(4_020_611, 0).saturating_mul(c.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	fn as_derivative() -> Weight {
		Weight::from_parts(9_456_000, 1_489)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	/// The range of component `c` is `[0, 1000]`.
	fn batch_all(c: u32, ) -> Weight {
		Weight::from_parts(7_034_608, 1_489)
			.saturating_add(Weight::from_parts(4_523_539, 0).saturating_mul(c.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	fn dispatch_as() -> Weight {
		Weight::from_parts(9_783_000, 0)
	}
	/// The range of component `c` is `[0, 1000]`.
	fn force_batch(c: u32, ) -> Weight {
		Weight::from_parts(12_758_582, 1_489)
			.saturating_add(Weight::from_parts(4_090_889, 0).saturating_mul(c.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	fn dispatch_as_fallible() -> Weight {
		Weight::from_parts(9_603_000, 0)
	}
	fn if_else() -> Weight {
		Weight::from_parts(15_112_000, 1_489)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
}
