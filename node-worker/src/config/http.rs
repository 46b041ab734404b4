//! Settings of the public HTTP server, the server API and webhooks.

use super::in_range;
use anyhow::{ensure, Result};
use ipnet::IpNet;
use serde::Deserialize;
use std::{net::SocketAddr, path::PathBuf};

/// Public requests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Http {
	/// Pages that may connect, as `https://host[:port]`; any if empty.
	pub allowed_origins: Vec<String>,
	/// Networks of proxies whose `X-Forwarded-For` is believed.
	pub trusted_proxies: Vec<IpNet>,
	/// Bytes of a request's body.
	pub body_bytes: usize,
	/// Seconds for a TLS handshake, for the header of a request, and between two requests.
	pub header_seconds: u64,
	/// Seconds for a request to the server API.
	pub request_seconds: u64,
	/// Requests per second from one address (IPv6: one network of 64 bits), new signalling connections included.
	pub requests_per_second: u32,
	/// Requests per second to the server API with one API key.
	pub key_requests_per_second: u32,
	/// Addresses and keys that are remembered, each.
	pub remembered: usize,
}

/// TLS, on an address of its own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Tls {
	/// Address of the public server with TLS; none if absent.
	pub listen: Option<SocketAddr>,
	/// PEM file of the certificate chain.
	pub certificate: PathBuf,
	/// PEM file of its key.
	pub key: PathBuf,
}

/// Rooms.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Rooms {
	/// Seconds that a room waits for its first participant.
	pub empty_seconds: u32,
	/// Seconds that a room stays when everybody has left.
	pub departure_seconds: u32,
	/// Apps may unmute tracks of participants.
	pub remote_unmute: bool,
	/// Participants whose older tokens are refused since an app removed them.
	pub revocations: usize,
}

/// Webhooks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Webhooks {
	/// Send them.
	pub enabled: bool,
	/// To private and local addresses, too: for development alone.
	pub allow_private: bool,
	/// URLs at a time.
	pub urls: usize,
	/// Events that wait for one URL.
	pub queue: usize,
	/// Attempts for one event.
	pub attempts: u32,
	/// Seconds for one attempt.
	pub timeout_seconds: u64,
	/// Bytes of events that are kept on disk while they wait; 0 for none.
	pub spool_bytes: u64,
}

/// Which nodes are near.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Relevants {
	/// GeoIP file (MMDB with cities).
	pub geoip: Option<PathBuf>,
	/// Nodes in an answer.
	pub nodes: u32,
	/// Seconds for which an answer counts.
	pub fresh_seconds: u64,
}

impl Default for Http {
	fn default() -> Self {
		Self {
			allowed_origins: Vec::new(),
			trusted_proxies: Vec::new(),
			body_bytes: 256 * 1024,
			header_seconds: 10,
			request_seconds: 10,
			requests_per_second: 50,
			key_requests_per_second: 100,
			remembered: 65_536,
		}
	}
}

impl Default for Rooms {
	fn default() -> Self {
		Self {
			empty_seconds: 300,
			departure_seconds: 20,
			remote_unmute: false,
			revocations: 10_000,
		}
	}
}

impl Default for Webhooks {
	fn default() -> Self {
		Self {
			enabled: true,
			allow_private: false,
			urls: 256,
			queue: 256,
			attempts: 8,
			timeout_seconds: 5,
			spool_bytes: 64 * 1024 * 1024,
		}
	}
}

impl Default for Relevants {
	fn default() -> Self {
		Self { geoip: None, nodes: 16, fresh_seconds: 30 }
	}
}

impl Http {
	pub(super) fn validate(&self) -> Result<()> {
		ensure!(self.allowed_origins.len() <= 256, "http.allowed-origins has more than 256");
		for origin in &self.allowed_origins {
			let host = ["https://", "http://"].iter().find_map(|s| origin.strip_prefix(s));
			ensure!(
				host.is_some_and(|h| !h.is_empty() && !h.contains('/')),
				"http.allowed-origins has {origin:?}: an origin is https://host[:port], without a path"
			);
		}
		ensure!(self.trusted_proxies.len() <= 64, "http.trusted-proxies has more than 64");
		in_range("http.body-bytes", self.body_bytes, 1_024..=4 * 1024 * 1024)?;
		in_range("http.header-seconds", self.header_seconds, 1..=60)?;
		in_range("http.request-seconds", self.request_seconds, 1..=60)?;
		in_range("http.requests-per-second", self.requests_per_second, 1..=100_000)?;
		in_range("http.key-requests-per-second", self.key_requests_per_second, 1..=100_000)?;
		in_range("http.remembered", self.remembered, 1..=1_000_000)
	}
}

impl Tls {
	pub(super) fn validate(&self) -> Result<()> {
		let files = !self.certificate.as_os_str().is_empty() && !self.key.as_os_str().is_empty();
		ensure!(files || self.listen.is_none(), "tls.listen needs tls.certificate and tls.key");
		Ok(())
	}
}

impl Rooms {
	pub(super) fn validate(&self) -> Result<()> {
		in_range("rooms.empty-seconds", self.empty_seconds, 1..=86_400)?;
		in_range("rooms.revocations", self.revocations, 1..=1_000_000)?;
		in_range("rooms.departure-seconds", self.departure_seconds, 0..=86_400)
	}
}

impl Webhooks {
	pub(super) fn validate(&self) -> Result<()> {
		in_range("webhooks.urls", self.urls, 1..=10_000)?;
		in_range("webhooks.queue", self.queue, 1..=10_000)?;
		in_range("webhooks.attempts", self.attempts, 1..=20)?;
		in_range("webhooks.timeout-seconds", self.timeout_seconds, 1..=60)?;
		in_range("webhooks.spool-bytes", self.spool_bytes, 0..=16 * 1024 * 1024 * 1024)
	}
}

impl Relevants {
	pub(super) fn validate(&self) -> Result<()> {
		in_range("relevants.nodes", self.nodes, 1..=100)?;
		in_range("relevants.fresh-seconds", self.fresh_seconds, 1..=3_600)
	}
}
