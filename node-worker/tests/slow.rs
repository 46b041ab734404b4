//! Peers that take their time: connections that are opened and left, requests, frames and handshakes that never end.
//! Calls that are up stay up, others get in, and what the daemon holds is bounded.

#![allow(missing_docs)]

mod common;

use common::{twirp::*, *};
use dtel_media_core::{client::Event, MediaKind};
use dtel_worker::{
	keys::random_id,
	rtc_client::{Happening, Options, RtcClient},
	token::DevKeys,
};
use futures::{SinkExt, StreamExt};
use livekit_protocol as proto;
use prost::Message as _;
use proto::signal_request::Message as Request;
use serde_json::json;
use std::{
	collections::BTreeMap,
	net::{Ipv4Addr, SocketAddr, TcpListener},
	process::{Child, Command, Stdio},
	time::Duration,
};
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::{TcpSocket, TcpStream},
};
use tokio_tungstenite::{connect_async, tungstenite::Message};

/// Media in both directions, so many frames of each kind.
async fn flow(a: &mut RtcClient, b: &mut RtcClient, frames: u32) {
	let mut counts = BTreeMap::<(usize, MediaKind), u32>::new();
	drive("media in both directions", a, b, |who, happening| {
		if let Happening::Media(Event::Frame { kind, .. }) = happening {
			*counts.entry((who, *kind)).or_default() += 1;
		}
		counts.len() == 4 && counts.values().all(|n| *n >= frames)
	})
	.await;
}

