//! Who gets which track: what the subscriber asked for, and what the publisher allows.

use super::{
	session::{Permission, Session},
	Engine,
};
use dtel_media_core::sfu::ParticipantId;
use livekit_protocol as proto;
use proto::VideoQuality;
use std::time::Instant;

/// Tracks of one message that are looked at.
const MAX_TRACKS: usize = 2_000;

impl Engine {
	/// `UpdateSubscription`.
	pub(super) fn update_subscription(
		&mut self,
		id: ParticipantId,
		update: proto::UpdateSubscription,
	) {
		let of_participants = update.participant_tracks.into_iter().flat_map(|p| p.track_sids);
		for track_sid in update.track_sids.into_iter().chain(of_participants).take(MAX_TRACKS) {
			let Some(session) = self.directory.sessions.get(&id) else { return };
			// Only tracks that exist are remembered: this bounds the memory.
			if self.directory.publisher(&session.room, &track_sid).is_none() {
				continue;
			}
			if let Some(session) = self.directory.sessions.get_mut(&id) {
				session.choices.insert(track_sid.clone(), update.subscribe);
			}
			self.apply(id, &track_sid);
		}
	}

	/// `SubscriptionPermission`: a publisher says who may have its tracks.
	pub(super) fn update_permission(
		&mut self,
		id: ParticipantId,
		message: proto::SubscriptionPermission,
	) {
		let Some(session) = self.directory.sessions.get_mut(&id) else { return };
		session.permission = Some(Permission::new(message));
		let room = session.room.clone();
		let tracks: Vec<_> = session.tracks.keys().cloned().collect();
		for other in self.directory.others(&room, id) {
			for track in &tracks {
				self.apply(other, track);
			}
		}
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
			// The track may not be subscribed: then there is nothing to set.
			let _ = self.sfu.set_track_settings(Instant::now(), id, track_sid, off, layer);
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
		}
	}

	/// Brings one subscription in line with what is wanted and allowed.
	pub(super) fn apply(&mut self, id: ParticipantId, track_sid: &str) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let Some(publisher) = self.directory.publisher(&session.room, track_sid) else { return };
		let subscribed = session.wants(track_sid) && publisher.allows(session, track_sid);
		// Errors mean that track or participant have just gone.
		let _ = self.sfu.set_subscribed(Instant::now(), id, track_sid, subscribed);
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
