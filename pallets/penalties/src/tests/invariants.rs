//! Random histories against a model that shares no code with the pallet.

use crate::{mock::*, History, Jailed, Offences, Policy, Sentence};
use dtel_primitives::{EraIndex, NodeId, DTEL};
use dtel_traits::{Offence, OffenceKind, OffenceSink};
use frame_support::assert_storage_noop;
use num_bigint::BigUint;
use proptest::{prelude::*, test_runner::RngSeed};
use std::collections::BTreeMap;

/// What can happen. Eras are counted back from the running one, `-1` is the next.
#[derive(Clone, Debug)]
enum Op {
	Report { kind: usize, back: i8, node: NodeId },
	Unjail { who: AccountId, node: NodeId },
	Transfer { node: NodeId, to: AccountId },
	Wait { eras: u8 },
	Idle { blocks: u8 },
	Rules { slash: [u16; 2], jail: [EraIndex; 2], history: EraIndex },
}

const KINDS: [OffenceKind; 2] = [OffenceKind::MissedDuty, OffenceKind::Unavailable];
const OWNERS: std::ops::Range<AccountId> = 11..14;
const NODES: std::ops::Range<NodeId> = 0..6;

fn op() -> impl Strategy<Value = Op> {
	let slash = prop_oneof![Just(0), Just(10), 0..=10_000u16];
	prop_oneof![
		8 => (0..2usize, -1i8..8, NODES)
			.prop_map(|(kind, back, node)| Op::Report { kind, back, node }),
		6 => (OWNERS, NODES).prop_map(|(who, node)| Op::Unjail { who, node }),
		1 => (OWNERS, NODES).prop_map(|(to, node)| Op::Transfer { node, to }),
		4 => (1..3u8).prop_map(|eras| Op::Wait { eras }),
		4 => (1..6u8).prop_map(|blocks| Op::Idle { blocks }),
		1 => (prop::array::uniform2(slash), prop::array::uniform2(0..4u32), 1..7u32)
			.prop_map(|(slash, jail, history)| Op::Rules { slash, jail, history }),
	]
}

/// An offence as the model remembers it: for ever.
struct Deed {
	owner: AccountId,
	fraction: u16,
	slashed: BigUint,
}

struct Model {
	now: EraIndex,
	oldest: EraIndex,
	history: EraIndex,
	rules: [(u16, EraIndex); 2],
	owners: BTreeMap<NodeId, AccountId>,
	stakes: BTreeMap<AccountId, BigUint>,
	deeds: BTreeMap<(EraIndex, NodeId, usize), Deed>,
	/// The offences for which a node sits, each with its own end.
	cells: BTreeMap<NodeId, Vec<(EraIndex, EraIndex)>>,
}

impl Model {
	fn new() -> Self {
		let owners = NODES.map(|node| (node, 11 + u64::from(node) % 3)).collect::<BTreeMap<_, _>>();
		owners.iter().for_each(|(node, owner)| register(*node, *owner));
		OWNERS.for_each(|owner| bond(owner, 1_000 * DTEL + 7));
		go_to_era(0);
		Self {
			now: 0,
			oldest: 0,
			history: 4,
			rules: [(0, 1), (10, 2)],
			owners,
			stakes: OWNERS.map(|owner| (owner, BigUint::from(1_000 * DTEL + 7))).collect(),
			deeds: BTreeMap::new(),
			cells: BTreeMap::new(),
		}
	}

	/// Whether a report is the first of its kind and can be taken.
	fn report(&mut self, kind: usize, era: EraIndex, node: NodeId) -> bool {
		if era > self.now || era < self.oldest || self.deeds.contains_key(&(era, node, kind)) {
			return false;
		}
		let (fraction, jail) = self.rules[kind];
		let owner = self.owners[&node];
		let stake = self.stakes.get_mut(&owner).unwrap();
		let slashed = &*stake * fraction / 10_000u32;
		*stake -= &slashed;
		self.deeds.insert((era, node, kind), Deed { owner, fraction, slashed });
		self.cells.entry(node).or_default().push((era, era + jail + 1));
		true
	}

	fn unjail(&mut self, who: AccountId, node: NodeId) -> bool {
		let Some(cells) = self.cells.get(&node) else { return false };
		if self.owners[&node] != who || cells.iter().any(|(_, until)| *until > self.now) {
			return false;
		}
		self.cells.remove(&node);
		true
	}

	fn run(&mut self, op: Op) {
		match op {
			Op::Report { kind, back, node } => {
				let era = (i64::from(self.now) - i64::from(back)).max(0) as EraIndex;
				let owner = self.owners[&node];
				let offence = Offence { kind: KINDS[kind], era, node, owner };
				if self.report(kind, era, node) {
					Penalties::report(offence);
				} else {
					assert_storage_noop!(Penalties::report(offence));
				}
			}
			Op::Unjail { who, node } => {
				if self.unjail(who, node) {
					unjail(who, node).unwrap();
				} else {
					assert_storage_noop!(assert!(unjail(who, node).is_err()));
				}
			}
			Op::Transfer { node, to } => {
				self.owners.insert(node, to);
				register(node, to);
			}
			Op::Wait { eras } => {
				self.now += EraIndex::from(eras);
				go_to_era(self.now);
			}
			Op::Idle { blocks } => {
				for _ in 0..blocks {
					idle();
				}
				let oldest = History::<Test>::get().oldest;
				for era in self.oldest..oldest {
					assert!(self.now - era > self.history, "closed too early");
				}
				self.oldest = oldest;
			}
			Op::Rules { slash, jail, history } => {
				self.rules = [(slash[0], jail[0]), (slash[1], jail[1])];
				self.history = history;
				let [missed_duty, unavailable] = self.rules.map(|(s, j)| terms(s, j));
				Rules::set(Policy { missed_duty, unavailable });
				HistoryEras::set(history);
			}
		}
	}

	/// Storage says the same as the model, to the planck.
	fn compare(&self) {
		for (owner, expected) in &self.stakes {
			assert_eq!(BigUint::from(stake(*owner)), *expected, "stake of {owner}");
		}
		let asked = self.deeds.values().filter(|deed| deed.fraction > 0).count();
		assert_eq!(Slashes::get().len(), asked, "nothing is slashed twice");
		for node in NODES {
			let sentence = self.cells.get(&node).map(|cells| Sentence {
				since: cells.iter().map(|cell| cell.0).min().unwrap(),
				until: cells.iter().map(|cell| cell.1).max().unwrap(),
			});
			assert_eq!(Jailed::<Test>::get(node), sentence, "sentence of {node}");
		}
		let open: Vec<_> = self.deeds.iter().filter(|((era, ..), _)| *era >= self.oldest).collect();
		for ((era, node, kind), deed) in &open {
			let record = Offences::<Test>::get((*era, *node, KINDS[*kind])).unwrap();
			assert_eq!((record.owner, record.fraction.parts()), (deed.owner, deed.fraction));
			assert_eq!(BigUint::from(record.slashed), deed.slashed);
		}
		let stored = Offences::<Test>::iter_keys().filter(|(era, ..)| *era >= self.oldest).count();
		assert_eq!(stored, open.len());
		Penalties::do_try_state().unwrap();
	}
}

proptest! {
	// Always the same cases; `PROPTEST_CASES` asks for more of them.
	#![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(2_609), ..Default::default() })]

	#[test]
	fn storage_follows_the_model(ops in prop::collection::vec(op(), 1..150)) {
		ExtBuilder.build_and_execute(|| {
			let mut model = Model::new();
			for op in ops {
				model.run(op);
				model.compare();
			}
		});
	}
}
