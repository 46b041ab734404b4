//! When and how long to call, from what the clock leaves.

use super::throughput::Throughput;
use crate::{chain::Head, config};
use dtel_media_core::probe::{ProbeConfig, RampConfig};
use dtel_primitives::{api::Target, clock::Phase};
use std::{
	collections::VecDeque,
	time::{Duration, Instant},
};

/// Kept free before the commit phase: signing, storing, a late block.
const MARGIN: Duration = Duration::from_secs(2);
/// Of a call: from connecting until the window begins, on a good path.
const SETUP: Duration = Duration::from_millis(800);
/// From the first media back until the window begins: the target's bandwidth estimate and its choice of the
/// simulcast layer settle meanwhile.
const WARM_UP: Duration = Duration::from_millis(1_000);
/// How long what was sent in the window may take to come back.
const GRACE: Duration = Duration::from_millis(500);
/// A shorter window says too little.
const SHORTEST: Duration = Duration::from_millis(1_500);
/// Less time for throughput says too little.
const SHORTEST_RAMP: Duration = Duration::from_millis(600);
/// Calls at a time, however short the time is.
const MAX_CONCURRENCY: usize = 8;

/// The time in which to measure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Window {
	/// From now.
	pub start: Instant,
	/// Until then everything must be done.
	pub end: Instant,
}

/// The calls to make.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Plan {
	/// Calls to every target.
	pub rounds: u32,
	/// Calls at a time.
	pub concurrency: usize,
	/// Length of a call's window.
	pub media: Duration,
	/// Behind it, in one of the calls to each target, for measuring throughput.
	pub ramp: Duration,
	/// When the first call may begin.
	pub start: Instant,
	/// Time that each turn of calls has, or nothing if they follow each other at once.
	pub slot: Duration,
	/// No call begins later.
	pub last_start: Instant,
	/// Everything must be done by then.
	pub end: Instant,
}

impl Window {
	/// What is left of the measure phase; in the commit phase, what is left of the first half of it.
	pub fn of(head: &Head, now: Instant) -> Option<Self> {
		let left = Duration::from_millis(head.phase_left_ms());
		let end = match head.era.moment.phase {
			Phase::Measure => head.seen.checked_add(left)?.checked_sub(MARGIN)?,
			Phase::Commit => {
				let clock = head.era.clock;
				let blocks = clock.reveal_at.saturating_sub(clock.commit_at) / 3;
				let kept = Duration::from_millis(head.era.block_ms.saturating_mul(blocks.into()));
				head.seen.checked_add(left)?.checked_sub(kept.max(MARGIN))?
			}
			Phase::Reveal | Phase::Settle => return None,
		};
		(end > now).then_some(Self { start: now, end })
	}

	/// Fits the calls in: as many and as long as configured if there is time, else fewer, shorter and more at a
	/// time. Nothing if not even one short call to each target fits.
	///
	/// Throughput is measured in what is left of a call's time; if there is not enough, in up to a quarter of its window.
	pub(super) fn plan(
		self,
		targets: usize,
		config: &config::Probe,
		throughput: &Throughput,
	) -> Option<Plan> {
		let length = self.end.saturating_duration_since(self.start);
		let overhead = SETUP + WARM_UP + GRACE;
		let wanted = Duration::from_secs(config.call_seconds);
		let shortest = overhead + SHORTEST;
		let most = throughput.calls(config.calls, wanted.max(shortest));
		let longest_ramp = match throughput.is_wanted() {
			true => Duration::from_secs(config.ramp_seconds),
			false => Duration::ZERO,
		};
		let mut options = (1..=most).rev().map(|rounds| (rounds, config.concurrency));
		let fallback = (1, MAX_CONCURRENCY.max(config.concurrency));
		let fit = |(rounds, concurrency): (u32, usize)| {
			// A target takes one call of ours at a time.
			let concurrency = concurrency.min(targets.max(1));
			let calls = targets.checked_mul(usize::try_from(rounds).ok()?)?;
			let turns = u32::try_from(calls.div_ceil(concurrency)).ok()?;
			let slot = length.checked_div(turns)?;
			let spare = slot.checked_sub(overhead).filter(|spare| *spare >= SHORTEST)?;
			let full = spare.min(wanted.max(shortest).saturating_sub(overhead));
			let media = full.min(spare * 3 / 4).max(SHORTEST);
			let (media, ramp) = match (spare - media).min(longest_ramp) {
				ramp if ramp >= SHORTEST_RAMP => (media, ramp),
				_ => (full, Duration::ZERO),
			};
			Some(Plan {
				rounds,
				concurrency,
				media,
				ramp,
				start: self.start,
				slot: if config.spread { slot } else { Duration::ZERO },
				last_start: self.end.checked_sub(shortest).unwrap_or(self.start),
				end: self.end,
			})
		};
		options.find_map(fit).or_else(|| fit(fallback))
	}
}

