//! A delegation from joining to leaving.

use super::signed;
use crate::{mock::*, Event};
use dtel_traits::StakeLedger;
use frame_support::assert_ok;
use sp_runtime::Perbill;

#[test]
fn delegators_earn_and_answer_for_the_eras_in_which_they_were_active() {
	ExtBuilder::new().build_and_execute(|| {
		go_to_era(1);
		assert_ok!(Staking::bond(signed(ALICE), 1_000, commission(10, 20, 1)));
		assert_ok!(Staking::delegate(signed(CAROL), ALICE, 3_000));
		go_to_era(2);
		assert_eq!(Staking::active(&ALICE, 2), 4_000);
		assert_ok!(Staking::delegate(signed(DAVE), ALICE, 4_000));
		assert_eq!(Staking::active(&ALICE, 2), 4_000);
		go_to_era(4);
		// A tenth for Alice; 900 for era 2 are shared 1:3, of era 3 1:3:4.
		assert_credit(ALICE, 2, 1_000);
		assert_credit(ALICE, 3, 1_000);
		assert_ok!(Staking::claim(signed(CAROL), ALICE));
		assert_eq!(free(CAROL), FUNDS - 3_000 + 675 + 337);
		assert_ok!(Staking::claim(signed(DAVE), ALICE));
		assert_eq!(free(DAVE), FUNDS - 4_000 + 449);
		System::reset_events();
		assert_ok!(Staking::claim(signed(ALICE), ALICE));
		assert_eq!(free(ALICE), FUNDS - 1_000 + 200 + 225 + 112);
		assert_eq!(
			events(),
			vec![
				Event::Claimed { who: ALICE, pool: ALICE, amount: 337, compounded: false },
				Event::CommissionClaimed { who: ALICE, amount: 200 },
			]
		);

		// An offence of era 2: Dave joined in it.
		assert_eq!(Staking::slash(&ALICE, Perbill::from_percent(10), 2), 400);
		assert_eq!((held(ALICE), held(CAROL)), (1_000, 3_000));
		assert_ok!(Staking::settle(signed(BOB), ALICE, ALICE));
		assert_ok!(Staking::settle(signed(BOB), CAROL, ALICE));
		assert_eq!((held(ALICE), held(CAROL), held(DAVE)), (900, 2_700, 4_000));
		assert_eq!(free(TREASURY), 401);

		assert_ok!(Staking::undelegate(signed(CAROL), ALICE, 2_700));
		assert_ok!(Staking::retire(signed(ALICE)));
		go_to_era(8);
		for who in [ALICE, CAROL, DAVE] {
			assert_ok!(Staking::settle(signed(BOB), who, ALICE));
			assert_eq!(held(who), 0);
		}
		assert_eq!(crate::Pools::<Test>::iter().count(), 0);
		assert_eq!(crate::Checkpoints::<Test>::iter().collect::<Vec<_>>(), vec![]);
	});
}