/// Waits until the server ends a connection.
async fn ended(what: &str, stream: &mut TcpStream) {
	within(what, async {
		let mut rest = Vec::new();
		let _ = stream.read_to_end(&mut rest).await;
	})
	.await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_that_come_byte_by_byte_are_given_up() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.http.header_seconds = 2;
	})
	.await;
	let mut stream = TcpStream::connect(worker.daemon.public).await.expect("connects");
	let text = format!("GET /healthz HTTP/1.1\r\nhost: {}\r\n", "x".repeat(10_000));
	let mut sent = 0;
	// A byte at a time, and never the end: each one alone would be in time.
	within("the end", async {
		for byte in text.bytes() {
			if stream.write_all(&[byte]).await.is_err() {
				break;
			}
			sent += 1;
			tokio::time::sleep(Duration::from_millis(100)).await;
			let mut answer = [0; 16];
			match stream.try_read(&mut answer) {
				Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
				_ => break,
			}
		}
	})
	.await;
	assert!((5..text.len()).contains(&sent), "{sent}");
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handshakes_that_never_end_are_given_up() {
	let dir = std::env::temp_dir().join(random_id("dtel-slow-").expect("random"));
	std::fs::create_dir_all(&dir).expect("directory");
	let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).expect("certificate");
	let pem = |what: &str, der: &[u8]| {
		use base64::{engine::general_purpose::STANDARD, Engine};
		format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", STANDARD.encode(der))
	};
	let key = pem("PRIVATE KEY", &made.signing_key.serialize_der());
	std::fs::write(dir.join("key.pem"), key).expect("written");
	std::fs::write(dir.join("cert.pem"), pem("CERTIFICATE", made.cert.der())).expect("written");
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.http.header_seconds = 2;
		c.tls.listen = Some(([127, 0, 0, 1], 0).into());
		c.tls.certificate = dir.join("cert.pem");
		c.tls.key = dir.join("key.pem");
	})
	.await;
	let to = worker.daemon.tls.expect("an address");
	// Nothing; the head of a ClientHello; a whole record's worth that is missing its end.
	let partial = [0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3];
	for bytes in [&[][..], &partial[..5], &partial] {
		let mut stream = TcpStream::connect(to).await.expect("connects");
		stream.write_all(bytes).await.expect("sent");
		ended("a handshake is given up", &mut stream).await;
	}
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_that_never_end_do_not_keep_a_connection() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.limits.idle_seconds = 16;
	})
	.await;
	let mut a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	let mut b = RtcClient::join(options(&worker.url(), "r", "b")).await.expect("joins");
	flow(&mut a, &mut b, 5).await;
	// A frame of 100,000 bytes that stops after some; one of which a byte comes now and then.
	let mut streams = Vec::new();
	for identity in ["x", "y"] {
		let mut stream = TcpStream::connect(worker.daemon.public).await.expect("connects");
		let head = format!(
			"GET /rtc?access_token={}&protocol=9 HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
			token("r", identity)
		);
		stream.write_all(head.as_bytes()).await.expect("sent");
		let frame = [0x82, 0xff, 0, 0, 0, 0, 0, 1, 0x86, 0xa0, 1, 2, 3, 4, 9, 9];
		stream.write_all(&frame).await.expect("sent");
		streams.push(stream);
	}
	let mut stream = streams.pop().expect("two");
	let mut still = streams.pop().expect("one");
	let slow = async {
		loop {
			let mut part = [0; 4_096];
			tokio::select! {
				read = stream.read(&mut part) => if !matches!(read, Ok(n) if n > 0) { return },
				() = tokio::time::sleep(Duration::from_millis(500)) => {
					if stream.write_all(&[7]).await.is_err() {
						return;
					}
				},
			}
		}
	};
	let ends = async {
		tokio::join!(ended("a frame is given up", &mut still), within("another", slow));
	};
	// Meanwhile the call goes on.
	let call = async {
		loop {
			flow(&mut a, &mut b, 10).await;
		}
	};
	tokio::select! {
		() = ends => {},
		() = call => {},
	}
	flow(&mut a, &mut b, 10).await;
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_its_answers_is_given_up() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let socket = TcpSocket::new_v4().expect("a socket");
	socket.set_recv_buffer_size(2_048).expect("small");
	let mut stream = socket.connect(worker.daemon.public).await.expect("connects");
	let request = b"GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100);
	// More and more requests, no answer read: until the server takes no more of them, and then cuts.
	let cut = async {
		loop {
			if stream.write_all(&request).await.is_err() {
				return;
			}
		}
	};
	// Longer than the server's own patience, with which the kernel's timers are coarse.
	let cut = tokio::time::timeout(Duration::from_secs(120), cut).await;
	assert!(cut.is_ok(), "the connection is still there");
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_behind_a_proxy_have_their_own_bound() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.limits.connections_per_address = 2;
		c.http.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
	})
	.await;
	let to = worker.daemon.public;
	let join = |from: &'static str, identity: &str| {
		use tokio_tungstenite::tungstenite::client::IntoClientRequest;
		let url = format!("{}/rtc?access_token={}&protocol=9", worker.url(), token("r", identity));
		let mut request = url.into_client_request().expect("a request");
		request.headers_mut().insert("x-forwarded-for", from.parse().expect("a value"));
		connect_async(request)
	};
	let mut held = Vec::new();
	for (from, identity) in [
		("198.51.100.7", "a"),
		("198.51.100.7", "b"),
		("198.51.100.8", "c"),
		("2001:db8::1", "d"),
		("2001:db8::2", "e"),
	] {
		held.push(join(from, identity).await.expect("a place").0);
	}
	// The third of one address, or of one network of 64 bits.
	for from in ["198.51.100.7", "192.0.2.1, 198.51.100.7", "2001:db8::3"] {
		let refused = join(from, "x").await.expect_err("refused").to_string();
		assert!(refused.contains("429"), "{refused}");
	}
	let forwarded = |from: &str| format!("x-forwarded-for: {from}\r\n");
	let (status, _, body) =
		request(to, "POST", &path("ListRooms"), &forwarded("198.51.100.7"), b"{}").await;
	let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
	assert_eq!((status, body["code"].as_str()), (429, Some("resource_exhausted")));
	// Others, and the proxy for itself, are not concerned.
	for headers in [forwarded("198.51.100.9"), forwarded("198.51.100.8"), String::new()] {
		assert_eq!(request(to, "GET", "/healthz", &headers, b"").await.0, 200);
	}
	// One place becomes free.
	held.remove(0).close(None).await.expect("closed");
	within("a place", async {
		while join("198.51.100.7", "f").await.is_err() {
			tokio::time::sleep(Duration::from_millis(50)).await;
		}
	})
	.await;
	worker.daemon.stop().await;
}

