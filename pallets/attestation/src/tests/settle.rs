//! `settle`, and settlement by hooks.

use super::*;
use crate::{settlement::Extra, Error, Event, Outcomes, Pools, Worth};
use dtel_primitives::api::{Outcome, Verdict};
use dtel_traits::{Evidence, Offence, OffenceKind, Offender};
use frame_support::{assert_noop, assert_ok, weights::Weight};

fn bp(parts: u16) -> BasisPoints {
	BasisPoints::new(parts).unwrap()
}

fn paid(era: EraIndex, node: NodeId) -> BasisPoints {
	World::with(|t| {
		let mut of = t.scores.iter().filter(|s| s.era == era && s.node == node);
		let score = of.next().expect("scored").score;
		assert!(of.next().is_none(), "scored once");
		score
	})
}

fn offences() -> Vec<(OffenceKind, EraIndex, NodeId)> {
	let node = |o: &Offence<_>| match o.offender {
		Offender::Node(node) => node,
		Offender::Validator(_) => panic!("{o:?}"),
	};
	World::with(|t| t.offences.iter().map(|o| (o.kind(), o.era, node(o))).collect())
}

#[test]
fn everybody_is_paid_when_everybody_is_well() {
	build_and_execute(|| {
		network(5);
		// Era 1 has members already, but nobody reported: unmeasured, and their duty missed.
		roll_to_end(1);
		World::with(|t| t.offences.clear());
		run_era(2, |v| Some(report(2, v)));
		assert!(Attestation::is_settled(2) && !Attestation::is_settled(3));
		assert_eq!(Attestation::era_progress(2), (5, 5, 5, 5));
		assert_eq!(World::with(|t| t.settled.clone()), vec![0, 1, 2]);
		assert_eq!(offences(), vec![]);
		for node in 0..5 {
			let outcome = Attestation::outcome(node, 2).unwrap();
			assert_eq!(outcome.verdict, Verdict::Measured);
			assert_eq!((outcome.assigned, outcome.reported, outcome.pooled), (4, 4, 4));
			assert_eq!((outcome.kbps, outcome.rtt_us, outcome.jitter_us), (1_900, 2_000, 400));
			assert_eq!((outcome.score, outcome.duty_done), (BasisPoints::ONE, true));
			// As the sink says: a point for each kbit/s.
			assert_eq!(outcome.points, 1_900);
			assert_eq!(paid(2, node), BasisPoints::ONE);
			assert_eq!(Pools::<Test>::get(node).last().unwrap().era, 2);
		}
		let scored = World::with(|t| t.scores.iter().find(|s| s.era == 2).cloned().unwrap());
		assert_eq!((scored.stake, scored.kbps, scored.duty), (1_000, 1_900, 0));
		assert_eq!(scored.owner, u64::from(scored.node) + 100);
	});
}

#[test]
fn who_reveals_nothing_offends_and_is_not_paid() {
	build_and_execute(|| {
		network(5);
		roll_to_end(1);
		World::with(|t| t.offences.clear());
		run_era(2, |v| (v != 3).then(|| report(2, v)));
		assert_eq!(offences(), vec![(OffenceKind::MissedDuty, 2, 3)]);
		let offence = World::with(|t| t.offences[0].clone());
		let evidence = Evidence::MissedDuty { committed: false, revealed: 4, members: 5 };
		let offender = Offender::Node(3);
		assert_eq!(offence, Offence { era: 2, offender, owner: 103, evidence });
		let outcome = Outcomes::<Test>::get(3, 2).unwrap();
		assert_eq!((outcome.score, outcome.duty_done), (BasisPoints::ONE, false));
		assert_eq!(paid(2, 3), BasisPoints::ZERO);
		assert_eq!(paid(2, 0), BasisPoints::ONE);
		assert_eq!(Outcomes::<Test>::get(0, 2).unwrap().reported, 3, "three of four: a quorum");
		assert_eq!(Outcomes::<Test>::get(0, 2).unwrap().verdict, Verdict::Measured);
	});
}

