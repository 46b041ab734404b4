//! Random operations by several operators against a model that is written forwards: it keeps, for
//! each era, what answers for it, where the pallet works that out backwards from what is there.
//!
//! `PROPTEST_CASES` sets how many sequences run (256 without it).

use super::*;
use crate::{mock::*, Ledger};
use dtel_traits::StakeLedger;
use num_bigint::BigInt;
use proptest::{prelude::*, test_runner::RngSeed};
use std::collections::BTreeMap;

const WHO: [AccountId; 3] = [ALICE, BOB, CAROL];

#[derive(Clone, Debug)]
enum Op {
	Bond(usize, Balance),
	BondExtra(usize, Balance),
	Unbond(usize, Balance),
	Rebond(usize, Balance),
	Withdraw(usize),
	Slash { whom: usize, parts: u16, ago: u32 },
	Eras(u32),
}

fn op() -> impl Strategy<Value = Op> {
	let who = 0..WHO.len();
	let amount = || prop_oneof![4 => 1..2_000u128, 1 => 0..120u128, 1 => Just(Balance::MAX)];
	prop_oneof![
		3 => (who.clone(), amount()).prop_map(|(w, a)| Op::Bond(w, a)),
		3 => (who.clone(), amount()).prop_map(|(w, a)| Op::BondExtra(w, a)),
		4 => (who.clone(), amount()).prop_map(|(w, a)| Op::Unbond(w, a)),
		2 => (who.clone(), amount()).prop_map(|(w, a)| Op::Rebond(w, a)),
		2 => who.clone().prop_map(Op::Withdraw),
		2 => (who, 0..=10_000u16, 0..7u32).prop_map(|(whom, parts, ago)| Op::Slash { whom, parts, ago }),
		5 => (1..3u32).prop_map(Op::Eras),
	]
}

/// What one operator should have.
#[derive(Clone, Default, Debug)]
struct Account {
	free: BigInt,
	/// Present with the ledger.
	bonded: Option<BigInt>,
	/// By era in which it was unbonded.
	leaving: BTreeMap<u32, BigInt>,
	/// Came in the running era, less what of that left in it.
	came: BigInt,
	left: BigInt,
	/// What answers for each era up to the running one.
	answers: BTreeMap<u32, BigInt>,
}

impl Account {
	fn held(&self) -> BigInt {
		self.bonded.clone().unwrap_or_default() + self.leaving.values().sum::<BigInt>()
	}

	fn active(&self) -> BigInt {
		let young = (&self.came - &self.left).max(0.into());
		(self.bonded.clone().unwrap_or_default() - young).max(0.into())
	}

	/// A new era begins: what is bonded answers for it, and what left in the one before.
	fn begin(&mut self, era: u32) {
		let late = self.leaving.get(&(era - 1)).cloned().unwrap_or_default();
		self.answers.insert(era, self.bonded.clone().unwrap_or_default() + late);
		self.came = 0.into();
		self.left = 0.into();
	}

	fn bond(&mut self, amount: Balance) -> bool {
		let bonded = self.bonded.clone().unwrap_or_default() + amount;
		// The existential deposit stays free.
		if amount == 0 || bonded < MIN_BOND.into() || self.free <= amount.into() {
			return false;
		}
		self.free -= amount;
		self.came += amount;
		self.bonded = Some(bonded);
		true
	}

	fn unbond(&mut self, era: u32, amount: Balance) -> bool {
		let Some(bonded) = self.bonded.clone() else { return false };
		if amount == 0 || bonded < amount.into() {
			return false;
		}
		let rest = &bonded - amount;
		let gone = if rest < MIN_BOND.into() { bonded.clone() } else { amount.into() };
		*self.leaving.entry(era).or_default() += &gone;
		self.left += &gone;
		self.bonded = Some(bonded - gone);
		true
	}

	fn rebond(&mut self, era: u32, amount: Balance) -> bool {
		let Some(bonded) = self.bonded.clone() else { return false };
		let there: BigInt = self.leaving.values().sum();
		if amount == 0 || there < amount.into() || &bonded + amount < MIN_BOND.into() {
			return false;
		}
		let mut missing = BigInt::from(amount);
		let eras: Vec<u32> = self.leaving.keys().rev().copied().collect();
		for left in eras {
			let part = self.leaving[&left].clone().min(missing.clone());
			missing -= &part;
			*self.leaving.get_mut(&left).unwrap() -= &part;
			if left == era {
				self.left -= &part;
			} else {
				self.came += &part;
			}
			// It answers for the eras in between as though it had stayed.
			for (answered, amount) in self.answers.iter_mut() {
				if *answered > left + 1 {
					*amount += &part;
				}
			}
		}
		self.leaving.retain(|_, amount| *amount > 0.into());
		self.bonded = Some(bonded + amount);
		true
	}

