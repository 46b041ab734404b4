//! The browser test's surroundings: a chain, one operator's daemon, an API key; the call itself is the
//! script's, which runs under Node.js and drives two headless browsers.

use super::{
	main::{artefacts, say, start_chain},
	operators::{add_client, client_seed, Operator, Role},
	World,
};
use anyhow::{ensure, Result};
use dtel::Wait;
use std::{path::Path, time::Duration};
use tokio::process::Command;

const NAME: &str = "browsers";
/// Two browsers on a busy two-core machine take their time.
const DEADLINE: Duration = Duration::from_secs(240);

/// Runs the script against a real daemon; true if it passes.
pub async fn run(world: &mut World, script: &Path) -> Result<bool> {
	ensure!(script.is_file(), "{} is missing; run this from the checkout's root", script.display());
	let operator = Operator::new(world, 1, Role::Healthy, false)?;
	let (node, chain) = start_chain(world, std::slice::from_ref(&operator)).await?;
	say("Starting a media daemon");
	operator.start_worker(world, &node.url())?;
	operator.ready(&mut world.children).await?;
	operator.bond(&chain).await?;
	tokio::try_join!(operator.register(&chain, Wait::Finalized), add_client(&chain))?;

	say("Two headless browsers hold a call");
	let mut command = Command::new("node");
	command
		.arg(std::path::absolute(script)?)
		.env("DTEL_WS_URL", format!("ws://{}", operator.domain()))
		.env("DTEL_PRIVATE_URL", format!("http://127.0.0.1:{}", operator.private_port))
		.env("DTEL_API_KEY_SEED", hex::encode(client_seed()))
		.env("DTEL_ARTEFACTS", artefacts(world)?);
	let outcome = world.children.complete(NAME, command, DEADLINE).await;
	say(std::fs::read_to_string(world.children.log(NAME)).unwrap_or_default());
	match outcome {
		Ok(()) => Ok(true),
		Err(error) => {
			say(format!("✗ the browser test failed: {error:#}"));
			say(world.children.tail(&operator.process()));
			Ok(false)
		}
	}
}
