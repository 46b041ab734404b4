//! What is kept of rooms beside who is in them: settings, metadata, and how long a room without participants stays.
//!
//! A room begins with [`RoomBook::open`] (the first participant, or `CreateRoom`) and ends when it was empty for its
//! time-out: `empty_timeout` before anybody came, `departure_timeout` afterwards. Until then it keeps its sid. Rooms of
//! probes are not in the book.

use super::{directory::Directory, Engine, JoinError};
use crate::{
	keys::random_id,
	token::{encode_key, Access, RoomConfig},
};
use livekit_protocol as proto;
use proto::RoomEndReason;
use std::{
	collections::BTreeMap,
	sync::Arc,
	time::{Duration, Instant},
};

/// Longest time that a room stays empty, in seconds: a day.
const MAX_TIMEOUT: u32 = 86_400;

/// What rooms get of which nobody said anything.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RoomDefaults {
	/// Seconds that a room waits for its first participant.
	pub empty_timeout: u32,
	/// Seconds that it stays after the last one left.
	pub departure_timeout: u32,
	/// Unmuting a track by the server API is allowed.
	pub remote_unmute: bool,
}

impl Default for RoomDefaults {
	fn default() -> Self {
		Self { empty_timeout: 300, departure_timeout: 20, remote_unmute: false }
	}
}

/// What is kept of a room.
#[derive(Clone, Debug)]
pub(super) struct Kept {
	/// `RM_…`.
	pub sid: String,
	/// Name that the participants use.
	pub name: String,
	/// API key.
	pub issuer: [u8; 32],
	/// Unix time of its making.
	pub created_ms: i64,
	/// Where its app wants to hear of it.
	pub url: Option<Arc<str>>,
	/// Seconds.
	pub empty_timeout: u32,
	/// Seconds.
	pub departure_timeout: u32,
	/// Participants at a time; 0 for as many as the node takes.
	pub max_participants: u32,
	/// The app's.
	pub metadata: String,
	/// Since when nobody is in it, if nobody is.
	empty_since: Option<Instant>,
	/// Somebody has been in it.
	visited: bool,
}

impl Kept {
	/// Takes over what a `CreateRoomRequest` says.
	pub fn apply(&mut self, request: &proto::CreateRoomRequest) {
		fn set(to: &mut u32, from: u32, most: u32) {
			if from != 0 {
				*to = from.min(most);
			}
		}
		set(&mut self.empty_timeout, request.empty_timeout, MAX_TIMEOUT);
		set(&mut self.departure_timeout, request.departure_timeout, MAX_TIMEOUT);
		set(&mut self.max_participants, request.max_participants, u32::MAX);
		if !request.metadata.is_empty() {
			self.metadata.clone_from(&request.metadata);
		}
	}

	fn ends(&self) -> Option<Instant> {
		let wait = if self.visited { self.departure_timeout } else { self.empty_timeout };
		self.empty_since?.checked_add(Duration::from_secs(wait.into()))
	}
}

/// All rooms, by key.
#[derive(Default)]
pub(super) struct RoomBook {
	rooms: BTreeMap<String, Kept>,
	/// When the next empty room ends.
	next: Option<Instant>,
}

impl RoomBook {
	/// A room.
	pub fn get(&self, key: &str) -> Option<&Kept> {
		self.rooms.get(key)
	}

	/// A room, to change what does not concern its end.
	pub fn get_mut(&mut self, key: &str) -> Option<&mut Kept> {
		self.rooms.get_mut(key)
	}

	/// Rooms, those without participants included.
	pub fn len(&self) -> usize {
		self.rooms.len()
	}

	/// Rooms of one API key with their keys.
	pub fn of(&self, issuer: &[u8; 32]) -> impl Iterator<Item = (&String, &Kept)> {
		// Keys of rooms begin with that of the issuer.
		let prefix = room_key(issuer, "");
		let from = self.rooms.range(prefix.clone()..);
		from.take_while(move |(key, _)| key.starts_with(&prefix))
	}

	/// Makes a room in which nobody is yet.
	pub fn open(&mut self, key: String, mut room: Kept, now: Instant) {
		room.empty_since = Some(now);
		self.rooms.insert(key, room);
		self.recompute();
	}

	/// Somebody came.
	pub fn arrived(&mut self, key: &str) {
		if let Some(room) = self.rooms.get_mut(key) {
			(room.empty_since, room.visited) = (None, true);
			self.recompute();
		}
	}

	/// The last one left.
	pub fn emptied(&mut self, key: &str, now: Instant) {
		if let Some(room) = self.rooms.get_mut(key) {
			room.empty_since = Some(now);
			self.recompute();
		}
	}

