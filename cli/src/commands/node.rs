//! `dtel node …`

use super::{
	declare::{tenths, Keys, Register, Update},
	Session,
};
use crate::{
	calls,
	table::{mbps, table},
	Dtel,
};
use anyhow::{bail, Context, Result};
use clap::Subcommand;
use dtel_primitives::{
	node::{is_on_globe, NearNodes, NodeStatus, NodeView, Region},
	NodeId,
};

#[derive(Subcommand, Debug)]
pub enum Node {
	/// Register a node; it takes part two eras later, if it is staked.
	Register(Register),
	/// Change what a node declares; what is not given stays.
	Update(Update),
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
	List {
		/// Only those to send calls to: they take them, are not jailed and have the stake that members of an era need.
		#[arg(long)]
		active: bool,
	},
	/// Nodes to send calls to, as `list --active` shows them, nearest to a place first.
	Near {
		/// Latitude in degrees, north positive.
		#[arg(allow_negative_numbers = true)]
		lat: f64,
		/// Longitude in degrees, east positive.
		#[arg(allow_negative_numbers = true)]
		lon: f64,
		/// How many, 256 at most.
		#[arg(long, default_value_t = 10)]
		limit: u32,
	},
}

impl Node {
	pub(super) async fn run(self, session: &Session) -> Result<()> {
		match self {
			Self::Register(new) => {
				let registration = new.checked()?;
				let words = format!("{} is registered", registration.domain);
				session
					.send(calls::register(&registration), ("Registry", "NodeRegistered"), words)
					.await
			}
			Self::Update(Update { node, changes }) => {
				let call = calls::update(node, &changes.checked()?);
				session
					.send(call, ("Registry", "NodeUpdated"), format!("node {node} is updated"))
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
			Self::List { active } => {
				let nodes = match active {
					true => session.chain.active_nodes(None).await?,
					false => session.chain.nodes(None).await?,
				};
				session.print(&nodes, || list(&nodes))
			}
			Self::Near { lat, lon, limit } => {
				let place = (tenths(lat), tenths(lon));
				if !(lat.is_finite() && lon.is_finite() && is_on_globe(place.0, place.1)) {
					bail!("no such place: {lat} {lon}");
				}
				let found = session.chain.nodes_near(place.0, place.1, limit, None).await?;
				session.print(&found, || near(&found))
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
				view.active_since.to_string(),
				status(view),
			]
		}),
	)
}

fn near(found: &NearNodes) -> String {
	let mut text = table(
		["km", "node", "domain", "country", "Mbps", "status"],
		found.nodes.iter().map(|near| {
			let view = &near.node;
			[
				near.km.to_string(),
				view.id.to_string(),
				domain(view),
				String::from_utf8_lossy(&view.region.country).into_owned(),
				mbps(view.declared_kbps),
				status(view),
			]
		}),
	);
	if !found.complete {
		text += "\nThere are too many nodes around: others may be nearer.";
	}
	text
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
			["version".into(), String::from_utf8_lossy(&view.version).into_owned()],
			[
				"DID".into(),
				view.did
					.as_deref()
					.map_or("–".into(), |did| String::from_utf8_lossy(did).into_owned()),
			],
			["stake DTEL".into(), format!("{:#}", Dtel(view.stake))],
			["takes calls since era".into(), view.active_since.to_string()],
			["attestor".into(), format!("0x{}", hex::encode(&view.attestor))],
			["media".into(), bs58::encode(view.media).into_string()],
		],
	)
}
