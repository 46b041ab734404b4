//! Random histories against a model in big integers that shares no code with the pallet.

use crate::{mock::*, History};
use dtel_primitives::{Balance, BasisPoints, EraIndex, NodeId, DTEL};
use dtel_traits::{ScoreSink, Scored};
use frame_support::{
	assert_storage_noop,
	traits::{fungible::Mutate, tokens::Preservation},
};
use num_bigint::BigUint;
use proptest::{
	prelude::*,
	test_runner::{RngSeed, TestRunner},
};
use sp_runtime::Perquintill;
use std::{cell::RefCell, collections::BTreeMap};

/// What can happen. Eras are counted back from the running one, `-1` is the next.
#[derive(Clone, Debug)]
enum Op {
	Score {
		back: i8,
		node: NodeId,
		owner: u8,
		kbps: u32,
		stake: Balance,
		score: u16,
	},
	/// Of an era with members that is not settled, or of any.
	Settle {
		pick: u16,
		back: i8,
	},
	/// Of a member that the model knows, or of whoever it is.
	Payout {
		pick: u16,
		back: i8,
		node: NodeId,
	},
	Wait {
		eras: u8,
	},
	Idle {
		blocks: u8,
	},
	Donate {
		to_pot: bool,
		amount: Balance,
	},
	Terms {
		release: u64,
		escrow: EraIndex,
		history: EraIndex,
		price: Balance,
	},
}

fn op() -> impl Strategy<Value = Op> {
	let back = -1i8..7;
	let kbps = prop_oneof![1 => Just(0), 8 => 1..50_000u32, 1 => Just(u32::MAX)];
	let stake = prop_oneof![1 => Just(0), 8 => DTEL..1_000 * DTEL, 1 => Just(Balance::MAX)];
	let release = prop_oneof![
		1 => Just(0),
		1 => 1..1_000_000u64,
		6 => 0..100_000_000_000_000_000u64,
		1 => 0..=1_000_000_000_000_000_000u64,
	];
	let price = prop_oneof![1 => Just(0), 1 => Just(1), 4 => 1..100 * DTEL];
	prop_oneof![
		9 => (-1i8..7, 0..6u32, 0..3u8, kbps, stake, 0..=10_000u16).prop_map(
			|(back, node, owner, kbps, stake, score)| Op::Score {
				back, node, owner, kbps, stake, score
			}
		),
		4 => (any::<u16>(), -1i8..4).prop_map(|(pick, back)| Op::Settle { pick, back }),
		9 => (any::<u16>(), back, 0..7u32)
			.prop_map(|(pick, back, node)| Op::Payout { pick, back, node }),
		3 => (1..3u8).prop_map(|eras| Op::Wait { eras }),
		2 => (1..6u8).prop_map(|blocks| Op::Idle { blocks }),
		1 => (any::<bool>(), ED..2 * ED).prop_map(|(to_pot, amount)| Op::Donate { to_pot, amount }),
		1 => (release, 0..4u32, 1..6u32, price).prop_map(|(release, escrow, history, price)| {
			Op::Terms { release, escrow, history, price }
		}),
	]
}

#[derive(Default)]
struct Era {
	members: BTreeMap<NodeId, (AccountId, BigUint, Option<BigUint>)>,
	released: BigUint,
	settled: bool,
}

impl Era {
	fn points(&self) -> BigUint {
		self.members.values().map(|(_, points, _)| points).sum()
	}

	fn paid(&self) -> BigUint {
		self.members.values().filter_map(|(_, _, paid)| paid.as_ref()).sum()
	}
}

struct Model {
	now: EraIndex,
	oldest: EraIndex,
	eras: BTreeMap<EraIndex, Era>,
	accounts: BTreeMap<AccountId, BigUint>,
	release: u64,
	escrow: EraIndex,
	history: EraIndex,
	price: Balance,
	seen: Seen,
}

/// How often the interesting things happened.
#[derive(Default)]
struct Seen {
	late: u32,
	paid: u32,
	paid_again: u32,
	closed_with_rest: u32,
}

fn big(n: u128) -> BigUint {
	BigUint::from(n)
}

