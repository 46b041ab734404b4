//! Participants and their tracks.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::format::Codec;
use str0m::media::{Mid, Pt, Rid};
use str0m::rtp::Ssrc;

use super::codec::{Exit, Format};
use super::connection::{Remote, Seen};
use super::lines::MediaLine;
use super::munger::Munger;
use super::single::Slots;
use super::types::{ParticipantId, TrackBinding};
use crate::codecs::dependency::Structure;
use crate::codecs::vp9::MAX_SPATIAL;
use crate::dynacast::WantedLayer;
use crate::quality::connection::{ConnectionClass, TrackScorer};
use crate::service::Receiver;
use crate::speakers::AudioLevel;
use crate::stats::{Rate, RtpStats};
use crate::svc::{Layers, Selector};
use crate::transport::Transport;
use crate::{MediaKind, TransportKind};

/// A layer that sent nothing for this long is not chosen.
const LAYER_ALIVE: Duration = Duration::from_secs(2);
/// Rest after a step down before a higher layer is tried.
pub(super) const UPGRADE_REST: Duration = Duration::from_secs(2);
/// A video in which no keyframe can be recognised (its payload may be encrypted) is begun anyway after this time.
const START_PATIENCE: Duration = Duration::from_secs(3);

/// Clock rate of RTP timestamps of a kind of media.
pub(super) fn clock_rate(kind: MediaKind) -> u32 {
	match kind {
		MediaKind::Audio => 48_000,
		MediaKind::Video => 90_000,
	}
}

/// One stream of a published track: a simulcast layer, or all there is.
#[derive(Debug)]
pub(super) struct Layer {
	pub rid: Option<Rid>,
	pub ssrc: Option<Ssrc>,
	pub stats: RtpStats,
	pub rtt: Option<Duration>,
	pub last_request: Option<Instant>,
	pub wants_request: bool,
	/// H.264: parameter sets come in the stream.
	pub parameter_sets: bool,
	/// AV1: structure of the dependency descriptors.
	pub structure: Option<Arc<Structure>>,
	/// AV1: decode targets that are on.
	pub active: u32,
	/// Bits of each spatial layer of a scalable stream; one or none if it is not scalable.
	pub spatial: Vec<Rate>,
	/// Timestamp of the newest packet.
	last_timestamp: Option<u32>,
	first_at: Option<Instant>,
	epoch: Instant,
	/// A keyframe has been recognised.
	recognised: bool,
}

impl Layer {
	pub(super) fn new(now: Instant, kind: MediaKind, rid: Option<Rid>) -> Self {
		Self {
			rid,
			ssrc: None,
			stats: RtpStats::new(now, clock_rate(kind)),
			rtt: None,
			last_request: None,
			wants_request: false,
			parameter_sets: false,
			structure: None,
			active: u32::MAX,
			spatial: Vec::new(),
			last_timestamp: None,
			first_at: None,
			epoch: now,
			recognised: false,
		}
	}

	pub(super) fn alive(&self, now: Instant) -> bool {
		self.stats.last_packet().is_some_and(|at| now.saturating_duration_since(at) < LAYER_ALIVE)
	}

	/// The stream has so many spatial layers.
	pub(super) fn set_spatial(&mut self, layers: usize) {
		let epoch = self.epoch;
		self.spatial.resize_with(layers.min(MAX_SPATIAL), || Rate::new(epoch));
	}

	/// Notes a packet of a video; whether a receiver can start at it.
	pub(super) fn starts(&mut self, now: Instant, timestamp: u32, keyframe: bool) -> bool {
		let first_at = *self.first_at.get_or_insert(now);
		let new = self.last_timestamp.is_none_or(|last| {
			let ahead = timestamp.wrapping_sub(last);
			ahead > 0 && ahead < 1 << 31
		});
		if new {
			self.last_timestamp = Some(timestamp);
		}
		self.recognised |= keyframe;
		let waited = now.saturating_duration_since(first_at) >= START_PATIENCE;
		keyframe || (new && waited && !self.recognised)
	}
}

