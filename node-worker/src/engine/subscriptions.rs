//! Who gets which track: what the subscriber asked for, and what the publisher allows.

use super::{
	session::{Permission, Session, Wanted},
	Engine,
};
use dtel_media_core::sfu::ParticipantId;
use livekit_protocol as proto;
use proto::{signal_response::Message, SubscriptionError, VideoQuality};
use std::time::Instant;

/// Tracks of one message that are looked at.
const MAX_TRACKS: usize = 2_000;
/// Tracks of one message of which it is said that they do not exist.
const MAX_UNKNOWN: usize = 16;

impl Engine {
	/// `UpdateSubscription`.
	pub(super) fn update_subscription(
		&mut self,
		id: ParticipantId,
		update: proto::UpdateSubscription,
	) {
		let of_participants = update.participant_tracks.into_iter().flat_map(|p| p.track_sids);
		let mut unknown = Vec::new();
		for track_sid in update.track_sids.into_iter().chain(of_participants).take(MAX_TRACKS) {
			let Some(session) = self.directory.sessions.get(&id) else { return };
			// Only tracks that exist are remembered: this bounds the memory.
			if self.directory.publisher(&session.room, &track_sid).is_none() {
				if update.subscribe && unknown.len() < MAX_UNKNOWN {
					unknown.push(track_sid);
				}
				continue;
			}
			if let Some(session) = self.directory.sessions.get_mut(&id) {
				session.choices.insert(track_sid.clone(), update.subscribe);
			}
			self.apply(id, &track_sid);
		}
		for track_sid in unknown {
			let err = SubscriptionError::SeTrackNotfound.into();
			let response = proto::SubscriptionResponse { track_sid, err };
			self.directory.send(&[id], &Message::SubscriptionResponse(response));
		}
	}

	/// `SubscriptionPermission`: a publisher says who may have its tracks.
	pub(super) fn update_permission(
		&mut self,
		id: ParticipantId,
		message: proto::SubscriptionPermission,
	) {
		let Some(session) = self.directory.sessions.get_mut(&id) else { return };
		let before = session.permission.replace(Permission::new(message));
		let room = session.room.clone();
		let tracks: Vec<_> = session.tracks.keys().cloned().collect();
		for other in self.directory.others(&room, id) {
			for track in &tracks {
				self.apply(other, track);
				let Some(publisher) = self.directory.sessions.get(&id) else { return };
				let Some(subscriber) = self.directory.sessions.get(&other) else { continue };
				let was = before.as_ref().is_none_or(|p| p.allows(subscriber, track));
				if was != publisher.allows(subscriber, track) {
					self.tell_permission(other, id, track, !was);
				}
			}
		}
	}

	/// Tells a subscriber whether it may have a track.
	fn tell_permission(
		&mut self,
		to: ParticipantId,
		publisher: ParticipantId,
		track_sid: &str,
		allowed: bool,
	) {
		let Some(publisher) = self.directory.sessions.get(&publisher) else { return };
		let update = proto::SubscriptionPermissionUpdate {
			participant_sid: publisher.sid.clone(),
			track_sid: track_sid.into(),
			allowed,
		};
		self.directory.send(&[to], &Message::SubscriptionPermissionUpdate(update));
	}

