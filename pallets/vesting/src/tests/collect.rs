//! `collect`.

use super::*;

/// Carol owes Alice 1,000 and Dave 500, all of it held.
fn owing() {
	let first = grant(CAROL, 1_000, TERMS, Some(BOB));
	let second = grant_from(DAVE, CAROL, 500, TERMS, Some(BOB));
	hold(CAROL, 1_500).unwrap();
	for id in [first, second] {
		dispatch(BOB, Call::revoke { who: CAROL, id }).unwrap();
	}
	assert_eq!(owed(CAROL), [(ALICE, 1_000), (DAVE, 500)]);
}

fn collect() -> Call<Test> {
	Call::collect { who: CAROL }
}

#[test]
fn pays_what_is_released_the_oldest_first() {
	ExtBuilder::new().build_and_execute(|| {
		owing();
		refused(ANYBODY, collect(), Error::<Test>::NothingLiquid);
		release(CAROL, 1_200);
		dispatch(ANYBODY, collect()).unwrap();
		let paid = |grantor, amount, left| Event::Collected { who: CAROL, grantor, amount, left };
		assert_eq!(events(), [paid(ALICE, 1_000, 0), paid(DAVE, 200, 300)]);
		assert_eq!((owed(CAROL), frozen(CAROL)), (vec![(DAVE, 300)], 300));
		release(CAROL, 300);
		dispatch(ANYBODY, collect()).unwrap();
		assert_eq!(events(), [paid(DAVE, 300, 0)]);
		assert_eq!([ALICE, DAVE, CAROL].map(total), [FUNDS, FUNDS, ED]);
		refused(ANYBODY, collect(), Error::<Test>::NothingOwed);
	});
}

#[test]
fn touches_nothing_that_is_frozen_for_the_holder() {
	ExtBuilder::new().build_and_execute(|| {
		owing();
		grant_from(ANYBODY, CAROL, 2_000, AT_END, None);
		slash_held(CAROL, 1_500);
		// 2,010 are there, and 2,000 of them the grant's.
		dispatch(ANYBODY, collect()).unwrap();
		assert_eq!((total(CAROL), owed(CAROL)), (2_000, vec![(ALICE, 990), (DAVE, 500)]));
		refused(ANYBODY, collect(), Error::<Test>::NothingLiquid);
		go_to(1_000);
		dispatch(ANYBODY, collect()).unwrap();
		assert_eq!((total(CAROL), owes(CAROL), frozen(CAROL)), (510, 0, 0));
	});
}

/// Tokens are alike: what is held serves the freeze of another grant, and what is not pays the debt.
#[test]
fn pays_with_any_tokens_while_all_that_is_frozen_is_there() {
	ExtBuilder::new().build_and_execute(|| {
		owing();
		let other = grant_from(ANYBODY, CAROL, 2_000, AT_END, Some(ANYBODY));
		dispatch(ANYBODY, collect()).unwrap();
		assert_eq!((total(CAROL), frozen(CAROL), owes(CAROL)), (2_010, 2_000, 0));
		dispatch(ANYBODY, Call::revoke { who: CAROL, id: other }).unwrap();
		assert_eq!(owed(CAROL), [(ANYBODY, 1_500)]);
		assert_eq!((total(CAROL), held(CAROL)), (1_510, 1_500));
	});
}

#[test]
fn passes_over_who_cannot_receive() {
	ExtBuilder::new().build_and_execute(|| {
		owing();
		transfer(ALICE, TREASURY, total(ALICE)).unwrap();
		release(CAROL, 5);
		// Five are too little to live for Alice, and enough for Dave.
		dispatch(ANYBODY, collect()).unwrap();
		assert_eq!(owed(CAROL), [(ALICE, 1_000), (DAVE, 495)]);
	});
}

/// Slashes take the holder's own first. What is owed and gone is owed no more, the youngest debt first.
#[test]
fn forgets_what_slashes_took() {
	ExtBuilder::new().build_and_execute(|| {
		owing();
		transfer(DAVE, CAROL, 90).unwrap();
		slash_held(CAROL, 400);
		assert_eq!(total(CAROL), 1_200);
		dispatch(ANYBODY, collect()).unwrap();
		// 90 could be moved; of the 1,110 that are left, 1,410 were owed.
		let paid = Event::Collected { who: CAROL, grantor: ALICE, amount: 90, left: 910 };
		let lost = Event::Lost { who: CAROL, grantor: DAVE, amount: 300 };
		assert_eq!(events(), [paid, lost]);
		assert_eq!((owed(CAROL), frozen(CAROL)), (vec![(ALICE, 910), (DAVE, 200)], 1_110));
		// All but what keeps the account alive.
		slash_held(CAROL, 1_100);
		dispatch(ANYBODY, collect()).unwrap();
		assert_eq!((owed(CAROL), total(CAROL)), (vec![(ALICE, ED)], ED));
		transfer(DAVE, CAROL, 300).unwrap();
		dispatch(ANYBODY, collect()).unwrap();
		assert_eq!((owes(CAROL), liquid(CAROL)), (0, 300), "later funds are its own");
	});
}

#[test]
fn debts_to_one_grantor_are_one() {
	ExtBuilder::new().build_and_execute(|| {
		for _ in 0..2 {
			let id = grant(CAROL, 1_000, TERMS, Some(BOB));
			hold(CAROL, 1_000).unwrap();
			dispatch(BOB, Call::revoke { who: CAROL, id }).unwrap();
		}
		assert_eq!(owed(CAROL), [(ALICE, 2_000)]);
	});
}
