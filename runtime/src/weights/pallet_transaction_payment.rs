
//! Weights of `pallet_transaction_payment` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 10, repeat 5, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> pallet_transaction_payment::WeightInfo for WeightInfo<T> {
	fn charge_transaction_payment() -> Weight {
		Weight::from_parts(108_000_000, 8_523)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}
