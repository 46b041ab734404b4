//! The protocol as a whole against a model that knows nothing of the pallet's storage.
//!
//! The model is told who owns what, what everybody does and whom each verifier's duty names; from
//! that it predicts counters, verdicts, offences and pay of every era, and the exact set of samples.

use super::*;
use crate::{Commitments, Samples};
use dtel_primitives::api::Verdict;
use dtel_traits::{OffenceKind, Offender};
use proptest::{prelude::*, test_runner::RngSeed};
use std::collections::{BTreeMap, BTreeSet};

/// What a verifier does in an era.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Deed {
	/// Commits and reveals what it saw.
	Honest,
	/// Commits and reveals that all is well.
	Praises,
	/// Commits and keeps silent.
	Hides,
	/// Does nothing; tries to reveal all the same.
	Idles,
}

#[derive(Clone, Debug)]
struct Plan {
	owners: Vec<u64>,
	stakes: Vec<u128>,
	/// By era: everybody's deed, who is down, who is jailed before settlement.
	eras: Vec<(Vec<Deed>, BTreeSet<NodeId>, BTreeSet<NodeId>)>,
}

const MOST: usize = 7;

fn plan() -> impl Strategy<Value = Plan> {
	let deed = prop_oneof![
		6 => Just(Deed::Honest),
		1 => Just(Deed::Praises),
		1 => Just(Deed::Hides),
		1 => Just(Deed::Idles),
	];
	let few = || prop::collection::btree_set(0..MOST as u32, 0..2);
	let era = (prop::collection::vec(deed, MOST), few(), few());
	(1..=MOST).prop_flat_map(move |n| {
		(
			prop::collection::vec(0u64..6, n),
			prop::collection::vec(100u128..1_000_000, 6),
			prop::collection::vec(era.clone(), 1..4),
		)
			.prop_map(|(owners, stakes, eras)| Plan { owners, stakes, eras })
	})
}

/// A measurement as the model knows it.
#[derive(Clone, Copy)]
struct Seen {
	verifier: NodeId,
	owner: u64,
	weight: u128,
	up: bool,
}

/// What the model knows of a target.
#[derive(Default)]
struct Pool {
	seen: Vec<Seen>,
	/// The eras in which all of five or more but one found it down, or all.
	nearly_down: Vec<EraIndex>,
}

impl Pool {
	fn voices(seen: &[Seen]) -> usize {
		seen.iter().map(|s| s.owner).collect::<BTreeSet<_>>().len()
	}

	/// How often it was nearly down in the seven eras before.
	fn recently_down(&self, era: EraIndex) -> usize {
		self.nearly_down.iter().filter(|past| era - **past <= 7).count()
	}

	/// Samples with their weights, nobody's of which are more than a fifth together.
	fn capped(&self) -> Vec<Seen> {
		let mut sums = BTreeMap::<u64, u128>::new();
		for s in &self.seen {
			*sums.entry(s.owner).or_default() += s.weight;
		}
		let level =
			dtel_math::robust::weight_cap(&sums.values().copied().collect::<Vec<_>>(), 2_000);
		let cut = |s: &Seen| match sums[&s.owner] {
			sum if sum > level => Seen { weight: (level * s.weight / sum).max(1), ..*s },
			_ => *s,
		};
		self.seen.iter().map(cut).collect()
	}

	/// Whether less than half of the weight found it down.
	fn is_up(seen: &[Seen], weight: impl Fn(&Seen) -> u128) -> bool {
		let sum = |up| seen.iter().filter(|s| s.up == up).map(&weight).sum::<u128>();
		sum(true) > sum(false)
	}

	/// Who of the newest says something else than most of them, and most of all.
	fn outliers(&self, newest: usize) -> Vec<NodeId> {
		if newest < 3 {
			return vec![];
		}
		let all = self.capped();
		let now = &all[all.len() - newest..];
		let (of_all, of_now) = (Self::is_up(&all, |s| s.weight), Self::is_up(now, |_| 1));
		now.iter().filter(|s| s.up != of_all && s.up != of_now).map(|s| s.verifier).collect()
	}
}

