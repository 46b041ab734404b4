//! `claim`, `claim_for`, `compound`, `set_compounding`, `set_private`.

use super::*;
use crate::{Error, Event};

#[test]
fn pays_what_was_earned_when_claimed() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		done(CAROL, Call::claim { pool: ALICE });
		assert_eq!(
			only_event(),
			Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: false }
		);
		assert_eq!((held(CAROL), free(CAROL)), (3_000, FUNDS - 3_000 + 6_750));
		done(ALICE, Call::claim { pool: ALICE });
		assert_eq!(
			events(),
			vec![
				Event::Claimed { who: ALICE, pool: ALICE, amount: 2_250, compounded: false },
				Event::CommissionClaimed { who: ALICE, amount: 1_000 },
			]
		);
		assert_eq!((held(ALICE), free(ALICE)), (1_000, FUNDS - 1_000 + 3_250));
		assert_eq!(free(Staking::pot()), 1);
	});
}

#[test]
fn pays_the_holder_when_anybody_claims_for_it() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		done(DAVE, Call::claim_for { holder: CAROL, pool: ALICE });
		assert_eq!(
			only_event(),
			Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: false }
		);
		assert_eq!((free(CAROL), free(DAVE)), (FUNDS - 3_000 + 6_750, FUNDS));
		done(DAVE, Call::claim_for { holder: ALICE, pool: ALICE });
		assert_eq!(free(ALICE), FUNDS - 1_000 + 3_250);
	});
}

#[test]
fn fails_when_nothing_is_to_be_claimed() {
	ExtBuilder::new().build_and_execute(|| {
		let both = |error: Error<Test>| {
			refused(CAROL, Call::claim { pool: ALICE }, error);
		};
		both(Error::NoStake);
		let call = || Call::claim_for { holder: CAROL, pool: ALICE };
		refused(DAVE, call(), Error::<Test>::NoStake);
		// An operator that is none.
		refused(ALICE, Call::claim { pool: ALICE }, Error::<Test>::NoStake);
		two();
		both(Error::NothingToClaim);
		refused(DAVE, call(), Error::<Test>::NothingToClaim);
		refused(ALICE, Call::claim { pool: ALICE }, Error::<Test>::NothingToClaim);
		refused(DAVE, Call::claim { pool: ALICE }, Error::<Test>::NoStake);
	});
}

#[test]
fn claim_for_fails_when_the_holder_is_private() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::set_private { private: true });
		assert_eq!(only_event(), Event::PrivateSet { who: CAROL, private: true });
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		let call = || Call::claim_for { holder: CAROL, pool: ALICE };
		refused(DAVE, call(), Error::<Test>::Private);
		refused(CAROL, call(), Error::<Test>::Private);
		done(CAROL, Call::claim { pool: ALICE });
		assert_eq!(free(CAROL), FUNDS - 3_000 + 6_750);
		done(CAROL, Call::set_private { private: false });
		assert_eq!(only_event(), Event::PrivateSet { who: CAROL, private: false });
		refused(DAVE, call(), Error::<Test>::NothingToClaim);
	});
}

#[test]
fn set_private_fails_when_nothing_is_at_stake() {
	ExtBuilder::new().build_and_execute(|| {
		refused(CAROL, Call::set_private { private: true }, Error::<Test>::NoStake);
		refused(CAROL, Call::set_private { private: false }, Error::<Test>::NoStake);
	});
}

#[test]
fn becomes_stake_when_compounding() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
		assert_eq!(
			only_event(),
			Event::CompoundingSet { who: CAROL, pool: ALICE, compounds: true }
		);
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		// Nobody pays what is to become stake to somebody else; the holder itself may have it paid.
		let call = Call::claim_for { holder: CAROL, pool: ALICE };
		refused(DAVE, call, Error::<Test>::Compounds);
		done(DAVE, Call::compound { holder: CAROL, pool: ALICE });
		assert_eq!(
			only_event(),
			Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: true }
		);
		assert_eq!((held(CAROL), free(CAROL)), (9_750, FUNDS - 3_000));
		// It counts as what is delegated.
		assert_eq!((Staking::active(&ALICE, 3), Staking::active(&ALICE, 4)), (4_000, 10_750));
		// What an operator earns does so, too; its commission never does.
		done(ALICE, Call::set_compounding { pool: ALICE, compounds: true });
		assert_eq!(
			events(),
			vec![
				Event::Claimed { who: ALICE, pool: ALICE, amount: 2_250, compounded: true },
				Event::CompoundingSet { who: ALICE, pool: ALICE, compounds: true },
			]
		);
		done(ALICE, Call::claim { pool: ALICE });
		assert_eq!(only_event(), Event::CommissionClaimed { who: ALICE, amount: 1_000 });
		assert_eq!((held(ALICE), free(ALICE)), (3_250, FUNDS - 1_000 + 1_000));
		assert_eq!(pool(ALICE).unwrap().own, 3_250);
	});
}

