//! LiveKit's `RoomService` against the running engine.

#![allow(missing_docs)]

mod common;

use common::{twirp::*, *};
use dtel_media_core::client::Event;
use dtel_worker::{
	chain::Issuer,
	rtc_client::{Happening, RtcClient},
	token::mint_claims,
};
use ed25519_dalek::SigningKey;
use livekit_protocol as proto;
use prost::Message as _;
use proto::data_packet::Value as Data;
use serde_json::{json, Value};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rooms_are_made_listed_and_ended() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let token = api_token(json!({ "roomCreate": true, "roomList": true }));
	let wanted = json!({ "name": "r", "emptyTimeout": 60, "departureTimeout": 7, "maxParticipants": 1, "metadata": "m" });
	let (status, made) = call(&worker, "CreateRoom", &token, wanted).await;
	assert_eq!(status, 200, "{made}");
	assert_eq!((made["name"].as_str(), made["metadata"].as_str()), (Some("r"), Some("m")));
	assert_eq!((&made["emptyTimeout"], &made["departureTimeout"]), (&json!(60), &json!(7)));
	assert!(made["sid"].as_str().expect("a sid").starts_with("RM_"));
	// A second time it is the same room; by protobuf, too.
	let again = proto::CreateRoomRequest { name: "r".into(), ..Default::default() };
	let again: proto::Room = call_binary(&worker, "CreateRoom", &token, &again).await;
	assert_eq!((Some(again.sid.as_str()), again.max_participants), (made["sid"].as_str(), 1));

	// Who joins finds it as it was made; one more than fits is turned away.
	let a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	let room = a.join_response().room.as_ref().expect("a room");
	assert_eq!((&room.sid, room.metadata.as_str()), (&again.sid, "m"));
	assert!(RtcClient::join(options(&worker.url(), "r", "b")).await.is_err(), "the room is full");

	let (_, rooms) = call(&worker, "ListRooms", &token, json!({})).await;
	assert_eq!(rooms["rooms"][0]["numParticipants"], 1, "{rooms}");
	let named = proto::ListRoomsRequest { names: vec!["other".into()] };
	let none: proto::ListRoomsResponse = call_binary(&worker, "ListRooms", &token, &named).await;
	assert!(none.rooms.is_empty());

	// For another key there is no such room.
	let other = SigningKey::from_bytes(&[12; 32]);
	worker.chain.set_issuer(public(&other), Issuer::Client { limit: 1 });
	let grants = json!({ "roomCreate": true, "roomList": true, "roomAdmin": true, "room": "r" });
	let others = mint_claims(&other, json!({ "exp": unix() + 60, "video": grants }));
	let (_, rooms) = call(&worker, "ListRooms", &others, json!({})).await;
	assert_eq!(rooms, json!({}));
	let who = json!({ "room": "r", "identity": "a" });
	for (method, body) in [("DeleteRoom", json!({ "room": "r" })), ("RemoveParticipant", who)] {
		assert_eq!(call(&worker, method, &others, body).await.0, 404, "{method}");
	}
	// It may keep as many rooms waiting as it may have participants.
	for (name, status) in [("x", 200), ("x", 200), ("y", 429)] {
		assert_eq!(call(&worker, "CreateRoom", &others, json!({ "name": name })).await.0, status);
	}

	let (status, gone) = call(&worker, "DeleteRoom", &token, json!({ "room": "r" })).await;
	assert_eq!((status, gone), (200, json!({})));
	assert_eq!(left(a).await, "asked to leave: ROOM_DELETED");
	let (_, rooms) = call(&worker, "ListRooms", &token, json!({})).await;
	assert_eq!(rooms, json!({}));
	worker.daemon.stop().await;
}

/// Waits until a participant is sent away; why.
async fn left(mut client: RtcClient) -> String {
	within("leave", async {
		loop {
			if let Happening::Left(why) = client.next().await {
				return why;
			}
		}
	})
	.await
}

