//! When transports want to be called.
//!
//! A transport's deadline moves with almost every packet, mostly further away. So it is kept in the transport, and here
//! only the earliest time at which it has to be looked at: an entry that comes too early is put in again for the deadline
//! that holds by then. That costs a wake-up now and then, and nothing for a packet.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use super::types::ParticipantId;
use super::TransportKey;
use crate::TransportKind;

/// No entry lies further ahead. Entries that an earlier one replaced stay until their time has come, so this bounds them.
const HORIZON: Duration = Duration::from_secs(5);

/// Times at which transports have to be looked at, the earliest first.
#[derive(Debug, Default)]
pub(super) struct Timers(BinaryHeap<Reverse<(Instant, ParticipantId, TransportKind)>>);

impl Timers {
	/// Sees to it that a transport is looked at no later than `at` (or the horizon). `queued` is the transport's note of its
	/// earliest entry.
	pub(super) fn set(
		&mut self,
		now: Instant,
		key: TransportKey,
		at: Instant,
		queued: &mut Option<Instant>,
	) {
		let at = at.min(now + HORIZON);
		if queued.is_none_or(|earlier| at < earlier) {
			*queued = Some(at);
			self.0.push(Reverse((at, key.0, key.1)));
		}
	}

	/// The earliest time.
	pub(super) fn first(&self) -> Option<Instant> {
		self.0.peek().map(|Reverse(entry)| entry.0)
	}

	/// An entry whose time has come; it counts if the transport's note says the same time.
	pub(super) fn due(&mut self, now: Instant) -> Option<(Instant, TransportKey)> {
		let Reverse((at, id, kind)) = self.0.peek().copied().filter(|Reverse(e)| e.0 <= now)?;
		self.0.pop();
		Some((at, (id, kind)))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const KEY: TransportKey = (ParticipantId(1), TransportKind::Publisher);

	#[test]
	fn deadline_that_moves_away_costs_no_entry() {
		let t = Instant::now();
		let ms = |ms| t + Duration::from_millis(ms);
		let (mut timers, mut queued) = (Timers::default(), None);
		for at in [10, 20, 15, 10, 500] {
			timers.set(t, KEY, ms(at), &mut queued);
		}
		assert_eq!((timers.0.len(), timers.first(), queued), (1, Some(ms(10)), Some(ms(10))));
		timers.set(t, KEY, ms(5), &mut queued);
		assert_eq!((timers.0.len(), timers.first()), (2, Some(ms(5))));
		assert_eq!(timers.due(ms(4)), None);
		assert_eq!(timers.due(ms(6)), Some((ms(5), KEY)));
		// The other one is none of the transport's any more.
		assert_eq!(timers.due(ms(11)), Some((ms(10), KEY)));
		assert_eq!((timers.due(ms(11)), timers.first()), (None, None));
	}

	#[test]
	fn far_deadlines_are_looked_at_again_at_the_horizon() {
		let t = Instant::now();
		let (mut timers, mut queued) = (Timers::default(), None);
		timers.set(t, KEY, t + 1_000 * HORIZON, &mut queued);
		assert_eq!((timers.first(), queued), (Some(t + HORIZON), Some(t + HORIZON)));
	}
}
