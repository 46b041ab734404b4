//! The sockets of the engine: what comes in at which, and what goes out by which. Nothing here waits.

use super::tcp::{Bounds, TcpPort};
use crate::{
	config::Media,
	net::{
		stun::{News, StunClient},
		udp::{Outgoing, Received, Socket},
	},
};
use anyhow::{bail, Context as _, Result};
use dtel_media_core::{Protocol, Transmit};
use std::{
	future::poll_fn,
	io,
	net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
	task::{Context, Poll},
	time::{Duration, Instant},
};
use tracing::{info, warn};

/// Datagrams that may wait for one socket.
const WAITING: usize = 4_096;
/// As many as that go out at the latest.
const TOGETHER: usize = 128;
/// Datagrams that are read before others get their turn.
const READ_BURST: usize = 64;
/// Candidates that one socket is known by: those of before a change among them.
const MAX_CANDIDATES: usize = 16;
/// Time for the first answer of a STUN server.
const STUN_TIME: Duration = Duration::from_secs(6);

/// Counters since the start.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct WireCounts {
	/// Datagrams that no socket took.
	pub drops: u64,
	/// System calls that read.
	pub reads: u64,
	/// System calls that sent.
	pub sends: u64,
	/// Datagrams that were sent together with others (GSO).
	pub together: u64,
	/// TCP connections that were accepted.
	pub tcp_accepted: u64,
	/// TCP connections that were refused.
	pub tcp_refused: u64,
}

/// A UDP socket.
struct Port {
	socket: Socket,
	outgoing: Outgoing,
	/// It took no more; it will say when it does.
	blocked: bool,
	/// What peers know it by, the present ones first.
	candidates: Vec<SocketAddr>,
	stun: Option<StunClient>,
}

/// What became ready.
pub(super) enum Ready {
	/// A socket has something to read.
	Udp(usize),
	/// A datagram came over TCP.
	Tcp(usize, (SocketAddr, Vec<u8>)),
	/// A socket can send again.
	Writable(usize),
}

/// See the module.
pub(super) struct Wire {
	ports: Vec<Port>,
	tcp: Vec<TcpPort>,
	advertise: Vec<IpAddr>,
	advertise_tcp_port: Option<u16>,
	reads: u64,
	/// A STUN server has answered.
	answered: bool,
	/// Where looking for what is ready begins, so that one socket does not keep the others waiting.
	turn: usize,
}

impl Wire {
	/// Binds all sockets, and asks the STUN server if there is one.
	pub async fn bind(media: &Media) -> Result<Self> {
		let mut ports = Vec::new();
		for address in media.udp() {
			let socket = Socket::bind(address, media.offload)
				.with_context(|| format!("cannot bind UDP {address}"))?;
			let candidates = candidates(socket.local_addr(), media)?;
			let outgoing = Outgoing::new(WAITING);
			ports.push(Port { socket, outgoing, blocked: false, candidates, stun: None });
		}
		let bounds = Bounds {
			connections: media.tcp_connections,
			per_address: media.tcp_connections_per_address,
		};
		let mut tcp = Vec::new();
		for address in &media.tcp_listen {
			let port = TcpPort::bind(*address, bounds)
				.with_context(|| format!("cannot bind TCP {address}"))?;
			tcp.push(port);
		}
		let mut wire = Self {
			ports,
			tcp,
			advertise: media.advertise.clone(),
			advertise_tcp_port: media.advertise_tcp_port,
			reads: 0,
			answered: false,
			turn: 0,
		};
		if !media.stun.is_empty() {
			wire.ask_stun(&media.stun, Duration::from_secs(media.stun_seconds)).await?;
		}
		Ok(wire)
	}

