//! The dev chain: keys, start, readiness.

use super::{
	children::Children,
	operators::{attestor_suri, Operator},
	World,
};
use anyhow::{bail, Context, Result};
use dtel::Chain;
use std::{path::PathBuf, time::Duration};
use tokio::{process::Command, time::Instant};

/// Name of the process.
pub const NAME: &str = "chain";
/// How long a node may take until it answers.
const READY: Duration = Duration::from_secs(90);
const POLL: Duration = Duration::from_millis(200);

/// Where the chain node keeps its state and how it is reached.
#[derive(Clone, Debug)]
pub struct ChainNode {
	program: PathBuf,
	base: PathBuf,
	rpc_port: u16,
	p2p_port: u16,
	worker_urls: Vec<String>,
}

impl ChainNode {
	/// A dev chain with a base path of its own that knows the operators' daemons.
	pub fn new(world: &mut World, operators: &[Operator]) -> Result<Self> {
		let urls = operators.iter().map(|o| format!("http://127.0.0.1:{}", o.private_port));
		Ok(Self {
			program: world.program("dtel-node")?,
			base: world.dir.join("chain"),
			rpc_port: world.ports.take()?,
			p2p_port: world.ports.take()?,
			worker_urls: urls.collect(),
		})
	}

	/// Where its RPC is.
	pub fn url(&self) -> String {
		format!("ws://127.0.0.1:{}", self.rpc_port)
	}

	/// Puts the operators' attestor keys into its keystore.
	pub async fn insert_keys(&self, children: &mut Children, operators: &[Operator]) -> Result<()> {
		for operator in operators {
			let mut command = Command::new(&self.program);
			command.args([
				"key",
				"insert",
				"--chain",
				"dev",
				"--key-type",
				"dtlq",
				"--scheme",
				"sr25519",
			]);
			command.arg("--base-path").arg(&self.base);
			command.args(["--suri", &attestor_suri(&operator.suri)]);
			children.complete("key-insert", command, READY).await?;
		}
		Ok(())
	}

	/// Starts it, or starts it again on the same base path.
	pub fn start(&self, children: &mut Children) -> Result<u32> {
		let mut command = Command::new(&self.program);
		command.args(["--dev", "--no-telemetry", "--no-prometheus", "--no-mdns", "--base-path"]);
		command.arg(&self.base);
		command.args(["--rpc-port", &self.rpc_port.to_string()]);
		command.args(["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{}", self.p2p_port)]);
		for url in &self.worker_urls {
			command.args(["--worker-url", url]);
		}
		children.start(NAME, command)
	}

	/// Connects as soon as it answers.
	pub async fn connect(&self, children: &mut Children) -> Result<Chain> {
		let deadline = Instant::now() + READY;
		loop {
			children.check()?;
			match Chain::connect(&self.url()).await {
				Ok(chain) => return Ok(chain),
				Err(error) if Instant::now() > deadline => {
					return Err(error)
						.context(format!("the chain node is not ready:\n{}", children.tail(NAME)))
				}
				Err(_) => tokio::time::sleep(POLL).await,
			}
		}
	}

	/// Waits for the first final block after genesis.
	pub async fn first_final_block(&self, chain: &Chain) -> Result<()> {
		let mut blocks = chain.finalized_blocks().await?;
		let first = async {
			while let Some(block) = blocks.next().await {
				if block?.number() > 0 {
					return Ok(());
				}
			}
			bail!("the node ended the subscription")
		};
		tokio::time::timeout(READY, first).await.context("no block became final")?
	}
}
