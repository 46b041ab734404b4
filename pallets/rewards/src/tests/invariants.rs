//! Random histories against the model.

use super::model::*;
use crate::{mock::*, types::Split, Cleared};
use dtel_math::money::YEAR_MS;
use dtel_primitives::{Balance, BasisPoints, EraIndex, NodeId, DTEL};
use dtel_traits::{Dispute, Payroll, ScoreSink, Scored};
use frame_support::{
	assert_storage_noop,
	traits::{fungible::Mutate, tokens::Preservation},
};
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
		owner: u8,
		kbps: u32,
		stake: Balance,
		score: u16,
		duty: u32,
	},
	Author {
		owner: u8,
		blocks: u8,
	},
	/// Of an era in which something was done that is not settled, or of any.
	Settle {
		pick: u16,
		back: i8,
	},
	/// Of an operator that the model knows, or of whoever it is.
	Payout {
		pick: u16,
		back: i8,
		owner: u8,
	},
	/// As for a payout.
	Disputed {
		pick: u16,
		back: i8,
		owner: u8,
		state: Dispute,
	},
	/// Nobody has stake with an operator any more, or somebody has.
	Stakers {
		owner: u8,
		refuse: bool,
	},
	Wait {
		eras: u8,
	},
	/// With weight to clear, and to look at operators, or not.
	Idle {
		blocks: u8,
		walks: bool,
	},
	/// Stakers take a part of what they got.
	Take {
		percent: u8,
	},
	Donate {
		to_pot: bool,
		amount: Balance,
	},
	Terms(Rules),
}

fn terms() -> impl Strategy<Value = Rules> {
	let yearly = prop_oneof![
		1 => Just(0),
		1 => 1..1_000_000u64,
		8 => 0..=1_000_000_000_000_000_000u64,
	];
	let era_ms = prop_oneof![1 => 1..1_000u64, 8 => 1..YEAR_MS / 10, 1 => Just(u64::MAX)];
	let price = prop_oneof![1 => Just(0), 1 => Just(1), 4 => 1..100 * DTEL];
	let split = prop_oneof![
		2 => Just([8_000, 800, 700, 500]),
		1 => Just([10_000, 0, 0, 0]),
		2 => [0..=5_000u16, 0..=2_500, 0..=2_500].prop_map(|[a, b, c]| [10_000 - a - b - c, a, b, c]),
	];
	(yearly, era_ms, split, 0..4u32, price).prop_map(|(yearly, era_ms, split, escrow, price)| {
		Rules { yearly, era_ms, split, escrow, price }
	})
}

fn op() -> impl Strategy<Value = Op> {
	let back = || -1i8..7;
	// One operator has more nodes than the others.
	let owner = || prop_oneof![1 => Just(0), 1 => 0..3u8];
	let kbps = prop_oneof![1 => Just(0), 8 => 1..50_000u32, 1 => Just(u32::MAX)];
	let stake = prop_oneof![1 => Just(0), 8 => DTEL..1_000 * DTEL, 1 => Just(Balance::MAX)];
	let state = prop_oneof![Just(Dispute::None), Just(Dispute::Open), Just(Dispute::Lost)];
	prop_oneof![
		9 => (back(), owner(), kbps, stake, 0..=10_000u16, 0..6u32).prop_map(
			|(back, owner, kbps, stake, score, duty)| Op::Score {
				back, owner, kbps, stake, score, duty
			}
		),
		4 => (owner(), 1..5u8).prop_map(|(owner, blocks)| Op::Author { owner, blocks }),
		5 => (any::<u16>(), -1i8..4).prop_map(|(pick, back)| Op::Settle { pick, back }),
		9 => (any::<u16>(), back(), 0..4u8)
			.prop_map(|(pick, back, owner)| Op::Payout { pick, back, owner }),
		4 => (any::<u16>(), back(), 0..3u8, state)
			.prop_map(|(pick, back, owner, state)| Op::Disputed { pick, back, owner, state }),
		1 => (0..3u8, any::<bool>()).prop_map(|(owner, refuse)| Op::Stakers { owner, refuse }),
		3 => (1..3u8).prop_map(|eras| Op::Wait { eras }),
		3 => (1..4u8, any::<bool>()).prop_map(|(blocks, walks)| Op::Idle { blocks, walks }),
		1 => (1..=100u8).prop_map(|percent| Op::Take { percent }),
		1 => (any::<bool>(), ED..2 * ED).prop_map(|(to_pot, amount)| Op::Donate { to_pot, amount }),
		1 => terms().prop_map(Op::Terms),
	]
}

fn account(owner: u8) -> AccountId {
	11 + AccountId::from(owner)
}

