//! Random operations of two holders, two grantors and a revoker against the model, with holds, slashes, votes and transfers in between.
//!
//! After each step: the freeze is what the model says, to the planck; what is released was never less and is never more than was vested; what a
//! holder can move is never more than what it has beyond that; issuance is constant; `try_state` holds.
//!
//! `DTEL_SEQUENCES` sets how many sequences run (128 without it).

use super::{
	model::{Grant, Model},
	*,
};
use frame_support::traits::fungible::Inspect;
use num_bigint::BigUint;
use proptest::{
	prelude::*,
	test_runner::{RngSeed, TestRunner},
};
use std::{cell::RefCell, collections::BTreeMap};

const HOLDERS: [AccountId; 2] = [CAROL, NEW];
const GRANTORS: [AccountId; 2] = [ALICE, DAVE];
const REVOKERS: [Option<AccountId>; 3] = [None, Some(BOB), Some(CAROL)];

#[derive(Clone, Debug)]
enum Op {
	Wait {
		blocks: BlockNumber,
	},
	Grant {
		to: usize,
		from: usize,
		amount: Balance,
		terms: usize,
		revoker: usize,
		by_root: bool,
	},
	Claim {
		who: usize,
	},
	Revoke {
		who: usize,
		nth: usize,
		by_root: bool,
	},
	Waive {
		who: usize,
		nth: usize,
	},
	Merge {
		who: usize,
		a: usize,
		b: usize,
	},
	Lift {
		who: usize,
		nth: usize,
	},
	Collect {
		who: usize,
	},
	Hold {
		who: usize,
		amount: Balance,
	},
	Release {
		who: usize,
		amount: Balance,
	},
	Slash {
		who: usize,
		amount: Balance,
	},
	Vote {
		who: usize,
		amount: Balance,
	},
	TransferOut {
		who: usize,
		amount: Balance,
	},
	TransferAll {
		who: usize,
	},
	TransferIn {
		who: usize,
		amount: Balance,
	},
	/// A grantor spends all that it has, or gets it back.
	Empty {
		grantor: usize,
		fill: bool,
	},
}

fn op() -> impl Strategy<Value = Op> {
	let who = 0..2usize;
	let nth = 0..6usize;
	let amount = prop_oneof![1..30u128, 100..2_000u128, 100..200_000u128];
	prop_oneof![
		4 => (1..40u32).prop_map(|blocks| Op::Wait { blocks }),
		4 => (who.clone(), who.clone(), 80..50_000u128, 0..4usize, 0..3usize, any::<bool>()).prop_map(
			|(to, from, amount, terms, revoker, by_root)| Op::Grant { to, from, amount, terms, revoker, by_root }
		),
		3 => who.clone().prop_map(|who| Op::Claim { who }),
		3 => (who.clone(), nth.clone(), any::<bool>()).prop_map(|(who, nth, by_root)| Op::Revoke { who, nth, by_root }),
		1 => (who.clone(), nth.clone()).prop_map(|(who, nth)| Op::Waive { who, nth }),
		4 => (who.clone(), nth.clone(), nth.clone()).prop_map(|(who, a, b)| Op::Merge { who, a, b }),
		1 => (who.clone(), nth).prop_map(|(who, nth)| Op::Lift { who, nth }),
		3 => who.clone().prop_map(|who| Op::Collect { who }),
		3 => (who.clone(), amount.clone()).prop_map(|(who, amount)| Op::Hold { who, amount }),
		2 => (who.clone(), amount.clone()).prop_map(|(who, amount)| Op::Release { who, amount }),
		1 => (who.clone(), amount.clone()).prop_map(|(who, amount)| Op::Slash { who, amount }),
		1 => (who.clone(), 0..50_000u128).prop_map(|(who, amount)| Op::Vote { who, amount }),
		2 => (who.clone(), amount.clone()).prop_map(|(who, amount)| Op::TransferOut { who, amount }),
		1 => who.clone().prop_map(|who| Op::TransferAll { who }),
		2 => (who.clone(), amount).prop_map(|(who, amount)| Op::TransferIn { who, amount }),
		1 => (who, any::<bool>()).prop_map(|(grantor, fill)| Op::Empty { grantor, fill }),
	]
}

