//! What the operator and the chain node reach on loopback: reports, statistics, metrics.

use crate::{
	chain::Heads,
	engine::{view::View, EngineHandle},
	metrics::Metrics,
	own::EraBase,
	prober::Progress,
	report::ReportStore,
};
use axum::{
	extract::{Path, State},
	http::{header, HeaderMap, StatusCode},
	response::{IntoResponse, Response},
	routing::{get, post},
	Json, Router,
};
use dtel_primitives::EraIndex;
use serde_json::json;
use std::{sync::Arc, time::Instant};
use tokio::sync::watch;

/// What the handlers share.
pub struct Private {
	/// The engine.
	pub engine: EngineHandle,
	/// The chain's head.
	pub heads: Heads,
	/// Reports.
	pub reports: Arc<ReportStore>,
	/// How the prober is getting on.
	pub progress: watch::Receiver<Progress>,
	/// Counters.
	pub metrics: Arc<Metrics>,
	/// What there was when the running era began.
	pub era_base: Arc<EraBase>,
	/// Begins to drain when it becomes true.
	pub drain: watch::Sender<bool>,
}

/// The private routes.
pub fn router(state: Arc<Private>) -> Router {
	Router::new()
		.route("/healthz", get(health))
		.route("/metrics", get(metrics))
		.route("/v1/report/{era}", get(report))
		.route("/v1/rooms", get(rooms))
		.route("/v1/quality", get(quality))
		.route("/v1/drain", post(drain))
		.with_state(state)
}

async fn health(State(state): State<Arc<Private>>) -> Response {
	let engine = state.engine.view().await.is_ok();
	let head = state.heads.borrow().clone();
	let age = head.as_ref().map(|h| h.seen.elapsed().as_secs());
	let body = json!({
		"chain": {
			"connected": age.is_some_and(|age| age < 60),
			"block": head.as_ref().map(|h| h.era.block),
			"era": head.as_ref().map(|h| h.era.moment.era),
			"phase": head.as_ref().map(|h| h.era.moment.phase),
			"seconds_since_block": age,
		},
		"node": head.as_ref().and_then(|h| h.node.as_ref()).map(|n| n.id),
		"engine": engine,
		"prober": *state.progress.borrow(),
		"version": env!("CARGO_PKG_VERSION"),
	});
	let status = if engine { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
	(status, Json(body)).into_response()
}

async fn metrics(State(state): State<Arc<Private>>) -> Response {
	let Ok(view) = state.engine.view().await else { return stopped() };
	let head = state.heads.borrow().clone();
	let own = head
		.as_ref()
		.and_then(|head| state.era_base.since(head.era.moment.era, Instant::now(), &view)?.own);
	match state.metrics.render(&view, own.as_ref(), head.as_deref()) {
		Ok(text) => {
			let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
			([(header::CONTENT_TYPE, kind)], text).into_response()
		}
		Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
	}
}

/// The report of an era: SCALE, or JSON for those that ask for it.
async fn report(
	State(state): State<Arc<Private>>,
	Path(era): Path<String>,
	headers: HeaderMap,
) -> Response {
	let Ok(era) = era.parse::<EraIndex>() else {
		return (StatusCode::BAD_REQUEST, "the era is a number\n").into_response();
	};
	let Some(stored) = state.reports.get(era) else {
		let head = state.heads.borrow().clone();
		let now = head.as_ref().map(|h| h.era.moment.era);
		let reason = state.progress.borrow().why_no_report(era, now);
		return (StatusCode::NOT_FOUND, format!("{reason}\n")).into_response();
	};
	let accept = headers.get(header::ACCEPT).and_then(|a| a.to_str().ok()).unwrap_or_default();
	if accept.contains("application/json") {
		return Json(&stored.report).into_response();
	}
	([(header::CONTENT_TYPE, "application/octet-stream")], stored.bytes.clone()).into_response()
}

async fn rooms(State(state): State<Arc<Private>>) -> Response {
	let Ok(view) = state.engine.view().await else { return stopped() };
	let rooms = view.rooms.iter().map(|room| {
		let participants = room.participants.iter().map(|p| {
			json!({
				"sid": p.sid,
				"identity": p.identity,
				"joined_ms": p.joined_ms,
				"published": p.published.len(),
				"subscribed": p.subscribed.len(),
			})
		});
		json!({
			"sid": room.sid,
			"name": room.name,
			"key": room.key,
			"probe": room.probe,
			"created_ms": room.created_ms,
			"participants": participants.collect::<Vec<_>>(),
		})
	});
	Json(json!({ "rooms": rooms.collect::<Vec<_>>() })).into_response()
}

async fn quality(State(state): State<Arc<Private>>) -> Response {
	let Ok(view) = state.engine.view().await else { return stopped() };
	let era = state.heads.borrow().as_ref().map(|h| h.era.moment.era);
	let in_era = era.and_then(|era| state.era_base.since(era, Instant::now(), &view));
	let View { rooms, totals, latency, draining, .. } = view;
	Json(json!({
		"era": era,
		"era_totals": in_era.map(|i| i.totals),
		"own": in_era.and_then(|i| i.own),
		"totals": totals,
		"forwarding": latency.view(),
		"rooms": rooms,
		"draining": draining,
	}))
	.into_response()
}

/// The daemon takes no new rooms and ends when nobody is left.
async fn drain(State(state): State<Arc<Private>>) -> StatusCode {
	state.drain.send_replace(true);
	StatusCode::ACCEPTED
}

fn stopped() -> Response {
	(StatusCode::SERVICE_UNAVAILABLE, "the media engine has stopped\n").into_response()
}
