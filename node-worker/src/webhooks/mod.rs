//! Webhooks: apps are told what happens in their rooms, at the URL that their tokens name (`webHookURL`).
//!
//! A request is a POST of LiveKit's `WebhookEvent` as JSON. Its `Authorization` is a token of this node's `media` key
//! (`EdDSA`) with the SHA-256 of the body: the receiver checks that the key is a registered node's. Events for one URL
//! are delivered one after the other in their order; one that fails is tried again with growing pauses, and given up
//! after the last attempt. Events that wait are on disk, too (see [`Spool`]): whoever comes back after a crash goes on
//! with them, so that an event may come twice, with the same `id`. Everything is bounded: URLs at a time, events that
//! wait, attempts, time, what is read of an answer.

mod message;
mod send;
mod spool;
mod target;

pub use message::{sign, Signed};
pub use send::{Outcome, Sender};
pub use spool::Spool;
pub use target::{Policy, Refused, Target};

use crate::{engine::Hook, metrics::Metrics};
use ed25519_dalek::SigningKey;
use spool::Ticket;
use std::{
	collections::{HashMap, VecDeque},
	sync::{Arc, Mutex, PoisonError},
	time::Duration,
};
use tokio::{
	sync::{mpsc, watch},
	task::JoinSet,
};
use tracing::{debug, warn};

/// Bounds of the delivery.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
	/// URLs that are served at a time.
	pub urls: usize,
	/// Events that wait for one URL.
	pub queue: usize,
	/// Attempts for one event.
	pub attempts: u32,
	/// Pause behind the first failed attempt; it doubles with each further one.
	pub pause: Duration,
	/// Longest pause.
	pub longest_pause: Duration,
	/// Time to finish when the daemon stops.
	pub linger: Duration,
}

/// An event, and its number in the spool if it is there.
type Waiting = (Option<Ticket>, Hook);

/// Events for one URL.
#[derive(Default)]
struct Lane {
	waiting: VecDeque<Waiting>,
	/// Events that were dropped since the last one that went out.
	dropped: i32,
}

/// What the delivery waits for.
#[allow(clippy::large_enum_variant)] // There is one at a time.
enum Happened {
	/// An event, or the end of them.
	Hook(Option<Hook>),
	/// A delivery is over.
	Sent(Result<(Arc<str>, Option<Ticket>), tokio::task::JoinError>),
}

/// Delivers events.
pub struct Webhooks {
	/// Signs.
	pub key: SigningKey,
	/// Sends.
	pub sender: Arc<Sender>,
	/// Bounds.
	pub bounds: Bounds,
	/// Counts what became of them.
	pub metrics: Arc<Metrics>,
	/// Keeps them while they wait.
	pub spool: Arc<Mutex<Spool>>,
	/// Those that waited when the daemon started, oldest first.
	pub kept: Vec<(u64, Hook)>,
}

type Lanes = HashMap<Arc<str>, Lane>;
/// Deliveries that go on: they give back their URL and the event's number.
type Sending = JoinSet<(Arc<str>, Option<Ticket>)>;

impl Webhooks {
	/// Runs until the events end, or until `stop` becomes true and what waits has been tried.
	pub async fn run(mut self, mut hooks: mpsc::Receiver<Hook>, mut stop: watch::Receiver<bool>) {
		let mut lanes = Lanes::new();
		let mut sending = Sending::new();
		for (ticket, hook) in std::mem::take(&mut self.kept) {
			self.take((Some(ticket), hook), &mut lanes, &mut sending).await;
		}
		loop {
			// What happened is dealt with outside of the selection, which holds no lock while the disk is waited for.
			let happened = tokio::select! {
				hook = hooks.recv() => Happened::Hook(hook),
				Some(done) = sending.join_next() => Happened::Sent(done),
				_ = stop.wait_for(|stop| *stop) => Happened::Hook(None),
			};
			match happened {
				Happened::Hook(Some(hook)) => {
					self.take((None, hook), &mut lanes, &mut sending).await;
				}
				Happened::Sent(done) => self.next(done, &mut lanes, &mut sending).await,
				Happened::Hook(None) => break,
			}
		}
		// What the engine said while it stopped.
		while let Ok(hook) = hooks.try_recv() {
			self.take((None, hook), &mut lanes, &mut sending).await;
		}
		let rest = async {
			while let Some(done) = sending.join_next().await {
				self.next(done, &mut lanes, &mut sending).await;
			}
		};
		if tokio::time::timeout(self.bounds.linger, rest).await.is_err() {
			let waiting = lanes.values().map(|lane| lane.waiting.len()).sum::<usize>();
			warn!(urls = lanes.len(), waiting, "webhooks wait for the next start");
		}
	}

