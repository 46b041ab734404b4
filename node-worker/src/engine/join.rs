//! Coming and going.

use super::{
	directory::update, rooms::room_key, session::Session, Engine, JoinError, JoinOptions, Joined,
	OUTBOX,
};
use crate::{keys::random_id, token::Access};
use dtel_media_core::sfu::{ParticipantId, SfuError};
use livekit_protocol as proto;
use proto::{
	leave_request::Action, participant_info::State, signal_response::Message, ClientConfigSetting,
	DisconnectReason,
};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc;
use tracing::{debug, info};

/// Seconds between a client's pings.
const PING_INTERVAL: i32 = 5;
/// Seconds without a pong after which a client gives up.
const PING_TIMEOUT: i32 = 15;
/// Newest version of LiveKit's protocol that is spoken.
const PROTOCOL: i32 = 17;

impl Engine {
	pub(super) fn join(
		&mut self,
		access: Access,
		options: JoinOptions,
	) -> Result<Joined, JoinError> {
		// Rooms of different keys never meet, whatever their names.
		let room = room_key(&access.issuer, &access.room);
		if !self.takes(&room, &access) {
			return Err(JoinError::Draining);
		}
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
		let (now, identity) = (Instant::now(), &access.identity);
		let created = match options.single {
			true => self.sfu.create_single(now, &room, &sid, identity, auto),
			false => self.sfu.create_participant(now, &room, &sid, identity, auto),
		};
		let id = created.map_err(|error| match error {
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
		let connection = self.next_connection();
		let link = (connection, tx);
		let session = Session::new(id, sid, room.clone(), access, options, link, now_ms());
		self.directory.insert(session, room_sid);
		self.welcome(id);
		self.resubscribe(id);
		self.schedule_token(id, Instant::now());
		self.clock.room_changed(&room);
		Ok(Joined { id, connection, outbox })
	}

	/// Sends the join response and shows the newcomer to the others.
	fn welcome(&mut self, id: ParticipantId) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let (info, room, hidden) = (session.info(), session.room.clone(), session.access.hidden);
		let single = session.options.single;
		let seen = self.directory.members(&room).filter(|s| s.id != id && !s.access.hidden);
		let info_of_server = self.server_info();
		let response = proto::JoinResponse {
			room: Some(self.directory.room_info(&room)),
			participant: Some(info.clone()),
			other_participants: seen.map(Session::info).collect(),
			server_version: info_of_server.version.clone(),
			server_region: info_of_server.region.clone(),
			ice_servers: self.ice_servers(&info.identity),
			subscriber_primary: !single,
			client_configuration: Some(self.client_configuration()),
			ping_timeout: PING_TIMEOUT,
			ping_interval: PING_INTERVAL,
			server_info: Some(info_of_server),
			enabled_publish_codecs: self.directory.room_info(&room).enabled_codecs,
			..Default::default()
		};
		self.directory.send(&[id], &Message::Join(response));
		if !hidden {
			let others = self.directory.others(&room, id);
			self.directory.send(&others, &update(info));
		}
	}

	/// What clients are told of this node.
	pub(super) fn server_info(&self) -> proto::ServerInfo {
		proto::ServerInfo {
			version: format!("dtel-worker/{}", env!("CARGO_PKG_VERSION")),
			protocol: PROTOCOL,
			region: self.config.region.clone(),
			..Default::default()
		}
	}

	/// What clients are asked to do.
	pub(super) fn client_configuration(&self) -> proto::ClientConfiguration {
		let resume = match self.config.resume.is_zero() {
			true => ClientConfigSetting::Disabled,
			false => ClientConfigSetting::Unset,
		};
		proto::ClientConfiguration { resume_connection: resume.into(), ..Default::default() }
	}

	/// Number of a new connection.
	pub(super) fn next_connection(&mut self) -> u64 {
		self.connections = self.connections.saturating_add(1);
		self.connections
	}

	/// Removes a participant from SFU and directory and tells the others. With a reason it is told, too.
	pub(super) fn remove(&mut self, id: ParticipantId, reason: Option<DisconnectReason>) {
		if let (Some(session), Some(reason)) = (self.directory.sessions.get_mut(&id), reason) {
			use DisconnectReason::{ConnectionTimeout, ServerShutdown, SignalClose, StateMismatch};
			let again =
				[ConnectionTimeout, ServerShutdown, SignalClose, StateMismatch].contains(&reason);
			session.send(Message::Leave(proto::LeaveRequest {
				can_reconnect: again,
				reason: reason.into(),
				action: if again { Action::Reconnect } else { Action::Disconnect }.into(),
				regions: self.elsewhere.clone().filter(|_| again),
			}));
		}
		// It may have removed itself by a timeout.
		let _ = self.sfu.leave(Instant::now(), id);
		self.forget_because(id, reason.unwrap_or(DisconnectReason::ClientInitiated));
	}

	/// Takes a participant that the SFU no longer has out of the directory and tells the others.
	pub(super) fn forget(&mut self, id: ParticipantId) {
		self.forget_because(id, DisconnectReason::ConnectionTimeout);
	}

	fn forget_because(&mut self, id: ParticipantId, reason: DisconnectReason) {
		let Some(mut session) = self.directory.remove(id) else { return };
		debug!(room = %session.access.room, identity = %session.access.identity, "left");
		self.left_hooks(&session, session.state == State::Active);
		session.state = State::Disconnected;
		session.tracks.clear();
		session.touch();
		self.clock.room_changed(&session.room);
		if !session.access.hidden {
			let others = self.directory.others(&session.room, id);
			let info =
				proto::ParticipantInfo { disconnect_reason: reason.into(), ..session.info() };
			self.directory.send(&others, &update(info));
		}
		if !self.directory.rooms.contains_key(&session.room) {
			self.directory.book.emptied(&session.room, Instant::now());
		}
	}
}

/// Unix time in milliseconds.
pub(super) fn now_ms() -> i64 {
	let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
	i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
