//! Rooms and participants: who is where, and who is told what.

use super::{codecs, rooms::RoomBook, session::Session, told::Told};
use dtel_media_core::sfu::{ParticipantId, PublishedTrack};
use livekit_protocol as proto;
use proto::signal_response::Message;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A room as the signalling sees it.
pub(super) struct Room {
	/// `RM_…`.
	pub sid: String,
	/// Name that the participants use.
	pub name: String,
	/// Unix time of its making.
	pub created_ms: i64,
	/// Participants.
	pub members: BTreeSet<ParticipantId>,
	/// Who publishes which track.
	tracks: HashMap<String, ParticipantId>,
}

/// All rooms and participants. Kept in step with the SFU by the engine, which owns both.
#[derive(Default)]
pub(super) struct Directory {
	pub rooms: BTreeMap<String, Room>,
	pub book: RoomBook,
	pub sessions: HashMap<ParticipantId, Session>,
	/// What they were told of media.
	pub told: Told,
	/// Participants that do not take their messages: they must go.
	pub stalled: Vec<ParticipantId>,
}

impl Directory {
	/// What is logged of a participant's room and identity.
	pub fn span(&self, id: ParticipantId) -> tracing::Span {
		self.sessions.get(&id).map_or_else(tracing::Span::none, |session| {
			let (room, identity) = (session.access.room.as_str(), session.access.identity.as_str());
			tracing::info_span!("participant", room, identity, sid = session.sid.as_str())
		})
	}

	/// Takes in a participant, making the room if need be.
	pub fn insert(&mut self, session: Session, room_sid: String) {
		let room = self.rooms.entry(session.room.clone()).or_insert_with(|| Room {
			sid: room_sid,
			name: session.access.room.clone(),
			created_ms: session.joined_at_ms,
			members: BTreeSet::new(),
			tracks: HashMap::new(),
		});
		room.members.insert(session.id);
		self.sessions.insert(session.id, session);
	}

	/// Forgets a participant, and the room with its last one.
	pub fn remove(&mut self, id: ParticipantId) -> Option<Session> {
		let session = self.sessions.remove(&id)?;
		self.told.forget(id, &session.sid);
		session.tracks.keys().for_each(|sid| self.told.forget_track(sid));
		if let Some(room) = self.rooms.get_mut(&session.room) {
			room.members.remove(&id);
			room.tracks.retain(|_, publisher| *publisher != id);
			if room.members.is_empty() {
				self.rooms.remove(&session.room);
			}
		}
		Some(session)
	}

	/// Participants of a room.
	pub fn members<'a>(&'a self, room: &str) -> impl Iterator<Item = &'a Session> + use<'a> {
		let members = self.rooms.get(room).map(|r| &r.members);
		members.into_iter().flatten().filter_map(|id| self.sessions.get(id))
	}

	/// Everybody in a room but one.
	pub fn others(&self, room: &str, but: ParticipantId) -> Vec<ParticipantId> {
		self.members(room).map(|s| s.id).filter(|id| *id != but).collect()
	}

	/// A participant by its identity.
	pub fn by_identity(&self, room: &str, identity: &str) -> Option<ParticipantId> {
		self.members(room).find(|s| s.access.identity == identity).map(|s| s.id)
	}

	/// The publisher of a track.
	pub fn publisher(&self, room: &str, track_sid: &str) -> Option<&Session> {
		self.sessions.get(self.rooms.get(room)?.tracks.get(track_sid)?)
	}

	/// Takes an announced track to the published ones; whether it had been announced.
	pub fn publish(&mut self, id: ParticipantId, track: &PublishedTrack) -> bool {
		let Some(session) = self.sessions.get_mut(&id) else { return false };
		if !session.publish(track) {
			return false;
		}
		if let Some(room) = self.rooms.get_mut(&session.room) {
			room.tracks.insert(track.track_sid.clone(), id);
		}
		true
	}

	/// Takes a track away; whether it had been announced, and whether published.
	pub fn unpublish(&mut self, id: ParticipantId, track_sid: &str) -> (bool, bool) {
		let Some(session) = self.sessions.get_mut(&id) else { return (false, false) };
		let announced = session.pending.remove(track_sid).is_some();
		let published = session.tracks.remove(track_sid).is_some();
		session.heard.remove(track_sid);
		self.told.forget_track(track_sid);
		if published {
			session.touch();
		}
		let Some(room) = self.rooms.get_mut(&session.room) else { return (announced, published) };
		room.tracks.remove(track_sid);
		for member in &room.members {
			if let Some(other) = self.sessions.get_mut(member) {
				other.choices.remove(track_sid);
			}
		}
		(announced, published)
	}

	/// Participants that joined with tokens of one key.
	pub fn count_by_issuer(&self, issuer: &[u8; 32]) -> usize {
		self.sessions.values().filter(|s| s.access.issuer == *issuer).count()
	}

	/// Queues a message for some participants.
	pub fn send(&mut self, to: &[ParticipantId], message: &Message) {
		self.told.note(to, message);
		for id in to {
			if self.sessions.get_mut(id).is_some_and(|s| !s.send(message.clone())) {
				self.stalled.push(*id);
			}
		}
	}

	/// Tells a room, the participant included, how a participant is now. Hidden ones only hear it themselves.
	pub fn announce(&mut self, id: ParticipantId) {
		let Some(session) = self.sessions.get(&id) else { return };
		let message = update(session.info());
		let mut to = vec![id];
		if !session.access.hidden {
			to.extend(self.others(&session.room, id));
		}
		self.send(&to, &message);
	}

	/// A room as clients see it.
	pub fn room_info(&self, key: &str) -> proto::Room {
		let nobody = || self.describe(key, proto::Room::default());
		let Some(room) = self.rooms.get(key) else { return nobody() };
		let visible = || self.members(key).filter(|s| !s.access.hidden);
		let publishers = visible().filter(|s| !s.tracks.is_empty()).count();
		let info = proto::Room {
			sid: room.sid.clone(),
			name: room.name.clone(),
			creation_time: room.created_ms.div_euclid(1_000),
			creation_time_ms: room.created_ms,
			enabled_codecs: codecs::enabled(),
			num_participants: visible().count().try_into().unwrap_or(u32::MAX),
			num_publishers: publishers.try_into().unwrap_or(u32::MAX),
			..Default::default()
		};
		self.describe(key, info)
	}
}

/// A `ParticipantUpdate` about one participant.
pub(super) fn update(info: proto::ParticipantInfo) -> Message {
	Message::Update(proto::ParticipantUpdate { participants: vec![info] })
}
