//! Which nodes are nearest to a place.

use super::*;
use crate::{mock::*, NodeUpdate, Nodes, MAX_LOOKED_AT};
use dtel_math::globe::Point;
use dtel_primitives::{
	api::MAX_PAGE,
	node::{NodeStatus, Region},
	NodeId,
};
use frame_support::assert_ok;
use proptest::{prelude::*, test_runner::RngSeed};

fn place(lat: i16, lon: i16) -> Region {
	Region { lat, lon, ..REGION }
}

/// Registers a node of Alice at a place; its number is its key.
fn put(key: u8, (lat, lon): (i16, i16)) -> NodeId {
	let declaration =
		crate::Declaration { region: place(lat, lon), ..declaration(format!("n{key}.example")) };
	register_as(if key < 64 { ALICE } else { BOB }, key, declaration)
}

/// Distance in km and identifier.
fn near(lat: i16, lon: i16, limit: u32) -> Vec<(u32, NodeId)> {
	let nearest = Registry::nodes_near(lat, lon, limit);
	assert!(nearest.complete);
	nearest.nodes.into_iter().map(|(apart, id, _)| (apart.km(), id)).collect()
}

#[test]
fn come_nearest_first_with_their_distance() {
	ExtBuilder::new().build_and_execute(|| {
		assert!(near(525, 134, 10).is_empty());
		put(0, (407, -740)); // New York
		put(1, (489, 24)); // Paris
		put(2, (525, 134)); // Berlin
		put(3, (-339, 1_512)); // Sydney
		put(4, (515, -1)); // London
		let all = [(0, 2), (871, 1), (929, 4), (6_386, 0), (16_097, 3)];
		assert_eq!(near(525, 134, 10), all);
		for limit in 0..5 {
			assert_eq!(near(525, 134, limit), all[..limit as usize]);
		}
		assert_eq!(near(-339, 1_512, 1), [(0, 3)]);
	});
}

#[test]
fn come_by_identifier_when_equally_far() {
	ExtBuilder::new().build_and_execute(|| {
		for (key, at) in [(0, (10, 0)), (1, (-10, 0)), (2, (10, 0)), (3, (-10, 0))] {
			put(key, at);
		}
		assert_eq!(near(0, 0, 4), [(111, 0), (111, 1), (111, 2), (111, 3)]);
		assert_eq!(near(0, 0, 3), [(111, 0), (111, 1), (111, 2)]);
	});
}

#[test]
fn are_found_across_the_date_line_and_over_the_poles() {
	ExtBuilder::new().build_and_execute(|| {
		put(0, (0, 1_790));
		put(1, (0, -1_795));
		put(2, (0, 1_700));
		put(3, (895, -900));
		put(4, (800, 900));
		put(5, (-900, 0));
		assert_eq!(near(0, 1_799, 3), [(67, 1), (100, 0), (1_101, 2)]);
		assert_eq!(near(0, 1_800, 2), [(56, 1), (111, 0)]);
		assert_eq!(near(0, -1_800, 2), near(0, 1_800, 2));
		// Over the pole it is 1.5°; the other way round a column of cells apart.
		assert_eq!(near(890, 900, 2), [(167, 3), (1_001, 4)]);
		assert_eq!(near(-895, 1_234, 1), [(56, 5)]);
	});
}

#[test]
fn are_none_when_the_place_is_off_the_globe() {
	ExtBuilder::new().build_and_execute(|| {
		put(0, (0, 0));
		for (lat, lon) in [(901, 0), (-901, 0), (0, 1_801), (0, -1_801)] {
			assert!(near(lat, lon, 5).is_empty());
		}
	});
}

#[test]
fn are_only_those_that_take_calls_and_are_still_there() {
	ExtBuilder::new().build_and_execute(|| {
		let [here, near_by, far] = [put(0, (0, 0)), put(1, (5, 5)), put(2, (300, 300))];
		assert_ok!(Registry::set_status(signed(ALICE), here, NodeStatus::Draining));
		assert_eq!(near(0, 0, 1), [(79, near_by)]);
		assert_ok!(Registry::retire(signed(ALICE), near_by));
		go_to_era(2);
		assert_ok!(Registry::retire(signed(ALICE), near_by));
		assert_ok!(Registry::retire(signed(ALICE), here));
		assert_eq!(near(0, 0, 3), [(4_605, far)]);
	});
}

#[test]
fn are_where_they_say_to_be_in_the_running_era_when_they_move() {
	ExtBuilder::new().build_and_execute(|| {
		let node = put(0, (0, 0));
		let stays = put(1, (0, 100));
		let to = NodeUpdate { region: Some(place(0, 150)), ..Default::default() };
		assert_ok!(Registry::update(signed(ALICE), node, to));
		assert_eq!(near(0, 160, 2), [(667, stays), (1_779, node)]);
		go_to_era(1);
		assert_eq!(near(0, 160, 2), [(111, node), (667, stays)]);
		// Each once, although the node is still written down where it was.
		assert_eq!(near(0, 0, 9), [(1_112, stays), (1_668, node)]);
	});
}

#[test]
fn are_at_most_a_page() {
	ExtBuilder::new().build().execute_with(|| {
		crowd(300, 10);
		assert_eq!(near(0, 0, u32::MAX).len(), MAX_PAGE as usize);
	});
}

