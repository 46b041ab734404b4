//! The smallest and the largest amounts.

use super::*;
use crate::{Error, Holders, Members};
use frame_support::traits::{fungible::Mutate, tokens::Preservation};

/// Claims in any number of steps pay no more than was put in, whatever is left over in each division.
#[test]
fn rounding_mint() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 101);
		delegate_in(1, CAROL, ALICE, 13);
		delegate_in(1, DAVE, ALICE, 997);
		let before = [ALICE, CAROL, DAVE].map(free);
		for era in 2..80 {
			go_to_era(era + 1);
			assert_credit(ALICE, era, Balance::from(era % 7));
			for who in [CAROL, DAVE, ALICE] {
				let _ = RuntimeCall::Staking(Call::claim { pool: ALICE }).dispatch(signed(who));
			}
			Staking::do_try_state().unwrap();
		}
		let paid: Balance =
			[ALICE, CAROL, DAVE].map(free).iter().zip(before).map(|(a, b)| a - b).sum();
		let put: Balance = (2..80u32).map(|era| Balance::from(era % 7)).sum();
		assert!(paid <= put && paid + free(Staking::pot()) == put + 1);
		assert!(paid > put / 2, "what is left over is carried on: {paid} of {put}");
	});
}

/// There are no shares with a price: gifts to the pot or to an operator make nobody's stake smaller.
#[test]
fn share_price_inflation_by_the_first_depositor() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 100);
		go_to_era(3);
		assert_credit(ALICE, 2, 1 << 60);
		Balances::transfer(&RESERVE, &Staking::pot(), 1 << 60, Preservation::Preserve).unwrap();
		done(CAROL, Call::delegate { pool: ALICE, amount: 10 });
		assert_eq!((held(CAROL), active(CAROL, ALICE), reward(CAROL, ALICE)), (10, 10, 0));
		go_to_era(5);
		assert_credit(ALICE, 4, 11_000);
		assert!(reward(CAROL, ALICE).abs_diff(900) <= 1);
		done(CAROL, undelegate(10));
		go_to_era(9);
		done(CAROL, Call::withdraw { pool: ALICE });
		assert_eq!(held(CAROL), 0);
		assert!(free(CAROL).abs_diff(FUNDS + 900) <= 1);
		// Nor after everything was slashed away: who comes then is whole.
		slash(ALICE, 100, 9);
		done(DAVE, Call::delegate { pool: ALICE, amount: 10 });
		assert_eq!(active(DAVE, ALICE), 10);
	});
}

/// Nothing too small to be worth its storage stays, neither stake nor what is known of a holder.
#[test]
fn dust_account() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		bond_in(2, BOB, 100);
		refused(DAVE, Call::delegate { pool: ALICE, amount: 1 }, Error::<Test>::BelowMinimum);
		done(CAROL, Call::redelegate { from: ALICE, to: BOB, amount: 1_500 });
		done(CAROL, Call::set_private { private: true });
		// All but one planck is all.
		done(CAROL, undelegate(1_499));
		done(CAROL, Call::undelegate { pool: BOB, amount: 1_499 });
		assert_eq!((active(CAROL, ALICE), active(CAROL, BOB)), (0, 0));
		go_to_era(6);
		done(CAROL, Call::withdraw { pool: ALICE });
		done(CAROL, Call::withdraw { pool: BOB });
		assert_eq!((held(CAROL), free(CAROL)), (0, FUNDS));
		assert_eq!(Members::<Test>::iter_prefix(CAROL).count(), 0);
		assert!(!Holders::<Test>::contains_key(CAROL), "nobody pays for it");
	});
}

/// The largest amounts there can be overflow nothing: they are refused, or exact to the precision of a factor.
#[test]
fn extremes_of_a_balance() {
	ExtBuilder::new().build().execute_with(|| {
		let much = 1u128 << 126;
		for who in [ALICE, CAROL] {
			Balances::mint_into(&who, much).unwrap();
		}
		let issuance = Balances::total_issuance();
		bond_in(1, ALICE, much);
		delegate_in(1, CAROL, ALICE, much);
		go_to_era(3);
		assert_credit(ALICE, 2, 1 << 99);
		for amount in [Balance::MAX, Balance::MAX - 2 * much, Balance::MAX - 2 * much + 1] {
			let call = RuntimeCall::Staking(Call::delegate { pool: ALICE, amount });
			assert!(call.dispatch(signed(DAVE)).is_err());
		}
		refused(CAROL, undelegate(Balance::MAX), Error::<Test>::NotEnough);
		slash(ALICE, 50, 2);
		assert_eq!(pool(ALICE).unwrap().own, much / 2);
		settle_own(ALICE);
		assert_eq!((held(ALICE), active(CAROL, ALICE)), (much / 2, much / 2));
		Staking::slash(&ALICE, Perbill::from_parts(1), 2);
		done(CAROL, Call::settle { holder: CAROL, pool: ALICE });
		let left = much / 2 / 1_000_000_000 * 999_999_999;
		assert!(held(CAROL) >= left - (1 << 30) && held(CAROL) <= left + (1 << 30));
		settle_own(ALICE);
		done(ALICE, Call::claim { pool: ALICE });
		assert!(free(Staking::pot()) < 1 << 64);
		done(ALICE, Call::retire {});
		go_to_era(7);
		for who in [ALICE, CAROL] {
			done(who, Call::withdraw { pool: ALICE });
			assert_eq!(held(who), 0);
		}
		assert_eq!(Balances::total_issuance(), issuance);
		Staking::do_try_state().unwrap();
	});
}

/// The pot pays out all that it owes and stays alive by its own deposit, on which nobody has a claim.
#[test]
fn existential_deposit_of_the_pot() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		done(CAROL, Call::claim { pool: ALICE });
		done(ALICE, Call::claim { pool: ALICE });
		assert_eq!(free(Staking::pot()), 1);
		refused(CAROL, Call::claim { pool: ALICE }, Error::<Test>::NothingToClaim);
	});
}

/// An account whose every planck but one is lost lives on.
#[test]
fn existential_deposit_of_an_account_that_loses_all() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, FUNDS - 1);
		delegate_in(1, CAROL, ALICE, FUNDS - 1);
		go_to_era(2);
		slash(ALICE, 100, 2);
		settle_own(ALICE);
		done(DAVE, Call::settle { holder: CAROL, pool: ALICE });
		assert_eq!((held(ALICE), free(ALICE), held(CAROL), free(CAROL)), (0, 1, 0, 1));
		assert_eq!(pool(ALICE).unwrap().members, 0);
		done(DAVE, Call::kick { holder: ALICE, pool: ALICE });
		go_to_era(4);
		done(DAVE, Call::kick { holder: ALICE, pool: ALICE });
		assert_eq!(pool(ALICE), None);
	});
}