fn set(rules: &Rules) {
	let Rules { yearly, era_ms, split, escrow, price } = rules.clone();
	let [work, blocks, duty, treasury] = split.map(|part| BasisPoints::new(part).unwrap());
	YearlyRelease::set(Perquintill::from_parts(yearly));
	EraMillis::set(era_ms);
	Parts::set(Split { work, blocks, duty, treasury });
	EscrowEras::set(escrow);
	StakePerMbps::set(price);
}

impl Model {
	fn run(&mut self, op: Op) {
		match op {
			Op::Score { back, owner, kbps, stake, score, duty } => {
				let (era, owner, node) = (self.back(back), account(owner), NodeId::MAX);
				let points = self.score(era, owner, (kbps, stake, score, duty));
				let score = BasisPoints::new(score).unwrap();
				let scored = Scored { era, node, owner, stake, kbps, score, duty };
				assert_eq!(big(Rewards::scored(scored)), points);
			}
			Op::Author { owner, blocks } => {
				for _ in 0..blocks {
					self.author(account(owner));
				}
				authors(account(owner), blocks.into());
			}
			Op::Settle { pick, back } => {
				let open = self.eras.iter().find(|(_, e)| !e.settled && !pick.is_multiple_of(4));
				let era = open.map_or(self.back(back), |(era, _)| *era);
				self.settle(era);
				Rewards::era_settled(era);
			}
			Op::Payout { pick, back, owner } => {
				let anybody = (self.back(back), account(owner));
				let (era, owner) = self.pick(pick).unwrap_or(anybody);
				let payable = self.payable_amount(era, owner);
				assert_eq!(Rewards::payable(era, owner).map(big), payable);
				self.note(era, owner);
				if self.payout(era, owner) {
					payout(era, owner).unwrap();
				} else {
					assert_storage_noop!(assert!(payout(era, owner).is_err()));
				}
			}
			Op::Disputed { pick, back, owner, state } => {
				let anybody = (self.back(back), account(owner));
				let (era, owner) = self.pick(pick).unwrap_or(anybody);
				self.disputes.insert((owner, era), state);
				dispute(owner, era, state);
				// Rewards are told, but for an era that is settled too late.
				if state == Dispute::Lost && !pick.is_multiple_of(3) {
					self.forfeit(era, owner);
					Rewards::forfeit(&owner, era);
				}
			}
			Op::Stakers { owner, refuse } => {
				let owner = account(owner);
				match refuse {
					true => self.refused.insert(owner),
					false => self.refused.remove(&owner),
				};
				Refused::set(self.refused.clone());
			}
			Op::Wait { eras } => {
				self.now += EraIndex::from(eras);
				go_to_era(self.now);
			}
			Op::Idle { blocks, walks } => {
				for _ in 0..blocks {
					if walks {
						self.pass();
						idle();
					} else {
						idle_clearing();
					}
					self.clear_up_to(Cleared::<Test>::get());
				}
			}
			Op::Take { percent } => {
				let amount = self.take(percent);
				stakers_take(amount.try_into().unwrap());
			}
			Op::Donate { to_pot, amount } => {
				let to = if to_pot { STAKERS } else { Rewards::reserve_account() };
				let amount = amount.min(balance(ANYBODY) - ED);
				if balance(to) + amount >= ED {
					let keep = Preservation::Preserve;
					<Balances as Mutate<_>>::transfer(&ANYBODY, &to, amount, keep).unwrap();
					self.transfer(ANYBODY, to, &big(amount));
				}
			}
			Op::Terms(rules) => {
				set(&rules);
				self.rules = rules;
			}
		}
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
	let seen = RefCell::new(BTreeMap::<&str, u32>::new());
	let run = |ops| {
		ExtBuilder::default().build_and_execute(|| {
			let rules = Rules {
				yearly: 1_000_000_000_000_000_000,
				era_ms: YEAR_MS / 100,
				split: [8_000, 800, 700, 500],
				escrow: 1,
				price: 10 * DTEL,
			};
			// Terms are thread-local and outlive a case.
			set(&rules);
			let mut model = Model::new(DTEL, rules);
			let issued = Balances::total_issuance();
			go_to_era(0);
			for op in ops {
				model.run(op);
				model.compare();
				assert_eq!(Balances::total_issuance(), issued);
			}
			for (name, n) in model.seen {
				*seen.borrow_mut().entry(name).or_default() += n;
			}
		});
		Ok(())
	};
	TestRunner::new(config).run(&prop::collection::vec(op(), 1..160), run).unwrap();
	let seen = seen.into_inner();
	println!("{seen:?}");
	let least = seen.values().min().copied().unwrap_or(0);
	assert!(least >= cases / 4, "the histories hardly touch what they are for: {seen:?}");
}
