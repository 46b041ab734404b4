//! Closing and sweeping in `on_idle`.

use crate::{
	mock::*, types::Horizon, Eras, Event, History, Operators, Points, Released, Unpaid, WeightInfo,
	MAX_UNPAID, SWEEP_PAGE,
};
use dtel_primitives::DTEL;
use dtel_traits::ScoreSink;
use frame_support::{assert_storage_noop, traits::Hooks, weights::Weight};

type W = ();

/// Goes to `era` and steps until nothing is left to do.
fn tidy_up(era: u32) -> u32 {
	go_to_era(era);
	let mut steps = 0;
	while idle() != W::on_idle_base() {
		steps += 1;
	}
	steps
}

#[test]
fn nothing_happens_when_no_era_is_past() {
	ExtBuilder::default().build_and_execute(|| {
		go_to_era(4);
		assert_storage_noop!(assert_eq!(idle(), W::on_idle_base()));
	});
}

#[test]
fn the_rest_returns_to_the_reserve_when_an_era_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		payout(3, 11).unwrap();
		let paid = credited();
		assert_eq!(tidy_up(7), 6, "three eras before it");
		assert!(Eras::<Test>::contains_key(3));
		events();
		assert_eq!(tidy_up(8), 2);
		let returned = 10 * DTEL - paid;
		assert_eq!(events(), [Event::EraClosed { era: 3, paid, returned }]);
		assert_eq!(balance(STAKERS), ED + paid);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - paid);
		assert_eq!(Released::<Test>::get(), 0);
		assert_eq!(Points::<Test>::iter().count() + Eras::<Test>::iter().count(), 0);
		assert_eq!(Operators::<Test>::iter().count() + Unpaid::<Test>::iter().count(), 0);
		assert_eq!(History::<Test>::get(), Horizon { oldest: 4, sweeping: false });
		assert_eq!((Rewards::era_pay(3), Rewards::node_pay(3, 1)), (None, None));
	});
}

#[test]
fn a_share_returns_to_the_reserve_when_nobody_could_take_it() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		payout(3, 11).unwrap();
		let paid = credited();
		Refused::mutate(|refused| refused.insert(12));
		payout(3, 12).unwrap();
		assert_eq!(credited(), paid);
		tidy_up(7);
		events();
		tidy_up(8);
		let returned = 10 * DTEL - paid;
		assert_eq!(events(), [Event::EraClosed { era: 3, paid, returned }]);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - paid);
	});
}

#[test]
fn the_rest_returns_when_stakers_took_what_they_got() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		lone_era(4);
		go_to_era(5);
		payout(3, 11).unwrap();
		let paid = credited();
		stakers_take(paid);
		tidy_up(8);
		let next = Rewards::era_pay(4).unwrap().released;
		assert_eq!(Released::<Test>::get(), next, "the other era is open");
		assert_eq!(balance(STAKERS), ED + next);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - paid - next);
	});
}

/// What lies in the pot is not the era's alone.
#[test]
fn nothing_returns_when_more_was_released_for_an_era_than_for_all() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		era_three();
		lone_era(4);
		Eras::<Test>::mutate_extant(3, |era| era.released = 20 * DTEL);
		let (pot, all) = (balance(STAKERS), Released::<Test>::get());
		tidy_up(7);
		events();
		tidy_up(8);
		assert_eq!(events(), [Event::EraClosed { era: 3, paid: 0, returned: 0 }]);
		assert_eq!((balance(STAKERS), Released::<Test>::get()), (pot, all));
	});
}

#[test]
fn an_era_is_closed_without_pay_when_it_was_never_settled() {
	ExtBuilder::default().build_and_execute(|| {
		score(0, 1, 11, 1);
		tidy_up(5);
		assert_eq!(events(), [Event::EraClosed { era: 0, paid: 0, returned: 0 }]);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE);
	});
}

#[test]
fn an_era_stays_when_the_escrow_is_longer_than_history() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		EscrowEras::set(9);
		tidy_up(12);
		assert_eq!(Rewards::payable(3, 11), Some(10 * DTEL / 3));
		tidy_up(13);
		assert_eq!(Rewards::payable(3, 11), None);
	});
}

