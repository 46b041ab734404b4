//! Going out of service.
//!
//! A node that *retires* takes no new rooms; calls go on, and others may join them, until nobody is left. One that *drains*
//! lets nobody in and tells everybody to connect anew. Probes are let in until then, and not waited for: verifiers measure
//! what callers get.

use super::{Engine, EngineHandle, Stopped};
use crate::token::Access;
use livekit_protocol as proto;
use proto::DisconnectReason;
use tokio::sync::oneshot;
use tracing::info;

/// Who waits for the last participant to leave.
const WAITING: usize = 16;

/// Whether the node retires, and who wants to hear that it is empty.
#[derive(Default)]
pub(super) struct Retiring {
	begun: bool,
	waiting: Vec<oneshot::Sender<()>>,
}

impl Retiring {
	/// No new rooms.
	pub fn begun(&self) -> bool {
		self.begun
	}
}

impl Engine {
	/// Whether somebody may enter a room.
	pub(super) fn takes(&self, room: &str, access: &Access) -> bool {
		!self.draining
			&& (!self.retiring.begun || access.probe || self.directory.rooms.contains_key(room))
	}

	/// Takes no new rooms from now on. `reply` is answered when nobody is left.
	pub(super) fn retire(&mut self, reply: oneshot::Sender<()>) {
		if !self.retiring.begun {
			info!(participants = self.callers(), "no new rooms are taken");
		}
		self.retiring.begun = true;
		// One who is dropped learns that there is nothing to wait for.
		self.retiring.waiting.truncate(WAITING);
		self.retiring.waiting.push(reply);
		self.note_empty();
	}

	/// Answers those who wait if nobody is left.
	pub(super) fn note_empty(&mut self) {
		if self.retiring.begun && !self.retiring.waiting.is_empty() && self.callers() == 0 {
			for reply in self.retiring.waiting.drain(..) {
				let _ = reply.send(());
			}
		}
	}

	/// Participants that are no probes.
	fn callers(&self) -> usize {
		self.directory.sessions.values().filter(|s| !s.access.probe).count()
	}

	/// Tells everybody to come back later, somewhere else if they can.
	pub(super) fn drain(&mut self) {
		self.draining = true;
		let all: Vec<_> = self.directory.sessions.keys().copied().collect();
		for id in all {
			self.remove(id, Some(DisconnectReason::ServerShutdown));
		}
		self.finish_all_rooms();
		self.note_empty();
	}
}

impl EngineHandle {
	/// Nodes that participants are told of when they are sent away to come back elsewhere.
	pub async fn elsewhere(&self, nodes: proto::RegionSettings) -> Result<(), Stopped> {
		self.commands.send(super::Command::Elsewhere(nodes)).await.map_err(|_| Stopped)
	}

	/// Refuses new rooms; comes back when nobody is left.
	pub async fn retire(&self) -> Result<(), Stopped> {
		let (reply, empty) = oneshot::channel();
		self.commands.send(super::Command::Retire { reply }).await.map_err(|_| Stopped)?;
		empty.await.map_err(|_| Stopped)
	}
}
