//! What claims should do, in big integers and sets, without a tree, a page or a hash.
//!
//! The model is told whether a proof is genuine: whoever makes it knows. For what is refused it says every cause there is;
//! the pallet has to name one of them.

use crate::mock::*;
use dtel_primitives::airdrop::{Plan, Progress};
use num_bigint::BigUint;
use std::collections::{BTreeMap, BTreeSet};

pub fn big(amount: u128) -> BigUint {
	BigUint::from(amount)
}

/// Why something is refused. Empty: it is not.
pub type Causes = BTreeSet<&'static str>;

/// What happened how often.
pub type Seen = BTreeMap<&'static str, u32>;

/// What a claim says.
#[derive(Clone, Copy, Debug)]
pub struct Said {
	pub airdrop: u32,
	pub index: u32,
	pub who: AccountId,
	pub amount: u128,
	/// How many hashes the proof has.
	pub levels: u32,
	/// Whether the list has this entry, the proof is its proof, and the airdrop is the one of the list.
	pub genuine: bool,
}

pub struct Kept {
	pub drop: Listed,
	/// Whether it was made as the list says.
	pub honest: bool,
	plan: Plan,
	paid: BigUint,
	claimed: BTreeSet<u32>,
	closed: bool,
	/// Pages that are gone.
	pruned: u32,
}

pub struct Model {
	pub now: u64,
	pub kept: BTreeMap<u32, Kept>,
	pub next: u32,
	pub balances: BTreeMap<AccountId, BigUint>,
	grants: BTreeMap<AccountId, Vec<BigUint>>,
	/// What happened how often.
	pub seen: Seen,
}

impl Model {
	pub fn new() -> Self {
		let balances = [(TREASURY, big(FUNDS)), (ANYBODY, big(balance(ANYBODY)))].into();
		let (kept, grants, seen) = Default::default();
		Self { now: 1, kept, next: 0, balances, grants, seen }
	}

	fn see(&mut self, what: &'static str) {
		*self.seen.entry(what).or_default() += 1;
	}

	pub fn has(&self, who: AccountId) -> BigUint {
		self.balances.get(&who).cloned().unwrap_or_default()
	}

	fn frozen(&self, who: AccountId) -> BigUint {
		self.grants.get(&who).into_iter().flatten().sum()
	}

	/// Moves money that is there.
	fn move_money(&mut self, from: AccountId, to: AccountId, amount: &BigUint) {
		let left = self.has(from) - amount;
		self.balances.insert(from, left);
		let sum = self.has(to) + amount;
		self.balances.insert(to, sum);
	}

	/// Somebody sends what he may; says how much that is.
	pub fn send(&mut self, from: AccountId, to: AccountId, most: u128, live_on: bool) -> u128 {
		let floor = if live_on { big(ED) } else { big(0) }.max(self.frozen(from));
		let has = self.has(from);
		let free = if has > floor { has.clone() - floor } else { big(0) };
		let amount = big(most).min(free);
		let takes = self.has(to) + &amount >= big(ED);
		let whole = &has - &amount == big(0) || &has - &amount >= big(ED);
		if amount == big(0) || !takes || !whole {
			return 0;
		}
		self.move_money(from, to, &amount);
		amount.try_into().unwrap()
	}

	pub fn create(&mut self, drop: &Listed, plan: &Plan, honest: bool) -> Causes {
		let mut causes = Causes::new();
		let mut unless = |holds: bool, cause| {
			if !holds {
				causes.insert(cause);
			}
		};
		let (opens, closes) = (u64::from(plan.opens), u64::from(plan.closes));
		unless((1..=1_048_576).contains(&plan.leaves), "LeavesOutOfRange");
		unless(plan.amount > 0, "ZeroAmount");
		unless(opens >= self.now + 10, "TooLittleNotice");
		unless(closes >= opens + 20, "WindowTooShort");
		unless(closes <= opens + 1_000, "WindowTooLong");
		unless(plan.vesting.is_none_or(|terms| u64::from(terms.end) >= closes), "TermsTooShort");
		unless(self.kept.len() < 4, "TooManyAirdrops");
		let (has, gives) = (self.has(TREASURY), big(plan.amount) + big(ED));
		unless(has >= gives, "FundsUnavailable");
		unless(has >= &gives + big(ED) || has < gives, "NotExpendable");
		if causes.is_empty() {
			self.see("created");
			self.move_money(TREASURY, Claims::account(self.next), &gives);
			let (drop, plan) = (drop.clone(), plan.clone());
			let (paid, claimed) = Default::default();
			let kept = Kept { drop, honest, plan, paid, claimed, closed: false, pruned: 0 };
			self.kept.insert(self.next, kept);
			self.next += 1;
		}
		causes
	}

