//! The preset of a launch: production's periods, and the supply in the usual classes, most of it vesting.
//!
//! A template: whoever launches a chain replaces accounts and keys, which here are those of well-known seeds, and the
//! shares. What stays is the check: each class has a part, every part that is somebody's has terms, and together they are the
//! supply to the planck, or there is no such genesis.

use super::{account, RESERVE, SUPPLY};
use crate::{
	configs::{
		fees::{ExistentialDeposit, Treasury},
		quality::RewardsId,
	},
	AccountId, Balance, Staking, DTEL,
};
use alloc::{vec, vec::Vec};
use dtel_primitives::{vesting::Terms, BasisPoints, BlockNumber};
use frame_support::traits::Get;
use pallet_dtel_vesting::classes::{balances, check, grants, Allocation, AllocationError, Class};
use pallet_dtel_vesting::GenesisGrant;
use sp_runtime::traits::AccountIdConversion;

/// Blocks in a month of production's six seconds: a twelfth of 365.25 days.
const MONTH: BlockNumber = 438_300;
/// What each validator of genesis has at once, to pay fees with.
const FOUNDER: Balance = 10_000 * DTEL;

/// Terms from genesis on: a part at the start, nothing before the cliff, the rest month by month.
fn terms(at_start: u32, cliff_months: u32, months: u32) -> Option<Terms> {
	Some(Terms {
		start: 0,
		cliff: cliff_months.saturating_mul(MONTH),
		end: months.saturating_mul(MONTH),
		at_start: BasisPoints::saturating(at_start),
		period: MONTH,
	})
}

/// Who gets what.
pub fn allocations(founders: &[AccountId]) -> Vec<Allocation<AccountId>> {
	let part = |class, who, amount, terms| Allocation { class, who, amount, terms, revoker: None };
	let deposit = <ExistentialDeposit as Get<Balance>>::get();
	let founded = FOUNDER.saturating_mul(founders.len() as Balance);
	let mut all = vec![
		Allocation {
			class: Class::Team,
			who: account("Team"),
			amount: 150_000_000 * DTEL,
			terms: terms(0, 12, 48),
			// Who leaves in the first years leaves what has not vested.
			revoker: Some(account("Foundation")),
		},
		part(Class::Advisors, account("Advisors"), 30_000_000 * DTEL, terms(0, 6, 24)),
		part(Class::Private, account("Private"), 100_000_000 * DTEL, terms(1_000, 6, 24)),
		part(Class::Public, account("Public"), 50_000_000 * DTEL, terms(2_500, 0, 12)),
		part(
			Class::Community,
			account("Community"),
			(100_000_000 * DTEL).saturating_sub(founded),
			terms(500, 0, 48),
		),
		part(Class::Treasury, Treasury::get(), (170_000_000 * DTEL).saturating_sub(deposit), None),
		// What the pot of stakers' rewards must keep beside what lies in it.
		part(Class::Treasury, Staking::pot(), deposit, None),
		part(Class::RewardReserve, RewardsId::get().into_account_truncating(), RESERVE, None),
	];
	all.extend(
		founders
			.iter()
			.map(|who| part(Class::Community, who.clone(), FOUNDER, terms(10_000, 0, 1))),
	);
	all
}

/// Balances and grants, if they are the supply.
#[allow(clippy::type_complexity)]
pub fn supply(
	founders: &[AccountId],
) -> Result<(Vec<(AccountId, Balance)>, Vec<GenesisGrant<AccountId>>), AllocationError> {
	let all = allocations(founders);
	let treasury = Treasury::get();
	check(&all, SUPPLY, &treasury)?;
	Ok((balances(&all), grants(&all, &treasury)))
}
