//! Grants, and what is owed of those that were revoked.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_math::vesting::merged_floor;
use dtel_primitives::{vesting::Terms, Balance, BlockNumber};
use scale_info::TypeInfo;

/// The number of a grant, given once and never again.
pub type GrantId = u64;

/// Tokens that become free in time.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Schedule<AccountId> {
	/// Its number.
	pub id: GrantId,
	/// Who gave it, and gets what is revoked.
	pub grantor: AccountId,
	/// When it becomes free.
	pub terms: Terms,
	/// What was granted.
	pub amount: Balance,
	/// What of it was freed: never more than is vested.
	pub released: Balance,
	/// Who can revoke it. Nobody: nobody but governance.
	pub revoker: Option<AccountId>,
	/// How often grants were put together to make it.
	pub merges: u32,
}

impl<AccountId: PartialEq> Schedule<AccountId> {
	/// What of it is vested at a block.
	pub fn vested(&self, now: BlockNumber) -> Balance {
		merged_floor(self.amount, &self.terms, self.merges, now).max(self.released)
	}

	/// What of it is frozen.
	pub const fn unreleased(&self) -> Balance {
		self.amount.saturating_sub(self.released)
	}

	/// Frees what is vested at a block. Returns how much that is more than before.
	pub(crate) fn release(&mut self, now: BlockNumber) -> Balance {
		let before = self.released;
		self.released = self.vested(now);
		self.released.saturating_sub(before)
	}

	/// Whether two grants can be one: the same terms, so that nothing is free earlier; the same grantor and revoker, so that the same
	/// account can revoke it and the same is paid.
	pub(crate) fn is_compatible(&self, other: &Self) -> bool {
		self.terms == other.terms
			&& self.grantor == other.grantor
			&& self.revoker == other.revoker
			&& self.amount.checked_add(other.amount).is_some()
			&& self.merges.checked_add(other.merges).is_some_and(|sum| sum < u32::MAX)
	}

	/// Puts a compatible grant into this one. Both were brought up to date before.
	pub(crate) fn absorb(&mut self, other: &Self) {
		self.amount = self.amount.saturating_add(other.amount);
		self.released = self.released.saturating_add(other.released);
		self.merges = self.merges.saturating_add(other.merges).saturating_add(1);
	}
}

/// What an account owes of grants that were revoked while their tokens could not be moved.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Debt<AccountId> {
	/// To whom: who gave the grant.
	pub grantor: AccountId,
	/// How much.
	pub amount: Balance,
}
