//! What clients reach: `/rtc`, for newer ones `/rtc/v1`, `validate` below both, `/healthz`. What pages may read is for
//! [`Front`](super::Front).

use super::places::Place;
use crate::{
	chain::{self, ChainView},
	engine::{EngineHandle, Entry, JoinOptions},
	metrics::Metrics,
	signal::{
		self,
		join_request::{self, BadJoinRequest},
		Arrival,
	},
	token::{self, Access, DevKeys, Issuer, Revoked, TokenError},
};
use axum::{
	extract::{Extension, Query, State, WebSocketUpgrade},
	http::StatusCode,
	response::{IntoResponse, Response},
	routing::get,
	Router,
};
use serde::Deserialize;
use std::{
	net::SocketAddr,
	sync::Arc,
	time::{Duration, SystemTime, UNIX_EPOCH},
};
use tracing::Instrument;

/// Participants that one node's `media` key may have here at a time: those of a probe, and of one that is leaving.
/// Twice that, because after a cut in the network the dead ones stay until they were silent for long enough.
const NODE_LIMIT: u32 = 8;

/// What the handlers share.
pub struct Public {
	/// The engine.
	pub engine: EngineHandle,
	/// The chain.
	pub chain: Arc<dyn ChainView>,
	/// Counters.
	pub metrics: Arc<Metrics>,
	/// Bounds of one signalling connection.
	pub limits: signal::Limits,
	/// Longest connection of a probe.
	pub probe_lifetime: Duration,
	/// The `media` keys of this daemon, one of which probes must name.
	pub media: Vec<[u8; 32]>,
	/// Tokens that apps took back.
	pub revoked: Arc<Revoked>,
	/// Development keys.
	pub dev: DevKeys,
	/// Participants at a time of a development key.
	pub dev_limit: u32,
}

/// The public routes.
pub fn router(state: Arc<Public>) -> Router {
	Router::new()
		.route("/", get(|| async { "dtel-worker\n" }))
		.route("/rtc", get(rtc))
		.route("/rtc/validate", get(validate).options(preflight))
		.route("/rtc/v1", get(rtc_v1))
		.route("/rtc/v1/validate", get(validate_v1).options(preflight))
		.route("/healthz", get(health))
		.fallback(|| async { (StatusCode::NOT_FOUND, "not found\n") })
		.with_state(state)
}

async fn health(State(state): State<Arc<Public>>) -> Response {
	match state.engine.view().await {
		Ok(_) => "ok\n".into_response(),
		Err(_) => {
			(StatusCode::SERVICE_UNAVAILABLE, "the media engine has stopped\n").into_response()
		}
	}
}

/// Query of `/rtc` and `/rtc/validate`. What else clients say about themselves is not used.
#[derive(Deserialize)]
struct Params {
	#[serde(default)]
	access_token: String,
	#[serde(default)]
	auto_subscribe: String,
	#[serde(default)]
	reconnect: String,
	#[serde(default)]
	sid: String,
	#[serde(default)]
	protocol: String,
	#[serde(default)]
	client_protocol: String,
}

/// Query of `/rtc/v1` and `/rtc/v1/validate`.
#[derive(Deserialize)]
struct ParamsV1 {
	#[serde(default)]
	access_token: String,
	#[serde(default)]
	join_request: String,
}

/// Why a client is turned away.
enum Refusal {
	Token(TokenError),
	Request(BadJoinRequest),
	Chain(chain::ChainError),
}

