//! What clients were told of media last: who comes later, or comes back, is told it again.
//!
//! Such messages speak of changes alone. They are noted as they are sent, whoever makes them: qualities of connections
//! and speakers for all, wanted layers and pauses for the one whom they concern.

use super::Engine;
use dtel_media_core::sfu::ParticipantId;
use livekit_protocol as proto;
use proto::signal_response::Message;
use std::collections::{BTreeMap, HashMap};

/// See the module. Bounded by the participants and tracks that there are.
#[derive(Default)]
pub(super) struct Told {
	/// By the sid of the participant.
	qualities: HashMap<String, proto::ConnectionQualityInfo>,
	/// Those who speak, by sid.
	speakers: HashMap<String, proto::SpeakerInfo>,
	/// To the publisher of a track, by its sid.
	wanted: HashMap<String, proto::SubscribedQualityUpdate>,
	/// To a subscriber, by the sid of the track: those that are paused.
	paused: HashMap<ParticipantId, BTreeMap<String, proto::StreamStateInfo>>,
}

impl Told {
	/// A message is sent.
	pub fn note(&mut self, to: &[ParticipantId], message: &Message) {
		match message {
			Message::ConnectionQuality(update) => {
				let known = update.updates.iter().map(|u| (u.participant_sid.clone(), u.clone()));
				self.qualities.extend(known);
			}
			Message::SpeakersChanged(changed) => {
				for speaker in &changed.speakers {
					if speaker.active {
						self.speakers.insert(speaker.sid.clone(), speaker.clone());
					} else {
						self.speakers.remove(&speaker.sid);
					}
				}
			}
			Message::SubscribedQualityUpdate(update) => {
				self.wanted.insert(update.track_sid.clone(), update.clone());
			}
			Message::StreamStateUpdate(update) => {
				for (id, info) in
					to.iter().flat_map(|id| update.stream_states.iter().map(move |i| (id, i)))
				{
					let paused = self.paused.entry(*id).or_default();
					if info.state() == proto::StreamState::Paused {
						paused.insert(info.track_sid.clone(), info.clone());
					} else {
						paused.remove(&info.track_sid);
					}
				}
			}
			_ => {}
		}
	}

	/// A participant is gone.
	pub fn forget(&mut self, id: ParticipantId, sid: &str) {
		self.qualities.remove(sid);
		self.speakers.remove(sid);
		self.paused.remove(&id);
	}

	/// A track is gone.
	pub fn forget_track(&mut self, track_sid: &str) {
		self.wanted.remove(track_sid);
		for paused in self.paused.values_mut() {
			paused.remove(track_sid);
		}
	}

	/// What concerns everybody, of participants with these sids.
	fn of_all<'a>(&self, sids: impl Iterator<Item = &'a str> + Clone) -> Vec<Message> {
		let updates: Vec<_> = sids.clone().filter_map(|s| self.qualities.get(s).cloned()).collect();
		let speakers: Vec<_> = sids.filter_map(|s| self.speakers.get(s).cloned()).collect();
		let mut messages = Vec::new();
		if !updates.is_empty() {
			messages.push(Message::ConnectionQuality(proto::ConnectionQualityUpdate { updates }));
		}
		if !speakers.is_empty() {
			messages.push(Message::SpeakersChanged(proto::SpeakersChanged { speakers }));
		}
		messages
	}

	/// What concerns one participant, who publishes these tracks.
	fn of_one<'a>(
		&self,
		id: ParticipantId,
		tracks: impl Iterator<Item = &'a String>,
	) -> Vec<Message> {
		let wanted = tracks.filter_map(|sid| self.wanted.get(sid).cloned());
		let mut messages: Vec<_> = wanted.map(Message::SubscribedQualityUpdate).collect();
		let paused = self.paused.get(&id).into_iter().flat_map(BTreeMap::values).cloned();
		let stream_states: Vec<_> = paused.collect();
		if !stream_states.is_empty() {
			messages.push(Message::StreamStateUpdate(proto::StreamStateUpdate { stream_states }));
		}
		messages
	}
}

