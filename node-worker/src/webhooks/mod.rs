//! Webhooks: apps are told what happens in their rooms, at the URL that their tokens name (`webHookURL`).
//!
//! A request is a POST of LiveKit's `WebhookEvent` as JSON. Its `Authorization` is a token of this node's `media` key
//! (`EdDSA`) with the SHA-256 of the body: the receiver checks that the key is a registered node's. Events for one URL
//! are delivered one after the other in their order; one that fails is tried again with growing pauses, and given up
//! after the last attempt. Everything is bounded: URLs at a time, events that wait, attempts, time, what is read of an
//! answer.

mod message;
mod send;
mod target;

pub use message::{sign, Signed};
pub use send::{Outcome, Sender};
pub use target::{Policy, Refused, Target};

use crate::{engine::Hook, metrics::Metrics};
use ed25519_dalek::SigningKey;
use std::{
	collections::{HashMap, VecDeque},
	sync::Arc,
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

/// Events for one URL.
#[derive(Default)]
struct Lane {
	waiting: VecDeque<Hook>,
	/// Events that were dropped since the last one that went out.
	dropped: i32,
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
}

impl Webhooks {
	/// Runs until the events end, or until `stop` becomes true and what waits has been tried.
	pub async fn run(self, mut hooks: mpsc::Receiver<Hook>, mut stop: watch::Receiver<bool>) {
		let mut lanes = HashMap::<Arc<str>, Lane>::new();
		let mut sending = JoinSet::new();
		loop {
			tokio::select! {
				hook = hooks.recv() => match hook {
					Some(hook) => self.take(hook, &mut lanes, &mut sending),
					None => break,
				},
				Some(done) = sending.join_next() => self.next(done, &mut lanes, &mut sending),
				_ = stop.wait_for(|stop| *stop) => break,
			}
		}
		// What the engine said while it stopped.
		while let Ok(hook) = hooks.try_recv() {
			self.take(hook, &mut lanes, &mut sending);
		}
		let rest = async {
			while let Some(done) = sending.join_next().await {
				self.next(done, &mut lanes, &mut sending);
			}
		};
		if tokio::time::timeout(self.bounds.linger, rest).await.is_err() {
			let waiting = lanes.values().map(|lane| lane.waiting.len()).sum::<usize>();
			warn!(urls = lanes.len(), waiting, "webhooks were not all delivered");
		}
	}

	fn take(
		&self,
		hook: Hook,
		lanes: &mut HashMap<Arc<str>, Lane>,
		sending: &mut JoinSet<Arc<str>>,
	) {
		if let Some(lane) = lanes.get_mut(&hook.url) {
			if lane.waiting.len() < self.bounds.queue {
				lane.waiting.push_back(hook);
			} else {
				lane.dropped = lane.dropped.saturating_add(1);
				self.metrics.webhook("dropped");
			}
		} else if lanes.len() < self.bounds.urls {
			lanes.insert(Arc::clone(&hook.url), Lane::default());
			sending.spawn(self.deliver(hook));
		} else {
			debug!(url = %hook.url, "webhook dropped: too many URLs");
			self.metrics.webhook("dropped");
		}
	}

	/// One URL is free for its next event.
	#[allow(deprecated)] // Receivers read `num_dropped` nevertheless.
	fn next(
		&self,
		done: Result<Arc<str>, tokio::task::JoinError>,
		lanes: &mut HashMap<Arc<str>, Lane>,
		sending: &mut JoinSet<Arc<str>>,
	) {
		// A delivery does not panic; a lane whose one did would stay and take events until it is full.
		let Ok(url) = done else { return };
		let Some(lane) = lanes.get_mut(&url) else { return };
		match lane.waiting.pop_front() {
			Some(mut hook) => {
				hook.event.num_dropped = std::mem::take(&mut lane.dropped);
				sending.spawn(self.deliver(hook));
			}
			None => drop(lanes.remove(&url)),
		}
	}

	/// One event with all its attempts; gives its URL back.
	fn deliver(&self, hook: Hook) -> impl std::future::Future<Output = Arc<str>> + Send + use<> {
		let (sender, bounds) = (Arc::clone(&self.sender), self.bounds);
		let (metrics, key) = (Arc::clone(&self.metrics), self.key.clone());
		async move {
			let url = Arc::clone(&hook.url);
			let accepted = attempts(&sender, &bounds, &key, hook).await;
			metrics.webhook(if accepted { "delivered" } else { "failed" });
			url
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
