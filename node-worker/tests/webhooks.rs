//! Apps hear of their rooms.

#![allow(missing_docs)]

mod common;

use base64::{
	engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
	Engine,
};
use common::{twirp::*, *};
use dtel_worker::{
	keys::random_id,
	rtc_client::{Options, RtcClient},
	token::{encode_key, mint_claims},
};
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{json, Value};
use std::{net::SocketAddr, time::Duration};
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::TcpListener,
	sync::mpsc,
};

/// What came to the receiver.
struct Received {
	head: String,
	body: String,
}

impl Received {
	fn event(&self) -> Value {
		serde_json::from_str(&self.body).expect("json")
	}

	fn name(&self) -> String {
		self.event()["event"].as_str().expect("a name").into()
	}
}

/// A receiver that answers with these statuses, then with 200.
async fn receiver(statuses: &'static [u16]) -> (SocketAddr, mpsc::UnboundedReceiver<Received>) {
	receiver_at(([127, 0, 0, 1], 0).into(), statuses).await
}

async fn receiver_at(
	address: SocketAddr,
	statuses: &'static [u16],
) -> (SocketAddr, mpsc::UnboundedReceiver<Received>) {
	let listener = TcpListener::bind(address).await.expect("bound");
	let address = listener.local_addr().expect("an address");
	let (tx, rx) = mpsc::unbounded_channel();
	tokio::spawn(async move {
		let mut statuses = statuses.iter().copied().chain(std::iter::repeat(200));
		while let Ok((mut stream, _)) = listener.accept().await {
			let mut bytes = Vec::new();
			let (head, body) = loop {
				let mut part = [0; 4_096];
				let n = stream.read(&mut part).await.expect("read");
				bytes.extend_from_slice(&part[..n]);
				let text = String::from_utf8_lossy(&bytes).into_owned();
				if let Some((head, body)) = text.split_once("\r\n\r\n") {
					let length = head.to_lowercase();
					let length = length.split("content-length: ").nth(1).expect("a length");
					let length: usize =
						length.lines().next().expect("a line").parse().expect("a number");
					if body.len() >= length {
						break (head.to_string(), body.to_string());
					}
				}
				assert!(n > 0, "cut off");
			};
			let status = statuses.next().expect("endless");
			let answer = format!(
				"HTTP/1.1 {status} X\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
			);
			let _ = stream.write_all(answer.as_bytes()).await;
			let _ = tx.send(Received { head, body });
		}
	});
	(address, rx)
}

fn with_hook(worker: &Worker, room: &str, identity: &str, url: &str) -> Options {
	let claims = json!({
		"sub": identity,
		"exp": unix() + 600,
		"webHookURL": url,
		"video": { "roomJoin": true, "room": room },
	});
	Options { token: mint_claims(&client_key(), claims), ..options(&worker.url(), room, identity) }
}