#[test]
fn who_only_commits_offends() {
	build_and_execute(|| {
		network(4);
		roll_to_end(1);
		World::with(|t| t.offences.clear());
		roll_to_phase(2, Phase::Commit);
		for v in 0..4 {
			assert_included(commit_call(&report(2, v)));
		}
		roll_to_phase(2, Phase::Reveal);
		for v in 0..3 {
			assert_included(reveal_call(&report(2, v)));
		}
		roll_to_end(2);
		assert_eq!(offences(), vec![(OffenceKind::MissedDuty, 2, 3)]);
		let evidence = World::with(|t| t.offences[0].evidence);
		assert_eq!(evidence, Evidence::MissedDuty { committed: true, revealed: 3, members: 4 });
		assert_eq!(Attestation::era_progress(2), (4, 4, 3, 4));
	});
}

#[test]
fn a_node_is_down_when_a_quorum_says_so_with_one_voice() {
	build_and_execute(|| {
		network(5);
		roll_to_end(1);
		World::with(|t| t.offences.clear());
		let fate = |era| {
			move |v| {
				Some(report_with(
					era,
					v,
					|t| if t == 4 { Measurement::down(t, 3) } else { good(t) },
				))
			}
		};
		run_era(2, |v| Some(report(2, v)));
		run_era(3, fate(3));
		let outcome = Outcomes::<Test>::get(4, 3).unwrap();
		assert_eq!(outcome.verdict, Verdict::Down);
		assert_eq!((outcome.score, outcome.pooled), (BasisPoints::ZERO, 8));
		assert_eq!(paid(3, 4), BasisPoints::ZERO);
		assert_eq!(offences(), vec![], "who decides what is too often reports it");
		let (down, measured) = (4, 20);
		let down = Evidence::Unavailable { assigned: 4, reported: 4, down, measured };
		let seen = |node, era| -> Vec<_> {
			let all = World::with(|t| t.observed.clone());
			let of = all.into_iter().filter(|seen| (seen.era, seen.node) == (era, node));
			of.map(|seen| (seen.owner, seen.score, seen.down)).collect()
		};
		assert_eq!(seen(4, 1), [], "unmeasured: nothing can be said");
		assert_eq!(seen(4, 2), [(104, BasisPoints::ONE, None)], "measured");
		assert_eq!(seen(4, 3), [(104, BasisPoints::ZERO, Some(down))], "down");
		// The pool still remembers the better era; the next good one lifts it again.
		run_era(4, |v| Some(report(4, v)));
		assert_eq!(Outcomes::<Test>::get(4, 4).unwrap().verdict, Verdict::Measured);
		assert_eq!(paid(4, 4), BasisPoints::ONE);
	});
}

#[test]
fn all_but_one_are_believed_the_third_time_in_eight_eras() {
	build_and_execute(|| {
		network(8);
		run_era(1, |v| Some(report(1, v)));
		let fate = |era: EraIndex, friend: bool| {
			run_era(era, |v| {
				let verifiers = Attestation::verifiers_of_node(era, 4).unwrap();
				let lies = friend && v == verifiers[0];
				let down = |t| if t == 4 && !lies { Measurement::down(t, 3) } else { good(t) };
				Some(report_with(era, v, down))
			});
			Outcomes::<Test>::get(4, era).unwrap()
		};
		let score = |outcome: Outcome| (outcome.verdict, outcome.score);
		let first = fate(2, true);
		assert_eq!((first.assigned, first.reported), (5, 5));
		assert_eq!(first.verdict, Verdict::Measured);
		assert_eq!(fate(3, true).verdict, Verdict::Measured);
		let down = (Verdict::Down, BasisPoints::ZERO);
		assert_eq!(score(fate(4, true)), down, "and so on");
		let told: Vec<_> = World::with(|t| t.observed.clone())
			.into_iter()
			.filter(|seen| seen.node == 4 && seen.era > 1)
			.map(|seen| seen.down.is_some())
			.collect();
		assert_eq!(told, [false; 3], "but an offence it is only when all say so");
		// Up in between, as often as not.
		for era in [5, 7, 9] {
			run_era(era, |v| Some(report(era, v)));
			assert_eq!(Outcomes::<Test>::get(4, era).unwrap().verdict, Verdict::Measured);
			assert_eq!(score(fate(era + 1, true)), down);
		}
		// Those of eras 2 to 4 are too long ago, of the others one is.
		for era in 11..16 {
			run_era(era, |v| Some(report(era, v)));
		}
		assert_eq!(fate(16, true).verdict, Verdict::Measured);
		run_era(17, |v| Some(report(17, v)));
		assert_eq!(
			fate(18, true).verdict,
			Verdict::Measured,
			"that of era 10 is too long ago, too"
		);
		assert_eq!(score(fate(19, true)), down);
	});
}

