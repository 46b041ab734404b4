//! Stake that is locked elsewhere at the same time: as vesting and votes lock it.
//!
//! A lock and a freeze are of the total balance, what is held for stake among it, so the same tokens can be vesting, at stake, and vote.
//! The stock pallet Conviction Voting takes a vote of up to `Currency::total_balance` and locks that amount.

use dtel_primitives::{clock::EraClock, Balance, DTEL};
use dtel_runtime::{
	genesis_presets, setup, AccountId, Balances, Runtime, RuntimeGenesisConfig, RuntimeOrigin,
	Staking, System,
};
use dtel_traits::StakeLedger;
use frame_support::{
	assert_noop, assert_ok,
	traits::{
		fungible::{Inspect, InspectHold, Mutate},
		tokens::{Fortitude, Preservation},
		Currency, Get, LockableCurrency, TryState, TryStateSelect, WithdrawReasons,
	},
};
use pallet_dtel_staking::HoldReason;
use sp_runtime::{BuildStorage, Perbill, TokenError};

const OPERATOR: AccountId = AccountId::new([1; 32]);
const HOLDER: AccountId = AccountId::new([2; 32]);
const OTHER: AccountId = AccountId::new([3; 32]);
const FUNDS: Balance = 100_000 * DTEL;
const STAKE: Balance = 60_000 * DTEL;
/// As the pallets of the same names call their locks.
const VESTING: [u8; 8] = *b"vesting ";
const VOTING: [u8; 8] = *b"pyconvot";

/// An operator and a holder that delegated to it in era 0, each with a lock for vesting on nearly everything before that; in era 1.
fn vesting() -> sp_io::TestExternalities {
	let preset = genesis_presets::get_preset(&"local".into()).expect("exists");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
	merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
	let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
	let mut ext: sp_io::TestExternalities = genesis.build_storage().expect("builds").into();
	ext.execute_with(|| {
		System::set_block_number(1);
		for who in [OPERATOR, HOLDER] {
			Balances::set_balance(&who, FUNDS);
			let reasons = WithdrawReasons::except(WithdrawReasons::RESERVE);
			Balances::set_lock(VESTING, &who, 90_000 * DTEL, reasons);
			assert_eq!(spendable(&who), 10_000 * DTEL);
		}
		assert_ok!(Staking::bond(signed(OPERATOR), STAKE, Default::default()));
		assert_ok!(Staking::delegate(signed(HOLDER), OPERATOR, STAKE));
		go_to_era(1);
	});
	ext
}

fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
	match (base, patch) {
		(serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(serde_json::Value::Null), value);
			}
		}
		(base, patch) => *base = patch,
	}
}

fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

fn go_to_era(era: u32) {
	let clock = <setup::Clock<Runtime> as Get<EraClock>>::get();
	System::set_block_number(clock.first_block(era));
}

/// What an account can send away and still exist.
fn spendable(who: &AccountId) -> Balance {
	Balances::reducible_balance(who, Preservation::Preserve, Fortitude::Polite)
}

fn held(who: &AccountId) -> Balance {
	Balances::balance_on_hold(&HoldReason::Stake.into(), who)
}

/// What Conviction Voting asks, and what it does then.
fn vote(who: &AccountId, amount: Balance) -> bool {
	let can = amount <= <Balances as Currency<AccountId>>::total_balance(who);
	if can {
		let reasons = WithdrawReasons::except(WithdrawReasons::RESERVE);
		Balances::extend_lock(VOTING, who, amount, reasons);
	}
	can
}

fn check() {
	assert_ok!(<Staking as TryState<u32>>::try_state(1, TryStateSelect::All));
}

#[test]
fn vesting_tokens_are_staked_and_vote() {
	vesting().execute_with(|| {
		for who in [OPERATOR, HOLDER] {
			assert_eq!(held(&who), STAKE);
			// The lock was moved onto what is held first: nothing else became bound.
			assert_eq!(spendable(&who), 10_000 * DTEL);
			assert!(!vote(&who, FUNDS + 1));
			assert!(vote(&who, FUNDS), "what is at stake votes, too");
			// Locked twice, bound once: all of it.
			assert_eq!((held(&who), spendable(&who)), (STAKE, 0));
			let sent = Balances::transfer_allow_death(signed(who), OTHER.into(), DTEL);
			assert_eq!(sent, Err(TokenError::Frozen.into()));
		}
		assert_eq!(Staking::active(&OPERATOR, 1), 2 * STAKE);
		check();
	});
}

#[test]
fn a_stake_that_votes_can_still_be_added_to_and_taken_out() {
	vesting().execute_with(|| {
		assert!(vote(&HOLDER, FUNDS));
		// Nothing is spendable, yet what is not held already can be staked.
		let more = 30_000 * DTEL;
		assert_ok!(Staking::delegate_extra(signed(HOLDER), OPERATOR, more));
		assert_eq!(held(&HOLDER), STAKE + more);
		assert_ok!(Staking::undelegate(signed(HOLDER), OPERATOR, STAKE + more));
		go_to_era(9);
		assert_ok!(Staking::withdraw(signed(HOLDER), OPERATOR));
		// Free of the stake, not of the locks.
		assert_eq!((held(&HOLDER), Balances::free_balance(&HOLDER)), (0, FUNDS));
		assert_eq!(spendable(&HOLDER), 0);
		Balances::remove_lock(VOTING, &HOLDER);
		assert_eq!(spendable(&HOLDER), 10_000 * DTEL);
		check();
	});
}

#[test]
fn locked_stake_is_slashed_in_full() {
	vesting().execute_with(|| {
		assert!(vote(&OPERATOR, FUNDS) && vote(&HOLDER, FUNDS));
		let (treasury, issuance) = (treasury(), Balances::total_issuance());
		assert_eq!(Staking::slash(&OPERATOR, Perbill::from_percent(50), 1), STAKE);
		for who in [OPERATOR, HOLDER] {
			assert_ok!(Staking::settle(signed(OTHER), who.clone(), OPERATOR));
			assert_eq!(held(&who), STAKE / 2);
			let total = <Balances as Inspect<AccountId>>::total_balance(&who);
			assert_eq!(total, FUNDS - STAKE / 2);
			// The locks stay, and are of more than there is.
			assert_eq!(Balances::locks(&who).len(), 2);
			assert_eq!(spendable(&who), 0);
			// A new vote is of what is left.
			assert!(!vote(&who, total + 1) && vote(&who, total));
		}
		assert_eq!(self::treasury() - treasury, STAKE);
		assert_eq!(Balances::total_issuance(), issuance);

		// All of it, though nothing can be spent.
		assert_eq!(Staking::slash(&OPERATOR, Perbill::one(), 1), STAKE);
		assert_ok!(Staking::settle(signed(OTHER), OPERATOR, OPERATOR));
		assert_eq!(held(&OPERATOR), 0);
		assert_noop!(
			Balances::transfer_allow_death(signed(OPERATOR), OTHER.into(), DTEL),
			TokenError::Frozen
		);
		check();
	});
}

fn treasury() -> Balance {
	Balances::free_balance(<dtel_runtime::configs::fees::Treasury as Get<AccountId>>::get())
}
