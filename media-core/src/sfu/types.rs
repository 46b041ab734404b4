//! What goes in and out of an [`Sfu`](super::Sfu).

use std::net::SocketAddr;
use std::time::Instant;

use bytes::Bytes;
use thiserror::Error;

use crate::quality::connection::ConnectionClass;
use crate::{MediaKind, Transmit, TransportKind};

/// Handle of a participant; never used twice by one [`Sfu`](super::Sfu).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParticipantId(pub(crate) u64);

/// Input that is no command.
#[derive(Debug)]
pub enum Input<'a> {
	/// Time passed.
	Timeout,
	/// A datagram came in.
	Datagram {
		/// Who sent it.
		source: SocketAddr,
		/// Local address it came to. Mapped to an advertised candidate.
		destination: SocketAddr,
		/// The datagram.
		contents: &'a [u8],
	},
	/// A datagram came in over a TCP connection.
	Tcp {
		/// Who has the connection.
		source: SocketAddr,
		/// Local address of the connection. Mapped to an advertised candidate.
		destination: SocketAddr,
		/// The datagram, without its length.
		contents: &'a [u8],
	},
}

/// What [`Sfu::poll_output`](super::Sfu::poll_output) gives.
#[derive(Debug)]
pub enum Output {
	/// Send this.
	Transmit(Transmit),
	/// Something happened.
	Event(Event),
	/// Nothing more to do before this time (or the next input).
	Timeout(Instant),
}

/// What the client said about a track in `AddTrack`, before its media appears in the SDP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackBinding {
	/// `AddTrackRequest.cid`: the MediaStreamTrack's id, second token of `a=msid`.
	pub cid: String,
	/// The `TR_…` sid that the signalling gave it.
	pub track_sid: String,
	/// Audio or video.
	pub kind: MediaKind,
	/// Name, as the publisher gave it.
	pub name: String,
	/// LiveKit's `TrackSource` number.
	pub source: i32,
	/// Published muted.
	pub muted: bool,
	/// Full width in pixels, 0 if unknown.
	pub width: u32,
	/// Full height in pixels, 0 if unknown.
	pub height: u32,
}

/// A track whose media line has appeared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedTrack {
	/// The `TR_…` sid.
	pub track_sid: String,
	/// Client id of the track.
	pub cid: String,
	/// Audio or video.
	pub kind: MediaKind,
	/// `mid` of the publisher's media line.
	pub mid: String,
	/// RIDs that the publisher offered, lowest layer first; empty without simulcast.
	pub rids: Vec<String>,
}

/// How loud a participant is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speaker {
	/// Who.
	pub participant: ParticipantId,
	/// 0 to 1, in eighths.
	pub level: f32,
	/// Speaks.
	pub active: bool,
}

/// Something that the signalling has to know.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
	/// Send this offer to the client's subscriber transport and give the answer to
	/// [`Sfu::subscriber_answer`](super::Sfu::subscriber_answer).
	SubscriberOffer {
		/// Whom to send it to.
		participant: ParticipantId,
		/// The SDP.
		sdp: String,
	},
	/// A client that makes all offers ([`Sfu::create_single`](super::Sfu::create_single)) shall make one, with so many
	/// more lines to receive on than in its last one; with none, only to hear of changes.
	MediaSections {
		/// Whom to ask.
		participant: ParticipantId,
		/// Lines of audio.
		audios: u32,
		/// Lines of video.
		videos: u32,
	},
	/// Media of an announced track appeared in a publisher's SDP.
	TrackPublished {
		/// The publisher.
		participant: ParticipantId,
		/// The track.
		track: PublishedTrack,
	},
	/// A track went away.
	TrackUnpublished {
		/// The publisher.
		participant: ParticipantId,
		/// The `TR_…` sid.
		track_sid: String,
	},
	/// ICE and DTLS are up.
	TransportConnected {
		/// Whose.
		participant: ParticipantId,
		/// Which.
		transport: TransportKind,
	},
	/// ICE lost its peer, or the transport broke. An ICE restart may bring it back.
	TransportFailed {
		/// Whose.
		participant: ParticipantId,
		/// Which.
		transport: TransportKind,
	},
	/// A message on a data channel.
	Data {
		/// Who sent it.
		participant: ParticipantId,
		/// On `_reliable` (else on `_lossy`).
		reliable: bool,
		/// The message: a `DataPacket` of LiveKit's protocol.
		payload: Bytes,
	},
	/// Other layers of a published video are wanted than before (dynacast). More is told at once, less after
	/// [`SfuConfig::dynacast_delay`](super::SfuConfig::dynacast_delay).
	WantedLayers {
		/// The publisher.
		participant: ParticipantId,
		/// The `TR_…` sid.
		track_sid: String,
		/// `vp8`, `h264`, `vp9` or `av1`; empty if not known yet.
		codec: &'static str,
		/// Highest layer that anybody wants, 0 being the lowest; `None`: nobody wants the track.
		max_layer: Option<u8>,
		/// Layers that the track has.
		layers: u8,
	},
	/// A subscription was paused for want of bandwidth, or goes on.
	StreamState {
		/// The subscriber.
		participant: ParticipantId,
		/// The `TR_…` sid.
		track_sid: String,
		/// Paused, or active again.
		paused: bool,
	},
	/// Levels of participants of a room changed; the loudest first. At most one in
	/// [`SpeakerConfig::interval`](crate::speakers::SpeakerConfig::interval).
	Speakers {
		/// The room.
		room: String,
		/// Whose level changed. Who fell silent is in it with level 0.
		changes: Vec<Speaker>,
	},
	/// A participant's connection belongs to another class than before.
	ConnectionQuality {
		/// Whose.
		participant: ParticipantId,
		/// The class.
		class: ConnectionClass,
		/// Mean opinion score, 1 to 4.5.
		opinion: f32,
	},
	/// The participant has been removed: by `leave`, or because it was idle for too long.
	ParticipantGone {
		/// Who.
		participant: ParticipantId,
		/// Whether a timeout removed it (else the command did).
		timed_out: bool,
	},
}

/// Why a command was refused. Nothing has changed then, unless the text says so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SfuError {
	/// No such participant.
	#[error("no such participant")]
	UnknownParticipant,
	/// No such track.
	#[error("no such track")]
	UnknownTrack,
	/// A limit of [`SfuConfig`](super::SfuConfig) is reached; the text names it.
	#[error("limit reached: {0}")]
	Limit(&'static str),
	/// A sid or cid is used already, or a name is empty.
	#[error("invalid or duplicate identifier")]
	InvalidId,
	/// The SDP could not be parsed or applied.
	#[error("bad SDP: {0}")]
	Sdp(String),
	/// An answer came without an offer being open.
	#[error("no offer is open")]
	NoOffer,
	/// The transport is closed.
	#[error("transport is closed")]
	Closed,
}