	pub fn claim(&mut self, said: Said) -> Causes {
		let mut causes = Causes::new();
		let Some(kept) = self.kept.get(&said.airdrop) else {
			return ["AirdropUnknown"].into();
		};
		let mut unless = |holds: bool, cause| {
			if !holds {
				causes.insert(cause);
			}
		};
		let plan = &kept.plan;
		unless(self.now >= u64::from(plan.opens), "NotOpenYet");
		unless(self.now < u64::from(plan.closes), "WindowOver");
		let accounts = (0..=self.next + 8).map(Claims::account).collect::<BTreeSet<_>>();
		unless(said.who != MODULE && !accounts.contains(&said.who), "NotAReceiver");
		unless(said.index < plan.leaves, "IndexOutOfRange");
		let levels = (0..32).find(|levels| 1u64 << levels >= u64::from(plan.leaves));
		unless(levels == Some(said.levels), "WrongProofLength");
		unless(said.genuine && kept.honest, "BadProof");
		unless(!kept.claimed.contains(&said.index), "AlreadyClaimed");
		let amount = big(said.amount);
		unless(&kept.paid + &amount <= big(plan.amount), "Underfunded");
		unless(self.has(said.who) + &amount >= big(ED), "BelowMinimum");
		let vests = plan.vesting.is_some();
		if vests {
			let grants = self.grants.get(&said.who).map_or(0, |grants| grants.len());
			unless(grants < MAX_GRANTS, "list is full");
			unless(said.amount >= MIN_GRANT, "too little");
		}
		if causes.is_empty() {
			self.move_money(Claims::account(said.airdrop), said.who, &amount);
			let kept = self.kept.get_mut(&said.airdrop).unwrap();
			kept.paid += &amount;
			assert!(kept.claimed.insert(said.index));
			self.see(if vests { "granted" } else { "claimed" });
			if vests {
				self.grants.entry(said.who).or_default().push(amount);
			}
		}
		causes
	}

	/// All of it goes back.
	fn empty(&mut self, airdrop: u32) {
		let account = Claims::account(airdrop);
		let all = self.has(account);
		self.move_money(account, TREASURY, &all);
	}

	pub fn close(&mut self, airdrop: u32) -> Causes {
		let Some(kept) = self.kept.get_mut(&airdrop) else { return ["AirdropUnknown"].into() };
		if kept.closed {
			return ["AlreadyClosed"].into();
		}
		if self.now < u64::from(kept.plan.closes) {
			return ["WindowNotOver"].into();
		}
		kept.closed = true;
		self.empty(airdrop);
		self.see("closed");
		Causes::new()
	}

	pub fn cancel(&mut self, airdrop: u32) -> Causes {
		let Some(kept) = self.kept.get(&airdrop) else { return ["AirdropUnknown"].into() };
		if self.now >= u64::from(kept.plan.opens) {
			return ["AlreadyOpen"].into();
		}
		self.kept.remove(&airdrop);
		self.empty(airdrop);
		self.see("cancelled");
		Causes::new()
	}

	pub fn prune(&mut self, airdrop: u32, limit: u32) -> Causes {
		let Some(kept) = self.kept.get_mut(&airdrop) else { return ["AirdropUnknown"].into() };
		let mut causes = Causes::new();
		if !kept.closed {
			causes.insert("NotClosed");
		}
		if limit == 0 {
			causes.insert("ZeroLimit");
		}
		if causes.is_empty() {
			kept.pruned += limit.min(64);
			let done = u64::from(kept.pruned) * 2_048 >= u64::from(kept.plan.leaves);
			if done {
				self.kept.remove(&airdrop);
			}
			self.see(if done { "pruned" } else { "pruned in part" });
		}
		causes
	}

	/// Storage is what the model says.
	pub fn compare(&self) {
		for (who, amount) in &self.balances {
			assert_eq!(big(balance(*who)), *amount, "balance of {who:x}");
		}
		for who in self.grants.keys() {
			assert_eq!(big(frozen(*who)), self.frozen(*who), "frozen of {who}");
		}
		let listed: Vec<_> = Claims::airdrops();
		assert_eq!(listed.len(), self.kept.len());
		for ((airdrop, seen), (expected, kept)) in listed.into_iter().zip(&self.kept) {
			assert_eq!(airdrop, *expected);
			assert_eq!(big(seen.paid), kept.paid);
			assert_eq!(seen.claims as usize, kept.claimed.len());
			let progress = match kept.closed {
				true => Progress::Closed { pruned: kept.pruned },
				false => Progress::Live,
			};
			assert_eq!(seen.progress, progress);
			let places = kept.claimed.iter().copied().chain(0..kept.plan.leaves.min(16));
			for index in places {
				let known = index / 2_048 >= kept.pruned;
				let expected = known.then(|| kept.claimed.contains(&index));
				assert_eq!(Claims::is_claimed(airdrop, index), expected, "{airdrop}, {index}");
			}
		}
	}
}
