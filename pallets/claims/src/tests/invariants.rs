//! Random histories against the model.

use super::model::*;
use crate::mock::*;
use dtel_primitives::{
	airdrop::{Plan, Proof},
	Balance, Hash, DTEL,
};
use frame_support::{
	assert_storage_noop,
	traits::{fungible::Mutate, tokens::Preservation},
};
use proptest::{
	prelude::*,
	test_runner::{RngSeed, TestRunner},
};
use sp_runtime::{DispatchError, ModuleError};
use std::{cell::RefCell, collections::BTreeMap};

/// In what a plan differs from its list.
#[derive(Clone, Copy, Debug)]
enum Slip {
	Nothing,
	Amount(i8),
	Leaves(i8),
	Label,
	Root,
}

/// In what a claim differs from the list's.
#[derive(Clone, Copy, Debug)]
enum Forgery {
	Nothing,
	Who(u8),
	Amount(i8),
	Index(i8),
	Longer,
	Shorter,
	Bit(u8),
	Airdrop(u8),
}

/// What can happen.
#[derive(Clone, Debug)]
enum Op {
	Create {
		amounts: Vec<Balance>,
		large: bool,
		slip: Slip,
		notice: i8,
		window: i16,
		end: Option<i8>,
		short: bool,
	},
	/// Of an airdrop that is kept, or of whatever number.
	Claim {
		pick: u8,
		place: u16,
		forgery: Forgery,
	},
	Close {
		pick: u8,
	},
	Cancel {
		pick: u8,
	},
	Prune {
		pick: u8,
		limit: u32,
	},
	Wait {
		blocks: u8,
	},
	/// To the account of an airdrop, one of the future among them.
	Donate {
		airdrop: u8,
		amount: Balance,
	},
	/// A claimant sends what it has away.
	Spend {
		who: u8,
		all: bool,
	},
}

fn op() -> impl Strategy<Value = Op> {
	let amount = prop_oneof![
		1 => Just(1),
		1 => Just(ED - 1),
		1 => Just(MIN_GRANT - 1),
		1 => ED..DTEL,
		4 => DTEL..100 * DTEL,
	];
	let slip = prop_oneof![
		24 => Just(Slip::Nothing),
		1 => (-2..3i8).prop_map(Slip::Amount),
		1 => (-2..3i8).prop_map(Slip::Leaves),
		1 => Just(Slip::Label),
		1 => Just(Slip::Root),
	];
	let forgery = prop_oneof![
		24 => Just(Forgery::Nothing),
		1 => (0..12u8).prop_map(Forgery::Who),
		1 => (-2..3i8).prop_map(Forgery::Amount),
		1 => (-9..10i8).prop_map(Forgery::Index),
		1 => Just(Forgery::Longer),
		1 => Just(Forgery::Shorter),
		1 => any::<u8>().prop_map(Forgery::Bit),
		1 => any::<u8>().prop_map(Forgery::Airdrop),
	];
	let window = prop_oneof![1 => -25..0i16, 12 => 0..20i16, 1 => 975..990i16];
	let end = prop::option::of(-1..9i8);
	let notice = prop_oneof![1 => -3..0i8, 8 => 0..4i8];
	let short = prop::bool::weighted(0.1);
	let large = prop::bool::weighted(0.15);
	let plan = (prop::collection::vec(amount, 1..12), large, slip, notice, window, end, short);
	prop_oneof![
		8 => plan.prop_map(|(amounts, large, slip, notice, window, end, short)| Op::Create {
			amounts, large, slip, notice, window, end, short
		}),
		32 => (any::<u8>(), any::<u16>(), forgery)
			.prop_map(|(pick, place, forgery)| Op::Claim { pick, place, forgery }),
		5 => any::<u8>().prop_map(|pick| Op::Close { pick }),
		1 => any::<u8>().prop_map(|pick| Op::Cancel { pick }),
		6 => (any::<u8>(), 0..3u32).prop_map(|(pick, limit)| Op::Prune { pick, limit }),
		12 => (1..8u8).prop_map(|blocks| Op::Wait { blocks }),
		1 => (0..6u8, 1..2 * ED).prop_map(|(airdrop, amount)| Op::Donate { airdrop, amount }),
		2 => (0..6u8, any::<bool>()).prop_map(|(who, all)| Op::Spend { who, all }),
	]
}

