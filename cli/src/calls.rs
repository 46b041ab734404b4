//! The calls of our pallets, by the names and fields that the metadata gives them.

use dtel_primitives::{
	node::{Capabilities, NodeStatus, Region},
	offence::PenaltyId,
	AccountId, Balance, BlockNumber, EraIndex, Hash, NodeId,
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

/// A node at its registration: what it declares, and its keys.
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
	/// Name and version of its software.
	pub version: String,
	/// Its identity at peaq, if it has one.
	pub did: Option<String>,
	/// sr25519 key in the keystore of the chain node.
	pub attestor: [u8; 32],
	/// Ed25519 key of the daemon.
	pub media: [u8; 32],
}

fn place(region: Region) -> Value {
	let Region { country, lat, lon } = region;
	Value::named_composite([
		("country", Value::from_bytes(country)),
		("lat", Value::i128(lat.into())),
		("lon", Value::i128(lon.into())),
	])
}

fn option(value: Option<Value>) -> Value {
	match value {
		Some(value) => Value::unnamed_variant("Some", [value]),
		None => Value::unnamed_variant("None", []),
	}
}

/// `Registry.register`.
pub fn register(node: &Registration) -> Call {
	let declaration = Value::named_composite([
		("domain", Value::from_bytes(&node.domain)),
		("region", place(node.region)),
		("capabilities", number(node.capabilities.0)),
		("declared_kbps", number(node.declared_kbps)),
		("version", Value::from_bytes(&node.version)),
		("did", option(node.did.as_ref().map(Value::from_bytes))),
	]);
	call(
		"Registry",
		"register",
		[
			("declaration", declaration),
			("attestor", Value::from_bytes(node.attestor)),
			("media", Value::from_bytes(node.media)),
		],
	)
}

/// What is to become of a node's DID.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum DidChange {
	/// It stays as it is.
	#[default]
	Keep,
	/// The node has this one.
	Set(String),
	/// The node has none.
	Remove,
}

/// What is to change of a node; what is absent stays.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NodeUpdate {
	/// Another domain.
	pub domain: Option<String>,
	/// Another place, from the next era on.
	pub region: Option<Region>,
	/// Other capabilities: all of them.
	pub capabilities: Option<Capabilities>,
	/// Another bandwidth.
	pub declared_kbps: Option<u32>,
	/// Another version.
	pub version: Option<String>,
	/// Another identity, or none.
	pub did: DidChange,
}

/// `Registry.update`.
pub fn update(node: NodeId, update: &NodeUpdate) -> Call {
	let did = match &update.did {
		DidChange::Keep => Value::unnamed_variant("Keep", []),
		DidChange::Set(did) => Value::unnamed_variant("Set", [Value::from_bytes(did)]),
		DidChange::Remove => Value::unnamed_variant("Remove", []),
	};
	let changes = Value::named_composite([
		("domain", option(update.domain.as_ref().map(Value::from_bytes))),
		("region", option(update.region.map(place))),
		("capabilities", option(update.capabilities.map(|bits| number(bits.0)))),
		("declared_kbps", option(update.declared_kbps.map(number))),
		("version", option(update.version.as_ref().map(Value::from_bytes))),
		("did", did),
	]);
	call("Registry", "update", [("node", number(node)), ("update", changes)])
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
	client("add_client", key, until, limit)
}

/// `Registry.renew_client`.
pub fn renew_client(key: [u8; 32], until: Option<BlockNumber>, limit: u32) -> Call {
	client("renew_client", key, until, limit)
}

fn client(name: &str, key: [u8; 32], until: Option<BlockNumber>, limit: u32) -> Call {
	let (key, until) = (Value::from_bytes(key), option(until.map(number)));
	call("Registry", name, [("key", key), ("until", until), ("limit", number(limit))])
}

/// `Registry.revoke_client`.
pub fn revoke_client(key: [u8; 32]) -> Call {
	call("Registry", "revoke_client", [("key", Value::from_bytes(key))])
}

/// `Penalties.appeal`.
pub fn appeal(penalty: PenaltyId) -> Call {
	call("Penalties", "appeal", [("penalty", number(penalty))])
}

/// `Penalties.execute`.
pub fn execute(penalty: PenaltyId) -> Call {
	call("Penalties", "execute", [("penalty", number(penalty))])
}

/// What an operator keeps of its pool's rewards, in basis points: now, at most, and by how much more an era.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Commission {
	/// What it keeps.
	pub rate: u16,
	/// What it will never exceed.
	pub most: u16,
	/// By how much it will at most rise from an era to the next.
	pub rise: u16,
}

/// `Staking.bond`.
pub fn bond(amount: Balance, commission: Commission) -> Call {
	let Commission { rate, most, rise } = commission;
	let points = |value: u16| Value::unnamed_composite([number(value)]);
	let commission = Value::named_composite([
		("rate", points(rate)),
		("most", points(most)),
		("rise", points(rise)),
	]);
	call("Staking", "bond", [("amount", number(amount)), ("commission", commission)])
}

/// `Staking.bond_extra`.
pub fn bond_extra(amount: Balance) -> Call {
	call("Staking", "bond_extra", [("amount", number(amount))])
}

/// `Staking.unbond`.
pub fn unbond(amount: Balance) -> Call {
	call("Staking", "unbond", [("amount", number(amount))])
}

/// `Staking.retire`.
pub fn retire_pool() -> Call {
	call("Staking", "retire", [])
}

/// `Staking.set_commission`, in basis points.
pub fn set_commission(rate: u16) -> Call {
	call("Staking", "set_commission", [("rate", Value::unnamed_composite([number(rate)]))])
}

