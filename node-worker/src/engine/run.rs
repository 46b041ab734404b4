//! The engine's loop.

use super::{
	clock::Clock,
	directory::Directory,
	drain::Retiring,
	hooks::HookQueue,
	latency::Latency,
	wire::{read_burst, Ready, Wire},
	Command, EngineHandle, Entry, RoomDefaults, COMMANDS,
};
use crate::{
	config::{Forwarding, Media, Speakers, Turn},
	net::udp::Received,
	token::Refresher,
};
use anyhow::Result;
use dtel_media_core::sfu::{Input, Output, Sfu, SfuConfig};
use livekit_protocol as proto;
use std::{
	net::SocketAddr,
	time::{Duration, Instant},
};
use tokio::sync::mpsc;
use tracing::debug;

/// Commands that are taken before datagrams get their turn.
const COMMAND_BURST: usize = 16;

/// What the engine needs to know.
#[derive(Clone, Debug)]
pub struct EngineConfig {
	/// The media sockets.
	pub media: Media,
	/// Rooms at a time.
	pub rooms: usize,
	/// Participants in a room.
	pub participants: usize,
	/// Tracks of a participant.
	pub tracks: usize,
	/// How media are passed on.
	pub forwarding: Forwarding,
	/// Who counts as speaking.
	pub speakers: Speakers,
	/// TURN server that clients are told.
	pub turn: Turn,
	/// Region that clients are told.
	pub region: String,
	/// How long a participant is kept after its connection broke.
	pub resume: Duration,
	/// Seconds between the fresh tokens that a participant gets; 0 for none.
	pub token_seconds: u64,
	/// Signs them.
	pub refresher: Refresher,
}

/// See the module above.
pub struct Engine {
	pub(super) sfu: Sfu,
	pub(super) directory: Directory,
	pub(super) config: EngineConfig,
	pub(super) draining: bool,
	pub(super) retiring: Retiring,
	/// Other nodes, as participants are told when they are sent away.
	pub(super) elsewhere: Option<proto::RegionSettings>,
	pub(super) hooks: Option<HookQueue>,
	pub(super) room_defaults: RoomDefaults,
	/// Connections so far.
	pub(super) connections: u64,
	pub(super) clock: Clock,
	/// Of packets that were forwarded.
	pub(super) latency: Latency,
	pub(super) wire: Wire,
	/// What new transports are told: UDP and TCP.
	candidates: (Vec<SocketAddr>, Vec<SocketAddr>),
	commands: mpsc::Receiver<Command>,
}

impl Engine {
	/// Binds the sockets. Peers are not listened to before [`Engine::run`].
	pub async fn bind(config: EngineConfig) -> Result<(Self, EngineHandle)> {
		let wire = Wire::bind(&config.media).await?;
		let candidates = wire.candidates();
		let (tx, commands) = mpsc::channel(COMMANDS);
		let mut sfu_config = SfuConfig::new(config.media.listen);
		(sfu_config.candidates, sfu_config.tcp_candidates) = candidates.clone();
		sfu_config.max_rooms = config.rooms;
		sfu_config.max_participants_per_room = config.participants;
		sfu_config.max_tracks_per_participant = config.tracks;
		config.forwarding.apply(&mut sfu_config);
		config.speakers.apply(&mut sfu_config);
		// Room keys are the issuer's key and the room's name.
		sfu_config.max_name_bytes = 2 * crate::token::MAX_NAME;
		// Data messages pass the signalling's rules first: see `data`.
		sfu_config.forward_data = false;
		let sfu = Sfu::new(Instant::now(), sfu_config);
		let directory = Directory::default();
		let engine = Self {
			sfu,
			directory,
			config,
			draining: false,
			retiring: Retiring::default(),
			elsewhere: None,
			hooks: None,
			room_defaults: RoomDefaults::default(),
			connections: 0,
			clock: Clock::new(Instant::now()),
			latency: Latency::default(),
			wire,
			candidates,
			commands,
		};
		Ok((engine, EngineHandle { commands: tx }))
	}

	/// Addresses of the UDP sockets, that of `media.listen` first.
	pub fn udp_addrs(&self) -> Vec<SocketAddr> {
		self.wire.udp_addrs().collect()
	}

	/// Addresses of the TCP sockets.
	pub fn tcp_addrs(&self) -> Vec<SocketAddr> {
		self.wire.tcp_addrs().collect()
	}

	/// Gives rooms these settings from now on.
	pub fn set_room_defaults(&mut self, defaults: RoomDefaults) {
		self.room_defaults = defaults;
	}