/// A published track. The key is unique in the SFU for all time.
#[derive(Debug)]
pub(super) struct UpTrack {
	pub key: u64,
	pub binding: TrackBinding,
	pub mid: Mid,
	pub muted: bool,
	/// Lowest first; one without RID if there is no simulcast.
	pub layers: Vec<Layer>,
	/// Participants whose subscription is negotiated.
	pub subscribers: Vec<ParticipantId>,
	/// Codec that its publisher's description prefers.
	pub expected: Option<Format>,
	/// Codecs that subscribers are offered: that one, and those that came.
	pub codecs: Vec<Codec>,
	/// Payload type that came last, and what it is.
	pub format: Option<(Pt, Format)>,
	/// Highest layer that anybody wants.
	pub wanted: WantedLayer,
	pub level: AudioLevel,
	pub scorer: TrackScorer,
	/// What the scorer saw last, and since when the track should have been sent.
	pub seen: Seen,
}

impl UpTrack {
	/// Spatial layers of a scalable stream; 0 if the track is none.
	pub(super) fn scalable(&self) -> usize {
		match self.layers.as_slice() {
			[one] if one.spatial.len() > 1 => one.spatial.len(),
			_ => 0,
		}
	}

	/// Layers that a subscriber can choose from.
	pub(super) fn rungs(&self) -> usize {
		self.scalable().max(self.layers.len())
	}

	/// Bits per second of each layer with all that it needs; `None` if nothing of it comes.
	pub(super) fn ladder(&self, now: Instant) -> Vec<Option<u64>> {
		match self.layers.as_slice() {
			[one] if self.scalable() > 0 => {
				let mut sum = 0;
				let alive = one.alive(now);
				one.spatial
					.iter()
					.map(|rate| {
						let rate = rate.per_second(now) as u64;
						sum += rate;
						(alive && rate > 0).then_some(sum)
					})
					.collect()
			}
			layers => layers.iter().map(|l| l.alive(now).then(|| l.stats.bitrate(now))).collect(),
		}
	}

	/// The stream that carries a layer.
	pub(super) fn stream_of(&self, rung: usize) -> usize {
		if self.scalable() > 0 {
			0
		} else {
			rung
		}
	}
}

/// A subscription.
#[derive(Debug)]
pub(super) struct DownTrack {
	pub source: ParticipantId,
	pub track_sid: String,
	pub name: String,
	pub kind: MediaKind,
	/// Media line in the subscriber's SDP, once offered.
	pub mid: Option<Mid>,
	/// Set when the client has answered: where to write.
	pub tx: Option<Ssrc>,
	/// How the publisher's payload type leaves; `None` inside: the subscriber does not take it.
	pub exit: Option<(Pt, Option<Exit>)>,
	pub disabled: bool,
	/// Stopped for want of bandwidth.
	pub paused: bool,
	pub max_layer: Option<usize>,
	pub max_temporal: Option<u8>,
	pub current: Option<usize>,
	pub target: Option<usize>,
	/// No higher layer before this: the present one was a step down.
	pub rest_until: Option<Instant>,
	/// Since when nothing of it fits.
	pub starved_since: Option<Instant>,
	pub munger: Munger,
	pub selector: Selector,
	pub stats: RtpStats,
	pub rtt: Option<Duration>,
	pub receiver: Receiver,
	/// What its receiver reported last.
	pub remote: Remote,
	pub scorer: TrackScorer,
}

impl DownTrack {
	/// Goes over to a layer, at a keyframe of it.
	pub(super) fn switch(&mut self, now: Instant, layer: usize) {
		self.note_step(now, layer);
		self.current = Some(layer);
		self.munger.detach();
	}

	/// A step down is followed by a rest.
	pub(super) fn note_step(&mut self, now: Instant, layer: usize) {
		if self.current.is_some_and(|current| layer < current) {
			self.rest_until = Some(now + UPGRADE_REST);
		}
	}

	/// Nothing more of the present source goes out; what follows begins at a keyframe.
	pub(super) fn detach(&mut self) {
		self.munger.detach();
		self.selector.detach();
		self.stats.pause();
	}

	/// Highest layers of a scalable stream to go to.
	pub(super) fn layers(&self) -> Layers {
		let spatial = self.target.or(self.max_layer).and_then(|t| u8::try_from(t).ok());
		Layers {
			spatial: spatial.unwrap_or(u8::MAX),
			temporal: self.max_temporal.unwrap_or(u8::MAX),
		}
	}

