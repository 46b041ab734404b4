//! The call `payout`.

use super::*;
use crate::{types::Split, Eras, Error, Event, Released};
use dtel_primitives::{reward::Pay, BasisPoints, DTEL};
use dtel_traits::ScoreSink;
use frame_support::{
	assert_noop,
	dispatch::Pays,
	storage::{transactional::TRANSACTION_LEVEL_KEY, unhashed},
};
use sp_io::hashing::twox_128;
use sp_runtime::{DispatchError, TransactionalError};
use std::collections::BTreeSet;

/// Refused by a rule of the pallet, as readers could know.
macro_rules! assert_refused {
	($era:expr, $owner:expr, $error:expr) => {
		assert_eq!(Rewards::payable($era, $owner), None);
		assert_noop!(payout($era, $owner), $error);
	};
}

/// Settles an era that released 100 planck.
fn poor_era() {
	EraMillis::set(u64::MAX);
	era_three();
	EraMillis::set(dtel_math::money::YEAR_MS / 100);
	assert_eq!(Rewards::era_pay(3).unwrap().released, work(100));
}

#[test]
fn stakers_are_paid_when_the_escrow_is_over() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		events();
		let amount = 10 * DTEL / 3;
		assert_eq!(Rewards::payable(3, 11), Some(amount));
		assert_eq!(payout(3, 11).unwrap().pays_fee, Pays::No);
		assert_eq!(events(), [Event::PaidOut { era: 3, owner: 11, amount }]);
		assert_eq!(Credited::get(), [(11, 3, amount)]);
		assert_eq!(balance(STAKERS), ED + 10 * DTEL, "where it was before");
		assert_eq!((balance(11), balance(ANYBODY)), (0, DTEL));
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - 10 * DTEL);
		assert_eq!(Rewards::operator_pay(3, 11).unwrap().paid(), Some(work(amount)));
		assert_eq!(Rewards::operator_pay(3, 12).unwrap().paid(), None);
		assert_eq!(Rewards::era_pay(3).unwrap().paid, work(amount));
		assert_eq!(Released::<Test>::get(), 10 * DTEL);
		assert_eq!((state(11, 3), Rewards::unpaid(11)), (PayState::Paid, vec![]));
		assert_eq!(Rewards::unpaid(12), [3]);
	});
}

#[test]
fn all_nodes_are_paid_at_once_when_an_operator_has_several() {
	ExtBuilder::default().build_and_execute(|| {
		go_to_era(3);
		score(3, 1, 11, 1);
		score(3, 2, 12, 1);
		score(3, 3, 11, 3);
		score_with(3, 4, 11, 9, BasisPoints::ZERO);
		Rewards::era_settled(3);
		go_to_era(4);
		events();
		payout(3, 11).unwrap();
		assert_eq!(events(), [Event::PaidOut { era: 3, owner: 11, amount: 8 * DTEL }]);
		assert_eq!(Credited::get(), [(11, 3, 8 * DTEL)]);
		assert_refused!(3, 11, Error::<Test>::AlreadyPaid);
		payout(3, 12).unwrap();
		assert_eq!(credited(), 10 * DTEL);
	});
}