/// What the model knows of a verifier in an era.
#[derive(Clone, Copy, Default)]
struct Duty {
	measured: u32,
	outliers: u32,
}

/// What the model expects of a node in an era.
struct Expected {
	verdict: Verdict,
	reported: u8,
	assigned: u8,
	pooled: u16,
	/// Whether enough verifiers attested it any.
	bandwidth: bool,
	duty_done: bool,
	jailed: bool,
	/// Whether all found it down, and were enough.
	down: bool,
	outliers: u8,
	/// What the node did as a verifier when it was a member last, if it revealed: in which era, and whether that was odd.
	before: Option<(EraIndex, Duty, bool)>,
}

fn check(plan: &Plan) {
	let nodes: Vec<NodeId> = (0..plan.owners.len() as u32).collect();
	for node in &nodes {
		let owner = plan.owners[*node as usize];
		// Enough for each of the owner's nodes.
		World::node(*node, owner, 7 * 100 + plan.stakes[owner as usize]);
	}
	roll_to_end(1);
	World::with(|t| {
		t.offences.clear();
		t.scores.clear();
		t.verified.clear();
		t.observed.clear();
	});
	let mut pools = BTreeMap::<NodeId, Pool>::new();
	let mut jailed_since = BTreeMap::new();
	let mut before = BTreeMap::<NodeId, Option<(EraIndex, Duty, bool)>>::new();

	for (i, (deeds, downs, jailed)) in plan.eras.iter().enumerate() {
		let era = 2 + i as u32;
		roll_to_phase(era, Phase::Commit);
		let members: BTreeSet<NodeId> = (0..Attestation::members(era))
			.map(|index| Attestation::member(era, index).expect("dense").node)
			.collect();
		// Frozen an era before: those jailed by then are not in it.
		let duties: BTreeMap<NodeId, Vec<NodeId>> = members
			.iter()
			.map(|v| (*v, Attestation::duty(*v).map(|d| d.1).unwrap_or_default()))
			.collect();
		for (verifier, targets) in &duties {
			assert!(!targets.contains(verifier));
			let owner = plan.owners[*verifier as usize];
			assert!(targets.iter().all(|t| plan.owners[*t as usize] != owner));
		}
		let saw = |verifier: NodeId| {
			let honest = deeds[verifier as usize] != Deed::Praises;
			report_with(era, verifier, |t| {
				if honest && downs.contains(&t) {
					Measurement::down(t, 2)
				} else {
					good(t)
				}
			})
		};

		let mut commits = 0;
		let busy: Vec<_> =
			duties.iter().filter(|(_, targets)| !targets.is_empty()).map(|(v, _)| *v).collect();
		for v in &busy {
			if deeds[*v as usize] == Deed::Idles {
				continue;
			}
			assert_included(commit_call(&saw(*v)));
			assert!(apply(commit_call(&saw(*v))).is_err(), "not twice");
			commits += 1;
		}
		roll_to_phase(era, Phase::Reveal);
		let mut revealed = BTreeSet::new();
		for v in &busy {
			match deeds[*v as usize] {
				Deed::Honest | Deed::Praises => {
					assert_included(reveal_call(&saw(*v)));
					assert!(apply(reveal_call(&saw(*v))).is_err(), "not twice");
					revealed.insert(*v);
				}
				Deed::Idles => assert!(apply(reveal_call(&saw(*v))).is_err(), "never committed"),
				Deed::Hides => {}
			}
		}
		Attestation::do_try_state().unwrap();
		assert_eq!(
			Attestation::era_progress(era),
			(members.len() as u32, commits, revealed.len() as u32, 0)
		);
		let weighs = |v: NodeId| {
			let index = crate::MemberIndex::<Test>::get(era, v).expect("a member");
			match jailed_since.contains_key(&v) {
				true => 1,
				false => Attestation::member(era, index).expect("a member").stake,
			}
		};
		let weights: BTreeMap<_, _> = revealed.iter().map(|v| (*v, weighs(*v))).collect();
		// Exactly the samples that duties and reveals say, no other.
		let mut samples: BTreeSet<(NodeId, NodeId)> = duties
			.iter()
			.filter(|(v, _)| revealed.contains(v))
			.flat_map(|(v, targets)| targets.iter().map(|t| (*v, *t)))
			.collect();
		for (target, found) in Samples::<Test>::iter_prefix(era) {
			for sample in found {
				assert!(samples.remove(&(sample.verifier, target)));
			}
		}
		assert!(samples.is_empty());

		// Some for this era, some for an earlier one.
		for node in jailed {
			jailed_since.entry(*node).or_insert(era - node % 2);
		}
		World::with(|t| t.jailed.clone_from(&jailed_since));
		roll_to_end(era);
		Attestation::do_try_state().unwrap();
		assert!(Attestation::is_settled(era));

		let mut duty: BTreeMap<NodeId, Duty> = revealed
			.iter()
			.map(|v| (*v, Duty { measured: duties[v].len() as u32, outliers: 0 }))
			.collect();
		for target in &members {
			let verifiers: Vec<_> =
				duties.iter().filter(|(_, ts)| ts.contains(target)).map(|(v, _)| *v).collect();
			// In the order in which they revealed.
			let now: Vec<_> = verifiers
				.iter()
				.filter(|v| revealed.contains(v))
				.map(|v| Seen {
					verifier: *v,
					owner: plan.owners[*v as usize],
					weight: weights[v],
					up: !downs.contains(target) || deeds[*v as usize] == Deed::Praises,
				})
				.collect();
			let ups = now.iter().filter(|s| s.up).count();
			let pool = pools.entry(*target).or_default();
			pool.seen.extend(now.iter().copied());
			let known = Pool::voices(&pool.seen);
			// Two thirds: three times the reports against twice the assigned.
			let quorum = !verifiers.is_empty() && 3 * now.len() >= 2 * verifiers.len();
			let down = quorum && ups == 0 && now.len() >= 3 && Pool::voices(&now) >= 3;
			let most = quorum && ups <= 1 && now.len() >= 5 && Pool::voices(&now) >= 5;
			let verdict = match quorum {
				_ if down || most && pool.recently_down(era) >= 2 => Verdict::Down,
				true if ups > 0 && known >= 3 && pool.seen.len() >= 3 => Verdict::Measured,
				_ => Verdict::Unmeasured,
			};
			if down || most {
				pool.nearly_down.push(era);
			}
			let outliers = match verdict {
				Verdict::Unmeasured => vec![],
				_ => pool.outliers(now.len()),
			};
			for verifier in &outliers {
				duty.get_mut(verifier).expect("it revealed").outliers += 1;
			}
			let expected = Expected {
				verdict,
				bandwidth: known >= 3 && verdict != Verdict::Down && !(quorum && ups == 0),
				reported: now.len() as u8,
				assigned: verifiers.len() as u8,
				pooled: pool.seen.len() as u16,
				duty_done: duties[target].is_empty() || revealed.contains(target),
				jailed: jailed_since.get(target).is_some_and(|since| *since < era),
				down,
				outliers: outliers.len() as u8,
				before: before.get(target).copied().flatten(),
			};
			compare(era, *target, &expected);
		}
		for (verifier, Duty { measured, outliers }) in &duty {
			let found = Commitments::<Test>::get(era, verifier).and_then(|c| c.revealed()).unwrap();
			assert_eq!((found.measured, found.outliers), (*measured as u8, *outliers as u8));
		}
		let noted: u32 = duty.values().map(|d| d.outliers).sum();
		let odd = 2 * noted > duty.values().map(|d| d.measured).sum();
		for member in &members {
			before.insert(*member, duty.get(member).map(|d| (era, *d, odd)));
		}
		World::with(|t| {
			assert_eq!(t.scores.len(), members.len(), "each member scored exactly once");
			assert_eq!(t.settled, (0..=era).collect::<Vec<_>>(), "each era closed exactly once");
			t.scores.clear();
			t.offences.clear();
			t.observed.clear();
			t.verified.clear();
		});
		assert_eq!(Commitments::<Test>::iter_prefix(era).count(), commits as usize);
	}
}

