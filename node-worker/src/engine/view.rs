//! What goes on in the engine, as it is served to operators: rooms, participants, streams and counters.

use super::{latency::Latency, session::Session, wire::WireCounts, Engine};
use dtel_media_core::{
	service::Service,
	stats::{ParticipantStats, StreamSnapshot, Totals, TrackStats},
	MediaKind,
};
use serde::Serialize;
use std::time::Duration;

/// Everything at one moment.
#[derive(Clone, Debug, Serialize)]
pub struct View {
	/// Rooms.
	pub rooms: Vec<RoomView>,
	/// Counters since the start.
	pub totals: TotalsView,
	/// What callers got since the start, without probes.
	#[serde(skip)]
	pub service: Service,
	/// Time that forwarded packets took through the engine.
	#[serde(skip)]
	pub latency: Latency,
	/// No new rooms are taken.
	pub draining: bool,
}

/// A room.
#[derive(Clone, Debug, Serialize)]
pub struct RoomView {
	/// `RM_…`.
	pub sid: String,
	/// Name.
	pub name: String,
	/// Base58 of the key whose tokens let participants in.
	pub key: String,
	/// It is a verifier's probe.
	pub probe: bool,
	/// Unix time of its making, in milliseconds.
	pub created_ms: i64,
	/// Participants.
	pub participants: Vec<ParticipantView>,
}

/// A participant.
#[derive(Clone, Debug, Serialize)]
pub struct ParticipantView {
	/// `PA_…`.
	pub sid: String,
	/// Identity.
	pub identity: String,
	/// Unix time of joining, in milliseconds.
	pub joined_ms: i64,
	/// Publisher transport is connected.
	pub publisher_connected: bool,
	/// Subscriber transport is connected.
	pub subscriber_connected: bool,
	/// Round-trip time in milliseconds.
	pub rtt_ms: Option<f64>,
	/// Share of packets that it reports lost of what is sent to it.
	pub egress_loss: Option<f64>,
	/// Estimated bandwidth towards it, in bits per second.
	pub estimate_bps: Option<u64>,
	/// Tracks that it publishes.
	pub published: Vec<TrackView>,
	/// Tracks that it receives.
	pub subscribed: Vec<TrackView>,
}

/// A track.
#[derive(Clone, Debug, Serialize)]
pub struct TrackView {
	/// `TR_…`.
	pub sid: String,
	/// Name.
	pub name: String,
	/// `audio` or `video`.
	pub kind: &'static str,
	/// Muted by its publisher.
	pub muted: bool,
	/// Mean opinion score of what comes in.
	pub mos: Option<f64>,
	/// Layers of a published track; one stream of a subscription.
	pub streams: Vec<StreamView>,
}

/// An RTP stream.
#[derive(Clone, Debug, Serialize)]
pub struct StreamView {
	/// RID of the simulcast layer.
	pub rid: Option<String>,
	/// Packets.
	pub packets: u64,
	/// Payload bytes.
	pub bytes: u64,
	/// Packets that should have come.
	pub expected: u64,
	/// Packets that did not.
	pub lost: u64,
	/// Share of packets that did not.
	pub loss: f64,
	/// Interarrival jitter in milliseconds.
	pub jitter_ms: f64,
	/// Bits per second.
	pub bitrate_bps: u64,
	/// Video frames.
	pub frames: u64,
	/// Frames per second.
	pub frame_rate: f64,
	/// Keyframes.
	pub keyframes: u64,
	/// Freezes.
	pub freezes: u64,
	/// Time frozen in milliseconds.
	pub freeze_ms: f64,
	/// Round-trip time in milliseconds.
	pub rtt_ms: Option<f64>,
}

/// Counters since the start.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[allow(missing_docs)] // They are those of `Totals`, and some more.
pub struct TotalsView {
	pub datagrams_in: u64,
	pub bytes_in: u64,
	pub datagrams_out: u64,
	pub bytes_out: u64,
	pub datagrams_dropped: u64,
	pub output_overflow: u64,
	pub rtp_in: u64,
	pub rtp_forwarded: u64,
	pub rtp_lost: u64,
	pub keyframe_requests: u64,
	pub transport_errors: u64,
	pub participants: u64,
	/// Datagrams that no socket took.
	pub socket_drops: u64,
	/// System calls that read datagrams.
	pub socket_reads: u64,
	/// System calls that sent datagrams.
	pub socket_sends: u64,
	/// Datagrams that were sent together with others.
	pub sent_together: u64,
	/// TCP connections for media that were accepted.
	pub tcp_accepted: u64,
	/// TCP connections for media that were refused.
	pub tcp_refused: u64,
}

impl TotalsView {
	fn new(t: Totals, wire: WireCounts) -> Self {
		Self {
			datagrams_in: t.datagrams_in,
			bytes_in: t.bytes_in,
			datagrams_out: t.datagrams_out,
			bytes_out: t.bytes_out,
			datagrams_dropped: t.datagrams_dropped,
			output_overflow: t.output_overflow,
			rtp_in: t.rtp_in,
			rtp_forwarded: t.rtp_forwarded,
			rtp_lost: t.rtp_lost,
			keyframe_requests: t.keyframe_requests,
			transport_errors: t.transport_errors,
			participants: t.participants,
			socket_drops: wire.drops,
			socket_reads: wire.reads,
			socket_sends: wire.sends,
			sent_together: wire.together,
			tcp_accepted: wire.tcp_accepted,
			tcp_refused: wire.tcp_refused,
		}
	}

