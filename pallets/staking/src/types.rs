//! The ledger of one operator: pure arithmetic, no storage.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_math::money::share_floor;
use dtel_primitives::{Balance, EraIndex};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_runtime::{PerThing, Perbill};

/// Most entries of a ledger's queues.
pub const MAX_CHUNKS: u32 = 32;
/// Most eras that stake can take to unbond: a queue has one entry for each of them, one for all that
/// has matured, and one in reserve, so that it is never full and no exit is ever refused.
pub const MAX_UNBONDING_ERAS: EraIndex = 30;

/// Stake that was bonded in an era.
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
pub struct Join {
	/// The era; the stake counts from the next one on.
	pub era: EraIndex,
	/// New stake. It does not answer for this era nor for earlier ones.
	pub bonded: Balance,
	/// Stake that came back out of unbonding. It answers as though it had never left.
	pub rebonded: Balance,
}

/// Stake that is being unbonded since an era.
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
pub struct Chunk {
	/// The era in which it was unbonded.
	pub era: EraIndex,
	/// How much of it is left.
	pub amount: Balance,
}

/// Why a ledger refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LedgerError {
	/// More than there is.
	Insufficient,
	/// More than a balance can hold.
	Overflow,
	/// More entries than a queue can hold. Cannot happen while [`MAX_UNBONDING_ERAS`] is kept.
	Full,
}

/// What an operator has at stake.
///
/// Stake is fungible, so no planck has a history: how much of it answers for an era follows from
/// what is there now, plus what left in or since the era before, less what came since
/// ([`Ledger::answerable`]). That is exact whichever planck is thought to have left.
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
pub struct Ledger {
	pub(crate) bonded: Balance,
	pub(crate) joins: BoundedVec<Join, ConstU32<MAX_CHUNKS>>,
	pub(crate) chunks: BoundedVec<Chunk, ConstU32<MAX_CHUNKS>>,
}

fn sum(amounts: impl Iterator<Item = Balance>) -> Balance {
	amounts.fold(0, Balance::saturating_add)
}

impl Ledger {
	/// Stake that is not being unbonded, whether it counts already or not.
	pub const fn bonded(&self) -> Balance {
		self.bonded
	}

	/// Stake that is being unbonded, matured or not, oldest first.
	pub fn chunks(&self) -> &[Chunk] {
		&self.chunks
	}

	/// Stake that is being unbonded, matured or not.
	pub fn unbonding(&self) -> Balance {
		sum(self.chunks.iter().map(|c| c.amount))
	}

	/// Everything: what is held.
	pub fn total(&self) -> Balance {
		self.bonded.saturating_add(self.unbonding())
	}

	/// Stake that was bonded before `era` began and is not being unbonded. What came last is thought
	/// to leave first. Exact for eras from the running one on.
	pub fn active(&self, era: EraIndex) -> Balance {
		let came = sum(self
			.joins
			.iter()
			.filter(|j| j.era >= era)
			.map(|j| j.bonded.saturating_add(j.rebonded)));
		let left = sum(self.chunks.iter().filter(|c| c.era >= era).map(|c| c.amount));
		self.bonded.saturating_sub(came.saturating_sub(left))
	}

	/// Stake that answers for an offence in `era`: bonded before it, and unbonded no earlier than in the
	/// era before, since the snapshot of an era is frozen in the one before. What was slashed since
	/// counts as taken from it.
	pub fn answerable(&self, era: EraIndex) -> Balance {
		let there = self.bonded.saturating_add(sum(self.exposed(era).map(|c| c.amount)));
		let came = sum(self.joins.iter().filter(|j| j.era >= era).map(|j| j.bonded));
		there.saturating_sub(came)
	}

	/// Chunks that may have been in the snapshot of `era`.
	fn exposed(&self, era: EraIndex) -> impl Iterator<Item = &Chunk> {
		self.chunks.iter().filter(move |c| c.era.saturating_add(1) >= era)
	}

	/// Bonds new stake.
	pub(crate) fn bond(&mut self, amount: Balance, now: EraIndex) -> Result<(), LedgerError> {
		let bonded = self.bonded.checked_add(amount).ok_or(LedgerError::Overflow)?;
		self.join(now, amount, 0)?;
		self.bonded = bonded;
		Ok(())
	}

