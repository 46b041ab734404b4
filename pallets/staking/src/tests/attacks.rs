//! Known ways to cheat a ledger of stake, each named.

use super::*;
use crate::mock::*;
use dtel_traits::StakeLedger;

/// Stake that arrives just before a snapshot is taken must not be in it.
#[test]
fn just_in_time_stake_does_not_count() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 100);
		go_to_era(4);
		System::set_block_number(149);
		assert_ok!(Staking::bond_extra(signed(ALICE), 9_000));
		assert_eq!(Staking::active(&ALICE, 4), 100);
	});
}

/// Nor must stake that is kept in the queue and rebonded just in time.
#[test]
fn just_in_time_rebonding_does_not_count() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 9_000);
		unbond_in(1, ALICE, 8_900);
		go_to_era(4);
		assert_ok!(Staking::rebond(signed(ALICE), 8_900));
		assert_eq!(Staking::active(&ALICE, 4), 100);
		// Shuffling it through the queue again in the same era makes no stake count.
		assert_ok!(Staking::unbond(signed(ALICE), 8_900));
		assert_ok!(Staking::rebond(signed(ALICE), 8_900));
		assert_eq!(Staking::active(&ALICE, 4), 100);
	});
}

/// Who unbonds right after the snapshot is still a member in the next era, with all its stake.
#[test]
fn slash_is_not_evaded_by_unbonding_after_the_snapshot() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(3, ALICE, 1_000);
		go_to_era(4);
		assert_eq!(Staking::slash(&ALICE, percent(10), 4), 100);
	});
}

/// Nor by unbonding after the offence, in that era or in the next.
#[test]
fn slash_is_not_evaded_by_unbonding_after_the_offence() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(3, ALICE, 500);
		unbond_in(4, ALICE, 500);
		go_to_era(5);
		assert_eq!(Staking::slash(&ALICE, percent(10), 3), 100);
	});
}

/// Nor by rebonding what is being unbonded, nor by bonding on top, nor by both and leaving again.
#[test]
fn slash_is_not_evaded_by_moving_stake_about() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(3, ALICE, 600);
		bond_in(4, ALICE, 2_000);
		assert_ok!(Staking::rebond(signed(ALICE), 300));
		unbond_in(5, ALICE, 2_700);
		assert_eq!(Staking::ledger(&ALICE).unwrap().answerable(3), 1_000);
		assert_eq!(Staking::slash(&ALICE, percent(100), 3), 1_000);
		assert_eq!(held(ALICE), 2_000);
	});
}

/// Stake that can be withdrawn answers for nothing that can still be punished, so that withdrawing
/// first gains nothing.
#[test]
fn slash_is_not_evaded_by_withdrawing() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 1_000);
		unbond_in(3, ALICE, 1_000);
		// Era 4 is the last one that it answers for.
		for (now, era) in [(4, 4), (5, 4), (6, 4)] {
			go_to_era(now);
			assert!(Staking::is_slashable(era));
			assert_eq!(Staking::ledger(&ALICE).unwrap().answerable(era), 1_000);
		}
		go_to_era(7);
		assert!(!Staking::is_slashable(4));
		assert_ok!(Staking::withdraw(signed(ALICE)));
	});
}

/// An exit needs nobody and nothing but the ledger's own storage, at any stake and any queue.
#[test]
fn a_dust_ledger_is_never_stuck() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, 100);
		go_to_era(1);
		// 99.99 % of it.
		assert_eq!(Staking::slash(&ALICE, Perbill::from_parts(999_900_000), 1), 99);
		assert_eq!(ledger(ALICE), Some((1, vec![])));
		assert_eq!(Staking::slash(&ALICE, Perbill::from_parts(999_900_000), 1), 0);
		unbond_in(1, ALICE, 1);
		go_to_era(5);
		assert_ok!(Staking::withdraw(signed(ALICE)));
		assert_eq!(ledger(ALICE), None);
		assert_eq!(Balances::free_balance(ALICE), FUNDS - 99);
	});
}

/// Everything an account has may be at stake: its last planck is the existential deposit's.
#[test]
fn an_account_survives_the_loss_of_all_its_stake() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(0, ALICE, FUNDS - 1);
		go_to_era(1);
		assert_eq!(Staking::slash(&ALICE, percent(100), 1), FUNDS - 1);
		assert_eq!(Balances::free_balance(ALICE), 1);
	});
}