	fn withdraw(&mut self, era: u32) -> bool {
		let matured: BigInt =
			self.leaving.iter().filter(|(left, _)| **left + 4 <= era).map(|(_, a)| a).sum();
		self.leaving.retain(|left, _| *left + 4 > era);
		self.free += &matured;
		self.forget_if_empty();
		matured > 0.into()
	}

	/// What a slash must take. How it is spread is judged by [`Account::spread`].
	fn due(&self, now: u32, parts: u16, era: u32) -> BigInt {
		if now > era + 2 || self.bonded.is_none() {
			return 0.into();
		}
		self.answers.get(&era).cloned().unwrap_or_default().max(0.into()) * parts / 10_000
	}

	/// Takes over how the pallet spread a slash, after checking that it is fair: the sum is right,
	/// what did not answer is spared, and no part is off its share by a planck for each part.
	fn spread(&mut self, now: u32, era: u32, due: &BigInt, ledger: Option<&Ledger>) {
		// What has matured answers for nothing; the ledger may have made one of it.
		let young = |left: u32| left + 4 > now;
		let mut after: BTreeMap<Option<u32>, BigInt> = BTreeMap::new();
		let mut matured = BigInt::default();
		if let Some(ledger) = ledger {
			after.insert(None, ledger.bonded().into());
			for chunk in ledger.chunks() {
				if young(chunk.era) {
					after.insert(Some(chunk.era), chunk.amount.into());
				} else {
					matured += chunk.amount;
				}
			}
		}
		let old = self.leaving.iter().filter(|(left, _)| !young(**left));
		assert_eq!(matured, old.map(|(_, a)| a).sum());
		let mut before: BTreeMap<Option<u32>, BigInt> = self
			.leaving
			.iter()
			.filter(|(left, _)| young(**left))
			.map(|(left, a)| (Some(*left), a.clone()))
			.collect();
		before.insert(None, self.bonded.clone().unwrap_or_default());

		let exposed = |left: &Option<u32>| left.is_none_or(|left| left + 1 >= era);
		let there: BigInt = before.iter().filter(|(left, _)| exposed(left)).map(|(_, a)| a).sum();
		let count = before.len();
		let mut taken = BigInt::default();
		for (left, amount) in &before {
			let loss = amount - after.get(left).cloned().unwrap_or_default();
			assert!(loss >= 0.into() && loss <= *amount);
			if !exposed(left) {
				assert_eq!(loss, 0.into());
				continue;
			}
			let off = &loss * &there - due * amount;
			assert!(off.magnitude() <= (&there * count).magnitude(), "unfair share");
			taken += &loss;
			match left {
				None => *self.bonded.as_mut().unwrap() -= &loss,
				Some(left) => {
					*self.leaving.get_mut(left).unwrap() -= &loss;
					if *left == now {
						self.left -= &loss;
					}
				}
			}
			for (answered, amount) in self.answers.iter_mut() {
				if left.is_none_or(|left| left + 1 >= *answered) {
					*amount -= &loss;
				}
			}
		}
		assert_eq!(taken, *due);
		self.leaving.retain(|_, amount| *amount > 0.into());
		self.forget_if_empty();
	}

	fn forget_if_empty(&mut self) {
		if self.held() == 0.into() {
			self.bonded = None;
			// A ledger that went takes its past with it.
			self.answers.values_mut().for_each(|a| *a = 0.into());
			self.came = 0.into();
			self.left = 0.into();
		}
	}
}

struct World {
	era: u32,
	accounts: [Account; 3],
	treasury: BigInt,
}

impl World {
	fn new() -> Self {
		let account = Account {
			free: FUNDS.into(),
			answers: BTreeMap::from([(0, 0.into())]),
			..Default::default()
		};
		Self { era: 0, accounts: [account.clone(), account.clone(), account], treasury: 1.into() }
	}

