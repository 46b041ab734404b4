//! What an upgrade does to storage before the new runtime's first block.
//!
//! An upgrade that changes the layout of storage, or a bound that what is stored must keep, brings a migration here, in a
//! `VersionedMigration` of the pallet, and leaves it here until the next one.
//!
//! The feature `rehearsal` makes the runtime that upgrades are rehearsed with (crate `dtel-rehearsal`, `dtel-run upgrade`): the same
//! as this one, with a higher `spec_version`, and with a shorter quiet time after safe mode, which what is stored must keep.

/// The migrations of this runtime: none so far.
#[cfg(not(feature = "rehearsal"))]
pub type Migrations = ();

/// The migration of the rehearsal.
#[cfg(feature = "rehearsal")]
pub type Migrations = rehearsal::ToVersion2;

#[cfg(feature = "rehearsal")]
mod rehearsal {
	use crate::{
		emergency::{pallet::QuietUntil, QUIET_DAYS},
		setup, Emergency, Runtime, System,
	};
	use frame_support::{
		migrations::VersionedMigration, traits::UncheckedOnRuntimeUpgrade,
		weights::RuntimeDbWeight, weights::Weight,
	};
	use sp_core::Get;

	type DbWeight = <Runtime as frame_system::Config>::DbWeight;

	/// Pallet Emergency from version 1 to 2.
	pub type ToVersion2 = VersionedMigration<1, 2, ShortenQuietTime, Emergency, DbWeight>;

	/// Lets a quiet time that is longer than it can be now end as late as it can.
	pub struct ShortenQuietTime;

	impl UncheckedOnRuntimeUpgrade for ShortenQuietTime {
		fn on_runtime_upgrade() -> Weight {
			let latest = System::block_number().saturating_add(setup::days(QUIET_DAYS));
			QuietUntil::<Runtime>::mutate(|until| *until = until.map(|until| until.min(latest)));
			let db: RuntimeDbWeight = DbWeight::get();
			db.reads_writes(3, 1)
		}
	}
}
