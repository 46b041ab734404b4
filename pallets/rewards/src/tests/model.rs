//! What the pallet should do, in big integers and without any of its code.

use crate::mock::*;
use dtel_primitives::{Balance, EraIndex, NodeId, DTEL};
use num_bigint::BigUint;
use std::collections::{BTreeMap, BTreeSet};

/// An era's members, what operators got, and money.
#[derive(Default)]
pub struct Era {
	pub members: BTreeMap<NodeId, (AccountId, BigUint)>,
	pub paid: BTreeMap<AccountId, BigUint>,
	pub released: BigUint,
	pub settled: bool,
}

impl Era {
	pub fn points(&self) -> BigUint {
		self.members.values().map(|(_, points)| points).sum()
	}

	pub fn points_of(&self, operator: AccountId) -> BigUint {
		let own = self.members.values().filter(|(owner, _)| *owner == operator);
		own.map(|(_, points)| points).sum()
	}

	pub fn paid(&self) -> BigUint {
		self.paid.values().sum()
	}

	/// Whether an operator is to be paid for it, now or later.
	pub fn awaited_by(&self, operator: AccountId) -> bool {
		self.points_of(operator) > big(0) && !self.paid.contains_key(&operator)
	}
}

/// The world.
pub struct Model {
	pub now: EraIndex,
	pub oldest: EraIndex,
	/// Those that are not closed.
	pub eras: BTreeMap<EraIndex, Era>,
	pub accounts: BTreeMap<AccountId, BigUint>,
	pub refused: BTreeSet<AccountId>,
	/// What stakers got, in order.
	pub credited: Vec<(AccountId, EraIndex, BigUint)>,
	/// What they took of it.
	pub taken: BigUint,
	pub release: u64,
	pub escrow: EraIndex,
	pub history: EraIndex,
	pub price: Balance,
	pub seen: Seen,
}

/// How often the interesting things happened.
#[derive(Default)]
pub struct Seen {
	/// Scores of closed eras.
	pub late: u32,
	/// Payouts of something.
	pub paid: u32,
	/// Of those, to operators with several nodes that earned.
	pub paid_for_several: u32,
	/// Payouts of nothing because stakers refused.
	pub refused: u32,
	/// Asked for what was paid.
	pub paid_again: u32,
	/// Asked for what only an earlier era stood in the way of.
	pub out_of_order: u32,
	/// Eras of which something went back.
	pub closed_with_rest: u32,
	/// Stakers took something.
	pub taken: u32,
}

impl Seen {
	/// All counters, by name.
	pub fn all(&self) -> [(&'static str, u32); 8] {
		[
			("late", self.late),
			("paid", self.paid),
			("paid for several", self.paid_for_several),
			("refused", self.refused),
			("paid again", self.paid_again),
			("out of order", self.out_of_order),
			("closed with rest", self.closed_with_rest),
			("taken", self.taken),
		]
	}
}

pub fn big(n: u128) -> BigUint {
	BigUint::from(n)
}

impl Model {
	pub fn new(richness: Balance) -> Self {
		Self {
			now: 0,
			oldest: 0,
			eras: BTreeMap::new(),
			accounts: BTreeMap::from([
				(Rewards::reserve_account(), big(RESERVE)),
				(STAKERS, big(ED)),
				(TAKER, big(ED)),
				(ANYBODY, big(richness)),
			]),
			refused: BTreeSet::new(),
			credited: Vec::new(),
			taken: big(0),
			release: 10_000_000_000_000_000,
			escrow: 1,
			history: 4,
			price: 10 * DTEL,
			seen: Seen::default(),
		}
	}

	/// The era so many before the running one.
	pub fn back(&self, back: i8) -> EraIndex {
		(i64::from(self.now) - i64::from(back)).max(0) as EraIndex
	}

	pub fn transfer(&mut self, from: AccountId, to: AccountId, amount: &BigUint) {
		*self.accounts.get_mut(&from).unwrap() -= amount;
		*self.accounts.entry(to).or_default() += amount;
	}