	/// Addresses of the UDP sockets.
	pub fn udp_addrs(&self) -> impl Iterator<Item = SocketAddr> + '_ {
		self.ports.iter().map(|p| p.socket.local_addr())
	}

	/// Addresses of the TCP sockets.
	pub fn tcp_addrs(&self) -> impl Iterator<Item = SocketAddr> + '_ {
		self.tcp.iter().map(TcpPort::local_addr)
	}

	/// What peers are told: UDP and TCP.
	pub fn candidates(&self) -> (Vec<SocketAddr>, Vec<SocketAddr>) {
		let udp: Vec<_> = match self.advertise.is_empty() {
			true => self.ports.iter().filter_map(|p| p.candidates.first().copied()).collect(),
			false => self.ports.iter().flat_map(|p| p.candidates.iter().copied()).collect(),
		};
		let mut tcp = Vec::new();
		for port in &self.tcp {
			let local = port.local_addr();
			let known = udp.iter().map(|c| c.ip()).filter(|ip| ip.is_ipv4() == local.is_ipv4());
			let bound = Some(local.ip()).filter(|ip| {
				!ip.is_unspecified() && self.advertise.is_empty() && !self.asks_stun()
			});
			let number = self.advertise_tcp_port.unwrap_or(local.port());
			let ips: Vec<_> = bound.map_or_else(|| known.collect(), |ip| vec![ip]);
			tcp.extend(ips.into_iter().map(|ip| SocketAddr::new(ip, number)));
		}
		tcp.dedup();
		(udp, tcp)
	}

	/// Whether a STUN server has answered since this was last asked: [`Wire::candidates`] may have changed.
	pub fn changed(&mut self) -> bool {
		std::mem::take(&mut self.answered)
	}

	fn asks_stun(&self) -> bool {
		self.ports.iter().any(|p| p.stun.is_some())
	}

	/// Room for what one read gives.
	pub fn received(&self) -> Received {
		Received::of(self.ports.iter().map(|p| &p.socket))
	}

	/// Waits until there is something to do. May be cancelled.
	pub async fn ready(&mut self) -> Ready {
		poll_fn(|cx| self.poll_ready(cx)).await
	}

	fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Ready> {
		let all = self.ports.len().saturating_add(self.tcp.len());
		self.turn = self.turn.wrapping_add(1);
		for index in 0..all {
			let index = index.wrapping_add(self.turn).checked_rem(all).unwrap_or(0);
			if let Some(port) = self.ports.get(index) {
				if port.blocked && port.socket.poll_writable(cx).is_ready() {
					return Poll::Ready(Ready::Writable(index));
				}
				if port.socket.poll_readable(cx).is_ready() {
					return Poll::Ready(Ready::Udp(index));
				}
			} else {
				let index = index.saturating_sub(self.ports.len());
				let Some(port) = self.tcp.get_mut(index) else { continue };
				if let Poll::Ready(datagram) = port.poll_receive(cx) {
					return Poll::Ready(Ready::Tcp(index, datagram));
				}
			}
		}
		Poll::Pending
	}

	/// Reads from a socket; what came is for [`Wire::take`]. `false` when there is nothing more.
	pub fn read(&mut self, index: usize, into: &mut Received) -> bool {
		let Some(port) = self.ports.get(index) else { return false };
		self.reads = self.reads.saturating_add(1);
		match port.socket.receive(into) {
			Ok(()) => true,
			Err(error) if error.kind() == io::ErrorKind::WouldBlock => false,
			// An ICMP error of an earlier datagram: it says nothing about this socket.
			Err(_) => true,
		}
	}

	/// The address that a socket's peers send to, if this datagram is one of theirs.
	pub fn take(
		&mut self,
		now: Instant,
		index: usize,
		source: SocketAddr,
		contents: &[u8],
	) -> Option<SocketAddr> {
		let port = self.ports.get_mut(index)?;
		// Nothing could be sent back there; trying would look like a lack of the kernel's.
		if source.port() == 0 {
			return None;
		}
		if let Some(news) = port.stun.as_mut().and_then(|s| s.handle(now, source, contents)) {
			port.learn(news);
			self.answered = true;
			return None;
		}
		Some(port.candidates.first().copied().unwrap_or(port.socket.local_addr()))
	}

	/// The next datagram that waits at a TCP socket.
	pub fn take_tcp(&mut self, index: usize) -> Option<(SocketAddr, Vec<u8>)> {
		self.tcp.get_mut(index)?.try_receive()
	}

	/// Address of a TCP socket.
	pub fn tcp_addr(&self, index: usize) -> Option<SocketAddr> {
		self.tcp.get(index).map(TcpPort::local_addr)
	}

	/// Queues a datagram, and sends what is queued when that is much.
	pub fn send(&mut self, datagram: Transmit) {
		let Transmit { protocol, source, destination, contents } = datagram;
		if protocol == Protocol::Tcp {
			let port = self.tcp.iter_mut().find(|p| p.has(destination));
			if let Some(port) = port {
				port.send(destination, contents);
			}
			return;
		}
		let fits = |p: &&mut Port| p.socket.local_addr().is_ipv4() == destination.is_ipv4();
		let port = match self.ports.iter().position(|p| p.candidates.contains(&source)) {
			Some(index) => self.ports.get_mut(index),
			None => self.ports.iter_mut().find(fits),
		};
		let Some(port) = port else { return };
		port.outgoing.push(destination, contents);
		if port.outgoing.len() >= TOGETHER && !port.blocked {
			port.flush();
		}
	}

	/// Sends what is queued, unless a socket said that it takes no more.
	pub fn flush(&mut self) {
		self.ports.iter_mut().filter(|p| !p.blocked).for_each(Port::flush);
	}

	/// A socket can send again.
	pub fn writable(&mut self, index: usize) {
		if let Some(port) = self.ports.get_mut(index) {
			port.flush();
		}
	}

	/// When [`Wire::tick`] has something to do.
	pub fn due(&self) -> Option<Instant> {
		self.ports.iter().filter_map(|p| p.stun.as_ref().map(StunClient::due)).min()
	}

	/// Does what is due.
	pub fn tick(&mut self, now: Instant) {
		for port in &mut self.ports {
			port.ask(now);
		}
	}

	/// Counters.
	pub fn counts(&self) -> WireCounts {
		let mut counts = WireCounts { reads: self.reads, ..Default::default() };
		for sent in self.ports.iter().map(|p| p.outgoing.counts()) {
			counts.drops = counts.drops.saturating_add(sent.dropped);
			counts.sends = counts.sends.saturating_add(sent.calls);
			counts.together = counts.together.saturating_add(sent.together);
		}
		for port in &self.tcp {
			counts.drops = counts.drops.saturating_add(port.dropped());
			counts.tcp_accepted = counts.tcp_accepted.saturating_add(port.accepted());
			counts.tcp_refused = counts.tcp_refused.saturating_add(port.refused());
		}
		counts
	}

	/// Asks the server from every socket of its families, and waits for one answer each.
	async fn ask_stun(&mut self, server: &str, every: Duration) -> Result<()> {
		let found = tokio::time::timeout(STUN_TIME, tokio::net::lookup_host(server));
		let servers: Vec<_> = found
			.await
			.with_context(|| format!("media.stun: {server} was not resolved in {STUN_TIME:?}"))?
			.with_context(|| format!("media.stun: cannot resolve {server}"))?
			.collect();
		let mut asked = false;
		for port in &mut self.ports {
			let local = port.socket.local_addr();
			let Some(to) = servers.iter().find(|s| s.is_ipv4() == local.is_ipv4()) else {
				continue;
			};
			port.stun = Some(StunClient::new(*to, every, Instant::now()));
			let first = tokio::time::timeout(STUN_TIME, port.first_answer());
			first.await.ok().flatten().with_context(|| {
				format!("media.stun: {server} ({to}) did not say within {STUN_TIME:?} what {local} looks like")
			})?;
			// What it was before, no peer was told.
			port.candidates.truncate(1);
			asked = true;
		}
		if !asked {
			bail!("media.stun: {server} has no address of a family that media.listen has");
		}
		Ok(())
	}
}

