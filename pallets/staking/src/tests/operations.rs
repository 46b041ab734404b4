//! Operations in random order, done by the pallet and by the [`model`](super::model).

use super::{model::*, *};
use crate::{Error, Event};
use dtel_primitives::BasisPoints;
use frame_support::traits::{fungible::Mutate, tokens::Preservation};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Most slashes in a sequence: what is left is still far above the slack.
const SLASHES: u32 = 12;

#[derive(Clone, Debug)]
pub(super) enum Op {
	Bond(usize, Balance),
	BondExtra(usize, Balance),
	Unbond(usize, u32),
	Withdraw(usize, usize),
	Rebond(usize, usize, u32),
	Delegate(usize, usize, Balance),
	DelegateExtra(usize, usize, Balance),
	Undelegate(usize, usize, u32),
	Redelegate(usize, usize, u32),
	Claim(usize, usize),
	ClaimFor(usize, usize),
	Compound(usize, usize),
	Settle(usize, usize),
	Kick(usize, usize),
	Retire(usize),
	SetChilled(usize, bool),
	SetCommission(usize, u16),
	SetCompounding(usize, usize, bool),
	SetPrivate(usize, bool),
	Slash(usize, u32, u32),
	Credit(usize, u32, Balance),
	Eras(u32),
}

pub(super) fn op() -> impl Strategy<Value = Op> {
	let at = || (0..WHO.len(), 0..2usize);
	let pool = || 0..2usize;
	let amount = || prop_oneof![8 => (1..4_096u128).prop_map(|n| n * COIN), 1 => Just(0), 1 => Just(Balance::MAX)];
	// Of 256 parts; 256 is all, 257 too much.
	let part =
		|| prop_oneof![6 => 1..256u32, 3 => Just(256u32), 1 => Just(257u32), 1 => Just(0u32)];
	let slash = prop_oneof![8 => 10_000_000..400_000_000u32, 4 => Just(990_000_000u32), 1 => Just(1_000_000_000u32)];
	prop_oneof![
		5 => (pool(), amount()).prop_map(|(p, a)| Op::Bond(p, a)),
		3 => (pool(), amount()).prop_map(|(p, a)| Op::BondExtra(p, a)),
		3 => (pool(), part()).prop_map(|(p, f)| Op::Unbond(p, f)),
		10 => at().prop_map(|(w, p)| Op::Withdraw(w, p)),
		9 => (at(), part()).prop_map(|((w, p), f)| Op::Rebond(w, p, f)),
		9 => (at(), amount()).prop_map(|((w, p), a)| Op::Delegate(w, p, a)),
		5 => (at(), amount()).prop_map(|((w, p), a)| Op::DelegateExtra(w, p, a)),
		8 => (at(), part()).prop_map(|((w, p), f)| Op::Undelegate(w, p, f)),
		6 => (at(), part()).prop_map(|((w, p), f)| Op::Redelegate(w, p, f)),
		4 => at().prop_map(|(w, p)| Op::Claim(w, p)),
		3 => at().prop_map(|(w, p)| Op::ClaimFor(w, p)),
		3 => at().prop_map(|(w, p)| Op::Compound(w, p)),
		10 => at().prop_map(|(w, p)| Op::Settle(w, p)),
		6 => at().prop_map(|(w, p)| Op::Kick(w, p)),
		1 => (pool(), 0..3u32).prop_map(|(p, n)| if n == 0 { Op::Retire(p) } else { Op::Eras(n) }),
		2 => (pool(), any::<bool>()).prop_map(|(p, c)| Op::SetChilled(p, c)),
		2 => (pool(), 0..3_500u16).prop_map(|(p, r)| Op::SetCommission(p, r)),
		2 => (at(), any::<bool>()).prop_map(|((w, p), c)| Op::SetCompounding(w, p, c)),
		1 => (0..WHO.len(), any::<bool>()).prop_map(|(w, p)| Op::SetPrivate(w, p)),
		4 => (pool(), slash, 0..4u32).prop_map(|(p, f, n)| Op::Slash(p, f, n)),
		14 => (pool(), 1..3u32, 1..1u128 << 60).prop_map(|(p, n, a)| Op::Credit(p, n, a)),
		14 => (1..3u32).prop_map(Op::Eras),
	]
}

pub(super) struct World {
	pub(super) model: Model,
	pub(super) slashes: u32,
	pub(super) issuance: Balance,
	pub(super) done: BTreeMap<String, u32>,
}

impl World {
	pub(super) fn new() -> Self {
		LeastBond::set(BOND);
		LeastDelegation::set(DELEGATION);
		for who in WHO {
			assert_ok!(Balances::transfer(
				&RESERVE,
				&who,
				WEALTH - free(who),
				Preservation::Preserve
			));
		}
		go_to_era(1);
		let model = Model { now: 1, free: WHO.map(|_| exact(WEALTH)), ..Model::default() };
		let mut world =
			Self { model, slashes: 0, issuance: Balances::total_issuance(), done: BTreeMap::new() };
		// So that something happens from the start.
		for p in 0..2 {
			world.run(&Op::Bond(p, 2_000 * COIN));
		}
		for w in 2..WHO.len() {
			world.run(&Op::Delegate(w, w % 2, 1_000 * COIN));
		}
		world
	}

