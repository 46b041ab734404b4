//! Offers and answers, publications and subscriptions.

use std::time::Instant;

use str0m::change::{SdpAnswer, SdpOffer};
use str0m::channel::{ChannelConfig, Reliability};
use str0m::format::Codec;
use str0m::media::{Direction, Mid, Rid};

use super::codec::Format;
use super::connection::{Remote, Seen};
use super::lines::{media_lines, rid_rank};
use super::munger::Munger;
use super::sdp;
use super::track::{clock_rate, DownTrack, Layer, UpTrack};
use super::types::{Event, ParticipantId, PublishedTrack, SfuError};
use super::Sfu;
use crate::dynacast::WantedLayer;
use crate::quality::connection::{LossWeight, TrackScorer};
use crate::service::Receiver;
use crate::speakers::AudioLevel;
use crate::stats::RtpStats;
use crate::svc::Selector;
use crate::transport::DataChannel;
use crate::{MediaKind, TransportKind};

/// Data-channel labels of LiveKit's protocol, and whether they are reliable.
const CHANNELS: [(&str, bool); 2] = [("_reliable", true), ("_lossy", false)];
/// Part of what is sent that may be repetitions.
const RTX_RATIO: Option<f32> = Some(0.15);

impl Sfu {
	/// Applies an offer for the publisher transport and gives the answer. Announced tracks whose media
	/// lines appear are published; those whose lines stop are unpublished.
	pub fn publisher_offer(
		&mut self,
		now: Instant,
		id: ParticipantId,
		offer: &str,
	) -> Result<String, SfuError> {
		self.advance(now);
		let participant = self.participants.get_mut(id).ok_or(SfuError::UnknownParticipant)?;
		if offer.len() > self.config.max_sdp_bytes {
			return Err(SfuError::Limit("max_sdp_bytes"));
		}
		// Stopped lines stay in an SDP, so a long session has more lines than tracks.
		let mut most = 16 + 8 * self.config.max_tracks_per_participant;
		if participant.single() {
			most += 2 * self.config.max_participants_per_room;
		}
		if offer.matches("\nm=").count() > most {
			return Err(SfuError::Limit("media lines"));
		}
		if participant.publisher.dead {
			return Err(SfuError::Closed);
		}
		let rationed = participant.publisher.ration(offer);
		let (udp, tcp) = (&self.config.candidates, &self.config.tcp_candidates);
		let answer = participant
			.publisher
			.guard(|t| {
				t.offer_candidates(udp, tcp);
				let parsed = SdpOffer::from_sdp_string(&rationed).map_err(|e| e.to_string())?;
				t.rtc.sdp_api().accept_offer(parsed).map_err(|e| e.to_string())
			})
			.map_err(SfuError::Sdp)?;
		participant.lines = media_lines(offer);
		let key = (id, TransportKind::Publisher);
		self.learn_ufrag(key);
		self.touch(key);
		self.bind_tracks(id);
		let answer = self.fill_slots(id, answer.to_sdp_string(), offer.len());
		self.pump();
		// A publisher sends what stands first in the answer: that is for it to choose.
		Ok(sdp::in_order_of(&answer, offer))
	}

	/// Applies the answer to the open subscriber offer.
	pub fn subscriber_answer(
		&mut self,
		now: Instant,
		id: ParticipantId,
		sdp: &str,
	) -> Result<(), SfuError> {
		self.advance(now);
		let participant = self.participants.get_mut(id).ok_or(SfuError::UnknownParticipant)?;
		if sdp.len() > self.config.max_sdp_bytes {
			return Err(SfuError::Limit("max_sdp_bytes"));
		}
		let subscriber = participant.subscriber.as_mut().ok_or(SfuError::NoOffer)?;
		if subscriber.dead {
			return Err(SfuError::Closed);
		}
		if subscriber.pending_offer.is_none() {
			return Err(SfuError::NoOffer);
		}
		// A text that is no SDP leaves the offer open.
		let rationed = subscriber.ration(sdp);
		let answer =
			subscriber.guard(|_| SdpAnswer::from_sdp_string(&rationed)).map_err(SfuError::Sdp)?;
		let pending = subscriber.pending_offer.take().ok_or(SfuError::NoOffer)?;
		let applied = subscriber.guard(|t| t.rtc.sdp_api().accept_answer(pending, answer));
		let offered = std::mem::take(&mut participant.offered);
		self.learn_ufrag((id, TransportKind::Subscriber));
		for key in offered {
			self.activate(id, key);
		}
		self.touch((id, TransportKind::Subscriber));
		self.renegotiate.insert(id);
		self.choose_layers(id);
		self.pump();
		applied.map_err(SfuError::Sdp)
	}

