//! What participants ask for, and what the others see of it.

#![allow(missing_docs)]

mod common;

use common::*;
use dtel_media_core::{client::Event, MediaKind};
use dtel_worker::{
	rtc_client::{Happening, Options, RtcClient},
	token::{mint, Grant},
};
use livekit_protocol as proto;
use prost::Message as _;
use proto::{data_packet::Value, signal_request::Message as Request};
use std::time::Duration;

/// Two participants who receive each other; the sids of the first one's audio and video.
async fn call(worker: &Worker) -> (RtcClient, RtcClient, [String; 2]) {
	let mut a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	let mut b = RtcClient::join(options(&worker.url(), "r", "b")).await.expect("joins");
	let mut sids = [const { None }; 2];
	let mut seen = [false; 2];
	drive("b receives a", &mut a, &mut b, |who, happening| {
		match happening {
			Happening::Media(Event::Frame { kind, .. }) if who == 1 => seen[index(*kind)] = true,
			Happening::Media(Event::TrackAdded { track_sid, kind, .. }) if who == 1 => {
				sids[index(*kind)] = Some(track_sid.clone());
			}
			_ => {}
		}
		seen == [true; 2]
	})
	.await;
	(a, b, sids.map(|sid| sid.expect("a track of each kind")))
}

fn index(kind: MediaKind) -> usize {
	match kind {
		MediaKind::Audio => 0,
		MediaKind::Video => 1,
	}
}

/// Waits until b's video stops (`false`) or flows (`true`) while the audio goes on.
async fn video(what: &str, a: &mut RtcClient, b: &mut RtcClient, flows: bool) {
	let mut audio_alone = 0;
	let mut videos = 0;
	drive(what, a, b, |who, happening| {
		match happening {
			Happening::Media(Event::Frame { kind: MediaKind::Audio, .. }) if who == 1 => {
				audio_alone += 1;
			}
			Happening::Media(Event::Frame { kind: MediaKind::Video, .. }) if who == 1 => {
				audio_alone = 0;
				videos += 1;
			}
			_ => {}
		}
		// Twenty frames of audio are 400 ms: twelve frames of video would have come.
		if flows {
			videos >= 20
		} else {
			audio_alone >= 50
		}
	})
	.await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscribers_and_publishers_decide_who_gets_what() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let (mut a, mut b, [microphone, camera]) = call(&worker).await;
	let subscription = |subscribe| {
		let track_sids = vec![camera.clone()];
		Request::Subscription(proto::UpdateSubscription {
			track_sids,
			subscribe,
			..Default::default()
		})
	};
	b.signal(subscription(false));
	video("unsubscribed", &mut a, &mut b, false).await;
	b.signal(subscription(true));
	video("subscribed", &mut a, &mut b, true).await;

	let permission = |all_participants, identity: &str, allowed: &str| {
		let permission = proto::TrackPermission {
			participant_identity: identity.into(),
			track_sids: vec![allowed.into()],
			..Default::default()
		};
		let track_permissions = vec![permission];
		Request::SubscriptionPermission(proto::SubscriptionPermission {
			all_participants,
			track_permissions,
		})
	};
	a.signal(permission(false, "b", &microphone));
	video("the microphone alone is allowed", &mut a, &mut b, false).await;
	a.signal(permission(false, "b", &camera));
	video("allowed by name", &mut a, &mut b, true).await;
	a.signal(permission(true, "", ""));

	let settings = |disabled| {
		let track_sids = vec![camera.clone()];
		let quality = proto::VideoQuality::High.into();
		Request::TrackSetting(proto::UpdateTrackSettings {
			track_sids,
			disabled,
			quality,
			..Default::default()
		})
	};
	b.signal(settings(true));
	video("paused", &mut a, &mut b, false).await;
	b.signal(settings(false));
	video("resumed", &mut a, &mut b, true).await;
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_are_told_of_a_mute() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let (mut a, mut b, [microphone, camera]) = call(&worker).await;
	a.signal(Request::Mute(proto::MuteTrackRequest { sid: camera.clone(), muted: true }));
	drive("b is told", &mut a, &mut b, |who, happening| match happening {
		Happening::Update(people) if who == 1 => people.iter().any(|p| {
			let muted = |sid: &String| p.tracks.iter().any(|t| t.sid == *sid && t.muted);
			p.identity == "a" && muted(&camera) && !muted(&microphone)
		}),
		_ => false,
	})
	.await;
	video("nothing of a muted track comes", &mut a, &mut b, false).await;
	a.signal(Request::Mute(proto::MuteTrackRequest { sid: camera, muted: false }));
	video("unmuted", &mut a, &mut b, true).await;
	worker.daemon.stop().await;
}

