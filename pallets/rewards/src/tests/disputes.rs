//! Pay that is disputed.

use super::*;
use crate::{Error, Event};
use dtel_primitives::DTEL;
use dtel_traits::Dispute;
use dtel_traits::{Payroll, ScoreSink};
use frame_support::{assert_noop, assert_storage_noop, dispatch::Pays};

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
		// Readers see at once what becomes of it, and what was earned beside it.
		let pay = Rewards::operator_pay(3, 11).unwrap();
		assert_eq!((pay.state, pay.payable, pay.disputed), (PayState::Forfeited, false, false));
		assert_eq!((pay.share.total(), pay.paid().map(|pay| pay.total())), (10 * DTEL, Some(0)));
		assert_eq!(
			Rewards::earned(11, 3),
			Some((4, Rewards::era_pay(4).unwrap().released.total()))
		);
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

/// The penalty is executed: nobody has to ask for the pay, or look at it, before the era is closed.
#[test]
fn pay_goes_to_the_reserve_when_a_penalty_took_it_and_nobody_asked() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		dispute(11, 3, Dispute::Lost);
		events();
		Rewards::forfeit(&11, 3);
		assert_eq!(events(), [Event::Forfeited { era: 3, owner: 11, amount: 10 * DTEL / 3 }]);
		assert_eq!((state(11, 3), Rewards::unpaid(11)), (PayState::Forfeited, vec![]));
		clear_in(7);
		events();
		clear_in(8);
		let (unclaimed, returned) = (20 * DTEL / 3, 10 * DTEL - 20 * DTEL / 3);
		assert_eq!(events(), [Event::EraClosed { era: 3, paid: 0, unclaimed, returned }]);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - unclaimed);
	});
}

/// What is lost is not credited: no order is to be kept.
#[test]
fn pay_is_lost_at_once_when_an_earlier_era_waits() {
	ExtBuilder::default().build_and_execute(|| {
		two_eras();
		dispute(11, 3, Dispute::Open);
		Rewards::forfeit(&11, 4);
		assert_eq!((state(11, 3), state(11, 4)), (PayState::Waiting, PayState::Forfeited));
		dispute(11, 3, Dispute::None);
		payout(3, 11).unwrap();
		assert_noop!(payout(4, 11), Error::<Test>::AlreadyPaid);
	});
}

#[test]
fn nothing_is_lost_twice_or_when_it_was_paid_or_cannot_be_any_more() {
	ExtBuilder::default().build_and_execute(|| {
		two_eras();
		payout(3, 11).unwrap();
		Rewards::forfeit(&11, 4);
		score(5, 1, 11, 1);
		// Paid, lost, not settled, nothing earned, and nothing known.
		for (era, owner) in [(3, 11), (4, 11), (5, 11), (5, 12), (9, 11)] {
			assert_storage_noop!(Rewards::forfeit(&owner, era));
		}
		Rewards::era_settled(5);
		go_to_era(10);
		assert_storage_noop!(Rewards::forfeit(&11, 5));
	});
}

/// It was executed while members of the era were still being scored.
#[test]
fn pay_of_an_era_that_is_settled_late_is_lost_when_its_turn_comes() {
	ExtBuilder::default().build_and_execute(|| {
		score(3, 1, 11, 1);
		dispute(11, 3, Dispute::Lost);
		Rewards::forfeit(&11, 3);
		go_to_era(4);
		Rewards::era_settled(3);
		idle();
		assert_eq!(state(11, 3), PayState::Forfeited);
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