impl Port {
	fn flush(&mut self) {
		self.outgoing.flush(&self.socket);
		self.blocked = !self.outgoing.is_empty();
	}

	/// Asks the STUN server, if it is time.
	fn ask(&mut self, now: Instant) {
		let Some(stun) = &mut self.stun else { return };
		let (request, news) = stun.poll(now);
		if let Some(request) = request {
			self.outgoing.push(stun.server(), request);
		}
		if news == Some(News::Silent) {
			let (server, local) = (stun.server(), self.socket.local_addr());
			warn!(%server, %local, "STUN server does not answer: the address may be out of date");
		}
	}

	/// The server has said what the address is from outside.
	fn learn(&mut self, news: News) -> bool {
		let News::Mapped(mapped) = news else { return false };
		if self.candidates.first() != Some(&mapped) {
			info!(local = %self.socket.local_addr(), %mapped, "address from outside");
			self.candidates.retain(|c| *c != mapped);
			self.candidates.insert(0, mapped);
			self.candidates.truncate(MAX_CANDIDATES);
		}
		true
	}

	/// Asks until there is an answer. What else comes meanwhile is nobody's: no peer knows of this node yet.
	async fn first_answer(&mut self) -> Option<()> {
		let mut received = Received::of([&self.socket]);
		loop {
			self.ask(Instant::now());
			if !self.outgoing.is_empty() {
				poll_fn(|cx| self.socket.poll_writable(cx)).await.ok()?;
				self.flush();
			}
			let due = self.stun.as_ref()?.due();
			if tokio::time::timeout_at(due.into(), self.socket.readable()).await.is_err()
				|| self.socket.receive(&mut received).is_err()
			{
				continue;
			}
			for (source, contents) in received.datagrams() {
				let news = self.stun.as_mut()?.handle(Instant::now(), source, contents);
				if news.is_some_and(|news| self.learn(news)) {
					return Some(());
				}
			}
		}
	}
}