/// The SDK's rule: see `webhooks::message`.
fn verify(worker: &Worker, received: &Received) {
	let token = received.head.lines().find_map(|line| {
		let (name, value) = line.split_once(": ")?;
		name.eq_ignore_ascii_case("authorization").then_some(value)
	});
	let parts: Vec<_> = token.expect("authorization").split('.').collect();
	let claims: Value =
		serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).expect("base64")).expect("json");
	let node = public(&worker.key);
	assert_eq!(claims["iss"], encode_key(&node).as_str());
	let signature = URL_SAFE_NO_PAD.decode(parts[2]).expect("base64");
	let signature = Signature::from_slice(&signature).expect("a signature");
	let key = VerifyingKey::from_bytes(&node).expect("a key");
	key.verify_strict(format!("{}.{}", parts[0], parts[1]).as_bytes(), &signature).expect("signed");
	use sha2::Digest;
	let hash = STANDARD.encode(sha2::Sha256::digest(&received.body));
	assert_eq!(claims["sha256"], hash.as_str());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_told_in_order_and_signed() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.webhooks.allow_private = true;
		c.rooms.departure_seconds = 0;
	})
	.await;
	// The second event fails twice: those behind it wait.
	let (address, mut events) = receiver(&[200, 500, 503]).await;
	let url = format!("http://{address}/hook?x=1");
	let mut a = RtcClient::join(with_hook(&worker, "r", "a", &url)).await.expect("joins");
	let mut names = Vec::new();
	let mut next = |received: Received| {
		verify(&worker, &received);
		assert!(received.head.starts_with("POST /hook?x=1 HTTP/1.1"), "{}", received.head);
		assert!(received.head.to_lowercase().contains("content-type: application/webhook+json"));
		names.push(received.name());
		received.event()
	};
	let mut published = 0;
	within("tracks", async {
		// Who leaves before its media came is said to have been aborted.
		while published < 3 {
			tokio::select! {
				_ = a.next() => {},
				received = events.recv() => {
					let event = next(received.expect("an event"));
					assert_eq!(event["room"]["name"], "r");
					assert_eq!(event["room"]["key"], encode_key(&public(&client_key())).as_str());
					let known = ["track_published", "participant_joined"];
					published += usize::from(known.iter().any(|name| event["event"] == *name));
				}
			}
		}
	})
	.await;
	a.leave().await;
	within("the end", async {
		loop {
			let event = next(events.recv().await.expect("an event"));
			if event["event"] == "participant_left" {
				assert_eq!(event["participant"]["identity"], "a");
			}
			if event["event"] == "room_finished" {
				break;
			}
		}
	})
	.await;
	// The order of joining and publishing is the transports': each side of it is fixed.
	assert_eq!(names.first().map(String::as_str), Some("room_started"));
	let second = names[1].clone();
	assert_eq!(names[2..4], [second.clone(), second], "{names:?}");
	let rest: Vec<_> = names.iter().map(String::as_str).collect();
	assert_eq!(
		rest[rest.len() - 4..],
		["track_unpublished", "track_unpublished", "participant_left", "room_finished"]
	);
	let mut middle: Vec<_> = rest[3..rest.len() - 4].to_vec();
	middle.sort_unstable();
	assert_eq!(middle, ["participant_joined", "track_published", "track_published"]);
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rooms_made_by_the_server_api_are_told_too() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.webhooks.allow_private = true;
	})
	.await;
	let (address, mut events) = receiver(&[]).await;
	let token = mint_claims(
		&client_key(),
		json!({ "exp": unix() + 60, "webHookURL": format!("http://{address}/"), "video": { "roomCreate": true } }),
	);
	assert_eq!(call(&worker, "CreateRoom", &token, json!({ "name": "r" })).await.0, 200);
	assert_eq!(call(&worker, "DeleteRoom", &token, json!({ "room": "r" })).await.0, 200);
	let started = within("started", events.recv()).await.expect("an event");
	let finished = within("finished", events.recv()).await.expect("an event");
	assert_eq!(
		(started.name().as_str(), finished.name().as_str()),
		("room_started", "room_finished")
	);
	assert_eq!(finished.event()["roomEndReason"], "ROOM_END_API_DELETE");
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_goes_to_private_addresses_and_redirects_are_not_followed() {
	let strict = worker(|c| c.probe.enabled = false).await;
	let (address, mut events) = receiver(&[]).await;
	let port = address.port();
	for (n, host) in
		["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"].iter().enumerate()
	{
		let url = format!("http://{host}:{port}/");
		let token = mint_claims(
			&client_key(),
			json!({ "exp": unix() + 60, "webHookURL": url, "video": { "roomCreate": true } }),
		);
		let name = format!("r{n}");
		assert_eq!(call(&strict, "CreateRoom", &token, json!({ "name": name })).await.0, 200);
	}
	counted(&strict, "dtel_worker_webhooks_total{outcome=\"failed\"} 4").await;
	assert!(events.try_recv().is_err(), "a private address was asked");
	strict.daemon.stop().await;

	let lax = worker(|c| {
		c.probe.enabled = false;
		c.webhooks.allow_private = true;
	})
	.await;
	let (address, mut events) = receiver(&[302]).await;
	let token = mint_claims(
		&client_key(),
		json!({ "exp": unix() + 60, "webHookURL": format!("http://{address}/"), "video": { "roomCreate": true } }),
	);
	assert_eq!(call(&lax, "CreateRoom", &token, json!({ "name": "r" })).await.0, 200);
	counted(&lax, "dtel_worker_webhooks_total{outcome=\"failed\"} 1").await;
	assert_eq!(events.recv().await.map(|e| e.name()).as_deref(), Some("room_started"));
	lax.daemon.stop().await;
}

/// Waits for a line in the metrics.
async fn counted(worker: &Worker, line: &str) {
	within(line, async {
		loop {
			let (_, text) = http(worker.daemon.private, "GET /metrics").await;
			if text.lines().any(|l| l == line) {
				return;
			}
			tokio::time::sleep(Duration::from_millis(20)).await;
		}
	})
	.await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_that_wait_survive_the_daemon() {
	let data = std::env::temp_dir().join(random_id("dtel-hooks-").expect("random"));
	let start = |data: std::path::PathBuf| {
		worker(move |c| {
			c.probe.enabled = false;
			c.webhooks.allow_private = true;
			c.data_dir = data;
			c.shutdown_seconds = 1;
		})
	};
	let waiting = || std::fs::read_dir(data.join("webhooks")).map_or(0, Iterator::count);
	// Nobody is there to hear of it.
	let place = TcpListener::bind("127.0.0.1:0").await.expect("bound");
	let address = place.local_addr().expect("an address");
	drop(place);
	let first = start(data.clone()).await;
	let token = mint_claims(
		&client_key(),
		json!({ "exp": unix() + 60, "webHookURL": format!("http://{address}/"), "video": { "roomCreate": true } }),
	);
	for name in ["x", "y", "z"] {
		assert_eq!(call(&first, "CreateRoom", &token, json!({ "name": name })).await.0, 200);
	}
	within("three events", async {
		while waiting() < 3 {
			tokio::time::sleep(Duration::from_millis(20)).await;
		}
	})
	.await;
	// It goes without a word: what a crash leaves is what is on disk by now.
	let copy = std::env::temp_dir().join(random_id("dtel-hooks-").expect("random"));
	std::fs::create_dir_all(copy.join("webhooks")).expect("directory");
	for file in std::fs::read_dir(data.join("webhooks")).expect("a directory") {
		let file = file.expect("a file");
		std::fs::copy(file.path(), copy.join("webhooks").join(file.file_name())).expect("copied");
	}
	first.daemon.stop().await;

	let (events, mut received) = receiver_at(address, &[503]).await;
	assert_eq!(events, address);
	let second = start(copy.clone()).await;
	let mut names = Vec::new();
	for _ in 0..4 {
		let received = within("an event", received.recv()).await.expect("an event");
		verify(&second, &received);
		let event = received.event();
		assert_eq!(event["event"], "room_started");
		names.push(event["room"]["name"].as_str().expect("a name").to_owned());
	}
	// In their order, the first of them twice: its first attempt failed.
	assert_eq!(names, ["x", "x", "y", "z"]);
	within("an empty directory", async {
		while std::fs::read_dir(copy.join("webhooks")).expect("a directory").count() > 0 {
			tokio::time::sleep(Duration::from_millis(20)).await;
		}
	})
	.await;
	second.daemon.stop().await;
}