	/// Notes that stake came, unless it came back in the very era in which it had left.
	fn join(
		&mut self,
		now: EraIndex,
		bonded: Balance,
		rebonded: Balance,
	) -> Result<(), LedgerError> {
		if bonded == 0 && rebonded == 0 {
			return Ok(());
		}
		match self.joins.last_mut() {
			Some(last) if last.era >= now => {
				last.bonded = last.bonded.saturating_add(bonded);
				last.rebonded = last.rebonded.saturating_add(rebonded);
				Ok(())
			}
			_ => self
				.joins
				.try_push(Join { era: now, bonded, rebonded })
				.map_err(|_| LedgerError::Full),
		}
	}

	/// Begins to unbond stake.
	pub(crate) fn unbond(&mut self, amount: Balance, now: EraIndex) -> Result<(), LedgerError> {
		let bonded = self.bonded.checked_sub(amount).ok_or(LedgerError::Insufficient)?;
		match self.chunks.last_mut() {
			Some(last) if last.era >= now => last.amount = last.amount.saturating_add(amount),
			_ => self.chunks.try_push(Chunk { era: now, amount }).map_err(|_| LedgerError::Full)?,
		}
		self.bonded = bonded;
		Ok(())
	}

	/// Takes stake back out of unbonding, what left last first.
	pub(crate) fn rebond(&mut self, amount: Balance, now: EraIndex) -> Result<(), LedgerError> {
		let bonded = self.bonded.checked_add(amount).ok_or(LedgerError::Overflow)?;
		let mut missing = amount;
		let mut old = 0;
		let mut chunks = self.chunks.clone();
		for chunk in chunks.iter_mut().rev() {
			let part = chunk.amount.min(missing);
			chunk.amount = chunk.amount.saturating_sub(part);
			missing = missing.saturating_sub(part);
			if chunk.era < now {
				old = part.saturating_add(old);
			}
		}
		if missing > 0 {
			return Err(LedgerError::Insufficient);
		}
		self.join(now, 0, old)?;
		chunks.retain(|c| c.amount > 0);
		self.chunks = chunks;
		self.bonded = bonded;
		Ok(())
	}

	/// Removes what has matured and returns it.
	pub(crate) fn withdraw(&mut self, now: EraIndex, unbonding_eras: EraIndex) -> Balance {
		let matured = |c: &Chunk| c.era.saturating_add(unbonding_eras) <= now;
		let amount = sum(self.chunks.iter().filter(|c| matured(c)).map(|c| c.amount));
		self.chunks.retain(|c| !matured(c));
		amount
	}

	/// Forgets what can no longer matter: joins before the eras for which stake can still be slashed,
	/// and the different ages of what has matured. Keeps both queues below their bounds.
	pub(crate) fn settle(&mut self, now: EraIndex, unbonding_eras: EraIndex) {
		let passed = |era: EraIndex| era.saturating_add(unbonding_eras) <= now;
		self.joins.retain(|j| !passed(j.era));
		let matured = sum(self.chunks.iter().filter(|c| passed(c.era)).map(|c| c.amount));
		let mut youngest = self.chunks.iter_mut().rev().filter(|c| passed(c.era));
		if let Some(kept) = youngest.next() {
			kept.amount = matured;
			youngest.for_each(|c| c.amount = 0);
			self.chunks.retain(|c| c.amount > 0);
		}
	}

	/// Takes `fraction` of what answers for `era`, rounded down, from each part of it alike, and
	/// returns what it took.
	pub(crate) fn slash(&mut self, fraction: Perbill, era: EraIndex) -> Balance {
		let due = share_floor(
			self.answerable(era),
			u128::from(fraction.deconstruct()),
			u128::from(Perbill::ACCURACY),
		)
		.unwrap_or(0);
		let exposed = |c: &&mut Chunk| c.era.saturating_add(1) >= era;
		let mut parts = sum(self.exposed(era).map(|c| c.amount)).saturating_add(self.bonded);
		let mut rest = due;
		// As long as no more is due than is there, each share is at most its part, and the last part,
		// which is all that is left, takes all that is left to take.
		let mut take = |part: &mut Balance| {
			let share = share_floor(*part, rest, parts).unwrap_or(0);
			parts = parts.saturating_sub(*part);
			rest = rest.saturating_sub(share);
			*part = part.saturating_sub(share);
		};
		for chunk in self.chunks.iter_mut().filter(exposed) {
			take(&mut chunk.amount);
		}
		take(&mut self.bonded);
		self.chunks.retain(|c| c.amount > 0);
		due.saturating_sub(rest)
	}

	/// Whether nothing is left.
	pub(crate) fn is_empty(&self) -> bool {
		self.bonded == 0 && self.chunks.is_empty()
	}
}
