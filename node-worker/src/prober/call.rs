//! One probe: two participants in one room of the target, one publishes and the other gets it back.

use crate::{
	keys,
	rtc_client::{Happening, Options, RtcClient, SignalError},
	token::{mint, probe_room, Grant},
};
use dtel_media_core::probe::{ProbeConfig, ProbeKey, ProbeMeter, ProbeResult};
use dtel_primitives::report::ReleaseVersion;
use ed25519_dalek::SigningKey;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use thiserror::Error;
use tracing::debug;

/// Seconds that a probe's token is valid.
const TOKEN_TTL: u64 = 120;

/// What a call told of its target.
#[derive(Clone, Debug, Default)]
pub struct Called {
	/// What was measured.
	pub result: ProbeResult,
	/// The software that the target said it runs.
	pub version: ReleaseVersion,
}

/// Why a call gave no result.
#[derive(Debug, Error)]
pub enum CallError {
	/// The target did not let the participants in.
	#[error(transparent)]
	Signal(#[from] SignalError),
	/// This machine has no randomness to spare.
	#[error("{0}")]
	Local(String),
}

impl CallError {
	/// The fault is on our side: it says nothing about the target.
	pub fn is_local(&self) -> bool {
		match self {
			Self::Signal(error) => error.is_local(),
			Self::Local(_) => true,
		}
	}
}

/// Makes one call through the node at `domain` (`host:port`, or a `ws://` URL) and measures it.
///
/// Two participants join, a receiver and a sender, whose tokens are signed by this node's `media` `key` and name a
/// room that only this key may join, and only at the node whose `media` key is `target`. Everything sent is stamped
/// under a secret of this call. Throughput is measured behind the window, if that is wanted. If the target ends the call before the window does, what would have been sent in
/// the rest of it counts as lost.
pub async fn probe(
	key: &SigningKey,
	target: &[u8; 32],
	domain: &str,
	config: ProbeConfig,
) -> Result<Called, CallError> {
	let local = |error: anyhow::Error| CallError::Local(error.to_string());
	let mut secret = [0u8; 32];
	keys::random(&mut secret).map_err(local)?;
	let room = keys::random_id("").map_err(local)?;
	let room = probe_room(&key.verifying_key().to_bytes(), target, &room);
	let url = if domain.contains("://") { domain.to_owned() } else { format!("ws://{domain}") };
	let secret = ProbeKey(secret);
	let started = Instant::now();
	let options = |identity: &str, publish: bool| {
		let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
		let grant = Grant { room: &room, identity, can_publish: publish, can_subscribe: !publish };
		Options {
			url: url.clone(),
			token: mint(key, &grant, now, TOKEN_TTL),
			audio: publish,
			video: publish,
			auto_subscribe: !publish,
			stamp: Some(secret.clone()),
			epoch: started,
			timeout: config.setup_timeout,
		}
	};
	let receiver = RtcClient::join(options("receiver", false));
	let sender = RtcClient::join(options("sender", true));
	let (mut receiver, mut sender) = tokio::try_join!(receiver, sender)?;
	let server = sender.join_response();
	let version = server.server_info.as_ref().map_or(&server.server_version, |info| &info.version);
	let version = ReleaseVersion::parse(version);
	let mut meter = ProbeMeter::new(secret, started, config);
	let mut load = 0;
	loop {
		let now = Instant::now();
		let wanted = meter.load(now);
		if wanted != load {
			load = wanted;
			sender.set_load(load);
		}
		if meter.is_finished(now) {
			break;
		}
		let wake = meter.deadline().max(now);
		tokio::select! {
			happening = sender.next() => match happening {
				Happening::Media(event) => meter.published(Instant::now(), &event),
				Happening::Update(_) | Happening::Told(_) => {},
				Happening::Left(why) => {
					debug!(%domain, why, "sender left");
					meter.interrupted(Instant::now());
				},
			},
			happening = receiver.next() => match happening {
				Happening::Media(event) => meter.subscribed(Instant::now(), &event),
				Happening::Update(_) | Happening::Told(_) => {},
				Happening::Left(why) => debug!(%domain, why, "receiver left"),
			},
			() = tokio::time::sleep_until(wake.into()) => {},
		}
	}
	let result = meter.result(Instant::now());
	tokio::join!(sender.leave(), receiver.leave());
	Ok(Called { result, version })
}
