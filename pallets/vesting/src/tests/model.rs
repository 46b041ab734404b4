//! What an account's grants are worth, told again from the start in numbers that cannot overflow, by another way than the pallet's: each claim, revocation and
//! slash is replayed from a list of grants, and nothing is added up that could be looked up.

use super::*;
use num_bigint::BigUint;

/// A grant as the model knows it.
#[derive(Clone, Debug)]
pub(super) struct Grant {
	pub id: u64,
	pub grantor: AccountId,
	pub terms: Terms,
	/// The amounts that were granted: more than one after a merger.
	pub parts: Vec<Balance>,
	pub revoker: Option<AccountId>,
	/// What has been seen free of it.
	pub freed: BigUint,
}

impl Grant {
	pub fn amount(&self) -> BigUint {
		self.parts.iter().map(|part| BigUint::from(*part)).sum()
	}

	/// What of one part is vested: counted period by period.
	fn part(&self, amount: Balance, now: BlockNumber) -> BigUint {
		let Terms { start, cliff, end, at_start, period } = self.terms;
		let amount = BigUint::from(amount);
		if now >= end {
			return amount;
		}
		if now < start {
			return BigUint::ZERO;
		}
		let first: BigUint = &amount * u32::from(at_start.parts()) / 10_000u32;
		let mut blocks = 0;
		while now >= cliff && blocks + period <= now - start {
			blocks += period;
		}
		(&amount - &first) * blocks / (end - start) + first
	}

	/// The least and the most that can be vested: a merger leaves up to two planck for the end.
	pub fn vested(&self, now: BlockNumber) -> (BigUint, BigUint) {
		let most: BigUint = self.parts.iter().map(|part| self.part(*part, now)).sum();
		let merges = self.parts.len() as u32 - 1;
		let least = if now >= self.terms.end { most.clone() } else { less(&most, 2 * merges) };
		(least, most)
	}
}

fn less(from: &BigUint, by: u32) -> BigUint {
	if *from > BigUint::from(by) {
		from - by
	} else {
		BigUint::ZERO
	}
}

/// What two accounts were granted, and what they owe.
#[derive(Default)]
pub(super) struct Model {
	pub grants: Vec<(AccountId, Grant)>,
	/// Holder, grantor, amount: the oldest first.
	pub debts: Vec<(AccountId, AccountId, BigUint)>,
}

impl Model {
	pub fn of(&self, who: AccountId) -> impl Iterator<Item = &Grant> {
		self.grants.iter().filter(move |(holder, _)| *holder == who).map(|(_, grant)| grant)
	}

	pub fn owed(&self, who: AccountId) -> BigUint {
		self.debts.iter().filter(|debt| debt.0 == who).map(|debt| debt.2.clone()).sum()
	}

	/// What has to be frozen of an account: the least and the most.
	pub fn frozen(&self, who: AccountId) -> BigUint {
		self.of(who).map(|grant| grant.amount() - &grant.freed).sum::<BigUint>() + self.owed(who)
	}

	pub fn owe(&mut self, who: AccountId, grantor: AccountId, amount: BigUint) {
		match self.debts.iter_mut().find(|debt| debt.0 == who && debt.1 == grantor) {
			Some(debt) => debt.2 += amount,
			None => self.debts.push((who, grantor, amount)),
		}
		self.debts.retain(|debt| debt.2 > BigUint::ZERO);
	}

	/// Everything of an account is looked at: what is free is noted, as the chain says within the planck of mergers, and what is all free goes.
	pub fn touch(&mut self, who: AccountId, now: BlockNumber, says: &[crate::Schedule<AccountId>]) {
		for (holder, grant) in &mut self.grants {
			if *holder != who {
				continue;
			}
			let (least, most) = grant.vested(now);
			let said = says.iter().find(|schedule| schedule.id == grant.id);
			let said = said.map_or_else(|| grant.amount(), |s| BigUint::from(s.released));
			let least = least.max(grant.freed.clone());
			assert!(said >= least && said <= most, "{said} of {grant:?} at {now}: {least}..{most}");
			grant.freed = said;
		}
		self.grants.retain(|(_, grant)| grant.freed < grant.amount());
	}
}
