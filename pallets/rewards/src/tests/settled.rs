//! [`dtel_traits::ScoreSink::era_settled`].

use crate::{mock::*, Event, Released};
use dtel_primitives::{BasisPoints, DTEL};
use dtel_traits::ScoreSink;
use frame_support::assert_storage_noop;
use sp_runtime::Perquintill;

#[test]
fn a_fraction_of_the_reserve_moves_to_the_stakers_pot_when_points_were_earned() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		let released = 10 * DTEL;
		assert_eq!(
			events(),
			[Event::EraSettled { era: 3, released, points: 30_000_000, members: 3 }]
		);
		assert_eq!(balance(STAKERS), ED + released);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE - released);
		assert_eq!(Released::<Test>::get(), released);
		assert_eq!(Credited::get(), [], "not before it is asked for");
		let era = Rewards::era_pay(3).unwrap();
		assert_eq!(
			(era.released, era.points, era.paid, era.settled),
			(released, 30_000_000, 0, true)
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
		assert_eq!(Rewards::era_pay(4).unwrap().released, released);
		assert_eq!(balance(STAKERS), ED + 10 * DTEL + released);
		assert_eq!(Released::<Test>::get(), 10 * DTEL + released);
	});
}

/// A preset gives the pot its existential deposit; if none did, the first release does, and no other.
#[test]
fn the_pot_gets_its_existential_deposit_when_it_has_none() {
	ExtBuilder::default().without_stakers().build_and_execute(|| {
		era_three();
		assert_eq!(Rewards::era_pay(3).unwrap().released, 10 * DTEL);
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
				Event::EraSettled { era: 0, released: 0, points: 0, members: 1 },
				Event::EraSettled { era: 1, released: 0, points: 0, members: 0 },
			]
		);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE);
		assert_eq!((balance(STAKERS), Released::<Test>::get()), (ED, 0));
	});
}

#[test]
fn nothing_is_released_when_the_reserve_is_empty() {
	let nothing = |reserve, stakers| {
		ReleasePerEra::set(Perquintill::one());
		era_three();
		assert_eq!(Rewards::era_pay(3).unwrap().released, 0);
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
		ReleasePerEra::set(Perquintill::one());
		era_three();
		assert_eq!(Rewards::era_pay(3).unwrap().released, 1_000 * DTEL);
		assert_eq!(balance(Rewards::reserve_account()), ED);
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