/// A daemon as a process of its own: its memory and its descriptors can be counted.
struct Process {
	child: Child,
	public: SocketAddr,
}

impl Drop for Process {
	fn drop(&mut self) {
		let _ = self.child.kill();
		let _ = self.child.wait();
	}
}

const SECRET: &str = "a development secret";

impl Process {
	async fn start(settings: &str) -> Self {
		let dir = std::env::temp_dir().join(random_id("dtel-slow-").expect("random"));
		std::fs::create_dir_all(&dir).expect("directory");
		let ports = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").expect("binds"));
		let [public, private, media] = ports.map(|l| l.local_addr().expect("bound"));
		let file = dir.join("worker.toml");
		std::fs::write(&file, settings).expect("written");
		let child = Command::new(env!("CARGO_BIN_EXE_dtel-worker"))
			.arg("run")
			.arg("--config")
			.arg(&file)
			.arg("--data-dir")
			.arg(&dir)
			.args(["--chain-url", "", "--dev-key", &format!("devkey:{SECRET}")])
			.args(["--public-listen", &public.to_string()])
			.args(["--private-listen", &private.to_string()])
			.args(["--media-listen", &media.to_string()])
			.env_remove("RUST_LOG")
			.stderr(Stdio::null())
			.spawn()
			.expect("starts");
		let process = Self { child, public };
		within("the daemon", async {
			while TcpStream::connect(public).await.is_err() {
				tokio::time::sleep(Duration::from_millis(50)).await;
			}
		})
		.await;
		process
	}

	/// Resident memory in KiB, and open files.
	fn holds(&self) -> (u64, usize) {
		let proc = format!("/proc/{}", self.child.id());
		let status = std::fs::read_to_string(format!("{proc}/status")).expect("alive");
		let line = status.lines().find(|l| l.starts_with("VmRSS:")).expect("a line");
		let memory = line.split_ascii_whitespace().nth(1).and_then(|n| n.parse().ok());
		let files = std::fs::read_dir(format!("{proc}/fd")).expect("alive").count();
		(memory.expect("a number"), files)
	}

	async fn join(&self, identity: &str) -> RtcClient {
		let keys = DevKeys::new([("devkey", SECRET)]).expect("a key");
		let claims = json!({
			"iss": "devkey", "sub": identity, "exp": unix() + 600,
			"video": { "roomJoin": true, "room": "r" },
		});
		let token = keys.mint("devkey", &claims).expect("a key");
		let url = format!("ws://{}", self.public);
		let options = Options { token, ..options(&url, "r", identity) };
		RtcClient::join(options).await.expect("joins")
	}
}

