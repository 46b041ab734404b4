//! `revoke`, `force_revoke` and `waive`.

use super::*;

fn revoke(id: u64) -> Call<Test> {
	Call::revoke { who: CAROL, id }
}

#[test]
fn what_is_not_vested_goes_back_and_the_rest_stays_when_revoked() {
	ExtBuilder::new().build_and_execute(|| {
		let id = grant(CAROL, 1_000, TERMS, Some(BOB));
		go_to(149);
		dispatch(BOB, revoke(id)).unwrap();
		// A tenth and four steps of ten are vested, whether or not anybody claimed.
		let revoked = Event::Revoked { id, who: CAROL, grantor: ALICE, returned: 540, owed: 0 };
		let claimed = Event::Claimed { who: CAROL, amount: 460, frozen: 0 };
		assert_eq!(events(), [revoked, claimed]);
		assert_eq!((total(CAROL), liquid(CAROL), frozen(CAROL)), (470, 470, 0));
		assert_eq!(total(ALICE), FUNDS - 460);
		refused(BOB, revoke(id), Error::<Test>::NoGrant);
	});
}

#[test]
fn fails_when_called_by_anybody_but_the_revoker() {
	ExtBuilder::new().build_and_execute(|| {
		let id = grant(CAROL, 1_000, TERMS, Some(BOB));
		let for_good = grant(CAROL, 1_000, TERMS, None);
		for who in [ALICE, CAROL, DAVE, ANYBODY] {
			refused(who, revoke(id), Error::<Test>::NotRevoker);
			refused(who, revoke(for_good), Error::<Test>::NotRevoker);
			let call = Call::force_revoke { who: CAROL, id };
			noop(|| dispatch(who, call), DispatchError::BadOrigin);
			refused(who, Call::waive { who: CAROL, id }, Error::<Test>::NotRevoker);
		}
		refused(BOB, revoke(for_good), Error::<Test>::NotRevoker);
		refused(BOB, revoke(7), Error::<Test>::NoGrant);
		refused(BOB, Call::revoke { who: DAVE, id }, Error::<Test>::NoGrant);
		refused(BOB, Call::waive { who: CAROL, id: 7 }, Error::<Test>::NoGrant);
	});
}

#[test]
fn fails_when_it_was_waived_but_for_governance() {
	ExtBuilder::new().build_and_execute(|| {
		let id = grant(CAROL, 1_000, TERMS, Some(BOB));
		dispatch(BOB, Call::waive { who: CAROL, id }).unwrap();
		assert_eq!(events(), [Event::Waived { id, who: CAROL }]);
		refused(BOB, revoke(id), Error::<Test>::NotRevoker);
		refused(BOB, Call::waive { who: CAROL, id }, Error::<Test>::NotRevoker);
		dispatch_root(Call::force_revoke { who: CAROL, id }).unwrap();
		assert_eq!((total(ALICE), total(CAROL)), (FUNDS, ED));
	});
}

/// Numbers are never given twice: an old one can hit no other grant.
#[test]
fn an_old_number_hits_nothing_when_the_list_has_changed() {
	ExtBuilder::new().build_and_execute(|| {
		let first = grant(CAROL, 1_000, Terms { end: 150, ..TERMS }, Some(BOB));
		let second = grant(CAROL, 2_000, TERMS, Some(BOB));
		go_to(150);
		dispatch(CAROL, Call::claim { who: CAROL }).unwrap();
		refused(BOB, revoke(first), Error::<Test>::NoGrant);
		dispatch(BOB, revoke(second)).unwrap();
		assert!(!crate::Schedules::<Test>::contains_key(CAROL));
		let third = grant(CAROL, 1_000, TERMS, Some(BOB));
		assert_eq!([first, second, third], [0, 1, 2]);
		refused(BOB, revoke(first), Error::<Test>::NoGrant);
		refused(BOB, revoke(second), Error::<Test>::NoGrant);
	});
}

#[test]
fn what_is_held_is_owed_when_revoked() {
	ExtBuilder::new().build_and_execute(|| {
		let id = grant(CAROL, 1_000, TERMS, Some(BOB));
		hold(CAROL, 700).unwrap();
		dispatch(BOB, revoke(id)).unwrap();
		// 310 are not held, 10 of them keep the account alive.
		let revoked = Event::Revoked { id, who: CAROL, grantor: ALICE, returned: 300, owed: 700 };
		assert_eq!(events(), [revoked]);
		assert_eq!((owed(CAROL), frozen(CAROL), held(CAROL)), (vec![(ALICE, 700)], 700, 700));
		assert_eq!(<Vesting as dtel_traits::Promised<_>>::promised(&CAROL), 700);
		// Released, it is still frozen: it does not get away.
		release(CAROL, 700);
		assert_noop!(transfer(CAROL, DAVE, 11), TokenError::Frozen);
	});
}

/// The account lives on with its existential deposit, which is owed if it was granted.
#[test]
fn the_account_stays_alive_when_all_it_has_is_revoked() {
	ExtBuilder::new().build_and_execute(|| {
		let id = grant(NEW, 1_000, AT_END, Some(BOB));
		dispatch(BOB, Call::revoke { who: NEW, id }).unwrap();
		assert_eq!((total(NEW), owed(NEW)), (ED, vec![(ALICE, ED)]));
		refused(ANYBODY, Call::collect { who: NEW }, Error::<Test>::NothingLiquid);
		transfer(DAVE, NEW, ED).unwrap();
		dispatch(ANYBODY, Call::collect { who: NEW }).unwrap();
		assert_eq!((total(NEW), owes(NEW), total(ALICE)), (ED, 0, FUNDS));
	});
}

