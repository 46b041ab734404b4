
//! Weights of `frame_system_extensions` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 10, repeat 5, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> frame_system::ExtensionsWeightInfo for WeightInfo<T> {
	fn check_genesis() -> Weight {
		Weight::from_parts(2_501_000, 0)
	}
	fn check_mortality_mortal_transaction() -> Weight {
		Weight::from_parts(5_127_000, 0)
	}
	fn check_mortality_immortal_transaction() -> Weight {
		Weight::from_parts(4_998_000, 0)
	}
	fn check_non_zero_sender() -> Weight {
		Weight::from_parts(921_000, 0)
	}
	fn check_nonce() -> Weight {
		Weight::from_parts(10_622_000, 3_593)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn check_spec_version() -> Weight {
		Weight::from_parts(729_000, 0)
	}
	fn check_tx_version() -> Weight {
		Weight::from_parts(726_000, 0)
	}
	fn check_weight() -> Weight {
		Weight::from_parts(6_258_000, 0)
	}
	fn weight_reclaim() -> Weight {
		Weight::from_parts(3_958_000, 0)
	}
}
