//! What operators declare of their nodes, and how they change it.

use crate::{domain, types::Domain, Config, Error};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{
	node::{Capabilities, PeaqDid, Region, SoftwareVersion},
	report::Measurement,
};
use frame_support::{ensure, traits::Get};
use scale_info::TypeInfo;

/// What an operator declares of a node.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Declaration {
	/// Public host, or `host:port` on a development chain.
	pub domain: Domain,
	/// Where it is.
	pub region: Region,
	/// What it offers.
	pub capabilities: Capabilities,
	/// Its bandwidth.
	pub declared_kbps: u32,
	/// Name and version of its software.
	pub version: SoftwareVersion,
	/// Its identity at peaq, if it has one.
	pub did: Option<PeaqDid>,
}

impl Declaration {
	/// Whether a node may declare this.
	pub(crate) fn ensure_valid<T: Config>(&self) -> Result<(), Error<T>> {
		ensure!(domain::is_valid(&self.domain, T::DevDomains::get()), Error::InvalidDomain);
		ensure!(self.region.is_valid(), Error::InvalidRegion);
		ensure!(self.capabilities.is_valid(), Error::InvalidCapabilities);
		ensure!(is_bandwidth(self.declared_kbps), Error::InvalidBandwidth);
		ensure!(self.version.is_valid(), Error::InvalidVersion);
		ensure!(self.did.as_ref().is_none_or(PeaqDid::is_valid), Error::InvalidDid);
		Ok(())
	}

	/// Bytes of text that are stored for it and paid for one by one.
	pub(crate) fn text_bytes(&self) -> u32 {
		let did = self.did.as_ref().map_or(0, |did| did.as_bytes().len());
		let bytes = self.domain.len().saturating_add(self.version.as_bytes().len());
		u32::try_from(bytes.saturating_add(did)).unwrap_or(u32::MAX)
	}
}

/// Whether a node may declare this bandwidth.
fn is_bandwidth(kbps: u32) -> bool {
	(1..=Measurement::MAX_KBPS).contains(&kbps)
}

/// What is to change of a declaration; what is absent stays.
#[derive(
	Clone,
	PartialEq,
	Eq,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct NodeUpdate {
	/// Another domain, from now on.
	pub domain: Option<Domain>,
	/// Another place, from the next era on.
	pub region: Option<Region>,
	/// Other capabilities: all of them, from now on.
	pub capabilities: Option<Capabilities>,
	/// Another bandwidth, from now on.
	pub declared_kbps: Option<u32>,
	/// Another version, from now on.
	pub version: Option<SoftwareVersion>,
	/// Another identity, or none.
	pub did: DidChange,
}

/// What is to become of a node's DID.
#[derive(
	Clone,
	PartialEq,
	Eq,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum DidChange {
	/// It stays as it is.
	#[default]
	#[codec(index = 0)]
	Keep,
	/// The node has this one.
	#[codec(index = 1)]
	Set(PeaqDid),
	/// The node has none.
	#[codec(index = 2)]
	Remove,
}

impl NodeUpdate {
	/// What is declared after this change.
	pub(crate) fn applied_to(self, before: Declaration) -> Declaration {
		Declaration {
			domain: self.domain.unwrap_or(before.domain),
			region: self.region.unwrap_or(before.region),
			capabilities: self.capabilities.unwrap_or(before.capabilities),
			declared_kbps: self.declared_kbps.unwrap_or(before.declared_kbps),
			version: self.version.unwrap_or(before.version),
			did: match self.did {
				DidChange::Keep => before.did,
				DidChange::Set(did) => Some(did),
				DidChange::Remove => None,
			},
		}
	}
}