/// A vote's lock keeps what it covers: nobody votes again with tokens that were taken back.
#[test]
fn what_is_locked_by_a_vote_is_owed_when_revoked() {
	ExtBuilder::new().build_and_execute(|| {
		let id = grant(CAROL, 1_000, TERMS, Some(BOB));
		vote_with(CAROL, 600);
		dispatch(BOB, revoke(id)).unwrap();
		assert_eq!((owed(CAROL), total(CAROL)), (vec![(ALICE, 590)], 600));
		refused(ANYBODY, Call::collect { who: CAROL }, Error::<Test>::NothingLiquid);
		vote_with(CAROL, 0);
		dispatch(ANYBODY, Call::collect { who: CAROL }).unwrap();
		assert_eq!((owes(CAROL), total(CAROL), total(ALICE)), (0, ED, FUNDS));
	});
}

/// Another grant of the same account is not touched, even when slashes took more than the holder's own.
#[test]
fn another_grant_stays_frozen_to_the_planck_when_one_is_revoked() {
	ExtBuilder::new().build_and_execute(|| {
		let first = grant(CAROL, 1_000, AT_END, Some(BOB));
		grant_from(DAVE, CAROL, 500, AT_END, None);
		hold(CAROL, 1_400).unwrap();
		slash_held(CAROL, 800);
		release(CAROL, 600);
		// 710 are there; 500 of them belong to the second grant.
		dispatch(BOB, revoke(first)).unwrap();
		assert_eq!((total(CAROL), frozen(CAROL)), (500, 1_000));
		assert_eq!(owed(CAROL), [(ALICE, 500)], "as much as is there");
		assert!(events().contains(&Event::Lost { who: CAROL, grantor: ALICE, amount: 290 }));
		// What becomes free pays it.
		go_to(1_000);
		dispatch(ANYBODY, Call::collect { who: CAROL }).unwrap();
		assert_eq!((total(CAROL), owed(CAROL)), (ED, vec![(ALICE, ED)]));
	});
}

#[test]
fn it_is_owed_when_the_grantor_is_dead_and_would_get_too_little_to_live() {
	ExtBuilder::new().build_and_execute(|| {
		let terms = Terms { start: 1, cliff: 1, end: 101, period: 1, ..AT_END };
		let id = grant(CAROL, 100, terms, Some(BOB));
		transfer(ALICE, DAVE, FUNDS - 100).unwrap();
		assert_eq!(total(ALICE), 0);
		go_to(96);
		dispatch(BOB, revoke(id)).unwrap();
		assert_eq!((owed(CAROL), total(CAROL)), (vec![(ALICE, 5)], 110));
		refused(ANYBODY, Call::collect { who: CAROL }, Error::<Test>::NothingLiquid);
		transfer(DAVE, ALICE, ED).unwrap();
		dispatch(ANYBODY, Call::collect { who: CAROL }).unwrap();
		assert_eq!(total(ALICE), ED + 5);
	});
}

#[test]
fn a_dead_grantor_comes_to_life_when_it_gets_enough() {
	ExtBuilder::new().build_and_execute(|| {
		let id = grant(CAROL, 1_000, TERMS, Some(BOB));
		transfer(ALICE, DAVE, FUNDS - 1_000).unwrap();
		dispatch(BOB, revoke(id)).unwrap();
		assert_eq!((total(ALICE), owes(CAROL)), (1_000, 0));
	});
}

#[test]
fn revoking_works_when_every_place_is_taken() {
	ExtBuilder::new().build_and_execute(|| {
		// As many grantors as places, so that each leaves a debt of its own.
		let grantors = 1_000..1_000 + AccountId::from(crate::MAX_GRANTS);
		for grantor in grantors.clone() {
			transfer(DAVE, grantor, 200).unwrap();
			let call = Call::force_vested_transfer {
				from: grantor,
				to: CAROL,
				amount: 100,
				terms: AT_END,
				revoker: Some(BOB),
			};
			dispatch_root(call).unwrap();
		}
		hold(CAROL, total(CAROL) - ED).unwrap();
		for id in 0..u64::from(crate::MAX_GRANTS) {
			dispatch(BOB, revoke(id)).unwrap();
		}
		let all: Vec<_> = grantors.map(|grantor| (grantor, 100)).collect();
		assert_eq!(owed(CAROL), all);
		release(CAROL, 2_800);
		dispatch(ANYBODY, Call::collect { who: CAROL }).unwrap();
		assert_eq!((total(CAROL), owes(CAROL)), (ED, 0));
	});
}

#[test]
fn governance_makes_all_of_a_grant_free() {
	ExtBuilder::new().build_and_execute(|| {
		let id = grant(CAROL, 1_000, TERMS, Some(BOB));
		let other = grant(CAROL, 500, TERMS, None);
		let lift = |id| Call::force_lift { who: CAROL, id };
		noop(|| dispatch(CAROL, lift(id)), DispatchError::BadOrigin);
		noop(|| dispatch_root(lift(9)), Error::<Test>::NoGrant);
		go_to(100);
		dispatch_root(lift(id)).unwrap();
		// What is vested of both is free as well.
		let claimed = Event::Claimed { who: CAROL, amount: 150, frozen: 450 };
		assert_eq!(events(), [claimed, Event::Lifted { id, who: CAROL, amount: 900 }]);
		assert_eq!(liquid(CAROL), 1_060);
		dispatch_root(lift(other)).unwrap();
		assert_eq!((frozen(CAROL), liquid(CAROL)), (0, 1_510));
	});
}
