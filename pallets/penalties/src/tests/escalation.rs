//! Strikes: how they raise slash and jail, decay, and are taken back.

use super::*;
use crate::{mock::*, Policy, Records};
use dtel_traits::OffenceKind::{
	DoubleReveal, FalsePlace, MissedDuty, Outlier, PoorQuality, Unavailable,
};

fn strikes(of: NodeId) -> u32 {
	Penalties::record(node(of)).map_or(0, |(strikes, _)| strikes)
}

#[test]
fn slash_and_jail_double_with_each_strike_up_to_their_maxima() {
	ExtBuilder.build_and_execute(|| {
		// Slash in basis points and full eras in jail, by number of strikes.
		let grown = [(10, 2), (20, 4), (40, 8), (80, 16), (160, 32), (160, 32)];
		for (strikes, (slash, jail)) in grown.into_iter().enumerate() {
			let era = strikes as u32;
			go_to_era(era);
			let id = report(Unavailable, era, 1);
			assert_eq!(penalty(id).strikes(), era);
			assert_eq!(penalty(id).fraction(), bp(slash));
			assert_eq!(penalty(id).jail_until(), era + 1 + jail);
		}
		assert_eq!(penalty(report(Unavailable, 5, 2)).strikes(), 0, "each node for itself");
	});
}

#[test]
fn defaults_are_as_documented() {
	let policy = Policy::default();
	let price = |kind, strikes| {
		let price = policy.price(&evidence(kind), strikes);
		(price.fraction, price.jail_eras)
	};
	for (kind, least, most) in [
		(MissedDuty, (bp(0), 1), (bp(0), 16)),
		(Unavailable, (bp(10), 2), (bp(160), 32)),
		(PoorQuality, (bp(10), 2), (bp(160), 32)),
		(Outlier, (bp(20), 3), (bp(320), 33)),
		(DoubleReveal, (bp(500), 14), (bp(2_000), 56)),
		(FalsePlace, (bp(100), 7), (bp(800), 56)),
	] {
		assert_eq!(price(kind, 0), least, "{kind:?}");
		for many in [10, 31, 32, 1_000, u32::MAX] {
			assert_eq!(price(kind, many), most, "{kind:?}");
		}
	}
	for kind in [OffenceKind::BabeEquivocation, OffenceKind::GrandpaEquivocation] {
		assert_eq!(price(kind, 5), (Perbill::from_percent(1), 56), "it comes with the report");
	}
	assert_eq!(policy.longest_term(), 56);
}

#[test]
fn what_was_done_in_one_era_is_one_strike_in_any_order() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		let id = report(Unavailable, 0, 1);
		assert_eq!((penalty(id).strikes(), strikes(1)), (0, 1));
		go_to_era(1);
		report(Unavailable, 1, 1);
		let id = report(DoubleReveal, 1, 1);
		assert_eq!((penalty(id).strikes(), strikes(1)), (1, 2));
		// Reported later, of the era before: as it would have been then.
		let id = report(Outlier, 0, 1);
		assert_eq!((penalty(id).strikes(), strikes(1)), (0, 2));
	});
}

#[test]
fn a_strike_goes_for_every_period_without_another() {
	ExtBuilder.build_and_execute(|| {
		for era in 0..3 {
			go_to_era(era);
			report(MissedDuty, era, 1);
		}
		for (era, left) in [(29, 3), (30, 2), (57, 2), (58, 1)] {
			go_to_era(era);
			assert_eq!(strikes(1), left, "era {era}");
		}
		let id = report(MissedDuty, 58, 1);
		assert_eq!((penalty(id).strikes(), strikes(1)), (1, 2), "the period begins anew");
		go_to_era(85);
		assert_eq!(strikes(1), 2);
		go_to_era(200);
		assert_eq!(strikes(1), 0);
	});
}

#[test]
fn the_strike_is_taken_back_when_the_only_offence_of_its_era_is_cancelled() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(1);
		let (duty, down) = (report(MissedDuty, 1, 1), report(Unavailable, 1, 1));
		cancel(duty).unwrap();
		assert_eq!(strikes(1), 2, "the other bears it");
		cancel(down).unwrap();
		assert_eq!(strikes(1), 1);
		// Another kind of the same era is a strike again.
		let id = report(Outlier, 1, 1);
		assert_eq!((penalty(id).strikes(), strikes(1)), (1, 2));
		cancel(id).unwrap();
		cancel(0).unwrap();
		assert!(!Records::<Test>::contains_key(node(1)), "nothing is left to say");
	});
}

