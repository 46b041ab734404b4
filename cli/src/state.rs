//! The whole state of a chain at a block.

use crate::chain::{deadline, BlockHash, Chain};
use anyhow::{Context, Result};

/// Keys that one request asks for.
const PAGE: u32 = 256;

/// A storage key and its value.
pub type Pair = (Vec<u8>, Vec<u8>);

impl Chain {
	/// `spec_version` of the runtime that a block left.
	pub async fn spec_version(&self, at: BlockHash) -> Result<u32> {
		let version = deadline(self.rpc.state_get_runtime_version(Some(at))).await?;
		Ok(version.spec_version)
	}

	/// Every storage key and its value at a block, by key. As large as the state: for development chains.
	pub async fn state(&self, at: BlockHash) -> Result<Vec<Pair>> {
		let mut state: Vec<Pair> = Vec::new();
		loop {
			let start = state.last().map(|(key, _)| key.as_slice());
			let keys = deadline(self.rpc.state_get_keys_paged(&[], PAGE, start, Some(at))).await?;
			if keys.is_empty() {
				return Ok(state);
			}
			let asked = keys.iter().map(|key| key.as_slice());
			let sets = deadline(self.rpc.state_query_storage_at(asked, Some(at))).await?;
			let mut page: Vec<Pair> = Vec::new();
			for (key, value) in sets.into_iter().flat_map(|set| set.changes) {
				let value = value.context("the node listed a key that has no value")?;
				page.push((key.0, value.0));
			}
			anyhow::ensure!(page.len() == keys.len(), "the node did not show all values");
			page.sort();
			state.extend(page);
		}
	}
}
