//! The chain and the model beside each other: both do what is asked for, and have to agree about whether it can be done.

use dtel_primitives::{node::NodeStatus, Balance};
use dtel_runtime::{Balances, Penalties, Runtime, RuntimeEvent, System};
use dtel_traits::{Evidence, Offence, OffenceSink, Offender};
use pallet_dtel_penalties::{Call as PenaltiesCall, Event as PenaltiesEvent};
use pallet_dtel_registry::{Call as RegistryCall, NodeUpdate};
use pallet_dtel_staking::{Error, Event as StakingEvent};
use sp_runtime::{DispatchError, DispatchResult};
use std::collections::{BTreeMap, BTreeSet};

use crate::{
	calls::{domain, equivocation, evidence, staking},
	chain::*,
	model::{Ask, Fate, Model, No, OPERATORS, PEOPLE},
	operations::{Op, Pace, COIN},
	views::{compounded, executed, position, view},
};

/// Most equivocations of two and more in a sequence: what is left is still far above what is rounded.
const HEAVY: u32 = 12;

/// Blocks of an era that are built, of those that have room.
const ERA_BLOCKS: u32 = 2;

/// What operators and holders begin with: some with so little that another node or a slash makes it too little.
const BONDS: [Balance; OPERATORS] = [4_000, 2_500, 1_500];
const DELEGATIONS: [Balance; PEOPLE - OPERATORS] = [1_000, 11, 11];

/// Both of them.
pub struct World {
	pub model: Model,
	heavy: u32,
	/// How many operations there were.
	pub step: u32,
	/// How often stake was slashed.
	pub slashed: u32,
	pub issuance: Balance,
	/// Penalties that were seen to be final.
	pub is_final: BTreeSet<usize>,
	/// What was done, and how often.
	pub done: BTreeMap<String, u32>,
}

/// What an operation came to: what it is called, and whether it was done.
type Outcome = (String, DispatchResult);

impl World {
	/// Three operators with a node each, and three holders who delegated.
	pub fn new(pace: Pace) -> Self {
		let model = Model::new(era(), pace.unbonding);
		let issuance = Balances::total_issuance();
		let mut world = Self {
			model,
			heavy: 0,
			step: 0,
			slashed: 0,
			issuance,
			is_final: BTreeSet::new(),
			done: BTreeMap::new(),
		};
		for (p, bond) in BONDS.into_iter().enumerate() {
			world.run(&Op::Register { by: p, taken: false });
			world.run(&Op::Bond(p, bond * COIN));
		}
		for w in OPERATORS..PEOPLE {
			world.run(&Op::Delegate(w, w % OPERATORS, DELEGATIONS[w - OPERATORS] * COIN));
		}
		world
	}

	/// The amount that is so many of 256 parts of what is there, and whether that is all.
	fn ask(who: usize, pool: usize, gone: bool, part: u32) -> Ask {
		let there = position(who, pool).map_or(0, |view| match gone {
			false => view.active,
			true => view.entries.iter().filter(|e| e.left.is_some()).map(|e| e.amount).sum(),
		});
		match part {
			256 => Ask { amount: there, all: there > 0 },
			257 => Ask { amount: there + COIN, all: false },
			part => Ask { amount: there / 256 * Balance::from(part), all: false },
		}
	}

	/// A penalty by its place from the newest one on.
	fn penalty(&self, place: usize) -> usize {
		// One that never was, if there is none so old.
		self.model.deeds.len().checked_sub(1 + place).unwrap_or(1_000_000)
	}

	fn node(&self, place: usize) -> usize {
		self.model.nodes.len().checked_sub(1 + place).unwrap_or(1_000_000)
	}

	/// Who does something with a node: its owner, unless said otherwise.
	fn owner(&self, by: Option<usize>, node: usize) -> usize {
		by.or(self.model.nodes.get(node).map(|node| node.owner)).unwrap_or(0)
	}

	/// A random operation, mostly turned to where it has something to do.
	pub fn run_random(&mut self, op: &Op) {
		let op = if self.step.is_multiple_of(6) { op.clone() } else { self.turned(op) };
		self.run(&op)
	}

