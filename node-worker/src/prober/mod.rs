//! Measures the nodes that the chain assigned to this one, by calls like any other, and reports on them.
//!
//! Each era: wait for the duty, spread `calls` to every target over the measure phase, take the means of those
//! that came up, sign, keep. A report that is on disk already is not measured again; after a restart in the middle
//! of an era what is left of the phase is used, and of the commit phase if need be.

mod aggregate;
mod call;
mod plan;
#[cfg(test)]
mod tests;

pub use call::{probe, CallError};
pub use plan::{Plan, Window};

use crate::{
	chain::{Head, Heads},
	config,
	metrics::Metrics,
	report::{self, ReportStore},
	rtc_client::SignalError,
};
use aggregate::Tally;
use dtel_media_core::probe::ProbeConfig;
use dtel_primitives::{
	api::{Duty, Target},
	clock::Phase,
	report::{EraReport, Measurements, MAX_TARGETS},
	EraIndex, NodeId,
};
use ed25519_dalek::SigningKey;
use serde::Serialize;
use std::{
	collections::BTreeMap,
	sync::Arc,
	time::{Duration, Instant},
};
use tokio::{sync::watch, task::JoinSet};
use tracing::{error, info, warn};

/// Time to leave a room, after a call's own time.
const LEAVING: Duration = Duration::from_secs(2);

/// How the prober is getting on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase", tag = "state", content = "era")]
pub enum Progress {
	/// No measuring is wanted.
	Off,
	/// Nothing to do yet.
	#[default]
	Waiting,
	/// This node measures nobody in this era.
	Exempt(EraIndex),
	/// Calls are being made.
	Measuring(EraIndex),
	/// The report is ready.
	Reported(EraIndex),
	/// There was no time, or nothing could be measured.
	Missed(EraIndex),
}

impl Progress {
	/// Why there is no report of an era, `now` being the running one.
	pub fn why_no_report(self, era: EraIndex, now: Option<EraIndex>) -> &'static str {
		match (self, now) {
			(Self::Off, _) => "measuring is switched off",
			(_, None) => "the chain has not been heard of yet",
			(_, Some(now)) if era > now => "the era has not begun",
			(_, Some(now)) if era < now => "no report of that era is kept",
			(Self::Measuring(at), _) if at == era => "measuring",
			(Self::Exempt(at), _) if at == era => "this node measures nobody in that era",
			(Self::Missed(at), _) if at == era => "there was no time to measure",
			_ => "not measured yet",
		}
	}
}

/// See the module.
pub struct Prober {
	/// How to measure.
	pub config: config::Probe,
	/// The `media` key.
	pub key: SigningKey,
	/// The chain.
	pub heads: Heads,
	/// Where reports go.
	pub reports: Arc<ReportStore>,
	/// Counters.
	pub metrics: Arc<Metrics>,
	/// Told of every change.
	pub progress: watch::Sender<Progress>,
}

impl Prober {
	/// Runs for ever.
	pub async fn run(mut self) {
		if !self.config.enabled {
			self.progress.send_replace(Progress::Off);
			return;
		}
		let mut done = None;
		// A head that was there before counts, too.
		self.heads.mark_changed();
		while self.heads.changed().await.is_ok() {
			let Some(head) = self.heads.borrow_and_update().clone() else { continue };
			let era = head.era.moment.era;
			if done == Some((head.genesis, era)) {
				continue;
			}
			if self.era(&head).await {
				done = Some((head.genesis, era));
			}
		}
	}

	/// Does what this era asks for; whether there is nothing more to do in it.
	async fn era(&mut self, head: &Head) -> bool {
		let era = head.era.moment.era;
		let Some(node) = &head.node else { return false };
		self.reports.retain(head.genesis, node.id, era);
		if self.reports.get(era).is_some() {
			self.progress.send_replace(Progress::Reported(era));
			return true;
		}
		let Some(duty) = head.duty.as_ref().filter(|d| d.era == era && !d.targets.is_empty())
		else {
			self.progress.send_replace(Progress::Exempt(era));
			// The snapshot of the running era may be a few blocks late.
			return head.era.moment.phase > Phase::Measure;
		};
		if duty.committed {
			// The report is gone, and no other one would fit the commitment.
			warn!(era, "a commitment was made to a report that is not here");
			self.progress.send_replace(Progress::Missed(era));
			return true;
		}
		let targets = duty.targets.len();
		let Some(plan) =
			Window::of(head, Instant::now()).and_then(|w| w.plan(targets, &self.config))
		else {
			self.progress.send_replace(Progress::Missed(era));
			return head.era.moment.phase > Phase::Commit;
		};
		self.progress.send_replace(Progress::Measuring(era));
		info!(era, targets, calls = plan.rounds, window_ms = plan.media.as_millis(), "measuring");
		let tallies = self.measure(duty, plan).await;
		let latest = self.heads.borrow().clone();
		let moved = latest.filter(|h| h.era.moment.era == era).and_then(|h| h.duty.clone());
		if moved.is_some_and(|d| d.targets != duty.targets) {
			// The era's first block was replaced by another one, and with it the seed.
			warn!(era, "the assignment has changed: measuring anew");
			return false;
		}
		self.finish(head, duty, tallies)
	}

