//! Airdrops on this side of the chain: lists from CSV, their trees, what a holder needs to claim.
//!
//! | module | what it owns |
//! |---|---|
//! | [`csv`] | `account,amount` → a list, or which lines are wrong |
//! | [`file`](mod@file) | a list in a file, read and written line by line |
//! | [`ticket`] | an account's entry with its proof |
//! | [`chain`] | what the chain keeps of airdrops |
//!
//! The rules of trees are the chain's own: [`dtel_primitives::airdrop`]. A list of a million entries takes about 50 MB,
//! its tree 64 MB; nothing else grows with it.

pub mod chain;
pub mod csv;
pub mod file;
pub mod ticket;

pub use ticket::Ticket;

use anyhow::{bail, Context, Result};
use dtel_primitives::{
	airdrop::{domain, Tree, MAX_LABEL, MAX_LEAVES},
	AccountId, Balance, Hash,
};
use std::str::FromStr;

/// Told how many entries are read, hashed or written.
pub type Progress<'a> = &'a dyn Fn(&str, usize);

/// Entries after which progress is told.
pub const STRIDE: usize = 100_000;

/// Tells progress at every [`STRIDE`].
fn tell(progress: Progress<'_>, what: &str, done: usize) {
	if done > 0 && done.is_multiple_of(STRIDE) {
		progress(what, done);
	}
}

/// Who gets what, on which chain, under which label. The place of an entry is its index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct List {
	/// The genesis hash of the chain.
	pub genesis: Hash,
	/// What tells lists of one chain apart.
	pub label: String,
	/// The entries in their order.
	pub entries: Vec<(AccountId, Balance)>,
}

impl List {
	/// The list, if the chain can have it: a short label, and neither no entry nor too many.
	pub fn new(genesis: Hash, label: String, entries: Vec<(AccountId, Balance)>) -> Result<Self> {
		check_label(&label)?;
		if entries.is_empty() {
			bail!("the list is empty");
		}
		if entries.len() > MAX_LEAVES as usize {
			bail!("{} entries: an airdrop has at most {MAX_LEAVES}", entries.len());
		}
		let list = Self { genesis, label, entries };
		list.sum().context("the sum is more than can exist")?;
		Ok(list)
	}

	fn sum(&self) -> Option<Balance> {
		self.entries.iter().try_fold(0, |sum: Balance, (_, amount)| sum.checked_add(*amount))
	}

	/// The sum of all entries: what the airdrop has to be given.
	pub fn total(&self) -> Balance {
		self.sum().unwrap_or(Balance::MAX)
	}

	/// How many entries there are.
	pub fn leaves(&self) -> u32 {
		u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
	}

	/// What its leaves are bound to.
	pub fn domain(&self) -> Hash {
		domain(&self.genesis, self.label.as_bytes(), self.leaves(), self.total())
	}

	/// Its tree.
	pub fn tree(&self, progress: Progress<'_>) -> Result<Tree> {
		let entries = self.entries.iter().enumerate().map(|(done, (account, amount))| {
			tell(progress, "hashed", done);
			(account, *amount)
		});
		Tree::of(&self.domain(), entries).context("no tree has so many leaves")
	}

	/// The place of an account.
	pub fn find(&self, account: &AccountId) -> Option<u32> {
		let at = self.entries.iter().position(|(who, _)| who == account)?;
		u32::try_from(at).ok()
	}
}

/// A label that the chain takes.
pub fn check_label(label: &str) -> Result<()> {
	if label.len() > MAX_LABEL as usize {
		bail!("a label has at most {MAX_LABEL} bytes; {label:?} has {}", label.len());
	}
	Ok(())
}

/// A hash of 32 bytes as `0x` and hex.
pub fn hash(text: &str) -> Result<Hash> {
	let digits = text.strip_prefix("0x").context("a hash begins with 0x")?;
	let bytes: [u8; 32] =
		hex::decode(digits)?.try_into().ok().context("a hash has 32 bytes, 64 digits")?;
	Ok(Hash::from(bytes))
}

/// An account in a list: SS58 of whatever network, or `0x` and 64 hex digits. Nothing else, so that a slip is seen.
pub fn account(text: &str) -> Result<AccountId> {
	if text.starts_with("0x") {
		return Ok(AccountId::new(hash(text).context("no account")?.0));
	}
	let account = subxt::utils::AccountId32::from_str(text)
		.ok()
		.with_context(|| format!("{text:?} is no account: neither SS58 nor 0x-hex of 32 bytes"))?;
	Ok(AccountId::new(account.0))
}

#[cfg(test)]
mod tests;
