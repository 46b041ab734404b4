//! What one holder has in one pool.

use super::{
	entry::{alike, end, release_all, resume, reweigh, settle, split, Known},
	past::Past,
	Book, Entry, Factor, PoolError, Slashes, Source,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{Balance, EraIndex};
use scale_info::TypeInfo;
use sp_core::{bounded::BoundedVec, ConstU32};

/// Most entries of a position.
pub const MAX_ENTRIES: u32 = 32;

/// What one holder has in one pool, and up to where it was paid.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Position<Pool> {
	entries: BoundedVec<Entry<Pool>, ConstU32<MAX_ENTRIES>>,
	/// What it still earns of eras that are over, beside what its entries do.
	past: Past,
	/// Rewards of eras up to this one are paid.
	claimed: EraIndex,
	/// The index at that era's end.
	index: u128,
}

/// What a payment found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Paid {
	/// Rewards that are to be paid.
	pub reward: Balance,
	/// Boundaries in storage of their own that are referred to once less, each for every time that it is listed.
	pub released: Vec<EraIndex>,
}

/// What a touch found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Touched {
	/// Rewards that are to be paid.
	pub reward: Balance,
	/// Stake that is to be taken.
	pub slashed: Balance,
	/// What of it other pools took, of active stake, by the era in which that joined this one.
	pub foreign: Vec<(EraIndex, Balance)>,
	/// Boundaries in storage of their own that are referred to once less, each for every time that it is listed.
	pub released: Vec<EraIndex>,
}

/// The pool around a position.
pub struct Surroundings<'a, Pool> {
	/// Units and index.
	pub book: &'a mut Book,
	/// Slashes.
	pub slashes: &'a Slashes,
	/// The era in which the pool closed.
	pub closed: Option<EraIndex>,
	/// The running era.
	pub now: EraIndex,
	/// The first era whose offences can still be slashed.
	pub window: EraIndex,
	/// The index at a boundary in storage of its own.
	pub stored: &'a dyn Fn(EraIndex) -> Option<u128>,
	/// The slashes of the pool from which stake was moved.
	pub slashes_of: &'a dyn Fn(&Pool) -> Slashes,
}

impl<Pool: Clone + PartialEq> Position<Pool> {
	/// A position that has nothing yet.
	pub fn new(book: &Book) -> Self {
		let (claimed, index) = (book.credited(), book.index());
		Self { entries: BoundedVec::new(), past: Past::default(), claimed, index }
	}

	/// Its entries.
	pub fn entries(&self) -> &[Entry<Pool>] {
		&self.entries
	}

	/// Rewards of eras up to this one are paid.
	pub const fn claimed(&self) -> EraIndex {
		self.claimed
	}

	/// Whether nothing is left in it.
	pub fn is_empty(&self) -> bool {
		self.entries.is_empty() && self.past.is_empty()
	}

	/// Whether what it still earns of eras that are over is in order.
	pub fn is_sound(&self) -> bool {
		self.past.is_sound(self.claimed)
	}

	/// Everything: what is held.
	pub fn total(&self) -> Balance {
		self.sum(|_| true)
	}

	/// Whether some of it was moved here and still answers for where it was.
	pub fn is_moved(&self) -> bool {
		self.entries.iter().any(|entry| entry.source.is_some())
	}

	/// What has not left.
	pub fn active(&self) -> Balance {
		self.sum(|entry| entry.left.is_none())
	}

