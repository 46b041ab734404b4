//! A model of pools that merges nothing, forgets nothing and computes with exact fractions: it looks at each lot of stake for
//! each slash and each reward. [`apply`] says what operations do.

mod apply;

use super::*;
use crate::Members;
use num_bigint::BigInt;
use std::collections::{BTreeMap, BTreeSet};

/// The first two are operators; each of the six may delegate to another.
pub(super) const WHO: [AccountId; 6] = [ALICE, BOB, CAROL, DAVE, 5, 6];
pub(super) const UNBONDING: u32 = 4;
pub(super) const COIN: Balance = 1 << 44;
/// Odd, so that no amount lies near by chance.
pub(super) const BOND: Balance = (1 << 52) + 12_345_678_901;
pub(super) const DELEGATION: Balance = (1 << 47) + 98_765_432_101;
pub(super) const WEALTH: Balance = 1 << 80;
/// Binary places of a planck in the model.
pub(super) const PLACES: u32 = 96;
/// Far more than is rounded away in a sequence, far less than anything that happens.
pub(super) const SLACK: Balance = 1 << 16;

pub(super) fn exact(amount: Balance) -> BigInt {
	BigInt::from(amount) << PLACES
}

pub(super) fn near(ours: &BigInt, theirs: Balance) -> bool {
	let off: BigInt = ours - exact(theirs);
	off.magnitude() <= exact(SLACK).magnitude()
}

/// Stake with one history.
#[derive(Clone, Debug)]
pub(super) struct Lot {
	pub(super) who: usize,
	pub(super) pool: usize,
	/// As it was when its holder's position was last touched.
	pub(super) amount: BigInt,
	/// With how much it takes part in rewards, from an era on: what is taken of it in an era changes none before that one.
	pub(super) weights: BTreeMap<u32, BigInt>,
	/// Slashes since then, in parts of 10^9, and whether another pool's.
	pub(super) pending: Vec<(u32, bool)>,
	pub(super) joined: u32,
	pub(super) since: u32,
	pub(super) left: Option<u32>,
	/// Pool, joined, left.
	pub(super) origin: Option<(usize, u32, u32)>,
}

impl Lot {
	/// Its weight in the rewards of an era.
	pub(super) fn weight(&self, era: u32) -> BigInt {
		self.weights.range(..=era).next_back().map_or(0.into(), |(_, weight)| weight.clone())
	}

	/// Weighs as much as it is, in all eras.
	pub(super) fn weighs(&mut self) {
		self.weights = BTreeMap::from([(0, self.amount.clone())]);
	}

	/// Whether there is an era after `credited` and up to the next one in which it earns. What was in a pool when that closed is
	/// kept until the last era before is credited, even if it had joined too late for that.
	fn earns(&self, credited: u32, closed: Option<u32>, now: u32) -> bool {
		let weighs = |era| self.weight(era) >= exact(1);
		let last = self.left.or(closed).map_or(now + 1, |end| end.saturating_sub(1).min(now + 1));
		let late = self.left.is_none() && closed.is_some_and(|closed| closed > credited + 1);
		(late && weighs(now)) || (self.since.max(credited) + 1..=last).any(weighs)
	}

	pub(super) fn worth(&self, foreign: bool) -> BigInt {
		let slashes = self.pending.iter().filter(|(_, other)| foreign || !other);
		slashes.fold(self.amount.clone(), |amount, (parts, _)| {
			amount * (1_000_000_000 - parts) / 1_000_000_000
		})
	}
}

/// What left in the era in which it joined was in no snapshot.
pub(super) fn answers(joined: u32, left: Option<u32>, era: u32) -> bool {
	joined < era && left.is_none_or(|left| joined < left && era <= left + 1)
}

#[derive(Clone, Debug)]
pub(super) struct PoolModel {
	pub(super) opened: u32,
	pub(super) closed: Option<u32>,
	pub(super) chilled: bool,
	pub(super) below: Option<u32>,
	pub(super) credited: u32,
	pub(super) rates: BTreeMap<u32, u16>,
	pub(super) commission: Balance,
	/// What its operator has in it and has not left, after all slashes, whether they reach it or not.
	pub(super) own: BigInt,
}