/// Two participants who receive each other's audio and video; sids of the first one's tracks.
async fn call_of_two(worker: &Worker) -> (RtcClient, RtcClient) {
	let mut a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	let mut b = RtcClient::join(options(&worker.url(), "r", "b")).await.expect("joins");
	let mut seen = [false; 2];
	drive("both see each other", &mut a, &mut b, |who, happening| {
		seen[who] |= matches!(happening, Happening::Media(Event::Frame { .. }));
		seen == [true; 2]
	})
	.await;
	(a, b)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn participants_are_shown_changed_muted_and_sent_away() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let (mut a, mut b) = call_of_two(&worker).await;
	let token = api_token(json!({ "roomAdmin": true, "room": "r" }));
	let who = json!({ "room": "r", "identity": "a" });
	let (_, people) = call(&worker, "ListParticipants", &token, json!({ "room": "r" })).await;
	let mut names: Vec<_> =
		people["participants"].as_array().expect("people").iter().map(|p| &p["identity"]).collect();
	names.sort_by_key(|n| n.to_string());
	assert_eq!(names, [&json!("a"), &json!("b")]);
	let (_, shown) = call(&worker, "GetParticipant", &token, who.clone()).await;
	let camera = shown["tracks"].as_array().expect("tracks").iter();
	let camera = camera.clone().find(|t| t["type"] == "VIDEO").expect("a camera")["sid"].clone();

	// Mute: the others see it, its publisher is told; unmuting is for the publisher alone.
	let mute = |muted| json!({ "room": "r", "identity": "a", "trackSid": camera, "muted": muted });
	let (status, muted) = call(&worker, "MutePublishedTrack", &token, mute(true)).await;
	assert_eq!((status, &muted["track"]["muted"]), (200, &json!(true)));
	drive("b sees a muted", &mut a, &mut b, |who, happening| match happening {
		Happening::Update(people) if who == 1 => {
			let muted = |p: &proto::ParticipantInfo| p.tracks.iter().any(|t| t.muted);
			people.iter().any(|p| p.identity == "a" && muted(p))
		}
		_ => false,
	})
	.await;
	let (status, refused) = call(&worker, "MutePublishedTrack", &token, mute(false)).await;
	assert_eq!((status, refused["code"].as_str()), (412, Some("failed_precondition")));
	let mut other = mute(true);
	other["trackSid"] = "TR_none".into();
	assert_eq!(call(&worker, "MutePublishedTrack", &token, other).await.0, 404);

	// Name, metadata, attributes: what is left out stays.
	let update = json!({ "room": "r", "identity": "a", "name": "A", "metadata": "m", "attributes": { "k": "v", "l": "w" } });
	let (_, now) = call(&worker, "UpdateParticipant", &token, update).await;
	assert_eq!((now["name"].as_str(), now["metadata"].as_str()), (Some("A"), Some("m")));
	let update = proto::UpdateParticipantRequest {
		room: "r".into(),
		identity: "a".into(),
		attributes: [("k".to_string(), String::new())].into(),
		..Default::default()
	};
	let now: proto::ParticipantInfo =
		call_binary(&worker, "UpdateParticipant", &token, &update).await;
	assert_eq!((now.name.as_str(), now.metadata.as_str()), ("A", "m"));
	assert_eq!(now.attributes, [("l".to_string(), "w".to_string())].into());
	drive("b sees the attributes", &mut a, &mut b, |who, happening| match happening {
		Happening::Update(people) if who == 1 => {
			people.iter().any(|p| p.attributes == now.attributes)
		}
		_ => false,
	})
	.await;
	let long = json!({ "room": "r", "identity": "a", "metadata": "x".repeat(70_000) });
	assert_eq!(call(&worker, "UpdateParticipant", &token, long).await.0, 400);

	// Without the permission to publish its tracks are gone.
	let permission = json!({ "canSubscribe": true, "canPublish": false, "canPublishData": true });
	let update = json!({ "room": "r", "identity": "a", "permission": permission });
	let (_, now) = call(&worker, "UpdateParticipant", &token, update).await;
	assert_eq!(now["tracks"], Value::Null, "{now}");
	assert_eq!(now["permission"]["canSubscribe"], json!(true));
	drive("b sees no tracks of a", &mut a, &mut b, |who, happening| match happening {
		Happening::Update(people) if who == 1 => {
			people.iter().any(|p| p.identity == "a" && p.tracks.is_empty())
		}
		_ => false,
	})
	.await;

	let (status, gone) = call(&worker, "RemoveParticipant", &token, who.clone()).await;
	assert_eq!((status, gone), (200, json!({})));
	assert_eq!(left(a).await, "asked to leave: PARTICIPANT_REMOVED");
	assert_eq!(call(&worker, "RemoveParticipant", &token, who).await.0, 404);
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[allow(deprecated)]
async fn subscriptions_data_and_metadata_reach_participants() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let (mut a, mut b) = call_of_two(&worker).await;
	let token = api_token(json!({ "roomAdmin": true, "room": "r" }));
	let sid = b.join_response().participant.as_ref().expect("b").sid.clone();
	let send = |text: &str, sids: Vec<String>, identities: Vec<String>| proto::SendDataRequest {
		room: "r".into(),
		data: text.as_bytes().to_vec(),
		destination_sids: sids,
		destination_identities: identities,
		topic: Some("t".into()),
		..Default::default()
	};
	let mut received: [Vec<String>; 2] = Default::default();
	// The channels may open later than the media: greet until both have heard it.
	let greet = send("hello", vec![], vec![]);
	within("greetings", async {
		let mut again = tokio::time::interval(std::time::Duration::from_millis(100));
		loop {
			tokio::select! {
				_ = again.tick() => {
					let _: proto::SendDataResponse = call_binary(&worker, "SendData", &token, &greet).await;
				}
				h = a.next() => received[0].extend(text(&h)),
				h = b.next() => received[1].extend(text(&h)),
			}
			if received.iter().all(|r| !r.is_empty()) {
				break;
			}
		}
	})
	.await;
	for message in [
		send("for a", vec![], vec!["a".into()]),
		send("for b", vec![sid], vec![]),
		send("last", vec![], vec![]),
	] {
		let _: proto::SendDataResponse = call_binary(&worker, "SendData", &token, &message).await;
	}
	let mut rest: [Vec<String>; 2] = Default::default();
	drive("data", &mut a, &mut b, |who, happening| {
		rest[who].extend(text(happening).filter(|t| t != "hello"));
		rest.iter().all(|r| r.last().is_some_and(|t| t == "last"))
	})
	.await;
	assert_eq!(rest, [["for a", "last"].map(String::from), ["for b", "last"].map(String::from)]);
	let large = send(&"x".repeat(200_000), vec![], vec![]);
	let headers = format!("content-type: application/protobuf\r\n{}", bearer(&token));
	let (status, ..) =
		request(worker.daemon.public, "POST", &path("SendData"), &headers, &large.encode_to_vec())
			.await;
	assert_eq!(status, 400);

	// b no longer gets a's tracks, then again.
	let (_, shown) =
		call(&worker, "GetParticipant", &token, json!({ "room": "r", "identity": "a" })).await;
	let sids: Vec<_> =
		shown["tracks"].as_array().expect("tracks").iter().map(|t| t["sid"].clone()).collect();
	for subscribe in [false, true] {
		let update = json!({ "room": "r", "identity": "b", "trackSids": sids, "subscribe": subscribe, "participantTracks": [] });
		assert_eq!(call(&worker, "UpdateSubscriptions", &token, update).await, (200, json!({})));
		let (mut silent, mut frames) = (0, 0);
		// a goes on receiving b: that is the clock.
		drive("subscriptions", &mut a, &mut b, |who, happening| {
			if matches!(happening, Happening::Media(Event::Frame { .. })) {
				if who == 1 {
					(silent, frames) = (0, frames + 1);
				} else {
					silent += 1;
				}
			}
			if subscribe {
				frames >= 20
			} else {
				silent >= 60
			}
		})
		.await;
	}

	let metadata = json!({ "room": "r", "metadata": "new" });
	let (status, room) = call(&worker, "UpdateRoomMetadata", &token, metadata).await;
	assert_eq!((status, room["metadata"].as_str()), (200, Some("new")));
	let c = RtcClient::join(options(&worker.url(), "r", "c")).await.expect("joins");
	assert_eq!(c.join_response().room.as_ref().expect("a room").metadata, "new");
	assert_eq!(room["sid"], c.join_response().room.as_ref().expect("a room").sid.as_str());
	worker.daemon.stop().await;
}

fn text(happening: &Happening) -> Option<String> {
	let Happening::Media(Event::Data { payload, .. }) = happening else { return None };
	let packet = proto::DataPacket::decode(&payload[..]).expect("a packet");
	let Some(Data::User(user)) = packet.value else { return None };
	assert_eq!(user.topic.as_deref(), Some("t"));
	String::from_utf8(user.payload).ok()
}
