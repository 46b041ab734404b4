//! Pages of penalties that change while somebody turns them.

use super::*;
use crate::{mock::*, LOOK_PAGE};
use dtel_traits::OffenceKind::{MissedDuty, Unavailable};
use std::collections::BTreeMap;

/// How often each open penalty is met in pages of `limit`, while `change` does something after each page.
fn walk(limit: u32, mut change: impl FnMut(u32)) -> BTreeMap<PenaltyId, u32> {
	let (mut seen, mut after, mut pages) = (BTreeMap::new(), None, 0);
	loop {
		let (page, next) = Penalties::open_penalties(after, limit);
		assert!(page.len() as u32 <= limit);
		assert!(page.iter().all(|(_, penalty)| penalty.is_open()));
		page.iter().for_each(|(id, _)| *seen.entry(*id).or_default() += 1);
		change(pages);
		pages += 1;
		after = next;
		if after.is_none() {
			return seen;
		}
	}
}

/// Thirty penalties of as many nodes, of three eras.
fn many() -> Vec<PenaltyId> {
	let mut ids = Vec::new();
	for era in 0..3 {
		go_to_era(era);
		for of in 0..10 {
			register(100 * era + of, 11);
			ids.push(report(Unavailable, era, 100 * era + of));
		}
	}
	ids
}

#[test]
fn every_open_penalty_is_met_once_when_nothing_changes() {
	for limit in [1, 2, 7, 30, 256] {
		ExtBuilder.build().execute_with(|| {
			let ids = many();
			cancel(ids[4]).unwrap();
			let seen = walk(limit, |_| ());
			assert_eq!(seen.len(), 29);
			assert!(seen.values().all(|times| *times == 1) && !seen.contains_key(&ids[4]));
		});
	}
}

#[test]
fn every_penalty_that_is_open_throughout_is_met_once_whatever_happens_to_the_others() {
	for limit in [1, 2, 3, 7] {
		ExtBuilder.build().execute_with(|| {
			let ids = many();
			// The first few pages' worth are appealed, decided, reported and raised meanwhile.
			let seen = walk(limit, |page| {
				let id = |n: u32| ids[((page * 5 + n) % 30) as usize];
				let _ = appeal(11, id(0));
				let _ = uphold(id(0));
				let _ = appeal(11, id(1));
				let _ = cancel(id(2));
				register(1_000 + page, 12);
				report(MissedDuty, 2, 1_000 + page);
			});
			let open = ids.iter().filter(|id| penalty(**id).is_open());
			for id in open {
				assert_eq!(seen.get(id), Some(&1), "penalty {id}, pages of {limit}");
			}
			assert!(seen.values().all(|times| *times == 1));
		});
	}
}

#[test]
fn the_walk_goes_on_when_the_penalty_that_it_stands_on_is_swept() {
	ExtBuilder.build_and_execute(|| {
		let ids = many();
		let all = walk(1, |_| ());
		assert_eq!(all.len(), 30);
		let (first, next) = Penalties::open_penalties(None, 3);
		cancel(next.unwrap()).unwrap();
		let era = penalty(next.unwrap()).era();
		let key = (era, *penalty(next.unwrap()).offender(), Unavailable, ONCE);
		Penalties::forget(key, next.unwrap());
		let (mut rest, mut after) = (Vec::new(), next);
		while let Some(from) = after {
			let (page, next) = Penalties::open_penalties(Some(from), 4);
			rest.extend(page.iter().map(|(id, _)| *id));
			after = next;
		}
		assert_eq!(rest.len() + first.len(), ids.len());
		assert!(first.iter().all(|(id, _)| !rest.contains(id)));
	});
}

#[test]
fn a_page_ends_when_it_has_looked_at_enough() {
	ExtBuilder.build().execute_with(|| {
		let count = LOOK_PAGE + 10;
		for node in 0..count {
			register(node, 11);
			cancel(report(MissedDuty, 0, node)).unwrap();
		}
		let (page, next) = Penalties::open_penalties(None, 5);
		assert!(page.is_empty() && next.is_some());
		assert_eq!(Penalties::open_penalties(next, 5), (vec![], None));
	});
}

#[test]
fn a_page_of_nothing_gets_on() {
	ExtBuilder.build().execute_with(|| {
		many();
		for after in [None, Some(3)] {
			let one = Penalties::open_penalties(after, 1);
			assert_eq!((one.0.len(), Penalties::open_penalties(after, 0)), (1, one));
		}
		assert_eq!(Penalties::penalties_of(11, Some(3), 0), (vec![], Some(3)));
	});
}