impl PoolModel {
	pub(super) fn rate(&self, era: u32) -> u16 {
		self.rates.range(..=era).next_back().or(self.rates.iter().next()).map_or(0, |(_, r)| *r)
	}
}

#[derive(Clone, Default)]
pub(super) struct Model {
	pub(super) now: u32,
	pub(super) pools: [Option<PoolModel>; 2],
	pub(super) lots: Vec<Lot>,
	pub(super) positions: BTreeSet<(usize, usize)>,
	pub(super) compounds: BTreeSet<(usize, usize)>,
	/// How often pools were slashed, and how often when a position was last touched.
	pub(super) slashes: [u32; 2],
	pub(super) settled: BTreeMap<(usize, usize), u32>,
	pub(super) owed: BTreeMap<(usize, usize), BigInt>,
	pub(super) moved: BTreeMap<usize, u32>,
	pub(super) private: BTreeSet<usize>,
	pub(super) free: [BigInt; 6],
	/// What the pallet says that a position earned, as compared before, and whether it made stake of it.
	pub(super) rewards: BTreeMap<(usize, usize), Balance>,
	pub(super) compounded: BTreeMap<(usize, usize), bool>,
}

/// What is refused.
pub(super) struct No;

pub(super) fn need(condition: bool) -> Result<(), No> {
	condition.then_some(()).ok_or(No)
}

impl Model {
	pub(super) fn window(&self) -> u32 {
		(self.now + 2).saturating_sub(UNBONDING)
	}

	pub(super) fn of(&self, at: (usize, usize)) -> impl Iterator<Item = &Lot> {
		self.lots.iter().filter(move |lot| (lot.who, lot.pool) == at)
	}

	pub(super) fn active(&self, at: (usize, usize)) -> BigInt {
		self.of(at).filter(|lot| lot.left.is_none()).map(|lot| lot.amount.clone()).sum()
	}

	/// What stays of that when slashes are settled.
	pub(super) fn stays(&self, at: (usize, usize)) -> BigInt {
		self.of(at).filter(|lot| lot.left.is_none()).map(|lot| lot.worth(true)).sum()
	}

	pub(super) fn total(&self, who: usize) -> BigInt {
		self.lots.iter().filter(|lot| lot.who == who).map(|lot| lot.amount.clone()).sum()
	}

	pub(super) fn pool(&self, pool: usize) -> Result<&PoolModel, No> {
		self.pools[pool].as_ref().ok_or(No)
	}

	pub(super) fn open(&self, pool: usize) -> Result<(), No> {
		need(self.pool(pool)?.closed.is_none())
	}

	pub(super) fn earning(&self, pool: usize, era: u32) -> Vec<usize> {
		let closed = self.pools[pool].as_ref().and_then(|p| p.closed);
		let all = self.lots.iter().enumerate().filter(|(_, lot)| {
			let end = lot.left.or(closed);
			lot.pool == pool && lot.since < era && end.is_none_or(|end| end > era)
		});
		all.map(|(i, _)| i).collect()
	}

	pub(super) fn pass(&mut self, pool: usize) {
		let passed = self.now.saturating_sub(crate::CREDIT_ERAS);
		if let Some(pool) = &mut self.pools[pool] {
			pool.credited = pool.credited.max(passed);
		}
	}

	/// Whether anything is held for a position.
	pub(super) fn has_stake(&self, at: (usize, usize)) -> bool {
		self.of(at).any(|lot| lot.amount >= exact(1))
	}

	pub(super) fn is_unsettled(&self, at: (usize, usize)) -> bool {
		self.settled.get(&at).is_some_and(|settled| *settled != self.slashes[at.1])
			|| self.of(at).any(|lot| lot.origin.is_some())
	}

