
//! Weights of `pallet_dtel_staking`, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-21 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};
use core::marker::PhantomData;

/// What each benchmark weighs.
pub trait WeightInfo {
	fn bond() -> Weight;
	fn bond_extra() -> Weight;
	fn unbond() -> Weight;
	fn withdraw() -> Weight;
	fn rebond() -> Weight;
	fn slash() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Staking::Ledgers` (r:1 w:1)
	/// Proof: `Staking::Ledgers` (`max_values`: None, `max_size`: Some(1858), added: 4333, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	fn bond() -> Weight {
		Weight::from_parts(88_508_000, 5_323)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Staking::Ledgers` (r:1 w:1)
	/// Proof: `Staking::Ledgers` (`max_values`: None, `max_size`: Some(1858), added: 4333, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	fn bond_extra() -> Weight {
		Weight::from_parts(102_662_000, 5_323)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Staking::Ledgers` (r:1 w:1)
	/// Proof: `Staking::Ledgers` (`max_values`: None, `max_size`: Some(1858), added: 4333, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	fn unbond() -> Weight {
		Weight::from_parts(37_550_000, 5_323)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Staking::Ledgers` (r:1 w:1)
	/// Proof: `Staking::Ledgers` (`max_values`: None, `max_size`: Some(1858), added: 4333, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	fn withdraw() -> Weight {
		Weight::from_parts(86_850_000, 5_323)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Staking::Ledgers` (r:1 w:1)
	/// Proof: `Staking::Ledgers` (`max_values`: None, `max_size`: Some(1858), added: 4333, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	fn rebond() -> Weight {
		Weight::from_parts(37_447_000, 5_323)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Ledgers` (r:1 w:1)
	/// Proof: `Staking::Ledgers` (`max_values`: None, `max_size`: Some(1858), added: 4333, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn slash() -> Weight {
		Weight::from_parts(87_051_000, 5_323)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn bond() -> Weight {
		Weight::from_parts(88_508_000, 5_323)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn bond_extra() -> Weight {
		Weight::from_parts(102_662_000, 5_323)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn unbond() -> Weight {
		Weight::from_parts(37_550_000, 5_323)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn withdraw() -> Weight {
		Weight::from_parts(86_850_000, 5_323)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn rebond() -> Weight {
		Weight::from_parts(37_447_000, 5_323)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn slash() -> Weight {
		Weight::from_parts(87_051_000, 5_323)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
}
