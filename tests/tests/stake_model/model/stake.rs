//! What the calls of Staking do.

use super::*;

/// An operator's pool.
#[derive(Clone, Debug)]
pub struct PoolModel {
	/// When it was opened.
	pub opened: u32,
	/// When it closed.
	pub closed: Option<u32>,
	/// Whether the operator wants no work.
	pub chilled: bool,
	/// The last era whose reward was shared, or can be no more.
	pub credited: u32,
	/// The commission from an era on.
	pub rates: BTreeMap<u32, u16>,
	/// Commission that is not claimed.
	pub commission: Balance,
	/// When somebody noted that its operator has too little.
	pub below: Option<u32>,
	/// What its operator has in it and has not left, after all slashes, whether they reach it or not.
	pub own: BigInt,
}

/// The most that operators promise, and the most by which their commission rises in an era.
const MOST: u16 = 2_000;
const RISE: u16 = 100;
/// For so long after that was noted an operator may do something about it; for as long after that its pool can be closed.
const GRACE: u32 = 2;

impl PoolModel {
	fn rate(&self, era: u32) -> u16 {
		self.rates.range(..=era).next_back().or(self.rates.iter().next()).map_or(0, |(_, r)| *r)
	}
}

/// How much somebody asks for: an amount, which may be all that there is.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
	/// The amount.
	pub amount: Balance,
	/// Whether that is all.
	pub all: bool,
}

impl Model {
	/// A pool.
	pub fn pool(&self, pool: usize) -> Result<&PoolModel, No> {
		self.pools[pool].as_ref().ok_or(No)
	}

	fn pool_mut(&mut self, pool: usize) -> Result<&mut PoolModel, No> {
		self.pools[pool].as_mut().ok_or(No)
	}

	/// Whether a pool is open.
	pub fn open(&self, pool: usize) -> Result<(), No> {
		need(self.pool(pool)?.closed.is_none())
	}

	/// What was not credited in time never is.
	pub fn pass(&mut self, pool: usize) {
		let passed = self.now.saturating_sub(CREDIT_ERAS);
		if let Some(pool) = &mut self.pools[pool] {
			pool.credited = pool.credited.max(passed);
		}
	}