	/// `UpdateTrackSettings`: pause, or a bound on the layer.
	pub(super) fn update_settings(
		&mut self,
		id: ParticipantId,
		settings: &proto::UpdateTrackSettings,
	) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let room = session.room.clone();
		for track_sid in settings.track_sids.iter().take(MAX_TRACKS) {
			let publisher = self.directory.publisher(&room, track_sid);
			let Some(track) = publisher.and_then(|p| p.tracks.get(track_sid)) else { continue };
			let layer = wanted_layer(track, settings);
			let off = settings.disabled || settings.quality() == VideoQuality::Off;
			let wanted = Wanted { off, layer, temporal: wanted_temporal(settings.fps) };
			if let Some(session) = self.directory.sessions.get_mut(&id) {
				session.settings.insert(track_sid.clone(), wanted);
			}
			self.set_wanted(id, track_sid, wanted);
		}
	}

	/// Takes from a newcomer what the publishers do not allow it.
	pub(super) fn resubscribe(&mut self, id: ParticipantId) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let others = self.directory.members(&session.room).filter(|s| s.id != id);
		let refused = |publisher: &&Session, track: &&String| !publisher.allows(session, track);
		let refused: Vec<_> = others
			.flat_map(|p| p.tracks.keys().map(move |t| (p, t)))
			.filter(|(p, t)| refused(p, t))
			.map(|(_, t)| t.clone())
			.collect();
		for track in refused {
			self.apply(id, &track);
		}
	}

	/// Takes a new track from those to whom its publisher does not allow it.
	pub(super) fn restrict_track(&mut self, publisher: ParticipantId, track_sid: &str) {
		let Some(session) = self.directory.sessions.get(&publisher) else { return };
		if session.permission.is_none() {
			return;
		}
		for other in self.directory.others(&session.room.clone(), publisher) {
			self.apply(other, track_sid);
			let refused = |publisher: &Session| {
				let other = self.directory.sessions.get(&other);
				other.is_some_and(|o| o.wants(track_sid) && !publisher.allows(o, track_sid))
			};
			if self.directory.sessions.get(&publisher).is_some_and(refused) {
				self.tell_permission(other, publisher, track_sid, false);
			}
		}
	}

	/// Brings one subscription in line with what is wanted and allowed.
	pub(super) fn apply(&mut self, id: ParticipantId, track_sid: &str) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let Some(publisher) = self.directory.publisher(&session.room, track_sid) else { return };
		let subscribed = session.wants(track_sid) && publisher.allows(session, track_sid);
		let settings = session.settings.get(track_sid).copied().filter(|_| subscribed);
		// Errors mean that track or participant have just gone.
		let _ = self.sfu.set_subscribed(Instant::now(), id, track_sid, subscribed);
		if let Some(wanted) = settings {
			self.set_wanted(id, track_sid, wanted);
		}
	}

	/// The track may not be subscribed: then it is set when it is.
	fn set_wanted(&mut self, id: ParticipantId, track_sid: &str, wanted: Wanted) {
		let Wanted { off, layer, temporal } = wanted;
		let _ = self.sfu.set_track_settings(Instant::now(), id, track_sid, off, layer);
		let _ = self.sfu.set_max_temporal(Instant::now(), id, track_sid, temporal);
	}
}

/// The temporal layer that is enough for a frame rate; 0 for whatever there is. Rates are those of three layers of 30
/// frames a second, which is what browsers send.
fn wanted_temporal(fps: u32) -> Option<u8> {
	match fps {
		1..=8 => Some(0),
		9..=15 => Some(1),
		_ => None,
	}
}

/// The layer that is enough: by the size wanted if there is one, else by the quality. 0 is the lowest.
#[allow(deprecated)]
fn wanted_layer(track: &proto::TrackInfo, settings: &proto::UpdateTrackSettings) -> Option<u8> {
	if settings.width > 0 && settings.height > 0 && !track.layers.is_empty() {
		let mut layers: Vec<_> = track.layers.iter().collect();
		layers.sort_by_key(|l| (l.width, l.height));
		let enough =
			|l: &&proto::VideoLayer| l.width >= settings.width || l.height >= settings.height;
		let index = layers.iter().position(enough).unwrap_or(layers.len().saturating_sub(1));
		return u8::try_from(index).ok();
	}
	match settings.quality() {
		VideoQuality::Low => Some(0),
		VideoQuality::Medium => Some(1),
		VideoQuality::High | VideoQuality::Off => None,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn frame_rates_are_those_of_three_layers() {
		let layers = [0, 1, 7, 8, 15, 16, 30, u32::MAX].map(wanted_temporal);
		assert_eq!(layers, [None, Some(0), Some(0), Some(0), Some(1), None, None, None]);
	}

	#[test]
	#[allow(deprecated)]
	fn smallest_sufficient_layer_is_taken() {
		let layer = |width, height| proto::VideoLayer { width, height, ..Default::default() };
		let layers = vec![layer(1280, 720), layer(320, 180), layer(640, 360)];
		let track = proto::TrackInfo { layers, ..Default::default() };
		let want = |width, height, quality: VideoQuality| {
			let quality = quality.into();
			let s = proto::UpdateTrackSettings { width, height, quality, ..Default::default() };
			wanted_layer(&track, &s)
		};
		assert_eq!(want(200, 100, VideoQuality::High), Some(0));
		assert_eq!(want(321, 181, VideoQuality::High), Some(1));
		assert_eq!(want(4000, 3000, VideoQuality::High), Some(2));
		assert_eq!(want(0, 0, VideoQuality::Low), Some(0));
		assert_eq!(want(0, 0, VideoQuality::Medium), Some(1));
		assert_eq!(want(0, 0, VideoQuality::High), None);
	}
}
