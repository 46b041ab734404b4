
//! Weights of `pallet_dtel_rewards`, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};
use core::marker::PhantomData;

/// What each benchmark weighs.
pub trait WeightInfo {
	fn payout() -> Weight;
	fn scored() -> Weight;
	fn note_author() -> Weight;
	fn era_settled() -> Weight;
	fn on_idle_base() -> Weight;
	fn close_era() -> Weight;
	fn walk(n: u32, ) -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Rewards::Ledgers` (r:1 w:1)
	/// Proof: `Rewards::Ledgers` (`max_values`: None, `max_size`: Some(2066), added: 4541, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Disputed` (r:1 w:0)
	/// Proof: `Penalties::Disputed` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	fn payout() -> Weight {
		Weight::from_parts(54_291_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Ledgers` (r:1 w:1)
	/// Proof: `Rewards::Ledgers` (`max_values`: None, `max_size`: Some(2066), added: 4541, mode: `MaxEncodedLen`)
	fn scored() -> Weight {
		Weight::from_parts(24_611_000, 5_531)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Penalties::Jailed` (r:1 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Unsettled` (r:1 w:0)
	/// Proof: `Rewards::Unsettled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Ledgers` (r:1 w:1)
	/// Proof: `Rewards::Ledgers` (`max_values`: None, `max_size`: Some(2066), added: 4541, mode: `MaxEncodedLen`)
	fn note_author() -> Weight {
		Weight::from_parts(27_671_000, 5_531)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:3 w:3)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:2 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Released` (r:1 w:1)
	/// Proof: `Rewards::Released` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Unsettled` (r:1 w:1)
	/// Proof: `Rewards::Unsettled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Walked` (r:1 w:1)
	/// Proof: `Rewards::Walked` (`max_values`: Some(1), `max_size`: Some(38), added: 533, mode: `MaxEncodedLen`)
	fn era_settled() -> Weight {
		Weight::from_parts(118_524_000, 8_799)
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	/// Storage: `Rewards::Cleared` (r:1 w:0)
	/// Proof: `Rewards::Cleared` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Walked` (r:1 w:0)
	/// Proof: `Rewards::Walked` (`max_values`: Some(1), `max_size`: Some(38), added: 533, mode: `MaxEncodedLen`)
	fn on_idle_base() -> Weight {
		Weight::from_parts(6_560_000, 1_523)
			.saturating_add(T::DbWeight::get().reads(2_u64))
	}
	/// Storage: `Rewards::Cleared` (r:1 w:1)
	/// Proof: `Rewards::Cleared` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Released` (r:1 w:1)
	/// Proof: `Rewards::Released` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:3 w:3)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn close_era() -> Weight {
		Weight::from_parts(107_192_000, 8_799)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Rewards::Walked` (r:1 w:1)
	/// Proof: `Rewards::Walked` (`max_values`: Some(1), `max_size`: Some(38), added: 533, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Ledgers` (r:17 w:16)
	/// Proof: `Rewards::Ledgers` (`max_values`: None, `max_size`: Some(2066), added: 4541, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Eras` (r:16 w:16)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Disputed` (r:16 w:0)
	/// Proof: `Penalties::Disputed` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:16 w:16)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[0, 16]`.
	fn walk(n: u32, ) -> Weight {
		Weight::from_parts(21_055_559, 5_531)
			.saturating_add(Weight::from_parts(38_937_956, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 8921).saturating_mul(n.into()))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn payout() -> Weight {
		Weight::from_parts(54_291_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn scored() -> Weight {
		Weight::from_parts(24_611_000, 5_531)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn note_author() -> Weight {
		Weight::from_parts(27_671_000, 5_531)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn era_settled() -> Weight {
		Weight::from_parts(118_524_000, 8_799)
			.saturating_add(ParityDbWeight::get().reads(9_u64))
			.saturating_add(ParityDbWeight::get().writes(7_u64))
	}
	fn on_idle_base() -> Weight {
		Weight::from_parts(6_560_000, 1_523)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
	}
	fn close_era() -> Weight {
		Weight::from_parts(107_192_000, 8_799)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn walk(n: u32, ) -> Weight {
		Weight::from_parts(21_055_559, 5_531)
			.saturating_add(Weight::from_parts(38_937_956, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().reads((4_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
			.saturating_add(ParityDbWeight::get().writes((3_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 8921).saturating_mul(n.into()))
	}
}
