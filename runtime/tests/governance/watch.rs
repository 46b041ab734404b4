//! What no call may change, and who lost something.

use crate::world::*;
use codec::Encode;
use dtel_primitives::{clock::EraClock, Balance};
use dtel_runtime::{setup, AccountId, Balances, Runtime, Staking, System};
use dtel_traits::StakeLedger;
use frame_support::traits::{fungible::InspectHold, Get};
use std::collections::BTreeMap;

/// What an account has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Funds {
	pub total: Balance,
	pub reserved: Balance,
	pub stake: Balance,
	/// Stake with it that counts as an operator's.
	pub active: Balance,
}

/// A picture of the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
	pub issued: Balance,
	pub funds: BTreeMap<AccountId, Funds>,
	/// The runtime's code and what decides about it, genesis' parameters, who validates and who is in the committee.
	fixed: Vec<Option<Vec<u8>>>,
}

fn funds(who: &AccountId, era: u32) -> Funds {
	let account = System::account(who).data;
	let held = account.reserved > 0;
	let stake = pallet_dtel_staking::HoldReason::Stake.into();
	Funds {
		total: account.free + account.reserved,
		reserved: account.reserved,
		stake: if held { Balances::balance_on_hold(&stake, who) } else { 0 },
		active: if held { <Staking as StakeLedger<AccountId>>::active(who, era) } else { 0 },
	}
}

/// The running era.
fn era() -> u32 {
	<setup::Clock<Runtime> as Get<EraClock>>::get().era_of(now())
}

fn fixed() -> Vec<Option<Vec<u8>>> {
	use pallet_collective::{Members, Prime};
	type Committee = dtel_runtime::governance::Technical;
	vec![
		sp_io::storage::get(sp_core::storage::well_known_keys::CODE).map(|code| code.to_vec()),
		sp_io::storage::get(sp_core::storage::well_known_keys::HEAP_PAGES).map(|n| n.to_vec()),
		Some(System::authorized_upgrade().is_some().encode()),
		Some(setup::Chosen::<Runtime>::get().encode()),
		Some(setup::Validators::<Runtime>::get().encode()),
		Some(pallet_session::Validators::<Runtime>::get().encode()),
		Some(Members::<Runtime, Committee>::get().encode()),
		Some(Prime::<Runtime, Committee>::get().encode()),
	]
}

impl Picture {
	/// Of all accounts that there are.
	pub fn take() -> Self {
		let accounts = frame_system::Account::<Runtime>::iter_keys().collect::<Vec<_>>();
		Self::of(accounts.iter())
	}

	/// Of the same accounts again.
	pub fn again(&self) -> Self {
		Self::of(self.funds.keys())
	}

	fn of<'a>(accounts: impl Iterator<Item = &'a AccountId>) -> Self {
		let era = era();
		Self {
			issued: Balances::total_issuance(),
			funds: accounts.map(|who| (who.clone(), funds(who, era))).collect(),
			fixed: fixed(),
		}
	}

	/// Whether code, committee and the rest are as before.
	#[track_caller]
	pub fn assert_fixed(&self, after: &Self, what: &dyn Fn() -> String) {
		assert!(self.fixed == after.fixed, "changed what no call may: {}", what());
	}

	/// Who has less, and what each had and has.
	pub fn losses(&self, after: &Self) -> Vec<(AccountId, Funds, Funds)> {
		let both = self.funds.iter().zip(after.funds.values());
		let lost = both.filter(|((_, before), after)| {
			after.total < before.total || after.stake < before.stake || after.active < before.active
		});
		lost.map(|((who, before), after)| (who.clone(), *before, *after)).collect()
	}

	/// How much more an account has.
	pub fn gain(&self, after: &Self, who: &AccountId) -> Balance {
		after.funds[who].total.saturating_sub(self.funds[who].total)
	}
}