	/// Forgets a room.
	pub fn close(&mut self, key: &str) -> Option<Kept> {
		let room = self.rooms.remove(key);
		self.recompute();
		room
	}

	/// When the next empty room ends.
	pub fn next(&self) -> Option<Instant> {
		self.next
	}

	/// Rooms whose time is over.
	pub fn over(&self, now: Instant) -> Vec<String> {
		let over = |room: &Kept| room.ends().is_some_and(|at| at <= now);
		self.rooms.iter().filter(|(_, room)| over(room)).map(|(key, _)| key.clone()).collect()
	}

	/// The room, left by its last participant, that was going to end first: what makes place for a new one.
	fn lingering(&self) -> Option<String> {
		let left = self.rooms.iter().filter(|(_, room)| room.visited);
		let (key, _) = left.filter_map(|(k, r)| Some((k, r.ends()?))).min_by_key(|(_, at)| *at)?;
		Some(key.clone())
	}

	/// Bounded by the number of rooms; done when rooms come, go or empty, not for packets.
	fn recompute(&mut self) {
		self.next = self.rooms.values().filter_map(Kept::ends).min();
	}
}

impl Directory {
	/// Puts what the book says into a room's description.
	pub(super) fn describe(&self, key: &str, mut room: proto::Room) -> proto::Room {
		let Some(kept) = self.book.get(key) else { return room };
		room.sid.clone_from(&kept.sid);
		room.name.clone_from(&kept.name);
		room.creation_time = kept.created_ms.div_euclid(1_000);
		room.creation_time_ms = kept.created_ms;
		room.empty_timeout = kept.empty_timeout;
		room.departure_timeout = kept.departure_timeout;
		room.max_participants = kept.max_participants;
		room.metadata.clone_from(&kept.metadata);
		room
	}
}

impl Engine {
	/// Whether the room has a place for one more.
	pub(super) fn room_has_place(&self, key: &str) -> Result<(), JoinError> {
		let most = self.directory.book.get(key).map_or(0, |room| room.max_participants);
		let there = self.directory.members(key).count();
		if most != 0 && there >= usize::try_from(most).unwrap_or(usize::MAX) {
			return Err(JoinError::Limit("participants of the room"));
		}
		Ok(())
	}

	/// Somebody enters: makes the room if need be. Its sid.
	pub(super) fn enter_room(&mut self, key: &str, access: &Access, fresh_sid: String) -> String {
		if access.probe {
			return fresh_sid;
		}
		let url = access.web_hook_url.as_deref().map(Arc::from);
		let sid = match self.directory.book.get_mut(key) {
			Some(room) => {
				room.url = room.url.take().or(url);
				room.sid.clone()
			}
			None => {
				self.make_place();
				let settings = settings(&access.room, &access.room_config);
				self.open_room(key, &access.issuer, fresh_sid.clone(), url, &settings);
				fresh_sid
			}
		};
		self.directory.book.arrived(key);
		sid
	}

	/// Makes a room of an API key with what a request says; the one that is there already is changed.
	pub(super) fn create_room(
		&mut self,
		issuer: &[u8; 32],
		url: Option<Arc<str>>,
		request: &proto::CreateRoomRequest,
	) -> Result<String, super::admin::AdminError> {
		use super::admin::AdminError;
		let key = room_key(issuer, &request.name);
		if self.directory.book.get(&key).is_none() {
			if self.retiring.begun() {
				return Err(AdminError::Stopped);
			}
			self.make_place();
			if self.directory.book.len() >= self.config.rooms {
				return Err(AdminError::Limit("rooms"));
			}
			let sid = random_id("RM_").map_err(|_| AdminError::Limit("randomness"))?;
			self.open_room(&key, issuer, sid, url, request);
		} else if let Some(room) = self.directory.book.get_mut(&key) {
			room.apply(request);
			room.url = room.url.take().or(url);
		}
		self.directory.book.recompute();
		Ok(key)
	}

	fn open_room(
		&mut self,
		key: &str,
		issuer: &[u8; 32],
		sid: String,
		url: Option<Arc<str>>,
		request: &proto::CreateRoomRequest,
	) {
		let mut room = Kept {
			sid,
			name: request.name.clone(),
			issuer: *issuer,
			created_ms: super::join::now_ms(),
			url,
			empty_timeout: self.room_defaults.empty_timeout,
			departure_timeout: self.room_defaults.departure_timeout,
			max_participants: 0,
			metadata: String::new(),
			empty_since: None,
			visited: false,
		};
		room.apply(request);
		self.directory.book.open(key.into(), room, Instant::now());
		self.room_hook(key, "room_started", RoomEndReason::RoomEndUnknown);
	}

