//! `GET /settings/regions`, as LiveKit's clients ask for it: nodes near the one who asks, with their URLs, nearest first.
//!
//! The answer is LiveKit's `RegionSettings` as JSON; a region is named by its country, distances are in metres.

use super::{auth::authenticate, relevants::Relevant, Api};
use axum::{
	extract::{Extension, State},
	http::{header, HeaderMap},
	response::{IntoResponse, Response},
	Json,
};
use livekit_protocol as proto;
use std::{net::SocketAddr, sync::Arc};

/// Nodes as clients are told them. The first of equal ones counts.
pub(super) fn settings(nodes: &[Relevant], but: Option<&str>) -> proto::RegionSettings {
	let regions =
		nodes.iter().filter(|n| Some(n.domain.as_str()) != but).map(|node| proto::RegionInfo {
			region: node.country.clone(),
			url: format!("wss://{}", node.domain),
			distance: i64::from(node.km).saturating_mul(1_000),
		});
	proto::RegionSettings { regions: regions.collect() }
}

pub(super) async fn regions(
	State(state): State<Arc<Api>>,
	Extension(peer): Extension<SocketAddr>,
	headers: HeaderMap,
) -> Response {
	if let Err(error) = authenticate(&state, &headers, peer.ip()).await {
		return error.into_response();
	}
	let near = tokio::time::timeout(state.patience, state.relevants.near(peer.ip())).await;
	match near {
		Ok(Ok(nodes)) => {
			let age = format!("max-age={}", state.relevants.fresh().as_secs().max(1));
			([(header::CACHE_CONTROL, age)], Json(settings(&nodes, None))).into_response()
		}
		Ok(Err(refusal)) => refusal.into_response(),
		Err(_) => super::relevants::Refusal::TooLate.into_response(),
	}
}
