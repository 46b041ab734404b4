//! TCP connections of peers that UDP does not reach (RFC 6544, passive). A task accepts them, a task each reads and
//! writes; the engine only looks into queues.
//!
//! Bounds: so many connections, so many from one address; a connection that the node has nothing to say to, because it
//! showed no ICE credentials, ends after [`STRANGER`] or [`STRANGER_DATAGRAMS`]; one that says nothing whole for
//! [`SILENT`], or does not take what it is sent for [`STUCK`], ends. What finds no place in a slow reader's queue is
//! lost, as on any path.

use crate::net::{framed, network};
use std::{
	collections::HashMap,
	io,
	net::{IpAddr, SocketAddr},
	sync::atomic::{AtomicBool, AtomicU64, Ordering},
	sync::Arc,
	task::{Context, Poll},
	time::Duration,
};
use tokio::{
	io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
	net::{TcpListener, TcpStream},
	sync::mpsc,
	task::{AbortHandle, JoinSet},
	time::timeout,
};
use tracing::{debug, warn};

/// Datagrams of all connections that wait for the engine. A full queue holds the connections up, not the engine.
const INCOMING: usize = 512;
/// Datagrams that wait for one connection.
const OUTGOING: usize = 128;
/// Asked of the kernel for what it holds of a connection, in bytes: what waits there cannot be dropped.
const SEND_BUFFER: usize = 128 * 1024;
/// Bytes that are written at a time.
const WRITE: usize = 32 * 1024;
/// Time for a newcomer to show ICE credentials.
const STRANGER: Duration = Duration::from_secs(10);
/// Datagrams that a newcomer may send before.
const STRANGER_DATAGRAMS: usize = 64;
/// Time for the next datagram. Peers send a consent check at least every five seconds (RFC 7675 §5.1).
const SILENT: Duration = Duration::from_secs(30);
/// Time for what is written to be taken.
const STUCK: Duration = Duration::from_secs(10);
/// Wait after a connection could not be accepted, for want of file descriptors perhaps.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How many connections there may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
	pub connections: usize,
	pub per_address: usize,
}

/// What a connection tells the engine.
enum News {
	Opened { peer: SocketAddr, number: u64, outbox: mpsc::Sender<Vec<u8>> },
	Datagram { peer: SocketAddr, contents: Vec<u8> },
	Closed { peer: SocketAddr, number: u64 },
}

/// A connection as the engine sees it.
struct Link {
	number: u64,
	outbox: mpsc::Sender<Vec<u8>>,
}

/// A listening socket and its connections. Dropping it ends them.
pub(super) struct TcpPort {
	local: SocketAddr,
	news: mpsc::Receiver<News>,
	links: HashMap<SocketAddr, Link>,
	accepting: AbortHandle,
	accepted: u64,
	refused: Arc<AtomicU64>,
	dropped: u64,
}

impl Drop for TcpPort {
	fn drop(&mut self) {
		self.accepting.abort();
	}
}

impl TcpPort {
	/// Listens, and accepts from now on.
	pub fn bind(address: SocketAddr, bounds: Bounds) -> io::Result<Self> {
		let listener = std::net::TcpListener::bind(address)?;
		listener.set_nonblocking(true)?;
		let listener = TcpListener::from_std(listener)?;
		let local = listener.local_addr()?;
		let (tx, news) = mpsc::channel(INCOMING);
		let refused = Arc::<AtomicU64>::default();
		let accepting =
			tokio::spawn(accept(listener, bounds, tx, Arc::clone(&refused))).abort_handle();
		Ok(Self { local, news, links: HashMap::new(), accepting, accepted: 0, refused, dropped: 0 })
	}

	/// The address that is bound.
	pub fn local_addr(&self) -> SocketAddr {
		self.local
	}

	/// Connections that were accepted so far.
	pub fn accepted(&self) -> u64 {
		self.accepted
	}

	/// Connections that were refused so far.
	pub fn refused(&self) -> u64 {
		self.refused.load(Ordering::Relaxed)
	}

	/// Datagrams that slow readers lost so far.
	pub fn dropped(&self) -> u64 {
		self.dropped
	}

	/// The next datagram and who sent it.
	pub fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<(SocketAddr, Vec<u8>)> {
		loop {
			match self.news.poll_recv(cx) {
				Poll::Ready(Some(news)) => {
					if let Some(datagram) = self.note(news) {
						return Poll::Ready(datagram);
					}
				}
				// The accepting task has ended, which it does not by itself.
				Poll::Ready(None) | Poll::Pending => return Poll::Pending,
			}
		}
	}