	/// Does it on the chain and in the model, and compares.
	pub fn run(&mut self, op: &Op) {
		self.step += 1;
		System::reset_events();
		let before = self.compares_roots().then(root);
		let mut next = self.model.clone();
		let (name, result, expected) = match op {
			Op::Blocks { blocks, full } => {
				for _ in 0..*blocks {
					block(*full);
					self.block(&mut next);
				}
				("Blocks".to_string(), Ok(()), true)
			}
			Op::Eras { eras, full } => {
				for _ in 0..*eras {
					go_to_era(era() + 1);
					next.now = era();
					// In a chain that is full, nothing but time passes.
					for _ in 0..if *full { 0 } else { ERA_BLOCKS } {
						block(false);
						self.block(&mut next);
					}
				}
				("Eras".to_string(), Ok(()), true)
			}
			op => {
				let Some((name, result, ours)) = self.both(op, &mut next) else { return };
				(name, result, ours)
			}
		};
		if let (Err(_), Some(before)) = (&result, before) {
			assert_eq!(root(), before, "{op:?} was refused and left something");
		}
		if result == Err(Error::<Runtime>::TooManyEntries.into()) {
			let (Op::Rebond(w, p, _)
			| Op::Delegate(w, p, _)
			| Op::DelegateExtra(w, p, _)
			| Op::Undelegate(w, p, _)
			| Op::Redelegate { who: w, to: p, .. }) = *op
			else {
				let (Op::BondExtra(p, _) | Op::Unbond(p, _)) = *op else {
					panic!("{op:?}: needs no entry")
				};
				return assert!(self.model.is_full((p, p)));
			};
			return assert!(self.model.is_full((w, p)), "{op:?}: there is room");
		}
		assert_eq!(expected, result.is_ok(), "{op:?} in {}: {result:?}", self.model.now);
		self.count_slashes();
		if expected {
			self.model = next;
			*self.done.entry(name).or_default() += 1;
		}
		self.compare(op);
	}

	/// The storage root is dear; FRAME makes calls transactional, so a sample does.
	fn compares_roots(&self) -> bool {
		self.step.is_multiple_of(16)
	}

	/// What a block did by itself has to be due; the model does it, too.
	fn block(&mut self, next: &mut Model) {
		next.now = era();
		next.compounded = compounded();
		let executed: Vec<_> = executed().collect();
		for id in executed {
			next.carry_out(id);
			*self.done.entry("ExecutedByBlock".into()).or_default() += 1;
		}
		self.count_slashes();
		System::reset_events();
	}

	/// How often stake was slashed since the last reset of events.
	fn count_slashes(&mut self) {
		let slashed =
			|e: &&RuntimeEvent| matches!(e, RuntimeEvent::Staking(StakingEvent::Slashed { .. }));
		self.slashed += events().iter().filter(slashed).count() as u32;
	}

	fn both(&mut self, op: &Op, next: &mut Model) -> Option<(String, DispatchResult, bool)> {
		let ask = match *op {
			Op::Unbond(p, part) => Self::ask(p, p, false, part),
			Op::Undelegate(w, p, part) => Self::ask(w, p, false, part),
			Op::Redelegate { who, from, part, .. } => Self::ask(who, from, false, part),
			Op::Rebond(w, p, part) => Self::ask(w, p, true, part),
			_ => Ask { amount: 0, all: false },
		};
		let (name, result) = self.on_chain(op, ask)?;
		next.compounded = compounded();
		let expected = self.in_model(op, ask, next).is_ok();
		Some((name, result, expected))
	}

