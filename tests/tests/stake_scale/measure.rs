//! What operations on stake cost in a chain, each by itself: nothing that is measured stays.

use crate::{
	counting::{count, Accesses},
	world::{fund, header, holder, make, operator, Size, World, DELEGATION, JOINED},
};
use dtel_primitives::AccountId;
use dtel_runtime::{Executive, Penalties, Runtime, RuntimeCall, RuntimeOrigin, Staking, System};
use dtel_traits::{Evidence, Offence, OffenceSink, Offender, StakeLedger};
use sp_core::Blake2Hasher;
use sp_runtime::{traits::Dispatchable, Perbill};

type Staked = pallet_dtel_staking::Call<Runtime>;

/// What an operation cost.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Cost {
	/// What was done.
	pub what: String,
	/// How storage was used.
	#[serde(flatten)]
	pub accesses: Accesses,
	/// Bytes of a compact proof of everything that was read.
	pub proof: u32,
}

/// An account that is nobody's.
fn stranger() -> AccountId {
	AccountId::new([9; 32])
}

/// An account with funds and without stake.
fn newcomer() -> AccountId {
	AccountId::new([8; 32])
}

/// Runs something in a chain, and undoes it.
pub fn measure<R>(world: &mut World, what: &str, run: impl FnOnce() -> R) -> (R, Cost) {
	world.ext.commit_all().expect("no layer is open");
	let root = *world.ext.backend.root();
	let ((result, accesses), proof) = world.ext.execute_and_prove(|| count(run));
	world.ext.reset_overlay();
	// What read nothing needs no proof, and has none that is of the root.
	let proof = match proof.is_empty() {
		true => 0,
		false => proof.encoded_compact_size::<Blake2Hasher>(root).expect("of the root"),
	};
	(result, Cost { what: what.into(), accesses, proof: proof as u32 })
}

struct Subject {
	name: &'static str,
	operator: AccountId,
	node: u32,
	/// Two of its delegators.
	holders: [AccountId; 2],
}

/// Measures everything in a chain of a size.
pub fn all(size: Size, progress: impl Fn(&str)) -> Vec<Cost> {
	let mut world = World::new(size, &progress);
	let spread = |n: u32| holder(size.crowd + n * (size.operators - 1));
	let subjects = [
		Subject {
			name: "the crowded pool",
			operator: operator(0),
			node: 0,
			holders: [holder(0), holder(1)],
		},
		Subject {
			name: "an ordinary pool",
			operator: operator(1),
			node: 1,
			holders: [spread(0), spread(1)],
		},
	];
	// Two eras in which everybody's stake counted; the first of them is paid.
	for era in [JOINED + 1, JOINED + 2] {
		world.go_to_era(era);
		world.score(era, &progress);
	}
	let now = JOINED + 4;
	world.go_to_era(now);
	world.ext.execute_with(|| {
		fund(&newcomer(), 10 * DELEGATION);
		fund(&stranger(), DELEGATION);
		for subject in &subjects {
			let owner = subject.operator.clone();
			make(
				&stranger(),
				pallet_dtel_rewards::Call::<Runtime>::payout { era: JOINED + 1, owner },
			);
		}
	});
	world.commit();

	let mut costs = Vec::new();
	progress("measuring");
	for subject in &subjects {
		costs.extend(calls(&mut world, subject, now));
	}
	costs.extend(era_change(&mut world, now + 1));
	for subject in &subjects {
		costs.extend(slashes(&mut world, subject, now));
	}
	costs
}

fn call(
	world: &mut World,
	subject: &Subject,
	name: &str,
	who: &AccountId,
	call: impl Into<RuntimeCall>,
) -> Cost {
	let call = call.into();
	let origin = RuntimeOrigin::signed(who.clone());
	let what = format!("{name}, {}", subject.name);
	let (made, cost) = measure(world, &what, || call.dispatch(origin));
	assert!(made.is_ok(), "{what}: {made:?}");
	cost
}

fn calls(world: &mut World, subject: &Subject, now: u32) -> Vec<Cost> {
	let (pool, [who, other]) = (subject.operator.clone(), subject.holders.clone());
	let amount = DELEGATION;
	let elsewhere = operator(2);
	let payout = pallet_dtel_rewards::Call::<Runtime>::payout { era: now - 2, owner: pool.clone() };
	vec![
		call(world, subject, "payout", &stranger(), payout),
		call(world, subject, "claim", &who, Staked::claim { pool: pool.clone() }),
		call(world, subject, "claim, the operator", &pool, Staked::claim { pool: pool.clone() }),
		call(
			world,
			subject,
			"claim_for",
			&stranger(),
			Staked::claim_for { holder: other, pool: pool.clone() },
		),
		call(
			world,
			subject,
			"delegate",
			&newcomer(),
			Staked::delegate { pool: pool.clone(), amount },
		),
		call(
			world,
			subject,
			"delegate_extra",
			&who,
			Staked::delegate_extra { pool: pool.clone(), amount: amount / 2 },
		),
		call(
			world,
			subject,
			"undelegate, a part",
			&who,
			Staked::undelegate { pool: pool.clone(), amount: amount / 4 },
		),
		call(world, subject, "undelegate", &who, Staked::undelegate { pool: pool.clone(), amount }),
		call(
			world,
			subject,
			"redelegate",
			&who,
			Staked::redelegate { from: pool.clone(), to: elsewhere, amount },
		),
		call(world, subject, "retire", &pool, Staked::retire {}),
	]
}

