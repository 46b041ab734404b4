//! The operators of a run: keys, daemon, registration, stake; and the app developer with an API key.

use super::{children::Children, http, World};
use crate::netem::{Impairment, Relay};
use anyhow::{bail, Context, Result};
use dtel::{
	calls::{self, Registration},
	keys, Chain, Wait,
};
use dtel_primitives::{
	node::{Capabilities, Region},
	EraIndex, MediaKey, NodeId, DTEL,
};
use ed25519_dalek::SigningKey;
use serde::Serialize;
use std::{
	fs::{self, Permissions},
	net::SocketAddr,
	os::unix::fs::PermissionsExt,
	path::PathBuf,
	time::Duration,
};
use tokio::{process::Command, time::Instant};

/// What every operator bonds.
const BOND: u128 = 50_000 * DTEL;
/// What every node declares.
const DECLARED_KBPS: u32 = 100_000;
/// What every node says that it runs: the daemon has the workspace's version, like this crate.
const VERSION: &str = concat!("dtel-worker/", env!("CARGO_PKG_VERSION"));
/// How many participants the bots' API key allows at a node.
const CLIENT_LIMIT: u32 = 64;
/// How long a daemon may take until it sees the chain.
const READY: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(200);

/// What is expected of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
	/// Good service.
	Healthy,
	/// Behind a bad path.
	Impaired,
	/// Its daemon dies.
	Vanishing,
}

/// An operator and its daemon.
#[derive(Clone, Debug)]
pub struct Operator {
	/// From 1.
	pub number: u32,
	/// What is expected of it.
	pub role: Role,
	/// Secret URI of its account.
	pub suri: String,
	/// Signalling.
	pub public_port: u16,
	/// Reports and statistics.
	pub private_port: u16,
	/// UDP of all peers.
	pub media_port: u16,
	/// Where peers are told to send to, if not to `media_port`.
	pub relay_port: Option<u16>,
	media_seed: [u8; 32],
}

/// The secret URI of an operator's attestor key.
pub fn attestor_suri(suri: &str) -> String {
	format!("{suri}//attestor")
}

/// A seed that the name of its holder tells: for development chains only.
pub fn seed_of(name: &str) -> [u8; 32] {
	let mut seed = [0; 32];
	let bytes = name.bytes().chain(std::iter::repeat(b'.'));
	seed.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
	seed
}

impl Operator {
	/// Operator `number` with ports of its own.
	pub fn new(world: &mut World, number: u32, role: Role, behind_relay: bool) -> Result<Self> {
		Ok(Self {
			number,
			role,
			suri: format!("//Op{number}"),
			public_port: world.ports.take()?,
			private_port: world.ports.take()?,
			media_port: world.ports.take()?,
			relay_port: if behind_relay { Some(world.ports.take()?) } else { None },
			media_seed: seed_of(&format!("dtel-run media key of operator {number}")),
		})
	}

	/// Name of its daemon's process.
	pub fn process(&self) -> String {
		format!("worker-{}", self.number)
	}

	/// Host and port of its signalling.
	pub fn domain(&self) -> String {
		format!("127.0.0.1:{}", self.public_port)
	}

	/// Public half of its daemon's key.
	pub fn media(&self) -> [u8; 32] {
		SigningKey::from_bytes(&self.media_seed).verifying_key().to_bytes()
	}

	fn home(&self, world: &World) -> PathBuf {
		world.dir.join(self.process())
	}

	/// The bad path in front of its media port, if it has one.
	pub async fn relay(&self) -> Result<Option<Relay>> {
		let Some(port) = self.relay_port else { return Ok(None) };
		let local = |port| SocketAddr::from(([127, 0, 0, 1], port));
		Ok(Some(Relay::start(local(port), local(self.media_port), Impairment::BAD).await?))
	}

