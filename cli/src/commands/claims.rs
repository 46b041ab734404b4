//! `dtel claims …`

use super::{Common, Session};
use crate::{
	airdrop::{
		self, csv, file,
		file::Heading,
		ticket::{self, Proven},
		List, Ticket,
	},
	calls, keys,
	table::table,
	Chain, Dtel,
};
use anyhow::{bail, ensure, Context, Result};
use clap::{Args, Subcommand};
use dtel_primitives::{
	airdrop::{Airdrop, AirdropId, Progress},
	AccountId, Balance, BlockNumber, Hash,
};
use serde::Serialize;
use std::{
	fs::File,
	io::BufReader,
	path::{Path, PathBuf},
};

#[derive(Subcommand, Debug)]
pub enum Claims {
	/// Make the tree of a list: prints what a proposal needs. Asks the node for its genesis hash, unless that is given.
	Build {
		/// CSV of `account,amount`: SS58 or 0x-hex, decimal DTEL.
		csv: PathBuf,
		/// What tells this list from others of the chain, such as `spring-2027`; at most 32 bytes.
		#[arg(long)]
		label: String,
		/// The genesis hash of the chain, to work without a node.
		#[arg(long, value_parser = airdrop::hash)]
		genesis: Option<Hash>,
		/// Where to write the list, from which proofs are made; not overwritten.
		#[arg(long)]
		out: Option<PathBuf>,
		/// Where to write every entry with its proof, one a line, up to 1.7 KB each; not overwritten.
		#[arg(long)]
		proofs: Option<PathBuf>,
	},
	/// Print an account's entry with its proof: its ticket. Needs no node.
	Proof {
		/// The list that `build` wrote.
		#[arg(long)]
		file: PathBuf,
		/// Whose.
		#[arg(long, value_parser = keys::account)]
		account: AccountId,
	},
	/// Check a list or a ticket; with an airdrop's number, that the chain has the same.
	Verify {
		#[command(flatten)]
		of: Of,
		/// The CSV that the list has to be of, entry by entry.
		#[arg(long, requires = "file")]
		csv: Option<PathBuf>,
		/// The airdrop that has to be of it.
		#[arg(long)]
		airdrop: Option<AirdropId>,
	},
	/// Claim for an account. Anybody may, and pays the fee.
	Submit {
		#[command(flatten)]
		of: Of,
		/// For whom, of a list.
		#[arg(long, value_parser = keys::account, required_unless_present = "ticket", conflicts_with = "ticket")]
		account: Option<AccountId>,
		/// Which airdrop; the last one of this list if absent.
		#[arg(long)]
		airdrop: Option<AirdropId>,
		/// Only say what would be claimed, and whether it can be now.
		#[arg(long)]
		check: bool,
	},
	/// Return what is left of an airdrop whose window is over. Anybody may.
	Close {
		/// The airdrop.
		airdrop: AirdropId,
	},
	/// Remove what is kept of a closed airdrop, 64 pages at once. Anybody may.
	Prune {
		/// The airdrop.
		airdrop: AirdropId,
	},
	/// The airdrops that the chain keeps.
	List,
}

/// A list, or a ticket.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct Of {
	/// A list that `build` wrote.
	#[arg(long)]
	file: Option<PathBuf>,
	/// A ticket that `proof --json` printed.
	#[arg(long)]
	ticket: Option<PathBuf>,
}

/// What was verified, for machines.
#[derive(Serialize)]
struct Verified {
	#[serde(flatten)]
	heading: Heading,
	airdrop_id: Option<AirdropId>,
}

/// An airdrop of the chain, for machines.
#[derive(Serialize)]
struct Kept {
	id: AirdropId,
	state: &'static str,
	#[serde(flatten)]
	airdrop: Airdrop<AccountId>,
}

/// What `submit --check` found, for machines.
#[derive(Serialize)]
struct Claimable {
	airdrop: AirdropId,
	index: u32,
	account: String,
	amount: String,
	can_be_claimed: bool,
	because: Option<String>,
}

fn progress(what: &str, done: usize) {
	eprintln!("{done} entries {what}");
}

/// Where an airdrop is in a block.
fn state(airdrop: &Airdrop<AccountId>, now: BlockNumber) -> &'static str {
	match airdrop.progress {
		Progress::Closed { .. } => "closed",
		Progress::Live if now < airdrop.opens => "not open yet",
		Progress::Live if now < airdrop.closes => "open",
		Progress::Live => "over, to be closed",
	}
}

