//! Calls through a worker over real sockets.

#![allow(missing_docs)]

mod common;

use common::*;
use dtel_media_core::{client::Event, MediaKind};
use dtel_worker::{
	bot::Bots,
	rtc_client::{Happening, RtcClient},
};
use std::{collections::BTreeMap, time::Duration};

/// Joins two participants of one room and waits until both hear and see each other.
async fn call(worker: &Worker, room: &str) -> (RtcClient, RtcClient) {
	let mut a = RtcClient::join(options(&worker.url(), room, "a")).await.expect("a joins");
	let mut b = RtcClient::join(options(&worker.url(), room, "b")).await.expect("b joins");
	assert_eq!(b.join_response().other_participants.len(), 1);
	flow(&mut a, &mut b, 25).await;
	(a, b)
}

/// Waits until both participants have received so many more frames of each kind.
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_bots_hold_a_call_that_appears_in_the_statistics() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let (mut a, mut b) = call(&worker, "living room").await;

	let quality = worker.quality().await;
	let room = &quality["rooms"][0];
	assert_eq!(room["name"], "living room");
	assert_eq!(room["probe"], false);
	let participants = room["participants"].as_array().expect("participants");
	assert_eq!(participants.len(), 2);
	for participant in participants {
		assert_eq!(participant["publisher_connected"], true, "{participant}");
		assert_eq!(participant["subscriber_connected"], true, "{participant}");
		for way in ["published", "subscribed"] {
			let tracks = participant[way].as_array().expect("tracks");
			let kinds: Vec<_> = tracks.iter().map(|t| t["kind"].as_str().expect("kind")).collect();
			assert!(kinds.contains(&"audio") && kinds.contains(&"video"), "{way}: {kinds:?}");
			let packets = |t: &serde_json::Value| -> u64 {
				let streams = t["streams"].as_array().expect("streams");
				streams.iter().map(|s| s["packets"].as_u64().expect("packets")).sum()
			};
			assert!(tracks.iter().all(|t| packets(t) > 0), "{way}: {tracks:?}");
		}
	}
	assert!(quality["totals"]["rtp_forwarded"].as_u64() > Some(50));

	let (status, rooms) = http(worker.daemon.private, "GET /v1/rooms").await;
	assert_eq!(status, 200);
	assert!(rooms.contains("living room"), "{rooms}");
	let (status, metrics) = http(worker.daemon.private, "GET /metrics").await;
	assert_eq!(status, 200);
	assert!(metrics.contains("dtel_worker_participants 2"), "{metrics}");

	flow(&mut a, &mut b, 10).await;
	a.leave().await;
	within("b sees a go", async {
		loop {
			if let Happening::Update(who) = b.next().await {
				let gone = livekit_protocol::participant_info::State::Disconnected;
				if who.iter().any(|p| p.identity == "a" && p.state() == gone) {
					break;
				}
			}
		}
	})
	.await;
	b.leave().await;
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bots_report_good_calls() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let bots = Bots {
		url: worker.url(),
		room: "r".into(),
		pairs: 2,
		duration: Duration::from_secs(4),
		key: client_key(),
	};
	let (_stop, stopped) = tokio::sync::watch::channel(false);
	let summary = within("bots", bots.run(stopped, |_| {})).await;
	assert!(summary.is_good(), "{summary:?}");
	assert!(summary.loss < 0.02, "{summary:?}");
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shutdown_tells_participants_to_come_back() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let mut a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	let stopping = tokio::spawn(worker.daemon.stop());
	let why = within("goodbye", async {
		loop {
			if let Happening::Left(why) = a.next().await {
				break why;
			}
		}
	})
	.await;
	assert!(why.contains("SERVER_SHUTDOWN"), "{why}");
	drop(a);
	within("stop", stopping).await.expect("stopped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_join_with_an_identity_replaces_the_first() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let mut first = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	let second = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	assert!(second.join_response().other_participants.is_empty());
	let why = within("the first is sent away", async {
		loop {
			if let Happening::Left(why) = first.next().await {
				break why;
			}
		}
	})
	.await;
	assert!(why.contains("DUPLICATE_IDENTITY"), "{why}");
	worker.daemon.stop().await;
}
