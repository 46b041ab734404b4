//! One `str0m` peer connection and what its owner, an SFU or a client, remembers of it.

use std::net::SocketAddr;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::bwe::Bitrate;
use str0m::change::SdpPendingOffer;
use str0m::channel::ChannelId;
use str0m::config::{CryptoProvider, DtlsCert};
use str0m::{Candidate, Input, Output, Rtc, RtcConfig};

use crate::sfu::SfuConfig;
use crate::TransportKind;

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
	/// When `rtc` wants to be called; a timer of exactly this time is set.
	pub deadline: Option<Instant>,
	pub addresses: Vec<SocketAddr>,
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

impl Transport {
	/// The server's end: ICE-lite, with the advertised addresses as candidates.
	pub(crate) fn server(
		now: Instant,
		config: &SfuConfig,
		kind: TransportKind,
		provider: &Arc<CryptoProvider>,
		cert: Option<&DtlsCert>,
	) -> Self {
		let mut rtc_config = media_config()
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
			addresses: Vec::new(),
			ufrag,
			pending_offer: None,
			channels: Vec::new(),
			dirty: false,
		}
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
