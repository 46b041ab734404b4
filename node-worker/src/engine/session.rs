//! What the signalling knows of one participant.

use super::JoinOptions;
use crate::token::Access;
use dtel_media_core::sfu::{ParticipantId, PublishedTrack};
use livekit_protocol as proto;
use proto::{participant_info::State, signal_response::Message};
use std::{
	collections::{BTreeMap, BTreeSet, HashMap},
	time::Instant,
};
use tokio::sync::mpsc::{self, error::TrySendError};

/// Participants that may leave while one is away; with more, it has to join anew.
const MAX_DEPARTED: usize = 1_000;
/// Entries of a permission list that are looked at.
const MAX_PERMISSIONS: usize = 1_000;

/// A participant of a room.
pub(super) struct Session {
	pub id: ParticipantId,
	/// `PA_…`.
	pub sid: String,
	/// Key of its room.
	pub room: String,
	pub access: Access,
	pub options: JoinOptions,
	pub joined_at_ms: i64,
	pub state: State,
	version: u32,
	link: Link,
	/// Number of the last subscriber offer.
	pub offers: u32,
	/// Sequence of the last reliable data message that it sent.
	pub data_sequence: u32,
	/// Tracks of its own that somebody subscribed to, as it was told.
	pub heard: BTreeSet<String>,
	/// What it asked for of tracks (`UpdateTrackSettings`), by their sids.
	pub settings: HashMap<String, Wanted>,
	/// Announced tracks whose media has not appeared yet.
	pub pending: BTreeMap<String, proto::TrackInfo>,
	/// Published tracks, by sid.
	pub tracks: BTreeMap<String, proto::TrackInfo>,
	/// What it asked for explicitly: track sid → wanted.
	pub choices: HashMap<String, bool>,
	/// Who may subscribe to its tracks; everybody if it said nothing.
	pub permission: Option<Permission>,
	/// Its own permissions are no longer those of its token.
	pub permission_changed: bool,
	/// When it gets its next token.
	pub token_due: Option<Instant>,
}

/// The connection of a participant.
struct Link {
	/// Which of all connections it is, or was.
	number: u64,
	outbox: Option<mpsc::Sender<proto::SignalResponse>>,
	/// Until when the participant may come back, if it is away.
	until: Option<Instant>,
	/// Who left meanwhile.
	departed: Vec<proto::ParticipantInfo>,
}

/// What a subscriber wants of a track.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Wanted {
	/// Nothing for now.
	pub off: bool,
	/// At most this layer; 0 is the lowest.
	pub layer: Option<u8>,
	/// At most this temporal layer.
	pub temporal: Option<u8>,
}

impl Session {
	pub fn new(
		id: ParticipantId,
		sid: String,
		room: String,
		access: Access,
		options: JoinOptions,
		(number, outbox): (u64, mpsc::Sender<proto::SignalResponse>),
		now_ms: i64,
	) -> Self {
		let link = Link { number, outbox: Some(outbox), until: None, departed: Vec::new() };
		Self {
			id,
			sid,
			room,
			access,
			options,
			joined_at_ms: now_ms,
			state: State::Joined,
			version: 1,
			link,
			offers: 0,
			data_sequence: 0,
			heard: BTreeSet::new(),
			settings: HashMap::new(),
			pending: BTreeMap::new(),
			tracks: BTreeMap::new(),
			choices: HashMap::new(),
			permission: None,
			token_due: None,
			permission_changed: false,
		}
	}

	/// Queues a message, unless the queue is full: a participant is never waited for. What comes while it is away is
	/// not kept but for who left: when it is back it is told how everything is.
	pub fn send(&mut self, message: Message) -> bool {
		let message = match &self.link.outbox {
			None => message,
			Some(outbox) => match outbox.try_send(proto::SignalResponse { message: Some(message) })
			{
				Ok(()) => return true,
				Err(TrySendError::Full(_)) => return false,
				Err(TrySendError::Closed(unsent)) => match unsent.message {
					Some(message) => message,
					None => return true,
				},
			},
		};
		if let Message::Update(update) = message {
			let gone = |p: &proto::ParticipantInfo| p.state() == State::Disconnected;
			self.link.departed.extend(update.participants.into_iter().filter(gone));
		}
		self.link.departed.len() <= MAX_DEPARTED
	}

	/// Number of its connection.
	pub fn connection(&self) -> u64 {
		self.link.number
	}

