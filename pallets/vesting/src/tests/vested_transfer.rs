//! `vested_transfer` and `force_vested_transfer`.

use super::*;

fn give(to: AccountId, amount: Balance, terms: Terms) -> Call<Test> {
	Call::vested_transfer { to, amount, terms, revoker: None }
}

fn force(from: AccountId, to: AccountId) -> Call<Test> {
	Call::force_vested_transfer { from, to, amount: MIN_GRANT, terms: TERMS, revoker: None }
}

#[test]
fn moves_and_freezes_the_tokens_when_granted() {
	ExtBuilder::new().build_and_execute(|| {
		let call =
			Call::vested_transfer { to: NEW, amount: 1_000, terms: TERMS, revoker: Some(BOB) };
		dispatch(ALICE, call).unwrap();
		let granted = Event::Granted {
			id: 0,
			grantor: ALICE,
			who: NEW,
			amount: 1_000,
			free: 0,
			terms: TERMS,
			revoker: Some(BOB),
		};
		assert_eq!(events(), [granted]);
		assert_eq!((total(ALICE), total(NEW), frozen(NEW)), (FUNDS - 1_000, 1_000, 1_000));
		// Nothing moves: not a planck, not all, not to die.
		for amount in [1, 10, 990, 1_000] {
			assert_noop!(transfer(NEW, ALICE, amount), TokenError::Frozen);
		}
		assert_eq!(grant(NEW, 100, TERMS, None), 1);
		assert_eq!(frozen(NEW), 1_100);
	});
}

#[test]
fn what_is_vested_is_free_at_once() {
	ExtBuilder::new().build_and_execute(|| {
		go_to(130);
		grant(NEW, 1_000, TERMS, None);
		assert!(matches!(events()[0], Event::Granted { id: 0, free: 370, .. }));
		assert_eq!((frozen(NEW), liquid(NEW)), (630, 370));
		// All of it: a plain transfer, of which nothing is kept.
		go_to(200);
		grant(CAROL, 1_000, TERMS, Some(BOB));
		assert!(matches!(events()[0], Event::Granted { id: 1, free: 1_000, .. }));
		assert!(!crate::Schedules::<Test>::contains_key(CAROL));
		assert_eq!(liquid(CAROL), 1_010);
		let revoke = Call::revoke { who: CAROL, id: 1 };
		refused(BOB, revoke, Error::<Test>::NoGrant);
	});
}

#[test]
fn fails_when_terms_are_out_of_order() {
	ExtBuilder::new().build_and_execute(|| {
		let bad = |terms, error: Error<Test>| refused(ALICE, give(NEW, 1_000, terms), error);
		bad(Terms { end: 100, ..TERMS }, Error::EndsTooEarly);
		bad(Terms { end: 1, ..TERMS }, Error::EndsTooEarly);
		bad(Terms { cliff: 99, ..TERMS }, Error::CliffOutside);
		bad(Terms { cliff: 201, ..TERMS }, Error::CliffOutside);
		bad(Terms { period: 0, ..TERMS }, Error::PeriodOutside);
		bad(Terms { period: 101, ..TERMS }, Error::PeriodOutside);
		bad(Terms { end: 101 + LONGEST, ..TERMS }, Error::TooLong);
		bad(Terms { end: u32::MAX, ..TERMS }, Error::TooLong);
		let late = |start| Terms { start, cliff: start, end: start + 10, ..TERMS };
		bad(late(LONGEST + 2), Error::TooFar);
		bad(late(u32::MAX - 10), Error::TooFar);
		dispatch(ALICE, give(NEW, 1_000, late(LONGEST + 1))).unwrap();
		dispatch(ALICE, give(NEW, 1_000, Terms { end: 100 + LONGEST, ..TERMS })).unwrap();
	});
}

#[test]
fn fails_when_grantor_or_receiver_is_none() {
	ExtBuilder::new().build_and_execute(|| {
		refused(ALICE, give(ALICE, 1_000, TERMS), Error::<Test>::ToYourself);
		refused(ALICE, give(TREASURY, 1_000, TERMS), Error::<Test>::ReceiverRefused);
		refused(ALICE, give(NEW, MIN_GRANT - 1, TERMS), Error::<Test>::BelowMinimum);
		refused(ALICE, give(NEW, FUNDS + 1, TERMS), TokenError::FundsUnavailable);
		// Nobody grants away its own account.
		refused(ALICE, give(NEW, FUNDS, TERMS), TokenError::NotExpendable);
		dispatch(ALICE, give(NEW, FUNDS - ED, TERMS)).unwrap();
		assert_eq!(total(ALICE), ED);
	});
}

