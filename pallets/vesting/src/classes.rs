//! Who gets which part of the supply at genesis.
//!
//! A preset lists its [`Allocation`]s, has [`check`] compare them with the supply, and takes the genesis of balances and of this pallet from
//! [`balances`] and [`grants`], so that both say the same.

use crate::GenesisGrant;
use alloc::{collections::BTreeMap, vec::Vec};
use dtel_primitives::{
	vesting::{Terms, TermsError},
	Balance,
};

/// What a part of the supply is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
	/// Those who build it.
	Team,
	/// Those who advise them.
	Advisors,
	/// Buyers before the public sale.
	Private,
	/// Buyers in the public sale.
	Public,
	/// Airdrops, liquidity and grants.
	Community,
	/// What governance spends.
	Treasury,
	/// What is released for work.
	RewardReserve,
}

impl Class {
	/// All of them: each has a part of the supply.
	pub const ALL: [Self; 7] = [
		Self::Team,
		Self::Advisors,
		Self::Private,
		Self::Public,
		Self::Community,
		Self::Treasury,
		Self::RewardReserve,
	];

	/// Whether its tokens may be without terms: those of pallets, which have rules of their own.
	pub const fn may_be_free(self) -> bool {
		matches!(self, Self::Treasury | Self::RewardReserve)
	}
}

/// What an account gets at genesis.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allocation<AccountId> {
	/// What for.
	pub class: Class,
	/// Who.
	pub who: AccountId,
	/// How much.
	pub amount: Balance,
	/// When it becomes free. For a part that is free at once, terms with all of it at the start.
	pub terms: Option<Terms>,
	/// Who can revoke it.
	pub revoker: Option<AccountId>,
}

/// Why allocations are not those of a supply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AllocationError {
	/// A class has no part.
	Missing(Class),
	/// A part is nothing.
	Empty(Class),
	/// A part has no terms, and must.
	WithoutTerms(Class),
	/// A part without terms has a revoker.
	RevokesNothing(Class),
	/// The terms of a part are none.
	BadTerms(Class, TermsError),
	/// A part is granted to the treasury by itself.
	ToGrantor(Class),
	/// The parts are not the supply, but this.
	NotSupply(Balance),
}

/// Whether each class has a part, each part has the terms that it must, and all together are the supply to the planck. `grantor` gets what is
/// revoked.
pub fn check<AccountId: PartialEq>(
	all: &[Allocation<AccountId>],
	supply: Balance,
	grantor: &AccountId,
) -> Result<(), AllocationError> {
	for part in all {
		let class = part.class;
		if part.amount == 0 {
			return Err(AllocationError::Empty(class));
		}
		match &part.terms {
			None if !class.may_be_free() => return Err(AllocationError::WithoutTerms(class)),
			None if part.revoker.is_some() => return Err(AllocationError::RevokesNothing(class)),
			None => {}
			Some(_) if part.who == *grantor => return Err(AllocationError::ToGrantor(class)),
			Some(terms) => {
				terms.validate().map_err(|error| AllocationError::BadTerms(class, error))?
			}
		}
	}
	let missing = Class::ALL.into_iter().find(|class| all.iter().all(|part| part.class != *class));
	if let Some(class) = missing {
		return Err(AllocationError::Missing(class));
	}
	// More than fits is certainly not the supply.
	let sum = all.iter().fold(0, |sum: Balance, part| sum.saturating_add(part.amount));
	if sum != supply {
		return Err(AllocationError::NotSupply(sum));
	}
	Ok(())
}

/// What each account has at genesis, once for each account.
pub fn balances<AccountId: Clone + Ord>(
	all: &[Allocation<AccountId>],
) -> Vec<(AccountId, Balance)> {
	let mut sums: BTreeMap<AccountId, Balance> = BTreeMap::new();
	for part in all {
		let sum = sums.entry(part.who.clone()).or_default();
		*sum = sum.saturating_add(part.amount);
	}
	sums.into_iter().collect()
}

