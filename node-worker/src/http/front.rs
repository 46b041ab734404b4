//! What every public request passes first: who it comes from, how often that one asks, and which pages may ask.

use super::places::Place;
use crate::{
	metrics::Metrics,
	net::{client_address, network, Buckets, Rate},
};
use axum::{
	extract::{Request, State},
	http::{header, HeaderMap, HeaderValue, Method, StatusCode},
	middleware::Next,
	response::{IntoResponse, Response},
	Router,
};
use ipnet::IpNet;
use std::{
	collections::BTreeSet,
	net::{IpAddr, SocketAddr},
	sync::{Arc, Mutex, PoisonError},
	time::Instant,
};

/// Seconds for which browsers may remember what a page may ask.
const PREFLIGHT_SECONDS: &str = "600";

/// Rules for public requests.
pub struct Front {
	/// Pages that may ask, as `scheme://host[:port]`; all if empty.
	pub origins: BTreeSet<String>,
	/// Proxies whose `X-Forwarded-For` is believed.
	pub trusted: Arc<[IpNet]>,
	/// How often each address may ask.
	pub addresses: Mutex<Buckets<IpAddr>>,
	/// Counters.
	pub metrics: Arc<Metrics>,
}

impl Front {
	/// Rules with so many addresses remembered.
	pub fn new(
		origins: impl IntoIterator<Item = String>,
		trusted: Arc<[IpNet]>,
		rate: Rate,
		capacity: usize,
		metrics: Arc<Metrics>,
	) -> Self {
		let origins = origins.into_iter().map(|o| o.to_ascii_lowercase()).collect();
		Self { origins, trusted, addresses: Mutex::new(Buckets::new(rate, capacity)), metrics }
	}

	/// Puts the rules before a router.
	pub fn before(self: Arc<Self>, router: Router) -> Router {
		router.layer(axum::middleware::from_fn_with_state(self, front))
	}

	/// Whether a page of this origin may ask. What is no browser names none.
	fn allows(&self, origin: Option<&HeaderValue>) -> bool {
		let Some(origin) = origin.filter(|_| !self.origins.is_empty()) else { return true };
		origin.to_str().is_ok_and(|o| self.origins.contains(&o.to_ascii_lowercase()))
	}

	/// Whether an address may ask now. One of this machine itself is a proxy or a tool of the operator.
	fn in_time(&self, client: IpAddr) -> bool {
		if client.is_loopback() {
			return true;
		}
		let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
		addresses.take(network(client), Instant::now())
	}

	/// Counts a proxy's connection for its client; `false` if that one has enough. A proxy that names nobody speaks for
	/// itself, without a bound.
	fn claim(&self, place: &Place, client: IpAddr) -> bool {
		self.trusted.iter().any(|net| net.contains(&client)) || place.claim(client)
	}

	/// Says which pages may read an answer.
	fn cors(&self, origin: Option<HeaderValue>, headers: &mut HeaderMap) {
		headers.remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
		let allowed = if self.origins.is_empty() {
			Some(HeaderValue::from_static("*"))
		} else {
			headers.append(header::VARY, HeaderValue::from_static("origin"));
			origin.filter(|o| self.allows(Some(o)))
		};
		let Some(allowed) = allowed else { return };
		headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
		for (name, value) in [
			(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, OPTIONS"),
			(
				header::ACCESS_CONTROL_ALLOW_HEADERS,
				"authorization, content-type, x-livekit-request-id",
			),
			(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS),
		] {
			headers.insert(name, HeaderValue::from_static(value));
		}
	}
}

async fn front(State(front): State<Arc<Front>>, mut request: Request, next: Next) -> Response {
	let headers = request.headers();
	let origin = headers.get(header::ORIGIN).cloned();
	let peer = request.extensions().get::<SocketAddr>().copied();
	let Some(peer) = peer else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
	let hops = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
	let client = client_address(peer.ip(), &front.trusted, hops.collect::<Vec<_>>().into_iter());
	let place = request.extensions().get::<Arc<Place>>().cloned();
	let mut response = if !front.in_time(client) {
		front.metrics.request_refused("rate");
		refuse(request.uri().path(), "too many requests of this address")
	} else if place.as_ref().is_some_and(|place| !front.claim(place, client)) {
		front.metrics.request_refused("connections");
		refuse(request.uri().path(), "too many connections of this address")
	} else if is_preflight(&request) {
		StatusCode::NO_CONTENT.into_response()
	} else if is_websocket(headers) && !front.allows(origin.as_ref()) {
		// Browsers ask no permission for WebSockets: the server has to look.
		front.metrics.request_refused("origin");
		(StatusCode::FORBIDDEN, "this page may not connect\n").into_response()
	} else {
		request.extensions_mut().insert(SocketAddr::new(client, peer.port()));
		next.run(request).await
	};
	// A signalling connection is its client's until it ends.
	if let Some(place) = place.filter(|_| response.status() != StatusCode::SWITCHING_PROTOCOLS) {
		place.disclaim();
	}
	front.cors(origin, response.headers_mut());
	response
}

fn is_preflight(request: &Request) -> bool {
	request.method() == Method::OPTIONS
		&& request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn is_websocket(headers: &HeaderMap) -> bool {
	let upgrade = headers.get(header::UPGRADE).and_then(|value| value.to_str().ok());
	upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

fn refuse(path: &str, why: &'static str) -> Response {
	let wait = [(header::RETRY_AFTER, "1")];
	if path.starts_with("/twirp/") {
		let body = serde_json::json!({ "code": "resource_exhausted", "msg": why }).to_string();
		let kind = [(header::CONTENT_TYPE, "application/json")];
		return (StatusCode::TOO_MANY_REQUESTS, wait, kind, body).into_response();
	}
	(StatusCode::TOO_MANY_REQUESTS, wait, format!("{why}\n")).into_response()
}
