//! What participants say of themselves, and what publishers are told of their subscribers.

#![allow(missing_docs)]

mod common;

use common::*;
use dtel_media_core::{client::Event, MediaKind};
use dtel_worker::{
	config::Secret,
	rtc_client::{Happening, Options, RtcClient, SignalError},
	token::DevKeys,
};
use livekit_protocol as proto;
use proto::{
	request_response::Reason, signal_request::Message as Request,
	signal_response::Message as Response,
};
use serde_json::json;

const SECRET: &str = "secret";

/// A token of the development key with these video grants.
fn dev_token(identity: &str, grants: serde_json::Value) -> String {
	let keys = DevKeys::new([("devkey", SECRET)]).expect("a key");
	let mut video = json!({ "roomJoin": true, "room": "r" });
	for (name, value) in grants.as_object().expect("an object") {
		video[name] = value.clone();
	}
	let claims = json!({ "iss": "devkey", "sub": identity, "exp": unix() + 600, "video": video });
	keys.mint("devkey", &claims).expect("a key")
}

/// A worker without a chain, and two participants who receive each other: a may change its metadata, b may not; the
/// sid of a's camera.
async fn call() -> (Worker, RtcClient, RtcClient, String) {
	let (worker, a, b, camera, _) = hearing().await;
	(worker, a, b, camera)
}