/// Those who stand in lists: six, with the chain's own accounts among them.
fn account(n: u8) -> AccountId {
	match n % 8 {
		6 => MODULE,
		7 => Claims::account(2),
		n => AccountId::from(n) + 1,
	}
}

/// The list of a plan; a large one has its accounts over three pages.
fn drop_of(amounts: &[Balance], large: bool, short: bool) -> Listed {
	let count = if large { 4_100 } else { amounts.len() };
	let entry = |n: usize| (account((n * 3 + amounts.len()) as u8), amounts[n % amounts.len()]);
	let list: Vec<_> = (0..count).map(entry).collect();
	let sum: Balance = list.iter().map(|(_, amount)| amount).sum();
	// A list that says its sum is less pays who comes first.
	Listed::with_total("drop", list, if short { sum / 2 + 1 } else { sum })
}

fn name(error: DispatchError) -> String {
	match error {
		DispatchError::Module(ModuleError { message: Some(name), .. }) => name.into(),
		DispatchError::Token(error) => format!("{error:?}"),
		DispatchError::Other(name) => name.into(),
		other => panic!("{other:?}"),
	}
}

/// What the pallet did is what the model says; what is refused changes nothing. Notes what was said.
fn check(seen: &mut Seen, causes: Causes, call: impl FnOnce() -> Result<(), DispatchError>) {
	if causes.is_empty() {
		call().unwrap();
	} else {
		assert_storage_noop!({
			let error = frame_support::storage::with_storage_layer(call).unwrap_err();
			let name = name(error);
			let cause = causes.get(name.as_str());
			let cause = cause.unwrap_or_else(|| panic!("{name} is none of {causes:?}"));
			*seen.entry(cause).or_default() += 1;
		});
	}
}

impl Model {
	fn pick(&self, pick: u8) -> u32 {
		let kept: Vec<_> = self.kept.keys().copied().collect();
		match kept.len() {
			0 => u32::from(pick % 8),
			_ if pick % 16 == 15 => self.next + 3,
			n => kept[usize::from(pick) % n],
		}
	}

	/// What is claimed: an entry of an airdrop's list, or a forgery of it.
	fn said(&self, pick: u8, place: u16, forgery: Forgery) -> (Said, Proof) {
		let airdrop = self.pick(pick);
		let Some(kept) = self.kept.get(&airdrop) else {
			let said = Said { airdrop, index: 0, who: 1, amount: 1, levels: 0, genuine: false };
			return (said, Proof::default());
		};
		let list = &kept.drop.list;
		let index = u32::from(place) % list.len() as u32;
		let (who, amount) = list[index as usize];
		let mut proof = kept.drop.tree.proof(index).unwrap().to_vec();
		let true_proof = proof.clone();
		let mut said = Said { airdrop, index, who, amount, levels: 0, genuine: true };
		match forgery {
			Forgery::Nothing => (),
			Forgery::Who(n) => said.who = account(n),
			Forgery::Amount(by) => said.amount = amount.saturating_add_signed(by.into()),
			Forgery::Index(by) => said.index = index.saturating_add_signed(by.into()),
			Forgery::Longer => proof.push(Hash::zero()),
			Forgery::Shorter => proof.truncate(proof.len().saturating_sub(1)),
			Forgery::Bit(bit) => {
				let at = usize::from(bit) % proof.len().max(1);
				if let Some(hash) = proof.get_mut(at) {
					hash.0[usize::from(bit) / 8] ^= 1 << (bit % 8);
				}
			}
			Forgery::Airdrop(pick) => said.airdrop = self.pick(pick),
		}
		said.levels = proof.len() as u32;
		let same = (said.index, said.who, said.amount) == (index, who, amount);
		said.genuine = same && proof == true_proof && self.is_of(said.airdrop, &kept.drop);
		(said, Proof::try_from(proof).unwrap())
	}

	/// Whether an airdrop is of this very list. Equal lists have equal trees.
	fn is_of(&self, airdrop: u32, drop: &Listed) -> bool {
		let kept = self.kept.get(&airdrop);
		kept.is_some_and(|kept| kept.drop.list == drop.list && kept.drop.tree == drop.tree)
	}

