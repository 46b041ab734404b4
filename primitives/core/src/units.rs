//! Small checked units.

use crate::Balance;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A value outside of the range that its type allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutOfRange;

/// Parts in ten thousand, `0..=10_000`. Decoding refuses more.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Debug,
	Default,
	Encode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(try_from = "u16", into = "u16")]
pub struct BasisPoints(u16);

impl BasisPoints {
	/// Nothing.
	pub const ZERO: Self = Self(0);
	/// The whole: 10,000 parts.
	pub const ONE: Self = Self(10_000);

	/// `parts` in ten thousand, or nothing when there are more than ten thousand.
	pub const fn new(parts: u16) -> Option<Self> {
		if parts <= 10_000 {
			Some(Self(parts))
		} else {
			None
		}
	}

	/// `parts` in ten thousand, the whole when there are more.
	pub const fn saturating(parts: u32) -> Self {
		if parts < 10_000 {
			Self(parts as u16)
		} else {
			Self::ONE
		}
	}

	/// The share of `part` in `whole`, rounded down; nothing of nothing is zero.
	pub const fn from_ratio(part: u64, whole: u64) -> Self {
		if whole == 0 {
			return Self::ZERO;
		}
		let parts = (part as u128).saturating_mul(10_000) / whole as u128;
		if parts < 10_000 {
			Self(parts as u16)
		} else {
			Self::ONE
		}
	}

	/// The number of parts in ten thousand.
	pub const fn parts(self) -> u16 {
		self.0
	}

	/// What is left to the whole.
	pub const fn complement(self) -> Self {
		Self(10_000u16.saturating_sub(self.0))
	}
}

impl Decode for BasisPoints {
	fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
		Self::new(u16::decode(input)?).ok_or_else(|| "basis points above 10,000".into())
	}
}

impl TryFrom<u16> for BasisPoints {
	type Error = &'static str;
	fn try_from(parts: u16) -> Result<Self, Self::Error> {
		Self::new(parts).ok_or("basis points above 10,000")
	}
}

impl From<BasisPoints> for u16 {
	fn from(value: BasisPoints) -> u16 {
		value.0
	}
}

/// JSON numbers have no room for planck: balances are text.
pub(crate) fn text<S: serde::Serializer>(value: &Balance, to: S) -> Result<S::Ok, S::Error> {
	to.collect_str(value)
}

/// The same, for one that may be missing.
pub(crate) fn maybe_text<S: serde::Serializer>(
	value: &Option<Balance>,
	to: S,
) -> Result<S::Ok, S::Error> {
	match value {
		Some(value) => to.collect_str(value),
		None => to.serialize_none(),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn decoding_fails_when_above_the_whole() {
		assert_eq!(BasisPoints::decode(&mut &10_000u16.encode()[..]), Ok(BasisPoints::ONE));
		assert!(BasisPoints::decode(&mut &10_001u16.encode()[..]).is_err());
	}

	#[test]
	fn ratio_rounds_down_and_saturates() {
		assert_eq!(BasisPoints::from_ratio(1, 3).parts(), 3_333);
		assert_eq!(BasisPoints::from_ratio(0, 0), BasisPoints::ZERO);
		assert_eq!(BasisPoints::from_ratio(u64::MAX, 1), BasisPoints::ONE);
	}
}
