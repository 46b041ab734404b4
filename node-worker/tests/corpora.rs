//! What participants and apps really say, as first inputs of the fuzz targets: recorded between a client and a worker.
//!
//! With `DTEL_RECORD_CORPORA=<dir>` it is written there. See `fuzz/README.md`.

#![allow(missing_docs)]

mod common;

use common::*;
use dtel_media_core::client::Event;
use dtel_worker::{
	rtc_client::{Happening, RtcClient},
	token::encode_key,
};
use futures::{SinkExt, StreamExt};
use livekit_protocol as proto;
use prost::Message as _;
use serde_json::json;
use std::{
	net::SocketAddr,
	path::Path,
	sync::{Arc, Mutex},
};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
	accept_hdr_async, connect_async,
	tungstenite::{
		handshake::server::{Request, Response},
		Message,
	},
};

type Frames = Arc<Mutex<Vec<Vec<u8>>>>;

/// A relay in front of the worker that keeps what clients say.
async fn relay(to: SocketAddr) -> (SocketAddr, Frames) {
	let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
	let address = listener.local_addr().expect("bound");
	let frames = Frames::default();
	let kept = Arc::clone(&frames);
	tokio::spawn(async move {
		while let Ok((stream, _)) = listener.accept().await {
			tokio::spawn(pass(stream, to, Arc::clone(&kept)));
		}
	});
	(address, frames)
}

#[allow(clippy::result_large_err)] // tungstenite's own type
async fn pass(stream: TcpStream, to: SocketAddr, frames: Frames) {
	let mut path = String::new();
	let note = |request: &Request, response: Response| {
		path = request.uri().to_string();
		Ok(response)
	};
	let Ok(client) = accept_hdr_async(stream, note).await else { return };
	let Ok((worker, _)) = connect_async(format!("ws://{to}{path}")).await else { return };
	let ((mut to_client, mut from_client), (mut to_worker, mut from_worker)) =
		(client.split(), worker.split());
	loop {
		tokio::select! {
			frame = from_client.next() => {
				let Some(Ok(frame)) = frame else { return };
				if let Message::Binary(bytes) = &frame {
					frames.lock().expect("lock").push(bytes.to_vec());
				}
				if to_worker.send(frame).await.is_err() {
					return;
				}
			},
			frame = from_worker.next() => {
				let Some(Ok(frame)) = frame else { return };
				if to_client.send(frame).await.is_err() {
					return;
				}
			},
		}
	}
}

fn write(target: &str, inputs: &[Vec<u8>]) {
	assert!(inputs.len() >= 5, "{target}: {}", inputs.len());
	let Ok(dir) = std::env::var("DTEL_RECORD_CORPORA") else { return };
	let dir = Path::new(&dir).join(target);
	std::fs::create_dir_all(&dir).expect("directory");
	for (place, input) in inputs.iter().enumerate() {
		std::fs::write(dir.join(format!("seed-{place:02}")), input).expect("written");
	}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_clients_say_is_understood_in_both_forms() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let (address, frames) = relay(worker.daemon.public).await;
	let url = format!("ws://{address}");
	let mut a = RtcClient::join(options(&url, "r", "a")).await.expect("joins");
	let mut b = RtcClient::join(options(&url, "r", "b")).await.expect("joins");
	let mut seen = 0;
	drive("media", &mut a, &mut b, |_, happening| {
		seen += u32::from(matches!(happening, Happening::Media(Event::Frame { .. })));
		seen >= 50
	})
	.await;
	a.leave().await;
	b.leave().await;
	let mut frames = std::mem::take(&mut *frames.lock().expect("lock"));
	frames.extend(others().iter().map(proto::SignalRequest::encode_to_vec));
	let mut kinds = Vec::new();
	let mut texts = Vec::new();
	for frame in &frames {
		let request = proto::SignalRequest::decode(frame.as_slice()).expect("protobuf");
		let text = serde_json::to_string(&request).expect("JSON");
		let again: proto::SignalRequest = serde_json::from_str(&text).expect("JSON");
		assert_eq!(again, request, "{text}");
		kinds.push(std::mem::discriminant(request.message.as_ref().expect("a message")));
		texts.push(text.into_bytes());
	}
	kinds.dedup();
	assert!(kinds.len() >= 12, "{} kinds", kinds.len());
	write("signal_protobuf", &frames);
	write("signal_json", &texts);
	worker.daemon.stop().await;
}

