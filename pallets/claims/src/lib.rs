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
mod impls;
#[cfg(test)]
mod mock;
mod purse;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{Page, MAX_PRUNE, PAGE_LEAVES};
pub use weights::WeightInfo;

/// The pallet; its documentation is the crate's.
// FRAME's macros generate `expect`; what is written by hand here only calls the modules beside it.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use dtel_primitives::{
		airdrop::{Airdrop, AirdropId, Label, LeafIndex, Plan, Proof, MAX_LEAVES},
		vesting::Terms,
		Balance, BlockNumber, Hash,
	};
	use dtel_traits::Grants;
	use frame_support::{
		pallet_prelude::*,
		traits::{fungible, Contains},
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::traits::AccountIdConversion;

	/// Layout of this pallet's storage.
	pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>, Hash = Hash> {
		/// The token. Only transfers are ever made with it.
		type Currency: fungible::Inspect<Self::AccountId, Balance = Balance>
			+ fungible::Mutate<Self::AccountId>;

		/// Who may make airdrops, and cancel them before they open. Success is the account that funds one and gets back
		/// what is left of it.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Self::AccountId>;

		/// Gives what is claimed of an airdrop with terms.
		type Grants: Grants<Self::AccountId>;

		/// Who may be paid: everybody but pallets' own accounts. Accounts of airdrops are never paid, whatever this says.
		type Receivers: Contains<Self::AccountId>;

		/// From which the account of each airdrop is derived.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Blocks between the making of an airdrop and its window: time to look at it, and to cancel it.
		#[pallet::constant]
		type MinNotice: Get<BlockNumber>;

		/// The shortest window, in blocks. At least one.
		#[pallet::constant]
		type MinWindow: Get<BlockNumber>;

		/// The longest window, in blocks.
		#[pallet::constant]
		type MaxWindow: Get<BlockNumber>;

		/// Most leaves of a tree; never more than [`MAX_LEAVES`].
		#[pallet::constant]
		type MaxLeaves: Get<u32>;

		/// Most airdrops that are kept at once, those among them that are closed and not pruned.
		#[pallet::constant]
		type MaxAirdrops: Get<u32>;

		/// Weights of calls.
		type WeightInfo: WeightInfo;
	}

	/// Airdrops. Absent: never made, cancelled, or closed and pruned.
	///
	/// Sole writer: `impls`. At most [`Config::MaxAirdrops`] (INV-7), made by governance alone. INV-1, INV-4, INV-5, INV-6.
	#[pallet::storage]
	pub type Airdrops<T: Config> =
		CountedStorageMap<_, Twox64Concat, AirdropId, Airdrop<T::AccountId>>;

	/// Which leaves of an airdrop were claimed, [`PAGE_LEAVES`] on a page. Absent: none of the page.
	///
	/// Sole writer: `impls`. At most `leaves / 2,048`, rounded up, for each airdrop; who first claims on a page pays for it
	/// with the call. Gone when the airdrop is pruned. INV-2, INV-3.
	#[pallet::storage]
	pub type Claimed<T: Config> =
		StorageDoubleMap<_, Twox64Concat, AirdropId, Twox64Concat, u32, Page, ValueQuery>;

	/// The number of the next airdrop. Numbers are never given twice. Sole writer: `impls`. INV-4.
	#[pallet::storage]
	pub type NextId<T: Config> = StorageValue<_, AirdropId, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An airdrop was made; its money lies in its account.
		#[codec(index = 0)]
		Created {
			/// Its number.
			airdrop: AirdropId,
			/// Who gave the money.
			funder: T::AccountId,
			/// The label of its tree.
			label: Label,
			/// The root of its tree.
			root: Hash,
			/// How many leaves that has.
			leaves: u32,
			/// What was given, without the existential deposit that is lent.
			amount: Balance,
			/// The first block in which can be claimed.
			opens: BlockNumber,
			/// The first block in which cannot be claimed any more.
			closes: BlockNumber,
			/// The terms of what is claimed.
			vesting: Option<Terms>,
		},
		/// An account got what the list has for it.
		#[codec(index = 1)]
		Claimed {
			/// The airdrop.
			airdrop: AirdropId,
			/// The place in its list.
			index: LeafIndex,
			/// Who was paid.
			who: T::AccountId,
			/// What it got.
			amount: Balance,
		},
		/// The window is over, and what was left went back.
		#[codec(index = 2)]
		Closed {
			/// The airdrop.
			airdrop: AirdropId,
			/// Who got it.
			funder: T::AccountId,
			/// What went back, the existential deposit that was lent among it.
			returned: Balance,
			/// What was claimed in all.
			paid: Balance,
			/// How many leaves were claimed.
			claims: u32,
		},
		/// An airdrop was cancelled before it opened, and its money went back.
		#[codec(index = 3)]
		Cancelled {
			/// The airdrop.
			airdrop: AirdropId,
			/// Who got it.
			funder: T::AccountId,
			/// What went back, the existential deposit that was lent among it.
			returned: Balance,
		},
		/// Pages of who claimed were removed of a closed airdrop.
		#[codec(index = 4)]
		Pruned {
			/// The airdrop.
			airdrop: AirdropId,
			/// How many pages.
			pages: u32,
			/// Whether these were the last: nothing is kept of the airdrop any more.
			done: bool,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// There is no such airdrop: never made, cancelled, or pruned. Check its number.
		AirdropUnknown,
		/// A tree has no leaves, or more than `MaxLeaves`. Check their number, or make several airdrops.
		LeavesOutOfRange,
		/// There is nothing to give. Fund the airdrop with the sum of its list.
		ZeroAmount,
		/// The window opens sooner than `MinNotice` from now. Let it open later.
		TooLittleNotice,
		/// The window is shorter than `MinWindow`, or ends before it begins. Let it close later.
		WindowTooShort,
		/// The window is longer than `MaxWindow`. Let it close sooner.
		WindowTooLong,
		/// The terms are over before the window is. Let them end later, or leave them out.
		TermsTooShort,
		/// As many airdrops as can be are kept. Close and prune one that is over.
		TooManyAirdrops,
		/// No number is left for another airdrop. Report it to the maintainers.
		NoIdLeft,
		/// The window has not begun. Claim from block `opens` on.
		NotOpenYet,
		/// The window is over: what is left goes back. It cannot be claimed any more.
		WindowOver,
		/// This account belongs to the chain itself and is not paid. Check the list.
		NotAReceiver,
		/// The list has no such place. Check the index.
		IndexOutOfRange,
		/// The proof has not one hash for each level of the tree. Make it from the list that the airdrop was made of.
		WrongProofLength,
		/// The proof does not show that the account has this amount at this place. Check all of them, and that the airdrop is
		/// the one of this list, with its label, its number of leaves and its sum.
		BadProof,
		/// This place of the list was claimed before. There is nothing to do.
		AlreadyClaimed,
		/// Less is left than this claim: the list has more than the airdrop was given. Nothing was paid; ask governance
		/// for another airdrop.
		Underfunded,
		/// The window has begun: it can only run to its end. Close it then.
		AlreadyOpen,
		/// The window is not over. Close the airdrop from block `closes` on.
		WindowNotOver,
		/// What was left went back before. There is nothing to do but to prune.
		AlreadyClosed,
		/// Its money is still there. Close it first.
		NotClosed,
		/// No page was asked to be removed. Ask for at least one.
		ZeroLimit,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			let leaves = T::MaxLeaves::get();
			assert!(
				(1..=MAX_LEAVES).contains(&leaves),
				"a tree would be too deep, or have no leaf"
			);
			let (least, most) = (T::MinWindow::get(), T::MaxWindow::get());
			assert!(least > 0 && least <= most, "no window would be right");
			assert!(T::MaxAirdrops::get() > 0, "no airdrop could be made");
			let account: Option<T::AccountId> =
				T::PalletId::get().try_into_sub_account(AirdropId::MAX);
			assert!(account.is_some(), "airdrops would share accounts");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Makes an airdrop and moves its money into its own account.
		///
		/// *Origin*: [`Config::AdminOrigin`], which says who funds. *Details*: the funder gives `amount` and lends an
		/// existential deposit, and stays alive. Leaves are bound to this chain, the label, the number of leaves and the
		/// amount: if one of them is not what the tree was built with, nothing can be claimed, and all of it goes back in
		/// the end. *Errors*: [`Error::LeavesOutOfRange`], [`Error::ZeroAmount`], [`Error::TooLittleNotice`],
		/// [`Error::WindowTooShort`], [`Error::WindowTooLong`], [`Error::TermsTooShort`], [`Error::TooManyAirdrops`],
		/// [`Error::NoIdLeft`], those of terms that cannot be granted, and of a transfer. *Events*: [`Event::Created`].
		/// *Complexity*: O(1).
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::create())]
		pub fn create(origin: OriginFor<T>, plan: Plan) -> DispatchResult {
			let funder = T::AdminOrigin::ensure_origin(origin)?;
			Self::do_create(funder, plan)
		}

		/// Pays an account what the list of an airdrop has for it.
		///
		/// *Origin*: signed, by anybody, who pays the fee. *Details*: once for each place of the list, in the window. With
		/// terms the tokens are granted by them, and cannot be moved before they are free. A claim that fails can be made
		/// again when its cause is gone: the account has room for a grant, or is alive. *Errors*:
		/// [`Error::AirdropUnknown`], [`Error::NotOpenYet`], [`Error::WindowOver`], [`Error::NotAReceiver`],
		/// [`Error::IndexOutOfRange`], [`Error::WrongProofLength`], [`Error::BadProof`], [`Error::AlreadyClaimed`],
		/// [`Error::Underfunded`], those of a grant, and of a transfer: `Token::BelowMinimum` says that the account is not
		/// alive and the amount is less than an existential deposit. *Events*: [`Event::Claimed`]. *Complexity*: O(p) in
		/// the hashes of the proof, at most 20.
		#[pallet::call_index(1)]
		#[pallet::weight({
			let levels = proof.len() as u32;
			T::WeightInfo::claim(levels).max(T::WeightInfo::claim_vested(levels))
		})]
		pub fn claim(
			origin: OriginFor<T>,
			#[pallet::compact] airdrop: AirdropId,
			#[pallet::compact] index: LeafIndex,
			who: T::AccountId,
			#[pallet::compact] amount: Balance,
			proof: Proof,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_claim(airdrop, index, who, amount, &proof)
		}

		/// Returns what is left of an airdrop whose window is over.
		///
		/// *Origin*: signed, by anybody. *Details*: all that the airdrop's account has goes to who funded it, the existential
		/// deposit and what others sent there among it. Free when it succeeds: it does so once for each airdrop. *Errors*:
		/// [`Error::AirdropUnknown`], [`Error::AlreadyClosed`], [`Error::WindowNotOver`], those of a transfer. *Events*:
		/// [`Event::Closed`]. *Complexity*: O(1).
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::close())]
		pub fn close(
			origin: OriginFor<T>,
			#[pallet::compact] airdrop: AirdropId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_close(airdrop)?;
			Ok(Pays::No.into())
		}

		/// Cancels an airdrop that has not opened, and returns its money.
		///
		/// *Origin*: [`Config::AdminOrigin`]. *Details*: the money goes to who funded it; nothing is kept of the airdrop, and
		/// its number is not given again. *Errors*: [`Error::AirdropUnknown`], [`Error::AlreadyOpen`], those of a transfer.
		/// *Events*: [`Event::Cancelled`]. *Complexity*: O(1).
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::cancel())]
		pub fn cancel(
			origin: OriginFor<T>,
			#[pallet::compact] airdrop: AirdropId,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_cancel(airdrop)
		}

		/// Removes pages of who claimed of a closed airdrop, and with the last one the airdrop.
		///
		/// *Origin*: signed, by anybody. *Details*: at most `limit`, and never more than [`MAX_PRUNE`] at once. Free when it
		/// removes as many as can be at once, or the last ones. *Errors*: [`Error::AirdropUnknown`], [`Error::NotClosed`],
		/// [`Error::ZeroLimit`]. *Events*: [`Event::Pruned`]. *Complexity*: O(n) in the pages that are removed.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::prune((*limit).clamp(1, MAX_PRUNE)))]
		pub fn prune(
			origin: OriginFor<T>,
			#[pallet::compact] airdrop: AirdropId,
			#[pallet::compact] limit: u32,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_prune(airdrop, limit)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// An airdrop; nothing when there is none of this number, or none any more.
		pub fn airdrop(airdrop: AirdropId) -> Option<Airdrop<T::AccountId>> {
			Airdrops::<T>::get(airdrop)
		}

		/// All airdrops that are kept, by rising number.
		pub fn airdrops() -> Vec<(AirdropId, Airdrop<T::AccountId>)> {
			let mut all: Vec<_> = Airdrops::<T>::iter().collect();
			all.sort_by_key(|(airdrop, _)| *airdrop);
			all
		}

		/// Whether a place of an airdrop's list was claimed; nothing when there is no such place, or it is not known any
		/// more.
		pub fn is_claimed(airdrop: AirdropId, index: LeafIndex) -> Option<bool> {
			Self::view_claimed(airdrop, index)
		}

		/// Where the money of an airdrop lies.
		pub fn account(airdrop: AirdropId) -> T::AccountId {
			Self::account_of(airdrop)
		}
	}
}
