//! What the pallet should do, in big integers and without any of its code.

use super::*;
use crate::Walked;
use dtel_primitives::Balance;
use dtel_traits::Dispute;
use num_bigint::BigUint;
use std::collections::{BTreeMap, BTreeSet};

/// For work, blocks and duty.
pub type Three = [BigUint; 3];

/// What an operator did in an era, and what became of its pay.
#[derive(Clone, Default)]
pub struct Did {
	pub points: BigUint,
	pub blocks: u32,
	pub duty: u32,
	pub ended: Option<End>,
}

#[derive(Clone)]
pub enum End {
	Paid(Three),
	Refused,
	Forfeited,
}

impl Did {
	pub fn counts(&self) -> Three {
		[self.points.clone(), self.blocks.into(), self.duty.into()]
	}

	pub fn waits(&self) -> bool {
		self.ended.is_none() && (self.points.bits() > 0 || self.blocks > 0 || self.duty > 0)
	}
}

/// An era's operators and money.
#[derive(Default)]
pub struct Era {
	pub members: u32,
	pub operators: BTreeMap<AccountId, Did>,
	pub released: Three,
	pub treasury: BigUint,
	pub settled: bool,
}

impl Era {
	pub fn all(&self, of: impl Fn(&Did) -> bool) -> Three {
		let which = self.operators.values().filter(|did| of(did));
		which.fold(Three::default(), |sum, did| plus(&sum, &did.counts()))
	}

	/// What is released for so much of what was done, part by part.
	pub fn worth(&self, counts: &Three) -> Three {
		let all = self.all(|_| true);
		std::array::from_fn(|part| match all[part] == big(0) {
			true => big(0),
			false => &self.released[part] * &counts[part] / &all[part],
		})
	}

	pub fn paid(&self) -> Three {
		let paid = self.operators.values().filter_map(|did| match &did.ended {
			Some(End::Paid(pay)) => Some(pay),
			_ => None,
		});
		paid.fold(Three::default(), |sum, pay| plus(&sum, pay))
	}

	pub fn unpaid(&self) -> BigUint {
		total(&self.released) - total(&self.paid())
	}
}

fn plus(a: &Three, b: &Three) -> Three {
	std::array::from_fn(|part| &a[part] + &b[part])
}

pub fn total(of: &Three) -> BigUint {
	of.iter().sum()
}

pub fn big(n: u128) -> BigUint {
	BigUint::from(n)
}

/// What governance and presets set.
#[derive(Clone, Debug)]
pub struct Rules {
	pub yearly: u64,
	pub era_ms: u64,
	/// Work, blocks, duty, treasury.
	pub split: [u16; 4],
	pub escrow: EraIndex,
	pub price: Balance,
}

/// The world.
pub struct Model {
	pub now: EraIndex,
	pub cleared: EraIndex,
	pub unsettled: EraIndex,
	/// Those that are not cleared.
	pub eras: BTreeMap<EraIndex, Era>,
	pub accounts: BTreeMap<AccountId, BigUint>,
	pub refused: BTreeSet<AccountId>,
	pub disputes: BTreeMap<(AccountId, EraIndex), Dispute>,
	/// What stakers got, in order.
	pub credited: Vec<(AccountId, EraIndex, BigUint)>,
	/// What they took of it.
	pub taken: BigUint,
	/// Over all eras: released, paid, to the treasury when cleared, to the reserve when cleared.
	pub sums: [BigUint; 4],
	pub rules: Rules,
	pub history: EraIndex,
	pub seen: BTreeMap<&'static str, u32>,
}

/// The interesting things, each of which has to happen often enough.
pub const SEEN: [&str; 14] = [
	"late",
	"paid",
	"paid by the walk",
	"paid for several parts",
	"refused",
	"forfeited",
	"forfeited at once",
	"disputed",
	"paid again",
	"out of order",
	"cleared with rest",
	"cleared with unclaimed",
	"block for an earlier era",
	"taken",
];

impl Model {
	pub fn new(richness: Balance, rules: Rules) -> Self {
		Self {
			now: 0,
			cleared: 0,
			unsettled: 0,
			eras: BTreeMap::new(),
			accounts: BTreeMap::from([
				(Rewards::reserve_account(), big(RESERVE)),
				(STAKERS, big(ED)),
				(TREASURY, big(ED)),
				(TAKER, big(ED)),
				(ANYBODY, big(richness)),
			]),
			refused: BTreeSet::new(),
			disputes: BTreeMap::new(),
			credited: Vec::new(),
			taken: big(0),
			sums: Default::default(),
			rules,
			history: 4,
			seen: SEEN.into_iter().map(|name| (name, 0)).collect(),
		}
	}

