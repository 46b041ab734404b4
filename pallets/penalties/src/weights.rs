
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
	fn appeal() -> Weight;
	fn uphold() -> Weight;
	fn cancel() -> Weight;
	fn execute() -> Weight;
	fn report() -> Weight;
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
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(186), added: 2661, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Nodes` (r:1 w:0)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::JailedOf` (r:1 w:1)
	/// Proof: `Penalties::JailedOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	fn unjail() -> Weight {
		Weight::from_parts(48_862_000, 4_108)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Penalties::Penalties` (r:1 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(192), added: 2667, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Appeals` (r:1 w:1)
	/// Proof: `Penalties::Appeals` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	fn appeal() -> Weight {
		Weight::from_parts(113_881_000, 3_657)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	/// Storage: `Penalties::Penalties` (r:1 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(192), added: 2667, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Appeals` (r:1 w:1)
	/// Proof: `Penalties::Appeals` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1983), added: 4458, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(5864), added: 8339, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:1)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4951), added: 7426, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:1)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	fn uphold() -> Weight {
		Weight::from_parts(311_609_000, 9_329)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	/// Storage: `Penalties::Penalties` (r:6 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(192), added: 2667, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Appeals` (r:1 w:1)
	/// Proof: `Penalties::Appeals` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:1 w:1)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Offences` (r:7 w:0)
	/// Proof: `Penalties::Offences` (`max_values`: None, `max_size`: Some(74), added: 2549, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:1)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(186), added: 2661, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:1)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	fn cancel() -> Weight {
		Weight::from_parts(209_692_000, 18_833)
			.saturating_add(T::DbWeight::get().reads(18_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// Storage: `Penalties::Penalties` (r:1 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(192), added: 2667, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Appeals` (r:1 w:1)
	/// Proof: `Penalties::Appeals` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:2 w:2)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:1 w:1)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:1)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1983), added: 4458, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:1 w:1)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(5864), added: 8339, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:1 w:1)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Members` (r:1 w:1)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4951), added: 7426, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:1)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	fn execute() -> Weight {
		Weight::from_parts(311_131_000, 9_329)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	/// Storage: `Penalties::Offences` (r:2 w:1)
	/// Proof: `Penalties::Offences` (`max_values`: None, `max_size`: Some(74), added: 2549, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:1 w:0)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::NextId` (r:1 w:1)
	/// Proof: `Penalties::NextId` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Records` (r:1 w:1)
	/// Proof: `Penalties::Records` (`max_values`: None, `max_size`: Some(77), added: 2552, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Nodes` (r:1 w:0)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:1)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(186), added: 2661, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::OfOwner` (r:0 w:1)
	/// Proof: `Penalties::OfOwner` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:1)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Penalties` (r:0 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(192), added: 2667, mode: `MaxEncodedLen`)
	fn report() -> Weight {
		Weight::from_parts(106_456_000, 6_088)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	/// Storage: `Penalties::Drained` (r:1 w:0)
	/// Proof: `Penalties::Drained` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:1 w:0)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	fn look() -> Weight {
		Weight::from_parts(14_076_000, 1_522)
			.saturating_add(T::DbWeight::get().reads(3_u64))
	}
	/// Storage: `Penalties::Due` (r:16 w:16)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Penalties` (r:16 w:16)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(192), added: 2667, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Appeals` (r:16 w:16)
	/// Proof: `Penalties::Appeals` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:17 w:17)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Balances::Holds` (r:16 w:16)
	/// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:16 w:16)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1983), added: 4458, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Books` (r:16 w:16)
	/// Proof: `Staking::Books` (`max_values`: None, `max_size`: Some(5864), added: 8339, mode: `MaxEncodedLen`)
	/// Storage: `Staking::SlashesOf` (r:16 w:16)
	/// Proof: `Staking::SlashesOf` (`max_values`: None, `max_size`: Some(1970), added: 4445, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Members` (r:16 w:16)
	/// Proof: `Staking::Members` (`max_values`: None, `max_size`: Some(4951), added: 7426, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Drained` (r:0 w:1)
	/// Proof: `Penalties::Drained` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[0, 16]`.
	fn execute_due(n: u32, ) -> Weight {
		Weight::from_parts(58_217_288, 3_709)
			.saturating_add(Weight::from_parts(263_005_059, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().reads((9_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes((9_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 8339).saturating_mul(n.into()))
	}
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:0 w:1)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	fn close_era() -> Weight {
		Weight::from_parts(7_841_000, 1_522)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Penalties::Offences` (r:65 w:64)
	/// Proof: `Penalties::Offences` (`max_values`: None, `max_size`: Some(74), added: 2549, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Penalties` (r:64 w:64)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(192), added: 2667, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::OfOwner` (r:0 w:64)
	/// Proof: `Penalties::OfOwner` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:0 w:1)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[0, 64]`.
	fn sweep_page(n: u32, ) -> Weight {
		Weight::from_parts(49_912_741, 3_539)
			.saturating_add(Weight::from_parts(25_064_037, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2667).saturating_mul(n.into()))
	}
	/// Storage: `Penalties::Walked` (r:1 w:1)
	/// Proof: `Penalties::Walked` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Records` (r:2 w:1)
	/// Proof: `Penalties::Records` (`max_values`: None, `max_size`: Some(77), added: 2552, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Chosen` (r:1 w:0)
	/// Proof: `Setup::Chosen` (`max_values`: Some(1), `max_size`: Some(37), added: 532, mode: `MaxEncodedLen`)
	fn walk() -> Weight {
		Weight::from_parts(28_599_000, 6_094)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn unjail() -> Weight {
		Weight::from_parts(48_862_000, 4_108)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn appeal() -> Weight {
		Weight::from_parts(113_881_000, 3_657)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn uphold() -> Weight {
		Weight::from_parts(311_609_000, 9_329)
			.saturating_add(ParityDbWeight::get().reads(10_u64))
			.saturating_add(ParityDbWeight::get().writes(10_u64))
	}
	fn cancel() -> Weight {
		Weight::from_parts(209_692_000, 18_833)
			.saturating_add(ParityDbWeight::get().reads(18_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn execute() -> Weight {
		Weight::from_parts(311_131_000, 9_329)
			.saturating_add(ParityDbWeight::get().reads(10_u64))
			.saturating_add(ParityDbWeight::get().writes(10_u64))
	}
	fn report() -> Weight {
		Weight::from_parts(106_456_000, 6_088)
			.saturating_add(ParityDbWeight::get().reads(8_u64))
			.saturating_add(ParityDbWeight::get().writes(7_u64))
	}
	fn look() -> Weight {
		Weight::from_parts(14_076_000, 1_522)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
	}
	fn execute_due(n: u32, ) -> Weight {
		Weight::from_parts(58_217_288, 3_709)
			.saturating_add(Weight::from_parts(263_005_059, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().reads((9_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
			.saturating_add(ParityDbWeight::get().writes((9_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 8339).saturating_mul(n.into()))
	}
	fn close_era() -> Weight {
		Weight::from_parts(7_841_000, 1_522)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn sweep_page(n: u32, ) -> Weight {
		Weight::from_parts(49_912_741, 3_539)
			.saturating_add(Weight::from_parts(25_064_037, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().reads((2_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
			.saturating_add(ParityDbWeight::get().writes((3_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2667).saturating_mul(n.into()))
	}
	fn walk() -> Weight {
		Weight::from_parts(28_599_000, 6_094)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
}
