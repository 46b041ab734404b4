//! The engine: one task that owns the sockets for media, the SFU and the rooms.
//!
//! Signalling sessions, HTTP handlers and the shutdown talk to it over one bounded queue of [`Command`]s; it talks
//! to each participant over a bounded queue of its own and never waits for anybody. A participant that does not
//! take its messages is removed; a datagram that the socket does not take is dropped and counted.

pub mod admin;
mod clock;
mod codecs;
mod data;
mod directory;
mod drain;
mod events;
mod hooks;
mod ice;
mod join;
pub mod latency;
mod media_events;
mod metadata;
mod requests;
mod resume;
mod rooms;
mod run;
mod session;
mod subscriptions;
mod tcp;
mod told;
pub mod view;
mod wire;

pub use hooks::{Hook, HookQueue};
pub use rooms::RoomDefaults;
pub use run::{Engine, EngineConfig};

use crate::token::Access;
use dtel_media_core::sfu::ParticipantId;
use livekit_protocol as proto;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

/// Commands that may wait for the engine.
const COMMANDS: usize = 1_024;
/// Messages that may wait for one participant.
pub(crate) const OUTBOX: usize = 256;

/// How a participant joins.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct JoinOptions {
	/// Subscribe to every track without being asked.
	pub auto_subscribe: bool,
	/// Participants that its key may have here at a time.
	pub limit: u32,
	/// Version of LiveKit's protocol that it speaks.
	pub protocol: u32,
	/// What it understands of other clients, as they are told (`client_protocol`).
	pub client_protocol: i32,
	/// It has one peer connection for both directions (`/rtc/v1`).
	pub single: bool,
}

/// Whether a connection is a participant's first one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Entry {
	/// It joins.
	Join,
	/// It comes back after its connection broke.
	Resume {
		/// `PA_…`; older clients leave it out.
		sid: String,
	},
}

/// Why a participant was not let in.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum JoinError {
	/// The node, the room or the key is full.
	#[error("limit reached: {0}")]
	Limit(&'static str),
	/// The node is shutting down.
	#[error("node is shutting down")]
	Draining,
	/// There is nothing to resume: the participant is gone, or was another one.
	#[error("nothing to resume")]
	Gone,
	/// The SFU refused.
	#[error("{0}")]
	Refused(String),
}

/// A participant that was let in.
#[derive(Debug)]
pub struct Joined {
	/// Handle for further commands.
	pub id: ParticipantId,
	/// Number of its connection.
	pub connection: u64,
	/// Messages to send to it, the join response first. When it ends, the connection shall be closed.
	pub outbox: mpsc::Receiver<proto::SignalResponse>,
}

/// Something that the engine is asked to do.
#[derive(Debug)]
pub enum Command {
	/// Let a participant in.
	Join {
		/// What its token allows.
		access: Box<Access>,
		/// How it joins.
		options: JoinOptions,
		/// Join or resume.
		entry: Entry,
		/// The answer.
		reply: oneshot::Sender<Result<Joined, JoinError>>,
	},
	/// A message of a participant.
	Request {
		/// Who.
		id: ParticipantId,
		/// What.
		message: Box<proto::signal_request::Message>,
	},
	/// A participant's connection ended.
	Closed {
		/// Whose.
		id: ParticipantId,
		/// Which.
		connection: u64,
		/// It may come back with another one.
		resumable: bool,
	},
	/// What goes on: rooms, participants, streams, counters.
	View {
		/// The answer.
		reply: oneshot::Sender<view::View>,
	},
	/// An app asks for something.
	Admin {
		/// Who.
		admin: admin::Admin,
		/// What.
		request: Box<admin::AdminRequest>,
		/// The answer.
		reply: oneshot::Sender<Result<admin::AdminAnswer, admin::AdminError>>,
	},
	/// Nodes that participants may go to when they are sent away.
	Elsewhere(proto::RegionSettings),
	/// Take no new rooms.
	Retire {
		/// Answered when nobody is left.
		reply: oneshot::Sender<()>,
	},
	/// Tell everybody to leave and refuse newcomers.
	Drain {
		/// Answered when all have been told.
		reply: oneshot::Sender<()>,
	},
}

/// A way to ask the engine. Cheap to clone.
#[derive(Clone, Debug)]
pub struct EngineHandle {
	commands: mpsc::Sender<Command>,
}

/// The engine's task has ended.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("the media engine has stopped")]
pub struct Stopped;

impl EngineHandle {
	/// One whose engine has stopped.
	#[cfg(test)]
	pub(crate) fn stopped() -> Self {
		Self { commands: mpsc::channel(1).0 }
	}

	/// Lets a participant in, or in again.
	pub async fn join(
		&self,
		access: Access,
		options: JoinOptions,
		entry: Entry,
	) -> Result<Joined, JoinError> {
		let (reply, answer) = oneshot::channel();
		let command = Command::Join { access: Box::new(access), options, entry, reply };
		self.commands.send(command).await.map_err(|_| JoinError::Draining)?;
		answer.await.map_err(|_| JoinError::Draining)?
	}

	/// Hands a participant's message on.
	pub async fn request(
		&self,
		id: ParticipantId,
		message: proto::signal_request::Message,
	) -> Result<(), Stopped> {
		let command = Command::Request { id, message: Box::new(message) };
		self.commands.send(command).await.map_err(|_| Stopped)
	}

	/// Says that a participant's connection ended.
	pub async fn closed(&self, id: ParticipantId, connection: u64, resumable: bool) {
		// A stopped engine has no participants.
		let _ = self.commands.send(Command::Closed { id, connection, resumable }).await;
	}

	/// What goes on.
	pub async fn view(&self) -> Result<view::View, Stopped> {
		let (reply, answer) = oneshot::channel();
		self.commands.send(Command::View { reply }).await.map_err(|_| Stopped)?;
		answer.await.map_err(|_| Stopped)
	}

	/// Tells everybody to leave and refuses newcomers.
	pub async fn drain(&self) -> Result<(), Stopped> {
		let (reply, answer) = oneshot::channel();
		self.commands.send(Command::Drain { reply }).await.map_err(|_| Stopped)?;
		answer.await.map_err(|_| Stopped)
	}
}