#[test]
fn stays_in_the_account_when_the_position_has_no_room() {
	ExtBuilder::new().build_and_execute(|| {
		UnbondingEras::set(30);
		bond_in(1, ALICE, 1_000);
		// 28 entries that an offence can tell apart, and 4 that are leaving.
		for era in 6..=33 {
			delegate_in(era, CAROL, ALICE, 10);
			if era >= 30 {
				done(CAROL, Call::undelegate { pool: ALICE, amount: 3 });
			}
		}
		go_to_era(34);
		assert_credit(ALICE, 33, 10_000);
		assert_eq!(position(CAROL, ALICE).unwrap().entries.len(), 32);
		let (before, reward) = (free(CAROL), position(CAROL, ALICE).unwrap().reward);
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
		assert!(reward > 0);
		assert_eq!(
			events()[0],
			Event::Claimed { who: CAROL, pool: ALICE, amount: reward, compounded: false }
		);
		assert_eq!((held(CAROL), free(CAROL)), (280, before + reward));
	});
}

#[test]
fn is_paid_when_the_holder_claims_what_compounds() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		done(CAROL, Call::claim { pool: ALICE });
		assert_eq!(
			only_event(),
			Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: false }
		);
		assert_eq!((held(CAROL), free(CAROL)), (3_000, FUNDS - 3_000 + 6_750));
		let call = || Call::compound { holder: CAROL, pool: ALICE };
		refused(CAROL, call(), Error::<Test>::NothingToClaim);
	});
}

#[test]
fn compound_fails_when_the_holder_wants_none_or_nothing_is_there() {
	ExtBuilder::new().build_and_execute(|| {
		let call = || Call::compound { holder: CAROL, pool: ALICE };
		refused(DAVE, call(), Error::<Test>::NoStake);
		two();
		refused(DAVE, call(), Error::<Test>::NotCompounding);
		refused(CAROL, call(), Error::<Test>::NotCompounding);
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
		refused(DAVE, call(), Error::<Test>::NothingToClaim);
		done(CAROL, Call::set_private { private: true });
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		refused(DAVE, call(), Error::<Test>::Private);
		done(CAROL, call());
		assert_eq!((held(CAROL), free(CAROL)), (9_750, FUNDS - 3_000));
		go_to_era(4);
		assert_credit(ALICE, 3, 10_000);
		// Who takes everything out wants nothing put in.
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: false });
		done(CAROL, Call::undelegate { pool: ALICE, amount: 9_750 });
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
		go_to_era(5);
		refused(CAROL, call(), Error::<Test>::NotCompounding);
		done(ALICE, Call::retire {});
		refused(CAROL, call(), Error::<Test>::PoolClosed);
	});
}

#[test]
fn compound_fails_when_the_position_has_no_room() {
	ExtBuilder::new().build_and_execute(|| {
		UnbondingEras::set(30);
		bond_in(1, ALICE, 1_000);
		for era in 6..=33 {
			delegate_in(era, CAROL, ALICE, 10);
			if era >= 30 {
				done(CAROL, Call::undelegate { pool: ALICE, amount: 3 });
			}
		}
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
		go_to_era(34);
		assert_credit(ALICE, 33, 10_000);
		let call = Call::compound { holder: CAROL, pool: ALICE };
		refused(DAVE, call, Error::<Test>::TooManyEntries);
	});
}

/// What was earned does not depend on when it is paid, only on when what was taken is noticed.
#[test]
fn claims_wait_for_slashes_to_be_settled() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		slash(ALICE, 10, 3);
		assert!(position(CAROL, ALICE).unwrap().unsettled);
		let claim = || Call::claim { pool: ALICE };
		refused(CAROL, claim(), Error::<Test>::SettleFirst);
		let call = Call::claim_for { holder: CAROL, pool: ALICE };
		refused(DAVE, call, Error::<Test>::SettleFirst);
		// The operator is no other.
		refused(ALICE, claim(), Error::<Test>::SettleFirst);
		settle_own(ALICE);
		let paid = Event::Claimed { who: ALICE, pool: ALICE, amount: 2_250, compounded: false };
		assert_eq!(events()[1..], [paid]);
		assert!(!position(ALICE, ALICE).unwrap().unsettled);
		done(ALICE, claim());
		assert_eq!(only_event(), Event::CommissionClaimed { who: ALICE, amount: 1_000 });
		// Settling pays, too.
		done(DAVE, Call::settle { holder: CAROL, pool: ALICE });
		assert_eq!(
			events(),
			vec![
				Event::Settled { who: CAROL, pool: ALICE, amount: 300 },
				Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: false },
			]
		);
		refused(CAROL, claim(), Error::<Test>::NothingToClaim);
	});
}

