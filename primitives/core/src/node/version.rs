//! Which software a node says that it runs.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{bounded::BoundedVec, ConstU32};

/// Longest software version in bytes.
pub const MAX_VERSION: u32 = 32;

/// Name and version of a node's software, such as `dtel-worker/0.1.0`: 1 to 32 visible ASCII
/// characters. Whoever decodes one has still to ask [`SoftwareVersion::is_valid`].
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct SoftwareVersion(BoundedVec<u8, ConstU32<MAX_VERSION>>);

impl SoftwareVersion {
	/// The version, if it is well-formed.
	pub fn new(text: &[u8]) -> Option<Self> {
		let version = Self(text.to_vec().try_into().ok()?);
		version.is_valid().then_some(version)
	}

	/// Whether it is not empty and has only visible ASCII characters: no spaces, no controls.
	pub fn is_valid(&self) -> bool {
		!self.0.is_empty() && self.0.iter().all(u8::is_ascii_graphic)
	}

	/// Its text.
	pub fn as_bytes(&self) -> &[u8] {
		&self.0
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn versions_have_1_to_32_visible_characters() {
		for good in ["1", "dtel-worker/0.1.0", "v1.0.0-rc.1+build~7", &"x".repeat(32)] {
			assert_eq!(SoftwareVersion::new(good.as_bytes()).unwrap().as_bytes(), good.as_bytes());
		}
		for bad in ["", " ", "a b", "a\n", "a\t", "a\0", "\u{7f}", "ä", &"x".repeat(33)] {
			assert_eq!(SoftwareVersion::new(bad.as_bytes()), None, "{bad:?}");
		}
	}

	/// SCALE knows the length only: what was decoded has to be asked.
	#[test]
	fn what_is_decoded_may_be_invalid() {
		let decode = |text: &[u8]| SoftwareVersion::decode(&mut &text.to_vec().encode()[..]);
		assert!(decode(b"ok").unwrap().is_valid());
		assert!(!decode(b"").unwrap().is_valid());
		assert!(!decode(b"a b").unwrap().is_valid());
		assert!(decode(&[b'x'; 33]).is_err());
	}

	proptest! {
		#[test]
		fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
			let good = (1..=32).contains(&bytes.len()) && bytes.iter().all(|b| (33..=126).contains(b));
			prop_assert_eq!(SoftwareVersion::new(&bytes).is_some(), good);
		}
	}
}