impl IntoResponse for Refusal {
	fn into_response(self) -> Response {
		match self {
			Self::Token(error) => (StatusCode::UNAUTHORIZED, error.to_string()).into_response(),
			Self::Request(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
			Self::Chain(error) => {
				(StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response()
			}
		}
	}
}

async fn rtc(
	State(state): State<Arc<Public>>,
	Extension(place): Extension<Arc<Place>>,
	Extension(peer): Extension<SocketAddr>,
	Query(params): Query<Params>,
	upgrade: WebSocketUpgrade,
) -> Response {
	let (access, limit) = match authorise(&state, &params.access_token, peer).await {
		Ok(authorised) => authorised,
		Err(refusal) => return refusal.into_response(),
	};
	let options = JoinOptions {
		auto_subscribe: params.auto_subscribe != "0",
		limit,
		protocol: params.protocol.parse().unwrap_or(signal::OLDEST_PROTOCOL),
		client_protocol: params.client_protocol.parse().unwrap_or(0),
		single: false,
	};
	let entry = match params.reconnect.as_str() {
		"1" | "true" => Entry::Resume { sid: params.sid },
		_ => Entry::Join,
	};
	let arrival = Arrival { options, entry, first: Vec::new() };
	connect(state, place, upgrade, access, arrival)
}

async fn rtc_v1(
	State(state): State<Arc<Public>>,
	Extension(place): Extension<Arc<Place>>,
	Extension(peer): Extension<SocketAddr>,
	Query(params): Query<ParamsV1>,
	upgrade: WebSocketUpgrade,
) -> Response {
	match authorise_v1(&state, &params, peer).await {
		Ok((access, arrival)) => connect(state, place, upgrade, access, arrival),
		Err(refusal) => refusal.into_response(),
	}
}

/// Goes over to the signalling protocol.
fn connect(
	state: Arc<Public>,
	place: Arc<Place>,
	upgrade: WebSocketUpgrade,
	access: Access,
	arrival: Arrival,
) -> Response {
	let lifetime = access.probe.then_some(state.probe_lifetime);
	let limits = signal::Limits { lifetime, ..state.limits };
	let upgrade = upgrade
		.max_message_size(limits.message_bytes)
		.max_frame_size(limits.message_bytes)
		.write_buffer_size(0)
		.max_write_buffer_size(limits.message_bytes.saturating_mul(4));
	let (room, identity) = (access.room.as_str(), access.identity.as_str());
	let span = tracing::info_span!("participant", room, identity);
	upgrade.on_upgrade(move |socket| {
		let connection = async move {
			let (engine, metrics) = (&state.engine, &state.metrics);
			signal::run(socket, engine, access, arrival, limits, metrics).await;
			drop(place);
		};
		connection.instrument(span)
	})
}

async fn validate(
	State(state): State<Arc<Public>>,
	Extension(peer): Extension<SocketAddr>,
	Query(params): Query<Params>,
) -> Response {
	match authorise(&state, &params.access_token, peer).await {
		Ok(_) => "success".into_response(),
		Err(refusal) => refusal.into_response(),
	}
}

async fn validate_v1(
	State(state): State<Arc<Public>>,
	Extension(peer): Extension<SocketAddr>,
	Query(params): Query<ParamsV1>,
) -> Response {
	match authorise_v1(&state, &params, peer).await {
		Ok(_) => "success".into_response(),
		Err(refusal) => refusal.into_response(),
	}
}

async fn authorise_v1(
	state: &Public,
	params: &ParamsV1,
	peer: SocketAddr,
) -> Result<(Access, Arrival), Refusal> {
	let (access, limit) = authorise(state, &params.access_token, peer).await?;
	let arrival = join_request::parse(&params.join_request, state.limits.message_bytes, limit);
	Ok((access, arrival.map_err(Refusal::Request)?))
}

/// Checks a token against the chain; what it allows, and how many participants its key may have.
async fn authorise(
	state: &Public,
	token: &str,
	peer: SocketAddr,
) -> Result<(Access, u32), Refusal> {
	let count = |error: TokenError| {
		state.metrics.token_refused(error);
		Refusal::Token(error)
	};
	let signed = token::check(token, &state.dev, &state.media).map_err(count)?;
	let issuer = if signed.is_dev() {
		chain::Issuer::Client { limit: state.dev_limit }
	} else {
		state.chain.issuer_for(signed.issuer(), peer.ip()).await.map_err(Refusal::Chain)?
	};
	let (issuer, limit) = match issuer {
		chain::Issuer::Client { limit } => (Issuer::Client, limit),
		chain::Issuer::Node => (Issuer::Node, NODE_LIMIT),
		chain::Issuer::Unknown => (Issuer::Unknown, 0),
	};
	let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
	let access = signed.authorise(issuer, &state.media, now).map_err(count)?;
	if state.revoked.refuses(&access) {
		return Err(count(TokenError::Revoked));
	}
	Ok((access, limit))
}

async fn preflight() -> StatusCode {
	StatusCode::NO_CONTENT
}
