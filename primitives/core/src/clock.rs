//! The era clock: a pure function of the block number, so that nobody has to own a counter.
//!
//! An era has four phases. What happens in them is the business of the attestation pallet; *when*
//! they are is decided here once for chain, off-chain worker, daemon and clients.

use crate::{BlockNumber, EraIndex};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// What verifiers do in a part of an era.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
	/// The seed is known; verifiers probe their targets.
	#[codec(index = 0)]
	Measure,
	/// Verifiers commit to what they measured.
	#[codec(index = 1)]
	Commit,
	/// Verifiers reveal what they committed to.
	#[codec(index = 2)]
	Reveal,
	/// Medians are taken, scores and offences follow.
	#[codec(index = 3)]
	Settle,
}

/// Lengths of an era and of its phases, in blocks.
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
	Serialize,
	Deserialize,
)]
pub struct EraClock {
	/// Blocks in an era.
	pub era_blocks: BlockNumber,
	/// Offset of the first block of the commit phase.
	pub commit_at: BlockNumber,
	/// Offset of the first block of the reveal phase.
	pub reveal_at: BlockNumber,
	/// Offset of the first block of the settle phase.
	pub settle_at: BlockNumber,
}

/// Where in an era a block stands.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct Moment {
	/// The era.
	pub era: EraIndex,
	/// Its phase.
	pub phase: Phase,
	/// Blocks since the era's first one.
	pub offset: BlockNumber,
	/// The first block of the next phase.
	pub phase_ends: BlockNumber,
}

impl EraClock {
	/// 3,600 blocks of 6 s: measure 70 %, commit and reveal a tenth each, the rest to settle.
	pub const PRODUCTION: Self =
		Self { era_blocks: 3_600, commit_at: 2_520, reveal_at: 2_880, settle_at: 3_240 };
	/// 30 blocks of 2 s.
	pub const DEV: Self = Self { era_blocks: 30, commit_at: 16, reveal_at: 21, settle_at: 26 };

	/// Whether every phase has at least one block and they follow each other.
	pub const fn is_valid(&self) -> bool {
		0 < self.commit_at
			&& self.commit_at < self.reveal_at
			&& self.reveal_at < self.settle_at
			&& self.settle_at < self.era_blocks
	}

	/// The era of a block.
	pub const fn era_of(&self, block: BlockNumber) -> EraIndex {
		match block.checked_div(self.era_blocks) {
			Some(era) => era,
			None => 0,
		}
	}

	/// The first block of an era; the last representable one when the era lies beyond it.
	pub const fn first_block(&self, era: EraIndex) -> BlockNumber {
		era.saturating_mul(self.era_blocks)
	}

	/// Whether a block is the first one of its era.
	pub const fn is_first(&self, block: BlockNumber) -> bool {
		matches!(block.checked_rem(self.era_blocks), Some(0))
	}

	/// Where `block` stands.
	pub const fn moment(&self, block: BlockNumber) -> Moment {
		let era = self.era_of(block);
		let first = self.first_block(era);
		let offset = block.saturating_sub(first);
		let (phase, ends) = if offset < self.commit_at {
			(Phase::Measure, self.commit_at)
		} else if offset < self.reveal_at {
			(Phase::Commit, self.reveal_at)
		} else if offset < self.settle_at {
			(Phase::Reveal, self.settle_at)
		} else {
			(Phase::Settle, self.era_blocks)
		};
		Moment { era, phase, offset, phase_ends: first.saturating_add(ends) }
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn defaults_are_valid() {
		assert!(EraClock::DEV.is_valid());
		assert!(EraClock::PRODUCTION.is_valid());
		assert!(!EraClock { commit_at: 0, ..EraClock::DEV }.is_valid());
		assert!(!EraClock { settle_at: 30, ..EraClock::DEV }.is_valid());
	}

	#[test]
	fn phases_change_at_their_offsets() {
		let clock = EraClock::DEV;
		let at = |block| (clock.moment(block).era, clock.moment(block).phase);
		assert_eq!(at(0), (0, Phase::Measure));
		assert_eq!(at(15), (0, Phase::Measure));
		assert_eq!(at(16), (0, Phase::Commit));
		assert_eq!(at(21), (0, Phase::Reveal));
		assert_eq!(at(26), (0, Phase::Settle));
		assert_eq!(at(29), (0, Phase::Settle));
		assert_eq!(at(30), (1, Phase::Measure));
		assert_eq!(clock.moment(47).phase_ends, 51);
	}

	proptest! {
		#[test]
		fn a_moment_leads_back_to_its_block(block in any::<u32>(), a in 1u32..500, b in 1u32..500, c in 1u32..500, d in 1u32..500) {
			let clock = EraClock { commit_at: a, reveal_at: a + b, settle_at: a + b + c, era_blocks: a + b + c + d };
			prop_assert!(clock.is_valid());
			let m = clock.moment(block);
			prop_assert_eq!(clock.first_block(m.era) + m.offset, block);
			prop_assert!(m.offset < clock.era_blocks);
			prop_assert!(m.phase_ends > block || m.phase_ends == u32::MAX);
		}
	}
}
