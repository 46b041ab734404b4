//! Payouts that nobody asks for.

use super::*;
use crate::{types::Walk, Event, Walked, WeightInfo, WALK_PAGE};
use dtel_primitives::DTEL;
use dtel_traits::ScoreSink;
use frame_support::{assert_storage_noop, traits::Hooks, weights::Weight};

type W = ();

#[test]
fn operators_are_paid_when_nobody_asks() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		assert_eq!(idle(), W::on_idle_base() + W::walk(2));
		assert_eq!(Credited::get(), [], "in escrow");
		go_to_era(4);
		events();
		idle();
		let mut credited = Credited::get();
		credited.sort();
		assert_eq!(credited, [(11, 3, 10 * DTEL / 3), (12, 3, 20 * DTEL / 3)]);
		assert_eq!(events().len(), 2);
		assert_eq!((state(11, 3), state(12, 3)), (PayState::Paid, PayState::Paid));
	});
}

#[test]
fn one_era_of_each_is_paid_in_a_pass_in_their_order() {
	ExtBuilder::default().build_and_execute(|| {
		lone_era(2);
		lone_era(3);
		lone_era(4);
		go_to_era(4);
		idle();
		assert_eq!(Rewards::unpaid(11), [3, 4]);
		idle();
		assert_eq!(Rewards::unpaid(11), [4]);
		// The next pass finds nothing, and the walk rests.
		idle();
		assert_eq!(Walked::<Test>::get(), Walk { after: None, busy: false, from: 5 });
		assert_storage_noop!(assert_eq!(idle(), W::on_idle_base()));
		go_to_era(5);
		idle();
		assert!(Rewards::unpaid(11).is_empty());
		let eras: Vec<_> = Credited::get().into_iter().map(|(_, era, _)| era).collect();
		assert_eq!(eras, [2, 3, 4]);
	});
}

#[test]
fn closed_eras_leave_ledgers_when_the_walk_comes_by() {
	ExtBuilder::default().build_and_execute(|| {
		lone_era(2);
		lone_era(3);
		go_to_era(4);
		idle();
		idle();
		go_to_era(7);
		idle();
		assert_eq!(Ledgers::<Test>::get(11).len(), 1);
		go_to_era(8);
		idle();
		assert!(!Ledgers::<Test>::contains_key(11), "nothing is left to know");
	});
}

#[test]
fn everybody_is_paid_page_by_page() {
	let operators = 2 * WALK_PAGE + 1;
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		for node in 0..operators {
			score(3, node, 1_000 + AccountId::from(node), 1);
		}
		Rewards::era_settled(3);
		go_to_era(4);
	});
	ext.commit_all().unwrap();
	ext.execute_with(|| {
		for paid in [WALK_PAGE, 2 * WALK_PAGE, operators] {
			idle();
			assert_eq!(Credited::get().len() as u32, paid);
			Rewards::do_try_state().unwrap();
		}
		assert_eq!(Walked::<Test>::get(), Walk { after: None, busy: false, from: 4 });
	});
}

/// Whoever was looked at in the last blocks of an era may be payable in the first ones of the next.
#[test]
fn the_walk_does_not_rest_in_an_era_that_began_while_it_was_under_way() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		(0..WALK_PAGE).for_each(|node| score(3, node, 1_000 + AccountId::from(node), 1));
		Rewards::era_settled(3);
		System::set_block_number(30 * 4 - 1);
	});
	ext.commit_all().unwrap();
	ext.execute_with(|| {
		idle();
		assert_eq!(Credited::get(), [], "in escrow");
		let began = Walked::<Test>::get();
		assert!(began.after.is_some() && !began.busy && began.from == 3);
		go_to_era(4);
		// Nobody is left to look at, so it begins anew.
		idle();
		assert_eq!(Walked::<Test>::get(), Walk { after: None, busy: false, from: 4 });
		idle();
		assert_eq!(Credited::get().len() as u32, WALK_PAGE);
	});
}

#[test]
fn the_walk_is_woken_when_an_era_is_settled_late() {
	ExtBuilder::default().build_and_execute(|| {
		score(3, 1, 11, 1);
		score(4, 2, 12, 1);
		go_to_era(5);
		idle();
		assert_eq!(Walked::<Test>::get().from, 6, "there was nothing to do");
		Rewards::era_settled(3);
		idle();
		assert_eq!(state(11, 3), PayState::Paid);
		// That of an era which is in escrow wakes nobody.
		while Walked::<Test>::get().from < 6 {
			idle();
		}
		lone_era(5);
		assert_eq!(Walked::<Test>::get().from, 6);
		Rewards::era_settled(4);
		idle();
		assert_eq!(state(12, 4), PayState::Paid);
	});
}

