//! Reading and writing of bits, most significant first.

/// Reads bits. After the end every read is `None`.
#[derive(Debug, Clone)]
pub struct BitReader<'a> {
	data: &'a [u8],
	at: usize,
}

impl<'a> BitReader<'a> {
	/// From the first bit of `data`.
	pub fn new(data: &'a [u8]) -> Self {
		Self { data, at: 0 }
	}

	/// Bits read so far.
	pub fn position(&self) -> usize {
		self.at
	}

	/// Bits that are left.
	pub fn left(&self) -> usize {
		(self.data.len() * 8).saturating_sub(self.at)
	}

	/// One bit.
	pub fn flag(&mut self) -> Option<bool> {
		let byte = *self.data.get(self.at / 8)?;
		let bit = byte >> (7 - self.at % 8) & 1;
		self.at += 1;
		Some(bit == 1)
	}

	/// `n` bits (at most 32) as a number: `f(n)` of the AV1 specification.
	pub fn bits(&mut self, n: usize) -> Option<u32> {
		if n > 32 || n > self.left() {
			return None;
		}
		let mut value = 0u32;
		for _ in 0..n {
			value = value << 1 | u32::from(self.flag()?);
		}
		Some(value)
	}

	/// A number below `n`: `ns(n)` of the AV1 specification §4.10.7.
	pub fn non_symmetric(&mut self, n: u32) -> Option<u32> {
		let width = 32 - n.leading_zeros() as usize;
		if width <= 1 {
			return (n > 0).then_some(0);
		}
		let short = (1u64 << width) - u64::from(n);
		let value = self.bits(width - 1)?;
		if u64::from(value) < short {
			return Some(value);
		}
		let extra = u64::from(self.bits(1)?);
		u32::try_from((u64::from(value) << 1) - short + extra).ok()
	}
}

/// Writes bits; the last byte is filled with zeros.
#[derive(Debug, Clone, Default)]
pub struct BitWriter {
	data: Vec<u8>,
	at: usize,
}

impl BitWriter {
	/// Appends a bit.
	pub fn flag(&mut self, bit: bool) {
		if self.at.is_multiple_of(8) {
			self.data.push(0);
		}
		if let Some(last) = self.data.last_mut() {
			*last |= u8::from(bit) << (7 - self.at % 8);
		}
		self.at += 1;
	}

	/// Appends the lowest `n` bits (at most 32) of a number.
	pub fn bits(&mut self, value: u32, n: usize) {
		for i in (0..n.min(32)).rev() {
			self.flag(value >> i & 1 == 1);
		}
	}

	/// Appends bits of a reader as they are; as many as it has.
	pub fn copy(&mut self, from: &mut BitReader<'_>, n: usize) {
		for _ in 0..n {
			let Some(bit) = from.flag() else { return };
			self.flag(bit);
		}
	}

	/// What was written.
	pub fn finish(self) -> Vec<u8> {
		self.data
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn reads_numbers_below_five_as_the_specification_codes_them() {
		// AV1 §4.10.7, the table for ns(5).
		let coded = [(0, "00"), (1, "01"), (2, "10"), (3, "110"), (4, "111")];
		for (value, text) in coded {
			let mut writer = BitWriter::default();
			text.chars().for_each(|c| writer.flag(c == '1'));
			let bytes = writer.finish();
			let mut reader = BitReader::new(&bytes);
			assert_eq!(reader.non_symmetric(5), Some(value));
			assert_eq!(reader.position(), text.len());
		}
		assert_eq!(BitReader::new(&[]).non_symmetric(1), Some(0));
		assert_eq!(BitReader::new(&[]).non_symmetric(0), None);
	}

	proptest! {
		#[test]
		fn gives_back_what_was_written(values in proptest::collection::vec((any::<u32>(), 0usize..=32), 0..40)) {
			let mut writer = BitWriter::default();
			for (value, n) in &values {
				writer.bits(*value, *n);
			}
			let bytes = writer.finish();
			let mut reader = BitReader::new(&bytes);
			for (value, n) in &values {
				let mask = if *n == 32 { u32::MAX } else { (1 << n) - 1 };
				prop_assert_eq!(reader.bits(*n), Some(value & mask));
			}
			prop_assert!(reader.left() < 8);
		}

		#[test]
		fn stops_at_the_end(bytes in proptest::collection::vec(any::<u8>(), 0..8), n in 0u32..) {
			let mut reader = BitReader::new(&bytes);
			while let Some(value) = reader.non_symmetric(n) {
				prop_assert!(value < n);
				if n == 1 { break }
			}
			prop_assert!(reader.position() <= bytes.len() * 8);
		}
	}
}
