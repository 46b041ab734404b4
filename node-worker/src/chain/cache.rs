//! Bounded memory of what the chain said about keys.

use super::Issuer;
use std::{
	collections::HashMap,
	time::{Duration, Instant},
};

/// Keys that are remembered at most.
const CAPACITY: usize = 4_096;
/// How long an answer counts.
const FRESH: Duration = Duration::from_secs(6);
/// How long a good answer may be used while the chain cannot be asked.
const STALE: Duration = Duration::from_secs(300);

/// Answers by key.
#[derive(Default)]
pub(super) struct Cache {
	entries: HashMap<[u8; 32], (Issuer, Instant)>,
}

impl Cache {
	/// An answer that is fresh.
	pub fn fresh(&self, key: &[u8; 32], now: Instant) -> Option<Issuer> {
		self.younger_than(FRESH, key, now)
	}

	/// A good answer that may serve while there is no better one.
	pub fn stale(&self, key: &[u8; 32], now: Instant) -> Option<Issuer> {
		self.younger_than(STALE, key, now).filter(|issuer| *issuer != Issuer::Unknown)
	}

	fn younger_than(&self, age: Duration, key: &[u8; 32], now: Instant) -> Option<Issuer> {
		let (issuer, at) = self.entries.get(key)?;
		(now.saturating_duration_since(*at) < age).then_some(*issuer)
	}

	/// Remembers an answer. When full, first what nobody would use any more goes, then unknown keys, then all:
	/// a flood of strangers' keys costs memory within the bound and never pushes out the good ones first.
	pub fn insert(&mut self, key: [u8; 32], issuer: Issuer, now: Instant) {
		if self.entries.len() >= CAPACITY && !self.entries.contains_key(&key) {
			self.entries.retain(|_, (_, at)| now.saturating_duration_since(*at) < STALE);
			if self.entries.len() >= CAPACITY {
				self.entries.retain(|_, (issuer, _)| *issuer != Issuer::Unknown);
			}
			if self.entries.len() >= CAPACITY {
				self.entries.clear();
			}
		}
		self.entries.insert(key, (issuer, now));
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn key(n: usize) -> [u8; 32] {
		let mut key = [0; 32];
		key[..8].copy_from_slice(&n.to_le_bytes());
		key
	}

	#[test]
	fn answers_age() {
		let (mut cache, now) = (Cache::default(), Instant::now());
		cache.insert(key(1), Issuer::Node, now);
		cache.insert(key(2), Issuer::Unknown, now);
		assert_eq!(cache.fresh(&key(1), now + FRESH / 2), Some(Issuer::Node));
		assert_eq!(cache.fresh(&key(2), now), Some(Issuer::Unknown));
		assert_eq!(cache.fresh(&key(1), now + FRESH), None);
		assert_eq!(cache.stale(&key(1), now + FRESH), Some(Issuer::Node));
		assert_eq!(cache.stale(&key(2), now + FRESH), None);
		assert_eq!(cache.stale(&key(1), now + STALE), None);
	}

	#[test]
	fn strangers_never_push_out_known_keys() {
		let (mut cache, now) = (Cache::default(), Instant::now());
		cache.insert(key(0), Issuer::Node, now);
		for n in 1..3 * CAPACITY {
			cache.insert(key(n), Issuer::Unknown, now);
			assert!(cache.entries.len() <= CAPACITY);
		}
		assert_eq!(cache.fresh(&key(0), now), Some(Issuer::Node));
	}
}
