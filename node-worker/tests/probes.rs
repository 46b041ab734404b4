//! Measuring a worker by calls, and reporting on it.

#![allow(missing_docs)]

mod common;

use codec::DecodeAll;
use common::*;
use dtel_media_core::probe::ProbeConfig;
use dtel_primitives::{report::WorkerReport, MediaKey};
use dtel_worker::{
	chain::Issuer,
	prober::{probe, Progress},
};
use ed25519_dalek::SigningKey;
use std::time::Duration;

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
	let target = worker(|c| c.probe.enabled = false).await;
	target.chain.set_issuer(public(&verifier()), Issuer::Node);
	let domain = target.daemon.public.to_string();
	let result = within("probe", probe(&verifier(), &domain, config(Duration::from_secs(5))))
		.await
		.expect("taken");
	println!("{result:?}");
	assert!(result.up, "{result:?}");
	assert!(result.loss_bp <= 100, "{result:?}");
	assert!(result.mos_centi > 400, "{result:?}");
	assert!(result.video_bp > 5_000, "{result:?}");
	assert!(result.down_kbps > 50, "{result:?}");
	target.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_verifier_is_turned_away() {
	let target = worker(|c| c.probe.enabled = false).await;
	let domain = target.daemon.public.to_string();
	let refused = probe(&verifier(), &domain, config(Duration::from_secs(2))).await;
	assert!(refused.expect_err("refused").to_string().contains("401"));
	target.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_era_is_measured_reported_and_served_again_after_a_restart() {
	// A port at which nothing listens.
	let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
	let dead = nobody.local_addr().expect("bound").to_string();
	drop(nobody);
	let target = worker(|c| c.probe.enabled = false).await;
	let mut data = Default::default();
	let me = worker(|c| {
		c.probe.calls = 1;
		c.probe.call_seconds = 4;
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
	assert!(up.loss.parts() <= 100 && up.mos_centi > 400, "{up:?}");

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