	/// The next datagram, if one waits.
	pub fn try_receive(&mut self) -> Option<(SocketAddr, Vec<u8>)> {
		loop {
			let news = self.news.try_recv().ok()?;
			if let Some(datagram) = self.note(news) {
				return Some(datagram);
			}
		}
	}

	fn note(&mut self, news: News) -> Option<(SocketAddr, Vec<u8>)> {
		match news {
			News::Datagram { peer, contents } => return Some((peer, contents)),
			News::Opened { peer, number, outbox } => {
				self.accepted = self.accepted.saturating_add(1);
				self.links.insert(peer, Link { number, outbox });
			}
			News::Closed { peer, number } => {
				if self.links.get(&peer).is_some_and(|link| link.number == number) {
					self.links.remove(&peer);
				}
			}
		}
		None
	}

	/// Whether a peer has a connection here.
	pub fn has(&self, peer: SocketAddr) -> bool {
		self.links.contains_key(&peer)
	}

	/// Sends a datagram over a peer's connection. It is lost if there is none, or if its queue is full.
	pub fn send(&mut self, peer: SocketAddr, contents: Vec<u8>) {
		let sent = self.links.get(&peer).is_some_and(|link| link.outbox.try_send(contents).is_ok());
		if !sent {
			self.dropped = self.dropped.saturating_add(1);
		}
	}
}

/// Accepts connections within bounds.
async fn accept(
	listener: TcpListener,
	bounds: Bounds,
	news: mpsc::Sender<News>,
	refused: Arc<AtomicU64>,
) {
	// Aborted with this task: none of them outlives the port.
	let mut tasks = JoinSet::new();
	let mut by_address = HashMap::<IpAddr, usize>::new();
	let mut number = 0u64;
	loop {
		let accepted = tokio::select! {
			accepted = listener.accept() => accepted,
			Some(ended) = tasks.join_next() => {
				if let Ok(ip) = ended {
					leave(&mut by_address, ip);
				}
				continue;
			}
		};
		let (stream, peer) = match accepted {
			Ok(accepted) => accepted,
			Err(error) => {
				warn!(%error, "cannot accept a TCP connection for media");
				tokio::time::sleep(ACCEPT_PAUSE).await;
				continue;
			}
		};
		let ip = network(peer.ip());
		let present = by_address.get(&ip).copied().unwrap_or(0);
		if tasks.len() >= bounds.connections || present >= bounds.per_address {
			refused.fetch_add(1, Ordering::Relaxed);
			continue;
		}
		by_address.insert(ip, present.saturating_add(1));
		number = number.wrapping_add(1);
		let news = news.clone();
		tasks.spawn(async move {
			serve(stream, peer, number, news).await;
			ip
		});
	}
}

fn leave(by_address: &mut HashMap<IpAddr, usize>, ip: IpAddr) {
	match by_address.get_mut(&ip) {
		Some(count) if *count > 1 => *count = count.saturating_sub(1),
		_ => drop(by_address.remove(&ip)),
	}
}

/// Serves one connection until it ends.
async fn serve(stream: TcpStream, peer: SocketAddr, number: u64, news: mpsc::Sender<News>) {
	let _ = stream.set_nodelay(true);
	let _ = socket2::SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER);
	let (outbox, outgoing) = mpsc::channel(OUTGOING);
	// An engine that is gone wants no news.
	if news.send(News::Opened { peer, number, outbox }).await.is_err() {
		return;
	}
	let known = AtomicBool::new(false);
	let (reader, writer) = stream.into_split();
	let why = tokio::select! {
		why = listen(reader, peer, &news, &known) => why,
		why = speak(writer, outgoing, &known) => why,
		() = strangers(&known) => "no ICE credentials",
	};
	debug!(%peer, why, "TCP connection for media ended");
	let _ = news.send(News::Closed { peer, number }).await;
}

/// Ends when a newcomer has not shown in time who it is.
async fn strangers(known: &AtomicBool) {
	tokio::time::sleep(STRANGER).await;
	if known.load(Ordering::Relaxed) {
		std::future::pending::<()>().await;
	}
}

async fn listen(
	reader: impl AsyncRead + Unpin,
	peer: SocketAddr,
	news: &mpsc::Sender<News>,
	known: &AtomicBool,
) -> &'static str {
	let mut reader = BufReader::new(reader);
	let mut strange = 0usize;
	loop {
		let contents = match timeout(SILENT, framed::read(&mut reader)).await {
			Ok(Ok(Some(contents))) => contents,
			Ok(Ok(None)) => return "closed",
			Ok(Err(_)) => return "broken",
			Err(_) => return "silent",
		};
		if !known.load(Ordering::Relaxed) {
			strange = strange.saturating_add(1);
			if strange > STRANGER_DATAGRAMS {
				return "too much without ICE credentials";
			}
		}
		if news.send(News::Datagram { peer, contents }).await.is_err() {
			return "the engine is gone";
		}
	}
}

