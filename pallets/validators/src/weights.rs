
//! Weights of `pallet_dtel_validators`, measured by `scripts/weights.sh`; never edited by hand.
//!
//! Made 2026-11-22 with benchmark CLI 64.0.0, steps 20, repeat 10, on
//! vm (Intel(R) Xeon(R) Processor).

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens, unused_imports, missing_docs)]

use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};
use core::marker::PhantomData;

/// What each benchmark weighs.
pub trait WeightInfo {
	fn validate(n: u32, ) -> Weight;
	fn resign() -> Weight;
	fn remove() -> Weight;
	fn offended() -> Weight;
	fn session_started(n: u32, ) -> Weight;
	fn choose(n: u32, ) -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Validators::Candidates` (r:258 w:2)
	/// Proof: `Validators::Candidates` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:257 w:0)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesOwned` (r:257 w:0)
	/// Proof: `Registry::NodesOwned` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:2 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Session::NextKeys` (r:257 w:0)
	/// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
	/// Storage: `Penalties::Jailed` (r:257 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Validators::CounterForCandidates` (r:1 w:1)
	/// Proof: `Validators::CounterForCandidates` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	/// Storage: `Validators::NextPlace` (r:1 w:1)
	/// Proof: `Validators::NextPlace` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 256]`.
	fn validate(n: u32, ) -> Weight {
		Weight::from_parts(94_176_000, 6_052)
			.saturating_add(Weight::from_parts(28_911_472, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(4_u64))
			.saturating_add(Weight::from_parts(0, 3880).saturating_mul(n.into()))
	}
	/// Storage: `Validators::Candidates` (r:1 w:1)
	/// Proof: `Validators::Candidates` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	/// Storage: `Validators::CounterForCandidates` (r:1 w:1)
	/// Proof: `Validators::CounterForCandidates` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	fn resign() -> Weight {
		Weight::from_parts(18_253_000, 3_521)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Validators::Candidates` (r:1 w:1)
	/// Proof: `Validators::Candidates` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:1 w:0)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesOwned` (r:1 w:0)
	/// Proof: `Registry::NodesOwned` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:2 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Session::NextKeys` (r:1 w:0)
	/// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
	/// Storage: `Penalties::Jailed` (r:1 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Validators::CounterForCandidates` (r:1 w:1)
	/// Proof: `Validators::CounterForCandidates` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
	fn remove() -> Weight {
		Weight::from_parts(56_168_000, 6_012)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
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
	fn offended() -> Weight {
		Weight::from_parts(43_935_000, 19_570)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	/// Storage: `Validators::Struck` (r:1 w:0)
	/// Proof: `Validators::Struck` (`max_values`: Some(1), `max_size`: Some(9474), added: 9969, mode: `MaxEncodedLen`)
	/// Storage: `Penalties::Jailed` (r:256 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Session::DisabledValidators` (r:1 w:1)
	/// Proof: `Session::DisabledValidators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// Storage: `Session::Validators` (r:1 w:0)
	/// Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
	/// The range of component `n` is `[1, 256]`.
	fn session_started(n: u32, ) -> Weight {
		Weight::from_parts(22_367_548, 10_959)
			.saturating_add(Weight::from_parts(5_099_333, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(Weight::from_parts(0, 2669).saturating_mul(n.into()))
	}
	/// Storage: `Validators::Struck` (r:1 w:1)
	/// Proof: `Validators::Struck` (`max_values`: Some(1), `max_size`: Some(9474), added: 9969, mode: `MaxEncodedLen`)
	/// Storage: `Validators::Candidates` (r:257 w:0)
	/// Proof: `Validators::Candidates` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
	/// Storage: `Staking::Pools` (r:256 w:0)
	/// Proof: `Staking::Pools` (`max_values`: None, `max_size`: Some(1405), added: 3880, mode: `MaxEncodedLen`)
	/// Storage: `Registry::NodesOwned` (r:256 w:0)
	/// Proof: `Registry::NodesOwned` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
	/// Storage: `Parameters::Parameters` (r:2 w:0)
	/// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
	/// Storage: `Session::NextKeys` (r:257 w:0)
	/// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
	/// Storage: `Penalties::Jailed` (r:257 w:0)
	/// Proof: `Penalties::Jailed` (`max_values`: None, `max_size`: Some(194), added: 2669, mode: `MaxEncodedLen`)
	/// Storage: `Validators::Elected` (r:1 w:1)
	/// Proof: `Validators::Elected` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
	/// Storage: `Setup::Validators` (r:1 w:0)
	/// Proof: `Setup::Validators` (`max_values`: Some(1), `max_size`: Some(8194), added: 8689, mode: `MaxEncodedLen`)
	/// The range of component `n` is `[1, 256]`.
	fn choose(n: u32, ) -> Weight {
		Weight::from_parts(80_987_000, 13_823)
			.saturating_add(Weight::from_parts(28_593_334, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(2_u64))
			.saturating_add(Weight::from_parts(0, 3880).saturating_mul(n.into()))
	}
}

/// The same with ParityDB's figures, for mocks.
impl WeightInfo for () {
	fn validate(n: u32, ) -> Weight {
		Weight::from_parts(94_176_000, 6_052)
			.saturating_add(Weight::from_parts(28_911_472, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(10_u64))
			.saturating_add(ParityDbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
			.saturating_add(Weight::from_parts(0, 3880).saturating_mul(n.into()))
	}
	fn resign() -> Weight {
		Weight::from_parts(18_253_000, 3_521)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn remove() -> Weight {
		Weight::from_parts(56_168_000, 6_012)
			.saturating_add(ParityDbWeight::get().reads(8_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn offended() -> Weight {
		Weight::from_parts(43_935_000, 19_570)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn session_started(n: u32, ) -> Weight {
		Weight::from_parts(22_367_548, 10_959)
			.saturating_add(Weight::from_parts(5_099_333, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
			.saturating_add(Weight::from_parts(0, 2669).saturating_mul(n.into()))
	}
	fn choose(n: u32, ) -> Weight {
		Weight::from_parts(80_987_000, 13_823)
			.saturating_add(Weight::from_parts(28_593_334, 0).saturating_mul(n.into()))
			.saturating_add(ParityDbWeight::get().reads(8_u64))
			.saturating_add(ParityDbWeight::get().reads((5_u64).saturating_mul(n.into())))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
			.saturating_add(Weight::from_parts(0, 3880).saturating_mul(n.into()))
	}
}
