//! What `dtel node register` and `dtel node update` declare of a node, read from the command line.

use crate::{
	calls::{DidChange, NodeUpdate, Registration},
	keys,
};
use anyhow::{anyhow, bail, Context, Result};
use clap::Args;
use dtel_primitives::{
	node::{Capabilities, PeaqDid, Region, SoftwareVersion, MAX_DOMAIN},
	NodeId,
};

#[derive(Args, Debug)]
pub struct Keys {
	/// sr25519 key in the chain node's keystore (type `dtlq`): 0x-hex or SS58.
	#[arg(long, value_parser = keys::public_key)]
	pub(super) attestor: [u8; 32],
	/// Ed25519 key of the daemon: 0x-hex or base58.
	#[arg(long, value_parser = keys::public_key)]
	pub(super) media: [u8; 32],
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
	/// Name and version of the daemon: 1 to 32 visible ASCII characters.
	#[arg(long, default_value = concat!("dtel-worker/", env!("CARGO_PKG_VERSION")))]
	version: String,
	/// Its identity at peaq: `did:peaq:…`.
	#[arg(long)]
	did: Option<String>,
	#[command(flatten)]
	keys: Keys,
}

impl Register {
	/// What the call is to register.
	pub(super) fn checked(self) -> Result<Registration> {
		Ok(Registration {
			region: region(&self.country, self.lat, self.lon)?,
			capabilities: capabilities(&self.capabilities)?,
			declared_kbps: kbps(self.mbps)?,
			version: checked_version(self.version)?,
			did: self.did.map(checked_did).transpose()?,
			attestor: self.keys.attestor,
			media: self.keys.media,
			domain: checked_domain(self.domain)?,
		})
	}
}

#[derive(Args, Debug)]
pub struct Update {
	/// The node.
	pub(super) node: NodeId,
	#[command(flatten)]
	pub(super) changes: Changes,
}

#[derive(Args, Debug, Default)]
#[group(required = true, multiple = true)]
pub struct Changes {
	/// Another public host name, from now on. Keep serving under the old one until the era ends.
	#[arg(long)]
	domain: Option<String>,
	/// ISO 3166-1 alpha-2 code of the country; the place counts from the next era on.
	#[arg(long, requires_all = ["lat", "lon"])]
	country: Option<String>,
	/// Latitude in degrees, north positive.
	#[arg(long, allow_negative_numbers = true, requires_all = ["country", "lon"])]
	lat: Option<f64>,
	/// Longitude in degrees, east positive.
	#[arg(long, allow_negative_numbers = true, requires_all = ["country", "lat"])]
	lon: Option<f64>,
	/// All that it offers: sfu, turn, recording, transcoding, relay.
	#[arg(long, value_delimiter = ',')]
	capabilities: Option<Vec<String>>,
	/// Bandwidth in Mbit/s.
	#[arg(long)]
	mbps: Option<u32>,
	/// Name and version of the daemon.
	#[arg(long)]
	version: Option<String>,
	/// Its identity at peaq: `did:peaq:…`.
	#[arg(long)]
	did: Option<String>,
	/// It has no identity at peaq.
	#[arg(long, conflicts_with = "did")]
	no_did: bool,
}

impl Changes {
	/// What the call is to change.
	pub(super) fn checked(self) -> Result<NodeUpdate> {
		let region = match (self.country, self.lat, self.lon) {
			(Some(country), Some(lat), Some(lon)) => Some(region(&country, lat, lon)?),
			_ => None,
		};
		Ok(NodeUpdate {
			domain: self.domain.map(checked_domain).transpose()?,
			region,
			capabilities: self.capabilities.as_deref().map(capabilities).transpose()?,
			declared_kbps: self.mbps.map(kbps).transpose()?,
			version: self.version.map(checked_version).transpose()?,
			did: match (self.did.map(checked_did).transpose()?, self.no_did) {
				(Some(did), _) => DidChange::Set(did),
				(None, true) => DidChange::Remove,
				(None, false) => DidChange::Keep,
			},
		})
	}
}

fn checked_domain(domain: String) -> Result<String> {
	match domain.is_empty() || domain.len() > MAX_DOMAIN as usize {
		true => bail!("a domain has 1 to {MAX_DOMAIN} characters"),
		false => Ok(domain),
	}
}

fn checked_version(version: String) -> Result<String> {
	match SoftwareVersion::new(version.as_bytes()) {
		None => bail!("a version has 1 to 32 visible ASCII characters, not {version:?}"),
		Some(_) => Ok(version),
	}
}

fn checked_did(did: String) -> Result<String> {
	match PeaqDid::new(did.as_bytes()) {
		None => bail!("a DID is did:peaq: and an account, not {did:?}"),
		Some(_) => Ok(did),
	}
}

fn kbps(mbps: u32) -> Result<u32> {
	mbps.checked_mul(1000).context("too much bandwidth")
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

/// Degrees in tenths. Float to integer casts saturate; range checks see what that leaves.
pub(super) fn tenths(degrees: f64) -> i16 {
	(degrees * 10.0).round() as i16
}

/// A checked place.
fn region(country: &str, lat: f64, lon: f64) -> Result<Region> {
	let country: [u8; 2] =
		country.as_bytes().try_into().map_err(|_| anyhow!("a country has two letters"))?;
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

	/// The changes of a command line.
	fn changes(arguments: &str) -> Result<NodeUpdate> {
		#[derive(clap::Parser)]
		struct Line {
			#[command(flatten)]
			changes: Changes,
		}
		let line = <Line as clap::Parser>::try_parse_from(
			std::iter::once("update").chain(arguments.split_whitespace()),
		)?;
		line.changes.checked()
	}

	#[test]
	fn updates_change_what_is_given() {
		let region = Region { country: *b"AU", lat: -339, lon: 1_512 };
		for (arguments, update) in [
			("--domain a.b", NodeUpdate { domain: Some("a.b".into()), ..Default::default() }),
			(
				"--country au --lat -33.9 --lon 151.2",
				NodeUpdate { region: Some(region), ..Default::default() },
			),
			(
				"--capabilities sfu,turn --mbps 7",
				NodeUpdate {
					capabilities: Some(Capabilities(3)),
					declared_kbps: Some(7_000),
					..Default::default()
				},
			),
			(
				"--version v2 --did did:peaq:1",
				NodeUpdate {
					version: Some("v2".into()),
					did: DidChange::Set("did:peaq:1".into()),
					..Default::default()
				},
			),
			("--no-did", NodeUpdate { did: DidChange::Remove, ..Default::default() }),
		] {
			assert_eq!(changes(arguments).unwrap(), update, "{arguments}");
		}
		for bad in [
			"",
			"--lat 1",
			"--country DE",
			"--country XX --lat 0 --lon 0",
			"--lat 0 --lon 0",
			"--did did:peaq:1 --no-did",
			"--did did:web:1",
			"--version ü",
			"--mbps 4294967295",
			"--capabilities fax",
		] {
			assert!(changes(bad).is_err(), "{bad}");
		}
	}

	#[test]
	fn capabilities_are_named() {
		let names = |names: &[&str]| names.iter().map(|n| n.to_string()).collect::<Vec<_>>();
		assert_eq!(capabilities(&names(&["sfu", "turn"])).unwrap(), Capabilities(3));
		assert!(capabilities(&names(&["fax"])).is_err());
	}
}
