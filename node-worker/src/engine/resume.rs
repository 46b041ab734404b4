//! Connections that break and come back.
//!
//! A participant whose WebSocket is lost stays for a grace time: its media flows on, nobody sees a change. When it comes
//! back (`reconnect=1`) the first message is `Reconnect`, then it is told how everything is now, and its subscriber
//! transport restarts ICE; the publisher's restart, and that of one transport for both directions, is the client's offer.
//! Who left for good, flooded, or is a probe is not kept.

use super::{rooms::room_key, session::Session, Engine, JoinError, JoinOptions, Joined, OUTBOX};
use crate::token::Access;
use dtel_media_core::sfu::ParticipantId;
use livekit_protocol as proto;
use proto::{signal_response::Message, DisconnectReason};
use std::time::Instant;
use tokio::sync::mpsc;
use tracing::{debug, info};

impl Engine {
	/// Takes a participant's new connection in the place of its old one.
	pub(super) fn resume(
		&mut self,
		access: &Access,
		sid: &str,
		options: JoinOptions,
	) -> Result<Joined, JoinError> {
		if self.draining {
			return Err(JoinError::Draining);
		}
		let room = room_key(&access.issuer, &access.room);
		let id = self.directory.by_identity(&room, &access.identity).ok_or(JoinError::Gone)?;
		let connection = self.next_connection();
		let session = self.directory.sessions.get_mut(&id).ok_or(JoinError::Gone)?;
		let same =
			(sid.is_empty() || session.sid == sid) && session.options.single == options.single;
		if !same || session.access.probe || self.config.resume.is_zero() {
			return Err(JoinError::Gone);
		}
		let (tx, outbox) = mpsc::channel(OUTBOX);
		// The old connection, if it is still there, ends with its queue.
		let departed = session.attach(connection, tx);
		session.options.protocol = options.protocol;
		info!(room = %access.room, identity = %access.identity, sid = %session.sid, "resumed");
		let last_message_seq = session.data_sequence;
		let reconnect = proto::ReconnectResponse {
			ice_servers: self.ice_servers(&access.identity),
			client_configuration: Some(self.client_configuration()),
			server_info: Some(self.server_info()),
			last_message_seq,
		};
		self.directory.send(&[id], &Message::Reconnect(reconnect));
		self.resynchronise(id, departed);
		// An error means that the SFU has just removed it, which it will say.
		let _ = self.sfu.restart_subscriber_ice(Instant::now(), id);
		Ok(Joined { id, connection, outbox })
	}

	/// Tells a participant that was away how everything is.
	fn resynchronise(&mut self, id: ParticipantId, departed: Vec<proto::ParticipantInfo>) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let room = session.room.clone();
		let seen = self.directory.members(&room).filter(|s| s.id == id || !s.access.hidden);
		let participants = departed.into_iter().chain(seen.map(Session::info)).collect();
		// Answers to `AddTrack` that it may have missed; one that it has already, it ignores.
		let announced: Vec<_> = session.pending.values().cloned().collect();
		self.directory.send(&[id], &Message::Update(proto::ParticipantUpdate { participants }));
		let info = Some(self.directory.room_info(&room));
		self.directory.send(&[id], &Message::RoomUpdate(proto::RoomUpdate { room: info }));
		for track in announced {
			let cid = track.codecs.first().map(|c| c.cid.clone()).unwrap_or_default();
			let published = proto::TrackPublishedResponse { cid, track: Some(track) };
			self.directory.send(&[id], &Message::TrackPublished(published));
		}
		self.retell(id, true);
		self.send_token(id);
	}

	/// A participant's connection ended.
	pub(super) fn closed(&mut self, id: ParticipantId, connection: u64, resumable: bool) {
		let Some(session) = self.directory.sessions.get_mut(&id) else { return };
		// An old one, in whose place there is another already.
		if session.connection() != connection {
			return;
		}
		let until = Instant::now().checked_add(self.config.resume);
		match until.filter(|_| resumable && !session.access.probe && !self.config.resume.is_zero())
		{
			Some(until) => {
				debug!(identity = %session.access.identity, "connection lost");
				session.detach(until);
			}
			None => self.remove(id, None),
		}
	}

	/// Removes those who did not come back in time.
	pub(super) fn expire(&mut self, now: Instant) {
		let over = |s: &&Session| s.away_until().is_some_and(|until| until <= now);
		let over: Vec<_> = self.directory.sessions.values().filter(over).map(|s| s.id).collect();
		for id in over {
			self.remove(id, Some(DisconnectReason::SignalClose));
		}
	}

	/// `SyncState`: what a client that resumed believes. Its state was kept, so that only what it chose to receive can
	/// differ: choices that it made while it was away.
	pub(super) fn sync_state(&mut self, id: ParticipantId, state: proto::SyncState) {
		if let Some(subscription) = state.subscription {
			self.update_subscription(id, subscription);
		}
		for track_sid in state.track_sids_disabled {
			let settings = proto::UpdateTrackSettings {
				track_sids: vec![track_sid],
				disabled: true,
				..Default::default()
			};
			self.update_settings(id, &settings);
		}
	}
}