	/// What was added since `earlier`.
	pub fn since(&self, earlier: &Self) -> Self {
		Self {
			datagrams_in: self.datagrams_in.saturating_sub(earlier.datagrams_in),
			bytes_in: self.bytes_in.saturating_sub(earlier.bytes_in),
			datagrams_out: self.datagrams_out.saturating_sub(earlier.datagrams_out),
			bytes_out: self.bytes_out.saturating_sub(earlier.bytes_out),
			datagrams_dropped: self.datagrams_dropped.saturating_sub(earlier.datagrams_dropped),
			output_overflow: self.output_overflow.saturating_sub(earlier.output_overflow),
			rtp_in: self.rtp_in.saturating_sub(earlier.rtp_in),
			rtp_forwarded: self.rtp_forwarded.saturating_sub(earlier.rtp_forwarded),
			rtp_lost: self.rtp_lost.saturating_sub(earlier.rtp_lost),
			keyframe_requests: self.keyframe_requests.saturating_sub(earlier.keyframe_requests),
			transport_errors: self.transport_errors.saturating_sub(earlier.transport_errors),
			participants: self.participants.saturating_sub(earlier.participants),
			socket_drops: self.socket_drops.saturating_sub(earlier.socket_drops),
			socket_reads: self.socket_reads.saturating_sub(earlier.socket_reads),
			socket_sends: self.socket_sends.saturating_sub(earlier.socket_sends),
			sent_together: self.sent_together.saturating_sub(earlier.sent_together),
			tcp_accepted: self.tcp_accepted.saturating_sub(earlier.tcp_accepted),
			tcp_refused: self.tcp_refused.saturating_sub(earlier.tcp_refused),
		}
	}
}

impl Engine {
	pub(super) fn view(&self) -> View {
		let rooms = self.directory.rooms.iter().map(|(key, room)| {
			let mut members = self.directory.members(key).peekable();
			RoomView {
				sid: room.sid.clone(),
				name: room.name.clone(),
				key: key.split_once('/').map_or_else(String::new, |(issuer, _)| issuer.into()),
				probe: members.peek().is_some_and(|s| s.access.probe),
				created_ms: room.created_ms,
				participants: members.map(|s| self.participant_view(s)).collect(),
			}
		});
		View {
			rooms: rooms.collect(),
			totals: TotalsView::new(self.sfu.totals(), self.wire.counts()),
			service: self.sfu.service(),
			latency: self.latency,
			draining: self.draining || self.retiring.begun(),
		}
	}

	fn participant_view(&self, session: &Session) -> ParticipantView {
		let stats = self.sfu.participant_stats(session.id);
		let tracks = |of: fn(&ParticipantStats) -> &Vec<TrackStats>| {
			stats.as_ref().map(|s| of(s).iter().map(TrackView::new).collect()).unwrap_or_default()
		};
		ParticipantView {
			sid: session.sid.clone(),
			identity: session.access.identity.clone(),
			joined_ms: session.joined_at_ms,
			publisher_connected: stats.as_ref().is_some_and(|s| s.publisher_connected),
			subscriber_connected: stats.as_ref().is_some_and(|s| s.subscriber_connected),
			rtt_ms: stats.as_ref().and_then(|s| s.rtt).map(ms),
			egress_loss: stats.as_ref().and_then(|s| s.egress_loss),
			estimate_bps: stats.as_ref().and_then(|s| s.estimate),
			published: tracks(|s| &s.published),
			subscribed: tracks(|s| &s.subscribed),
		}
	}
}

impl TrackView {
	fn new(track: &TrackStats) -> Self {
		Self {
			sid: track.track_sid.clone(),
			name: track.name.clone(),
			kind: match track.kind {
				MediaKind::Audio => "audio",
				MediaKind::Video => "video",
			},
			muted: track.muted,
			mos: track.mos_centi.map(|centi| f64::from(centi) / 100.0),
			streams: track.streams.iter().map(StreamView::new).collect(),
		}
	}
}

impl StreamView {
	fn new(s: &StreamSnapshot) -> Self {
		let loss = if s.expected == 0 { 0.0 } else { s.lost as f64 / s.expected as f64 };
		Self {
			rid: s.rid.clone(),
			packets: s.packets,
			bytes: s.bytes,
			expected: s.expected,
			lost: s.lost,
			loss,
			jitter_ms: ms(s.jitter),
			bitrate_bps: s.bitrate,
			frames: s.frames,
			frame_rate: s.frame_rate,
			keyframes: s.keyframes,
			freezes: s.freezes,
			freeze_ms: ms(s.freeze_time),
			rtt_ms: s.rtt.map(ms),
		}
	}
}

fn ms(duration: Duration) -> f64 {
	duration.as_secs_f64() * 1_000.0
}
