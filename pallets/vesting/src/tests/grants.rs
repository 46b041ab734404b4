//! [`Grants`], as airdrops use it.

use super::*;
use dtel_traits::Grants;

#[test]
fn grants_for_good_and_may_take_all_that_the_grantor_has() {
	ExtBuilder::new().build_and_execute(|| {
		assert_eq!(Vesting::check(&TERMS), Ok(()));
		System::reset_events();
		<Vesting as Grants<_>>::grant(&ALICE, &NEW, FUNDS, TERMS).unwrap();
		let schedule = &crate::Schedules::<Test>::get(NEW)[0];
		assert_eq!((schedule.revoker, schedule.amount, total(ALICE)), (None, FUNDS, 0));
		assert_eq!(frozen(NEW), FUNDS);
	});
}

#[test]
fn fills_places_that_strangers_cannot() {
	ExtBuilder::new().build_and_execute(|| {
		for _ in 0..crate::MAX_GRANTS {
			<Vesting as Grants<_>>::grant(&ALICE, &CAROL, MIN_GRANT, TERMS).unwrap();
		}
		let more = || <Vesting as Grants<_>>::grant(&ALICE, &CAROL, MIN_GRANT, TERMS);
		assert_noop!(more(), Error::<Test>::TooManyGrants);
	});
}

#[test]
fn changes_nothing_when_it_refuses() {
	ExtBuilder::new().build_and_execute(|| {
		let grant = |to: AccountId, amount, terms| {
			<Vesting as Grants<_>>::grant(&ALICE, &to, amount, terms)
		};
		assert_noop!(grant(ALICE, 1_000, TERMS), Error::<Test>::ToYourself);
		assert_noop!(grant(TREASURY, 1_000, TERMS), Error::<Test>::ReceiverRefused);
		assert_noop!(grant(NEW, 99, TERMS), Error::<Test>::BelowMinimum);
		assert_noop!(grant(NEW, FUNDS + 1, TERMS), TokenError::FundsUnavailable);
		let terms = Terms { period: 0, ..TERMS };
		assert_noop!(grant(NEW, 1_000, terms), Error::<Test>::PeriodOutside);
		assert_eq!(Vesting::check(&terms), Err(Error::<Test>::PeriodOutside.into()));
		// Also where the last step fails.
		MaxFreezes::set(0);
		let full = pallet_balances::Error::<Test>::TooManyFreezes;
		assert_noop!(grant(NEW, 1_000, TERMS), full);
	});
}

/// What can be granted now can be later, until and after it is over.
#[test]
fn terms_that_pass_once_pass_later() {
	ExtBuilder::new().build_and_execute(|| {
		let start = LONGEST + 1;
		let terms = Terms { start, cliff: start, end: start + LONGEST, period: 7, ..TERMS };
		for block in [1, 2, LONGEST, start, start + 5, 2 * LONGEST, u32::MAX] {
			go_to(block);
			assert_eq!(Vesting::check(&terms), Ok(()), "{block}");
		}
	});
}
