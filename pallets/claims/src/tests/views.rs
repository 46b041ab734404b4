use crate::mock::*;
use dtel_primitives::DTEL;

#[test]
fn airdrops_are_listed_by_number() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		for _ in 0..3 {
			create(drop.plan());
		}
		Claims::cancel(RuntimeOrigin::root(), 1).unwrap();
		let listed: Vec<_> = Claims::airdrops().into_iter().map(|(id, _)| id).collect();
		assert_eq!(listed, [0, 2]);
		assert_eq!(Claims::airdrop(1), None);
		assert_eq!(Claims::airdrop(2).unwrap().amount, 6 * DTEL);
	});
}

#[test]
fn what_was_claimed_is_known_of_places_that_are_there() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = open(drop.plan());
		drop.claim(airdrop, 1).unwrap();
		let known =
			|airdrop| [0, 1, 2, 3, u32::MAX].map(|index| Claims::is_claimed(airdrop, index));
		assert_eq!(known(airdrop), [Some(false), Some(true), Some(false), None, None]);
		assert_eq!(known(airdrop + 1), [None; 5]);
	});
}
