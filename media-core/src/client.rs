//! A participant: publishes the samples and receives everybody else. Bots and probes share it.
//!
//! It has the two peer connections of LiveKit's protocol up to version 9, on a socket each. Media is
//! in raw RTP mode, so that what arrives is measured packet by packet.

mod load;
mod receive;
mod send;
mod types;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use str0m::change::{SdpAnswer, SdpOffer};
use str0m::channel::{ChannelConfig, Reliability};
use str0m::media::{Direction, MediaKind as RtcKind, Simulcast, SimulcastLayer};
use str0m::net::Receive;
use str0m::{
	Candidate, Event as RtcEvent, IceConnectionState, Input as RtcInput, Output as RtcOutput,
};

pub use types::{ClientConfig, ClientError, ClientStats, Event, Input, LocalTrack, Output};

use crate::files::samples;
use crate::probe::Stamper;
use crate::transport::{DataChannel, Transport};
use crate::{MediaKind, Protocol, Transmit, TransportKind};
use receive::Receiver;
use send::Sender;

/// Outputs that may wait; more datagrams are dropped, as a full socket buffer would.
const MAX_QUEUED: usize = 16_384;
/// Bytes of an offer that are looked at.
const MAX_SDP_BYTES: usize = 256 * 1024;
/// Media lines of an offer.
const MAX_LINES: usize = 1_024;
/// Times that a transport may ask for "now" again before it has to wait.
const MAX_ROUNDS: u32 = 8;

/// A participant. See the [module](self).
pub struct Client {
	config: ClientConfig,
	protocol: Protocol,
	now: Instant,
	publisher: Transport,
	subscriber: Transport,
	sender: Sender,
	receiver: Receiver,
	outputs: VecDeque<Output>,
	stats: ClientStats,
}

impl Client {
	/// A client that does nothing yet.
	pub fn new(now: Instant, config: ClientConfig) -> Self {
		Self::over(now, Protocol::Udp, config)
	}

	/// One that reaches the server over this protocol alone.
	pub fn over(now: Instant, protocol: Protocol, config: ClientConfig) -> Self {
		let stamper = config.stamp.clone().map(|key| Stamper::new(key, config.epoch));
		Self {
			now,
			protocol,
			publisher: Transport::client(now, protocol, config.publisher_addr),
			subscriber: Transport::client(now, protocol, config.subscriber_addr),
			sender: Sender::new(now, stamper.clone()),
			receiver: Receiver::new(now, stamper),
			outputs: VecDeque::new(),
			stats: ClientStats::default(),
			config,
		}
	}

	/// What it publishes.
	pub fn tracks(&self) -> Vec<LocalTrack> {
		let samples = samples();
		let cid = |kind: &str| format!("{kind}-{}", self.config.publisher_addr.port());
		let audio = self.config.audio.then(|| LocalTrack {
			cid: cid("audio"),
			name: "microphone".into(),
			kind: MediaKind::Audio,
			width: 0,
			height: 0,
			layers: Vec::new(),
		});
		let video = self.config.video.then(|| LocalTrack {
			cid: cid("video"),
			name: "camera".into(),
			kind: MediaKind::Video,
			width: samples.video.last().map_or(0, |v| v.width.into()),
			height: samples.video.last().map_or(0, |v| v.height.into()),
			layers: samples
				.video
				.iter()
				.map(|v| (v.rid.to_owned(), v.width.into(), v.height.into(), v.bitrate))
				.collect(),
		});
		audio.into_iter().chain(video).collect()
	}