#[test]
fn fails_when_the_list_has_no_room_for_strangers() {
	ExtBuilder::new().build_and_execute(|| {
		for _ in 0..crate::MAX_GRANTS - RESERVED {
			dispatch(ALICE, give(CAROL, MIN_GRANT, TERMS)).unwrap();
		}
		refused(ALICE, give(CAROL, MIN_GRANT, TERMS), Error::<Test>::TooManyGrants);
		for _ in 0..RESERVED {
			dispatch_root(force(ALICE, CAROL)).unwrap();
		}
		noop(|| dispatch_root(force(ALICE, CAROL)), Error::<Test>::TooManyGrants);
		assert_eq!(frozen(CAROL), Balance::from(crate::MAX_GRANTS) * MIN_GRANT);
		// Who has room elsewhere is not hindered, and what is over makes room.
		dispatch(ALICE, give(DAVE, MIN_GRANT, TERMS)).unwrap();
		go_to(200);
		dispatch(ALICE, give(CAROL, MIN_GRANT, Terms { end: 300, ..TERMS })).unwrap();
		assert_eq!(crate::Schedules::<Test>::get(CAROL).len(), 1);
	});
}

/// What an account owes takes places, too: there is always one for a grant that is revoked.
#[test]
fn fails_when_debts_take_the_room() {
	ExtBuilder::new().build_and_execute(|| {
		let id = grant(CAROL, 1_000, TERMS, Some(BOB));
		hold(CAROL, 1_000).unwrap();
		dispatch(BOB, Call::revoke { who: CAROL, id }).unwrap();
		assert_eq!(owed(CAROL), [(ALICE, 1_000)]);
		for _ in 0..crate::MAX_GRANTS - RESERVED - 1 {
			dispatch(ALICE, give(CAROL, MIN_GRANT, TERMS)).unwrap();
		}
		refused(ALICE, give(CAROL, MIN_GRANT, TERMS), Error::<Test>::TooManyGrants);
	});
}

#[test]
fn governance_grants_from_any_account_but_nothing_frozen() {
	ExtBuilder::new().build_and_execute(|| {
		noop(|| dispatch(ALICE, force(DAVE, NEW)), DispatchError::BadOrigin);
		dispatch_root(force(DAVE, NEW)).unwrap();
		assert_eq!((total(DAVE), frozen(NEW)), (FUNDS - MIN_GRANT, MIN_GRANT));
		noop(|| dispatch_root(force(NEW, CAROL)), TokenError::Frozen);
		noop(|| dispatch_root(force(DAVE, TREASURY)), Error::<Test>::ReceiverRefused);
		noop(|| dispatch_root(force(DAVE, DAVE)), Error::<Test>::ToYourself);
	});
}

/// Frozen tokens are not granted on, though the grantor has them.
#[test]
fn fails_when_the_grantors_tokens_are_frozen() {
	ExtBuilder::new().build_and_execute(|| {
		grant(CAROL, 1_000, TERMS, None);
		refused(CAROL, give(NEW, 500, TERMS), TokenError::Frozen);
		go_to(130);
		dispatch(ANYBODY, Call::claim { who: CAROL }).unwrap();
		// 370 and her own 10.
		refused(CAROL, give(NEW, 381, TERMS), TokenError::Frozen);
		dispatch(CAROL, give(NEW, 380, TERMS)).unwrap();
	});
}

#[test]
fn fails_when_an_account_has_no_room_for_a_freeze() {
	ExtBuilder::new().build_and_execute(|| {
		MaxFreezes::set(0);
		let error = pallet_balances::Error::<Test>::TooManyFreezes;
		refused(ALICE, give(NEW, 1_000, TERMS), error);
		MaxFreezes::set(1);
		dispatch(ALICE, give(NEW, 1_000, TERMS)).unwrap();
	});
}
