//! What apps are told of their rooms: events for webhooks.
//!
//! The engine hands them over without waiting; when nobody takes them fast enough they are dropped and counted.
//! Probes cause none.

use super::{session::Session, Engine};
use crate::{keys::random_id, metrics::Metrics, token::encode_key};
use dtel_media_core::sfu::ParticipantId;
use livekit_protocol as proto;
use std::sync::Arc;
use tokio::sync::mpsc;

/// An event for an app.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
	/// Where to, as the token said: not checked yet.
	pub url: Arc<str>,
	/// API key of the room, base58.
	pub key: String,
	/// The event.
	pub event: proto::WebhookEvent,
}

/// Where the engine puts events.
#[derive(Clone)]
pub struct HookQueue {
	/// The queue.
	pub queue: mpsc::Sender<Hook>,
	/// Counts events that it did not take.
	pub metrics: Arc<Metrics>,
}

impl HookQueue {
	/// A queue for so many events, and its end.
	pub fn new(capacity: usize, metrics: Arc<Metrics>) -> (Self, mpsc::Receiver<Hook>) {
		let (queue, end) = mpsc::channel(capacity.max(1));
		(Self { queue, metrics }, end)
	}
}

impl Engine {
	/// Tells apps of their rooms by these events from now on.
	pub fn set_hooks(&mut self, hooks: HookQueue) {
		self.hooks = Some(hooks);
	}

	/// An event of a room.
	pub(super) fn room_hook(&self, room: &str, event: &str, reason: proto::RoomEndReason) {
		let Some(kept) = self.directory.book.get(room) else { return };
		let Some(url) = &kept.url else { return };
		let event = proto::WebhookEvent {
			event: event.into(),
			room: Some(self.directory.room_info(room)),
			room_end_reason: reason.into(),
			..Default::default()
		};
		self.hook(url.clone(), &kept.issuer, event);
	}

	/// An event of a participant.
	pub(super) fn participant_hook(&self, session: &Session, event: &str) {
		self.session_hook(session, event, Some(session.info()), None);
	}

	/// An event of a track of a participant.
	pub(super) fn track_hook(&self, session: &Session, event: &str, track: proto::TrackInfo) {
		// Who published is named, without what else it publishes.
		let who = proto::ParticipantInfo {
			sid: session.sid.clone(),
			identity: session.access.identity.clone(),
			name: session.access.name.clone(),
			..Default::default()
		};
		self.session_hook(session, event, Some(who), Some(track));
	}

	/// A track has appeared.
	pub(super) fn published_hook(&self, id: ParticipantId, track_sid: &str) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		if let Some(track) = session.tracks.get(track_sid) {
			self.track_hook(session, "track_published", track.clone());
		}
	}

	/// A participant left, and its tracks with it.
	pub(super) fn left_hooks(&self, session: &Session, arrived: bool) {
		for track in session.tracks.values() {
			self.track_hook(session, "track_unpublished", track.clone());
		}
		let event = if arrived { "participant_left" } else { "participant_connection_aborted" };
		self.participant_hook(session, event);
	}

	fn session_hook(
		&self,
		session: &Session,
		event: &str,
		participant: Option<proto::ParticipantInfo>,
		track: Option<proto::TrackInfo>,
	) {
		if session.access.probe {
			return;
		}
		let of_room = || self.directory.book.get(&session.room)?.url.clone();
		let own = session.access.web_hook_url.as_deref().map(Arc::from);
		let Some(url) = own.or_else(of_room) else { return };
		let event = proto::WebhookEvent {
			event: event.into(),
			room: Some(self.directory.room_info(&session.room)),
			participant,
			track,
			..Default::default()
		};
		self.hook(url, &session.access.issuer, event);
	}

	fn hook(&self, url: Arc<str>, issuer: &[u8; 32], mut event: proto::WebhookEvent) {
		let Some(hooks) = &self.hooks else { return };
		event.id = random_id("EV_").unwrap_or_default();
		event.created_at = super::join::now_ms().div_euclid(1_000);
		let hook = Hook { url, key: encode_key(issuer), event };
		if hooks.queue.try_send(hook).is_err() {
			hooks.metrics.webhook("dropped");
		}
	}
}
