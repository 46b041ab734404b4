//! The engine's loop.

use super::{
	clock::Clock, directory::Directory, drain::Retiring, hooks::HookQueue, Command, EngineHandle,
	Entry, RoomDefaults, COMMANDS,
};
use crate::{config::Turn, token::Refresher};
use anyhow::{Context, Result};
use dtel_media_core::{
	sfu::{Input, Output, Sfu, SfuConfig},
	Transmit,
};
use livekit_protocol as proto;
use std::{
	net::SocketAddr,
	time::{Duration, Instant},
};
use tokio::{net::UdpSocket, sync::mpsc};
use tracing::{debug, warn};

/// Datagrams that are read before commands get their turn.
const READ_BURST: usize = 64;
/// Commands that are taken before datagrams get their turn.
const COMMAND_BURST: usize = 16;
/// Asked of the kernel for the socket's buffers.
const SOCKET_BUFFER: usize = 4 * 1024 * 1024;
/// Longest datagram that is read: anything longer than an Ethernet frame is cut and fails to authenticate.
const DATAGRAM: usize = 2_048;

/// What the engine needs to know.
#[derive(Clone, Debug)]
pub struct EngineConfig {
	/// Address of the UDP socket.
	pub listen: SocketAddr,
	/// Addresses that peers are told; the bound one if empty.
	pub advertise: Vec<std::net::IpAddr>,
	/// Port that peers are told; the bound one if absent.
	pub advertise_port: Option<u16>,
	/// STUN and TURN servers that clients are told.
	pub ice_servers: Vec<String>,
	/// Rooms at a time.
	pub rooms: usize,
	/// Participants in a room.
	pub participants: usize,
	/// Tracks of a participant.
	pub tracks: usize,
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
	pub(super) socket_drops: u64,
	/// Connections so far.
	pub(super) connections: u64,
	pub(super) clock: Clock,
	socket: UdpSocket,
	local: SocketAddr,
	commands: mpsc::Receiver<Command>,
}

impl Engine {
	/// Binds the socket. Nothing is read before [`Engine::run`].
	pub async fn bind(config: EngineConfig) -> Result<(Self, EngineHandle)> {
		let socket = UdpSocket::bind(config.listen)
			.await
			.with_context(|| format!("cannot bind UDP {}", config.listen))?;
		enlarge_buffers(&socket);
		let local = socket.local_addr()?;
		let (tx, commands) = mpsc::channel(COMMANDS);
		let mut sfu_config = SfuConfig::new(local);
		sfu_config.candidates = candidates(local, &config)?;
		sfu_config.max_rooms = config.rooms;
		sfu_config.max_participants_per_room = config.participants;
		sfu_config.max_tracks_per_participant = config.tracks;
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
			socket_drops: 0,
			connections: 0,
			clock: Clock::new(Instant::now()),
			socket,
			local,
			commands,
		};
		Ok((engine, EngineHandle { commands: tx }))
	}

	/// Address of the UDP socket.
	pub fn local_addr(&self) -> SocketAddr {
		self.local
	}

	/// Gives rooms these settings from now on.
	pub fn set_room_defaults(&mut self, defaults: RoomDefaults) {
		self.room_defaults = defaults;
	}

	/// Runs until every [`EngineHandle`] is gone.
	pub async fn run(mut self) {
		let mut buffer = vec![0u8; DATAGRAM];
		loop {
			let deadline = self.settle().min(self.clock.next());
			let deadline = self.directory.book.next().map_or(deadline, |at| at.min(deadline));
			tokio::select! {
				command = self.commands.recv() => match command {
					None => break,
					Some(command) => {
						self.handle(command);
						self.more_commands();
					},
				},
				ready = self.socket.readable() => match ready {
					Ok(()) => self.read(&mut buffer),
					Err(error) => {
						warn!(%error, "media socket");
						tokio::time::sleep(std::time::Duration::from_millis(10)).await;
					},
				},
				() = tokio::time::sleep_until(deadline.into()) => {
					self.sfu.handle_input(Instant::now(), Input::Timeout);
				},
			}
			self.finish_rooms(Instant::now());
			self.tick(Instant::now());
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

	fn read(&mut self, buffer: &mut [u8]) {
		for _ in 0..READ_BURST {
			let (length, source) = match self.socket.try_recv_from(buffer) {
				Ok(read) => read,
				Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return,
				// An ICMP error of an earlier datagram: it says nothing about this socket.
				Err(_) => continue,
			};
			let contents = buffer.get(..length).unwrap_or_default();
			let input = Input::Datagram { source, destination: self.local, contents };
			self.sfu.handle_input(Instant::now(), input);
			self.settle();
		}
	}

	/// Does everything that the SFU wants done; when it wants to be called again.
	fn settle(&mut self) -> Instant {
		loop {
			match self.sfu.poll_output() {
				Output::Transmit(datagram) => self.transmit(&datagram),
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

	fn transmit(&mut self, datagram: &Transmit) {
		if self.socket.try_send_to(&datagram.contents, datagram.destination).is_err() {
			self.socket_drops = self.socket_drops.saturating_add(1);
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
			Command::Request { id, message } => self.request(id, *message),
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

/// The addresses that peers are told.
fn candidates(local: SocketAddr, config: &EngineConfig) -> Result<Vec<SocketAddr>> {
	let port = config.advertise_port.unwrap_or(local.port());
	let mut ips = config.advertise.clone();
	if ips.is_empty() && !local.ip().is_unspecified() {
		ips.push(local.ip());
	}
	if ips.is_empty() {
		ips.push(outward_address(local)?);
	}
	Ok(ips.into_iter().map(|ip| SocketAddr::new(ip, port)).collect())
}

/// The address from which this machine speaks to the internet. Nothing is sent: connecting a UDP socket only
/// chooses a route.
fn outward_address(local: SocketAddr) -> Result<std::net::IpAddr> {
	let (any, far): (SocketAddr, &str) = match local {
		SocketAddr::V4(_) => (([0, 0, 0, 0], 0).into(), "192.0.2.1:9"),
		SocketAddr::V6(_) => (([0u16; 8], 0).into(), "[2001:db8::1]:9"),
	};
	let probe = std::net::UdpSocket::bind(any)?;
	let route = probe.connect(far).and_then(|()| probe.local_addr());
	Ok(match route {
		Ok(addr) if !addr.ip().is_unspecified() => addr.ip(),
		_ if local.is_ipv4() => std::net::Ipv4Addr::LOCALHOST.into(),
		_ => std::net::Ipv6Addr::LOCALHOST.into(),
	})
}

fn enlarge_buffers(socket: &UdpSocket) {
	let socket = socket2::SockRef::from(socket);
	// The kernel grants what its limits allow.
	let _ = socket.set_recv_buffer_size(SOCKET_BUFFER);
	let _ = socket.set_send_buffer_size(SOCKET_BUFFER);
}
