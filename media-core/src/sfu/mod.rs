//! A selective forwarding unit for many rooms behind one UDP port.
//!
//! A participant has two peer connections, as LiveKit's protocol up to version 9 has: on the
//! *publisher* transport the client offers, on the *subscriber* transport the server does. Newer clients
//! have one for both directions, on which they make all offers ([`Sfu::create_single`]). Commands
//! are methods; what the signalling must pass on comes out of [`Sfu::poll_output`] as [`Event`]s.

mod allocation;
mod codec;
mod config;
mod connection;
mod drive;
mod dynacast;
mod forward;
mod keyframes;
mod lines;
mod members;
mod munger;
mod negotiate;
mod report;
mod sdp;
mod single;
mod slab;
mod speakers;
mod timers;
mod track;
mod types;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::config::{CryptoProvider, DtlsCert};
use str0m::Candidate;

pub use config::SfuConfig;
pub use types::{
	Event, Input, Output, ParticipantId, PublishedTrack, SfuError, Speaker, TrackBinding,
};

use crate::service::Service;
use crate::stats::Totals;
use crate::transport::{self, PeerAddress, Transport};
use crate::TransportKind;
use single::Slots;
use slab::Slab;
use timers::Timers;
use track::Participant;

/// Interval of housekeeping: keyframe retries, layer choice, idle participants.
const TICK: Duration = Duration::from_millis(200);

/// Which peer connection of whom.
type TransportKey = (ParticipantId, TransportKind);

/// The SFU. See the [module](self).
pub struct Sfu {
	config: SfuConfig,
	now: Instant,
	next_tick: Instant,
	next_speakers: Instant,
	next_quality: Instant,
	provider: Arc<CryptoProvider>,
	cert: Option<DtlsCert>,
	participants: Slab<Participant>,
	/// Members of a room, in the order they came.
	rooms: HashMap<String, Vec<ParticipantId>>,
	by_address: HashMap<PeerAddress, TransportKey>,
	by_ufrag: HashMap<String, TransportKey>,
	timers: Timers,
	dirty: VecDeque<TransportKey>,
	renegotiate: BTreeSet<ParticipantId>,
	outputs: VecDeque<Output>,
	next_track: u64,
	totals: Totals,
	/// Losses of tracks that are gone.
	lost_before: u64,
	service: Service,
	/// Payload of packets that only fill a place.
	nothing: Arc<[u8]>,
}

impl Sfu {
	/// An SFU without rooms.
	pub fn new(now: Instant, config: SfuConfig) -> Self {
		let (provider, cert) = transport::certificate();
		Self {
			next_speakers: now + config.speakers.interval,
			next_quality: now + config.quality_interval,
			config,
			now,
			next_tick: now + TICK,
			provider,
			cert,
			participants: Slab::default(),
			rooms: HashMap::new(),
			by_address: HashMap::new(),
			by_ufrag: HashMap::new(),
			timers: Timers::default(),
			dirty: VecDeque::new(),
			renegotiate: BTreeSet::new(),
			outputs: VecDeque::new(),
			next_track: 0,
			totals: Totals::default(),
			lost_before: 0,
			service: Service::default(),
			nothing: Arc::from([]),
		}
	}

	/// Lets a participant into a room (made when absent). The first subscriber offer follows as an
	/// event. `sid` is the `PA_…` sid. Tracks of others are subscribed to as they come if
	/// `auto_subscribe`.
	pub fn create_participant(
		&mut self,
		now: Instant,
		room: &str,
		sid: &str,
		identity: &str,
		auto_subscribe: bool,
	) -> Result<ParticipantId, SfuError> {
		self.create(now, [room, sid, identity], auto_subscribe, false)
	}

