
//! Weights of `pallet_preimage` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> pallet_preimage::WeightInfo for WeightInfo<T> {
	/// The range of component `s` is `[0, 4194304]`.
	fn note_preimage(s: u32, ) -> Weight {
		Weight::from_parts(65_717_000, 3_676)
			.saturating_add(Weight::from_parts(1_882, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// The range of component `s` is `[0, 4194304]`.
	fn note_requested_preimage(s: u32, ) -> Weight {
		Weight::from_parts(20_760_000, 3_556)
			.saturating_add(Weight::from_parts(1_936, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// The range of component `s` is `[0, 4194304]`.
	fn note_no_deposit_preimage(s: u32, ) -> Weight {
		Weight::from_parts(19_621_000, 3_556)
			.saturating_add(Weight::from_parts(1_867, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn unnote_preimage() -> Weight {
		Weight::from_parts(102_502_000, 3_676)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn unnote_no_deposit_preimage() -> Weight {
		Weight::from_parts(50_776_000, 3_556)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn request_preimage() -> Weight {
		Weight::from_parts(43_058_000, 3_556)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn request_no_deposit_preimage() -> Weight {
		Weight::from_parts(31_727_000, 3_556)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn request_unnoted_preimage() -> Weight {
		Weight::from_parts(28_587_000, 3_556)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn request_requested_preimage() -> Weight {
		Weight::from_parts(15_894_000, 3_556)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn unrequest_preimage() -> Weight {
		Weight::from_parts(48_549_000, 3_556)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn unrequest_unnoted_preimage() -> Weight {
		Weight::from_parts(15_751_000, 3_556)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn unrequest_multi_referenced_preimage() -> Weight {
		Weight::from_parts(15_624_000, 3_556)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// The range of component `n` is `[1, 1024]`.
	fn ensure_updated(n: u32, ) -> Weight {
		Weight::from_parts(75_574_000, 990)
			.saturating_add(Weight::from_parts(72_826_190, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2686).saturating_mul(n.into()))
	}
}
