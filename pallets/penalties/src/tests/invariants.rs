//! Random histories against the [`model`](super::model).

use super::model::*;
use crate::{mock::*, History, Jailed, JailedOf, Penalties as Stored, State};
use dtel_primitives::{BasisPoints, EraIndex, NodeId};
use dtel_traits::{
	Equivocation, Evidence, Occasion, Offence, OffenceKind, OffenceSink, Offender, PenaltyId,
	QualitySink, Seen,
};
use frame_support::assert_storage_noop;
use proptest::{
	prelude::*,
	test_runner::{RngSeed, TestRunner},
};
use std::{
	cell::RefCell,
	collections::{BTreeMap, VecDeque},
};

/// What can happen. Eras are counted back from the running one, `-1` is the next. A penalty is chosen by its
/// place from the newest one on.
#[derive(Clone, Debug)]
enum Op {
	Report { kind: usize, back: i8, node: NodeId, together: u32, slot: u64 },
	Observe { node: NodeId, score: u16, down: bool, misplaced: Option<bool> },
	Verify { node: NodeId, outlier: bool },
	Unjail { who: AccountId, node: NodeId },
	UnjailValidator { who: AccountId },
	Appeal { who: Option<AccountId>, place: u32 },
	Uphold { place: u32 },
	Cancel { place: u32 },
	Execute { place: u32 },
	Register { node: NodeId, who: AccountId },
	Retire { node: NodeId },
	Leave { node: NodeId },
	Wait { eras: u8 },
	Idle { blocks: u8 },
}

/// Mostly one of a few nodes, so that much comes together.
fn often() -> impl Strategy<Value = NodeId> {
	prop_oneof![2 => 0..2u32, 1 => NODES]
}

fn op() -> impl Strategy<Value = Op> {
	let place = || prop_oneof![4 => 0..4u32, 1 => 0..60u32];
	prop_oneof![
		14 => (0..8usize, prop_oneof![3 => 0i8..2, 1 => -1i8..15], often(), 1..12u32, 0..3u64)
			.prop_map(|(kind, back, node, together, slot)| {
				Op::Report { kind, back, node, together, slot }
			}),
		6 => (
			NODES,
			prop_oneof![Just(0), 4_990..5_010u16, Just(10_000)],
			any::<bool>(),
			any::<Option<bool>>(),
		)
			.prop_map(|(node, score, down, misplaced)| {
				Op::Observe { node, score, down, misplaced }
			}),
		3 => (NODES, any::<bool>()).prop_map(|(node, outlier)| Op::Verify { node, outlier }),
		5 => (PEOPLE, NODES).prop_map(|(who, node)| Op::Unjail { who, node }),
		2 => PEOPLE.prop_map(|who| Op::UnjailValidator { who }),
		10 => (prop::option::weighted(0.1, PEOPLE), place())
			.prop_map(|(who, place)| Op::Appeal { who, place }),
		4 => place().prop_map(|place| Op::Uphold { place }),
		5 => place().prop_map(|place| Op::Cancel { place }),
		4 => place().prop_map(|place| Op::Execute { place }),
		1 => (NODES, PEOPLE).prop_map(|(node, who)| Op::Register { node, who }),
		1 => NODES.prop_map(|node| Op::Retire { node }),
		8 => (1..3u8).prop_map(|eras| Op::Wait { eras }),
		8 => (1..6u8).prop_map(|blocks| Op::Idle { blocks }),
	]
}

/// Nodes offend, go and are followed by others.
fn succession() -> impl Strategy<Value = Op> {
	prop_oneof![
		6 => (0..6usize, 0i8..3, MORE_NODES).prop_map(|(kind, back, node)| {
			Op::Report { kind, back, node, together: 1, slot: 0 }
		}),
		3 => (MORE_NODES, PEOPLE).prop_map(|(node, who)| Op::Register { node, who }),
		3 => MORE_NODES.prop_map(|node| Op::Leave { node }),
		2 => (0..6u32).prop_map(|place| Op::Appeal { who: None, place }),
		2 => (0..12u32).prop_map(|place| Op::Cancel { place }),
		1 => (1..4u8).prop_map(|eras| Op::Wait { eras }),
		1 => (1..6u8).prop_map(|blocks| Op::Idle { blocks }),
	]
}

