//! What a worker says of its own service.

#![allow(missing_docs)]

mod common;

use codec::DecodeAll;
use common::*;
use dtel_media_core::{client::Event, probe::ProbeConfig, MediaKind};
use dtel_primitives::{
	report::{SelfReport, WorkerReport},
	MediaKey,
};
use dtel_worker::{
	chain::Issuer,
	prober::{probe, Progress},
	rtc_client::{Happening, RtcClient},
};
use ed25519_dalek::SigningKey;
use serde_json::Value;
use std::time::Duration;

/// One test at a time: what is measured shall not compete.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Holds a call of two for so many audio packets each.
async fn call(worker: &Worker, packets: u32) -> (RtcClient, RtcClient) {
	let mut a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("a joins");
	let mut b = RtcClient::join(options(&worker.url(), "r", "b")).await.expect("b joins");
	let mut heard = [0; 2];
	drive("audio in both directions", &mut a, &mut b, |who, happening| {
		if let Happening::Media(Event::Frame { kind: MediaKind::Audio, .. }) = happening {
			heard[who] += 1;
		}
		heard.iter().all(|n| *n >= packets)
	})
	.await;
	(a, b)
}

async fn own_metrics(worker: &Worker) -> Vec<String> {
	let (status, text) = http(worker.daemon.private, "GET /metrics").await;
	assert_eq!(status, 200);
	let own = text.lines().filter(|l| l.starts_with("dtel_worker_own_"));
	own.map(ToOwned::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_counts_and_a_probe_does_not() {
	let _alone = ALONE.lock().await;
	let target = worker(|c| c.probe.enabled = false).await;
	let verifier = SigningKey::from_bytes(&[21; 32]);
	target.chain.set_issuer(public(&verifier), Issuer::Node);
	let me = || node(1, &target.key, &target.daemon.public.to_string());
	assert_eq!(target.quality().await["own"], Value::Null);
	target.chain.set_head(head(first_block(3), me(), Vec::new()));
	let own = || async { target.quality().await["own"].clone() };

	let config = ProbeConfig {
		setup_timeout: Duration::from_secs(8),
		warm_up: Duration::from_millis(500),
		window: Duration::from_secs(4),
		grace: Duration::from_millis(500),
		..ProbeConfig::default()
	};
	let domain = target.daemon.public.to_string();
	let media = public(&target.key);
	let result = within("probe", probe(&verifier, &media, &domain, config)).await.expect("taken");
	assert!(result.result.up, "{result:?}");
	let quality = target.quality().await;
	assert!(quality["era_totals"]["rtp_forwarded"].as_u64() > Some(200), "{quality}");
	assert_eq!(quality["own"], Value::Null);
	assert_eq!(own_metrics(&target).await, [""; 0]);

	let (a, b) = call(&target, 250).await;
	let said: SelfReport = serde_json::from_value(own().await).expect("a call");
	assert_eq!((said.participants, said.validate()), (2, Ok(())));
	assert!(said.up_kbps > 0 && said.down_kbps > 0 && said.mos_centi > 300, "{said:?}");
	assert!(said.rtt_us < 1_000_000 && said.jitter_us < 100_000, "{said:?}");
	let shown = own_metrics(&target).await;
	assert_eq!(shown.len(), 7, "{shown:?}");
	assert_eq!(shown[0], "dtel_worker_own_participants{} 2.0");

	// Another era, another account.
	a.leave().await;
	b.leave().await;
	within("nobody", async {
		while target.quality().await["rooms"].as_array().is_some_and(|r| !r.is_empty()) {
			tokio::time::sleep(Duration::from_millis(20)).await;
		}
	})
	.await;
	target.chain.set_head(head(first_block(4), me(), Vec::new()));
	within("the next era", async {
		while !own().await.is_null() {
			tokio::time::sleep(Duration::from_millis(20)).await;
		}
	})
	.await;
	assert_eq!(own_metrics(&target).await, [""; 0]);
	target.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_says_how_calls_went() {
	let _alone = ALONE.lock().await;
	let target = worker(|c| c.probe.enabled = false).await;
	let me = worker(|c| {
		c.probe.calls = 1;
		c.probe.call_seconds = 4;
		c.probe.spread = false;
	})
	.await;
	target.chain.set_issuer(public(&me.key), Issuer::Node);
	let targets = vec![(7, target.key.clone(), target.daemon.public.to_string())];
	let view = node(1, &me.key, &me.daemon.public.to_string());
	let era = 3;
	me.chain.set_head(head(first_block(era), view, targets));
	let mut progress = me.daemon.progress.clone();
	let reported = progress.wait_for(|p| *p == Progress::Reported(era));
	let (reported, (a, b)) = tokio::join!(within("report", reported), async {
		// As long as it is measured.
		call(&me, 500).await
	});
	reported.expect("alive");
	let (status, _, bytes) = http_full(me.daemon.private, "GET /v1/report/3", "").await;
	assert_eq!(status, 200);
	let report = WorkerReport::decode_all(&mut &bytes[..]).expect("SCALE");
	let media = MediaKey::from_raw(public(&me.key));
	assert_eq!(report.verify(&genesis(), &media), Ok(()));
	let own = report.report.own.expect("there was a call");
	assert_eq!(own.participants, 2);
	assert!(own.mos_centi > 300 && own.up_kbps > 0 && own.down_kbps > 0, "{own:?}");
	// The target served nobody but a verifier.
	assert_eq!(target.quality().await["own"], Value::Null);
	a.leave().await;
	b.leave().await;
	me.daemon.stop().await;
	target.daemon.stop().await;
}
