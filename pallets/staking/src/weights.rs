
//! Weights of `pallet_dtel_staking`, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
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
	fn delegate() -> Weight;
	fn delegate_extra() -> Weight;
	fn undelegate() -> Weight;
	fn redelegate() -> Weight;
	fn claim() -> Weight;
	fn claim_for() -> Weight;
	fn compound() -> Weight;
	fn settle() -> Weight;
	fn kick() -> Weight;
	fn retire() -> Weight;
	fn set_chilled() -> Weight;
	fn set_commission() -> Weight;
	fn set_compounding() -> Weight;
	fn set_private() -> Weight;
	fn slash() -> Weight;
	fn credit() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:1)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SourcesOf` (r:1 w:0)
	/// Proof: `Staking::SourcesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesOwned` (r:1 w:0)
	/// Proof: `Registry::NodesOwned` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Holders` (r:1 w:1)
	/// Proof: `Staking::Holders` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:0)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	fn bond() -> Weight {
		Weight::from_parts(185_708_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(11_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesOwned` (r:1 w:0)
	/// Proof: `Registry::NodesOwned` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:0)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn bond_extra() -> Weight {
		Weight::from_parts(285_778_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesOwned` (r:1 w:0)
	/// Proof: `Registry::NodesOwned` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:0)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	fn unbond() -> Weight {
		Weight::from_parts(287_454_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:2 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:0)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SourcesOf` (r:1 w:1)
	/// Proof: `Staking::SourcesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn withdraw() -> Weight {
		Weight::from_parts(294_716_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:2 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:0)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SourcesOf` (r:1 w:1)
	/// Proof: `Staking::SourcesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn rebond() -> Weight {
		Weight::from_parts(306_882_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(13_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Holders` (r:1 w:1)
	/// Proof: `Staking::Holders` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:0)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	fn delegate() -> Weight {
		Weight::from_parts(146_929_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:2 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:0)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SourcesOf` (r:1 w:1)
	/// Proof: `Staking::SourcesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn delegate_extra() -> Weight {
		Weight::from_parts(291_354_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(13_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:2 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SourcesOf` (r:1 w:1)
	/// Proof: `Staking::SourcesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn undelegate() -> Weight {
		Weight::from_parts(232_961_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	/// Storage: `Staking::Holders` (r:1 w:1)
	/// Proof: `Staking::Holders` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Members` (r:2 w:2)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:2 w:2)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:2 w:2)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:3 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SourcesOf` (r:2 w:2)
	/// Proof: `Staking::SourcesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn redelegate() -> Weight {
		Weight::from_parts(400_176_000, 18_832)
			.saturating_add(T::DbWeight::get().reads(18_u64))
			.saturating_add(T::DbWeight::get().writes(14_u64))
	}
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:0)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:0)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn claim() -> Weight {
		Weight::from_parts(118_378_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Staking::Holders` (r:1 w:0)
	/// Proof: `Staking::Holders` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:0)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:0)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	fn claim_for() -> Weight {
		Weight::from_parts(131_039_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:2 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Holders` (r:1 w:0)
	/// Proof: `Staking::Holders` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:0)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:3 w:3)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SourcesOf` (r:1 w:1)
	/// Proof: `Staking::SourcesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn compound() -> Weight {
		Weight::from_parts(301_722_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(14_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:2 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:3 w:3)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Vesting::Owed` (r:1 w:0)
	/// Proof: `Vesting::Owed` (`max_values`: None, `max_size`: Some(1393), added: 3868, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SourcesOf` (r:1 w:1)
	/// Proof: `Staking::SourcesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn settle() -> Weight {
		Weight::from_parts(289_222_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(13_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:2 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:3 w:3)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SourcesOf` (r:1 w:1)
	/// Proof: `Staking::SourcesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn kick() -> Weight {
		Weight::from_parts(240_150_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(13_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:1 w:1)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	fn retire() -> Weight {
		Weight::from_parts(53_394_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:0)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	fn set_chilled() -> Weight {
		Weight::from_parts(39_687_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Staking::Pools` (r:1 w:0)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	fn set_commission() -> Weight {
		Weight::from_parts(45_426_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4955), added: 7430, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:2 w:0)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:2 w:2)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SourcesOf` (r:1 w:1)
	/// Proof: `Staking::SourcesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn set_compounding() -> Weight {
		Weight::from_parts(243_766_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(11_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	/// Storage: `Staking::Holders` (r:1 w:1)
	/// Proof: `Staking::Holders` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
	fn set_private() -> Weight {
		Weight::from_parts(24_112_000, 3_523)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:1)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Checkpoints` (r:1 w:1)
	/// Proof: `Staking::Checkpoints` (`max_values`: None, `max_size`: Some(1952), added: 4427, mode: `MaxEncodedLen`)
	fn slash() -> Weight {
		Weight::from_parts(59_962_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	fn credit() -> Weight {
		Weight::from_parts(23_684_000, 9_911)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn bond() -> Weight {
		Weight::from_parts(185_708_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(11_u64))
			.saturating_add(ParityDbWeight::get().writes(7_u64))
	}
	fn bond_extra() -> Weight {
		Weight::from_parts(285_778_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(12_u64))
			.saturating_add(ParityDbWeight::get().writes(8_u64))
	}
	fn unbond() -> Weight {
		Weight::from_parts(287_454_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(12_u64))
			.saturating_add(ParityDbWeight::get().writes(8_u64))
	}
	fn withdraw() -> Weight {
		Weight::from_parts(294_716_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(12_u64))
			.saturating_add(ParityDbWeight::get().writes(9_u64))
	}
	fn rebond() -> Weight {
		Weight::from_parts(306_882_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(13_u64))
			.saturating_add(ParityDbWeight::get().writes(9_u64))
	}
	fn delegate() -> Weight {
		Weight::from_parts(146_929_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(9_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn delegate_extra() -> Weight {
		Weight::from_parts(291_354_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(13_u64))
			.saturating_add(ParityDbWeight::get().writes(9_u64))
	}
	fn undelegate() -> Weight {
		Weight::from_parts(232_961_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(12_u64))
			.saturating_add(ParityDbWeight::get().writes(9_u64))
	}
	fn redelegate() -> Weight {
		Weight::from_parts(400_176_000, 18_832)
			.saturating_add(ParityDbWeight::get().reads(18_u64))
			.saturating_add(ParityDbWeight::get().writes(14_u64))
	}
	fn claim() -> Weight {
		Weight::from_parts(118_378_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn claim_for() -> Weight {
		Weight::from_parts(131_039_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(8_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn compound() -> Weight {
		Weight::from_parts(301_722_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(14_u64))
			.saturating_add(ParityDbWeight::get().writes(10_u64))
	}
	fn settle() -> Weight {
		Weight::from_parts(289_222_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(13_u64))
			.saturating_add(ParityDbWeight::get().writes(10_u64))
	}
	fn kick() -> Weight {
		Weight::from_parts(240_150_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(13_u64))
			.saturating_add(ParityDbWeight::get().writes(10_u64))
	}
	fn retire() -> Weight {
		Weight::from_parts(53_394_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn set_chilled() -> Weight {
		Weight::from_parts(39_687_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn set_commission() -> Weight {
		Weight::from_parts(45_426_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn set_compounding() -> Weight {
		Weight::from_parts(243_766_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(11_u64))
			.saturating_add(ParityDbWeight::get().writes(9_u64))
	}
	fn set_private() -> Weight {
		Weight::from_parts(24_112_000, 3_523)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn slash() -> Weight {
		Weight::from_parts(59_962_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn credit() -> Weight {
		Weight::from_parts(23_684_000, 9_911)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
}
