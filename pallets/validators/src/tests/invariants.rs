//! Random histories against a model that knows everybody and sorts naively.

use crate::mock::*;
use dtel_primitives::Balance;
use proptest::{
	prelude::*,
	test_runner::{RngSeed, TestRunner},
};
use std::collections::{BTreeMap, BTreeSet};

/// What can happen.
#[derive(Clone, Debug)]
enum Op {
	Validate { who: u8 },
	Resign { who: u8 },
	Remove { who: u8 },
	Stake { who: u8, floors: u8 },
	Keys { who: u8, has: bool },
	Jail { who: u8, jailed: bool },
	Offend { who: u8, percent: u8 },
	Rotate,
	Sizes { wanted: u32, minimum: u32 },
}

fn op() -> impl Strategy<Value = Op> {
	let who = || 0..14u8;
	prop_oneof![
		8 => who().prop_map(|who| Op::Validate { who }),
		1 => who().prop_map(|who| Op::Resign { who }),
		2 => who().prop_map(|who| Op::Remove { who }),
		4 => (who(), 0..5u8).prop_map(|(who, floors)| Op::Stake { who, floors }),
		2 => (who(), any::<bool>()).prop_map(|(who, has)| Op::Keys { who, has }),
		2 => (who(), any::<bool>()).prop_map(|(who, jailed)| Op::Jail { who, jailed }),
		3 => (who(), 0..=100u8).prop_map(|(who, percent)| Op::Offend { who, percent }),
		5 => Just(Op::Rotate),
		1 => (1..=8u32, 1..=4u32).prop_map(|(wanted, minimum)| {
			Op::Sizes { wanted: wanted.max(minimum), minimum }
		}),
	]
}

/// Whom a number means: two validators of genesis, or an operator.
fn account(who: u8) -> AccountId {
	match who {
		0 | 1 => 101 + u64::from(who),
		who => u64::from(who),
	}
}

/// All that there is to know, in the plainest form.
#[derive(Default)]
struct Model {
	/// In the order in which they asked.
	list: Vec<AccountId>,
	/// Struck, in order, and for which part.
	out: Vec<(AccountId, u8)>,
	/// Whom the last choice left out for it.
	left_out: Vec<AccountId>,
	seated: Vec<AccountId>,
	elected: bool,
}

fn able(who: AccountId) -> bool {
	Keys::get().contains(&who) && !Jailed::get().contains(&who) && worth(who) >= FLOOR
}

fn worth(who: AccountId) -> Balance {
	Stakes::get().get(&who).map_or(0, |(_, stake)| *stake)
}

impl Model {
	fn validate(&mut self, who: AccountId) -> bool {
		if self.list.contains(&who) || !able(who) {
			return false;
		}
		if self.list.len() == MaxCandidates::get() as usize {
			// The last of the lowest.
			let rank = |who: &AccountId| able(*who).then(|| worth(*who));
			let lowest = self.list.iter().map(rank).min().unwrap();
			if lowest.is_some_and(|least| least >= worth(who)) {
				return false;
			}
			let at = self.list.iter().rposition(|other| rank(other) == lowest).unwrap();
			self.list.remove(at);
		}
		self.list.push(who);
		true
	}

	fn founders(&self) -> Vec<AccountId> {
		let free = |who: &AccountId| {
			Keys::get().contains(who)
				&& !Jailed::get().contains(who)
				&& !self.out.iter().any(|(out, _)| out == who)
		};
		FOUNDERS.into_iter().filter(free).collect()
	}

	fn leave(&mut self, who: AccountId, allowed: bool) -> bool {
		let was = self.list.contains(&who) && allowed;
		if was {
			self.list.retain(|other| *other != who);
		}
		was
	}