/// Everything that every pallet does before the transactions of the first block of an era.
fn era_change(world: &mut World, era: u32) -> Vec<Cost> {
	let first = world.clock().first_block(era);
	let begin = header(first);
	world.ext.execute_with(|| System::set_block_number(first - 1));
	world.commit();
	let ((), change) = measure(world, "era change", || {
		Executive::initialize_block(&begin);
	});
	world.go_to_era(era - 1);
	vec![change]
}

fn slashes(world: &mut World, subject: &Subject, era: u32) -> Vec<Cost> {
	let (pool, [who, other]) = (subject.operator.clone(), subject.holders.clone());
	let slash =
		|| <Staking as StakeLedger<AccountId>>::slash(&pool, Perbill::from_percent(10), era);
	let (taken, cost) = measure(world, &format!("slash, {}", subject.name), slash);
	assert!(taken > 0);
	let mut costs = vec![cost];

	// A slash that was taken, and not yet of those who delegate.
	world.ext.execute_with(slash);
	world.commit();
	let settle = Staked::settle { holder: who.clone(), pool: pool.clone() };
	costs.push(call(world, subject, "settle", &stranger(), settle));
	let settle = Staked::settle { holder: other, pool: pool.clone() };
	costs.push(call(world, subject, "settle, another holder", &stranger(), settle));

	// A penalty from its report to its execution.
	let offender = Offender::Node(subject.node);
	let report = || {
		Penalties::report(Offence {
			era,
			offender: offender.clone(),
			owner: pool.clone(),
			evidence: Evidence::DoubleReveal { first: [1; 32].into(), second: [2; 32].into() },
		})
	};
	let ((), cost) = measure(world, &format!("report of an offence, {}", subject.name), report);
	costs.push(cost);
	let (id, due) = world.ext.execute_with(|| {
		report();
		let all = Penalties::offender_penalties(offender.clone(), 10);
		let (id, penalty) = all.first().expect("reported");
		(*id, penalty.due())
	});
	world.go_to_era(due);
	world.commit();
	let execute = pallet_dtel_penalties::Call::<Runtime>::execute { penalty: id };
	costs.push(call(world, subject, "execution of a penalty", &stranger(), execute));
	world.go_to_era(era);
	world.commit();
	costs
}

/// What a proof may grow by from a chain to a larger one: the levels that the tries are deeper, for each key.
pub fn growth(small: &Size, large: &Size, reads: u32) -> u32 {
	let ratio = (large.delegations / small.delegations).max(large.operators / small.operators);
	let levels = (1..).find(|levels| 16u64.pow(*levels) >= u64::from(ratio)).expect("few levels");
	reads * (levels + 1) * 15 * 33
}

/// What differs between two chains: nothing is expected to, but for deeper tries.
pub fn differences(small: &(Size, Vec<Cost>), large: &(Size, Vec<Cost>)) -> Vec<String> {
	let mut found = Vec::new();
	assert_eq!(small.1.len(), large.1.len());
	for (a, b) in small.1.iter().zip(&large.1) {
		assert_eq!(a.what, b.what);
		if a.accesses != b.accesses {
			found.push(format!("{}: {:?} and {:?}", a.what, a.accesses, b.accesses));
		}
		if b.proof > a.proof + growth(&small.0, &large.0, a.accesses.reads) {
			found.push(format!("{}: proofs of {} and {} bytes", a.what, a.proof, b.proof));
		}
	}
	found
}

/// A table of what two chains cost.
pub fn table(small: &[Cost], large: &[Cost]) -> String {
	let mut lines = vec![
		"| operation | reads | writes | all reads | all writes | steps | proof, small | proof, large |"
			.to_string(),
		"|---|--:|--:|--:|--:|--:|--:|--:|".to_string(),
	];
	for (a, b) in small.iter().zip(large) {
		let pair =
			|a: u32, b: u32| if a == b { format!("{a}") } else { format!("**{a} → {b}**") };
		let (x, y) = (&a.accesses, &b.accesses);
		lines.push(format!(
			"| {} | {} | {} | {} | {} | {} | {} | {} |",
			a.what,
			pair(x.reads, y.reads),
			pair(x.writes, y.writes),
			pair(x.all_reads, y.all_reads),
			pair(x.all_writes, y.all_writes),
			pair(x.steps, y.steps),
			a.proof,
			b.proof,
		));
	}
	lines.join("\n")
}