impl Engine {
	/// Tells a participant how good connections are and who speaks; one that is back, also what it was told of its own
	/// tracks.
	pub(super) fn retell(&mut self, id: ParticipantId, back: bool) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let visible =
			self.directory.members(&session.room).filter(|s| s.id == id || !s.access.hidden);
		let sids: Vec<_> = visible.map(|s| s.sid.as_str()).collect();
		let mut messages = self.directory.told.of_all(sids.iter().copied());
		if back {
			messages.extend(self.directory.told.of_one(id, session.tracks.keys()));
		}
		for message in messages {
			self.directory.send(&[id], &message);
		}
	}

	/// Tells publishers, once for each track, that somebody receives it.
	pub(super) fn note_subscriptions(&mut self, id: ParticipantId) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let mut heard = Vec::new();
		for publisher in self.directory.members(&session.room).filter(|s| s.id != id) {
			for sid in publisher.tracks.keys().filter(|sid| !publisher.heard.contains(*sid)) {
				if session.wants(sid) && publisher.allows(session, sid) {
					heard.push((publisher.id, sid.clone()));
				}
			}
		}
		for (publisher, track_sid) in heard {
			if let Some(session) = self.directory.sessions.get_mut(&publisher) {
				session.heard.insert(track_sid.clone());
			}
			let subscribed = proto::TrackSubscribed { track_sid };
			self.directory.send(&[publisher], &Message::TrackSubscribed(subscribed));
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtel_media_core::sfu::{Sfu, SfuConfig};
	use std::time::Instant;

	fn somebody() -> ParticipantId {
		let now = Instant::now();
		let mut sfu = Sfu::new(now, SfuConfig::new("127.0.0.1:9".parse().expect("an address")));
		sfu.create_participant(now, "r", "PA_a", "a", true).expect("joins")
	}

	fn speakers(level: f32) -> Message {
		let speaker = proto::SpeakerInfo { sid: "PA_a".into(), level, active: level > 0.0 };
		Message::SpeakersChanged(proto::SpeakersChanged { speakers: vec![speaker] })
	}

	fn quality(of: &str, quality: proto::ConnectionQuality) -> Message {
		let info = proto::ConnectionQualityInfo {
			participant_sid: of.into(),
			quality: quality.into(),
			score: 4.0,
		};
		Message::ConnectionQuality(proto::ConnectionQualityUpdate { updates: vec![info] })
	}

	fn stream(state: proto::StreamState) -> Message {
		let info = proto::StreamStateInfo {
			participant_sid: "PA_b".into(),
			track_sid: "TR_b".into(),
			state: state.into(),
		};
		Message::StreamStateUpdate(proto::StreamStateUpdate { stream_states: vec![info] })
	}

	#[test]
	fn the_last_word_on_everybody_is_told_again() {
		use proto::ConnectionQuality::{Good, Poor};
		let (mut told, a) = (Told::default(), somebody());
		for message in
			[quality("PA_a", Poor), quality("PA_b", Good), quality("PA_a", Good), speakers(0.5)]
		{
			told.note(&[a], &message);
		}
		let all = |told: &Told, sids: &[&str]| told.of_all(sids.iter().copied());
		assert_eq!(all(&told, &["PA_a"]), [quality("PA_a", Good), speakers(0.5)]);
		assert_eq!(all(&told, &["PA_b"]), [quality("PA_b", Good)]);
		told.note(&[a], &speakers(0.0));
		assert_eq!(all(&told, &["PA_a"]), [quality("PA_a", Good)]);
		told.forget(a, "PA_a");
		assert_eq!(all(&told, &["PA_a"]), []);
	}

	#[test]
	fn the_last_word_on_ones_own_tracks_is_told_again() {
		let (mut told, a) = (Told::default(), somebody());
		let update =
			proto::SubscribedQualityUpdate { track_sid: "TR_a".into(), ..Default::default() };
		let wanted = Message::SubscribedQualityUpdate(update);
		let paused = stream(proto::StreamState::Paused);
		told.note(&[a], &wanted);
		told.note(&[a], &paused);
		let own = ["TR_a".to_owned()];
		assert_eq!(told.of_one(a, own.iter()), [wanted.clone(), paused.clone()]);
		assert_eq!(told.of_one(a, [].iter()), std::slice::from_ref(&paused));
		told.note(&[a], &stream(proto::StreamState::Active));
		assert_eq!(told.of_one(a, own.iter()), [wanted]);
		told.note(&[a], &paused);
		told.forget_track("TR_a");
		told.forget_track("TR_b");
		assert_eq!(told.of_one(a, own.iter()), []);
	}
}