#[test]
fn a_young_pool_decides_nothing() {
	build_and_execute(|| {
		LeastSamples::set(12);
		network(7);
		for era in 1..3 {
			run_era(era, |v| Some(report(era, v)));
			for node in 0..7 {
				let outcome = Outcomes::<Test>::get(node, era).unwrap();
				assert_eq!((outcome.verdict, outcome.kbps), (Verdict::Unmeasured, 0));
				assert_eq!(pay(era, node), (0, BasisPoints::ZERO));
			}
		}
		assert!(World::with(|t| t.observed.is_empty()), "nobody is blamed either");
		run_era(3, |v| Some(report(3, v)));
		assert_eq!(Outcomes::<Test>::get(0, 3).unwrap().pooled, 15);
		assert_eq!(pay(3, 0), (1_900, BasisPoints::ONE));
	});
}

#[test]
fn nothing_counts_above_what_was_declared() {
	build_and_execute(|| {
		network(5);
		run_era(1, |v| Some(report(1, v)));
		let praised = |t| Measurement { down_kbps: Measurement::MAX_KBPS, ..good(t) };
		run_era(2, |v| Some(report_with(2, v, praised)));
		run_era(3, |v| Some(report_with(3, v, praised)));
		assert_eq!(Outcomes::<Test>::get(0, 3).unwrap().kbps, Measurement::MAX_KBPS);
		assert_eq!(pay(3, 0).0, DECLARED_KBPS);
	});
}

#[test]
fn what_was_declared_counts_when_nearly_as_much_was_measured() {
	build_and_execute(|| {
		FullScore::set(bp(9_000));
		network(5);
		let gave = |kbps| move |t| Measurement { down_kbps: kbps, ..good(t) };
		run_era(1, |v| Some(report_with(1, v, gave(DECLARED_KBPS / 10 * 9))));
		assert_eq!(pay(1, 0).0, DECLARED_KBPS);
		PoolEras::set(1);
		run_era(2, |v| Some(report_with(2, v, gave(DECLARED_KBPS / 10 * 9 - 1))));
		assert_eq!(pay(2, 0).0, DECLARED_KBPS / 10 * 9 - 1);
	});
}

#[test]
fn all_is_paid_from_a_full_score_on() {
	let paid_of = |mos_centi| {
		let mut of = bp(0);
		build_and_execute(|| {
			FullScore::set(bp(9_000));
			network(5);
			let heard = |t| Measurement { mos_centi, ..good(t) };
			run_era(1, |v| Some(report_with(1, v, heard)));
			let score = Outcomes::<Test>::get(0, 1).unwrap().score;
			assert_eq!(score, dtel_math::score::score_floor(bp(10_000), mos_centi, bp(10_000)));
			of = paid(1, 0);
		});
		of
	};
	assert_eq!((paid_of(441), paid_of(380)), (BasisPoints::ONE, BasisPoints::ONE));
	// (1 + 200 / 341) / 2 is 0.7932, of 90 %.
	assert_eq!(paid_of(300), bp(8_813));
}

