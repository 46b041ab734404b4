use crate::{mock::*, Airdrops, Claimed, Error, Event, WeightInfo, MAX_PRUNE};
use dtel_primitives::airdrop::{Plan, Progress};
use frame_support::{assert_noop, assert_ok, dispatch::Pays};
use sp_runtime::traits::BadOrigin;

/// An airdrop with a great many leaves, of which some were claimed, closed. 300,000 leaves are 147 pages.
fn closed() -> u32 {
	let drop = Listed::new("many", (0..300_000).map(|n| (1_000 + n, ED)).collect());
	let airdrop = open(drop.plan());
	for index in [0, 2_048, 5_000, 200_000, 299_999] {
		drop.claim(airdrop, index).unwrap();
	}
	go_to(31);
	close(airdrop).unwrap();
	events();
	airdrop
}

#[test]
fn pages_go_in_their_order_and_the_airdrop_with_the_last() {
	ExtBuilder.build_and_execute(|| {
		let airdrop = closed();
		assert_eq!(Claimed::<Test>::iter_prefix(airdrop).count(), 5);
		let info = prune(airdrop, 2).unwrap();
		assert_eq!(info.pays_fee, Pays::Yes);
		assert_eq!(info.actual_weight, Some(<() as WeightInfo>::prune(2)));
		assert_eq!(progress(airdrop), Progress::Closed { pruned: 2 });
		assert_eq!(Claimed::<Test>::iter_prefix(airdrop).count(), 3);
		Claims::do_try_state().unwrap();
		// A full load, and what is left, are free.
		let info = prune(airdrop, u32::MAX).unwrap();
		assert_eq!(info.pays_fee, Pays::No);
		assert_eq!(info.actual_weight, Some(<() as WeightInfo>::prune(MAX_PRUNE)));
		assert_eq!(progress(airdrop), Progress::Closed { pruned: 66 });
		Claims::do_try_state().unwrap();
		assert_eq!(prune(airdrop, 64).unwrap().pays_fee, Pays::No);
		let info = prune(airdrop, 64).unwrap();
		assert_eq!(info.pays_fee, Pays::No);
		assert_eq!(info.actual_weight, Some(<() as WeightInfo>::prune(17)));
		assert!(!Airdrops::<Test>::contains_key(airdrop));
		assert_eq!(Claimed::<Test>::iter().count(), 0);
		let pruned = |pages, done| Event::Pruned { airdrop, pages, done };
		let expected = [pruned(2, false), pruned(64, false), pruned(64, false), pruned(17, true)];
		assert_eq!(events(), expected);
		assert_noop!(prune(airdrop, 1), Error::<Test>::AirdropUnknown);
	});
}

#[test]
fn what_is_pruned_is_not_known_any_more() {
	ExtBuilder.build_and_execute(|| {
		let airdrop = closed();
		prune(airdrop, 1).unwrap();
		assert_eq!(Claims::is_claimed(airdrop, 0), None);
		assert_eq!(Claims::is_claimed(airdrop, 2_048), Some(true));
		assert_eq!(Claims::is_claimed(airdrop, 2_049), Some(false));
		assert_eq!(Claims::is_claimed(airdrop, 300_000), None);
	});
}

#[test]
fn fails_when_not_closed() {
	ExtBuilder.build_and_execute(|| {
		let airdrop = open(Listed::of(3).plan());
		assert_noop!(prune(airdrop, 1), Error::<Test>::NotClosed);
		go_to(31);
		assert_noop!(prune(airdrop, 1), Error::<Test>::NotClosed);
		close(airdrop).unwrap();
		assert_noop!(prune(airdrop, 0), Error::<Test>::ZeroLimit);
		assert_noop!(Claims::prune(RuntimeOrigin::none(), airdrop, 1), BadOrigin);
		assert_ok!(prune(airdrop, 1));
	});
}

/// No hash in storage is looked for: pages on which nobody claimed count as well.
#[test]
fn the_longest_list_takes_eight_calls() {
	ExtBuilder.build_and_execute(|| {
		let airdrop = open(Plan { leaves: 1 << 20, ..Listed::of(3).plan() });
		go_to(31);
		close(airdrop).unwrap();
		let calls = core::iter::from_fn(|| prune(airdrop, MAX_PRUNE).ok()).count();
		assert_eq!(calls, 8);
	});
}
