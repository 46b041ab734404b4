//! A daemon that goes out of service.

#![allow(missing_docs)]

mod common;

use common::*;
use dtel_worker::rtc_client::{Happening, RtcClient};
use std::time::Duration;

async fn draining(worker: &Worker) -> bool {
	worker.quality().await["draining"] == true
}

/// Why a participant was sent away.
async fn sent_away(client: &mut RtcClient) -> String {
	within("to be sent away", async {
		loop {
			if let Happening::Left(why) = client.next().await {
				break why;
			}
		}
	})
	.await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_go_on_and_new_rooms_are_refused_until_nobody_is_left() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	let drained = tokio::spawn(worker.daemon.drained());
	assert!(!draining(&worker).await);
	assert_eq!(http(worker.daemon.private, "POST /v1/drain").await.0, 202);
	within("it to begin", async { while !draining(&worker).await {} }).await;

	let b = RtcClient::join(options(&worker.url(), "r", "b")).await;
	let b = b.expect("a call may be joined");
	assert!(RtcClient::join(options(&worker.url(), "other", "c")).await.is_err());
	assert!(!drained.is_finished());
	b.leave().await;
	assert!(!drained.is_finished());
	a.leave().await;
	within("it to be empty", drained).await.expect("no panic");
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_stay_are_told_to_connect_anew_when_the_time_is_over() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.drain_seconds = 1;
	})
	.await;
	let mut a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	worker.daemon.drain_switch().send_replace(true);
	within("the time to pass", worker.daemon.drained()).await;
	let (why, ()) = tokio::join!(sent_away(&mut a), async {
		tokio::time::timeout(Duration::from_secs(20), worker.daemon.stop()).await.expect("stops")
	});
	assert!(why.contains("SERVER_SHUTDOWN"), "{why}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn empty_daemon_has_nothing_to_wait_for() {
	let worker = worker(|c| c.probe.enabled = false).await;
	worker.daemon.drain_switch().send_replace(true);
	within("it to be empty", worker.daemon.drained()).await;
	worker.daemon.stop().await;
}
