//! `dtel node …`

use super::Session;
use crate::{
	calls::{self, Registration},
	keys,
	table::{mbps, table},
	Dtel,
};
use anyhow::{anyhow, bail, Context, Result};
use clap::{Args, Subcommand};
use dtel_primitives::{
	node::{Capabilities, NodeStatus, NodeView, Region, MAX_DOMAIN},
	NodeId,
};

#[derive(Subcommand, Debug)]
pub enum Node {
	/// Register a node; it takes part two eras later, if it is staked.
	Register(Register),
	/// Take no new calls, finish the running ones, be in no later snapshot.
	Drain {
		/// The node.
		node: NodeId,
	},
	/// Take calls again.
	Resume {
		/// The node.
		node: NodeId,
	},
	/// Leave the network: the first call lets the node drain, one two eras later removes it.
	Retire {
		/// The node.
		node: NodeId,
	},
	/// Replace both keys from the next era on.
	RotateKeys {
		/// The node.
		node: NodeId,
		#[command(flatten)]
		keys: Keys,
	},
	/// One node.
	Show {
		/// The node.
		node: NodeId,
	},
	/// Every node.
	List,
}

#[derive(Args, Debug)]
pub struct Keys {
	/// sr25519 key in the chain node's keystore (type `dtlq`): 0x-hex or SS58.
	#[arg(long, value_parser = keys::public_key)]
	attestor: [u8; 32],
	/// Ed25519 key of the daemon: 0x-hex or base58.
	#[arg(long, value_parser = keys::public_key)]
	media: [u8; 32],
}

#[derive(Args, Debug)]
pub struct Register {
	/// Public host name of the daemon.
	#[arg(long)]
	domain: String,
	/// ISO 3166-1 alpha-2 code of the country.
	#[arg(long)]
	country: String,
	/// Latitude in degrees, north positive.
	#[arg(long, allow_negative_numbers = true)]
	lat: f64,
	/// Longitude in degrees, east positive.
	#[arg(long, allow_negative_numbers = true)]
	lon: f64,
	/// What it offers: sfu, turn, recording, transcoding, relay.
	#[arg(long, value_delimiter = ',', default_value = "sfu")]
	capabilities: Vec<String>,
	/// Bandwidth in Mbit/s.
	#[arg(long)]
	mbps: u32,
	#[command(flatten)]
	keys: Keys,
}

/// The bits of capability names.
fn capabilities(names: &[String]) -> Result<Capabilities> {
	let mut bits = 0;
	for name in names {
		bits |= match name.as_str() {
			"sfu" => Capabilities::SFU.0,
			"turn" => Capabilities::TURN.0,
			"recording" => Capabilities::RECORDING.0,
			"transcoding" => Capabilities::TRANSCODING.0,
			"relay" => Capabilities::RELAY.0,
			other => bail!("unknown capability {other:?}"),
		};
	}
	Ok(Capabilities(bits))
}

/// A checked place.
fn region(country: &str, lat: f64, lon: f64) -> Result<Region> {
	let country: [u8; 2] =
		country.as_bytes().try_into().map_err(|_| anyhow!("a country has two letters"))?;
	// Float to integer casts saturate; the range check below sees what that leaves.
	let tenths = |degrees: f64| (degrees * 10.0).round() as i16;
	let region = Region {
		country: country.map(|c| c.to_ascii_uppercase()),
		lat: tenths(lat),
		lon: tenths(lon),
	};
	match region.is_valid() && lat.is_finite() && lon.is_finite() {
		true => Ok(region),
		false => bail!("no such place: {country:?} {lat} {lon}"),
	}
}

