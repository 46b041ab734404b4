//! Who is let in: every way in which a token can be wrong, where clients and apps present it.
//!
//! A row is one token and the statuses of `/rtc/validate`, `/rtc` and the server API (`ListRooms`, or what the row
//! names). SDKs take 401 of the first two for "not allowed" and give up; 503 for "try again".

#![allow(missing_docs)]

mod common;

use base64::{engine::general_purpose::URL_SAFE_NO_PAD as B64, Engine};
use common::{chain_node::Node, twirp::*, *};
use dtel_primitives::{node::ClientView, AccountId};
use dtel_worker::{
	chain::Follower,
	config::{Config, Secret},
	daemon::Daemon,
	keys::random_id,
	token::encode_key,
};
use ed25519_dalek::{Signer, SigningKey};
use futures::{SinkExt, StreamExt};
use hmac::{Hmac, Mac};
use livekit_protocol as proto;
use prost::Message as _;
use proto::{signal_request::Message as Request, signal_response::Message as Response};
use serde_json::{json, Value};
use std::{
	net::SocketAddr,
	sync::Arc,
	time::{Duration, Instant},
};
use tokio_tungstenite::{connect_async, tungstenite};

const EDDSA: &str = r#"{"alg":"EdDSA","typ":"JWT"}"#;
const SECRET: &str = "a development secret";

fn stranger() -> SigningKey {
	SigningKey::from_bytes(&[99; 32])
}

fn name(key: &SigningKey) -> String {
	encode_key(&public(key))
}

/// A token's first two parts.
fn parts(header: &str, claims: &Value) -> String {
	format!("{}.{}", B64.encode(header), B64.encode(claims.to_string()))
}

/// Signed with Ed25519, whatever the header says.
fn signed(key: &SigningKey, header: &str, claims: &Value) -> String {
	let text = parts(header, claims);
	let signature = key.sign(text.as_bytes());
	format!("{text}.{}", B64.encode(signature.to_bytes()))
}

/// Under an HMAC with SHA-256, whatever the header says.
fn coded(secret: &[u8], header: &str, claims: &Value) -> String {
	let text = parts(header, claims);
	let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).expect("any length");
	mac.update(text.as_bytes());
	format!("{text}.{}", B64.encode(mac.finalize().into_bytes()))
}

/// Good for joining a room and for the server API.
fn claims() -> Value {
	json!({
		"iss": name(&client_key()), "sub": "a", "nbf": unix() - 10, "exp": unix() + 600,
		"video": { "roomJoin": true, "room": "r", "roomList": true, "roomAdmin": true },
	})
}

fn with(path: &str, value: Value) -> Value {
	let mut claims = claims();
	*claims.pointer_mut(path).expect("path exists") = value;
	claims
}

fn without(field: &str) -> Value {
	let mut claims = claims();
	claims.as_object_mut().expect("an object").remove(field).expect("it was there");
	claims
}

/// `/rtc/validate` with what it says, `/rtc`, `ListRooms`.
async fn present(to: SocketAddr, token: &str) -> (u16, String, u16, u16) {
	let (validate, says) = http(to, &format!("GET /rtc/validate?access_token={token}")).await;
	let url = format!("ws://{to}/rtc?access_token={token}&protocol=9");
	let rtc = match connect_async(url).await {
		Ok(_) => 101,
		Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
		Err(error) => panic!("{error}"),
	};
	let headers = format!("content-type: application/json\r\n{}", bearer(token));
	let (api, _, answer) = request(to, "POST", &path("ListRooms"), &headers, b"{}").await;
	if api == 401 {
		let answer: Value = serde_json::from_slice(&answer).expect("JSON");
		assert_eq!(answer["code"], "unauthenticated");
	}
	(validate, says, rtc, api)
}

