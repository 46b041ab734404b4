//! Measuring a worker by calls, and reporting on it.

#![allow(missing_docs)]

mod common;

use codec::DecodeAll;
use common::*;
use dtel_media_core::probe::ProbeConfig;
use dtel_primitives::{report::WorkerReport, MediaKey};
use dtel_worker::{
	chain::Issuer,
	prober::{probe, Called, Progress},
};
use ed25519_dalek::SigningKey;
use std::time::Duration;

/// One test at a time: calls that are measured shall not compete.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn verifier() -> SigningKey {
	SigningKey::from_bytes(&[21; 32])
}

fn config(window: Duration) -> ProbeConfig {
	ProbeConfig {
		setup_timeout: Duration::from_secs(8),
		warm_up: Duration::from_millis(500),
		window,
		grace: Duration::from_millis(500),
		..ProbeConfig::default()
	}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_healthy_worker_measures_well() {
	let _alone = ALONE.lock().await;
	let target = worker(|c| c.probe.enabled = false).await;
	target.chain.set_issuer(public(&verifier()), Issuer::Node);
	let domain = target.daemon.public.to_string();
	// What is measured includes this machine, which may be busy with something else for a while: the best call
	// of several counts.
	let mut results = Vec::new();
	for _ in 0..6 {
		let (verifier, media) = (verifier(), public(&target.key));
		let call = probe(&verifier, &media, &domain, config(Duration::from_secs(4)));
		let Called { result, version } = within("probe", call).await.expect("taken");
		assert!(result.up, "{result:?}");
		assert!(0 < result.rtt_min_us && result.rtt_min_us <= result.rtt_p95_us, "{result:?}");
		assert_eq!(version.to_string(), env!("CARGO_PKG_VERSION"));
		let good = result.loss_bp <= 100 && result.mos_centi > 400 && result.video_bp > 5_000;
		results.push(result);
		if good {
			break;
		}
	}
	let result = results.last().expect("a result");
	assert!(result.loss_bp <= 100, "{results:?}");
	assert!(result.mos_centi > 400, "{results:?}");
	assert!(result.video_bp > 5_000, "{results:?}");
	assert!(result.down_kbps > 50, "{results:?}");
	target.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_verifier_is_turned_away() {
	let _alone = ALONE.lock().await;
	let target = worker(|c| c.probe.enabled = false).await;
	let domain = target.daemon.public.to_string();
	let refused =
		probe(&verifier(), &public(&target.key), &domain, config(Duration::from_secs(2))).await;
	assert!(refused.expect_err("refused").to_string().contains("401"));
	target.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_era_is_measured_reported_and_served_again_after_a_restart() {
	let _alone = ALONE.lock().await;
	// A port at which nothing listens.
	let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
	let dead = nobody.local_addr().expect("bound").to_string();
	drop(nobody);
	let target = worker(|c| c.probe.enabled = false).await;
	let mut data = Default::default();
	let me = worker(|c| {
		c.probe.calls = 1;
		c.probe.call_seconds = 4;
		c.probe.spread = false;
		data = c.data_dir.clone();
	})
	.await;
	target.chain.set_issuer(public(&me.key), Issuer::Node);
	let targets = vec![
		(4, SigningKey::from_bytes(&[22; 32]), dead),
		(7, target.key.clone(), target.daemon.public.to_string()),
	];
	let era = 3;
	let (status, why) = http(me.daemon.private, "GET /v1/report/3").await;
	assert_eq!(status, 404);
	assert!(why.contains("not been heard of"), "{why}");

	let view = node(1, &me.key, &me.daemon.public.to_string());
	me.chain.set_head(head(first_block(era), view.clone(), targets.clone()));
	let mut progress = me.daemon.progress.clone();
	within("measuring", progress.wait_for(|p| *p == Progress::Measuring(era)))
		.await
		.expect("alive");
	let (status, why) = http(me.daemon.private, "GET /v1/report/3").await;
	assert_eq!((status, why.as_str()), (404, "measuring\n"));
	within("report", progress.wait_for(|p| *p == Progress::Reported(era))).await.expect("alive");

	let (status, head_text, bytes) = http_full(me.daemon.private, "GET /v1/report/3", "").await;
	assert_eq!(status, 200);
	assert!(head_text.contains("application/octet-stream"), "{head_text}");
	let report = WorkerReport::decode_all(&mut &bytes[..]).expect("SCALE");
	let media = MediaKey::from_raw(public(&me.key));
	assert_eq!(report.verify(&genesis(), &media), Ok(()));
	assert_eq!((report.report.era, report.report.verifier), (era, 1));
	let [down, up] = &report.report.measurements[..] else {
		panic!("two measurements: {report:?}")
	};
	assert_eq!((down.target, down.calls_tried, down.calls_up), (4, 1, 0));
	assert_eq!((up.target, up.calls_tried, up.calls_up), (7, 1, 1));
	assert!(up.mos_centi > 100 && up.down_kbps > 0, "{up:?}");

	let json = "accept: application/json\r\n";
	let (status, _, text) = http_full(me.daemon.private, "GET /v1/report/3", json).await;
	assert_eq!(status, 200);
	let parsed: WorkerReport = serde_json::from_slice(&text).expect("JSON");
	assert_eq!(parsed, report);

	me.daemon.stop().await;
	let again = worker(|c| c.data_dir = data).await;
	again.chain.set_head(head(first_block(era) + 4, view, targets));
	let (_, _, same) = http_full(again.daemon.private, "GET /v1/report/3", "").await;
	assert_eq!(same, bytes);
	again.daemon.stop().await;
	target.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_assignment_that_changes_is_measured_anew() {
	let _alone = ALONE.lock().await;
	// Takes connections and never answers.
	let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
	let silent_at = silent.local_addr().expect("bound").to_string();
	let target = worker(|c| c.probe.enabled = false).await;
	let me = worker(|c| {
		c.probe.calls = 1;
		c.probe.call_seconds = 4;
		c.probe.spread = false;
	})
	.await;
	target.chain.set_issuer(public(&me.key), Issuer::Node);
	let view = node(1, &me.key, &me.daemon.public.to_string());
	let (era, block) = (3, first_block(3));
	let first = vec![(4, SigningKey::from_bytes(&[22; 32]), silent_at)];
	me.chain.set_head(head(block, view.clone(), first));
	let mut progress = me.daemon.progress.clone();
	within("measuring", progress.wait_for(|p| *p == Progress::Measuring(era)))
		.await
		.expect("alive");
	let second = vec![(7, target.key.clone(), target.daemon.public.to_string())];
	me.chain.set_head(head(block + 1, view, second));
	within("report", progress.wait_for(|p| *p == Progress::Reported(era))).await.expect("alive");
	let report = me.daemon.reports.get(era).expect("there");
	let targets: Vec<_> = report.report.report.measurements.iter().map(|m| m.target).collect();
	assert_eq!(targets, [7]);
	me.daemon.stop().await;
	target.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_handed_on_to_another_node_is_refused() {
	let _alone = ALONE.lock().await;
	let honest = worker(|c| c.probe.enabled = false).await;
	let lazy = SigningKey::from_bytes(&[23; 32]);
	honest.chain.set_issuer(public(&verifier()), Issuer::Node);
	honest.chain.set_issuer(public(&lazy), Issuer::Node);
	// The lazy node's port leads to the honest one.
	let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
	let (at, to) = (listener.local_addr().expect("bound").to_string(), honest.daemon.public);
	let forward = tokio::spawn(async move {
		while let Ok((mut from, _)) = listener.accept().await {
			tokio::spawn(async move {
				let mut there = tokio::net::TcpStream::connect(to).await.expect("connects");
				let _ = tokio::io::copy_bidirectional(&mut from, &mut there).await;
			});
		}
	});
	let (verifier, other, itself) = (verifier(), public(&lazy), public(&honest.key));
	let call = probe(&verifier, &other, &at, config(Duration::from_secs(2)));
	let error = within("probe", call).await.expect_err("refused");
	assert!(error.to_string().contains("401") && !error.is_local(), "{error}");
	// Through the same wire the honest node itself can be measured.
	let call = probe(&verifier, &itself, &at, config(Duration::from_secs(2)));
	assert!(within("probe", call).await.expect("taken").result.up);
	forward.abort();
	honest.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_ends_the_call_at_half_loses_half() {
	let _alone = ALONE.lock().await;
	let target = worker(|c| c.probe.enabled = false).await;
	target.chain.set_issuer(public(&verifier()), Issuer::Node);
	let (verifier, media) = (verifier(), public(&target.key));
	let domain = target.daemon.public.to_string();
	let engine = target.daemon.engine.clone();
	let config = config(Duration::from_secs(4));
	let stop = async {
		// The window begins with the warm-up behind the first media that came back.
		within("media", async {
			loop {
				let view = serde_json::to_value(engine.view().await.expect("runs")).expect("json");
				if view["totals"]["rtp_forwarded"].as_u64() > Some(0) {
					break;
				}
				tokio::time::sleep(Duration::from_millis(10)).await;
			}
		})
		.await;
		tokio::time::sleep(config.warm_up + config.window / 2).await;
		engine.drain().await.expect("runs");
	};
	let (result, ()) = tokio::join!(probe(&verifier, &media, &domain, config), stop);
	let result = result.expect("taken").result;
	assert!(result.audio_sent.abs_diff(200) <= 12, "{result:?}");
	assert!(result.frames_sent.abs_diff(80) <= 5, "{result:?}");
	assert!((4_200..6_000).contains(&result.loss_bp), "{result:?}");
	assert!(result.up && result.freezes >= 1 && result.freeze_ms > 1_500, "{result:?}");
	drop(engine);
	target.daemon.stop().await;
}
