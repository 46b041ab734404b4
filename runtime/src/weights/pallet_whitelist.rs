
//! Weights of `pallet_whitelist` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> pallet_whitelist::WeightInfo for WeightInfo<T> {
	fn whitelist_call() -> Weight {
		Weight::from_parts(20_592_000, 3_556)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn remove_whitelisted_call() -> Weight {
		Weight::from_parts(19_796_000, 3_556)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// The range of component `n` is `[1, 10000]`.
	fn defer_dispatch(n: u32, ) -> Weight {
		Weight::from_parts(16_271_764, 3_509)
			.saturating_add(Weight::from_parts(1_081, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn remove_deferred_dispatch() -> Weight {
		Weight::from_parts(15_660_000, 3_509)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// The range of component `n` is `[1, 4194294]`.
	fn dispatch_whitelisted_call(n: u32, ) -> Weight {
		Weight::from_parts(43_017_000, 3_779)
			.saturating_add(Weight::from_parts(1_274, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
			.saturating_add(Weight::from_parts(0, 1).saturating_mul(n.into()))
	}
	/// The range of component `n` is `[1, 10000]`.
	fn dispatch_whitelisted_call_with_preimage(n: u32, ) -> Weight {
		Weight::from_parts(35_515_855, 3_556)
			.saturating_add(Weight::from_parts(1_056, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
}
