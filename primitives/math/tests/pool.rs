//! Random histories of two pools against a model that forgets nothing, merges nothing and computes with exact
//! fractions: it looks at each lot for each slash and for each reward.
//!
//! Amounts are multiples of a power of two and slashes take quarters, so that no division has a rest: what
//! pools and model take has to be the same to the planck. Rounding is tested beside
//! [`dtel_math::pool::Factor`].

#[path = "pool/rules.rs"]
mod rules;

use dtel_math::pool::{Book, Checkpoint, PoolError, Position, Slashes, Source, Surroundings};
use num_bigint::BigUint;
use proptest::{
	prelude::*,
	test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use sp_arithmetic::Perbill;
use std::collections::BTreeMap;

const UNBONDING: u32 = 6;
const PAGE: u32 = 4;
const POOLS: usize = 2;
const MEMBERS: usize = 4;
/// Amounts are whole multiples of this.
const COIN: u128 = 1 << 48;
/// Most slashes of a history: together they divide by less than a coin.
const SLASHES: u32 = 20;
/// Bits of a fraction in the model.
const BITS: u32 = 256;

/// For which stake a pool answers is the same question for its own stake and for stake that was moved from it. What
/// left in the era in which it joined was in no snapshot.
fn answers(joined: u32, left: Option<u32>, era: u32) -> bool {
	joined < era && left.is_none_or(|left| joined < left && era <= left + 1)
}

/// Stake with one history.
#[derive(Clone, Debug)]
struct Lot {
	pool: usize,
	member: usize,
	amount: u128,
	/// Its weight in rewards from an era on: what is taken of it in an era changes no era before that one.
	weights: BTreeMap<u32, u128>,
	/// Quarters that are left of it, for each slash since its owner last came.
	pending: Vec<u32>,
	joined: u32,
	since: u32,
	left: Option<u32>,
	origin: Option<(usize, u32, u32)>,
}

impl Lot {
	fn weight(&self, era: u32) -> u128 {
		self.weights.range(..=era).next_back().map_or(0, |(_, weight)| *weight)
	}
}

#[derive(Default)]
struct Model {
	lots: Vec<Lot>,
	/// What a member of a pool is owed.
	owed: BTreeMap<(usize, usize), BigUint>,
}

impl Model {
	fn of(&self, pool: usize, member: usize) -> impl Iterator<Item = &Lot> {
		self.lots.iter().filter(move |lot| lot.pool == pool && lot.member == member)
	}

	fn active(&self, pool: usize, member: usize) -> u128 {
		self.of(pool, member).filter(|lot| lot.left.is_none()).map(|lot| lot.amount).sum()
	}

	fn slash(&mut self, pool: usize, era: u32, kept: u32, closed: [Option<u32>; POOLS]) {
		for lot in &mut self.lots {
			let here = lot.pool == pool && answers(lot.joined, lot.left.or(closed[lot.pool]), era);
			let there = lot.origin.is_some_and(|(from, joined, left)| {
				from == pool && answers(joined, Some(left), era)
			});
			// Stake that was moved away and back answers once for each time.
			for _ in 0..u32::from(here) + u32::from(there) {
				lot.pending.push(kept);
			}
		}
	}

	/// Takes what has to be taken, and says how much.
	fn touch(&mut self, pool: usize, member: usize, now: u32) -> u128 {
		let mut taken = 0;
		let lots = self.lots.iter_mut().filter(|lot| lot.pool == pool && lot.member == member);
		for lot in lots {
			for kept in std::mem::take(&mut lot.pending) {
				let left = lot.amount / 4 * u128::from(kept);
				assert_eq!(lot.amount % 4, 0, "the test's amounts divide");
				taken += lot.amount - left;
				let weight = lot.weight(now);
				lot.weights.insert(now, weight - (lot.amount - left).min(weight));
				lot.amount = left;
			}
		}
		taken
	}

	fn active_lots(
		&self,
		pool: usize,
		era: u32,
		closed: Option<u32>,
	) -> impl Iterator<Item = &Lot> {
		self.lots.iter().filter(move |lot| {
			let ended = lot.left.or(closed);
			lot.pool == pool && lot.since < era && ended.is_none_or(|end| end > era)
		})
	}

	fn units(&self, pool: usize, era: u32, closed: Option<u32>) -> u128 {
		self.active_lots(pool, era, closed).map(|lot| lot.weight(era)).sum()
	}

	fn credit(&mut self, pool: usize, era: u32, amount: u128, closed: Option<u32>) {
		let all = self.units(pool, era, closed);
		let shares: Vec<(usize, BigUint)> = self
			.active_lots(pool, era, closed)
			.map(|lot| {
				let share = ((BigUint::from(amount) * lot.weight(era)) << BITS) / all;
				(lot.member, share)
			})
			.collect();
		for (member, share) in shares {
			*self.owed.entry((pool, member)).or_default() += share;
		}
	}

	/// The last lots of a member, of at least this much in all, split so that it is exactly that.
	fn last(
		&mut self,
		(pool, member): (usize, usize),
		amount: u128,
		gone: bool,
		(credited, window): (u32, u32),
	) -> Vec<usize> {
		let mut order: Vec<usize> = (0..self.lots.len())
			.filter(|i| {
				let lot = &self.lots[*i];
				lot.pool == pool
					&& lot.member == member
					&& lot.amount > 0
					&& lot.left.is_some() == gone
			})
			.collect();
		// What joined last, or what left last, goes first; of those alike the one with the later history.
		order.sort_by_key(|i| {
			let lot = &self.lots[*i];
			let origin = lot.origin.filter(|(_, _, left)| left + 1 >= window);
			let origin = origin.map(|(_, joined, left)| (left, joined));
			let joined = lot.joined.max(window - 1);
			std::cmp::Reverse((lot.left, lot.since.max(credited), origin, joined, *i))
		});
		let (mut missing, mut out) = (amount, Vec::new());
		for i in order {
			if missing == 0 {
				break;
			}
			let lot = &mut self.lots[i];
			if lot.amount > missing {
				let mut rest = lot.clone();
				rest.amount -= missing;
				for (era, weight) in &mut lot.weights {
					let part = rest.amount.min(*weight);
					rest.weights.insert(*era, part);
					*weight -= part;
				}
				lot.amount = missing;
				self.lots.insert(i, rest);
				out.iter_mut().filter(|j| **j >= i).for_each(|j| *j += 1);
				missing = 0;
				out.push(i + 1);
			} else {
				missing -= lot.amount;
				out.push(i);
			}
		}
		assert_eq!(missing, 0);
		out
	}
}

struct Pool {
	book: Book,
	slashes: Slashes,
	closed: Option<u32>,
	stored: BTreeMap<u32, Checkpoint>,
	positions: BTreeMap<usize, Position<usize>>,
	credited: u128,
	credits: u128,
	paid: u128,
}

struct World {
	now: u32,
	pools: Vec<Pool>,
	slashes: u32,
	model: Model,
	done: BTreeMap<&'static str, u32>,
	/// Whether positions have room for all that they earned.
	roomy: bool,
	/// What the last touch paid and took.
	last: (u128, u128),
}

#[derive(Clone, Debug)]
enum Op {
	Join(usize, usize, u128),
	Leave(usize, usize, u8),
	Rejoin(usize, usize, u8),
	Move(usize, usize, u8),
	Withdraw(usize, usize),
	Touch(usize, usize),
	Slash(usize, u32, u32),
	Credit(usize, u32, u128),
	Pass(usize),
	Flush(usize),
	Close(usize),
	NextEra,
}

fn op() -> impl Strategy<Value = Op> {
	let at = || (0..POOLS, 0..MEMBERS);
	let coins = prop_oneof![1u128..1 << 10, 1u128..1 << 36];
	let part = || prop_oneof![3 => 1u8..=255, 1 => Just(255u8)];
	prop_oneof![
		12 => (at(), coins).prop_map(|((p, m), a)| Op::Join(p, m, a * COIN)),
		8 => (at(), part()).prop_map(|((p, m), f)| Op::Leave(p, m, f)),
		4 => (at(), part()).prop_map(|((p, m), f)| Op::Rejoin(p, m, f)),
		4 => (at(), part()).prop_map(|((p, m), f)| Op::Move(p, m, f)),
		4 => at().prop_map(|(p, m)| Op::Withdraw(p, m)),
		4 => at().prop_map(|(p, m)| Op::Touch(p, m)),
		6 => (0..POOLS, 0..UNBONDING - 1, 0u32..4).prop_map(|(p, n, f)| Op::Slash(p, n, f)),
		12 => (0..POOLS, 1u32..3, 1u128..1 << 90).prop_map(|(p, n, a)| Op::Credit(p, n, a)),
		2 => (0..POOLS).prop_map(Op::Pass),
		6 => (0..POOLS).prop_map(Op::Flush),
		1 => (0..POOLS).prop_map(Op::Close),
		20 => Just(Op::NextEra),
	]
}

type Does<'a, R> = dyn FnOnce(&mut Position<usize>, &mut Surroundings<usize>, &mut Vec<u32>) -> Result<R, PoolError>
	+ 'a;

impl World {
	fn new() -> Self {
		let pool = |_| Pool {
			book: Book::new(1),
			slashes: Slashes::default(),
			closed: None,
			stored: BTreeMap::new(),
			positions: BTreeMap::new(),
			credited: 0,
			credits: 0,
			paid: 0,
		};
		Self {
			now: 1,
			pools: (0..POOLS).map(pool).collect(),
			slashes: 0,
			model: Model::default(),
			done: BTreeMap::new(),
			roomy: true,
			last: (0, 0),
		}
	}

	fn closed(&self) -> [Option<u32>; POOLS] {
		std::array::from_fn(|i| self.pools[i].closed)
	}

	/// Brings a position up to date and does something with it: all of it is written, or nothing.
	fn with<R>(&mut self, at: usize, member: usize, does: Box<Does<R>>) -> Result<R, PoolError> {
		let all: Vec<Slashes> = self.pools.iter().map(|pool| pool.slashes.clone()).collect();
		let window = self.window();
		let pool = &mut self.pools[at];
		let mut book = pool.book.clone();
		let fresh = Position::new(&book);
		let mut position = pool.positions.get(&member).cloned().unwrap_or(fresh);
		let stored = |era: u32| pool.stored.get(&era).and_then(|c| c.index);
		let mut around = Surroundings {
			book: &mut book,
			slashes: &pool.slashes,
			closed: pool.closed,
			now: self.now,
			window,
			stored: &stored,
			slashes_of: &|pool: &usize| all[*pool].clone(),
		};
		let before = position.total();
		let mut touched = position.touch(&mut around)?;
		assert_eq!(position.total(), before - touched.slashed);
		let result = does(&mut position, &mut around, &mut touched.released)?;

		for era in touched.released {
			let checkpoint = pool.stored.get_mut(&era).expect("what is released is kept");
			checkpoint.refs -= 1;
			if checkpoint.refs == 0 {
				pool.stored.remove(&era);
			}
		}
		pool.book = book;
		pool.paid += touched.reward;
		if position.is_empty() {
			pool.positions.remove(&member);
		} else {
			pool.positions.insert(member, position);
		}
		self.last = (touched.reward, touched.slashed);
		assert_eq!(self.model.touch(at, member, self.now), touched.slashed, "slashed");
		let owed = self.model.owed.remove(&(at, member)).unwrap_or_default();
		let paid = BigUint::from(touched.reward) << BITS;
		// The index is rounded down in its 64th binary place, for each credit and each of at most 2^92 units.
		let slack = BigUint::from((pool.credits + 1) << (92 - 64)) << BITS;
		assert!(!self.roomy || paid <= owed && owed <= paid + slack, "paid {}", touched.reward);
		Ok(result)
	}

	/// The first era whose offences can still be slashed.
	fn window(&self) -> u32 {
		(self.now + 2).saturating_sub(UNBONDING).max(1)
	}

	fn part(&self, of: u128, f: u8) -> u128 {
		if f == 255 {
			of
		} else {
			of / 255 / COIN * u128::from(f) * COIN
		}
	}

	fn note(&mut self, what: &'static str) {
		*self.done.entry(what).or_default() += 1;
	}

	fn run(&mut self, op: &Op) {
		let now = self.now;
		let window = self.window();
		match *op {
			Op::NextEra => self.now += 1,
			Op::Join(at, member, amount) if self.pools[at].closed.is_none() => {
				let done = self.with(
					at,
					member,
					Box::new(|position, around, _| position.join(amount, None, around.book, now)),
				);
				if let Err(e) = done {
					assert_eq!(e, PoolError::Full);
					return;
				}
				self.lot(at, member, amount, None);
				self.note("join");
			}
			Op::Leave(at, member, f) if self.pools[at].closed.is_none() => {
				let amount = self.after_touch(at, member, f, false);
				let done = self.with(
					at,
					member,
					Box::new(|position, around, _| position.leave(amount, around.book, now)),
				);
				if let Err(e) = done {
					assert!(e == PoolError::Full && f != 255, "all can always leave: {e:?}");
					return;
				}
				let edge = (self.pools[at].book.credited(), window);
				for i in self.model.last((at, member), amount, false, edge) {
					self.model.lots[i].left = Some(now);
				}
				self.note("leave");
			}
			Op::Move(at, member, f) if self.closed() == [None; POOLS] => {
				let amount = self.after_touch(at, member, f, false);
				let to = 1 - at;
				let before = self.pools[at].positions.get(&member).map(|p| p.entries().len());
				let room = self.pools[to].positions.get(&member).map_or(0, |p| p.entries().len());
				// A call would be undone as a whole: here it is not begun.
				if amount == 0 || before.unwrap_or(0) + room > 31 {
					return;
				}
				let done = self.with(
					at,
					member,
					Box::new(|position, around, _| {
						position.move_out(amount, &at, around.book, now)
					}),
				);
				let Ok(parts) = done else { return };
				assert_eq!(parts.iter().map(|(part, _)| part).sum::<u128>(), amount);
				let edge = (self.pools[at].book.credited(), window);
				for i in self.model.last((at, member), amount, false, edge) {
					let lot = &mut self.model.lots[i];
					let over = |(_, _, left)| left + 1 < window;
					assert!(lot.origin.is_none_or(over), "bound stake was moved");
					lot.left = Some(now);
					let (part, joined) = (std::mem::take(&mut lot.amount), lot.joined);
					self.lot(to, member, part, Some((at, joined, now)));
				}
				for (part, source) in parts {
					self.join_moved(to, member, part, source);
				}
				self.note("move");
			}
			Op::Rejoin(at, member, f) if self.pools[at].closed.is_none() => {
				let amount = self.after_touch(at, member, f, true);
				let done = self.with(
					at,
					member,
					Box::new(|position, around, _| position.rejoin(amount, around)),
				);
				if let Err(e) = done {
					assert_eq!(e, PoolError::Full);
					return;
				}
				let edge = (self.pools[at].book.credited(), window);
				for i in self.model.last((at, member), amount, true, edge) {
					let lot = &mut self.model.lots[i];
					if lot.left != Some(now) {
						let tail = Lot { amount: 0, ..lot.clone() };
						(lot.since, lot.weights) = (now, BTreeMap::from([(0, lot.amount)]));
						lot.left = None;
						self.model.lots.push(tail);
					} else {
						lot.left = None;
					}
				}
				self.note("rejoin");
			}
			Op::Withdraw(at, member) => {
				let out = self
					.with(
						at,
						member,
						Box::new(|position, around, released| {
							Ok(position.withdraw(around, UNBONDING, released))
						}),
					)
					.unwrap();
				let closed = self.pools[at].closed;
				let mut expected = 0;
				for lot in self.model.lots.iter_mut() {
					let ended = lot.left.or(closed).is_some_and(|end| end + UNBONDING <= now);
					if lot.pool == at && lot.member == member && ended {
						expected += std::mem::take(&mut lot.amount);
					}
				}
				assert_eq!(out, expected);
				self.note("withdraw");
			}
			Op::Touch(at, member) => {
				self.with(at, member, Box::new(|_, _, _| Ok(()))).unwrap();
				self.note("touch");
			}
			Op::Slash(at, back, kept) if self.slashes < SLASHES => {
				let Some(era) = now.checked_sub(back) else { return };
				assert!(era + 1 >= window, "{era} {window}");
				let fraction = Perbill::from_rational(4 - kept, 4);
				self.pools[at].slashes.slash(era, fraction).unwrap();
				let closed = self.closed();
				self.model.slash(at, era, kept, closed);
				self.slashes += 1;
				self.note("slash");
			}
			Op::Credit(at, ahead, amount) => {
				let pool = &mut self.pools[at];
				let era = pool.book.credited() + ahead;
				if era >= now {
					return;
				}
				let whole = amount + pool.book.carry();
				match pool.book.credit(era, amount) {
					Ok(()) => {
						pool.credited += amount;
						pool.credits += 1;
						let closed = pool.closed;
						self.model.credit(at, era, whole, closed);
						self.note("credit");
					}
					Err(e) => {
						assert_eq!(e, PoolError::NobodyActive);
						assert_eq!(self.model.units(at, era, pool.closed), 0);
					}
				}
			}
			Op::Pass(at) => self.pools[at].book.pass(now.saturating_sub(4)),
			Op::Flush(at) => {
				let pool = &mut self.pools[at];
				if let Some((_, out)) = pool.book.flush(PAGE) {
					for checkpoint in out {
						let kept = pool
							.stored
							.entry(checkpoint.era)
							.or_insert(Checkpoint { refs: 0, ..checkpoint });
						assert_eq!(kept.index, checkpoint.index);
						kept.refs += checkpoint.refs;
					}
					self.note("flush");
				}
			}
			Op::Close(at) if self.pools[at].closed.is_none() && now > 20 => {
				self.pools[at].book.close(now).unwrap();
				self.pools[at].closed = Some(now);
				self.note("close");
			}
			_ => {}
		}
	}

	/// A part of what a member has, after what slashes took.
	fn after_touch(&mut self, at: usize, member: usize, f: u8, gone: bool) -> u128 {
		self.with(at, member, Box::new(|_, _, _| Ok(()))).unwrap();
		let all = match gone {
			false => self.model.active(at, member),
			true => {
				let gone = self.model.of(at, member).filter(|lot| lot.left.is_some());
				gone.map(|lot| lot.amount).sum()
			}
		};
		self.part(all, f)
	}

	fn lot(&mut self, pool: usize, member: usize, amount: u128, origin: Option<(usize, u32, u32)>) {
		let now = self.now;
		self.model.lots.push(Lot {
			pool,
			member,
			amount,
			weights: BTreeMap::from([(0, amount)]),
			pending: Vec::new(),
			joined: now,
			since: now,
			left: None,
			origin,
		});
	}

	fn join_moved(&mut self, to: usize, member: usize, part: u128, source: Source<usize>) {
		let now = self.now;
		self.with(
			to,
			member,
			Box::new(|position, around, _| position.join(part, Some(source), around.book, now)),
		)
		.unwrap();
	}

	fn check(&self) {
		for (at, pool) in self.pools.iter().enumerate() {
			assert!(pool.book.is_sound() && pool.slashes.is_sound());
			assert!(pool.paid + pool.book.carry() <= pool.credited, "more paid than there is");
			for era in pool.book.credited() + 1..self.now + 3 {
				let units = pool.book.units(era);
				let theirs =
					pool.positions.values().map(|p| p.units(era, pool.closed)).sum::<u128>();
				assert_eq!(units, theirs, "units of era {era}");
				if self.roomy {
					assert_eq!(units, self.model.units(at, era, pool.closed), "units of era {era}");
				}
			}
			assert!(pool.positions.values().all(Position::is_sound));
			for entry in pool.positions.values().flat_map(|p| p.entries()) {
				assert!(entry.units == entry.amount || entry.amount == 0);
			}
			let mut refs: BTreeMap<u32, u32> = BTreeMap::new();
			let own = pool.closed.map(|closed| closed - 1);
			for era in pool.positions.values().flat_map(Position::references).chain(own) {
				*refs.entry(era).or_default() += 1;
			}
			let marks = pool.book.marks().iter().chain(pool.stored.values());
			let mut kept: BTreeMap<u32, u32> = BTreeMap::new();
			for mark in marks {
				*kept.entry(mark.era).or_default() += mark.refs;
			}
			assert_eq!(kept, refs, "boundaries of pool {at}");
		}
	}
}

#[test]
fn pools_agree_with_the_model_in_any_order() {
	let cases = std::env::var("DTEL_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
	// Shorter ones only to find the shortest failure.
	let shortest = if std::env::var("DTEL_SHRINK").is_ok() { 1 } else { 100 };
	let config = Config { cases, failure_persistence: None, ..Config::default() };
	let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[26; 32]);
	let mut runner = TestRunner::new_with_rng(config, rng);
	let mut done: BTreeMap<&'static str, u32> = BTreeMap::new();
	let ran = std::cell::RefCell::new(&mut done);
	runner
		.run(&prop::collection::vec(op(), shortest..160), |ops| {
			let mut world = World::new();
			for op in &ops {
				world.run(op);
				world.check();
			}
			for (what, n) in world.done {
				*ran.borrow_mut().entry(what).or_default() += n;
			}
			Ok(())
		})
		.unwrap();
	// Each kind of operation really happened, many times.
	for what in [
		"join", "leave", "rejoin", "move", "withdraw", "touch", "slash", "credit", "flush", "close",
	] {
		assert!(done.get(what).copied().unwrap_or(0) > cases / 8, "{what}: {done:?}");
	}
}
