//! Funds that are another's are put at no new stake.

use super::*;
use crate::Error;

fn promise(who: AccountId, amount: Balance) {
	Others::mutate(|all| all.insert(who, amount));
}

#[test]
fn new_stake_fails_when_less_than_what_is_promised_would_stay_free() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		for (who, promised) in [(ALICE, 8_000), (BOB, 9_000), (CAROL, 6_500), (DAVE, 9_900)] {
			promise(who, promised);
		}
		let bond = |amount| Call::bond { amount, commission: commission(10, 20, 1) };
		let delegate = |amount| Call::delegate { pool: ALICE, amount };
		let more = |amount| Call::delegate_extra { pool: ALICE, amount };
		let own = |amount| Call::bond_extra { amount };
		for (who, call) in
			[(BOB, bond(1_001)), (DAVE, delegate(101)), (CAROL, more(501)), (ALICE, own(1_001))]
		{
			refused(who, call, Error::<Test>::Promised);
		}
		for (who, call) in
			[(BOB, bond(1_000)), (DAVE, delegate(100)), (CAROL, more(500)), (ALICE, own(1_000))]
		{
			done(who, call);
		}
		assert_eq!([BOB, DAVE, CAROL, ALICE].map(free), [9_000, 9_900, 6_500, 8_000]);
	});
}

#[test]
fn rebond_fails_until_what_is_promised_is_free() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::undelegate { pool: ALICE, amount: 1_000 });
		promise(CAROL, 7_001);
		let back = || Call::rebond { pool: ALICE, amount: 100 };
		refused(CAROL, back(), Error::<Test>::Promised);
		// It leaves, and can be moved meanwhile; nothing stops an exit.
		done(CAROL, Call::undelegate { pool: ALICE, amount: 500 });
		promise(CAROL, 7_000);
		done(CAROL, back());
	});
}

#[test]
fn a_reward_is_paid_and_not_made_stake_when_less_is_free_than_promised() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
		go_to_era(3);
		assert_credit(ALICE, 2, 4_000);
		promise(CAROL, 7_001);
		refused(DAVE, Call::compound { holder: CAROL, pool: ALICE }, Error::<Test>::Promised);
		// Touched for another reason: paid, and free.
		done(CAROL, Call::undelegate { pool: ALICE, amount: 100 });
		assert_eq!((free(CAROL), active(CAROL, ALICE)), (9_699, 2_900));
		go_to_era(4);
		assert_credit(ALICE, 3, 4_000);
		done(DAVE, Call::compound { holder: CAROL, pool: ALICE });
		assert!(active(CAROL, ALICE) > 2_900);
		assert_eq!(free(CAROL), 9_699);
	});
}

#[test]
fn stake_moves_to_another_operator_whatever_is_promised() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		bond_in(2, BOB, 1_000);
		promise(CAROL, 1 << 100);
		done(CAROL, Call::redelegate { from: ALICE, to: BOB, amount: 1_000 });
		assert_eq!((held(CAROL), active(CAROL, BOB)), (3_000, 1_000));
	});
}