	/// On the chain. Nothing if it is not to be done.
	fn on_chain(&mut self, op: &Op, ask: Ask) -> Option<Outcome> {
		let name = format!("{op:?}");
		let name = name.split(['(', ' ']).next().unwrap_or_default().to_string();
		let id = |place: usize| self.penalty(place) as u32;
		let amount = ask.amount;
		let result = match *op {
			Op::Register { by, taken } => {
				let there = self.model.nodes.iter().position(|node| node.there);
				let next = self.model.nodes.len();
				let named = if taken { there.unwrap_or(next) } else { next };
				register(by, next as u32, &domain(named))
			}
			Op::Update { by, node, version: length } => {
				let node = self.node(node);
				let update = NodeUpdate { version: Some(version(length)), ..Default::default() };
				let by = self.owner(by, node);
				signed(Some(by), RegistryCall::update { node: node as u32, update })
			}
			Op::SetStatus { by, node, drains } => {
				let node = self.node(node);
				let status = if drains { NodeStatus::Draining } else { NodeStatus::Active };
				let by = self.owner(by, node);
				signed(Some(by), RegistryCall::set_status { node: node as u32, status })
			}
			Op::RetireNode { by, node } => {
				let node = self.node(node);
				signed(Some(self.owner(by, node)), RegistryCall::retire { node: node as u32 })
			}
			Op::Credit { pool, ahead, amount } => {
				let credited = view(pool).map_or(0, |pool| pool.credited);
				credit(pool, credited + ahead, amount)
			}
			Op::ReportNode { .. } | Op::ReportValidator { .. } => return self.report(op),
			Op::Appeal { by, place } => {
				let penalty = self.penalty(place);
				let owner = self.model.deeds.get(penalty).map_or(0, |deed| deed.owner);
				let call = PenaltiesCall::appeal { penalty: penalty as u32 };
				signed(Some(by.unwrap_or(owner)), call)
			}
			Op::Uphold { place } => decided(PenaltiesCall::uphold { penalty: id(place) }),
			Op::Cancel { place } => {
				let heard = match self.model.deeds.get(self.penalty(place)).map(|d| &d.fate) {
					Some(Fate::Appealed(_)) => "CancelAppealed",
					_ => "CancelUnheard",
				};
				return Some((heard.into(), decided(PenaltiesCall::cancel { penalty: id(place) })));
			}
			Op::Execute { place } => signed(None, PenaltiesCall::execute { penalty: id(place) }),
			Op::Unjail { by, node } => {
				let node = self.node(node);
				signed(Some(self.owner(by, node)), PenaltiesCall::unjail { node: node as u32 })
			}
			Op::UnjailValidator(p) => signed(Some(p), PenaltiesCall::unjail_validator {}),
			Op::Kick(w, p) if w == p => {
				let (who, call) = staking(op, amount)?;
				let result = signed(who, call);
				let closed = view(p).is_none_or(|pool| pool.closed.is_some());
				return Some((if closed { "KickOut" } else { "KickNote" }.into(), result));
			}
			// A pool that is over goes by its operator's name, or with its operator's next one.
			Op::Settle(w, p) if w == p && self.model.is_over(p) => {
				let (who, call) = staking(op, amount)?;
				return Some(("SettlePool".into(), signed(who, call)));
			}
			Op::Bond(p, _) if self.model.is_over(p) => {
				let (who, call) = staking(op, amount)?;
				return Some(("BondAnew".into(), signed(who, call)));
			}
			ref op => {
				let (who, call) = staking(op, amount)?;
				signed(who, call)
			}
		};
		Some((name, result))
	}

