//! `POST /relevants` and the older `/relevant`: domains of nodes that take calls, nearest to an address first, by the
//! chain's registry.
//!
//! The body is `{"ip": "…"}`; the answer `[{"domain": "…"}, …]`, or `{"domain": "…"}` of the nearest. An address whose
//! place is not known counts as being where this node is.

use super::{
	geo::{GeoIp, Place},
	Api,
};
use crate::{
	chain::{ChainError, ChainView},
	net::is_public,
};
use axum::{
	body::{to_bytes, Body},
	extract::State,
	http::StatusCode,
	response::{IntoResponse, Response},
	Json,
};
use serde::{Deserialize, Serialize};
use std::{
	collections::HashMap,
	net::IpAddr,
	sync::{Arc, Mutex, PoisonError},
	time::{Duration, Instant},
};
use tokio::sync::Semaphore;

/// Longest body.
const MAX_BODY: usize = 1_024;
/// Places that are remembered.
const CAPACITY: usize = 1_024;
/// Questions to the chain at a time.
const QUESTIONS: usize = 4;
/// Side of the squares within which all get the same answer, in tenths of a degree.
const GRID: i16 = 10;

/// What is asked of the chain.
#[derive(Clone, Copy, Debug)]
pub struct RelevantsConfig {
	/// Nodes in an answer.
	pub nodes: u32,
	/// How long an answer counts.
	pub fresh: Duration,
}

/// A node in an answer.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Relevant {
	pub(super) domain: String,
	/// Its country, ISO 3166-1.
	#[serde(skip)]
	pub(super) country: String,
	/// How far it is.
	#[serde(skip)]
	pub(super) km: u32,
}

type Answer = Arc<Vec<Relevant>>;

/// See the module.
pub struct Relevants {
	config: RelevantsConfig,
	geo: Option<GeoIp>,
	chain: Arc<dyn ChainView>,
	known: Mutex<HashMap<Place, (Answer, Instant)>>,
	questions: Semaphore,
}

impl Relevants {
	/// One that asks `chain`.
	pub fn new(config: RelevantsConfig, geo: Option<GeoIp>, chain: Arc<dyn ChainView>) -> Self {
		Self { config, geo, chain, known: Mutex::default(), questions: Semaphore::new(QUESTIONS) }
	}

	/// How long an answer counts.
	pub(super) fn fresh(&self) -> Duration {
		self.config.fresh
	}

	/// The other nodes around this one, as clients are told them.
	pub async fn elsewhere(&self) -> livekit_protocol::RegionSettings {
		let heads = self.chain.heads();
		let own = heads.borrow().as_ref().and_then(|head| {
			let node = head.node.as_ref()?;
			String::from_utf8(node.domain.clone()).ok()
		});
		match self.near(IpAddr::from([127, 0, 0, 1])).await {
			Ok(nodes) => super::regions::settings(&nodes, own.as_deref()),
			Err(_) => Default::default(),
		}
	}

	/// Where an address is: by the file, else where this node is registered.
	fn place(&self, ip: IpAddr) -> Option<Place> {
		let by_file = || self.geo.as_ref().filter(|_| is_public(ip))?.place(ip);
		let own = || {
			let heads = self.chain.heads();
			let head = heads.borrow();
			let region = &head.as_ref()?.node.as_ref()?.region;
			Some((region.lat, region.lon))
		};
		by_file().or_else(own)
	}

	pub(super) async fn near(&self, ip: IpAddr) -> Result<Answer, Refusal> {
		let (lat, lon) = self.place(ip).ok_or(Refusal::NoPlace)?;
		let centre = |tenths: i16| tenths.div_euclid(GRID).saturating_mul(GRID);
		let place = (
			centre(lat).saturating_add(GRID / 2).min(900),
			centre(lon).saturating_add(GRID / 2).min(1_800),
		);
		if let Some(answer) = self.remembered(place) {
			return Ok(answer);
		}
		let _question = self.questions.acquire().await.map_err(|_| Refusal::NoPlace)?;
		// Somebody else may have had the answer meanwhile.
		if let Some(answer) = self.remembered(place) {
			return Ok(answer);
		}
		let found = self.chain.nodes_near(place.0, place.1, self.config.nodes).await;
		let nodes = found.map_err(Refusal::Chain)?.nodes.into_iter();
		let relevant = nodes.filter_map(|near| {
			let domain = String::from_utf8(near.node.domain).ok()?;
			let country = String::from_utf8_lossy(&near.node.region.country).into_owned();
			Some(Relevant { domain, country, km: near.km })
		});
		let answer = Arc::new(relevant.collect::<Vec<_>>());
		let (mut known, now) = (self.lock(), Instant::now());
		if known.len() >= CAPACITY {
			let fresh = self.config.fresh;
			known.retain(|_, (_, at)| now.saturating_duration_since(*at) < fresh);
			if known.len() >= CAPACITY {
				known.clear();
			}
		}
		known.insert(place, (Arc::clone(&answer), now));
		Ok(answer)
	}

	fn remembered(&self, place: Place) -> Option<Answer> {
		let known = self.lock();
		let (answer, at) = known.get(&place)?;
		(at.elapsed() < self.config.fresh).then(|| Arc::clone(answer))
	}

	fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Place, (Answer, Instant)>> {
		self.known.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

/// Why there is no answer.
pub(super) enum Refusal {
	Body,
	NoPlace,
	NoNode,
	TooLate,
	Chain(ChainError),
}

impl IntoResponse for Refusal {
	fn into_response(self) -> Response {
		match self {
			Self::Body => {
				(StatusCode::BAD_REQUEST, "the body is {\"ip\": \"…\"}\n").into_response()
			}
			Self::NoPlace => {
				let why = "neither that address's place nor this node's is known\n";
				(StatusCode::SERVICE_UNAVAILABLE, why).into_response()
			}
			Self::NoNode => (StatusCode::NOT_FOUND, "there is no node\n").into_response(),
			Self::TooLate => (StatusCode::REQUEST_TIMEOUT, "too late\n").into_response(),
			Self::Chain(error) => {
				(StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response()
			}
		}
	}
}

#[derive(Deserialize)]
struct Question {
	ip: IpAddr,
}

async fn answer(state: &Api, body: Body) -> Result<Answer, Refusal> {
	let answer = async {
		let body = to_bytes(body, MAX_BODY).await.map_err(|_| Refusal::Body)?;
		let question: Question = serde_json::from_slice(&body).map_err(|_| Refusal::Body)?;
		state.relevants.near(question.ip).await
	};
	tokio::time::timeout(state.patience, answer).await.unwrap_or(Err(Refusal::TooLate))
}

pub(super) async fn all(State(state): State<Arc<Api>>, body: Body) -> Response {
	match answer(&state, body).await {
		Ok(nodes) => Json(&*nodes).into_response(),
		Err(refusal) => refusal.into_response(),
	}
}

pub(super) async fn nearest(State(state): State<Arc<Api>>, body: Body) -> Response {
	let nearest = answer(&state, body).await.map(|nodes| nodes.first().cloned());
	match nearest.and_then(|nearest| nearest.ok_or(Refusal::NoNode)) {
		Ok(nearest) => Json(nearest).into_response(),
		Err(refusal) => refusal.into_response(),
	}
}
