//! One run: a group in a network, for many eras.

use crate::{
	chain::{call, commit, owner, reveal, Chain, Joins},
	nodes::{Draw, Look, Service},
	strategy::{Known, Strategy},
};
use dtel_primitives::{
	api::{Outcome, Verdict},
	clock::Phase,
	report::EraReport,
	reward::{OperatorPay, Pay, PayState, Work},
	AccountId, Balance, EraIndex, NodeId, DTEL,
};
use dtel_runtime::{
	configs::quality::StakePerMbps, Attestation, Penalties, Rewards, Runtime, RuntimeEvent,
};
use dtel_traits::{Jail, Offender, PenaltyId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The first era in which nodes that joined in era 0 take part.
pub const FIRST: EraIndex = 2;
/// So many more eras are run than are looked at: until all that was done in these is punished and paid.
const TAIL: EraIndex = 8;
/// What an operator stakes where all stake alike: twice what it needs, so that not the first slash expels it.
const STAKE: Balance = 20_000 * DTEL;

/// Of what a group has a share.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Of {
	/// Of nodes, all of which have the same stake.
	Nodes,
	/// Of stake: a tenth of the nodes have it.
	Stake,
}

/// What is run.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, serde::Serialize)]
pub struct Setup {
	/// How many nodes there are.
	pub nodes: u32,
	/// For how many eras it is looked at.
	pub eras: u32,
	/// What all that is random comes from.
	pub seed: u64,
	/// What share the group has, in percent.
	pub share: u32,
	/// Of what.
	pub of: Of,
	/// What the group does.
	pub strategy: Strategy,
	/// How much measurements scatter; one as documented.
	pub noise: f64,
	/// How much good nodes differ; one as documented.
	pub spread: f64,
}

impl Setup {
	/// The same, if the group worked honestly. Where all nodes have the same stake, its share makes no difference.
	pub fn baseline(self) -> Self {
		let share = if self.of == Of::Nodes { 0 } else { self.share };
		Self { strategy: Strategy::Honest, share, ..self }
	}

	/// Who is in the group, by node.
	pub fn group(&self) -> Vec<bool> {
		let size = match self.of {
			Of::Nodes => (self.nodes * self.share + 50) / 100,
			Of::Stake => self.nodes.div_ceil(10),
		};
		let mut order: Vec<NodeId> = (0..self.nodes).collect();
		order.sort_by_key(|node| Draw::of(self.seed, &[3, u64::from(*node)]).word());
		let ours: BTreeSet<_> = order.into_iter().take(size as usize).collect();
		(0..self.nodes).map(|node| ours.contains(&node)).collect()
	}

	/// What a node of the group stakes, and what any other.
	fn stakes(&self, size: u32) -> (Balance, Balance) {
		match self.of {
			Of::Nodes => (STAKE, STAKE),
			Of::Stake => {
				let others = STAKE * Balance::from(self.nodes - size);
				let share = Balance::from(self.share);
				(others * share / (100 - share) / Balance::from(size), STAKE)
			}
		}
	}
}

/// What became of a node.
#[derive(Clone, PartialEq, Debug, Default, serde::Serialize)]
pub struct Node {
	/// What its operator was paid for the eras that are looked at.
	pub pay: Balance,
	/// What of it was for its duty.
	pub duty: Balance,
	/// What it lost of its stake for what it did in them.
	pub slashed: Balance,
	/// Offences.
	pub offences: u32,
	/// Its measurements outside of the tolerance.
	pub outliers: u32,
	/// Eras in jail.
	pub jailed: u32,
	/// Its score and its attested bandwidth, era by era, where it was judged.
	#[serde(skip)]
	pub scores: Vec<Option<(u16, u32)>>,
}

/// What became of all.
#[derive(Clone, PartialEq, Debug, serde::Serialize)]
pub struct Report {
	/// What was run.
	pub setup: Setup,
	/// Who was in the group.
	#[serde(skip)]
	pub group: Vec<bool>,
	/// Node by node.
	#[serde(skip)]
	pub nodes: Vec<Node>,
	/// What the reserve released to be paid for the eras that are looked at.
	pub released: Balance,
	/// What of it is for blocks: nobody here authors any.
	pub blocks: Balance,
	/// What was paid of it.
	pub paid: Balance,
	/// What stayed: nobody earned it, or it was lost.
	pub stays: Balance,
	/// Offences by kind, the group's and the others'.
	pub kinds: BTreeMap<String, (u32, u32)>,
}