impl Claims {
	/// Lists and tickets are handled without a node.
	pub(super) async fn run(self, common: Common) -> Result<()> {
		match self {
			Self::Build { csv, label, genesis, out, proofs } => {
				airdrop::check_label(&label)?;
				let genesis = match genesis {
					Some(genesis) => genesis,
					None => Hash::from(connect(&common).await?.chain.genesis()),
				};
				let list = List::new(genesis, label, read_csv(&csv)?)?;
				let tree = list.tree(&progress)?;
				let heading = Heading::new(&list, &tree);
				if let Some(path) = &out {
					file::write(file::create(path)?, &list, &tree, &progress)?;
				}
				if let Some(path) = &proofs {
					ticket::write_all(file::create(path)?, &list, &tree, &progress)?;
				}
				common.print(&heading, || show(&heading, list.total()))
			}
			Self::Proof { file, account } => {
				let ticket = ticket_of(&file, &account)?;
				common.print(&ticket, || show_ticket(&ticket))
			}
			Self::Verify { of, csv, airdrop } => verify(of, csv, airdrop, common).await,
			Self::Submit { of, account, airdrop, check } => {
				let proven = proven(of, account)?;
				submit(&connect(&common).await?, proven, airdrop, check).await
			}
			Self::Close { airdrop } => {
				let words = format!("airdrop {airdrop} is closed");
				let call = calls::close_airdrop(airdrop);
				connect(&common).await?.send(call, ("Claims", "Closed"), words).await
			}
			Self::Prune { airdrop } => {
				let words = format!("pages of airdrop {airdrop} are removed");
				let call = calls::prune_airdrop(airdrop, 64);
				connect(&common).await?.send(call, ("Claims", "Pruned"), words).await
			}
			Self::List => list(&connect(&common).await?).await,
		}
	}
}

async fn connect(common: &Common) -> Result<Session> {
	let chain = Chain::connect(&common.url).await?;
	Ok(Session { chain, common: common.clone() })
}

fn read_csv(path: &Path) -> Result<Vec<(AccountId, Balance)>> {
	let words = || format!("{}", path.display());
	let file = File::open(path).with_context(words)?;
	csv::read(BufReader::new(file), &progress).with_context(words)
}

fn ticket_of(file: &Path, account: &AccountId) -> Result<Ticket> {
	let (list, tree) = file::open(file, &progress)?;
	let index = list.find(account);
	let index = index.with_context(|| format!("{account} does not stand in this list"))?;
	Ticket::of(&list, &tree, index).context("the tree is not of this list")
}

/// The checked ticket of a file, or of an account in a list.
fn proven(of: Of, account: Option<AccountId>) -> Result<Proven> {
	let ticket = match (of.ticket, of.file, account) {
		(Some(path), ..) => Ticket::open(&path)?,
		(None, Some(file), Some(account)) => ticket_of(&file, &account)?,
		_ => bail!("--ticket, or --file and --account, say what is claimed"),
	};
	ticket.check()
}

fn show(heading: &Heading, total: Balance) -> String {
	table(
		["airdrop", &heading.label],
		[
			["root".into(), heading.root.clone()],
			["leaves".into(), heading.leaves.to_string()],
			["sum, DTEL".into(), format!("{:#}", Dtel(total))],
			["sum, planck".into(), heading.total.clone()],
			["chain".into(), heading.genesis.clone()],
		],
	)
}

fn show_ticket(ticket: &Ticket) -> String {
	let planck = ticket.amount.parse().unwrap_or(0);
	let mut rows = vec![
		["airdrop".into(), ticket.label.clone()],
		["root".into(), ticket.root.clone()],
		["index".into(), ticket.index.to_string()],
		["DTEL".into(), format!("{:#}", Dtel(planck))],
	];
	rows.extend(
		ticket
			.proof
			.iter()
			.enumerate()
			.map(|(level, hash)| [format!("proof, level {level}"), hash.clone()]),
	);
	table(["account", &ticket.account], rows)
}

async fn verify(
	of: Of,
	csv: Option<PathBuf>,
	airdrop: Option<AirdropId>,
	common: Common,
) -> Result<()> {
	let (heading, domain, root, genesis) = match (of.file, of.ticket) {
		(Some(file), _) => {
			let (list, tree) = file::open(&file, &progress)?;
			if let Some(csv) = &csv {
				ensure!(read_csv(csv)? == list.entries, "the list is not of {}", csv.display());
			}
			let heading = Heading::new(&list, &tree);
			(heading, list.domain(), tree.root(), list.genesis)
		}
		(None, Some(path)) => {
			let ticket = Ticket::open(&path)?;
			let Proven { domain, root, genesis, .. } = ticket.check()?;
			(ticket.heading(), domain, root, genesis)
		}
		(None, None) => bail!("--file or --ticket says what is verified"),
	};
	let total = heading.total.parse().unwrap_or(0);
	if let Some(number) = airdrop {
		let session = connect(&common).await?;
		let at = session.chain.finalized().await?;
		session.chain.ensure_chain(genesis)?;
		session.chain.airdrop_of(domain, root, Some(number), at).await?;
	}
	let text = show(&heading, total);
	common.print(&Verified { heading, airdrop_id: airdrop }, || match airdrop {
		Some(number) => format!("{text}\n\nright, and airdrop {number} is of it"),
		None => format!("{text}\n\nright"),
	})
}

