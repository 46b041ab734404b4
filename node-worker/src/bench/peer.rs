//! A participant of the load: media-core's client on shared sockets, and its signalling in a task of its own.

use crate::rtc_client::{add_track, description, signalling::Signalling};
use dtel_media_core::{
	client::{Client, ClientConfig},
	TransportKind,
};
use livekit_protocol as proto;
use proto::{
	signal_request::Message as Request, signal_response::Message as Response, SignalTarget,
};
use std::{
	net::SocketAddr,
	time::{Duration, Instant},
};
use tokio::sync::mpsc;

/// Time to connect and join.
const JOIN_TIMEOUT: Duration = Duration::from_secs(30);

/// What the signalling of a participant says.
pub(super) enum Told {
	Joined,
	Message(Box<Response>),
	Ended(String),
}

/// How a participant takes part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
	/// Others in the room.
	pub others: usize,
	pub video: bool,
	/// Tracks that the others publish.
	pub tracks: usize,
	/// Media is counted when it comes, but not decrypted or answered.
	pub light: bool,
}

pub(super) struct Peer {
	pub client: Box<Client>,
	requests: mpsc::UnboundedSender<Request>,
	pub deadline: Instant,
	pub role: Role,
	unconfirmed: usize,
	pub connected: [bool; 2],
	/// Tracks of others that it was offered.
	pub tracks: usize,
	/// When the next audio packet is due.
	pub next_audio: Instant,
	/// When each of its audio packets was sent, in nanoseconds since 1970; 0: not yet.
	pub sent_at: Vec<u64>,
}

impl Peer {
	/// A participant that begins to join. The addresses are those of its publisher and subscriber transport.
	pub(super) fn start(
		index: usize,
		role: Role,
		addresses: [SocketAddr; 2],
		access: (String, String),
		told: mpsc::Sender<(usize, Told)>,
	) -> Self {
		let now = Instant::now();
		let [publisher_addr, subscriber_addr] = addresses;
		let config = ClientConfig {
			publisher_addr,
			subscriber_addr,
			audio: true,
			video: role.video,
			stamp: None,
			epoch: now,
		};
		let client = Box::new(Client::new(now, config));
		let (requests, queue) = mpsc::unbounded_channel();
		let tracks = client.tracks();
		for track in &tracks {
			// The task that takes them has not begun.
			let _ = requests.send(Request::AddTrack(add_track(track)));
		}
		tokio::spawn(async move {
			if let Err(why) = signal(index, access, queue, &told).await {
				let _ = told.send((index, Told::Ended(why))).await;
			}
		});
		Self {
			client,
			requests,
			deadline: now,
			role,
			unconfirmed: tracks.len(),
			connected: [false; 2],
			tracks: 0,
			next_audio: now,
			sent_at: Vec::new(),
		}
	}

	pub(super) fn is_ready(&self) -> bool {
		self.connected == [true; 2] && self.tracks >= self.role.tracks
	}

	/// A message of the daemon; an error ends the run.
	pub(super) fn handle(&mut self, now: Instant, message: Response) -> Result<(), String> {
		match message {
			Response::TrackPublished(_) => {
				self.unconfirmed = self.unconfirmed.saturating_sub(1);
				if let Some(sdp) =
					(self.unconfirmed == 0).then(|| self.client.publisher_offer(now)).flatten()
				{
					self.say(Request::Offer(description("offer", sdp)));
				}
			}
			Response::Answer(answer) => {
				self.client.publisher_answer(now, &answer.sdp).map_err(|e| e.to_string())?;
			}
			Response::Offer(offer) => {
				let sdp =
					self.client.subscriber_offer(now, &offer.sdp).map_err(|e| e.to_string())?;
				let answer = description("answer", sdp);
				self.say(Request::Answer(proto::SessionDescription { id: offer.id, ..answer }));
			}
			Response::Trickle(trickle) => {
				let transport = match trickle.target() {
					SignalTarget::Publisher => TransportKind::Publisher,
					SignalTarget::Subscriber => TransportKind::Subscriber,
				};
				let init = serde_json::from_str::<serde_json::Value>(&trickle.candidate_init).ok();
				if let Some(candidate) = init.as_ref().and_then(|i| i.get("candidate")?.as_str()) {
					self.client.add_candidate(now, transport, candidate);
				}
			}
			Response::Leave(leave) => {
				return Err(format!("asked to leave: {}", leave.reason().as_str_name()))
			}
			_ => {}
		}
		Ok(())
	}

	fn say(&self, message: Request) {
		// Its task tells if the connection has ended.
		let _ = self.requests.send(message);
	}
}

/// Carries messages until the connection or the participant ends.
async fn signal(
	index: usize,
	(url, token): (String, String),
	mut queue: mpsc::UnboundedReceiver<Request>,
	told: &mpsc::Sender<(usize, Told)>,
) -> Result<(), String> {
	let join = async {
		let (mut signalling, _) = Signalling::connect(&url, &token, true).await?;
		let joined = signalling.joined().await?;
		Ok::<_, crate::rtc_client::SignalError>((signalling, joined))
	};
	let joined = tokio::time::timeout(JOIN_TIMEOUT, join).await;
	let (mut signalling, joined) =
		joined.map_err(|_| "joining took too long")?.map_err(|e| e.to_string())?;
	let every = u64::try_from(joined.ping_interval).unwrap_or(0).clamp(1, 60);
	let mut ping = tokio::time::interval(Duration::from_secs(every));
	if told.send((index, Told::Joined)).await.is_err() {
		return Ok(());
	}
	loop {
		tokio::select! {
			request = queue.recv() => match request {
				Some(request) => signalling.queue(request),
				None => return Ok(()),
			},
			message = signalling.receive() => {
				let message = message.map_err(|e| e.to_string())?;
				if told.send((index, Told::Message(Box::new(message)))).await.is_err() {
					return Ok(());
				}
			},
			_ = ping.tick() => {
				let timestamp = i64::try_from(super::net::unix_nanos() / 1_000_000).unwrap_or(0);
				signalling.queue(Request::PingReq(proto::Ping { timestamp, rtt: 0 }));
			},
		}
	}
}
