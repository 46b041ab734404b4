//! # What genesis decides once
//!
//! One wasm serves every preset. What must differ between a chain for development and production —
//! how long a block, an epoch and an era are — is written by genesis and read from storage, and no
//! call changes it: consensus depends on it. Whoever asks sees a `Get`.
//!
//! ## Invariants
//!
//! - **INV-1** The clock is valid, and an era lasts at least two epochs: the randomness that seeds an era
//!   was still unknowable when the era's members were frozen, one era before.
//! - **INV-2** A block takes at least a second, an epoch at least two slots.
//! - **INV-3** Unbonding takes as many eras as pallet Staking tells apart, and at least three.
//! - **INV-4** A set of validators has at least one, and no fewer are wanted than needed nor more than there can be.
//! - **INV-5** A node is judged by as many measurements as decide anything, and by no more than are pooled.
//! - **INV-6** An hour of governance has a block, and lasts no longer than an hour.

pub use pallet::*;

/// The pallet.
#[frame_support::pallet]
pub mod pallet {
	use crate::configs::consensus::MAX_AUTHORITIES;
	use alloc::vec::Vec;
	use dtel_primitives::clock::EraClock;
	use frame_support::pallet_prelude::*;
	use serde::{Deserialize, Serialize};

	/// The version of this pallet's storage.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// Everything that genesis decides.
	#[derive(
		Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
	)]
	#[serde(rename_all = "camelCase", deny_unknown_fields)]
	pub struct Parameters {
		/// Milliseconds from one slot to the next.
		pub slot_ms: u64,
		/// Slots in an epoch, which is also a session.
		pub epoch_slots: u64,
		/// Lengths of an era and its phases.
		pub clock: EraClock,
		/// How many eras stake is held after it was unbonded.
		pub unbonding_eras: u32,
		/// Whether a node's domain may be an IP address or carry a port.
		pub dev_domains: bool,
		/// How many validators are chosen by stake, at most.
		pub wanted_validators: u32,
		/// With fewer that can be chosen the old set stays.
		pub minimum_validators: u32,
		/// Of how many measurements a node is judged, and paid, at least.
		pub least_samples: u32,
		/// Blocks in an hour of governance, in which its periods are told.
		pub hour_blocks: u32,
	}

	impl Default for Parameters {
		fn default() -> Self {
			Self {
				slot_ms: 6_000,
				epoch_slots: 600,
				clock: EraClock::PRODUCTION,
				unbonding_eras: 28,
				dev_domains: false,
				wanted_validators: 100,
				// The fewest of whom one can fail and the others still finalise.
				minimum_validators: 4,
				// Ten committees of five: a third of them has a majority in 50 with a chance of 0.005, in five with one of 0.21.
				least_samples: 50,
				hour_blocks: 600,
			}
		}
	}

	impl Parameters {
		/// INV-1 to INV-6.
		pub fn check(&self) -> Result<(), &'static str> {
			ensure!(self.clock.is_valid(), "INV-1: phases must follow each other within the era");
			ensure!(
				u64::from(self.clock.era_blocks) >= self.epoch_slots.saturating_mul(2),
				"INV-1: an era must last at least two epochs"
			);
			ensure!(self.slot_ms >= 1_000, "INV-2: a slot must last at least a second");
			ensure!(self.epoch_slots >= 2, "INV-2: an epoch must have at least two slots");
			// What pallet Staking's queue can hold, and what an offence needs to be judged in.
			ensure!(
				(3..=pallet_dtel_staking::MAX_UNBONDING_ERAS).contains(&self.unbonding_eras),
				"INV-3: unbonding must take 3 to 30 eras"
			);
			ensure!(
				0 < self.minimum_validators
					&& self.minimum_validators <= self.wanted_validators
					&& self.wanted_validators <= MAX_AUTHORITIES,
				"INV-4: 1 to 256 validators, and no fewer than needed, must be wanted"
			);
			ensure!(
				(3..=60).contains(&self.least_samples),
				"INV-5: a node must be judged by 3 to 60 measurements"
			);
			ensure!(
				0 < self.hour_blocks
					&& u64::from(self.hour_blocks).saturating_mul(self.slot_ms) <= 3_600_000,
				"INV-6: an hour of governance must have a block, and last no longer than an hour"
			);
			Ok(())
		}
	}

	/// Configuration.
	#[pallet::config]
	pub trait Config: frame_system::Config {}

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What genesis decided; production's values when it said nothing. Written by genesis alone.
	///
	/// BABE reads it in each block before anything else is done, so nothing after that pays for the database.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type Chosen<T> = StorageValue<_, Parameters, ValueQuery>;

	/// The validators of genesis: each validates when it has session keys and is free, until there are enough candidates
	/// to choose from by stake. Written by genesis alone.
	#[pallet::storage]
	pub type Validators<T: Config> =
		StorageValue<_, BoundedVec<T::AccountId, ConstU32<MAX_AUTHORITIES>>, ValueQuery>;

	/// What genesis decides.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The parameters.
		pub parameters: Parameters,
		/// The validators.
		pub validators: Vec<T::AccountId>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			// A chain that starts with a broken clock cannot be mended: refuse to make one.
			assert_eq!(self.parameters.check(), Ok(()), "genesis parameters");
			Chosen::<T>::put(&self.parameters);
			let validators = BoundedVec::try_from(self.validators.clone());
			assert!(validators.is_ok(), "more than {MAX_AUTHORITIES} validators");
			Validators::<T>::put(validators.unwrap_or_default());
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<frame_system::pallet_prelude::BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(
			_: frame_system::pallet_prelude::BlockNumberFor<T>,
		) -> Result<(), sp_runtime::TryRuntimeError> {
			Chosen::<T>::get().check().map_err(Into::into)
		}
	}
}