#[test]
fn pay_moves_by_a_step_an_era_at_most() {
	build_and_execute(|| {
		PoolEras::set(1);
		PayStep::set(bp(300));
		network(5);
		let declared = DECLARED_KBPS;
		let full = |t| Measurement { down_kbps: declared, ..good(t) };
		// (200 / 341 + 1) / 2 of the score, and half of the bandwidth.
		let bad = |t| Measurement { mos_centi: 300, down_kbps: declared / 2, ..good(t) };
		// The first measured era sets it, whatever it shows.
		run_era(1, |v| Some(report_with(1, v, full)));
		assert_eq!((pay(1, 0), paid(1, 0)), ((declared, BasisPoints::ONE), BasisPoints::ONE));
		let said = |era| {
			let outcome = Outcomes::<Test>::get(0, era).unwrap();
			(outcome.kbps, outcome.score)
		};
		run_era(2, |v| Some(report_with(2, v, bad)));
		assert_eq!(said(2), (declared / 2, bp(7_932)), "what was measured is said as it is");
		assert_eq!(pay(2, 0), (declared / 100 * 97, bp(9_700)));
		// An era in which nobody measured is not paid, and moves nothing.
		run_era(3, |_| None);
		assert_eq!(pay(3, 0).1, BasisPoints::ZERO);
		run_era(4, |v| Some(report_with(4, v, bad)));
		assert_eq!(pay(4, 0), (declared / 100 * 94, bp(9_400)));
		// Nor does one in which it is down, which is not paid at all.
		let dead =
			|v: NodeId| move |t| if t == 0 && v != 0 { Measurement::down(t, 1) } else { full(t) };
		run_era(5, |v| Some(report_with(5, v, dead(v))));
		assert_eq!(Outcomes::<Test>::get(0, 5).unwrap().verdict, Verdict::Down);
		assert_eq!(pay(5, 0).1, BasisPoints::ZERO);
		// Up again, as slowly, and not beyond what is due.
		run_era(6, |v| Some(report_with(6, v, full)));
		assert_eq!(pay(6, 0), (declared / 100 * 97, bp(9_700)));
		run_era(7, |v| Some(report_with(7, v, full)));
		run_era(8, |v| Some(report_with(8, v, full)));
		assert_eq!(pay(8, 0), (declared, BasisPoints::ONE));
	});
}

#[test]
fn nobody_is_worth_more_than_it_declares() {
	let worth = |score, kbps| Worth { score: bp(score), kbps };
	let step = bp(300);
	assert_eq!(worth(9_000, 1_000).towards(worth(9_100, 90), 100, step), worth(9_100, 100));
	assert_eq!(worth(9_000, 100).towards(worth(8_000, 1_000), 1_000, step), worth(8_700, 130));
	// From nothing, too: the step is of what is declared, not of what was.
	assert_eq!(worth(0, 0).towards(worth(9_000, 7), 10, step), worth(300, 1));
	assert_eq!(worth(5, 5).towards(worth(0, 0), 0, BasisPoints::ONE), worth(0, 0));
}

#[test]
fn who_is_jailed_for_an_era_or_later_is_paid_for_it() {
	build_and_execute(|| {
		network(5);
		run_era(1, |v| Some(report(1, v)));
		roll_to_phase(2, Phase::Measure);
		World::with(|t| t.jailed.extend([(1, 1), (2, 2), (3, 3)]));
		run_era(2, |v| Some(report(2, v)));
		let paid = [0, 1, 2, 3].map(|node| paid(2, node) > BasisPoints::ZERO);
		assert_eq!(paid, [true, false, true, true]);
		let duty = |node| {
			World::with(|t| t.scores.iter().find(|s| (s.era, s.node) == (2, node)).map(|s| s.duty))
		};
		assert_eq!([0, 1, 2].map(duty), [Some(4), Some(0), Some(4)]);
	});
}