/// 80, 8, 7 and 5 percent of ten.
#[test]
fn all_three_shares_are_one_credit_when_the_release_is_split() {
	ExtBuilder::default().build_and_execute(|| {
		Parts::set(Split::DEFAULT);
		authors(11, 1);
		authors(12, 3);
		Rewards::era_settled(0);
		authors(11, 1);
		authors(12, 3);
		go_to_era(1);
		score(1, 1, 11, 1);
		measured(1, 2, 11, 4);
		measured(1, 3, 13, 2);
		Rewards::era_settled(1);
		let era = Rewards::era_pay(1).unwrap();
		// What the first era gave for blocks and the treasury is gone from the reserve.
		let whole = (1_000 * DTEL - 13 * DTEL / 10) / 100;
		let part = |bp: u128| whole * bp / 10_000;
		assert_eq!(era.released, Pay { work: part(8_000), blocks: part(800), duty: part(700) });
		assert_eq!(era.treasury, part(500));
		assert_eq!(balance(TREASURY), ED + DTEL / 2 + part(500));
		go_to_era(2);
		payout(0, 11).unwrap();
		payout(1, 11).unwrap();
		let share = Pay { work: part(8_000), blocks: part(800) / 4, duty: part(700) * 4 / 6 };
		assert_eq!(Credited::get(), [(11, 0, 8 * DTEL / 10 / 4), (11, 1, share.total())]);
		assert_eq!(Rewards::operator_pay(1, 11).unwrap().paid(), Some(share));
		assert_eq!(Rewards::era_pay(1).unwrap().paid, share);
		payout(1, 13).unwrap();
		assert_eq!(Credited::get()[2], (13, 1, part(700) * 2 / 6));
		Parts::set(WORK_ONLY);
	});
}

#[test]
fn the_pot_survives_when_everything_is_paid_and_taken() {
	ExtBuilder::default().build_and_execute(|| {
		lone_era(3);
		go_to_era(4);
		payout(3, 11).unwrap();
		stakers_take(10 * DTEL);
		assert_eq!(balance(STAKERS), ED);
	});
}

/// The era, and the operator's ledger. No account, and nothing for all eras.
#[test]
fn two_entries_are_written_when_stakers_take_it() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		era_three();
		lone_era(4);
		go_to_era(5);
	});
	ext.commit_all().unwrap();
	ext.execute_with(|| payout(3, 11).unwrap());
	let accounts = [twox_128(b"System"), twox_128(b"Account")].concat();
	let ours = [twox_128(b"Rewards").to_vec(), twox_128(b"Balances").to_vec(), accounts];
	let written = ext.overlayed_changes().changes().map(|(key, _)| key.clone());
	let written: BTreeSet<_> =
		written.filter(|key| ours.iter().any(|of| key.starts_with(of))).collect();
	let expected = [Eras::<Test>::hashed_key_for(3), Ledgers::<Test>::hashed_key_for(11)];
	assert_eq!(written, BTreeSet::from(expected));
}

#[test]
fn nothing_is_paid_when_nobody_can_take_it() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		lone_era(4);
		go_to_era(5);
		events();
		Refused::mutate(|refused| refused.insert(11));
		assert_eq!(payout(3, 11).unwrap().pays_fee, Pays::No);
		assert_eq!(events(), [Event::PaidOut { era: 3, owner: 11, amount: 0 }]);
		assert_eq!(Credited::get(), [], "rolled back");
		assert_eq!(state(11, 3), PayState::Refused);
		assert_eq!(Rewards::operator_pay(3, 11).unwrap().paid(), Some(work(0)));
		assert_eq!(Rewards::era_pay(3).unwrap().paid, work(0));
		assert_eq!(balance(STAKERS), ED + Released::<Test>::get());

		Refused::mutate(|refused| refused.remove(&11));
		assert_refused!(3, 11, Error::<Test>::AlreadyPaid);
		assert_eq!(Rewards::unpaid(11), [4]);
		let amount = Rewards::payable(4, 11).unwrap();
		payout(4, 11).unwrap();
		assert_eq!(Credited::get(), [(11, 4, amount)]);
	});
}

#[test]
fn nothing_is_paid_when_the_share_is_below_a_planck() {
	ExtBuilder::default().reserve(ED + 100).build_and_execute(|| {
		score_with(3, 4, 14, 1, BasisPoints::new(1).unwrap());
		score(3, 5, 15, 1_000_000);
		poor_era();
		go_to_era(4);
		events();
		assert_eq!(Rewards::payable(3, 14), Some(0));
		assert_eq!(payout(3, 14).unwrap().pays_fee, Pays::No);
		assert_eq!(events(), [Event::PaidOut { era: 3, owner: 14, amount: 0 }]);
		assert_eq!((Credited::get(), Rewards::unpaid(14)), (vec![], vec![]));
		assert_refused!(3, 14, Error::<Test>::AlreadyPaid);
	});
}

