//! Messages of participants.
//!
//! | message | answer |
//! |---|---|
//! | `Offer`, `Answer`, `Trickle` | `Answer` for the publisher; the SFU's next step |
//! | `AddTrack` | `TrackPublished` with the track's sid at once |
//! | `Mute` | `ParticipantUpdate` to the room |
//! | `Subscription`, `TrackSetting`, `SubscriptionPermission` | see `subscriptions` |
//! | `UpdateMetadata`, `UpdateAudioTrack`, `UpdateVideoTrack`, `UpdateLayers` | see `metadata` |
//! | `SyncState` | see `resume` |
//! | `Leave` | the participant is removed |
//! | `Ping`, `PingReq` | `Pong`, `PongResp` |
//! | `PublishDataTrackRequest` and what else has a request id | `RequestResponse`: not supported |
//! | `Simulate` | `Leave` for the scenarios that mean one |
//! | everything else | ignored |

use super::{codecs, join::now_ms, session::Session, Engine};
use crate::{keys::random_id, token::MAX_NAME};
use dtel_media_core::{
	sfu::{ParticipantId, TrackBinding},
	MediaKind, TransportKind,
};
use livekit_protocol as proto;
use proto::{
	request_response::{self as refusal, Reason},
	signal_request::Message as Request,
	signal_response::Message as Response,
	DisconnectReason, SignalTarget, TrackType,
};
use std::time::Instant;
use tracing::debug;

/// Video layers of one announced track that are kept.
const MAX_LAYERS: usize = 8;
/// Longest trickled candidate.
const MAX_CANDIDATE: usize = 1_024;

impl Engine {
	pub(super) fn request(&mut self, id: ParticipantId, message: Request) {
		if !self.directory.sessions.contains_key(&id) {
			return;
		}
		match message {
			Request::Offer(offer) => self.offer(id, &offer),
			Request::Answer(answer) => self.answer(id, &answer),
			Request::Trickle(trickle) => self.trickle(id, &trickle),
			Request::AddTrack(track) => self.add_track(id, track),
			Request::Mute(mute) => self.mute(id, &mute),
			Request::Subscription(update) => self.update_subscription(id, update),
			Request::TrackSetting(settings) => self.update_settings(id, &settings),
			Request::SubscriptionPermission(permission) => self.update_permission(id, permission),
			Request::UpdateMetadata(update) => self.update_metadata(id, update),
			Request::UpdateAudioTrack(update) => self.update_audio_track(id, &update),
			Request::UpdateVideoTrack(update) => self.update_video_track(id, &update),
			#[allow(deprecated)]
			Request::UpdateLayers(update) => self.update_layers(id, update),
			Request::SyncState(state) => self.sync_state(id, state),
			Request::Simulate(scenario) => self.simulate(id, scenario),
			Request::PublishDataTrackRequest(request) => {
				let request = refusal::Request::PublishDataTrack(request);
				self.respond(id, 0, Reason::UnsupportedType, Some(request));
			}
			Request::Leave(_) => self.remove(id, None),
			Request::Ping(_) => self.directory.send(&[id], &Response::Pong(now_ms())),
			Request::PingReq(ping) => {
				let pong = proto::Pong { last_ping_timestamp: ping.timestamp, timestamp: now_ms() };
				self.directory.send(&[id], &Response::PongResp(pong));
			}
			_ => debug!("signal message ignored"),
		}
	}