	/// Brings a position up to date. Returns what slashes took, and whether a pool was left for which it answered.
	pub(super) fn touch(&mut self, at: (usize, usize)) -> (BigInt, bool) {
		self.pass(at.1);
		self.settled.insert(at, self.slashes[at.1]);
		let mut taken = BigInt::default();
		let origins = |model: &Self| {
			model.of(at).filter_map(|lot| lot.origin.map(|o| o.0)).collect::<BTreeSet<_>>()
		};
		let before = origins(self);
		for lot in self.lots.iter_mut().filter(|lot| (lot.who, lot.pool) == at) {
			let left = lot.worth(true);
			let loss = &lot.amount - &left;
			if loss > BigInt::default() {
				let weight = (lot.weight(self.now) - &loss).max(BigInt::default());
				lot.weights.insert(self.now, weight);
			}
			taken += loss;
			lot.amount = left;
			lot.pending.clear();
		}
		self.owed.remove(&at);
		if let Some(reward) = self.rewards.get(&at) {
			self.free[at.0] += exact(*reward);
		}
		self.tidy(at);
		let freed = before.difference(&origins(self)).next().is_some();
		(taken, freed)
	}

	pub(super) fn tidy(&mut self, at: (usize, usize)) {
		let (credited, closed) =
			self.pools[at.1].as_ref().map_or((0, None), |p| (p.credited, p.closed));
		let (window, now, planck) = (self.window(), self.now, exact(1));
		self.lots.retain(|lot| {
			(lot.who, lot.pool) != at || lot.amount >= planck || lot.earns(credited, closed, now)
		});
		for lot in self.lots.iter_mut().filter(|lot| (lot.who, lot.pool) == at) {
			lot.origin = lot.origin.filter(|(_, _, left)| left + 1 >= window);
		}
	}

	/// After something was done with a position: what it earned becomes stake, or not; what is empty goes.
	pub(super) fn finish(&mut self, at: (usize, usize)) {
		let reward = self.rewards.remove(&at).unwrap_or(0);
		let open = self.open(at.1).is_ok();
		if reward > 0 {
			let wants = self.compounds.contains(&at) && open && self.active(at) > BigInt::default();
			// Nothing is said about it when the call was refused.
			let said = self.compounded.get(&at).copied();
			let did = said.unwrap_or(false);
			assert!(wants || !did, "made stake of it unasked");
			if wants && said == Some(false) {
				let member = Members::<Test>::get(WHO[at.0], WHO[at.1]).unwrap();
				assert!(member.position.entries().len() >= 31, "there was room");
			}
			if did {
				self.free[at.0] -= exact(reward);
				self.lot(at, exact(reward), None);
			}
		}
		let active = self.active(at);
		if let (true, Some(pool)) = (Self::own(at), self.pools[at.1].as_mut()) {
			pool.own = active;
		}
		if self.of(at).next().is_some() {
			self.positions.insert(at);
		} else {
			self.positions.remove(&at);
			self.compounds.remove(&at);
			if !self.positions.iter().any(|(who, _)| *who == at.0) {
				self.moved.remove(&at.0);
				self.private.remove(&at.0);
			}
		}
		self.remove_pool(at.1);
	}

	/// A pool that is over goes when something is done with it.
	pub(super) fn remove_pool(&mut self, p: usize) {
		let closed = self.pools[p].as_ref().is_some_and(|pool| pool.closed.is_some());
		let used = self.positions.iter().any(|(_, pool)| *pool == p)
			|| self.lots.iter().any(|lot| lot.origin.is_some_and(|o| o.0 == p));
		if closed && !used {
			let pool = self.pools[p].take().unwrap();
			self.free[p] += exact(pool.commission);
		}
	}

	pub(super) fn lot(
		&mut self,
		(who, pool): (usize, usize),
		amount: BigInt,
		origin: Option<(usize, u32, u32)>,
	) {
		let (weights, pending) = (BTreeMap::from([(0, amount.clone())]), Vec::new());
		let (joined, since) = (self.now, self.now);
		self.lots.push(Lot {
			who,
			pool,
			amount,
			weights,
			pending,
			joined,
			since,
			left: None,
			origin,
		});
	}