#[test]
fn decay_is_as_though_the_cancelled_offence_had_never_been() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(20);
		let second = report(MissedDuty, 20, 1);
		cancel(second).unwrap();
		// Without the second the first goes in era 28; with it, it would have in era 48.
		go_to_era(27);
		assert_eq!(strikes(1), 1);
		go_to_era(28);
		assert_eq!(strikes(1), 0);
	});
}

#[test]
fn the_strikes_left_are_those_of_the_others_in_whatever_order_offences_are_cancelled() {
	// Offences of eras 0, 5 and 9; one or two of them are cancelled, in any order. In which eras is a strike gone?
	let gone = |cancelled: &[u32]| {
		let mut gone = Vec::new();
		ExtBuilder.build_and_execute(|| {
			AppealEras::set(40);
			UnbondingEras::set(50);
			for era in [0, 5, 9] {
				go_to_era(era);
				let id = report(MissedDuty, era, 1);
				// Open until era 40 or so.
				appeal(11, id).unwrap();
			}
			cancelled.iter().for_each(|id| cancel(*id).unwrap());
			let mut last = strikes(1);
			for era in 10..100 {
				go_to_era(era);
				if strikes(1) < last {
					gone.push(era);
				}
				last = strikes(1);
			}
		});
		gone
	};
	assert_eq!(gone(&[]), [37, 65, 93]);
	assert_eq!(gone(&[0]), [37, 65], "a newer one stands on it");
	assert_eq!(gone(&[2]), [33, 61]);
	assert_eq!((gone(&[0, 1]), gone(&[1, 0])), (vec![37], vec![37]));
	assert_eq!((gone(&[0, 2]), gone(&[2, 0])), (vec![33], vec![33]));
	assert_eq!((gone(&[1, 2]), gone(&[2, 1])), (vec![28], vec![28]));
}

#[test]
fn strikes_beyond_those_told_apart_count_but_stay() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { missed_duty: terms(0, 0), strike_eras: 100, ..Policy::DEFAULT });
		HistoryEras::set(200);
		let most = crate::MAX_STRIKES;
		for era in 0..most + 2 {
			go_to_era(era);
			report(MissedDuty, era, 1);
		}
		let record = Records::<Test>::get(node(1)).unwrap();
		assert_eq!(record.strikes().recent().len() as u32, most);
		assert_eq!((strikes(1), record.strikes().recent()[0].era), (most + 2, 2));
		cancel(most + 1).unwrap();
		assert_eq!(strikes(1), most + 1);
		go_to_era(most + 99);
		assert_eq!(strikes(1), most + 1);
		go_to_era(most + 100);
		assert_eq!(strikes(1), most, "counted from the one before");
	});
}

#[test]
fn strikes_of_a_retired_node_count_for_the_others_of_its_operator_until_they_decay() {
	ExtBuilder.build_and_execute(|| {
		for era in 0..3 {
			go_to_era(era);
			report(MissedDuty, era, 1);
		}
		go_to_era(20);
		unjail(11, 1).unwrap();
		retire(1);
		assert!(!Records::<Test>::contains_key(node(1)));
		assert_eq!((Penalties::carried(11), Penalties::carried(12)), (3, 0));
		register(7, 11);
		let id = report(Unavailable, 20, 7);
		assert_eq!((penalty(id).strikes(), penalty(id).fraction()), (3, bp(80)));
		assert_eq!(penalty(report(Unavailable, 20, 3)).strikes(), 0, "of another operator");
		// With those of node 7 none has gone yet. Alone, one goes in 30, 58 and 86.
		go_to_era(30);
		assert_eq!(Penalties::carried(11), 2);
		assert_eq!(penalty(report(MissedDuty, 30, 7)).strikes(), 4);
		go_to_era(86);
		assert_eq!(Penalties::carried(11), 0);
		// 5 in era 30, one less every 28 eras.
		go_to_era(30 + 5 * 28 - 1);
		settle_down();
		assert_eq!(crate::Carried::<Test>::iter().count(), 1, "what came later stands on it");
		go_to_era(30 + 5 * 28);
		settle_down();
		assert_eq!(crate::Carried::<Test>::iter().count(), 0, "forgotten");
		assert!(!Records::<Test>::contains_key(node(7)));
	});
}

