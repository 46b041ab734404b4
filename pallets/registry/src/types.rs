//! What is stored: nodes, clients, and what changes with an era's notice.

use crate::Declaration;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{
	node::{Capabilities, NodeStatus, PeaqDid, Region, SoftwareVersion, MAX_DOMAIN},
	AttestorId, Balance, BlockNumber, EraIndex, MediaKey, NodeId,
};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// A domain as it is stored; [`crate::domain`] says which are accepted.
pub type Domain = BoundedVec<u8, ConstU32<MAX_DOMAIN>>;

/// A node's identifier as a storage key: big-endian under the identity hash, so that storage order is
/// the order of registration, and a page of nodes costs what it returns however many have retired.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct NodeKey([u8; 4]);

impl From<NodeId> for NodeKey {
	fn from(id: NodeId) -> Self {
		Self(id.to_be_bytes())
	}
}

impl From<NodeKey> for NodeId {
	fn from(key: NodeKey) -> Self {
		NodeId::from_be_bytes(key.0)
	}
}

/// A key or the place of a node, and its successor.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Rotating<K> {
	current: K,
	next: Option<(K, EraIndex)>,
}

impl<K: Clone + PartialEq> Rotating<K> {
	/// What has no successor.
	pub(crate) const fn new(current: K) -> Self {
		Self { current, next: None }
	}

	/// What is valid in `era`: exact for the era of the last rotation and all later ones.
	pub fn at(&self, era: EraIndex) -> &K {
		match &self.next {
			Some((key, from)) if *from <= era => key,
			_ => &self.current,
		}
	}

	/// The era from which the successor is valid.
	#[cfg(any(test, feature = "try-runtime"))]
	pub(crate) fn begins(&self) -> Option<EraIndex> {
		self.next.as_ref().map(|(_, from)| *from)
	}

	/// What is taken: the current one, and its successor.
	pub fn keys(&self) -> impl Iterator<Item = &K> {
		core::iter::once(&self.current).chain(self.next.iter().map(|(key, _)| key))
	}

	/// What this becomes when `key` is to be valid from the era after `era` on. A successor that has
	/// not begun is replaced; one that has begun becomes the current key.
	pub(crate) fn rotated(&self, key: K, era: EraIndex) -> Self {
		let current = self.at(era).clone();
		let next = (key != current).then(|| (key, era.saturating_add(1)));
		Self { current, next }
	}
}

/// A registered node.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Node<AccountId> {
	pub(crate) owner: AccountId,
	pub(crate) domain: Domain,
	pub(crate) region: Rotating<Region>,
	pub(crate) capabilities: Capabilities,
	pub(crate) declared_kbps: u32,
	pub(crate) version: SoftwareVersion,
	pub(crate) did: Option<PeaqDid>,
	pub(crate) attestor: Rotating<AttestorId>,
	pub(crate) media: Rotating<MediaKey>,
	pub(crate) active_since: EraIndex,
	pub(crate) draining_since: Option<EraIndex>,
	pub(crate) deposit: Balance,
}

impl<AccountId> Node<AccountId> {
	/// A node that is registered in `era`, and for which `deposit` is held.
	pub(crate) fn new(
		owner: AccountId,
		declaration: Declaration,
		attestor: AttestorId,
		media: MediaKey,
		era: EraIndex,
		deposit: Balance,
	) -> Self {
		let Declaration { domain, region, capabilities, declared_kbps, version, did } = declaration;
		Self {
			owner,
			domain,
			region: Rotating::new(region),
			capabilities,
			declared_kbps,
			version,
			did,
			attestor: Rotating::new(attestor),
			media: Rotating::new(media),
			active_since: era,
			draining_since: None,
			deposit,
		}
	}

	/// All that its operator declares for `era`, which must not lie before its last move.
	pub fn declaration(&self, era: EraIndex) -> Declaration {
		Declaration {
			domain: self.domain.clone(),
			region: self.region(era),
			capabilities: self.capabilities,
			declared_kbps: self.declared_kbps,
			version: self.version.clone(),
			did: self.did.clone(),
		}
	}

	/// The operator.
	pub const fn owner(&self) -> &AccountId {
		&self.owner
	}

	/// Public host, or `host:port` on a development chain.
	pub fn domain(&self) -> &[u8] {
		&self.domain
	}

	/// Declared place in `era`, which must not lie before its last move.
	pub fn region(&self, era: EraIndex) -> Region {
		*self.region.at(era)
	}

	/// What it offers.
	pub const fn capabilities(&self) -> Capabilities {
		self.capabilities
	}

	/// Declared bandwidth.
	pub const fn declared_kbps(&self) -> u32 {
		self.declared_kbps
	}

	/// Declared name and version of its software.
	pub fn version(&self) -> &[u8] {
		self.version.as_bytes()
	}

	/// Its identity at peaq, if it has one.
	pub fn did(&self) -> Option<&[u8]> {
		self.did.as_ref().map(PeaqDid::as_bytes)
	}

	/// Key of the off-chain worker in `era`, which must not lie before the last rotation.
	pub fn attestor(&self, era: EraIndex) -> &AttestorId {
		self.attestor.at(era)
	}

	/// Key of the media daemon in `era`, which must not lie before the last rotation.
	pub fn media(&self, era: EraIndex) -> &MediaKey {
		self.media.at(era)
	}

	/// The era in which it was registered, or last taken out of draining.
	pub const fn active_since(&self) -> EraIndex {
		self.active_since
	}

	/// The era in which it began to drain, while it does.
	pub const fn draining_since(&self) -> Option<EraIndex> {
		self.draining_since
	}

	/// Whether it takes calls.
	pub const fn status(&self) -> NodeStatus {
		match self.draining_since {
			None => NodeStatus::Active,
			Some(_) => NodeStatus::Draining,
		}
	}

	/// What is held for it.
	pub const fn deposit(&self) -> Balance {
		self.deposit
	}

	/// Whether it may be frozen, in `era`, into the snapshot of the era after: it took calls before `era` began,
	/// and does.
	pub const fn is_candidate(&self, era: EraIndex) -> bool {
		self.draining_since.is_none() && self.active_since < era
	}

	/// Whether it may, in `era`, still be a member of a snapshot: it drains for less than two eras.
	pub const fn may_be_member(&self, era: EraIndex) -> bool {
		match self.draining_since {
			None => true,
			Some(since) => era <= since.saturating_add(1),
		}
	}
}

/// An API key of an app developer.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Client<AccountId> {
	pub(crate) owner: AccountId,
	pub(crate) until: Option<BlockNumber>,
	pub(crate) limit: u32,
	pub(crate) deposit: Balance,
}

impl<AccountId> Client<AccountId> {
	/// Who registered it and pays for it.
	pub const fn owner(&self) -> &AccountId {
		&self.owner
	}

	/// The last block at which it is valid, or for ever.
	pub const fn until(&self) -> Option<BlockNumber> {
		self.until
	}

	/// How many participants may be connected at a node under this key at a time.
	pub const fn limit(&self) -> u32 {
		self.limit
	}

	/// What is held for it.
	pub const fn deposit(&self) -> Balance {
		self.deposit
	}

	/// Whether it is valid at a block.
	pub const fn is_valid_at(&self, block: BlockNumber) -> bool {
		match self.until {
			None => true,
			Some(until) => block <= until,
		}
	}
}
