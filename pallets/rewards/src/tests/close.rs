//! Clearing eras that left history, in `on_idle`.

use super::*;
use crate::{types::Split, Cleared, Eras, Event, Released, WeightInfo, MAX_ENTRIES};
use dtel_primitives::{BasisPoints, DTEL};
use dtel_traits::ScoreSink;
use frame_support::{assert_storage_noop, traits::Hooks, weights::Weight};

type W = ();

#[test]
fn nothing_happens_when_no_era_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		go_to_era(4);
		assert_storage_noop!(assert_eq!(idle_clearing(), W::on_idle_base()));
	});
}

#[test]
fn what_nobody_asked_for_goes_to_the_treasury_when_an_era_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		payout(3, 11).unwrap();
		let paid = credited();
		clear_in(7);
		assert!(Eras::<Test>::contains_key(3));
		events();
		clear_in(8);
		let unclaimed = 20 * DTEL / 3;
		let returned = 10 * DTEL - paid - unclaimed;
		assert_eq!(returned, 1, "a planck of rounding");
		assert_eq!(events(), [Event::EraClosed { era: 3, paid, unclaimed, returned }]);
		assert_eq!(balance(STAKERS), ED + paid);
		assert_eq!(balance(TREASURY), ED + unclaimed);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - 10 * DTEL + 1);
		assert_eq!(Released::<Test>::get(), 0);
		assert_eq!(Cleared::<Test>::get(), 4);
		assert_eq!((Rewards::era_pay(3), Rewards::operator_pay(3, 12)), (None, None));
	});
}

#[test]
fn the_dust_goes_to_the_reserve_when_everybody_was_paid() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		idle_in(4);
		clear_in(7);
		events();
		clear_in(8);
		let paid = 10 * DTEL - 1;
		assert_eq!(events(), [Event::EraClosed { era: 3, paid, unclaimed: 0, returned: 1 }]);
	});
}

#[test]
fn what_was_refused_goes_to_the_reserve_when_an_era_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		payout(3, 11).unwrap();
		let paid = credited();
		Refused::mutate(|refused| refused.insert(12));
		payout(3, 12).unwrap();
		assert_eq!(credited(), paid);
		clear_in(7);
		events();
		clear_in(8);
		let returned = 10 * DTEL - paid;
		assert_eq!(events(), [Event::EraClosed { era: 3, paid, unclaimed: 0, returned }]);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - paid);
		assert_eq!(balance(TREASURY), ED);
	});
}

/// Each part by its own points.
#[test]
fn each_part_is_cleared_by_who_waits_for_it_when_the_release_was_split() {
	ExtBuilder::default().build_and_execute(|| {
		Parts::set(Split::DEFAULT);
		authors(11, 1);
		authors(12, 1);
		score(0, 1, 11, 3);
		score(0, 2, 13, 1);
		measured(0, 3, 12, 7);
		Rewards::era_settled(0);
		go_to_era(1);
		payout(0, 11).unwrap();
		let paid = 6 * DTEL + 4 * DTEL / 10;
		assert_eq!(credited(), paid);
		Refused::mutate(|refused| refused.insert(12));
		payout(0, 12).unwrap();
		events();
		clear_in(5);
		let (unclaimed, returned) = (2 * DTEL, 4 * DTEL / 10 + 7 * DTEL / 10);
		assert_eq!(events(), [Event::EraClosed { era: 0, paid, unclaimed, returned }]);
		assert_eq!(balance(TREASURY), ED + DTEL / 2 + unclaimed);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - paid - DTEL / 2 - unclaimed);
		Parts::set(WORK_ONLY);
	});
}

/// However many waited, nobody is looked at.
#[test]
fn the_rest_is_split_when_entries_left_their_ledgers_before() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(8);
		// The walk alone comes by, as if there were weight for no more.
		crate::Walked::<Test>::kill();
		assert_eq!(Rewards::walk(Default::default(), 16), 2);
		assert_eq!((entry(11, 3), entry(12, 3)), (None, None));
		Rewards::do_try_state().unwrap();
		events();
		clear_in(8);
		let events = events();
		assert!(
			events.contains(&Event::EraClosed {
				era: 3,
				paid: 0,
				unclaimed: 10 * DTEL,
				returned: 0
			}),
			"{events:?}"
		);
	});
}

#[test]
fn the_rest_is_cleared_when_stakers_took_what_they_got() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		lone_era(4);
		go_to_era(5);
		payout(3, 11).unwrap();
		let paid = credited();
		stakers_take(paid);
		clear_in(8);
		let next = Rewards::era_pay(4).unwrap().released.total();
		assert_eq!(Released::<Test>::get(), next, "the other era is open");
		assert_eq!(balance(STAKERS), ED + next);
		let treasury = balance(TREASURY) - ED;
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - paid - next - treasury);
	});
}