	/// The boundaries to which it refers, each as often as it does.
	pub fn references(&self) -> impl Iterator<Item = EraIndex> + '_ {
		let entries = self.entries.iter().flat_map(|entry| entry.references(self.claimed));
		entries.chain(self.past.references(self.claimed))
	}

	/// Its part of the units that are active throughout an era that is not yet credited.
	pub fn units(&self, era: EraIndex, closed: Option<EraIndex>) -> Balance {
		self.entries
			.iter()
			.filter(|e| e.since < era && e.ended(closed).is_none_or(|end| end > era))
			.fold(self.past.units(era), |sum, entry| sum.saturating_add(entry.units))
	}

	fn sum(&self, of: impl Fn(&Entry<Pool>) -> bool) -> Balance {
		self.entries
			.iter()
			.filter(|entry| of(entry))
			.fold(0, |sum, entry| sum.saturating_add(entry.amount))
	}

	/// Pays what it earned in eras that are credited, whatever slashes took of it since: that counts from the era in which it is
	/// settled on. Costs a pass over its entries.
	pub fn pay(
		&mut self,
		book: &mut Book,
		closed: Option<EraIndex>,
		stored: &dyn Fn(EraIndex) -> Option<u128>,
	) -> Paid {
		let reward = self.earned(book, closed, stored);
		let before = core::mem::replace(&mut self.claimed, book.credited());
		self.index = book.index();
		let claimed = self.claimed;
		let entries = self.entries.iter().flat_map(|entry| entry.references(before));
		let due = entries.chain(self.past.references(before)).filter(|era| *era <= claimed);
		let mut released = Vec::new();
		release_all(book, due, &mut released);
		self.past.pass(claimed);
		Paid { reward, released }
	}

	/// Brings the position up to date: what it earned in eras that are credited, what slashes took of it.
	/// Comes before everything else that is done with it, save paying.
	pub fn touch(&mut self, around: &mut Surroundings<Pool>) -> Result<Touched, PoolError> {
		let Paid { reward, released } = self.pay(around.book, around.closed, around.stored);
		let mut touched = Touched { reward, released, ..Touched::default() };
		let claimed = self.claimed;
		let mut known = Known::new(around.slashes);
		for entry in self.entries.iter_mut() {
			let (own, foreign) = settle(entry, around, &mut known);
			let loss = own.saturating_add(foreign);
			touched.slashed = touched.slashed.saturating_add(loss);
			if foreign > 0 && entry.left.is_none() {
				touched.foreign.push((entry.joined, foreign));
			}
			let past = &mut self.past;
			reweigh(entry, loss, claimed, past, around, &mut touched.released)?;
		}
		self.tidy(around, &mut touched.released);
		Ok(touched)
	}

	/// What it earned and was not paid.
	fn earned(
		&self,
		book: &Book,
		closed: Option<EraIndex>,
		stored: &dyn Fn(EraIndex) -> Option<u128>,
	) -> Balance {
		let index_at = |era: EraIndex| match era {
			_ if era == self.claimed => Some(self.index),
			_ => book.index_at(era).or_else(|| stored(era)),
		};
		let mut sum = self.past.earned(self.claimed, book.credited(), index_at);
		for entry in &self.entries {
			let from = entry.since.max(self.claimed);
			let last = entry.ended(closed).map_or(EraIndex::MAX, |end| end.saturating_sub(1));
			let to = last.min(book.credited());
			if from >= to {
				continue;
			}
			// What did not leave by itself earned until now: nothing is credited after the end of a pool.
			let to = match entry.left {
				Some(_) => index_at(to),
				None => Some(book.index()),
			};
			// Both are kept as long as the entry refers to them.
			let (Some(from), Some(to)) = (index_at(from), to) else { continue };
			sum = sum.saturating_add(Book::earned_floor(entry.units, from, to));
		}
		sum
	}

	/// Drops entries in which nothing is left and which earn no more, and merges those that no offence can
	/// tell apart.
	fn tidy(&mut self, around: &mut Surroundings<Pool>, released: &mut Vec<EraIndex>) {
		let (claimed, closed, window) = (self.claimed, around.closed, around.window);
		let mut kept: Vec<Entry<Pool>> = Vec::new();
		for mut entry in core::mem::take(&mut self.entries) {
			let over = entry.ended(closed).is_some_and(|end| end.saturating_sub(1) <= claimed);
			if entry.amount == 0 && (entry.units == 0 || over || !entry.earns()) {
				release_all(around.book, entry.references(claimed), released);
				continue;
			}
			if self.outlives(&entry, around.book) {
				release_all(around.book, entry.references(claimed), released);
				continue;
			}
			// Slashes for the source are over: what they took is taken.
			if entry.source.as_ref().is_some_and(|source| source.left.saturating_add(1) < window) {
				entry.source = None;
			}
			let twin = kept.iter_mut().find(|other| alike(other, &entry, claimed, closed, window));
			let Some(twin) = twin else {
				kept.push(entry);
				continue;
			};
			release_all(around.book, entry.references(claimed), released);
			twin.amount = twin.amount.saturating_add(entry.amount);
			twin.units = twin.units.saturating_add(entry.units);
			// The later one's factor goes with the later one's era.
			if entry.joined > twin.joined {
				(twin.joined, twin.applied) = (entry.joined, entry.applied);
			}
		}
		kept.sort_by_key(|entry| entry.rank(claimed, window));
		self.entries = BoundedVec::truncate_from(kept);
	}

	/// Keeps what an entry without stake has still to earn, so that the entry need not be. Says no when it has stake, may have some
	/// again, or there is no room.
	fn outlives(&mut self, entry: &Entry<Pool>, book: &mut Book) -> bool {
		let Some(left) = entry.left.filter(|_| entry.amount == 0 && entry.source.is_none()) else {
			return false;
		};
		let from = entry.since.max(self.claimed).saturating_add(1);
		self.past.keep(entry.units, (from, left), self.claimed, book)
	}

	/// Adds stake that earns and answers from the next era on. Comes after a touch.
	pub fn join(
		&mut self,
		amount: Balance,
		source: Option<Source<Pool>>,
		book: &mut Book,
		now: EraIndex,
	) -> Result<(), PoolError> {
		let same = |entry: &&mut Entry<Pool>| {
			let new = entry.joined == now && entry.since == now && entry.left.is_none();
			new && entry.applied == Factor::ONE && entry.source.is_none() && source.is_none()
		};
		match self.entries.iter_mut().find(same) {
			Some(entry) => {
				entry.amount = entry.amount.checked_add(amount).ok_or(PoolError::Overflow)?;
				entry.units = entry.units.checked_add(amount).ok_or(PoolError::Overflow)?;
			}
			None => {
				let entry = Entry {
					amount,
					units: amount,
					joined: now,
					since: now,
					left: None,
					applied: Factor::ONE,
					source,
				};
				for era in entry.references(self.claimed) {
					book.refer(era)?;
				}
				self.entries.try_push(entry).map_err(|_| PoolError::Full)?;
			}
		}
		book.activate(amount, now.saturating_add(1), None)
	}

	/// Takes stake out, what joined last first. What leaves answers for the eras in which it was active until it is
	/// withdrawn. All of it always can leave; a part only if there is room for another entry. Comes after a touch.
	pub fn leave(
		&mut self,
		amount: Balance,
		book: &mut Book,
		now: EraIndex,
	) -> Result<(), PoolError> {
		self.depart(amount, book, now, |_| Ok(()))
	}

	/// Takes stake out that joins another pool at once, what joined last first. What it has still to earn
	/// here stays; for what it answers here, it answers there: each part comes with its source. Refuses
	/// stake that already answers for another pool. Comes after a touch.
	pub fn move_out(
		&mut self,
		amount: Balance,
		pool: &Pool,
		book: &mut Book,
		now: EraIndex,
	) -> Result<Vec<(Balance, Source<Pool>)>, PoolError> {
		let mut parts = Vec::new();
		self.depart(amount, book, now, |entry| {
			if entry.source.is_some() {
				return Err(PoolError::Bound);
			}
			let Entry { joined, applied, .. } = *entry;
			let source = Source { pool: pool.clone(), joined, left: now, applied };
			parts.push((core::mem::take(&mut entry.amount), source));
			Ok(())
		})?;
		Ok(parts)
	}

	/// Ends active entries, the last first, and does something with each.
	fn depart(
		&mut self,
		amount: Balance,
		book: &mut Book,
		now: EraIndex,
		mut each: impl FnMut(&mut Entry<Pool>) -> Result<(), PoolError>,
	) -> Result<(), PoolError> {
		if amount > self.active() {
			return Err(PoolError::Insufficient);
		}
		let claimed = self.claimed;
		let mut missing = amount;
		let mut rest = None;
		for entry in self.entries.iter_mut().rev().filter(|entry| entry.left.is_none()) {
			if missing == 0 {
				break;
			}
			if entry.amount > missing {
				let kept = entry.amount.saturating_sub(missing);
				rest = Some(split(entry, kept));
			}
			missing = missing.saturating_sub(entry.amount);
			end(entry, claimed, book, now)?;
			each(entry)?;
		}
		if let Some(rest) = rest {
			for era in rest.references(claimed) {
				book.refer(era)?;
			}
			self.entries.try_push(rest).map_err(|_| PoolError::Full)?;
		}
		Ok(())
	}

	/// Takes back what left, the last first. It earns from the next era on. Of slashes that are taken from
	/// now on it bears its part as though it had never left. Comes after a touch.
	pub fn rejoin(
		&mut self,
		amount: Balance,
		around: &mut Surroundings<Pool>,
	) -> Result<(), PoolError> {
		let claimed = self.claimed;
		let book = &mut *around.book;
		let mut missing = amount;
		let mut more = Vec::new();
		while missing > 0 {
			let left = self.entries.iter_mut().filter(|entry| entry.amount > 0);
			let latest = left.filter(|entry| entry.left.is_some()).max_by_key(|entry| entry.left);
			let Some(entry) = latest else { return Err(PoolError::Insufficient) };
			if entry.amount > missing {
				let kept = entry.amount.saturating_sub(missing);
				let rest = split(entry, kept);
				for era in rest.references(claimed) {
					book.refer(era)?;
				}
				more.push(rest);
			}
			missing = missing.saturating_sub(entry.amount);
			if let Some(tail) = resume(entry, claimed, book, around.slashes, around.now)? {
				more.push(tail);
			}
		}
		for entry in more {
			self.entries.try_push(entry).map_err(|_| PoolError::Full)?;
		}
		Ok(())
	}

	/// Takes out what has matured: what left, or whose pool closed, `unbonding` eras ago. Comes after a touch.
	pub fn withdraw(
		&mut self,
		around: &mut Surroundings<Pool>,
		unbonding: EraIndex,
		released: &mut Vec<EraIndex>,
	) -> Balance {
		let (closed, now) = (around.closed, around.now);
		let mut sum = 0u128;
		for entry in self.entries.iter_mut() {
			if entry.ended(closed).is_some_and(|end| end.saturating_add(unbonding) <= now) {
				sum = sum.saturating_add(core::mem::take(&mut entry.amount));
			}
		}
		self.tidy(around, released);
		sum
	}
}
