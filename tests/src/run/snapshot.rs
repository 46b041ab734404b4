//! The state of a chain at a block, and in a file: a line for each key and its value, in hexadecimal.

use anyhow::{Context, Result};
use dtel::{chain::BlockHash, Chain};
use sp_crypto_hashing::twox_128;
use std::{
	collections::BTreeMap,
	fs::File,
	io::{BufWriter, Write},
	path::Path,
};

const VERSION: &[u8] = b":__STORAGE_VERSION__:";

/// Every key and its value.
pub struct State(BTreeMap<Vec<u8>, Vec<u8>>);

impl State {
	/// The whole state at a block.
	pub async fn fetch(chain: &Chain, at: BlockHash) -> Result<Self> {
		let state = chain.state(at).await.context("the state cannot be read")?;
		Ok(Self(state.into_iter().collect()))
	}

	/// How many keys it has.
	pub fn len(&self) -> usize {
		self.0.len()
	}

	/// The version of a pallet's storage; 0 if it has none.
	pub fn version(&self, pallet: &str) -> u16 {
		let key = [twox_128(pallet.as_bytes()), twox_128(VERSION)].concat();
		let bytes = self.0.get(&key).and_then(|value| value.as_slice().try_into().ok());
		bytes.map_or(0, u16::from_le_bytes)
	}

	/// Whether a pallet has anything in it but the version.
	pub fn has_part(&self, pallet: &str) -> bool {
		let prefix = twox_128(pallet.as_bytes()).to_vec();
		let version = [prefix.as_slice(), &twox_128(VERSION)].concat();
		let of_pallet =
			self.0.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
		of_pallet.into_iter().any(|(key, _)| *key != version)
	}

	/// Writes it.
	pub fn write(&self, file: &Path) -> Result<()> {
		let out = File::create(file).with_context(|| format!("cannot write {}", file.display()))?;
		let mut out = BufWriter::new(out);
		for (key, value) in &self.0 {
			writeln!(out, "{} {}", hex::encode(key), hex::encode(value))?;
		}
		Ok(out.flush()?)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_version_alone_is_no_part() {
		let key =
			|pallet: &str, item: &[u8]| [twox_128(pallet.as_bytes()), twox_128(item)].concat();
		let state = State(BTreeMap::from([
			(key("A", VERSION), vec![2, 0]),
			(key("B", VERSION), vec![1, 0]),
			(key("B", b"Item"), vec![7]),
		]));
		assert_eq!([state.version("A"), state.version("B"), state.version("C")], [2, 1, 0]);
		assert_eq!(["A", "B", "C"].map(|pallet| state.has_part(pallet)), [false, true, false]);
	}
}
