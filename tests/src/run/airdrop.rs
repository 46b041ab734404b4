//! An airdrop on a live chain: its list made, and claimed from, with `dtel claims`.

use super::World;
use anyhow::{Context, Result};
use dtel_primitives::{Balance, DTEL};
use serde_json::Value as Json;
use std::{path::PathBuf, time::Duration};
use subxt::dynamic::Value;
use tokio::process::Command;

/// What somebody on the list gets.
pub const SHARE: Balance = 40 * DTEL;
/// Who that is: an account that has nothing else.
pub const RECEIVER: &str = "//Dropped";
const LABEL: &str = "rehearsal";
const DEADLINE: Duration = Duration::from_secs(150);

/// A list on disk.
pub struct List {
	file: PathBuf,
	root: [u8; 32],
	leaves: u32,
	total: Balance,
}

impl List {
	/// Of the receiver and two others, by `dtel claims build`.
	pub async fn build(world: &mut World, url: &str) -> Result<Self> {
		let csv = world.dir.join("airdrop.csv");
		let file = world.dir.join("airdrop.jsonl");
		let account = |suri: &str| dtel::keys::account(suri).map(|account| account.to_string());
		let lines = [(RECEIVER, 40), ("//Bob", 7), ("//Eve", 3)];
		let mut text = String::from("account,amount\n");
		for (who, amount) in lines {
			text += &format!("{},{amount}\n", account(who)?);
		}
		std::fs::write(&csv, text).context("cannot write the list of an airdrop")?;
		let mut command = Command::new(world.program("dtel")?);
		command.args(["--url", url, "claims", "build", "--label", LABEL, "--out"]);
		command.arg(&file).arg(&csv);
		world.children.complete("airdrop-build", command, DEADLINE).await?;
		let text = std::fs::read_to_string(&file).context("the list was not written")?;
		let heading = text.lines().next().context("the list is empty")?;
		let heading: Json = serde_json::from_str(heading).context("the list has no heading")?;
		let field = |name: &str| heading[name].as_str().with_context(|| format!("no {name}"));
		let mut root = [0; 32];
		hex::decode_to_slice(field("root")?.trim_start_matches("0x"), &mut root)?;
		let leaves = heading["leaves"].as_u64().context("no leaves")?;
		Ok(Self { file, root, leaves: leaves.try_into()?, total: field("total")?.parse()? })
	}

	/// The plan that is proposed, with a window of blocks.
	pub fn plan(&self, opens: u32, closes: u32) -> Value {
		let number = |value: u128| Value::u128(value);
		Value::named_composite([
			("label", Value::from_bytes(LABEL)),
			("root", Value::from_bytes(self.root)),
			("leaves", number(self.leaves.into())),
			("amount", number(self.total)),
			("opens", number(opens.into())),
			("closes", number(closes.into())),
			("vesting", Value::unnamed_variant("None", [])),
		])
	}

	/// Claims for the receiver, by `dtel claims submit`; somebody else pays the fee.
	pub async fn claim(&self, world: &mut World, url: &str) -> Result<()> {
		let mut command = Command::new(world.program("dtel")?);
		command.args(["--url", url, "--suri", "//Eve", "claims", "submit", "--file"]);
		command.arg(&self.file);
		command.args(["--account", &dtel::keys::account(RECEIVER)?.to_string()]);
		world.children.complete("airdrop-claim", command, DEADLINE).await
	}
}