	fn create(
		&mut self,
		now: Instant,
		[room, sid, identity]: [&str; 3],
		auto_subscribe: bool,
		single: bool,
	) -> Result<ParticipantId, SfuError> {
		self.advance(now);
		self.check_name(room)?;
		self.check_name(sid)?;
		self.check_name(identity)?;
		match self.rooms.get(room) {
			None if self.rooms.len() >= self.config.max_rooms => {
				return Err(SfuError::Limit("max_rooms"))
			}
			Some(m) if m.len() >= self.config.max_participants_per_room => {
				return Err(SfuError::Limit("max_participants_per_room"));
			}
			Some(m)
				if m.iter().any(|p| self.participants.get(*p).is_some_and(|p| p.sid == sid)) =>
			{
				return Err(SfuError::InvalidId);
			}
			_ => {}
		}
		let transport = |kind| {
			Transport::server(self.now, &self.config, kind, &self.provider, self.cert.as_ref())
		};
		let participant = Participant {
			room: room.to_owned(),
			sid: sid.to_owned(),
			identity: identity.to_owned(),
			counts: true,
			counted: false,
			auto_subscribe,
			// One that goes both ways has to estimate its bandwidth, as a subscriber's does.
			publisher: transport(match single {
				true => TransportKind::Subscriber,
				false => TransportKind::Publisher,
			}),
			subscriber: (!single).then(|| transport(TransportKind::Subscriber)),
			slots: Slots::default(),
			announced: Vec::new(),
			lines: Vec::new(),
			up: Vec::new(),
			by_ssrc: HashMap::new(),
			down: HashMap::new(),
			to_add: Vec::new(),
			to_stop: Vec::new(),
			offered: Vec::new(),
			formats: Vec::new(),
			restart_ice: false,
			last_alive: self.now,
			estimate: None,
			short_since: None,
			told_level: 0.0,
			last_spoke: None,
			audible: false,
			told_class: None,
			asked_rates: (0, 0),
			rtt: None,
			egress_loss: None,
		};
		let id = self.participants.insert(participant);
		self.totals.participants += 1;
		self.learn_ufrag((id, TransportKind::Publisher));
		if !single {
			self.learn_ufrag((id, TransportKind::Subscriber));
		}
		let members = self.rooms.entry(room.to_owned()).or_default();
		let others = members.clone();
		members.push(id);
		if auto_subscribe {
			let keys: Vec<(ParticipantId, u64)> = others
				.iter()
				.filter_map(|o| Some((*o, self.participants.get(*o)?)))
				.flat_map(|(o, p)| p.up.iter().map(move |t| (o, t.key)))
				.collect();
			for (publisher, key) in keys {
				self.subscribe(id, publisher, key);
			}
		}
		self.renegotiate.insert(id);
		self.pump();
		Ok(id)
	}

	/// Keeps a participant out of [`service`](Self::service): a probe is no service to a caller. To be said before it
	/// connects.
	pub fn leave_out(&mut self, id: ParticipantId) -> Result<(), SfuError> {
		self.participants.get_mut(id).ok_or(SfuError::UnknownParticipant)?.counts = false;
		Ok(())
	}

	/// Announces a track (`AddTrack`) before its media line is offered.
	pub fn add_track(&mut self, id: ParticipantId, track: TrackBinding) -> Result<(), SfuError> {
		for name in [&track.cid, &track.track_sid] {
			self.check_name(name)?;
		}
		if track.name.len() > self.config.max_name_bytes {
			return Err(SfuError::InvalidId);
		}
		let participant = self.participants.get(id).ok_or(SfuError::UnknownParticipant)?;
		if participant.announced.len() + participant.up.len()
			>= self.config.max_tracks_per_participant
		{
			return Err(SfuError::Limit("max_tracks_per_participant"));
		}
		let members = self.rooms.get(&participant.room).map(Vec::as_slice).unwrap_or_default();
		if members
			.iter()
			.any(|m| self.participants.get(*m).is_some_and(|m| m.has_sid(&track.track_sid)))
		{
			return Err(SfuError::InvalidId);
		}
		if let Some(participant) = self.participants.get_mut(id) {
			participant.announced.push(track);
		}
		// Its media may have been offered already.
		self.bind_tracks(id);
		self.pump();
		Ok(())
	}

