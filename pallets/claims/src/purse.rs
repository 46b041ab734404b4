//! The money of airdrops: the only place that moves tokens or has them granted.
//!
//! The account of an airdrop holds what was not claimed, and an existential deposit that the funder lends. So no claim
//! can leave dust in it that would be lost, whatever the list has, and what goes back is never too little to be taken.

use crate::{Config, Pallet};
use dtel_primitives::{airdrop::AirdropId, vesting::Terms, Balance};
use dtel_traits::Grants;
use frame_support::{
	pallet_prelude::*,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
		Contains,
	},
	PalletId,
};
use sp_runtime::{
	traits::{AccountIdConversion, Zero},
	ArithmeticError,
};

impl<T: Config> Pallet<T> {
	/// Where the money of an airdrop lies. Numbers have accounts before they are given.
	pub(crate) fn account_of(airdrop: AirdropId) -> T::AccountId {
		T::PalletId::get().into_sub_account_truncating(airdrop)
	}

	/// Whether an account may be paid: a receiver, and no account of an airdrop, this or another.
	pub(crate) fn may_receive(who: &T::AccountId) -> bool {
		let own = PalletId::try_from_sub_account::<AirdropId>(who);
		T::Receivers::contains(who) && own.is_none_or(|(id, _)| id != T::PalletId::get())
	}

	/// Fills the account of an airdrop. The funder stays alive.
	pub(crate) fn fill(
		airdrop: AirdropId,
		funder: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		let with_deposit =
			amount.checked_add(T::Currency::minimum_balance()).ok_or(ArithmeticError::Overflow)?;
		let account = Self::account_of(airdrop);
		T::Currency::transfer(funder, &account, with_deposit, Preservation::Preserve)?;
		Ok(())
	}

	/// Pays a claim. The account of the airdrop keeps its existential deposit.
	pub(crate) fn pay(
		airdrop: AirdropId,
		who: &T::AccountId,
		amount: Balance,
		vesting: Option<Terms>,
	) -> DispatchResult {
		let account = Self::account_of(airdrop);
		match vesting {
			Some(terms) => T::Grants::grant(&account, who, amount, terms),
			None => {
				T::Currency::transfer(&account, who, amount, Preservation::Preserve).map(|_| ())
			}
		}
	}

	/// Returns all that the account of an airdrop has to who funded it, and says how much. Nothing stays but what others
	/// froze there of their own.
	pub(crate) fn empty(
		airdrop: AirdropId,
		funder: &T::AccountId,
	) -> Result<Balance, DispatchError> {
		let account = Self::account_of(airdrop);
		let (all, polite) = (Preservation::Expendable, Fortitude::Polite);
		let amount = T::Currency::reducible_balance(&account, all, polite);
		if amount.is_zero() {
			return Ok(amount);
		}
		T::Currency::transfer(&account, funder, amount, all)
	}
}
