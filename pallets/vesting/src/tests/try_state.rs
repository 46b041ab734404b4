//! Each invariant is seen to break.

use super::*;
use crate::{Debt, FreezeReason, NextId, Owed, Schedule, Schedules};
use frame_support::traits::fungible::MutateFreeze;

/// Carol has grants 0 and 1 and owes Dave 500; the first is partly claimed. `corrupt` has to break the invariant `name`.
fn breaks(name: &str, corrupt: impl FnOnce()) {
	ExtBuilder::new().build().execute_with(|| {
		grant(CAROL, 1_000, TERMS, None);
		grant(CAROL, 1_000, TERMS, Some(BOB));
		let id = grant_from(DAVE, CAROL, 500, TERMS, Some(BOB));
		hold(CAROL, 2_500).unwrap();
		dispatch(BOB, Call::revoke { who: CAROL, id }).unwrap();
		go_to(100);
		dispatch(CAROL, Call::claim { who: CAROL }).unwrap();
		Vesting::do_try_state().unwrap();
		corrupt();
		let error = Vesting::do_try_state().unwrap_err();
		let DispatchError::Other(message) = error else { panic!("{error:?}") };
		assert!(message.starts_with(name), "{message}");
	});
}

fn freeze(who: AccountId, amount: Balance) {
	Balances::set_freeze(&FreezeReason::Vesting.into(), &who, amount).unwrap();
}

/// Changes Carol's first grant and freezes what it says then.
fn change(with: impl FnOnce(&mut Schedule<AccountId>)) {
	Schedules::<Test>::mutate(CAROL, |list| with(&mut list[0]));
	refreeze();
}

fn refreeze() {
	let own: Balance =
		Schedules::<Test>::get(CAROL).iter().map(|schedule| schedule.unreleased()).sum();
	freeze(CAROL, own + owes(CAROL));
}

fn owe(change: impl FnOnce(&mut crate::DebtList<AccountId>)) {
	Owed::<Test>::mutate(CAROL, change);
	refreeze();
}

#[test]
fn inv_1_breaks_when_the_freeze_is_another() {
	breaks("INV-1", || freeze(CAROL, 2_301));
	breaks("INV-1", || freeze(CAROL, 2_299));
	breaks("INV-1", || freeze(CAROL, 0));
	breaks("INV-1", || Schedules::<Test>::mutate(CAROL, |list| list[0].released -= 1));
	breaks("INV-1", || Owed::<Test>::remove(CAROL));
	breaks("INV-1", || Schedules::<Test>::remove(CAROL));
}

#[test]
fn inv_2_breaks_when_numbers_are_not_in_order() {
	breaks("INV-2", || NextId::<Test>::put(1));
	breaks("INV-2", || change(|first| first.id = 1));
	breaks("INV-2", || change(|first| first.id = 2));
	breaks("INV-2", || {
		let list = Schedules::<Test>::get(CAROL);
		Schedules::<Test>::insert(DAVE, list);
		freeze(DAVE, 1_800);
	});
}

#[test]
fn inv_3_breaks_when_lists_are_empty_or_too_long() {
	breaks("INV-3", || Schedules::<Test>::insert(DAVE, crate::ScheduleList::default()));
	breaks("INV-3", || Owed::<Test>::insert(DAVE, crate::DebtList::default()));
	breaks("INV-3", || {
		owe(|debts| {
			for grantor in 100..126 {
				debts.try_push(Debt { grantor, amount: 1 }).unwrap();
			}
		});
	});
}

#[test]
fn inv_4_breaks_when_a_grant_makes_no_sense() {
	breaks("INV-4", || change(|first| first.terms.period = 0));
	breaks("INV-4", || change(|first| first.terms.cliff = 99));
	breaks("INV-4", || change(|first| first.released = 101));
	breaks("INV-4", || change(|first| (first.amount, first.released) = (0, 0)));
}

#[test]
fn inv_5_breaks_when_a_debt_makes_no_sense() {
	breaks("INV-5", || owe(|debts| debts.try_push(Debt { grantor: ALICE, amount: 0 }).unwrap()));
	breaks("INV-5", || owe(|debts| debts.try_push(Debt { grantor: DAVE, amount: 1 }).unwrap()));
}

#[test]
fn inv_6_breaks_when_an_account_grants_or_owes_itself() {
	breaks("INV-6", || change(|first| first.grantor = CAROL));
	breaks("INV-6", || owe(|debts| debts[0].grantor = CAROL));
}
