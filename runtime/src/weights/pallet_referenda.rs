
//! Weights of `pallet_referenda` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> pallet_referenda::WeightInfo for WeightInfo<T> {
	fn submit() -> Weight {
		Weight::from_parts(45_467_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn place_decision_deposit_preparing() -> Weight {
		Weight::from_parts(59_026_000, 112_976)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn place_decision_deposit_queued() -> Weight {
		Weight::from_parts(79_193_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn place_decision_deposit_not_queued() -> Weight {
		Weight::from_parts(78_722_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn place_decision_deposit_passing() -> Weight {
		Weight::from_parts(85_412_000, 112_976)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn place_decision_deposit_failing() -> Weight {
		Weight::from_parts(88_868_000, 112_976)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn refund_decision_deposit() -> Weight {
		Weight::from_parts(34_069_000, 3_831)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn refund_submission_deposit() -> Weight {
		Weight::from_parts(33_392_000, 3_831)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn cancel() -> Weight {
		Weight::from_parts(32_711_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn kill() -> Weight {
		Weight::from_parts(93_149_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn one_fewer_deciding_queue_empty() -> Weight {
		Weight::from_parts(14_879_000, 5_477)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn one_fewer_deciding_failing() -> Weight {
		Weight::from_parts(76_158_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn one_fewer_deciding_passing() -> Weight {
		Weight::from_parts(70_971_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn nudge_referendum_requeued_insertion() -> Weight {
		Weight::from_parts(29_427_000, 5_477)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn nudge_referendum_requeued_slide() -> Weight {
		Weight::from_parts(29_395_000, 5_477)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn nudge_referendum_queued() -> Weight {
		Weight::from_parts(35_458_000, 5_477)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn nudge_referendum_not_queued() -> Weight {
		Weight::from_parts(34_564_000, 5_477)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn nudge_referendum_no_deposit() -> Weight {
		Weight::from_parts(29_548_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn nudge_referendum_preparing() -> Weight {
		Weight::from_parts(29_547_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn nudge_referendum_timed_out() -> Weight {
		Weight::from_parts(20_912_000, 3_831)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn nudge_referendum_begin_deciding_failing() -> Weight {
		Weight::from_parts(58_872_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn nudge_referendum_begin_deciding_passing() -> Weight {
		Weight::from_parts(54_709_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn nudge_referendum_begin_confirming() -> Weight {
		Weight::from_parts(46_364_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn nudge_referendum_end_confirming() -> Weight {
		Weight::from_parts(53_144_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn nudge_referendum_continue_not_confirming() -> Weight {
		Weight::from_parts(51_798_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn nudge_referendum_continue_confirming() -> Weight {
		Weight::from_parts(44_602_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn nudge_referendum_approved() -> Weight {
		Weight::from_parts(63_378_000, 112_976)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn nudge_referendum_rejected() -> Weight {
		Weight::from_parts(47_680_000, 56_983)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn set_some_metadata() -> Weight {
		Weight::from_parts(26_865_000, 3_831)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn clear_metadata() -> Weight {
		Weight::from_parts(22_075_000, 3_831)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}
