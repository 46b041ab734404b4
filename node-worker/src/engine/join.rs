//! Coming and going.

use super::{directory::update, session::Session, Engine, JoinError, JoinOptions, Joined, OUTBOX};
use crate::{
	keys::random_id,
	token::{encode_key, Access},
};
use dtel_media_core::sfu::{ParticipantId, SfuError};
use livekit_protocol as proto;
use proto::{
	leave_request::Action, participant_info::State, signal_response::Message, DisconnectReason,
};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc;
use tracing::{debug, info};

/// Seconds between a client's pings.
const PING_INTERVAL: i32 = 5;
/// Seconds without a pong after which a client gives up.
const PING_TIMEOUT: i32 = 15;
/// Version of LiveKit's protocol that is spoken.
const PROTOCOL: i32 = 9;

impl Engine {
	pub(super) fn join(
		&mut self,
		access: Access,
		options: JoinOptions,
	) -> Result<Joined, JoinError> {
		if self.draining {
			return Err(JoinError::Draining);
		}
		// Rooms of different keys never meet, whatever their names.
		let room = format!("{}/{}", encode_key(&access.issuer), access.room);
		if let Some(old) = self.directory.by_identity(&room, &access.identity) {
			self.remove(old, Some(DisconnectReason::DuplicateIdentity));
		}
		self.room_has_place(&room)?;
		let limit = usize::try_from(options.limit).unwrap_or(usize::MAX);
		if self.directory.count_by_issuer(&access.issuer) >= limit {
			return Err(JoinError::Limit("participants of this key"));
		}
		let id_of = |prefix| random_id(prefix).map_err(|e| JoinError::Refused(e.to_string()));
		let (sid, room_sid) = (id_of("PA_")?, id_of("RM_")?);
		let auto = options.auto_subscribe && access.can_subscribe;
		let id = self
			.sfu
			.create_participant(Instant::now(), &room, &sid, &access.identity, auto)
			.map_err(|error| match error {
			SfuError::Limit(which) => JoinError::Limit(which),
			other => JoinError::Refused(other.to_string()),
		})?;
		if access.probe {
			// Nobody is served by a probe; it was made a moment ago, so that it is there.
			let _ = self.sfu.leave_out(id);
		}
		info!(room = %access.room, identity = %access.identity, %sid, probe = access.probe, "joined");
		let room_sid = self.enter_room(&room, &access, room_sid);
		let (tx, outbox) = mpsc::channel(OUTBOX);
		let session = Session::new(id, sid, room, access, options, tx, now_ms());
		self.directory.insert(session, room_sid);
		self.welcome(id);
		self.resubscribe(id);
		Ok(Joined { id, outbox })
	}

	/// Sends the join response and shows the newcomer to the others.
	fn welcome(&mut self, id: ParticipantId) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let (info, room, hidden) = (session.info(), session.room.clone(), session.access.hidden);
		let seen = self.directory.members(&room).filter(|s| s.id != id && !s.access.hidden);
		let version = format!("dtel-worker/{}", env!("CARGO_PKG_VERSION"));
		let response = proto::JoinResponse {
			room: Some(self.directory.room_info(&room)),
			participant: Some(info.clone()),
			other_participants: seen.map(Session::info).collect(),
			server_version: version.clone(),
			ice_servers: self.ice_servers(),
			subscriber_primary: true,
			ping_timeout: PING_TIMEOUT,
			ping_interval: PING_INTERVAL,
			server_info: Some(proto::ServerInfo {
				version,
				protocol: PROTOCOL,
				..Default::default()
			}),
			..Default::default()
		};
		self.directory.send(&[id], &Message::Join(response));
		if !hidden {
			let others = self.directory.others(&room, id);
			self.directory.send(&others, &update(info));
		}
	}

	fn ice_servers(&self) -> Vec<proto::IceServer> {
		let urls = self.config.ice_servers.clone();
		let server = proto::IceServer { urls, ..Default::default() };
		if server.urls.is_empty() {
			Vec::new()
		} else {
			vec![server]
		}
	}

	/// Removes a participant from SFU and directory and tells the others. With a reason it is told, too.
	pub(super) fn remove(&mut self, id: ParticipantId, reason: Option<DisconnectReason>) {
		if let (Some(session), Some(reason)) = (self.directory.sessions.get(&id), reason) {
			let again = reason == DisconnectReason::ServerShutdown;
			session.send(Message::Leave(proto::LeaveRequest {
				can_reconnect: again,
				reason: reason.into(),
				action: if again { Action::Reconnect } else { Action::Disconnect }.into(),
				..Default::default()
			}));
		}
		// It may have removed itself by a timeout.
		let _ = self.sfu.leave(Instant::now(), id);
		self.forget(id);
	}

	/// Takes a participant that the SFU no longer has out of the directory and tells the others.
	pub(super) fn forget(&mut self, id: ParticipantId) {
		let Some(mut session) = self.directory.remove(id) else { return };
		debug!(room = %session.access.room, identity = %session.access.identity, "left");
		self.left_hooks(&session, session.state == State::Active);
		session.state = State::Disconnected;
		session.tracks.clear();
		session.touch();
		if !session.access.hidden {
			let others = self.directory.others(&session.room, id);
			self.directory.send(&others, &update(session.info()));
		}
		if !self.directory.rooms.contains_key(&session.room) {
			self.directory.book.emptied(&session.room, Instant::now());
		}
	}

	/// Tells everybody to come back later, somewhere else if they can.
	pub(super) fn drain(&mut self) {
		self.draining = true;
		let all: Vec<_> = self.directory.sessions.keys().copied().collect();
		for id in all {
			self.remove(id, Some(DisconnectReason::ServerShutdown));
		}
		self.finish_all_rooms();
	}
}

/// Unix time in milliseconds.
pub(super) fn now_ms() -> i64 {
	let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
	i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