#[test]
fn one_dissenter_or_too_few_reports_do_not_condemn() {
	build_and_execute(|| {
		network(5);
		roll_to_end(1);
		World::with(|t| t.offences.clear());
		run_era(2, |v| {
			Some(report_with(2, v, |t| {
				if t == 4 && v != 0 {
					Measurement::down(t, 1)
				} else {
					good(t)
				}
			}))
		});
		let outcome = Outcomes::<Test>::get(4, 2).unwrap();
		assert_eq!(outcome.verdict, Verdict::Measured);
		assert_eq!(outcome.score, BasisPoints::ZERO, "the median is down all the same");
		assert_eq!(offences(), vec![]);
	});
	build_and_execute(|| {
		// Three members: two verifiers each, which is a quorum, but fewer than three.
		network(3);
		roll_to_end(1);
		World::with(|t| t.offences.clear());
		run_era(2, |v| {
			Some(report_with(2, v, |t| if t == 2 { Measurement::down(t, 1) } else { good(t) }))
		});
		assert_eq!(Outcomes::<Test>::get(2, 2).unwrap().verdict, Verdict::Unmeasured);
		assert_eq!(offences(), vec![]);
	});
}

/// The pay of a node in an era as the sink is told: bandwidth and score.
fn pay(era: EraIndex, node: NodeId) -> (u32, BasisPoints) {
	let kbps = World::with(|t| {
		t.scores.iter().find(|s| s.era == era && s.node == node).expect("scored").kbps
	});
	(kbps, paid(era, node))
}

#[test]
fn two_or_three_friends_are_not_paid_on_each_others_word() {
	for n in [2, 3] {
		build_and_execute(|| {
			network(n);
			for era in 1..5 {
				run_era(era, |v| Some(report(era, v)));
				for node in 0..n {
					let outcome = Outcomes::<Test>::get(node, era).unwrap();
					assert_eq!((outcome.assigned, outcome.reported), (n as u8 - 1, n as u8 - 1));
					assert_eq!(outcome.pooled, era as u16 * (n as u16 - 1), "however often");
					assert_eq!(outcome.verdict, Verdict::Unmeasured);
					assert_eq!((outcome.score, outcome.mos_centi), (BasisPoints::ZERO, 0));
					assert_eq!(pay(era, node), (0, BasisPoints::ZERO));
				}
			}
			assert_eq!(offences(), vec![], "they did their duty");
		});
	}
}

#[test]
fn four_are_enough_but_two_of_their_reports_are_not() {
	build_and_execute(|| {
		network(4);
		roll_to_end(1);
		// Two of three verifiers are a quorum, and one pool is too few.
		run_era(2, |v| (v != 3).then(|| report(2, v)));
		let outcome = Outcomes::<Test>::get(0, 2).unwrap();
		assert_eq!((outcome.assigned, outcome.reported), (3, 2));
		assert_eq!((outcome.verdict, outcome.kbps), (Verdict::Unmeasured, 0));
		assert_eq!(Outcomes::<Test>::get(3, 2).unwrap().verdict, Verdict::Measured);
		// With the third the pool is of three, and stays so when another is silent.
		run_era(3, |v| Some(report(3, v)));
		assert_eq!(Outcomes::<Test>::get(0, 3).unwrap().verdict, Verdict::Measured);
		run_era(4, |v| (v != 2).then(|| report(4, v)));
		let outcome = Outcomes::<Test>::get(0, 4).unwrap();
		assert_eq!((outcome.reported, outcome.verdict), (2, Verdict::Measured));
		assert_eq!(pay(4, 0), (1_900, BasisPoints::ONE));
	});
}

