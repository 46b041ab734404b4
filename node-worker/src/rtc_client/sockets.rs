//! The two UDP sockets of a participant.

use dtel_media_core::{Transmit, TransportKind};
use std::{
	io,
	net::{IpAddr, SocketAddr},
};
use tokio::net::UdpSocket;

/// Longest datagram that is read.
const DATAGRAM: usize = 2_048;

pub(super) struct Sockets {
	publisher: (UdpSocket, SocketAddr),
	subscriber: (UdpSocket, SocketAddr),
	buffer: Vec<u8>,
}

impl Sockets {
	/// Binds both on one address of this machine.
	pub async fn bind(ip: IpAddr) -> io::Result<Self> {
		let socket = || async {
			let socket = UdpSocket::bind((ip, 0)).await?;
			let address = socket.local_addr()?;
			Ok::<_, io::Error>((socket, address))
		};
		Ok(Self {
			publisher: socket().await?,
			subscriber: socket().await?,
			buffer: vec![0; DATAGRAM],
		})
	}

	pub fn address(&self, transport: TransportKind) -> SocketAddr {
		match transport {
			TransportKind::Publisher => self.publisher.1,
			TransportKind::Subscriber => self.subscriber.1,
		}
	}

	/// Sends a datagram; one that the socket does not take is lost, as on any path.
	pub fn send(&self, transport: TransportKind, datagram: &Transmit) {
		let socket = match transport {
			TransportKind::Publisher => &self.publisher.0,
			TransportKind::Subscriber => &self.subscriber.0,
		};
		let _ = socket.try_send_to(&datagram.contents, datagram.destination);
	}

	/// Waits for a datagram on either socket; where it came from and how long it is. Nothing when there was an
	/// error, which an earlier datagram may have caused (ICMP). Loses nothing when cancelled.
	pub async fn receive(&mut self) -> Option<(TransportKind, SocketAddr, usize)> {
		let (transport, socket) = tokio::select! {
			_ = self.subscriber.0.readable() => (TransportKind::Subscriber, &self.subscriber.0),
			_ = self.publisher.0.readable() => (TransportKind::Publisher, &self.publisher.0),
		};
		let (length, source) = socket.try_recv_from(&mut self.buffer).ok()?;
		Some((transport, source, length))
	}

	/// What [`Sockets::receive`] has read.
	pub fn datagram(&self, length: usize) -> &[u8] {
		self.buffer.get(..length).unwrap_or_default()
	}
}
