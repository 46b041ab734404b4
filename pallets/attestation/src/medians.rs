//! From samples to one figure a metric, and which samples are too far from it. Pure.
//!
//! The weight of an operator is capped over *all* pooled samples of its verifiers together, not report by report: in
//! a small network the same verifier meets a target again and again, and a cap on each report, or each node, would
//! let it add up. What is above the cap is cut from each of its samples in proportion.

use crate::{types::Voice, Pooled};
use alloc::vec::Vec;
use dtel_math::{
	money::share_floor,
	robust::{tolerance, weight_cap, weighted_median, weighted_quantile},
	score::score_floor,
};
use dtel_primitives::{
	api::{Outcome, Verdict},
	report::{Measurement, ReleaseVersion, SelfReport},
	BasisPoints,
};
use sp_runtime::SaturatedConversion;

/// A sample may be off by so many times the median distance from the median: about two standard deviations, were the samples
/// distributed normally, which they are not when a third lies: then that distance grows, and with it the room.
const TOLERANCE: u32 = 3;
/// It may always be off by so much of the score, in parts of ten thousand.
const LEAST_SCORE_TOLERANCE: u32 = 500;
/// It may always be off by this part of the bandwidth: one in so many.
const LEAST_KBPS_TOLERANCE: u32 = 7;
/// No operator has a larger share of a median, in parts of ten thousand.
const MOST_SHARE: u16 = 2_000;
/// The part of the samples below the bandwidth that a node is paid by which declared more than it gives, in parts of ten thousand.
const LOW_KBPS: u32 = 4_000;
/// By how much a node's own figures may be better than the attested ones: loss in parts of ten thousand, MOS in hundredths.
const SELF_TOLERANCE: (u16, u16) = (300, 50);

/// A measurement and what it weighs after the cap.
pub(crate) type Weighed = (Measurement, u128);

/// The medians of a pool of samples.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Medians {
	pub setup_ms: u32,
	pub loss: BasisPoints,
	pub jitter_us: u32,
	pub rtt_min_us: u32,
	pub rtt_us: u32,
	pub rtt_p95_us: u32,
	pub mos_centi: u16,
	pub video: BasisPoints,
	pub availability: BasisPoints,
	pub up_kbps: u32,
	pub kbps: u32,
	pub version: ReleaseVersion,
}

/// The weighted medians of a pool; nothing of an empty one.
///
/// A sample that found its target down counts as the worst that there is, except for times and version: it has
/// seen none. These are zero of a pool in which every sample did.
pub(crate) fn medians(weighed: &[Weighed]) -> Option<Medians> {
	let share = |parts: u16| BasisPoints::saturating(parts.into());
	let times = |value: fn(&Measurement) -> u32| {
		median(weighed.iter().filter(|(m, _)| !m.is_down()), value).unwrap_or(0)
	};
	Some(Medians {
		setup_ms: times(|m| m.setup_ms),
		loss: share(median(weighed, |m| m.loss.parts())?),
		jitter_us: times(|m| m.jitter_us),
		rtt_min_us: times(|m| m.rtt_min_us),
		rtt_us: times(|m| m.rtt_us),
		rtt_p95_us: times(|m| m.rtt_p95_us),
		mos_centi: median(weighed, |m| m.mos_centi)?,
		video: share(median(weighed, |m| m.video.parts())?),
		availability: share(median(weighed, |m| m.availability().parts())?),
		up_kbps: median(weighed, |m| m.up_kbps)?,
		kbps: median(weighed, |m| m.down_kbps)?,
		version: median(weighed.iter().filter(|(m, _)| !m.is_down()), |m| m.version.number())
			.map_or_else(ReleaseVersion::default, ReleaseVersion::from_number),
	})
}

