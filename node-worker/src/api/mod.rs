//! What apps ask over HTTP: LiveKit's `RoomService` by Twirp, and which nodes are near.

mod auth;
pub(crate) mod form;
pub mod geo;
mod methods;
mod regions;
mod relevants;
mod twirp;

pub use relevants::{Relevants, RelevantsConfig};

use crate::{
	chain::ChainView,
	engine::EngineHandle,
	metrics::Metrics,
	net::{Buckets, Rate},
	token::{DevKeys, Revoked},
};
use axum::{
	routing::{any, get, post},
	Router,
};
use std::{
	sync::{Arc, Mutex},
	time::Duration,
};

/// What the handlers share.
pub struct Api {
	/// The engine.
	pub engine: EngineHandle,
	/// The chain.
	pub chain: Arc<dyn ChainView>,
	/// Counters.
	pub metrics: Arc<Metrics>,
	/// Longest body of a request.
	pub body_bytes: usize,
	/// Time for a request.
	pub patience: Duration,
	/// Tokens that apps took back.
	pub revoked: Arc<Revoked>,
	/// How often each API key may ask.
	pub keys: Mutex<Buckets<[u8; 32]>>,
	/// Which nodes are near.
	pub relevants: Arc<Relevants>,
	/// The `media` keys of this daemon, whose refreshed tokens are known.
	pub media: Vec<[u8; 32]>,
	/// Development keys.
	pub dev: DevKeys,
	/// Participants at a time of a development key.
	pub dev_limit: u32,
}

impl Api {
	/// Buckets for so many keys.
	pub fn buckets(rate: Rate, capacity: usize) -> Mutex<Buckets<[u8; 32]>> {
		Mutex::new(Buckets::new(rate, capacity))
	}
}

/// The routes.
pub fn router(state: Arc<Api>) -> Router {
	Router::new()
		.route("/twirp/{service}/{method}", any(twirp::serve))
		.route("/relevants", post(relevants::all))
		.route("/relevant", post(relevants::nearest))
		.route("/settings/regions", get(regions::regions))
		.with_state(state)
}