/// What of it is granted. `grantor` gets what is revoked.
pub fn grants<AccountId: Clone>(
	all: &[Allocation<AccountId>],
	grantor: &AccountId,
) -> Vec<GenesisGrant<AccountId>> {
	let grant = |part: &Allocation<AccountId>| {
		Some(GenesisGrant {
			who: part.who.clone(),
			terms: part.terms?,
			amount: part.amount,
			grantor: grantor.clone(),
			revoker: part.revoker.clone(),
		})
	};
	all.iter().filter_map(grant).collect()
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtel_primitives::{BasisPoints, DTEL};

	const SUPPLY: Balance = 1_000_000_000 * DTEL;
	/// The treasury.
	const GRANTOR: u64 = 6;

	/// Shares in percent, by class, for accounts 1 to 7.
	fn all() -> Vec<Allocation<u64>> {
		let year = 5_256_000;
		let at_start = BasisPoints::saturating(1_000);
		let terms = Terms { start: 0, cliff: year, end: 4 * year, at_start, period: 14_400 };
		let shares = [15u128, 2, 8, 5, 10, 20, 40];
		let part = |(i, class): (usize, Class)| Allocation {
			class,
			who: i as u64 + 1,
			amount: SUPPLY / 100 * shares[i],
			terms: (!class.may_be_free()).then_some(terms),
			revoker: (class == Class::Team).then_some(GRANTOR),
		};
		Class::ALL.into_iter().enumerate().map(part).collect()
	}

	fn refused(change: impl FnOnce(&mut Vec<Allocation<u64>>)) -> AllocationError {
		let mut parts = all();
		change(&mut parts);
		check(&parts, SUPPLY, &GRANTOR).unwrap_err()
	}

	#[test]
	fn the_usual_classes_are_the_supply() {
		assert_eq!(check(&all(), SUPPLY, &GRANTOR), Ok(()));
		let balances = balances(&all());
		assert_eq!(balances.len(), 7);
		assert_eq!(balances.iter().map(|(_, amount)| amount).sum::<Balance>(), SUPPLY);
		let grants = grants(&all(), &GRANTOR);
		assert_eq!(grants.len(), 5);
		assert_eq!(grants.iter().map(|grant| grant.amount).sum::<Balance>(), SUPPLY / 100 * 40);
		assert_eq!(grants[0].revoker, Some(GRANTOR));
		assert!(grants[1..].iter().all(|grant| grant.revoker.is_none() && grant.grantor == 6));
	}

	#[test]
	fn an_account_with_two_parts_has_one_balance() {
		let mut parts = all();
		parts[1].who = 1;
		assert_eq!(check(&parts, SUPPLY, &GRANTOR), Ok(()));
		assert_eq!(balances(&parts)[0], (1, SUPPLY / 100 * 17));
	}

	#[test]
	fn a_sum_that_is_not_the_supply_is_refused_by_a_planck() {
		use AllocationError::NotSupply;
		assert_eq!(refused(|parts| parts[3].amount += 1), NotSupply(SUPPLY + 1));
		assert_eq!(refused(|parts| parts[3].amount -= 1), NotSupply(SUPPLY - 1));
		assert_eq!(refused(|parts| parts[3].amount = Balance::MAX), NotSupply(Balance::MAX));
	}

	#[test]
	fn a_class_without_a_part_or_terms_is_refused() {
		for (i, class) in Class::ALL.into_iter().enumerate() {
			let missing = refused(|parts| {
				parts.remove(i);
			});
			assert_eq!(missing, AllocationError::Missing(class));
			assert_eq!(refused(|parts| parts[i].amount = 0), AllocationError::Empty(class));
			if !class.may_be_free() {
				let free = refused(|parts| parts[i].terms = None);
				assert_eq!(free, AllocationError::WithoutTerms(class));
				let circle = refused(|parts| parts[i].who = GRANTOR);
				assert_eq!(circle, AllocationError::ToGrantor(class));
			}
		}
	}

	#[test]
	fn terms_out_of_order_and_revokers_of_nothing_are_refused() {
		let bad = refused(|parts| parts[0].terms.as_mut().unwrap().period = 0);
		assert_eq!(bad, AllocationError::BadTerms(Class::Team, TermsError::PeriodOutside));
		let vain = refused(|parts| parts[6].revoker = Some(1));
		assert_eq!(vain, AllocationError::RevokesNothing(Class::RewardReserve));
	}
}
