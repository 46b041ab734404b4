//! Connections that break and come back.

#![allow(missing_docs)]

mod common;

use common::*;
use dtel_media_core::{client::Event, MediaKind};
use dtel_worker::rtc_client::{Happening, RtcClient};
use livekit_protocol as proto;
use proto::{
	participant_info::State, signal_request::Message as Request,
	signal_response::Message as Response,
};
use std::{collections::BTreeMap, time::Duration};

async fn flow(what: &str, a: &mut RtcClient, b: &mut RtcClient, frames: u32) {
	let mut counts = BTreeMap::<(usize, MediaKind), u32>::new();
	drive(what, a, b, |who, happening| {
		if let Happening::Media(Event::Frame { kind, .. }) = happening {
			*counts.entry((who, *kind)).or_default() += 1;
		}
		counts.len() == 4 && counts.values().all(|n| *n >= frames)
	})
	.await;
}

async fn sid_of(worker: &Worker, identity: &str) -> Option<String> {
	let quality = worker.quality().await;
	let people = quality["rooms"][0]["participants"].as_array().cloned().unwrap_or_default();
	let found = people.iter().find(|p| p["identity"] == identity)?;
	found["sid"].as_str().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_connection_is_resumed_and_media_go_on() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let mut a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	let mut b = RtcClient::join(options(&worker.url(), "r", "b")).await.expect("joins");
	flow("before", &mut a, &mut b, 25).await;
	let sid = sid_of(&worker, "a").await.expect("there");

	let first = a.resume(&worker.url(), &token("r", "a")).await.expect("connects");
	let Response::Reconnect(reconnect) = first else { panic!("{first:?}") };
	assert!(reconnect.server_info.is_some());
	// It is told at once who is there, itself included; b is told nothing of it.
	let mut told = false;
	drive("an update", &mut a, &mut b, |who, happening| {
		if let Happening::Update(people) = happening {
			assert!(people.iter().all(|p| p.state() != State::Disconnected), "{people:?}");
			told |= who == 0 && people.len() == 2 && people.iter().all(|p| p.tracks.len() == 2);
		}
		told
	})
	.await;
	flow("after", &mut a, &mut b, 50).await;
	assert_eq!(sid_of(&worker, "a").await, Some(sid), "it is the same participant");
	// And once more, to see that the first time left nothing behind.
	let again = a.resume(&worker.url(), &token("r", "a")).await.expect("connects");
	assert!(matches!(again, Response::Reconnect(_)), "{again:?}");
	flow("after the second time", &mut a, &mut b, 25).await;
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_come_back_is_removed_after_the_grace_time() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.signal.resume_seconds = 1;
	})
	.await;
	let a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	let mut b = RtcClient::join(options(&worker.url(), "r", "b")).await.expect("joins");
	let began = std::time::Instant::now();
	drop(a);
	within("b sees a go", async {
		loop {
			if let Happening::Update(people) = b.next().await {
				if let Some(gone) = people.iter().find(|p| p.state() == State::Disconnected) {
					break assert_eq!(gone.identity, "a");
				}
			}
		}
	})
	.await;
	assert!(began.elapsed() >= Duration::from_millis(900), "{:?}", began.elapsed());
	// Nothing is left to be resumed.
	let again = b.resume(&worker.url(), &token("r", "a")).await.expect("connects");
	match again {
		Response::Leave(leave) => {
			assert!(leave.can_reconnect);
			assert_eq!(leave.action(), proto::leave_request::Action::Reconnect);
		}
		other => panic!("{other:?}"),
	}
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_left_properly_or_is_somebody_else_resumes_nothing() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	let mut b = RtcClient::join(options(&worker.url(), "r", "b")).await.expect("joins");
	let mut c = RtcClient::join(options(&worker.url(), "r", "c")).await.expect("joins");
	// b's sid with a's token.
	let stolen = b.resume(&worker.url(), &token("r", "a")).await.expect("connects");
	assert!(matches!(stolen, Response::Leave(_)), "{stolen:?}");
	// b itself is still there and comes back; who left meanwhile is among what it is told.
	let sid = a.join_response().participant.as_ref().expect("a participant").sid.clone();
	a.leave().await;
	within("c sees a go", async {
		loop {
			let gone =
				|p: &proto::ParticipantInfo| p.sid == sid && p.state() == State::Disconnected;
			if matches!(c.next().await, Happening::Update(people) if people.iter().any(gone)) {
				break;
			}
		}
	})
	.await;
	let back = b.resume(&worker.url(), &token("r", "b")).await.expect("connects");
	assert!(matches!(back, Response::Reconnect(_)), "{back:?}");
	within("b sees a gone", async {
		loop {
			let gone =
				|p: &proto::ParticipantInfo| p.sid == sid && p.state() == State::Disconnected;
			if matches!(b.next().await, Happening::Update(people) if people.iter().any(gone)) {
				break;
			}
		}
	})
	.await;
	// The token must be good: an old one resumes nothing.
	let grant = dtel_worker::token::Grant {
		room: "r",
		identity: "b",
		can_publish: true,
		can_subscribe: true,
	};
	let expired = dtel_worker::token::mint(&client_key(), &grant, unix() - 1_000, 10);
	assert!(b.resume(&worker.url(), &expired).await.is_err());
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fresh_token_is_good_for_a_resume() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.signal.token_seconds = 10;
	})
	.await;
	let grant = dtel_worker::token::Grant {
		room: "r",
		identity: "a",
		can_publish: true,
		can_subscribe: true,
	};
	let short = dtel_worker::token::mint(&client_key(), &grant, unix(), 5);
	let join = dtel_worker::rtc_client::Options {
		token: short.clone(),
		..options(&worker.url(), "r", "a")
	};
	let mut a = RtcClient::join(join).await.expect("joins");
	let fresh = within("a fresh token", async {
		loop {
			if let Happening::Told(message) = a.next().await {
				if let Response::RefreshToken(token) = *message {
					break token;
				}
			}
		}
	})
	.await;
	assert_ne!(fresh, short);
	let first = a.resume(&worker.url(), &fresh).await.expect("connects");
	assert!(matches!(first, Response::Reconnect(_)), "{first:?}");
	// With the key the token goes.
	worker.chain.set_issuer(public(&client_key()), dtel_worker::chain::Issuer::Unknown);
	assert!(a.resume(&worker.url(), &fresh).await.is_err());
	a.signal(Request::Ping(1));
	worker.daemon.stop().await;
}
