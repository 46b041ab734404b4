//! Pay that is disputed.

use super::*;
use crate::{Error, Event};
use dtel_primitives::DTEL;
use dtel_traits::Dispute;
use frame_support::{assert_noop, dispatch::Pays};

/// Eras 3 and 4, in which node 1 of account 11 alone earned.
fn two_eras() {
	lone_era(3);
	lone_era(4);
	go_to_era(5);
	events();
}

#[test]
fn pay_waits_when_a_penalty_is_not_decided() {
	ExtBuilder::default().build_and_execute(|| {
		two_eras();
		dispute(11, 3, Dispute::Open);
		assert_eq!(Rewards::payable(3, 11), None);
		assert!(Rewards::operator_pay(3, 11).unwrap().disputed);
		assert_noop!(payout(3, 11), Error::<Test>::Disputed);
		// So do those that come later.
		assert_noop!(payout(4, 11), Error::<Test>::EarlierUnpaid);
		idle();
		assert_eq!(Credited::get(), []);
		assert_eq!(Rewards::unpaid(11), [3, 4]);
	});
}

#[test]
fn pay_is_paid_when_the_penalty_is_cancelled() {
	ExtBuilder::default().build_and_execute(|| {
		two_eras();
		dispute(11, 3, Dispute::Open);
		idle();
		dispute(11, 3, Dispute::None);
		payout(3, 11).unwrap();
		assert_eq!(Credited::get(), [(11, 3, 10 * DTEL)]);
		payout(4, 11).unwrap();
	});
}

#[test]
fn pay_is_forfeited_when_the_penalty_takes_it() {
	ExtBuilder::default().build_and_execute(|| {
		two_eras();
		dispute(11, 3, Dispute::Lost);
		assert_eq!(Rewards::payable(3, 11), Some(0));
		assert!(!Rewards::operator_pay(3, 11).unwrap().payable);
		assert_eq!(payout(3, 11).unwrap().pays_fee, Pays::No);
		assert_eq!(events(), [Event::Forfeited { era: 3, owner: 11, amount: 10 * DTEL }]);
		assert_eq!(state(11, 3), PayState::Forfeited);
		assert_eq!(Rewards::operator_pay(3, 11).unwrap().paid().map(|pay| pay.total()), Some(0));
		assert_noop!(payout(3, 11), Error::<Test>::AlreadyPaid);
		// What comes later is its own matter.
		payout(4, 11).unwrap();
		assert_eq!(credited(), Rewards::era_pay(4).unwrap().paid.total());
		assert_eq!(Rewards::era_pay(3).unwrap().paid.total(), 0);
	});
}

#[test]
fn what_was_forfeited_goes_to_the_reserve_when_the_era_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		dispute(11, 3, Dispute::Lost);
		payout(3, 11).unwrap();
		payout(3, 12).unwrap();
		let paid = credited();
		clear_in(7);
		events();
		clear_in(8);
		let returned = 10 * DTEL - paid;
		assert_eq!(events(), [Event::EraClosed { era: 3, paid, unclaimed: 0, returned }]);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - paid);
		assert_eq!(balance(TREASURY), ED);
	});
}

#[test]
fn the_walk_forfeits_what_is_lost_and_passes_what_is_open() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		dispute(11, 3, Dispute::Lost);
		dispute(12, 3, Dispute::Open);
		idle();
		assert_eq!((state(11, 3), state(12, 3)), (PayState::Forfeited, PayState::Waiting));
	});
}

/// No dispute holds later eras up for longer than the disputed one is open.
#[test]
fn later_eras_are_paid_when_the_disputed_one_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		two_eras();
		dispute(11, 3, Dispute::Open);
		go_to_era(7);
		assert_noop!(payout(4, 11), Error::<Test>::EarlierUnpaid);
		go_to_era(8);
		assert_noop!(payout(3, 11), Error::<Test>::EraClosed);
		payout(4, 11).unwrap();
	});
}

/// Earned, and never decided: nobody's rule took it.
#[test]
fn what_is_disputed_to_the_end_goes_to_the_treasury() {
	ExtBuilder::default().build_and_execute(|| {
		lone_era(3);
		dispute(11, 3, Dispute::Open);
		idle_in(8);
		assert_eq!(balance(TREASURY), ED + 10 * DTEL);
	});
}