	/// Matches media lines with announced tracks.
	pub(super) fn bind_tracks(&mut self, id: ParticipantId) {
		let Some(participant) = self.participants.get_mut(id) else { return };
		let lines = std::mem::take(&mut participant.lines);
		// Lines that stopped, or carry another announced track now.
		let gone: Vec<u64> = participant
			.up
			.iter()
			.filter(|t| {
				lines.iter().find(|l| *l.mid == *t.mid).is_none_or(|line| {
					let other = line.track_id.as_deref().filter(|c| *c != t.binding.cid);
					!line.sends
						|| other.is_some_and(|c| participant.announced.iter().any(|b| b.cid == c))
				})
			})
			.map(|t| t.key)
			.collect();
		for key in gone {
			self.remove_track(id, key);
		}
		for line in lines.iter().filter(|l| l.sends) {
			let Some(participant) = self.participants.get_mut(id) else { return };
			if participant.up.iter().any(|t| *t.mid == *line.mid) {
				continue;
			}
			// By cid; if the client changed the id on the way, the first announced of this kind.
			let by_cid = participant.announced.iter().position(|b| {
				b.kind == line.kind && Some(b.cid.as_str()) == line.track_id.as_deref()
			});
			let waits = |b: &super::TrackBinding| {
				b.kind == line.kind
					&& !lines.iter().any(|l| l.track_id.as_deref() == Some(b.cid.as_str()))
			};
			let Some(at) = by_cid.or_else(|| participant.announced.iter().position(waits)) else {
				continue;
			};
			let binding = participant.announced.remove(at);
			let mut rids: Vec<(usize, String)> =
				line.rids.iter().enumerate().map(|(i, r)| (rid_rank(r, i), r.clone())).collect();
			rids.sort();
			let rids: Vec<String> = rids.into_iter().map(|(_, r)| r).collect();
			let layers = if rids.is_empty() || line.kind == MediaKind::Audio {
				vec![Layer::new(self.now, line.kind, None)]
			} else {
				rids.iter()
					.map(|r| Layer::new(self.now, line.kind, Some(Rid::from(r.as_str()))))
					.collect()
			};
			let rtc = &participant.publisher.rtc;
			let expected = line.pts.iter().find_map(|pt| Format::find(rtc, (*pt).into()));
			let key = self.next_track;
			self.next_track += 1;
			let published = PublishedTrack {
				track_sid: binding.track_sid.clone(),
				cid: binding.cid.clone(),
				kind: line.kind,
				mid: line.mid.clone(),
				rids,
			};
			participant.up.push(UpTrack {
				key,
				muted: binding.muted,
				binding,
				mid: Mid::from(line.mid.as_str()),
				layers,
				subscribers: Vec::new(),
				codecs: expected.iter().map(|f| f.spec.codec).collect(),
				expected,
				format: None,
				wanted: WantedLayer::default(),
				level: AudioLevel::default(),
				scorer: TrackScorer::new(LossWeight::of(line.kind)),
				seen: Seen::default(),
			});
			let room = participant.room.clone();
			self.event(Event::TrackPublished { participant: id, track: published });
			for member in self.rooms.get(&room).cloned().unwrap_or_default() {
				if self.participants.get(member).is_some_and(|p| p.auto_subscribe) {
					self.subscribe(member, id, key);
				}
			}
		}
		if let Some(participant) = self.participants.get_mut(id) {
			participant.lines = lines;
		}
	}

	/// Subscribes, unless subscribed already or to oneself.
	pub(super) fn subscribe(&mut self, id: ParticipantId, publisher: ParticipantId, key: u64) {
		if id == publisher {
			return;
		}
		let Some(track) = self.participants.get_mut(publisher).and_then(|p| p.up_by_key(key))
		else {
			return;
		};
		let (kind, track_sid, name) =
			(track.binding.kind, track.binding.track_sid.clone(), track.binding.name.clone());
		let now = self.now;
		let Some(participant) = self.participants.get_mut(id) else { return };
		if participant.down.contains_key(&key) {
			return;
		}
		let down = DownTrack { track_sid, name, ..down_track(now, publisher, kind, key) };
		participant.down.insert(key, down);
		participant.to_add.push(key);
		self.renegotiate.insert(id);
	}

