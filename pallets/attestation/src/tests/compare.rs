//! What measurements are compared with: each other, the speed of light, and what a node says of itself.

use super::*;
use crate::{Commitments, Event, Outcomes, Pools, Revealed};
use dtel_primitives::{api::Outcome, report::SelfReport};
use dtel_traits::{Evidence, Offence, Offender};

fn outcome(node: NodeId, era: EraIndex) -> Outcome {
	Outcomes::<Test>::get(node, era).unwrap()
}

fn revealed(era: EraIndex, verifier: NodeId) -> Revealed {
	Commitments::<Test>::get(era, verifier).and_then(|c| c.revealed()).unwrap()
}

fn offences() -> Vec<(EraIndex, NodeId, Evidence)> {
	World::with(|t| t.offences.clone())
		.into_iter()
		.map(|Offence { era, offender, evidence, .. }| match offender {
			Offender::Node(node) => (era, node, evidence),
			Offender::Validator(_) => unreachable!(),
		})
		.collect()
}

/// An era in which everybody reports, each target measured by what is said for verifier and target.
fn era_with(era: EraIndex, measure: impl Fn(NodeId, NodeId) -> Measurement) {
	run_era(era, |v| Some(report_with(era, v, |t| measure(v, t))));
}

#[test]
fn who_defames_is_noted_loses_nothing_but_that_and_is_told_an_era_later() {
	build_and_execute(|| {
		network(7);
		roll_to(20);
		let bad = |t| Measurement { mos_centi: 150, video: BasisPoints::ZERO, ..good(t) };
		let defames = |v, t| if v == 3 { bad(t) } else { good(t) };
		era_with(2, |_, t| good(t));
		era_with(3, defames);
		let targets = Attestation::targets_of_node(3, 3).unwrap();
		let noted = revealed(3, 3);
		assert_eq!((noted.measured, noted.outliers), (targets.len() as u8, targets.len() as u8));
		for target in &targets {
			assert_eq!(outcome(*target, 3).outliers, 1);
			// Nobody's score moves by it.
			assert_eq!(outcome(*target, 3).score, outcome(*target, 2).score);
		}
		assert!((0..7).filter(|v| *v != 3).all(|v| revealed(3, v).outliers == 0));
		let duty = |node, era| {
			World::with(|t| {
				t.scores.iter().find(|s| (s.era, s.node) == (era, node)).map(|s| s.duty)
			})
		};
		era_with(4, |_, t| good(t));
		// What was measured in an era is paid with the next, when it is known what it was worth.
		let measured = u32::from(noted.measured);
		assert_eq!((duty(3, 3), duty(3, 4), duty(0, 4)), (Some(measured), Some(0), Some(measured)));
		let told = World::with(|t| t.verified.clone());
		let of_three: Vec<_> = told.into_iter().filter(|(_, node, ..)| *node == 3).collect();
		let owner = World::with(|t| t.nodes[&3].owner);
		assert_eq!(of_three, [(2, 3, owner, false), (3, 3, owner, true)]);
		assert!(offences().iter().all(|(era, ..)| *era == 1), "{:?}", offences());
	});
}

#[test]
fn who_sees_a_node_become_bad_with_the_others_is_not_noted() {
	build_and_execute(|| {
		network(7);
		roll_to(20);
		era_with(2, |_, t| good(t));
		era_with(3, |_, t| good(t));
		let worse = |t| Measurement { mos_centi: 200, video: BasisPoints::ZERO, ..good(t) };
		era_with(4, |_, t| if t == 5 { worse(t) } else { good(t) });
		assert_eq!(outcome(5, 4).outliers, 0);
		assert!((0..7).all(|v| revealed(4, v).outliers == 0));
	});
}

/// Berlin, and Sydney by declaration.
const NEAR: (i16, i16) = (525, 134);
const FAR: (i16, i16) = (-339, 1_512);