	/// Runs until every [`EngineHandle`] is gone.
	pub async fn run(mut self) {
		let mut received = self.wire.received();
		loop {
			let deadline = self.settle().min(self.clock.next());
			let deadline = self.directory.book.next().map_or(deadline, |at| at.min(deadline));
			let deadline = self.wire.due().map_or(deadline, |at| at.min(deadline));
			self.wire.flush();
			tokio::select! {
				command = self.commands.recv() => match command {
					None => break,
					Some(command) => {
						self.handle(command);
						self.more_commands();
					},
				},
				ready = self.wire.ready() => match ready {
					Ready::Udp(index) => self.read(index, &mut received),
					Ready::Tcp(index, datagram) => self.read_tcp(index, datagram),
					Ready::Writable(index) => self.wire.writable(index),
				},
				() = tokio::time::sleep_until(deadline.into()) => {
					self.sfu.handle_input(Instant::now(), Input::Timeout);
				},
			}
			self.finish_rooms(Instant::now());
			self.tick(Instant::now());
			self.wire.tick(Instant::now());
		}
		debug!("media engine stopped");
	}

	/// Takes further commands that wait already.
	fn more_commands(&mut self) {
		for _ in 1..COMMAND_BURST {
			self.settle();
			match self.commands.try_recv() {
				Ok(command) => self.handle(command),
				Err(_) => break,
			}
		}
	}

	/// Reads what has come to a UDP socket, up to a bound; what it brings about goes out together.
	fn read(&mut self, index: usize, received: &mut Received) {
		let mut read = 0usize;
		while read < read_burst() && self.wire.read(index, received) {
			let (now, before) = (Instant::now(), self.sfu.forwarded());
			read = read.saturating_add(1);
			for (source, contents) in received.datagrams() {
				read = read.saturating_add(1);
				if let Some(destination) = self.wire.take(now, index, source, contents) {
					let input = Input::Datagram { source, destination, contents };
					self.sfu.handle_input(now, input);
					self.settle();
				}
			}
			self.wire.flush();
			let forwarded = self.sfu.forwarded().saturating_sub(before);
			if forwarded > 0 {
				self.latency.record(now.elapsed(), forwarded);
			}
		}
		self.follow_address();
	}

	/// Takes a datagram that came over TCP, and further ones that wait.
	fn read_tcp(&mut self, index: usize, first: (SocketAddr, Vec<u8>)) {
		let Some(destination) = self.wire.tcp_addr(index) else { return };
		let (mut next, mut read) = (Some(first), 0usize);
		while let Some((source, contents)) = next {
			let input = Input::Tcp { source, destination, contents: &contents };
			self.sfu.handle_input(Instant::now(), input);
			self.settle();
			read = read.saturating_add(1);
			next = if read < read_burst() { self.wire.take_tcp(index) } else { None };
		}
	}

	/// Peers are told another address from now on, if it has changed.
	fn follow_address(&mut self) {
		if !self.wire.changed() {
			return;
		}
		let now = self.wire.candidates();
		if self.candidates != now {
			self.candidates = now.clone();
			self.sfu.set_candidates(now.0, now.1);
		}
	}

	/// Does everything that the SFU wants done; when it wants to be called again.
	fn settle(&mut self) -> Instant {
		loop {
			match self.sfu.poll_output() {
				Output::Transmit(datagram) => self.wire.send(datagram),
				Output::Event(event) => self.event(event),
				Output::Timeout(at) if self.directory.stalled.is_empty() => return at,
				Output::Timeout(_) => {
					for id in std::mem::take(&mut self.directory.stalled) {
						self.remove(id, None);
					}
				}
			}
		}
	}

	fn handle(&mut self, command: Command) {
		match command {
			Command::Join { access, options, entry, reply } => {
				let joined = match entry {
					Entry::Join => self.join(*access, options),
					Entry::Resume { sid } => self.resume(&access, &sid, options),
				};
				if let Err(Ok(joined)) = reply.send(joined) {
					self.closed(joined.id, joined.connection, true);
				}
			}
			Command::Request { id, message } => {
				let _span = self.directory.span(id).entered();
				self.request(id, *message);
			}
			Command::Closed { id, connection, resumable } => self.closed(id, connection, resumable),
			// Who asked may have gone.
			Command::View { reply } => drop(reply.send(self.view())),
			Command::Admin { admin, request, reply } => {
				let answer = self.admin(&admin, *request);
				let _ = reply.send(answer);
			}
			Command::Elsewhere(nodes) => {
				self.elsewhere = (!nodes.regions.is_empty()).then_some(nodes);
			}
			Command::Retire { reply } => self.retire(reply),
			Command::Drain { reply } => {
				self.drain();
				self.settle();
				let _ = reply.send(());
			}
		}
	}
}
