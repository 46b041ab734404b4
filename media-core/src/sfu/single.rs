//! Participants with one peer connection for both directions (`/rtc/v1`).
//!
//! The client makes all offers. The lines on which it receives are *slots*: the answer says of each which track comes on
//! it, or that nothing does. When subscriptions wait for a slot, or one ended, the client is asked for an offer
//! ([`Event::MediaSections`]), once until it comes. A slot whose subscription ended is empty in one answer before it gets
//! another track, so that the client sees the end of the first one.

use std::time::Instant;

use str0m::media::{Direction, Mid};

use super::sdp::{self, Receiving};
use super::types::{Event, ParticipantId, SfuError};
use super::Sfu;
use crate::MediaKind;

/// Bytes that another line adds to an offer; browsers' video lines have about 6,000.
const LINE_BYTES: usize = 8 * 1024;

/// A line on which the client receives.
#[derive(Debug)]
struct Slot {
	mid: Mid,
	kind: MediaKind,
	/// The client sends on it, too.
	sends: bool,
	/// The last answer said that something comes on it.
	told: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Slots {
	all: Vec<Slot>,
	/// Bytes of the last offer; 0 before the first.
	offer: usize,
	/// An offer has been asked for.
	asked: bool,
}

impl Slots {
	/// What was asked for may have been lost.
	pub(super) fn forget_request(&mut self) {
		self.asked = false;
	}
}

impl Sfu {
	/// As [`create_participant`](Self::create_participant), with one transport for both directions: the publisher's. There
	/// are no [`Event::SubscriberOffer`]s for it, but [`Event::MediaSections`].
	pub fn create_single(
		&mut self,
		now: Instant,
		room: &str,
		sid: &str,
		identity: &str,
		auto_subscribe: bool,
	) -> Result<ParticipantId, SfuError> {
		self.create(now, [room, sid, identity], auto_subscribe, true)
	}

	/// Which track comes on which line, by `mid`, where the client makes all offers.
	pub fn received_lines(&self, id: ParticipantId) -> Vec<(String, String)> {
		let participant = self.participants.get(id).filter(|p| p.single());
		let down = participant.into_iter().flat_map(|p| p.down.values());
		down.filter_map(|d| Some((d.mid?.to_string(), d.track_sid.clone()))).collect()
	}

	/// Puts subscriptions into the slots of an offer that was accepted. The answer, with what comes on them.
	pub(super) fn fill_slots(&mut self, id: ParticipantId, answer: String, offer: usize) -> String {
		let Some(participant) = self.participants.get_mut(id).filter(|p| p.single()) else {
			return answer;
		};
		(participant.slots.asked, participant.slots.offer) = (false, offer.max(1));
		let before = std::mem::take(&mut participant.slots.all);
		let mut slots: Vec<Slot> = participant
			.lines
			.iter()
			.filter(|l| l.receives)
			.map(|l| {
				let mid = Mid::from(l.mid.as_str());
				let told = before.iter().any(|s| s.mid == mid && s.told);
				Slot { mid, kind: l.kind, sends: l.sends, told }
			})
			.collect();
		// What came on lines that are gone waits for others.
		for (key, down) in &mut participant.down {
			if down.mid.is_some_and(|mid| !slots.iter().any(|s| s.mid == mid)) {
				(down.mid, down.tx, down.exit) = (None, None, None);
				down.detach();
				participant.to_add.push(*key);
			}
		}
		participant.to_stop.clear();
		let mut filled = Vec::new();
		for key in std::mem::take(&mut participant.to_add) {
			let Some(down) = participant.down.get(&key).filter(|d| d.mid.is_none()) else {
				continue;
			};
			let taken = |mid| participant.down.values().any(|d| d.mid == Some(mid));
			let free = slots.iter().find(|s| s.kind == down.kind && !s.told && !taken(s.mid));
			let mid = free.map(|s| s.mid);
			match participant.down.get_mut(&key).filter(|_| mid.is_some()) {
				Some(down) => {
					down.mid = mid;
					filled.push(key);
				}
				None => participant.to_add.push(key),
			}
		}
		for slot in &mut slots {
			let told = participant.down.values().any(|d| d.mid == Some(slot.mid));
			if !told {
				participant.publisher.clear_line(slot.mid, slot.sends, slot.told);
			}
			slot.told = told;
		}
		participant.slots.all = slots;
		for key in filled {
			self.activate(id, key);
		}
		self.renegotiate.insert(id);
		self.choose_layers(id);
		self.assigned(id, &answer)
	}