struct World {
	setup: Setup,
	chain: Chain,
	group: Vec<bool>,
	owners: Vec<AccountId>,
	index: HashMap<AccountId, usize>,
	good: Vec<Service>,
	last: Vec<Option<Outcome>>,
	nodes: Vec<Node>,
	/// Eras that operators are yet to be paid for.
	unpaid: Vec<BTreeSet<EraIndex>>,
	/// Penalties that are yet to be executed, with the eras of offence and of execution.
	open: BTreeMap<PenaltyId, (EraIndex, EraIndex)>,
	released: BTreeMap<EraIndex, Pay>,
	paid: BTreeMap<EraIndex, Balance>,
	/// What of all that was released went back.
	given_back: Balance,
	kinds: BTreeMap<String, (u32, u32)>,
}

/// Runs it; tells how far it is, in eras.
pub fn run(setup: &Setup, progress: impl Fn(EraIndex)) -> Report {
	let mut world = World::new(*setup);
	let end = FIRST + setup.eras + TAIL;
	while world.chain.next().0 < FIRST {
		world.block();
	}
	for era in FIRST..end {
		world.era(era);
		progress(era + 1 - FIRST);
	}
	world.report()
}

impl World {
	fn new(setup: Setup) -> Self {
		let group = setup.group();
		let size = group.iter().filter(|ours| **ours).count() as u32;
		let (ours, others) = setup.stakes(size);
		let nodes = setup.nodes;
		let good: Vec<_> =
			(0..nodes).map(|node| Service::of(setup.seed, node, setup.spread)).collect();
		let joins = |(is_ours, good): (&bool, &Service)| {
			let stake = if *is_ours { ours } else { others };
			// Who is honest declares what it has; who is not, all that its stake is good for.
			let lies = *is_ours && setup.strategy.overstates();
			let declared_kbps = if lies { most_kbps(stake) } else { good.kbps.round() as u32 };
			Joins { stake, declared_kbps }
		};
		let joins: Vec<_> = group.iter().zip(&good).map(joins).collect();
		let owners: Vec<_> = (0..nodes).map(owner).collect();
		Self {
			setup,
			index: owners.iter().cloned().zip(0..).collect(),
			chain: Chain::new(setup.seed, &joins),
			group,
			owners,
			good,
			last: vec![None; nodes as usize],
			nodes: vec![Node::default(); nodes as usize],
			unpaid: vec![BTreeSet::new(); nodes as usize],
			open: BTreeMap::new(),
			released: BTreeMap::new(),
			paid: BTreeMap::new(),
			given_back: 0,
			kinds: BTreeMap::new(),
		}
	}

	fn all(&self) -> core::ops::Range<NodeId> {
		0..self.setup.nodes
	}

	/// Whether what was done in an era counts.
	fn counts(&self, era: EraIndex) -> bool {
		(FIRST..FIRST + self.setup.eras).contains(&era)
	}

	fn block(&mut self) {
		let ((), events) = self.chain.block(|| {});
		self.note(events);
	}

	fn era(&mut self, era: EraIndex) {
		let mut reports = Vec::new();
		loop {
			let (now, offset, phase) = self.chain.next();
			if now > era {
				break;
			}
			match phase {
				Phase::Measure if offset == 0 => self.tidy(era),
				Phase::Measure => self.block(),
				Phase::Commit => reports = self.commit(era),
				Phase::Reveal => self.reveal(core::mem::take(&mut reports)),
				Phase::Settle => self.settle(era),
			}
		}
		self.look(era);
	}

