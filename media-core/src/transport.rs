//! One `str0m` peer connection and what its owner, an SFU or a client, remembers of it.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::bwe::Bitrate;
use str0m::change::SdpPendingOffer;
use str0m::channel::ChannelId;
use str0m::config::{CryptoProvider, DtlsCert};
use str0m::rtp::Extension;
use str0m::{Candidate, Input, Output, Rtc, RtcConfig};

use crate::codecs::dependency;
use crate::sfu::SfuConfig;
use crate::TransportKind;

/// Candidates of one peer that ICE is told of.
const MAX_CANDIDATES: usize = 32;
/// New addresses after which a transport is given up.
const MAX_MOVES: usize = 256;
/// Errors after which a transport is given up.
const MAX_ERRORS: u32 = 16;

/// A data channel of the pair that LiveKit uses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DataChannel {
	pub id: ChannelId,
	pub reliable: bool,
	pub open: bool,
}

pub(crate) struct Transport {
	pub rtc: Rtc,
	pub dtls_up: bool,
	pub connected: bool,
	/// When the peer last sent something valid.
	pub last_heard: Instant,
	pub dead: bool,
	/// Its death has been reported.
	pub buried: bool,
	errors: u32,
	/// When `rtc` wants to be called.
	pub deadline: Option<Instant>,
	/// When the SFU's timers look at it next, at the latest at `deadline`.
	pub queued: Option<Instant>,
	pub addresses: Vec<SocketAddr>,
	/// Candidates of the peer that ICE was told of; it keeps them all.
	candidates: usize,
	/// How often the peer showed up at an address that was not among `addresses`.
	moves: usize,
	pub ufrag: String,
	pub pending_offer: Option<SdpPendingOffer>,
	pub channels: Vec<DataChannel>,
	/// Waiting in the queue of transports that have to be polled.
	pub dirty: bool,
}

/// Makes one certificate for all transports of an SFU: key generation would be the dearest part of a join.
pub(crate) fn certificate() -> (Arc<CryptoProvider>, Option<DtlsCert>) {
	let provider = Arc::new(str0m::crypto::from_feature_flags());
	let cert = provider.dtls_provider.generate_certificate();
	(provider, cert)
}

/// What both ends have in common.
fn media_config() -> RtcConfig {
	RtcConfig::new()
		.set_rtp_mode(true)
		.clear_codecs()
		.enable_opus(true, false)
		.enable_vp8(true)
		.set_rtcp_report_interval_audio(Duration::from_secs(1))
}

/// Number of the dependency descriptor's extension in offers; any that is free will do.
const DEPENDENCY_ID: u8 = 9;

/// All that the server passes through.
fn server_media_config() -> RtcConfig {
	media_config()
		.enable_opus(true, true)
		.enable_h264(true)
		.enable_vp9(true)
		.enable_av1(true)
		.set_extension(
			DEPENDENCY_ID,
			Extension::with_serializer(dependency::URI, dependency::extension::Serializer),
		)
}

impl Transport {
	/// The server's end: ICE-lite, with the advertised addresses as candidates.
	pub(crate) fn server(
		now: Instant,
		config: &SfuConfig,
		kind: TransportKind,
		provider: &Arc<CryptoProvider>,
		cert: Option<&DtlsCert>,
	) -> Self {
		let mut rtc_config = server_media_config()
			.set_crypto_provider(provider.clone())
			.set_ice_lite(true)
			.set_stats_interval(Some(Duration::from_secs(1)))
			.set_sctp_max_message_size(
				u32::try_from(config.max_data_bytes.max(1_024)).unwrap_or(u32::MAX),
			);
		if let Some(cert) = cert {
			rtc_config = rtc_config.set_dtls_cert(cert.clone());
		}
		if kind == TransportKind::Subscriber {
			rtc_config = rtc_config.enable_bwe(Some(Bitrate::bps(config.initial_bitrate)));
		}
		let mut rtc = rtc_config.build(now);
		for address in &config.candidates {
			if let Ok(candidate) = Candidate::host(*address, "udp") {
				rtc.add_local_candidate(candidate);
			}
		}
		Self::around(now, rtc)
	}

	/// The client's end: full ICE, one candidate.
	pub(crate) fn client(now: Instant, address: SocketAddr) -> Self {
		let mut rtc = media_config().build(now);
		if let Ok(candidate) = Candidate::host(address, "udp") {
			rtc.add_local_candidate(candidate);
		}
		Self::around(now, rtc)
	}