	pub fn score(
		&mut self,
		era: EraIndex,
		node: NodeId,
		owner: AccountId,
		(kbps, stake, score): (u32, Balance, u16),
	) {
		if era < self.oldest {
			self.seen.late += 1;
			return;
		}
		let price = big(self.price);
		let entry = self.eras.entry(era).or_default();
		if entry.settled || entry.members.contains_key(&node) {
			return;
		}
		let work = big(kbps.into());
		let work = if price == big(0) { work } else { work.min(big(stake) * 1_000u32 / price) };
		entry.members.insert(node, (owner, work * score));
	}

	pub fn settle(&mut self, era: EraIndex) {
		if era < self.oldest || self.eras.entry(era).or_default().settled {
			return;
		}
		let reserve = Rewards::reserve_account();
		let entry = self.eras.get_mut(&era).unwrap();
		entry.settled = true;
		if entry.points() == big(0) {
			return;
		}
		let budget = &self.accounts[&reserve] - ED;
		let wanted = &budget * self.release / 1_000_000_000_000_000_000u64;
		// The pot has its existential deposit from the beginning.
		let released = wanted.min(budget);
		entry.released = released.clone();
		self.transfer(reserve, STAKERS, &released);
	}

	/// What stakers got and did not take.
	pub fn owed(&self) -> BigUint {
		self.credited.iter().map(|(_, _, amount)| amount).sum::<BigUint>() - &self.taken
	}

	/// Stakers take a part of what they got. Returns how much that is.
	pub fn take(&mut self, percent: u8) -> BigUint {
		let amount = self.owed() * percent / 100u32;
		self.seen.taken += u32::from(amount > big(0));
		self.taken += &amount;
		self.transfer(STAKERS, TAKER, &amount);
		amount
	}

	/// The eras that an operator waits for.
	pub fn waiting(&self, operator: AccountId) -> Vec<EraIndex> {
		let eras = self.eras.iter().filter(|(_, entry)| entry.awaited_by(operator));
		eras.map(|(era, _)| *era).collect()
	}

	/// An operator's share that is payable but for earlier eras.
	fn share(&self, era: EraIndex, operator: AccountId) -> Option<BigUint> {
		let entry = self.eras.get(&era).filter(|e| e.settled && e.awaited_by(operator))?;
		let from = era + self.escrow.max(1);
		(from <= self.now).then(|| &entry.released * entry.points_of(operator) / entry.points())
	}

	/// What a payout is to pay if stakers take it.
	pub fn payable(&self, era: EraIndex, operator: AccountId) -> Option<BigUint> {
		let earlier = |e: &Era| e.awaited_by(operator);
		let share = self.share(era, operator)?;
		(!self.eras.range(..era).any(|(_, e)| earlier(e))).then_some(share)
	}

	/// What stands between a caller and a payout, for the record.
	fn note(&mut self, era: EraIndex, operator: AccountId) {
		let paid = self.eras.get(&era).is_some_and(|e| e.paid.contains_key(&operator));
		let waits = self.share(era, operator).is_some() && self.payable(era, operator).is_none();
		self.seen.paid_again += u32::from(paid);
		self.seen.out_of_order += u32::from(waits);
	}

	/// Says whether the call succeeds.
	pub fn payout(&mut self, era: EraIndex, operator: AccountId) -> bool {
		self.note(era, operator);
		let Some(share) = self.payable(era, operator) else { return false };
		let late = self.credited.iter().any(|(who, other, _)| *who == operator && *other >= era);
		let refuses = late || self.refused.contains(&operator);
		let taken = if refuses { big(0) } else { share.clone() };
		if taken > big(0) {
			self.credited.push((operator, era, taken.clone()));
		}
		let entry = self.eras.get_mut(&era).unwrap();
		let earning = |of: &&(AccountId, BigUint)| of.0 == operator && of.1 > big(0);
		let several = entry.members.values().filter(earning).count() > 1;
		self.seen.paid += u32::from(taken > big(0));
		self.seen.paid_for_several += u32::from(taken > big(0) && several);
		self.seen.refused += u32::from(refuses && share > big(0));
		entry.paid.insert(operator, taken);
		true
	}