	/// What people do when an era begins: come out of jail, have what is due executed, and be paid.
	fn tidy(&mut self, era: EraIndex) {
		let (owners, all) = (self.owners.clone(), self.all());
		let due: Vec<_> =
			self.open.iter().filter(|(_, (_, due))| *due <= era).map(|(id, _)| *id).collect();
		let mut unpaid = core::mem::take(&mut self.unpaid);
		let (paid, events) = self.chain.block(|| {
			let anybody = &owners[0];
			for penalty in due {
				// What a hook did before is final.
				let _ = call(anybody, pallet_dtel_penalties::Call::<Runtime>::execute { penalty });
			}
			let mut paid = Vec::new();
			for node in all {
				let who = &owners[node as usize];
				if Penalties::jailed_until(node).is_some_and(|until| until <= era) {
					call(who, pallet_dtel_penalties::Call::<Runtime>::unjail { node })
						.expect("its term is over");
				}
				let eras = pay(who, era, &mut unpaid[node as usize]);
				paid.extend(eras.into_iter().map(|(era, pay)| (node, era, pay)));
			}
			// Hooks do so, too, as far as a block has room.
			while call(anybody, pallet_dtel_attestation::Call::<Runtime>::freeze { limit: 32 })
				.is_ok()
			{}
			paid
		});
		self.unpaid = unpaid;
		self.note(events);
		for (node, era, pay) in paid {
			if self.counts(era) {
				self.nodes[node as usize].duty += pay.duty;
			}
		}
	}

	/// Everybody with a duty commits to a report.
	fn commit(&mut self, era: EraIndex) -> Vec<EraReport> {
		let Self { setup, group, good, last, .. } = self;
		let Setup { nodes, seed, strategy, noise, .. } = *setup;
		let serves = |node: NodeId| match group[node as usize] {
			true => strategy.serves(node, era, good[node as usize]),
			false => Some(good[node as usize]),
		};
		let service: Vec<_> = (0..nodes).map(serves).collect();
		let (reports, events) = self.chain.block(|| {
			let duties: Vec<_> = (0..nodes)
				.filter_map(|node| Some((node, Attestation::duty(node)?.1)))
				.filter(|(_, targets)| !targets.is_empty())
				.collect();
			let mut verifiers = vec![Vec::new(); nodes as usize];
			for (verifier, targets) in &duties {
				targets.iter().for_each(|target| verifiers[*target as usize].push(*verifier));
			}
			let known = Known { group, service: &service, last, verifiers: &verifiers };
			let reports: Vec<_> = duties
				.into_iter()
				.map(|(verifier, targets)| {
					let say =
						|target| known.say(strategy, Look { seed, era, verifier, target, noise });
					let all: Vec<_> = targets.into_iter().map(say).collect();
					let measurements = all.try_into().expect("few targets");
					EraReport { era, verifier, measurements, own: None }
				})
				.collect();
			reports.iter().for_each(commit);
			reports
		});
		self.note(events);
		reports
	}

	fn reveal(&mut self, reports: Vec<EraReport>) {
		let ((), events) = self.chain.block(|| reports.into_iter().for_each(reveal));
		self.note(events);
	}

	/// The rest of an era is settled, as far as hooks did not.
	fn settle(&mut self, era: EraIndex) {
		let anybody = self.owners[0].clone();
		let ((), events) = self.chain.block(|| {
			while !Attestation::is_settled(era) {
				call(&anybody, pallet_dtel_attestation::Call::<Runtime>::settle { limit: 16 })
					.expect("it is being settled");
			}
		});
		self.note(events);
	}

	/// Looks at what the chain published.
	fn look(&mut self, era: EraIndex) {
		let counts = self.counts(era);
		let all = self.all();
		let see = |node| (Attestation::outcome(node, era), Penalties::is_jailed(node));
		let seen: Vec<_> = self.chain.view(|| all.map(see).collect());
		let members = seen.iter().filter(|(outcome, _)| outcome.is_some()).count();
		assert!(era > FIRST || members == seen.len(), "everybody begins");
		for (node, (outcome, jailed)) in seen.into_iter().enumerate() {
			if let Some(outcome) = outcome {
				self.last[node] = Some(outcome);
				self.unpaid[node].insert(era);
			}
			if counts {
				let judged = outcome.filter(|o| o.verdict != Verdict::Unmeasured);
				self.nodes[node].scores.push(judged.map(|o| (o.score.parts(), o.kbps)));
				self.nodes[node].jailed += u32::from(jailed);
			}
		}
		let released: Balance = self.released.values().map(Pay::total).sum();
		self.chain.check(released - self.given_back);
	}