/// An account is not made with less than it needs.
#[test]
fn what_nobody_asked_for_goes_to_the_reserve_when_the_treasury_cannot_take_it() {
	ExtBuilder::default().build_and_execute(|| {
		StrayTreasury::set(4_711);
		YearlyRelease::set(sp_runtime::Perquintill::from_parts(1_000_000_000));
		lone_era(3);
		let returned = Rewards::era_pay(3).unwrap().released.total();
		assert!(returned > 0 && returned < ED);
		clear_in(7);
		events();
		clear_in(8);
		assert_eq!(events(), [Event::EraClosed { era: 3, paid: 0, unclaimed: 0, returned }]);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE);
		YearlyRelease::set(sp_runtime::Perquintill::one());
		StrayTreasury::set(TREASURY);
	});
}

/// What lies in the pot is not the era's alone.
#[test]
fn nothing_returns_when_more_was_released_for_an_era_than_for_all() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		era_three();
		lone_era(4);
		Eras::<Test>::mutate_extant(3, |era| era.released.work = 20 * DTEL);
		let (pot, all) = (balance(STAKERS), Released::<Test>::get());
		clear_in(7);
		events();
		clear_in(8);
		assert_eq!(events(), [Event::EraClosed { era: 3, paid: 0, unclaimed: 0, returned: 0 }]);
		assert_eq!((balance(STAKERS), Released::<Test>::get()), (pot, all));
	});
}

#[test]
fn an_era_is_closed_without_pay_when_it_was_never_settled() {
	ExtBuilder::default().build_and_execute(|| {
		score(0, 1, 11, 1);
		clear_in(5);
		assert_eq!(events(), [Event::EraClosed { era: 0, paid: 0, unclaimed: 0, returned: 0 }]);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE);
	});
}

#[test]
fn eras_are_cleared_one_a_block_when_many_are_closed() {
	ExtBuilder::default().build_and_execute(|| {
		(0..3).for_each(lone_era);
		go_to_era(9);
		for cleared in 1..=5 {
			assert_eq!(idle_clearing(), W::on_idle_base() + W::close_era());
			assert_eq!(Cleared::<Test>::get(), cleared);
			Rewards::do_try_state().unwrap();
		}
		assert_storage_noop!(assert_eq!(idle_clearing(), W::on_idle_base()));
	});
}

#[test]
fn nothing_happens_when_there_is_no_weight_to_clear() {
	ExtBuilder::default().build_and_execute(|| {
		score(0, 1, 11, 1);
		go_to_era(5);
		let block = System::block_number();
		let short = W::on_idle_base() + W::close_era() - Weight::from_parts(1, 0);
		// There may be enough to look at somebody.
		Rewards::on_idle(block, short);
		assert!(Eras::<Test>::contains_key(0));
		assert_eq!(Cleared::<Test>::get(), 0);
	});
}

#[test]
fn integrity_holds_when_configured_as_here() {
	ExtBuilder::default().build_and_execute(Rewards::integrity_test);
	ExtBuilder::default().build_and_execute(|| {
		Parts::set(Split::DEFAULT);
		Rewards::integrity_test();
		Parts::set(WORK_ONLY);
	});
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
#[should_panic(expected = "more eras would be open than an operator's ledger has room for")]
fn integrity_fails_when_history_is_longer_than_a_ledger() {
	ExtBuilder::default().build_and_execute(|| {
		HistoryEras::set(MAX_ENTRIES - 1);
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

#[test]
#[should_panic(expected = "the treasury would have no account")]
fn integrity_fails_when_the_treasury_is_the_reserve() {
	ExtBuilder::default().build_and_execute(|| {
		StrayTreasury::set(Rewards::reserve_account());
		Rewards::integrity_test();
	});
}

#[test]
#[should_panic(expected = "the parts of a release are not the whole")]
fn integrity_fails_when_a_release_is_not_split_wholly() {
	ExtBuilder::default().build_and_execute(|| {
		Parts::set(Split { work: BasisPoints::saturating(7_999), ..Split::DEFAULT });
		Rewards::integrity_test();
	});
}

#[test]
#[should_panic(expected = "an era that takes no time releases nothing")]
fn integrity_fails_when_an_era_takes_no_time() {
	ExtBuilder::default().build_and_execute(|| {
		EraMillis::set(0);
		Rewards::integrity_test();
	});
}