#[test]
fn whom_most_verifiers_contradict_is_blamed_for_its_place() {
	build_and_execute(|| {
		network(7);
		World::with(|t| t.places = (0..7).map(|n| (n, if n == 5 { FAR } else { NEAR })).collect());
		roll_to(20);
		// 1.8 ms to a place that is 81 light milliseconds away and back.
		run_era(2, |_| None);
		World::with(|t| t.offences.clear());
		System::reset_events();
		era_with(3, |_, t| good(t));
		let verifiers = Attestation::verifiers_of_node(3, 5).unwrap();
		let doubted: Vec<_> = events()
			.into_iter()
			.filter_map(|event| match event {
				Event::PlaceDoubted { target: 5, verifier, rtt_us, least_us, .. } => {
					assert!(rtt_us == 1_800 && (80_000..82_000).contains(&least_us));
					Some(verifier)
				}
				_ => None,
			})
			.collect();
		let sorted = |mut all: Vec<NodeId>| {
			all.sort_unstable();
			all
		};
		assert_eq!(sorted(doubted), sorted(verifiers.clone()));
		let n = verifiers.len() as u8;
		assert_eq!(outcome(5, 3).doubts, n);
		assert_eq!(misplaced(5, 3), Some(true));
		assert!((0..7).filter(|n| *n != 5).all(|n| misplaced(n, 3) == Some(false)));
		// As a verifier, it contradicts all of its targets, too, and alone.
		let Revealed { measured, outliers, .. } = revealed(3, 5);
		assert!(measured == outliers && measured > 2);
		assert!((0..7).filter(|v| *v != 5).all(|v| revealed(3, v).outliers == 0));
		assert_eq!(offences(), []);
	});
}

#[test]
fn nobody_is_misplaced_when_fewer_than_three_operators_can_tell() {
	build_and_execute(|| {
		network(7);
		// Nodes 0 and 1 say where they are; 5 says where it is not.
		World::with(|t| t.places.extend([(0, NEAR), (1, NEAR), (5, FAR)]));
		roll_to(20);
		era_with(2, |_, t| good(t));
		assert!((0..7).all(|n| misplaced(n, 2).is_none()));
		assert!(outcome(5, 2).doubts > 0);
		assert!((0..7).all(|v| revealed(2, v).outliers == 0));
	});
}

/// What the quality sink was told of a node's place.
fn misplaced(node: NodeId, era: EraIndex) -> Option<bool> {
	let seen = World::with(|t| t.observed.iter().find(|s| (s.node, s.era) == (node, era)).cloned());
	seen.expect("it was judged").misplaced
}

#[test]
fn who_alone_contradicts_many_targets_is_noted_itself() {
	build_and_execute(|| {
		network(7);
		World::with(|t| t.places = (0..7).map(|n| (n, if n == 5 { FAR } else { NEAR })).collect());
		roll_to(20);
		// Seen by others it is as far away as it says. Of others it says that they are near.
		run_era(2, |_| None);
		let far = |_, t| if t == 5 { slow(t) } else { good(t) };
		era_with(3, far);
		let Revealed { measured, outliers, .. } = revealed(3, 5);
		assert!(measured == outliers && measured > 2);
		assert!(revealed(3, 5).deviates());
		assert!((0..7).filter(|v| *v != 5).all(|v| revealed(3, v).outliers == 0));
		assert!((0..7).all(|n| misplaced(n, 3) == Some(false)));
	});
}

#[test]
fn two_who_contradict_a_target_are_not_noted_for_it() {
	build_and_execute(|| {
		network(7);
		// Node 5 says to be where it is not. Two of its verifiers live where it is.
		World::with(|t| t.places = (0..7).map(|n| (n, if n == 5 { FAR } else { NEAR })).collect());
		roll_to(20);
		run_era(2, |_| None);
		roll_to_phase(3, Phase::Measure);
		let close: Vec<_> =
			Attestation::verifiers_of_node(3, 5).unwrap().into_iter().take(2).collect();
		assert_eq!(close.len(), 2);
		let far = |v, t| if t == 5 && !close.contains(&v) { slow(t) } else { good(t) };
		era_with(3, far);
		assert_eq!(outcome(5, 3).doubts, 2);
		assert_eq!(misplaced(5, 3), Some(false));
		assert!(close.iter().all(|v| revealed(3, *v).outliers == 0));
	});
}

/// One whose report is of another world, in an era in which most say that, and in one in which few do.
#[test]
fn nobody_is_blamed_as_an_outlier_of_an_odd_era() {
	build_and_execute(|| {
		network(7);
		roll_to(20);
		// The pool says one thing, and then everybody another that is neither that nor the others'.
		for era in 2..5 {
			era_with(era, |_, t| good(t));
		}
		let odd = |v: NodeId, t| Measurement { down_kbps: 10_000 << (v * 2), ..good(t) };
		era_with(5, odd);
		let noted = |era| (0..7).filter(|v| revealed(era, *v).deviates()).count();
		assert!(noted(5) >= 4, "{}", noted(5));
		era_with(6, |_, t| good(t));
		let told = |era| -> Vec<_> {
			let all = World::with(|t| t.verified.clone());
			all.into_iter().filter(|told| told.0 == era && told.3).map(|told| told.1).collect()
		};
		assert_eq!(told(5), [0; 0]);
		let bad = |v, t| if v == 3 { Measurement { down_kbps: 1, ..good(t) } } else { good(t) };
		era_with(7, bad);
		era_with(8, |_, t| good(t));
		assert_eq!(told(7), [3]);
	});
}