fn compare(era: EraIndex, node: NodeId, expected: &Expected) {
	let outcome = Attestation::outcome(node, era).expect("settled");
	let Expected { verdict, reported, assigned, pooled, bandwidth, duty_done, jailed, .. } =
		*expected;
	assert_eq!(
		(outcome.verdict, outcome.reported, outcome.assigned, outcome.pooled, outcome.duty_done),
		(verdict, reported, assigned, pooled, duty_done)
	);
	// All measurements are either flawless or down, so a score is either.
	match verdict {
		Verdict::Measured => assert!([0, 10_000].contains(&outcome.score.parts())),
		Verdict::Down => assert_eq!(outcome.score, BasisPoints::ZERO),
		Verdict::Unmeasured => assert!(outcome.score.parts() <= 9_000),
	}
	let scored: Vec<_> =
		World::with(|t| t.scores.iter().filter(|s| s.node == node).cloned().collect());
	assert_eq!(scored.len(), 1);
	let unpaid = jailed || !duty_done || verdict != Verdict::Measured;
	assert_eq!(scored[0].score, if unpaid { BasisPoints::ZERO } else { outcome.score });
	assert_eq!((scored[0].era, scored[0].kbps), (era, outcome.kbps));
	let accepted = expected.before.map_or(0, |(_, d, _)| d.measured - d.outliers);
	assert_eq!(scored[0].duty, if jailed { 0 } else { accepted });
	assert_eq!(outcome.outliers, expected.outliers);
	assert_eq!(
		outcome.points,
		if scored[0].score == BasisPoints::ZERO { 0 } else { outcome.kbps.into() }
	);
	assert!(bandwidth || outcome.kbps == 0);

	let offences: Vec<_> = World::with(|t| {
		let of = t.offences.iter().filter(|o| o.offender == Offender::Node(node));
		of.map(|o| o.kind()).collect()
	});
	let missed = !jailed && !duty_done;
	assert_eq!(offences, if missed { vec![OffenceKind::MissedDuty] } else { vec![] });
	let observed: Vec<_> = World::with(|t| {
		let of = t.observed.iter().filter(|seen| seen.node == node);
		of.map(|seen| (seen.era, seen.score, seen.down.is_some(), seen.misplaced)).collect()
	});
	let judged = !jailed && verdict != Verdict::Unmeasured;
	let seen = (era, outcome.score, expected.down, None);
	assert_eq!(observed, if judged { vec![seen] } else { vec![] });
	let verified: Vec<_> = World::with(|t| {
		let of = t.verified.iter().filter(|told| told.1 == node);
		of.map(|told| (told.0, told.3)).collect()
	});
	let deviates = |d: Duty| d.outliers >= 3 && 2 * d.outliers > d.measured;
	let told = expected.before.filter(|_| !jailed);
	let told = told.map(|(last, duty, odd)| (last, deviates(duty) && !odd));
	assert_eq!(verified, told.into_iter().collect::<Vec<_>>());
}

proptest! {
	#![proptest_config(ProptestConfig {
		cases: 16,
		max_shrink_iters: 200,
		rng_seed: RngSeed::Fixed(2_609),
		..Default::default()
	})]

	#[test]
	fn the_protocol_follows_the_model(plan in plan()) {
		new_test_ext().execute_with(|| check(&plan));
	}
}
