//! Throughput, by steps of rising rates.
//!
//! Each step sends at one rate for its time, and then on at the same rate until what was sent in it had time to come back. If
//! so much of it did, the next step is sent at a multiple of the rate; if not, the ramp ends. What came back in time in the last
//! step counts all the same: it is what got through.

use std::time::{Duration, Instant};

/// The first step, kbit/s.
const FIRST_KBPS: u32 = 1_000;
/// Part of what was sent that must come back, percent.
const SUSTAINED: u64 = 90;
/// Part of what should be sent that must be, percent: if less is, this machine is the limit.
const SENT: u64 = 80;
/// A step's first part is left out: the target has to get used to the rate. One in so many.
const SETTLING: u32 = 4;
/// Longest and shortest time of a step, with what it takes to come back.
const STEP: (Duration, Duration) = (Duration::from_millis(1_250), Duration::from_millis(300));
/// Longest time to come back. A third of the step if that is shorter.
const RETURN: Duration = Duration::from_millis(250);
/// A rate must be so much more than the one before, percent: else it is not worth a step.
const WORTH: u64 = 110;
/// Part of what is left of the budget that a step may plan with, percent: one may last longer on a busy machine.
const PLANNED: u64 = 95;
/// Packets of one step that are followed.
const MAX_PACKETS: usize = 1_000_000;

/// How to measure throughput.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RampConfig {
	/// Nothing is sent at a higher rate, kbit/s: the whole call counts.
	pub most_kbps: u32,
	/// Bytes that may be sent while it lasts: stamped payload of the whole call. When they are used up, the load stops; what the call
	/// sends by itself goes on until the step is judged.
	pub bytes: u64,
	/// Longest time that it may take.
	pub time: Duration,
}

impl RampConfig {
	/// By what rates are multiplied, and how long a step takes. Doubled, if there is time for it; else in fewer steps.
	fn steps(&self) -> (u32, Duration) {
		let count = |factor: u32| {
			let rates = std::iter::successors(Some(u64::from(FIRST_KBPS)), |r| {
				Some(r * u64::from(factor)).filter(|_| *r < u64::from(self.most_kbps))
			});
			u32::try_from(rates.count()).unwrap_or(u32::MAX).saturating_add(1)
		};
		let fits = |factor: &u32| self.time / count(*factor) >= STEP.1;
		let factor = [2, 4, 8].into_iter().find(fits).unwrap_or(8);
		(factor, (self.time / count(factor)).clamp(STEP.1, STEP.0))
	}
}

#[derive(Debug, Clone, Copy)]
struct Packet {
	at: Instant,
	bytes: usize,
	back: usize,
}

/// One rate.
#[derive(Debug)]
pub(super) struct Step {
	/// Of the whole call, kbit/s.
	kbps: u32,
	/// What the load has to carry of it, kbit/s.
	load: u32,
	begin: Instant,
	/// Packets are sent on until it is judged.
	judge: Instant,
	/// The time that counts.
	pub counts: (Instant, Instant),
	/// Sequence of the first packet.
	first: Option<u32>,
	packets: Vec<Packet>,
}

#[derive(Debug, Default)]
enum State {
	#[default]
	Waiting,
	Step(Step),
	Done,
}

/// What the call carries beside the load in a step: bytes sent, and what of it came back.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beside {
	pub sent: u64,
	pub back: u64,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Ramp {
	config: RampConfig,
	state: State,
	ends: Option<Instant>,
	/// What the call sends without a load, kbit/s; and what of it goes on beside a load.
	base: u32,
	beside: u32,
	/// Bytes sent so far.
	pub spent: u64,
	pub steps: u32,
	/// Most that was sent and came back, and most that came back, kbit/s.
	pub up_kbps: u32,
	pub down_kbps: u32,
}

impl Ramp {
	pub fn new(config: RampConfig) -> Self {
		Self {
			config,
			state: State::Waiting,
			ends: None,
			base: 0,
			beside: 0,
			spent: 0,
			steps: 0,
			up_kbps: 0,
			down_kbps: 0,
		}
	}

	pub fn is_done(&self) -> bool {
		matches!(self.state, State::Done)
	}

	pub fn has_begun(&self) -> bool {
		!matches!(self.state, State::Waiting)
	}

	/// Makes no further step.
	pub fn stop(&mut self) {
		self.state = State::Done;
	}

	/// Rate of the load, kbit/s. None when the budget is used up.
	pub fn load(&self) -> u32 {
		let step = self.step().filter(|_| self.spent < self.config.bytes);
		step.map_or(0, |step| step.load)
	}

