//! What a pool has earned per unit, by eras.

use super::{
	steps::{self, Steps},
	wide::{scaled_ceil, scaled_floor},
	PoolError, Step,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{Balance, EraIndex};
use scale_info::TypeInfo;
use sp_arithmetic::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};
use sp_core::{bounded::BoundedVec, ConstU32};

/// Most eras in which the number of active units can change before they are credited.
pub const MAX_STEPS: u32 = 128;
/// Most boundaries that entries refer to and that are not yet in storage of their own.
pub const MAX_MARKS: u32 = 128;
/// The index counts planck per unit in parts of 2^64.
const SCALE: u128 = 1 << SCALE_BITS;
const SCALE_BITS: u32 = 64;

/// The index at the end of an era, for the entries that refer to it.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Checkpoint {
	/// The era.
	pub era: EraIndex,
	/// How many entries refer to it.
	pub refs: u32,
	/// The index, once it is known.
	pub index: Option<u128>,
}

/// Units, index and boundaries of a pool.
#[derive(
	Clone,
	PartialEq,
	Eq,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Book {
	/// Eras up to this one are credited, or never will be.
	credited: EraIndex,
	/// Reward per unit of all credited eras.
	index: u128,
	/// Planck that could not be divided; they are part of the next reward.
	carry: Balance,
	/// Units active throughout an era, from the era after `credited` on.
	steps: Steps<MAX_STEPS>,
	/// Boundaries, by rising era: first those whose index is known and that wait for storage of their own.
	marks: BoundedVec<Checkpoint, ConstU32<MAX_MARKS>>,
}

impl Book {
	/// A pool that begins after `era`.
	pub fn new(era: EraIndex) -> Self {
		Self { credited: era, ..Self::default() }
	}

	/// The last era that is credited, or never will be.
	pub const fn credited(&self) -> EraIndex {
		self.credited
	}

	/// Reward per unit of all credited eras, in parts of 2^64 planck.
	pub const fn index(&self) -> u128 {
		self.index
	}

	/// What could not be divided yet.
	pub const fn carry(&self) -> Balance {
		self.carry
	}

	/// Boundaries that are not yet in storage of their own.
	pub fn marks(&self) -> &[Checkpoint] {
		&self.marks
	}

	/// Units that are active throughout an era that is not yet credited.
	pub fn units(&self, era: EraIndex) -> Balance {
		steps::at(&self.steps, era)
	}

	/// Makes units active from one era to before another, or without an end.
	pub fn activate(
		&mut self,
		units: Balance,
		from: EraIndex,
		to: Option<EraIndex>,
	) -> Result<(), PoolError> {
		self.change(from, to, |step| step.checked_add(units).ok_or(PoolError::Overflow))
	}

	/// Undoes that, for the eras that are not yet credited.
	pub fn deactivate(
		&mut self,
		units: Balance,
		from: EraIndex,
		to: Option<EraIndex>,
	) -> Result<(), PoolError> {
		self.change(from, to, |step| step.checked_sub(units).ok_or(PoolError::Insufficient))
	}

	fn change(
		&mut self,
		from: EraIndex,
		to: Option<EraIndex>,
		by: impl Fn(Balance) -> Result<Balance, PoolError>,
	) -> Result<(), PoolError> {
		let from = from.max(self.credited.saturating_add(1));
		self.steps = steps::changed(&self.steps, from, to, by)?;
		Ok(())
	}

	/// No unit is active in `era` or later any more. The boundary before it is kept for all who were.
	pub fn close(&mut self, era: EraIndex) -> Result<(), PoolError> {
		self.refer(era.saturating_sub(1))?;
		let mut steps = self.steps.clone();
		steps.retain(|step| step.era < era);
		steps.try_push(Step { era, units: 0 }).map_err(|_| PoolError::Full)?;
		steps::without_repeats(&mut steps);
		self.steps = steps;
		Ok(())
	}