#[test]
fn nothing_is_paid_when_nothing_was_released() {
	ExtBuilder::default().reserve(0).build_and_execute(|| {
		era_three();
		go_to_era(4);
		assert_eq!(Rewards::payable(3, 11), Some(0));
		payout(3, 11).unwrap();
		assert_eq!((Credited::get(), balance(STAKERS)), (vec![], ED));
	});
}

#[test]
fn nothing_is_paid_when_a_later_era_was_paid_before_this_one_was_scored() {
	ExtBuilder::default().build_and_execute(|| {
		lone_era(4);
		go_to_era(5);
		payout(4, 11).unwrap();
		lone_era(3);
		payout(3, 11).unwrap();
		assert_eq!(state(11, 3), PayState::Refused);
		assert_eq!(Credited::get(), [(11, 4, 10 * DTEL)]);
	});
}

#[test]
fn fails_when_not_signed() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		assert_noop!(Rewards::payout(RuntimeOrigin::none(), 3, 11), DispatchError::BadOrigin);
		assert_noop!(Rewards::payout(RuntimeOrigin::root(), 3, 11), DispatchError::BadOrigin);
	});
}

#[test]
fn fails_when_the_era_is_unknown() {
	ExtBuilder::default().build_and_execute(|| {
		go_to_era(4);
		assert_refused!(2, 11, Error::<Test>::EraUnknown);
		assert_refused!(u32::MAX, 11, Error::<Test>::EraUnknown);
	});
}

#[test]
fn fails_when_the_era_is_not_settled() {
	ExtBuilder::default().build_and_execute(|| {
		score(2, 1, 11, 1);
		go_to_era(4);
		assert_refused!(2, 11, Error::<Test>::EraNotSettled);
	});
}

#[test]
fn fails_when_in_escrow() {
	ExtBuilder::default().build_and_execute(|| {
		EscrowEras::set(2);
		era_three();
		System::set_block_number(30 * 5 - 1);
		assert_refused!(3, 11, Error::<Test>::InEscrow);
		System::set_block_number(30 * 5);
		payout(3, 11).unwrap();
	});
}

/// Stakers would refuse it, and it would be lost to them.
#[test]
fn fails_when_the_era_runs_and_there_is_no_escrow() {
	ExtBuilder::default().build_and_execute(|| {
		EscrowEras::set(0);
		era_three();
		System::set_block_number(30 * 4 - 1);
		assert_refused!(3, 11, Error::<Test>::InEscrow);
		System::set_block_number(30 * 4);
		payout(3, 11).unwrap();
	});
}

#[test]
fn fails_when_the_operator_had_no_node() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		assert_refused!(3, 14, Error::<Test>::NothingEarned);
	});
}

#[test]
fn fails_when_nothing_was_earned() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		assert_refused!(3, 13, Error::<Test>::NothingEarned);
	});
}

#[test]
fn fails_when_disputed() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		dispute(11, 3, dtel_traits::Dispute::Open);
		assert_refused!(3, 11, Error::<Test>::Disputed);
	});
}

#[test]
fn fails_when_paid_before() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		payout(3, 11).unwrap();
		assert_refused!(3, 11, Error::<Test>::AlreadyPaid);
	});
}

#[test]
fn fails_when_an_earlier_era_is_unpaid() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		for era in [4, 5] {
			score(era, 1, 11, 1);
			score(era, 3, 13, 1);
			Rewards::era_settled(era);
		}
		go_to_era(6);
		assert_eq!(Rewards::unpaid(11), [3, 4, 5]);
		assert_refused!(5, 11, Error::<Test>::EarlierUnpaid);
		assert_refused!(4, 11, Error::<Test>::EarlierUnpaid);
		// Whoever did not earn in that era does not wait for it.
		payout(4, 13).unwrap();
		payout(3, 11).unwrap();
		assert_refused!(5, 11, Error::<Test>::EarlierUnpaid);
		payout(4, 11).unwrap();
		payout(5, 11).unwrap();
		let eras: Vec<_> = Credited::get().into_iter().map(|(who, era, _)| (who, era)).collect();
		assert_eq!(eras, [(13, 4), (11, 3), (11, 4), (11, 5)]);
	});
}

