//! What the engine does from time to time.

use super::{join::now_ms, Engine};
use dtel_media_core::sfu::ParticipantId;
use livekit_protocol as proto;
use proto::signal_response::Message;
use std::{
	collections::BTreeSet,
	time::{Duration, Instant},
};

/// Between two looks at what is due.
const TICK: Duration = Duration::from_millis(100);
/// Between two messages about the participants of a room.
const ROOMS: Duration = Duration::from_secs(1);

/// What is due when.
pub(super) struct Clock {
	next: Instant,
	room_updates: Instant,
	/// Rooms whose numbers of participants changed.
	rooms: BTreeSet<String>,
}

/// Whether something is due, and if so, when next.
fn due(at: &mut Instant, now: Instant, interval: Duration) -> bool {
	let is = *at <= now;
	if is {
		*at = now.checked_add(interval).unwrap_or(now);
	}
	is
}

impl Clock {
	pub fn new(now: Instant) -> Self {
		Self { next: now, room_updates: now, rooms: BTreeSet::new() }
	}

	/// When to look again.
	pub fn next(&self) -> Instant {
		self.next
	}

	/// The number of participants of a room changed.
	pub fn room_changed(&mut self, room: &str) {
		if !self.rooms.contains(room) {
			self.rooms.insert(room.into());
		}
	}
}

impl Engine {
	/// Does what is due.
	pub(super) fn tick(&mut self, now: Instant) {
		if !due(&mut self.clock.next, now, TICK) {
			return;
		}
		self.expire(now);
		self.note_empty();
		self.refresh_tokens(now);
		if due(&mut self.clock.room_updates, now, ROOMS) {
			for room in std::mem::take(&mut self.clock.rooms) {
				let info = Some(self.directory.room_info(&room));
				let members: Vec<_> = self.directory.members(&room).map(|s| s.id).collect();
				let update = Message::RoomUpdate(proto::RoomUpdate { room: info });
				self.directory.send(&members, &update);
			}
		}
	}

	/// Sets when a participant gets its next token.
	pub(super) fn schedule_token(&mut self, id: ParticipantId, now: Instant) {
		let interval = Duration::from_secs(self.config.token_seconds);
		let Some(session) = self.directory.sessions.get_mut(&id) else { return };
		let wanted = !interval.is_zero() && !session.access.probe;
		session.token_due = now.checked_add(interval).filter(|_| wanted);
	}

	fn refresh_tokens(&mut self, now: Instant) {
		let due =
			self.directory.sessions.values().filter(|s| s.token_due.is_some_and(|d| d <= now));
		let due: Vec<_> = due.map(|s| s.id).collect();
		for id in due {
			self.send_token(id);
		}
	}

	/// Sends a fresh token: with it a participant can come back when that with which it joined has expired, and as what
	/// it is now.
	pub(super) fn send_token(&mut self, id: ParticipantId) {
		self.schedule_token(id, Instant::now());
		let Some(session) = self.directory.sessions.get(&id) else { return };
		if session.token_due.is_none() {
			return;
		}
		let now = u64::try_from(now_ms().div_euclid(1_000)).unwrap_or(0);
		let ttl = self.config.token_seconds.saturating_mul(2);
		let token = self.config.refresher.token(&session.access, now, ttl);
		self.directory.send(&[id], &Message::RefreshToken(token));
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn things_are_due_once_an_interval() {
		let start = Instant::now();
		let mut at = start;
		assert!(due(&mut at, start, TICK));
		assert!(!due(&mut at, start, TICK));
		assert!(!due(&mut at, start + TICK / 2, TICK));
		assert!(due(&mut at, start + TICK, TICK));
		// What was missed is not made up for.
		assert!(due(&mut at, start + TICK * 10, TICK));
		assert!(!due(&mut at, start + TICK * 10, TICK));
	}
}