	pub fn see(&mut self, name: &'static str, happened: bool) {
		*self.seen.get_mut(name).unwrap() += u32::from(happened);
	}

	/// The era so many before the running one.
	pub fn back(&self, back: i8) -> EraIndex {
		(i64::from(self.now) - i64::from(back)).max(0) as EraIndex
	}

	pub fn transfer(&mut self, from: AccountId, to: AccountId, amount: &BigUint) {
		*self.accounts.get_mut(&from).unwrap() -= amount;
		*self.accounts.entry(to).or_default() += amount;
	}

	pub fn is_closed(&self, era: EraIndex) -> bool {
		era + self.history < self.now
	}

	/// An era in which something can be counted.
	fn counting(&mut self, era: EraIndex) -> Option<&mut Era> {
		let closed = self.is_closed(era);
		let settled = self.eras.get(&era).is_some_and(|era| era.settled);
		(!closed && !settled).then(|| self.eras.entry(era).or_default())
	}

	/// Returns the points.
	pub fn score(
		&mut self,
		era: EraIndex,
		owner: AccountId,
		(kbps, stake, score, duty): (u32, Balance, u16, u32),
	) -> BigUint {
		let price = big(self.rules.price);
		let late = self.is_closed(era);
		self.see("late", late);
		let Some(entry) = self.counting(era) else { return big(0) };
		entry.members += 1;
		let work = big(kbps.into());
		let work = if price == big(0) { work } else { work.min(big(stake) * 1_000u32 / price) };
		let points = work * score;
		let did = entry.operators.entry(owner).or_default();
		did.points += &points;
		did.duty += duty;
		points
	}

	pub fn author(&mut self, owner: AccountId) {
		let era = self.unsettled.max(self.now.saturating_sub(self.history));
		let early = era < self.now;
		if let Some(entry) = self.counting(era) {
			entry.operators.entry(owner).or_default().blocks += 1;
			self.see("block for an earlier era", early);
		}
	}

	pub fn settle(&mut self, era: EraIndex) {
		let reserve = Rewards::reserve_account();
		let Rules { yearly, era_ms, split, .. } = self.rules.clone();
		let budget = &self.accounts[&reserve] - ED;
		let year = 365 * 24 * 60 * 60 * 1_000u64;
		let whole = budget * yearly * era_ms.min(year)
			/ (BigUint::from(1_000_000_000_000_000_000u64) * year);
		let Some(entry) = self.counting(era) else { return };
		entry.settled = true;
		let all = entry.all(|_| true);
		entry.released = std::array::from_fn(|part| match all[part] == big(0) {
			true => big(0),
			false => &whole * split[part] / 10_000u32,
		});
		let released = total(&entry.released);
		if released > big(0) {
			entry.treasury = &whole * split[3] / 10_000u32;
		}
		let treasury = entry.treasury.clone();
		self.transfer(reserve, STAKERS, &released);
		self.transfer(reserve, TREASURY, &treasury);
		self.sums[0] += released;
		self.unsettled = self.unsettled.max(era + 1);
	}

	/// What stakers got and did not take.
	pub fn owed(&self) -> BigUint {
		self.credited.iter().map(|(_, _, amount)| amount).sum::<BigUint>() - &self.taken
	}

	/// Stakers take a part of what they got. Returns how much that is.
	pub fn take(&mut self, percent: u8) -> BigUint {
		let amount = self.owed() * percent / 100u32;
		self.see("taken", amount > big(0));
		self.taken += &amount;
		self.transfer(STAKERS, TAKER, &amount);
		amount
	}

	fn awaits(&self, era: EraIndex, operator: AccountId) -> bool {
		self.eras.get(&era).and_then(|era| era.operators.get(&operator)).is_some_and(Did::waits)
	}

	/// The eras that an operator waits for.
	pub fn waiting(&self, operator: AccountId) -> Vec<EraIndex> {
		let open = self.eras.keys().filter(|era| !self.is_closed(**era));
		open.copied().filter(|era| self.awaits(*era, operator)).collect()
	}

