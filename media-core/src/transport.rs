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
use str0m::net::TcpType;
use str0m::rtp::Extension;
use str0m::{Candidate, Input, Output, Rtc, RtcConfig};

use crate::codecs::dependency;
use crate::sfu::SfuConfig;
use crate::{Protocol, TransportKind};

/// Candidates of one peer that ICE is told of.
const MAX_CANDIDATES: usize = 32;
/// New addresses after which a transport is given up.
const MAX_MOVES: usize = 256;
/// Errors after which a transport is given up.
const MAX_ERRORS: u32 = 16;
/// Candidates of its own that a transport has told of.
const MAX_OFFERED: usize = 32;

/// Where a peer is: the same address and port may be two peers, one over UDP and one over TCP.
pub(crate) type PeerAddress = (Protocol, SocketAddr);

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
	pub addresses: Vec<PeerAddress>,
	/// Candidates of its own that the peer was told of.
	offered: Vec<PeerAddress>,
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

fn candidate(
	protocol: Protocol,
	role: TcpType,
	address: SocketAddr,
) -> Result<Candidate, str0m::error::IceError> {
	let builder = Candidate::builder();
	match protocol {
		Protocol::Udp => builder.udp().host(address).build(),
		Protocol::Tcp => builder.tcp().host(address).tcptype(role).build(),
	}
}

/// Adds the candidates that are not among those `offered` yet.
fn offer(rtc: &mut Rtc, offered: &mut Vec<PeerAddress>, udp: &[SocketAddr], tcp: &[SocketAddr]) {
	let udp = udp.iter().map(|a| (Protocol::Udp, *a));
	for (protocol, address) in udp.chain(tcp.iter().map(|a| (Protocol::Tcp, *a))) {
		if offered.contains(&(protocol, address)) || offered.len() >= MAX_OFFERED {
			continue;
		}
		if let Ok(candidate) = candidate(protocol, TcpType::Passive, address) {
			rtc.add_local_candidate(candidate);
			offered.push((protocol, address));
		}
	}
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
		let mut offered = Vec::new();
		offer(&mut rtc, &mut offered, &config.candidates, &config.tcp_candidates);
		Self { offered, ..Self::around(now, rtc) }
	}

	/// The client's end: full ICE, one candidate. Over TCP it is an active one.
	pub(crate) fn client(now: Instant, protocol: Protocol, address: SocketAddr) -> Self {
		let mut rtc = media_config().build(now);
		if let Ok(candidate) = candidate(protocol, TcpType::Active, address) {
			rtc.add_local_candidate(candidate);
		}
		Self::around(now, rtc)
	}

	/// Tells ICE, and with the next description the peer, of candidates of this end. UDP comes first: it is preferred.
	pub(crate) fn offer_candidates(&mut self, udp: &[SocketAddr], tcp: &[SocketAddr]) {
		offer(&mut self.rtc, &mut self.offered, udp, tcp);
	}

	/// The candidate that a datagram of a peer must have been sent to.
	pub(crate) fn advertised(&self, peer: PeerAddress, destination: SocketAddr) -> SocketAddr {
		let (protocol, source) = peer;
		if self.offered.contains(&(protocol, destination)) {
			return destination;
		}
		let mut fitting = self.offered.iter().filter(|c| c.0 == protocol);
		let same = fitting.clone().find(|c| c.1.is_ipv4() == source.is_ipv4());
		same.or(fitting.next()).map_or(destination, |c| c.1)
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
			offered: Vec::new(),
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
		Transport::client(Instant::now(), Protocol::Udp, "127.0.0.1:9".parse().unwrap())
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
	fn datagrams_belong_to_a_candidate_of_their_family_and_protocol() {
		let at = |text: &str| -> SocketAddr { text.parse().unwrap() };
		let mut t = transport();
		t.offer_candidates(
			&[at("203.0.113.1:1"), at("203.0.113.2:1"), at("[2001:db8::1]:1")],
			&[at("203.0.113.1:2")],
		);
		let (udp, tcp) = (Protocol::Udp, Protocol::Tcp);
		for (protocol, source, destination, candidate) in [
			(udp, "192.0.2.1:9", "203.0.113.2:1", "203.0.113.2:1"),
			(udp, "192.0.2.1:9", "10.0.0.1:7", "203.0.113.1:1"),
			(udp, "[2001:db8::9]:9", "[2001:db8::2]:7", "[2001:db8::1]:1"),
			(tcp, "192.0.2.1:9", "203.0.113.1:1", "203.0.113.1:2"),
			(tcp, "[2001:db8::9]:9", "[2001:db8::2]:7", "203.0.113.1:2"),
		] {
			let found = t.advertised((protocol, at(source)), at(destination));
			assert_eq!(found, at(candidate), "{protocol:?} {source} {destination}");
		}
		// What was offered stays so: peers go on sending there.
		t.offer_candidates(&[at("203.0.113.9:1"), at("203.0.113.1:1")], &[]);
		let peer = (udp, at("192.0.2.1:9"));
		assert_eq!(t.advertised(peer, at("203.0.113.9:1")), at("203.0.113.9:1"));
		assert_eq!(t.advertised(peer, at("10.0.0.1:7")), at("203.0.113.1:1"));
		assert_eq!(t.offered.len(), 5);
		for port in 1..100 {
			t.offer_candidates(&[SocketAddr::new([203, 0, 113, 10].into(), port)], &[]);
		}
		assert_eq!(t.offered.len(), MAX_OFFERED);
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