/// Terms that begin about now.
fn terms(nth: usize, now: BlockNumber) -> Terms {
	let at_start = BasisPoints::saturating([0, 1_234, 10_000, 500][nth]);
	let start = (now / 50) * 50 + [0, 20, 40, 60][nth];
	let (cliff, length, period) = [(30, 97, 10), (0, 150, 1), (50, 50, 50), (7, 200, 33)][nth];
	Terms { start, cliff: start + cliff, end: start + length, at_start, period }
}

struct World {
	model: Model,
	issuance: Balance,
	done: BTreeMap<String, u32>,
}

fn money(amount: Balance) -> BigUint {
	BigUint::from(amount)
}

impl World {
	fn nth(&self, who: AccountId, nth: usize) -> Option<Grant> {
		let mine: Vec<_> = self.model.of(who).cloned().collect();
		mine.get(nth % mine.len().max(1)).cloned()
	}

	/// What the chain says of an account's grants after they were looked at.
	fn touch(&mut self, who: AccountId) {
		let says = crate::Schedules::<Test>::get(who);
		self.model.touch(who, System::block_number(), &says);
	}

	/// What the chain says was lost of debts is what is missing: no more, and only when it is.
	fn write_off(&mut self, who: AccountId) {
		let has = money(total(who));
		let mut owed = self.model.owed(who);
		for debt in self.model.debts.iter_mut().rev().filter(|debt| debt.0 == who) {
			if owed <= has {
				break;
			}
			let part = (&owed - &has).min(debt.2.clone());
			debt.2 -= &part;
			owed -= part;
		}
		self.model.debts.retain(|debt| debt.2 > BigUint::ZERO);
	}

	fn run(&mut self, op: &Op) {
		let now = System::block_number();
		let name = format!("{op:?}").split(' ').next().unwrap_or_default().to_string();
		if self.apply(op, now) {
			*self.done.entry(name).or_default() += 1;
		}
		self.compare(op);
	}

	/// Says whether it was done.
	fn apply(&mut self, op: &Op, now: BlockNumber) -> bool {
		match *op {
			Op::Wait { blocks } => {
				go_to(now + blocks);
				true
			}
			Op::Grant { to, from, amount, terms: nth, revoker, by_root } => {
				let (to, from, revoker) = (HOLDERS[to], GRANTORS[from], REVOKERS[revoker]);
				let (terms, id) = (terms(nth, now), crate::NextId::<Test>::get());
				let done = if by_root {
					dispatch_root(Call::force_vested_transfer { from, to, amount, terms, revoker })
				} else {
					dispatch(from, Call::vested_transfer { to, amount, terms, revoker })
				};
				if done.is_ok() {
					assert!(amount >= MIN_GRANT);
					let freed = BigUint::ZERO;
					let parts = vec![amount];
					let grant = Grant { id, grantor: from, terms, parts, revoker, freed };
					self.model.grants.push((to, grant));
					self.touch(to);
				}
				done.is_ok()
			}
			Op::Claim { who } => {
				let who = HOLDERS[who];
				let done = dispatch(ANYBODY, Call::claim { who }).is_ok();
				if done {
					self.touch(who);
				}
				done
			}
			Op::Revoke { who, nth, by_root } => self.revoke(HOLDERS[who], nth, by_root),
			Op::Waive { who, nth } => {
				let who = HOLDERS[who];
				let Some(grant) = self.nth(who, nth) else { return false };
				let Some(revoker) = grant.revoker else { return false };
				let done = dispatch(revoker, Call::waive { who, id: grant.id }).is_ok();
				if done {
					for (_, known) in &mut self.model.grants {
						known.revoker = known.revoker.filter(|_| known.id != grant.id);
					}
					self.touch(who);
				}
				done
			}
			Op::Merge { who, a, b } => self.merge(HOLDERS[who], a, b),
			Op::Lift { who, nth } => {
				let who = HOLDERS[who];
				let Some(Grant { id, .. }) = self.nth(who, nth) else { return false };
				let done = dispatch_root(Call::force_lift { who, id }).is_ok();
				if done {
					self.model.grants.retain(|(_, grant)| grant.id != id);
					self.touch(who);
				}
				done
			}
			Op::Collect { who } => self.collect(HOLDERS[who]),
			Op::Hold { who, amount } => hold(HOLDERS[who], amount).is_ok(),
			Op::Release { who, amount } => {
				let before = held(HOLDERS[who]);
				release(HOLDERS[who], amount);
				held(HOLDERS[who]) < before
			}
			Op::Slash { who, amount } => {
				let had = held(HOLDERS[who]);
				let taken = slash_held(HOLDERS[who], amount);
				assert_eq!(taken, amount.min(had), "a freeze stops no slash");
				taken > 0
			}
			Op::Vote { who, amount } => {
				vote_with(HOLDERS[who], amount.min(total(HOLDERS[who])));
				true
			}
			Op::TransferOut { who, amount } => transfer(HOLDERS[who], ANYBODY, amount).is_ok(),
			Op::TransferAll { who } => {
				let call = pallet_balances::Call::transfer_all { dest: ANYBODY, keep_alive: false };
				dispatch(HOLDERS[who], call).is_ok()
			}
			Op::TransferIn { who, amount } => transfer(ANYBODY, HOLDERS[who], amount).is_ok(),
			Op::Empty { grantor, fill } => {
				let grantor = GRANTORS[grantor];
				let (from, to) = if fill { (BOB, grantor) } else { (grantor, BOB) };
				let amount = if fill { liquid(BOB) / 4 } else { liquid(grantor) };
				transfer(from, to, amount).is_ok()
			}
		}
	}

