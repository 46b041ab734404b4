//! Participants and their tracks.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use str0m::media::{Mid, Pt, Rid};
use str0m::rtp::Ssrc;

use super::lines::MediaLine;
use super::munger::Munger;
use super::types::{ParticipantId, TrackBinding};
use crate::service::Receiver;
use crate::stats::RtpStats;
use crate::transport::Transport;
use crate::{MediaKind, TransportKind};

/// A layer that sent nothing for this long is not chosen.
const LAYER_ALIVE: Duration = Duration::from_secs(2);
/// Rest after a step down before a higher layer is tried.
const UPGRADE_REST: Duration = Duration::from_secs(2);

/// A layer is left when it has been over the budget for so long.
const SHORT_PATIENCE: Duration = Duration::from_secs(1);

/// Clock rate of RTP timestamps of a kind of media.
pub(super) fn clock_rate(kind: MediaKind) -> u32 {
	match kind {
		MediaKind::Audio => 48_000,
		MediaKind::Video => 90_000,
	}
}

/// One simulcast layer of a published track.
#[derive(Debug)]
pub(super) struct Layer {
	pub rid: Option<Rid>,
	pub ssrc: Option<Ssrc>,
	pub stats: RtpStats,
	pub rtt: Option<Duration>,
	pub last_request: Option<Instant>,
	pub wants_request: bool,
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
		}
	}

	fn alive(&self, now: Instant) -> bool {
		self.stats.last_packet().is_some_and(|at| now.saturating_duration_since(at) < LAYER_ALIVE)
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
	pub tx: Option<(Ssrc, Pt)>,
	pub disabled: bool,
	pub max_layer: Option<usize>,
	pub current: Option<usize>,
	pub target: Option<usize>,
	/// No higher layer before this: the present one was a step down.
	pub rest_until: Option<Instant>,
	/// Since when the present layer has been over the budget.
	pub short_since: Option<Instant>,
	pub munger: Munger,
	pub stats: RtpStats,
	pub rtt: Option<Duration>,
	pub receiver: Receiver,
}

impl DownTrack {
	/// Chooses the layer to go to: the highest that is alive, wanted and within the budget (bits per
	/// second; the lowest if none is). The present layer may be over the budget for a moment: estimates
	/// dip when a machine is busy.
	pub(super) fn retarget(&mut self, now: Instant, layers: &[Layer], budget: Option<u64>) {
		let rate = self.current.and_then(|c| layers.get(c)).map_or(0, |l| l.stats.bitrate(now));
		if budget.is_some_and(|b| rate > b) {
			self.short_since.get_or_insert(now);
		} else {
			self.short_since = None;
		}
		let patient = self
			.short_since
			.is_some_and(|since| now.saturating_duration_since(since) < SHORT_PATIENCE);
		let most = self.max_layer.unwrap_or(usize::MAX);
		let rested = self.rest_until.is_none_or(|until| now >= until);
		let mut best = None;
		for (index, layer) in layers.iter().enumerate().filter(|(i, l)| *i <= most && l.alive(now))
		{
			let higher = self.current.is_some_and(|c| index > c);
			// Going up needs some room to spare, so that it does not swing.
			let rate = layer.stats.bitrate(now) * if higher { 115 } else { 100 } / 100;
			let fits = budget.is_none_or(|b| rate <= b) || (patient && self.current == Some(index));
			let current_alive =
				self.current.and_then(|c| layers.get(c)).is_some_and(|l| l.alive(now));
			if best.is_none() || (fits && (!higher || rested || !current_alive)) {
				best = Some(index);
			}
		}
		if best.is_some() {
			self.target = best;
		}
	}

	/// Goes over to a layer, at a keyframe of it.
	pub(super) fn switch(&mut self, now: Instant, layer: usize) {
		if self.current.is_some_and(|current| layer < current) {
			self.rest_until = Some(now + UPGRADE_REST);
		}
		self.current = Some(layer);
		self.munger.detach();
	}

	/// Whether it waits for a keyframe, and of which layer.
	pub(super) fn waits_for(&self) -> Option<usize> {
		if self.kind == MediaKind::Audio || self.disabled || self.tx.is_none() {
			return None;
		}
		self.target.filter(|t| Some(*t) != self.current || !self.munger.attached())
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
	pub subscriber: Transport,
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
	pub restart_ice: bool,
	/// Last time that a transport was connected.
	pub last_alive: Instant,
	pub estimate: Option<u64>,
	/// Rates that the bandwidth estimation was last asked for.
	pub asked_rates: (u64, u64),
	pub rtt: Option<Duration>,
	pub egress_loss: Option<f64>,
}

impl Participant {
	pub(super) fn transport(&mut self, kind: TransportKind) -> &mut Transport {
		match kind {
			TransportKind::Publisher => &mut self.publisher,
			TransportKind::Subscriber => &mut self.subscriber,
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
