//! The voter's path: a dev chain alone, and a script that knows nothing of it but its metadata. What it does with the
//! unmodified `@polkadot/api` is the script's; this starts the chain, and tells what came of it.

use super::{
	checks::Check,
	main::{conclude_checks, say, start_chain},
	Args, World,
};
use anyhow::{ensure, Context, Result};
use serde::{Deserialize, Serialize};
use std::{
	path::Path,
	time::{Duration, Instant},
};
use tokio::process::Command;

const NAME: &str = "voter";
/// The script counts blocks; this only ends a script that sees none. A whole lock takes 168 blocks more.
const DEADLINE: Duration = Duration::from_secs(420);
const WHOLE_LOCK: Duration = Duration::from_secs(420);

/// What the script writes in the end.
#[derive(Deserialize)]
struct Outcome {
	passed: bool,
	figures: Option<Figures>,
	steps: Vec<Check>,
}

/// What the script saw.
#[derive(Serialize, Deserialize)]
struct Figures {
	referendum: u32,
	approved: u32,
	enacted: u32,
	blocks: u32,
	events: u32,
}

/// Runs the script against a chain of its own; true if it passes.
pub async fn run(args: &Args, world: &mut World, script: &Path, whole_lock: bool) -> Result<bool> {
	ensure!(script.is_file(), "{} is missing; run this from the checkout's root", script.display());
	let began = Instant::now();
	let (node, _chain) = start_chain(world, &[]).await?;
	say("A voter with @polkadot/api proposes, votes, delegates, and unlocks");
	let result = world.dir.join("voter.json");
	let mut command = Command::new("node");
	command
		.arg(std::path::absolute(script)?)
		.env("DTEL_CHAIN_URL", node.url())
		.env("DTEL_RESULT", &result);
	if whole_lock {
		command.env("DTEL_WHOLE_LOCK", "1");
	}
	let deadline = if whole_lock { DEADLINE + WHOLE_LOCK } else { DEADLINE };
	let ended = world.children.complete(NAME, command, deadline).await;
	let outcome = match std::fs::read_to_string(&result) {
		Ok(text) => serde_json::from_str::<Outcome>(&text).context("the script's result")?,
		// It did not get so far as to write one.
		Err(_) => {
			say(world.children.tail(NAME));
			ended?;
			anyhow::bail!("the script ended without a result");
		}
	};
	let mut checks = outcome.steps;
	if let Err(error) = &ended {
		checks.push(Check { ok: false, text: format!("the script ends well: {error:#}") });
	}
	ensure!(
		outcome.passed == checks.iter().all(|check| check.ok),
		"the script's verdict is not that of its steps"
	);
	conclude_checks(args, &checks, &outcome.figures, began.elapsed())
}
