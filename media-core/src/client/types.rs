//! What goes in and out of a [`Client`](super::Client)(super::Client).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use thiserror::Error;

use crate::probe::{ProbeKey, StampKind};
use crate::stats::StreamSnapshot;
use crate::{MediaKind, Transmit, TransportKind};

/// What a [`Client`](super::Client) does.
#[derive(Debug, Clone)]
pub struct ClientConfig {
	/// Address of the socket that carries the publisher transport (a real one, not `0.0.0.0`).
	pub publisher_addr: SocketAddr,
	/// Address of the socket that carries the subscriber transport; another socket.
	pub subscriber_addr: SocketAddr,
	/// Publish Opus.
	pub audio: bool,
	/// Publish VP8 in three simulcast layers.
	pub video: bool,
	/// Stamp everything that is sent, and know packets of a load by their stamps (a probe).
	pub stamp: Option<ProbeKey>,
	/// When stamps start counting time: the probe's `started`.
	pub epoch: Instant,
}

/// A track that the client publishes; say this in `AddTrack`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTrack {
	/// `AddTrackRequest.cid`.
	pub cid: String,
	/// Name.
	pub name: String,
	/// Audio or video.
	pub kind: MediaKind,
	/// Full width.
	pub width: u32,
	/// Full height.
	pub height: u32,
	/// Simulcast layers: RID, width, height, bits per second.
	pub layers: Vec<(String, u32, u32, u32)>,
}

/// Input of a [`Client`](super::Client).
#[derive(Debug)]
pub enum Input<'a> {
	/// Time passed.
	Timeout,
	/// A datagram came in.
	Datagram {
		/// On the socket of this transport.
		transport: TransportKind,
		/// From.
		source: SocketAddr,
		/// The datagram.
		contents: &'a [u8],
	},
}

/// What [`Client::poll_output`](super::Client::poll_output) gives.
#[derive(Debug)]
pub enum Output {
	/// Send this on the socket of the transport.
	Transmit(TransportKind, Transmit),
	/// Something happened.
	Event(Event),
	/// Nothing more to do before this time.
	Timeout(Instant),
}

/// What a [`Client`](super::Client) saw or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
	/// ICE and DTLS are up.
	Connected(TransportKind),
	/// The transport failed or was closed.
	Failed(TransportKind),
	/// A track was offered to us.
	TrackAdded {
		/// Participant sid (`PA_…`), from the msid.
		participant_sid: String,
		/// Track sid (`TR_…`).
		track_sid: String,
		/// Audio or video.
		kind: MediaKind,
	},
	/// A stamped frame left.
	Sent {
		/// Audio, or which layer of the video.
		kind: StampKind,
		/// Sequence in the stamp.
		sequence: u32,
		/// Bytes of payload.
		bytes: usize,
		/// When, as the stamp says.
		at: Instant,
	},
	/// A complete frame came: an Opus packet, or a VP8 frame.
	Frame {
		/// Track sid.
		track_sid: String,
		/// Audio or video.
		kind: MediaKind,
		/// When the (last packet of the) frame arrived.
		at: Instant,
		/// The payload, stamps included.
		data: Arc<[u8]>,
	},
	/// A message on the data channel `_reliable` (else `_lossy`).
	Data {
		/// Which channel.
		reliable: bool,
		/// The message.
		payload: Vec<u8>,
	},
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClientError {
	/// The SDP could not be parsed or applied.
	#[error("bad SDP: {0}")]
	Sdp(String),
	/// An answer without an open offer.
	#[error("no offer is open")]
	NoOffer,
}

/// Statistics of a [`Client`](super::Client).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClientStats {
	/// What comes in: track sid and its stream.
	pub received: Vec<(String, StreamSnapshot)>,
	/// Bytes sent on both transports.
	pub bytes_out: u64,
	/// Bytes received on both transports.
	pub bytes_in: u64,
	/// Media frames sent.
	pub frames_sent: u64,
	/// Keyframe requests that came.
	pub keyframe_requests: u64,
}
