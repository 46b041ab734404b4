
//! Weights of `pallet_collective` as this runtime configures it, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::Weight};
use core::marker::PhantomData;

/// Weights with the database of the runtime.
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> pallet_collective::WeightInfo for WeightInfo<T> {
	/// The range of component `m` is `[0, 15]`.
	/// The range of component `n` is `[0, 15]`.
	/// The range of component `p` is `[0, 20]`.
	fn set_members(m: u32, _n: u32, p: u32, ) -> Weight {
		Weight::from_parts(10_570_000, 4_615)
			.saturating_add(Weight::from_parts(1_971_256, 0).saturating_mul(m.into()))
			.saturating_add(Weight::from_parts(4_814_938, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(p.into())))
			.saturating_add(T::DbWeight::get().writes(2_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(p.into())))
			.saturating_add(Weight::from_parts(0, 403).saturating_mul(m.into()))
			.saturating_add(Weight::from_parts(0, 2703).saturating_mul(p.into()))
	}
	/// The range of component `b` is `[2, 1024]`.
	/// The range of component `m` is `[1, 15]`.
	fn execute(b: u32, m: u32, ) -> Weight {
		Weight::from_parts(20_037_563, 1_632)
			.saturating_add(Weight::from_parts(1_401, 0).saturating_mul(b.into()))
			.saturating_add(Weight::from_parts(4_101, 0).saturating_mul(m.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
	}
	/// The range of component `b` is `[2, 1024]`.
	/// The range of component `m` is `[1, 15]`.
	fn propose_execute(b: u32, m: u32, ) -> Weight {
		Weight::from_parts(23_234_866, 3_612)
			.saturating_add(Weight::from_parts(2_032, 0).saturating_mul(b.into()))
			.saturating_add(Weight::from_parts(52_549, 0).saturating_mul(m.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
	}
	/// The range of component `b` is `[2, 1024]`.
	/// The range of component `m` is `[2, 15]`.
	/// The range of component `p` is `[1, 20]`.
	fn propose_proposed(b: u32, m: u32, p: u32, ) -> Weight {
		Weight::from_parts(25_758_312, 3_550)
			.saturating_add(Weight::from_parts(3_574, 0).saturating_mul(b.into()))
			.saturating_add(Weight::from_parts(22_114, 0).saturating_mul(m.into()))
			.saturating_add(Weight::from_parts(453_402, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
			.saturating_add(Weight::from_parts(0, 35).saturating_mul(m.into()))
			.saturating_add(Weight::from_parts(0, 53).saturating_mul(p.into()))
	}
	/// The range of component `m` is `[5, 15]`.
	fn vote(m: u32, ) -> Weight {
		Weight::from_parts(26_261_084, 4_076)
			.saturating_add(Weight::from_parts(57_014, 0).saturating_mul(m.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(Weight::from_parts(0, 64).saturating_mul(m.into()))
	}
	/// The range of component `m` is `[4, 15]`.
	/// The range of component `p` is `[1, 20]`.
	fn close_early_disapproved(m: u32, p: u32, ) -> Weight {
		Weight::from_parts(29_467_471, 3_625)
			.saturating_add(Weight::from_parts(39_099, 0).saturating_mul(m.into()))
			.saturating_add(Weight::from_parts(363_889, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
			.saturating_add(Weight::from_parts(0, 65).saturating_mul(m.into()))
			.saturating_add(Weight::from_parts(0, 55).saturating_mul(p.into()))
	}
	/// The range of component `b` is `[2, 1024]`.
	/// The range of component `m` is `[4, 15]`.
	/// The range of component `p` is `[1, 20]`.
	fn close_early_approved(b: u32, m: u32, p: u32, ) -> Weight {
		Weight::from_parts(44_242_933, 3_744)
			.saturating_add(Weight::from_parts(3_624, 0).saturating_mul(b.into()))
			.saturating_add(Weight::from_parts(634_099, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
			.saturating_add(Weight::from_parts(0, 1).saturating_mul(b.into()))
			.saturating_add(Weight::from_parts(0, 60).saturating_mul(m.into()))
			.saturating_add(Weight::from_parts(0, 75).saturating_mul(p.into()))
	}
	/// The range of component `m` is `[4, 15]`.
	/// The range of component `p` is `[1, 20]`.
	fn close_disapproved(m: u32, p: u32, ) -> Weight {
		Weight::from_parts(32_674_801, 3_645)
			.saturating_add(Weight::from_parts(343_590, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
			.saturating_add(Weight::from_parts(0, 65).saturating_mul(m.into()))
			.saturating_add(Weight::from_parts(0, 55).saturating_mul(p.into()))
	}
	/// The range of component `b` is `[2, 1024]`.
	/// The range of component `m` is `[4, 15]`.
	/// The range of component `p` is `[1, 20]`.
	fn close_approved(b: u32, m: u32, p: u32, ) -> Weight {
		Weight::from_parts(44_656_410, 3_764)
			.saturating_add(Weight::from_parts(4_554, 0).saturating_mul(b.into()))
			.saturating_add(Weight::from_parts(626_756, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
			.saturating_add(Weight::from_parts(0, 1).saturating_mul(b.into()))
			.saturating_add(Weight::from_parts(0, 60).saturating_mul(m.into()))
			.saturating_add(Weight::from_parts(0, 75).saturating_mul(p.into()))
	}
	/// The range of component `p` is `[1, 20]`.
	fn disapprove_proposal(p: u32, ) -> Weight {
		Weight::from_parts(16_958_482, 1_712)
			.saturating_add(Weight::from_parts(269_848, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
			.saturating_add(Weight::from_parts(0, 32).saturating_mul(p.into()))
	}
	/// The range of component `d` is `[0, 1]`.
	/// The range of component `p` is `[1, 20]`.
	fn kill(d: u32, p: u32, ) -> Weight {
		Weight::from_parts(27_372_381, 4_749)
			.saturating_add(Weight::from_parts(389_965, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
			.saturating_add(Weight::from_parts(0, 5).saturating_mul(d.into()))
			.saturating_add(Weight::from_parts(0, 55).saturating_mul(p.into()))
	}
	fn release_proposal_cost() -> Weight {
		Weight::from_parts(18_203_000, 4_179)
			.saturating_add(T::DbWeight::get().reads(2_u64))
	}
}
