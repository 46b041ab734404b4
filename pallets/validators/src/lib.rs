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
mod candidates;
mod choice;
#[cfg(test)]
mod mock;
mod strikes;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod weights;

pub use pallet::*;
pub use strikes::Strike;
pub use weights::WeightInfo;

/// The pallet; its documentation is the crate's.
// FRAME's macros generate `expect`; what is written by hand here only calls the modules beside it.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use dtel_primitives::{clock::EraClock, validator::Standing, Balance};
	use dtel_traits::{Jail, Seats, StakeLedger};
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;
	use sp_runtime::Perbill;

	/// Layout of this pallet's storage.
	pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The era clock: stake is that of the running era.
		type Clock: Get<EraClock>;

		/// Who has how much at stake.
		type Stake: StakeLedger<Self::AccountId>;

		/// Who is jailed.
		type Jail: Jail<Self::AccountId>;

		/// Who has session keys and who has a seat.
		type Seats: Seats<Self::AccountId>;

		/// The validators of genesis: they validate until there are enough candidates. At most as many as there can be
		/// validators.
		type Founders: Get<Vec<Self::AccountId>>;

		/// How many validators there are at most: at least [`Config::Minimum`], at most [`Config::MaxCandidates`].
		type Wanted: Get<u32>;

		/// With fewer than this no new set is chosen. At least one.
		type Minimum: Get<u32>;

		/// The least active stake of a candidate.
		type Floor: Get<Balance>;

		/// How many candidates there can be.
		#[pallet::constant]
		type MaxCandidates: Get<u32>;

		/// Weights of calls and of the steps of sessions.
		type WeightInfo: WeightInfo;
	}

	/// Who asked to be chosen, with the number of its place. Absent: the account did not ask, resigned, or was removed
	/// or displaced.
	///
	/// Sole writer: `candidates`. At most [`Config::MaxCandidates`] entries, of which each needs the floor at stake to
	/// stay. INV-1, INV-2.
	#[pallet::storage]
	pub type Candidates<T: Config> =
		CountedStorageMap<_, Blake2_128Concat, T::AccountId, u64, OptionQuery>;

	/// The number of the next place. Between two of equal stake the lower number goes first. Sole writer: `candidates`.
	/// INV-2.
	#[pallet::storage]
	pub type NextPlace<T: Config> = StorageValue<_, u64, ValueQuery>;

	/// Who was slashed or jailed since a set was chosen last. The next choice leaves them out, and they are disabled as
	/// long as they have a seat.
	///
	/// Sole writer: `strikes`. Only candidates and those with a seat enter, each once; with the next set they go. When
	/// there is no room the oldest gives way. INV-3.
	#[pallet::storage]
	pub type Struck<T: Config> =
		StorageValue<_, BoundedVec<Strike<T::AccountId>, T::MaxCandidates>, ValueQuery>;

	/// Whether a set was ever chosen from the candidates. From then on the validators of genesis are no more than
	/// anybody else. Sole writer: `choice`.
	#[pallet::storage]
	pub type Elected<T: Config> = StorageValue<_, bool, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An operator became a candidate.
		#[codec(index = 0)]
		CandidateAdded {
			/// Who.
			who: T::AccountId,
			/// Its active stake.
			stake: Balance,
			/// Whom it displaced.
			displaced: Option<T::AccountId>,
		},
		/// A candidate resigned.
		#[codec(index = 1)]
		CandidateResigned {
			/// Who.
			who: T::AccountId,
		},
		/// A candidate was removed that could not be chosen.
		#[codec(index = 2)]
		CandidateRemoved {
			/// Who.
			who: T::AccountId,
			/// Why.
			standing: Standing,
		},
		/// A candidate or validator was slashed or jailed: it authors no more and is left out of the next set.
		#[codec(index = 3)]
		ValidatorStruck {
			/// Who.
			who: T::AccountId,
			/// For what costs this fraction of its stake.
			fraction: Perbill,
		},
		/// A set was chosen for the session after the one that starts.
		#[codec(index = 4)]
		SetChosen {
			/// How many validators it has.
			validators: u32,
			/// The least stake among them.
			least: Balance,
		},
		/// Too few candidates can be chosen: the old set stays.
		#[codec(index = 5)]
		SetKept {
			/// How many can.
			eligible: u32,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The account is a candidate. There is nothing to do.
		AlreadyCandidate,
		/// The account is no candidate. Look up the list; it may have left it.
		NotCandidate,
		/// The account has no session keys. Register them with `Session::set_keys` first.
		NoKeys,
		/// The account is jailed as a validator. Ask to be released when the term is over.
		Jailed,
		/// The account's active stake is below the floor. Bond more and wait for the next era.
		BelowFloor,
		/// All places are taken by candidates that can be chosen and have as much stake as the caller. Bond more, or find holders who delegate.
		NoPlace,
		/// The candidate can be chosen. Only one that cannot is removed.
		StillEligible,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			let (minimum, wanted) = (T::Minimum::get(), T::Wanted::get());
			assert!(minimum > 0, "an empty set would halt the chain");
			assert!(minimum <= wanted, "no set could be chosen");
			assert!(wanted <= T::MaxCandidates::get(), "there cannot be as many candidates");
			assert!(T::Floor::get() > 0, "whoever has nothing at stake could validate");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Makes the caller a candidate.
		///
		/// # Origin
		/// Signed, by an operator with session keys.
		///
		/// # Details
		/// From the next choice on, at the beginning of each session, the candidates with the most active stake are
		/// chosen for the session after it. Nothing is held besides the stake itself; it answers for what the validator
		/// does. When all places are taken, the lowest candidate loses its own: one that cannot be chosen, or the one with the
		/// least active stake, if that is less than the caller's.
		///
		/// # Errors
		/// [`Error::AlreadyCandidate`], [`Error::NoKeys`], [`Error::Jailed`], [`Error::BelowFloor`],
		/// [`Error::NoPlace`].
		///
		/// # Events
		/// [`Event::CandidateAdded`].
		///
		/// # Complexity
		/// `O(n)` of the candidates when all places are taken, else `O(1)`; what was not looked at is given back.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::validate(T::MaxCandidates::get()))]
		pub fn validate(origin: OriginFor<T>) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let seen = Self::do_validate(who)?;
			Ok(Some(T::WeightInfo::validate(seen)).into())
		}

		/// Ends the caller's candidacy.
		///
		/// # Origin
		/// Signed, by a candidate.
		///
		/// # Details
		/// It is in no set that is chosen from now on. It has to go on validating until the session whose set it is not
		/// in: two sessions at most, longer when the old set is kept because too few candidates are left.
		///
		/// # Errors
		/// [`Error::NotCandidate`].
		///
		/// # Events
		/// [`Event::CandidateResigned`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::resign())]
		pub fn resign(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_resign(who)
		}

		/// Removes a candidate that cannot be chosen.
		///
		/// # Origin
		/// Signed, by anybody.
		///
		/// # Details
		/// One that has no keys, is jailed, or has less active stake than the floor: because it retired, was slashed,
		/// chilled, or because holders left it. It can ask again when that is put right.
		///
		/// # Errors
		/// [`Error::NotCandidate`], [`Error::StillEligible`].
		///
		/// # Events
		/// [`Event::CandidateRemoved`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::remove())]
		pub fn remove(origin: OriginFor<T>, candidate: T::AccountId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_remove(candidate)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// Whether an account could be chosen now, or why not, and its active stake.
		pub fn standing(who: T::AccountId) -> (Standing, Balance) {
			Self::standing_of(&who)
		}

		/// The candidates, with the numbers of their places.
		pub fn candidates() -> Vec<(T::AccountId, u64)> {
			Candidates::<T>::iter().collect()
		}

		/// Whom the next set that is chosen would have, by rank; nothing when too few could be chosen.
		pub fn next_set() -> Option<Vec<T::AccountId>> {
			let ranked = Self::ranked();
			Self::is_enough(ranked.len())
				.then(|| ranked.into_iter().map(|candidate| candidate.who).collect())
		}
	}
}