/// How many datagrams are read before others get their turn.
pub(super) fn read_burst() -> usize {
	READ_BURST
}

/// The addresses that peers are told of a socket.
fn candidates(local: SocketAddr, media: &Media) -> Result<Vec<SocketAddr>> {
	let port = media.advertise_port.unwrap_or(local.port());
	let same = media.advertise.iter().copied().filter(|ip| ip.is_ipv4() == local.is_ipv4());
	let mut ips: Vec<IpAddr> = same.collect();
	if media.advertise.is_empty() {
		ips.push(match local.ip().is_unspecified() {
			true => outward_address(local)?,
			false => local.ip(),
		});
	}
	Ok(ips.into_iter().map(|ip| SocketAddr::new(ip, port)).collect())
}

/// The address from which this machine speaks to the internet. Nothing is sent: connecting a UDP socket only
/// chooses a route.
fn outward_address(local: SocketAddr) -> Result<IpAddr> {
	let (any, far): (SocketAddr, &str) = match local {
		SocketAddr::V4(_) => ((Ipv4Addr::UNSPECIFIED, 0).into(), "192.0.2.1:9"),
		SocketAddr::V6(_) => ((Ipv6Addr::UNSPECIFIED, 0).into(), "[2001:db8::1]:9"),
	};
	let probe = std::net::UdpSocket::bind(any)?;
	let route = probe.connect(far).and_then(|()| probe.local_addr());
	Ok(match route {
		Ok(addr) if !addr.ip().is_unspecified() => addr.ip(),
		_ if local.is_ipv4() => Ipv4Addr::LOCALHOST.into(),
		_ => Ipv6Addr::LOCALHOST.into(),
	})
}
