//! The two sockets of a participant, one for each of its peer connections.

use crate::net::framed;
use dtel_media_core::{Protocol, Transmit, TransportKind};
use std::{
	future::poll_fn,
	io,
	net::{IpAddr, SocketAddr},
	task::{ready, Context, Poll},
};
use tokio::{
	io::{AsyncWriteExt, BufReader, ReadBuf},
	net::{TcpSocket, UdpSocket},
	sync::mpsc,
	task::JoinSet,
};

/// Longest datagram that is read.
const DATAGRAM: usize = 2_048;
/// Datagrams that wait at either end of a TCP connection.
const QUEUE: usize = 256;

pub(super) struct Sockets {
	publisher: Link,
	subscriber: Link,
	buffer: Vec<u8>,
	/// Whose turn it is to be looked at first.
	turn: bool,
}

impl Sockets {
	/// Binds both on one address of this machine. TCP connections begin with the first datagram.
	pub async fn bind(ip: IpAddr, protocol: Protocol) -> io::Result<Self> {
		Ok(Self {
			publisher: Link::bind(ip, protocol).await?,
			subscriber: Link::bind(ip, protocol).await?,
			buffer: vec![0; DATAGRAM],
			turn: false,
		})
	}

	pub fn address(&self, transport: TransportKind) -> SocketAddr {
		match transport {
			TransportKind::Publisher => self.publisher.address(),
			TransportKind::Subscriber => self.subscriber.address(),
		}
	}

	/// Sends a datagram; one that the socket does not take is lost, as on any path.
	pub fn send(&mut self, transport: TransportKind, datagram: Transmit) {
		match transport {
			TransportKind::Publisher => self.publisher.send(datagram),
			TransportKind::Subscriber => self.subscriber.send(datagram),
		}
	}

	/// Waits for a datagram on either socket; where it came from and how long it is. Nothing when there was an
	/// error, which an earlier datagram may have caused (ICMP). Loses nothing when cancelled.
	pub async fn receive(&mut self) -> Option<(TransportKind, SocketAddr, usize)> {
		let Self { publisher, subscriber, buffer, turn } = self;
		*turn = !*turn;
		let mut links =
			[(TransportKind::Publisher, publisher), (TransportKind::Subscriber, subscriber)];
		if *turn {
			links.reverse();
		}
		poll_fn(|cx| {
			for (transport, link) in &mut links {
				if let Poll::Ready(read) = link.poll_receive(cx, buffer) {
					return Poll::Ready(read.map(|(source, length)| (*transport, source, length)));
				}
			}
			Poll::Pending
		})
		.await
	}

	/// What [`Sockets::receive`] has read.
	pub fn datagram(&self, length: usize) -> &[u8] {
		self.buffer.get(..length).unwrap_or_default()
	}
}

enum Link {
	Udp(UdpSocket, SocketAddr),
	Tcp(TcpLink),
}

impl Link {
	async fn bind(ip: IpAddr, protocol: Protocol) -> io::Result<Self> {
		match protocol {
			Protocol::Tcp => Ok(Self::Tcp(TcpLink::bind(ip)?)),
			Protocol::Udp => {
				let socket = UdpSocket::bind((ip, 0)).await?;
				let address = socket.local_addr()?;
				Ok(Self::Udp(socket, address))
			}
		}
	}

	fn address(&self) -> SocketAddr {
		match self {
			Self::Udp(_, address) => *address,
			Self::Tcp(link) => link.local,
		}
	}

	fn send(&mut self, datagram: Transmit) {
		match self {
			Self::Udp(socket, _) => {
				let _ = socket.try_send_to(&datagram.contents, datagram.destination);
			}
			Self::Tcp(link) => link.send(datagram),
		}
	}

	fn poll_receive(
		&mut self,
		cx: &mut Context<'_>,
		buffer: &mut [u8],
	) -> Poll<Option<(SocketAddr, usize)>> {
		match self {
			Self::Udp(socket, _) => {
				let mut buffer = ReadBuf::new(buffer);
				let source = ready!(socket.poll_recv_from(cx, &mut buffer));
				Poll::Ready(source.ok().map(|source| (source, buffer.filled().len())))
			}
			Self::Tcp(link) => link.poll_receive(cx, buffer),
		}
	}
}

/// A TCP connection to the first address that something is sent to: nodes have one such candidate of a family.
struct TcpLink {
	local: SocketAddr,
	peer: Option<SocketAddr>,
	socket: Option<TcpSocket>,
	outbox: mpsc::Sender<Vec<u8>>,
	outgoing: Option<mpsc::Receiver<Vec<u8>>>,
	inbox: mpsc::Sender<Vec<u8>>,
	incoming: mpsc::Receiver<Vec<u8>>,
	/// Serves the connection; ends with this.
	task: JoinSet<()>,
}

impl TcpLink {
	fn bind(ip: IpAddr) -> io::Result<Self> {
		let socket = if ip.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
		socket.bind((ip, 0).into())?;
		let local = socket.local_addr()?;
		let (outbox, outgoing) = mpsc::channel(QUEUE);
		let (inbox, incoming) = mpsc::channel(QUEUE);
		Ok(Self {
			local,
			peer: None,
			socket: Some(socket),
			outbox,
			outgoing: Some(outgoing),
			inbox,
			incoming,
			task: JoinSet::new(),
		})
	}

	fn send(&mut self, datagram: Transmit) {
		if let (Some(socket), Some(outgoing)) = (self.socket.take(), self.outgoing.take()) {
			self.peer = Some(datagram.destination);
			self.task.spawn(serve(socket, datagram.destination, outgoing, self.inbox.clone()));
		}
		if self.peer == Some(datagram.destination) {
			// A full queue loses it.
			let _ = self.outbox.try_send(datagram.contents);
		}
	}

	fn poll_receive(
		&mut self,
		cx: &mut Context<'_>,
		buffer: &mut [u8],
	) -> Poll<Option<(SocketAddr, usize)>> {
		// This end keeps a sender, so that there is always a next one to wait for.
		let datagram = ready!(self.incoming.poll_recv(cx));
		let read = datagram.zip(self.peer).and_then(|(datagram, peer)| {
			buffer.get_mut(..datagram.len())?.copy_from_slice(&datagram);
			Some((peer, datagram.len()))
		});
		Poll::Ready(read)
	}
}

async fn serve(
	socket: TcpSocket,
	peer: SocketAddr,
	mut outgoing: mpsc::Receiver<Vec<u8>>,
	inbox: mpsc::Sender<Vec<u8>>,
) {
	let Ok(stream) = socket.connect(peer).await else { return };
	let _ = stream.set_nodelay(true);
	let (reader, mut writer) = stream.into_split();
	let mut reader = BufReader::new(reader);
	let read = async {
		while let Ok(Some(datagram)) = framed::read(&mut reader).await {
			if inbox.send(datagram).await.is_err() {
				return;
			}
		}
	};
	let write = async {
		let mut bytes = Vec::new();
		while let Some(datagram) = outgoing.recv().await {
			bytes.clear();
			framed::append(&mut bytes, &datagram);
			if writer.write_all(&bytes).await.is_err() {
				return;
			}
		}
	};
	tokio::select! {
		() = read => {},
		() = write => {},
	}
}