	/// A publisher sends a codec that its subscribers were not offered: they get a new line with it. It happens once for
	/// each codec of a track.
	pub(super) fn widen(&mut self, id: ParticipantId, key: u64, codec: Codec) {
		let Some(publisher) = self.participants.get_mut(id) else { return };
		let room = publisher.room.clone();
		let Some(track) = publisher.up_by_key(key).filter(|t| !t.codecs.contains(&codec)) else {
			return;
		};
		track.codecs.push(codec);
		track.subscribers.clear();
		let mut again = Vec::new();
		for member in self.rooms.get(&room).cloned().unwrap_or_default() {
			let Some(participant) = self.participants.get_mut(member) else { continue };
			let single = participant.single();
			let Some(down) = participant.down.get_mut(&key) else { continue };
			(down.exit, down.current) = (None, None);
			down.detach();
			if single {
				// Its line has all codecs.
				again.extend(down.tx.map(|_| member));
				continue;
			}
			down.tx = None;
			// One that is not offered yet is offered with it.
			let Some(mid) = down.mid.take() else { continue };
			participant.to_stop.push(mid);
			if !participant.to_add.contains(&key) {
				participant.to_add.push(key);
			}
			self.renegotiate.insert(member);
		}
		if let Some(track) = self.participants.get_mut(id).and_then(|p| p.up_by_key(key)) {
			track.subscribers = again;
		}
	}

	/// Payload types of the codecs of a track as a subscriber's transport numbers them.
	fn payload_types(&self, id: ParticipantId, publisher: ParticipantId, key: u64) -> Vec<u8> {
		let track = self.participants.get(publisher);
		let track = track.and_then(|p| p.up.iter().find(|t| t.key == key));
		let Some((track, participant)) = track.zip(self.participants.get(id)) else {
			return Vec::new();
		};
		let params = participant.downward().rtc.codec_config().params().iter();
		params
			.filter(|p| track.codecs.contains(&p.spec().codec))
			.flat_map(|p| [Some(p.pt()), p.resend(), p.red()])
			.flatten()
			.map(|pt| *pt)
			.collect()
	}

	/// Ends a subscription.
	pub(super) fn unsubscribe(&mut self, id: ParticipantId, publisher: ParticipantId, key: u64) {
		if let Some(track) = self.participants.get_mut(publisher).and_then(|p| p.up_by_key(key)) {
			track.subscribers.retain(|s| *s != id);
		}
		let Some(participant) = self.participants.get_mut(id) else { return };
		participant.to_add.retain(|k| *k != key);
		if let Some(mid) = participant.down.remove(&key).and_then(|down| down.mid) {
			participant.to_stop.push(mid);
			self.renegotiate.insert(id);
		}
	}

	/// Ends a published track.
	pub(super) fn remove_track(&mut self, id: ParticipantId, key: u64) {
		let Some(participant) = self.participants.get_mut(id) else { return };
		let Some(at) = participant.up.iter().position(|t| t.key == key) else { return };
		let track = participant.up.remove(at);
		participant.by_ssrc.retain(|_, (k, _)| *k != key);
		self.lost_before += track.layers.iter().map(|l| l.stats.lost()).sum::<u64>();
		let room = participant.room.clone();
		for member in self.rooms.get(&room).cloned().unwrap_or_default() {
			self.unsubscribe(member, id, key);
		}
		self.event(Event::TrackUnpublished { participant: id, track_sid: track.binding.track_sid });
	}