impl Model {
	fn new(richness: Balance) -> Self {
		Self {
			now: 0,
			oldest: 0,
			eras: BTreeMap::new(),
			accounts: BTreeMap::from([
				(Rewards::reserve_account(), big(RESERVE)),
				(ANYBODY, big(richness)),
			]),
			release: 10_000_000_000_000_000,
			escrow: 1,
			history: 4,
			price: 10 * DTEL,
			seen: Seen::default(),
		}
	}

	fn back(&self, back: i8) -> EraIndex {
		(i64::from(self.now) - i64::from(back)).max(0) as EraIndex
	}

	fn balance(&self, who: AccountId) -> BigUint {
		self.accounts.get(&who).cloned().unwrap_or_default()
	}

	fn transfer(&mut self, from: AccountId, to: AccountId, amount: &BigUint) {
		*self.accounts.get_mut(&from).unwrap() -= amount;
		*self.accounts.entry(to).or_default() += amount;
	}

	fn score(
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
		entry.members.insert(node, (owner, work * score, None));
	}

	fn settle(&mut self, era: EraIndex) {
		if era < self.oldest || self.eras.entry(era).or_default().settled {
			return;
		}
		let owed: BigUint = self.eras.values().map(|e| &e.released - e.paid()).sum();
		let (reserve, pot) = (Rewards::reserve_account(), Rewards::pot_account());
		let entry = self.eras.get_mut(&era).unwrap();
		entry.settled = true;
		if entry.points() == big(0) {
			return;
		}
		let budget = &self.accounts[&reserve] - ED;
		let wanted = &budget * self.release / 1_000_000_000_000_000_000u64;
		let needed = owed + ED;
		let have = self.accounts.get(&pot).cloned().unwrap_or_default();
		let float = if needed > have { needed - have } else { big(0) };
		let can_give = if budget > float { budget - &float } else { big(0) };
		let released = wanted.min(can_give);
		if released > big(0) {
			entry.released = released.clone();
			self.transfer(reserve, pot, &(released + float));
		}
	}

	fn payable(&self, era: EraIndex, node: NodeId) -> Option<BigUint> {
		let entry = self.eras.get(&era).filter(|e| e.settled && era + self.escrow <= self.now)?;
		let (_, points, paid) = entry.members.get(&node)?;
		let total = entry.points();
		if paid.is_some() || total == big(0) {
			return None;
		}
		Some(&entry.released * points / total).filter(|share| *share > big(0))
	}

	/// Three times out of four a member, the same one more often than not.
	fn pick(&self, pick: u16) -> Option<(EraIndex, NodeId)> {
		let members = self.eras.iter().flat_map(|(era, e)| e.members.keys().map(|n| (*era, *n)));
		let members: Vec<_> = members.collect();
		let index = usize::from(pick / 4).checked_rem(members.len().min(3))?;
		(!pick.is_multiple_of(4)).then(|| members[index])
	}

	/// Pays if it can be paid into the owner's account.
	fn payout(&mut self, era: EraIndex, node: NodeId) -> bool {
		let Some(share) = self.payable(era, node) else { return false };
		let owner = self.eras[&era].members[&node].0;
		if self.balance(owner) + &share < big(ED) {
			return false;
		}
		self.transfer(Rewards::pot_account(), owner, &share);
		self.eras.get_mut(&era).unwrap().members.get_mut(&node).unwrap().2 = Some(share);
		true
	}

	/// The pallet says that it closed every era before `oldest`.
	fn close_up_to(&mut self, oldest: EraIndex) {
		while self.oldest < oldest {
			assert!(self.now - self.oldest > self.history.max(self.escrow), "closed too early");
			if let Some(era) = self.eras.remove(&self.oldest) {
				let rest = &era.released - era.paid();
				if rest > big(0) {
					self.seen.closed_with_rest += 1;
					self.transfer(Rewards::pot_account(), Rewards::reserve_account(), &rest);
				}
			}
			self.oldest += 1;
		}
	}

