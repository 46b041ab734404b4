//! Random histories against the model.

use super::model::*;
use crate::{mock::*, History};
use dtel_primitives::{Balance, BasisPoints, EraIndex, NodeId, DTEL};
use dtel_traits::{ScoreSink, Scored};
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
	/// Of an operator that the model knows, or of whoever it is.
	Payout {
		pick: u16,
		back: i8,
		owner: u8,
	},
	/// Nobody has stake with an operator any more, or somebody has.
	Stakers {
		owner: u8,
		refuse: bool,
	},
	Wait {
		eras: u8,
	},
	Idle {
		blocks: u8,
	},
	/// Stakers take a part of what they got.
	Take {
		percent: u8,
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
	// One operator has more nodes than the others.
	let owner = prop_oneof![1 => Just(0), 1 => 0..3u8];
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
		9 => (-1i8..7, 0..6u32, owner, kbps, stake, 0..=10_000u16).prop_map(
			|(back, node, owner, kbps, stake, score)| Op::Score {
				back, node, owner, kbps, stake, score
			}
		),
		4 => (any::<u16>(), -1i8..4).prop_map(|(pick, back)| Op::Settle { pick, back }),
		9 => (any::<u16>(), back, 0..4u8)
			.prop_map(|(pick, back, owner)| Op::Payout { pick, back, owner }),
		1 => (0..3u8, any::<bool>()).prop_map(|(owner, refuse)| Op::Stakers { owner, refuse }),
		3 => (1..3u8).prop_map(|eras| Op::Wait { eras }),
		2 => (1..6u8).prop_map(|blocks| Op::Idle { blocks }),
		1 => (1..=100u8).prop_map(|percent| Op::Take { percent }),
		1 => (any::<bool>(), ED..2 * ED).prop_map(|(to_pot, amount)| Op::Donate { to_pot, amount }),
		1 => (release, 0..4u32, 1..6u32, price).prop_map(|(release, escrow, history, price)| {
			Op::Terms { release, escrow, history, price }
		}),
	]
}

impl Model {
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
			Op::Payout { pick, back, owner } => {
				let anybody = (self.back(back), 11 + AccountId::from(owner));
				let (era, owner) = self.pick(pick).unwrap_or(anybody);
				assert_eq!(Rewards::payable(era, owner).map(big), self.payable(era, owner));
				if self.payout(era, owner) {
					payout(era, owner).unwrap();
				} else {
					assert_storage_noop!(assert!(payout(era, owner).is_err()));
				}
			}
			Op::Stakers { owner, refuse } => {
				let owner = 11 + AccountId::from(owner);
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
			Op::Idle { blocks } => {
				for _ in 0..blocks {
					idle();
				}
				self.close_up_to(History::<Test>::get().oldest);
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
			for (name, n) in model.seen.all() {
				*seen.borrow_mut().entry(name).or_default() += n;
			}
		});
		Ok(())
	};
	TestRunner::new(config).run(&prop::collection::vec(op(), 1..120), run).unwrap();
	let seen = seen.into_inner();
	println!("{seen:?}");
	let least = seen.values().min().copied().unwrap_or(0);
	assert!(least >= cases / 4, "the histories hardly touch what they are for: {seen:?}");
}
