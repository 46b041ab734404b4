//! UDP sockets that read and send many datagrams with one system call where the kernel can (`recvmmsg(2)`; GRO and GSO,
//! `udp(7)`), and one by one where it cannot.
//!
//! ```text
//! Socket::receive ──▶ Received::datagrams      what came, one by one
//! Outgoing::push, … ──▶ Outgoing::flush        datagrams of one destination and one length go as one
//! ```
//!
//! Nothing here waits: a socket that is not ready gives [`io::ErrorKind::WouldBlock`], and [`Outgoing`] keeps what was
//! not taken, up to its bound.

mod outgoing;
mod received;
#[cfg(test)]
mod tests;

pub use outgoing::{Outgoing, SendCounts};
pub use received::Received;

use quinn_udp::{Transmit, UdpSocketState};
use socket2::{Domain, Protocol, Type};
use std::{
	io,
	net::SocketAddr,
	task::{Context, Poll},
};
use tokio::{io::Interest, net::UdpSocket};

/// Asked of the kernel for a socket's buffers, in bytes.
const SOCKET_BUFFER: usize = 4 * 1024 * 1024;
/// Longest datagram that is sent together with others, in bytes: what every link carries (RFC 8200 §5: 1,280) without
/// IPv6 and UDP headers. The kernel refuses longer segments than the interface carries, and the library then gives up
/// GSO for good, which no peer shall bring about by what it sends.
const MAX_SEGMENT: usize = 1_280 - 40 - 8;

/// A bound socket.
pub struct Socket {
	io: UdpSocket,
	state: UdpSocketState,
	local: SocketAddr,
	offload: bool,
}

impl Socket {
	/// Binds an address, in a tokio runtime. One of IPv6 takes no IPv4. Without `offload`, GSO is not used.
	pub fn bind(address: SocketAddr, offload: bool) -> io::Result<Self> {
		let domain = Domain::for_address(address);
		let socket = socket2::Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
		if address.is_ipv6() {
			socket.set_only_v6(true)?;
		}
		socket.set_nonblocking(true)?;
		// The kernel grants what its limits allow.
		let _ = socket.set_recv_buffer_size(SOCKET_BUFFER);
		let _ = socket.set_send_buffer_size(SOCKET_BUFFER);
		socket.bind(&address.into())?;
		let state = UdpSocketState::new((&socket).into())?;
		let io = UdpSocket::from_std(socket.into())?;
		Ok(Self { local: io.local_addr()?, io, state, offload })
	}

	/// The address that is bound.
	pub fn local_addr(&self) -> SocketAddr {
		self.local
	}

	/// Datagrams that may be sent as one; 1 without GSO.
	pub fn segments(&self) -> usize {
		if self.offload {
			self.state.max_gso_segments().max(1)
		} else {
			1
		}
	}

	/// Whether one read may give several datagrams of a peer as one.
	fn coalesces(&self) -> bool {
		self.state.gro_segments() > 1
	}

	/// Ready when there may be something to read. Only the task that asked last is woken.
	pub fn poll_readable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
		self.io.poll_recv_ready(cx)
	}

	/// Ready when something may be sent. Only the task that asked last is woken.
	pub fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
		self.io.poll_send_ready(cx)
	}

	/// Waits until there may be something to read. May be cancelled.
	pub async fn readable(&self) -> io::Result<()> {
		self.io.readable().await
	}

	/// Reads what is there, as much as there is room for, with one system call. `WouldBlock` if there is nothing; other
	/// errors may be those of earlier datagrams (ICMP).
	pub fn receive(&self, into: &mut Received) -> io::Result<()> {
		into.fill(|buffers, meta| {
			self.io.try_io(Interest::READABLE, || self.state.recv((&self.io).into(), buffers, meta))
		})
	}

	/// Sends one datagram, or with `segment` as many of that length as `contents` holds, of which the last may be shorter.
	fn send(
		&self,
		destination: SocketAddr,
		contents: &[u8],
		segment: Option<usize>,
	) -> io::Result<()> {
		let transmit =
			Transmit { destination, ecn: None, contents, segment_size: segment, src_ip: None };
		self.io.try_io(Interest::WRITABLE, || self.state.try_send((&self.io).into(), &transmit))
	}
}
