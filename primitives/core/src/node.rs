//! What an operator's node declares of itself, and the API keys of app developers.

mod country;
mod did;
mod version;

pub use country::is_assigned as is_country;
pub use did::{PeaqDid, MAX_DID};
pub use version::{SoftwareVersion, MAX_VERSION};

use crate::{AccountId, AttestorId, Balance, BlockNumber, EraIndex, MediaKey, NodeId};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Longest domain in bytes (RFC 1035 §2.3.4 leaves 253 for the written form).
pub const MAX_DOMAIN: u32 = 253;

/// A declared place.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct Region {
	/// ISO 3166-1 alpha-2, upper case, officially assigned.
	pub country: [u8; 2],
	/// Latitude in tenths of a degree, north positive, −900..=900.
	pub lat: i16,
	/// Longitude in tenths of a degree, east positive, −1800..=1800.
	pub lon: i16,
}

impl Region {
	/// Whether the country's code is assigned and the coordinates are on the globe.
	pub fn is_valid(&self) -> bool {
		is_country(self.country) && is_on_globe(self.lat, self.lon)
	}
}

/// Whether latitude and longitude, in tenths of a degree, lie on the globe.
pub fn is_on_globe(lat: i16, lon: i16) -> bool {
	(-900..=900).contains(&lat) && (-1800..=1800).contains(&lon)
}

/// What a node offers: a set of bits.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct Capabilities(pub u32);

impl Capabilities {
	/// Forwards media between participants.
	pub const SFU: Self = Self(1);
	/// Relays for clients behind strict NATs.
	pub const TURN: Self = Self(1 << 1);
	/// Records rooms.
	pub const RECORDING: Self = Self(1 << 2);
	/// Changes codecs.
	pub const TRANSCODING: Self = Self(1 << 3);
	/// Relays between nodes.
	pub const RELAY: Self = Self(1 << 4);
	/// Every bit that has a meaning.
	pub const KNOWN: Self = Self((1 << 5) - 1);

	/// Whether only bits that have a meaning are set, the SFU's among them.
	pub const fn is_valid(&self) -> bool {
		self.0 & !Self::KNOWN.0 == 0 && self.contains(Self::SFU)
	}

	/// Whether every bit of `other` is set.
	pub const fn contains(&self, other: Self) -> bool {
		self.0 & other.0 == other.0
	}
}

/// Where a node stands.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum NodeStatus {
	/// Takes calls.
	#[codec(index = 0)]
	Active,
	/// Finishes its calls, takes no new ones, is in no later snapshot.
	#[codec(index = 1)]
	Draining,
}

/// A registered node, as the runtime API shows it.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct NodeView {
	/// Its identifier.
	pub id: NodeId,
	/// The operator.
	pub owner: AccountId,
	/// Public host, or `host:port` on a development chain.
	pub domain: Vec<u8>,
	/// Declared place, valid in the running era.
	pub region: Region,
	/// What it offers.
	pub capabilities: Capabilities,
	/// Declared bandwidth.
	pub declared_kbps: u32,
	/// Declared name and version of its software: visible ASCII.
	pub version: Vec<u8>,
	/// Its identity at peaq, if it has one: ASCII.
	pub did: Option<Vec<u8>>,
	/// Key of the off-chain worker, valid in the running era.
	pub attestor: AttestorId,
	/// Key of the media daemon, valid in the running era.
	pub media: MediaKey,
	/// Status.
	pub status: NodeStatus,
	/// The era in which it was registered, or last taken out of draining; it can be measured two eras later.
	pub active_since: EraIndex,
	/// The era up to which it is jailed, if it is.
	pub jailed_until: Option<EraIndex>,
	/// The operator's stake that counts in the running era, per node owned.
	pub stake: Balance,
}

/// A page of nodes.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct NodePage {
	/// The nodes, by rising identifier.
	pub nodes: Vec<NodeView>,
	/// From where on to ask for the next page; nothing behind the last node.
	pub next: Option<NodeId>,
}

/// A node and how far away it says to be.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct NearNode {
	/// Great-circle distance in km, rounded to the nearest.
	pub km: u32,
	/// The node.
	pub node: NodeView,
}

/// The nodes nearest to a place to send calls to.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct NearNodes {
	/// The nodes, nearest first; of two equally far ones that of the lower identifier.
	pub nodes: Vec<NearNode>,
	/// Whether these are surely the nearest. If not, there were more nodes around the place than are
	/// looked at in one answer.
	pub complete: bool,
}

/// An API key of an app developer, as the runtime API shows it.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct ClientView {
	/// Who registered it and pays for it.
	pub owner: AccountId,
	/// The last block at which it is valid, or for ever.
	pub until: Option<BlockNumber>,
	/// How many participants may be connected at a node under this key at a time.
	pub limit: u32,
	/// Whether it is valid now.
	pub valid: bool,
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn regions_off_the_globe_are_refused() {
		let berlin = Region { country: *b"DE", lat: 525, lon: 134 };
		assert!(berlin.is_valid());
		assert!(!Region { country: *b"de", ..berlin }.is_valid());
		assert!(!Region { country: *b"XX", ..berlin }.is_valid(), "no such country");
		assert!(!Region { lat: 901, ..berlin }.is_valid());
		assert!(!Region { lon: -1801, ..berlin }.is_valid());
	}

	#[test]
	fn unknown_capabilities_are_refused() {
		assert!(Capabilities::SFU.is_valid());
		assert!(Capabilities::KNOWN.is_valid());
		assert!(!Capabilities::TURN.is_valid(), "a node without an SFU");
		assert!(!Capabilities(1 | 1 << 5).is_valid());
	}
}