	/// An entry refers to the end of an era from now on: of the last credited one or of one after it.
	pub fn refer(&mut self, era: EraIndex) -> Result<(), PoolError> {
		if era < self.credited {
			return Err(PoolError::Credited);
		}
		let known = (era <= self.credited).then_some(self.index);
		match self.marks.binary_search_by_key(&era, |mark| mark.era) {
			Ok(at) => {
				if let Some(mark) = self.marks.get_mut(at) {
					mark.refs = mark.refs.saturating_add(1);
				}
				Ok(())
			}
			Err(at) => self
				.marks
				.try_insert(at, Checkpoint { era, refs: 1, index: known })
				.map_err(|_| PoolError::Full),
		}
	}

	/// An entry refers to the end of an era no more. Says no when the boundary is not here but in storage of its own.
	pub fn release(&mut self, era: EraIndex) -> bool {
		let Ok(at) = self.marks.binary_search_by_key(&era, |mark| mark.era) else { return false };
		if let Some(mark) = self.marks.get_mut(at) {
			mark.refs = mark.refs.saturating_sub(1);
		}
		self.marks.retain(|mark| mark.refs > 0);
		true
	}

	/// The index at the end of an era, if it is here: for an era after the last credited one what it is by now.
	pub fn index_at(&self, era: EraIndex) -> Option<u128> {
		if era >= self.credited {
			return Some(self.index);
		}
		let at = self.marks.binary_search_by_key(&era, |mark| mark.era).ok()?;
		self.marks.get(at).and_then(|mark| mark.index)
	}

	/// Divides the reward of an era among the units that were active throughout it. Eras before it that
	/// were not credited never will be.
	pub fn credit(&mut self, era: EraIndex, amount: Balance) -> Result<(), PoolError> {
		if era <= self.credited {
			return Err(PoolError::Credited);
		}
		let units = self.units(era);
		if units == 0 {
			return Err(PoolError::NobodyActive);
		}
		let whole = amount.checked_add(self.carry).ok_or(PoolError::Overflow)?;
		let each = multiply_by_rational_with_rounding(whole, SCALE, units, Rounding::Down)
			.ok_or(PoolError::Overflow)?;
		let given = scaled_ceil(each, units, SCALE_BITS).ok_or(PoolError::Overflow)?;
		let index = self.index.checked_add(each).ok_or(PoolError::Overflow)?;
		let carry = whole.checked_sub(given).ok_or(PoolError::Overflow)?;
		self.pass(era.saturating_sub(1));
		self.index = index;
		self.carry = carry;
		self.pass(era);
		Ok(())
	}

	/// Eras up to this one that were not credited never will be.
	pub fn pass(&mut self, era: EraIndex) {
		if era < self.credited {
			return;
		}
		self.credited = era;
		let index = self.index;
		for mark in self.marks.iter_mut().filter(|mark| mark.era <= era) {
			mark.index.get_or_insert(index);
		}
		steps::forget(&mut self.steps, era.saturating_add(1));
	}

	/// Takes out the boundaries whose index is known and that lie on the page of the first of them: they are to be
	/// written to storage of their own. Returns the page, too.
	///
	/// Only who touches positions has to do this, after each time. [`Self::credit`] and [`Self::pass`] add no boundary, and
	/// what is known serves as well here as in storage. A call for a position adds boundaries of the running era and of the one before,
	/// no others: if eras are passed within 90, 92 at most are unknown, and those that are known go with the next two calls. [`MAX_MARKS`] leaves
	/// room for that.
	pub fn flush(&mut self, eras_a_page: EraIndex) -> Option<(EraIndex, Vec<Checkpoint>)> {
		let page_of = |era: EraIndex| era.checked_div(eras_a_page).unwrap_or(0);
		let page = page_of(self.marks.iter().find(|mark| mark.index.is_some())?.era);
		let goes = |mark: &Checkpoint| mark.index.is_some() && page_of(mark.era) == page;
		let out = self.marks.iter().filter(|mark| goes(mark)).copied().collect();
		self.marks.retain(|mark| !goes(mark));
		Some((page, out))
	}

	/// What `units` earned between two values of the index, rounded down.
	pub fn earned_floor(units: Balance, from: u128, to: u128) -> Balance {
		let each = to.saturating_sub(from);
		scaled_floor(units, each, SCALE_BITS).unwrap_or(0)
	}

