//! A participant over real sockets: LiveKit's signalling over a WebSocket, media-core's client over two UDP
//! sockets or TCP connections. The prober and the call bots are made of it.
//!
//! [`RtcClient`] is driven by awaiting [`RtcClient::next`]; it starts no tasks, but for its TCP connections, and stops
//! when it is dropped.

pub(crate) mod signalling;
mod sockets;

pub use signalling::SignalError;

use dtel_media_core::{
	client::{self, Client, ClientConfig, ClientStats},
	probe::ProbeKey,
	MediaKind, Protocol, TransportKind,
};
use livekit_protocol as proto;
use proto::{
	signal_request::Message as Request, signal_response::Message as Response, SignalTarget,
};
use signalling::Signalling;
use sockets::Sockets;
use std::time::{Duration, Instant};

/// What a participant does.
#[derive(Clone, Debug)]
pub struct Options {
	/// `ws://host:port` of the node.
	pub url: String,
	/// Access token.
	pub token: String,
	/// Publish Opus.
	pub audio: bool,
	/// Publish VP8 in three layers.
	pub video: bool,
	/// Receive what others publish.
	pub auto_subscribe: bool,
	/// Stamp what is sent, or know such stamps (a probe).
	pub stamp: Option<ProbeKey>,
	/// When stamps start counting time.
	pub epoch: Instant,
	/// Time for connecting and joining.
	pub timeout: Duration,
}

/// What happens to a participant.
#[derive(Debug)]
pub enum Happening {
	/// Media.
	Media(client::Event),
	/// The room changed.
	Update(Vec<proto::ParticipantInfo>),
	/// The node said something else that calls do not need.
	Told(Box<Response>),
	/// The node ended the call.
	Left(String),
}

/// See the module.
pub struct RtcClient {
	signalling: Signalling,
	sockets: Sockets,
	/// On the heap: it is large, and futures that hold it are moved about.
	client: Box<Client>,
	join: proto::JoinResponse,
	/// Tracks that the node has not confirmed yet.
	unconfirmed: usize,
	ping_every: Duration,
	next_ping: Instant,
	deadline: Instant,
	ended: bool,
}

impl RtcClient {
	/// Connects, joins and announces the tracks.
	pub async fn join(options: Options) -> Result<Self, SignalError> {
		Self::join_over(options, Protocol::Udp).await
	}

	/// Like [`RtcClient::join`], with media over this protocol alone.
	pub async fn join_over(options: Options, protocol: Protocol) -> Result<Self, SignalError> {
		let timeout = options.timeout;
		tokio::time::timeout(timeout, Self::join_in_time(options, protocol))
			.await
			.map_err(|_| SignalError::Timeout)?
	}

	async fn join_in_time(options: Options, protocol: Protocol) -> Result<Self, SignalError> {
		let (mut signalling, local) =
			Signalling::connect(&options.url, &options.token, options.auto_subscribe).await?;
		let sockets = Sockets::bind(local, protocol).await?;
		let join = signalling.joined().await?;
		let config = ClientConfig {
			publisher_addr: sockets.address(TransportKind::Publisher),
			subscriber_addr: sockets.address(TransportKind::Subscriber),
			audio: options.audio,
			video: options.video,
			stamp: options.stamp,
			epoch: options.epoch,
		};
		let now = Instant::now();
		let client = Box::new(Client::over(now, protocol, config));
		let tracks = client.tracks();
		for track in &tracks {
			signalling.queue(Request::AddTrack(add_track(track)));
		}
		let ping_every =
			Duration::from_secs(u64::try_from(join.ping_interval).unwrap_or(0).clamp(1, 60));
		Ok(Self {
			signalling,
			sockets,
			client,
			join,
			unconfirmed: tracks.len(),
			ping_every,
			next_ping: now.checked_add(ping_every).unwrap_or(now),
			deadline: now,
			ended: false,
		})
	}

	/// What the node said on joining.
	pub fn join_response(&self) -> &proto::JoinResponse {
		&self.join
	}

	/// Statistics of the media.
	pub fn stats(&self) -> ClientStats {
		self.client.stats()
	}

	/// Mutes or unmutes what is published.
	pub fn set_paused(&mut self, kind: MediaKind, paused: bool) {
		self.client.set_paused(kind, paused);
	}

	/// Of a probe: sends so much in the highest layer of its video instead of the sample, in kbit/s; 0 for the sample.
	pub fn set_load(&mut self, kbps: u32) {
		self.client.set_load(Instant::now(), u64::from(kbps).saturating_mul(1_000));
	}

	/// Sends a message on a data channel; whether it was taken.
	pub fn send_data(&mut self, reliable: bool, payload: &[u8]) -> bool {
		self.client.send_data(Instant::now(), reliable, payload)
	}

	/// Sends a signalling message of one's own.
	pub fn signal(&mut self, message: Request) {
		self.signalling.queue(message);
	}

	/// Waits for the next thing that happens, driving the media meanwhile. May be cancelled and called again.
	/// After [`Happening::Left`] nothing happens any more.
	pub async fn next(&mut self) -> Happening {
		loop {
			if self.ended {
				std::future::pending::<()>().await;
			}
			if let Some(event) = self.poll() {
				return Happening::Media(event);
			}
			let wake = self.deadline.min(self.next_ping);
			// Before anything else: what is due must not wait behind a flood of datagrams.
			if self.timeout(wake) {
				continue;
			}
			tokio::select! {
				received = self.sockets.receive() => {
					if let Some((transport, source, length)) = received {
						let contents = self.sockets.datagram(length);
						let datagram = client::Input::Datagram { transport, source, contents };
						self.client.handle_input(Instant::now(), datagram);
					}
				},
				message = self.signalling.receive() => match message {
					Ok(message) => {
						if let Some(happening) = self.handle(message) {
							return happening;
						}
					},
					Err(error) => return self.left(error.to_string()),
				},
				() = tokio::time::sleep_until(wake.into()) => {},
			}
		}
	}

