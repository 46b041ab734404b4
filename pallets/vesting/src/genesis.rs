//! Grants of genesis.

use crate::{ledger::Book, Config, Pallet, MAX_GRANTS};
use dtel_primitives::{vesting::Terms, Balance};
use frame_support::traits::fungible::Inspect;
use serde::{Deserialize, Serialize};

/// A grant of genesis.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisGrant<AccountId> {
	/// Who has it, and by the genesis of balances what is granted.
	pub who: AccountId,
	/// When it becomes free.
	pub terms: Terms,
	/// How much.
	pub amount: Balance,
	/// Who gets what is revoked.
	pub grantor: AccountId,
	/// Who can revoke it.
	pub revoker: Option<AccountId>,
}

impl<T: Config> Pallet<T> {
	/// Freezes what is granted, or refuses the whole genesis: the rules are those of any other grant.
	pub(crate) fn build_grant(grant: &GenesisGrant<T::AccountId>) {
		let GenesisGrant { who, terms, amount, grantor, revoker } = grant;
		let allowed = Self::check_grant(grantor, who, *amount, terms);
		assert!(allowed.is_ok(), "no grant for {who:?}: {allowed:?}");
		let mut book = Book::<T>::open(who.clone());
		let done = Self::enter(&mut book, grantor, *amount, *terms, revoker.clone(), MAX_GRANTS);
		assert!(done.is_ok(), "no room for a grant for {who:?}: {done:?}");
		let has = T::Currency::total_balance(who);
		assert!(book.frozen() <= has, "{who:?} is granted more than it has in genesis");
		let frozen = book.close();
		assert!(frozen.is_ok(), "nothing can be frozen of {who:?}: {frozen:?}");
	}
}
