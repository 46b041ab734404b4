//! The slashes of a pool, by the era that each answers for.

use super::{Factor, PoolError};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::EraIndex;
use scale_info::TypeInfo;
use sp_arithmetic::Perbill;
use sp_core::{bounded::BoundedVec, ConstU32};

/// Most eras of a pool's life that can be slashed: those that expel it, those of an unbonding of at most 30 eras, whose
/// offences may still come, and the two around its end.
pub const MAX_SLASHED_ERAS: u32 = 80;
/// A pool with so many slashed eras takes no more stake and has to close. The rest of the list is for offences
/// of eras that have passed by then. No stake answers for eras later than the one after its end: they are not to be
/// slashed.
///
/// This counts over all of a pool's life, however little each slash took. An entry that nobody touched for years needs each
/// factor since it joined, and which of them that are no one knows who does not read all positions: none can be forgotten.
pub const EXPELLED_AT: u32 = 48;
const _: () = assert!(MAX_SLASHED_ERAS >= EXPELLED_AT + 30 + 2, "room for the last offences");

/// What is left of stake for each era that was slashed, by rising era.
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
pub struct Slashes(BoundedVec<(EraIndex, Factor), ConstU32<MAX_SLASHED_ERAS>>);

impl Slashes {
	/// Takes a fraction of all that answers for an era. Several slashes for one era compose: each takes of
	/// what the others left.
	pub fn slash(&mut self, era: EraIndex, fraction: Perbill) -> Result<(), PoolError> {
		if fraction.is_zero() {
			return Ok(());
		}
		match self.0.binary_search_by_key(&era, |(era, _)| *era) {
			Ok(at) => {
				if let Some((_, factor)) = self.0.get_mut(at) {
					*factor = factor.after_slash(fraction);
				}
				Ok(())
			}
			Err(at) => self
				.0
				.try_insert(at, (era, Factor::ONE.after_slash(fraction)))
				.map_err(|_| PoolError::Full),
		}
	}

	/// What is left of stake that answers for the eras after `joined` up to and with `last`. The latest era first: so the products
	/// of all joining eras with one end are steps of one another.
	pub fn left_of(&self, joined: EraIndex, last: EraIndex) -> Factor {
		self.0
			.iter()
			.rev()
			.filter(|(era, _)| (joined.saturating_add(1)..=last).contains(era))
			.fold(Factor::ONE, |all, (_, factor)| all.times(*factor))
	}

	/// The same for many that answer up to now, in one pass.
	pub(super) fn products(&self) -> Products {
		let mut all = Factor::ONE;
		let mut list: Vec<(EraIndex, Factor)> = self
			.0
			.iter()
			.rev()
			.map(|(era, factor)| {
				all = all.times(*factor);
				(*era, all)
			})
			.collect();
		list.reverse();
		Products(list)
	}

	/// How many eras were slashed.
	pub fn len(&self) -> u32 {
		self.0.len() as u32
	}

	/// Whether none was.
	pub fn is_empty(&self) -> bool {
		self.0.is_empty()
	}

	/// Whether so many eras were slashed that the pool has to close.
	pub fn is_expelled(&self) -> bool {
		self.len() >= EXPELLED_AT
	}

	/// Whether eras rise and none is whole.
	pub fn is_sound(&self) -> bool {
		self.0.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a < b))
			&& self.0.iter().all(|(_, factor)| *factor != Factor::ONE)
	}
}

/// What is left of stake that answers for a slashed era and all after it, by rising era.
pub(super) struct Products(Vec<(EraIndex, Factor)>);

impl Products {
	/// What is left of stake that answers for the eras after `joined` up to and with `last`, if no slashed era is later than that.
	pub(super) fn left_of(&self, joined: EraIndex, last: EraIndex) -> Option<Factor> {
		if self.0.last().is_some_and(|(era, _)| *era > last) {
			return None;
		}
		let from = self.0.partition_point(|(era, _)| *era <= joined);
		Some(self.0.get(from).map_or(Factor::ONE, |(_, factor)| *factor))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn percent(p: u32) -> Perbill {
		Perbill::from_percent(p)
	}

	#[test]
	fn stake_answers_for_the_eras_between_joining_and_leaving() {
		let mut slashes = Slashes::default();
		slashes.slash(7, percent(10)).unwrap();
		slashes.slash(5, percent(50)).unwrap();
		let worth = |joined, last| slashes.left_of(joined, last).apply_floor(1_000, Factor::ONE);
		assert_eq!(worth(4, 9), 450);
		assert_eq!(worth(5, 9), 900);
		assert_eq!(worth(4, 6), 500);
		assert_eq!(worth(7, 9), 1_000);
		assert_eq!(worth(1, 4), 1_000);
		assert!(slashes.is_sound());
	}

	/// To the last bit: what was applied by the one is compared with what the other says.
	#[test]
	fn products_in_one_pass_are_those_by_themselves() {
		let mut slashes = Slashes::default();
		for (era, parts) in [(3, 1), (4, 333), (8, 999_999_999), (9, 77_777_777), (15, 1_000)] {
			slashes.slash(era, Perbill::from_parts(parts)).unwrap();
		}
		let products = slashes.products();
		for joined in 0..20 {
			for last in [15, 16, EraIndex::MAX] {
				assert_eq!(products.left_of(joined, last), Some(slashes.left_of(joined, last)));
			}
			assert_eq!(products.left_of(joined, 14), None);
		}
		assert_eq!(Slashes::default().products().left_of(0, 0), Some(Factor::ONE));
	}

	#[test]
	fn slashes_of_one_era_compose() {
		let mut slashes = Slashes::default();
		slashes.slash(5, percent(60)).unwrap();
		slashes.slash(5, percent(60)).unwrap();
		assert_eq!(slashes.len(), 1);
		assert_eq!(slashes.left_of(0, 9).apply_floor(1_000, Factor::ONE), 160);
		slashes.slash(5, percent(100)).unwrap();
		assert_eq!(slashes.left_of(0, 9).apply_floor(u128::MAX, Factor::ONE), 0);
	}

	/// Slashing an earlier era does not change what later stake is worth, not even in the last bit.
	#[test]
	fn later_stake_is_spared_exactly() {
		let mut slashes = Slashes::default();
		slashes.slash(9, percent(33)).unwrap();
		let before = slashes.left_of(6, 20);
		slashes.slash(6, percent(77)).unwrap();
		assert_eq!(slashes.left_of(6, 20), before);
	}

	#[test]
	fn fails_when_full_and_says_so_long_before() {
		let mut slashes = Slashes::default();
		for era in 0..MAX_SLASHED_ERAS {
			assert_eq!(slashes.is_expelled(), era >= EXPELLED_AT);
			slashes.slash(era, percent(1)).unwrap();
		}
		let before = slashes.clone();
		assert_eq!(slashes.slash(MAX_SLASHED_ERAS, percent(1)), Err(PoolError::Full));
		assert_eq!(slashes, before);
		assert_eq!(slashes.slash(0, percent(1)), Ok(()));
	}
}
