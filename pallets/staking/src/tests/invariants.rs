//! Random operations of two operators and four holders against a model that merges nothing, forgets nothing and computes with
//! exact fractions: it looks at each lot of stake for each slash and each reward.
//!
//! Amounts are large, so that what the pallet rounds away, a planck here and there, is told apart from any mistake. What has
//! to be exact (holds, boundaries, issuance) is checked by `try_state` after each step.
//!
//! `DTEL_SEQUENCES` sets how many sequences run (256 without it).

use super::{model::*, operations::*, *};
use num_bigint::BigInt;
use proptest::{
	prelude::*,
	test_runner::{RngSeed, TestRunner},
};
use std::{cell::RefCell, collections::BTreeMap};

impl World {
	pub(super) fn compare(&mut self, op: &Op) {
		let model = &mut self.model;
		model.rewards.clear();
		for (w, who) in WHO.iter().enumerate() {
			assert!(near(&model.total(w), held(*who)), "{op:?}: held of {w}");
			assert!(
				near(&model.free[w], free(*who)),
				"{op:?}: free of {w}: {}",
				&model.free[w] >> PLACES
			);
			for (p, operator) in WHO.iter().enumerate().take(2) {
				let at = (w, p);
				let view = position(*who, *operator);
				assert_eq!(
					view.is_some(),
					model.positions.contains(&at),
					"{op:?}: position {at:?}"
				);
				let Some(view) = view else { continue };
				let owed = model.owed.get(&at).cloned().unwrap_or_default();
				// A planck of units that was rounded away weighs more, the less is left of all.
				let off: BigInt = &owed - exact(view.reward);
				let slack = exact(SLACK) + (&owed >> 20u32);
				assert!(
					off.magnitude() <= slack.magnitude(),
					"{op:?}: reward {} of {at:?}, not {}",
					view.reward,
					owed >> PLACES
				);
				let worth: BigInt = model.of(at).map(|lot| lot.worth(true)).sum();
				assert!(
					near(&worth, view.entries.iter().map(|e| e.amount).sum()),
					"{op:?}: worth of {at:?}"
				);
				let slashed = model.of(at).map(|lot| &lot.amount - lot.worth(true)).sum();
				assert!(near(&slashed, view.slashed), "{op:?}: slashed of {at:?}");
				model.rewards.insert(at, view.reward);
			}
		}
		for (p, operator) in WHO.iter().enumerate().take(2) {
			let view = pool(*operator);
			assert_eq!(view.is_some(), model.pools[p].is_some(), "{op:?}: pool {p}");
			let (Some(view), Some(ours)) = (view, &model.pools[p]) else { continue };
			assert_eq!(
				(view.opened, view.closed, view.unclaimed),
				(ours.opened, ours.closed, ours.commission)
			);
			for era in model.now..=model.now + 1 {
				let (ours, theirs) = (model.counts(p, era), Staking::active(operator, era));
				assert!(
					near(&ours, theirs),
					"{op:?}: {theirs} counts in {era}, not {}",
					ours >> PLACES
				);
			}
		}
		assert_eq!(Balances::total_issuance(), self.issuance);
		Staking::do_try_state().unwrap_or_else(|e| panic!("{op:?}: {e:?}"));
	}
}

#[test]
fn the_pallet_agrees_with_the_model_in_any_order() {
	let cases = std::env::var("DTEL_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(256);
	// Shorter ones only to find the shortest failure.
	let shortest = if std::env::var("DTEL_SHRINK").is_ok() { 1 } else { 100 };
	let config = ProptestConfig {
		cases,
		max_shrink_iters: 2_000,
		rng_seed: RngSeed::Fixed(2_609),
		failure_persistence: None,
		..ProptestConfig::default()
	};
	let done: RefCell<BTreeMap<String, u32>> = RefCell::default();
	let ran = TestRunner::new(config).run(&prop::collection::vec(op(), shortest..140), |ops| {
		ExtBuilder::new().build_and_execute(|| {
			let mut world = World::new();
			for op in &ops {
				world.run(op);
			}
			for (what, n) in world.done {
				*done.borrow_mut().entry(what).or_default() += n;
			}
		});
		Ok(())
	});
	if let Err(e) = ran {
		panic!("{e}");
	}
	// Each kind of operation was really done, many times.
	let done = done.into_inner();
	for what in [
		"Bond",
		"BondExtra",
		"Unbond",
		"Withdraw",
		"Rebond",
		"Delegate",
		"DelegateExtra",
		"Undelegate",
		"Redelegate",
		"Claim",
		"ClaimFor",
		"Settle",
		"Kick",
		"Retire",
		"SetChilled",
		"SetCommission",
		"SetCompounding",
		"SetPrivate",
		"Slash",
		"Credit",
	] {
		assert!(done.get(what).copied().unwrap_or(0) > cases / 16, "{what}: {done:?}");
	}
}
