//! A worker in this process, over a chain that says what the test wants.

#![allow(dead_code, missing_docs)]

pub mod calls;
pub mod chain_node;
pub mod raw;
pub mod twirp;

use dtel_primitives::{
	api::{Duty, EraView, Target},
	attestor::AttestorId,
	clock::EraClock,
	node::{Capabilities, NodeStatus, NodeView, Region},
	AccountId, EraIndex, Hash, MediaKey, NodeId,
};
use dtel_worker::{
	chain::{FixedChain, Head, Issuer},
	config::Config,
	daemon::Daemon,
	keys::random_id,
	rtc_client::{Happening, Options, RtcClient},
	token::{mint, Grant},
};
use ed25519_dalek::SigningKey;
use serde_json::Value;
use std::{
	future::Future,
	net::SocketAddr,
	sync::Arc,
	time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Longest wait for anything.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub fn client_key() -> SigningKey {
	SigningKey::from_bytes(&[11; 32])
}

pub fn public(key: &SigningKey) -> [u8; 32] {
	key.verifying_key().to_bytes()
}

pub struct Worker {
	pub daemon: Daemon,
	pub chain: Arc<FixedChain>,
	pub key: SigningKey,
}

/// Starts a worker on loopback with free ports.
pub async fn worker(adjust: impl FnOnce(&mut Config)) -> Worker {
	try_worker(adjust).await.expect("starts")
}

/// Like [`worker`], where it may fail.
pub async fn try_worker(adjust: impl FnOnce(&mut Config)) -> anyhow::Result<Worker> {
	let _ = tracing_subscriber::fmt()
		.with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
		.with_test_writer()
		.try_init();
	let any: SocketAddr = ([127, 0, 0, 1], 0).into();
	let mut config = Config {
		data_dir: std::env::temp_dir().join(random_id("dtel-worker-test-").expect("random")),
		public_listen: any,
		private_listen: any,
		shutdown_seconds: 5,
		..Config::default()
	};
	config.media.listen = any;
	adjust(&mut config);
	let mut seed = [0; 32];
	dtel_worker::keys::random(&mut seed).expect("random");
	let key = SigningKey::from_bytes(&seed);
	let chain = Arc::new(FixedChain::default());
	chain.set_issuer(public(&client_key()), Issuer::Client { limit: 100 });
	chain.set_issuer(public(&key), Issuer::Node);
	let daemon = Daemon::start(config, key.clone(), chain.clone()).await?;
	Ok(Worker { daemon, chain, key })
}

impl Worker {
	pub fn url(&self) -> String {
		format!("ws://{}", self.daemon.public)
	}

	pub async fn quality(&self) -> Value {
		let (status, body) = http(self.daemon.private, "GET /v1/quality").await;
		assert_eq!(status, 200, "{body}");
		serde_json::from_str(&body).expect("json")
	}
}

pub fn unix() -> u64 {
	SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

pub fn token(room: &str, identity: &str) -> String {
	let grant = Grant { room, identity, can_publish: true, can_subscribe: true };
	mint(&client_key(), &grant, unix(), 600)
}

pub fn options(url: &str, room: &str, identity: &str) -> Options {
	Options {
		url: url.into(),
		token: token(room, identity),
		audio: true,
		video: true,
		auto_subscribe: true,
		stamp: None,
		epoch: Instant::now(),
		timeout: Duration::from_secs(10),
	}
}

/// Waits for something, and panics when it does not come.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
	match tokio::time::timeout(PATIENCE, future).await {
		Ok(value) => value,
		Err(_) => panic!("{what}: waited for {PATIENCE:?}"),
	}
}

/// Drives two participants until `done` says so of what either saw.
pub async fn drive(
	what: &str,
	a: &mut RtcClient,
	b: &mut RtcClient,
	mut done: impl FnMut(usize, &Happening) -> bool,
) {
	within(what, async {
		loop {
			let (who, happening) = tokio::select! {
				h = a.next() => (0, h),
				h = b.next() => (1, h),
			};
			if let Happening::Left(why) = &happening {
				panic!("{what}: participant {who} left: {why}");
			}
			if done(who, &happening) {
				return;
			}
		}
	})
	.await;
}

/// A plain HTTP/1.1 request: status and body.
pub async fn http(to: SocketAddr, request: &str) -> (u16, String) {
	let (status, _, body) = http_full(to, request, "").await;
	(status, String::from_utf8_lossy(&body).into_owned())
}

/// A plain HTTP/1.1 request with further header lines: status, head and body.
pub async fn http_full(to: SocketAddr, request: &str, headers: &str) -> (u16, String, Vec<u8>) {
	let exchange = async {
		let mut stream = tokio::net::TcpStream::connect(to).await.expect("connects");
		let text = format!("{request} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
		stream.write_all(text.as_bytes()).await.expect("sent");
		let mut answer = Vec::new();
		stream.read_to_end(&mut answer).await.expect("read");
		answer
	};
	let answer = within(request, exchange).await;
	let split = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("a header");
	let head = String::from_utf8_lossy(&answer[..split]).into_owned();
	let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
	let body = answer[split + 4..].to_vec();
	let body = if head.to_lowercase().contains("transfer-encoding: chunked") {
		unchunk(&body)
	} else {
		body
	};
	(status, head, body)
}

fn unchunk(mut body: &[u8]) -> Vec<u8> {
	let mut whole = Vec::new();
	while let Some(end) = body.windows(2).position(|w| w == b"\r\n") {
		let size = std::str::from_utf8(&body[..end]).expect("ascii");
		let size = usize::from_str_radix(size.trim(), 16).expect("a size");
		whole.extend_from_slice(&body[end + 2..end + 2 + size]);
		body = &body[end + 2 + size + 2..];
		if size == 0 {
			break;
		}
	}
	whole
}

pub fn node(id: NodeId, media: &SigningKey, domain: &str) -> NodeView {
	NodeView {
		id,
		owner: AccountId::from([1; 32]),
		domain: domain.as_bytes().to_vec(),
		region: Region { country: *b"DE", lat: 0, lon: 0 },
		capabilities: Capabilities::SFU,
		declared_kbps: 100_000,
		version: b"dtel-worker/0.1.0".to_vec(),
		did: None,
		attestor: AttestorId::from(dtel_attestor_raw()),
		media: MediaKey::from_raw(public(media)),
		status: NodeStatus::Active,
		active_since: 0,
		jailed_until: None,
		stake: 0,
	}
}

fn dtel_attestor_raw() -> sp_core::sr25519::Public {
	sp_core::sr25519::Public::from_raw([0; 32])
}

pub const CLOCK: EraClock = EraClock::DEV;

/// A head at a block of dev eras, of a node that has to measure some targets.
pub fn head(block: u32, me: NodeView, targets: Vec<(NodeId, SigningKey, String)>) -> Head {
	let moment = CLOCK.moment(block);
	let targets = targets
		.into_iter()
		.map(|(node, key, domain)| Target {
			node,
			domain: domain.into_bytes(),
			media: MediaKey::from_raw(public(&key)),
		})
		.collect();
	let duty = Duty {
		era: moment.era,
		verifier: me.id,
		index: 0,
		targets,
		committed: false,
		revealed: false,
	};
	let era = EraView {
		block,
		block_ms: 2_000,
		clock: CLOCK,
		moment,
		members: 5,
		commits: 0,
		reveals: 0,
		settled: 0,
	};
	Head { genesis: genesis(), era, node: Some(me), duty: Some(duty), seen: Instant::now() }
}

pub fn genesis() -> Hash {
	Hash::repeat_byte(9)
}

pub fn first_block(era: EraIndex) -> u32 {
	CLOCK.first_block(era)
}
