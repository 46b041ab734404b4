//! What readers see.

use super::*;
use crate::types::Split;
use dtel_primitives::{
	reward::{Expected, Pay, Work},
	BasisPoints, DTEL,
};
use dtel_traits::{Dispute, ScoreSink};

/// Era 3: account 11 earned as much as account 12, account 13 nothing.
fn shared_era() {
	go_to_era(3);
	for (node, owner, mbps) in [(1, 11, 1), (2, 11, 6), (4, 12, 7)] {
		score(3, node, owner, mbps);
	}
	score_with(3, 6, 13, 9, BasisPoints::ZERO);
	Rewards::era_settled(3);
}

#[test]
fn an_operators_share_is_seen_from_settlement_on() {
	ExtBuilder::default().build_and_execute(|| {
		score(3, 1, 11, 1);
		let pay = Rewards::operator_pay(3, 11).unwrap();
		assert_eq!((pay.share, pay.work, pay.payable), (work(0), points(10_000_000), false));
	});
	ExtBuilder::default().build_and_execute(|| {
		shared_era();
		let pay = Rewards::operator_pay(3, 11).unwrap();
		assert_eq!((pay.share, pay.paid(), pay.payable), (work(5 * DTEL), None, false));
		go_to_era(4);
		assert!(Rewards::operator_pay(3, 11).unwrap().payable);
		payout(3, 11).unwrap();
		let pay = Rewards::operator_pay(3, 11).unwrap();
		assert_eq!((pay.paid(), pay.payable), (Some(work(5 * DTEL)), false));
		assert_eq!(Rewards::operator_pay(3, 12).unwrap().paid(), None);
		assert_eq!((Rewards::operator_pay(3, 13), Rewards::payable(3, 13)), (None, None));
	});
}

#[test]
fn an_operator_got_nothing_when_nobody_could_take_it() {
	ExtBuilder::default().build_and_execute(|| {
		shared_era();
		go_to_era(4);
		Refused::mutate(|refused| refused.insert(11));
		payout(3, 11).unwrap();
		let pay = Rewards::operator_pay(3, 11).unwrap();
		assert_eq!((pay.paid(), pay.share), (Some(work(0)), work(5 * DTEL)));
	});
}

#[test]
fn only_the_first_era_is_payable_when_several_wait() {
	ExtBuilder::default().build_and_execute(|| {
		shared_era();
		lone_era(4);
		go_to_era(5);
		assert_eq!(Rewards::unpaid(11), [3, 4]);
		assert_eq!(Rewards::payable(3, 11), Some(5 * DTEL));
		assert_eq!(Rewards::payable(4, 11), None);
		payout(3, 11).unwrap();
		assert_eq!(Rewards::unpaid(11), [4]);
		assert!(Rewards::payable(4, 11).is_some());
	});
}

#[test]
fn history_is_paged_by_era() {
	ExtBuilder::default().build_and_execute(|| {
		(1..=4).for_each(lone_era);
		go_to_era(5);
		payout(1, 11).unwrap();
		dispute(11, 2, Dispute::Open);
		let eras = |start, limit| {
			let page = Rewards::history(11, start, limit);
			page.into_iter().map(|pay| pay.era).collect::<Vec<_>>()
		};
		assert_eq!(eras(0, 9), [1, 2, 3, 4]);
		assert_eq!(eras(0, 2), [1, 2]);
		assert_eq!(eras(3, 9), [3, 4]);
		assert_eq!((eras(5, 9), eras(0, 0)), (vec![], vec![]));
		let page = Rewards::history(11, 1, 2);
		assert_eq!((page[0].state, page[0].disputed), (PayState::Paid, false));
		assert_eq!((page[1].state, page[1].disputed), (PayState::Waiting, true));
		assert_eq!(page[0], Rewards::operator_pay(1, 11).unwrap());
		assert_eq!(Rewards::history(99, 0, 9), []);
	});
}

#[test]
fn nothing_is_seen_when_the_era_is_closed_and_not_yet_cleared() {
	ExtBuilder::default().build_and_execute(|| {
		shared_era();
		go_to_era(8);
		assert_eq!((Rewards::era_pay(3), Rewards::operator_pay(3, 11)), (None, None));
		assert_eq!((Rewards::history(11, 0, 9), Rewards::payable(3, 11)), (vec![], None));
		assert!(Rewards::unpaid(11).is_empty());
		assert_eq!((Rewards::expected(11), Rewards::earned(11, 0)), (None, None));
	});
}

#[test]
fn the_running_era_is_expected_to_be_like_the_last() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Rewards::expected(11), None);
		shared_era();
		go_to_era(4);
		// The reserve has 990 DTEL left, of which an era releases 9.9.
		let amount = 99 * DTEL / 20;
		assert_eq!(Rewards::expected(11), Some(Expected { era: 4, like: 3, amount }));
		assert_eq!(Rewards::expected(13), Some(Expected { era: 4, like: 3, amount: 0 }));
		// So it is, if it is.
		for (node, owner, mbps) in [(1, 11, 1), (2, 11, 6), (4, 12, 7)] {
			score(4, node, owner, mbps);
		}
		Rewards::era_settled(4);
		assert_eq!(Rewards::operator_pay(4, 11).unwrap().share, work(amount));
	});
}

/// From its settlement to its end the running era is not to be guessed any more: the reserve gave for it what it did.
#[test]
fn the_running_eras_share_is_expected_when_it_is_settled() {
	ExtBuilder::default().build_and_execute(|| {
		shared_era();
		assert_eq!(Rewards::expected(11), Some(Expected { era: 3, like: 3, amount: 5 * DTEL }));
		assert_eq!(Rewards::operator_pay(3, 11).unwrap().share, work(5 * DTEL));
		assert_eq!(Rewards::expected(13), Some(Expected { era: 3, like: 3, amount: 0 }));
	});
}

#[test]
fn all_parts_are_expected_when_the_release_is_split() {
	ExtBuilder::default().build_and_execute(|| {
		Parts::set(Split::DEFAULT);
		for era in 0..2 {
			authors(11, 1);
			authors(12, 2);
			score(era, 1, 12, 1);
			measured(era, 2, 11, 3);
			measured(era, 3, 12, 1);
			go_to_era(era);
			let expected = Rewards::expected(11);
			Rewards::era_settled(era);
			if let Some(expected) = expected {
				assert_eq!(Rewards::operator_pay(era, 11).unwrap().share.total(), expected.amount);
			}
		}
		let pay = Rewards::operator_pay(0, 11).unwrap();
		assert_eq!(pay.work, Work { points: 0, blocks: 1, duty: 3 });
		let share = Pay { work: 0, blocks: 8 * DTEL / 10 / 3, duty: 7 * DTEL / 10 * 3 / 4 };
		assert_eq!(pay.share, share);
		Parts::set(WORK_ONLY);
	});
}

#[test]
fn what_was_earned_is_added_up_from_an_era_on() {
	ExtBuilder::default().build_and_execute(|| {
		(1..=4).for_each(lone_era);
		go_to_era(4);
		let of = |era| Rewards::era_pay(era).unwrap().released.total();
		payout(1, 11).unwrap();
		Refused::mutate(|refused| refused.insert(11));
		payout(2, 11).unwrap();
		assert_eq!(Rewards::earned(11, 0), Some((4, of(1) + of(3) + of(4))));
		assert_eq!(Rewards::earned(11, 4), Some((4, of(4))));
		assert_eq!(Rewards::earned(11, 5), None);
		assert_eq!(Rewards::earned(12, 0), Some((4, 0)));
	});
}
