//! Times in buckets of at most 3 % of their value.

/// Buckets for each power of two.
const FINE: u64 = 64;
/// Powers of two above the linear part.
const POWERS: usize = 34;

/// Counts of times in microseconds.
#[derive(Clone, Debug)]
pub(super) struct Histogram {
	counts: Vec<u64>,
	count: u64,
	max: u64,
}

impl Default for Histogram {
	fn default() -> Self {
		Self { counts: vec![0; FINE as usize * POWERS], count: 0, max: 0 }
	}
}

impl Histogram {
	pub(super) fn record(&mut self, micros: u64) {
		let index = index(micros).min(self.counts.len().saturating_sub(1));
		if let Some(count) = self.counts.get_mut(index) {
			*count = count.saturating_add(1);
		}
		self.count = self.count.saturating_add(1);
		self.max = self.max.max(micros);
	}

	pub(super) fn count(&self) -> u64 {
		self.count
	}

	pub(super) fn max(&self) -> u64 {
		self.max
	}

	/// The time, in microseconds, that this share of all was not above of; `None` if there are none.
	pub(super) fn quantile(&self, share: f64) -> Option<u64> {
		let wanted = ((self.count as f64 * share).ceil() as u64).clamp(1, self.count.max(1));
		let mut sum = 0u64;
		self.counts.iter().enumerate().find_map(|(index, count)| {
			sum = sum.saturating_add(*count);
			(sum >= wanted).then(|| lowest(index).min(self.max))
		})
	}
}

fn index(micros: u64) -> usize {
	if micros < FINE {
		return micros as usize;
	}
	// `FINE` steps for each power of two: the six bits after the highest one.
	let power = u64::from(micros.ilog2()).saturating_sub(5);
	let step = micros.checked_shr(power as u32).unwrap_or(0).saturating_sub(FINE / 2);
	(FINE / 2).saturating_mul(power).saturating_add(FINE / 2).saturating_add(step) as usize
}

fn lowest(index: usize) -> u64 {
	let index = index as u64;
	if index < FINE {
		return index;
	}
	let half = FINE / 2;
	let power = index.saturating_sub(half) / half;
	let step = index.saturating_sub(half) % half;
	half.saturating_add(step).checked_shl(power as u32).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn buckets_are_narrow_and_in_order() {
		for micros in (0..5_000).chain([65_535, 65_536, 1_000_000, 123_456_789]) {
			let low = lowest(index(micros));
			let high = lowest(index(micros) + 1);
			assert!(low <= micros && micros < high, "{low} {micros} {high}");
			assert!(high - low <= 1 + micros / 32, "{low} {high}");
		}
	}

	#[test]
	fn quantiles_are_those_of_what_was_recorded() {
		let mut h = Histogram::default();
		assert_eq!(h.quantile(0.5), None);
		(1..=100).for_each(|n| h.record(n));
		assert_eq!((h.quantile(0.5), h.quantile(0.01), h.count()), (Some(50), Some(1), 100));
		let top = h.quantile(0.99).unwrap();
		assert!((96..=99).contains(&top), "{top}");
		assert_eq!((h.quantile(1.0).unwrap() <= h.max(), h.max()), (true, 100));
	}
}