	fn run(&mut self, op: Op) {
		match op {
			Op::Score { back, node, owner, kbps, stake, score } => {
				let (era, owner) = (self.back(back), 11 + AccountId::from(owner));
				self.score(era, node, owner, (kbps, stake, score));
				let score = BasisPoints::new(score).unwrap();
				Rewards::scored(Scored { era, node, owner, stake, kbps, score });
			}
			Op::Settle { pick, back } => {
				let open = self.eras.iter().find(|(_, e)| !e.settled && !pick.is_multiple_of(4));
				let era = open.map_or(self.back(back), |(era, _)| *era);
				self.settle(era);
				Rewards::era_settled(era);
			}
			Op::Payout { pick, back, node } => {
				let (era, node) = self.pick(pick).unwrap_or((self.back(back), node));
				let payable = self.payable(era, node);
				assert_eq!(Rewards::payable(era, node).map(big), payable);
				let origin = RuntimeOrigin::signed(ANYBODY);
				let member = self.eras.get(&era).and_then(|e| e.members.get(&node));
				self.seen.paid_again += u32::from(member.is_some_and(|(.., paid)| paid.is_some()));
				if self.payout(era, node) {
					self.seen.paid += 1;
					Rewards::payout(origin, era, node).unwrap();
				} else {
					assert_storage_noop!(assert!(Rewards::payout(origin, era, node).is_err()));
				}
			}
			Op::Wait { eras } => {
				self.now += EraIndex::from(eras);
				go_to_era(self.now);
			}
			Op::Idle { blocks } => {
				for _ in 0..blocks {
					idle();
				}
				self.close_up_to(History::<Test>::get().oldest);
			}
			Op::Donate { to_pot, amount } => {
				let to = if to_pot { Rewards::pot_account() } else { Rewards::reserve_account() };
				let amount = amount.min(balance(ANYBODY) - ED);
				if balance(to) + amount >= ED {
					let keep = Preservation::Preserve;
					<Balances as Mutate<_>>::transfer(&ANYBODY, &to, amount, keep).unwrap();
					self.transfer(ANYBODY, to, &big(amount));
				}
			}
			Op::Terms { release, escrow, history, price } => {
				(self.release, self.escrow, self.history, self.price) =
					(release, escrow, history, price);
				ReleasePerEra::set(Perquintill::from_parts(release));
				EscrowEras::set(escrow);
				HistoryEras::set(history);
				StakePerMbps::set(price);
			}
		}
	}

	/// Storage says the same as the model, to the planck.
	fn compare(&self) {
		for (who, expected) in &self.accounts {
			assert_eq!(big(balance(*who)), *expected, "balance of {who}");
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
			for (node, (_, points, paid)) in &entry.members {
				let pay = Rewards::node_pay(*era, *node).unwrap();
				assert_eq!((big(pay.points), pay.paid.map(big)), (points.clone(), paid.clone()));
			}
		}
		Rewards::do_try_state().unwrap();
	}
}

#[test]
fn storage_follows_the_model() {
	// Always the same cases; `PROPTEST_CASES` asks for more of them.
	let config = ProptestConfig {
		rng_seed: RngSeed::Fixed(2_609),
		source_file: Some(file!()),
		..Default::default()
	};
	let cases = config.cases;
	let seen = RefCell::new(Seen::default());
	let run = |ops| {
		ExtBuilder::default().build_and_execute(|| {
			let mut model = Model::new(DTEL);
			let issued = Balances::total_issuance();
			// Terms are thread-local and outlive a case.
			model.run(Op::Terms {
				release: model.release,
				escrow: model.escrow,
				history: model.history,
				price: model.price,
			});
			go_to_era(0);
			for op in ops {
				model.run(op);
				model.compare();
				assert_eq!(Balances::total_issuance(), issued);
			}
			let mut seen = seen.borrow_mut();
			seen.late += model.seen.late;
			seen.paid += model.seen.paid;
			seen.paid_again += model.seen.paid_again;
			seen.closed_with_rest += model.seen.closed_with_rest;
		});
		Ok(())
	};
	TestRunner::new(config).run(&prop::collection::vec(op(), 1..120), run).unwrap();
	let Seen { late, paid, paid_again, closed_with_rest } = seen.into_inner();
	println!("{late} late scores, {paid} paid, {paid_again} again, {closed_with_rest} closed");
	let least = late.min(paid).min(paid_again).min(closed_with_rest);
	assert!(least >= cases / 4, "the histories hardly touch what they are for");
}