/// The same, and the tracks of which a was told meanwhile that somebody receives them.
async fn hearing() -> (Worker, RtcClient, RtcClient, String, Vec<String>) {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.chain_url = String::new();
		c.dev.keys.insert("devkey".into(), Secret(SECRET.into()));
	})
	.await;
	let join = |identity: &str, grants| {
		let token = dev_token(identity, grants);
		RtcClient::join(Options { token, ..options(&worker.url(), "r", identity) })
	};
	let mut a = join("a", json!({ "canUpdateOwnMetadata": true })).await.expect("joins");
	let mut b = join("b", json!({})).await.expect("joins");
	let (mut camera, mut seen, mut heard) = (None, false, Vec::new());
	drive("b sees a", &mut a, &mut b, |who, happening| {
		match happening {
			Happening::Media(Event::TrackAdded { track_sid, kind: MediaKind::Video, .. })
				if who == 1 =>
			{
				camera = Some(track_sid.clone());
			}
			Happening::Media(Event::Frame { kind: MediaKind::Video, .. }) => seen |= who == 1,
			Happening::Told(message) if who == 0 => {
				if let Response::TrackSubscribed(t) = &**message {
					heard.push(t.track_sid.clone());
				}
			}
			_ => {}
		}
		seen && camera.is_some()
	})
	.await;
	(worker, a, b, camera.expect("a camera"), heard)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_and_attributes_are_changed_by_those_who_may() {
	let (worker, mut a, mut b, _) = call().await;
	let update = |request_id, value: &str| {
		Request::UpdateMetadata(proto::UpdateParticipantMetadata {
			metadata: format!("about {value}"),
			name: format!("name {value}"),
			attributes: [("colour".to_owned(), value.to_owned())].into(),
			request_id,
		})
	};
	a.signal(update(7, "red"));
	let (mut seen, mut answered, mut fresh) = (false, false, false);
	drive("b sees it, a is answered", &mut a, &mut b, |who, happening| {
		match happening {
			Happening::Update(people) if who == 1 => {
				seen |= people.iter().any(|p| {
					(p.identity.as_str(), p.name.as_str()) == ("a", "name red")
						&& p.metadata == "about red"
						&& p.attributes.get("colour").is_some_and(|c| c == "red")
				});
			}
			Happening::Told(message) if who == 0 => match &**message {
				Response::RequestResponse(r) => {
					assert_eq!((r.request_id, r.reason()), (7, Reason::Ok));
					answered = true;
				}
				Response::RefreshToken(_) => fresh = true,
				_ => {}
			},
			_ => {}
		}
		seen && answered && fresh
	})
	.await;

	// The same again, as older clients say what they are told of themselves: nobody hears of it.
	a.signal(update(0, "red"));
	a.signal(update(10, "red"));
	drive("a is answered without an update", &mut a, &mut b, |_, happening| match happening {
		Happening::Told(message) => match &**message {
			Response::RequestResponse(r) => {
				assert_eq!((r.request_id, r.reason()), (10, Reason::Ok));
				true
			}
			_ => false,
		},
		Happening::Update(people) => panic!("{people:?}"),
		_ => false,
	})
	.await;

	b.signal(update(8, "blue"));
	a.signal(update(9, &"x".repeat(5_000)));
	let mut refused = Vec::new();
	drive("both are refused", &mut a, &mut b, |who, happening| {
		match happening {
			Happening::Told(message) => {
				if let Response::RequestResponse(r) = &**message {
					refused.push((who, r.request_id, r.reason()));
				}
			}
			Happening::Update(people) => {
				assert!(people.iter().all(|p| !p.metadata.contains("blue")), "{people:?}");
			}
			_ => {}
		}
		refused.len() == 2
	})
	.await;
	refused.sort_by_key(|r| r.0);
	assert_eq!(refused, [(0, 9, Reason::LimitExceeded), (1, 8, Reason::NotAllowed)]);
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishers_are_told_once_that_somebody_listens() {
	let (worker, mut a, mut b, camera, mut heard) = hearing().await;
	let mut frames = 0;
	drive("a second of media, in which nothing is told again", &mut a, &mut b, |who, happening| {
		match happening {
			Happening::Told(message) if who == 0 => {
				if let Response::TrackSubscribed(t) = &**message {
					heard.push(t.track_sid.clone());
				}
			}
			Happening::Media(Event::Frame { .. }) => frames += 1,
			_ => {}
		}
		heard.len() >= 2 && frames > 100
	})
	.await;
	heard.sort();
	assert_eq!(heard.len(), 2, "{heard:?}");
	assert!(heard.contains(&camera) && heard[0] != heard[1], "{heard:?}");
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscribers_are_told_what_they_may_not_have() {
	let (worker, mut a, mut b, camera) = call().await;
	for allowed in [false, true] {
		let permission = proto::SubscriptionPermission {
			all_participants: allowed,
			track_permissions: Vec::new(),
		};
		a.signal(Request::SubscriptionPermission(permission));
		drive("b is told", &mut a, &mut b, |who, happening| match happening {
			Happening::Told(message) if who == 1 => match &**message {
				Response::SubscriptionPermissionUpdate(u) if u.track_sid == camera => {
					assert_eq!(u.allowed, allowed);
					true
				}
				_ => false,
			},
			_ => false,
		})
		.await;
	}
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sources_that_a_token_does_not_name_are_not_published() {
	let (worker, mut a, mut b, _) = call().await;
	let token = dev_token("c", json!({ "canPublishSources": ["microphone"] }));
	let mut c = RtcClient::join(Options { token, ..options(&worker.url(), "r", "c") })
		.await
		.expect("joins");
	let mut refused = false;
	within("the camera is refused", async {
		while !refused {
			if let Happening::Told(message) = c.next().await {
				if let Response::RequestResponse(r) = *message {
					refused = r.reason() == Reason::NotAllowed;
				}
			}
		}
	})
	.await;
	drop(c);
	a.signal(Request::Ping(1));
	drive("the call goes on", &mut a, &mut b, |_, happening| {
		matches!(happening, Happening::Media(Event::Frame { .. }))
	})
	.await;
	// A wrong secret lets nobody in.
	let keys = DevKeys::new([("devkey", "guess")]).expect("a key");
	let video = json!({ "roomJoin": true, "room": "r" });
	let claims = json!({ "iss": "devkey", "sub": "d", "exp": unix() + 600, "video": video });
	let token = keys.mint("devkey", &claims).expect("a key");
	let stranger = RtcClient::join(Options { token, ..options(&worker.url(), "r", "d") }).await;
	assert!(matches!(stranger, Err(SignalError::Refused(401))));
	worker.daemon.stop().await;
}
