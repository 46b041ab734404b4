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
	});
	let mut pools = BTreeMap::<NodeId, Vec<NodeId>>::new();
	let mut jailed_by_now = BTreeSet::new();

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

		jailed_by_now.extend(jailed.iter().copied());
		World::with(|t| t.jailed.extend(jailed_by_now.iter().map(|n| (*n, era))));
		roll_to_end(era);
		Attestation::do_try_state().unwrap();
		assert!(Attestation::is_settled(era));

		for target in &members {
			let verifiers: Vec<_> =
				duties.iter().filter(|(_, ts)| ts.contains(target)).map(|(v, _)| *v).collect();
			let reporters: Vec<_> = verifiers.iter().filter(|v| revealed.contains(v)).collect();
			let down = downs.contains(target)
				&& reporters.iter().all(|v| deeds[**v as usize] != Deed::Praises);
			let pooled = pools.entry(*target).or_default();
			pooled.extend(reporters.iter().copied());
			let known: BTreeSet<_> = pooled.iter().collect();
			// Two thirds: three times the reports against twice the assigned.
			let quorum = !verifiers.is_empty() && 3 * reporters.len() >= 2 * verifiers.len();
			let expected = Expected {
				verdict: match quorum {
					false => Verdict::Unmeasured,
					true if down && reporters.len() >= 3 => Verdict::Down,
					true if down || known.len() < 3 => Verdict::Unmeasured,
					true => Verdict::Measured,
				},
				bandwidth: known.len() >= 3 && !(quorum && down),
				reported: reporters.len() as u8,
				assigned: verifiers.len() as u8,
				pooled: pooled.len() as u16,
				duty_done: duties[target].is_empty() || revealed.contains(target),
				jailed: jailed_by_now.contains(target),
			};
			compare(era, *target, &expected);
		}
		World::with(|t| {
			assert_eq!(t.scores.len(), members.len(), "each member scored exactly once");
			assert_eq!(t.settled, (0..=era).collect::<Vec<_>>(), "each era closed exactly once");
			t.scores.clear();
			t.offences.clear();
		});
		assert_eq!(Commitments::<Test>::iter_prefix(era).count(), commits as usize);
	}
}

fn compare(era: EraIndex, node: NodeId, expected: &Expected) {
	let outcome = Attestation::outcome(node, era).expect("settled");
	let Expected { verdict, reported, assigned, pooled, bandwidth, duty_done, jailed } = *expected;
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
	assert!(bandwidth || outcome.kbps == 0);

	let mut offences: Vec<_> = World::with(|t| {
		let of = t.offences.iter().filter(|o| o.offender == Offender::Node(node));
		of.map(|o| o.kind()).collect()
	});
	offences.sort_by_key(|kind| *kind as u8);
	let mut due = vec![];
	if !jailed && !duty_done {
		due.push(OffenceKind::MissedDuty);
	}
	if !jailed && verdict == Verdict::Down {
		due.push(OffenceKind::Unavailable);
	}
	assert_eq!(offences, due);
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