/// A call of a holder about its stake with an operator.
fn with_pool(name: &'static str, pool: &AccountId) -> Call {
	call("Staking", name, [("pool", Value::from_bytes(pool))])
}

/// The same, with an amount.
fn with_amount(name: &'static str, pool: &AccountId, amount: Balance) -> Call {
	call("Staking", name, [("pool", Value::from_bytes(pool)), ("amount", number(amount))])
}

/// `Staking.withdraw`.
pub fn withdraw(pool: &AccountId) -> Call {
	with_pool("withdraw", pool)
}

/// `Staking.claim`.
pub fn claim(pool: &AccountId) -> Call {
	with_pool("claim", pool)
}

/// `Staking.rebond`.
pub fn rebond(pool: &AccountId, amount: Balance) -> Call {
	with_amount("rebond", pool, amount)
}

/// `Staking.delegate`.
pub fn delegate(pool: &AccountId, amount: Balance) -> Call {
	with_amount("delegate", pool, amount)
}

/// `Staking.delegate_extra`.
pub fn delegate_extra(pool: &AccountId, amount: Balance) -> Call {
	with_amount("delegate_extra", pool, amount)
}

/// `Staking.undelegate`.
pub fn undelegate(pool: &AccountId, amount: Balance) -> Call {
	with_amount("undelegate", pool, amount)
}

/// `Staking.redelegate`.
pub fn redelegate(from: &AccountId, to: &AccountId, amount: Balance) -> Call {
	let (from, to) = (Value::from_bytes(from), Value::from_bytes(to));
	call("Staking", "redelegate", [("from", from), ("to", to), ("amount", number(amount))])
}

/// A call of anybody about a holder's stake with an operator.
fn with_holder(name: &'static str, holder: &AccountId, pool: &AccountId) -> Call {
	let (holder, pool) = (Value::from_bytes(holder), Value::from_bytes(pool));
	call("Staking", name, [("holder", holder), ("pool", pool)])
}

/// `Staking.claim_for`.
pub fn claim_for(holder: &AccountId, pool: &AccountId) -> Call {
	with_holder("claim_for", holder, pool)
}

/// `Staking.compound`.
pub fn compound(holder: &AccountId, pool: &AccountId) -> Call {
	with_holder("compound", holder, pool)
}

/// `Staking.settle`.
pub fn settle(holder: &AccountId, pool: &AccountId) -> Call {
	with_holder("settle", holder, pool)
}

/// `Staking.kick`.
pub fn kick(holder: &AccountId, pool: &AccountId) -> Call {
	with_holder("kick", holder, pool)
}

/// `Staking.set_chilled`.
pub fn set_chilled(chilled: bool) -> Call {
	call("Staking", "set_chilled", [("chilled", Value::bool(chilled))])
}

/// `Staking.set_compounding`.
pub fn set_compounding(pool: &AccountId, compounds: bool) -> Call {
	let (pool, compounds) = (Value::from_bytes(pool), Value::bool(compounds));
	call("Staking", "set_compounding", [("pool", pool), ("compounds", compounds)])
}

/// `Staking.set_private`.
pub fn set_private(private: bool) -> Call {
	call("Staking", "set_private", [("private", Value::bool(private))])
}

/// `Session.set_keys`: the public keys, 32 bytes each, and the proof that they are the signer's.
pub fn set_keys(babe: [u8; 32], grandpa: [u8; 32], proof: &[u8]) -> Call {
	let keys = Value::named_composite([
		("babe", Value::from_bytes(babe)),
		("grandpa", Value::from_bytes(grandpa)),
	]);
	call("Session", "set_keys", [("keys", keys), ("proof", Value::from_bytes(proof))])
}

/// `Validators.validate`.
pub fn validate() -> Call {
	call("Validators", "validate", [])
}

/// `Validators.resign`.
pub fn resign() -> Call {
	call("Validators", "resign", [])
}

/// `Validators.remove`.
pub fn remove_candidate(candidate: &AccountId) -> Call {
	call("Validators", "remove", [("candidate", Value::from_bytes(candidate))])
}

/// `Penalties.unjail_validator`.
pub fn unjail_validator() -> Call {
	call("Penalties", "unjail_validator", [])
}

/// `Rewards.payout`.
pub fn payout(era: EraIndex, owner: &AccountId) -> Call {
	call("Rewards", "payout", [("era", number(era)), ("owner", Value::from_bytes(owner))])
}

/// `Claims.claim`: pays an account what the list of an airdrop has for it.
pub fn claim_airdrop(
	airdrop: u32,
	index: u32,
	who: &AccountId,
	amount: Balance,
	proof: &[Hash],
) -> Call {
	let proof = proof.iter().map(|hash| Value::from_bytes(hash.as_bytes()));
	call(
		"Claims",
		"claim",
		[
			("airdrop", number(airdrop)),
			("index", number(index)),
			("who", Value::from_bytes(who)),
			("amount", number(amount)),
			("proof", Value::unnamed_composite(proof)),
		],
	)
}

/// `Claims.close`.
pub fn close_airdrop(airdrop: u32) -> Call {
	call("Claims", "close", [("airdrop", number(airdrop))])
}

/// `Claims.prune`.
pub fn prune_airdrop(airdrop: u32, limit: u32) -> Call {
	call("Claims", "prune", [("airdrop", number(airdrop)), ("limit", number(limit))])
}

/// `Penalties.unjail`.
pub fn unjail(node: NodeId) -> Call {
	call("Penalties", "unjail", [("node", number(node))])
}