	/// The amount that is a part of what is there, and whether that is all.
	pub(super) fn amount(&self, op: &Op) -> (Balance, bool) {
		let of = |w: usize, p: usize, gone: bool, f: u32| {
			let view = position(WHO[w], WHO[p]);
			let there = view.map_or(0, |v| match gone {
				false => v.active,
				true => v.entries.iter().filter(|e| e.left.is_some()).map(|e| e.amount).sum(),
			});
			match f {
				256 => (there, there > 0),
				257 => (there + (1 << 40), false),
				f => ((there / 256 * Balance::from(f)) >> 40 << 40, false),
			}
		};
		match *op {
			Op::Bond(_, a)
			| Op::BondExtra(_, a)
			| Op::Delegate(_, _, a)
			| Op::DelegateExtra(_, _, a) => (a, false),
			Op::Unbond(p, f) => of(p, p, false, f),
			Op::Undelegate(w, p, f) | Op::Redelegate(w, p, f) => of(w, p, false, f),
			Op::Rebond(w, p, f) => of(w, p, true, f),
			_ => (0, false),
		}
	}

	pub(super) fn call(op: &Op, amount: Balance) -> Option<(usize, Call<Test>)> {
		let rate = |r: u16| BasisPoints::saturating(r.into());
		Some(match *op {
			Op::Bond(p, _) => (p, Call::bond { amount, commission: commission(10, 20, 1) }),
			Op::BondExtra(p, _) => (p, Call::bond_extra { amount }),
			Op::Unbond(p, _) => (p, Call::unbond { amount }),
			Op::Withdraw(w, p) => (w, Call::withdraw { pool: WHO[p] }),
			Op::Rebond(w, p, _) => (w, Call::rebond { pool: WHO[p], amount }),
			Op::Delegate(w, p, _) => (w, Call::delegate { pool: WHO[p], amount }),
			Op::DelegateExtra(w, p, _) => (w, Call::delegate_extra { pool: WHO[p], amount }),
			Op::Undelegate(w, p, _) => (w, Call::undelegate { pool: WHO[p], amount }),
			Op::Redelegate(w, p, _) => {
				(w, Call::redelegate { from: WHO[p], to: WHO[1 - p], amount })
			}
			Op::Claim(w, p) => (w, Call::claim { pool: WHO[p] }),
			Op::ClaimFor(w, p) => (5, Call::claim_for { holder: WHO[w], pool: WHO[p] }),
			Op::Compound(w, p) => (5, Call::compound { holder: WHO[w], pool: WHO[p] }),
			Op::Settle(w, p) => (5, Call::settle { holder: WHO[w], pool: WHO[p] }),
			Op::Kick(w, p) => (5, Call::kick { holder: WHO[w], pool: WHO[p] }),
			Op::Retire(p) => (p, Call::retire {}),
			Op::SetChilled(p, chilled) => (p, Call::set_chilled { chilled }),
			Op::SetCommission(p, r) => (p, Call::set_commission { rate: rate(r) }),
			Op::SetCompounding(w, p, compounds) => {
				(w, Call::set_compounding { pool: WHO[p], compounds })
			}
			Op::SetPrivate(w, private) => (w, Call::set_private { private }),
			_ => return None,
		})
	}

	pub(super) fn run(&mut self, op: &Op) {
		if matches!(op, Op::Slash(..)) && self.slashes >= SLASHES {
			return;
		}
		let (amount, all) = self.amount(op);
		System::reset_events();
		let before = root();
		let result = match (*op).clone() {
			Op::Eras(n) => {
				self.model.now += n;
				go_to_era(self.model.now);
				Ok(())
			}
			Op::Slash(p, parts, ago) => {
				let Some(era) = self.model.now.checked_sub(ago) else { return };
				Staking::slash(&WHO[p], Perbill::from_parts(parts), era);
				let slashed = events().iter().any(|e| matches!(e, Event::Slashed { .. }));
				self.slashes += u32::from(slashed);
				slashed.then_some(()).ok_or(DispatchError::Other("not slashed"))
			}
			Op::Credit(p, ahead, amount) => {
				let credited = pool(WHO[p]).map_or(0, |pool| pool.credited);
				credit(WHO[p], credited + ahead, amount)
			}
			_ => {
				let (who, call) = Self::call(op, amount).unwrap();
				let done = RuntimeCall::Staking(call).dispatch(signed(WHO[who]));
				done.map(|_| ()).map_err(|e| e.error)
			}
		};
		if let Err(e) = result {
			assert_eq!(root(), before, "{op:?} was refused and left something");
			if e == Error::<Test>::TooManyEntries.into() {
				*self.done.entry("full".into()).or_default() += 1;
				return;
			}
		}
		let mut next = self.model.clone();
		next.compounded = events()
			.iter()
			.filter_map(|event| match event {
				Event::Claimed { who, pool, compounded, .. } => {
					let index = |who| WHO.iter().position(|w| w == who);
					Some(((index(who)?, index(pool)?), *compounded))
				}
				_ => None,
			})
			.collect();
		let expected = next.apply(op, amount, all).is_ok();
		assert_eq!(
			expected,
			result.is_ok(),
			"{op:?} of {amount} in {}: {result:?}",
			self.model.now
		);
		if expected {
			self.model = next;
			let name = format!("{op:?}");
			let name = name.split('(').next().unwrap_or_default().to_string();
			*self.done.entry(name).or_default() += 1;
		}
		self.compare(op);
	}
}
