
//! Weights of `frame_system` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> frame_system::WeightInfo for WeightInfo<T> {
	/// The range of component `b` is `[0, 3932160]`.
	fn remark(b: u32, ) -> Weight {
		Weight::from_parts(17_265_803, 0)
			.saturating_add(Weight::from_parts(291, 0).saturating_mul(b.into()))
	}
	/// The range of component `b` is `[0, 3932160]`.
	fn remark_with_event(b: u32, ) -> Weight {
		Weight::from_parts(7_294_000, 0)
			.saturating_add(Weight::from_parts(1_286, 0).saturating_mul(b.into()))
	}
	fn set_heap_pages() -> Weight {
		Weight::from_parts(6_614_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn set_code() -> Weight {
		Weight::from_parts(119_312_051_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// The range of component `i` is `[0, 1000]`.
	fn set_storage(i: u32, ) -> Weight {
		Weight::from_parts(3_373_000, 0)
			.saturating_add(Weight::from_parts(876_525, 0).saturating_mul(i.into()))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(i.into())))
	}
	/// The range of component `i` is `[0, 1000]`.
	fn kill_storage(i: u32, ) -> Weight {
		Weight::from_parts(3_612_000, 0)
			.saturating_add(Weight::from_parts(658_225, 0).saturating_mul(i.into()))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(i.into())))
	}
	/// The range of component `p` is `[0, 1000]`.
	fn kill_prefix(p: u32, ) -> Weight {
		Weight::from_parts(5_933_000, 74)
			.saturating_add(Weight::from_parts(1_379_188, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(p.into())))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(p.into())))
			.saturating_add(Weight::from_parts(0, 70).saturating_mul(p.into()))
	}
	fn authorize_upgrade() -> Weight {
		Weight::from_parts(19_520_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn apply_authorized_upgrade() -> Weight {
		Weight::from_parts(125_228_659_000, 1_518)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}