	fn rotate(&mut self) {
		// The list is in the order of arrival, and sorting keeps it among equals.
		let mut best: Vec<AccountId> =
			self.list.iter().filter(|who| able(**who)).copied().collect();
		best.sort_by_key(|who| std::cmp::Reverse(worth(*who)));
		let third = best.len().min(Wanted::get() as usize).div_ceil(3);
		let mut gravest = self.out.clone();
		gravest.retain(|(who, _)| best.contains(who));
		gravest.sort_by_key(|(_, percent)| std::cmp::Reverse(*percent));
		gravest.truncate(third);
		best.retain(|who| !gravest.iter().any(|(out, _)| out == who));
		let mut set: Vec<AccountId> = best.into_iter().take(Wanted::get() as usize).collect();
		set.sort_unstable();
		let minimum = Minimum::get() as usize;
		let kept = self.seated.iter().filter(|who| Keys::get().contains(who)).count();
		let needed = match self.elected {
			true => minimum.min(kept + 1),
			false => minimum.max(self.founders().len()),
		};
		self.left_out = gravest.into_iter().map(|(who, _)| who).collect();
		if set.len() >= needed {
			self.elected = true;
			self.seated = set;
		} else if !self.elected {
			let founders = self.founders();
			if founders.len() >= Minimum::get() as usize {
				self.seated = founders;
			}
		}
		self.out.clear();
	}
}

fn run(ops: Vec<Op>) {
	ExtBuilder.build_and_execute(|| {
		let mut model = Model { seated: FOUNDERS.to_vec(), ..Model::default() };
		for op in ops {
			step(&mut model, op);
			let list: BTreeSet<_> = model.list.iter().copied().collect();
			assert_eq!(listed(), list);
			assert_eq!(Seated::get(), model.seated);
			// Places are in the order of arrival.
			let places: BTreeMap<u64, AccountId> =
				crate::Candidates::<Test>::iter().map(|(who, place)| (place, who)).collect();
			assert_eq!(places.into_values().collect::<Vec<_>>(), model.list);
			Validators::do_try_state().unwrap();
		}
	});
}

fn step(model: &mut Model, op: Op) {
	match op {
		Op::Validate { who } => {
			let who = account(who);
			let result = validate(who);
			assert_eq!(result.is_ok(), model.validate(who), "{result:?}");
		}
		Op::Resign { who } => {
			let who = account(who);
			assert_eq!(resign(who).is_ok(), model.leave(who, true));
		}
		Op::Remove { who } => {
			let who = account(who);
			assert_eq!(remove(who).is_ok(), model.leave(who, !able(who)));
		}
		Op::Stake { who, floors } => stake(account(who), FLOOR / 2 * Balance::from(floors)),
		Op::Keys { who, has } => {
			keys(account(who), has);
		}
		Op::Jail { who, jailed } => {
			jail(account(who), jailed);
		}
		Op::Offend { who, percent } => {
			let who = account(who);
			Disabled::take();
			offend(who, percent.into());
			let seated = model.seated.contains(&who);
			assert_eq!(!Disabled::take().is_empty(), seated, "at once, if it has a seat");
			if seated || model.list.contains(&who) {
				match model.out.iter_mut().find(|(out, _)| *out == who) {
					Some((_, most)) => *most = percent.max(*most),
					None => model.out.push((who, percent)),
				}
			}
		}
		Op::Rotate => {
			Disabled::take();
			let out: BTreeSet<_> = model.out.iter().map(|(who, _)| *who).collect();
			let before = model.seated.clone();
			rotate();
			model.rotate();
			let disabled: BTreeSet<_> = Disabled::take().into_iter().map(|(who, _)| who).collect();
			for who in out.iter().filter(|who| before.contains(who)) {
				assert!(disabled.contains(who), "as long as it has a seat");
			}
			assert!(!model.seated.is_empty());
			if model.seated != before {
				assert!(model.seated.iter().all(|who| !model.left_out.contains(who)), "replaced");
			}
		}
		Op::Sizes { wanted, minimum } => {
			Wanted::set(wanted);
			Minimum::set(minimum);
		}
	}
}

#[test]
fn sets_are_those_of_the_model_in_every_history() {
	let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(512);
	let config =
		ProptestConfig { cases, rng_seed: RngSeed::Fixed(0x5ea7), ..ProptestConfig::default() };
	TestRunner::new(config)
		.run(&prop::collection::vec(op(), 100..160), |ops| {
			run(ops);
			Ok(())
		})
		.unwrap();
}