	/// The lots of a position that go first, split so that they are exactly so much; of those that left, the latest.
	pub(super) fn first(&mut self, at: (usize, usize), amount: &BigInt, gone: bool) -> Vec<usize> {
		let credited = self.pools[at.1].as_ref().map_or(0, |p| p.credited);
		let window = self.window();
		let there = self.lots.iter().enumerate().filter(|(_, lot)| {
			(lot.who, lot.pool) == at
				&& lot.amount > BigInt::default()
				&& lot.left.is_some() == gone
		});
		let mut order: Vec<_> = there
			.map(|(i, lot)| {
				let origin = lot.origin.map(|(_, joined, left)| (left, joined));
				let joined = lot.joined.max(window.saturating_sub(1));
				(lot.left, lot.since.max(credited), origin, joined, i)
			})
			.collect();
		order.sort();
		let (mut missing, mut out) = (amount.clone(), Vec::new());
		for (.., i) in order.into_iter().rev() {
			if missing <= BigInt::default() {
				break;
			}
			let lot = &mut self.lots[i];
			if lot.amount > missing {
				let mut rest = lot.clone();
				rest.amount -= &missing;
				lot.amount = missing.clone();
				// What was lost since weighs with the rest.
				for (era, weight) in &mut lot.weights {
					let part = weight.clone().min(missing.clone());
					rest.weights.insert(*era, &*weight - &part);
					*weight = part;
				}
				self.lots.push(rest);
			}
			missing -= &self.lots[i].amount;
			out.push(i);
		}
		out
	}

	/// So much of what is there; all of it if the pallet says that it is all, or if too little would stay.
	pub(super) fn part(
		&self,
		there: BigInt,
		amount: Balance,
		all: bool,
		least: Balance,
	) -> Result<BigInt, No> {
		need(amount > 0)?;
		if all {
			return Ok(there);
		}
		need(exact(amount) <= there)?;
		let rest: BigInt = &there - exact(amount);
		Ok(if rest < exact(least) { there } else { exact(amount) })
	}

	pub(super) fn existing(&mut self, at: (usize, usize)) -> Result<(BigInt, bool), No> {
		need(self.positions.contains(&at))?;
		Ok(self.touch(at))
	}

	/// Whether it is an operator's of which slashes took less than its pool counts.
	pub(super) fn is_miscounted(&self, at: (usize, usize)) -> bool {
		let pool = self.pools[at.1].as_ref().filter(|_| Self::own(at));
		let active = self.active(at);
		pool.is_some_and(|pool| (&pool.own - active).magnitude() > exact(SLACK).magnitude())
	}

	pub(super) fn own(at: (usize, usize)) -> bool {
		at.0 == at.1
	}

	pub(super) fn join(&mut self, at: (usize, usize), amount: Balance) -> Result<(), No> {
		self.open(at.1)?;
		need(amount > 0 && self.free[at.0] > exact(amount))?;
		let least = if Self::own(at) { BOND } else { DELEGATION };
		need(self.active(at) + exact(amount) >= exact(least))?;
		self.free[at.0] -= exact(amount);
		self.lot(at, exact(amount), None);
		self.finish(at);
		Ok(())
	}

	pub(super) fn leave(&mut self, at: (usize, usize), amount: &BigInt) {
		for i in self.first(at, amount, false) {
			self.lots[i].left = Some(self.now);
		}
		self.finish(at);
	}

	/// Takes out what has matured.
	pub(super) fn mature(&mut self, at: (usize, usize)) -> BigInt {
		let closed = self.pools[at.1].as_ref().and_then(|p| p.closed);
		let now = self.now;
		let mut sum = BigInt::default();
		for lot in self.lots.iter_mut().filter(|lot| (lot.who, lot.pool) == at) {
			if lot.left.or(closed).is_some_and(|end| end + UNBONDING <= now) {
				sum += std::mem::take(&mut lot.amount);
			}
		}
		self.tidy(at);
		self.free[at.0] += &sum;
		self.finish(at);
		sum
	}

	/// Stake that counts in an era: slashed by its own pool, and by others as far as that was settled.
	pub(super) fn counts(&self, p: usize, era: u32) -> BigInt {
		let Some(pool) = &self.pools[p] else { return 0.into() };
		if pool.closed.is_some() || pool.chilled || pool.own < exact(BOND) {
			return 0.into();
		}
		let active = self.lots.iter().filter(|lot| lot.pool == p && lot.left.is_none());
		let there = active.filter(|lot| lot.joined < era);
		let sum: BigInt = there
			.map(|lot| match lot.since < era {
				true => lot.worth(false),
				// What came back counts later; that it does not now may take a little too much off.
				false => lot.worth(false) - &lot.amount,
			})
			.sum();
		sum.max(0.into())
	}
}