#[test]
fn the_worst_of_the_retired_nodes_counts() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(1);
		report(MissedDuty, 1, 1);
		report(MissedDuty, 1, 2);
		go_to_era(10);
		for of in [1, 2] {
			unjail(11, of).unwrap();
			retire(of);
			assert_eq!(Penalties::carried(11), 2);
		}
		let carried = crate::Carried::<Test>::get(11).unwrap();
		assert!(carried.recent().iter().all(|strike| strike.node == Some(1)));
	});
}

/// Operator 13 offends in these eras, with one node that stays or each time with another one. Returns the strikes
/// before each offence.
fn priced(eras: &[EraIndex], in_turn: bool, each: usize) -> Vec<u32> {
	let mut priced = Vec::new();
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { missed_duty: terms(0, 0), ..Policy::DEFAULT });
		let mut of = 100;
		register(of, 13);
		for (turn, era) in eras.iter().enumerate() {
			go_to_era(*era);
			settle_down();
			if in_turn && turn > 0 && turn % each == 0 {
				unjail(13, of).unwrap();
				retire(of);
				of += 1;
				register(of, 13);
			}
			priced.push(penalty(report(MissedDuty, *era, of)).strikes());
		}
	});
	priced
}

#[test]
fn who_offends_with_one_node_after_another_pays_as_with_one_that_stays() {
	let mut seed = 7u32;
	for _ in 0..40 {
		let mut era = 0;
		let eras: Vec<EraIndex> = (0..45)
			.map(|_| {
				seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
				era += 1 + (seed >> 16) % 45;
				era
			})
			.collect();
		let stays = priced(&eras, false, 1);
		for each in [1, 2, 3, 7, 40] {
			assert_eq!(priced(&eras, true, each), stays, "{each} with each of {eras:?}");
		}
	}
	let dense: Vec<EraIndex> = (0..70).map(|turn| turn * 2).collect();
	assert_eq!(priced(&dense, false, 1), (0..70).collect::<Vec<_>>());
	for each in [1, 3, 34] {
		assert_eq!(priced(&dense, true, each), priced(&dense, false, 1));
	}
}

#[test]
fn nodes_side_by_side_are_not_punished_for_each_other() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { missed_duty: terms(0, 0), ..Policy::DEFAULT });
		// Three generations of 64 nodes, each of which offends once, in an era of its own.
		let mut era = 0;
		for generation in 0..3 {
			let nodes = (1..65).map(|n| 1_000 * (generation + 1) + n);
			nodes.clone().for_each(|of| register(of, 13));
			for of in nodes.clone() {
				// As fast as can be, so that nothing decays.
				if of % 8 == 0 {
					era += 1;
					go_to_era(era);
				}
				assert_eq!(penalty(report(MissedDuty, era, of)).strikes(), generation);
			}
			era += 1;
			go_to_era(era);
			for of in nodes {
				unjail(13, of).unwrap();
				retire(of);
				assert_eq!(Penalties::carried(13), generation + 1);
			}
		}
	});
}

#[test]
fn what_was_done_before_others_went_is_not_on_top_of_it() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { missed_duty: terms(0, 0), ..Policy::DEFAULT });
		for (era, of) in [(0, 1), (1, 2)] {
			go_to_era(era);
			report(MissedDuty, era, of);
		}
		go_to_era(2);
		unjail(11, 1).unwrap();
		retire(1);
		go_to_era(3);
		let id = report(MissedDuty, 3, 2);
		assert_eq!(penalty(id).strikes(), 2, "its own, and what it inherited");
		go_to_era(5);
		unjail(11, 2).unwrap();
		retire(2);
		assert_eq!(Penalties::carried(11), 2, "era 3 on top of era 0 or era 1");
	});
}