	/// When to look again.
	pub fn deadline(&self) -> Option<Instant> {
		self.step().map(|step| step.judge)
	}

	/// The step that is to be judged.
	pub fn due(&self, now: Instant) -> Option<&Step> {
		self.step().filter(|step| step.judge <= now)
	}

	fn step(&self) -> Option<&Step> {
		match &self.state {
			State::Step(step) => Some(step),
			State::Waiting | State::Done => None,
		}
	}

	/// Begins, in a call that sends so much by itself, of which a load replaces all but `beside`.
	pub fn begin(&mut self, now: Instant, base: u32, beside: u32) {
		(self.base, self.beside) = (base, beside);
		self.ends = Some(now + self.config.time);
		self.next(now, None);
	}

	/// The step behind one of this rate, if there is one.
	fn next(&mut self, now: Instant, before: Option<u32>) {
		let (factor, each) = self.config.steps();
		let least = |kbps: u32| u64::from(kbps) * WORTH / 100;
		let mut kbps = before.map_or(FIRST_KBPS, |b| b.saturating_mul(factor));
		// What the call sends by itself is measured already.
		while u64::from(kbps) < least(self.base) {
			kbps = kbps.saturating_mul(factor);
		}
		let left = self.config.bytes.saturating_sub(self.spent) / 100 * PLANNED;
		let millis = u64::try_from(each.as_millis()).unwrap_or(u64::MAX).max(1);
		let affordable = u32::try_from(left.saturating_mul(8) / millis).unwrap_or(u32::MAX);
		let kbps = kbps.min(self.config.most_kbps).min(affordable);
		let worth = least(before.unwrap_or(0).max(self.base));
		let in_time = self.ends.is_some_and(|ends| now + each <= ends);
		if u64::from(kbps) < worth || !in_time {
			self.state = State::Done;
			return;
		}
		let judge = now + each;
		let end = now + (each - RETURN.min(each / 3));
		self.steps += 1;
		self.state = State::Step(Step {
			kbps,
			load: kbps.saturating_sub(self.beside),
			begin: now,
			judge,
			counts: (now + (end - now) / SETTLING, end),
			first: None,
			packets: Vec::new(),
		});
	}

	/// A packet of the load was sent.
	pub fn sent(&mut self, sequence: u32, bytes: usize, at: Instant) {
		self.spent += bytes as u64;
		let State::Step(step) = &mut self.state else { return };
		let first = *step.first.get_or_insert(sequence);
		let place = sequence.wrapping_sub(first) as usize;
		if place == step.packets.len() && place < MAX_PACKETS && at >= step.begin {
			step.packets.push(Packet { at, bytes, back: 0 });
		}
	}

	/// A packet of the load came back.
	pub fn back(&mut self, sequence: u32, bytes: usize) {
		let State::Step(step) = &mut self.state else { return };
		let Some(first) = step.first else { return };
		let place = sequence.wrapping_sub(first) as usize;
		if let Some(packet) = step.packets.get_mut(place) {
			packet.back = bytes.min(packet.bytes);
		}
	}

	/// Judges the step that is due, with what the call carried beside, and begins the next one.
	pub fn judge(&mut self, now: Instant, beside: Beside) {
		let State::Step(step) = std::mem::take(&mut self.state) else { return };
		let (from, to) = step.counts;
		let counted = step.packets.iter().filter(|p| from <= p.at && p.at < to);
		let (sent, back) = counted
			.fold((0u64, 0u64), |(sent, back), p| (sent + p.bytes as u64, back + p.back as u64));
		let millis = u64::try_from((to - from).as_millis()).unwrap_or(u64::MAX).max(1);
		let kbps = |bytes: u64| u32::try_from(bytes * 8 / millis).unwrap_or(u32::MAX);
		let wanted = u64::from(step.load) * millis / 8;
		let down = kbps(back + beside.back).min(step.kbps);
		self.down_kbps = self.down_kbps.max(down);
		let sustained = back * 100 >= sent * SUSTAINED;
		// What was lost on the way, there or back, was not proven to have been taken.
		let up = if sustained { kbps(sent + beside.sent).min(step.kbps) } else { down };
		self.up_kbps = self.up_kbps.max(up);
		let in_full = sent * 100 >= wanted * SENT;
		tracing::debug!(kbps = step.kbps, sent, back, sustained, in_full, "step of the ramp");
		if sustained && in_full {
			self.next(now, Some(step.kbps));
		} else {
			self.state = State::Done;
		}
	}
}

#[cfg(test)]
mod tests;