/// Why a claim would fail now, as far as is seen from here.
fn obstacle(
	airdrop: &Airdrop<AccountId>,
	proven: &Proven,
	now: BlockNumber,
	claimed: bool,
) -> Option<String> {
	let Airdrop { opens, closes, .. } = airdrop;
	// A call that is sent now is in the next block at best.
	let next = now.saturating_add(1);
	if claimed {
		return Some("it was claimed before".into());
	}
	if next < *opens {
		return Some(format!("the window begins with block {opens}, and this is block {now}"));
	}
	if next >= *closes {
		return Some(format!("the window ended with block {closes}, and this is block {now}"));
	}
	(proven.amount > airdrop.left()).then(|| {
		format!("only {:#} DTEL are left: the list has more than was given", Dtel(airdrop.left()))
	})
}

async fn submit(
	session: &Session,
	proven: Proven,
	airdrop: Option<AirdropId>,
	check: bool,
) -> Result<()> {
	let at = session.chain.best().await?;
	let (number, kept) = session.chain.airdrop_for(&proven, airdrop, at).await?;
	let claimed = session.chain.is_claimed(number, proven.index, at).await?;
	let because = obstacle(&kept, &proven, session.chain.number(at).await?, claimed);
	let Proven { index, account, amount, proof, .. } = &proven;
	let what = format!("{:#} DTEL of airdrop {number} for {account}", Dtel(*amount));
	if check {
		let json = Claimable {
			airdrop: number,
			index: *index,
			account: account.to_string(),
			amount: amount.to_string(),
			can_be_claimed: because.is_none(),
			because: because.clone(),
		};
		return session.print(&json, || match &because {
			Some(because) => format!("{what} cannot be claimed: {because}"),
			None => format!("{what} can be claimed"),
		});
	}
	if let Some(because) = because {
		bail!("{what} cannot be claimed: {because}");
	}
	let call = calls::claim_airdrop(number, *index, account, *amount, proof);
	session.send(call, ("Claims", "Claimed"), format!("{what} are claimed")).await
}

async fn list(session: &Session) -> Result<()> {
	let at = session.chain.finalized().await?;
	let now = session.chain.number(at).await?;
	let all = session.chain.airdrops(at).await?.into_iter();
	let all: Vec<_> =
		all.map(|(id, airdrop)| Kept { id, state: state(&airdrop, now), airdrop }).collect();
	session.print(&all, || {
		let rows = all.iter().map(|Kept { id, state, airdrop }| {
			[
				id.to_string(),
				(*state).into(),
				airdrop.opens.to_string(),
				airdrop.closes.to_string(),
				format!("{:#}", Dtel(airdrop.amount)),
				format!("{:#}", Dtel(airdrop.paid)),
				format!("{} of {}", airdrop.claims, airdrop.leaves),
				if airdrop.vesting.is_some() { "yes".into() } else { "no".into() },
				format!("{:?}", airdrop.root),
			]
		});
		let heading = [
			"airdrop",
			"state",
			"opens",
			"closes",
			"DTEL",
			"claimed DTEL",
			"claims",
			"vests",
			"root",
		];
		table(heading, rows)
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	fn airdrop() -> Airdrop<AccountId> {
		Airdrop {
			funder: AccountId::new([1; 32]),
			domain: Hash::zero(),
			root: Hash::zero(),
			leaves: 2,
			amount: 10,
			paid: 4,
			claims: 1,
			opens: 20,
			closes: 30,
			vesting: None,
			progress: Progress::Live,
		}
	}

	fn entry(amount: Balance) -> Proven {
		let (genesis, domain, root) = (Hash::zero(), Hash::zero(), Hash::zero());
		let account = AccountId::new([2; 32]);
		Proven { genesis, domain, root, leaves: 2, index: 1, account, amount, proof: vec![] }
	}

	#[test]
	fn obstacles_are_seen_before_a_fee_is_paid() {
		let seen = |amount, now, claimed| obstacle(&airdrop(), &entry(amount), now, claimed);
		assert_eq!(seen(6, 19, false), None);
		assert_eq!(seen(6, 28, false), None);
		assert!(seen(6, 18, false).unwrap().contains("begins with block 20"));
		assert!(seen(6, 29, false).unwrap().contains("ended"));
		assert!(seen(6, 20, true).unwrap().contains("before"));
		assert!(seen(7, 20, false).unwrap().contains("left"));
	}

	#[test]
	fn states_are_by_block_and_progress() {
		let states = [19, 20, 29, 30].map(|now| state(&airdrop(), now));
		assert_eq!(states, ["not open yet", "open", "open", "over, to be closed"]);
		let closed = Airdrop { progress: Progress::Closed { pruned: 1 }, ..airdrop() };
		assert_eq!(state(&closed, 40), "closed");
	}
}