	fn around(now: Instant, mut rtc: Rtc) -> Self {
		// ICE sets no timer before it has been told the time.
		let _ = rtc.handle_input(Input::Timeout(now));
		let ufrag = rtc.direct_api().local_ice_credentials().ufrag;
		Self {
			rtc,
			dtls_up: false,
			connected: false,
			last_heard: now,
			dead: false,
			buried: false,
			errors: 0,
			deadline: None,
			queued: None,
			addresses: Vec::new(),
			candidates: 0,
			moves: 0,
			ufrag,
			pending_offer: None,
			channels: Vec::new(),
			dirty: false,
		}
	}

	/// Tells ICE of a candidate of the peer, unless it knows enough of them. An ICE-lite agent needs none.
	pub(crate) fn add_candidate(&mut self, candidate: Candidate) {
		if self.candidates < MAX_CANDIDATES {
			self.candidates += 1;
			let _ = self.guard(|t| {
				t.rtc.add_remote_candidate(candidate);
				Ok::<_, std::convert::Infallible>(())
			});
		}
	}

	/// A description without the candidates that are too many.
	pub(crate) fn ration<'a>(&mut self, sdp: &'a str) -> Cow<'a, str> {
		let is_candidate = |line: &&str| line.starts_with("a=candidate:");
		let found = sdp.lines().filter(is_candidate).count();
		let left = MAX_CANDIDATES.saturating_sub(self.candidates);
		self.candidates = self.candidates.saturating_add(found).min(MAX_CANDIDATES);
		if found <= left {
			return sdp.into();
		}
		let mut seen = 0;
		let kept = sdp.split_inclusive('\n').filter(|line| {
			seen += usize::from(is_candidate(line));
			!is_candidate(line) || seen <= left
		});
		Cow::Owned(kept.collect())
	}

	/// The peer is at a new address. ICE keeps every one of them, so that one peer with too many is given up.
	pub(crate) fn moved(&mut self) {
		self.moves += 1;
		self.dead |= self.moves > MAX_MOVES;
	}

	/// Runs something on the peer connection. An error counts; a panic, which would be a bug of the
	/// library, ends this transport and not the daemon.
	pub(crate) fn guard<T, E: std::fmt::Display>(
		&mut self,
		run: impl FnOnce(&mut Self) -> Result<T, E>,
	) -> Result<T, String> {
		if self.dead {
			return Err("transport is closed".into());
		}
		match catch_unwind(AssertUnwindSafe(|| run(self))) {
			Ok(Ok(value)) => Ok(value),
			Ok(Err(error)) => {
				self.errors += 1;
				self.dead |= self.errors >= MAX_ERRORS || !self.rtc.is_alive();
				tracing::debug!(%error, "transport error");
				Err(error.to_string())
			}
			Err(_) => {
				self.dead = true;
				tracing::error!("peer connection panicked; closed");
				Err("internal error".into())
			}
		}
	}

	pub(crate) fn input(&mut self, input: Input<'_>) -> Result<(), String> {
		self.guard(|t| t.rtc.handle_input(input))
	}

	pub(crate) fn poll(&mut self) -> Result<Output, String> {
		self.guard(|t| t.rtc.poll_output())
	}

	/// Writes to a data channel; `false` if it is not open or full.
	pub(crate) fn write_data(&mut self, reliable: bool, payload: &[u8]) -> bool {
		let Some(id) =
			self.channels.iter().find(|c| c.open && c.reliable == reliable).map(|c| c.id)
		else {
			return false;
		};
		self.guard(|t| t.rtc.channel(id).map_or(Ok(false), |mut c| c.write(true, payload)))
			.unwrap_or(false)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn transport() -> Transport {
		Transport::client(Instant::now(), "127.0.0.1:9".parse().unwrap())
	}

	#[test]
	fn descriptions_and_trickling_share_a_ration_of_candidates() {
		let mut t = transport();
		let line = "a=candidate:1 1 udp 1 127.0.0.1 5 typ host\r\n";
		let text = format!("v=0\r\n{}a=end\r\n", line.repeat(MAX_CANDIDATES - 1));
		assert_eq!(t.ration(&text), text);
		let kept = format!("v=0\r\n{line}a=end\r\n");
		assert_eq!(t.ration(&text), kept);
		assert_eq!(t.ration(&kept), "v=0\r\na=end\r\n");

		let mut t = transport();
		for port in 1..=1_000 {
			t.add_candidate(Candidate::host(([127, 0, 0, 1], port).into(), "udp").unwrap());
		}
		assert_eq!((t.candidates, t.dead), (MAX_CANDIDATES, false));
		assert_eq!(t.ration(&kept), "v=0\r\na=end\r\n");
	}

	#[test]
	fn peer_that_moves_too_often_is_given_up() {
		let mut t = transport();
		for _ in 0..MAX_MOVES {
			t.moved();
		}
		assert!(!t.dead);
		t.moved();
		assert!(t.dead && t.poll().is_err());
	}
}
