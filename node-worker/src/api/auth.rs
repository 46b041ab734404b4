//! Who asks, and what its token allows.

use super::{twirp::Code, twirp::TwirpError, Api};
use crate::{
	chain,
	token::{self, ApiAccess, Issuer, TokenError},
};
use axum::http::{header, HeaderMap};
use std::{
	net::IpAddr,
	sync::PoisonError,
	time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Somebody whose token is good.
pub(super) struct Caller {
	pub access: ApiAccess,
	/// Participants that its key may have at a time.
	pub limit: u32,
}

/// Checks the token of a request.
pub(super) async fn authenticate(
	state: &Api,
	headers: &HeaderMap,
	from: IpAddr,
) -> Result<Caller, TwirpError> {
	let refused = |error: TokenError| {
		state.metrics.token_refused(error);
		TwirpError::new(Code::Unauthenticated, error.to_string())
	};
	let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
	let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(|| {
		TwirpError::new(Code::Unauthenticated, "authorization header must begin with Bearer")
	})?;
	let signed = token::check(token.trim(), &state.dev, &state.media).map_err(refused)?;
	let issuer = if signed.is_dev() {
		chain::Issuer::Client { limit: state.dev_limit }
	} else {
		let issuer = state.chain.issuer_for(signed.issuer(), from).await;
		issuer.map_err(|e| TwirpError::new(Code::Unavailable, e.to_string()))?
	};
	let (issuer, limit) = match issuer {
		chain::Issuer::Client { limit } => (Issuer::Client, limit),
		chain::Issuer::Node => (Issuer::Node, 0),
		chain::Issuer::Unknown => (Issuer::Unknown, 0),
	};
	let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
	let access = signed.authorise_api(issuer, now).map_err(refused)?;
	// Only who has proved to hold the key uses up what the key may ask.
	let mut keys = state.keys.lock().unwrap_or_else(PoisonError::into_inner);
	if !keys.take(access.issuer, Instant::now()) {
		return Err(TwirpError::new(Code::ResourceExhausted, "too many requests of this key"));
	}
	Ok(Caller { access, limit })
}

/// LiveKit answers a missing grant as it answers a missing token.
pub(super) fn ensure(granted: bool) -> Result<(), TwirpError> {
	let denied = || TwirpError::new(Code::Unauthenticated, "permissions denied");
	granted.then_some(()).ok_or_else(denied)
}
