//! The dependency descriptor as an extension of `str0m`: carried through as bytes.

use str0m::rtp::{ExtensionSerializer, ExtensionValues};

use super::MAX_BYTES;

/// A descriptor as it came, or as it is to be sent; in [`ExtensionValues::user_values`]. Without a buffer of its own.
#[derive(Debug, Clone, Copy)]
pub struct Raw {
	bytes: [u8; MAX_BYTES],
	length: usize,
}

impl Raw {
	/// These bytes, or as many as there may be.
	pub fn new(from: &[u8]) -> Self {
		let (mut bytes, length) = ([0; MAX_BYTES], from.len().min(MAX_BYTES));
		for (to, from) in bytes.iter_mut().zip(from) {
			*to = *from;
		}
		Self { bytes, length }
	}

	/// The descriptor.
	pub fn bytes(&self) -> &[u8] {
		self.bytes.get(..self.length).unwrap_or_default()
	}

	pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
		self.bytes.get_mut(..self.length).unwrap_or_default()
	}
}

impl PartialEq for Raw {
	fn eq(&self, other: &Self) -> bool {
		self.bytes() == other.bytes()
	}
}

impl Eq for Raw {}

/// Longest value of the one-byte form (RFC 8285 §4.2).
const ONE_BYTE_FORM: usize = 16;

/// Copies the bytes in and out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Serializer;

impl ExtensionSerializer for Serializer {
	fn write_to(&self, buf: &mut [u8], ev: &ExtensionValues) -> usize {
		let Some(bytes) = ev.user_values.get::<Raw>().map(Raw::bytes) else { return 0 };
		match buf.get_mut(..bytes.len()) {
			Some(room) => {
				room.copy_from_slice(bytes);
				bytes.len()
			}
			None => 0,
		}
	}

	fn parse_value(&self, buf: &[u8], ev: &mut ExtensionValues) -> bool {
		// Three bytes are the least (§A.8.2).
		let fits = (3..=MAX_BYTES).contains(&buf.len());
		if fits {
			ev.user_values.set(Raw::new(buf));
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
		ev.user_values.get::<Raw>().is_some_and(|raw| raw.length > ONE_BYTE_FORM)
	}
}
