//! The public server put together from its parts and the settings.

use super::{public_router, ConnectionLimits, Door, Front, Public, Tls};
use crate::{
	api::{self, geo::GeoIp, Api, Relevants, RelevantsConfig},
	chain::ChainView,
	config::Config,
	engine::EngineHandle,
	metrics::Metrics,
	net::Rate,
	token::Revoked,
};
use anyhow::Result;
use axum::Router;
use ipnet::IpNet;
use std::{sync::Arc, time::Duration};

/// Seconds of the permitted rate that may come at once.
const BURST_SECONDS: f64 = 4.0;

/// The server API as it is configured.
pub fn api_of(
	config: &Config,
	engine: EngineHandle,
	chain: Arc<dyn ChainView>,
	metrics: Arc<Metrics>,
	media: Vec<[u8; 32]>,
	revoked: Arc<Revoked>,
) -> Result<Api> {
	let geo = config.relevants.geoip.as_deref().map(GeoIp::open).transpose()?;
	let relevants = RelevantsConfig {
		nodes: config.relevants.nodes,
		fresh: Duration::from_secs(config.relevants.fresh_seconds),
	};
	Ok(Api {
		engine,
		chain: Arc::clone(&chain),
		metrics,
		body_bytes: config.http.body_bytes,
		patience: Duration::from_secs(config.http.request_seconds),
		keys: Api::buckets(rate(config.http.key_requests_per_second), config.http.remembered),
		relevants: Arc::new(Relevants::new(relevants, geo, chain)),
		media,
		revoked,
		dev: config.dev.keys()?,
		dev_limit: config.dev.limit,
	})
}

/// Signalling and server API behind the rules for public requests.
pub fn public_site(config: &Config, public: Public, api: Api, metrics: Arc<Metrics>) -> Router {
	let front = Front::new(
		config.http.allowed_origins.clone(),
		trusted(config),
		rate(config.http.requests_per_second),
		config.http.remembered,
		metrics,
	);
	let router = public_router(Arc::new(public)).merge(api::router(Arc::new(api)));
	Arc::new(front).before(router)
}

/// How connections to the public server are let in.
pub fn door(config: &Config, tls: Option<Arc<Tls>>) -> Door {
	let limits = ConnectionLimits {
		total: config.limits.connections,
		per_address: config.limits.connections_per_address,
	};
	let header = Duration::from_secs(config.http.header_seconds);
	Door { limits, tls, trusted: trusted(config), header }
}

fn trusted(config: &Config) -> Arc<[IpNet]> {
	config.http.trusted_proxies.clone().into()
}

fn rate(per_second: u32) -> Rate {
	let per_second = f64::from(per_second);
	Rate { per_second, burst: per_second * BURST_SECONDS }
}
