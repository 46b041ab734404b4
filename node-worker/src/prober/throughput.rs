//! How much a target may be sent: what it declared, what governance allows, what the operator of this node wants to spend.

use super::aggregate::Tally;
use crate::{chain::Allowance, config};
use dtel_media_core::probe::RampConfig;
use dtel_primitives::NodeId;
use std::time::Duration;

/// What a call sends by itself, kbit/s: a bound, tested against the samples.
pub(super) const CALL_KBPS: u64 = 1_000;

/// Bounds of what is sent to targets in an era.
#[derive(Clone, Debug)]
pub(super) struct Throughput {
	/// Bytes for one target.
	bytes: u64,
	most_kbps: u32,
	allowance: Allowance,
}

impl Throughput {
	pub fn new(config: &config::Probe, allowance: Allowance) -> Self {
		// Not known: what the least that governance can set leaves for calls is not exceeded, and there is no ramp.
		let megabytes = match allowance.megabytes {
			0 => 16,
			known => known.min(config.megabytes),
		};
		let bytes = u64::from(megabytes).saturating_mul(1_000_000);
		Self { bytes, most_kbps: config.most_kbps, allowance }
	}

	/// Calls of a length that may be made to a target, at least one, of so many that are wanted.
	pub fn calls(&self, wanted: u32, length: Duration) -> u32 {
		let affordable = self.bytes.checked_div(call_bytes(length)).unwrap_or(u64::MAX);
		wanted.min(u32::try_from(affordable).unwrap_or(u32::MAX)).max(1)
	}

	/// Whether throughput of anybody may be measured.
	pub fn is_wanted(&self) -> bool {
		self.allowance.megabytes > 0
	}

	/// How to measure the throughput of a target in the next call to it, besides so many calls of a length; nothing if that was
	/// done, or may not be.
	pub fn ramp(
		&self,
		target: NodeId,
		tally: Option<&Tally>,
		(calls, length): (u32, Duration),
		time: Duration,
	) -> Option<RampConfig> {
		if time.is_zero() || !self.is_wanted() || tally.is_some_and(|t| t.ramped) {
			return None;
		}
		let declared = *self.allowance.declared_kbps.get(&target)?;
		let used = call_bytes(length).saturating_mul(calls.into());
		let used = used.saturating_add(tally.map_or(0, |t| t.ramp_bytes));
		let bytes = self.bytes.saturating_sub(used);
		Some(RampConfig { most_kbps: declared.min(self.most_kbps), bytes, time })
	}
}

/// What a call of a length sends at most.
fn call_bytes(length: Duration) -> u64 {
	let millis = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
	(CALL_KBPS / 8).saturating_mul(millis)
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::prober::Called;
	use dtel_media_core::{files::samples, probe::ProbeResult};

	fn throughput(megabytes: u32) -> Throughput {
		let allowance = Allowance { megabytes, declared_kbps: [(7, 5_000), (8, 900_000)].into() };
		Throughput::new(&config::Probe::default(), allowance)
	}

	#[test]
	fn a_call_sends_no_more_than_is_reckoned_with() {
		let video: u32 = samples().video.iter().map(|layer| layer.bitrate).sum();
		let audio: usize = samples().audio.iter().map(|packet| packet.len()).sum();
		let audio = audio * 8 * 50 / samples().audio.len();
		// Stamps: 50 of audio and 20 of each layer a second.
		let stamps = 20 * 8 * (50 + 3 * 20);
		let all = u64::from(video) + audio as u64 + stamps;
		assert!((CALL_KBPS * 500..CALL_KBPS * 1_000).contains(&all), "{all}");
	}

	#[test]
	fn the_least_of_declaration_configuration_and_budget_counts() {
		let length = Duration::from_secs(8);
		let time = Duration::from_secs(10);
		let ramp = |t: &Throughput, node| t.ramp(node, None, (2, length), time);
		let t = throughput(32);
		// Two calls of 8 s take a megabyte each.
		let bytes = 30_000_000;
		assert_eq!(ramp(&t, 7), Some(RampConfig { most_kbps: 5_000, bytes, time }));
		assert_eq!(ramp(&t, 8), Some(RampConfig { most_kbps: 100_000, bytes, time }));
		// Of whom the chain says nothing, nothing more is wanted.
		assert_eq!(ramp(&t, 9), None);
		assert_eq!(ramp(&throughput(0), 7), None);
		// The operator's own bound is 64.
		assert_eq!(ramp(&throughput(10_000), 7).map(|r| r.bytes), Some(62_000_000));
		assert_eq!(t.ramp(7, None, (2, length), Duration::ZERO), None);
		assert_eq!(t.ramp(7, None, (40, length), time).map(|r| r.bytes), Some(0));
	}

	#[test]
	fn throughput_is_measured_once_and_within_the_budget() {
		let (t, calls) = (throughput(16), (1, Duration::from_secs(8)));
		let time = Duration::from_secs(10);
		let mut tally = Tally::default();
		let called = |ramp_steps, ramp_bytes| Called {
			result: ProbeResult { up: true, ramp_steps, ramp_bytes, ..Default::default() },
			..Default::default()
		};
		tally.add(Some(&called(0, 4_000_000)));
		let left = t.ramp(7, Some(&tally), calls, time).map(|ramp| ramp.bytes);
		assert_eq!(left, Some(11_000_000));
		tally.add(Some(&called(3, 1)));
		assert_eq!(t.ramp(7, Some(&tally), calls, time), None);
	}

	#[test]
	fn calls_are_fewer_when_the_budget_is_small() {
		let t = throughput(16);
		assert_eq!(t.calls(2, Duration::from_secs(8)), 2);
		assert_eq!(t.calls(64, Duration::from_secs(8)), 16);
		assert_eq!(t.calls(64, Duration::from_secs(60)), 2);
		assert_eq!(t.calls(64, Duration::from_secs(6_000)), 1);
	}
}
