//! What storage holds and what readers see of it.

use codec::{Decode, Encode, MaxEncodedLen};
use dtel_math::{money::share_floor, MathError};
use dtel_primitives::{
	reward::{Pay, PayState, Work},
	Balance, BasisPoints, EraIndex,
};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_runtime::SaturatedConversion;

/// How a release is split, in parts per ten thousand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Split {
	/// For attested work.
	pub work: BasisPoints,
	/// For authored blocks.
	pub blocks: BasisPoints,
	/// For accepted measurements.
	pub duty: BasisPoints,
	/// For the treasury.
	pub treasury: BasisPoints,
}

impl Split {
	/// 80, 8, 7 and 5 percent.
	pub const DEFAULT: Self = Self {
		work: BasisPoints::saturating(8_000),
		blocks: BasisPoints::saturating(800),
		duty: BasisPoints::saturating(700),
		treasury: BasisPoints::saturating(500),
	};

	/// Whether the parts are the whole.
	pub fn is_whole(&self) -> bool {
		let parts = [self.work, self.blocks, self.duty, self.treasury];
		let sum: u32 = parts.iter().map(|part| u32::from(part.parts())).sum();
		sum == u32::from(BasisPoints::ONE.parts())
	}
}

/// What earns: of an operator, or of all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Tally {
	/// Points of work.
	pub(crate) points: u128,
	/// Authored blocks.
	pub(crate) blocks: u64,
	/// Accepted measurements that are not outliers.
	pub(crate) duty: u64,
}

impl Tally {
	/// Nothing.
	pub(crate) const NONE: Self = Self { points: 0, blocks: 0, duty: 0 };

	/// Both together. A node has less than 2^46 points, an era less than 2^32 nodes.
	pub(crate) fn plus(self, more: Self) -> Self {
		Self {
			points: self.points.saturating_add(more.points),
			blocks: self.blocks.saturating_add(more.blocks),
			duty: self.duty.saturating_add(more.duty),
		}
	}

	/// What is left without the other; nothing when that is not in it.
	pub(crate) fn less(self, other: Self) -> Option<Self> {
		Some(Self {
			points: self.points.checked_sub(other.points)?,
			blocks: self.blocks.checked_sub(other.blocks)?,
			duty: self.duty.checked_sub(other.duty)?,
		})
	}

	/// For readers.
	pub(crate) const fn work(self) -> Work {
		let Self { points, blocks, duty } = self;
		Work { points, blocks, duty }
	}
}

/// Shares of `whole` by what is in `tally` of `all`, each rounded down.
pub(crate) fn share(whole: Pay, tally: Tally, all: Tally) -> Result<Pay, MathError> {
	let of = |whole, part: u128, all: u128| match (part, all) {
		(0, _) => Ok(0),
		(part, all) => share_floor(whole, part, all),
	};
	Ok(Pay {
		work: of(whole.work, tally.points, all.points)?,
		blocks: of(whole.blocks, tally.blocks.into(), all.blocks.into())?,
		duty: of(whole.duty, tally.duty.into(), all.duty.into())?,
	})
}

/// What is left of each part; nothing if one is exceeded.
pub(crate) fn rest(whole: Pay, taken: Pay) -> Option<Pay> {
	Some(Pay {
		work: whole.work.checked_sub(taken.work)?,
		blocks: whole.blocks.checked_sub(taken.blocks)?,
		duty: whole.duty.checked_sub(taken.duty)?,
	})
}

/// Both together.
pub(crate) fn sum(a: Pay, b: Pay) -> Pay {
	Pay {
		work: a.work.saturating_add(b.work),
		blocks: a.blocks.saturating_add(b.blocks),
		duty: a.duty.saturating_add(b.duty),
	}
}

/// An era's points and money.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EraLedger {
	/// How many members were scored.
	pub(crate) members: u32,
	/// What all operators did.
	pub(crate) all: Tally,
	/// What those did who wait to be paid: who were neither paid, nor refused, nor forfeited their share.
	pub(crate) waiting: Tally,
	/// What the reserve released into the stakers' pot.
	pub(crate) released: Pay,
	/// What the treasury got.
	pub(crate) treasury: Balance,
	/// What was paid of what was released into the pot.
	pub(crate) paid: Pay,
	/// Whether every member is scored and the release made.
	pub(crate) settled: bool,
}

impl EraLedger {
	/// What was released into the pot and not paid.
	pub(crate) fn unpaid(&self) -> Balance {
		self.released.total().saturating_sub(self.paid.total())
	}

	/// What so much of what was done is worth. Fixed from settlement on.
	pub(crate) fn share(&self, tally: Tally) -> Result<Pay, MathError> {
		share(self.released, tally, self.all)
	}

	/// An operator did more, or less, than before. Nothing when that is more than all did.
	pub(crate) fn count(&mut self, before: Tally, after: Tally) -> Option<()> {
		let all = self.all.less(before)?.plus(after);
		let waiting = self.waiting.less(before)?.plus(after);
		(self.all, self.waiting) = (all, waiting);
		Some(())
	}

	/// What closing does with what is not paid: what those who wait could have asked for, and the rest. What several who
	/// wait lack by rounding counts as theirs.
	pub(crate) fn remains(&self) -> (Balance, Balance) {
		let unpaid = self.unpaid();
		let unclaimed = self.share(self.waiting).unwrap_or_default().total().min(unpaid);
		(unclaimed, unpaid.saturating_sub(unclaimed))
	}
}

/// What an operator did in an era, and what became of its pay.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Entry {
	/// The era.
	pub(crate) era: EraIndex,
	/// Points of its nodes: less than 2^46 of each.
	pub(crate) points: u64,
	/// Blocks that it authored.
	pub(crate) blocks: u32,
	/// Measurements that were accepted of its nodes as verifiers.
	pub(crate) duty: u32,
	/// What became of its pay.
	pub(crate) state: PayState,
}

impl Entry {
	/// An era in which nothing was done yet.
	pub(crate) const fn new(era: EraIndex) -> Self {
		Self { era, points: 0, blocks: 0, duty: 0, state: PayState::Waiting }
	}

	/// What counts for pay.
	pub(crate) fn tally(&self) -> Tally {
		Tally { points: self.points.into(), blocks: self.blocks.into(), duty: self.duty.into() }
	}

	/// Whether the operator is still to be paid for it.
	pub(crate) fn waits(&self) -> bool {
		self.state == PayState::Waiting && self.tally() != Tally::NONE
	}

	/// Adds points of a node.
	pub(crate) fn add_points(&mut self, points: u128) {
		self.points = self.points.saturating_add(points.saturated_into());
	}
}

/// Most eras in an operator's ledger: those of history, the running one and the next, and some in reserve.
pub const MAX_ENTRIES: u32 = 96;
/// An operator's eras, rising.
pub type Entries = BoundedVec<Entry, ConstU32<MAX_ENTRIES>>;

/// Where the walk over ledgers is.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Walk<AccountId> {
	/// The operator that was looked at last. Absent: it begins anew.
	pub(crate) after: Option<AccountId>,
	/// Whether there was anything to do since it began.
	pub(crate) busy: bool,
	/// The era in which it began, or until which it rests.
	pub(crate) from: EraIndex,
}

impl<AccountId> Default for Walk<AccountId> {
	fn default() -> Self {
		Self { after: None, busy: false, from: 0 }
	}
}

/// A share that can be paid, or is lost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Due {
	/// Of which era.
	pub ledger: EraLedger,
	/// What of it is the operator's: nothing, when the share is less than a planck.
	pub pay: Pay,
	/// Whether a dispute took it.
	pub lost: bool,
}
