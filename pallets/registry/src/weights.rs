
//! Weights of `pallet_dtel_registry`, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};
use core::marker::PhantomData;

/// What each benchmark weighs.
pub trait WeightInfo {
	fn register() -> Weight;
	fn rotate_keys() -> Weight;
	fn set_status() -> Weight;
	fn retire() -> Weight;
	fn add_client() -> Weight;
	fn revoke_client() -> Weight;
	fn update() -> Weight;
	fn renew_client() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Penalties::JailedOf` (r:1 w:0)
	/// Proof: `Penalties::JailedOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesOwned` (r:1 w:1)
	/// Proof: `Registry::NodesOwned` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:3 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NextNodeId` (r:1 w:1)
	/// Proof: `Registry::NextNodeId` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodeOfDomain` (r:1 w:1)
	/// Proof: `Registry::NodeOfDomain` (`max_values`: None, `max_size`: Some(275), added: 2750, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodeOfAttestor` (r:1 w:1)
	/// Proof: `Registry::NodeOfAttestor` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodeOfMedia` (r:1 w:1)
	/// Proof: `Registry::NodeOfMedia` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Clients` (r:1 w:0)
	/// Proof: `Registry::Clients` (`max_values`: None, `max_size`: Some(105), added: 2580, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Nodes` (r:0 w:1)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesInCell` (r:0 w:1)
	/// Proof: `Registry::NodesInCell` (`max_values`: None, `max_size`: Some(6), added: 2481, mode: `MaxEncodedLen`)
	fn register() -> Weight {
		Weight::from_parts(106_336_000, 8_523)
			.saturating_add(T::DbWeight::get().reads(11_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	/// Storage: `Registry::Nodes` (r:1 w:1)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodeOfAttestor` (r:1 w:2)
	/// Proof: `Registry::NodeOfAttestor` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodeOfMedia` (r:1 w:2)
	/// Proof: `Registry::NodeOfMedia` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Clients` (r:1 w:0)
	/// Proof: `Registry::Clients` (`max_values`: None, `max_size`: Some(105), added: 2580, mode: `MaxEncodedLen`)
	fn rotate_keys() -> Weight {
		Weight::from_parts(40_309_000, 4_108)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `Registry::Nodes` (r:1 w:1)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	fn set_status() -> Weight {
		Weight::from_parts(20_898_000, 4_108)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Registry::Nodes` (r:1 w:1)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesOwned` (r:1 w:1)
	/// Proof: `Registry::NodesOwned` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Records` (r:1 w:1)
	/// Proof: `Penalties::Records` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::NextId` (r:1 w:0)
	/// Proof: `Penalties::NextId` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Carried` (r:1 w:1)
	/// Proof: `Penalties::Carried` (`max_values`: None, `max_size`: Some(605), added: 3080, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodeOfMedia` (r:0 w:2)
	/// Proof: `Registry::NodeOfMedia` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesInCell` (r:0 w:2)
	/// Proof: `Registry::NodesInCell` (`max_values`: None, `max_size`: Some(6), added: 2481, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodeOfDomain` (r:0 w:1)
	/// Proof: `Registry::NodeOfDomain` (`max_values`: None, `max_size`: Some(275), added: 2750, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodeOfAttestor` (r:0 w:2)
	/// Proof: `Registry::NodeOfAttestor` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn retire() -> Weight {
		Weight::from_parts(130_078_000, 4_109)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(12_u64))
	}
	/// Storage: `Parameters::Parameters` (r:2 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Clients` (r:1 w:1)
	/// Proof: `Registry::Clients` (`max_values`: None, `max_size`: Some(105), added: 2580, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodeOfMedia` (r:1 w:0)
	/// Proof: `Registry::NodeOfMedia` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	fn add_client() -> Weight {
		Weight::from_parts(71_222_000, 6_012)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Registry::Clients` (r:1 w:1)
	/// Proof: `Registry::Clients` (`max_values`: None, `max_size`: Some(105), added: 2580, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	fn revoke_client() -> Weight {
		Weight::from_parts(57_621_000, 3_676)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Registry::Nodes` (r:1 w:1)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodeOfDomain` (r:1 w:2)
	/// Proof: `Registry::NodeOfDomain` (`max_values`: None, `max_size`: Some(275), added: 2750, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:2 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesInCell` (r:0 w:2)
	/// Proof: `Registry::NodesInCell` (`max_values`: None, `max_size`: Some(6), added: 2481, mode: `MaxEncodedLen`)
	fn update() -> Weight {
		Weight::from_parts(96_521_000, 6_012)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Registry::Clients` (r:1 w:1)
	/// Proof: `Registry::Clients` (`max_values`: None, `max_size`: Some(105), added: 2580, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn renew_client() -> Weight {
		Weight::from_parts(21_561_000, 3_570)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn register() -> Weight {
		Weight::from_parts(106_336_000, 8_523)
			.saturating_add(ParityDbWeight::get().reads(11_u64))
			.saturating_add(ParityDbWeight::get().writes(8_u64))
	}
	fn rotate_keys() -> Weight {
		Weight::from_parts(40_309_000, 4_108)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn set_status() -> Weight {
		Weight::from_parts(20_898_000, 4_108)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn retire() -> Weight {
		Weight::from_parts(130_078_000, 4_109)
			.saturating_add(ParityDbWeight::get().reads(7_u64))
			.saturating_add(ParityDbWeight::get().writes(12_u64))
	}
	fn add_client() -> Weight {
		Weight::from_parts(71_222_000, 6_012)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn revoke_client() -> Weight {
		Weight::from_parts(57_621_000, 3_676)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn update() -> Weight {
		Weight::from_parts(96_521_000, 6_012)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn renew_client() -> Weight {
		Weight::from_parts(21_561_000, 3_570)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
}