	async fn take(&self, (ticket, hook): Waiting, lanes: &mut Lanes, sending: &mut Sending) {
		let known = lanes.get(&hook.url).map(|lane| lane.waiting.len());
		if known.is_some_and(|waiting| waiting >= self.bounds.queue) {
			if let Some(lane) = lanes.get_mut(&hook.url) {
				lane.dropped = lane.dropped.saturating_add(1);
			}
			return self.give_up(ticket).await;
		}
		if known.is_none() && lanes.len() >= self.bounds.urls {
			debug!(url = %hook.url, "webhook dropped: too many URLs");
			return self.give_up(ticket).await;
		}
		let waiting = match ticket {
			None => self.keep(hook).await,
			kept => (kept, hook),
		};
		match lanes.get_mut(&waiting.1.url) {
			Some(lane) => lane.waiting.push_back(waiting),
			None => {
				lanes.insert(Arc::clone(&waiting.1.url), Lane::default());
				sending.spawn(self.deliver(waiting));
			}
		}
	}

	async fn give_up(&self, ticket: Option<Ticket>) {
		self.metrics.webhook("dropped");
		self.release(ticket).await;
	}

	/// Puts an event on disk, if there is place.
	async fn keep(&self, hook: Hook) -> Waiting {
		let copy = hook.clone();
		let ticket = self.on_disk(move |spool| spool.put(&copy)).await.flatten();
		(ticket, hook)
	}

	/// An event needs its place no more.
	async fn release(&self, ticket: Option<Ticket>) {
		if let Some(ticket) = ticket {
			self.on_disk(move |spool| spool.remove(ticket)).await;
		}
	}

	/// Does something with the spool where waiting for a disk harms nobody.
	async fn on_disk<T: Send + 'static>(
		&self,
		run: impl FnOnce(&mut Spool) -> T + Send + 'static,
	) -> Option<T> {
		let spool = Arc::clone(&self.spool);
		let done = tokio::task::spawn_blocking(move || {
			run(&mut spool.lock().unwrap_or_else(PoisonError::into_inner))
		});
		done.await.ok()
	}

	/// One URL is free for its next event.
	#[allow(deprecated)] // Receivers read `num_dropped` nevertheless.
	async fn next(
		&self,
		done: Result<(Arc<str>, Option<Ticket>), tokio::task::JoinError>,
		lanes: &mut Lanes,
		sending: &mut Sending,
	) {
		// A delivery does not panic; a lane whose one did would stay and take events until it is full.
		let Ok((url, ticket)) = done else { return };
		self.release(ticket).await;
		let Some(lane) = lanes.get_mut(&url) else { return };
		match lane.waiting.pop_front() {
			Some((ticket, mut hook)) => {
				hook.event.num_dropped = std::mem::take(&mut lane.dropped);
				sending.spawn(self.deliver((ticket, hook)));
			}
			None => drop(lanes.remove(&url)),
		}
	}

	/// One event with all its attempts; gives its URL back.
	fn deliver(
		&self,
		(ticket, hook): Waiting,
	) -> impl std::future::Future<Output = (Arc<str>, Option<Ticket>)> + Send + use<> {
		let (sender, bounds) = (Arc::clone(&self.sender), self.bounds);
		let (metrics, key) = (Arc::clone(&self.metrics), self.key.clone());
		async move {
			let url = Arc::clone(&hook.url);
			let accepted = attempts(&sender, &bounds, &key, hook).await;
			metrics.webhook(if accepted { "delivered" } else { "failed" });
			(url, ticket)
		}
	}
}

async fn attempts(sender: &Sender, bounds: &Bounds, key: &SigningKey, hook: Hook) -> bool {
	let target = match Target::parse(&hook.url, sender.policy()) {
		Ok(target) => target,
		Err(error) => {
			debug!(url = %hook.url, %error, "webhook refused");
			return false;
		}
	};
	let mut pause = bounds.pause;
	for attempt in 1..=bounds.attempts {
		// Signed anew: a token is good for a few minutes, an event is tried for longer.
		let Some(signed) = sign(key, &hook) else { return false };
		match sender.post(&target, signed).await {
			Outcome::Accepted => return true,
			Outcome::Refused(why) => {
				debug!(url = %hook.url, event = %hook.event.event, %why, "webhook given up");
				return false;
			}
			Outcome::TryAgain(why) => {
				debug!(url = %hook.url, event = %hook.event.event, attempt, %why, "webhook failed");
			}
		}
		if attempt < bounds.attempts {
			tokio::time::sleep(pause).await;
			pause = pause.saturating_mul(2).min(bounds.longest_pause);
		}
	}
	false
}
