//! Each invariant is seen to break.

use crate::{
	mock::*,
	types::{Horizon, NodeLedger, OperatorLedger},
	Eras, History, Operators, Points, Released, Unpaid, UnpaidEras,
};
use dtel_primitives::DTEL;
use frame_support::traits::fungible::Mutate;

/// After era 3 with one of two shares paid, `corrupt` has to break the invariant `name`.
fn breaks(name: &str, corrupt: impl FnOnce()) {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		era_three();
		go_to_era(4);
		payout(3, 11).unwrap();
		Rewards::do_try_state().unwrap();
		corrupt();
		let error = Rewards::do_try_state().unwrap_err();
		let sp_runtime::DispatchError::Other(message) = error else { panic!("{error:?}") };
		assert!(message.starts_with(name), "{message}");
	});
}

fn change(node: u32, change: impl FnOnce(&mut NodeLedger<AccountId>)) {
	Points::<Test>::mutate_exists(3, node, |entry| change(entry.as_mut().unwrap()));
}

fn change_operator(owner: AccountId, change: impl FnOnce(&mut OperatorLedger)) {
	Operators::<Test>::mutate_exists(3, owner, |entry| change(entry.as_mut().unwrap()));
}

fn unpaid(owner: AccountId, eras: &[u32]) {
	Unpaid::<Test>::insert(owner, UnpaidEras::try_from(eras.to_vec()).unwrap());
}

#[test]
fn inv_1_breaks_when_an_era_has_other_points_than_its_members() {
	breaks("INV-1", || Eras::<Test>::mutate_extant(3, |era| era.points += 1_000));
	breaks("INV-1", || Eras::<Test>::mutate_extant(3, |era| era.members += 1));
	breaks("INV-1", || change(2, |node| node.points *= 2));
	breaks("INV-1", || Points::<Test>::remove(3, 2));
}

#[test]
fn inv_1_breaks_when_an_operator_has_other_points_than_its_nodes() {
	breaks("INV-1", || change(2, |node| node.owner = 11));
	breaks("INV-1", || change_operator(12, |of| of.points -= 1));
	breaks("INV-1", || Operators::<Test>::remove(3, 12));
	breaks("INV-1", || Operators::<Test>::insert(3, 13, OperatorLedger::default()));
}

#[test]
fn inv_2_breaks_when_pay_is_not_the_shares() {
	breaks("INV-2", || Eras::<Test>::mutate_extant(3, |era| era.paid += 1));
	breaks("INV-2", || Eras::<Test>::mutate_extant(3, |era| era.released /= 2));
	breaks("INV-2", || Eras::<Test>::mutate_extant(3, |era| era.paid = 0));
	breaks("INV-2", || change_operator(11, |of| of.refused = true));
	breaks("INV-2", || unpaid(11, &[3]));
	breaks("INV-2", || Unpaid::<Test>::remove(12));
	breaks("INV-2", || {
		score(4, 1, 12, 1);
		unpaid(12, &[4]);
	});
}

#[test]
fn inv_3_breaks_when_released_without_settlement() {
	breaks("INV-3", || Eras::<Test>::mutate_extant(3, |era| era.settled = false));
}

#[test]
fn inv_4_breaks_when_a_closed_era_is_left() {
	breaks("INV-4", || History::<Test>::put(Horizon { oldest: 4, sweeping: false }));
	breaks("INV-4", || Eras::<Test>::remove(3));
	breaks("INV-4", || {
		Eras::<Test>::remove(3);
		History::<Test>::put(Horizon { oldest: 5, sweeping: true });
	});
	breaks("INV-4", || {
		let left = OperatorLedger { points: 1, refused: false };
		Operators::<Test>::insert(2, 11, left);
	});
}

#[test]
fn inv_5_breaks_when_released_is_not_the_sum() {
	breaks("INV-5", || Released::<Test>::mutate(|all| *all -= 1));
	breaks("INV-5", || Released::<Test>::mutate(|all| *all += 1));
}

#[test]
fn inv_6_breaks_when_the_pot_is_short() {
	breaks("INV-6", || {
		Balances::set_balance(&STAKERS, balance(STAKERS) - 1);
		assert!(balance(STAKERS) > DTEL);
	});
}

/// The pot is shared: neither side may live on what is the other's.
#[test]
fn inv_6_breaks_when_stakers_take_more_than_they_got() {
	breaks("INV-6", || {
		stakers_take(credited());
		Rewards::do_try_state().unwrap();
		Balances::set_balance(&STAKERS, balance(STAKERS) - 1);
	});
}

#[test]
fn inv_6_breaks_when_stakers_got_more_than_they_were_credited() {
	breaks("INV-6", || Credited::append((12, 3, 1)));
}

#[test]
fn inv_7_breaks_when_operators_do_not_wait_for_what_they_are_owed() {
	breaks("INV-7", || unpaid(12, &[3, 4]));
	breaks("INV-7", || unpaid(12, &[3, 3]));
	breaks("INV-7", || unpaid(11, &[]));
	breaks("INV-7", || unpaid(13, &[3]));
	breaks("INV-7", || change_operator(12, |of| of.refused = true));
	breaks("INV-7", || {
		score(4, 1, 11, 1);
		Unpaid::<Test>::remove(11);
	});
	breaks("INV-7", || {
		lone_era(4);
		lone_era(5);
		unpaid(11, &[5, 4]);
	});
}

#[test]
fn inv_7_breaks_when_operators_wait_for_what_is_swept() {
	let close = || {
		go_to_era(8);
		while !Rewards::is_closed(3) {
			idle();
		}
		Rewards::do_try_state().unwrap();
		assert!(Operators::<Test>::contains_key(3, 12));
	};
	breaks("INV-7", || {
		close();
		Operators::<Test>::remove(3, 12);
	});
	breaks("INV-7", || {
		close();
		unpaid(12, &[2, 3]);
	});
	breaks("INV-7", || {
		close();
		change_operator(12, |of| of.refused = true);
	});
}