	/// Makes the calls of a plan.
	async fn measure(&self, duty: &Duty, plan: Plan) -> BTreeMap<NodeId, Tally> {
		let mut tallies = BTreeMap::<NodeId, Tally>::new();
		let mut waiting = plan::schedule(&plan, &duty.targets);
		let mut running = JoinSet::new();
		loop {
			let now = Instant::now();
			let free = running.len() < plan.concurrency;
			let next = waiting.front().map(|(at, _)| *at).filter(|_| free);
			if next.is_some_and(|at| at <= now) {
				// A call that could not end in time is not made, and not counted.
				let call = waiting.pop_front().filter(|_| now <= plan.last_start);
				if let Some((_, target)) = call {
					running.spawn(call_target(self.key.clone(), target, plan.probe(now)));
				}
				continue;
			}
			let ended = tokio::select! {
				Some(ended) = running.join_next() => ended,
				() = tokio::time::sleep_until(next.unwrap_or(plan.end).into()), if next.is_some() => continue,
				else => break,
			};
			match ended {
				Ok((target, Ok(result))) => {
					self.metrics.probe_call(result.up);
					tallies.entry(target).or_default().add(Some(&result));
				}
				Ok((target, Err(call_error))) if !call_error.is_local() => {
					info!(target, error = %call_error, "target did not take the call");
					self.metrics.probe_call(false);
					tallies.entry(target).or_default().add(None);
				}
				Ok((target, Err(call_error))) => {
					warn!(target, error = %call_error, "no call could be made")
				}
				Err(join_error) => error!(%join_error, "a probe broke"),
			}
		}
		tallies
	}

	fn finish(&self, head: &Head, duty: &Duty, tallies: BTreeMap<NodeId, Tally>) -> bool {
		let era = duty.era;
		let max = usize::try_from(MAX_TARGETS).unwrap_or(usize::MAX);
		// A `BTreeMap` gives them in rising order, as a report must have them.
		let measured: Vec<_> = tallies
			.into_iter()
			.filter_map(|(target, tally)| tally.measurement(target))
			.take(max)
			.collect();
		let measurements = Measurements::try_from(measured).unwrap_or_default();
		let missed = measurements.is_empty();
		let report = EraReport { era, verifier: duty.verifier, measurements };
		if missed || report.validate().is_err() {
			warn!(era, "nothing to report");
			self.progress.send_replace(Progress::Missed(era));
			return false;
		}
		for m in &report.measurements {
			info!(
				era,
				target = m.target,
				calls = format!("{}/{}", m.calls_up, m.calls_tried),
				loss_bp = m.loss.parts(),
				jitter_us = m.jitter_us,
				rtt_us = m.rtt_us,
				mos_centi = m.mos_centi,
				video_bp = m.video.parts(),
				down_kbps = m.down_kbps,
				"measured"
			);
		}
		match self.reports.insert(report::sign(report, head.genesis, &self.key)) {
			Ok(_) => {
				self.metrics.report(era);
				self.progress.send_replace(Progress::Reported(era));
				true
			}
			Err(store_error) => {
				error!(error = %format!("{store_error:#}"), "report not kept");
				self.progress.send_replace(Progress::Missed(era));
				false
			}
		}
	}
}

async fn call_target(
	key: SigningKey,
	target: Target,
	config: ProbeConfig,
) -> (NodeId, Result<dtel_media_core::probe::ProbeResult, CallError>) {
	let domain = String::from_utf8_lossy(&target.domain).into_owned();
	let longest = config.setup_timeout + config.warm_up + config.window + config.grace;
	let call = tokio::time::timeout(longest + LEAVING, probe(&key, &domain, config));
	(target.node, call.await.unwrap_or(Err(CallError::Signal(SignalError::Timeout))))
}
