//! What other pallets and the runtime API ask.

use super::*;
use crate::mock::*;
use dtel_primitives::node::NodeStatus;
use dtel_traits::NodeRegistry;
use frame_support::assert_ok;

/// Registers ten nodes and retires 0, 3, 4 and 9.
fn with_gaps() {
	for key in 0..10 {
		register(ALICE, key);
	}
	for node in [0, 3, 4, 9] {
		assert_ok!(Registry::retire(signed(ALICE), node));
	}
	go_to_era(2);
	for node in [0, 3, 4, 9] {
		assert_ok!(Registry::retire(signed(ALICE), node));
	}
}

fn ids(start: u32, limit: u32) -> Vec<u32> {
	Registry::nodes(start, limit).into_iter().map(|(id, _)| id).collect()
}

#[test]
fn nodes_come_by_rising_identifier_without_gaps() {
	ExtBuilder::new().build_and_execute(|| {
		assert!(ids(0, 10).is_empty());
		with_gaps();
		assert_eq!(ids(0, 10), [1, 2, 5, 6, 7, 8]);
		assert_eq!(ids(0, 3), [1, 2, 5]);
		assert_eq!(ids(2, 2), [2, 5]);
		assert_eq!(ids(3, 2), [5, 6]);
		assert_eq!(ids(8, 9), [8]);
		assert!(ids(9, 9).is_empty() && ids(u32::MAX, 9).is_empty() && ids(0, 0).is_empty());
	});
}

/// More than 255 identifiers, so that more than one byte of the key counts.
#[test]
fn nodes_are_bounded_and_ordered_when_there_are_many() {
	ExtBuilder::new().build().execute_with(|| {
		for n in 0..600u32 {
			let who = 1_000 + u64::from(n / 60);
			assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), who, FUNDS));
			let mut key = [0; 32];
			key[..4].copy_from_slice(&n.to_le_bytes());
			assert_ok!(Registry::register(
				signed(who),
				declaration(format!("n{n}.example")),
				sp_core::sr25519::Public::from_raw(key).into(),
				dtel_primitives::MediaKey::from_raw(key),
			));
		}
		assert_eq!(ids(0, u32::MAX), (0..256).collect::<Vec<_>>());
		assert_eq!(ids(200, 200), (200..400).collect::<Vec<_>>());
		assert_eq!(ids(590, 200), (590..600).collect::<Vec<_>>());
		assert_eq!(walk(7), (0..600).collect::<Vec<_>>());
		for node in (0..600).filter(|n| n % 3 != 0 || (100..500).contains(n)) {
			let who = 1_000 + u64::from(node / 60);
			assert_ok!(Registry::set_status(signed(who), node, NodeStatus::Draining));
		}
		// No answer looks at more than 256, so the first page ends within the draining ones.
		assert_eq!(active(0, 256), ((0..100).step_by(3).collect(), Some(256)));
		assert_eq!(active(256, 256), ((501..512).step_by(3).collect(), Some(512)));
		assert_eq!(active(512, 256), ((513..600).step_by(3).collect(), None));
		assert_eq!(active(256, 2), (vec![501, 504], Some(507)));
		assert_eq!(active(110, 256), (vec![], Some(366)));
		let expected: Vec<u32> =
			(0..600).filter(|n| n % 3 == 0 && !(100..500).contains(n)).collect();
		for limit in [1, 7, 256, u32::MAX] {
			assert_eq!(walk_active(limit), expected);
		}
		assert_ok!(Registry::do_try_state());
	});
}

fn active(start: u32, limit: u32) -> (Vec<u32>, Option<u32>) {
	let (nodes, next) = Registry::active_nodes(start, limit);
	(nodes.into_iter().map(|(id, _)| id).collect(), next)
}

/// Every node that takes calls, in pages.
fn walk_active(limit: u32) -> Vec<u32> {
	let (mut all, mut start) = (vec![], Some(0));
	while let Some(from) = start {
		let (page, next) = active(from, limit);
		assert!(page.len() <= limit as usize && next.is_none_or(|next| next > from));
		all.extend(page);
		start = next;
	}
	all
}

