//! The dependency descriptor as an extension of `str0m`: carried through as bytes.

use str0m::rtp::{ExtensionSerializer, ExtensionValues};

use super::MAX_BYTES;

/// A descriptor as it came, or as it is to be sent; in [`ExtensionValues::user_values`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw(pub Vec<u8>);

/// Longest value of the one-byte form (RFC 8285 §4.2).
const ONE_BYTE_FORM: usize = 16;

/// Copies the bytes in and out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Serializer;

impl ExtensionSerializer for Serializer {
	fn write_to(&self, buf: &mut [u8], ev: &ExtensionValues) -> usize {
		let Some(Raw(bytes)) = ev.user_values.get::<Raw>() else { return 0 };
		match buf.get_mut(..bytes.len()) {
			Some(room) if bytes.len() <= MAX_BYTES => {
				room.copy_from_slice(bytes);
				bytes.len()
			}
			_ => 0,
		}
	}

	fn parse_value(&self, buf: &[u8], ev: &mut ExtensionValues) -> bool {
		// Three bytes are the least (§A.8.2).
		let fits = (3..=MAX_BYTES).contains(&buf.len());
		if fits {
			ev.user_values.set(Raw(buf.to_vec()));
		}
		fits
	}

	fn is_video(&self) -> bool {
		true
	}

	fn is_audio(&self) -> bool {
		false
	}

	fn requires_two_byte_form(&self, ev: &ExtensionValues) -> bool {
		ev.user_values.get::<Raw>().is_some_and(|raw| raw.0.len() > ONE_BYTE_FORM)
	}
}