#[allow(deprecated)]
fn packet(text: &str, to: &[&str]) -> Vec<u8> {
	let user = proto::UserPacket {
		payload: text.as_bytes().to_vec(),
		participant_sid: "PA_somebody_else".into(),
		destination_identities: to.iter().map(|t| (*t).into()).collect(),
		..Default::default()
	};
	proto::DataPacket { value: Some(Value::User(user)), ..Default::default() }.encode_to_vec()
}

#[allow(deprecated)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_reaches_those_meant_under_the_senders_own_name() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let (mut a, mut b, _) = call(&worker).await;
	let sid = a.join_response().participant.as_ref().expect("a participant").sid.clone();
	let mut received = Vec::<String>::new();
	let mut waiting = true;
	let mut greeted = std::time::Instant::now();
	within("data", async {
		while received.len() < 2 {
			// A channel drops what comes before it is open: greet until a greeting has come.
			if waiting && greeted.elapsed() > Duration::from_millis(50) {
				a.send_data(true, &packet("hello", &[]));
				greeted = std::time::Instant::now();
			}
			let happening = tokio::select! {
				_ = a.next() => continue,
				happening = b.next() => happening,
			};
			let Happening::Media(Event::Data { reliable, payload }) = happening else { continue };
			let packet_in = proto::DataPacket::decode(&payload[..]).expect("a packet");
			let Some(Value::User(user)) = packet_in.value else { panic!("a user packet") };
			assert!(reliable);
			assert_eq!(
				(user.participant_sid, packet_in.participant_identity),
				(sid.clone(), "a".into())
			);
			let text = String::from_utf8(user.payload).expect("text");
			if text != "hello" {
				received.push(text);
			} else if std::mem::take(&mut waiting) {
				for message in
					[packet("not for b", &["c"]), packet("for b", &["b"]), packet("for all", &[])]
				{
					assert!(a.send_data(true, &message));
				}
			}
		}
	})
	.await;
	assert_eq!(received, ["for b", "for all"]);
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_publish_is_only_heard_of() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let grant = Grant { room: "r", identity: "viewer", can_publish: false, can_subscribe: true };
	let token = mint(&client_key(), &grant, unix(), 60);
	let options = Options { token, ..options(&worker.url(), "r", "viewer") };
	let mut viewer = RtcClient::join(options).await.expect("joins");
	let mut a = RtcClient::join(common::options(&worker.url(), "r", "a")).await.expect("joins");
	let mut received = 0;
	drive("the viewer sees a", &mut a, &mut viewer, |who, happening| match happening {
		Happening::Media(Event::Frame { kind: MediaKind::Video, .. }) => {
			assert_eq!(who, 1, "a received something");
			received += 1;
			received >= 25
		}
		Happening::Update(people) => {
			assert!(people.iter().all(|p| p.identity != "viewer" || p.tracks.is_empty()));
			false
		}
		_ => false,
	})
	.await;
	let quality = worker.quality().await;
	let people = quality["rooms"][0]["participants"].as_array().expect("participants");
	let viewer_published =
		people.iter().find(|p| p["identity"] == "viewer").map(|p| p["published"].clone());
	assert_eq!(viewer_published, Some(serde_json::json!([])));
	tokio::time::timeout(Duration::from_secs(5), viewer.leave()).await.expect("in time");
	worker.daemon.stop().await;
}
