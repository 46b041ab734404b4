//! What the SFU says of media, as messages for clients.

use super::Engine;
use dtel_media_core::{
	quality::connection::ConnectionClass,
	sfu::{Event, ParticipantId, Speaker},
};
use livekit_protocol as proto;
use proto::{signal_response::Message, ConnectionQuality, StreamState, VideoQuality};

impl Engine {
	/// Events about layers, pauses, speakers and quality. Others are not for here.
	pub(super) fn media_event(&mut self, event: Event) {
		match event {
			Event::WantedLayers { participant, track_sid, codec, max_layer, layers } => {
				let message = wanted(track_sid, codec, max_layer, layers);
				self.directory.send(&[participant], &message);
			}
			Event::StreamState { participant, track_sid, paused } => {
				self.stream_state(participant, track_sid, paused)
			}
			Event::Speakers { room, changes } => self.speakers(&room, &changes),
			Event::ConnectionQuality { participant, class, opinion } => {
				self.connection_quality(participant, class, opinion)
			}
			_ => {}
		}
	}

	fn stream_state(&mut self, id: ParticipantId, track_sid: String, paused: bool) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let Some(publisher) = self.directory.publisher(&session.room, &track_sid) else { return };
		let state = if paused { StreamState::Paused } else { StreamState::Active };
		let info = proto::StreamStateInfo {
			participant_sid: publisher.sid.clone(),
			track_sid,
			state: state.into(),
		};
		let update = proto::StreamStateUpdate { stream_states: vec![info] };
		self.directory.send(&[id], &Message::StreamStateUpdate(update));
	}

	fn speakers(&mut self, room: &str, changes: &[Speaker]) {
		let speakers: Vec<_> = changes
			.iter()
			.filter_map(|s| Some((s, self.directory.sessions.get(&s.participant)?)))
			.filter(|(_, session)| !session.access.hidden)
			.map(|(s, session)| proto::SpeakerInfo {
				sid: session.sid.clone(),
				level: s.level,
				active: s.active,
			})
			.collect();
		if speakers.is_empty() {
			return;
		}
		let members: Vec<_> = self.directory.members(room).map(|s| s.id).collect();
		let message = Message::SpeakersChanged(proto::SpeakersChanged { speakers });
		self.directory.send(&members, &message);
	}

	fn connection_quality(&mut self, id: ParticipantId, class: ConnectionClass, opinion: f32) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let quality = match class {
			ConnectionClass::Excellent => ConnectionQuality::Excellent,
			ConnectionClass::Good => ConnectionQuality::Good,
			ConnectionClass::Poor => ConnectionQuality::Poor,
			ConnectionClass::Lost => ConnectionQuality::Lost,
		};
		let info = proto::ConnectionQualityInfo {
			participant_sid: session.sid.clone(),
			quality: quality.into(),
			score: opinion,
		};
		let mut to = vec![id];
		if !session.access.hidden {
			to.extend(self.directory.others(&session.room, id));
		}
		let update = proto::ConnectionQualityUpdate { updates: vec![info] };
		self.directory.send(&to, &Message::ConnectionQuality(update));
	}
}

/// `SubscribedQualityUpdate`: which layers a publisher should send. A track with one layer is all or nothing.
#[allow(deprecated)]
fn wanted(track_sid: String, codec: &str, max_layer: Option<u8>, layers: u8) -> Message {
	let top = layers.saturating_sub(1);
	let most = max_layer.map(|m| if m >= top { u8::MAX } else { m });
	let qualities: Vec<_> = [VideoQuality::Low, VideoQuality::Medium, VideoQuality::High]
		.into_iter()
		.zip(0u8..)
		.map(|(quality, index)| proto::SubscribedQuality {
			quality: quality.into(),
			enabled: most.is_some_and(|m| index <= m),
		})
		.collect();
	let subscribed_codecs = if codec.is_empty() {
		Vec::new()
	} else {
		vec![proto::SubscribedCodec { codec: codec.into(), qualities: qualities.clone() }]
	};
	Message::SubscribedQualityUpdate(proto::SubscribedQualityUpdate {
		track_sid,
		subscribed_qualities: qualities,
		subscribed_codecs,
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	#[allow(deprecated)]
	fn qualities_are_on_up_to_the_layer_that_is_wanted() {
		let on = |max_layer, layers| {
			let Message::SubscribedQualityUpdate(update) =
				wanted("TR_x".into(), "vp8", max_layer, layers)
			else {
				return Vec::new();
			};
			assert_eq!(update.subscribed_codecs[0].qualities, update.subscribed_qualities);
			update.subscribed_qualities.iter().map(|q| q.enabled).collect()
		};
		assert_eq!(on(Some(2), 3), [true, true, true]);
		assert_eq!(on(Some(1), 3), [true, true, false]);
		assert_eq!(on(Some(0), 3), [true, false, false]);
		assert_eq!(on(None, 3), [false, false, false]);
		assert_eq!(on(Some(0), 1), [true, true, true]);
	}
}