impl Plan {
	/// When the call of this index may begin: somewhere in its turn's slot, early enough to end in it.
	pub fn begin(&self, index: usize, random: u32) -> Instant {
		let turn = index.checked_div(self.concurrency).unwrap_or(0);
		let turn = u32::try_from(turn).unwrap_or(u32::MAX);
		let spare = self.slot.saturating_sub(self.media + self.ramp + SETUP + WARM_UP + GRACE);
		let within = spare.mul_f64(f64::from(random) / f64::from(u32::MAX));
		let after = self.slot.checked_mul(turn).and_then(|after| after.checked_add(within));
		after.and_then(|after| self.start.checked_add(after)).unwrap_or(self.last_start)
	}

	/// What a call sends ordinary media for, at most.
	pub fn call(&self) -> Duration {
		self.media + WARM_UP + GRACE
	}

	/// How long the throughput may be measured in a call that begins now.
	pub fn ramp(&self, now: Instant) -> Duration {
		let left = self.end.saturating_duration_since(now);
		let ramp = self.ramp.min(left.saturating_sub(self.media + SETUP + WARM_UP + GRACE));
		if ramp >= SHORTEST_RAMP {
			ramp
		} else {
			Duration::ZERO
		}
	}

	/// How to make a call that begins now, and whether to measure throughput in it: a late one gets a shorter window.
	pub fn probe(&self, now: Instant, ramp: Option<RampConfig>) -> ProbeConfig {
		let ramp_time = ramp.map_or(Duration::ZERO, |ramp| ramp.time);
		let left = self.end.saturating_duration_since(now).saturating_sub(ramp_time);
		let window = self.media.min(left.saturating_sub(SETUP + WARM_UP + GRACE)).max(SHORTEST);
		ProbeConfig {
			setup_timeout: left
				.saturating_sub(WARM_UP + window + GRACE)
				.clamp(SETUP, Duration::from_secs(5)),
			warm_up: WARM_UP,
			window,
			grace: GRACE,
			ramp,
			..ProbeConfig::default()
		}
	}
}

/// The calls of a plan, by their time: every target once before any is called again, in an order and at times
/// that they cannot foresee. Without randomness the order is the given one.
pub(super) fn schedule(plan: &Plan, targets: &[Target]) -> VecDeque<(Instant, Target)> {
	let mut calls = Vec::new();
	for _ in 0..plan.rounds {
		let mut round: Vec<_> = targets.iter().map(|target| (random(), target.clone())).collect();
		round.sort_by_key(|(key, _)| *key);
		calls.extend(round.into_iter().map(|(_, target)| target));
	}
	let timed = calls.into_iter().enumerate();
	let mut timed: Vec<_> = timed.map(|(i, target)| (plan.begin(i, random()), target)).collect();
	timed.sort_by_key(|(at, _)| *at);
	timed.into()
}

fn random() -> u32 {
	let mut bytes = [0u8; 4];
	// Without randomness: zero.
	let _ = crate::keys::random(&mut bytes);
	u32::from_le_bytes(bytes)
}