	/// Does what is due at `wake`, if that time has come.
	fn timeout(&mut self, wake: Instant) -> bool {
		let now = Instant::now();
		if now < wake {
			return false;
		}
		if now >= self.deadline {
			self.client.handle_input(now, client::Input::Timeout);
		}
		if now >= self.next_ping {
			self.next_ping = now.checked_add(self.ping_every).unwrap_or(now);
			self.ping();
		}
		true
	}

	/// Leaves the room properly.
	pub async fn leave(mut self) {
		let leave = proto::LeaveRequest {
			reason: proto::DisconnectReason::ClientInitiated.into(),
			..Default::default()
		};
		let goodbye = async {
			self.client.close(Instant::now());
			while self.poll().is_some() {}
			self.signalling.queue(Request::Leave(leave));
			if self.signalling.flush().await.is_ok() {
				self.signalling.close().await;
			}
		};
		let _ = tokio::time::timeout(Duration::from_secs(1), goodbye).await;
	}

	fn left(&mut self, why: String) -> Happening {
		self.ended = true;
		Happening::Left(why)
	}

	/// Sends what is due; the next event if there is one.
	fn poll(&mut self) -> Option<client::Event> {
		loop {
			match self.client.poll_output() {
				client::Output::Transmit(transport, datagram) => {
					self.sockets.send(transport, datagram)
				}
				client::Output::Event(event) => return Some(event),
				client::Output::Timeout(at) => {
					self.deadline = at;
					return None;
				}
			}
		}
	}

	fn ping(&mut self) {
		let since =
			std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
		let timestamp = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
		self.signalling.queue(Request::PingReq(proto::Ping { timestamp, rtt: 0 }));
	}

	fn handle(&mut self, message: Response) -> Option<Happening> {
		let now = Instant::now();
		match message {
			Response::TrackPublished(_) => {
				self.unconfirmed = self.unconfirmed.saturating_sub(1);
				if self.unconfirmed == 0 {
					if let Some(sdp) = self.client.publisher_offer(now) {
						self.signalling.queue(Request::Offer(description("offer", sdp)));
					}
				}
			}
			Response::Answer(answer) => {
				if let Err(error) = self.client.publisher_answer(now, &answer.sdp) {
					return Some(self.left(format!("answer: {error}")));
				}
			}
			Response::Offer(offer) => match self.client.subscriber_offer(now, &offer.sdp) {
				Ok(sdp) => {
					let answer = description("answer", sdp);
					let answer = proto::SessionDescription { id: offer.id, ..answer };
					self.signalling.queue(Request::Answer(answer));
				}
				Err(error) => return Some(self.left(format!("offer: {error}"))),
			},
			Response::Trickle(trickle) => self.trickled(now, &trickle),
			Response::Update(update) => return Some(Happening::Update(update.participants)),
			Response::Leave(leave) => {
				return Some(
					self.left(format!("asked to leave: {}", leave.reason().as_str_name())),
				);
			}
			other => return Some(Happening::Told(Box::new(other))),
		}
		None
	}

	/// Drops the signalling connection without a word and comes back with another one. What the node says first: a
	/// `Reconnect`, if the participant was still there. Then ICE restarts.
	pub async fn resume(&mut self, url: &str, token: &str) -> Result<Response, SignalError> {
		let sid = self.join.participant.as_ref().map_or("", |p| p.sid.as_str()).to_owned();
		let (signalling, first) = Signalling::resume(url, token, true, &sid).await?;
		self.signalling = signalling;
		if matches!(first, Response::Reconnect(_)) {
			if let Some(sdp) = self.client.restart_publisher(Instant::now()) {
				self.signalling.queue(Request::Offer(description("offer", sdp)));
			}
		}
		Ok(first)
	}

	fn trickled(&mut self, now: Instant, trickle: &proto::TrickleRequest) {
		let transport = match trickle.target() {
			SignalTarget::Publisher => TransportKind::Publisher,
			SignalTarget::Subscriber => TransportKind::Subscriber,
		};
		let init = serde_json::from_str::<serde_json::Value>(&trickle.candidate_init).ok();
		if let Some(candidate) = init.as_ref().and_then(|i| i.get("candidate")?.as_str()) {
			self.client.add_candidate(now, transport, candidate);
		}
	}
}

pub(crate) fn description(kind: &str, sdp: String) -> proto::SessionDescription {
	proto::SessionDescription { r#type: kind.into(), sdp, ..Default::default() }
}

pub(crate) fn add_track(track: &client::LocalTrack) -> proto::AddTrackRequest {
	let (kind, source) = match track.kind {
		MediaKind::Audio => (proto::TrackType::Audio, proto::TrackSource::Microphone),
		MediaKind::Video => (proto::TrackType::Video, proto::TrackSource::Camera),
	};
	let layers = track.layers.iter().enumerate().map(|(index, (rid, width, height, bitrate))| {
		let quality =
			i32::try_from(index).unwrap_or(i32::MAX).min(proto::VideoQuality::High.into());
		proto::VideoLayer {
			quality,
			width: *width,
			height: *height,
			bitrate: *bitrate,
			rid: rid.clone(),
			..Default::default()
		}
	});
	proto::AddTrackRequest {
		cid: track.cid.clone(),
		name: track.name.clone(),
		r#type: kind.into(),
		source: source.into(),
		width: track.width,
		height: track.height,
		layers: layers.collect(),
		..Default::default()
	}
}
