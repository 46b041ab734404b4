
//! Weights of `pallet_dtel_attestation`, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};
use core::marker::PhantomData;

/// What each benchmark weighs.
pub trait WeightInfo {
	fn authorize_commit() -> Weight;
	fn authorize_reveal() -> Weight;
	fn commit() -> Weight;
	fn reveal() -> Weight;
	fn settle(n: u32, ) -> Weight;
	fn offence() -> Weight;
	fn record() -> Weight;
	fn note() -> Weight;
	fn report_double_reveal() -> Weight;
	fn freeze(n: u32, ) -> Weight;
	fn draw_seed() -> Weight;
	fn quiet_block() -> Weight;
	fn look() -> Weight;
	fn prune_evidence() -> Weight;
	fn prune_history() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Attestation::MemberIndex` (r:1 w:0)
	/// Proof: `Attestation::MemberIndex` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Seeds` (r:1 w:0)
	/// Proof: `Attestation::Seeds` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Snapshots` (r:1 w:0)
	/// Proof: `Attestation::Snapshots` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Commitments` (r:1 w:0)
	/// Proof: `Attestation::Commitments` (`max_values`: None, `max_size`: Some(116), added: 2591, mode: `MaxEncodedLen`)
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Nodes` (r:1 w:0)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	fn authorize_commit() -> Weight {
		Weight::from_parts(101_012_000, 4_108)
			.saturating_add(T::DbWeight::get().reads(6_u64))
	}
	/// Storage: `Attestation::MemberIndex` (r:1 w:0)
	/// Proof: `Attestation::MemberIndex` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Commitments` (r:1 w:0)
	/// Proof: `Attestation::Commitments` (`max_values`: None, `max_size`: Some(116), added: 2591, mode: `MaxEncodedLen`)
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Seeds` (r:1 w:0)
	/// Proof: `Attestation::Seeds` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Snapshots` (r:1 w:0)
	/// Proof: `Attestation::Snapshots` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Members` (r:6 w:0)
	/// Proof: `Attestation::Members` (`max_values`: None, `max_size`: Some(93), added: 2568, mode: `MaxEncodedLen`)
	fn authorize_reveal() -> Weight {
		Weight::from_parts(168_374_000, 16_398)
			.saturating_add(T::DbWeight::get().reads(11_u64))
	}
	/// Storage: `Attestation::MemberIndex` (r:1 w:0)
	/// Proof: `Attestation::MemberIndex` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Seeds` (r:1 w:0)
	/// Proof: `Attestation::Seeds` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Snapshots` (r:1 w:0)
	/// Proof: `Attestation::Snapshots` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Commitments` (r:1 w:1)
	/// Proof: `Attestation::Commitments` (`max_values`: None, `max_size`: Some(116), added: 2591, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Nodes` (r:1 w:0)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Eras` (r:1 w:1)
	/// Proof: `Attestation::Eras` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn commit() -> Weight {
		Weight::from_parts(67_789_000, 4_108)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Attestation::MemberIndex` (r:1 w:0)
	/// Proof: `Attestation::MemberIndex` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Commitments` (r:1 w:1)
	/// Proof: `Attestation::Commitments` (`max_values`: None, `max_size`: Some(116), added: 2591, mode: `MaxEncodedLen`)
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Members` (r:1 w:0)
	/// Proof: `Attestation::Members` (`max_values`: None, `max_size`: Some(93), added: 2568, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Samples` (r:5 w:5)
	/// Proof: `Attestation::Samples` (`max_values`: None, `max_size`: Some(1241), added: 3716, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Eras` (r:1 w:1)
	/// Proof: `Attestation::Eras` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	fn reveal() -> Weight {
		Weight::from_parts(109_453_000, 19_570)
			.saturating_add(T::DbWeight::get().reads(11_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	/// Storage: `Attestation::Unsettled` (r:1 w:1)
	/// Proof: `Attestation::Unsettled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Snapshots` (r:1 w:0)
	/// Proof: `Attestation::Snapshots` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Seeds` (r:1 w:0)
	/// Proof: `Attestation::Seeds` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Eras` (r:1 w:1)
	/// Proof: `Attestation::Eras` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Members` (r:21 w:0)
	/// Proof: `Attestation::Members` (`max_values`: None, `max_size`: Some(93), added: 2568, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:16 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Commitments` (r:32 w:0)
	/// Proof: `Attestation::Commitments` (`max_values`: None, `max_size`: Some(116), added: 2591, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Samples` (r:16 w:0)
	/// Proof: `Attestation::Samples` (`max_values`: None, `max_size`: Some(1241), added: 3716, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Pools` (r:16 w:16)
	/// Proof: `Attestation::Pools` (`max_values`: None, `max_size`: Some(10029), added: 12504, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Records` (r:16 w:0)
	/// Proof: `Penalties::Records` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Eras` (r:1 w:1)
	/// Proof: `Rewards::Eras` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:3 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Ledgers` (r:16 w:16)
	/// Proof: `Rewards::Ledgers` (`max_values`: None, `max_size`: Some(2066), added: 4541, mode: `MaxEncodedLen`)
	/// Storage: `System::Account` (r:3 w:3)
	/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Released` (r:1 w:1)
	/// Proof: `Rewards::Released` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
	/// Storage: `Rewards::Unsettled` (r:1 w:1)
	/// Proof: `Rewards::Unsettled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Outcomes` (r:0 w:16)
	/// Proof: `Attestation::Outcomes` (`max_values`: None, `max_size`: Some(110), added: 2585, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 16]`.
	fn settle(n: u32, ) -> Weight {
		Weight::from_parts(288_814_268, 13_830)
			.saturating_add(Weight::from_parts(150_330_198, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(18_u64))
			.saturating_add(T::DbWeight::get().reads((8_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(8_u64))
			.saturating_add(T::DbWeight::get().writes((3_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 12504).saturating_mul(n.into()))
	}
	/// Storage: `Penalties::Offences` (r:6 w:1)
	/// Proof: `Penalties::Offences` (`max_values`: None, `max_size`: Some(106), added: 2581, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:1 w:0)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::NextId` (r:1 w:1)
	/// Proof: `Penalties::NextId` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Penalties` (r:4 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Disputed` (r:1 w:1)
	/// Proof: `Penalties::Disputed` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Nodes` (r:1 w:0)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:1)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::OfOwner` (r:0 w:1)
	/// Proof: `Penalties::OfOwner` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:1)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	fn offence() -> Weight {
		Weight::from_parts(150_955_000, 16_476)
			.saturating_add(T::DbWeight::get().reads(15_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	/// Storage: `Penalties::Records` (r:1 w:1)
	/// Proof: `Penalties::Records` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:1 w:0)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	fn record() -> Weight {
		Weight::from_parts(28_242_000, 4_109)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Attestation::Commitments` (r:1 w:1)
	/// Proof: `Attestation::Commitments` (`max_values`: None, `max_size`: Some(116), added: 2591, mode: `MaxEncodedLen`)
	fn note() -> Weight {
		Weight::from_parts(31_543_000, 3_581)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	/// Storage: `Attestation::MemberIndex` (r:1 w:0)
	/// Proof: `Attestation::MemberIndex` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Members` (r:1 w:0)
	/// Proof: `Attestation::Members` (`max_values`: None, `max_size`: Some(93), added: 2568, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Commitments` (r:1 w:0)
	/// Proof: `Attestation::Commitments` (`max_values`: None, `max_size`: Some(116), added: 2591, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::DoubleReveals` (r:1 w:1)
	/// Proof: `Attestation::DoubleReveals` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	/// Storage: `System::BlockHash` (r:1 w:0)
	/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Offences` (r:2 w:1)
	/// Proof: `Penalties::Offences` (`max_values`: None, `max_size`: Some(106), added: 2581, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::History` (r:1 w:0)
	/// Proof: `Penalties::History` (`max_values`: Some(1), `max_size`: Some(5), added: 500, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::NextId` (r:1 w:1)
	/// Proof: `Penalties::NextId` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Carried` (r:1 w:0)
	/// Proof: `Penalties::Carried` (`max_values`: None, `max_size`: Some(605), added: 3080, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Nodes` (r:1 w:0)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Records` (r:1 w:1)
	/// Proof: `Penalties::Records` (`max_values`: None, `max_size`: Some(644), added: 3119, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Disputed` (r:1 w:1)
	/// Proof: `Penalties::Disputed` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:1 w:1)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::JailedOf` (r:1 w:1)
	/// Proof: `Penalties::JailedOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::OfOwner` (r:0 w:1)
	/// Proof: `Penalties::OfOwner` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Due` (r:0 w:1)
	/// Proof: `Penalties::Due` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Penalties` (r:0 w:1)
	/// Proof: `Penalties::Penalties` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
	fn report_double_reveal() -> Weight {
		Weight::from_parts(339_954_000, 6_152)
			.saturating_add(T::DbWeight::get().reads(15_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	/// Storage: `Attestation::Snapshots` (r:1 w:1)
	/// Proof: `Attestation::Snapshots` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Registry::Nodes` (r:33 w:0)
	/// Proof: `Registry::Nodes` (`max_values`: None, `max_size`: Some(643), added: 3118, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::MemberIndex` (r:32 w:32)
	/// Proof: `Attestation::MemberIndex` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:32 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesOwned` (r:32 w:0)
	/// Proof: `Registry::NodesOwned` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:32 w:0)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:2 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Members` (r:0 w:32)
	/// Proof: `Attestation::Members` (`max_values`: None, `max_size`: Some(93), added: 2568, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 32]`.
	fn freeze(n: u32, ) -> Weight {
		Weight::from_parts(49_324_402, 6_012)
			.saturating_add(Weight::from_parts(45_958_384, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 3880).saturating_mul(n.into()))
	}
	/// Storage: `Babe::NextRandomness` (r:1 w:0)
	/// Proof: `Babe::NextRandomness` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
	/// Storage: `Babe::EpochStart` (r:1 w:0)
	/// Proof: `Babe::EpochStart` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Snapshots` (r:1 w:0)
	/// Proof: `Attestation::Snapshots` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Seeds` (r:0 w:1)
	/// Proof: `Attestation::Seeds` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
	fn draw_seed() -> Weight {
		Weight::from_parts(29_163_000, 3_503)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn quiet_block() -> Weight {
		Weight::from_parts(949_000, 0)
	}
	/// Storage: `Attestation::Unsettled` (r:1 w:0)
	/// Proof: `Attestation::Unsettled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Snapshots` (r:1 w:0)
	/// Proof: `Attestation::Snapshots` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::EvidenceWalk` (r:1 w:0)
	/// Proof: `Attestation::EvidenceWalk` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::HistoryWalk` (r:1 w:0)
	/// Proof: `Attestation::HistoryWalk` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	fn look() -> Weight {
		Weight::from_parts(15_205_000, 3_503)
			.saturating_add(T::DbWeight::get().reads(4_u64))
	}
	/// Storage: `Attestation::EvidenceWalk` (r:1 w:1)
	/// Proof: `Attestation::EvidenceWalk` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Unsettled` (r:1 w:0)
	/// Proof: `Attestation::Unsettled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Snapshots` (r:1 w:0)
	/// Proof: `Attestation::Snapshots` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Members` (r:1 w:0)
	/// Proof: `Attestation::Members` (`max_values`: None, `max_size`: Some(93), added: 2568, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Samples` (r:0 w:1)
	/// Proof: `Attestation::Samples` (`max_values`: None, `max_size`: Some(1241), added: 3716, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Seeds` (r:0 w:1)
	/// Proof: `Attestation::Seeds` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Commitments` (r:0 w:1)
	/// Proof: `Attestation::Commitments` (`max_values`: None, `max_size`: Some(116), added: 2591, mode: `MaxEncodedLen`)
	fn prune_evidence() -> Weight {
		Weight::from_parts(36_737_000, 3_558)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// Storage: `Attestation::HistoryWalk` (r:1 w:1)
	/// Proof: `Attestation::HistoryWalk` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Unsettled` (r:1 w:0)
	/// Proof: `Attestation::Unsettled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::EvidenceWalk` (r:1 w:0)
	/// Proof: `Attestation::EvidenceWalk` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Snapshots` (r:1 w:1)
	/// Proof: `Attestation::Snapshots` (`max_values`: None, `max_size`: Some(38), added: 2513, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Members` (r:1 w:1)
	/// Proof: `Attestation::Members` (`max_values`: None, `max_size`: Some(93), added: 2568, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Pools` (r:1 w:1)
	/// Proof: `Attestation::Pools` (`max_values`: None, `max_size`: Some(10029), added: 12504, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Outcomes` (r:0 w:1)
	/// Proof: `Attestation::Outcomes` (`max_values`: None, `max_size`: Some(110), added: 2585, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::MemberIndex` (r:0 w:1)
	/// Proof: `Attestation::MemberIndex` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::Eras` (r:0 w:1)
	/// Proof: `Attestation::Eras` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Attestation::DoubleReveals` (r:0 w:1)
	/// Proof: `Attestation::DoubleReveals` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
	fn prune_history() -> Weight {
		Weight::from_parts(62_722_000, 13_494)
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn authorize_commit() -> Weight {
		Weight::from_parts(101_012_000, 4_108)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
	}
	fn authorize_reveal() -> Weight {
		Weight::from_parts(168_374_000, 16_398)
			.saturating_add(ParityDbWeight::get().reads(11_u64))
	}
	fn commit() -> Weight {
		Weight::from_parts(67_789_000, 4_108)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn reveal() -> Weight {
		Weight::from_parts(109_453_000, 19_570)
			.saturating_add(ParityDbWeight::get().reads(11_u64))
			.saturating_add(ParityDbWeight::get().writes(7_u64))
	}
	fn settle(n: u32, ) -> Weight {
		Weight::from_parts(288_814_268, 13_830)
			.saturating_add(Weight::from_parts(150_330_198, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(18_u64))
			.saturating_add(ParityDbWeight::get().reads((8_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(8_u64))
			.saturating_add(ParityDbWeight::get().writes((3_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 12504).saturating_mul(n.into()))
	}
	fn offence() -> Weight {
		Weight::from_parts(150_955_000, 16_476)
			.saturating_add(ParityDbWeight::get().reads(15_u64))
			.saturating_add(ParityDbWeight::get().writes(7_u64))
	}
	fn record() -> Weight {
		Weight::from_parts(28_242_000, 4_109)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn note() -> Weight {
		Weight::from_parts(31_543_000, 3_581)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn report_double_reveal() -> Weight {
		Weight::from_parts(339_954_000, 6_152)
			.saturating_add(ParityDbWeight::get().reads(15_u64))
			.saturating_add(ParityDbWeight::get().writes(10_u64))
	}
	fn freeze(n: u32, ) -> Weight {
		Weight::from_parts(49_324_402, 6_012)
			.saturating_add(Weight::from_parts(45_958_384, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
			.saturating_add(ParityDbWeight::get().writes((2_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 3880).saturating_mul(n.into()))
	}
	fn draw_seed() -> Weight {
		Weight::from_parts(29_163_000, 3_503)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn quiet_block() -> Weight {
		Weight::from_parts(949_000, 0)
	}
	fn look() -> Weight {
		Weight::from_parts(15_205_000, 3_503)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
	}
	fn prune_evidence() -> Weight {
		Weight::from_parts(36_737_000, 3_558)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn prune_history() -> Weight {
		Weight::from_parts(62_722_000, 13_494)
			.saturating_add(ParityDbWeight::get().reads(6_u64))
			.saturating_add(ParityDbWeight::get().writes(8_u64))
	}
}
