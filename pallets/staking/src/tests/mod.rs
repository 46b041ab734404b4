//! Tests: a file for each call, for what other pallets ask, and for the invariants.

mod active;
mod attacks;
mod bond;
mod bond_extra;
mod invariants;
mod rebond;
mod slash;
mod tripwires;
mod try_state;
mod unbond;
mod withdraw;

use crate::mock::{go_to_era, AccountId, RuntimeOrigin, Staking};
use dtel_primitives::{Balance, EraIndex};
use frame_support::assert_ok;
use sp_runtime::Perbill;

fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Bonds in an era and stays in it.
fn bond_in(era: EraIndex, who: AccountId, amount: Balance) {
	go_to_era(era);
	if Staking::ledger(&who).is_some() {
		assert_ok!(Staking::bond_extra(signed(who), amount));
	} else {
		assert_ok!(Staking::bond(signed(who), amount));
	}
}

/// Unbonds in an era and stays in it.
fn unbond_in(era: EraIndex, who: AccountId, amount: Balance) {
	go_to_era(era);
	assert_ok!(Staking::unbond(signed(who), amount));
}

fn percent(n: u32) -> Perbill {
	Perbill::from_percent(n)
}

/// Bonded stake and chunks `(era, amount)`.
fn ledger(who: AccountId) -> Option<(Balance, Vec<(EraIndex, Balance)>)> {
	let ledger = Staking::ledger(&who)?;
	Some((ledger.bonded(), ledger.chunks().iter().map(|c| (c.era, c.amount)).collect()))
}
