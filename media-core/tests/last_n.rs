//! Only the loudest are heard: several publishers of audio, one listener, virtual time.

#[path = "common/raw.rs"]
mod raw;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use dtel_media_core::sfu::{self, Event, ParticipantId, Sfu, SfuConfig, TrackBinding};
use dtel_media_core::MediaKind;
use raw::{browser, Peer};
use str0m::change::{SdpAnswer, SdpOffer};
use str0m::format::Codec;
use str0m::media::{Direction, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::{Event as RtcEvent, Input, Output};

const SFU: &str = "203.0.113.7:7882";
/// Length of a packet.
const TICK: Duration = Duration::from_millis(20);
/// Silence, as a publisher with an open microphone sends it.
const QUIET: i8 = -90;

struct Speaker {
	id: ParticipantId,
	peer: Peer,
	mid: Mid,
	/// dBov of what it sends.
	level: i8,
}

struct Room {
	now: Instant,
	sfu: Sfu,
	speakers: Vec<Speaker>,
	listener: (ParticipantId, Peer),
	ticks: u64,
	/// Packets that the listener got since they were last looked at, by first payload byte: the speaker's number.
	heard: BTreeMap<u8, usize>,
}

impl Room {
	fn new(speakers: u8, last_n: usize) -> Self {
		let now = Instant::now();
		let mut config = SfuConfig::new(SFU.parse().unwrap());
		config.speakers.last_n = last_n;
		let mut sfu = Sfu::new(now, config);
		let listener = sfu.create_participant(now, "r", "PA_l", "l", true).unwrap();
		let listener = (listener, Peer::new(now, "198.51.100.200:5001", browser(false)));
		let heard = BTreeMap::new();
		let mut room = Self { now, sfu, speakers: Vec::new(), listener, ticks: 0, heard };
		for n in 0..speakers {
			room.join(n);
		}
		for _ in 0..100 {
			room.tick();
		}
		room.heard.clear();
		room
	}

	fn join(&mut self, n: u8) {
		let (now, sid) = (self.now, format!("PA_{n}"));
		// Speakers do not listen: nobody answers their offers.
		let id = self.sfu.create_participant(now, "r", &sid, &sid, false).unwrap();
		let binding = TrackBinding {
			cid: "cid".into(),
			track_sid: format!("TR_{n}"),
			kind: MediaKind::Audio,
			name: String::new(),
			source: 2,
			muted: false,
			width: 0,
			height: 0,
		};
		self.sfu.add_track(id, binding).unwrap();
		let mut peer = Peer::new(now, &format!("198.51.100.{}:5000", n + 1), browser(false));
		let mut api = peer.rtc.sdp_api();
		let (stream, track) = (Some("s".into()), Some("cid".into()));
		let mid = api.add_media(MediaKind::Audio.into(), Direction::SendOnly, stream, track, None);
		let (offer, pending) = api.apply().unwrap();
		let answer = self.sfu.publisher_offer(now, id, &offer.to_sdp_string()).unwrap();
		let answer = SdpAnswer::from_sdp_string(&answer).unwrap();
		peer.rtc.sdp_api().accept_answer(pending, answer).unwrap();
		self.speakers.push(Speaker { id, peer, mid, level: QUIET });
	}

	/// Everybody sends a packet; so much time passes.
	fn tick(&mut self) {
		self.ticks += 1;
		let (now, ticks) = (self.now, self.ticks);
		for (n, speaker) in self.speakers.iter_mut().enumerate() {
			let pt = speaker.peer.pt(Codec::Opus, false);
			let values = ExtensionValues {
				audio_level: Some(speaker.level),
				voice_activity: Some(true),
				..ExtensionValues::default()
			};
			let mut api = speaker.peer.rtc.direct_api();
			let Some(stream) = api.stream_tx_by_mid(speaker.mid, None) else { continue };
			let timestamp = (ticks * 960) as u32;
			let payload = &[n as u8, 1, 2][..];
			let packet = RtpWrite::new(pt, ticks.into(), timestamp, now, payload).ext_vals(values);
			stream.write_rtp(packet);
		}
		let end = self.now + TICK;
		while self.now < end {
			self.settle();
			self.now += Duration::from_millis(5);
			self.sfu.handle_input(self.now, sfu::Input::Timeout);
			let peers = self.speakers.iter_mut().map(|s| &mut s.peer);
			for peer in peers.chain([&mut self.listener.1]) {
				peer.rtc.handle_input(Input::Timeout(self.now)).unwrap();
			}
		}
		self.settle();
	}

	fn settle(&mut self) {
		let now = self.now;
		loop {
			let mut idle = true;
			loop {
				match self.sfu.poll_output() {
					sfu::Output::Timeout(_) => break,
					sfu::Output::Event(Event::SubscriberOffer { participant, sdp })
						if participant == self.listener.0 =>
					{
						idle = false;
						let offer = SdpOffer::from_sdp_string(&sdp).unwrap();
						let api = self.listener.1.rtc.sdp_api();
						let answer = api.accept_offer(offer).unwrap().to_sdp_string();
						self.sfu.subscriber_answer(now, participant, &answer).unwrap();
					}
					sfu::Output::Event(_) => {}
					sfu::Output::Transmit(t) => {
						idle = false;
						let peers = self.speakers.iter_mut().map(|s| &mut s.peer);
						let mut peers = peers.chain([&mut self.listener.1]);
						let Some(peer) = peers.find(|p| p.address == t.destination) else {
							continue;
						};
						let receive =
							Receive::new(Protocol::Udp, t.source, t.destination, &t.contents);
						peer.rtc.handle_input(Input::Receive(now, receive.unwrap())).unwrap();
						// A peer holds one packet: it has to be taken before the next one comes.
						take(peer, &mut self.sfu, now, &mut self.heard);
					}
				}
			}
			let peers = self.speakers.iter_mut().map(|s| &mut s.peer);
			for peer in peers.chain([&mut self.listener.1]) {
				idle &= !take(peer, &mut self.sfu, now, &mut self.heard);
			}
			if idle {
				return;
			}
		}
	}

	/// These speak at these levels, the others are quiet. After two seconds for the levels to be known: packets of each
	/// that the listener gets in one second.
	fn say(&mut self, levels: &[(usize, i8)]) -> Vec<usize> {
		self.speakers.iter_mut().for_each(|s| s.level = QUIET);
		for (n, level) in levels {
			self.speakers[*n].level = *level;
		}
		for _ in 0..100 {
			self.tick();
		}
		self.heard.clear();
		for _ in 0..50 {
			self.tick();
		}
		(0..self.speakers.len()).map(|n| self.heard.get(&(n as u8)).copied().unwrap_or(0)).collect()
	}
}

/// A peer's output; whether there was any to send.
fn take(peer: &mut Peer, sfu: &mut Sfu, now: Instant, heard: &mut BTreeMap<u8, usize>) -> bool {
	let mut sent = false;
	loop {
		match peer.rtc.poll_output().unwrap() {
			Output::Timeout(_) => return sent,
			Output::Transmit(t) => {
				sent = true;
				let (source, destination) = (t.source, t.destination);
				let contents = &t.contents[..];
				sfu.handle_input(now, sfu::Input::Datagram { source, destination, contents });
			}
			Output::Event(RtcEvent::RtpPacket(packet)) => {
				*heard.entry(packet.payload[0]).or_default() += 1;
			}
			Output::Event(_) => {}
		}
	}
}

/// Of fifty packets all or none; one or two may be on their way.
fn heard(packets: &[usize]) -> Vec<usize> {
	assert!(packets.iter().all(|n| *n == 0 || (48..=52).contains(n)), "{packets:?}");
	packets.iter().enumerate().filter(|(_, n)| **n > 0).map(|(who, _)| who).collect()
}

#[test]
fn everybody_is_heard_when_there_is_no_bound() {
	let mut room = Room::new(4, 0);
	assert_eq!(heard(&room.say(&[(1, -20)])), [0, 1, 2, 3]);
}

#[test]
fn the_loudest_are_heard_and_nobody_else() {
	let mut room = Room::new(4, 2);
	assert_eq!(heard(&room.say(&[(0, -30), (1, -10), (2, -5), (3, -33)])), [1, 2]);
	// The order turns: others are the loudest now.
	assert_eq!(heard(&room.say(&[(0, -5), (1, -33), (2, -30), (3, -10)])), [0, 3]);
}

#[test]
fn places_that_nobody_needs_stay_with_those_who_spoke_last() {
	let mut room = Room::new(4, 2);
	assert_eq!(heard(&room.say(&[(2, -10), (3, -10)])), [2, 3]);
	// Silence changes nothing.
	assert_eq!(heard(&room.say(&[])), [2, 3]);
	// One begins: of the silent ones one has to go.
	let now = heard(&room.say(&[(0, -10)]));
	assert!(now == [0, 2] || now == [0, 3], "{now:?}");
	assert_eq!(heard(&room.say(&[(0, -10), (1, -10)])), [0, 1]);
}

#[test]
fn whoever_is_muted_takes_no_place() {
	let mut room = Room::new(3, 1);
	assert_eq!(heard(&room.say(&[(0, -5), (1, -25)])), [0]);
	room.sfu.set_muted(room.now, room.speakers[0].id, "TR_0", true).unwrap();
	assert_eq!(heard(&room.say(&[(0, -5), (1, -25)])), [1]);
}

#[test]
fn more_places_than_speakers_silence_nobody() {
	let mut room = Room::new(3, 8);
	assert_eq!(heard(&room.say(&[(1, -10)])), [0, 1, 2]);
}
