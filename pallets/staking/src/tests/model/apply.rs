//! What each operation does to the model.

use super::{super::operations::Op, *};

impl Model {
	/// `amount` is what the pallet is asked for, `all` whether that is all there is.
	pub(in crate::tests) fn apply(
		&mut self,
		op: &Op,
		amount: Balance,
		all: bool,
	) -> Result<(), No> {
		let (now, zero) = (self.now, BigInt::default());
		match *op {
			Op::Bond(p, _) => {
				self.remove_pool(p);
				need(self.pools[p].is_none() && amount >= BOND)?;
				let rates = BTreeMap::from([(now, 1_000)]);
				self.pools[p] = Some(PoolModel {
					opened: now,
					closed: None,
					chilled: false,
					below: None,
					credited: now,
					rates,
					commission: 0,
					own: zero,
				});
				self.slashes[p] = 0;
				self.settled.insert((p, p), 0);
				self.join((p, p), amount)
			}
			Op::BondExtra(p, _) => {
				self.existing((p, p))?;
				if self.active((p, p)) + exact(amount) >= exact(BOND) {
					self.pools[p].as_mut().ok_or(No)?.below = None;
				}
				self.join((p, p), amount)
			}
			Op::Unbond(p, _) => {
				self.existing((p, p))?;
				self.open(p)?;
				let there = self.active((p, p));
				let part = self.part(there.clone(), amount, all, 0)?;
				need(there - &part >= exact(BOND))?;
				self.leave((p, p), &part);
				Ok(())
			}
			Op::Delegate(w, p, _) => {
				need(w != p && !self.positions.contains(&(w, p)))?;
				self.pool(p)?;
				self.touch((w, p));
				self.join((w, p), amount)
			}
			Op::DelegateExtra(w, p, _) => {
				need(w != p)?;
				self.existing((w, p))?;
				self.join((w, p), amount)
			}
			Op::Undelegate(w, p, _) => {
				need(w != p)?;
				self.existing((w, p))?;
				self.open(p)?;
				let part = self.part(self.active((w, p)), amount, all, DELEGATION)?;
				self.leave((w, p), &part);
				Ok(())
			}
			Op::Rebond(w, p, _) => {
				let at = (w, p);
				self.existing(at)?;
				self.open(p)?;
				let gone = self
					.of(at)
					.filter(|lot| lot.left.is_some())
					.map(|lot| lot.amount.clone())
					.sum();
				let part = self.part(gone, amount, all, 0)?;
				let least = if Self::own(at) { BOND } else { DELEGATION };
				need(self.active(at) + &part >= exact(least))?;
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
			Op::Withdraw(w, p) => {
				self.existing((w, p))?;
				need(self.mature((w, p)) > zero || !self.positions.contains(&(w, p)))
			}
			Op::Redelegate(w, p, _) => {
				let (from, to) = ((w, p), (w, 1 - p));
				need(w > 1)?;
				need(self.moved.get(&w).is_none_or(|moved| moved + UNBONDING <= now))?;
				self.existing(from)?;
				self.open(p)?;
				self.open(1 - p)?;
				let part = self.part(self.active(from), amount, all, DELEGATION)?;
				let mut parts = Vec::new();
				for i in self.first(from, &part, false) {
					let lot = &mut self.lots[i];
					need(lot.origin.is_none())?;
					lot.left = Some(now);
					parts.push((std::mem::take(&mut lot.amount), (p, lot.joined, now)));
				}
				self.tidy(from);
				self.finish(from);
				self.touch(to);
				for (part, origin) in parts {
					self.lot(to, part, Some(origin));
				}
				need(self.active(to) >= exact(DELEGATION))?;
				self.finish(to);
				self.moved.insert(w, now);
				Ok(())
			}
			Op::Claim(w, p) | Op::ClaimFor(w, p) => {
				let at = (w, p);
				if matches!(op, Op::ClaimFor(..)) {
					need(!self.private.contains(&w))?;
					let open = self.pool(p)?.closed.is_none();
					let active = open && self.active(at) >= exact(1);
					need(!self.compounds.contains(&at) || !active)?;
				}
				self.pool(p)?;
				let there = self.positions.contains(&at) && self.has_stake(at);
				need(there || w == p)?;
				need(!there || !self.is_unsettled(at))?;
				let reward = if there { self.rewards.remove(&at).unwrap_or(0) } else { 0 };
				let commission = if w == p {
					std::mem::take(&mut self.pools[p].as_mut().ok_or(No)?.commission)
				} else {
					0
				};
				need(reward > 0 || commission > 0)?;
				self.free[w] += exact(commission) + exact(reward);
				self.pass(p);
				if there {
					self.owed.remove(&at);
				} else {
					self.remove_pool(p);
				}
				Ok(())
			}
			Op::Compound(w, p) => {
				let at = (w, p);
				need(w == 5 || !self.private.contains(&w))?;
				self.existing(at)?;
				self.open(p)?;
				need(self.compounds.contains(&at) && self.active(at) > zero)?;
				need(self.rewards.get(&at).is_some_and(|reward| *reward > 0))?;
				self.finish(at);
				Ok(())
			}
			Op::Settle(w, p) => {
				if w == p && !self.positions.contains(&(w, p)) {
					self.pool(p)?;
					self.remove_pool(p);
					return need(self.pools[p].is_none());
				}
				let at = (w, p);
				let unsettled = self.is_unsettled(at);
				let (slashed, freed) = self.existing(at)?;
				let pays = self.rewards.get(&at).is_some_and(|reward| *reward > 0);
				let due = slashed > zero
					|| freed || self.is_miscounted(at)
					|| self.of(at).next().is_none()
					|| (pays && (unsettled || !self.has_stake(at)));
				if self.open(p).is_ok() {
					self.finish((w, p));
					return need(due);
				}
				let amount = self.mature((w, p));
				need(amount > zero || due || !self.positions.contains(&(w, p)))
			}
			Op::Kick(w, p) if w == p => {
				self.open(p)?;
				need(self.stays((p, p)) < exact(BOND))?;
				let pool = self.pools[p].as_mut().ok_or(No)?;
				match pool.below.map(|era| now - era) {
					Some(0..2) => Err(No),
					Some(2..4) => self.apply(&Op::Retire(p), 0, false),
					_ => {
						pool.below = Some(now);
						Ok(())
					}
				}
			}
			Op::Kick(w, p) => {
				self.existing((w, p))?;
				self.open(p)?;
				let there = self.active((w, p));
				need(there > zero && there < exact(DELEGATION.div_ceil(2)))?;
				self.leave((w, p), &there);
				Ok(())
			}
			Op::Retire(p) => {
				self.open(p)?;
				self.pass(p);
				self.pools[p].as_mut().ok_or(No)?.closed = Some(now);
				self.remove_pool(p);
				Ok(())
			}
			Op::SetChilled(p, chilled) => {
				self.open(p)?;
				self.pools[p].as_mut().ok_or(No)?.chilled = chilled;
				Ok(())
			}
			Op::SetCommission(p, rate) => {
				self.open(p)?;
				let pool = self.pools[p].as_mut().ok_or(No)?;
				need(rate <= 2_000 && rate <= pool.rate(now) + 100)?;
				pool.rates.insert(now + 1, rate);
				Ok(())
			}
			Op::SetCompounding(w, p, compounds) => {
				self.existing((w, p))?;
				if compounds {
					self.compounds.insert((w, p));
				} else {
					self.compounds.remove(&(w, p));
				}
				self.finish((w, p));
				Ok(())
			}
			Op::SetPrivate(w, private) => {
				need(self.positions.iter().any(|(who, _)| *who == w))?;
				if private {
					self.private.insert(w);
				} else {
					self.private.remove(&w);
				}
				Ok(())
			}
			Op::Slash(p, parts, ago) => {
				let era = now.checked_sub(ago).ok_or(No)?;
				let (opened, closed) = (self.pool(p)?.opened, self.pool(p)?.closed);
				need(era >= self.window())?;
				need(era > opened && closed.is_none_or(|closed| era <= closed + 1))?;
				let closed = self.pools.clone().map(|pool| pool.and_then(|pool| pool.closed));
				for lot in &mut self.lots {
					if lot.pool == p && answers(lot.joined, lot.left.or(closed[p]), era) {
						lot.pending.push((parts, false));
					}
					if lot.origin.is_some_and(|(from, joined, left)| {
						from == p && answers(joined, Some(left), era)
					}) {
						lot.pending.push((parts, true));
					}
				}
				self.slashes[p] += 1;
				if let Some(pool) = &mut self.pools[p] {
					pool.own = &pool.own * (1_000_000_000 - parts) / 1_000_000_000;
				}
				Ok(())
			}
			Op::Credit(p, ahead, amount) => {
				self.pass(p);
				let era = self.pool(p)?.credited + ahead;
				need(era < now)?;
				let earning = self.earning(p, era);
				let all: BigInt = earning.iter().map(|i| self.lots[*i].weight(era)).sum();
				need(all > zero)?;
				let pool = self.pools[p].as_mut().ok_or(No)?;
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
			Op::Eras(_) => Ok(()),
		}
	}
}
