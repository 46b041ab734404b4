//! A publisher and a subscriber made of bare peer connections, so that a test says what every packet carries. Virtual
//! time, a network without delay.

#![allow(dead_code)] // every test uses a part

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use dtel_media_core::codecs::dependency::{self, extension::Raw as RawDescriptor};
use dtel_media_core::sfu::{self, Event, ParticipantId, Sfu, SfuConfig, TrackBinding};
use dtel_media_core::MediaKind;
use str0m::change::{SdpAnswer, SdpOffer};
use str0m::format::Codec;
use str0m::media::{Direction, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{Extension, ExtensionValues, RtpPacket, RtpWrite};
use str0m::{Candidate, Event as RtcEvent, Input, Output, Rtc, RtcConfig};

const SFU: &str = "203.0.113.7:7882";
pub const SID: &str = "TR_x";

pub struct Peer {
	pub rtc: Rtc,
	pub address: SocketAddr,
	pub packets: Vec<RtpPacket>,
	/// Requests for keyframes that it got.
	pub requests: usize,
	/// Packets with these numbers in the order of their arrival are lost.
	pub lose: Vec<usize>,
	arrived: usize,
}

/// Everything that a browser offers, and RED if asked for.
pub fn browser(red: bool) -> RtcConfig {
	with_codecs(red, &[Codec::Vp8, Codec::H264, Codec::Vp9, Codec::Av1])
}

/// Only some codecs for video.
pub fn with_codecs(red: bool, video: &[Codec]) -> RtcConfig {
	RtcConfig::new()
		.set_rtp_mode(true)
		.clear_codecs()
		.enable_opus(true, red)
		.enable_vp8(video.contains(&Codec::Vp8))
		.enable_h264(video.contains(&Codec::H264))
		.enable_vp9(video.contains(&Codec::Vp9))
		.enable_av1(video.contains(&Codec::Av1))
		.set_extension(
			12,
			Extension::with_serializer(dependency::URI, dependency::extension::Serializer),
		)
}

impl Peer {
	pub fn new(now: Instant, address: &str, config: RtcConfig) -> Self {
		let mut rtc = config.build(now);
		let address = address.parse().unwrap();
		rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
		rtc.handle_input(Input::Timeout(now)).unwrap();
		let (packets, lose) = (Vec::new(), Vec::new());
		Self { rtc, address, packets, requests: 0, lose, arrived: 0 }
	}

	/// Payload type of a codec; of RED around it.
	pub fn pt(&self, codec: Codec, red: bool) -> Pt {
		let params = self.rtc.codec_config().find(|p| p.spec().codec == codec).unwrap();
		if red {
			params.red().unwrap()
		} else {
			params.pt()
		}
	}

	/// Codec of a received packet, and whether it is in RED.
	pub fn codec(&self, packet: &RtpPacket) -> (Codec, bool) {
		let pt = packet.header.payload_type;
		let config = self.rtc.codec_config();
		let params = config.find(|p| p.pt() == pt || p.red() == Some(pt)).unwrap();
		(params.spec().codec, params.pt() != pt)
	}
}

pub struct Call {
	pub now: Instant,
	pub sfu: Sfu,
	pub peers: [Peer; 2],
	pub ids: [ParticipantId; 2],
	pub events: Vec<Event>,
	pub mid: Mid,
	pub sequence: u64,
	/// Lines of a subscriber that makes all offers, and the answers that it got.
	pub slots: Vec<Mid>,
	pub answers: Vec<String>,
}

pub const PUBLISHER: usize = 0;
pub const SUBSCRIBER: usize = 1;

impl Call {
	pub fn new(kind: MediaKind, publisher: RtcConfig, subscriber: RtcConfig) -> Self {
		Self::with(kind, publisher, subscriber, |c| c)
	}

	/// A track of this kind, subscribed to and connected.
	pub fn with(
		kind: MediaKind,
		publisher: RtcConfig,
		subscriber: RtcConfig,
		configure: impl Fn(SfuConfig) -> SfuConfig,
	) -> Self {
		Self::make(kind, publisher, subscriber, configure, false)
	}

	/// The same with a subscriber that has one peer connection for both directions, and no lines yet.
	pub fn single(kind: MediaKind, publisher: RtcConfig, subscriber: RtcConfig) -> Self {
		Self::make(kind, publisher, subscriber, |c| c, true)
	}

	fn make(
		kind: MediaKind,
		publisher: RtcConfig,
		subscriber: RtcConfig,
		configure: impl Fn(SfuConfig) -> SfuConfig,
		single: bool,
	) -> Self {
		let now = Instant::now();
		let mut sfu = Sfu::new(now, configure(SfuConfig::new(SFU.parse().unwrap())));
		let peers = [
			Peer::new(now, "198.51.100.1:5000", publisher),
			Peer::new(now, "198.51.100.2:5001", subscriber),
		];
		let ids = ["PA_0", "PA_1"].map(|s| match single && s == "PA_1" {
			true => sfu.create_single(now, "r", s, s, true).unwrap(),
			false => sfu.create_participant(now, "r", s, s, true).unwrap(),
		});
		let (mid, events) = (Mid::from("none"), Vec::new());
		let (slots, answers) = (Vec::new(), Vec::new());
		let mut call = Self { now, sfu, peers, ids, events, mid, sequence: 100, slots, answers };
		let binding = TrackBinding {
			cid: "cid".into(),
			track_sid: SID.into(),
			kind,
			name: String::new(),
			source: 0,
			muted: false,
			width: 0,
			height: 0,
		};
		call.sfu.add_track(ids[PUBLISHER], binding).unwrap();
		let mut api = call.peers[PUBLISHER].rtc.sdp_api();
		let (stream, track) = (Some("s".into()), Some("cid".into()));
		call.mid = api.add_media(kind.into(), Direction::SendOnly, stream, track, None);
		let (offer, pending) = api.apply().unwrap();
		let answer = call.sfu.publisher_offer(now, ids[PUBLISHER], &offer.to_sdp_string()).unwrap();
		let answer = SdpAnswer::from_sdp_string(&answer).unwrap();
		call.peers[PUBLISHER].rtc.sdp_api().accept_answer(pending, answer).unwrap();
		call.run(Duration::from_secs(2));
		call
	}

	/// Everybody's output, until nobody has any.
	fn settle(&mut self) -> Instant {
		loop {
			let mut idle = true;
			let wake = loop {
				match self.sfu.poll_output() {
					sfu::Output::Timeout(at) => break at,
					sfu::Output::Transmit(t) => {
						idle = false;
						let now = self.now;
						let Some(peer) = self.peers.iter_mut().find(|p| p.address == t.destination)
						else {
							continue;
						};
						let lost = peer.lose.contains(&peer.arrived);
						// RTP and RTCP.
						let media = t.contents.first().is_some_and(|b| (128..192).contains(b))
							&& t.contents.get(1).is_some_and(|b| !(192..224).contains(b));
						peer.arrived += usize::from(media);
						if media && lost {
							continue;
						}
						let receive =
							Receive::new(Protocol::Udp, t.source, t.destination, &t.contents);
						peer.rtc.handle_input(Input::Receive(now, receive.unwrap())).unwrap();
					}
					sfu::Output::Event(event) => {
						idle = false;
						self.on_event(event);
					}
				}
			};
			let mut next = wake;
			for index in 0..self.peers.len() {
				loop {
					let peer = &mut self.peers[index];
					match peer.rtc.poll_output().unwrap() {
						Output::Timeout(at) => {
							next = next.min(at);
							break;
						}
						Output::Transmit(t) => {
							idle = false;
							let input = sfu::Input::Datagram {
								source: t.source,
								destination: t.destination,
								contents: &t.contents,
							};
							self.sfu.handle_input(self.now, input);
						}
						Output::Event(RtcEvent::RtpPacket(packet)) => peer.packets.push(packet),
						Output::Event(RtcEvent::KeyframeRequest(_)) => peer.requests += 1,
						Output::Event(_) => {}
					}
				}
			}
			if idle {
				return next;
			}
		}
	}

	/// The subscriber that makes all offers makes one, with so many more lines.
	pub fn offer(&mut self, audios: u32, videos: u32) {
		let mut api = self.peers[SUBSCRIBER].rtc.sdp_api();
		if self.answers.is_empty() {
			api.add_channel("_reliable".into());
		}
		// What an answer switched off is still wanted.
		for mid in &self.slots {
			api.set_direction(*mid, Direction::RecvOnly);
		}
		for kind in std::iter::repeat_n(MediaKind::Audio, audios as usize)
			.chain(std::iter::repeat_n(MediaKind::Video, videos as usize))
		{
			self.slots.push(api.add_media(kind.into(), Direction::RecvOnly, None, None, None));
		}
		if !api.has_changes() {
			// An offer all the same.
			api.ice_restart(true);
		}
		let (offer, pending) = api.apply().unwrap();
		let id = self.ids[SUBSCRIBER];
		let answer = self.sfu.publisher_offer(self.now, id, &offer.to_sdp_string()).unwrap();
		let parsed = SdpAnswer::from_sdp_string(&answer).unwrap();
		self.peers[SUBSCRIBER].rtc.sdp_api().accept_answer(pending, parsed).unwrap();
		self.answers.push(answer);
	}

	fn on_event(&mut self, event: Event) {
		if let Event::MediaSections { participant, audios, videos } = &event {
			assert_eq!(*participant, self.ids[SUBSCRIBER]);
			self.offer(*audios, *videos);
		}
		if let Event::SubscriberOffer { participant, sdp } = &event {
			if *participant == self.ids[SUBSCRIBER] {
				let offer = SdpOffer::from_sdp_string(sdp).unwrap();
				let answer = self.peers[SUBSCRIBER].rtc.sdp_api().accept_offer(offer).unwrap();
				let answer = answer.to_sdp_string();
				self.sfu.subscriber_answer(self.now, *participant, &answer).unwrap();
			}
		}
		self.events.push(event);
	}

	pub fn run(&mut self, time: Duration) {
		let end = self.now + time;
		loop {
			let next = self.settle().max(self.now + Duration::from_millis(1));
			if next >= end {
				self.now = end;
				break;
			}
			self.now = next;
			self.sfu.handle_input(next, sfu::Input::Timeout);
			for peer in &mut self.peers {
				peer.rtc.handle_input(Input::Timeout(next)).unwrap();
			}
		}
		self.sfu.handle_input(self.now, sfu::Input::Timeout);
		for peer in &mut self.peers {
			peer.rtc.handle_input(Input::Timeout(self.now)).unwrap();
		}
		self.settle();
	}

	/// The publisher sends a packet.
	pub fn send(
		&mut self,
		format: (Codec, bool),
		timestamp: u32,
		marker: bool,
		payload: &[u8],
		values: ExtensionValues,
	) {
		let (now, mid, sequence) = (self.now, self.mid, self.sequence);
		self.sequence += 1;
		let peer = &mut self.peers[PUBLISHER];
		let pt = peer.pt(format.0, format.1);
		let mut api = peer.rtc.direct_api();
		let stream = api.stream_tx_by_mid(mid, None).unwrap();
		let write = RtpWrite::new(pt, sequence.into(), timestamp, now, payload)
			.marker(marker)
			.nackable(true)
			.ext_vals(values);
		stream.write_rtp(write);
		self.settle();
	}

	/// The publisher sends a packet of video, and some time passes.
	pub fn video(&mut self, codec: Codec, timestamp: u32, marker: bool, payload: &[u8]) {
		self.send((codec, false), timestamp, marker, payload, ExtensionValues::default());
		self.run(Duration::from_millis(10));
	}

	/// The same with a dependency descriptor.
	pub fn described(&mut self, timestamp: u32, marker: bool, payload: &[u8], descriptor: &[u8]) {
		let mut values = ExtensionValues::default();
		values.user_values.set(RawDescriptor::new(descriptor));
		self.send((Codec::Av1, false), timestamp, marker, payload, values);
		self.run(Duration::from_millis(10));
	}

	pub fn received(&self) -> &[RtpPacket] {
		&self.peers[SUBSCRIBER].packets
	}

	pub fn payloads(&self) -> Vec<Vec<u8>> {
		self.received().iter().map(|p| p.payload.to_vec()).collect()
	}

	pub fn sequences(&self) -> Vec<u64> {
		let first = self.received().first().map_or(0, |p| *p.seq_no);
		self.received().iter().map(|p| *p.seq_no - first).collect()
	}
}
