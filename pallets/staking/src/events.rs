//! What happened.

use frame_support::pallet_macros::pallet_section;

/// What happened, as part of the pallet.
#[pallet_section]
mod events {
	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An operator bonded; it counts from the next era on.
		#[codec(index = 0)]
		Bonded {
			/// Whose.
			who: T::AccountId,
			/// How much.
			amount: Balance,
			/// How much of its own is bonded now.
			total: Balance,
		},
		/// A holder delegated; it counts from the next era on.
		#[codec(index = 1)]
		Delegated {
			/// Whose.
			who: T::AccountId,
			/// The operator.
			pool: T::AccountId,
			/// How much.
			amount: Balance,
			/// How much it has there now.
			total: Balance,
		},
		/// Stake began to be unbonded.
		#[codec(index = 2)]
		Unbonded {
			/// Whose.
			who: T::AccountId,
			/// The operator.
			pool: T::AccountId,
			/// How much.
			amount: Balance,
			/// How much stays.
			total: Balance,
			/// The first era in which it can be withdrawn.
			matures: EraIndex,
		},
		/// Stake that was being unbonded is bonded again; it counts from the next era on.
		#[codec(index = 3)]
		Rebonded {
			/// Whose.
			who: T::AccountId,
			/// The operator.
			pool: T::AccountId,
			/// How much.
			amount: Balance,
			/// How much it has there now.
			total: Balance,
		},
		/// Stake was released.
		#[codec(index = 4)]
		Withdrawn {
			/// Whose.
			who: T::AccountId,
			/// The operator.
			pool: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// Stake was moved from an operator to another.
		#[codec(index = 5)]
		Redelegated {
			/// Whose.
			who: T::AccountId,
			/// The operator that it left, and for whose offences until now it still answers.
			from: T::AccountId,
			/// The operator that it joined.
			to: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// All that answers for an era in a pool was slashed. It is taken of each position, the operator's too, when that is next touched.
		#[codec(index = 6)]
		Slashed {
			/// The operator.
			pool: T::AccountId,
			/// The era that it answered for.
			era: EraIndex,
			/// The fraction.
			fraction: Perbill,
			/// About how much that is.
			amount: Balance,
		},
		/// What slashes cost a holder was taken.
		#[codec(index = 7)]
		Settled {
			/// Whose.
			who: T::AccountId,
			/// The operator.
			pool: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// The reward of an era was shared among those who were active throughout it.
		#[codec(index = 8)]
		Credited {
			/// The operator.
			pool: T::AccountId,
			/// The era.
			era: EraIndex,
			/// What all share.
			shared: Balance,
			/// What the operator keeps before.
			commission: Balance,
		},
		/// Rewards were paid.
		#[codec(index = 9)]
		Claimed {
			/// Whose.
			who: T::AccountId,
			/// The operator.
			pool: T::AccountId,
			/// How much.
			amount: Balance,
			/// Whether they became stake.
			compounded: bool,
		},
		/// An operator's commission was paid.
		#[codec(index = 10)]
		CommissionClaimed {
			/// The operator.
			who: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// A commission changes.
		#[codec(index = 11)]
		CommissionSet {
			/// The operator.
			who: T::AccountId,
			/// To what.
			rate: BasisPoints,
			/// From which era on.
			from: EraIndex,
		},
		/// An operator wants no work, or wants work again.
		#[codec(index = 12)]
		ChilledSet {
			/// The operator.
			who: T::AccountId,
			/// Whether it wants none.
			chilled: bool,
		},
		/// A pool closed: everything in it is being unbonded.
		#[codec(index = 13)]
		PoolClosed {
			/// The operator.
			pool: T::AccountId,
			/// The era in which everything left.
			era: EraIndex,
			/// The first era in which it can be withdrawn.
			matures: EraIndex,
		},
		/// Rewards of a position become stake, or do so no more.
		#[codec(index = 14)]
		CompoundingSet {
			/// Whose.
			who: T::AccountId,
			/// The operator.
			pool: T::AccountId,
			/// Whether they do.
			compounds: bool,
		},
		/// Nobody else may claim a holder's rewards, or everybody may.
		#[codec(index = 15)]
		PrivateSet {
			/// Whose.
			who: T::AccountId,
			/// Whether nobody else may.
			private: bool,
		},
		/// An operator was found below what it needs of its own. From an era on anybody can close its pool.
		#[codec(index = 16)]
		BelowMinimum {
			/// The operator.
			pool: T::AccountId,
			/// What it needs.
			required: Balance,
			/// The first era in which it can be kicked.
			until: EraIndex,
		},
	}
}