	/// Whether the lists are in order, and know what they must.
	pub fn is_sound(&self) -> bool {
		steps::are_sound(&self.steps)
			&& self.steps.iter().all(|step| step.era > self.credited)
			&& self.marks.windows(2).all(|pair| matches!(pair, [a, b] if a.era < b.era))
			&& self
				.marks
				.iter()
				.all(|mark| mark.refs > 0 && mark.index.is_some() == (mark.era <= self.credited))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn units_count_from_one_era_to_before_another() {
		let mut book = Book::new(10);
		book.activate(100, 12, None).unwrap();
		book.activate(50, 12, Some(14)).unwrap();
		assert_eq!([11, 12, 13, 14, 99].map(|era| book.units(era)), [0, 150, 150, 100, 100]);
		book.deactivate(100, 13, None).unwrap();
		assert_eq!([11, 12, 13, 14, 99].map(|era| book.units(era)), [0, 150, 50, 0, 0]);
		let before = book.clone();
		assert_eq!(book.deactivate(51, 13, None), Err(PoolError::Insufficient));
		assert_eq!(book, before);
		assert!(book.is_sound());
	}

	#[test]
	fn rewards_are_divided_by_era_and_what_is_left_is_carried() {
		let mut book = Book::new(0);
		book.activate(3, 1, None).unwrap();
		book.credit(2, 10).unwrap();
		assert_eq!(Book::earned_floor(1, 0, book.index()), 3);
		assert!(3 * 3 + book.carry() <= 10);
		assert_eq!(book.credit(2, 10), Err(PoolError::Credited));
		assert_eq!(book.credit(1, 10), Err(PoolError::Credited));
		book.deactivate(3, 4, None).unwrap();
		assert_eq!(book.credit(4, 10), Err(PoolError::NobodyActive));
		assert_eq!(book.units(3), 3);
		assert!(book.is_sound());
	}

	#[test]
	fn a_boundary_learns_its_index_when_its_era_is_past() {
		let mut book = Book::new(0);
		book.activate(1, 1, None).unwrap();
		for era in [3, 5, 5, 9] {
			book.refer(era).unwrap();
		}
		book.credit(3, 7).unwrap();
		let three = book.index();
		assert_eq!(book.index_at(3), Some(three));
		book.credit(6, 7).unwrap();
		assert_eq!((book.index_at(3), book.index_at(5)), (Some(three), Some(three)));
		assert_eq!(book.index_at(9), Some(book.index()));
		assert_eq!(book.index_at(4), None, "nobody refers to it");
		assert!(book.release(5) && book.is_sound());
		let (page, out) = book.flush(4).unwrap();
		assert_eq!((page, out.len(), out[0].era), (0, 1, 3));
		let (page, out) = book.flush(4).unwrap();
		assert_eq!((page, out[0].refs, out[0].index), (1, 1, Some(three)));
		assert_eq!(book.flush(4), None);
		assert!(!book.release(5) && book.release(9) && book.marks().is_empty());
	}

	#[test]
	fn nothing_is_active_after_the_end() {
		let mut book = Book::new(0);
		book.activate(5, 1, None).unwrap();
		book.activate(5, 8, None).unwrap();
		book.close(6).unwrap();
		assert_eq!([1, 5, 6, 8].map(|era| book.units(era)), [5, 5, 0, 0]);
		book.credit(5, 10).unwrap();
		assert_eq!(book.index_at(5), Some(book.index()));
		assert_eq!(book.credit(6, 10), Err(PoolError::NobodyActive));
	}

	/// A planck for a whale or a fortune for a planck: nothing overflows silently.
	#[test]
	fn extremes_are_refused_or_exact() {
		let supply = 1_000_000_000 * dtel_primitives::DTEL;
		let mut book = Book::new(0);
		book.activate(supply, 1, None).unwrap();
		book.credit(1, 1).unwrap();
		assert!(Book::earned_floor(supply, 0, book.index()) + book.carry() <= 1);
		let mut tiny = Book::new(0);
		tiny.activate(1, 1, None).unwrap();
		assert_eq!(tiny.credit(1, supply), Err(PoolError::Overflow));
		assert_eq!(tiny.credited(), 0);
		tiny.credit(1, 1 << 63).unwrap();
		assert_eq!(Book::earned_floor(1, 0, tiny.index()), 1 << 63);
	}
}