#[test]
fn own_nodes_do_not_make_up_for_strangers() {
	build_and_execute(|| {
		// Seven nodes of two operators: nodes 5 and 6 are the only ones to speak of nodes 0 to 4.
		for node in 0..7 {
			World::node(node, 100 + u64::from(node > 4), 10_000);
		}
		for era in 1..4 {
			run_era(era, |v| {
				(!Attestation::targets(era, v).unwrap().is_empty()).then(|| report(era, v))
			});
			for node in 0..5 {
				assert_eq!(Outcomes::<Test>::get(node, era).unwrap().verdict, Verdict::Unmeasured);
				assert_eq!(pay(era, node), (0, BasisPoints::ZERO));
			}
		}
		// Five verifiers of one operator are one voice.
		assert!(Outcomes::<Test>::get(5, 3).unwrap().pooled > 10);
		assert_eq!(Outcomes::<Test>::get(5, 3).unwrap().verdict, Verdict::Unmeasured);
	});
}

#[test]
fn a_network_that_shrinks_lives_on_its_pool_and_then_on_nothing() {
	build_and_execute(|| {
		PoolEras::set(2);
		network(4);
		run_era(1, |v| Some(report(1, v)));
		run_era(2, |v| Some(report(2, v)));
		World::with(|t| t.nodes.get_mut(&3).unwrap().candidate = false);
		// Era 4 is the first without it.
		run_era(3, |v| Some(report(3, v)));
		run_era(4, |v| Some(report(4, v)));
		assert_eq!(Attestation::members(4), 3);
		assert_eq!(pay(4, 0), (1_900, BasisPoints::ONE), "node 3's word of era 3 is still pooled");
		run_era(5, |v| Some(report(5, v)));
		assert_eq!(Outcomes::<Test>::get(0, 5).unwrap().verdict, Verdict::Unmeasured);
		assert_eq!(Outcomes::<Test>::get(0, 5).unwrap().score, bp(9_000));
		assert_eq!(pay(5, 0), (0, BasisPoints::ZERO), "two friends attest nothing");
	});
}

#[test]
fn too_few_to_condemn_still_leave_nothing_to_pay_for() {
	build_and_execute(|| {
		network(4);
		run_era(1, |v| Some(report(1, v)));
		run_era(2, |v| Some(report(2, v)));
		World::with(|t| t.offences.clear());
		// Two of three are a quorum and of one voice; the pool of good eras does not speak.
		let fate = |era| {
			move |v| {
				(v != 3).then(|| {
					let down = |t| if t == 0 { Measurement::down(t, 2) } else { good(t) };
					report_with(era, v, down)
				})
			}
		};
		run_era(3, fate(3));
		let outcome = Outcomes::<Test>::get(0, 3).unwrap();
		assert_eq!((outcome.assigned, outcome.reported, outcome.pooled), (3, 2, 8));
		assert_eq!((outcome.verdict, outcome.score), (Verdict::Unmeasured, bp(9_000)));
		assert_eq!(pay(3, 0), (0, BasisPoints::ZERO));
		assert_eq!(offences(), vec![(OffenceKind::MissedDuty, 3, 3)], "it is no offence");
		assert_eq!(pay(3, 1), (1_900, BasisPoints::ONE));
		// One that is no quorum does not touch the figures.
		run_era(4, |v| (v == 1).then(|| fate(4)(v)).flatten());
		assert_eq!(Outcomes::<Test>::get(0, 4).unwrap().verdict, Verdict::Unmeasured);
		assert_eq!(Outcomes::<Test>::get(0, 4).unwrap().kbps, 1_900);
		// It is up again.
		run_era(5, |v| Some(report(5, v)));
		assert_eq!(pay(5, 0), (1_900, BasisPoints::ONE));
	});
}

#[test]
fn the_down_attest_no_bandwidth() {
	build_and_execute(|| {
		network(5);
		run_era(1, |v| Some(report(1, v)));
		run_era(2, |v| Some(report_with(2, v, |t| Measurement::down(t, 1))));
		assert_eq!(Outcomes::<Test>::get(0, 2).unwrap().verdict, Verdict::Down);
		assert_eq!(pay(2, 0), (0, BasisPoints::ZERO));
	});
}