	/// Makes the next subscriber offer, if one is due and none is open.
	pub(super) fn negotiate(&mut self, id: ParticipantId) {
		let Some(participant) = self.participants.get_mut(id) else { return };
		let Some(subscriber) = participant.subscriber.as_ref() else {
			return self.ask_for_slots(id);
		};
		if subscriber.dead || subscriber.pending_offer.is_some() {
			return;
		}
		let adds: Vec<(u64, MediaKind, String, ParticipantId)> =
			std::mem::take(&mut participant.to_add)
				.into_iter()
				.filter_map(|key| {
					participant.down.get(&key).map(|d| (key, d.kind, d.track_sid.clone(), d.source))
				})
				.collect();
		let stops = std::mem::take(&mut participant.to_stop);
		let restart = std::mem::take(&mut participant.restart_ice);
		let streams: Vec<String> = adds
			.iter()
			.map(|(_, _, sid, source)| {
				let publisher = self.participants.get(*source).map_or("", |p| p.sid.as_str());
				format!("{publisher}|{sid}")
			})
			.collect();
		let formats: Vec<Vec<u8>> =
			adds.iter().map(|(key, _, _, source)| self.payload_types(id, *source, *key)).collect();
		let (udp, tcp) = (&self.config.candidates, &self.config.tcp_candidates);
		let Some(participant) = self.participants.get_mut(id) else { return };
		let Some(subscriber) = participant.subscriber.as_mut() else { return };
		let first = subscriber.channels.is_empty();
		let made = subscriber.guard(|t| {
			t.offer_candidates(udp, tcp);
			let mut api = t.rtc.sdp_api();
			if restart {
				api.ice_restart(true);
			}
			if first {
				for (label, reliable) in CHANNELS {
					let id = api.add_channel_with_config(ChannelConfig {
						label: label.to_owned(),
						ordered: reliable,
						reliability: if reliable {
							Reliability::Reliable
						} else {
							Reliability::MaxRetransmits { retransmits: 0 }
						},
						..ChannelConfig::default()
					});
					t.channels.push(DataChannel { id, reliable, open: false });
				}
			}
			for mid in stops {
				api.stop_media(mid);
			}
			let mids: Vec<Mid> = adds
				.iter()
				.zip(streams)
				.map(|((_, kind, sid, _), stream)| {
					api.add_media(
						(*kind).into(),
						Direction::SendOnly,
						Some(stream),
						Some(sid.clone()),
						None,
					)
				})
				.collect();
			Ok::<_, String>((api.apply(), mids))
		});
		let Ok((Some((offer, pending)), mids)) = made else { return };
		subscriber.pending_offer = Some(pending);
		let mut allowed: Vec<(String, Vec<u8>)> = Vec::new();
		for (((key, ..), mid), formats) in adds.iter().zip(mids).zip(formats) {
			if let Some(down) = participant.down.get_mut(key) {
				down.mid = Some(mid);
			}
			participant.offered.push(*key);
			participant.formats.push((mid, formats));
		}
		// Lines of subscriptions that are gone are forgotten.
		let mids: Vec<Mid> = participant.down.values().filter_map(|d| d.mid).collect();
		participant.formats.retain(|(mid, _)| mids.contains(mid));
		let known = participant.formats.iter().filter(|(_, formats)| !formats.is_empty());
		allowed.extend(known.map(|(mid, formats)| (mid.to_string(), formats.clone())));
		let sdp = sdp::restrict(&offer.to_sdp_string(), &allowed);
		let key = (id, TransportKind::Subscriber);
		self.learn_ufrag(key);
		self.touch(key);
		self.event(Event::SubscriberOffer { participant: id, sdp });
	}

	/// A subscription has been answered: find out where to write, and start.
	pub(super) fn activate(&mut self, id: ParticipantId, key: u64) {
		let Some(participant) = self.participants.get_mut(id) else { return };
		let Some(mid) = participant.down.get(&key).and_then(|d| d.mid) else { return };
		let (packets, age) = (self.config.nack_packets, self.config.nack_age);
		let tx = participant.downward_mut().guard(|t| {
			let media = t.rtc.media(mid).ok_or("no such line")?;
			if media.disabled() || !media.direction().is_sending() {
				return Err("line was refused");
			}
			let mut api = t.rtc.direct_api();
			let stream = api.stream_tx_by_mid(mid, None).ok_or("no stream")?;
			// Packets leave as they come; the estimate picks the layer instead of a queue.
			stream.set_unpaced(true);
			stream.set_rtx_cache(packets.max(1), age, RTX_RATIO);
			Ok::<_, &str>(stream.ssrc())
		});
		let Some(down) = participant.down.get_mut(&key) else { return };
		down.exit = None;
		down.tx = tx.ok();
		if down.tx.is_none() {
			return;
		}
		let publisher = down.source;
		if let Some(track) = self.participants.get_mut(publisher).and_then(|p| p.up_by_key(key)) {
			if !track.subscribers.contains(&id) {
				track.subscribers.push(id);
			}
		}
	}
}

/// A subscription that is not negotiated yet.
pub(super) fn down_track(
	now: Instant,
	source: ParticipantId,
	kind: MediaKind,
	key: u64,
) -> DownTrack {
	DownTrack {
		source,
		track_sid: String::new(),
		name: String::new(),
		kind,
		mid: None,
		tx: None,
		exit: None,
		disabled: false,
		paused: false,
		max_layer: None,
		max_temporal: None,
		current: None,
		target: None,
		rest_until: None,
		starved_since: None,
		munger: Munger::new(clock_rate(kind), (key as u16).wrapping_mul(977)),
		selector: Selector::default(),
		stats: RtpStats::new(now, clock_rate(kind)),
		rtt: None,
		receiver: Receiver::new(now, kind),
		remote: Remote::default(),
		scorer: TrackScorer::new(LossWeight::of(kind)),
	}
}