/// The bandwidth that six of ten samples found, by weight.
///
/// Who declared what it gives is paid by that, as long as the median is near. Who declared more is paid by what was measured, and could let a third
/// that praises move that up: of the median to the 0.75 quantile of what the others saw, of this to the 0.6 quantile.
pub(crate) fn low_kbps(weighed: &[Weighed]) -> u32 {
	let values: Vec<_> = weighed.iter().map(|(m, weight)| (m.down_kbps, *weight)).collect();
	weighted_quantile(&values, LOW_KBPS).unwrap_or(0)
}

fn median<'a, V: Copy + Into<u64>>(
	weighed: impl IntoIterator<Item = &'a Weighed>,
	value: impl Fn(&Measurement) -> V,
) -> Option<V> {
	let values: Vec<_> = weighed.into_iter().map(|(m, w)| (value(m), *w)).collect();
	weighted_median(&values)
}

/// The largest share of one of so many operators, in parts of ten thousand: twice the average, but a fifth at most. `least` in large pools.
fn cap_of(voices: usize, least: BasisPoints) -> u16 {
	let twice = 20_000usize.checked_div(voices).unwrap_or(0).min(MOST_SHARE.into());
	least.parts().max(twice.saturated_into())
}

/// Each measurement with what it weighs after the cap, in the order of the samples.
pub(crate) fn weigh(samples: &[Pooled], cap: BasisPoints) -> Vec<Weighed> {
	// Sorted by voice, each once, with the sum of its weights.
	let mut sums: Vec<(Voice, u128)> =
		samples.iter().map(|Pooled { sample, .. }| (sample.voice, sample.weight)).collect();
	sums.sort_unstable_by_key(|(voice, _)| *voice);
	sums.dedup_by(|(voice, weight), (first, sum)| {
		let same = voice == first;
		if same {
			*sum = sum.saturating_add(*weight);
		}
		same
	});
	let cap = cap_of(sums.len(), cap);
	let level = weight_cap(&sums.iter().map(|(_, sum)| *sum).collect::<Vec<_>>(), cap);
	let sum_of = |voice: Voice| {
		let found = sums.binary_search_by_key(&voice, |(voice, _)| *voice).ok();
		found.and_then(|place| sums.get(place)).map_or(0, |(_, sum)| *sum)
	};
	samples
		.iter()
		.map(|Pooled { sample, .. }| {
			let sum = sum_of(sample.voice);
			let weight = if sum > level {
				share_floor(level, sample.weight, sum).unwrap_or(0).max(1)
			} else {
				sample.weight
			};
			(sample.measurement, weight)
		})
		.collect()
}

/// What the calls of a measurement were worth that came up: one of two that did not is half of what a verifier tried, and still no
/// sign that it lies.
fn score_of(m: &Measurement) -> u32 {
	if m.is_down() {
		return 0;
	}
	score_floor(BasisPoints::ONE, m.mos_centi, m.video).parts().into()
}

/// What is compared of a measurement, and how far it may always be off.
struct Figure {
	of: fn(&Measurement) -> u32,
	least_tolerance: fn(u32) -> u32,
}

const FIGURES: [Figure; 2] = [
	Figure { of: score_of, least_tolerance: |_| LEAST_SCORE_TOLERANCE },
	Figure {
		of: |m| m.down_kbps,
		least_tolerance: |middle| middle.checked_div(LEAST_KBPS_TOLERANCE).unwrap_or(0),
	},
];

