//! Identities of machines at peaq.
//!
//! The method's specification (peaq DID Specifications, "peaq DID Format") says
//!
//! ```text
//! peaq-did  = "did:peaq:" id-string
//! id-string = 1*idchar
//! idchar    = 1-9 / A-H / J-N / P-Z / a-k / m-z
//! ```
//!
//! which is base58 and fits an SS58 address. peaq's SDK also makes `did:peaq:0x…` of the address of an
//! EVM account. Both are accepted, and nothing else: no path, query or fragment.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{bounded::BoundedVec, ConstU32};

/// Longest DID in bytes, the prefix included.
pub const MAX_DID: u32 = 128;

/// How every DID of the method begins: in lower case (DID Core §3.1).
const PREFIX: &[u8] = b"did:peaq:";
/// Hexadecimal digits of an EVM account's address.
const EVM_DIGITS: usize = 40;

/// A DID of the method `peaq`. Whoever decodes one has still to ask [`PeaqDid::is_valid`].
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct PeaqDid(BoundedVec<u8, ConstU32<MAX_DID>>);

impl PeaqDid {
	/// The DID, if it is well-formed.
	pub fn new(text: &[u8]) -> Option<Self> {
		let did = Self(text.to_vec().try_into().ok()?);
		did.is_valid().then_some(did)
	}

	/// Whether it is `did:peaq:` and a base58 string, or `did:peaq:0x` and 40 hexadecimal digits.
	pub fn is_valid(&self) -> bool {
		self.0.strip_prefix(PREFIX).is_some_and(|id| match id.strip_prefix(b"0x") {
			Some(digits) => digits.len() == EVM_DIGITS && digits.iter().all(u8::is_ascii_hexdigit),
			None => !id.is_empty() && id.iter().all(is_base58),
		})
	}

	/// Its text.
	pub fn as_bytes(&self) -> &[u8] {
		&self.0
	}
}

/// A letter or digit that cannot be taken for another.
fn is_base58(byte: &u8) -> bool {
	byte.is_ascii_alphanumeric() && !matches!(byte, b'0' | b'O' | b'I' | b'l')
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const SS58: &str = "did:peaq:5HRNr4pXH7PYKEmeW1jzJVxepXyg8w2Q3YpgRNHpH8foNr5i";
	const EVM: &str = "did:peaq:0x9Eeab1aCcb1A701aEfAB00F3b8a275a39646641C";

	fn is_did(text: &str) -> bool {
		PeaqDid::new(text.as_bytes()).is_some_and(|did| did.as_bytes() == text.as_bytes())
	}

	#[test]
	fn accounts_of_both_kinds_have_dids() {
		let longest = format!("did:peaq:{}", "z".repeat(119));
		assert_eq!(longest.len(), MAX_DID as usize);
		for good in [SS58, EVM, &EVM.to_lowercase().replace("0X", "0x"), "did:peaq:1", &longest] {
			assert!(is_did(good), "{good}");
		}
	}

	#[test]
	fn what_is_no_did_of_peaq_is_refused() {
		let too_long = format!("did:peaq:{}", "z".repeat(120));
		for bad in [
			"",
			"did:peaq",
			"did:peaq:",
			"did:pq:5HRNr4pXH7PYKEmeW1jzJVxepXyg8w2Q3YpgRNHpH8foNr5i",
			"did:web:example.org",
			"DID:peaq:1",
			"did:PEAQ:1",
			" did:peaq:1",
			"did:peaq:1 ",
			"did:peaq:1#payment",
			"did:peaq:1/path",
			"did:peaq:1?query",
			"did:peaq:1:2",
			"did:peaq:a-b",
			"did:peaq:0",
			"did:peaq:O",
			"did:peaq:I",
			"did:peaq:l",
			"did:peaq:ü",
			"did:peaq:0x",
			"did:peaq:0X9Eeab1aCcb1A701aEfAB00F3b8a275a39646641C",
			&EVM[..EVM.len() - 1],
			&format!("{EVM}0"),
			&EVM.replace('E', "g"),
			&too_long,
		] {
			assert!(!is_did(bad), "{bad}");
		}
	}

	#[test]
	fn what_is_decoded_may_be_invalid() {
		let decode = |text: &[u8]| PeaqDid::decode(&mut &text.to_vec().encode()[..]);
		assert!(decode(SS58.as_bytes()).unwrap().is_valid());
		assert!(!decode(b"did:peaq:").unwrap().is_valid());
		assert!(decode(&[b'z'; 129]).is_err());
	}

	proptest! {
		#[test]
		fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..140)) {
			prop_assert!(PeaqDid::new(&bytes).is_none_or(|did| did.as_bytes().starts_with(PREFIX)));
			let with_prefix = [PREFIX, &bytes].concat();
			if let Some(did) = PeaqDid::new(&with_prefix) {
				prop_assert!(did.as_bytes().is_ascii());
			}
		}

		#[test]
		fn every_base58_string_makes_one(id in "[1-9A-HJ-NP-Za-km-z]{1,119}") {
			let did = format!("did:peaq:{}", id);
			prop_assert!(is_did(&did));
		}
	}
}