/// An answer costs a bounded amount, and says when that was not enough.
#[test]
fn are_incomplete_when_a_cell_has_more_than_are_looked_at() {
	ExtBuilder::new().build().execute_with(|| {
		crowd(MAX_LOOKED_AT, 0);
		assert!(Registry::nodes_near(0, 0, 5).complete);
		crowd(1, 0);
		let answer = Registry::nodes_near(0, 0, 5);
		assert!(!answer.complete);
		assert_eq!(answer.nodes.len(), 5);
		// Far away, where the walk ends before it comes there, it is.
		let node = crate::NextNodeId::<Test>::get();
		insert(node, place(0, 1_700));
		let answer = Registry::nodes_near(0, 1_700, 1);
		assert!(answer.complete && answer.nodes[0].1 == node);
	});
}

#[test]
fn are_only_those_that_may_serve() {
	ExtBuilder::new().build_and_execute(|| {
		let [here, near_by, far] = [put(0, (0, 0)), put(1, (5, 5)), put(2, (300, 300))];
		Unstaked::set(vec![here]);
		assert_eq!(near(0, 0, 1), [(79, near_by)]);
		Jailed::set(vec![near_by]);
		assert_eq!(near(0, 0, 3), [(4_605, far)]);
		Unstaked::set(vec![]);
		assert_eq!(near(0, 0, 3), [(0, here), (4_605, far)]);
	});
}

/// More nodes that may not serve than an answer has, and nearer: they push nobody out, until as many as are looked at
/// stand in the way. Then the answer says so.
#[test]
fn are_not_crowded_out_by_those_that_may_not_serve() {
	ExtBuilder::new().build().execute_with(|| {
		crowd(MAX_PAGE + 44, 0);
		Unstaked::set((0..MAX_PAGE + 44).collect());
		let [first, second] = [MAX_PAGE + 44, MAX_PAGE + 45];
		insert(first, place(0, 5));
		insert(second, place(300, 300));
		crate::NextNodeId::<Test>::put(second + 1);
		for limit in [1, 2, MAX_PAGE] {
			let all = [(56, first), (4_605, second)];
			assert_eq!(near(0, 0, limit), all[..all.len().min(limit as usize)]);
		}
		crowd(MAX_LOOKED_AT, 0);
		Unstaked::mutate(|unstaked| unstaked.extend(second + 1..=second + MAX_LOOKED_AT));
		assert!(!Registry::nodes_near(0, 0, 2).complete);
	});
}

/// Nodes without keys and deposits: what a query does not look at.
fn crowd(nodes: u32, spread: i16) {
	for _ in 0..nodes {
		let node = crate::NextNodeId::<Test>::get();
		insert(node, place(0, (node % 10) as i16 * spread));
		crate::NextNodeId::<Test>::put(node + 1);
	}
}

fn insert(node: NodeId, region: Region) {
	let declared = crate::Declaration { region, ..declaration("a.b") };
	let entry = crate::Node::new(ALICE, declared, attestor(0), media(0), 0, 0);
	Registry::write_cells(node, None, Some(&entry.region));
	Nodes::<Test>::insert(crate::NodeKey::from(node), entry);
}

fn coordinates() -> impl Strategy<Value = (i16, i16)> {
	let lat = prop_oneof![3 => -900..=900i16, 1 => prop_oneof![-900..=-880i16, 880..=900i16]];
	let lon =
		prop_oneof![3 => -1_800..=1_800i16, 1 => prop_oneof![-1_800..=-1_780i16, 1_780..=1_800i16]];
	(lat, lon)
}

fn config() -> ProptestConfig {
	let config = match std::env::var_os("PROPTEST_CASES") {
		Some(_) => ProptestConfig::default(),
		None => ProptestConfig::with_cases(256),
	};
	ProptestConfig { rng_seed: RngSeed::Fixed(2_609), ..config }
}

proptest! {
	#![proptest_config(config())]

	/// What is found by cells is what is found by looking at all; by floats, up to the stated bound.
	#[test]
	fn are_those_of_brute_force(
		places in prop::collection::vec(coordinates(), 0..120),
		(lat, lon) in coordinates(),
		limit in 1..130u32,
	) {
		ExtBuilder::new().build().execute_with(|| {
			for (node, (lat, lon)) in (0..).zip(&places) {
				insert(node, place(*lat, *lon));
			}
			let found = Registry::nodes_near(lat, lon, limit);
			assert!(found.complete);
			let from = Point::new(lat, lon).unwrap();
			let mut all: Vec<_> = (0..)
				.zip(&places)
				.map(|(node, (lat, lon))| (from.apart(Point::new(*lat, *lon).unwrap()), node))
				.collect();
			all.sort();
			all.truncate(limit as usize);
			let ids: Vec<_> = found.nodes.iter().map(|(apart, id, _)| (*apart, *id)).collect();
			assert_eq!(ids, all);

			let mut floats: Vec<f64> = places.iter().map(|p| metres((lat, lon), *p)).collect();
			floats.sort_by(f64::total_cmp);
			for ((apart, id, _), nearest) in found.nodes.iter().zip(floats) {
				let exact = metres((lat, lon), places[*id as usize]);
				assert!((exact - nearest).abs() <= 2.0, "place in the order");
				assert!((f64::from(apart.metres()) - exact).abs() <= 2.0, "distance");
			}
		});
	}
}

/// With floats, by the angle between unit vectors: another formula than the pallet's.
fn metres(a: (i16, i16), b: (i16, i16)) -> f64 {
	let vector = |(lat, lon): (i16, i16)| {
		let (lat, lon) = (f64::from(lat).to_radians() / 10.0, f64::from(lon).to_radians() / 10.0);
		[lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
	};
	let ([ax, ay, az], [bx, by, bz]) = (vector(a), vector(b));
	let cross = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
	let length = cross.iter().map(|c| c * c).sum::<f64>().sqrt();
	length.atan2(ax * bx + ay * by + az * bz) * 6_371_009.0
}