/// Which of the newest samples are outside of the tolerance, as places among them: too far from the pool's median *and* from that of
/// the newest themselves, in score or in bandwidth.
///
/// Both, because a node may have changed: then those who say so stand apart from the pool, but not from each other. Of the newest each
/// counts alike: by stake a single heavy one would be its own committee's median.
pub(crate) fn outliers(pool: &[Weighed], newest: usize) -> Vec<usize> {
	let first = pool.len().saturating_sub(newest);
	let mut found = Vec::new();
	for Figure { of, least_tolerance } in FIGURES {
		let all: Vec<_> = pool.iter().map(|(m, w)| (of(m), *w)).collect();
		let current = all.get(first..).unwrap_or_default();
		let alike: Vec<_> = current.iter().map(|(value, _)| (*value, 1)).collect();
		let (Some(middle), Some(now)) = (weighted_median(&all), weighted_median(&alike)) else {
			continue;
		};
		let room = tolerance(&all, middle, TOLERANCE, least_tolerance(middle));
		// Around the newest its own room: a pool in which most found it down allows none.
		let room_now = room.max(least_tolerance(now));
		let is_off = |value: u32| value.abs_diff(middle) > room && value.abs_diff(now) > room_now;
		let off = current.iter().enumerate().filter(|(_, (value, _))| is_off(*value));
		found.extend(off.map(|(place, _)| place));
	}
	found.sort_unstable();
	found.dedup();
	found
}

