//! [`dtel_traits::ScoreSink::era_settled`].

use super::*;
use crate::{types::Split, Event, Released, Unsettled};
use dtel_primitives::reward::{Pay, Work};
use dtel_primitives::{BasisPoints, DTEL};
use dtel_traits::ScoreSink;
use frame_support::assert_storage_noop;
use sp_runtime::Perquintill;

/// Settles era 3, which is as long as a year that releases everything.
fn release_all() {
	EraMillis::set(u64::MAX);
	era_three();
	EraMillis::set(dtel_math::money::YEAR_MS / 100);
}

#[test]
fn a_fraction_of_the_reserve_moves_to_the_stakers_pot_when_points_were_earned() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		let released = 10 * DTEL;
		assert_eq!(
			events(),
			[Event::EraSettled {
				era: 3,
				released: work(released),
				treasury: 0,
				all: points(30_000_000),
				members: 3
			}]
		);
		assert_eq!(balance(STAKERS), ED + released);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - released);
		assert_eq!(Released::<Test>::get(), released);
		assert_eq!(Credited::get(), [], "not before it is asked for");
		let era = Rewards::era_pay(3).unwrap();
		assert_eq!(
			(era.released, era.all, era.paid, era.settled),
			(work(released), points(30_000_000), work(0), true)
		);
	});
}

#[test]
fn the_next_release_is_taken_from_what_remains_when_another_era_settles() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		score(4, 1, 11, 1);
		Rewards::era_settled(4);
		let released = 990 * DTEL / 100;
		assert_eq!(Rewards::era_pay(4).unwrap().released, work(released));
		assert_eq!(balance(STAKERS), ED + 10 * DTEL + released);
		assert_eq!(Released::<Test>::get(), 10 * DTEL + released);
	});
}

/// A preset gives the pot its existential deposit; if none did, the first release does, and no other.
#[test]
fn the_pot_gets_its_existential_deposit_when_it_has_none() {
	ExtBuilder::default().without_stakers().build_and_execute(|| {
		era_three();
		assert_eq!(Rewards::era_pay(3).unwrap().released, work(10 * DTEL));
		assert_eq!(balance(STAKERS), ED + 10 * DTEL);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - 10 * DTEL - ED);
		lone_era(4);
		assert_eq!(balance(STAKERS), ED + Released::<Test>::get());
		go_to_era(5);
		for (era, owner) in [(3, 11), (3, 12), (4, 11)] {
			payout(era, owner).unwrap();
		}
	});
}

#[test]
fn nothing_is_released_when_nobody_earned_points() {
	ExtBuilder::default().build_and_execute(|| {
		score_with(0, 1, 11, 9, BasisPoints::ZERO);
		Rewards::era_settled(0);
		Rewards::era_settled(1);
		assert_eq!(
			events(),
			[
				Event::EraSettled {
					era: 0,
					released: work(0),
					treasury: 0,
					all: Work::default(),
					members: 1
				},
				Event::EraSettled {
					era: 1,
					released: work(0),
					treasury: 0,
					all: Work::default(),
					members: 0
				},
			]
		);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE);
		assert_eq!((balance(STAKERS), Released::<Test>::get()), (ED, 0));
	});
}

#[test]
fn nothing_is_released_when_the_reserve_is_empty() {
	let nothing = |reserve, stakers| {
		release_all();
		assert_eq!(Rewards::era_pay(3).unwrap().released, work(0));
		assert_eq!(balance(Rewards::reserve_account()), reserve);
		assert_eq!((balance(STAKERS), Released::<Test>::get()), (stakers, 0));
	};
	for reserve in [0, ED] {
		ExtBuilder::default().reserve(reserve).build_and_execute(|| nothing(reserve, ED));
	}
	for reserve in [0, ED, 2 * ED] {
		let chain = ExtBuilder::default().reserve(reserve).without_stakers();
		chain.build_and_execute(|| nothing(reserve, 0));
	}
}

#[test]
fn the_reserve_survives_when_everything_is_released() {
	ExtBuilder::default().build_and_execute(|| {
		release_all();
		assert_eq!(Rewards::era_pay(3).unwrap().released, work(1_000 * DTEL));
		assert_eq!(balance(Rewards::reserve_account()), ED);
	});
}

/// A tenth a year, and 1,460 eras in it.
#[test]
fn a_release_is_the_years_part_when_eras_are_short() {
	ExtBuilder::default().build_and_execute(|| {
		YearlyRelease::set(Perquintill::from_percent(10));
		EraMillis::set(dtel_math::money::YEAR_MS / 1_460);
		era_three();
		assert_eq!(Rewards::era_pay(3).unwrap().released, work(1_000 * DTEL / 14_600));
		YearlyRelease::set(Perquintill::one());
		EraMillis::set(dtel_math::money::YEAR_MS / 100);
	});
}

#[test]
fn each_part_is_released_when_it_was_earned() {
	let settle = |mbps: u32, blocks: u32, duty: u32| {
		let mut released = None;
		ExtBuilder::default().build_and_execute(|| {
			Parts::set(Split::DEFAULT);
			authors(11, blocks);
			score(0, 1, 11, mbps);
			measured(0, 2, 12, duty);
			Rewards::era_settled(0);
			let era = Rewards::era_pay(0).unwrap();
			let gone = era.released.total() + era.treasury;
			assert_eq!(balance(STAKERS), ED + era.released.total());
			assert_eq!(balance(TREASURY), ED + era.treasury);
			assert_eq!(balance(Rewards::reserve_account()), RESERVE - gone);
			released = Some((era.released, era.treasury));
			Parts::set(WORK_ONLY);
		});
		released.unwrap()
	};
	let percent = DTEL / 10;
	let pay = |work, blocks, duty| Pay {
		work: work * percent,
		blocks: blocks * percent,
		duty: duty * percent,
	};
	assert_eq!(settle(1, 1, 1), (pay(80, 8, 7), 5 * percent));
	assert_eq!(settle(0, 1, 1), (pay(0, 8, 7), 5 * percent));
	assert_eq!(settle(1, 0, 0), (pay(80, 0, 0), 5 * percent));
	assert_eq!(settle(0, 1, 0), (pay(0, 8, 0), 5 * percent));
	assert_eq!(settle(0, 0, 0), (pay(0, 0, 0), 0), "nor anything for the treasury");
}

/// A part of less than an existential deposit does not open an account.
#[test]
fn the_treasurys_part_stays_when_it_has_no_account() {
	ExtBuilder::default().build_and_execute(|| {
		Parts::set(Split::DEFAULT);
		StrayTreasury::set(4_711);
		YearlyRelease::set(Perquintill::from_percent(1));
		era_three();
		let era = Rewards::era_pay(3).unwrap();
		assert_eq!((era.released, era.treasury), (work(8 * DTEL / 100), 0));
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - 8 * DTEL / 100);
		YearlyRelease::set(Perquintill::one());
		StrayTreasury::set(TREASURY);
		Parts::set(WORK_ONLY);
	});
}

#[test]
fn blocks_count_for_the_next_era_when_one_is_settled() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		assert_eq!(Unsettled::<Test>::get(), 4);
		// An earlier one that is late changes nothing.
		score(2, 1, 11, 1);
		Rewards::era_settled(2);
		assert_eq!(Unsettled::<Test>::get(), 4);
	});
}

#[test]
fn nothing_changes_when_settled_twice() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		assert_storage_noop!(Rewards::era_settled(3));
	});
}

#[test]
fn nothing_changes_when_the_era_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		go_to_era(5);
		idle();
		assert_storage_noop!(Rewards::era_settled(0));
	});
}
