//! The chain says what the model says.

use dtel_primitives::{Balance, EraIndex};
use dtel_runtime::{configs::fees::Treasury, Balances, Penalties, Registry, Staking};
use dtel_traits::{Jail, NodeRegistry, Offender, StakeLedger};
use num_bigint::BigInt;
use pallet_dtel_penalties::State;
use std::collections::BTreeSet;

use crate::{
	chain::*,
	model::*,
	operations::Op,
	views::{position, view},
	world::World,
};

impl World {
	/// After each operation.
	pub fn compare(&mut self, op: &Op) {
		let what = format!("{op:?} as step {} in era {}", self.step, self.model.now);
		assert_eq!(era(), self.model.now);
		assert_eq!(Balances::total_issuance(), self.issuance, "{what}: issuance");
		assert_eq!(self.slashed, self.model.slashes, "{what}: slashes");
		self.compare_funds(&what);
		self.compare_positions(&what);
		self.compare_pools(&what);
		self.compare_nodes(&what);
		self.compare_jail(&what);
		// What is final and was looked at then is looked at again now and then.
		let often = self.step.is_multiple_of(16)
			|| matches!(op, Op::Eras { .. })
			|| std::env::var_os("DTEL_CHECK").is_some();
		self.compare_penalties(&what, often);
		if often {
			self.compare_queue(&what);
			check().unwrap_or_else(|e| panic!("{what}: {e:?}"));
		}
	}

	fn compare_funds(&self, what: &str) {
		let model = &self.model;
		for w in 0..PEOPLE {
			let stake = held(w, pallet_dtel_staking::HoldReason::Stake);
			assert!(near(&model.total(w), stake), "{what}: stake of {w}");
			let deposits: Balance = model.owned(w).map(Node::deposit).sum();
			assert_eq!(
				held(w, pallet_dtel_registry::HoldReason::Node),
				deposits,
				"{what}: deposits of {w}"
			);
			assert_eq!(
				held(w, pallet_dtel_penalties::HoldReason::Appeal),
				model.bonds(w),
				"{what}: bonds of {w}"
			);
			let free = spendable(&account(w));
			assert!(
				near(&model.free[w], free),
				"{what}: {free} is free of {w}, not {}",
				whole(&model.free[w])
			);
		}
		let treasury = spendable(&Treasury::get());
		assert!(
			near_by(&model.treasury, treasury, &(exact(1) << 24u32)),
			"{what}: the treasury got {treasury}, not {}",
			whole(&model.treasury)
		);
	}

	fn compare_positions(&mut self, what: &str) {
		let model = &mut self.model;
		model.rewards.clear();
		let mut claims = 0;
		for at in (0..PEOPLE).flat_map(|w| (0..OPERATORS).map(move |p| (w, p))) {
			let view = position(at.0, at.1);
			let there = model.positions.contains(&at);
			assert_eq!(view.is_some(), there, "{what}: position {at:?}");
			let Some(view) = view else { continue };
			let owed = model.owed.get(&at).cloned().unwrap_or_default();
			// A planck of units that was rounded away weighs more, the less is left of all.
			assert!(
				near_by(&owed, view.reward, &(&owed >> 20u32)),
				"{what}: reward {} of {at:?}, not {}",
				view.reward,
				whole(&owed)
			);
			let worth: BigInt = model.of(at).map(|lot| lot.worth(true)).sum();
			let entries = view.entries.iter().map(|e| e.amount).sum();
			assert!(near(&worth, entries), "{what}: {entries} in {at:?}, not {}", whole(&worth));
			let slashed = model.of(at).map(|lot| &lot.amount - lot.worth(true)).sum();
			assert!(near(&slashed, view.slashed), "{what}: slashed of {at:?}");
			assert_eq!(view.compounds, model.compounds.contains(&at));
			claims += view.reward;
			model.rewards.insert(at, view.reward);
		}
		let unclaimed: Balance = (0..OPERATORS).filter_map(view).map(|pool| pool.unclaimed).sum();
		let pot = spendable(&Staking::pot());
		assert!(claims + unclaimed <= pot, "{what}: {claims} and {unclaimed} of {pot}");
	}

