//! Authored blocks.

use super::*;
use crate::{types::Split, Eras, Unsettled, WeightInfo};
use dtel_primitives::DTEL;
use dtel_traits::ScoreSink;
use frame_support::dispatch::DispatchClass;

#[test]
fn a_block_counts_for_the_first_era_that_is_not_settled() {
	ExtBuilder::default().build_and_execute(|| {
		authors(11, 2);
		assert_eq!(entry(11, 0).unwrap().blocks, 2);
		Rewards::era_settled(0);
		authors(11, 3);
		go_to_era(1);
		authors(12, 1);
		assert_eq!(Eras::<Test>::get(1).unwrap().all.blocks, 4);
		// The first era that is not settled, even if a later one runs.
		go_to_era(3);
		authors(12, 1);
		assert_eq!((entry(11, 1).unwrap().blocks, entry(12, 1).unwrap().blocks), (3, 2));
		assert_eq!((entry(12, 2), entry(12, 3)), (None, None));
		assert_eq!(Eras::<Test>::get(0).unwrap().all.blocks, 2, "settled");
	});
}

#[test]
fn a_block_counts_for_the_first_open_era_when_none_is_settled_for_long() {
	ExtBuilder::default().build_and_execute(|| {
		Rewards::era_settled(0);
		go_to_era(9);
		authors(11, 1);
		assert_eq!(entry(11, 5).unwrap().blocks, 1);
	});
}

/// Blocks are hooks' work: whoever imports them pays with the block's own weight.
#[test]
fn its_weight_is_counted_when_a_block_is_authored() {
	ExtBuilder::default().build_and_execute(|| {
		let before = System::block_weight().get(DispatchClass::Mandatory).ref_time();
		authors(11, 1);
		let after = System::block_weight().get(DispatchClass::Mandatory).ref_time();
		assert_eq!(after - before, <() as WeightInfo>::note_author().ref_time());
	});
}

#[test]
fn blocks_are_paid_by_number_when_an_era_is_settled() {
	ExtBuilder::default().build_and_execute(|| {
		Parts::set(Split { blocks: WORK_ONLY.work, work: WORK_ONLY.blocks, ..WORK_ONLY });
		authors(11, 1);
		authors(12, 3);
		score(0, 1, 13, 1);
		Rewards::era_settled(0);
		go_to_era(1);
		payout(0, 11).unwrap();
		payout(0, 12).unwrap();
		payout(0, 13).unwrap();
		assert_eq!(Credited::get(), [(11, 0, 10 * DTEL / 4), (12, 0, 30 * DTEL / 4)]);
		Parts::set(WORK_ONLY);
	});
}

/// Consensus lets it author as long as too few others are left to do without it.
#[test]
fn a_block_does_not_count_when_its_author_is_jailed() {
	ExtBuilder::default().build_and_execute(|| {
		authors(11, 1);
		Jailed::mutate(|jailed| jailed.insert(11));
		authors(11, 2);
		authors(12, 1);
		assert_eq!((entry(11, 0).unwrap().blocks, entry(12, 0).unwrap().blocks), (1, 1));
		assert_eq!(Eras::<Test>::get(0).unwrap().all.blocks, 2);
		Jailed::mutate(|jailed| jailed.remove(&11));
		authors(11, 1);
		assert_eq!(entry(11, 0).unwrap().blocks, 2);
	});
}

/// As the validators of genesis, as long as they have no pool.
#[test]
fn what_a_validator_without_a_pool_earns_goes_back() {
	ExtBuilder::default().build_and_execute(|| {
		Parts::set(Split { blocks: WORK_ONLY.work, work: WORK_ONLY.blocks, ..WORK_ONLY });
		authors(11, 1);
		Rewards::era_settled(0);
		Refused::mutate(|refused| refused.insert(11));
		idle_in(1);
		assert_eq!(state(11, 0), PayState::Refused);
		idle_in(5);
		assert_eq!(balance(Rewards::reserve_account()), RESERVE);
		assert_eq!((balance(TREASURY), Unsettled::<Test>::get()), (ED, 1));
		Parts::set(WORK_ONLY);
	});
}
