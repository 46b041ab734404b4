//! What storage holds and what offences cost.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{Balance, BasisPoints, EraIndex};
use dtel_traits::OffenceKind;
use scale_info::TypeInfo;

/// What one kind of offence costs.
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
pub struct Terms {
	/// The part of the operator's stake that is taken.
	pub slash: BasisPoints,
	/// Full eras in jail after the era of the offence.
	pub jail_eras: EraIndex,
}

/// What each kind of offence costs.
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
pub struct Policy {
	/// Terms of [`OffenceKind::MissedDuty`].
	pub missed_duty: Terms,
	/// Terms of [`OffenceKind::Unavailable`].
	pub unavailable: Terms,
}

impl Policy {
	/// A missed duty costs no stake and an era in jail; being down 0.1 % of the stake and two eras.
	pub const DEFAULT: Self = Self {
		missed_duty: Terms { slash: BasisPoints::ZERO, jail_eras: 1 },
		unavailable: Terms { slash: BasisPoints::saturating(10), jail_eras: 2 },
	};

	/// The terms of a kind.
	pub const fn terms(&self, kind: OffenceKind) -> Terms {
		match kind {
			OffenceKind::MissedDuty => self.missed_duty,
			OffenceKind::Unavailable => self.unavailable,
		}
	}

	/// The longest term in jail.
	pub fn longest_term(&self) -> EraIndex {
		self.missed_duty.jail_eras.max(self.unavailable.jail_eras)
	}
}

impl Default for Policy {
	fn default() -> Self {
		Self::DEFAULT
	}
}

/// An offence that was reported, and what followed from it.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Record<AccountId> {
	/// Who operated the node when it was done.
	pub owner: AccountId,
	/// The part of the stake that it costs, by the policy at the time of the report.
	pub fraction: BasisPoints,
	/// What was taken.
	pub slashed: Balance,
}

/// For what and how long a node is jailed.
///
/// Offences merge into one sentence in whatever order they are reported: it reaches from the
/// earliest of their eras to the latest of their ends.
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
pub struct Sentence {
	/// The earliest era of the offences it is for.
	pub since: EraIndex,
	/// The first era in which the node may be released.
	pub until: EraIndex,
}

impl Sentence {
	/// The sentence for one offence: the era of the offence, then `jail_eras` full ones.
	pub fn for_offence(era: EraIndex, jail_eras: EraIndex) -> Self {
		Self { since: era, until: era.saturating_add(1).saturating_add(jail_eras) }
	}

	/// The sentence for what both are for.
	pub fn merge(self, other: Self) -> Self {
		Self { since: self.since.min(other.since), until: self.until.max(other.until) }
	}
}

/// Up to where history is closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Horizon {
	/// The first era that is not closed. No offence of an earlier one is taken.
	pub(crate) oldest: EraIndex,
	/// Whether records of the era before it are still to be removed.
	pub(crate) sweeping: bool,
}