	fn revoke(&mut self, who: AccountId, nth: usize, by_root: bool) -> bool {
		let Some(grant) = self.nth(who, nth) else { return false };
		let Grant { id, grantor, revoker, .. } = grant;
		let had = total(grantor);
		let done = match (by_root, revoker) {
			(true, _) => dispatch_root(Call::force_revoke { who, id }),
			(false, Some(revoker)) => dispatch(revoker, Call::revoke { who, id }),
			(false, None) => return false,
		};
		if done.is_err() {
			// All of it is vested: what nobody looked at yet is the holder's.
			assert_eq!(done, Err(Error::<Test>::NoGrant.into()));
			assert!(grant.vested(System::block_number()).0 >= grant.amount());
			return false;
		}
		let event = events().into_iter().find_map(|event| match event {
			Event::Revoked { returned, owed, .. } => Some((returned, owed)),
			_ => None,
		});
		let (returned, owed) = event.unwrap();
		assert_eq!(total(grantor), had + returned);
		// What is vested stays, and nothing else: neither more nor less goes back.
		let kept = grant.amount() - money(returned) - money(owed);
		let (least, most) = grant.vested(System::block_number());
		assert!(kept >= least.max(grant.freed.clone()) && kept <= most, "{kept} of {grant:?}");
		self.model.grants.retain(|(_, known)| known.id != id);
		self.model.owe(who, grantor, money(owed));
		self.write_off(who);
		self.touch(who);
		true
	}

	fn merge(&mut self, who: AccountId, a: usize, b: usize) -> bool {
		let (Some(a), Some(other)) = (self.nth(who, a), self.nth(who, b)) else { return false };
		// One that is alike, if there is any; otherwise any.
		let like = |grant: &&Grant| {
			grant.id != a.id
				&& (grant.terms, grant.grantor, grant.revoker) == (a.terms, a.grantor, a.revoker)
		};
		let b = self.model.of(who).find(like).cloned().unwrap_or(other);
		let caller = a.revoker.unwrap_or(who);
		let now = System::block_number();
		let done = dispatch(caller, Call::merge { who, id: a.id, other: b.id }).is_ok();
		let alike = a.terms == b.terms && a.grantor == b.grantor && a.revoker == b.revoker;
		let open = [&a, &b].iter().all(|grant| grant.vested(now).0 < grant.amount());
		assert_eq!(done, alike && open && a.id != b.id);
		if done {
			// Up to date first: each apart.
			let says = crate::Schedules::<Test>::get(who);
			let sum = says.iter().find(|s| s.id == a.id).map(|s| money(s.released)).unwrap();
			let bounds = [&a, &b].map(|grant| grant.vested(now));
			let freed = bounds[0].1.clone() + &bounds[1].1;
			assert!(sum <= freed);
			self.model.grants.retain(|(_, grant)| grant.id != b.id);
			for (_, grant) in self.model.grants.iter_mut().filter(|(_, grant)| grant.id == a.id) {
				grant.parts.extend(b.parts.iter().copied());
				grant.freed = &a.freed + &b.freed;
			}
			self.touch(who);
		}
		done
	}

