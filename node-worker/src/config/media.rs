//! Where media come in, and what peers are told of it.

use super::in_range;
use anyhow::{ensure, Result};
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};

/// Addresses of each kind.
const MAX_ADDRESSES: usize = 8;

/// The media sockets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Media {
	/// UDP address of all peers.
	pub listen: SocketAddr,
	/// Further UDP addresses: one of the other family, or of another network.
	pub also_listen: Vec<SocketAddr>,
	/// TCP addresses for peers that UDP does not reach (RFC 6544).
	pub tcp_listen: Vec<SocketAddr>,
	/// TCP connections at a time.
	pub tcp_connections: usize,
	/// TCP connections from one address (IPv6: /64) at a time.
	pub tcp_connections_per_address: usize,
	/// Addresses that peers shall use instead of the bound ones (behind NAT, or when bound to every address).
	pub advertise: Vec<IpAddr>,
	/// UDP port that peers shall use instead of the bound one.
	pub advertise_port: Option<u16>,
	/// TCP port that peers shall use instead of the bound one.
	pub advertise_tcp_port: Option<u16>,
	/// A STUN server, `host:port`, that says what to advertise; none if empty.
	pub stun: String,
	/// Seconds between questions to it.
	pub stun_seconds: u64,
	/// Send datagrams of one length to one peer together (GSO), where the kernel can.
	pub offload: bool,
	/// STUN or TURN servers that are named to clients.
	pub ice_servers: Vec<String>,
}

impl Default for Media {
	fn default() -> Self {
		Self {
			listen: ([0, 0, 0, 0], 7882).into(),
			also_listen: Vec::new(),
			tcp_listen: Vec::new(),
			tcp_connections: 512,
			tcp_connections_per_address: 32,
			advertise: Vec::new(),
			advertise_port: None,
			advertise_tcp_port: None,
			stun: String::new(),
			stun_seconds: 30,
			offload: true,
			ice_servers: Vec::new(),
		}
	}
}

impl Media {
	/// All UDP addresses.
	pub fn udp(&self) -> impl Iterator<Item = SocketAddr> + '_ {
		std::iter::once(self.listen).chain(self.also_listen.iter().copied())
	}

	pub(super) fn validate(&self) -> Result<()> {
		for address in self.udp().chain(self.tcp_listen.iter().copied()) {
			ensure!(
				!address.ip().is_multicast(),
				"media.listen is {address}: a multicast address cannot be bound"
			);
		}
		for (name, list) in
			[("media.also-listen", &self.also_listen), ("media.tcp-listen", &self.tcp_listen)]
		{
			ensure!(list.len() < MAX_ADDRESSES, "{name} has {MAX_ADDRESSES} addresses or more");
		}
		for ip in &self.advertise {
			ensure!(
				!ip.is_unspecified() && !ip.is_multicast(),
				"media.advertise has {ip}: peers cannot send there"
			);
			ensure!(
				self.udp().any(|a| a.is_ipv4() == ip.is_ipv4()),
				"media.advertise has {ip}, but nothing listens in its address family"
			);
		}
		ensure!(
			self.advertise.len() <= MAX_ADDRESSES,
			"media.advertise has more than {MAX_ADDRESSES} addresses"
		);
		ensure!(self.advertise_port != Some(0), "media.advertise-port is 0");
		ensure!(self.advertise_tcp_port != Some(0), "media.advertise-tcp-port is 0");
		let named = self.stun.rsplit_once(':').is_some_and(|(host, port)| {
			!host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0)
		});
		ensure!(
			self.stun.is_empty() || named,
			"media.stun is {:?}: it must be host:port",
			self.stun
		);
		ensure!(
			self.stun.is_empty() || self.advertise.is_empty(),
			"media.stun and media.advertise exclude each other: either says what to advertise"
		);
		in_range("media.stun-seconds", self.stun_seconds, 1..=3_600)?;
		in_range("media.tcp-connections", self.tcp_connections, 1..=65_536)?;
		in_range("media.tcp-connections-per-address", self.tcp_connections_per_address, 1..=65_536)
	}
}
