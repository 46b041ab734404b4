//! Registry, Staking and Penalties together, wired as the runtime wires them, against an independent model: random calls,
//! offences, rewards, blocks and eras of three operators and three holders.
//!
//! The [`model`] lists each lot of stake, each offence and each node one by one, and computes with whole numbers of any size. After
//! each operation both have to agree whether it was possible, and about: what is held of each account and for what, what it can
//! spend, what each position is worth, earned and lost, what counts in this era and the next, every penalty with its state and
//! dates, who is jailed until when, and what the treasury got. Issuance is constant, the pot has what it owes, nothing is slashed
//! twice. Invariants of the three pallets ([`chain::check`]) are checked as often as time allows, and in the end everybody leaves.
//!
//! 2,000 sequences of at least 100 operations run, or as many as `DTEL_SEQUENCES` says. A seed that failed is written to
//! `proptest-regressions`, which is committed, and is tried first from then on. With `DTEL_SHRINK` set, sequences may be shorter, and
//! the shortest one that fails is looked for. With `DTEL_CHECK` set, invariants are checked after each operation, so that the one
//! that breaks them is found.

mod aim;
mod calls;
mod chain;
mod compare;
mod exits;
mod model;
mod operations;
mod views;
mod world;

use operations::{op, Pace};
use proptest::{
	prelude::*,
	test_runner::{FileFailurePersistence, RngSeed, TestRunner},
};
use std::{cell::RefCell, collections::BTreeMap, time::Instant};
use world::World;

/// What has to have been done, in each test, once in so many sequences at least.
const DONE: [(&str, u32); 41] = [
	("Register", 2),
	("Update", 4),
	("SetStatus", 8),
	("RetireNode", 2),
	("Bond", 1),
	("BondExtra", 2),
	("Unbond", 4),
	("Withdraw", 2),
	("Rebond", 2),
	("Delegate", 1),
	("DelegateExtra", 2),
	("Undelegate", 1),
	("Redelegate", 4),
	("Claim", 4),
	("ClaimFor", 4),
	("Settle", 2),
	("Kick", 64),
	("KickNote", 8),
	("KickOut", 64),
	("Retire", 1),
	("SetChilled", 4),
	("SetCommission", 4),
	("SetCompounding", 4),
	("SetPrivate", 4),
	("Credit", 1),
	("Report0", 4),
	("Report1", 4),
	("Report2", 4),
	("Report3", 4),
	("Report4", 4),
	("Report5", 4),
	("Report6", 4),
	("Report7", 4),
	("Appeal", 2),
	("Uphold", 8),
	("CancelAppealed", 8),
	("CancelUnheard", 4),
	("Execute", 64),
	("ExecutedByBlock", 1),
	("Unjail", 4),
	("UnjailValidator", 16),
];

/// How many sequences there are in all.
fn sequences() -> u32 {
	std::env::var("DTEL_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000)
}

/// A quarter of all sequences, at one pace.
fn agree(seed: u64, pace: Pace, regressions: &'static str) {
	let cases = sequences().div_ceil(4);
	// Shorter ones only to find the shortest failure.
	let shortest = if std::env::var("DTEL_SHRINK").is_ok() { 1 } else { 100 };
	let config = ProptestConfig {
		cases,
		max_shrink_iters: if shortest == 1 { 500 } else { 0 },
		rng_seed: RngSeed::Fixed(seed),
		failure_persistence: Some(Box::new(FileFailurePersistence::Direct(regressions))),
		..ProptestConfig::default()
	};
	let genesis = chain::genesis(pace.unbonding);
	let done: RefCell<BTreeMap<String, u32>> = RefCell::default();
	let began = Instant::now();
	let sequences = prop::collection::vec(op(pace), shortest..120);
	let ran = TestRunner::new(config).run(&sequences, |ops| {
		chain::started(&genesis).execute_with(|| {
			let mut world = World::new(pace);
			for op in &ops {
				world.run_random(op);
			}
			world.everybody_leaves();
			let mut done = done.borrow_mut();
			for (what, n) in world.done {
				*done.entry(what).or_default() += n;
			}
			*done.entry("operations".into()).or_default() += world.step;
		});
		Ok(())
	});
	if let Err(e) = ran {
		panic!("{e}");
	}
	let done = done.into_inner();
	println!("{cases} sequences in {:?}: {done:?}", began.elapsed());
	for (what, often) in DONE {
		let times = done.get(what).copied().unwrap_or(0);
		assert!(times >= cases / often, "{what}: {done:?}");
	}
}

/// The shortest unbonding that stake can have: penalties are due when stake is about to leave.
#[test]
fn the_chain_agrees_with_the_model_as_on_a_development_chain() {
	agree(
		2_609,
		Pace { unbonding: 4, eras: 2 },
		concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/stake_model_4.txt"),
	);
}

/// Notice and deferral count, and appeals have little time.
#[test]
fn the_chain_agrees_with_the_model_when_appeals_have_little_time() {
	agree(
		2_610,
		Pace { unbonding: 8, eras: 2 },
		concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/stake_model_8.txt"),
	);
}

/// Long enough for several appeals at once.
#[test]
fn the_chain_agrees_with_the_model_when_appeals_have_time() {
	agree(
		2_611,
		Pace { unbonding: 14, eras: 3 },
		concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/stake_model_14.txt"),
	);
}

/// Production's eras: strikes decay while stake is still held.
#[test]
fn the_chain_agrees_with_the_model_as_in_production() {
	agree(
		2_612,
		Pace { unbonding: 28, eras: 6 },
		concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/stake_model_28.txt"),
	);
}