/// Writes what the engine sends. That it sends anything says that the peer has shown ICE credentials.
async fn speak(
	mut writer: impl AsyncWrite + Unpin,
	mut outgoing: mpsc::Receiver<Vec<u8>>,
	known: &AtomicBool,
) -> &'static str {
	let mut bytes = Vec::with_capacity(WRITE);
	while let Some(first) = outgoing.recv().await {
		known.store(true, Ordering::Relaxed);
		bytes.clear();
		framed::append(&mut bytes, &first);
		while bytes.len() < WRITE {
			let Ok(next) = outgoing.try_recv() else { break };
			framed::append(&mut bytes, &next);
		}
		match timeout(STUCK, writer.write_all(&bytes)).await {
			Ok(Ok(())) => {}
			Ok(Err(_)) => return "broken",
			Err(_) => return "does not read",
		}
	}
	"the engine let go"
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::future::poll_fn;
	use tokio::io::AsyncReadExt;

	const PATIENCE: Duration = Duration::from_secs(60);

	/// A connection that has sent a datagram, as the port sees it.
	async fn connect(port: &mut TcpPort) -> (TcpStream, SocketAddr) {
		let mut stream = TcpStream::connect(port.local_addr()).await.expect("connects");
		stream.write_all(&[0, 3, 7, 8, 9]).await.expect("sent");
		let (peer, contents) = poll_fn(|cx| port.poll_receive(cx)).await;
		assert_eq!((peer, contents), (stream.local_addr().expect("bound"), vec![7, 8, 9]));
		(stream, peer)
	}

	#[tokio::test]
	async fn slow_reader_loses_datagrams_and_then_its_connection() {
		let bounds = Bounds { connections: 4, per_address: 4 };
		let mut port =
			TcpPort::bind("127.0.0.1:0".parse().expect("an address"), bounds).expect("bound");
		let (mut slow, slow_peer) = connect(&mut port).await;
		let (mut quick, quick_peer) = connect(&mut port).await;
		// Far more than queue and kernel hold, to one that does not read. The other one gets everything.
		let datagram = vec![5; 1_200];
		for n in 0..20_000u32 {
			port.send(slow_peer, datagram.clone());
			if n % 20 == 0 {
				port.send(quick_peer, n.to_be_bytes().to_vec());
				let mut frame = [0; 6];
				let read = timeout(PATIENCE, quick.read_exact(&mut frame)).await;
				read.expect("in time").expect("read");
				assert_eq!(frame[..2], [0, 4]);
				assert_eq!(frame[2..], n.to_be_bytes());
			}
		}
		let dropped = port.dropped();
		assert!(dropped > 5_000, "{dropped}");
		// It is let go of.
		let gone = poll_fn(|cx| {
			assert!(port.poll_receive(cx).is_pending());
			if port.has(slow_peer) {
				Poll::Pending
			} else {
				Poll::Ready(())
			}
		});
		timeout(PATIENCE, gone).await.expect("in time");
		assert!(port.has(quick_peer));
		let mut rest = Vec::new();
		let _ = timeout(PATIENCE, slow.read_to_end(&mut rest)).await.expect("the end");
		assert!(rest.len() < 20_000 * 1_202);
	}

	#[tokio::test]
	async fn places_are_counted_by_address() {
		let bounds = Bounds { connections: 3, per_address: 2 };
		let mut port =
			TcpPort::bind("127.0.0.1:0".parse().expect("an address"), bounds).expect("bound");
		let first = connect(&mut port).await;
		let _second = connect(&mut port).await;
		let mut third = TcpStream::connect(port.local_addr()).await.expect("connects");
		let mut byte = [0];
		assert_eq!(third.read(&mut byte).await.expect("closed"), 0);
		assert_eq!((port.accepted(), port.refused()), (2, 1));
		// Who leaves makes place.
		drop(first);
		let again = async {
			loop {
				let mut stream = TcpStream::connect(port.local_addr()).await.expect("connects");
				let read = timeout(Duration::from_millis(200), stream.read(&mut byte)).await;
				if read.is_err() {
					break;
				}
			}
		};
		timeout(PATIENCE, again).await.expect("in time");
	}
}