	/// In the model.
	fn in_model(&self, op: &Op, ask: Ask, next: &mut Model) -> Result<(), No> {
		match *op {
			Op::Register { by, taken } => {
				if taken && self.model.nodes.iter().any(|node| node.there) {
					return Err(No);
				}
				let length = domain(self.model.nodes.len()).len() as u32;
				next.register(by, length, 10)
			}
			Op::Update { by, node, version } => {
				let node = self.node(node);
				next.update(self.owner(by, node), node, version)
			}
			Op::SetStatus { by, node, drains } => {
				let node = self.node(node);
				next.set_draining(self.owner(by, node), node, drains)
			}
			Op::RetireNode { by, node } => {
				let node = self.node(node);
				next.retire_node(self.owner(by, node), node)
			}
			Op::Bond(p, amount) => next.bond(p, amount),
			Op::BondExtra(p, amount) => next.add((p, p), amount),
			Op::Unbond(p, _) => next.unbond(p, ask),
			Op::Withdraw(w, p) => next.withdraw((w, p)),
			Op::Rebond(w, p, _) => next.rebond((w, p), ask),
			Op::Delegate(w, p, amount) => next.delegate((w, p), amount),
			Op::DelegateExtra(w, p, amount) if w != p => next.add((w, p), amount),
			Op::DelegateExtra(..) => Err(No),
			Op::Undelegate(w, p, _) => next.undelegate((w, p), ask),
			Op::Redelegate { who, from, to, .. } => next.redelegate(who, from, to, ask),
			Op::Claim(w, p) => next.claim((w, p), false),
			Op::ClaimFor(w, p) => next.claim((w, p), true),
			Op::Settle(w, p) => next.settle((w, p)),
			Op::Kick(w, p) => next.kick((w, p)),
			Op::Retire(p) => next.retire(p),
			Op::SetChilled(p, chilled) => next.set_chilled(p, chilled),
			Op::SetCommission(p, rate) => next.set_commission(p, rate),
			Op::SetCompounding(w, p, compounds) => next.set_compounding((w, p), compounds),
			Op::SetPrivate(w, private) => next.set_private(w, private),
			Op::Credit { pool, ahead, amount } => {
				next.pass(pool);
				let era = next.pool(pool)?.credited + ahead;
				next.credit(pool, era, amount)
			}
			Op::ReportNode { .. } | Op::ReportValidator { .. } => {
				let (era, who, owner, kind, equivocation, _) = self.offence(op).ok_or(No)?;
				next.report(kind, era, who, owner, equivocation).then_some(()).ok_or(No)
			}
			Op::Appeal { by, place } => {
				let id = self.penalty(place);
				let owner = self.model.deeds.get(id).map_or(0, |deed| deed.owner);
				next.appeal(by.unwrap_or(owner), id)
			}
			Op::Uphold { place } => next.uphold(self.penalty(place)),
			Op::Cancel { place } => next.cancel(self.penalty(place)),
			Op::Execute { place } => next.execute(self.penalty(place)),
			Op::Unjail { by, node } => {
				let node = self.node(node);
				next.unjail(self.owner(by, node), Offender::Node(node as u32))
			}
			Op::UnjailValidator(p) => next.unjail(p, Offender::Validator(p)),
			Op::Blocks { .. } | Op::Eras { .. } => Ok(()),
		}
	}

	/// An offence that can be reported: era, offender, operator, kind, occasion and fraction, evidence.
	#[allow(clippy::type_complexity)]
	fn offence(
		&self,
		op: &Op,
	) -> Option<(u32, Offender<usize>, usize, usize, (u64, u64), Evidence)> {
		match *op {
			Op::ReportNode { kind, back, node } => {
				let node = self.node(node);
				let owner = self.model.nodes.get(node)?.owner;
				let era = self.model.now.checked_sub(back)?;
				Some((era, Offender::Node(node as u32), owner, kind, (0, 0), evidence(kind)))
			}
			Op::ReportValidator { kind, back, who, occasion, together } => {
				let era = self.model.now.checked_sub(back)?;
				// min((3x / 10)², 1)
				let fraction =
					(1_000_000_000 * u64::from(together * together) * 9 / 100).min(1_000_000_000);
				// An occasion lies in one era, whichever it is reported for.
				let occasion = u64::from(era) * 3 + occasion;
				let equivocation = equivocation(occasion, together, fraction as u32);
				let evidence = match kind {
					6 => Evidence::BabeEquivocation(equivocation),
					_ => Evidence::GrandpaEquivocation(equivocation),
				};
				let key = (occasion, fraction);
				Some((era, Offender::Validator(who), who, kind, key, evidence))
			}
			_ => None,
		}
	}

	fn report(&mut self, op: &Op) -> Option<Outcome> {
		let (era, offender, owner, kind, (_, fraction), evidence) = self.offence(op)?;
		if fraction > 300_000_000 {
			if self.heavy >= HEAVY {
				return None;
			}
			self.heavy += 1;
		}
		let offender = match offender {
			Offender::Node(node) => Offender::Node(node),
			Offender::Validator(who) => Offender::Validator(account(who)),
		};
		Penalties::report(Offence { era, offender, owner: account(owner), evidence });
		// A report returns nothing: it says by an event that it was taken.
		let taken = events().into_iter().any(|event| {
			matches!(
				event,
				RuntimeEvent::Penalties(
					PenaltiesEvent::OffenceReported { .. } | PenaltiesEvent::PenaltyRaised { .. }
				)
			)
		});
		let result = taken.then_some(()).ok_or(DispatchError::Other("nothing new"));
		Some((format!("Report{kind}"), result))
	}
}