#[test]
fn active_nodes_are_those_that_take_calls() {
	ExtBuilder::new().build_and_execute(|| {
		assert_eq!(active(0, 10), (vec![], None));
		with_gaps();
		assert_eq!(active(0, 10), (vec![1, 2, 5, 6, 7, 8], None));
		for node in [1, 6, 8] {
			assert_ok!(Registry::set_status(signed(ALICE), node, NodeStatus::Draining));
		}
		assert_eq!(active(0, 10), (vec![2, 5, 7], None));
		assert_eq!(active(0, 2), (vec![2, 5], Some(7)));
		assert_eq!(active(7, 2), (vec![7], None));
		assert_eq!(active(8, 2), (vec![], None));
		assert_eq!(active(u32::MAX, 2), (vec![], None));
		assert_ok!(Registry::set_status(signed(ALICE), 6, NodeStatus::Active));
		assert_eq!(active(3, 2), (vec![5, 6], Some(7)));
	});
}

#[test]
fn active_nodes_are_those_that_may_serve() {
	ExtBuilder::new().build_and_execute(|| {
		(0..10).for_each(|key| {
			register(ALICE, key);
		});
		Jailed::set(vec![3, 9]);
		Unstaked::set(vec![0, 4, 5, 6]);
		assert_ok!(Registry::set_status(signed(ALICE), 7, NodeStatus::Draining));
		assert_eq!(active(0, 10), (vec![1, 2, 8], None));
		// Those that may not serve take no place on a page, and no page begins with one.
		assert_eq!(active(0, 2), (vec![1, 2], Some(8)));
		assert_eq!(active(3, 1), (vec![8], None));
		assert_eq!(active(0, 0), (vec![], Some(1)));
		// Everybody is in the list of all.
		assert_eq!(ids(0, 10), (0..10).collect::<Vec<_>>());
		Jailed::set(vec![]);
		Unstaked::set(vec![0]);
		assert_eq!(active(0, 3), (vec![1, 2, 3], Some(4)));
		assert_eq!(active(4, 9), (vec![4, 5, 6, 8, 9], None));
	});
}

/// Every node, in pages.
fn walk(limit: u32) -> Vec<u32> {
	let mut all = vec![];
	loop {
		let page = Registry::page(all.last().copied(), limit);
		if page.is_empty() {
			return all;
		}
		assert!(page.len() <= limit as usize);
		all.extend(page);
	}
}

#[test]
fn pages_meet_every_node_once() {
	ExtBuilder::new().build_and_execute(|| {
		assert!(Registry::page(None, 5).is_empty());
		with_gaps();
		for limit in 1..8 {
			assert_eq!(walk(limit), [1, 2, 5, 6, 7, 8]);
		}
		assert!(Registry::page(None, 0).is_empty());
	});
}

/// The node at which a page ended may be gone when the next is asked for.
#[test]
fn pages_go_on_when_the_last_node_was_removed_in_between() {
	ExtBuilder::new().build_and_execute(|| {
		with_gaps();
		assert_eq!(Registry::page(Some(2), 1), [5]);
		assert_eq!(Registry::page(Some(3), 1), [5]);
		assert_eq!(Registry::page(Some(0), 2), [1, 2]);
		assert!(Registry::page(Some(8), 2).is_empty());
		register(BOB, 50);
		assert_eq!(Registry::page(Some(8), 2), [10]);
	});
}

#[test]
fn nobody_is_known_when_nothing_is_registered() {
	ExtBuilder::new().build_and_execute(|| {
		assert_eq!(Registry::owner(0), None);
		assert_eq!(Registry::owned_by(&ALICE), 0);
		assert_eq!(Registry::attestor(0, 0), None);
		assert_eq!(Registry::media(0, 0), None);
		assert_eq!(Registry::region(0, 0), None);
		assert!(!Registry::is_candidate(0, 5));
		assert_eq!(Registry::node_by_media(media(1)), None);
	});
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn a_node_set_up_for_benchmarks_is_a_candidate() {
	ExtBuilder::new().build_and_execute(|| {
		let ids = [1, 2, 3].map(|key| Registry::set_up_node(&ALICE, attestor(key)));
		assert_eq!(ids, [0, 1, 2]);
		assert_eq!(Registry::attestor(1, 9), Some(attestor(2)));
		assert!(Registry::is_candidate(2, 1));
		assert_eq!(Registry::owned_by(&ALICE), 3);
	});
}