use crate::{BlockNumber, Runtime};
use dtel_primitives::clock::EraClock;
use frame_support::traits::Get;

macro_rules! getters {
	($($(#[$doc:meta])* $name:ident: $type:ty = |$p:ident| $value:expr;)*) => {$(
		$(#[$doc])*
		pub struct $name<T>(core::marker::PhantomData<T>);
		impl<T: Config> Get<$type> for $name<T> {
			fn get() -> $type {
				let $p = Chosen::<T>::get();
				$value
			}
		}
	)*};
}

getters! {
	/// The era clock.
	Clock: EraClock = |p| p.clock;
	/// Milliseconds from one slot to the next.
	SlotMillis: u64 = |p| p.slot_ms;
	/// How long an era takes, in milliseconds.
	EraMillis: u64 = |p| p.slot_ms.saturating_mul(p.clock.era_blocks.into());
	/// Half of a slot: the least that a timestamp must advance.
	MinimumPeriod: u64 = |p| p.slot_ms / 2;
	/// Slots in an epoch.
	EpochSlots: u64 = |p| p.epoch_slots;
	/// How many eras stake is held after it was unbonded.
	UnbondingEras: u32 = |p| p.unbonding_eras;
	/// Whether development domains are allowed.
	DevDomains: bool = |p| p.dev_domains;
	/// How many validators are chosen.
	WantedValidators: u32 = |p| p.wanted_validators;
	/// How many it takes to choose a set.
	MinimumValidators: u32 = |p| p.minimum_validators;
	/// Of how many measurements a node is judged.
	LeastSamples: u32 = |p| p.least_samples;
	/// Blocks in an hour of governance.
	HourBlocks: u32 = |p| p.hour_blocks;
}

/// So many hours of governance, in blocks.
pub fn hours(hours: u32) -> BlockNumber {
	HourBlocks::<Runtime>::get().saturating_mul(hours)
}

/// So many days of governance, in blocks.
pub fn days(days: u32) -> BlockNumber {
	hours(days.saturating_mul(24))
}

/// The validators of genesis.
pub struct Founders<T>(core::marker::PhantomData<T>);
impl<T: Config> Get<alloc::vec::Vec<T::AccountId>> for Founders<T> {
	fn get() -> alloc::vec::Vec<T::AccountId> {
		Validators::<T>::get().into_inner()
	}
}