	/// A full book gives up a room that everybody has left.
	fn make_place(&mut self) {
		if self.directory.book.len() >= self.config.rooms {
			if let Some(key) = self.directory.book.lingering() {
				self.finish_room(&key, RoomEndReason::RoomEndIdleTimeout);
			}
		}
	}

	/// Ends the rooms whose time is over.
	pub(super) fn finish_rooms(&mut self, now: Instant) {
		if self.directory.book.next().is_some_and(|at| at <= now) {
			for key in self.directory.book.over(now) {
				self.finish_room(&key, RoomEndReason::RoomEndIdleTimeout);
			}
		}
	}

	/// Ends all rooms: the node shuts down.
	pub(super) fn finish_all_rooms(&mut self) {
		let keys: Vec<_> = self.directory.book.rooms.keys().cloned().collect();
		for key in keys {
			self.finish_room(&key, RoomEndReason::RoomEndServerShutdown);
		}
	}

	/// Ends a room in which nobody is.
	pub(super) fn finish_room(&mut self, key: &str, reason: RoomEndReason) {
		self.room_hook(key, "room_finished", reason);
		self.directory.book.close(key);
	}
}

/// What the token of a room's first participant says of it, as a request for it.
fn settings(name: &str, config: &RoomConfig) -> proto::CreateRoomRequest {
	proto::CreateRoomRequest {
		name: name.into(),
		empty_timeout: config.empty_timeout,
		departure_timeout: config.departure_timeout,
		max_participants: config.max_participants,
		metadata: config.metadata.clone(),
		..Default::default()
	}
}

/// Rooms of different API keys never meet, whatever their names.
pub(super) fn room_key(issuer: &[u8; 32], name: &str) -> String {
	format!("{}/{name}", encode_key(issuer))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn kept(name: &str) -> Kept {
		Kept {
			sid: "RM_x".into(),
			name: name.into(),
			issuer: [1; 32],
			created_ms: 0,
			url: None,
			empty_timeout: 300,
			departure_timeout: 20,
			max_participants: 0,
			metadata: String::new(),
			empty_since: None,
			visited: false,
		}
	}

	#[test]
	fn rooms_end_when_they_were_empty_for_long_enough() {
		let (mut book, start) = (RoomBook::default(), Instant::now());
		let after = |seconds| start + Duration::from_secs(seconds);
		let key = room_key(&[1; 32], "r");
		book.open(key.clone(), kept("r"), start);
		assert_eq!(book.next(), Some(after(300)));
		assert!(book.over(after(299)).is_empty());
		assert_eq!(book.over(after(300)), std::slice::from_ref(&key));
		book.arrived(&key);
		assert_eq!(book.next(), None);
		assert!(book.over(after(100_000)).is_empty());
		book.emptied(&key, after(400));
		assert_eq!(book.next(), Some(after(420)));
		assert_eq!(book.lingering(), Some(key.clone()));
		assert!(book.close(&key).is_some());
		assert_eq!((book.len(), book.next()), (0, None));
	}

	#[test]
	fn rooms_of_one_key_are_found_and_no_others() {
		let mut book = RoomBook::default();
		let now = Instant::now();
		for (issuer, name) in [([1; 32], "a"), ([1; 32], "b/c"), ([2; 32], "a"), ([0; 32], "z")] {
			book.open(room_key(&issuer, name), Kept { issuer, ..kept(name) }, now);
		}
		let names: Vec<_> = book.of(&[1; 32]).map(|(_, room)| room.name.as_str()).collect();
		assert_eq!(names, ["a", "b/c"]);
	}

	#[test]
	fn what_a_request_leaves_out_stays() {
		let mut room = kept("r");
		room.apply(&proto::CreateRoomRequest {
			empty_timeout: 7,
			max_participants: 3,
			metadata: "m".into(),
			..Default::default()
		});
		assert_eq!((room.empty_timeout, room.departure_timeout), (7, 20));
		room.apply(&proto::CreateRoomRequest { departure_timeout: u32::MAX, ..Default::default() });
		assert_eq!((room.max_participants, room.metadata.as_str()), (3, "m"));
		assert_eq!(room.departure_timeout, MAX_TIMEOUT);
	}

	#[test]
	fn a_token_says_as_much_as_a_request() {
		let config = RoomConfig {
			empty_timeout: 1,
			departure_timeout: 2,
			max_participants: 3,
			metadata: "m".into(),
		};
		let mut room = kept("r");
		room.apply(&settings("r", &config));
		assert_eq!((room.empty_timeout, room.departure_timeout), (1, 2));
		assert_eq!((room.max_participants, room.metadata.as_str()), (3, "m"));
		room.apply(&settings("r", &RoomConfig::default()));
		assert_eq!((room.max_participants, room.departure_timeout), (3, 2));
	}
}
