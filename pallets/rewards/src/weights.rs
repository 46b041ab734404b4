
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
	fn era_settled() -> Weight;
	fn on_idle_base() -> Weight;
	fn close_era() -> Weight;
	fn sweep_page(n: u32, ) -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Rewards::History` (r:1 w:0)
	/// Proof: `Rewards::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(45), added: 540, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Operators` (r:1 w:0)
	/// Proof: `Rewards::Operators` (`max_values`: None, `max_size`: Some(77), added: 2552, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Unpaid` (r:1 w:1)
	/// Proof: `Rewards::Unpaid` (`max_values`: None, `max_size`: Some(434), added: 2909, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	fn payout() -> Weight {
		Weight::from_parts(134_761_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::History` (r:1 w:0)
	/// Proof: `Rewards::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Points` (r:1 w:1)
	/// Proof: `Rewards::Points` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Operators` (r:2 w:2)
	/// Proof: `Rewards::Operators` (`max_values`: None, `max_size`: Some(77), added: 2552, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Unpaid` (r:1 w:1)
	/// Proof: `Rewards::Unpaid` (`max_values`: None, `max_size`: Some(434), added: 2909, mode: `MaxEncodedLen`)
	fn scored() -> Weight {
		Weight::from_parts(107_661_000, 6_094)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::History` (r:1 w:0)
	/// Proof: `Rewards::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Released` (r:1 w:1)
	/// Proof: `Rewards::Released` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
	fn era_settled() -> Weight {
		Weight::from_parts(147_401_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Rewards::History` (r:1 w:0)
	/// Proof: `Rewards::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(45), added: 540, mode: `MaxEncodedLen`)
	fn on_idle_base() -> Weight {
		Weight::from_parts(16_777_000, 1_530)
			.saturating_add(T::DbWeight::get().reads(2_u64))
	}
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(45), added: 540, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(65), added: 2540, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Released` (r:1 w:1)
	/// Proof: `Rewards::Released` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::History` (r:0 w:1)
	/// Proof: `Rewards::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	fn close_era() -> Weight {
		Weight::from_parts(152_930_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `Rewards::Points` (r:65 w:64)
	/// Proof: `Rewards::Points` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Operators` (r:65 w:64)
	/// Proof: `Rewards::Operators` (`max_values`: None, `max_size`: Some(77), added: 2552, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::History` (r:1 w:0)
	/// Proof: `Rewards::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Unpaid` (r:64 w:64)
	/// Proof: `Rewards::Unpaid` (`max_values`: None, `max_size`: Some(434), added: 2909, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[0, 64]`.
	fn sweep_page(n: u32, ) -> Weight {
		Weight::from_parts(20_558_859, 3_542)
			.saturating_add(Weight::from_parts(52_420_388, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2909).saturating_mul(n.into()))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn payout() -> Weight {
		Weight::from_parts(134_761_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn scored() -> Weight {
		Weight::from_parts(107_661_000, 6_094)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn era_settled() -> Weight {
		Weight::from_parts(147_401_000, 6_196)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn on_idle_base() -> Weight {
		Weight::from_parts(16_777_000, 1_530)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
	}
	fn close_era() -> Weight {
		Weight::from_parts(152_930_000, 6_196)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn sweep_page(n: u32, ) -> Weight {
		Weight::from_parts(20_558_859, 3_542)
			.saturating_add(Weight::from_parts(52_420_388, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().reads((3_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
			.saturating_add(ParityDbWeight::get().writes((3_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2909).saturating_mul(n.into()))
	}
}
