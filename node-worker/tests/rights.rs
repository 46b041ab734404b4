//! What an app says of a room and of a participant, by tokens and by the server API, with a development key.

#![allow(missing_docs)]

mod common;

use common::{twirp::*, *};
use dtel_media_core::client::Event;
use dtel_worker::{
	config::Secret,
	rtc_client::{Happening, Options, RtcClient},
	token::DevKeys,
};
use livekit_protocol as proto;
use proto::{
	request_response::Reason, signal_request::Message as Request,
	signal_response::Message as Response, TrackSource, TrackType,
};
use serde_json::{json, Value};

const SECRET: &str = "secret";

fn dev_token(secret: &str, claims: &Value) -> String {
	let keys = DevKeys::new([("devkey", secret)]).expect("a key");
	let mut claims = claims.clone();
	claims["iss"] = "devkey".into();
	claims["exp"] = (unix() + 600).into();
	keys.mint("devkey", &claims).expect("a key")
}

async fn chainless() -> Worker {
	worker(|c| {
		c.probe.enabled = false;
		c.chain_url = String::new();
		c.dev.keys.insert("devkey".into(), Secret(SECRET.into()));
	})
	.await
}

fn joining(worker: &Worker, identity: &str, token: String) -> Options {
	Options { token, ..options(&worker.url(), "r", identity) }
}

fn camera() -> Request {
	Request::AddTrack(proto::AddTrackRequest {
		cid: "another".into(),
		r#type: TrackType::Video.into(),
		source: TrackSource::Camera.into(),
		..Default::default()
	})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_and_development_keys_make_rooms() {
	let worker = chainless().await;
	let app = json!({ "video": { "roomCreate": true, "roomList": true } });
	let token = dev_token(SECRET, &app);
	let (status, made) = call(&worker, "CreateRoom", &token, json!({ "name": "waiting" })).await;
	assert_eq!((status, made["name"].as_str()), (200, Some("waiting")), "{made}");
	let wrong = dev_token("guess", &app);
	assert_eq!(call(&worker, "ListRooms", &wrong, json!({})).await.0, 401);

	// The token of the first participant says how the room is.
	let claims = |identity: &str, metadata: &str| {
		let room = json!({ "maxParticipants": 2, "departureTimeout": 9, "metadata": metadata });
		let video = json!({ "roomJoin": true, "room": "r" });
		dev_token(SECRET, &json!({ "sub": identity, "video": video, "roomConfig": room }))
	};
	let join = |identity, metadata| {
		RtcClient::join(joining(&worker, identity, claims(identity, metadata)))
	};
	let a = join("a", "first").await.expect("joins");
	let room = a.join_response().room.as_ref().expect("a room");
	assert_eq!((room.metadata.as_str(), room.max_participants), ("first", 2));
	assert_eq!(room.departure_timeout, 9);
	let codecs: Vec<_> = room.enabled_codecs.iter().map(|c| c.mime.as_str()).collect();
	for mime in ["audio/opus", "video/VP8", "video/H264", "video/VP9", "video/AV1"] {
		assert!(codecs.contains(&mime), "{codecs:?}");
	}
	let b = join("b", "second").await.expect("joins");
	assert_eq!(b.join_response().room.as_ref().expect("a room").metadata, "first");
	assert!(join("c", "third").await.is_err(), "the room is full");
	let (_, rooms) = call(&worker, "ListRooms", &token, json!({ "names": ["r"] })).await;
	assert_eq!(rooms["rooms"][0]["numParticipants"], 2, "{rooms}");
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rights_that_an_app_changes_count_at_once_and_in_the_next_token() {
	let worker = chainless().await;
	let token = |identity: &str| {
		let video = json!({ "roomJoin": true, "room": "r" });
		dev_token(SECRET, &json!({ "sub": identity, "video": video }))
	};
	let mut a = RtcClient::join(joining(&worker, "a", token("a"))).await.expect("joins");
	let mut b = RtcClient::join(joining(&worker, "b", token("b"))).await.expect("joins");
	drive("b sees a", &mut a, &mut b, |who, happening| {
		who == 1 && matches!(happening, Happening::Media(Event::Frame { .. }))
	})
	.await;

	let app = json!({ "video": { "roomAdmin": true, "room": "r" } });
	let app = dev_token(SECRET, &app);
	let update = json!({
		"room": "r",
		"identity": "a",
		"metadata": "changed",
		"permission": {
			"canSubscribe": true,
			"canPublish": true,
			"canPublishData": true,
			"canPublishSources": ["MICROPHONE"],
			"canUpdateMetadata": true,
		},
	});
	let (status, now) = call(&worker, "UpdateParticipant", &app, update).await;
	assert_eq!((status, &now["permission"]["canUpdateMetadata"]), (200, &json!(true)), "{now}");
	let sources = |tracks: &Value| -> Vec<String> {
		let tracks = tracks.as_array().into_iter().flatten();
		tracks.map(|t| t["source"].as_str().unwrap_or_default().to_owned()).collect()
	};
	assert!(sources(&now["tracks"]).iter().all(|s| s == "MICROPHONE"), "{now}");
	let mut fresh = None;
	let mut refused = false;
	a.signal(camera());
	drive("a gets a token and is refused a camera", &mut a, &mut b, |who, happening| {
		if let (0, Happening::Told(message)) = (who, happening) {
			match &**message {
				Response::RefreshToken(token) => fresh = Some(token.clone()),
				Response::RequestResponse(r) => {
					assert_eq!(r.reason(), Reason::NotAllowed);
					refused = true;
				}
				_ => {}
			}
		}
		refused && fresh.is_some()
	})
	.await;

	// With the fresh token it comes back as what it is now.
	drop(a);
	let again =
		Options { audio: false, video: false, ..joining(&worker, "a", fresh.expect("one")) };
	let a = RtcClient::join(again).await.expect("joins");
	let me = a.join_response().participant.clone().expect("a");
	assert_eq!(me.metadata, "changed");
	let permission = me.permission.expect("permissions");
	assert_eq!(permission.can_publish_sources, [i32::from(TrackSource::Microphone)]);
	assert!(permission.can_update_metadata);
	worker.daemon.stop().await;
}