	fn apply(&mut self, op: Op) {
		let era = self.era;
		match op {
			Op::Bond(w, amount) => {
				let fits = self.accounts[w].bonded.is_none() && self.accounts[w].bond(amount);
				assert_eq!(Staking::bond(signed(WHO[w]), amount).is_ok(), fits);
			}
			Op::BondExtra(w, amount) => {
				let fits = self.accounts[w].bonded.is_some() && self.accounts[w].bond(amount);
				assert_eq!(Staking::bond_extra(signed(WHO[w]), amount).is_ok(), fits);
			}
			Op::Unbond(w, amount) => {
				let fits = self.accounts[w].unbond(era, amount);
				assert_eq!(Staking::unbond(signed(WHO[w]), amount).is_ok(), fits);
			}
			Op::Rebond(w, amount) => {
				let fits = self.accounts[w].rebond(era, amount);
				assert_eq!(Staking::rebond(signed(WHO[w]), amount).is_ok(), fits);
			}
			Op::Withdraw(w) => {
				let fits = self.accounts[w].withdraw(era);
				assert_eq!(Staking::withdraw(signed(WHO[w])).is_ok(), fits);
			}
			Op::Slash { whom, parts, ago } => {
				let of = era.saturating_sub(ago);
				let due = self.accounts[whom].due(era, parts, of);
				let taken =
					Staking::slash(&WHO[whom], Perbill::from_parts(u32::from(parts) * 100_000), of);
				assert_eq!(BigInt::from(taken), due, "slash of {ago} eras ago");
				if taken > 0 {
					let ledger = Staking::ledger(&WHO[whom]);
					self.accounts[whom].spread(era, of, &due, ledger.as_ref());
				}
				self.treasury += due;
			}
			Op::Eras(eras) => {
				for _ in 0..eras {
					self.era += 1;
					self.accounts.iter_mut().for_each(|a| a.begin(self.era));
				}
				go_to_era(self.era);
			}
		}
	}

	fn compare(&self) {
		for (who, account) in WHO.iter().zip(&self.accounts) {
			assert_eq!(BigInt::from(held(*who)), account.held());
			assert_eq!(BigInt::from(Balances::free_balance(who)), account.free);
			assert!(account.free >= 1.into() && account.held() >= 0.into());
			let ledger = Staking::ledger(who);
			assert_eq!(ledger.is_some(), account.bonded.is_some());
			let bonded = account.bonded.clone().unwrap_or_default();
			assert_eq!(BigInt::from(Staking::active(who, self.era)), account.active());
			assert_eq!(BigInt::from(Staking::active(who, self.era + 1)), bonded);
			let Some(ledger) = ledger else { continue };
			assert_eq!(BigInt::from(ledger.bonded()), bonded);
			assert_eq!(BigInt::from(ledger.unbonding()), account.leaving.values().sum::<BigInt>());
			for era in self.era.saturating_sub(2)..=self.era {
				assert_eq!(
					BigInt::from(ledger.answerable(era)),
					account.answers[&era].clone().max(0.into()),
					"answerable in {era} at {}",
					self.era
				);
			}
		}
		assert_eq!(BigInt::from(Balances::free_balance(TREASURY)), self.treasury);
		assert_eq!(Balances::total_issuance(), 3 * FUNDS + 1);
		Staking::do_try_state().unwrap();
	}
}

proptest! {
	#![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(2_609), ..Default::default() })]

	#[test]
	fn ledgers_follow_the_model(ops in prop::collection::vec(op(), 1..100)) {
		ExtBuilder::new().build_and_execute(|| {
			let mut world = World::new();
			for op in ops {
				world.apply(op);
				world.compare();
			}
		});
	}

	/// A slash spreads exactly at any size of stake.
	#[test]
	fn slash_takes_exactly_what_is_due(
		bonded in any::<u128>(),
		parts in 0u16..=10_000,
		shares in prop::collection::vec(any::<u128>(), 0..30),
	) {
		let mut ledger = Ledger { bonded: bonded / 64, ..Default::default() };
		for (era, share) in shares.iter().enumerate() {
			let chunk = crate::Chunk { era: era as u32, amount: share / 64 + 1 };
			ledger.chunks.force_push(chunk);
		}
		let before = ledger.clone();
		let due = BigInt::from(ledger.total()) * parts / 10_000;
		let taken = ledger.slash(Perbill::from_parts(u32::from(parts) * 100_000), 0);
		prop_assert_eq!(BigInt::from(taken), due);
		prop_assert_eq!(ledger.total(), before.total() - taken);
		for chunk in ledger.chunks() {
			let was = before.chunks().iter().find(|c| c.era == chunk.era).unwrap().amount;
			prop_assert!(chunk.amount <= was);
		}
	}
}