#[test]
fn entries_go_page_by_page_when_there_are_many() {
	let members = 2 * SWEEP_PAGE + 1;
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		for node in 0..members {
			score(0, node, 1_000 + AccountId::from(node), 1);
		}
		Rewards::era_settled(0);
		go_to_era(1);
		payout(0, 1_001).unwrap();
		go_to_era(5);
	});
	ext.commit_all().unwrap();
	ext.execute_with(|| {
		idle();
		for left in [members, SWEEP_PAGE + 1, 1, 0] {
			assert_eq!(Points::<Test>::iter_prefix(0).count() as u32, left);
			assert_eq!(Operators::<Test>::iter_prefix(0).count() as u32, left);
			let unpaid = Operators::<Test>::iter_prefix(0).filter(|(owner, _)| *owner != 1_001);
			assert_eq!(Unpaid::<Test>::iter().count(), unpaid.count(), "forgotten with its entry");
			assert_eq!(Rewards::node_pay(0, members - 1), None, "closed at once for readers");
			Rewards::do_try_state().unwrap();
			idle();
		}
		assert_eq!(History::<Test>::get(), Horizon { oldest: 1, sweeping: false });
	});
}

/// Its nodes go page by page, and it with the first of them.
#[test]
fn nodes_go_on_being_swept_when_no_operator_is_left() {
	let members = SWEEP_PAGE + 1;
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		(0..members).for_each(|node| score(0, node, 11, 1));
		score(3, 1, 11, 1);
		go_to_era(5);
	});
	ext.commit_all().unwrap();
	ext.execute_with(|| {
		idle();
		assert_eq!(Unpaid::<Test>::get(11).to_vec(), [0, 3]);
		for (nodes, operators) in [(members, 1), (1, 0), (0, 0)] {
			assert_eq!(Points::<Test>::iter_prefix(0).count() as u32, nodes);
			assert_eq!(Operators::<Test>::iter_prefix(0).count(), operators);
			assert_eq!(Rewards::unpaid(11), [3]);
			Rewards::do_try_state().unwrap();
			idle();
		}
		assert_eq!(Unpaid::<Test>::get(11).to_vec(), [3]);
		assert_eq!(History::<Test>::get(), Horizon { oldest: 1, sweeping: false });
	});
}

#[test]
fn one_more_step_is_taken_when_the_last_page_is_full() {
	ExtBuilder::default().build_and_execute(|| {
		for node in 0..SWEEP_PAGE {
			score(0, node, 11, 1);
		}
		assert_eq!(tidy_up(5), 3, "close, a full page, an empty one");
	});
}

#[test]
fn nothing_happens_when_there_is_no_weight_for_a_step() {
	ExtBuilder::default().build_and_execute(|| {
		score(0, 1, 11, 1);
		go_to_era(5);
		let block = System::block_number();
		let just_short = |step: Weight| W::on_idle_base() + step - Weight::from_parts(1, 0);
		assert_storage_noop!(assert_eq!(Rewards::on_idle(block, Weight::zero()), Weight::zero()));
		assert_storage_noop!(assert_eq!(
			Rewards::on_idle(block, just_short(W::close_era())),
			W::on_idle_base()
		));
		assert_eq!(idle(), W::on_idle_base() + W::close_era());
		assert_storage_noop!(assert_eq!(
			Rewards::on_idle(block, just_short(W::sweep_page(SWEEP_PAGE))),
			W::on_idle_base()
		));
		assert_eq!(idle(), W::on_idle_base() + W::sweep_page(SWEEP_PAGE));
	});
}

#[test]
fn integrity_holds_when_configured_as_here() {
	ExtBuilder::default().build_and_execute(Rewards::integrity_test);
}

#[test]
#[should_panic(expected = "stakers would be paid out of the reserve")]
fn integrity_fails_when_stakers_have_no_account_of_their_own() {
	ExtBuilder::default().build_and_execute(|| {
		StakersAccount::set(Rewards::reserve_account());
		Rewards::integrity_test();
	});
}

#[test]
#[should_panic(expected = "an era would be paid before it ends")]
fn integrity_fails_when_there_is_no_escrow() {
	ExtBuilder::default().build_and_execute(|| {
		EscrowEras::set(0);
		Rewards::integrity_test();
	});
}

#[test]
#[should_panic(expected = "more eras would be open than an operator can wait for")]
fn integrity_fails_when_history_is_longer_than_operators_can_wait() {
	ExtBuilder::default().build_and_execute(|| {
		HistoryEras::set(MAX_UNPAID - 1);
		Rewards::integrity_test();
	});
}

#[test]
#[should_panic(expected = "pay would expire in escrow")]
fn integrity_fails_when_history_is_no_longer_than_escrow() {
	ExtBuilder::default().build_and_execute(|| {
		EscrowEras::set(4);
		Rewards::integrity_test();
	});
}