	/// Its connection is gone; it may come back until then.
	pub fn detach(&mut self, until: Instant) {
		(self.link.outbox, self.link.until) = (None, Some(until));
	}

	/// Until when it may come back, if it is away.
	pub fn away_until(&self) -> Option<Instant> {
		self.link.until
	}

	/// It is back, with another connection. Who left meanwhile.
	pub fn attach(
		&mut self,
		number: u64,
		outbox: mpsc::Sender<proto::SignalResponse>,
	) -> Vec<proto::ParticipantInfo> {
		let departed = std::mem::take(&mut self.link.departed);
		self.link = Link { number, outbox: Some(outbox), until: None, departed: Vec::new() };
		departed
	}

	/// Marks a change that others will be told of.
	pub fn touch(&mut self) {
		self.version = self.version.saturating_add(1);
	}

	/// The participant as others see it.
	#[allow(deprecated)]
	pub fn info(&self) -> proto::ParticipantInfo {
		proto::ParticipantInfo {
			sid: self.sid.clone(),
			identity: self.access.identity.clone(),
			state: self.state.into(),
			tracks: self.tracks.values().cloned().collect(),
			metadata: self.access.metadata.clone(),
			joined_at: self.joined_at_ms.div_euclid(1_000),
			joined_at_ms: self.joined_at_ms,
			name: self.access.name.clone(),
			attributes: self.access.attributes.clone(),
			client_protocol: self.options.client_protocol,
			version: self.version,
			permission: Some(proto::ParticipantPermission {
				can_subscribe: self.access.can_subscribe,
				can_publish: self.access.can_publish,
				can_publish_data: self.access.can_publish_data,
				can_publish_sources: self.access.can_publish_sources.clone(),
				can_update_metadata: self.access.can_update_own_metadata,
				hidden: self.access.hidden,
				..Default::default()
			}),
			is_publisher: !self.tracks.is_empty(),
			..Default::default()
		}
	}

	/// MIME type of the codec that was confirmed for one of its tracks, by its own id of it.
	pub fn codec(&self, cid: &str) -> Option<String> {
		let mut codecs = self.tracks.values().chain(self.pending.values()).flat_map(|t| &t.codecs);
		codecs.find(|c| c.cid == cid).map(|c| c.mime_type.clone())
	}

	/// Whether it wants a track, by what it said or by default.
	pub fn wants(&self, track_sid: &str) -> bool {
		let chosen = self.choices.get(track_sid).copied();
		self.access.can_subscribe && chosen.unwrap_or(self.options.auto_subscribe)
	}

	/// Whether it lets `other` have one of its tracks.
	pub fn allows(&self, other: &Session, track_sid: &str) -> bool {
		self.permission.as_ref().is_none_or(|p| p.allows(other, track_sid))
	}

	/// Moves an announced track to the published ones; its info for `TrackPublished` of others.
	pub fn publish(&mut self, track: &PublishedTrack) -> bool {
		let Some(mut info) = self.pending.remove(&track.track_sid) else { return false };
		info.mid = track.mid.clone();
		for codec in &mut info.codecs {
			codec.mid = track.mid.clone();
		}
		self.tracks.insert(info.sid.clone(), info);
		self.touch();
		true
	}

	/// Sets the mute flag of a track; whether others have to be told.
	pub fn set_muted(&mut self, track_sid: &str, muted: bool) -> bool {
		if let Some(track) = self.pending.get_mut(track_sid) {
			track.muted = muted;
		}
		match self.tracks.get_mut(track_sid) {
			Some(track) if track.muted != muted => {
				track.muted = muted;
				self.touch();
				true
			}
			_ => false,
		}
	}
}

/// Who may subscribe to a participant's tracks.
pub(super) struct Permission {
	all: bool,
	some: Vec<proto::TrackPermission>,
}

impl Permission {
	pub fn new(message: proto::SubscriptionPermission) -> Self {
		let mut some = message.track_permissions;
		some.truncate(MAX_PERMISSIONS);
		Self { all: message.all_participants, some }
	}

	/// Whether `other` may have a track.
	pub fn allows(&self, other: &Session, track_sid: &str) -> bool {
		let meant = |p: &&proto::TrackPermission| {
			p.participant_sid == other.sid || p.participant_identity == other.access.identity
		};
		let allowed = |p: &proto::TrackPermission| {
			p.all_tracks || p.track_sids.iter().any(|t| t == track_sid)
		};
		self.all || self.some.iter().filter(meant).any(allowed)
	}
}
