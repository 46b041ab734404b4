//! Boundaries in storage of their own.

use super::Checkpoint;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::EraIndex;
use scale_info::TypeInfo;
use sp_core::{bounded::BoundedVec, ConstU32};

/// Eras whose boundaries lie on one page. What one position refers to lies within the eras that were not credited when it
/// was last touched: with no more of them than this it is on two pages at most.
pub const PAGE_ERAS: EraIndex = 90;
const _: () = assert!(PAGE_ERAS <= 256, "an offset is a byte");

/// A boundary whose index is known, in 21 bytes. The page says in which eras it lies.
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
pub struct StoredCheckpoint {
	offset: u8,
	refs: u32,
	index: u128,
}

/// The boundaries of [`PAGE_ERAS`] eras that entries refer to, by rising era.
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
pub struct Page(BoundedVec<StoredCheckpoint, ConstU32<PAGE_ERAS>>);

fn offset(era: EraIndex) -> u8 {
	era.checked_rem(PAGE_ERAS).and_then(|rest| rest.try_into().ok()).unwrap_or(0)
}

impl Page {
	/// The number of the page on which an era's boundary lies.
	pub fn of(era: EraIndex) -> EraIndex {
		era.checked_div(PAGE_ERAS).unwrap_or(0)
	}

	/// Adds a boundary of an era that lies on this page. Says no when its index is not known, or is another than before.
	pub fn add(&mut self, checkpoint: &Checkpoint) -> bool {
		let Checkpoint { era, refs, index: Some(index) } = *checkpoint else { return false };
		let offset = offset(era);
		match self.0.binary_search_by_key(&offset, |kept| kept.offset) {
			Ok(at) => match self.0.get_mut(at) {
				Some(kept) if kept.index == index => {
					kept.refs = kept.refs.saturating_add(refs);
					true
				}
				_ => false,
			},
			Err(at) => self.0.try_insert(at, StoredCheckpoint { offset, refs, index }).is_ok(),
		}
	}

	/// The index at the end of an era that lies on this page.
	pub fn index_at(&self, era: EraIndex) -> Option<u128> {
		let at = self.0.binary_search_by_key(&offset(era), |kept| kept.offset).ok()?;
		self.0.get(at).map(|kept| kept.index)
	}

	/// An entry refers to the end of an era on this page no more. Says no when nothing did.
	pub fn release(&mut self, era: EraIndex) -> bool {
		let Ok(at) = self.0.binary_search_by_key(&offset(era), |kept| kept.offset) else {
			return false;
		};
		if let Some(kept) = self.0.get_mut(at) {
			kept.refs = kept.refs.saturating_sub(1);
		}
		self.0.retain(|kept| kept.refs > 0);
		true
	}

	/// Whether nothing is on it: then it need not be kept.
	pub fn is_empty(&self) -> bool {
		self.0.is_empty()
	}

	/// What is on it, when it has this number.
	pub fn checkpoints(&self, page: EraIndex) -> impl Iterator<Item = Checkpoint> + '_ {
		let first = page.saturating_mul(PAGE_ERAS);
		self.0.iter().map(move |kept| Checkpoint {
			era: first.saturating_add(kept.offset.into()),
			refs: kept.refs,
			index: Some(kept.index),
		})
	}

	/// Whether it is in order.
	pub fn is_sound(&self) -> bool {
		self.0.windows(2).all(|pair| matches!(pair, [a, b] if a.offset < b.offset))
			&& self.0.iter().all(|kept| kept.refs > 0 && EraIndex::from(kept.offset) < PAGE_ERAS)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn checkpoint(era: EraIndex, refs: u32, index: u128) -> Checkpoint {
		Checkpoint { era, refs, index: Some(index) }
	}

	#[test]
	fn what_is_written_to_a_page_is_found_on_it_until_it_is_released() {
		let (mut page, number) = (Page::default(), 3);
		let first = number * PAGE_ERAS;
		let (a, b) = (checkpoint(first + 7, 1, 70), checkpoint(first, 2, 60));
		assert!(page.add(&a) && page.add(&b) && page.add(&a) && page.is_sound());
		let twice = Checkpoint { refs: 2, ..a };
		assert_eq!(page.checkpoints(number).collect::<Vec<_>>(), [b, twice]);
		assert_eq!(
			[first, first + 1, first + 7].map(|era| page.index_at(era)),
			[Some(60), None, Some(70)]
		);
		assert_eq!([first - 1, first, first + PAGE_ERAS].map(Page::of), [2, 3, 4]);
		for _ in 0..2 {
			assert!(page.release(first) && page.release(first + 7));
		}
		assert!(!page.release(first) && page.is_empty());
	}

	#[test]
	fn refuses_an_index_that_is_unknown_or_another() {
		let mut page = Page::default();
		assert!(!page.add(&Checkpoint { index: None, ..checkpoint(5, 1, 0) }));
		assert!(page.add(&checkpoint(5, 1, 9)) && !page.add(&checkpoint(5, 1, 8)));
		assert_eq!(page.index_at(5), Some(9));
	}

	#[test]
	fn a_page_has_room_for_each_of_its_eras_in_two_kilobytes() {
		let mut page = Page::default();
		for era in 0..PAGE_ERAS {
			assert!(page.add(&checkpoint(era, u32::MAX, u128::MAX)));
		}
		assert!(page.is_sound());
		assert_eq!(StoredCheckpoint::max_encoded_len(), 21);
		assert_eq!(page.encode().len(), Page::max_encoded_len());
		assert!(Page::max_encoded_len() < 2_048);
	}
}