/// Messages that the call bots do not send.
fn others() -> Vec<proto::SignalRequest> {
	let json = [
		json!({ "ping": "5" }),
		json!({ "pingReq": { "timestamp": "5", "rtt": "7" } }),
		json!({ "mute": { "sid": "TR_x", "muted": true } }),
		json!({ "subscription": { "trackSids": ["TR_x"], "subscribe": true, "participantTracks": [{ "participantSid": "PA_x", "trackSids": ["TR_x"] }] } }),
		json!({ "trackSetting": { "trackSids": ["TR_x"], "quality": "HIGH", "width": 640, "height": 360, "fps": 15, "priority": 1 } }),
		json!({ "subscriptionPermission": { "allParticipants": false, "trackPermissions": [{ "participantSid": "PA_x", "allTracks": true }] } }),
		json!({ "updateMetadata": { "metadata": "m", "name": "n", "attributes": { "a": "1" }, "requestId": 3 } }),
		json!({ "syncState": { "subscription": { "trackSids": ["TR_x"] }, "dataChannels": [{ "label": "_lossy", "id": 1 }], "offer": { "type": "offer", "sdp": "v=0\r\n" } } }),
		json!({ "simulate": { "nodeFailure": true } }),
		json!({ "updateVideoTrack": { "trackSid": "TR_x", "width": 1, "height": 2 } }),
		json!({ "updateAudioTrack": { "trackSid": "TR_x", "features": ["TF_STEREO"] } }),
		json!({ "trickle": { "candidateInit": "{\"candidate\":\"candidate:1 1 udp 1 192.0.2.1 9 typ host\",\"sdpMid\":\"0\"}", "target": "SUBSCRIBER", "final": true } }),
		json!({ "leave": { "reason": "CLIENT_INITIATED" } }),
	];
	json.map(|j| serde_json::from_value(j).expect("a message")).into()
}

#[test]
fn what_apps_say_is_understood_in_both_forms() {
	fn both<M: prost::Message + Default + serde::de::DeserializeOwned>(
		which: u8,
		body: serde_json::Value,
		inputs: &mut Vec<Vec<u8>>,
	) {
		let message: M = serde_json::from_value(body.clone()).expect("a message");
		inputs.push([&[which], body.to_string().as_bytes()].concat());
		// The high bit says protobuf; the rest of it has to name the same method.
		let binary = (128..=255).find(|b| b % 11 == which % 11).expect("there is one");
		inputs.push([&[binary], message.encode_to_vec().as_slice()].concat());
	}
	let (mut inputs, who) = (Vec::new(), json!({ "room": "r", "identity": "a" }));
	let create = json!({ "name": "r", "emptyTimeout": 7, "maxParticipants": 3, "metadata": "m" });
	both::<proto::CreateRoomRequest>(0, create, &mut inputs);
	both::<proto::ListRoomsRequest>(1, json!({ "names": ["r"] }), &mut inputs);
	both::<proto::DeleteRoomRequest>(2, json!({ "room": "r" }), &mut inputs);
	both::<proto::ListParticipantsRequest>(3, json!({ "room": "r" }), &mut inputs);
	both::<proto::RoomParticipantIdentity>(4, who, &mut inputs);
	let mute = json!({ "room": "r", "identity": "a", "trackSid": "TR_x", "muted": true });
	both::<proto::MuteRoomTrackRequest>(5, mute, &mut inputs);
	let update = json!({ "room": "r", "identity": "a", "metadata": "m", "permission": { "canPublish": true, "canPublishSources": ["CAMERA"] }, "attributes": { "a": "1" } });
	both::<proto::UpdateParticipantRequest>(6, update, &mut inputs);
	let subscribe = json!({ "room": "r", "identity": "a", "trackSids": ["TR_x"], "subscribe": true, "participantTracks": [{ "participantSid": "PA_x", "trackSids": ["TR_x"] }] });
	both::<proto::UpdateSubscriptionsRequest>(7, subscribe, &mut inputs);
	let send = json!({ "room": "r", "data": "aGk=", "kind": "RELIABLE", "topic": "t", "destinationIdentities": ["a"] });
	both::<proto::SendDataRequest>(8, send, &mut inputs);
	let metadata = json!({ "room": "r", "metadata": "m" });
	both::<proto::UpdateRoomMetadataRequest>(9, metadata, &mut inputs);
	inputs.push(b"\x0aapplication/json; charset=utf-8".to_vec());
	write("twirp", &inputs);

	let header = br#"{"alg":"EdDSA","typ":"JWT"}"#;
	let claims = |video: serde_json::Value| json!({ "iss": "$K", "sub": "a", "nbf": 1_799_999_990u64, "exp": 1_800_000_600u64, "video": video });
	let mut full = claims(
		json!({ "roomJoin": true, "room": "r", "canPublish": true, "canPublishSources": ["camera"], "hidden": true }),
	);
	full["attributes"] = json!({ "a": "1" });
	full["metadata"] = json!("m");
	full["webHookURL"] = json!("https://x.example/h");
	full["roomConfig"] = json!({ "emptyTimeout": 7, "maxParticipants": 3 });
	let mut dev = claims(json!({ "roomJoin": true, "room": "r" }));
	dev["iss"] = json!("devkey");
	let own = encode_key(&[77; 32]);
	let inputs: Vec<_> = [
		full,
		dev,
		claims(json!({ "roomAdmin": true, "room": "r" })),
		claims(json!({ "roomCreate": true, "roomList": true })),
		claims(json!({ "roomJoin": true, "room": format!("probe-$K-{own}-1") })),
	]
	.iter()
	.map(|claims| [&header[..], &[0], claims.to_string().as_bytes()].concat())
	.chain([token("r", "a").into_bytes()])
	.collect();
	write("jwt", &inputs);
}