impl Model {
	fn run(&mut self, op: Op) {
		match op {
			Op::Report { kind, back, node, together, slot } => {
				let era = (i64::from(self.now) - i64::from(back)).max(0) as EraIndex;
				let Some(owner) = self.operator(node) else { return };
				let who = if kind < 6 { Offender::Node(node) } else { Offender::Validator(owner) };
				let slot = if kind < 6 { 0 } else { u64::from(era) * 3 + slot };
				let occasion = Occasion { set: 5, round: slot };
				let equivocation = Equivocation { occasion, ..equivocation(together, 30) };
				let evidence = match kind {
					6 => Evidence::BabeEquivocation(equivocation),
					7 => Evidence::GrandpaEquivocation(equivocation),
					_ => evidence(OffenceKind::ALL[kind]),
				};
				// min((3x / 30)², 1)
				let fraction =
					(1_000_000_000 * u64::from(together).pow(2) / 100).min(1_000_000_000);
				let send = || Penalties::report(Offence { era, offender: who, owner, evidence });
				let same = |d: &Deed| (d.era, d.who, d.kind, d.slot) == (era, who, kind, slot);
				match self.deeds.iter().position(same) {
					Some(id)
						if kind >= 6
							&& self.deeds[id].is_open()
							&& self.deeds[id].fraction < fraction =>
					{
						self.raise(id, fraction);
						send();
					}
					None if self.oldest <= era && era <= self.now => {
						self.report(kind, era, who, owner, (fraction, slot));
						send();
					}
					_ => {
						assert_storage_noop!(send());
					}
				}
			}
			Op::Observe { node, score, down, misplaced } => {
				let Some(owner) = self.operator(node) else { return };
				let mut seen = vec![(POOR, score < BELOW), (DOWNS, down)];
				seen.extend(misplaced.map(|misplaced| (PLACES, misplaced)));
				self.watch(node, owner, &seen);
				let score = BasisPoints::new(score).unwrap();
				let (assigned, reported, down_in_all, measured) = (5, 4, 1, 100);
				let evidence =
					Evidence::Unavailable { assigned, reported, down: down_in_all, measured };
				let down = down.then_some(evidence);
				Penalties::observed(Seen { era: self.now, node, owner, score, down, misplaced });
			}
			Op::Verify { node, outlier } => {
				let Some(owner) = self.operator(node) else { return };
				self.watch(node, owner, &[(OUTLIERS, outlier)]);
				Penalties::verified(self.now, node, &owner, outlier);
			}
			Op::Unjail { who, node } => {
				let expected = self.unjail(Offender::Node(node), who);
				check(expected, || unjail(who, node));
			}
			Op::UnjailValidator { who } => {
				let expected = self.unjail(Offender::Validator(who), who);
				let signed = RuntimeOrigin::signed(who);
				check(expected, || Penalties::unjail_validator(signed));
			}
			Op::Appeal { who, place } => {
				let Some(id) = self.at(place) else { return };
				let deed = &self.deeds[id];
				let who = who.unwrap_or(deed.owner);
				let bond = big(BOND) * (self.open_appeals(who) + 1);
				let expected = deed.owner == who
					&& deed.fate == Fate::Pending
					&& self.now < deed.due
					&& self.free[&who] > bond;
				if expected {
					*self.free.get_mut(&who).unwrap() -= &bond;
					*self.held.get_mut(&who).unwrap() += &bond;
					self.deeds[id].fate = Fate::Appealed(bond);
				}
				check(expected, || appeal(who, id as PenaltyId));
			}
			Op::Uphold { place } => {
				let Some(id) = self.at(place) else { return };
				let Fate::Appealed(bond) = self.deeds[id].fate.clone() else {
					return check(false, || uphold(id as PenaltyId));
				};
				*self.held.get_mut(&self.deeds[id].owner).unwrap() -= &bond;
				self.lost += bond;
				self.deeds[id].fate = Fate::Upheld;
				if self.deeds[id].due <= self.now {
					self.execute(id);
				}
				check(true, || uphold(id as PenaltyId));
			}
			Op::Cancel { place } => {
				let Some(id) = self.at(place) else { return };
				let expected = self.deeds[id].is_open();
				if expected {
					self.cancel(id);
				}
				check(expected, || cancel(id as PenaltyId));
			}
			Op::Execute { place } => {
				let Some(id) = self.at(place) else { return };
				let deed = &self.deeds[id];
				let expected = deed.is_open() && deed.executes_from() <= self.now;
				if expected {
					self.execute(id);
				}
				check(expected, || execute(id as PenaltyId));
			}
			Op::Register { node, who } => {
				// No identifier is used twice.
				if self.operator(node).is_none() {
					self.owners.insert(node, who);
					register(node, who);
				}
			}
			Op::Retire { node } => {
				// A jailed node cannot be retired.
				if !self.cells.contains_key(&Offender::Node(node)) {
					self.retire(node);
					retire(node);
				}
			}
			Op::Leave { node } => {
				let who = Offender::Node(node);
				let Some(by) = self.owners.get(&node).copied() else { return };
				let end = self.cells.get(&who).into_iter().flatten().map(|cell| cell.until).max();
				if let Some(end) = end {
					self.now = self.now.max(end);
					go_to_era(self.now);
					self.run(Op::Unjail { who: by, node });
				}
				self.run(Op::Retire { node });
			}
			Op::Wait { eras } => {
				for _ in 0..eras {
					self.now += 1;
				}
				go_to_era(self.now);
			}
			Op::Idle { blocks } => {
				for _ in 0..blocks {
					self.idle();
				}
			}
		}
	}