	/// After something was done with a position: what it earned becomes stake, or not; what is empty goes.
	pub fn finish(&mut self, at: At) {
		let reward = self.rewards.remove(&at).unwrap_or(0);
		let open = self.open(at.1).is_ok();
		if reward > 0 {
			let wants = self.compounds.contains(&at) && open && self.active(at) > BigInt::default();
			// Nothing is said about it when the call was refused.
			let said = self.compounded.get(&at).copied();
			let did = said.unwrap_or(false);
			assert!(wants || !did, "made stake of it unasked");
			// There may have been no room; never more entries than lots.
			assert!(!wants || said != Some(false) || self.is_full(at), "there was room");
			if did {
				self.free[at.0] -= exact(reward);
				self.lot(at, exact(reward), None);
			}
		}
		let active = self.active(at);
		if let (true, Some(pool)) = (at.0 == at.1, self.pools[at.1].as_mut()) {
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
		self.reap(at.1);
	}

	/// Whether a position may be full: it has no more entries than lots.
	pub fn is_full(&self, at: At) -> bool {
		self.of(at).count() >= 31
	}

	/// Whether a pool closed, nobody is in it, and nothing elsewhere answers for it.
	pub fn is_over(&self, p: usize) -> bool {
		let closed = self.pools[p].as_ref().is_some_and(|pool| pool.closed.is_some());
		let used = self.positions.iter().any(|(_, pool)| *pool == p)
			|| self.lots.iter().any(|lot| lot.origin.is_some_and(|o| o.0 == p));
		closed && !used
	}

	/// A pool that is over goes with whatever is done with it, not by itself.
	pub fn reap(&mut self, p: usize) {
		if self.is_over(p) {
			let commission = self.pools[p].take().map_or(0, |pool| pool.commission);
			self.free[p] += exact(commission);
		}
	}

	/// So much of what is there; all of it if the pallet says that it is all, or if too little would stay.
	fn part(&self, there: BigInt, ask: Ask, least: Balance) -> Result<BigInt, No> {
		need(ask.amount > 0)?;
		if ask.all {
			return Ok(there);
		}
		need(exact(ask.amount) <= there)?;
		let rest: BigInt = &there - exact(ask.amount);
		Ok(if rest < exact(least) { there } else { exact(ask.amount) })
	}

	fn existing(&mut self, at: At) -> Result<(BigInt, bool), No> {
		need(self.positions.contains(&at))?;
		Ok(self.touch(at))
	}

	fn least(at: At) -> BigInt {
		exact(if at.0 == at.1 { BOND } else { DELEGATION })
	}

	fn join(&mut self, at: At, amount: Balance) -> Result<(), No> {
		self.open(at.1)?;
		need(amount > 0)?;
		self.hold(at.0, amount)?;
		need(self.active(at) + exact(amount) >= Self::least(at))?;
		self.lot(at, exact(amount), None);
		self.finish(at);
		Ok(())
	}

	fn leave(&mut self, at: At, amount: &BigInt) {
		for i in self.first(at, amount, false) {
			self.lots[i].left = Some(self.now);
		}
		self.finish(at);
	}

	/// Takes out what has matured.
	fn mature(&mut self, at: At) -> BigInt {
		let closed = self.pools[at.1].as_ref().and_then(|p| p.closed);
		let (now, unbonding) = (self.now, self.unbonding);
		let mut sum = BigInt::default();
		for lot in self.lots.iter_mut().filter(|lot| (lot.who, lot.pool) == at) {
			if lot.left.or(closed).is_some_and(|end| end + unbonding <= now) {
				sum += std::mem::take(&mut lot.amount);
			}
		}
		self.tidy(at);
		self.free[at.0] += &sum;
		self.finish(at);
		sum
	}

	/// Opens a pool at a tenth.
	pub fn bond(&mut self, p: usize, amount: Balance) -> Result<(), No> {
		self.reap(p);
		need(self.pools[p].is_none() && amount >= self.required(p))?;
		self.pools[p] = Some(PoolModel {
			opened: self.now,
			closed: None,
			chilled: false,
			credited: self.now,
			rates: BTreeMap::from([(self.now, 1_000)]),
			commission: 0,
			below: None,
			own: BigInt::default(),
		});
		self.join((p, p), amount)
	}

	/// Adds to a position that is there.
	pub fn add(&mut self, at: At, amount: Balance) -> Result<(), No> {
		self.existing(at)?;
		if at.0 == at.1 && self.active(at) + exact(amount) >= exact(self.required(at.0)) {
			self.pool_mut(at.1)?.below = None;
		}
		self.join(at, amount)
	}

	/// Makes a new position.
	pub fn delegate(&mut self, at: At, amount: Balance) -> Result<(), No> {
		need(at.0 != at.1 && !self.positions.contains(&at))?;
		self.pool(at.1)?;
		self.touch(at);
		self.join(at, amount)
	}

	/// An operator takes out what its nodes do not need.
	pub fn unbond(&mut self, p: usize, ask: Ask) -> Result<(), No> {
		let at = (p, p);
		self.existing(at)?;
		self.open(p)?;
		let there = self.active(at);
		let part = self.part(there.clone(), ask, 0)?;
		need(there - &part >= exact(self.required(p)))?;
		self.leave(at, &part);
		Ok(())
	}

	/// A holder takes out a part; all, if too little would stay.
	pub fn undelegate(&mut self, at: At, ask: Ask) -> Result<(), No> {
		need(at.0 != at.1)?;
		self.existing(at)?;
		self.open(at.1)?;
		let part = self.part(self.active(at), ask, DELEGATION)?;
		self.leave(at, &part);
		Ok(())
	}

	/// Takes back what left last.
	pub fn rebond(&mut self, at: At, ask: Ask) -> Result<(), No> {
		let (now, zero) = (self.now, BigInt::default());
		self.existing(at)?;
		self.open(at.1)?;
		let part = self.part(self.gone(at), ask, 0)?;
		need(self.active(at) + &part >= Self::least(at))?;
		for i in self.first(at, &part, true) {
			let tail = Lot { amount: zero.clone(), ..self.lots[i].clone() };
			let lot = &mut self.lots[i];
			if lot.left != Some(now) {
				lot.since = now;
				lot.weighs();
				// What the past has still to bring stays apart.
				self.lots.push(tail);
			}
			self.lots[i].left = None;
		}
		self.tidy(at);
		self.finish(at);
		Ok(())
	}

	/// Moves stake to another pool.
	pub fn redelegate(&mut self, w: usize, p: usize, q: usize, ask: Ask) -> Result<(), No> {
		let (from, to) = ((w, p), (w, q));
		need(w != p && w != q && p != q)?;
		need(self.moved.get(&w).is_none_or(|moved| moved + self.unbonding <= self.now))?;
		self.existing(from)?;
		self.open(p)?;
		self.open(q)?;
		let part = self.part(self.active(from), ask, DELEGATION)?;
		let mut parts = Vec::new();
		for i in self.first(from, &part, false) {
			let lot = &mut self.lots[i];
			need(lot.origin.is_none())?;
			lot.left = Some(self.now);
			parts.push((std::mem::take(&mut lot.amount), (p, lot.joined, self.now)));
		}
		self.tidy(from);
		self.finish(from);
		self.touch(to);
		for (part, origin) in parts {
			self.lot(to, part, Some(origin));
		}
		need(self.active(to) >= exact(DELEGATION))?;
		self.finish(to);
		self.moved.insert(w, self.now);
		Ok(())
	}

	/// Takes out what has matured.
	pub fn withdraw(&mut self, at: At) -> Result<(), No> {
		self.existing(at)?;
		need(self.mature(at) > BigInt::default() || !self.positions.contains(&at))
	}

	/// Pays what a position earned: as much as the pallet said, which was compared with what is owed.
	pub fn pay(&mut self, at: At) -> Balance {
		self.owed.remove(&at);
		let reward = self.rewards.get(&at).copied().unwrap_or(0);
		self.free[at.0] += exact(reward);
		reward
	}

	/// Pays what was earned, for whom it is or for anybody, and an operator's commission. It does nothing else, and not even that
	/// for stake that may have been slashed, nor for who wants stake made of it.
	pub fn claim(&mut self, at: At, by_other: bool) -> Result<(), No> {
		let (w, p) = at;
		need(!by_other || !self.private.contains(&w))?;
		let open = self.pool(p)?.closed.is_none();
		let there = self.positions.contains(&at) && self.has_stake(at);
		need(there || w == p)?;
		let wants = open && self.compounds.contains(&at) && self.active(at) >= exact(1);
		need(!there || !(by_other && wants || self.is_unsettled(at)))?;
		let reward = if there { self.pay(at) } else { 0 };
		let commission = match w == p {
			true => std::mem::take(&mut self.pool_mut(p)?.commission),
			false => 0,
		};
		need(reward > 0 || commission > 0)?;
		self.free[w] += exact(commission);
		self.pass(p);
		if there {
			self.rewards.remove(&at);
		} else {
			self.reap(p);
		}
		Ok(())
	}

	/// Takes what slashes took; of a pool that closed also what matured. A position in which nothing is left goes, and, by its
	/// operator's name, a pool that is over.
	pub fn settle(&mut self, at: At) -> Result<(), No> {
		if at.0 == at.1 && self.is_over(at.1) {
			self.reap(at.1);
			return Ok(());
		}
		let zero = BigInt::default();
		let unsettled = self.is_unsettled(at);
		let (slashed, freed) = self.existing(at)?;
		// What no claim pays.
		let pays = self.rewards.get(&at).is_some_and(|reward| *reward > 0);
		let paid = pays && (unsettled || !self.has_stake(at));
		let due = slashed > zero || freed || self.is_miscounted(at) || paid;
		if self.open(at.1).is_ok() {
			self.finish(at);
			return need(due || !self.positions.contains(&at));
		}
		let amount = self.mature(at);
		need(amount > zero || due || !self.positions.contains(&at))
	}

	/// Whether it is an operator's of which slashes took less than its pool counts.
	fn is_miscounted(&self, at: At) -> bool {
		let pool = self.pools[at.1].as_ref().filter(|_| at.0 == at.1);
		pool.is_some_and(|pool| !near(&pool.own, whole(&self.active(at)).try_into().unwrap_or(0)))
	}

	/// Throws out a delegator who fell below half of the minimum.
	pub fn kick(&mut self, at: At) -> Result<(), No> {
		if at.0 == at.1 {
			return self.kick_operator(at.1);
		}
		self.existing(at)?;
		self.open(at.1)?;
		let there = self.active(at);
		need(there > BigInt::default() && there < exact(DELEGATION / 2))?;
		self.leave(at, &there);
		Ok(())
	}

	/// An operator with too little is given time first. What was noted so long ago that it had all its time twice is noted anew.
	fn kick_operator(&mut self, p: usize) -> Result<(), No> {
		self.open(p)?;
		need(self.stays((p, p)) < exact(self.required(p)))?;
		if self.is_overdue(p) {
			return self.retire(p);
		}
		let now = self.now;
		let below = &mut self.pool_mut(p)?.below;
		need(below.is_none_or(|noted| now >= noted + GRACE))?;
		*below = Some(now);
		Ok(())
	}

	/// Whether an operator had the time that it was given, and not yet twice that.
	pub fn is_overdue(&self, p: usize) -> bool {
		let below = self.pools[p].as_ref().and_then(|pool| pool.below);
		below.is_some_and(|noted| (noted + GRACE..noted + 2 * GRACE).contains(&self.now))
	}

	/// Closes a pool: everything in it leaves.
	pub fn retire(&mut self, p: usize) -> Result<(), No> {
		self.open(p)?;
		self.pass(p);
		self.pool_mut(p)?.closed = Some(self.now);
		self.reap(p);
		Ok(())
	}

	/// No work, or work again.
	pub fn set_chilled(&mut self, p: usize, chilled: bool) -> Result<(), No> {
		self.open(p)?;
		self.pool_mut(p)?.chilled = chilled;
		Ok(())
	}

	/// From the next era on; within what was promised.
	pub fn set_commission(&mut self, p: usize, rate: u16) -> Result<(), No> {
		self.open(p)?;
		let now = self.now;
		let pool = self.pool_mut(p)?;
		need(rate <= MOST && rate <= pool.rate(now) + RISE)?;
		pool.rates.insert(now + 1, rate);
		Ok(())
	}

	/// Whether what is earned becomes stake.
	pub fn set_compounding(&mut self, at: At, compounds: bool) -> Result<(), No> {
		self.existing(at)?;
		if compounds {
			self.compounds.insert(at);
		} else {
			self.compounds.remove(&at);
		}
		self.finish(at);
		Ok(())
	}

	/// Whether others may claim.
	pub fn set_private(&mut self, w: usize, private: bool) -> Result<(), No> {
		need(self.positions.iter().any(|(who, _)| *who == w))?;
		if private {
			self.private.insert(w);
		} else {
			self.private.remove(&w);
		}
		Ok(())
	}

	/// Shares the reward of an era: each by the part that it had throughout it.
	pub fn credit(&mut self, p: usize, era: u32, amount: Balance) -> Result<(), No> {
		self.pass(p);
		let pool = self.pool(p)?;
		need(pool.credited < era && era < self.now)?;
		let earning = self.earning(p, era);
		let all: BigInt = earning.iter().map(|i| self.lots[*i].weight(era)).sum();
		need(all > BigInt::default())?;
		let pool = self.pool_mut(p)?;
		let commission = amount * u128::from(pool.rate(era)) / 10_000;
		pool.commission += commission;
		pool.credited = era;
		for i in earning {
			let lot = &self.lots[i];
			let share = exact(amount - commission) * lot.weight(era) / &all;
			*self.owed.entry((lot.who, p)).or_default() += share;
		}
		Ok(())
	}
}