	/// Writes its daemon's key and configuration and starts it.
	pub fn start_worker(&self, world: &mut World, chain_url: &str) -> Result<u32> {
		let home = self.home(world);
		fs::create_dir_all(&home)?;
		let key = home.join("media.key");
		fs::write(&key, format!("{}\n", hex::encode(self.media_seed)))?;
		fs::set_permissions(&key, Permissions::from_mode(0o600))?;
		let relay =
			self.relay_port.map_or(String::new(), |port| format!("advertise-port = {port}\n"));
		let config = format!(
			"data-dir = {home:?}\n\
			 chain-url = {chain_url:?}\n\
			 public-listen = \"127.0.0.1:{}\"\n\
			 private-listen = \"127.0.0.1:{}\"\n\
			 [media]\n\
			 listen = \"127.0.0.1:{}\"\n\
			 advertise = [\"127.0.0.1\"]\n\
			 {relay}\
			 [probe]\n\
			 ramp-seconds = 0\n",
			self.public_port, self.private_port, self.media_port
		);
		let file = home.join("worker.toml");
		fs::write(&file, config)?;
		let mut command = Command::new(world.program("dtel-worker")?);
		command.arg("--config").arg(file);
		world.children.start(&self.process(), command)
	}

	/// Waits until its daemon serves and follows the chain.
	pub async fn ready(&self, children: &mut Children) -> Result<()> {
		let deadline = Instant::now() + READY;
		loop {
			children.check()?;
			let error = match http::get(self.private_port, "/healthz").await {
				Ok(body) => {
					let health: serde_json::Value =
						serde_json::from_str(&body).context("/healthz is not JSON")?;
					if health.pointer("/chain/connected") == Some(&true.into()) {
						return Ok(());
					}
					anyhow::anyhow!("it does not see the chain: {body}")
				}
				Err(error) => error,
			};
			if Instant::now() > deadline {
				bail!(
					"{} is not ready: {error:#}\n{}",
					self.process(),
					children.tail(&self.process())
				);
			}
			tokio::time::sleep(POLL).await;
		}
	}

	/// Bonds its operator's stake.
	pub async fn bond(&self, chain: &Chain) -> Result<()> {
		chain
			.submit(
				&calls::bond(BOND, calls::Commission::default()),
				&keys::signer(&self.suri)?,
				Wait::Finalized,
			)
			.await?;
		Ok(())
	}

	/// Registers the node; its identifier and the era in which that was done.
	pub async fn register(&self, chain: &Chain, wait: Wait) -> Result<(NodeId, EraIndex)> {
		let signer = keys::signer(&self.suri)?;
		let registration = Registration {
			domain: self.domain(),
			// All are on this machine: places apart would be refuted by how fast they answer each other.
			region: Region { country: *b"DE", lat: 525, lon: 134 },
			capabilities: Capabilities::SFU,
			declared_kbps: DECLARED_KBPS,
			version: VERSION.into(),
			did: None,
			attestor: keys::signer(&attestor_suri(&self.suri))?.public_key().0,
			media: self.media(),
		};
		let done = chain.submit(&calls::register(&registration), &signer, wait).await?;
		let media = MediaKey::from_raw(self.media());
		let node = chain.node_by_media(media, Some(done.block)).await?;
		let node = node.with_context(|| format!("{} is not in the registry", self.suri))?;
		Ok((node.id, node.active_since))
	}

	/// Calls that are up at its daemon: rooms of clients with two participants or more.
	pub async fn calls_up(&self) -> usize {
		let Ok(body) = http::get(self.private_port, "/v1/rooms").await else { return 0 };
		let rooms: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
		let rooms =
			rooms.get("rooms").and_then(|rooms| rooms.as_array()).cloned().unwrap_or_default();
		rooms
			.iter()
			.filter(|room| room.get("probe").and_then(|probe| probe.as_bool()) != Some(true))
			.filter(|room| {
				room.get("participants").and_then(|p| p.as_array()).is_some_and(|p| p.len() >= 2)
			})
			.count()
	}
}

/// The app developer's API key.
pub fn client_seed() -> [u8; 32] {
	seed_of("dtel-run API key of //App")
}

/// Registers the app developer's API key.
pub async fn add_client(chain: &Chain) -> Result<()> {
	let key = SigningKey::from_bytes(&client_seed()).verifying_key().to_bytes();
	let call = calls::add_client(key, None, CLIENT_LIMIT);
	chain.submit(&call, &keys::signer("//App")?, Wait::Finalized).await?;
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn seeds_of_different_holders_differ() {
		let seeds: std::collections::BTreeSet<_> = (1..=5)
			.map(|n| seed_of(&format!("dtel-run media key of operator {n}")))
			.chain([client_seed()])
			.collect();
		assert_eq!(seeds.len(), 6);
	}
}
