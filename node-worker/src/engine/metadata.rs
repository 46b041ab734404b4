//! What participants say of themselves and of their tracks.

use super::Engine;
use crate::token::{attributes_length, MAX_ATTRIBUTES, MAX_METADATA, MAX_NAME};
use dtel_media_core::sfu::ParticipantId;
use livekit_protocol as proto;
use proto::{
	request_response::{Reason, Request},
	signal_response::Message,
};
use std::collections::HashMap;

/// Features of an audio track that are kept.
const MAX_FEATURES: usize = 16;
/// Video layers of a track that are kept.
const MAX_LAYERS: usize = 8;

impl Engine {
	/// `UpdateParticipantMetadata`: name, metadata and attributes. What is empty stays as it is; an attribute with an
	/// empty value is taken away.
	pub(super) fn update_metadata(
		&mut self,
		id: ParticipantId,
		request: proto::UpdateParticipantMetadata,
	) {
		let Some(session) = self.directory.sessions.get_mut(&id) else { return };
		let request_id = request.request_id;
		let allowed = session.access.can_update_own_metadata;
		let attributes = merged(&session.access.attributes, &request).filter(|_| allowed);
		let mut changed = false;
		let reason = match attributes {
			_ if !allowed => Reason::NotAllowed,
			None => Reason::LimitExceeded,
			Some(attributes) => {
				let access = &mut session.access;
				let mut set = |to: &mut String, value: &String| {
					if !value.is_empty() && to != value {
						to.clone_from(value);
						changed = true;
					}
				};
				set(&mut access.name, &request.name);
				set(&mut access.metadata, &request.metadata);
				changed |= access.attributes != attributes;
				access.attributes = attributes;
				Reason::Ok
			}
		};
		// Older clients say again what they are told of themselves: without a change that must end here.
		if changed {
			session.touch();
			self.directory.announce(id);
			// It would come back without the change, were it to join anew with its old token.
			self.send_token(id);
		}
		if request_id != 0 {
			let request = Request::UpdateMetadata(request);
			self.respond(id, request_id, reason, Some(request));
		}
	}

	/// Answers a request.
	pub(super) fn respond(
		&mut self,
		id: ParticipantId,
		request_id: u32,
		reason: Reason,
		request: Option<Request>,
	) {
		let message = match reason {
			Reason::Ok => "",
			Reason::NotAllowed => "participant is not allowed to do that",
			Reason::LimitExceeded => "limit exceeded",
			Reason::UnsupportedType => "not supported by this node",
			_ => "refused",
		};
		// What was sent comes back with a refusal alone.
		let request = request.filter(|_| reason != Reason::Ok);
		let response = proto::RequestResponse {
			request_id,
			reason: reason.into(),
			message: message.into(),
			request,
		};
		self.directory.send(&[id], &Message::RequestResponse(response));
	}

	/// Changes what is said of a track of a participant; others are told if it is published.
	fn change_track(
		&mut self,
		id: ParticipantId,
		track_sid: &str,
		change: impl FnOnce(&mut proto::TrackInfo),
	) {
		let Some(session) = self.directory.sessions.get_mut(&id) else { return };
		if let Some(track) = session.pending.get_mut(track_sid) {
			return change(track);
		}
		let Some(track) = session.tracks.get_mut(track_sid) else { return };
		let before = track.clone();
		change(track);
		if *track != before {
			session.touch();
			self.directory.announce(id);
		}
	}

	/// `UpdateLocalAudioTrack`.
	#[allow(deprecated)]
	pub(super) fn update_audio_track(
		&mut self,
		id: ParticipantId,
		update: &proto::UpdateLocalAudioTrack,
	) {
		use proto::AudioTrackFeature as Feature;
		let features: Vec<_> = update.features.iter().copied().take(MAX_FEATURES).collect();
		let has = |feature: Feature| features.contains(&feature.into());
		let (stereo, no_dtx) = (has(Feature::TfStereo), has(Feature::TfNoDtx));
		self.change_track(id, &update.track_sid, |track| {
			if track.r#type() == proto::TrackType::Audio {
				(track.stereo, track.disable_dtx) = (stereo, no_dtx);
				track.audio_features = features;
			}
		});
	}

	/// `UpdateLocalVideoTrack`.
	pub(super) fn update_video_track(
		&mut self,
		id: ParticipantId,
		update: &proto::UpdateLocalVideoTrack,
	) {
		self.change_track(id, &update.track_sid, |track| {
			if track.r#type() == proto::TrackType::Video {
				(track.width, track.height) = (update.width, update.height);
			}
		});
	}

	/// `UpdateVideoLayers`.
	#[allow(deprecated)]
	pub(super) fn update_layers(&mut self, id: ParticipantId, update: proto::UpdateVideoLayers) {
		let mut layers = update.layers;
		layers.truncate(MAX_LAYERS);
		self.change_track(id, &update.track_sid, |track| {
			if track.r#type() == proto::TrackType::Video {
				for codec in &mut track.codecs {
					codec.layers.clone_from(&layers);
				}
				track.layers = layers;
			}
		});
	}
}

/// Attributes with those of a request; nothing if the request goes beyond the limits.
pub(super) fn merged(
	attributes: &HashMap<String, String>,
	request: &proto::UpdateParticipantMetadata,
) -> Option<HashMap<String, String>> {
	if request.name.len() > MAX_NAME || request.metadata.len() > MAX_METADATA {
		return None;
	}
	let mut attributes = attributes.clone();
	for (name, value) in &request.attributes {
		if value.is_empty() {
			attributes.remove(name);
		} else {
			attributes.insert(name.clone(), value.clone());
		}
	}
	(attributes_length(&attributes) <= MAX_ATTRIBUTES).then_some(attributes)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn attributes_are_merged_within_bounds() {
		let of = |pairs: &[(&str, &str)]| -> HashMap<String, String> {
			pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect()
		};
		let with = |pairs: &[(&str, &str)]| {
			let attributes = of(pairs);
			proto::UpdateParticipantMetadata { attributes, ..Default::default() }
		};
		let before = of(&[("a", "1"), ("b", "2")]);
		let after = merged(&before, &with(&[("a", ""), ("c", "3")]));
		assert_eq!(after, Some(of(&[("b", "2"), ("c", "3")])));
		let long = "x".repeat(MAX_ATTRIBUTES - 3);
		assert_eq!(merged(&before, &with(&[("c", &long)])), None);
		// What is taken away makes room.
		assert!(merged(&before, &with(&[("c", &long), ("a", ""), ("b", "")])).is_some());
		let name = "x".repeat(MAX_NAME + 1);
		let named = proto::UpdateParticipantMetadata { name, ..Default::default() };
		assert_eq!(merged(&before, &named), None);
	}
}