	fn dispute(&self, era: EraIndex, operator: AccountId) -> Dispute {
		self.disputes.get(&(operator, era)).copied().unwrap_or(Dispute::None)
	}

	/// An operator's share that is payable but for earlier eras and disputes.
	fn share(&self, era: EraIndex, operator: AccountId) -> Option<Three> {
		if self.is_closed(era) || !self.awaits(era, operator) {
			return None;
		}
		let entry = self.eras.get(&era).filter(|entry| entry.settled)?;
		let from = era + self.rules.escrow.max(1);
		(from <= self.now).then(|| entry.worth(&entry.operators[&operator].counts()))
	}

	/// What a payout is to pay if stakers take it and it is not lost.
	fn payable(&self, era: EraIndex, operator: AccountId) -> Option<Three> {
		let share = self.share(era, operator)?;
		let first = self.waiting(operator).first() == Some(&era);
		(first && self.dispute(era, operator) != Dispute::Open).then_some(share)
	}

	/// What readers are told.
	pub fn payable_amount(&self, era: EraIndex, operator: AccountId) -> Option<BigUint> {
		let share = self.payable(era, operator)?;
		let lost = self.dispute(era, operator) == Dispute::Lost;
		Some(if lost { big(0) } else { total(&share) })
	}

	/// What stands between a caller and a payout, for the record.
	pub fn note(&mut self, era: EraIndex, operator: AccountId) {
		let did = self.eras.get(&era).and_then(|era| era.operators.get(&operator));
		let ended = did.is_some_and(|did| did.ended.is_some());
		let waits = self.share(era, operator).is_some() && self.payable(era, operator).is_none();
		let disputed = self.dispute(era, operator) == Dispute::Open;
		self.see("paid again", ended);
		self.see("disputed", waits && disputed);
		self.see("out of order", waits && !disputed);
	}

	/// Says whether the call succeeds.
	pub fn payout(&mut self, era: EraIndex, operator: AccountId) -> bool {
		let Some(share) = self.payable(era, operator) else { return false };
		let amount = total(&share);
		let late = self.credited.iter().any(|(who, other, _)| *who == operator && *other >= era);
		let refuses = (late || self.refused.contains(&operator)) && amount > big(0);
		let end = if self.dispute(era, operator) == Dispute::Lost {
			self.see("forfeited", amount > big(0));
			End::Forfeited
		} else if refuses {
			self.see("refused", true);
			End::Refused
		} else {
			if amount > big(0) {
				self.see("paid", true);
				self.credited.push((operator, era, amount.clone()));
			}
			let parts = share.iter().filter(|part| **part > big(0)).count();
			self.see("paid for several parts", parts > 1);
			self.sums[1] += amount;
			End::Paid(share)
		};
		let entry = self.eras.get_mut(&era).unwrap();
		entry.operators.get_mut(&operator).unwrap().ended = Some(end);
		true
	}

	/// A penalty took an operator's pay, which changes nothing for what was paid or is not settled.
	pub fn forfeit(&mut self, era: EraIndex, operator: AccountId) {
		let closed = self.is_closed(era);
		let Some(entry) = self.eras.get_mut(&era).filter(|era| era.settled && !closed) else {
			return;
		};
		if let Some(did) = entry.operators.get_mut(&operator).filter(|did| did.waits()) {
			did.ended = Some(End::Forfeited);
			self.see("forfeited at once", true);
		}
	}

	/// The pallet looks at everybody: each is paid the first era that it can be.
	pub fn pass(&mut self) {
		if self.now < Walked::<Test>::get().from {
			return;
		}
		for operator in OPERATORS {
			if let Some(era) = self.waiting(operator).first() {
				let paid = self.payout(*era, operator);
				self.see("paid by the walk", paid);
			}
		}
	}

	/// Three times out of four an operator that did something, in one of the first eras of it.
	pub fn pick(&self, pick: u16) -> Option<(EraIndex, AccountId)> {
		let did = self
			.eras
			.iter()
			.flat_map(|(era, entry)| entry.operators.keys().map(move |owner| (*era, *owner)));
		let did: Vec<_> = did.filter(|(era, _)| !self.is_closed(*era)).collect();
		let index = usize::from(pick / 4).checked_rem(did.len().min(6))?;
		(!pick.is_multiple_of(4)).then(|| did[index])
	}

