//! Pages of who claimed.

use codec::{Decode, Encode, MaxEncodedLen};
use dtel_primitives::airdrop::LeafIndex;
use scale_info::TypeInfo;

/// Leaves on a page: 256 bytes.
pub const PAGE_LEAVES: u32 = 2_048;
/// Most pages that are removed at once.
pub const MAX_PRUNE: u32 = 64;

const PAGE_BYTES: usize = (PAGE_LEAVES / 8) as usize;

/// One bit for each of so many leaves: whether it was claimed.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Page([u8; PAGE_BYTES]);

impl Default for Page {
	fn default() -> Self {
		Self([0; PAGE_BYTES])
	}
}

impl Page {
	/// The byte and the bit in it of a leaf on its page.
	fn place(index: LeafIndex) -> (usize, u8) {
		let bit = index % PAGE_LEAVES;
		((bit / 8) as usize, 1 << (bit % 8))
	}

	/// Whether a leaf of this page was claimed.
	pub fn has(&self, index: LeafIndex) -> bool {
		let (byte, bit) = Self::place(index);
		self.0.get(byte).is_some_and(|byte| byte & bit != 0)
	}

	/// Notes that a leaf of this page was claimed.
	pub(crate) fn note(&mut self, index: LeafIndex) {
		let (byte, bit) = Self::place(index);
		if let Some(byte) = self.0.get_mut(byte) {
			*byte |= bit;
		}
	}

	/// How many were claimed.
	#[cfg(any(test, feature = "try-runtime"))]
	pub(crate) fn count(&self) -> u32 {
		self.0.iter().map(|byte| byte.count_ones()).sum()
	}

	/// The place on the page of the last one that was claimed.
	#[cfg(any(test, feature = "try-runtime"))]
	pub(crate) fn last(&self) -> Option<u32> {
		(0..PAGE_LEAVES).rev().find(|index| self.has(*index))
	}
}

/// The page of a leaf.
pub(crate) const fn page_of(index: LeafIndex) -> u32 {
	index / PAGE_LEAVES
}

/// How many pages so many leaves need.
pub(crate) const fn pages(leaves: u32) -> u32 {
	leaves.div_ceil(PAGE_LEAVES)
}
