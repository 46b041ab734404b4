//! Each invariant is seen to break.

use crate::{
	mock::*,
	types::{Horizon, NodeLedger},
	Eras, History, Owed, Points,
};
use dtel_primitives::DTEL;
use frame_support::traits::fungible::Mutate;

/// After era 3 with one of two shares paid, `corrupt` has to break the invariant `name`.
fn breaks(name: &str, corrupt: impl FnOnce()) {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		era_three();
		go_to_era(4);
		Rewards::payout(RuntimeOrigin::signed(ANYBODY), 3, 1).unwrap();
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

#[test]
fn inv_1_breaks_when_an_era_has_other_points_than_its_members() {
	breaks("INV-1", || Eras::<Test>::mutate_extant(3, |era| era.points += 1_000));
	breaks("INV-1", || Eras::<Test>::mutate_extant(3, |era| era.members += 1));
	breaks("INV-1", || change(2, |node| node.points *= 2));
	breaks("INV-1", || Points::<Test>::remove(3, 2));
}

#[test]
fn inv_2_breaks_when_pay_is_not_the_shares() {
	breaks("INV-2", || Eras::<Test>::mutate_extant(3, |era| era.paid += 1));
	breaks("INV-2", || Eras::<Test>::mutate_extant(3, |era| era.released /= 2));
	breaks("INV-2", || change(1, |node| node.paid = Some(1)));
	breaks("INV-2", || change(1, |node| node.paid = None));
	breaks("INV-2", || change(3, |node| node.paid = Some(0)));
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
}

#[test]
fn inv_5_breaks_when_owed_is_not_the_sum() {
	breaks("INV-5", || Owed::<Test>::mutate(|owed| *owed -= 1));
}

#[test]
fn inv_6_breaks_when_the_pot_is_short() {
	breaks("INV-6", || {
		let pot = Rewards::pot_account();
		Balances::set_balance(&pot, balance(pot) - 1);
		assert!(balance(pot) > DTEL);
	});
}
