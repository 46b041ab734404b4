//! Numbers that cannot leave their bounds.

use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use scale_info::TypeInfo;

/// A number from `LOW` to `HIGH`, both among them.
///
/// There is no other one: what is outside does not decode. So a proposal that would set a parameter to it is no call at all,
/// and fails before it is dispatched, whatever its origin; and a value that a later runtime no longer allows reads as
/// the parameter's default.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, MaxEncodedLen, TypeInfo)]
pub struct Within<const LOW: u128, const HIGH: u128>(u128);

impl<const LOW: u128, const HIGH: u128> Within<LOW, HIGH> {
	/// The number. Only for constants: a `const` that is out of bounds does not compile.
	pub const fn new(number: u128) -> Self {
		assert!(LOW <= number && number <= HIGH, "a parameter is out of its bounds");
		Self(number)
	}

	/// The number, if it is within the bounds.
	pub const fn checked(number: u128) -> Option<Self> {
		if LOW <= number && number <= HIGH {
			Some(Self(number))
		} else {
			None
		}
	}

	/// The least and the greatest.
	pub const fn bounds() -> (u128, u128) {
		(LOW, HIGH)
	}

	/// The number itself.
	pub const fn get(self) -> u128 {
		self.0
	}

	/// The number in 32 bits; the greatest of them if it has more, which none does whose bounds have not.
	pub fn small(self) -> u32 {
		self.0.try_into().unwrap_or(u32::MAX)
	}
}

impl<const LOW: u128, const HIGH: u128> Decode for Within<LOW, HIGH> {
	fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
		Self::checked(u128::decode(input)?)
			.ok_or_else(|| Error::from("out of the parameter's bounds"))
	}
}

impl<const LOW: u128, const HIGH: u128> DecodeWithMemTracking for Within<LOW, HIGH> {}
