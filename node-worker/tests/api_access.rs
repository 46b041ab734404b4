//! Who may ask the server API what, how often, and how it refuses.

#![allow(missing_docs)]

mod common;

use common::{twirp::*, *};
use dtel_worker::{
	chain::Issuer,
	token::{encode_key, mint_claims},
};
use ed25519_dalek::SigningKey;
use serde_json::{json, Value};

/// Every method, a body, the grants that it needs.
fn methods() -> Vec<(&'static str, Value, Value)> {
	let create = json!({ "roomCreate": true });
	let admin = json!({ "roomAdmin": true, "room": "r" });
	let who = json!({ "room": "r", "identity": "nobody" });
	vec![
		("CreateRoom", json!({ "name": "made" }), create.clone()),
		("ListRooms", json!({ "names": [] }), json!({ "roomList": true })),
		("DeleteRoom", json!({ "room": "none" }), create),
		("ListParticipants", json!({ "room": "r" }), admin.clone()),
		("GetParticipant", who.clone(), admin.clone()),
		("RemoveParticipant", who.clone(), admin.clone()),
		(
			"MutePublishedTrack",
			json!({ "room": "r", "identity": "nobody", "trackSid": "TR_x", "muted": true }),
			admin.clone(),
		),
		(
			"UpdateParticipant",
			json!({ "room": "r", "identity": "nobody", "metadata": "m", "name": "" }),
			admin.clone(),
		),
		(
			"UpdateSubscriptions",
			json!({ "room": "r", "identity": "nobody", "trackSids": ["TR_x"], "subscribe": true, "participantTracks": [] }),
			admin.clone(),
		),
		(
			"SendData",
			json!({ "room": "r", "data": "aGk=", "kind": "RELIABLE", "destinationSids": [] }),
			admin.clone(),
		),
		("UpdateRoomMetadata", json!({ "room": "r", "metadata": "m" }), admin),
	]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_method_needs_its_grant() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let all = [
		json!({}),
		json!({ "roomCreate": true }),
		json!({ "roomList": true }),
		json!({ "roomAdmin": true, "room": "r" }),
		json!({ "roomAdmin": true, "room": "other" }),
		json!({ "roomAdmin": true }),
		json!({ "roomJoin": true, "room": "r" }),
	];
	for (method, body, needed) in methods() {
		for grants in &all {
			let (status, answer) =
				call(&worker, method, &api_token(grants.clone()), body.clone()).await;
			if *grants == needed {
				let there = ["CreateRoom", "ListRooms", "ListParticipants"].contains(&method);
				let expected = if there { (200, None) } else { (404, Some("not_found")) };
				assert_eq!((status, answer["code"].as_str()), expected, "{method}: {answer}");
			} else {
				let denied = json!({ "code": "unauthenticated", "msg": "permissions denied" });
				assert_eq!((status, answer), (401, denied), "{method} with {grants}");
			}
		}
	}
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_tokens_of_registered_clients_are_taken() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let list = |token: String| {
		let worker = &worker;
		async move { call(worker, "ListRooms", &token, json!({})).await }
	};
	let claims =
		|from: u64, to: u64| json!({ "nbf": from, "exp": to, "video": { "roomList": true } });
	let (now, key) = (unix(), client_key());
	let stranger = SigningKey::from_bytes(&[200; 32]);
	for (what, token) in [
		("expired", mint_claims(&key, claims(now - 600, now - 61))),
		("not yet", mint_claims(&key, claims(now + 100, now + 600))),
		("a stranger's", mint_claims(&stranger, claims(now, now + 60))),
		("a node's", mint_claims(&worker.key, claims(now, now + 60))),
		("without exp", mint_claims(&key, json!({ "video": { "roomList": true } }))),
		("none", String::new()),
		("HS256", "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJkZXZrZXkifQ.AAAA".into()),
	] {
		let (status, answer) = list(token).await;
		assert_eq!((status, answer["code"].as_str()), (401, Some("unauthenticated")), "{what}");
	}
	let good = mint_claims(&key, claims(now, now + 60));
	assert_eq!(list(good.clone()).await.0, 200);
	// Within the tolerated skew.
	assert_eq!(list(mint_claims(&key, claims(now + 55, now + 600))).await.0, 200);
	assert_eq!(list(mint_claims(&key, claims(now - 600, now - 50))).await.0, 200);
	// Revoked on chain: the same token is refused.
	worker.chain.set_issuer(public(&key), Issuer::Unknown);
	assert_eq!(list(good).await.0, 401);
	let no_header = "content-type: application/json\r\n";
	let (status, ..) =
		request(worker.daemon.public, "POST", &path("ListRooms"), no_header, b"{}").await;
	assert_eq!(status, 401);
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_are_twirps() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let to = worker.daemon.public;
	let token = api_token(json!({ "roomCreate": true, "roomAdmin": true, "room": "r" }));
	let json_headers = format!("content-type: application/json\r\n{}", bearer(&token));
	let plain_headers = format!("content-type: text/plain\r\n{}", bearer(&token));
	let large = format!("{{\"name\":\"{}\"}}", "x".repeat(256 * 1024));
	let long = format!("{{\"name\":\"{}\"}}", "x".repeat(257));
	for (method, path, headers, body, status, code) in [
		("GET", path("ListRooms"), &json_headers, "", 404, "bad_route"),
		("POST", path("NoSuchMethod"), &json_headers, "{}", 404, "bad_route"),
		("POST", "/twirp/livekit.Egress/ListEgress".into(), &json_headers, "{}", 404, "bad_route"),
		("POST", path("CreateRoom"), &plain_headers, "{}", 404, "bad_route"),
		("POST", path("CreateRoom"), &json_headers, "{", 400, "malformed"),
		("POST", path("CreateRoom"), &json_headers, "[]", 400, "malformed"),
		("POST", path("CreateRoom"), &json_headers, large.as_str(), 400, "malformed"),
		("POST", path("CreateRoom"), &json_headers, "{}", 400, "invalid_argument"),
		("POST", path("CreateRoom"), &json_headers, long.as_str(), 400, "invalid_argument"),
		(
			"POST",
			path("CreateRoom"),
			&json_headers,
			r#"{"name":"probe-x"}"#,
			400,
			"invalid_argument",
		),
		("POST", path("ForwardParticipant"), &json_headers, "{}", 501, "unimplemented"),
		("POST", path("MoveParticipant"), &json_headers, "{}", 501, "unimplemented"),
		("POST", path("UpdateRoomMetadata"), &json_headers, r#"{"room":"r"}"#, 404, "not_found"),
	] {
		let (found, head, answer) = request(to, method, &path, headers, body.as_bytes()).await;
		let answer: Value = serde_json::from_slice(&answer).expect("json");
		assert_eq!((found, answer["code"].as_str()), (status, Some(code)), "{path} {answer}");
		assert!(answer["msg"].is_string() && head.contains("application/json"), "{head}");
	}
	// What newer SDKs know and this node does not is ignored.
	let body = r#"{"name":"new","noSuchField":{"x":1}}"#;
	let (status, ..) =
		request(to, "POST", &path("CreateRoom"), &json_headers, body.as_bytes()).await;
	assert_eq!(status, 200);
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_asks_too_often_has_to_wait() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.http.key_requests_per_second = 1;
	})
	.await;
	let token = api_token(json!({ "roomList": true }));
	let mut statuses = Vec::new();
	for _ in 0..8 {
		statuses.push(call(&worker, "ListRooms", &token, json!({})).await.0);
	}
	assert_eq!(statuses[..4], [200; 4], "{statuses:?}");
	assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
	// Others are not concerned, not even by tokens that only claim to be of that key.
	let other = SigningKey::from_bytes(&[12; 32]);
	worker.chain.set_issuer(public(&other), Issuer::Client { limit: 1 });
	let claims = json!({ "exp": unix() + 60, "video": { "roomList": true } });
	let token = mint_claims(&other, claims);
	assert_eq!(
		call(&worker, "ListRooms", &token, json!({})).await.0,
		200,
		"{}",
		encode_key(&public(&other))
	);
	worker.daemon.stop().await;
}
