//! How media get to a node: address families, TCP, an address learned by STUN, many datagrams at a time.

#![allow(missing_docs)]

mod common;

use common::{calls::*, raw::*, *};
use dtel_media_core::Protocol;
use std::{
	net::SocketAddr,
	sync::{
		atomic::{AtomicU16, AtomicU32, Ordering},
		Arc,
	},
	time::Duration,
};
use stun_types::{
	attribute::XorMappedAddress,
	message::{Message, MessageWrite, MessageWriteVec},
	prelude::MessageWriteExt,
};
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::{TcpStream, UdpSocket},
};

const BOTH: [&str; 2] = ["127.0.0.1:0", "[::1]:0"];

fn address(text: &str) -> SocketAddr {
	text.parse().expect("an address")
}

/// A worker that listens everywhere on loopback, in both families.
async fn everywhere() -> Worker {
	worker(|c| {
		c.probe.enabled = false;
		c.public_listen = address("[::]:0");
		c.media.also_listen = vec![address(BOTH[1])];
		c.media.tcp_listen = BOTH.map(address).into();
	})
	.await
}

fn urls(worker: &Worker) -> [String; 2] {
	let port = worker.daemon.public.port();
	[format!("ws://127.0.0.1:{port}"), format!("ws://[::1]:{port}")]
}

