//! Stake, lot by lot.

use super::*;

/// Stake with one history.
#[derive(Clone, Debug)]
pub struct Lot {
	/// Its holder.
	pub who: usize,
	/// The operator.
	pub pool: usize,
	/// As it was when its holder's position was last touched.
	pub amount: BigInt,
	/// With how much it takes part in rewards, from an era on: what is taken of it in an era changes none before that one.
	pub weights: BTreeMap<u32, BigInt>,
	/// Slashes since then, in parts of 10^9, and whether another pool's.
	pub pending: Vec<(u32, bool)>,
	/// The era in which it joined.
	pub joined: u32,
	/// The era from which on it earns.
	pub since: u32,
	/// The era in which it left.
	pub left: Option<u32>,
	/// The pool from which it was moved, when it had joined that, and when it left it.
	pub origin: Option<(usize, u32, u32)>,
}

impl Lot {
	/// Its weight in the rewards of an era.
	pub fn weight(&self, era: u32) -> BigInt {
		self.weights.range(..=era).next_back().map_or(0.into(), |(_, weight)| weight.clone())
	}

	/// Weighs as much as it is, in all eras.
	pub fn weighs(&mut self) {
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

	/// What slashes left of it, those of another pool among them or not.
	pub fn worth(&self, foreign: bool) -> BigInt {
		let slashes = self.pending.iter().filter(|(_, other)| foreign || !other);
		slashes.fold(self.amount.clone(), |amount, (parts, _)| {
			amount * (1_000_000_000 - parts) / 1_000_000_000
		})
	}
}

/// Whether stake stood, or may have stood, in the snapshot of an era. What left in the era in which it joined never did.
pub fn answers(joined: u32, left: Option<u32>, era: u32) -> bool {
	joined < era && left.is_none_or(|left| joined < left && era <= left + 1)
}

impl Model {
	/// The first era whose offences can still be slashed.
	pub fn window(&self) -> u32 {
		(self.now + 2).saturating_sub(self.unbonding)
	}

	/// The lots of a position.
	pub fn of(&self, at: At) -> impl Iterator<Item = &Lot> {
		self.lots.iter().filter(move |lot| (lot.who, lot.pool) == at)
	}

	/// What of a position has not left.
	pub fn active(&self, at: At) -> BigInt {
		self.of(at).filter(|lot| lot.left.is_none()).map(|lot| lot.amount.clone()).sum()
	}

	/// What stays of that when slashes are settled.
	pub fn stays(&self, at: At) -> BigInt {
		self.of(at).filter(|lot| lot.left.is_none()).map(|lot| lot.worth(true)).sum()
	}

	/// What of a position has left.
	pub fn gone(&self, at: At) -> BigInt {
		self.of(at).filter(|lot| lot.left.is_some()).map(|lot| lot.amount.clone()).sum()
	}

	/// Whether anything is held for a position.
	pub fn has_stake(&self, at: At) -> bool {
		self.of(at).any(|lot| lot.amount >= exact(1))
	}

	/// Whether something of a position may have been slashed without its having been told.
	pub fn is_unsettled(&self, at: At) -> bool {
		self.unsettled.contains(&at) || self.of(at).any(|lot| lot.origin.is_some())
	}

	/// All that somebody has at stake.
	pub fn total(&self, who: usize) -> BigInt {
		self.lots.iter().filter(|lot| lot.who == who).map(|lot| lot.amount.clone()).sum()
	}

	/// Who was in a pool throughout an era.
	pub fn earning(&self, pool: usize, era: u32) -> Vec<usize> {
		let closed = self.pools[pool].as_ref().and_then(|p| p.closed);
		let all = self.lots.iter().enumerate().filter(|(_, lot)| {
			let end = lot.left.or(closed);
			lot.pool == pool && lot.since < era && end.is_none_or(|end| end > era)
		});
		all.map(|(i, _)| i).collect()
	}

	/// Brings a position up to date. Returns what slashes took, and whether a pool was left for which it answered.
	pub fn touch(&mut self, at: At) -> (BigInt, bool) {
		self.pass(at.1);
		self.unsettled.remove(&at);
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
		self.treasury += &taken;
		self.pay(at);
		self.tidy(at);
		let freed = before.difference(&origins(self)).next().is_some();
		(taken, freed)
	}

	/// Drops what is worth nothing and has nothing to earn, and sources that cannot be slashed any more: too much time has
	/// passed, or nothing is left that could be taken.
	pub fn tidy(&mut self, at: At) {
		let (credited, closed) =
			self.pools[at.1].as_ref().map_or((0, None), |p| (p.credited, p.closed));
		let (window, now, planck) = (self.window(), self.now, exact(1));
		self.lots.retain(|lot| {
			(lot.who, lot.pool) != at || lot.amount >= planck || lot.earns(credited, closed, now)
		});
		for lot in self.lots.iter_mut().filter(|lot| (lot.who, lot.pool) == at) {
			let there = lot.amount >= planck;
			lot.origin = lot.origin.filter(|(_, _, left)| there && left + 1 >= window);
		}
	}

	/// Adds stake that joins now.
	pub fn lot(&mut self, (who, pool): At, amount: BigInt, origin: Option<(usize, u32, u32)>) {
		let (weights, pending) = (BTreeMap::from([(0, amount.clone())]), Vec::new());
		let (joined, since, left) = (self.now, self.now, None);
		self.lots.push(Lot { who, pool, amount, weights, pending, joined, since, left, origin });
	}

	/// The lots of a position that go first, split so that they are exactly so much; of those that left, the latest.
	///
	/// That is what earns since the latest, of that what was moved here, of that what joined last. What no reward and no slash
	/// can tell apart any more is the same.
	pub fn first(&mut self, at: At, amount: &BigInt, gone: bool) -> Vec<usize> {
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

	/// Slashes all that answers for an era in a pool. Returns whether there was anything to be slashed.
	pub fn slash(&mut self, p: usize, parts: u32, era: u32) -> bool {
		let Some(pool) = &self.pools[p] else { return false };
		// Nothing had joined before, or all had left.
		let nobody = era <= pool.opened || pool.closed.is_some_and(|closed| era > closed + 1);
		if nobody || parts == 0 || era < self.window() || era > self.now {
			return false;
		}
		self.slashes += 1;
		let closed = self.pools.clone().map(|pool| pool.and_then(|pool| pool.closed));
		for lot in &mut self.lots {
			if lot.pool == p && answers(lot.joined, lot.left.or(closed[p]), era) {
				lot.pending.push((parts, false));
			}
			let moved = |(from, joined, left)| from == p && answers(joined, Some(left), era);
			if lot.origin.is_some_and(moved) {
				lot.pending.push((parts, true));
			}
		}
		self.unsettled.extend(self.positions.iter().filter(|at| at.1 == p));
		if let Some(pool) = &mut self.pools[p] {
			pool.own = &pool.own * (1_000_000_000 - parts) / 1_000_000_000;
		}
		true
	}

	/// Stake that counts in an era: slashed by its own pool, and by others as far as that was settled.
	pub fn counts(&self, p: usize, era: u32) -> BigInt {
		let Some(pool) = &self.pools[p] else { return 0.into() };
		if pool.closed.is_some() || pool.chilled || pool.own < exact(self.required(p)) {
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