#[test]
fn the_jailed_cannot_defame() {
	// Two of eight verifiers were jailed after the era was frozen. With the weight of their stake
	// they would tip the median of four that saw little and four that saw much.
	let defamed = |jailed: bool| {
		let mut kbps = 0;
		build_and_execute(|| {
			TargetsPerVerifier::set(16);
			network(9);
			roll_to_phase(2, Phase::Commit);
			if jailed {
				World::with(|t| t.jailed.extend([(1, 1), (2, 1)]));
			}
			run_era(2, |v| {
				let saw = if v <= 4 { 10 } else { 1_900 };
				Some(report_with(2, v, |t| Measurement { down_kbps: saw, ..good(t) }))
			});
			kbps = Outcomes::<Test>::get(0, 2).unwrap().kbps;
		});
		kbps
	};
	assert_eq!((defamed(false), defamed(true)), (10, 1_900));
}

#[test]
fn the_last_score_decays_when_verifiers_fail() {
	build_and_execute(|| {
		network(5);
		run_era(2, |v| Some(report(2, v)));
		World::with(|t| t.offences.clear());
		// Two of four is no quorum.
		run_era(3, |v| (v < 3).then(|| report(3, v)));
		let two = Outcomes::<Test>::get(2, 3).unwrap();
		assert_eq!((two.reported, two.verdict), (2, Verdict::Unmeasured));
		assert_eq!((two.score, paid(3, 2)), (bp(9_000), BasisPoints::ZERO));
		assert_eq!(two.kbps, 1_900, "the pool still knows its bandwidth");
		assert_eq!(
			offences(),
			vec![(OffenceKind::MissedDuty, 3, 3), (OffenceKind::MissedDuty, 3, 4)]
		);
		// Three of four measured nodes 3 and 4.
		assert_eq!(Outcomes::<Test>::get(3, 3).unwrap().verdict, Verdict::Measured);
		run_era(4, |_| None);
		assert_eq!(Outcomes::<Test>::get(2, 4).unwrap().score, bp(8_100));
		assert_eq!(paid(4, 2), BasisPoints::ZERO, "it did not do its duty");
	});
}

#[test]
fn the_jailed_are_scored_but_neither_paid_nor_punished_again() {
	build_and_execute(|| {
		network(5);
		World::with(|t| t.strict = true);
		run_era(1, |v| Some(report(1, v)));
		run_era(2, |v| (v != 3).then(|| report(2, v)));
		assert_eq!(offences(), vec![(OffenceKind::MissedDuty, 2, 3)]);
		assert!(Attestation::duty(3).is_some(), "era 3 was frozen before it was jailed");
		run_era(3, |v| {
			(v != 3).then(|| {
				report_with(3, v, |t| if t == 3 { Measurement::down(t, 1) } else { good(t) })
			})
		});
		assert_eq!(offences().len(), 1);
		assert_eq!(Outcomes::<Test>::get(3, 3).unwrap().verdict, Verdict::Down);
		assert_eq!(paid(3, 3), BasisPoints::ZERO);
		roll_to(40);
		assert_eq!(Attestation::members(4), 4);
		assert_eq!(Attestation::duty(3), None);
		assert_eq!(paid(3, 0), BasisPoints::ONE);
	});
}

#[test]
fn the_jailed_are_not_paid_even_when_they_do_their_duty() {
	build_and_execute(|| {
		network(4);
		roll_to(21);
		World::with(|t| t.jailed.insert(2, 1));
		run_era(2, |v| Some(report(2, v)));
		assert_eq!(Outcomes::<Test>::get(2, 2).unwrap().score, BasisPoints::ONE);
		assert_eq!(paid(2, 2), BasisPoints::ZERO);
	});
}