#[test]
fn the_strike_is_taken_back_when_its_node_and_the_next_have_gone() {
	// Of the strikes of nodes 1, 50 and 51 one is taken back, when all three have gone and one is there again.
	for cancelled in 0..3 {
		ExtBuilder.build_and_execute(|| {
			Rules::set(Policy { missed_duty: terms(0, 0), ..Policy::DEFAULT });
			AppealEras::set(40);
			UnbondingEras::set(50);
			register(50, 13);
			for (era, of) in [(0, 50), (2, 51), (4, 52)] {
				go_to_era(era);
				register(of, 13);
				let id = report(MissedDuty, era, of);
				appeal(13, id).unwrap();
				assert_eq!(penalty(id).strikes(), id);
				go_to_era(era + 1);
				unjail(13, of).unwrap();
				retire(of);
			}
			assert_eq!(Penalties::carried(13), 3);
			cancel(cancelled).unwrap();
			let left = crate::Carried::<Test>::get(13).unwrap();
			let left: Vec<_> = left.recent().iter().map(|strike| strike.node).collect();
			let mut all = vec![Some(50), Some(51), Some(52)];
			all.remove(cancelled as usize);
			assert_eq!(left, all);
			register(53, 13);
			go_to_era(6);
			assert_eq!(penalty(report(MissedDuty, 6, 53)).strikes(), 2);
			let others = (0..4).filter(|id| *id != cancelled);
			others.for_each(|id| cancel(id).unwrap());
			assert_eq!(crate::Carried::<Test>::iter().count(), 0);
			assert!(!Records::<Test>::contains_key(node(53)));
		});
	}
}

#[test]
fn what_is_reported_of_nodes_that_have_gone_is_on_top_of_what_was_known_when_it_was_done() {
	ExtBuilder.build_and_execute(|| {
		let late = |era, of| {
			let offence = dtel_traits::Offence {
				era,
				offender: node(of),
				owner: 11,
				evidence: evidence(MissedDuty),
			};
			<Penalties as dtel_traits::OffenceSink<AccountId>>::report(offence);
			Penalties::carried(11)
		};
		// In turn: each offends and goes before it is reported.
		for era in 0..3 {
			go_to_era(2 * era + 1);
			assert_eq!(late(2 * era, 200 + era), 1 + era);
		}
		// Side by side.
		go_to_era(11);
		for of in 300..364 {
			assert_eq!(late(10, of), 4);
		}
	});
}

#[test]
fn nothing_is_carried_when_a_node_without_strikes_retires() {
	ExtBuilder.build_and_execute(|| {
		retire(1);
		assert_eq!(crate::Carried::<Test>::iter().count(), 0);
	});
}

#[test]
fn the_strike_is_taken_back_when_its_node_has_gone() {
	ExtBuilder.build_and_execute(|| {
		let first = report(MissedDuty, 0, 1);
		go_to_era(1);
		let second = report(MissedDuty, 1, 1);
		go_to_era(3);
		cancel(second).unwrap();
		unjail(11, 1).unwrap();
		retire(1);
		assert_eq!(Penalties::carried(11), 1);
		cancel(first).unwrap();
		assert_eq!(crate::Carried::<Test>::iter().count(), 0);
	});
}

#[test]
fn what_is_reported_of_a_node_that_has_gone_is_a_strike_for_its_operator() {
	ExtBuilder.build_and_execute(|| {
		retire(1);
		let late = |evidence| {
			let offence = dtel_traits::Offence { era: 0, offender: node(1), owner: 11, evidence };
			<Penalties as dtel_traits::OffenceSink<AccountId>>::report(offence);
		};
		late(evidence(MissedDuty));
		late(evidence(Unavailable));
		assert_eq!(Penalties::carried(11), 1, "one era, one strike");
		go_to_era(1);
		let offence = dtel_traits::Offence {
			era: 1,
			offender: node(1),
			owner: 11,
			evidence: evidence(DoubleReveal),
		};
		<Penalties as dtel_traits::OffenceSink<AccountId>>::report(offence);
		assert_eq!((penalty(2).strikes(), Penalties::carried(11)), (1, 2));
		cancel(2).unwrap();
		assert_eq!(Penalties::carried(11), 1);
	});
}

#[test]
fn a_strike_of_another_offence_is_not_taken_back_when_the_own_one_has_decayed() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { strike_eras: 2, ..Policy::DEFAULT });
		let id = report(MissedDuty, 0, 1);
		go_to_era(3);
		report(MissedDuty, 3, 1);
		assert_eq!(strikes(1), 1);
		cancel(id).unwrap();
		assert_eq!(strikes(1), 1);
	});
}