	/// Adds a trickled candidate (`candidate:…`, with or without `a=`). Unusable ones are ignored: an
	/// ICE-lite agent learns where its peer is from the peer's checks.
	pub fn add_candidate(
		&mut self,
		now: Instant,
		id: ParticipantId,
		transport: TransportKind,
		candidate: &str,
	) -> Result<(), SfuError> {
		self.advance(now);
		let limit = self.config.max_sdp_bytes;
		let participant = self.participants.get_mut(id).ok_or(SfuError::UnknownParticipant)?;
		let text = candidate.trim().trim_start_matches("a=");
		if text.len() > limit.min(512) {
			return Err(SfuError::Limit("max_sdp_bytes"));
		}
		if let Ok(candidate) = Candidate::from_sdp_string(text) {
			participant.transport(transport).add_candidate(candidate);
			self.touch((id, transport));
		}
		self.pump();
		Ok(())
	}

	/// Subscribes to a track of the room or ends the subscription.
	pub fn set_subscribed(
		&mut self,
		now: Instant,
		id: ParticipantId,
		track_sid: &str,
		subscribed: bool,
	) -> Result<(), SfuError> {
		self.advance(now);
		let (publisher, key) = self.find_track(id, track_sid)?;
		if subscribed {
			self.subscribe(id, publisher, key);
		} else {
			self.unsubscribe(id, publisher, key);
		}
		self.pump();
		Ok(())
	}

	/// What a subscriber wants of a track (`UpdateTrackSettings`): nothing for now, or at most this
	/// layer (0 = lowest).
	pub fn set_track_settings(
		&mut self,
		now: Instant,
		id: ParticipantId,
		track_sid: &str,
		disabled: bool,
		max_layer: Option<u8>,
	) -> Result<(), SfuError> {
		self.advance(now);
		let (publisher, key) = self.find_track(id, track_sid)?;
		let participant = self.participants.get_mut(id).ok_or(SfuError::UnknownParticipant)?;
		let down = participant.down.get_mut(&key).ok_or(SfuError::UnknownTrack)?;
		if disabled || down.disabled {
			down.detach();
		}
		down.disabled = disabled;
		down.max_layer = max_layer.map(usize::from);
		self.choose_layers(id);
		self.update_wanted(publisher);
		self.pump();
		Ok(())
	}

	/// Highest temporal layer that a subscriber wants of a scalable video (a bound on frames per second); `None`: all.
	pub fn set_max_temporal(
		&mut self,
		now: Instant,
		id: ParticipantId,
		track_sid: &str,
		max_temporal: Option<u8>,
	) -> Result<(), SfuError> {
		self.advance(now);
		let (_, key) = self.find_track(id, track_sid)?;
		let participant = self.participants.get_mut(id).ok_or(SfuError::UnknownParticipant)?;
		participant.down.get_mut(&key).ok_or(SfuError::UnknownTrack)?.max_temporal = max_temporal;
		self.pump();
		Ok(())
	}

	/// Mutes or unmutes a published track: nothing of it is forwarded while muted.
	pub fn set_muted(
		&mut self,
		now: Instant,
		id: ParticipantId,
		track_sid: &str,
		muted: bool,
	) -> Result<(), SfuError> {
		self.advance(now);
		let participant = self.participants.get_mut(id).ok_or(SfuError::UnknownParticipant)?;
		if let Some(waiting) = participant.announced.iter_mut().find(|b| b.track_sid == track_sid) {
			waiting.muted = muted;
			return Ok(());
		}
		let track = participant.up_by_sid(track_sid).ok_or(SfuError::UnknownTrack)?;
		track.muted = muted;
		for layer in &mut track.layers {
			layer.stats.pause();
		}
		let (key, subscribers) = (track.key, track.subscribers.clone());
		for subscriber in subscribers {
			if let Some(down) =
				self.participants.get_mut(subscriber).and_then(|p| p.down.get_mut(&key))
			{
				down.detach();
			}
		}
		self.request_wanted_keyframes(id);
		self.pump();
		Ok(())
	}

