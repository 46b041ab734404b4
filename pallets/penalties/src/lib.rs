#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs)]
#![cfg_attr(
	not(test),
	deny(
		clippy::arithmetic_side_effects,
		clippy::expect_used,
		clippy::indexing_slicing,
		clippy::panic,
		clippy::unwrap_used
	)
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod hooks;
mod jail;
#[cfg(test)]
mod mock;
mod offences;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use hooks::SWEEP_PAGE;
pub use pallet::*;
pub use types::{Horizon, Policy, Record, Sentence, Terms};
pub use weights::WeightInfo;

/// Target of this pallet's log lines.
const LOG_TARGET: &str = "runtime::dtel-penalties";

/// The pallet; its documentation is the crate's.
// FRAME's macros generate `expect`; what is written by hand here only calls the modules beside it.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use dtel_primitives::{clock::EraClock, Balance, BasisPoints, EraIndex, NodeId};
	use dtel_traits::{Jail, NodeRegistry, Offence, OffenceKind, OffenceSink, StakeLedger};
	use frame_support::{pallet_prelude::*, weights::WeightMeter};
	use frame_system::pallet_prelude::*;

	/// Layout of this pallet's storage.
	pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The era clock.
		type Clock: Get<EraClock>;

		/// Who owns a node: only its owner may ask for its release.
		type Registry: NodeRegistry<Self::AccountId>;

		/// Takes stake.
		type Stake: StakeLedger<Self::AccountId>;

		/// What each kind of offence costs.
		type Policy: Get<Policy>;

		/// Eras whose offences are kept and can be reported. Longer than any term in jail.
		type HistoryEras: Get<EraIndex>;

		/// Weights of calls and of the steps that hooks and sinks take.
		type WeightInfo: WeightInfo;
	}

	/// What was done, by era, node and kind. Absent: it was not reported, or its era is closed.
	///
	/// Sole writer: `offences`; swept by `hooks`. At most one entry a kind and node for each of the
	/// last [`Config::HistoryEras`] eras. INV-2, INV-3, INV-4, INV-5.
	#[pallet::storage]
	pub type Offences<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Twox64Concat, EraIndex>,
			NMapKey<Twox64Concat, NodeId>,
			NMapKey<Twox64Concat, OffenceKind>,
		),
		Record<T::AccountId>,
	>;

	/// Who is jailed. Absent: the node is free.
	///
	/// Sole writer: `jail`. At most one entry a node that was ever registered. INV-1, INV-2, INV-5.
	#[pallet::storage]
	pub type Jailed<T: Config> = StorageMap<_, Twox64Concat, NodeId, Sentence>;

	/// Up to where history is closed. Sole writer: `hooks`. INV-3.
	#[pallet::storage]
	pub type History<T: Config> = StorageValue<_, Horizon, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An offence was reported for the first time.
		OffenceReported {
			/// What was done.
			kind: OffenceKind,
			/// In which era.
			era: EraIndex,
			/// By which node.
			node: NodeId,
			/// Who operated it then.
			owner: T::AccountId,
		},
		/// A node was jailed, or its sentence grew.
		Jailed {
			/// The node.
			node: NodeId,
			/// The earliest era of the offences it is jailed for.
			since: EraIndex,
			/// The first era in which it may be released.
			until: EraIndex,
		},
		/// Stake was taken for an offence.
		Slashed {
			/// What was done.
			kind: OffenceKind,
			/// In which era.
			era: EraIndex,
			/// By which node.
			node: NodeId,
			/// Whose stake was taken.
			owner: T::AccountId,
			/// The fraction of it that the offence costs.
			fraction: BasisPoints,
			/// What was taken.
			amount: Balance,
		},
		/// A node was released.
		Unjailed {
			/// The node.
			node: NodeId,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The node is not jailed. There is nothing to do.
		NotJailed,
		/// The signer does not own the node. Sign with the account that registered it.
		NotOwner,
		/// The node's term runs. Ask again in the era that its sentence names.
		TermNotOver,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(_: BlockNumberFor<T>, limit: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(limit);
			Self::tidy(&mut meter);
			meter.consumed()
		}

		fn integrity_test() {
			assert!(
				T::HistoryEras::get() > T::Policy::get().longest_term(),
				"a sentence would outlive the record of what it is for",
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Releases a node whose term is over.
		///
		/// *Origin*: signed, by the node's owner. *Details*: the owner says thereby that what was wrong is
		/// put right; nobody is released by time alone. The node can be in a snapshot again from the next
		/// era on. *Errors*: [`Error::NotJailed`], [`Error::NotOwner`], [`Error::TermNotOver`]. *Events*:
		/// [`Event::Unjailed`]. *Complexity*: O(1).
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::unjail())]
		pub fn unjail(origin: OriginFor<T>, #[pallet::compact] node: NodeId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_unjail(who, node)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The sentence of a node, if it is jailed.
		pub fn jail(node: NodeId) -> Option<Sentence> {
			Jailed::<T>::get(node)
		}

		/// What a node did in an era; nothing of an era that is closed.
		pub fn offences_of(
			era: EraIndex,
			node: NodeId,
		) -> Vec<(OffenceKind, Record<T::AccountId>)> {
			Self::records(era, node)
		}
	}

	impl<T: Config> OffenceSink<T::AccountId> for Pallet<T> {
		fn report(offence: Offence<T::AccountId>) {
			Self::do_report(offence)
		}
	}

	impl<T: Config> Jail for Pallet<T> {
		fn is_jailed(node: NodeId) -> bool {
			Jailed::<T>::contains_key(node)
		}

		fn jailed_since(node: NodeId) -> Option<EraIndex> {
			Jailed::<T>::get(node).map(|sentence| sentence.since)
		}

		fn jailed_until(node: NodeId) -> Option<EraIndex> {
			Jailed::<T>::get(node).map(|sentence| sentence.until)
		}
	}
}
