//! What comes out of a run.

use super::{limit::Limit, load::Window, node::Counters};
use serde::Serialize;

/// All of it.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
	/// On what machine.
	pub machine: Machine,
	/// The loads.
	pub loads: Vec<Load>,
	/// The search for the most, if there was one.
	pub saturation: Option<Saturation>,
}

/// Where it ran.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
	/// Name of its processor.
	pub processor: String,
	/// Cores.
	pub cores: usize,
	/// Load averages of the last 1, 5 and 15 minutes before the run.
	pub load: String,
	/// Built with optimisations.
	pub optimised: bool,
}

/// A load and what it cost.
#[derive(Clone, Debug, Serialize)]
pub struct Load {
	/// What it was.
	pub name: String,
	/// Participants.
	pub participants: usize,
	/// Seconds measured.
	pub seconds: f64,
	/// RTP packets that the daemon received, per second.
	pub packets_in: f64,
	/// RTP packets that it forwarded, per second.
	pub packets_forwarded: f64,
	/// Seconds of processor time that it took, per second.
	pub cpu: f64,
	/// Packets forwarded per second of processor time.
	pub packets_per_core: f64,
	/// Bytes of memory for each participant.
	pub memory_per_participant: u64,
	/// Audio packets that should have arrived.
	pub expected: u64,
	/// Audio packets that arrived.
	pub received: u64,
	/// Share that did not.
	pub loss: f64,
	/// Video packets that should have arrived, by the receivers' statistics.
	pub video_expected: u64,
	/// Video packets that did not.
	pub video_lost: u64,
	/// From a sender's socket to a receiver's, by the kernel's clock, audio.
	pub latency: Latency,
	/// In the daemon alone, from reading to sending.
	pub inside: Latency,
	/// Datagrams for which the daemon had no place.
	pub overflowed: u64,
	/// Of the load generator itself.
	pub generator: Generator,
	/// The limit with batches of packets, and with one packet a call.
	pub limits: Vec<Limit>,
	/// Share of the first of these that was reached.
	pub share: f64,
}

/// Times in microseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Latency {
	/// Half were not above.
	pub p50_us: Option<u64>,
	/// 99 % were not above.
	pub p99_us: Option<u64>,
	/// The longest, if known.
	pub max_us: Option<u64>,
	/// How many there are.
	pub packets: u64,
}

/// How the load generator itself did: if it was late, latencies are worse than they would be.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Generator {
	/// Seconds of processor time per second.
	pub cpu: f64,
	/// Longest time that a packet was sent late.
	pub late_ms: f64,
	/// Datagrams that its sockets did not take.
	pub unsent: u64,
}

/// The most that went.
#[derive(Clone, Debug, Serialize)]
pub struct Saturation {
	/// Participants of the room.
	pub room: usize,
	/// Bytes of a payload.
	pub payload: usize,
	/// The best step: the most packets without loss above one in a thousand.
	pub best: Option<Step>,
	/// All steps.
	pub steps: Vec<Step>,
	/// Why it ended.
	pub ended: String,
	/// The limit with batches of packets, and with one packet a call.
	pub limits: Vec<Limit>,
	/// Share of the first of these that the best step reached.
	pub share: f64,
}

/// A step of the search.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
	/// Packets that were to be forwarded, per second.
	pub wanted: f64,
	/// Packets that were.
	pub packets_forwarded: f64,
	/// Seconds of processor time per second.
	pub cpu: f64,
	/// Packets forwarded per second of processor time.
	pub packets_per_core: f64,
	/// Share that did not arrive.
	pub loss: f64,
	/// From socket to socket.
	pub latency: Latency,
	/// Longest time that the generator was late.
	pub late_ms: f64,
}

impl Machine {
	/// This one.
	pub(super) fn read() -> Self {
		let read = |path| std::fs::read_to_string(path).unwrap_or_default();
		let processor = read("/proc/cpuinfo")
			.lines()
			.find_map(|l| {
				l.strip_prefix("model name")?.split_once(':').map(|(_, n)| n.trim().into())
			})
			.unwrap_or_else(|| "unknown".into());
		let load = read("/proc/loadavg");
		Self {
			processor,
			cores: std::thread::available_parallelism().map_or(1, Into::into),
			load: load.split_whitespace().take(3).collect::<Vec<_>>().join(" "),
			optimised: !is_unoptimised(),
		}
	}
}

