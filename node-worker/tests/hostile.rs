//! What strangers send must not disturb a call.

#![allow(missing_docs)]

mod common;

use common::*;
use dtel_media_core::{client::Event, MediaKind};
use dtel_worker::{
	chain::Issuer,
	rtc_client::{Happening, RtcClient},
	token::{mint, probe_room, Grant},
};
use futures::{SinkExt, StreamExt};
use livekit_protocol as proto;
use prost::Message as _;
use proto::{signal_request::Message as Request, signal_response::Message as Response};
use std::{
	collections::BTreeMap,
	time::{Duration, Instant},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::{connect_async, tungstenite::Message};

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

fn rtc_url(worker: &Worker, token: &str, more: &str) -> String {
	format!("{}/rtc?access_token={token}&auto_subscribe=1&protocol=9{more}", worker.url())
}

type Socket =
	tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn raw(worker: &Worker, room: &str, identity: &str) -> Socket {
	let url = rtc_url(worker, &token(room, identity), "");
	connect_async(url).await.expect("connects").0
}

/// The next protocol message; `None` at the end of the connection.
async fn message(socket: &mut Socket) -> Option<Response> {
	within("a message", async {
		loop {
			match socket.next().await {
				Some(Ok(Message::Binary(bytes))) => {
					return proto::SignalResponse::decode(bytes.as_ref())
						.expect("protobuf")
						.message;
				}
				Some(Ok(Message::Text(text))) => {
					let parsed: proto::SignalResponse = serde_json::from_str(&text).expect("json");
					return parsed.message;
				}
				Some(Ok(Message::Close(_))) | Some(Err(_)) | None => return None,
				Some(Ok(_)) => {}
			}
		}
	})
	.await
}

/// Junk of a linear congruential generator: the same in every run.
fn junk(length: usize, seed: &mut u64) -> Vec<u8> {
	let mut next = || {
		*seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
		(*seed >> 33) as u8
	};
	(0..length).map(|_| next()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_survives_what_strangers_send() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.limits.message_bytes = 64 * 1024;
	})
	.await;
	let mut a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	let mut b = RtcClient::join(options(&worker.url(), "r", "b")).await.expect("joins");
	flow(&mut a, &mut b, 5).await;
	let mut seed = 1;

	// UDP: junk of every length and first byte, a cut STUN header.
	let udp = tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("binds");
	for n in 0..2_000usize {
		let mut datagram = junk(n % 1_500, &mut seed);
		if let Some(first) = datagram.first_mut() {
			*first = (n % 256) as u8;
		}
		if n % 3 == 0 && datagram.len() > 8 {
			datagram[4..8].copy_from_slice(&[0x21, 0x12, 0xA4, 0x42]);
		}
		udp.send_to(&datagram, worker.daemon.media).await.expect("sent");
	}

	// Signalling in the same room: rubbish frames, rubbish SDP, unknown tracks, an unknown field.
	let mut stranger = raw(&worker, "r", "stranger").await;
	assert!(matches!(message(&mut stranger).await, Some(Response::Join(_))));
	for n in 0..100 {
		stranger.send(Message::Binary(junk(n * 7, &mut seed).into())).await.expect("sent");
	}
	for text in ["", "{", "[]", "{\"nothing\":1}"] {
		stranger.send(Message::Text(text.into())).await.expect("sent");
	}
	let sdp = |sdp: &str| proto::SessionDescription { sdp: sdp.into(), ..Default::default() };
	let trickle =
		|init: &str| proto::TrickleRequest { candidate_init: init.into(), ..Default::default() };
	let mute = proto::MuteTrackRequest { sid: "TR_none".into(), muted: true };
	let subscription = proto::UpdateSubscription {
		track_sids: vec!["TR_none".into(); 1_000],
		..Default::default()
	};
	for request in [
		Request::Answer(sdp("v=0")),
		Request::Trickle(trickle("not json")),
		Request::Trickle(trickle("{\"candidate\":\"candidate:rubbish\"}")),
		Request::AddTrack(proto::AddTrackRequest::default()),
		Request::Mute(mute),
		Request::Subscription(subscription),
		Request::Simulate(proto::SimulateScenario::default()),
		Request::SyncState(proto::SyncState::default()),
	] {
		let request = proto::SignalRequest { message: Some(request) };
		stranger.send(Message::Binary(request.encode_to_vec().into())).await.expect("sent");
	}
	// It is still served: a ping is answered, in JSON as it was asked.
	stranger.send(Message::Text("{\"pingReq\":{\"timestamp\":\"5\"}}".into())).await.expect("sent");
	loop {
		match message(&mut stranger).await.expect("still connected") {
			Response::PongResp(pong) => break assert_eq!(pong.last_ping_timestamp, 5),
			_ => continue,
		}
	}
	// A rubbish offer ends that participant, nobody else.
	let offer = proto::SignalRequest { message: Some(Request::Offer(sdp("rubbish"))) };
	stranger.send(Message::Binary(offer.encode_to_vec().into())).await.expect("sent");
	while message(&mut stranger).await.is_some() {}

	// A frame above the limit ends the connection.
	let mut big = raw(&worker, "r", "big").await;
	assert!(matches!(message(&mut big).await, Some(Response::Join(_))));
	let _ = big.send(Message::Binary(vec![0; 65 * 1024].into())).await;
	while message(&mut big).await.is_some() {}

	flow(&mut a, &mut b, 25).await;
	within("dropped datagrams", async {
		while worker.quality().await["totals"]["datagrams_dropped"].as_u64() == Some(0) {
			tokio::time::sleep(Duration::from_millis(50)).await;
		}
	})
	.await;
	a.leave().await;
	b.leave().await;
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_refused_with_the_status_that_clients_understand() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let grant = |room| Grant { room, identity: "a", can_publish: true, can_subscribe: true };
	let good = token("r", "a");
	let expired = mint(&client_key(), &grant("r"), unix() - 1_000, 10);
	let probe = probe_room(&public(&client_key()), &public(&worker.key), "1");
	let wrong_room = mint(&client_key(), &grant(&probe), unix(), 60);
	// A verifier's token for a probe of this node, and one for a probe of another node that is handed on to here.
	let verifier = ed25519_dalek::SigningKey::from_bytes(&[98; 32]);
	worker.chain.set_issuer(public(&verifier), Issuer::Node);
	let room = |target: &[u8; 32]| probe_room(&public(&verifier), target, "1");
	let (here, elsewhere) = (room(&public(&worker.key)), room(&[5; 32]));
	let probing = mint(&verifier, &grant(&here), unix(), 60);
	let handed_on = mint(&verifier, &grant(&elsewhere), unix(), 60);
	let stranger = mint(&ed25519_dalek::SigningKey::from_bytes(&[99; 32]), &grant("r"), unix(), 60);
	for (token, status, text) in [
		(good.as_str(), 200, "success"),
		(&expired, 401, "expired"),
		(&wrong_room, 401, "room"),
		(&probing, 200, "success"),
		(&handed_on, 401, "room"),
		(&stranger, 401, "not registered"),
		("", 401, "malformed"),
		("a.b.c", 401, "malformed"),
	] {
		let request = format!("GET /rtc/validate?access_token={token}");
		let (got, head, body) = http_full(worker.daemon.public, &request, "").await;
		let body = String::from_utf8_lossy(&body).into_owned();
		assert_eq!(got, status, "{body}");
		assert!(body.contains(text), "{body}");
		assert!(head.to_lowercase().contains("access-control-allow-origin: *"), "{head}");
		// Newer clients ask at another place.
		let request = format!("GET /rtc/v1/validate?join_request=&access_token={token}");
		assert_eq!(http(worker.daemon.public, &request).await.0, status);
		let request = format!("GET /rtc/v1/validate?join_request=*&access_token={token}");
		let expected = if status == 200 { 400 } else { status };
		assert_eq!(http(worker.daemon.public, &request).await.0, expected);
		if status != 200 {
			let refused = connect_async(rtc_url(&worker, token, "")).await;
			assert!(refused.expect_err("refused").to_string().contains("401"));
		}
	}
	// A key that the chain no longer knows lets nobody in any more.
	worker.chain.set_issuer(public(&client_key()), Issuer::Unknown);
	let (status, _) =
		http(worker.daemon.public, &format!("GET /rtc/validate?access_token={good}")).await;
	assert_eq!(status, 401);
	for path in ["/rtc/v2", "/rtc/v1/validate/x", "/nothing", "/v1/quality", "/metrics"] {
		let (status, head, _) = http_full(worker.daemon.public, &format!("GET {path}"), "").await;
		assert_eq!(status, 404, "{path}");
		assert!(head.to_lowercase().contains("access-control-allow-origin: *"), "{head}");
	}
	assert_eq!(http(worker.daemon.public, "HEAD /").await.0, 200);
	assert_eq!(http(worker.daemon.public, "OPTIONS /rtc/validate").await.0, 204);
	assert_eq!(http(worker.daemon.public, "GET /healthz").await.0, 200);
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn resume_is_answered_so_that_the_client_joins_anew() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let url = rtc_url(&worker, &token("r", "a"), "&reconnect=1&sid=PA_x");
	let (mut socket, _) = connect_async(url).await.expect("connects");
	match message(&mut socket).await {
		Some(Response::Leave(leave)) => assert!(leave.can_reconnect),
		other => panic!("{other:?}"),
	}
	assert!(message(&mut socket).await.is_none());
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_of_key_and_connections_hold() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.limits.connections_per_address = 4;
	})
	.await;
	worker.chain.set_issuer(public(&client_key()), Issuer::Client { limit: 2 });
	let mut sockets = Vec::new();
	for identity in ["a", "b"] {
		let mut socket = raw(&worker, "r", identity).await;
		assert!(matches!(message(&mut socket).await, Some(Response::Join(_))));
		sockets.push(socket);
	}
	let mut third = raw(&worker, "r", "c").await;
	assert!(matches!(message(&mut third).await, Some(Response::Leave(_))));
	assert!(message(&mut third).await.is_none());
	drop(third);

	// Those that connect and say nothing take places, and lose them.
	let began = Instant::now();
	let mut silent = Vec::new();
	within("the limit of an address", async {
		loop {
			let mut stream =
				tokio::net::TcpStream::connect(worker.daemon.public).await.expect("connects");
			let mut byte = [0];
			let read = tokio::time::timeout(Duration::from_secs(2), stream.read(&mut byte)).await;
			match read {
				// Kept open: it has a place.
				Err(_) => silent.push(stream),
				// Closed at once: there was no place.
				Ok(_) => break,
			}
		}
	})
	.await;
	assert!(silent.len() <= 4, "{}", silent.len());
	within("slow connections are closed", async {
		for mut stream in silent {
			let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost:").await;
			let mut rest = Vec::new();
			let _ = stream.read_to_end(&mut rest).await;
		}
	})
	.await;
	assert!(began.elapsed() < PATIENCE);
	drop(sockets);
	within("places are free again", async {
		while tokio::net::TcpStream::connect(worker.daemon.public).await.is_err() {}
		assert_eq!(http(worker.daemon.public, "GET /healthz").await.0, 200);
	})
	.await;
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probes_are_few_and_short() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.limits.probe_seconds = 3;
	})
	.await;
	let verifier = ed25519_dalek::SigningKey::from_bytes(&[98; 32]);
	worker.chain.set_issuer(public(&verifier), Issuer::Node);
	let mut sockets = Vec::new();
	let began = Instant::now();
	for n in 0..9 {
		let room = probe_room(&public(&verifier), &public(&worker.key), &n.to_string());
		let grant = Grant { room: &room, identity: "a", can_publish: true, can_subscribe: true };
		let url = rtc_url(&worker, &mint(&verifier, &grant, unix(), 60), "");
		let mut socket = connect_async(url).await.expect("connects").0;
		match message(&mut socket).await {
			Some(Response::Join(_)) if n < 8 => sockets.push(socket),
			Some(Response::Leave(_)) if n == 8 => {}
			other => panic!("{n}: {other:?}"),
		}
	}
	// A client's call goes on while the probes' time is up.
	let mut call = raw(&worker, "r", "a").await;
	assert!(matches!(message(&mut call).await, Some(Response::Join(_))));
	for socket in &mut sockets {
		while message(socket).await.is_some() {}
	}
	assert!(began.elapsed() >= Duration::from_secs(3));
	let ping = proto::SignalRequest { message: Some(Request::PingReq(proto::Ping::default())) };
	call.send(Message::Binary(ping.encode_to_vec().into())).await.expect("sent");
	while !matches!(message(&mut call).await.expect("connected"), Response::PongResp(_)) {}
	worker.daemon.stop().await;
}
