//! The sub-commands of `dtel`.

mod claims;
mod client;
mod declare;
mod holdings;
mod node;
mod penalty;
mod quality;
mod rewards;
mod stake;
pub mod status;
mod validate;

use crate::{
	calls::{self, Call},
	keys, value, Chain, Wait,
};
use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use dtel_primitives::{AccountId, EraIndex, NodeId};
use serde::Serialize;
use subxt_signer::sr25519::Keypair;

/// Command line of the dTelecom chain: nodes, stake, API keys, pay.
#[derive(Parser, Debug)]
#[command(name = "dtel", version)]
pub struct Cli {
	#[command(flatten)]
	common: Common,
	#[command(subcommand)]
	command: Command,
}

/// What every sub-command understands.
#[derive(Args, Clone, Debug)]
pub struct Common {
	/// WebSocket address of a chain node.
	#[arg(long, global = true, env = "DTEL_URL", default_value = "ws://127.0.0.1:9944")]
	url: String,
	/// Who signs: a secret URI such as `//Alice` or a phrase with a path.
	#[arg(long, global = true, env = "DTEL_SURI", hide_env_values = true)]
	suri: Option<String>,
	/// Print JSON for machines.
	#[arg(long, global = true)]
	json: bool,
	/// Return as soon as a call is in a block, before that block is final.
	#[arg(long, global = true)]
	no_wait: bool,
}

#[derive(Subcommand, Debug)]
enum Command {
	/// Register, retire and look at nodes.
	#[command(subcommand)]
	Node(node::Node),
	/// Bond and unbond stake.
	#[command(subcommand)]
	Stake(stake::Stake),
	/// API keys of app developers.
	#[command(subcommand)]
	Client(client::Client),
	/// Airdrops: make lists and proofs, claim.
	#[command(subcommand)]
	Claims(claims::Claims),
	/// What is to be paid for offences: look, appeal, execute.
	#[command(subcommand)]
	Penalty(penalty::Penalty),
	/// Become a validator, or stop being one.
	#[command(subcommand)]
	Validate(validate::Validate),
	/// Who validates, who wants to, with what stake, and why one has no seat.
	Validators,
	/// Pay out what an operator earned in an era, to all who have stake with it; anybody may.
	Payout {
		/// The era.
		era: EraIndex,
		/// The operator.
		#[arg(value_parser = keys::account)]
		operator: AccountId,
	},
	/// What an operator did and got era by era, what is to be expected, and what stake with it brings.
	Rewards(rewards::Rewards),
	/// Release a node of yours whose jail term is over.
	Unjail {
		/// The node.
		node: NodeId,
	},
	/// Where the chain stands and what an era brought.
	Status(status::Status),
	/// What is known of a node's quality: its last eras, or the measurements behind them.
	Quality(quality::Quality),
}

/// A call that succeeded, for machines.
#[derive(Serialize)]
struct Sent {
	block: u32,
	block_hash: String,
	extrinsic: String,
	event: Option<String>,
}

impl Common {
	/// Prints text for people or, with `--json`, for machines.
	fn print(&self, json: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
		// Never by way of `serde_json::Value`, which has no room for a balance.
		match self.json {
			true => println!("{}", serde_json::to_string(json)?),
			false => println!("{}", text()),
		}
		Ok(())
	}
}

/// A connection together with how the user wants to use it.
struct Session {
	chain: Chain,
	common: Common,
}

impl Session {
	fn signer(&self) -> Result<Keypair> {
		let suri = self
			.common
			.suri
			.as_deref()
			.context("--suri (or DTEL_SURI) says who signs; it is missing")?;
		keys::signer(suri)
	}

	/// Prints text for people or, with `--json`, for machines.
	fn print(&self, json: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
		self.common.print(json, text)
	}

	/// Signs, submits, waits and reports; `words` says what is done now. Fields of `event` are shown.
	async fn send(&self, call: Call, event: (&str, &str), words: String) -> Result<()> {
		let wait = if self.common.no_wait { Wait::InBlock } else { Wait::Finalized };
		let done = self.chain.submit(&call, &self.signer()?, wait).await?;
		let number = self.chain.number(done.block).await?;
		let event = done.event(event.0, event.1);
		let json = Sent {
			block: number,
			block_hash: format!("{:?}", done.block),
			extrinsic: format!("{:?}", done.extrinsic),
			event: event.as_ref().map(value::show),
		};
		self.print(&json, || match &event {
			Some(event) => format!("{words}: block {number}, {}", value::show(event)),
			None => format!("{words}: block {number}"),
		})
	}
}

/// Runs a command line.
pub async fn run(cli: Cli) -> Result<()> {
	// Lists of airdrops are made and checked without a node.
	let command = match cli.command {
		Command::Claims(command) => return command.run(cli.common).await,
		command => command,
	};
	let chain = Chain::connect(&cli.common.url).await?;
	let context = Session { chain, common: cli.common };
	match command {
		Command::Claims(command) => command.run(context.common).await,
		Command::Node(command) => command.run(&context).await,
		Command::Stake(command) => command.run(&context).await,
		Command::Client(command) => command.run(&context).await,
		Command::Penalty(command) => command.run(&context).await,
		Command::Validate(command) => command.run(&context).await,
		Command::Validators => validate::list(&context).await,
		Command::Status(command) => command.run(&context).await,
		Command::Quality(command) => command.run(&context).await,
		Command::Rewards(command) => command.run(&context).await,
		Command::Payout { era, operator } => {
			let words = format!("era {era} of {operator} is paid");
			context.send(calls::payout(era, &operator), ("Rewards", "PaidOut"), words).await
		}
		Command::Unjail { node } => {
			let words = format!("node {node} is free");
			context.send(calls::unjail(node), ("Penalties", "Unjailed"), words).await
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_command_line_is_consistent() {
		use clap::CommandFactory;
		Cli::command().debug_assert();
	}
}