	/// The answer with the names of what comes on each line.
	fn assigned(&self, id: ParticipantId, answer: &str) -> String {
		let Some(participant) = self.participants.get(id) else { return answer.to_owned() };
		let mids: Vec<String> = participant.slots.all.iter().map(|s| s.mid.to_string()).collect();
		let lines: Vec<Receiving<'_>> = participant
			.slots
			.all
			.iter()
			.zip(&mids)
			.map(|(slot, mid)| {
				let down = participant.down.values().find(|d| d.mid == Some(slot.mid));
				let msid = down.map(|d| {
					let publisher = self.participants.get(d.source).map_or("", |p| p.sid.as_str());
					(format!("{publisher}|{}", d.track_sid), d.track_sid.as_str())
				});
				Receiving { mid, msid, sends: slot.sends }
			})
			.collect();
		sdp::assign(answer, &lines)
	}

	/// Asks for an offer if subscriptions wait for a slot, or one ended.
	pub(super) fn ask_for_slots(&mut self, id: ParticipantId) {
		let most = self.config.max_sdp_bytes;
		let Some(participant) = self.participants.get_mut(id) else { return };
		participant.to_stop.clear();
		let down = &participant.down;
		participant.to_add.retain(|key| down.get(key).is_some_and(|d| d.mid.is_none()));
		let slots = &participant.slots;
		// The client begins by itself.
		if slots.asked || slots.offer == 0 || participant.publisher.dead {
			return;
		}
		let filled = |slot: &Slot| down.values().any(|d| d.mid == Some(slot.mid));
		let ended = slots.all.iter().filter(|s| s.told && !filled(s)).count();
		let missing = |kind| {
			let waiting = participant.to_add.iter().filter_map(|key| down.get(key));
			let waiting = waiting.filter(|d| d.kind == kind).count();
			let empty = slots.all.iter().filter(|s| s.kind == kind && !filled(s)).count();
			(waiting.min(empty), waiting.saturating_sub(empty))
		};
		let (audio, video) = (missing(MediaKind::Audio), missing(MediaKind::Video));
		// An offer must not become longer than what is read of it.
		let room = most.saturating_sub(slots.offer) / LINE_BYTES;
		let audios = audio.1.min(room);
		let videos = video.1.min(room - audios);
		if ended + audio.0 + video.0 + audios + videos == 0 {
			return;
		}
		participant.slots.asked = true;
		let count = |n| u32::try_from(n).unwrap_or(u32::MAX);
		let (audios, videos) = (count(audios), count(videos));
		self.event(Event::MediaSections { participant: id, audios, videos });
	}
}

impl crate::transport::Transport {
	/// Nothing is sent on a line for now. What comes on it later is another stream.
	fn clear_line(&mut self, mid: Mid, receives: bool, used: bool) {
		let _ = self.guard(|t| {
			let direction = if receives { Direction::RecvOnly } else { Direction::Inactive };
			t.rtc.sdp_api().set_direction(mid, direction);
			let mut api = t.rtc.direct_api();
			// With the next offer the line gets a stream again.
			let old = api.stream_tx_by_mid(mid, None).filter(|_| used).map(|s| s.ssrc());
			if let Some(ssrc) = old {
				api.remove_stream_tx(ssrc);
			}
			Ok::<_, std::convert::Infallible>(())
		});
	}
}
