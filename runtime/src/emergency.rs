//! # When safe mode may be entered again
//!
//! Whoever puts the chain into safe mode, by a deposit or as the technical committee, has it stopped for a few hours. This
//! pallet remembers when that ended: for a week after it only a referendum can enter it. Else whoever has the deposit, or the
//! committee, could enter it again in the block in which it ends, and so without an end.
//!
//! ## Invariants
//!
//! - **INV-1** The quiet time ends within [`QUIET_DAYS`] from now.

pub use pallet::*;

use crate::setup;
use frame_support::traits::{SafeModeNotify, StorageVersion};

/// For so many days after safe mode ended nobody but a referendum enters it.
pub const QUIET_DAYS: u32 = if cfg!(feature = "rehearsal") { REHEARSED_QUIET_DAYS } else { 7 };

/// The same in the runtime that upgrades are rehearsed with ([`crate::migrations`]).
pub const REHEARSED_QUIET_DAYS: u32 = 3;

/// And the version of this pallet's storage in it.
pub const REHEARSED_STORAGE_VERSION: StorageVersion = StorageVersion::new(2);

/// The pallet.
#[frame_support::pallet]
pub mod pallet {
	#[cfg(feature = "try-runtime")]
	use super::QUIET_DAYS;
	use crate::setup;
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::BlockNumberFor;

	/// The version of this pallet's storage.
	const STORAGE_VERSION: StorageVersion = if cfg!(feature = "rehearsal") {
		super::REHEARSED_STORAGE_VERSION
	} else {
		StorageVersion::new(1)
	};

	/// Configuration.
	#[pallet::config]
	pub trait Config: frame_system::Config + setup::Config {}

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// The first block in which safe mode may be entered without a referendum. Nothing: in any block. Written when safe mode
	/// ends. INV-1.
	#[pallet::storage]
	pub type QuietUntil<T: Config> = StorageValue<_, BlockNumberFor<T>, OptionQuery>;

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			let latest = now + setup::days(QUIET_DAYS).into();
			ensure!(
				QuietUntil::<T>::get().is_none_or(|until| until <= latest),
				"INV-1: the quiet time is too long"
			);
			Ok(())
		}
	}
}

impl<T: Config> Pallet<T> {
	/// Whether safe mode may be entered without a referendum.
	pub fn may_enter() -> bool {
		QuietUntil::<T>::get()
			.is_none_or(|until| frame_system::Pallet::<T>::block_number() >= until)
	}
}

impl<T: Config> SafeModeNotify for Pallet<T> {
	fn entered() {}
	fn exited() {
		let now = frame_system::Pallet::<T>::block_number();
		QuietUntil::<T>::put(now + setup::days(QUIET_DAYS).into());
	}
}