	/// The pallet says that it cleared every era before `cleared`.
	pub fn clear_up_to(&mut self, cleared: EraIndex) {
		while self.cleared < cleared {
			assert!(self.is_closed(self.cleared), "cleared too early");
			if let Some(era) = self.eras.remove(&self.cleared) {
				let unclaimed = total(&era.worth(&era.all(Did::waits)));
				let rest = era.unpaid() - &unclaimed;
				self.see("cleared with rest", rest > big(0));
				self.see("cleared with unclaimed", unclaimed > big(0));
				self.transfer(STAKERS, TREASURY, &unclaimed);
				self.transfer(STAKERS, Rewards::reserve_account(), &rest);
				self.sums[2] += unclaimed;
				self.sums[3] += rest;
			}
			self.cleared += 1;
		}
	}

	/// Storage says the same, to the planck.
	pub fn compare(&self) {
		for (who, expected) in &self.accounts {
			assert_eq!(big(balance(*who)), *expected, "balance of {who}");
		}
		let credited = Credited::get();
		assert_eq!(credited.len(), self.credited.len());
		for operator in OPERATORS {
			let got = credited.iter().filter(|(who, ..)| *who == operator);
			let got = got.map(|(who, era, amount)| (*who, *era, big(*amount)));
			let model = self.credited.iter().filter(|(who, ..)| *who == operator).cloned();
			assert_eq!(got.collect::<Vec<_>>(), model.collect::<Vec<_>>());
			assert_eq!(Rewards::unpaid(operator), self.waiting(operator));
		}
		// Released is what was paid, went to the treasury or came back, and what is still open: to the planck.
		let left: BigUint = self.eras.values().map(Era::unpaid).sum();
		let [released, paid, unclaimed, returned] = &self.sums;
		assert_eq!(*released, paid + unclaimed + returned + &left);
		assert!(self.accounts[&STAKERS] >= self.owed() + left + ED, "the pot is short");
		for (era, entry) in self.eras.iter().filter(|(era, _)| !self.is_closed(**era)) {
			let Some(pay) = Rewards::era_pay(*era) else {
				let nothing = entry.operators.is_empty() && entry.members == 0 && !entry.settled;
				assert!(nothing, "era {era} is missing");
				continue;
			};
			let three = |pay: dtel_primitives::reward::Pay| [pay.work, pay.blocks, pay.duty];
			assert_eq!(three(pay.released).map(big), entry.released);
			assert_eq!(three(pay.paid).map(big), entry.paid());
			assert_eq!(big(pay.treasury), entry.treasury);
			let all = [pay.all.points, pay.all.blocks.into(), pay.all.duty.into()];
			assert_eq!(all.map(big), entry.all(|_| true));
			assert!(three(pay.paid).iter().zip(three(pay.released)).all(|(a, b)| *a <= b));
			assert_eq!((pay.settled, pay.members), (entry.settled, entry.members));
			for operator in OPERATORS {
				compare_operator(*era, entry, operator, self.dispute(*era, operator));
			}
		}
		Rewards::do_try_state().unwrap();
	}
}

/// Who does something.
pub const OPERATORS: [AccountId; 3] = [11, 12, 13];

fn compare_operator(era: EraIndex, entry: &Era, operator: AccountId, dispute: Dispute) {
	let did = entry.operators.get(&operator).cloned().unwrap_or_default();
	let pay = Rewards::operator_pay(era, operator);
	if pay.is_none() {
		assert!(did.counts().iter().all(|n| *n == big(0)) && did.ended.is_none());
		return;
	}
	let pay = pay.unwrap();
	let work = [pay.work.points, pay.work.blocks.into(), pay.work.duty.into()];
	assert_eq!(work.map(big), did.counts());
	let three = |pay: dtel_primitives::reward::Pay| [pay.work, pay.blocks, pay.duty].map(big);
	assert_eq!(three(pay.share), entry.worth(&did.counts()));
	let paid = match &did.ended {
		None if dispute == Dispute::Lost => Some(Three::default()),
		None => None,
		Some(End::Paid(pay)) => Some(pay.clone()),
		Some(End::Refused | End::Forfeited) => Some(Three::default()),
	};
	assert_eq!(pay.paid().map(three), paid);
}