	/// The offer for the publisher transport; `None` if nothing is published or one is open or done.
	pub fn publisher_offer(&mut self, now: Instant) -> Option<String> {
		self.advance(now);
		let tracks = self.tracks();
		if tracks.is_empty() || self.publisher.pending_offer.is_some() || self.sender.has_lines() {
			return None;
		}
		let sender = &mut self.sender;
		let offer = self.publisher.guard(|t| {
			let mut api = t.rtc.sdp_api();
			for (label, reliable) in [("_reliable", true), ("_lossy", false)] {
				let lossy = Reliability::MaxRetransmits { retransmits: 0 };
				let id = api.add_channel_with_config(ChannelConfig {
					label: label.into(),
					ordered: reliable,
					reliability: if reliable { Reliability::Reliable } else { lossy },
					..ChannelConfig::default()
				});
				t.channels.push(DataChannel { id, reliable, open: false });
			}
			for track in tracks {
				let kind = RtcKind::from(track.kind);
				let simulcast = (!track.layers.is_empty()).then(|| Simulcast {
					send: track.layers.iter().map(|l| SimulcastLayer::new(&l.0)).collect(),
					recv: Vec::new(),
				});
				let stream = Some(format!("{}-stream", track.cid));
				let mid =
					api.add_media(kind, Direction::SendOnly, stream, Some(track.cid), simulcast);
				sender.set_line(track.kind, mid);
			}
			let (offer, pending) = api.apply().ok_or("nothing to offer")?;
			t.pending_offer = Some(pending);
			Ok::<_, &str>(offer.to_sdp_string())
		});
		self.pump();
		offer.ok()
	}

	/// An offer that restarts ICE on the publisher transport; `None` if nothing is published yet.
	pub fn restart_publisher(&mut self, now: Instant) -> Option<String> {
		self.advance(now);
		if !self.sender.has_lines() {
			return None;
		}
		let offer = self.publisher.guard(|t| {
			let mut api = t.rtc.sdp_api();
			api.ice_restart(true);
			let (offer, pending) = api.apply().ok_or("nothing to offer")?;
			t.pending_offer = Some(pending);
			Ok::<_, &str>(offer.to_sdp_string())
		});
		self.pump();
		offer.ok()
	}

	/// The server's answer to it. Media flows as soon as the transport is connected.
	pub fn publisher_answer(&mut self, now: Instant, sdp: &str) -> Result<(), ClientError> {
		self.advance(now);
		let rationed = self.publisher.ration(sdp);
		let answer = self
			.publisher
			.guard(|_| SdpAnswer::from_sdp_string(&rationed))
			.map_err(ClientError::Sdp)?;
		let pending = self.publisher.pending_offer.take().ok_or(ClientError::NoOffer)?;
		let applied = self.publisher.guard(|t| t.rtc.sdp_api().accept_answer(pending, answer));
		self.pump();
		applied.map_err(ClientError::Sdp)
	}

	/// Applies the server's offer for the subscriber transport and gives the answer.
	pub fn subscriber_offer(&mut self, now: Instant, sdp: &str) -> Result<String, ClientError> {
		self.advance(now);
		if sdp.len() > MAX_SDP_BYTES || sdp.matches("\nm=").count() > MAX_LINES {
			return Err(ClientError::Sdp("too long".into()));
		}
		let rationed = self.subscriber.ration(sdp);
		let answer = self.subscriber.guard(|t| {
			let offer = SdpOffer::from_sdp_string(&rationed).map_err(|e| e.to_string())?;
			t.rtc.sdp_api().accept_offer(offer).map_err(|e| e.to_string())
		});
		self.pump();
		answer.map(|a| a.to_sdp_string()).map_err(ClientError::Sdp)
	}

	/// Adds a candidate of the server. Unusable ones are ignored.
	pub fn add_candidate(&mut self, now: Instant, transport: TransportKind, candidate: &str) {
		self.advance(now);
		let text = candidate.trim().trim_start_matches("a=");
		if let Ok(candidate) = Candidate::from_sdp_string(text) {
			self.transport(transport).add_candidate(candidate);
		}
		self.pump();
	}

	/// Stops or starts a published kind of media (mute).
	pub fn set_paused(&mut self, kind: MediaKind, paused: bool) {
		self.sender.set_paused(kind, paused);
	}

