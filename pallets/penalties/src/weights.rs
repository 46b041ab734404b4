
//! Weights of `pallet_dtel_penalties`, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-21 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};
use core::marker::PhantomData;

/// What each benchmark weighs.
pub trait WeightInfo {
	fn unjail() -> Weight;
	fn report() -> Weight;
	fn on_idle_base() -> Weight;
	fn close_era() -> Weight;
	fn sweep_page(n: u32, ) -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Penalties::Jailed` (r:1 w:1)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(20), added: 2495, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Nodes` (r:1 w:0)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(468), added: 2943, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	fn unjail() -> Weight {
		Weight::from_parts(31_327_000, 3_933)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Penalties::Offences` (r:1 w:1)
	/// Proof: `Penalties::Offences` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:1 w:0)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:1)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(20), added: 2495, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Ledgers` (r:1 w:1)
	/// Proof: `Staking::Ledgers` (`max_values`: None, `max_size`: Some(1858), added: 4333, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn report() -> Weight {
		Weight::from_parts(128_003_000, 6_196)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Penalties::History` (r:1 w:0)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	fn on_idle_base() -> Weight {
		Weight::from_parts(9_244_000, 1_522)
			.saturating_add(T::DbWeight::get().reads(2_u64))
	}
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:0 w:1)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	fn close_era() -> Weight {
		Weight::from_parts(7_772_000, 1_522)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Penalties::Offences` (r:65 w:64)
	/// Proof: `Penalties::Offences` (`max_values`: None, `max_size`: Some(83), added: 2558, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:0 w:1)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[0, 64]`.
	fn sweep_page(n: u32, ) -> Weight {
		Weight::from_parts(3_811_617, 3_548)
			.saturating_add(Weight::from_parts(9_630_021, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2558).saturating_mul(n.into()))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn unjail() -> Weight {
		Weight::from_parts(31_327_000, 3_933)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn report() -> Weight {
		Weight::from_parts(128_003_000, 6_196)
			.saturating_add(ParityDbWeight::get().reads(8_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn on_idle_base() -> Weight {
		Weight::from_parts(9_244_000, 1_522)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
	}
	fn close_era() -> Weight {
		Weight::from_parts(7_772_000, 1_522)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn sweep_page(n: u32, ) -> Weight {
		Weight::from_parts(3_811_617, 3_548)
			.saturating_add(Weight::from_parts(9_630_021, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
			.saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2558).saturating_mul(n.into()))
	}
}