	/// A block passes: what it executes has to be due and open, and takes what the model says.
	fn idle(&mut self) {
		events();
		idle();
		for event in events() {
			let crate::Event::PenaltyExecuted { penalty, owner, amount, .. } = event else {
				continue;
			};
			let deed = &self.deeds[penalty as usize];
			assert!(deed.is_open() && deed.executes_from() <= self.now && deed.owner == owner);
			assert_eq!(self.execute(penalty as usize), big(amount));
		}
		let oldest = History::<Test>::get().oldest;
		for era in self.oldest..oldest {
			assert!(self.now - era > HISTORY, "closed too early");
		}
		self.oldest = oldest;
		// Records that are stale go one by one.
		let old = |w: &VecDeque<(EraIndex, bool)>| {
			w.back().is_none_or(|(newest, _)| self.now - newest > HISTORY)
		};
		let now = self.now;
		self.known.retain(|who, known| {
			let kept = Penalties::record(*who).is_some();
			assert!(kept || known.is_spent(now) && known.windows.iter().all(old));
			kept
		});
	}

	/// Storage says the same as the model, to the planck.
	fn compare(&self) {
		for who in PEOPLE {
			assert_eq!(big(stake(who)), self.stakes[&who], "stake of {who}");
			assert_eq!(big(held(who)), self.held[&who], "bonds of {who}");
			assert_eq!(big(Balances::free_balance(who)), self.free[&who], "funds of {who}");
		}
		assert_eq!(big(Balances::free_balance(TREASURY)), &self.lost + 1u32);
		let taken = |d: &&Deed| matches!(d.fate, Fate::Executed(_)) && d.fraction > 0;
		let slashes = self.deeds.iter().filter(taken).count();
		assert_eq!(Slashes::get().len(), slashes, "nothing is slashed twice");
		let mut wardens = BTreeMap::new();
		let all = MORE_NODES.map(Offender::Node).chain(PEOPLE.map(Offender::Validator));
		for who in all {
			let sentence = Jailed::<Test>::get(who);
			let cells = self.cells.get(&who);
			let span = sentence.as_ref().and_then(|s| s.span()).map(|s| (s.since, s.until));
			let expected = cells.map(|cells| {
				let since = cells.iter().map(|cell| cell.since).min().unwrap();
				(since, cells.iter().map(|cell| cell.until).max().unwrap())
			});
			assert_eq!(span, expected, "sentence of {who:?}");
			if cells.is_some() {
				*wardens.entry(self.wardens[&who]).or_default() += 1;
			}
			let record = Penalties::record(who);
			let known = self.known.get(&who);
			assert_eq!(
				record.map(|(s, r)| {
					let windows = [r.quality(), r.downs(), r.places(), r.outliers()];
					(s, windows.map(|window| window.hits()))
				}),
				known.map(|k| (k.struck.count(self.now), k.windows.each_ref().map(bad))),
				"record of {who:?}"
			);
		}
		for who in PEOPLE {
			let carried = self.carried.get(&who).map_or(0, |struck| struck.count(self.now));
			assert_eq!(Penalties::carried(who), carried, "strikes that {who} cannot shed");
		}
		assert_eq!(JailedOf::<Test>::iter().collect::<BTreeMap<_, u32>>(), wardens);
		for id in (0..self.deeds.len()).filter(|id| self.is_kept(*id)) {
			self.compare_penalty(id);
		}
	}

