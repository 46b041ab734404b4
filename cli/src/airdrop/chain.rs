//! What the chain keeps of airdrops.

use super::ticket::Proven;
use crate::{
	chain::{deadline, BlockHash},
	Chain,
};
use anyhow::{bail, ensure, Context, Result};
use codec::Decode;
use dtel_primitives::{
	airdrop::{Airdrop, AirdropId, LeafIndex},
	AccountId, Hash,
};
use subxt::dynamic::{storage, Value};

/// Leaves on a page of who claimed, as pallet Claims keeps them.
const PAGE_LEAVES: u32 = 2_048;

impl Chain {
	/// The number that the next airdrop will have.
	pub async fn next_airdrop(&self, at: BlockHash) -> Result<AirdropId> {
		let next = self.storage("Claims", "NextId", None, Some(at)).await;
		Ok(next.context("this chain has no pallet Claims")?.unwrap_or(0))
	}

	/// An airdrop; nothing when there is none of this number, or none any more.
	pub async fn airdrop(
		&self,
		airdrop: AirdropId,
		at: BlockHash,
	) -> Result<Option<Airdrop<AccountId>>> {
		let client = deadline(self.client.at_block(at)).await?;
		let address = storage::<(u32,), Value>("Claims", "Airdrops");
		let found = deadline(client.storage().try_fetch(address, (airdrop,))).await;
		let bytes = found.context("this chain has no pallet Claims")?.map(|v| v.into_bytes());
		let kept = bytes.map(|bytes| Airdrop::decode(&mut bytes.as_slice())).transpose();
		kept.context("Claims.Airdrops has another shape than this program knows")
	}

	/// All airdrops that are kept, by rising number.
	pub async fn airdrops(&self, at: BlockHash) -> Result<Vec<(AirdropId, Airdrop<AccountId>)>> {
		let mut all = Vec::new();
		for number in 0..self.next_airdrop(at).await? {
			all.extend(self.airdrop(number, at).await?.map(|kept| (number, kept)));
		}
		Ok(all)
	}

	/// Whether a place of an airdrop was claimed. Says no of what was pruned.
	pub async fn is_claimed(
		&self,
		airdrop: AirdropId,
		index: LeafIndex,
		at: BlockHash,
	) -> Result<bool> {
		let client = deadline(self.client.at_block(at)).await?;
		let address = storage::<(u32, u32), Value>("Claims", "Claimed");
		let key = (airdrop, index / PAGE_LEAVES);
		let page = deadline(client.storage().try_fetch(address, key)).await?;
		let bytes = page.map(|page| page.into_bytes()).unwrap_or_default();
		let bit = index % PAGE_LEAVES;
		let byte = bytes.get(usize::try_from(bit / 8)?).copied().unwrap_or(0);
		Ok(byte & (1 << (bit % 8)) != 0)
	}

	/// Which airdrop is of a list: the one with this number, or the last one that is kept.
	pub async fn airdrop_of(
		&self,
		domain: Hash,
		root: Hash,
		airdrop: Option<AirdropId>,
		at: BlockHash,
	) -> Result<(AirdropId, Airdrop<AccountId>)> {
		if let Some(number) = airdrop {
			let kept = self.airdrop(number, at).await?;
			let kept = kept.with_context(|| format!("there is no airdrop {number}"))?;
			compare(number, &kept, domain, root)?;
			return Ok((number, kept));
		}
		let mut all = self.airdrops(at).await?.into_iter().rev();
		let found = all.find(|(_, kept)| kept.root == root && kept.domain == domain);
		found.context("the chain has no airdrop of this list: not made yet, cancelled, or pruned")
	}

	/// The airdrop of a ticket, if the ticket is of this chain.
	pub async fn airdrop_for(
		&self,
		proven: &Proven,
		airdrop: Option<AirdropId>,
		at: BlockHash,
	) -> Result<(AirdropId, Airdrop<AccountId>)> {
		self.ensure_chain(proven.genesis)?;
		self.airdrop_of(proven.domain, proven.root, airdrop, at).await
	}

	/// Refuses what is of another chain.
	pub fn ensure_chain(&self, genesis: Hash) -> Result<()> {
		let this = Hash::from(self.genesis());
		ensure!(this == genesis, "the list is of the chain {genesis:?}, and this is {this:?}");
		Ok(())
	}
}

/// Whether an airdrop is of a list.
fn compare(number: AirdropId, kept: &Airdrop<AccountId>, domain: Hash, root: Hash) -> Result<()> {
	if kept.root != root {
		bail!("airdrop {number} is of another list: its root is {:?}", kept.root);
	}
	ensure!(
		kept.domain == domain,
		"airdrop {number} has the root of this list, and another label, number of leaves or amount than it ({} leaves, \
		 {} planck): nothing of it can be claimed",
		kept.leaves,
		kept.amount,
	);
	Ok(())
}