	/// Sends a payload of one's own on the audio track instead of the samples, which stop. `false` as long as nothing can be
	/// sent. For load generators, which choose time and size themselves.
	pub fn publish_audio(&mut self, now: Instant, timestamp: u32, payload: Vec<u8>) -> bool {
		self.advance(now);
		self.sender.set_paused(MediaKind::Audio, true);
		let sent = self.publisher.connected
			&& self.sender.write_audio(now, &mut self.publisher, timestamp, payload);
		self.drain(TransportKind::Publisher);
		sent
	}

	/// Of a probe: sends so much in the highest layer instead of its sample, in bits per second, as packets with a stamp each
	/// ([`StampKind::Load`](crate::probe::StampKind)); 0 for the sample.
	pub fn set_load(&mut self, now: Instant, rate: u64) {
		self.advance(now);
		self.sender.set_load(self.now, rate);
		self.pump();
	}

	/// Sends a data-channel message. `false` if it was dropped.
	pub fn send_data(&mut self, now: Instant, reliable: bool, payload: &[u8]) -> bool {
		self.advance(now);
		let sent = self.publisher.write_data(reliable, payload);
		self.pump();
		sent
	}

	/// Feeds a datagram or the passing of time. Datagrams that make no sense are dropped.
	pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
		self.advance(now);
		let now = self.now;
		if let Input::Datagram { transport, source, contents } = input {
			self.stats.bytes_in += contents.len() as u64;
			let destination = match transport {
				TransportKind::Publisher => self.config.publisher_addr,
				TransportKind::Subscriber => self.config.subscriber_addr,
			};
			let protocol = self.protocol;
			let _ = self.transport(transport).guard(|t| {
				match Receive::new(protocol.into(), source, destination, contents) {
					Ok(receive) => t.rtc.handle_input(RtcInput::Receive(now, receive)),
					Err(_) => Ok(()),
				}
			});
		}
		self.pump();
	}

	/// Next thing to do. Call until it gives [`Output::Timeout`] after every input and command.
	pub fn poll_output(&mut self) -> Output {
		if let Some(output) = self.outputs.pop_front() {
			return output;
		}
		let media = if self.publisher.connected { self.sender.deadline() } else { None };
		let times = [
			self.publisher.deadline,
			self.subscriber.deadline,
			media,
			Some(self.now + Duration::from_secs(1)),
		];
		Output::Timeout(times.into_iter().flatten().min().unwrap_or(self.now))
	}

	/// Statistics.
	pub fn stats(&self) -> ClientStats {
		ClientStats { received: self.receiver.stats(self.now), ..self.stats.clone() }
	}

	/// Closes both transports; poll the goodbyes out.
	pub fn close(&mut self, now: Instant) {
		self.advance(now);
		for kind in [TransportKind::Publisher, TransportKind::Subscriber] {
			let _ = self.transport(kind).guard(|t| t.rtc.close());
		}
		self.pump();
	}

	fn transport(&mut self, kind: TransportKind) -> &mut Transport {
		match kind {
			TransportKind::Publisher => &mut self.publisher,
			TransportKind::Subscriber => &mut self.subscriber,
		}
	}

	/// Moves time forward and plays what is due.
	fn advance(&mut self, now: Instant) {
		self.now = self.now.max(now);
		let now = self.now;
		for t in [&mut self.publisher, &mut self.subscriber] {
			if t.deadline.is_some_and(|at| at <= now) {
				t.deadline = None;
				let _ = t.input(RtcInput::Timeout(now));
			}
		}
		if self.publisher.connected {
			// One frame a time, polled in between, as `str0m` wants it.
			while let Some(event) = self.sender.play(now, &mut self.publisher) {
				self.stats.frames_sent += 1;
				self.outputs.extend(event.map(Output::Event));
				self.drain(TransportKind::Publisher);
			}
		}
		self.receiver.ask_for_keyframes(now, &mut self.subscriber);
	}

	fn pump(&mut self) {
		self.drain(TransportKind::Publisher);
		self.drain(TransportKind::Subscriber);
	}

	fn drain(&mut self, kind: TransportKind) {
		let now = self.now;
		let mut rounds = 0;
		loop {
			match self.transport(kind).poll() {
				Ok(RtcOutput::Transmit(out)) => {
					if self.outputs.len() < MAX_QUEUED {
						self.stats.bytes_out += out.contents.len() as u64;
						let transmit = Transmit {
							protocol: out.proto.into(),
							source: out.source,
							destination: out.destination,
							contents: out.contents.into(),
						};
						self.outputs.push_back(Output::Transmit(kind, transmit));
					}
				}
				Ok(RtcOutput::Event(event)) => self.on_event(kind, event),
				Ok(RtcOutput::Timeout(at)) if at <= now && rounds < MAX_ROUNDS => {
					rounds += 1;
					let _ = self.transport(kind).input(RtcInput::Timeout(now));
				}
				Ok(RtcOutput::Timeout(at)) => {
					self.transport(kind).deadline = Some(at.max(now + Duration::from_millis(1)));
					return;
				}
				Err(_) => {
					let t = self.transport(kind);
					t.deadline = (!t.dead).then(|| now + Duration::from_millis(5));
					if t.dead && !std::mem::replace(&mut t.buried, true) {
						t.connected = false;
						self.outputs.push_back(Output::Event(Event::Failed(kind)));
					}
					return;
				}
			}
		}
	}

	fn on_event(&mut self, kind: TransportKind, event: RtcEvent) {
		match event {
			RtcEvent::Connected => {
				self.transport(kind).dtls_up = true;
				self.set_connected(kind, true);
			}
			RtcEvent::IceConnectionStateChange(state) => {
				let up =
					matches!(state, IceConnectionState::Connected | IceConnectionState::Completed);
				if up && self.transport(kind).dtls_up {
					self.set_connected(kind, true);
				} else if state == IceConnectionState::Disconnected {
					self.set_connected(kind, false);
				}
			}
			RtcEvent::Closed => self.set_connected(kind, false),
			RtcEvent::MediaAdded(added) if kind == TransportKind::Subscriber => {
				let track = self.receiver.add(added.mid, &self.subscriber.rtc);
				self.outputs.extend(track.map(Output::Event));
			}
			RtcEvent::RtpPacket(packet) if kind == TransportKind::Subscriber => {
				let frame = self.receiver.packet(self.now, &packet, &mut self.subscriber);
				if self.outputs.len() < MAX_QUEUED {
					self.outputs.extend(frame.map(Output::Event));
				}
			}
			RtcEvent::KeyframeRequest(request) => {
				self.stats.keyframe_requests += 1;
				self.sender.on_keyframe_request(self.now, request.rid);
			}
			RtcEvent::ChannelOpen(id, label) => {
				let channels = &mut self.transport(kind).channels;
				match channels.iter_mut().find(|c| c.id == id) {
					Some(known) => known.open = true,
					None => {
						channels.push(DataChannel { id, reliable: label != "_lossy", open: true })
					}
				}
			}
			RtcEvent::ChannelData(data) if self.outputs.len() < MAX_QUEUED => {
				let channels = &self.transport(kind).channels;
				let reliable = channels.iter().find(|c| c.id == data.id).is_none_or(|c| c.reliable);
				self.outputs.push_back(Output::Event(Event::Data { reliable, payload: data.data }));
			}
			_ => {}
		}
	}

	fn set_connected(&mut self, kind: TransportKind, up: bool) {
		if std::mem::replace(&mut self.transport(kind).connected, up) == up {
			return;
		}
		if up && kind == TransportKind::Publisher {
			self.sender.start(self.now);
		}
		let event = if up { Event::Connected(kind) } else { Event::Failed(kind) };
		self.outputs.push_back(Output::Event(event));
	}
}
