//! The parts of a position: stake with one history.

use super::{
	past::Past, position::Surroundings, slashes::Products, Book, Factor, PoolError, Slashes,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{Balance, EraIndex};
use scale_info::TypeInfo;

/// The pool from which stake was moved, for whose offences it still answers.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Source<Pool> {
	/// The pool.
	pub pool: Pool,
	/// The era in which the stake joined that pool.
	pub joined: EraIndex,
	/// The era in which it left.
	pub left: EraIndex,
	/// What is left of it after the slashes that were taken already.
	pub applied: Factor,
}

impl<Pool> Source<Pool> {
	/// What is left of stake that answered in the source's pool.
	fn left_of(&self, slashes: &Slashes) -> Factor {
		left_of(slashes, self.joined, Some(self.left))
	}
}

/// What is left of stake with these dates. What left in the era in which it joined never counted.
fn left_of(slashes: &Slashes, joined: EraIndex, left: Option<EraIndex>) -> Factor {
	match left {
		Some(left) if left <= joined => Factor::ONE,
		Some(left) => slashes.left_of(joined, left.saturating_add(1)),
		None => slashes.left_of(joined, EraIndex::MAX),
	}
}

/// Stake that joined in one era and, if it left, left in one.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Entry<Pool> {
	/// What is held for it.
	pub amount: Balance,
	/// By how much it takes part in rewards.
	pub units: Balance,
	/// It answers for the eras after this one.
	pub joined: EraIndex,
	/// It earns from the era after this one.
	pub since: EraIndex,
	/// The era in which it left: it earns until the era before, and answers until the era after.
	pub left: Option<EraIndex>,
	/// What is left of it after the slashes that were taken already.
	pub applied: Factor,
	/// Where it was moved from.
	pub source: Option<Source<Pool>>,
}

impl<Pool> Entry<Pool> {
	/// The era in which it left, by itself or with the pool.
	pub(super) fn ended(&self, closed: Option<EraIndex>) -> Option<EraIndex> {
		self.left.or(closed)
	}

	/// Whether there is an era for which it answers.
	fn answers(&self, closed: Option<EraIndex>) -> bool {
		self.ended(closed).is_none_or(|end| end > self.joined)
	}

	/// Whether there is an era throughout which it was active.
	pub(super) fn earns(&self) -> bool {
		self.left.is_none_or(|left| self.since.saturating_add(1) < left)
	}

	/// What is left of stake like this.
	pub(super) fn left_of(&self, slashes: &Slashes, closed: Option<EraIndex>) -> Factor {
		left_of(slashes, self.joined, self.ended(closed))
	}

	/// What is highest leaves first: what earns since the latest, then what was moved here, then what
	/// joined last. What no reward and no offence can tell apart any more ranks alike, so that merging
	/// changes no order.
	pub(super) fn rank(&self, claimed: EraIndex, window: EraIndex) -> impl Ord {
		let source = self.source.as_ref().map(|source| (source.left, source.joined));
		(self.since.max(claimed), source, self.joined.max(window.saturating_sub(1)))
	}

	/// The boundaries of the book to which it refers when its holder was paid up to `claimed`.
	pub(super) fn references(&self, claimed: EraIndex) -> impl Iterator<Item = EraIndex> {
		let last = self.left.map(|left| left.saturating_sub(1));
		let both = [Some(self.since), last];
		let earns = self.earns() && self.units > 0;
		both.into_iter().flatten().filter(move |era| earns && *era > claimed)
	}
}

/// Whether two entries earn and answer alike from now on.
pub(super) fn alike<Pool: PartialEq>(
	a: &Entry<Pool>,
	b: &Entry<Pool>,
	claimed: EraIndex,
	closed: Option<EraIndex>,
	window: EraIndex,
) -> bool {
	let earning = a.since == b.since || a.since.max(b.since) <= claimed;
	// What is only still to be paid stays apart from what can come back: stake has as many units as planck.
	let weighing = (a.amount == 0) == (b.amount == 0);
	// Nothing can be taken of nothing.
	let empty = a.amount == 0 && b.amount == 0;
	let same = a.joined == b.joined && a.applied == b.applied;
	// No offence of an era that one of them does not answer for can be slashed any more.
	let old = a.joined.max(b.joined) < window
		&& a.left.is_none()
		&& a.answers(closed) == b.answers(closed);
	a.left == b.left
		&& earning
		&& weighing
		&& a.source == b.source
		&& (same || empty || (old && a.source.is_none()))
}

pub(super) fn release_all(
	book: &mut Book,
	eras: impl Iterator<Item = EraIndex>,
	released: &mut Vec<EraIndex>,
) {
	released.extend(eras.filter(|era| !book.release(*era)).collect::<Vec<_>>());
}

/// What a touch looks up once for all entries.
pub(super) struct Known<Pool> {
	/// What is left of stake that joined this pool.
	own: Products,
	/// Slashes of other pools.
	others: Vec<(Pool, Slashes)>,
}

impl<Pool> Known<Pool> {
	pub(super) fn new(slashes: &Slashes) -> Self {
		Self { own: slashes.products(), others: Vec::new() }
	}
}