	fn run(&mut self, op: Op) {
		match op {
			Op::Create { amounts, large, slip, notice, window, end, short } => {
				let drop = drop_of(&amounts, large, short);
				let honest_total = drop.total();
				let total = if short { honest_total / 2 + 1 } else { honest_total };
				let opens = (self.now as u32 + 10).saturating_add_signed(notice.into());
				let closes = (opens + 20).saturating_add_signed(window.into());
				let vesting = end.map(|end| vesting(closes.saturating_add_signed(end.into())));
				let vesting = vesting.filter(|terms| terms.end > 8);
				let plan = Plan { amount: total, opens, closes, vesting, ..drop.plan() };
				let (mut made, root) = (plan.clone(), flip(plan.root));
				match slip {
					Slip::Nothing => (),
					Slip::Amount(by) => made.amount = total.saturating_add_signed(by.into()),
					Slip::Leaves(by) => made.leaves = plan.leaves.saturating_add_signed(by.into()),
					Slip::Label => made.label = Default::default(),
					Slip::Root => made.root = root,
				}
				let causes = self.create(&drop, &made, made == plan);
				check(&mut self.seen, causes, || Claims::create(RuntimeOrigin::root(), made));
			}
			Op::Claim { pick, place, forgery } => {
				let (said, proof) = self.said(pick, place, forgery);
				let Said { airdrop, index, who, amount, .. } = said;
				let causes = self.claim(said);
				check(&mut self.seen, causes, || {
					claim(airdrop, index, who, amount, proof).map(|_| ()).map_err(|e| e.error)
				});
			}
			Op::Close { pick } => {
				let airdrop = self.pick(pick);
				let causes = self.close(airdrop);
				check(&mut self.seen, causes, || close(airdrop).map(|_| ()).map_err(|e| e.error));
			}
			Op::Cancel { pick } => {
				let airdrop = self.pick(pick);
				let causes = self.cancel(airdrop);
				check(&mut self.seen, causes, || Claims::cancel(RuntimeOrigin::root(), airdrop));
			}
			Op::Prune { pick, limit } => {
				let airdrop = self.pick(pick);
				let causes = self.prune(airdrop, limit);
				check(&mut self.seen, causes, || {
					prune(airdrop, limit).map(|_| ()).map_err(|e| e.error)
				});
			}
			Op::Wait { blocks } => {
				self.now += u64::from(blocks);
				go_to(self.now as u32);
			}
			Op::Donate { airdrop, amount } => {
				self.pay(ANYBODY, Claims::account(airdrop.into()), amount, true);
			}
			Op::Spend { who, all } => {
				self.pay(AccountId::from(who) + 1, ANYBODY, Balance::MAX, !all);
			}
		}
	}

	fn pay(&mut self, from: AccountId, to: AccountId, most: Balance, live_on: bool) {
		let amount = self.send(from, to, most, live_on);
		if amount > 0 {
			let keep = if live_on { Preservation::Preserve } else { Preservation::Expendable };
			<Balances as Mutate<_>>::transfer(&from, &to, amount, keep).unwrap();
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
		ExtBuilder.build_and_execute(|| {
			let issued = Balances::total_issuance();
			let mut model = Model::new();
			for op in ops {
				model.run(op);
				model.compare();
				Claims::do_try_state().unwrap();
				assert_eq!(Balances::total_issuance(), issued);
			}
			for (name, n) in model.seen {
				*seen.borrow_mut().entry(name).or_default() += n;
			}
		});
		Ok(())
	};
	TestRunner::new(config).run(&prop::collection::vec(op(), 60..160), run).unwrap();
	let seen = seen.into_inner();
	println!("{seen:?}");
	let expected = [
		"AlreadyClosed",
		"AlreadyOpen",
		"AirdropUnknown",
		"AlreadyClaimed",
		"BadProof",
		"BelowMinimum",
		"IndexOutOfRange",
		"NotAReceiver",
		"NotOpenYet",
		"Underfunded",
		"WindowOver",
		"WrongProofLength",
		"cancelled",
		"claimed",
		"closed",
		"created",
		"granted",
		"list is full",
		"pruned",
		"pruned in part",
		"too little",
	];
	for what in expected {
		let n = seen.get(what).copied().unwrap_or(0);
		assert!(n >= cases / 32, "the histories hardly touch what they are for: {what}: {seen:?}");
	}
}