#[test]
fn fails_when_an_earlier_era_is_not_settled() {
	ExtBuilder::default().build_and_execute(|| {
		score(3, 1, 11, 1);
		lone_era(4);
		go_to_era(5);
		assert_refused!(4, 11, Error::<Test>::EarlierUnpaid);
		Rewards::era_settled(3);
		payout(3, 11).unwrap();
		payout(4, 11).unwrap();
	});
}

#[test]
fn a_later_era_is_paid_when_the_earlier_one_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		score(3, 1, 11, 1);
		lone_era(4);
		go_to_era(7);
		assert_refused!(4, 11, Error::<Test>::EarlierUnpaid);
		go_to_era(8);
		payout(4, 11).unwrap();
		assert_eq!(Credited::get(), [(11, 4, 10 * DTEL)]);
		assert_eq!((entry(11, 3), Rewards::unpaid(11)), (None, vec![]));
	});
}

#[test]
fn fails_when_the_era_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		// Whether or not it was cleared.
		go_to_era(8);
		assert!(Eras::<Test>::contains_key(3));
		assert_refused!(3, 11, Error::<Test>::EraClosed);
		clear_in(8);
		assert!(!Eras::<Test>::contains_key(3));
		assert_refused!(3, 11, Error::<Test>::EraClosed);
	});
}

/// Nobody can make stakers lose a share by asking for it from deep within other calls.
#[test]
fn fails_when_the_caller_used_up_all_layers() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		// The call takes one layer, the credit none.
		unhashed::put(TRANSACTION_LEVEL_KEY, &255u32);
		assert_noop!(payout(3, 11), TransactionalError::LimitReached);
		unhashed::put(TRANSACTION_LEVEL_KEY, &254u32);
		payout(3, 11).unwrap();
		assert_eq!(Credited::get(), [(11, 3, 10 * DTEL / 3)]);
		unhashed::kill(TRANSACTION_LEVEL_KEY);
	});
}

#[test]
fn fails_when_the_era_would_pay_more_than_released() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		era_three();
		go_to_era(4);
		Eras::<Test>::mutate_extant(3, |era| era.paid.work = 9 * DTEL);
		assert_refused!(3, 11, Error::<Test>::BudgetExceeded);
		Eras::<Test>::mutate_extant(3, |era| era.paid.work = 11 * DTEL);
		assert_refused!(3, 11, Error::<Test>::BudgetExceeded);
		// Each part is on its own.
		Eras::<Test>::mutate_extant(3, |era| era.paid = Pay { duty: 1, ..Pay::default() });
		assert_refused!(3, 11, Error::<Test>::BudgetExceeded);
	});
}

#[test]
fn fails_when_the_operator_has_more_points_than_its_era() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		era_three();
		go_to_era(4);
		change(11, 3, |entry| entry.points = 30_000_001);
		assert_refused!(3, 11, Error::<Test>::PointsExceedEra);
		change(11, 3, |entry| entry.points = 30_000_000);
		Eras::<Test>::mutate_extant(3, |era| era.waiting.points = 29_999_999);
		assert_refused!(3, 11, Error::<Test>::PointsExceedEra);
	});
}

/// A broken era holds its operators' later ones up, so that it can still be repaired, but not for ever.
#[test]
fn later_eras_are_paid_when_a_broken_one_is_closed() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		era_three();
		lone_era(4);
		go_to_era(5);
		Eras::<Test>::mutate_extant(3, |era| era.all.points = 1);
		assert_refused!(3, 11, Error::<Test>::PointsExceedEra);
		assert_refused!(4, 11, Error::<Test>::EarlierUnpaid);
		go_to_era(8);
		payout(4, 11).unwrap();
	});
}
