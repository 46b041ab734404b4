//! The calls of our pallets, by the names and fields that the metadata gives them.

use dtel_primitives::{
	node::{Capabilities, NodeStatus, Region},
	Balance, BlockNumber, EraIndex, NodeId,
};
use subxt::{
	dynamic::{tx, Value},
	transactions::DynamicPayload,
};

/// A call that is put together from the metadata.
pub type Call = DynamicPayload<Value>;

/// A call with named fields.
fn call<const N: usize>(pallet: &str, name: &str, fields: [(&str, Value); N]) -> Call {
	let fields =
		fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>();
	tx(pallet, name, Value::named_composite(fields))
}

fn number(value: impl Into<u128>) -> Value {
	Value::u128(value.into())
}

/// What a node declares at its registration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Registration {
	/// Public host, or `host:port` on a development chain.
	pub domain: String,
	/// Declared place.
	pub region: Region,
	/// What it offers.
	pub capabilities: Capabilities,
	/// Declared bandwidth.
	pub declared_kbps: u32,
	/// sr25519 key in the keystore of the chain node.
	pub attestor: [u8; 32],
	/// Ed25519 key of the daemon.
	pub media: [u8; 32],
}

/// `Registry.register`.
pub fn register(node: &Registration) -> Call {
	let Region { country, lat, lon } = node.region;
	let region = Value::named_composite([
		("country", Value::from_bytes(country)),
		("lat", Value::i128(lat.into())),
		("lon", Value::i128(lon.into())),
	]);
	call(
		"Registry",
		"register",
		[
			("domain", Value::from_bytes(&node.domain)),
			("region", region),
			("capabilities", number(node.capabilities.0)),
			("declared_kbps", number(node.declared_kbps)),
			("attestor", Value::from_bytes(node.attestor)),
			("media", Value::from_bytes(node.media)),
		],
	)
}

/// `Registry.rotate_keys`.
pub fn rotate_keys(node: NodeId, attestor: [u8; 32], media: [u8; 32]) -> Call {
	let (attestor, media) = (Value::from_bytes(attestor), Value::from_bytes(media));
	call(
		"Registry",
		"rotate_keys",
		[("node", number(node)), ("attestor", attestor), ("media", media)],
	)
}

/// `Registry.set_status`.
pub fn set_status(node: NodeId, status: NodeStatus) -> Call {
	let status = match status {
		NodeStatus::Active => "Active",
		NodeStatus::Draining => "Draining",
	};
	let status = Value::unnamed_variant(status, []);
	call("Registry", "set_status", [("node", number(node)), ("status", status)])
}

/// `Registry.retire`.
pub fn retire(node: NodeId) -> Call {
	call("Registry", "retire", [("node", number(node))])
}

/// `Registry.add_client`.
pub fn add_client(key: [u8; 32], until: Option<BlockNumber>, limit: u32) -> Call {
	let until = match until {
		Some(block) => Value::unnamed_variant("Some", [number(block)]),
		None => Value::unnamed_variant("None", []),
	};
	let key = Value::from_bytes(key);
	call("Registry", "add_client", [("key", key), ("until", until), ("limit", number(limit))])
}

/// `Registry.revoke_client`.
pub fn revoke_client(key: [u8; 32]) -> Call {
	call("Registry", "revoke_client", [("key", Value::from_bytes(key))])
}

/// `Staking.bond`.
pub fn bond(amount: Balance) -> Call {
	call("Staking", "bond", [("amount", number(amount))])
}

/// `Staking.bond_extra`.
pub fn bond_extra(amount: Balance) -> Call {
	call("Staking", "bond_extra", [("amount", number(amount))])
}

/// `Staking.unbond`.
pub fn unbond(amount: Balance) -> Call {
	call("Staking", "unbond", [("amount", number(amount))])
}

/// `Staking.withdraw`.
pub fn withdraw() -> Call {
	call("Staking", "withdraw", [])
}

/// `Rewards.payout`.
pub fn payout(era: EraIndex, node: NodeId) -> Call {
	call("Rewards", "payout", [("era", number(era)), ("node", number(node))])
}

/// `Penalties.unjail`.
pub fn unjail(node: NodeId) -> Call {
	call("Penalties", "unjail", [("node", number(node))])
}