/// Overflow checks and debug assertions are in release builds, too; what tells is the profile's directory.
fn is_unoptimised() -> bool {
	let program = std::env::current_exe().unwrap_or_default();
	program.components().any(|c| c.as_os_str() == "debug")
}

impl Latency {
	pub(super) fn of(histogram: &super::histogram::Histogram) -> Self {
		Self {
			p50_us: histogram.quantile(0.5),
			p99_us: histogram.quantile(0.99),
			max_us: (histogram.count() > 0).then(|| histogram.max()),
			packets: histogram.count(),
		}
	}

	/// Of what came between two readings of a cumulative histogram: upper bounds of the buckets.
	fn between(before: &[(f64, u64)], after: &[(f64, u64)]) -> Self {
		let earlier = |bound: f64| before.iter().find(|b| b.0 == bound).map_or(0, |b| b.1);
		let news: Vec<(f64, u64)> =
			after.iter().map(|(b, n)| (*b, n.saturating_sub(earlier(*b)))).collect();
		let packets = news.last().map_or(0, |b| b.1);
		let quantile = |share: f64| {
			let wanted = (packets as f64 * share).ceil() as u64;
			let bound = news.iter().find(|b| packets > 0 && b.1 >= wanted)?.0;
			bound.is_finite().then_some((bound * 1e6).round() as u64)
		};
		Self { p50_us: quantile(0.5), p99_us: quantile(0.99), max_us: None, packets }
	}
}

impl Load {
	pub(super) fn new(
		name: String,
		participants: usize,
		(before, after): (&Counters, &Counters),
		window: Window,
		video: (u64, u64),
	) -> Self {
		let seconds = window.seconds.max(f64::MIN_POSITIVE);
		let cpu = after.cpu - before.cpu;
		let forwarded = after.forwarded.saturating_sub(before.forwarded) as f64;
		let missing = window.expected.saturating_sub(window.received);
		Self {
			name,
			participants,
			seconds,
			packets_in: after.rtp_in.saturating_sub(before.rtp_in) as f64 / seconds,
			packets_forwarded: forwarded / seconds,
			cpu: cpu / seconds,
			packets_per_core: if cpu > 0.0 { forwarded / cpu } else { 0.0 },
			memory_per_participant: 0,
			expected: window.expected,
			received: window.received,
			loss: missing as f64 / window.expected.max(1) as f64,
			video_expected: video.0,
			video_lost: video.1,
			latency: Latency::of(&window.latency),
			inside: Latency::between(&before.latency, &after.latency),
			overflowed: after.overflowed.saturating_sub(before.overflowed),
			generator: Generator {
				late_ms: window.late.as_secs_f64() * 1e3,
				..Generator::default()
			},
			limits: Vec::new(),
			share: 0.0,
		}
	}

	pub(super) fn with_memory(mut self, bytes: u64) -> Self {
		self.memory_per_participant = bytes.checked_div(self.participants as u64).unwrap_or(0);
		self
	}

	pub(super) fn with_generator(mut self, cpu: f64, unsent: u64) -> Self {
		self.generator.cpu = cpu / self.seconds;
		self.generator.unsent = unsent;
		self
	}

	pub(super) fn with_limits(mut self, limits: [Limit; 2]) -> Self {
		self.share = self.packets_per_core / limits[0].packets_per_core.max(1.0);
		self.limits = limits.into();
		self
	}

	/// All audio arrived, and some of the video if there was any.
	pub fn is_whole(&self) -> bool {
		self.expected > 0 && self.received == self.expected
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn quantiles_of_a_cumulative_histogram_are_those_of_the_time_between() {
		let before = [(0.001, 100), (0.002, 100), (f64::INFINITY, 100)];
		let after = [(0.001, 100), (0.002, 198), (f64::INFINITY, 200)];
		let l = Latency::between(&before, &after);
		assert_eq!((l.p50_us, l.p99_us, l.packets), (Some(2_000), None, 100));
		let none = Latency::between(&after, &after);
		assert_eq!((none.p50_us, none.packets), (None, 0));
		assert_eq!(Latency::between(&[], &after).p50_us, Some(1_000));
	}
}