/// It may have been passed by already.
#[test]
fn the_walk_looks_again_when_an_era_is_settled_while_it_is_under_way() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		(0..WALK_PAGE + 1).for_each(|node| score(3, node, 1_000 + AccountId::from(node), 1));
		go_to_era(5);
	});
	ext.commit_all().unwrap();
	ext.execute_with(|| {
		idle();
		assert!(Walked::<Test>::get().after.is_some());
		Rewards::era_settled(3);
		(0..3).for_each(|_| {
			idle();
		});
		assert_eq!(Credited::get().len() as u32, WALK_PAGE + 1);
	});
}

/// What the weight of a page has to bound: of each operator another era's entry is read and written.
#[cfg(feature = "runtime-benchmarks")]
#[test]
fn each_operator_is_paid_for_another_era_in_the_benchmark() {
	use std::collections::BTreeSet;
	for (history, eras) in [(40, WALK_PAGE as usize), (4, 4)] {
		let mut ext = ExtBuilder::default().without_stakers().reserve(0).build();
		HistoryEras::set(history);
		ext.execute_with(|| {
			let owners = (0..WALK_PAGE).map(AccountId::from);
			let of = |owner| crate::benchmarking::payable::<Test>(&owner, owner as u32).unwrap();
			assert_eq!(owners.map(of).collect::<BTreeSet<_>>().len(), eras);
		});
		ext.commit_all().unwrap();
		ext.execute_with(|| {
			assert_eq!(Rewards::walk(Walk::default(), WALK_PAGE), WALK_PAGE);
			let paid: BTreeSet<_> = Credited::get().into_iter().map(|(_, era, _)| era).collect();
			assert_eq!((Credited::get().len(), paid.len()), (WALK_PAGE as usize, eras));
		});
		HistoryEras::set(4);
	}
}

#[test]
fn the_walk_goes_on_when_the_last_operator_is_gone() {
	ExtBuilder::default().build().execute_with(|| {
		era_three();
		go_to_era(4);
		let one = W::on_idle_base() + W::walk(1);
		assert_eq!(Rewards::on_idle(System::block_number(), one), one);
		assert_eq!(Credited::get().len(), 1);
		Ledgers::<Test>::remove(Walked::<Test>::get().after.unwrap());
		Rewards::on_idle(System::block_number(), one);
		assert_eq!(Credited::get().len(), 2);
	});
}

#[test]
fn fewer_are_looked_at_when_there_is_less_weight() {
	ExtBuilder::default().build_and_execute(|| {
		for node in 0..5 {
			score(3, node, 1_000 + AccountId::from(node), 1);
		}
		Rewards::era_settled(3);
		go_to_era(4);
		let block = System::block_number();
		let just_short = |step: Weight| W::on_idle_base() + step - Weight::from_parts(1, 0);
		assert_storage_noop!(assert_eq!(Rewards::on_idle(block, Weight::zero()), Weight::zero()));
		assert_storage_noop!(assert_eq!(
			Rewards::on_idle(block, just_short(W::walk(1))),
			W::on_idle_base()
		));
		let spent = Rewards::on_idle(block, just_short(W::walk(4)));
		assert_eq!(spent, W::on_idle_base() + W::walk(3));
		assert_eq!(Credited::get().len(), 3);
	});
}

#[test]
fn a_refusal_is_final_when_the_walk_asks() {
	ExtBuilder::default().build_and_execute(|| {
		lone_era(3);
		Refused::mutate(|refused| refused.insert(11));
		go_to_era(4);
		events();
		idle();
		assert_eq!(events(), [Event::PaidOut { era: 3, owner: 11, amount: 0 }]);
		assert_eq!(state(11, 3), PayState::Refused);
	});
}

#[test]
fn nobody_is_paid_twice_when_both_ask() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		payout(3, 11).unwrap();
		idle();
		idle();
		assert_eq!(Credited::get().len(), 2);
		assert_eq!(payout(3, 12).unwrap_err().error, crate::Error::<Test>::AlreadyPaid.into());
	});
}