/// Whether what a node that serves says of itself is better than what was attested by more than the tolerance.
pub(crate) fn boasts(own: &SelfReport, found: &Outcome) -> bool {
	if found.verdict != Verdict::Measured {
		return false;
	}
	let (loss, mos) = SELF_TOLERANCE;
	own.loss.parts().saturating_add(loss) < found.loss.parts()
		|| own.mos_centi > found.mos_centi.saturating_add(mos)
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::Sample;
	use dtel_primitives::NodeId;

	fn bp(parts: u16) -> BasisPoints {
		BasisPoints::new(parts).unwrap()
	}

	fn sample(verifier: NodeId, weight: u128, kbps: u32) -> Pooled {
		let measurement = Measurement {
			calls_tried: 4,
			calls_up: 3,
			setup_ms: 100,
			loss: bp(100),
			jitter_us: 1_000,
			rtt_min_us: kbps,
			rtt_us: kbps,
			rtt_p95_us: kbps,
			mos_centi: 430,
			video: bp(9_000),
			up_kbps: 2_000,
			down_kbps: kbps,
			..Measurement::down(7, 4)
		};
		Pooled { era: 3, sample: Sample { verifier, voice: verifier.into(), weight, measurement } }
	}

	fn down(verifier: NodeId, weight: u128) -> Pooled {
		let measurement = Measurement::down(7, 2);
		Pooled { era: 3, sample: Sample { verifier, voice: verifier.into(), weight, measurement } }
	}

	fn medians(samples: &[Pooled], cap: BasisPoints) -> Option<Medians> {
		super::medians(&weigh(samples, cap))
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
				setup_ms: 100,
				loss: bp(100),
				jitter_us: 1_000,
				rtt_min_us: 1_234,
				rtt_us: 1_234,
				rtt_p95_us: 1_234,
				mos_centi: 430,
				video: bp(9_000),
				availability: bp(7_500),
				up_kbps: 2_000,
				kbps: 1_234,
				version: ReleaseVersion::default(),
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
	fn the_cap_is_twice_the_average_share_within_its_bounds() {
		let cap = |voices| cap_of(voices, bp(300));
		assert_eq!(
			[0, 1, 5, 10, 20, 40, 66, 75].map(cap),
			[300, 2_000, 2_000, 2_000, 1_000, 500, 303, 300]
		);
		assert_eq!(cap_of(75, bp(2_500)), 2_500);
	}

	#[test]
	fn nodes_of_one_operator_are_one_voice() {
		let mut pool: Vec<_> = (1..=9).map(|v| sample(v, 100, v * 100)).collect();
		// Ten nodes of as much stake each as the others have.
		pool.extend((10..20).map(|v| sample(v, 100, 9_999)));
		assert_eq!(medians(&pool, bp(2_000)).unwrap().kbps, 9_999);
		pool.iter_mut().skip(9).for_each(|p| p.sample.voice = 99);
		assert_eq!(medians(&pool, bp(2_000)).unwrap().kbps, 600);
	}

	#[test]
	fn planck_stakes_still_weigh() {
		// Fifteen reports of one planck each against one of one: the cap of one planck would round
		// every share to nothing.
		let mut pool: Vec<_> = (0..15).map(|_| sample(1, 1, 100)).collect();
		pool.push(sample(2, 1, 900));
		assert_eq!(medians(&pool, bp(2_000)).unwrap().kbps, 100);
	}

	/// Ten samples of before and five of now.
	fn off(before: u32, now: [u32; 5]) -> Vec<usize> {
		let mut pool: Vec<_> = (0..10).map(|v| sample(v, 1, before + v)).collect();
		pool.extend(now.iter().zip(10..).map(|(kbps, v)| sample(v, 1, *kbps)));
		outliers(&weigh(&pool, BasisPoints::ONE), 5)
	}

	#[test]
	fn who_stands_apart_from_all_others_is_an_outlier() {
		assert!(off(1_000, [1_000, 1_005, 995, 1_010, 1_001]).is_empty());
		assert_eq!(off(1_000, [1_000, 1_005, 400, 1_010, 1_700]), [2, 4]);
		// A seventh of the bandwidth either way is within what is always allowed.
		assert!(off(1_000, [1_000, 1_005, 865, 1_010, 1_140]).is_empty());
		assert_eq!(off(1_000, [1_000, 1_005, 850, 1_010, 1_160]), [2, 4]);
	}

	#[test]
	fn who_sees_a_change_with_most_others_is_none() {
		assert!(off(1_000, [100, 101, 102, 100, 99]).is_empty());
		// Who goes on to say what the pool says is near to it. Who says neither is apart.
		assert_eq!(off(1_000, [100, 101, 102, 1_000, 9_000]), [4]);
	}

	#[test]
	fn who_finds_it_down_when_it_serves_is_an_outlier() {
		let mut pool: Vec<_> = (0..9).map(|v| sample(v, 1, 1_000)).collect();
		pool.push(down(9, 1));
		assert_eq!(outliers(&weigh(&pool, BasisPoints::ONE), 5), [4]);
		assert_eq!(outliers(&[], 5), Vec::<usize>::new());
		assert_eq!(outliers(&weigh(&pool[..1], BasisPoints::ONE), 9), Vec::<usize>::new());
	}

	#[test]
	fn who_measures_a_node_that_came_back_is_none() {
		let mut pool: Vec<_> = (0..40).map(|v| down(v, 10)).collect();
		pool.extend((40..45).zip([98, 99, 100, 101, 102]).map(|(v, kbps)| sample(v, 10, kbps)));
		assert_eq!(outliers(&weigh(&pool, BasisPoints::ONE), 5), Vec::<usize>::new());
		pool[44] = sample(44, 10, 9_000);
		assert_eq!(outliers(&weigh(&pool, BasisPoints::ONE), 5), [4]);
	}

	#[test]
	fn the_heaviest_of_a_committee_is_not_its_median() {
		let mut pool: Vec<_> = (0..60).map(|v| sample(v, 10, 1_000)).collect();
		pool.extend((60..64).map(|v| sample(v, 10, 1_000)));
		pool.push(sample(64, 100, 9_000));
		assert_eq!(outliers(&weigh(&pool, BasisPoints::ONE), 5), [4]);
	}

	#[test]
	fn a_node_that_praises_itself_boasts() {
		let verdict = Verdict::Measured;
		let found = Outcome { verdict, loss: bp(100), mos_centi: 430, ..Outcome::default() };
		let own = |loss, mos_centi| SelfReport {
			participants: 1,
			loss: bp(loss),
			jitter_us: 0,
			rtt_us: 0,
			mos_centi,
			up_kbps: 0,
			down_kbps: 0,
		};
		assert!(!boasts(&own(0, 480), &found) && boasts(&own(0, 481), &found));
		let bad = Outcome { loss: bp(400), ..found };
		assert!(!boasts(&own(100, 430), &bad) && boasts(&own(99, 430), &bad));
		let down = Outcome { verdict: Verdict::Down, ..found };
		assert!(!boasts(&own(0, 500), &down));
	}
}
