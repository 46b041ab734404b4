
//! Weights of `pallet_child_bounties` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> pallet_child_bounties::WeightInfo for WeightInfo<T> {
	/// The range of component `d` is `[0, 1024]`.
	fn add_child_bounty(d: u32, ) -> Weight {
		Weight::from_parts(89_269_070, 6_196)
			.saturating_add(Weight::from_parts(825, 0).saturating_mul(d.into()))
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn propose_curator() -> Weight {
		Weight::from_parts(24_632_000, 3_642)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn accept_curator() -> Weight {
		Weight::from_parts(41_800_000, 3_642)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn unassign_curator() -> Weight {
		Weight::from_parts(58_355_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn award_child_bounty() -> Weight {
		Weight::from_parts(25_314_000, 3_642)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn claim_child_bounty() -> Weight {
		Weight::from_parts(136_175_000, 8_799)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn close_child_bounty_added() -> Weight {
		Weight::from_parts(88_702_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn close_child_bounty_active() -> Weight {
		Weight::from_parts(111_991_000, 8_799)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
}