/// A slash of an era before it joined takes nothing of a position; all the same it is to be settled, and can be.
#[test]
fn claims_wait_for_slashes_that_take_nothing() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		delegate_in(3, DAVE, ALICE, 1_000);
		go_to_era(5);
		// A fifth of nine tenths, and a planck is carried.
		assert_credit(ALICE, 4, 10_000);
		slash(ALICE, 10, 3);
		refused(DAVE, Call::claim { pool: ALICE }, Error::<Test>::SettleFirst);
		done(BOB, Call::settle { holder: DAVE, pool: ALICE });
		assert_eq!(held(DAVE), 1_000);
		assert_eq!(
			only_event(),
			Event::Claimed { who: DAVE, pool: ALICE, amount: 1_799, compounded: false }
		);
		go_to_era(6);
		assert_credit(ALICE, 5, 10_000);
		done(DAVE, Call::claim { pool: ALICE });
	});
}

/// Stake that was moved may have been slashed where it was: who claims is not paid for it again and again.
#[test]
fn claims_wait_while_moved_stake_answers_where_it_was() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		bond_in(2, BOB, 1_000);
		go_to_era(3);
		done(CAROL, Call::redelegate { from: ALICE, to: BOB, amount: 1_000 });
		go_to_era(5);
		assert_credit(BOB, 4, 2_000);
		// A half of nine tenths, and a planck is carried.
		slash(ALICE, 100, 3);
		let claim = || Call::claim { pool: BOB };
		refused(CAROL, claim(), Error::<Test>::SettleFirst);
		done(DAVE, Call::settle { holder: CAROL, pool: BOB });
		assert_eq!(
			events(),
			vec![
				Event::Settled { who: CAROL, pool: BOB, amount: 1_000 },
				Event::Claimed { who: CAROL, pool: BOB, amount: 899, compounded: false },
			]
		);
		// What was not moved, and what answers nowhere else any more, is paid as ever.
		delegate_in(5, CAROL, BOB, 1_000);
		go_to_era(7);
		assert_credit(BOB, 6, 2_000);
		done(CAROL, claim());
		assert_eq!(
			only_event(),
			Event::Claimed { who: CAROL, pool: BOB, amount: 899, compounded: false }
		);
	});
}

#[test]
fn a_compounding_holder_of_a_closed_pool_is_paid_by_anybody() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		done(ALICE, Call::retire {});
		done(DAVE, Call::claim_for { holder: CAROL, pool: ALICE });
		assert_eq!(
			only_event(),
			Event::Claimed { who: CAROL, pool: ALICE, amount: 6_750, compounded: false }
		);
	});
}

#[test]
fn set_compounding_fails_when_nothing_is_at_stake() {
	ExtBuilder::new().build_and_execute(|| {
		let call = || Call::set_compounding { pool: ALICE, compounds: true };
		refused(CAROL, call(), Error::<Test>::NoStake);
		two();
		refused(DAVE, call(), Error::<Test>::NoStake);
	});
}

/// What is promised about a commission holds for the era that is paid, whenever that is.
#[test]
fn the_era_decides_about_the_commission_when_it_is_paid_later() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(ALICE, Call::set_commission { rate: commission(0, 0, 0).rate });
		go_to_era(5);
		assert_credit(ALICE, 2, 10_000);
		assert_eq!(pool(ALICE).unwrap().unclaimed, 1_000);
		assert_credit(ALICE, 3, 10_000);
		assert_eq!(pool(ALICE).unwrap().unclaimed, 1_000);
	});
}

/// Commission is the operator's, also when nothing of its own is left in the pool.
#[test]
fn commission_is_paid_when_the_operators_position_is_gone() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(3);
		assert_credit(ALICE, 2, 10_000);
		assert_eq!(slash(ALICE, 100, 2), 4_000);
		settle_own(ALICE);
		assert_eq!((held(ALICE), position(ALICE, ALICE)), (0, None));
		assert_eq!(free(ALICE), FUNDS - 1_000 + 2_250);
		done(ALICE, Call::claim { pool: ALICE });
		assert_eq!(only_event(), Event::CommissionClaimed { who: ALICE, amount: 1_000 });
		assert_eq!(free(ALICE), FUNDS - 1_000 + 3_250);
		refused(ALICE, Call::claim { pool: ALICE }, Error::<Test>::NothingToClaim);
	});
}