	/// Whether it waits for a keyframe, and of which layer.
	pub(super) fn waits_for(&self, scalable: bool) -> Option<usize> {
		if self.kind == MediaKind::Audio || self.disabled || self.paused || self.tx.is_none() {
			return None;
		}
		let elsewhere = |target: &usize| {
			if scalable {
				// Lower layers need no keyframe.
				self.current.is_none_or(|c| *target > c)
			} else {
				Some(*target) != self.current
			}
		};
		self.target.filter(|t| elsewhere(t) || !self.munger.attached())
	}
}

/// A participant.
pub(super) struct Participant {
	pub room: String,
	pub sid: String,
	pub identity: String,
	/// Whether it is part of [`Service`](crate::service::Service).
	pub counts: bool,
	/// Whether it has been counted there.
	pub counted: bool,
	pub auto_subscribe: bool,
	pub publisher: Transport,
	/// `None`: the publisher transport goes both ways (see `single`).
	pub subscriber: Option<Transport>,
	/// Lines on which that one can send.
	pub slots: Slots,
	/// Announced tracks without media.
	pub announced: Vec<TrackBinding>,
	/// Media lines of the last publisher offer.
	pub lines: Vec<MediaLine>,
	pub up: Vec<UpTrack>,
	/// Where packets of a source go: track key and layer.
	pub by_ssrc: HashMap<Ssrc, (u64, usize)>,
	pub down: HashMap<u64, DownTrack>,
	/// Subscriptions that the next offer adds.
	pub to_add: Vec<u64>,
	/// Media lines that the next offer stops.
	pub to_stop: Vec<Mid>,
	/// Subscriptions in the open offer.
	pub offered: Vec<u64>,
	/// Payload types that subscribed lines are offered with.
	pub formats: Vec<(Mid, Vec<u8>)>,
	pub restart_ice: bool,
	/// Last time that a transport was connected.
	pub last_alive: Instant,
	pub estimate: Option<u64>,
	/// Since when the present layers have been over the budget.
	pub short_since: Option<Instant>,
	/// Level that others were told, 0 if silent.
	pub told_level: f32,
	pub last_spoke: Option<Instant>,
	/// Among the loudest, if only those are heard.
	pub audible: bool,
	/// Class that was told.
	pub told_class: Option<ConnectionClass>,
	/// Rates that the bandwidth estimation was last asked for.
	pub asked_rates: (u64, u64),
	pub rtt: Option<Duration>,
	pub egress_loss: Option<f64>,
}

impl Participant {
	pub(super) fn transport(&mut self, kind: TransportKind) -> &mut Transport {
		match (kind, self.subscriber.as_mut()) {
			(TransportKind::Subscriber, Some(subscriber)) => subscriber,
			_ => &mut self.publisher,
		}
	}

	/// The transport over which the participant receives.
	pub(super) fn downward(&self) -> &Transport {
		self.subscriber.as_ref().unwrap_or(&self.publisher)
	}

	/// The same, to send on it.
	pub(super) fn downward_mut(&mut self) -> &mut Transport {
		self.transport(TransportKind::Subscriber)
	}

	/// One transport goes both ways.
	pub(super) fn single(&self) -> bool {
		self.subscriber.is_none()
	}

	/// The transports that it has.
	pub(super) fn kinds(&self) -> &'static [TransportKind] {
		match self.single() {
			true => &[TransportKind::Publisher],
			false => &[TransportKind::Publisher, TransportKind::Subscriber],
		}
	}

	/// Under which name the transport of a kind is known.
	pub(super) fn kind(&self, kind: TransportKind) -> TransportKind {
		if self.single() {
			TransportKind::Publisher
		} else {
			kind
		}
	}

	pub(super) fn up_by_sid(&mut self, sid: &str) -> Option<&mut UpTrack> {
		self.up.iter_mut().find(|t| t.binding.track_sid == sid)
	}

	pub(super) fn up_by_key(&mut self, key: u64) -> Option<&mut UpTrack> {
		self.up.iter_mut().find(|t| t.key == key)
	}

	/// Whether one of its tracks, announced or published, has this sid.
	pub(super) fn has_sid(&self, sid: &str) -> bool {
		self.announced.iter().any(|b| b.track_sid == sid)
			|| self.up.iter().any(|t| t.binding.track_sid == sid)
	}
}