	/// Ends a published (or announced) track.
	pub fn unpublish(
		&mut self,
		now: Instant,
		id: ParticipantId,
		track_sid: &str,
	) -> Result<(), SfuError> {
		self.advance(now);
		let participant = self.participants.get_mut(id).ok_or(SfuError::UnknownParticipant)?;
		if let Some(at) = participant.announced.iter().position(|b| b.track_sid == track_sid) {
			participant.announced.remove(at);
			return Ok(());
		}
		let key = participant.up_by_sid(track_sid).ok_or(SfuError::UnknownTrack)?.key;
		self.remove_track(id, key);
		self.pump();
		Ok(())
	}

	/// Gives new transports these candidates, and those that there are with their next descriptions.
	pub fn set_candidates(&mut self, udp: Vec<SocketAddr>, tcp: Vec<SocketAddr>) {
		(self.config.candidates, self.config.tcp_candidates) = (udp, tcp);
	}

	/// Asks for an ICE restart of the subscriber transport: a new offer follows as an event. Where one transport goes both
	/// ways, its client restarts it; what was asked of that one before is asked again.
	pub fn restart_subscriber_ice(
		&mut self,
		now: Instant,
		id: ParticipantId,
	) -> Result<(), SfuError> {
		self.advance(now);
		let participant = self.participants.get_mut(id).ok_or(SfuError::UnknownParticipant)?;
		participant.slots.forget_request();
		let Some(subscriber) = participant.subscriber.as_mut() else {
			self.renegotiate.insert(id);
			self.pump();
			return Ok(());
		};
		participant.restart_ice = true;
		// An offer that was never answered is given up.
		subscriber.pending_offer = None;
		let offered = std::mem::take(&mut participant.offered);
		for key in &offered {
			if let Some(down) = participant.down.get_mut(key) {
				down.mid = None;
			}
		}
		participant.to_add.extend(offered);
		self.renegotiate.insert(id);
		self.pump();
		Ok(())
	}

	/// Sends a data-channel message to a participant. `false` if it was dropped (not open, full).
	pub fn send_data(
		&mut self,
		now: Instant,
		id: ParticipantId,
		reliable: bool,
		payload: &[u8],
	) -> Result<bool, SfuError> {
		self.advance(now);
		let participant = self.participants.get_mut(id).ok_or(SfuError::UnknownParticipant)?;
		if payload.len() > self.config.max_data_bytes {
			return Err(SfuError::Limit("max_data_bytes"));
		}
		let sent = participant.downward_mut().write_data(reliable, payload);
		self.touch((id, TransportKind::Subscriber));
		self.pump();
		Ok(sent)
	}

	/// Removes a participant, its tracks and, with the last one, the room.
	pub fn leave(&mut self, now: Instant, id: ParticipantId) -> Result<(), SfuError> {
		self.advance(now);
		self.participants.get(id).ok_or(SfuError::UnknownParticipant)?;
		self.remove_participant(id, false);
		self.pump();
		Ok(())
	}

	fn check_name(&self, name: &str) -> Result<(), SfuError> {
		let fits = !name.is_empty() && name.len() <= self.config.max_name_bytes;
		fits.then_some(()).ok_or(SfuError::InvalidId)
	}

	/// Publisher and key of a track in the room of `id`.
	fn find_track(
		&self,
		id: ParticipantId,
		track_sid: &str,
	) -> Result<(ParticipantId, u64), SfuError> {
		let room = &self.participants.get(id).ok_or(SfuError::UnknownParticipant)?.room;
		let members = self.rooms.get(room).map(Vec::as_slice).unwrap_or_default();
		members
			.iter()
			.filter_map(|m| Some((*m, self.participants.get(*m)?)))
			.find_map(|(m, p)| {
				Some((m, p.up.iter().find(|t| t.binding.track_sid == track_sid)?.key))
			})
			.ok_or(SfuError::UnknownTrack)
	}
}
