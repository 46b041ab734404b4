//! What an app asks for by the server API: rooms, participants, tracks, data.
//!
//! Rooms are those of the API key that asks; those of other keys are not there. Every answer says how things are after
//! the change.

use super::{metadata::merged, rooms::room_key, session::Session, Command, Engine, EngineHandle};
use crate::token::{MAX_METADATA, MAX_NAME, PROBE_PREFIX};
use dtel_media_core::sfu::{ParticipantId, SfuError};
use livekit_protocol as proto;
use prost::Message as _;
use proto::{data_packet, signal_response::Message, DisconnectReason, RoomEndReason};
use std::{sync::Arc, time::Instant};
use thiserror::Error;
use tokio::sync::oneshot;

/// Longest room metadata, in bytes.
const MAX_ROOM_METADATA: usize = 64 * 1024;
/// Attributes of one request.
const MAX_ATTRIBUTES: usize = 64;
/// Sources of tracks that are kept of a permission: there are fewer.
const MAX_SOURCES: usize = 8;
/// Names, sids and tracks of one request that are looked at.
const MAX_LIST: usize = 2_000;

/// Who asks.
#[derive(Clone, Debug)]
pub struct Admin {
	/// Its API key.
	pub issuer: [u8; 32],
	/// Participants that the key may have at a time: as many rooms may wait for their first one.
	pub limit: u32,
	/// Where it wants to hear of rooms that it makes.
	pub url: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum AdminRequest {
	/// Make a room, or change one that is there.
	CreateRoom(Box<proto::CreateRoomRequest>),
	/// The rooms, or those with these names.
	ListRooms(proto::ListRoomsRequest),
	/// End a room.
	DeleteRoom(proto::DeleteRoomRequest),
	/// Who is in a room.
	ListParticipants(proto::ListParticipantsRequest),
	/// A participant.
	GetParticipant(proto::RoomParticipantIdentity),
	/// Send a participant away.
	RemoveParticipant(proto::RoomParticipantIdentity),
	/// Mute or unmute a track.
	MutePublishedTrack(proto::MuteRoomTrackRequest),
	/// Change a participant's name, metadata, attributes, permissions.
	UpdateParticipant(proto::UpdateParticipantRequest),
	/// Change what a participant receives.
	UpdateSubscriptions(proto::UpdateSubscriptionsRequest),
	/// Send data to participants.
	SendData(proto::SendDataRequest),
	/// Change a room's metadata.
	UpdateRoomMetadata(proto::UpdateRoomMetadataRequest),
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // Named after what is asked for.
pub enum AdminAnswer {
	Room(Box<proto::Room>),
	Rooms(proto::ListRoomsResponse),
	Participants(proto::ListParticipantsResponse),
	Participant(Box<proto::ParticipantInfo>),
	Track(Box<proto::MuteRoomTrackResponse>),
	Deleted(proto::DeleteRoomResponse),
	Removed(proto::RemoveParticipantResponse),
	Subscribed(proto::UpdateSubscriptionsResponse),
	Sent(proto::SendDataResponse),
}

/// Why it was not done.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum AdminError {
	/// No room of that name under this key.
	#[error("requested room does not exist")]
	NoRoom,
	/// No such participant in the room.
	#[error("participant does not exist")]
	NoParticipant,
	/// The participant has no such track.
	#[error("track is not found")]
	NoTrack,
	/// A field is missing or too long.
	#[error("{0} is empty, too long or not allowed")]
	Invalid(&'static str),
	/// A bound is reached.
	#[error("limit reached: {0}")]
	Limit(&'static str),
	/// The operator did not allow it.
	#[error("remote unmute not enabled")]
	RemoteUnmute,
	/// The node is shutting down.
	#[error("node is shutting down")]
	Stopped,
}

impl EngineHandle {
	/// Asks for something on behalf of an app.
	pub async fn admin(
		&self,
		admin: Admin,
		request: AdminRequest,
	) -> Result<AdminAnswer, AdminError> {
		let (reply, answer) = oneshot::channel();
		let command = Command::Admin { admin, request: Box::new(request), reply };
		self.commands.send(command).await.map_err(|_| AdminError::Stopped)?;
		answer.await.map_err(|_| AdminError::Stopped)?
	}
}

type Answer = Result<AdminAnswer, AdminError>;

impl Engine {
	pub(super) fn admin(&mut self, admin: &Admin, request: AdminRequest) -> Answer {
		let key = |room: &str| room_key(&admin.issuer, room);
		match request {
			AdminRequest::CreateRoom(r) => self.admin_create(admin, &r),
			AdminRequest::ListRooms(r) => Ok(self.admin_rooms(admin, &r)),
			AdminRequest::DeleteRoom(r) => self.admin_delete(&key(&r.room)),
			AdminRequest::ListParticipants(r) => Ok(self.admin_participants(&key(&r.room))),
			AdminRequest::GetParticipant(r) => {
				let id = self.participant(&key(&r.room), &r.identity)?;
				self.participant_info(id)
			}
			AdminRequest::RemoveParticipant(r) => {
				let id = self.participant(&key(&r.room), &r.identity)?;
				self.remove(id, Some(DisconnectReason::ParticipantRemoved));
				Ok(AdminAnswer::Removed(proto::RemoveParticipantResponse {}))
			}
			AdminRequest::MutePublishedTrack(r) => self.admin_mute(&key(&r.room), &r),
			AdminRequest::UpdateParticipant(r) => self.admin_update(&key(&r.room), r),
			AdminRequest::UpdateSubscriptions(r) => {
				let id = self.participant(&key(&r.room), &r.identity)?;
				let update = proto::UpdateSubscription {
					track_sids: r.track_sids,
					subscribe: r.subscribe,
					participant_tracks: r.participant_tracks,
				};
				self.update_subscription(id, update);
				Ok(AdminAnswer::Subscribed(proto::UpdateSubscriptionsResponse {}))
			}
			AdminRequest::SendData(r) => self.admin_send(&key(&r.room), r),
			AdminRequest::UpdateRoomMetadata(r) => self.admin_metadata(&key(&r.room), r),
		}
	}

	fn admin_create(&mut self, admin: &Admin, request: &proto::CreateRoomRequest) -> Answer {
		let name = &request.name;
		if name.is_empty() || name.len() > MAX_NAME || name.starts_with(PROBE_PREFIX) {
			return Err(AdminError::Invalid("name"));
		}
		if request.metadata.len() > MAX_ROOM_METADATA {
			return Err(AdminError::Invalid("metadata"));
		}
		if self.draining {
			return Err(AdminError::Stopped);
		}
		let key = room_key(&admin.issuer, name);
		let fresh = self.directory.book.get(&key).is_none();
		let most = usize::try_from(admin.limit).unwrap_or(usize::MAX);
		let own = self.directory.book.of(&admin.issuer);
		let waiting = own.filter(|(key, _)| !self.directory.rooms.contains_key(*key)).count();
		if fresh && waiting >= most {
			return Err(AdminError::Limit("rooms of this key without participants"));
		}
		let url = admin.url.as_deref().map(Arc::from);
		let key = self.create_room(&admin.issuer, url, request)?;
		if !fresh {
			self.announce_room(&key);
		}
		Ok(AdminAnswer::Room(Box::new(self.directory.room_info(&key))))
	}

	fn admin_rooms(&self, admin: &Admin, request: &proto::ListRoomsRequest) -> AdminAnswer {
		let names = request.names.get(..MAX_LIST).unwrap_or(&request.names);
		let asked = |name: &String| names.is_empty() || names.contains(name);
		let rooms = self.directory.book.of(&admin.issuer).filter(|(_, room)| asked(&room.name));
		let rooms = rooms.map(|(key, _)| self.directory.room_info(key)).collect();
		AdminAnswer::Rooms(proto::ListRoomsResponse { rooms })
	}

	fn admin_delete(&mut self, key: &str) -> Answer {
		self.room(key)?;
		let members: Vec<_> = self.directory.members(key).map(|s| s.id).collect();
		for id in members {
			self.remove(id, Some(DisconnectReason::RoomDeleted));
		}
		self.finish_room(key, RoomEndReason::RoomEndApiDelete);
		Ok(AdminAnswer::Deleted(proto::DeleteRoomResponse {}))
	}

	fn admin_participants(&self, key: &str) -> AdminAnswer {
		let participants = self.directory.members(key).map(Session::info).collect();
		AdminAnswer::Participants(proto::ListParticipantsResponse { participants })
	}

	fn admin_mute(&mut self, key: &str, request: &proto::MuteRoomTrackRequest) -> Answer {
		let id = self.participant(key, &request.identity)?;
		let (sid, muted) = (&request.track_sid, request.muted);
		let track = self.directory.sessions.get(&id).and_then(|s| s.tracks.get(sid));
		let was = track.ok_or(AdminError::NoTrack)?.muted;
		if !muted && was && !self.room_defaults.remote_unmute {
			return Err(AdminError::RemoteUnmute);
		}
		if was != muted {
			// The client has to follow: it mutes its side and says so.
			let told = proto::MuteTrackRequest { sid: sid.clone(), muted };
			self.directory.send(&[id], &Message::Mute(told));
			if let Some(session) = self.directory.sessions.get_mut(&id) {
				session.set_muted(sid, muted);
			}
			let _ = self.sfu.set_muted(Instant::now(), id, sid, muted);
			self.directory.announce(id);
		}
		let track = self.directory.sessions.get(&id).and_then(|s| s.tracks.get(sid)).cloned();
		Ok(AdminAnswer::Track(Box::new(proto::MuteRoomTrackResponse { track })))
	}

	fn admin_update(&mut self, key: &str, request: proto::UpdateParticipantRequest) -> Answer {
		check_update(&request)?;
		let id = self.participant(key, &request.identity)?;
		let Some(session) = self.directory.sessions.get_mut(&id) else {
			return Err(AdminError::NoParticipant);
		};
		let access = &mut session.access;
		let change = proto::UpdateParticipantMetadata {
			metadata: request.metadata,
			name: request.name,
			attributes: request.attributes,
			..Default::default()
		};
		let attributes = merged(&access.attributes, &change);
		access.attributes = attributes.ok_or(AdminError::Invalid("attributes"))?;
		// What is empty is not changed.
		if !change.metadata.is_empty() {
			access.metadata = change.metadata;
		}
		if !change.name.is_empty() {
			access.name = change.name;
		}
		session.touch();
		if let Some(permission) = request.permission {
			self.set_permission(id, &permission);
		}
		self.directory.announce(id);
		// It would come back as it was, were it to join anew with its old token.
		self.send_token(id);
		self.participant_info(id)
	}

	/// All permissions at once. What is no longer allowed ends.
	pub(super) fn set_permission(
		&mut self,
		id: ParticipantId,
		permission: &proto::ParticipantPermission,
	) {
		let Some(session) = self.directory.sessions.get_mut(&id) else { return };
		let access = &mut session.access;
		access.can_publish = permission.can_publish;
		access.can_subscribe = permission.can_subscribe;
		access.can_publish_data = permission.can_publish_data;
		access.can_publish_sources.clone_from(&permission.can_publish_sources);
		access.can_publish_sources.truncate(MAX_SOURCES);
		access.can_update_own_metadata = permission.can_update_metadata;
		access.hidden = permission.hidden;
		session.permission_changed = true;
		let tracks = session.tracks.values().chain(session.pending.values());
		let refused = |t: &&proto::TrackInfo| !session.access.may_publish(t.source);
		let gone: Vec<_> = tracks.filter(refused).map(|t| t.sid.clone()).collect();
		let room = session.room.clone();
		for sid in gone {
			let _ = self.sfu.unpublish(Instant::now(), id, &sid);
			self.unpublished(id, &sid);
		}
		let others = self.directory.members(&room).filter(|s| s.id != id);
		let tracks: Vec<_> = others.flat_map(|s| s.tracks.keys().cloned()).collect();
		for sid in tracks {
			self.apply(id, &sid);
		}
	}

	/// A new track: who may subscribe by now, or may no longer, since it joined is not what the SFU goes by.
	pub(super) fn resubscribe_changed(&mut self, publisher: ParticipantId, track_sid: &str) {
		let Some(session) = self.directory.sessions.get(&publisher) else { return };
		let changed = |s: &&Session| s.id != publisher && s.permission_changed;
		let members = self.directory.members(&session.room).filter(changed);
		for id in members.map(|s| s.id).collect::<Vec<_>>() {
			self.apply(id, track_sid);
		}
	}

	#[allow(deprecated)]
	fn admin_send(&mut self, key: &str, request: proto::SendDataRequest) -> Answer {
		self.room(key)?;
		let (sids, identities) = (request.destination_sids, request.destination_identities);
		let everybody = sids.is_empty() && identities.is_empty();
		let meant = |s: &&Session| {
			everybody || sids.contains(&s.sid) || identities.contains(&s.access.identity)
		};
		let to: Vec<_> = self.directory.members(key).filter(meant).map(|s| s.id).collect();
		let reliable = request.kind == i32::from(data_packet::Kind::Reliable);
		let user = proto::UserPacket {
			payload: request.data,
			topic: request.topic,
			nonce: request.nonce,
			destination_sids: sids,
			destination_identities: identities.clone(),
			..Default::default()
		};
		let packet = proto::DataPacket {
			kind: request.kind,
			destination_identities: identities,
			value: Some(data_packet::Value::User(user)),
			..Default::default()
		};
		let payload = packet.encode_to_vec();
		for id in to {
			// Who is not ready for data misses it, as with LiveKit.
			let sent = self.sfu.send_data(Instant::now(), id, reliable, &payload);
			if matches!(sent, Err(SfuError::Limit(_))) {
				return Err(AdminError::Invalid("data"));
			}
		}
		Ok(AdminAnswer::Sent(proto::SendDataResponse {}))
	}

	fn admin_metadata(&mut self, key: &str, request: proto::UpdateRoomMetadataRequest) -> Answer {
		if request.metadata.len() > MAX_ROOM_METADATA {
			return Err(AdminError::Invalid("metadata"));
		}
		self.room(key)?;
		if let Some(room) = self.directory.book.get_mut(key) {
			room.metadata = request.metadata;
		}
		self.announce_room(key);
		Ok(AdminAnswer::Room(Box::new(self.directory.room_info(key))))
	}

	/// Tells a room how it is now.
	fn announce_room(&mut self, key: &str) {
		let room = Some(self.directory.room_info(key));
		let members: Vec<_> = self.directory.members(key).map(|s| s.id).collect();
		self.directory.send(&members, &Message::RoomUpdate(proto::RoomUpdate { room }));
	}

	fn room(&self, key: &str) -> Result<(), AdminError> {
		self.directory.book.get(key).map(|_| ()).ok_or(AdminError::NoRoom)
	}

	fn participant(&self, key: &str, identity: &str) -> Result<ParticipantId, AdminError> {
		self.directory.by_identity(key, identity).ok_or(AdminError::NoParticipant)
	}

	fn participant_info(&self, id: ParticipantId) -> Answer {
		let session = self.directory.sessions.get(&id).ok_or(AdminError::NoParticipant)?;
		Ok(AdminAnswer::Participant(Box::new(session.info())))
	}
}

fn check_update(request: &proto::UpdateParticipantRequest) -> Result<(), AdminError> {
	if request.metadata.len() > MAX_METADATA {
		return Err(AdminError::Invalid("metadata"));
	}
	if request.name.len() > MAX_NAME {
		return Err(AdminError::Invalid("name"));
	}
	let fits = |(name, value): (&String, &String)| {
		!name.is_empty() && name.len() <= MAX_NAME && value.len() <= MAX_METADATA
	};
	if request.attributes.len() > MAX_ATTRIBUTES || !request.attributes.iter().all(fits) {
		return Err(AdminError::Invalid("attributes"));
	}
	Ok(())
}