/// What a refusal says, or that the token is good.
enum Then {
	Good,
	/// Refused everywhere.
	No(&'static str),
	/// Lets nobody join; the server API goes by other grants.
	NoJoin(&'static str),
}
use Then::{Good, No, NoJoin};

fn algorithms() -> Vec<(&'static str, String, Then)> {
	let key = client_key();
	let public = public(&key);
	let good = signed(&key, EDDSA, &claims());
	let header = |alg: &str| json!({ "alg": alg, "typ": "JWT" }).to_string();
	let hs256 = header("HS256");
	let dev = with("/iss", json!("devkey"));
	let unsigned = |alg: &str| format!("{}.", parts(&header(alg), &claims()));
	let long = |length: usize| B64.encode(vec![7; length]);
	let mut rows = vec![
		("the SDK's way", good.clone(), Good),
		("a development key's way", coded(SECRET.as_bytes(), &hs256, &dev), Good),
		("no type in the header", signed(&key, r#"{"alg":"EdDSA"}"#, &claims()), Good),
		("none", unsigned("none"), No("algorithm")),
		("None", unsigned("None"), No("algorithm")),
		("none beside a good signature", signed(&key, &header("none"), &claims()), No("algorithm")),
		("EdDSA without a signature", unsigned("EdDSA"), No("signature")),
		// One key, two algorithms: the public key taken for a secret, as text, as bytes, and the other way round.
		(
			"HS256, secret is the public key",
			coded(&public, &hs256, &claims()),
			No("not registered"),
		),
		(
			"HS256, secret is its base58",
			coded(name(&key).as_bytes(), &hs256, &claims()),
			No("not registered"),
		),
		(
			"HS256, secret of another key",
			coded(SECRET.as_bytes(), &hs256, &claims()),
			No("not registered"),
		),
		("development key by EdDSA", signed(&key, EDDSA, &dev), No("not a key")),
		("HMAC under the name EdDSA", coded(&public, EDDSA, &claims()), No("signature")),
		("wrong secret", coded(b"guess", &hs256, &dev), No("signature")),
		("empty secret", coded(b"", &hs256, &dev), No("signature")),
		("HS384", coded(SECRET.as_bytes(), &header("HS384"), &dev), No("algorithm")),
		(
			"ES256, 64 bytes",
			format!("{}.{}", parts(&header("ES256"), &claims()), long(64)),
			No("algorithm"),
		),
		(
			"Ed448, 114 bytes",
			format!("{}.{}", parts(&header("Ed448"), &claims()), long(114)),
			No("algorithm"),
		),
		(
			"Ed448 under the name EdDSA",
			format!("{}.{}", parts(EDDSA, &claims()), long(114)),
			No("signature"),
		),
		(
			"a list of algorithms",
			signed(&key, r#"{"alg":["EdDSA","none"]}"#, &claims()),
			No("malformed"),
		),
		(
			"two algorithms",
			signed(&key, r#"{"alg":"EdDSA","alg":"none"}"#, &claims()),
			No("malformed"),
		),
		(
			"what must be understood",
			signed(&key, r#"{"alg":"EdDSA","crit":["b64"],"b64":false}"#, &claims()),
			No("malformed"),
		),
		(
			"another type",
			signed(&key, r#"{"alg":"EdDSA","typ":"JWE"}"#, &claims()),
			No("malformed"),
		),
	];
	for alg in ["RS256", "RS512", "PS256", "ES384", "eddsa", "Ed25519"] {
		rows.push((
			"another algorithm's name",
			signed(&key, &header(alg), &claims()),
			No("algorithm"),
		));
	}
	rows
}

fn keys_and_texts() -> Vec<(&'static str, String, Then)> {
	let key = client_key();
	let good = signed(&key, EDDSA, &claims());
	let [header, payload, signature] = good.split('.').collect::<Vec<_>>()[..] else {
		panic!("three parts")
	};
	let other = B64.encode(with("/sub", json!("mallory")).to_string());
	let own_header = json!({
		"alg": "EdDSA", "jku": "https://evil.example/keys", "kid": "../../dev/null",
		"jwk": { "kty": "OKP", "crv": "Ed25519", "x": B64.encode(public(&stranger())) },
	});
	vec![
		("another's signature", signed(&stranger(), EDDSA, &claims()), No("signature")),
		(
			"a key that the token brings",
			signed(&stranger(), &own_header.to_string(), &claims()),
			No("signature"),
		),
		(
			"a key that nobody registered",
			signed(&stranger(), EDDSA, &with("/iss", json!(name(&stranger())))),
			No("not registered"),
		),
		(
			"another's name",
			signed(&key, EDDSA, &with("/iss", json!(name(&stranger())))),
			No("signature"),
		),
		(
			"a name that is no key",
			signed(&key, EDDSA, &with("/iss", json!("APIxyz"))),
			No("not a key"),
		),
		(
			"a point of small order",
			signed(&key, EDDSA, &with("/iss", json!(encode_key(&[0; 32])))),
			No("signature"),
		),
		("no issuer", signed(&key, EDDSA, &without("iss")), No("malformed")),
		("claims exchanged", format!("{header}.{other}.{signature}"), No("signature")),
		(
			"header exchanged",
			format!("{}.{payload}.{signature}", B64.encode(r#"{"alg":"EdDSA"}"#)),
			No("signature"),
		),
		("a part more", format!("{good}.x"), No("malformed")),
		("a part less", format!("{header}.{payload}"), No("malformed")),
		("padding", format!("{good}%3D"), No("malformed")),
		// No base64, or no signature, as it happens.
		("a cut signature", good[..good.len() - 4].to_owned(), No("token")),
		(
			"a token for another node's measuring",
			signed(&key, EDDSA, &with("/video/room", json!("probe-x"))),
			NoJoin("this room"),
		),
	]
}

fn times_and_grants() -> Vec<(&'static str, String, Then)> {
	let key = client_key();
	let now = unix();
	let token = |claims: Value| signed(&key, EDDSA, &claims);
	// Margins of some seconds, because time passes while the table is gone through; the exact bound is in the unit tests.
	vec![
		("expired a moment ago, clocks differ", token(with("/exp", json!(now - 20))), Good),
		("expired", token(with("/exp", json!(now - 61))), No("expired")),
		("expired long ago", token(with("/exp", json!(1))), No("expired")),
		("no end", token(without("exp")), No("malformed")),
		("an end in words", token(with("/exp", json!("tomorrow"))), No("malformed")),
		("an end with a fraction", token(with("/exp", json!(now as f64 + 600.5))), No("malformed")),
		("an end before all time", token(with("/exp", json!(-1))), No("malformed")),
		("the last end there is", token(with("/exp", json!(u64::MAX))), Good),
		("from soon on, clocks differ", token(with("/nbf", json!(now + 50))), Good),
		("not yet", token(with("/nbf", json!(now + 300))), No("not valid yet")),
		("no beginning", token(without("nbf")), Good),
		(
			"no room",
			token(with("/video", json!({ "roomJoin": true, "roomList": true }))),
			NoJoin("joining a room"),
		),
		("an empty room", token(with("/video/room", json!(""))), NoJoin("joining a room")),
		(
			"no permission to join",
			token(with("/video/roomJoin", json!(false))),
			NoJoin("joining a room"),
		),
		("permission in words", token(with("/video/roomJoin", json!("true"))), No("malformed")),
		("no identity", token(without("sub")), NoJoin("empty or too long")),
		(
			"a long identity",
			token(with("/sub", json!("x".repeat(257)))),
			NoJoin("empty or too long"),
		),
	]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_token_is_answered_by_the_status_that_clients_understand() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.dev.keys.insert("devkey".into(), Secret(SECRET.into()));
	})
	.await;
	let to = worker.daemon.public;
	for (what, token, then) in
		algorithms().into_iter().chain(keys_and_texts()).chain(times_and_grants())
	{
		let (validate, says, rtc, api) = present(to, &token).await;
		let (statuses, words) = match then {
			Good => ((200, 101, 200), "success"),
			No(words) => ((401, 401, 401), words),
			NoJoin(words) => ((401, 401, 200), words),
		};
		assert_eq!((validate, rtc, api), statuses, "{what}: {says}");
		assert!(says.contains(words), "{what}: {says}");
	}
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_one_room_is_none_for_another() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let url = |token: &str, more: &str| {
		format!("{}/rtc?access_token={token}&protocol=9{more}", worker.url())
	};
	let (mut there, _) = connect_async(url(&token("r", "a"), "")).await.expect("joins");
	let Some(Response::Join(join)) = answer(&mut there).await else { panic!("no join") };
	let sid = join.participant.expect("itself").sid;
	// The same identity with a token for another room cannot take over that participant: there is nothing to resume.
	let more = format!("&reconnect=1&sid={sid}");
	let (mut thief, _) = connect_async(url(&token("s", "a"), &more)).await.expect("connects");
	assert!(matches!(answer(&mut thief).await, Some(Response::Leave(_))));
	// Nor can a room of the same name under another key.
	worker.chain.set_issuer(public(&stranger()), dtel_worker::chain::Issuer::Client { limit: 9 });
	let mut other = claims();
	other["iss"] = json!(name(&stranger()));
	let other = signed(&stranger(), EDDSA, &other);
	let (mut thief, _) = connect_async(url(&other, &more)).await.expect("connects");
	assert!(matches!(answer(&mut thief).await, Some(Response::Leave(_))));
	// The server API: an admin of one room is nobody in another, and under another key the room is not there.
	let admin = api_token(json!({ "roomAdmin": true, "room": "s" }));
	let who = json!({ "room": "r", "identity": "a" });
	for (token, status) in [(&admin, 401), (&other, 404)] {
		assert_eq!(call(&worker, "RemoveParticipant", token, who.clone()).await.0, status);
	}
	// What joins is no permission to manage.
	assert_eq!(call(&worker, "ListParticipants", &token("r", "a"), who).await.0, 401);
	ping(&mut there).await;
	worker.daemon.stop().await;
}

type Socket =
	tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn answer(socket: &mut Socket) -> Option<Response> {
	within("a message", async {
		loop {
			match socket.next().await {
				Some(Ok(tungstenite::Message::Binary(bytes))) => {
					break proto::SignalResponse::decode(bytes.as_ref()).expect("protobuf").message
				}
				Some(Ok(tungstenite::Message::Close(_)) | Err(_)) | None => break None,
				Some(Ok(_)) => {}
			}
		}
	})
	.await
}

/// It is still served.
async fn ping(socket: &mut Socket) {
	let ping = proto::SignalRequest { message: Some(Request::PingReq(proto::Ping::default())) };
	let frame = tungstenite::Message::Binary(ping.encode_to_vec().into());
	socket.send(frame).await.expect("sent");
	while !matches!(answer(socket).await.expect("connected"), Response::PongResp(_)) {}
}

/// The whole way: a key is taken away on chain, and the daemon hears of it from a node.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_was_revoked_on_chain_lets_nobody_in_any_more() {
	// What the README states.
	const REMEMBERED: Duration = Duration::from_secs(6);
	let chain = Node::start().await;
	let client =
		|valid| Some(ClientView { owner: AccountId::from([0; 32]), until: None, limit: 9, valid });
	chain.set(|a| a.client = client(true));
	let any: SocketAddr = ([127, 0, 0, 1], 0).into();
	let mut config = Config {
		data_dir: std::env::temp_dir().join(random_id("dtel-worker-test-").expect("random")),
		public_listen: any,
		private_listen: any,
		..Config::default()
	};
	config.media.listen = any;
	config.probe.enabled = false;
	config.signal.token_seconds = 10;
	let node = SigningKey::from_bytes(&[32; 32]);
	let follower = Follower::start(format!("ws://{}", chain.address), public(&node));
	let daemon = Daemon::start(config, node, Arc::new(follower)).await.expect("starts");
	let to = daemon.public;
	let token = signed(&client_key(), EDDSA, &claims());
	let validate = |token: String| async move {
		http(to, &format!("GET /rtc/validate?access_token={token}")).await
	};
	within("the chain", async {
		// 503 while there is no connection to the chain.
		while validate(token.clone()).await.0 != 200 {
			tokio::time::sleep(Duration::from_millis(50)).await;
		}
	})
	.await;
	let url = format!("ws://{to}/rtc?access_token={token}&protocol=9");
	let (mut inside, _) = connect_async(&url).await.expect("joins");
	assert!(matches!(answer(&mut inside).await, Some(Response::Join(_))));

	chain.set(|a| a.client = client(false));
	let revoked = Instant::now();
	let (asked, says) = loop {
		let asked = Instant::now();
		match validate(token.clone()).await {
			(401, says) => break (asked, says),
			(200, _) => assert!(revoked.elapsed() < PATIENCE, "it is never refused"),
			other => panic!("{other:?}"),
		}
		tokio::time::sleep(Duration::from_millis(100)).await;
	};
	assert!(says.contains("not registered"), "{says}");
	// Twice the time, for a machine that stands still.
	assert!(asked - revoked < REMEMBERED * 2, "{:?}", asked - revoked);
	let (_, _, rtc, api) = present(to, &token).await;
	assert_eq!((rtc, api), (401, 401));

	// Who is in stays in, and is given no way back: the tokens that the node makes for it depend on the same key.
	let fresh = loop {
		let ping = proto::SignalRequest { message: Some(Request::PingReq(Default::default())) };
		let frame = tungstenite::Message::Binary(ping.encode_to_vec().into());
		inside.send(frame).await.expect("connected");
		match answer(&mut inside).await.expect("connected") {
			Response::RefreshToken(token) => break token,
			_ => tokio::time::sleep(Duration::from_millis(200)).await,
		}
	};
	assert_eq!(validate(fresh).await.0, 401);
	drop(inside);
	let resume = connect_async(format!("{url}&reconnect=1")).await;
	assert!(resume.expect_err("refused").to_string().contains("401"));
	daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_an_app_takes_back_let_nobody_in() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let to = worker.daemon.public;
	let now = unix();
	let of = |identity: &str, from: u64| {
		let mut claims = claims();
		claims["sub"] = json!(identity);
		claims["nbf"] = json!(from);
		signed(&client_key(), EDDSA, &claims)
	};
	let url = format!("ws://{to}/rtc?access_token={}&protocol=9", of("a", now - 30));
	let (mut inside, _) = connect_async(&url).await.expect("joins");
	assert!(matches!(answer(&mut inside).await, Some(Response::Join(_))));
	let admin = api_token(json!({ "roomAdmin": true, "room": "r" }));
	let remove = |identity: &'static str| json!({ "room": "r", "identity": identity, "revokeTokenTs": now.to_string() });
	assert_eq!(call(&worker, "RemoveParticipant", &admin, remove("a")).await, (200, json!({})));
	within("the end", async { while answer(&mut inside).await.is_some() {} }).await;
	let (validate, says, rtc, _) = present(to, &of("a", now - 30)).await;
	assert_eq!((validate, rtc), (401, 401));
	assert!(says.contains("revoked"), "{says}");
	let resume = connect_async(format!("{url}&reconnect=1")).await;
	assert!(resume.expect_err("refused").to_string().contains("401"));
	// A newer one is good, and so are others' and those for other rooms.
	for token in [of("a", now), of("b", now - 30), token("s", "a")] {
		assert_eq!(present(to, &token).await.0, 200);
	}
	// One that has not come yet can be kept out; without a time nothing is taken back.
	assert_eq!(call(&worker, "RemoveParticipant", &admin, remove("c")).await, (200, json!({})));
	assert_eq!(present(to, &of("c", now - 30)).await.0, 401);
	let plain = json!({ "room": "r", "identity": "d" });
	assert_eq!(call(&worker, "RemoveParticipant", &admin, plain).await.0, 404);
	assert_eq!(present(to, &of("d", now - 30)).await.0, 200);
	worker.daemon.stop().await;
}