/// Takes what slashes cost since the last time. Returns how much in this pool, and how much in the one it came from.
pub(super) fn settle<Pool: Clone + PartialEq>(
	entry: &mut Entry<Pool>,
	around: &Surroundings<Pool>,
	known: &mut Known<Pool>,
) -> (Balance, Balance) {
	let before = entry.amount;
	let end = entry.ended(around.closed);
	let last = end.map_or(EraIndex::MAX, |end| end.saturating_add(1));
	let quick =
		entry.answers(around.closed).then(|| known.own.left_of(entry.joined, last)).flatten();
	let all = quick.unwrap_or_else(|| entry.left_of(around.slashes, around.closed));
	entry.amount = all.apply_floor(entry.amount, entry.applied);
	entry.applied = all;
	let here = entry.amount;
	if let Some(source) = &mut entry.source {
		if !known.others.iter().any(|(pool, _)| *pool == source.pool) {
			known.others.push((source.pool.clone(), (around.slashes_of)(&source.pool)));
		}
		let slashes = known.others.iter().find(|(pool, _)| *pool == source.pool);
		let all = slashes.map_or(source.applied, |(_, slashes)| source.left_of(slashes));
		entry.amount = all.apply_floor(entry.amount, source.applied);
		source.applied = all;
	}
	(before.saturating_sub(here), here.saturating_sub(entry.amount))
}

/// Lowers the part in rewards from the running era on by what was lost. Eras before it were earned with all of it: what
/// is lost stays in `past` for those that are not yet credited. If there is no room for that, those are lowered, too.
pub(super) fn reweigh<Pool>(
	entry: &mut Entry<Pool>,
	loss: Balance,
	claimed: EraIndex,
	past: &mut Past,
	around: &mut Surroundings<Pool>,
	released: &mut Vec<EraIndex>,
) -> Result<(), PoolError> {
	let loss = loss.min(entry.units);
	if loss == 0 {
		return Ok(());
	}
	let (first, end) = (entry.since.max(claimed).saturating_add(1), entry.ended(around.closed));
	let until = end.unwrap_or(EraIndex::MAX).min(around.now);
	let kept = past.keep(loss, (first, until), claimed, around.book);
	around.book.deactivate(loss, if kept { first.max(until) } else { first }, end)?;
	let references: Vec<EraIndex> = entry.references(claimed).collect();
	entry.units = entry.units.saturating_sub(loss);
	if entry.units == 0 {
		release_all(around.book, references.into_iter(), released);
	}
	Ok(())
}

/// Leaves `amount` less in an entry and returns one with that amount; references are the caller's matter.
pub(super) fn split<Pool: Clone>(entry: &mut Entry<Pool>, amount: Balance) -> Entry<Pool> {
	let units = amount.min(entry.units);
	let part = Entry { amount, units, ..entry.clone() };
	entry.amount = entry.amount.saturating_sub(amount);
	entry.units = entry.units.saturating_sub(units);
	part
}

/// An active entry leaves.
pub(super) fn end<Pool>(
	entry: &mut Entry<Pool>,
	claimed: EraIndex,
	book: &mut Book,
	now: EraIndex,
) -> Result<(), PoolError> {
	let before: Vec<EraIndex> = entry.references(claimed).collect();
	book.deactivate(entry.units, now.max(entry.since.saturating_add(1)), None)?;
	entry.left = Some(now);
	let after: Vec<EraIndex> = entry.references(claimed).collect();
	rereference(book, &before, &after)
}

/// An entry that left is active again. What it may still earn of the time before goes into an entry of its own.
pub(super) fn resume<Pool: Clone>(
	entry: &mut Entry<Pool>,
	claimed: EraIndex,
	book: &mut Book,
	slashes: &Slashes,
	now: EraIndex,
) -> Result<Option<Entry<Pool>>, PoolError> {
	let Some(left) = entry.left else { return Ok(None) };
	entry.applied = slashes.left_of(entry.joined, EraIndex::MAX);
	let before: Vec<EraIndex> = entry.references(claimed).collect();
	if left >= now {
		// As though nothing had happened.
		entry.left = None;
		book.activate(entry.units, now.max(entry.since.saturating_add(1)), None)?;
		let after: Vec<EraIndex> = entry.references(claimed).collect();
		rereference(book, &before, &after)?;
		return Ok(None);
	}
	let pending = entry.earns() && left.saturating_sub(1) > claimed && entry.units > 0;
	let tail = pending.then(|| Entry { amount: 0, ..entry.clone() });
	(entry.left, entry.since, entry.units) = (None, now, entry.amount);
	book.activate(entry.units, now.saturating_add(1), None)?;
	let after: Vec<EraIndex> = entry
		.references(claimed)
		.chain(tail.iter().flat_map(|tail| tail.references(claimed)))
		.collect();
	rereference(book, &before, &after)?;
	Ok(tail)
}

/// Refers to what came and releases what went, or changes nothing. Nothing here is in storage of its own: all of it lies
/// after what is credited.
pub(super) fn rereference(
	book: &mut Book,
	before: &[EraIndex],
	after: &[EraIndex],
) -> Result<(), PoolError> {
	for (n, era) in after.iter().enumerate() {
		if let Err(error) = book.refer(*era) {
			after.iter().take(n).for_each(|era| {
				book.release(*era);
			});
			return Err(error);
		}
	}
	for era in before {
		book.release(*era);
	}
	Ok(())
}