#[test]
fn what_was_done_as_a_verifier_is_told_and_paid_when_it_is_a_member_again() {
	build_and_execute(|| {
		network(7);
		roll_to(20);
		era_with(2, |_, t| good(t));
		era_with(3, |_, t| good(t));
		// Out of era 5, which is frozen in era 4, and in again.
		World::with(|t| t.jailed.insert(3, 4));
		let bad = |t| Measurement { down_kbps: 1, ..good(t) };
		roll_to_phase(4, Phase::Measure);
		let spoiled = Attestation::targets_of_node(4, 3).unwrap()[0];
		era_with(4, |v, t| if (v, t) == (3, spoiled) { bad(t) } else { good(t) });
		World::with(|t| t.jailed.clear());
		era_with(5, |_, t| good(t));
		assert!(!Outcomes::<Test>::contains_key(3, 5));
		era_with(6, |_, t| good(t));
		let pays: Vec<_> = World::with(|t| t.scores.clone())
			.into_iter()
			.filter(|s| s.node == 3 && s.era > 2)
			.map(|s| (s.era, s.duty))
			.collect();
		let measured = u32::from(revealed(4, 3).measured);
		assert_eq!(pays, [(3, 5), (4, 5), (6, measured - 1)]);
		let told = World::with(|t| t.verified.clone());
		let told: Vec<_> = told.into_iter().filter(|told| told.1 == 3).map(|t| t.0).collect();
		assert_eq!(told, [2, 3, 4]);
	});
}

#[test]
fn an_era_counts_against_a_verifier_only_when_several_and_most_measurements_do() {
	let era = |measured, outliers| Revealed { measured, outliers, own: None }.deviates();
	assert!(!era(5, 2) && era(5, 3) && era(5, 5));
	assert!(!era(2, 2), "two targets may have agreed on it");
	assert!(!era(16, 8) && era(16, 9));
}

#[test]
fn calls_that_do_not_come_up_for_one_verifier_make_it_no_outlier() {
	build_and_execute(|| {
		network(7);
		roll_to(20);
		era_with(2, |_, t| good(t));
		let half = |t| Measurement { calls_up: 1, ..good(t) };
		era_with(3, |v, t| if v == 3 { half(t) } else { good(t) });
		assert_eq!(revealed(3, 3).outliers, 0);
		// That none came up is another thing.
		era_with(4, |v, t| if v == 3 { Measurement::down(t, 2) } else { good(t) });
		assert_eq!(revealed(4, 3).outliers, revealed(4, 3).measured);
	});
}

fn slow(target: NodeId) -> Measurement {
	Measurement { rtt_min_us: 90_000, rtt_us: 95_000, rtt_p95_us: 99_000, ..good(target) }
}

#[test]
fn a_node_that_says_better_of_itself_than_others_is_shown_beside_them() {
	build_and_execute(|| {
		network(5);
		roll_to(20);
		let own = |mos_centi| {
			Some(SelfReport {
				participants: 3,
				loss: BasisPoints::ZERO,
				jitter_us: 1,
				rtt_us: 1,
				mos_centi,
				up_kbps: 1,
				down_kbps: 1,
			})
		};
		System::reset_events();
		run_era(2, |v| {
			let own = match v {
				1 => own(500),
				2 => own(441),
				_ => None,
			};
			Some(EraReport { own, ..report(2, v) })
		});
		let said = |node| (outcome(node, 2).own, outcome(node, 2).boasts);
		assert_eq!(
			[said(1), said(2), said(3)],
			[(own(500), true), (own(441), false), (None, false)]
		);
		let differs: Vec<_> = events()
			.into_iter()
			.filter(|event| matches!(event, Event::SelfReportDiffers { .. }))
			.collect();
		assert_eq!(differs, [Event::SelfReportDiffers { era: 2, node: 1 }]);
		// It is paid by what was attested.
		assert_eq!(outcome(1, 2).score, outcome(3, 2).score);
	});
}

#[test]
fn a_pool_keeps_the_newest_samples_and_none_that_are_too_old() {
	build_and_execute(|| {
		PoolEras::set(3);
		network(5);
		roll_to(20);
		for era in 2..7 {
			era_with(era, |_, t| good(t));
		}
		let pool = Pools::<Test>::get(1);
		let eras: Vec<_> = pool.samples().iter().map(|p| p.era).collect();
		assert_eq!(pool.last().unwrap().era, 6);
		assert!(eras.windows(2).all(|pair| pair[0] <= pair[1]));
		assert_eq!((*eras.first().unwrap(), eras.len()), (4, 3 * 4));
	});
}