	fn collect(&mut self, who: AccountId) -> bool {
		let before: Vec<_> = GRANTORS.map(total).into();
		let done = dispatch(ANYBODY, Call::collect { who }).is_ok();
		if done {
			for event in events() {
				let Event::Collected { grantor, amount, left, .. } = event else { continue };
				let at = GRANTORS.iter().position(|known| *known == grantor).unwrap();
				assert_eq!(total(grantor), before[at] + amount);
				let debts = &mut self.model.debts;
				let debt = debts.iter_mut().find(|d| d.0 == who && d.1 == grantor).unwrap();
				debt.2 -= money(amount);
				assert_eq!(debt.2, money(left));
			}
			self.model.debts.retain(|debt| debt.2 > BigUint::ZERO);
			self.write_off(who);
			self.touch(who);
		}
		done
	}

	fn compare(&mut self, op: &Op) {
		let now = System::block_number();
		for who in HOLDERS {
			assert_eq!(money(frozen(who)), self.model.frozen(who), "{op:?}: frozen of {who}");
			let debts = self.model.debts.iter().filter(|debt| debt.0 == who);
			let debts: Vec<_> = debts.map(|debt| (debt.1, debt.2.clone())).collect();
			let says: Vec<_> = owed(who).into_iter().map(|(to, n)| (to, money(n))).collect();
			assert_eq!(says, debts, "{op:?}: debts of {who}");
			// What can be moved is at most what there is beyond what is not vested, and what is owed.
			let unvested: BigUint =
				self.model.of(who).map(|grant| grant.amount() - grant.vested(now).1).sum();
			let bound = self.model.owed(who) + unvested + money(liquid(who));
			assert!(
				liquid(who) == 0 || bound <= money(Balances::total_balance(&who)),
				"{op:?}: {who} can move {}",
				liquid(who)
			);
		}
		assert_eq!(Balances::total_issuance(), self.issuance, "{op:?}");
		Vesting::do_try_state().unwrap_or_else(|e| panic!("{op:?}: {e:?}"));
	}

	/// At the end of all grants everything is the holder's, but for what is owed.
	fn finish(&mut self) {
		go_to(System::block_number() + 1_000);
		for who in HOLDERS {
			vote_with(who, 0);
			release(who, Balance::MAX);
			if dispatch(ANYBODY, Call::claim { who }).is_ok() {
				self.touch(who);
			}
			assert_eq!(self.model.of(who).count(), 0, "all is free at the end");
			assert_eq!(money(frozen(who)), self.model.owed(who));
			for grantor in GRANTORS {
				transfer(TREASURY, grantor, ED).unwrap();
			}
			if self.collect(who) || !owed(who).is_empty() {
				assert!(owes(who) <= ED, "only what keeps the account alive is still owed");
			}
		}
		self.compare(&Op::Wait { blocks: 0 });
	}
}

#[test]
fn the_pallet_agrees_with_the_model_in_any_order() {
	let cases = std::env::var("DTEL_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(128);
	let shortest = if std::env::var("DTEL_SHRINK").is_ok() { 1 } else { 60 };
	let config = ProptestConfig {
		cases,
		max_shrink_iters: 2_000,
		rng_seed: RngSeed::Fixed(2_609),
		failure_persistence: None,
		..ProptestConfig::default()
	};
	let done: RefCell<BTreeMap<String, u32>> = RefCell::default();
	let ran = TestRunner::new(config).run(&prop::collection::vec(op(), shortest..160), |ops| {
		ExtBuilder::new().build_and_execute(|| {
			let issuance = Balances::total_issuance();
			let mut world = World { model: Model::default(), issuance, done: BTreeMap::new() };
			for op in &ops {
				world.run(op);
			}
			world.finish();
			for (what, n) in world.done {
				*done.borrow_mut().entry(what).or_default() += n;
			}
		});
		Ok(())
	});
	if let Err(e) = ran {
		panic!("{e}");
	}
	// Each kind of operation was really done, many times.
	let done = done.into_inner();
	for what in [
		"Wait",
		"Grant",
		"Claim",
		"Revoke",
		"Waive",
		"Merge",
		"Lift",
		"Collect",
		"Hold",
		"Release",
		"Slash",
		"Vote",
		"TransferOut",
		"TransferAll",
		"TransferIn",
		"Empty",
	] {
		assert!(done.get(what).copied().unwrap_or(0) > cases / 16, "{what}: {done:?}");
	}
}