	/// Three times out of four an operator that was scored, for one of the first eras of it.
	pub fn pick(&self, pick: u16) -> Option<(EraIndex, AccountId)> {
		let scored = self.eras.iter().flat_map(|(era, entry)| {
			let owners: BTreeSet<_> = entry.members.values().map(|(owner, _)| *owner).collect();
			owners.into_iter().map(move |owner| (*era, owner))
		});
		let scored: Vec<_> = scored.collect();
		let index = usize::from(pick / 4).checked_rem(scored.len().min(6))?;
		(!pick.is_multiple_of(4)).then(|| scored[index])
	}

	/// The pallet says that it closed every era before `oldest`.
	pub fn close_up_to(&mut self, oldest: EraIndex) {
		while self.oldest < oldest {
			assert!(self.now - self.oldest > self.history.max(self.escrow), "closed too early");
			if let Some(era) = self.eras.remove(&self.oldest) {
				let rest = &era.released - era.paid();
				if rest > big(0) {
					self.seen.closed_with_rest += 1;
					self.transfer(STAKERS, Rewards::reserve_account(), &rest);
				}
			}
			self.oldest += 1;
		}
	}

	/// Storage says the same, to the planck.
	pub fn compare(&self) {
		for (who, expected) in &self.accounts {
			assert_eq!(big(balance(*who)), *expected, "balance of {who}");
		}
		let credited = Credited::get().into_iter().map(|(who, era, n)| (who, era, big(n)));
		assert_eq!(credited.collect::<Vec<_>>(), self.credited);
		let left: BigUint = self.eras.values().map(|e| &e.released - e.paid()).sum();
		assert!(self.accounts[&STAKERS] >= self.owed() + left + ED, "the pot is short");
		for operator in OPERATORS {
			assert_eq!(Rewards::unpaid(operator), self.waiting(operator));
		}
		for (era, entry) in &self.eras {
			let pay = Rewards::era_pay(*era);
			let Some(pay) = pay else {
				assert!(entry.members.is_empty() && !entry.settled, "era {era} is missing");
				continue;
			};
			assert_eq!(big(pay.points), entry.points());
			assert_eq!(big(pay.paid), entry.paid());
			assert_eq!(big(pay.released), entry.released);
			assert!(pay.paid <= pay.released);
			assert_eq!((pay.settled, pay.members), (entry.settled, entry.members.len() as u32));
			OPERATORS.into_iter().for_each(|operator| compare_operator(*era, entry, operator));
		}
		Rewards::do_try_state().unwrap();
	}
}

/// Whose nodes are scored.
pub const OPERATORS: [AccountId; 3] = [11, 12, 13];

fn compare_operator(era: EraIndex, entry: &Era, operator: AccountId) {
	let (points, paid) = (entry.points_of(operator), entry.paid.get(&operator));
	let pay = Rewards::operator_pay(era, operator);
	assert_eq!(pay.is_some(), points > big(0));
	assert_eq!(pay.map_or(big(0), |pay| big(pay.points)), points);
	assert_eq!(pay.and_then(|pay| pay.paid).map(big), paid.cloned());

	let mut parts = big(0);
	for (node, (owner, own)) in entry.members.iter().filter(|(_, (owner, _))| *owner == operator) {
		let pay = Rewards::node_pay(era, *node).unwrap();
		assert_eq!(big(pay.points), *own);
		assert_eq!(pay.paid.map(big), paid.map(|paid| paid * own / &points));
		let payable = Rewards::payable(era, *owner);
		assert_eq!(pay.payable.map(big), payable.map(|all| big(all) * own / &points));
		parts += big(pay.paid.unwrap_or(0));
	}
	assert!(parts <= paid.cloned().unwrap_or_default(), "nodes' parts are more than was paid");
}