	fn compare_pools(&self, what: &str) {
		let model = &self.model;
		for p in 0..OPERATORS {
			let pool = view(p);
			assert_eq!(pool.is_some(), model.pools[p].is_some(), "{what}: pool {p}");
			let (Some(theirs), Some(ours)) = (pool, &model.pools[p]) else { continue };
			assert_eq!(
				(theirs.opened, theirs.closed, theirs.unclaimed, theirs.required),
				(ours.opened, ours.closed, ours.commission, model.required(p)),
				"{what}: pool {p}"
			);
			let members = model.positions.iter().filter(|(_, pool)| *pool == p).count();
			assert_eq!(theirs.members as usize, members, "{what}: members of {p}");
			for era in model.now..=model.now + 1 {
				let (ours, theirs) = (model.counts(p, era), Staking::active(&account(p), era));
				assert!(
					near(&ours, theirs),
					"{what}: {theirs} counts with {p} in {era}, not {}",
					whole(&ours)
				);
			}
		}
	}

	fn compare_nodes(&self, what: &str) {
		for (id, node) in self.model.nodes.iter().enumerate() {
			let owner = node.there.then(|| account(node.owner));
			assert_eq!(Registry::owner(id as u32), owner, "{what}: node {id}");
			let candidate =
				|era: EraIndex| node.there && node.draining.is_none() && node.since < era;
			let now = self.model.now;
			assert_eq!(
				Registry::is_candidate(id as u32, now),
				candidate(now),
				"{what}: candidate {id}"
			);
		}
		for p in 0..OPERATORS {
			let owned = self.model.owned(p).count();
			assert_eq!(Registry::owned_by(&account(p)) as usize, owned, "{what}: nodes of {p}");
		}
	}

	fn compare_jail(&self, what: &str) {
		let model = &self.model;
		let nodes = (0..model.nodes.len()).map(|id| Offender::Node(id as u32));
		for who in nodes.chain((0..OPERATORS).map(Offender::Validator)) {
			let span = Penalties::span_of(offender(who)).map(|span| (span.since, span.until));
			let ours = model.cells.get(&who).and_then(|cells| {
				let since = cells.iter().map(|cell| cell.since).min()?;
				Some((since, cells.iter().map(|cell| cell.until).max()?))
			});
			assert_eq!(span, ours, "{what}: sentence of {who:?}");
		}
		for p in 0..OPERATORS {
			let jailed = Penalties::is_operator_jailed(&account(p));
			assert_eq!(jailed, model.is_jailed(p), "{what}: jailed {p}");
		}
	}

	fn compare_penalties(&mut self, what: &str, all: bool) {
		for (id, deed) in self.model.deeds.iter().enumerate() {
			if !all && self.is_final.contains(&id) {
				continue;
			}
			if !deed.is_open() {
				self.is_final.insert(id);
			}
			let Some(penalty) = Penalties::penalty(id as u32) else {
				let history = self.model.now - deed.era > HISTORY_ERAS;
				assert!(history && !deed.is_open(), "{what}: penalty {id} is gone");
				continue;
			};
			assert_eq!(
				(penalty.era(), penalty.offender().clone(), penalty.owner().clone()),
				(deed.era, offender(deed.who), account(deed.owner)),
				"{what}: penalty {id}"
			);
			assert_eq!(
				(
					u64::from(penalty.fraction().deconstruct()),
					penalty.strikes(),
					penalty.jail_until(),
					penalty.due(),
					penalty.last()
				),
				(deed.fraction, deed.strikes, deed.until, deed.due, deed.last),
				"{what}: penalty {id}: fraction, strikes, jail, due, last"
			);
			let same = match (&deed.fate, penalty.state()) {
				(Fate::Pending, State::Pending)
				| (Fate::Upheld, State::Upheld)
				| (Fate::Cancelled, State::Cancelled) => true,
				(Fate::Appealed(ours), State::Appealed { bond }) => *ours == bond,
				// How much it says is an estimate; funds and treasury are compared exactly.
				(Fate::Executed { reached }, State::Executed { amount }) => *reached || amount == 0,
				_ => false,
			};
			assert!(same, "{what}: penalty {id} is {:?}, not {:?}", penalty.state(), deed.fate);
		}
	}

	/// The open penalties are those that wait.
	fn compare_queue(&self, what: &str) {
		let (open, more) = Penalties::open_after(None, u32::MAX);
		assert_eq!(more, None);
		let open = open.into_iter().map(|(id, _)| id as usize);
		let deeds = self.model.deeds.iter().enumerate();
		let ours = deeds.filter(|(_, deed)| deed.is_open()).map(|(id, _)| id);
		assert_eq!(open.collect::<BTreeSet<_>>(), ours.collect(), "{what}: open penalties");
	}
}

fn offender(who: Who) -> Offender<dtel_primitives::AccountId> {
	match who {
		Offender::Node(node) => Offender::Node(node),
		Offender::Validator(who) => Offender::Validator(account(who)),
	}
}
