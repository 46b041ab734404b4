
//! Weights of `pallet_dtel_penalties`, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};
use core::marker::PhantomData;

/// What each benchmark weighs.
pub trait WeightInfo {
	fn unjail() -> Weight;
	fn appeal() -> Weight;
	fn uphold() -> Weight;
	fn cancel() -> Weight;
	fn execute() -> Weight;
	fn report() -> Weight;
	fn report_equivocation() -> Weight;
	fn raise_equivocation() -> Weight;
	fn look() -> Weight;
	fn execute_due(n: u32, ) -> Weight;
	fn close_era() -> Weight;
	fn sweep_page(n: u32, ) -> Weight;
	fn walk() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Penalties::Jailed` (r:1 w:1)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Nodes` (r:1 w:0)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Unsettled` (r:1 w:0)
	/// Proof: `Rewards::Unsettled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::JailedOf` (r:1 w:1)
	/// Proof: `Penalties::JailedOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn unjail() -> Weight {
		Weight::from_parts(35_478_000, 4_108)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Penalties::Penalties` (r:1 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Appeals` (r:1 w:1)
	/// Proof: `Penalties::Appeals` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:1 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:2)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	fn appeal() -> Weight {
		Weight::from_parts(92_731_000, 3_676)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// Storage: `Penalties::Penalties` (r:1 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Appeals` (r:1 w:1)
	/// Proof: `Penalties::Appeals` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:1)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Validators::Candidates` (r:1 w:0)
	/// Proof: `Validators::Candidates` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	/// Storage: `Validators::Struck` (r:1 w:1)
	/// Proof: `Validators::Struck` (`max_values`: Some(1), `max_size`: Some(9474), added: 9969, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Session::DisabledValidators` (r:1 w:1)
	/// Proof: `Session::DisabledValidators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Session::Validators` (r:1 w:0)
	/// Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Penalties::Disputed` (r:1 w:1)
	/// Proof: `Penalties::Disputed` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Ledgers` (r:1 w:1)
	/// Proof: `Rewards::Ledgers` (`max_values`: None, `max_size`: Some(2066), added: 4541, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:2)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	fn uphold() -> Weight {
		Weight::from_parts(237_852_000, 25_159)
			.saturating_add(T::DbWeight::get().reads(16_u64))
			.saturating_add(T::DbWeight::get().writes(15_u64))
	}
	/// Storage: `Penalties::Penalties` (r:6 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Appeals` (r:1 w:1)
	/// Proof: `Penalties::Appeals` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Disputed` (r:1 w:1)
	/// Proof: `Penalties::Disputed` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Offences` (r:7 w:0)
	/// Proof: `Penalties::Offences` (`max_values`: None, `max_size`: Some(106), added: 2581, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Records` (r:1 w:1)
	/// Proof: `Penalties::Records` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:1)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::JailedOf` (r:1 w:1)
	/// Proof: `Penalties::JailedOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:1)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	fn cancel() -> Weight {
		Weight::from_parts(202_852_000, 19_057)
			.saturating_add(T::DbWeight::get().reads(20_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	/// Storage: `Penalties::Penalties` (r:1 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Appeals` (r:1 w:1)
	/// Proof: `Penalties::Appeals` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:1)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Validators::Candidates` (r:1 w:0)
	/// Proof: `Validators::Candidates` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	/// Storage: `Validators::Struck` (r:1 w:1)
	/// Proof: `Validators::Struck` (`max_values`: Some(1), `max_size`: Some(9474), added: 9969, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Session::DisabledValidators` (r:1 w:1)
	/// Proof: `Session::DisabledValidators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Session::Validators` (r:1 w:0)
	/// Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Penalties::Disputed` (r:1 w:1)
	/// Proof: `Penalties::Disputed` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Ledgers` (r:1 w:1)
	/// Proof: `Rewards::Ledgers` (`max_values`: None, `max_size`: Some(2066), added: 4541, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:1)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	fn execute() -> Weight {
		Weight::from_parts(227_908_000, 25_019)
			.saturating_add(T::DbWeight::get().reads(15_u64))
			.saturating_add(T::DbWeight::get().writes(13_u64))
	}
	/// Storage: `Penalties::Offences` (r:7 w:1)
	/// Proof: `Penalties::Offences` (`max_values`: None, `max_size`: Some(106), added: 2581, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:1 w:0)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::NextId` (r:1 w:1)
	/// Proof: `Penalties::NextId` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Penalties` (r:5 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Carried` (r:1 w:1)
	/// Proof: `Penalties::Carried` (`max_values`: None, `max_size`: Some(605), added: 3080, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Nodes` (r:1 w:0)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Records` (r:1 w:1)
	/// Proof: `Penalties::Records` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Disputed` (r:1 w:1)
	/// Proof: `Penalties::Disputed` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:1)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::OfOwner` (r:0 w:1)
	/// Proof: `Penalties::OfOwner` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:1)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	fn report() -> Weight {
		Weight::from_parts(151_995_000, 19_057)
			.saturating_add(T::DbWeight::get().reads(19_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	/// Storage: `Penalties::Occasions` (r:1 w:1)
	/// Proof: `Penalties::Occasions` (`max_values`: None, `max_size`: Some(94), added: 2569, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:1 w:0)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Tallies` (r:1 w:1)
	/// Proof: `Penalties::Tallies` (`max_values`: None, `max_size`: Some(78), added: 2553, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::NextId` (r:1 w:1)
	/// Proof: `Penalties::NextId` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Disputed` (r:1 w:1)
	/// Proof: `Penalties::Disputed` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:1)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Validators::Candidates` (r:1 w:0)
	/// Proof: `Validators::Candidates` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	/// Storage: `Session::Validators` (r:1 w:0)
	/// Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Session::QueuedKeys` (r:1 w:0)
	/// Proof: `Session::QueuedKeys` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Penalties::OfOwner` (r:0 w:1)
	/// Proof: `Penalties::OfOwner` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:1)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Offences` (r:0 w:1)
	/// Proof: `Penalties::Offences` (`max_values`: None, `max_size`: Some(106), added: 2581, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Penalties` (r:0 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	fn report_equivocation() -> Weight {
		Weight::from_parts(82_469_000, 3_659)
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	/// Storage: `Penalties::Occasions` (r:1 w:0)
	/// Proof: `Penalties::Occasions` (`max_values`: None, `max_size`: Some(94), added: 2569, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Penalties` (r:1 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Tallies` (r:1 w:1)
	/// Proof: `Penalties::Tallies` (`max_values`: None, `max_size`: Some(78), added: 2553, mode: `MaxEncodedLen`)
	/// Storage: `Validators::Candidates` (r:1 w:0)
	/// Proof: `Validators::Candidates` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	/// Storage: `Session::Validators` (r:1 w:0)
	/// Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Session::QueuedKeys` (r:1 w:0)
	/// Proof: `Session::QueuedKeys` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Penalties::Due` (r:0 w:2)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	fn raise_equivocation() -> Weight {
		Weight::from_parts(49_550_000, 3_658)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Penalties::Drained` (r:1 w:0)
	/// Proof: `Penalties::Drained` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:1 w:0)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	fn look() -> Weight {
		Weight::from_parts(6_956_000, 1_490)
			.saturating_add(T::DbWeight::get().reads(2_u64))
	}
	/// Storage: `Penalties::Due` (r:16 w:16)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Penalties` (r:16 w:16)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Appeals` (r:16 w:16)
	/// Proof: `Penalties::Appeals` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:16 w:16)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:16 w:16)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(211), added: 2686, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:16 w:16)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:16 w:16)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(6446), added: 8921, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:16 w:16)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Validators::Candidates` (r:16 w:0)
	/// Proof: `Validators::Candidates` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	/// Storage: `Validators::Struck` (r:1 w:1)
	/// Proof: `Validators::Struck` (`max_values`: Some(1), `max_size`: Some(9474), added: 9969, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:16 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Session::DisabledValidators` (r:1 w:1)
	/// Proof: `Session::DisabledValidators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Session::Validators` (r:1 w:0)
	/// Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Penalties::Disputed` (r:16 w:16)
	/// Proof: `Penalties::Disputed` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Ledgers` (r:32 w:16)
	/// Proof: `Rewards::Ledgers` (`max_values`: None, `max_size`: Some(2066), added: 4541, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Eras` (r:16 w:16)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Drained` (r:0 w:1)
	/// Proof: `Penalties::Drained` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[0, 16]`.
	fn execute_due(n: u32, ) -> Weight {
		Weight::from_parts(32_849_154, 22_113)
			.saturating_add(Weight::from_parts(176_556_717, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().reads((14_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(2_u64))
			.saturating_add(T::DbWeight::get().writes((11_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 9082).saturating_mul(n.into()))
	}
	/// Storage: `Penalties::History` (r:0 w:1)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	fn close_era() -> Weight {
		Weight::from_parts(2_703_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Penalties::Offences` (r:65 w:64)
	/// Proof: `Penalties::Offences` (`max_values`: None, `max_size`: Some(106), added: 2581, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Penalties` (r:64 w:64)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Disputed` (r:64 w:64)
	/// Proof: `Penalties::Disputed` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::OfOwner` (r:0 w:64)
	/// Proof: `Penalties::OfOwner` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Occasions` (r:0 w:64)
	/// Proof: `Penalties::Occasions` (`max_values`: None, `max_size`: Some(94), added: 2569, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Tallies` (r:0 w:64)
	/// Proof: `Penalties::Tallies` (`max_values`: None, `max_size`: Some(78), added: 2553, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:0 w:1)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[0, 64]`.
	fn sweep_page(n: u32, ) -> Weight {
		Weight::from_parts(8_223_796, 3_571)
			.saturating_add(Weight::from_parts(38_343_675, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes((6_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2668).saturating_mul(n.into()))
	}
	/// Storage: `Penalties::Walked` (r:1 w:1)
	/// Proof: `Penalties::Walked` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Records` (r:2 w:1)
	/// Proof: `Penalties::Records` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::WalkedCarried` (r:1 w:1)
	/// Proof: `Penalties::WalkedCarried` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Carried` (r:2 w:1)
	/// Proof: `Penalties::Carried` (`max_values`: None, `max_size`: Some(605), added: 3080, mode: `MaxEncodedLen`)
	fn walk() -> Weight {
		Weight::from_parts(36_521_000, 7_228)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn unjail() -> Weight {
		Weight::from_parts(35_478_000, 4_108)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn appeal() -> Weight {
		Weight::from_parts(92_731_000, 3_676)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(5_u64))
	}
	fn uphold() -> Weight {
		Weight::from_parts(237_852_000, 25_159)
			.saturating_add(ParityDbWeight::get().reads(16_u64))
			.saturating_add(ParityDbWeight::get().writes(15_u64))
	}
	fn cancel() -> Weight {
		Weight::from_parts(202_852_000, 19_057)
			.saturating_add(ParityDbWeight::get().reads(20_u64))
			.saturating_add(ParityDbWeight::get().writes(9_u64))
	}
	fn execute() -> Weight {
		Weight::from_parts(227_908_000, 25_019)
			.saturating_add(ParityDbWeight::get().reads(15_u64))
			.saturating_add(ParityDbWeight::get().writes(13_u64))
	}
	fn report() -> Weight {
		Weight::from_parts(151_995_000, 19_057)
			.saturating_add(ParityDbWeight::get().reads(19_u64))
			.saturating_add(ParityDbWeight::get().writes(9_u64))
	}
	fn report_equivocation() -> Weight {
		Weight::from_parts(82_469_000, 3_659)
			.saturating_add(ParityDbWeight::get().reads(9_u64))
			.saturating_add(ParityDbWeight::get().writes(9_u64))
	}
	fn raise_equivocation() -> Weight {
		Weight::from_parts(49_550_000, 3_658)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn look() -> Weight {
		Weight::from_parts(6_956_000, 1_490)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
	}
	fn execute_due(n: u32, ) -> Weight {
		Weight::from_parts(32_849_154, 22_113)
			.saturating_add(Weight::from_parts(176_556_717, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().reads((14_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
			.saturating_add(ParityDbWeight::get().writes((11_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 9082).saturating_mul(n.into()))
	}
	fn close_era() -> Weight {
		Weight::from_parts(2_703_000, 0)
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn sweep_page(n: u32, ) -> Weight {
		Weight::from_parts(8_223_796, 3_571)
			.saturating_add(Weight::from_parts(38_343_675, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().reads((3_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
			.saturating_add(ParityDbWeight::get().writes((6_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2668).saturating_mul(n.into()))
	}
	fn walk() -> Weight {
		Weight::from_parts(36_521_000, 7_228)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
}