#[test]
fn old_reports_leave_the_pool() {
	build_and_execute(|| {
		PoolEras::set(2);
		network(5);
		run_era(2, |v| Some(report(2, v)));
		run_era(3, |v| Some(report(3, v)));
		run_era(4, |v| Some(report_with(4, v, |t| Measurement { down_kbps: 100, ..good(t) })));
		let outcome = Outcomes::<Test>::get(0, 4).unwrap();
		assert_eq!((outcome.pooled, outcome.kbps), (8, 100), "the lower median of 4 and 4");
		run_era(5, |v| Some(report_with(5, v, |t| Measurement { down_kbps: 200, ..good(t) })));
		run_era(6, |v| Some(report_with(6, v, |t| Measurement { down_kbps: 300, ..good(t) })));
		assert_eq!(Outcomes::<Test>::get(0, 6).unwrap().kbps, 200);
	});
}

#[test]
fn who_has_nobody_to_measure_misses_nothing() {
	build_and_execute(|| {
		World::node(0, 100, 1_000);
		World::node(1, 100, 1_000);
		roll_to_end(2);
		assert_eq!(offences(), vec![]);
		let outcome = Outcomes::<Test>::get(0, 2).unwrap();
		assert_eq!((outcome.assigned, outcome.duty_done), (0, true));
		assert_eq!(outcome.verdict, Verdict::Unmeasured);
		assert_eq!(paid(2, 0), BasisPoints::ZERO);
	});
}

#[test]
fn a_lonely_member_is_settled() {
	build_and_execute(|| {
		network(1);
		roll_to_end(2);
		assert_eq!(offences(), vec![]);
		assert_eq!(paid(2, 0), BasisPoints::ZERO);
		assert_eq!(World::with(|t| t.settled.clone()), vec![0, 1, 2]);
	});
}

#[test]
fn settlement_begins_with_its_phase_and_goes_on_in_the_next_era() {
	build_and_execute(|| {
		network(6);
		roll_to(10);
		// Full blocks: one step each.
		let full = Weight::from_parts(1, 1);
		for block in 11..=27 {
			begin_block(block, full);
		}
		assert_eq!(Attestation::era_progress(1), (6, 0, 0, 6));
		assert!(Attestation::is_settled(1));
		assert_eq!(World::with(|t| t.settled.clone()), vec![0, 1]);
		assert_eq!(Attestation::era_progress(2).3, 0);
		begin_block(28, full);
		begin_block(29, full);
		assert_eq!(Attestation::era_progress(2), (6, 0, 0, 2));
		for block in 30..34 {
			begin_block(block, full);
		}
		assert!(Attestation::is_settled(2));
		assert_eq!(Attestation::members(4), 6, "the next snapshot came along as well");
		assert_eq!(World::with(|t| t.scores.len()), 12);
	});
}

#[test]
fn settle_goes_on_when_anybody_calls() {
	build_and_execute(|| {
		network(5);
		roll_to(20);
		World::with(|t| t.scores.clear());
		let origin = RuntimeOrigin::signed(1);
		System::set_block_number(27);
		assert_noop!(Attestation::settle(origin.clone(), 9), Error::<Test>::NothingToSettle);
		System::set_block_number(28);
		assert_noop!(
			Attestation::settle(RuntimeOrigin::none(), 9),
			sp_runtime::DispatchError::BadOrigin
		);
		System::reset_events();
		assert_ok!(Attestation::settle(origin.clone(), 3));
		assert_eq!(Attestation::era_progress(2), (5, 0, 0, 3));
		assert_ok!(Attestation::settle(origin.clone(), 99));
		assert_eq!(events().last(), Some(&Event::EraSettled { era: 2, members: 5 }));
		assert_eq!(World::with(|t| t.scores.len()), 5);
		assert_noop!(Attestation::settle(origin, 9), Error::<Test>::NothingToSettle);
	});
}

#[test]
fn unused_weight_is_returned() {
	build_and_execute(|| {
		network(5);
		roll_to(20);
		System::set_block_number(28);
		let info = Attestation::settle(RuntimeOrigin::signed(1), 1_000).unwrap();
		// Each missed its duty.
		let extra = Extra { offences: 5, ..Extra::default() };
		assert_eq!(info.actual_weight, Some(Attestation::settled_weight((5, extra))));
	});
}
