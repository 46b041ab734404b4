//! How long packets take through the engine: from reading a datagram to the end of sending what was forwarded of it.
//!
//! Packets that `str0m` paces leave later than that; they are counted with the datagram that they came in, not with the
//! one that let them go. Nothing is allocated, and the clock is read once for each datagram that was forwarded.

use serde::Serialize;
use std::time::Duration;

/// Upper bounds of the buckets in microseconds; one bucket more is for what is above.
const BOUNDS: [u32; 23] = [
	10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500,
	10_000, 20_000, 50_000, 100_000, 250_000, 1_000_000,
];
const BUCKETS: usize = BOUNDS.len() + 1;

/// Counts of packets by the time they took. Plain numbers: made to be copied.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Latency {
	counts: [u64; BUCKETS],
	nanos: u64,
}

/// What is shown of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LatencyView {
	/// Packets.
	pub packets: u64,
	/// Mean time in microseconds.
	pub mean_us: f64,
	/// Half took at most so long, in microseconds; absent if unknown.
	pub p50_us: Option<u32>,
	/// 99 % took at most so long.
	pub p99_us: Option<u32>,
}

impl Latency {
	/// So many packets took so long.
	pub fn record(&mut self, took: Duration, packets: u64) {
		let micros = took.as_micros();
		let bucket = BOUNDS.partition_point(|bound| u128::from(*bound) < micros);
		if let Some(count) = self.counts.get_mut(bucket) {
			*count = count.saturating_add(packets);
		}
		let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
		self.nanos = self.nanos.saturating_add(nanos.saturating_mul(packets));
	}

	/// Packets so far.
	pub fn packets(&self) -> u64 {
		self.counts.iter().fold(0, |sum, n| sum.saturating_add(*n))
	}

	/// Sum of all times in seconds.
	pub fn seconds(&self) -> f64 {
		self.nanos as f64 / 1e9
	}

	/// Upper bound in seconds and packets of each bucket; the last one's is [`f64::INFINITY`].
	pub fn buckets(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
		let bounds = BOUNDS.iter().map(|micros| f64::from(*micros) / 1e6);
		bounds.chain([f64::INFINITY]).zip(self.counts.iter().copied())
	}

	fn quantile(&self, share: f64) -> Option<u32> {
		let wanted = (self.packets() as f64 * share).ceil().max(1.0) as u64;
		let mut sum = 0u64;
		let bucket = self.counts.iter().position(|count| {
			sum = sum.saturating_add(*count);
			sum >= wanted
		});
		BOUNDS.get(bucket?).copied()
	}

	/// What is shown of it.
	pub fn view(&self) -> LatencyView {
		let packets = self.packets();
		LatencyView {
			packets,
			mean_us: self.nanos as f64 / 1e3 / packets.max(1) as f64,
			p50_us: self.quantile(0.5),
			p99_us: self.quantile(0.99),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn packets_are_counted_in_the_bucket_that_holds_their_time() {
		let mut l = Latency::default();
		assert_eq!((l.packets(), l.view().p50_us), (0, None));
		l.record(Duration::from_micros(10), 98);
		l.record(Duration::from_micros(11), 1);
		l.record(Duration::from_secs(2), 1);
		let counts: Vec<u64> = l.buckets().map(|b| b.1).collect();
		assert_eq!((counts[0], counts[1], counts[BUCKETS - 1], l.packets()), (98, 1, 1, 100));
		let view = l.view();
		assert_eq!((view.packets, view.p50_us, view.p99_us), (100, Some(10), Some(20)));
		assert!((l.seconds() - 2.000_991).abs() < 1e-9, "{}", l.seconds());
		assert!((view.mean_us - 20_009.91).abs() < 1e-3, "{}", view.mean_us);
		assert_eq!(l.buckets().next().map(|b| b.0), Some(0.000_01));
		assert_eq!(l.buckets().last().map(|b| b.0), Some(f64::INFINITY));
	}

	#[test]
	fn longer_than_the_longest_has_no_bound() {
		let mut l = Latency::default();
		l.record(Duration::from_secs(2), 3);
		assert_eq!((l.view().p50_us, l.packets()), (None, 3));
	}
}