async fn total(worker: &Worker, name: &str) -> u64 {
	worker.quality().await["totals"][name].as_u64().expect("a total")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_address_families_and_protocols_meet_in_a_room() {
	let worker = everywhere().await;
	let [four, six] = urls(&worker);
	let peer = RawPeer::join(&four, "other", "x").await;
	let tcp = worker.daemon.media_tcp.iter().map(|a| ("tcp".to_owned(), *a));
	let udp = worker.daemon.media_udp.iter().map(|a| ("udp".to_owned(), *a));
	let mut all: Vec<_> = tcp.chain(udp).collect();
	all.sort();
	assert_eq!(peer.candidates(), all);
	assert!(peer.offer.contains("tcptype passive"), "{}", peer.offer);

	for (room, a, b) in [
		("six", (&six, Protocol::Udp), (&six, Protocol::Udp)),
		("families", (&four, Protocol::Udp), (&six, Protocol::Udp)),
		("protocols", (&four, Protocol::Udp), (&four, Protocol::Tcp)),
		("all", (&six, Protocol::Tcp), (&four, Protocol::Tcp)),
	] {
		let mut a = join(a.0, room, "a", a.1).await;
		let mut b = join(b.0, room, "b", b.1).await;
		flow(&mut a, &mut b, 25).await;
		a.leave().await;
		b.leave().await;
	}
	// Two peer connections for each participant over TCP.
	assert_eq!(total(&worker, "tcp_accepted").await, 6);
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn video_goes_out_in_batches() {
	for offload in [true, false] {
		let worker = worker(|c| {
			c.probe.enabled = false;
			c.media.offload = offload;
		})
		.await;
		let call = Call::begin(&worker.url(), "r").await;
		tokio::time::sleep(Duration::from_secs(3)).await;
		let parts = call.end().await;
		assert!(parts.iter().all(|p| p.audio > 0 && p.video > 0), "{parts:?}");
		let (out, together) =
			(total(&worker, "datagrams_out").await, total(&worker, "sent_together").await);
		assert!(out > 100 && total(&worker, "socket_drops").await == 0);
		// On Linux 4.18 and later.
		assert_eq!(together > 0, offload && cfg!(target_os = "linux"), "{together} of {out}");
		let text = http(worker.daemon.private, "GET /metrics").await.1;
		assert!(text.contains("dtel_worker_socket_sends_total"), "{text}");
		worker.daemon.stop().await;
	}
}

/// A STUN server that says what it is told to: the port of who asks is left as it is if it is to say 0.
struct StunServer {
	address: SocketAddr,
	port: Arc<AtomicU16>,
	asked: Arc<AtomicU32>,
}

impl StunServer {
	async fn start(ip: &'static str) -> Self {
		let socket = UdpSocket::bind("127.0.0.1:0").await.expect("binds");
		let (port, asked) = (Arc::new(AtomicU16::new(0)), Arc::new(AtomicU32::new(0)));
		let server = Self {
			address: socket.local_addr().expect("bound"),
			port: Arc::clone(&port),
			asked: Arc::clone(&asked),
		};
		tokio::spawn(async move {
			let mut buffer = [0; 2_048];
			loop {
				let (length, source) = socket.recv_from(&mut buffer).await.expect("received");
				let request = Message::from_bytes(&buffer[..length]).expect("a request");
				let number = match port.load(Ordering::Relaxed) {
					0 => source.port(),
					port => port,
				};
				let mapped = SocketAddr::new(ip.parse().expect("an address"), number);
				let mut answer = Message::builder_success(&request, MessageWriteVec::new());
				let mapped = XorMappedAddress::new(mapped, request.transaction_id());
				answer.add_attribute(&mapped).expect("fits");
				// The first question is lost.
				if asked.fetch_add(1, Ordering::Relaxed) > 0 {
					socket.send_to(&answer.finish(), source).await.expect("sent");
				}
			}
		});
		server
	}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn address_from_outside_is_learned_and_followed() {
	let stun = StunServer::start("203.0.113.7").await;
	stun.port.store(4_242, Ordering::Relaxed);
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.media.tcp_listen = vec![address(BOTH[0])];
		c.media.advertise_tcp_port = Some(4_444);
		c.media.stun = stun.address.to_string();
		c.media.stun_seconds = 1;
	})
	.await;
	let told = |port| {
		vec![
			("tcp".to_owned(), address("203.0.113.7:4444")),
			("udp".to_owned(), SocketAddr::new([203, 0, 113, 7].into(), port)),
		]
	};
	let first = RawPeer::join(&worker.url(), "r", "a").await;
	assert_eq!(first.candidates(), told(4_242));
	stun.port.store(5_555, Ordering::Relaxed);
	within("the new address", async {
		for n in 0.. {
			let next = RawPeer::join(&worker.url(), "r", &format!("b{n}")).await;
			if next.candidates() == told(5_555) {
				break;
			}
			tokio::time::sleep(Duration::from_millis(200)).await;
		}
	})
	.await;
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_work_over_an_address_learned_by_stun() {
	let stun = StunServer::start("127.0.0.1").await;
	let worker = worker(|c| {
		c.probe.enabled = false;
		// Not what the kernel would say of it.
		c.media.listen = address("0.0.0.0:0");
		c.media.stun = stun.address.to_string();
		c.media.stun_seconds = 1;
	})
	.await;
	let call = Call::begin(&worker.url(), "r").await;
	let asked = stun.asked.load(Ordering::Relaxed);
	within("further questions", async {
		while stun.asked.load(Ordering::Relaxed) < asked + 2 {
			tokio::time::sleep(Duration::from_millis(50)).await;
		}
	})
	.await;
	let parts = call.end().await;
	assert!(parts.iter().all(|p| p.audio > 0 && p.video > 0), "{parts:?}");
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_stun_server_is_named_in_the_error() {
	let silent = UdpSocket::bind("127.0.0.1:0").await.expect("binds");
	let stun = silent.local_addr().expect("bound").to_string();
	let started = try_worker(|c| c.media.stun = stun.clone()).await;
	let error = format!("{:#}", started.err().expect("no answer"));
	assert!(error.contains("media.stun") && error.contains(&stun), "{error}");
	let other = UdpSocket::bind("[::1]:0").await.expect("binds");
	let stun = other.local_addr().expect("bound").to_string();
	let started = try_worker(|c| c.media.stun = stun.clone()).await;
	let error = format!("{:#}", started.err().expect("no address of the family"));
	assert!(error.contains("family"), "{error}");
}

/// Whether a connection has been ended by the node.
async fn ended(stream: &mut TcpStream) {
	within("the end of a connection", async {
		let mut bytes = [0; 1_024];
		while !matches!(stream.read(&mut bytes).await, Ok(0) | Err(_)) {}
	})
	.await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tcp_connections_are_bounded_in_number_and_time() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.media.tcp_listen = vec![address(BOTH[0])];
		c.media.tcp_connections_per_address = 8;
	})
	.await;
	let call = Call::begin(&worker.url(), "r").await;
	let to = worker.daemon.media_tcp[0];

	// Too long a datagram, and too many without credentials, end a connection at once.
	let mut long = TcpStream::connect(to).await.expect("connects");
	long.write_all(&[0xff; 64]).await.expect("sent");
	ended(&mut long).await;
	let mut chatty = TcpStream::connect(to).await.expect("connects");
	for _ in 0..200 {
		if chatty.write_all(&[0, 4, 1, 2, 3, 4]).await.is_err() {
			break;
		}
	}
	ended(&mut chatty).await;

	// Half of a datagram, or nothing: places are taken, and lost after a while.
	let mut slow = Vec::new();
	for n in 0..8 {
		let mut stream = TcpStream::connect(to).await.expect("connects");
		stream.write_all(&[0, 100, 0, 1][..n % 5]).await.expect("sent");
		slow.push(stream);
	}
	// 10,000 more find no place; each is closed at once.
	for _ in 0..100 {
		let many = (0..100).map(|_| async {
			let mut stream = TcpStream::connect(to).await.expect("connects");
			ended(&mut stream).await;
		});
		futures::future::join_all(many).await;
	}
	assert!(total(&worker, "tcp_refused").await >= 9_900);
	for stream in &mut slow {
		ended(stream).await;
	}
	let parts = call.end().await;
	assert!(parts.iter().all(|p| p.audio > 0 && p.video > 0), "{parts:?}");
	// There is place again.
	let mut a = join(&worker.url(), "s", "a", Protocol::Tcp).await;
	let mut b = join(&worker.url(), "s", "b", Protocol::Udp).await;
	flow(&mut a, &mut b, 10).await;
	worker.daemon.stop().await;
}
