//! What a holder needs to claim: the entry, its proof, and what both are of.

use super::{
	account,
	file::{Heading, VERSION},
	hash, tell, List, Progress,
};
use anyhow::{ensure, Context, Result};
use dtel_primitives::{
	airdrop::{domain, leaf, verify, LeafIndex, ProofError, Tree},
	AccountId, Balance, Hash,
};
use serde::{Deserialize, Serialize};
use std::{fs, io::Write, path::Path};

/// An entry with its proof, as it stands in files: hashes are `0x` and hex, amounts planck, as text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ticket {
	/// The genesis hash of the chain.
	pub genesis: String,
	/// The label of the list.
	pub label: String,
	/// How many entries the list has.
	pub leaves: u32,
	/// Their sum.
	pub total: String,
	/// The root of its tree.
	pub root: String,
	/// The place of the entry.
	pub index: LeafIndex,
	/// Whom it is for.
	pub account: String,
	/// What it is.
	pub amount: String,
	/// One hash for each level of the tree, lowest first.
	pub proof: Vec<String>,
}

/// A ticket that was checked: this entry is in the tree with this root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proven {
	/// The genesis hash of the chain.
	pub genesis: Hash,
	/// What the leaves are bound to.
	pub domain: Hash,
	/// The root.
	pub root: Hash,
	/// How many entries the list has.
	pub leaves: u32,
	/// The place of the entry.
	pub index: LeafIndex,
	/// Whom it is for.
	pub account: AccountId,
	/// What it is.
	pub amount: Balance,
	/// One hash for each level of the tree.
	pub proof: Vec<Hash>,
}

impl Ticket {
	/// The ticket of a place; nothing when the list has no such place.
	pub fn of(list: &List, tree: &Tree, index: LeafIndex) -> Option<Self> {
		let (account, amount) = list.entries.get(usize::try_from(index).ok()?)?;
		Some(Self {
			genesis: format!("{:?}", list.genesis),
			label: list.label.clone(),
			leaves: list.leaves(),
			total: list.total().to_string(),
			root: format!("{:?}", tree.root()),
			index,
			account: account.to_string(),
			amount: amount.to_string(),
			proof: tree.proof(index)?.iter().map(|hash| format!("{hash:?}")).collect(),
		})
	}

	/// The list that it is of.
	pub fn heading(&self) -> Heading {
		let Self { genesis, label, leaves, total, root, .. } = self.clone();
		Heading { airdrop: VERSION, genesis, label, leaves, total, root }
	}

	/// Reads the ticket in a file.
	pub fn open(path: &Path) -> Result<Self> {
		let words = || format!("{}", path.display());
		let text = fs::read_to_string(path).with_context(words)?;
		serde_json::from_str(&text).context("no ticket of an airdrop").with_context(words)
	}

	/// Checks it by the chain's own rules.
	pub fn check(&self) -> Result<Proven> {
		let planck = |text: &str| text.parse::<Balance>().context("no planck");
		let (genesis, root) = (hash(&self.genesis)?, hash(&self.root)?);
		let domain = domain(&genesis, self.label.as_bytes(), self.leaves, planck(&self.total)?);
		let (account, amount) = (account(&self.account)?, planck(&self.amount)?);
		let proof = self.proof.iter().map(|text| hash(text)).collect::<Result<Vec<_>>>()?;
		let leaf = leaf(&domain, self.index, &account, amount);
		let checked = verify(&root, self.leaves, self.index, leaf, &proof);
		let words = match checked {
			Ok(()) => "",
			Err(ProofError::NoSuchLeaf) => "the list has no such place",
			Err(ProofError::WrongLength) => "the proof has not one hash for each level of the tree",
			Err(ProofError::OtherRoot) => "the proof does not lead to the root",
		};
		ensure!(checked.is_ok(), "{words}");
		let (leaves, index) = (self.leaves, self.index);
		Ok(Proven { genesis, domain, root, leaves, index, account, amount, proof })
	}
}

/// Writes every ticket of a list, one a line.
pub fn write_all(
	mut to: impl Write,
	list: &List,
	tree: &Tree,
	progress: Progress<'_>,
) -> Result<()> {
	for index in 0..list.leaves() {
		let ticket = Ticket::of(list, tree, index).context("the tree is not of this list")?;
		serde_json::to_writer(&mut to, &ticket)?;
		writeln!(to)?;
		tell(progress, "proofs written", usize::try_from(index)?);
	}
	to.flush()?;
	Ok(())
}