impl Node {
	pub(super) async fn run(self, session: &Session) -> Result<()> {
		match self {
			Self::Register(new) => {
				if new.domain.is_empty() || new.domain.len() > MAX_DOMAIN as usize {
					bail!("a domain has 1 to {MAX_DOMAIN} characters");
				}
				let registration = Registration {
					region: region(&new.country, new.lat, new.lon)?,
					capabilities: capabilities(&new.capabilities)?,
					declared_kbps: new.mbps.checked_mul(1000).context("too much bandwidth")?,
					attestor: new.keys.attestor,
					media: new.keys.media,
					domain: new.domain,
				};
				let words = format!("{} is registered", registration.domain);
				session
					.send(calls::register(&registration), ("Registry", "NodeRegistered"), words)
					.await
			}
			Self::Drain { node } => {
				let call = calls::set_status(node, NodeStatus::Draining);
				session.send(call, ("Registry", "StatusSet"), format!("node {node} drains")).await
			}
			Self::Resume { node } => {
				let call = calls::set_status(node, NodeStatus::Active);
				session
					.send(call, ("Registry", "StatusSet"), format!("node {node} takes calls"))
					.await
			}
			Self::Retire { node } => {
				session
					.send(
						calls::retire(node),
						("Registry", "NodeRetired"),
						format!("node {node} retires"),
					)
					.await
			}
			Self::RotateKeys { node, keys } => {
				let call = calls::rotate_keys(node, keys.attestor, keys.media);
				session
					.send(call, ("Registry", "KeysRotated"), format!("node {node} has new keys"))
					.await
			}
			Self::Show { node } => {
				let view = session.chain.node(node, None).await?.context("no such node")?;
				session.print(&view, || show(&view))
			}
			Self::List => {
				let nodes = session.chain.nodes(None).await?;
				session.print(&nodes, || list(&nodes))
			}
		}
	}
}

fn domain(view: &NodeView) -> String {
	String::from_utf8_lossy(&view.domain).into_owned()
}

fn status(view: &NodeView) -> String {
	match (view.jailed_until, view.status) {
		(Some(era), _) => format!("jailed until era {era}"),
		(None, NodeStatus::Active) => "active".into(),
		(None, NodeStatus::Draining) => "draining".into(),
	}
}

fn list(nodes: &[NodeView]) -> String {
	table(
		["node", "domain", "country", "Mbps", "stake DTEL", "since era", "status"],
		nodes.iter().map(|view| {
			[
				view.id.to_string(),
				domain(view),
				String::from_utf8_lossy(&view.region.country).into_owned(),
				mbps(view.declared_kbps),
				format!("{:#.2}", Dtel(view.stake)),
				view.registered.to_string(),
				status(view),
			]
		}),
	)
}

fn show(view: &NodeView) -> String {
	let Region { country, lat, lon } = view.region;
	table(
		["node", &view.id.to_string()],
		[
			["owner".into(), view.owner.to_string()],
			["domain".into(), domain(view)],
			["status".into(), status(view)],
			["country".into(), String::from_utf8_lossy(&country).into_owned()],
			["place".into(), format!("{:.1}, {:.1}", f64::from(lat) / 10.0, f64::from(lon) / 10.0)],
			["capabilities".into(), format!("{:#07b}", view.capabilities.0)],
			["Mbps declared".into(), mbps(view.declared_kbps)],
			["stake DTEL".into(), format!("{:#}", Dtel(view.stake))],
			["registered in era".into(), view.registered.to_string()],
			["attestor".into(), format!("0x{}", hex::encode(&view.attestor))],
			["media".into(), bs58::encode(view.media).into_string()],
		],
	)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn places_are_checked() {
		assert_eq!(
			region("de", 52.52, 13.4).unwrap(),
			Region { country: *b"DE", lat: 525, lon: 134 }
		);
		assert!(region("deu", 0.0, 0.0).is_err());
		assert!(region("DE", 91.0, 0.0).is_err());
		assert!(region("DE", f64::NAN, 0.0).is_err());
		assert!(region("DE", 0.0, f64::INFINITY).is_err());
	}

	#[test]
	fn capabilities_are_named() {
		let names = |names: &[&str]| names.iter().map(|n| n.to_string()).collect::<Vec<_>>();
		assert_eq!(capabilities(&names(&["sfu", "turn"])).unwrap(), Capabilities(3));
		assert!(capabilities(&names(&["fax"])).is_err());
	}
}