	/// Takes down what happened.
	fn note(&mut self, events: Vec<RuntimeEvent>) {
		use pallet_dtel_attestation::Event as Attested;
		use pallet_dtel_penalties::Event as Punished;
		use pallet_dtel_rewards::Event as Paid;
		for event in events {
			match event {
				RuntimeEvent::Attestation(Attested::Deviated { era, verifier, .. })
					if self.counts(era) =>
				{
					self.nodes[verifier as usize].outliers += 1;
				}
				RuntimeEvent::Attestation(Attested::SnapshotMissed { era }) => {
					assert!(era < FIRST, "a snapshot was not complete in time: {era}");
				}
				RuntimeEvent::Penalties(Punished::OffenceReported {
					penalty,
					era,
					offender: Offender::Node(node),
					due,
					kind,
					..
				}) => {
					self.open.insert(penalty, (era, due));
					if self.counts(era) {
						self.nodes[node as usize].offences += 1;
						let both = self.kinds.entry(format!("{kind:?}")).or_default();
						match self.group[node as usize] {
							true => both.0 += 1,
							false => both.1 += 1,
						}
					}
				}
				RuntimeEvent::Penalties(Punished::PenaltyExecuted {
					penalty,
					owner,
					amount,
					..
				}) => {
					let (era, _) = self.open.remove(&penalty).expect("it was reported");
					if self.counts(era) {
						self.nodes[self.index[&owner]].slashed += amount;
					}
				}
				RuntimeEvent::Rewards(Paid::EraSettled { era, released, .. }) => {
					self.released.insert(era, released);
				}
				RuntimeEvent::Rewards(Paid::EraClosed { unclaimed, returned, .. }) => {
					self.given_back += unclaimed + returned;
				}
				RuntimeEvent::Rewards(Paid::PaidOut { era, owner, amount }) => {
					*self.paid.entry(era).or_default() += amount;
					match self.index.get(&owner) {
						Some(node) if self.counts(era) => self.nodes[*node].pay += amount,
						Some(_) => {}
						// Who validates from genesis on has no stake that could be paid.
						None => assert_eq!(amount, 0),
					}
				}
				_ => {}
			}
		}
	}

	fn report(mut self) -> Report {
		self.chain.try_state();
		let counts = |era: &&EraIndex| self.counts(**era);
		let eras: Vec<_> = self.released.keys().filter(counts).copied().collect();
		let released: Balance = eras.iter().map(|era| self.released[era].total()).sum();
		let blocks: Balance = eras.iter().map(|era| self.released[era].blocks).sum();
		let paid: Balance = eras.iter().filter_map(|era| self.paid.get(era)).sum();
		let stays = released.checked_sub(paid).expect("no more is paid than is released");
		let Self { setup, group, nodes, kinds, .. } = self;
		Report { setup, group, nodes, released, blocks, paid, stays, kinds }
	}
}

/// With how much bandwidth stake counts: as genesis has it, before any referendum.
fn most_kbps(stake: Balance) -> u32 {
	let price = sp_io::TestExternalities::default().execute_with(StakePerMbps::get);
	(stake * 1_000 / price) as u32
}

/// Has an operator paid for the eras that it waits for, as far as that is possible in `now`. Says what it got for which era.
fn pay(who: &AccountId, now: EraIndex, unpaid: &mut BTreeSet<EraIndex>) -> Vec<(EraIndex, Pay)> {
	let mut got = Vec::new();
	while let Some(era) = unpaid.first().copied().filter(|era| *era < now) {
		// Hooks pay, too; and not before a penalty is decided.
		let owner = who.clone();
		let _ = call(who, pallet_dtel_rewards::Call::<Runtime>::payout { era, owner });
		match Rewards::operator_pay(era, who.clone()) {
			Some(OperatorPay { state: PayState::Waiting, work, .. }) if work != Work::default() => {
				break
			}
			found => got.extend(found.and_then(|pay| Some((era, pay.paid()?)))),
		}
		unpaid.remove(&era);
	}
	got
}