/// A connection from an address of the loopback network that begins a request and leaves it at that.
async fn half_open(from: Ipv4Addr, to: SocketAddr) -> std::io::Result<TcpStream> {
	let socket = TcpSocket::new_v4()?;
	socket.bind((from, 0).into())?;
	let mut stream = socket.connect(to).await?;
	stream.write_all(b"GET /rtc?access_token=").await?;
	Ok(stream)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_half_open_connections_leave_calls_up_and_memory_bounded() {
	const ALL: u32 = 10_000;
	const PLACES: usize = 1_000;
	allow_files(u64::from(ALL) + 2_000);
	let daemon = Process::start(&format!(
		"[limits]\nconnections = {PLACES}\nconnections-per-address = 100\n[http]\nheader-seconds = 60\n"
	))
	.await;
	let (mut a, mut b) = (daemon.join("a").await, daemon.join("b").await);
	flow(&mut a, &mut b, 20).await;
	let (memory, files) = daemon.holds();
	let to = daemon.public;
	// From 500 addresses, so that the bound for one address does not keep them out.
	let flood = async {
		let all = futures::stream::iter(0..ALL).map(|n| {
			let [_, _, high, low] = (n % 500).to_be_bytes();
			half_open(Ipv4Addr::new(127, 7, high, low), to)
		});
		// One that has to make place before its first byte is sent is one of them, too.
		all.buffer_unordered(100)
			.filter_map(|stream| async { stream.ok() })
			.collect::<Vec<_>>()
			.await
	};
	let mut most = (0, 0);
	let watch = async {
		loop {
			let now = daemon.holds();
			most = (most.0.max(now.0), most.1.max(now.1));
			flow(&mut a, &mut b, 5).await;
		}
	};
	let held = tokio::select! {
		held = tokio::time::timeout(Duration::from_secs(150), flood) => held.expect("in time"),
		() = watch => Vec::new(),
	};
	assert!(held.len() > ALL as usize * 9 / 10, "{} of {ALL}", held.len());
	// The call goes on, and somebody new gets in while they are all there.
	flow(&mut a, &mut b, 20).await;
	let mut c = daemon.join("c").await;
	flow(&mut a, &mut c, 10).await;
	let now = daemon.holds();
	most = (most.0.max(now.0), most.1.max(now.1));
	println!("memory {memory} → {} KiB, files {files} → {}, held {}", most.0, most.1, held.len());
	// Places, and those that are being closed at that moment.
	assert!(most.1 <= files + PLACES + 200, "{files} → {} files", most.1);
	assert!(most.0 <= memory + 96 * 1_024, "{memory} → {} KiB", most.0);
	drop(held);
	flow(&mut a, &mut b, 10).await;
	for client in [a, b, c] {
		client.leave().await;
	}
}

/// Lets this process open so many files, if the machine does.
fn allow_files(wanted: u64) {
	let (soft, hard) = rlimit::Resource::NOFILE.get().expect("a limit");
	assert!(hard >= wanted, "this test needs {wanted} open files, the limit is {hard}");
	if soft < wanted {
		rlimit::Resource::NOFILE.set(wanted, hard).expect("set");
	}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fragments_without_end_are_bounded() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.limits.message_bytes = 32 * 1024;
	})
	.await;
	let url = format!("{}/rtc?access_token={}&protocol=9", worker.url(), token("r", "a"));
	let (mut socket, _) = connect_async(url).await.expect("connects");
	// A ping between them keeps the connection from being silent, not the message from being too long.
	use tokio_tungstenite::tungstenite::protocol::frame::{
		coding::{Data, OpCode},
		Frame,
	};
	let piece = |op| Message::Frame(Frame::message(vec![7; 1_000], OpCode::Data(op), false));
	let mut sent = 0;
	let flood = async {
		let mut op = Data::Binary;
		while socket.send(piece(op)).await.is_ok() && sent < 10_000 {
			op = Data::Continue;
			sent += 1;
			if sent % 10 == 0 && socket.send(Message::Ping(Default::default())).await.is_err() {
				break;
			}
			// What the server says has to be read, or it would never be known that it went.
			while let Some(Some(answer)) = futures::FutureExt::now_or_never(socket.next()) {
				if answer.is_err() || matches!(answer, Ok(Message::Close(_))) {
					return;
				}
			}
		}
	};
	within("the end", flood).await;
	assert!(sent < 10_000, "{sent}");
	let ping = proto::SignalRequest { message: Some(Request::PingReq(proto::Ping::default())) };
	let _ = socket.send(Message::Binary(ping.encode_to_vec().into())).await;
	assert_eq!(request(worker.daemon.public, "GET", "/healthz", "", b"").await.0, 200);
	worker.daemon.stop().await;
}
