//! What calls refuse, and why.

use frame_support::pallet_macros::pallet_section;

/// What calls refuse, and why, as part of the pallet.
#[pallet_section]
mod errors {
	/// Why a call was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// The account is an operator, or the pool that it had is not empty yet. Use `bond_extra`; or settle what is left in it.
		PoolExists,
		/// The account is no operator. Look up its address; an operator begins with `bond`.
		NoPool,
		/// The pool closed, or was slashed for too many eras: nothing joins it or comes back. Withdraw when it has matured.
		PoolClosed,
		/// The account has no stake there. Use `bond`, or `delegate`.
		NoStake,
		/// The account has stake there. Use `delegate_extra`.
		AlreadyDelegated,
		/// Holder and operator are one. Use the calls for operators.
		OwnPool,
		/// Both operators are the same. Name two.
		SamePool,
		/// The account has stake in as many pools as it may. Leave one first.
		TooManyPools,
		/// An amount of nothing changes nothing. Give one above zero.
		ZeroAmount,
		/// Less than the minimum would be at stake. Give more; to take out everything, retire or undelegate all.
		BelowMinimum,
		/// There is less than that. Look up the position and give at most what is there.
		NotEnough,
		/// Nothing has matured. Wait for the era that `Unbonded` named.
		NothingMatured,
		/// A balance would overflow. Cannot happen while issuance fits a balance.
		Overflow,
		/// The position has no room for another entry. Take out all, or wait until some entries have matured.
		TooManyEntries,
		/// The era was credited before, or a later one was. Nothing is to be done.
		EraPassed,
		/// Nobody's stake was active throughout the era, or it has not ended. Nothing is to be shared.
		NobodyActive,
		/// The stake answers for another operator, or the holder moved stake less than an unbonding period ago. Wait.
		MovedBefore,
		/// The commission is above what was promised, or rises faster. Give less.
		CommissionTooHigh,
		/// The holder wants to claim by itself. Leave it.
		Private,
		/// The holder wants its rewards to become stake. Use `compound`.
		Compounds,
		/// The holder wants its rewards paid, or has no active stake there. Use `claim`; the holder decides by `set_compounding`.
		NotCompounding,
		/// The pool was slashed since the position was last brought up to date, some of it was moved from another and still answers there, or no stake is left in it. Use `settle`: it pays what was earned, too.
		SettleFirst,
		/// Nothing was earned that is not paid. Wait for the next era's pay.
		NothingToClaim,
		/// No slash is to be taken, nothing of a closed pool has matured or is over, and nothing moved is free of its source. Nothing is to be done.
		NothingToSettle,
		/// The stake is not below the minimum. Leave it.
		NotBelowMinimum,
		/// It was noted not long ago that the operator is below the minimum. Wait for the era that `BelowMinimum` named.
		InGrace,
		/// So much of the holder's funds is another's, because a grant was revoked while they were at stake. Give less, or take stake out and have that collected.
		Promised,
	}
}
