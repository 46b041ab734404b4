
//! Weights of `pallet_scheduler` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> pallet_scheduler::WeightInfo for WeightInfo<T> {
	fn service_agendas_base() -> Weight {
		Weight::from_parts(7_528_000, 1_489)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// The range of component `s` is `[0, 256]`.
	fn service_agenda_base(s: u32, ) -> Weight {
		Weight::from_parts(6_918_978, 56_983)
			.saturating_add(Weight::from_parts(395_592, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn service_task_base() -> Weight {
		Weight::from_parts(4_795_000, 0)
	}
	/// The range of component `s` is `[128, 4194304]`.
	fn service_task_fetched(s: u32, ) -> Weight {
		Weight::from_parts(23_436_000, 3_605)
			.saturating_add(Weight::from_parts(1_294, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
			.saturating_add(Weight::from_parts(0, 1).saturating_mul(s.into()))
	}
	fn service_task_named() -> Weight {
		Weight::from_parts(6_407_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn service_task_periodic() -> Weight {
		Weight::from_parts(4_795_000, 0)
	}
	fn execute_dispatch_signed() -> Weight {
		Weight::from_parts(6_560_000, 1_489)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	fn execute_dispatch_unsigned() -> Weight {
		Weight::from_parts(3_669_000, 0)
	}
	/// The range of component `s` is `[0, 255]`.
	fn schedule(s: u32, ) -> Weight {
		Weight::from_parts(13_805_353, 56_983)
			.saturating_add(Weight::from_parts(471_700, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// The range of component `s` is `[1, 256]`.
	fn cancel(s: u32, ) -> Weight {
		Weight::from_parts(16_522_374, 56_983)
			.saturating_add(Weight::from_parts(691_876, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// The range of component `s` is `[0, 255]`.
	fn schedule_named(s: u32, ) -> Weight {
		Weight::from_parts(20_787_240, 56_983)
			.saturating_add(Weight::from_parts(477_347, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// The range of component `s` is `[1, 256]`.
	fn cancel_named(s: u32, ) -> Weight {
		Weight::from_parts(20_656_172, 56_983)
			.saturating_add(Weight::from_parts(730_973, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// The range of component `s` is `[1, 256]`.
	fn schedule_retry(s: u32, ) -> Weight {
		Weight::from_parts(12_278_942, 56_983)
			.saturating_add(Weight::from_parts(46_105, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn set_retry() -> Weight {
		Weight::from_parts(105_710_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn set_retry_named() -> Weight {
		Weight::from_parts(117_162_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn cancel_retry() -> Weight {
		Weight::from_parts(98_536_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn cancel_retry_named() -> Weight {
		Weight::from_parts(107_697_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}
