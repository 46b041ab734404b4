//! Token buckets by address or key, in bounded memory.

use std::{
	collections::HashMap,
	hash::Hash,
	time::{Duration, Instant},
};

/// How often somebody may ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
	/// On average.
	pub per_second: f64,
	/// At once.
	pub burst: f64,
}

struct Bucket {
	level: f64,
	at: Instant,
}

impl Bucket {
	fn take(&mut self, rate: Rate, now: Instant) -> bool {
		let passed = now.saturating_duration_since(self.at).as_secs_f64();
		self.level = (self.level + passed * rate.per_second).min(rate.burst);
		self.at = now.max(self.at);
		let enough = self.level >= 1.0;
		if enough {
			self.level -= 1.0;
		}
		enough
	}

	fn is_full(&self, rate: Rate, now: Instant) -> bool {
		let passed = now.saturating_duration_since(self.at).as_secs_f64();
		self.level + passed * rate.per_second >= rate.burst
	}
}

/// Buckets of at most so many askers. Those that have been quiet for long enough are forgotten when the place is
/// needed; newcomers for whom there is none share one bucket.
pub struct Buckets<K> {
	rate: Rate,
	capacity: usize,
	buckets: HashMap<K, Bucket>,
	shared: Option<Bucket>,
	swept: Option<Instant>,
}

/// Between two searches for buckets that can be forgotten: each looks at all.
const SWEEP: Duration = Duration::from_secs(1);

impl<K: Eq + Hash> Buckets<K> {
	/// For `capacity` askers.
	pub fn new(rate: Rate, capacity: usize) -> Self {
		Self { rate, capacity, buckets: HashMap::new(), shared: None, swept: None }
	}

	/// Whether `who` may ask now; it counts if so.
	pub fn take(&mut self, who: K, now: Instant) -> bool {
		let rate = self.rate;
		let full = || Bucket { level: rate.burst, at: now };
		if !self.buckets.contains_key(&who) && self.buckets.len() >= self.capacity {
			self.sweep(now);
			if self.buckets.len() >= self.capacity {
				return self.shared.get_or_insert_with(full).take(rate, now);
			}
		}
		self.buckets.entry(who).or_insert_with(full).take(rate, now)
	}

	fn sweep(&mut self, now: Instant) {
		if self.swept.is_some_and(|at| now.saturating_duration_since(at) < SWEEP) {
			return;
		}
		self.swept = Some(now);
		let rate = self.rate;
		self.buckets.retain(|_, bucket| !bucket.is_full(rate, now));
	}

	/// Askers that are remembered.
	pub fn len(&self) -> usize {
		self.buckets.len()
	}

	/// Whether nobody is.
	pub fn is_empty(&self) -> bool {
		self.buckets.is_empty()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const RATE: Rate = Rate { per_second: 2.0, burst: 5.0 };

	fn times(buckets: &mut Buckets<u32>, who: u32, now: Instant) -> usize {
		(0..1_000).take_while(|_| buckets.take(who, now)).count()
	}

	#[test]
	fn a_burst_and_then_the_rate() {
		let (mut buckets, start) = (Buckets::new(RATE, 10), Instant::now());
		let after = |ms| start + Duration::from_millis(ms);
		assert_eq!(times(&mut buckets, 1, start), 5);
		assert_eq!(times(&mut buckets, 1, after(499)), 0);
		assert_eq!(times(&mut buckets, 1, after(500)), 1);
		assert_eq!(times(&mut buckets, 1, after(1_500)), 2);
		assert_eq!(times(&mut buckets, 2, after(1_500)), 5);
		assert_eq!(times(&mut buckets, 1, after(3_600_000)), 5);
		// A clock that goes back gives nothing.
		assert_eq!(times(&mut buckets, 1, start), 0);
	}

	#[test]
	fn a_flood_of_askers_costs_bounded_memory_and_shares_one_bucket() {
		let (mut buckets, start) = (Buckets::new(RATE, 100), Instant::now());
		for who in 0..100 {
			assert!(buckets.take(who, start));
		}
		let strangers = (100..10_000).filter(|who| buckets.take(*who, start)).count();
		assert_eq!((strangers, buckets.len()), (5, 100));
		// Who was there before is not harmed.
		assert_eq!(times(&mut buckets, 7, start), 4);
		// Those that were quiet make place.
		assert!(buckets.take(20_000, start + Duration::from_secs(10)));
		assert_eq!(buckets.len(), 1);
	}
}