	fn compare_penalty(&self, id: usize) {
		let (deed, penalty) = (&self.deeds[id], Stored::<Test>::get(id as PenaltyId).unwrap());
		assert_eq!((penalty.era(), *penalty.offender()), (deed.era, deed.who));
		assert_eq!((penalty.kind(), *penalty.owner()), (OffenceKind::ALL[deed.kind], deed.owner));
		assert_eq!(u64::from(penalty.fraction().deconstruct()), deed.fraction);
		assert_eq!((penalty.strikes(), penalty.jail_until()), (deed.strikes, deed.until));
		assert_eq!((penalty.due(), penalty.last()), (deed.due, deed.last));
		let fate = match penalty.state() {
			State::Pending => Fate::Pending,
			State::Appealed { bond } => Fate::Appealed(big(bond)),
			State::Upheld => Fate::Upheld,
			State::Executed { amount } => Fate::Executed(big(amount)),
			State::Cancelled => Fate::Cancelled,
		};
		assert_eq!(fate, deed.fate, "penalty {id}");
	}

	/// However long it takes, what is due is executed in the end.
	fn end(&mut self) {
		for _ in 0..200 {
			self.idle();
		}
		let due = |d: &&Deed| d.is_open() && d.executes_from() <= self.now;
		assert_eq!(self.deeds.iter().filter(due).count(), 0);
	}
}

/// A call does what the model expects, or leaves storage as it is.
fn check(expected: bool, call: impl FnOnce() -> sp_runtime::DispatchResult) {
	if expected {
		call().unwrap();
	} else {
		assert_storage_noop!(assert!(call().is_err()));
	}
}

/// What came of the deeds of a history, by name.
fn fates(model: &Model) -> impl Iterator<Item = &'static str> + '_ {
	let of = |deed: &Deed| match &deed.fate {
		Fate::Pending | Fate::Appealed(_) | Fate::Upheld => "left open",
		Fate::Cancelled => "cancelled",
		Fate::Executed(amount) if *amount > big(0) => "took stake",
		Fate::Executed(_) if deed.fraction > 0 => "came too late",
		Fate::Executed(_) => "cost nothing",
	};
	let escalated = model.deeds.iter().any(|deed| deed.strikes > 1);
	model
		.deeds
		.iter()
		.map(of)
		.chain((model.lost > big(0)).then_some("lost a bond"))
		.chain((model.oldest > 5).then_some("closed eras"))
		.chain(escalated.then_some("escalated"))
		.chain((!model.carried.is_empty()).then_some("carried strikes"))
		.chain((model.merges > 0).then_some("merged terms"))
		.chain((model.inherited > 0).then_some("one on top of the other"))
}

/// Always the same histories; `PROPTEST_CASES` asks for more of them. Returns in how many something came about.
fn play<S: Strategy<Value = Op>>(op: S) -> BTreeMap<&'static str, u32> {
	let config = ProptestConfig {
		rng_seed: RngSeed::Fixed(2_609),
		source_file: Some(file!()),
		..ProptestConfig::default()
	};
	let seen = RefCell::new(BTreeMap::<&str, u32>::new());
	let histories = prop::collection::vec(op, 100..180);
	let result = TestRunner::new(config).run(&histories, |ops| {
		ExtBuilder.build_and_execute(|| {
			let mut model = Model::new();
			for (step, op) in ops.into_iter().enumerate() {
				model.run(op);
				model.compare();
				if step % 10 == 0 {
					Penalties::do_try_state().unwrap();
				}
			}
			model.end();
			model.compare();
			let mut seen = seen.borrow_mut();
			fates(&model).for_each(|fate| *seen.entry(fate).or_default() += 1);
		});
		Ok(())
	});
	result.unwrap();
	seen.into_inner()
}

#[test]
fn storage_follows_the_model_when_nodes_follow_one_another() {
	let seen = play(succession());
	for fate in ["cancelled", "escalated", "carried strikes", "one on top of the other"] {
		assert!(seen.get(fate).is_some_and(|times| *times > 50), "{fate}: {seen:?}");
	}
}

#[test]
fn storage_follows_the_model() {
	let seen = play(op());
	// Histories in which nothing happens would prove nothing.
	for fate in [
		"left open",
		"cancelled",
		"took stake",
		"came too late",
		"cost nothing",
		"lost a bond",
		"closed eras",
		"escalated",
		"carried strikes",
		"merged terms",
	] {
		assert!(seen.get(fate).is_some_and(|times| *times > 10), "{fate}: {seen:?}");
	}
}