	fn offer(&mut self, id: ParticipantId, offer: &proto::SessionDescription) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let sdp = codecs::preferring(&offer.sdp, |cid| session.codec(cid));
		match self.sfu.publisher_offer(Instant::now(), id, &sdp) {
			Ok(sdp) => {
				// Newer clients number their offers and drop answers that do not say which one they answer. With one
				// peer connection they find tracks by their lines.
				let lines = self.sfu.received_lines(id);
				let subscribed = !lines.is_empty();
				let answer = proto::SessionDescription {
					r#type: "answer".into(),
					sdp,
					id: offer.id,
					mid_to_track_id: lines.into_iter().collect(),
				};
				self.directory.send(&[id], &Response::Answer(answer));
				if subscribed {
					self.note_subscriptions(id);
				}
			}
			Err(error) => {
				debug!(%error, "publisher offer refused");
				// Without an answer the client's publisher transport can never work.
				self.remove(id, Some(DisconnectReason::MediaFailure));
			}
		}
	}

	fn answer(&mut self, id: ParticipantId, answer: &proto::SessionDescription) {
		// Newer clients say which offer they answer: after an ICE restart an old answer may still be on its way.
		let late = |session: &Session| answer.id != 0 && answer.id != session.offers;
		if self.directory.sessions.get(&id).is_none_or(late) {
			return;
		}
		match self.sfu.subscriber_answer(Instant::now(), id, &answer.sdp) {
			Ok(()) => self.note_subscriptions(id),
			Err(error) => debug!(%error, "subscriber answer refused"),
		}
	}

	/// What clients' tests ask for: to be sent away, with or without a way back.
	fn simulate(&mut self, id: ParticipantId, scenario: proto::SimulateScenario) {
		use proto::simulate_scenario::Scenario;
		match scenario.scenario {
			Some(Scenario::ServerLeave(true)) => {
				self.remove(id, Some(DisconnectReason::ServerShutdown));
			}
			Some(Scenario::LeaveRequestFullReconnect(true) | Scenario::NodeFailure(true)) => {
				self.remove(id, Some(DisconnectReason::StateMismatch));
			}
			_ => debug!("scenario ignored"),
		}
	}

	fn trickle(&mut self, id: ParticipantId, trickle: &proto::TrickleRequest) {
		#[derive(serde::Deserialize)]
		struct Init {
			#[serde(default)]
			candidate: String,
		}
		let transport = match trickle.target() {
			SignalTarget::Publisher => TransportKind::Publisher,
			SignalTarget::Subscriber => TransportKind::Subscriber,
		};
		if trickle.candidate_init.len() > MAX_CANDIDATE {
			return;
		}
		let init = serde_json::from_str::<Init>(&trickle.candidate_init);
		// An empty candidate says that there are no more.
		if let Some(init) = init.ok().filter(|i| !i.candidate.is_empty()) {
			let _ = self.sfu.add_candidate(Instant::now(), id, transport, &init.candidate);
		}
	}

	fn add_track(&mut self, id: ParticipantId, request: proto::AddTrackRequest) {
		let Some(session) = self.directory.sessions.get(&id) else { return };
		let fits = |s: &str| !s.is_empty() && s.len() <= MAX_NAME;
		let kind = match request.r#type() {
			TrackType::Audio => MediaKind::Audio,
			TrackType::Video => MediaKind::Video,
			TrackType::Data => return,
		};
		let count = session.tracks.len().saturating_add(session.pending.len());
		let refused = if !session.access.may_publish(request.source) {
			Some(Reason::NotAllowed)
		} else if count >= self.config.tracks {
			Some(Reason::LimitExceeded)
		} else if !fits(&request.cid) || request.name.len() > MAX_NAME {
			Some(Reason::InvalidRequest)
		} else {
			None
		};
		if let Some(reason) = refused {
			return self.respond(id, 0, reason, Some(refusal::Request::AddTrack(request)));
		}
		// A further codec for a track that is there already (`sid`) is not taken.
		if !request.sid.is_empty() {
			return;
		}
		let Ok(sid) = random_id("TR_") else { return };
		let binding = TrackBinding {
			cid: request.cid.clone(),
			track_sid: sid.clone(),
			kind,
			name: request.name.clone(),
			source: request.source,
			muted: request.muted,
			width: request.width,
			height: request.height,
		};
		if let Err(error) = self.sfu.add_track(id, binding) {
			debug!(%error, "track refused");
			return;
		}
		let cid = request.cid.clone();
		let info = track_info(sid, kind, request);
		let published = proto::TrackPublishedResponse { cid, track: Some(info.clone()) };
		if let Some(session) = self.directory.sessions.get_mut(&id) {
			session.pending.insert(info.sid.clone(), info);
		}
		self.directory.send(&[id], &Response::TrackPublished(published));
	}

	fn mute(&mut self, id: ParticipantId, mute: &proto::MuteTrackRequest) {
		let Some(session) = self.directory.sessions.get_mut(&id) else { return };
		let changed = session.set_muted(&mute.sid, mute.muted);
		let _ = self.sfu.set_muted(Instant::now(), id, &mute.sid, mute.muted);
		if changed {
			self.directory.announce(id);
		}
	}
}

/// A track as others see it. Of the codecs that the client names the first that is forwarded is confirmed.
#[allow(deprecated)]
fn track_info(sid: String, kind: MediaKind, request: proto::AddTrackRequest) -> proto::TrackInfo {
	let mime_type = codecs::chosen(kind, &request.simulcast_codecs);
	let mut layers = request.layers;
	layers.truncate(MAX_LAYERS);
	let codec = mime_type.map(|mime_type| proto::SimulcastCodecInfo {
		mime_type: mime_type.into(),
		cid: request.cid,
		layers: layers.clone(),
		..Default::default()
	});
	proto::TrackInfo {
		sid,
		r#type: request.r#type,
		name: request.name,
		muted: request.muted,
		width: request.width,
		height: request.height,
		simulcast: layers.len() > 1,
		disable_dtx: request.disable_dtx,
		source: request.source,
		layers,
		mime_type: mime_type.unwrap_or_default().into(),
		codecs: codec.into_iter().collect(),
		stereo: request.stereo,
		disable_red: request.disable_red,
		encryption: request.encryption,
		stream: request.stream.chars().take(64).collect(),
		audio_features: request.audio_features.into_iter().take(16).collect(),
		..Default::default()
	}
}
