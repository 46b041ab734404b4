//! From the results of calls to one measurement.

use super::call::Called;
use dtel_media_core::probe::ProbeResult;
use dtel_primitives::{
	report::{Measurement, ReleaseVersion},
	BasisPoints, NodeId,
};

/// What is known of one target.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
	tried: u16,
	up: Vec<ProbeResult>,
	version: ReleaseVersion,
	/// Throughput has been measured.
	pub ramped: bool,
	/// Bytes that this took.
	pub ramp_bytes: u64,
}

impl Tally {
	/// Counts a call, with what it told if the target took it at all.
	pub fn add(&mut self, called: Option<&Called>) {
		self.tried = self.tried.saturating_add(1);
		let Some(Called { result, version }) = called.filter(|c| c.result.up) else { return };
		self.ramped |= result.ramp_steps > 0;
		self.ramp_bytes = self.ramp_bytes.saturating_add(result.ramp_bytes);
		self.up.push(*result);
		self.version = *version;
	}

	/// The measurement; nothing if no call was tried. Means over the calls that came up, of round trips over those that had any, the shortest one of all of
	/// them, loss over all of their packets together, the highest throughput, and the version that the last of them told.
	pub fn measurement(&self, target: NodeId) -> Option<Measurement> {
		let up = u16::try_from(self.up.len()).ok()?;
		if self.tried == 0 {
			return None;
		}
		if up == 0 {
			return Some(Measurement::down(target, self.tried));
		}
		let mean = |of: fn(&ProbeResult) -> u32| {
			let sum: u64 = self.up.iter().map(|r| u64::from(of(r))).sum();
			u32::try_from(sum / u64::from(up)).unwrap_or(u32::MAX)
		};
		// Round trips of calls that brought audio back: without any there is none.
		let timed: Vec<_> = self.up.iter().filter(|r| r.rtt_min_us > 0).collect();
		let rtt = |of: fn(&ProbeResult) -> u32| {
			let sum: u64 = timed.iter().map(|r| u64::from(of(r))).sum();
			let mean = sum.checked_div(timed.len() as u64).unwrap_or(0);
			u32::try_from(mean).unwrap_or(u32::MAX)
		};
		let sum =
			|of: fn(&ProbeResult) -> u32| self.up.iter().map(|r| u64::from(of(r))).sum::<u64>();
		let most = |of: fn(&ProbeResult) -> u32| self.up.iter().map(of).max().unwrap_or(0);
		let (sent, received) = (sum(|r| r.audio_sent), sum(|r| r.audio_received));
		let max_us = Measurement::MAX_MILLIS.saturating_mul(1_000);
		Some(Measurement {
			target,
			calls_tried: self.tried,
			calls_up: up,
			setup_ms: mean(|r| r.setup_ms).min(Measurement::MAX_MILLIS),
			// Rounded up: a lost packet is never rounded away.
			loss: BasisPoints::from_ratio(received.min(sent), sent).complement(),
			jitter_us: mean(|r| r.jitter_us).min(max_us),
			rtt_min_us: timed.iter().map(|r| r.rtt_min_us).min().unwrap_or(0).min(max_us),
			rtt_us: rtt(|r| r.rtt_median_us).min(max_us),
			rtt_p95_us: rtt(|r| r.rtt_p95_us).min(max_us),
			mos_centi: u16::try_from(mean(|r| r.mos_centi.into()))
				.unwrap_or(u16::MAX)
				.clamp(100, 500),
			video: BasisPoints::saturating(mean(|r| r.video_bp.into())),
			up_kbps: most(|r| r.up_kbps).min(Measurement::MAX_KBPS),
			down_kbps: most(|r| r.down_kbps).min(Measurement::MAX_KBPS),
			version: self.version,
		})
	}
}
