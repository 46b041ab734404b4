//! Each invariant is seen to break.

use super::*;
use crate::{types::EraLedger, Cleared, Eras, Released, Unsettled};
use dtel_primitives::{reward::Pay, DTEL};
use dtel_traits::ScoreSink;
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

fn era(change: impl FnOnce(&mut EraLedger)) {
	Eras::<Test>::mutate_extant(3, change);
}

#[test]
fn inv_1_breaks_when_all_did_not_do_what_operators_did() {
	breaks("INV-1", || era(|era| era.all.points += 1_000));
	breaks("INV-1", || era(|era| era.all.blocks += 1));
	breaks("INV-1", || era(|era| era.all.duty += 1));
	breaks("INV-1", || change(12, 3, |entry| entry.points *= 2));
	breaks("INV-1", || change(11, 3, |entry| entry.blocks = 1));
	breaks("INV-1", || change(11, 3, |entry| entry.duty = 1));
	breaks("INV-1", || Ledgers::<Test>::remove(12));
	breaks("INV-1", || change(12, 3, |entry| entry.era = 4));
	breaks("INV-1", || ledger(13, vec![Entry { blocks: 1, ..Entry::new(9) }]));
}

#[test]
fn inv_1_breaks_when_those_who_wait_are_not_those_who_do() {
	breaks("INV-1", || era(|era| era.waiting.points -= 1));
	breaks("INV-1", || era(|era| era.waiting = era.all));
	breaks("INV-1", || change(12, 3, |entry| entry.state = PayState::Refused));
	breaks("INV-1", || change(11, 3, |entry| entry.state = PayState::Waiting));
}

/// Entries of a closed era go one by one; what is left of them is never more than there was.
#[test]
fn inv_1_breaks_when_an_operator_did_more_than_all_in_a_closed_era() {
	let close = || {
		go_to_era(8);
		Rewards::do_try_state().unwrap();
		Ledgers::<Test>::remove(11);
		Rewards::do_try_state().unwrap();
	};
	breaks("INV-1", || {
		close();
		era(|era| era.all.points = 19_999_999);
	});
	breaks("INV-1", || {
		close();
		era(|era| era.waiting.points = 19_999_999);
	});
}

#[test]
fn inv_2_breaks_when_pay_is_not_the_shares() {
	breaks("INV-2", || era(|era| era.paid.work += 1));
	breaks("INV-2", || era(|era| era.released.work /= 2));
	breaks("INV-2", || era(|era| era.paid = Pay::default()));
	breaks("INV-2", || change(11, 3, |entry| entry.state = PayState::Refused));
	breaks("INV-2", || era(|era| era.paid.duty = 1));
}

/// Whatever was paid before, what can still be paid is no more than what is left.
#[test]
fn inv_2_breaks_when_an_era_can_pay_more_than_released() {
	breaks("INV-2", || {
		era(|era| era.paid.work += 2);
		go_to_era(8);
	});
}

#[test]
fn inv_3_breaks_when_released_without_settlement() {
	breaks("INV-3", || {
		score(4, 1, 11, 1);
		Eras::<Test>::mutate_extant(4, |era| era.released.work = 1);
	});
	breaks("INV-3", || {
		score(4, 1, 11, 1);
		Eras::<Test>::mutate_extant(4, |era| era.treasury = 1);
	});
}

#[test]
fn inv_3_breaks_when_released_for_nothing() {
	breaks("INV-3", || era(|era| era.released.duty = 1));
	breaks("INV-3", || era(|era| era.released.blocks = 1));
	breaks("INV-3", || {
		Rewards::era_settled(4);
		Eras::<Test>::mutate_extant(4, |era| era.treasury = 1);
	});
	breaks("INV-3", || {
		measured(4, 1, 11, 1);
		Rewards::era_settled(4);
		Eras::<Test>::mutate_extant(4, |era| era.released.work = 1);
	});
}

#[test]
fn inv_4_breaks_when_a_cleared_era_is_left() {
	breaks("INV-4", || Cleared::<Test>::put(4));
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
fn inv_7_breaks_when_a_ledger_is_not_in_order() {
	breaks("INV-7", || ledger(13, vec![]));
	breaks("INV-7", || ledger(13, vec![Entry::new(4), Entry::new(4)]));
	breaks("INV-7", || ledger(13, vec![Entry::new(4), Entry::new(3)]));
}

#[test]
fn inv_7_breaks_when_operators_are_paid_for_what_is_not_settled() {
	for state in [PayState::Paid, PayState::Refused, PayState::Forfeited] {
		breaks("INV-7", || {
			score(4, 1, 13, 1);
			change(13, 4, |entry| entry.state = state);
		});
	}
}

#[test]
fn inv_8_breaks_when_blocks_count_for_a_settled_era() {
	breaks("INV-8", || Unsettled::<Test>::put(3));
}
