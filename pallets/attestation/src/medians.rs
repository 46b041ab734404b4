//! From samples to one figure a metric. Pure.
//!
//! A verifier's weight is capped over *all* of its pooled samples together, not report by report: in
//! a small network the same verifier meets a target again and again, and a cap on each report would
//! let it add up. What is above the cap is cut from each of its samples in proportion.

use crate::Sample;
use alloc::{collections::BTreeMap, vec::Vec};
use dtel_math::{
	money::share_floor,
	robust::{weight_cap, weighted_median},
};
use dtel_primitives::{report::Measurement, BasisPoints, NodeId};

/// The medians of a pool of samples.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Medians {
	pub loss: BasisPoints,
	pub jitter_us: u32,
	pub rtt_us: u32,
	pub mos_centi: u16,
	pub video: BasisPoints,
	pub availability: BasisPoints,
	pub kbps: u32,
}

/// The weighted medians of a pool; nothing of an empty one.
///
/// A sample that found its target down counts as the worst that there is, except for times: it has
/// measured none. Times of a pool in which every sample did are zero.
pub(crate) fn medians(samples: &[Sample], cap: BasisPoints) -> Option<Medians> {
	let weighed = weigh(samples, cap);
	let times = |value: fn(&Measurement) -> u32| {
		median(weighed.iter().filter(|(m, _)| !m.is_down()), value).unwrap_or(0)
	};
	Some(Medians {
		loss: median(&weighed, |m| m.loss)?,
		jitter_us: times(|m| m.jitter_us),
		rtt_us: times(|m| m.rtt_us),
		mos_centi: median(&weighed, |m| m.mos_centi)?,
		video: median(&weighed, |m| m.video)?,
		availability: median(&weighed, Measurement::availability)?,
		kbps: median(&weighed, |m| m.down_kbps)?,
	})
}

fn median<'a, V: Ord + Copy>(
	weighed: impl IntoIterator<Item = &'a (Measurement, u128)>,
	value: impl Fn(&Measurement) -> V,
) -> Option<V> {
	let mut values: Vec<_> = weighed.into_iter().map(|(m, w)| (value(m), *w)).collect();
	weighted_median(&mut values)
}

/// Each measurement with what it weighs after the cap.
fn weigh(samples: &[Sample], cap: BasisPoints) -> Vec<(Measurement, u128)> {
	let mut sums = BTreeMap::<NodeId, u128>::new();
	for sample in samples {
		let sum = sums.entry(sample.verifier).or_default();
		*sum = sum.saturating_add(sample.weight);
	}
	let level = weight_cap(&sums.values().copied().collect::<Vec<_>>(), cap.parts());
	samples
		.iter()
		.map(|sample| {
			let sum = sums.get(&sample.verifier).copied().unwrap_or(0);
			let weight = if sum > level {
				share_floor(level, sample.weight, sum).unwrap_or(0).max(1)
			} else {
				sample.weight
			};
			(sample.measurement, weight)
		})
		.collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	fn bp(parts: u16) -> BasisPoints {
		BasisPoints::new(parts).unwrap()
	}

	fn sample(verifier: NodeId, weight: u128, kbps: u32) -> Sample {
		let measurement = Measurement {
			calls_tried: 4,
			calls_up: 3,
			setup_ms: 100,
			loss: bp(100),
			jitter_us: 1_000,
			rtt_us: kbps,
			mos_centi: 430,
			video: bp(9_000),
			up_kbps: 2_000,
			down_kbps: kbps,
			..Measurement::down(7, 4)
		};
		Sample { verifier, weight, measurement }
	}

	fn down(verifier: NodeId, weight: u128) -> Sample {
		Sample { verifier, weight, measurement: Measurement::down(7, 2) }
	}

	#[test]
	fn an_empty_pool_has_no_medians() {
		assert_eq!(medians(&[], bp(2_000)), None);
	}

	#[test]
	fn every_metric_is_taken_when_one_sample_is_all() {
		assert_eq!(
			medians(&[sample(1, 5, 1_234)], bp(2_000)),
			Some(Medians {
				loss: bp(100),
				jitter_us: 1_000,
				rtt_us: 1_234,
				mos_centi: 430,
				video: bp(9_000),
				availability: bp(7_500),
				kbps: 1_234,
			})
		);
	}

	#[test]
	fn a_whale_weighs_no_more_than_its_cap() {
		// Nine of weight 100 see 100 … 900, a whale of 10,000 sees 9,999. By stake alone it would be
		// the median; capped to a fifth (225 of 1,125) the half of 563 is reached at the sixth.
		let mut pool: Vec<_> = (1..=9).map(|v| sample(v, 100, v * 100)).collect();
		pool.push(sample(10, 10_000, 9_999));
		assert_eq!(medians(&pool, bp(2_000)).unwrap().kbps, 600);
		assert_eq!(medians(&pool, BasisPoints::ONE).unwrap().kbps, 9_999);
	}

	#[test]
	fn many_reports_of_one_verifier_count_as_one_voice() {
		// The same whale in ten slices, none of which is above the cap by itself.
		let mut pool: Vec<_> = (1..=9).map(|v| sample(v, 100, v * 100)).collect();
		pool.extend((0..10).map(|_| sample(10, 1_000, 9_999)));
		assert_eq!(medians(&pool, bp(2_000)).unwrap().kbps, 600);
	}

	#[test]
	fn who_found_it_down_lowers_all_but_times() {
		let pool = [down(1, 1), down(2, 1), sample(3, 1, 500)];
		let found = medians(&pool, bp(2_000)).unwrap();
		assert_eq!(found.availability, BasisPoints::ZERO);
		assert_eq!((found.loss, found.mos_centi, found.kbps), (BasisPoints::ONE, 100, 0));
		assert_eq!((found.rtt_us, found.jitter_us), (500, 1_000));
		let found = medians(&pool[..2], bp(2_000)).unwrap();
		assert_eq!((found.rtt_us, found.jitter_us), (0, 0));
	}

	#[test]
	fn planck_stakes_still_weigh() {
		// Fifteen reports of one planck each against one of one: the cap of one planck would round
		// every share to nothing.
		let mut pool: Vec<_> = (0..15).map(|_| sample(1, 1, 100)).collect();
		pool.push(sample(2, 1, 900));
		assert_eq!(medians(&pool, bp(2_000)).unwrap().kbps, 100);
	}
}
