
//! Weights of `pallet_bounties` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> pallet_bounties::WeightInfo for WeightInfo<T> {
	/// The range of component `d` is `[0, 1024]`.
	fn propose_bounty(d: u32, ) -> Weight {
		Weight::from_parts(32_491_398, 3_593)
			.saturating_add(Weight::from_parts(796, 0).saturating_mul(d.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn approve_bounty() -> Weight {
		Weight::from_parts(15_407_000, 3_642)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn propose_curator() -> Weight {
		Weight::from_parts(17_064_000, 3_642)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn approve_bounty_with_curator() -> Weight {
		Weight::from_parts(19_606_000, 3_642)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn unassign_curator() -> Weight {
		Weight::from_parts(52_767_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn accept_curator() -> Weight {
		Weight::from_parts(38_209_000, 3_642)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn award_bounty() -> Weight {
		Weight::from_parts(22_622_000, 3_642)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn claim_bounty() -> Weight {
		Weight::from_parts(145_342_000, 8_799)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	fn close_bounty_proposed() -> Weight {
		Weight::from_parts(54_325_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn close_bounty_active() -> Weight {
		Weight::from_parts(105_745_000, 8_799)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	fn extend_bounty_expiry() -> Weight {
		Weight::from_parts(18_439_000, 3_642)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// The range of component `b` is `[0, 100]`.
	fn spend_funds(b: u32, ) -> Weight {
		Weight::from_parts(3_783_000, 1_887)
			.saturating_add(Weight::from_parts(44_013_787, 0).saturating_mul(b.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(b.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(b.into())))
			.saturating_add(Weight::from_parts(0, 5206).saturating_mul(b.into()))
	}
	fn poke_deposit() -> Weight {
		Weight::from_parts(39_738_000, 4_503)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn reclaim_bounty_funds() -> Weight {
		Weight::from_parts(79_204_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}
