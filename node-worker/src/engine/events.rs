//! What the SFU reports.

use super::Engine;
use dtel_media_core::{
	sfu::{Event, ParticipantId},
	TransportKind,
};
use livekit_protocol as proto;
use proto::{participant_info::State, signal_response::Message, DisconnectReason};
use tracing::debug;

impl Engine {
	pub(super) fn event(&mut self, event: Event) {
		match event {
			Event::SubscriberOffer { participant, sdp } => {
				let Some(session) = self.directory.sessions.get_mut(&participant) else { return };
				session.offers = session.offers.wrapping_add(1).max(1);
				let offer = proto::SessionDescription {
					r#type: "offer".into(),
					sdp,
					id: session.offers,
					..Default::default()
				};
				self.directory.send(&[participant], &Message::Offer(offer));
			}
			Event::MediaSections { participant, audios, videos } => {
				let wanted =
					proto::MediaSectionsRequirement { num_audios: audios, num_videos: videos };
				self.directory.send(&[participant], &Message::MediaSectionsRequirement(wanted));
			}
			Event::TrackPublished { participant, track } => {
				if self.directory.publish(participant, &track) {
					self.directory.announce(participant);
					self.restrict_track(participant, &track.track_sid);
					self.tracks_changed(participant);
					self.resubscribe_changed(participant, &track.track_sid);
					self.published_hook(participant, &track.track_sid);
				}
			}
			Event::TrackUnpublished { participant, track_sid } => {
				self.unpublished(participant, &track_sid)
			}
			Event::TransportConnected { participant, transport } => {
				self.connected(participant, transport)
			}
			Event::TransportFailed { participant, transport } => {
				// A client sees this on its own side and comes again; the SFU forgets those that do not.
				let _span = self.directory.span(participant).entered();
				debug!(?transport, "transport failed");
			}
			Event::Data { participant, reliable, payload } => {
				self.data(participant, reliable, &payload)
			}
			event @ (Event::WantedLayers { .. }
			| Event::StreamState { .. }
			| Event::Speakers { .. }
			| Event::ConnectionQuality { .. }) => self.media_event(event),
			Event::ParticipantGone { participant, timed_out } => {
				if timed_out && self.directory.sessions.contains_key(&participant) {
					self.remove(participant, Some(DisconnectReason::ConnectionTimeout));
				} else {
					self.forget(participant);
				}
			}
		}
	}

	pub(super) fn unpublished(&mut self, id: ParticipantId, track_sid: &str) {
		let track = self.directory.sessions.get(&id).and_then(|s| s.tracks.get(track_sid)).cloned();
		let (announced, published) = self.directory.unpublish(id, track_sid);
		if let (Some(track), Some(session)) = (track, self.directory.sessions.get(&id)) {
			self.track_hook(session, "track_unpublished", track);
		}
		if published {
			self.directory.announce(id);
			self.tracks_changed(id);
		}
		if announced || published {
			let gone = proto::TrackUnpublishedResponse { track_sid: track_sid.into() };
			self.directory.send(&[id], &Message::TrackUnpublished(gone));
		}
	}

	/// The room may have more publishers now, or fewer.
	fn tracks_changed(&mut self, id: ParticipantId) {
		if let Some(session) = self.directory.sessions.get(&id) {
			self.clock.room_changed(&session.room);
		}
	}

	/// The subscriber transport is the primary one if there are two: with it the participant has arrived.
	fn connected(&mut self, id: ParticipantId, transport: TransportKind) {
		let Some(session) = self.directory.sessions.get_mut(&id) else { return };
		let primary = session.options.single || transport == TransportKind::Subscriber;
		if primary && session.state != State::Active {
			session.state = State::Active;
			session.touch();
			self.directory.announce(id);
			self.retell(id, false);
			if let Some(session) = self.directory.sessions.get(&id) {
				self.participant_hook(session, "participant_joined");
			}
		}
	}
}
