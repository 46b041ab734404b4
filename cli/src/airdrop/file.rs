//! A list in a file: JSON lines, the first about the list, one more for each entry.
//!
//! ```text
//! {"airdrop":1,"genesis":"0x…","label":"spring","leaves":2,"total":"3000000000000000000","root":"0x…"}
//! ["5Grw…","1000000000000000000"]
//! ["5FHn…","2000000000000000000"]
//! ```
//!
//! Proofs are not in it: 20 hashes for each entry would make it ten times as large, and they are made of it in a second.

use super::{account, hash, tell, List, Progress};
use anyhow::{bail, ensure, Context, Result};
use dtel_primitives::airdrop::{Tree, MAX_LEAVES};
use serde::{Deserialize, Serialize};
use std::{
	fs::File,
	io::{BufRead, BufReader, BufWriter, Write},
	path::Path,
};

/// The version of the format.
pub const VERSION: u32 = 1;

/// The first line: all about a list but its entries. Amounts are planck, as text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Heading {
	/// Version of the format.
	pub airdrop: u32,
	/// The genesis hash of the chain.
	pub genesis: String,
	/// The label.
	pub label: String,
	/// How many entries there are.
	pub leaves: u32,
	/// Their sum.
	pub total: String,
	/// The root of the tree.
	pub root: String,
}

impl Heading {
	/// Of a list and its tree.
	pub fn new(list: &List, tree: &Tree) -> Self {
		Self {
			airdrop: VERSION,
			genesis: format!("{:?}", list.genesis),
			label: list.label.clone(),
			leaves: list.leaves(),
			total: list.total().to_string(),
			root: format!("{:?}", tree.root()),
		}
	}
}

/// Writes a list.
pub fn write(mut to: impl Write, list: &List, tree: &Tree, progress: Progress<'_>) -> Result<()> {
	serde_json::to_writer(&mut to, &Heading::new(list, tree))?;
	for (done, (who, amount)) in list.entries.iter().enumerate() {
		tell(progress, "written", done);
		writeln!(to)?;
		serde_json::to_writer(&mut to, &(who.to_string(), amount.to_string()))?;
	}
	writeln!(to)?;
	to.flush()?;
	Ok(())
}

/// Reads a list, and makes its tree. Refused when anything in it is not what its first line says.
pub fn read(input: impl BufRead, progress: Progress<'_>) -> Result<(List, Tree)> {
	let mut lines = input.lines();
	let first = lines.next().context("the file is empty")??;
	let heading: Heading = serde_json::from_str(&first)
		.context("line 1: this is no list of an airdrop; `dtel claims build` makes one")?;
	ensure!(heading.airdrop == VERSION, "a list of version {}, not {VERSION}", heading.airdrop);
	let mut entries = Vec::new();
	for (at, line) in lines.enumerate() {
		let number = at.saturating_add(2);
		ensure!(at < MAX_LEAVES as usize, "line {number}: more than {MAX_LEAVES} entries");
		tell(progress, "read", at);
		let line = line?;
		let (who, amount): (&str, &str) = serde_json::from_str(&line)
			.with_context(|| format!("line {number}: no account with its amount"))?;
		let who = account(who).with_context(|| format!("line {number}"))?;
		let amount = amount.parse().with_context(|| format!("line {number}: no planck"))?;
		entries.push((who, amount));
	}
	let list = List::new(hash(&heading.genesis)?, heading.label.clone(), entries)?;
	let tree = list.tree(progress)?;
	let found = Heading::new(&list, &tree);
	if found != heading {
		bail!("the file was changed: it says\n{heading:?}\nand its entries are\n{found:?}");
	}
	Ok((list, tree))
}

/// Reads the list in a file.
pub fn open(path: &Path, progress: Progress<'_>) -> Result<(List, Tree)> {
	let words = || format!("{}", path.display());
	let file = File::open(path).with_context(words)?;
	read(BufReader::new(file), progress).with_context(words)
}

/// A file to write to, that must not be there: lists are not overwritten by a slip.
pub fn create(path: &Path) -> Result<BufWriter<File>> {
	let file = File::create_new(path).with_context(|| format!("{}", path.display()))?;
	Ok(BufWriter::new(file))
}
