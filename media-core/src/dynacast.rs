//! Which layers of a published track anybody wants: told at once when more is wanted, after a while when less is.

use std::time::{Duration, Instant};

/// The highest wanted layer of one track, as its publisher was told. `None`: nobody wants anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WantedLayer {
	told: Option<Option<u8>>,
	lower_since: Option<Instant>,
}

impl WantedLayer {
	/// Takes in what is wanted now. Gives what the publisher has to be told, if anything.
	pub fn update(
		&mut self,
		now: Instant,
		wanted: Option<u8>,
		delay: Duration,
	) -> Option<Option<u8>> {
		match self.told {
			Some(told) if wanted == told => {
				self.lower_since = None;
				return None;
			}
			Some(told) if wanted < told => {
				let since = *self.lower_since.get_or_insert(now);
				if now.saturating_duration_since(since) < delay {
					return None;
				}
			}
			// A publisher sends everything until it is told otherwise: nobody there yet is no news for a while.
			None if wanted.is_none() => {
				let since = *self.lower_since.get_or_insert(now);
				if now.saturating_duration_since(since) < delay {
					return None;
				}
			}
			_ => {}
		}
		self.lower_since = None;
		self.told = Some(wanted);
		Some(wanted)
	}

	/// What the publisher was told last: `None` before anything was, the inner one if nobody wants anything.
	pub fn told(&self) -> Option<Option<u8>> {
		self.told
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const DELAY: Duration = Duration::from_secs(5);

	#[test]
	fn raises_at_once_and_lowers_after_the_delay() {
		let t = Instant::now();
		let s = Duration::from_secs;
		let mut w = WantedLayer::default();
		assert_eq!(w.update(t, Some(0), DELAY), Some(Some(0)));
		assert_eq!(w.update(t, Some(2), DELAY), Some(Some(2)));
		assert_eq!(w.update(t, Some(2), DELAY), None);
		assert_eq!(w.update(t + s(1), Some(1), DELAY), None);
		assert_eq!(w.update(t + s(5), None, DELAY), None);
		assert_eq!(w.update(t + s(6), None, DELAY), Some(None));
		assert_eq!(w.update(t + s(6), Some(0), DELAY), Some(Some(0)));
	}

	#[test]
	fn stays_when_it_is_wanted_again_in_time() {
		let t = Instant::now();
		let s = Duration::from_secs;
		let mut w = WantedLayer::default();
		w.update(t, Some(2), DELAY);
		assert_eq!(w.update(t + s(1), Some(0), DELAY), None);
		assert_eq!(w.update(t + s(3), Some(2), DELAY), None);
		assert_eq!(w.update(t + s(7), Some(0), DELAY), None);
		assert_eq!(w.update(t + s(12), Some(0), DELAY), Some(Some(0)));
	}

	#[test]
	fn lone_publisher_is_stopped_after_the_delay() {
		let t = Instant::now();
		let mut w = WantedLayer::default();
		assert_eq!(w.update(t, None, DELAY), None);
		assert_eq!(w.told(), None);
		assert_eq!(w.update(t + DELAY, None, DELAY), Some(None));
	}

	proptest! {
		#[test]
		fn told_is_never_below_wanted(steps in proptest::collection::vec((0u64..4_000, proptest::option::of(0u8..3)), 1..100)) {
			let (mut w, mut now) = (WantedLayer::default(), Instant::now());
			for (wait, wanted) in steps {
				now += Duration::from_millis(wait);
				w.update(now, wanted, DELAY);
				prop_assert!(w.told().is_none_or(|told| told >= wanted));
			}
		}
	}
}
