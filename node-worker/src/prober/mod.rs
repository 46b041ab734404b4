//! Measures the nodes that the chain assigned to this one, by calls like any other, and reports on them.
//!
//! Each era: wait for the duty, spread `calls` to every target over the measure phase, take the means of those
//! that came up, sign, keep. A report that is on disk already is not measured again; after a restart in the middle
//! of an era what is left of the phase is used, and of the commit phase if need be.
//!
//! A report covers the targets of the duty exactly, or there is none: what could not be tried for a reason of our own
//! is tried again while there is time.

mod aggregate;
mod call;
mod plan;
#[cfg(test)]
mod tests;
mod throughput;

pub use call::{probe, CallError, Called};
pub use plan::{Plan, Window};

use crate::{
	chain::{ChainView, Head, Heads},
	config,
	metrics::Metrics,
	own::Own,
	report::{self, ReportStore},
	rtc_client::SignalError,
};
use aggregate::Tally;
use dtel_media_core::probe::ProbeConfig;
use dtel_primitives::{
	api::{Duty, Target},
	clock::Phase,
	report::{EraReport, Measurements, SelfReport},
	EraIndex, Hash, NodeId,
};
use ed25519_dalek::SigningKey;
use serde::Serialize;
use std::{
	collections::{BTreeMap, BTreeSet, HashMap},
	future::Future,
	sync::Arc,
	time::{Duration, Instant},
};
use throughput::Throughput;
use tokio::{sync::watch, task::JoinSet};
use tracing::{error, info, info_span, warn, Instrument};

/// Time to leave a room, after a call's own time.
const LEAVING: Duration = Duration::from_secs(2);
/// Before a call is tried again that could not be made for a reason of our own.
const RETRY: Duration = Duration::from_millis(500);
/// Probes of one target that may break before it counts as one that took no call.
const MAX_BROKEN: u32 = 3;

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

/// What is known so far of the targets of one duty.
#[derive(Default)]
struct Gathered {
	duty: Option<(Hash, EraIndex, NodeId, Vec<Target>)>,
	tallies: BTreeMap<NodeId, Tally>,
}

impl Gathered {
	/// Targets of a duty that have not been tried; all of them if it is another duty than before.
	fn missing(&mut self, genesis: Hash, duty: &Duty) -> Vec<Target> {
		let of = Some((genesis, duty.era, duty.verifier, duty.targets.clone()));
		if self.duty != of {
			*self = Self { duty: of, tallies: BTreeMap::new() };
		}
		let known = |t: &&Target| self.tallies.contains_key(&t.node);
		duty.targets.iter().filter(|t| !known(t)).cloned().collect()
	}
}

/// See the module.
pub struct Prober {
	/// How to measure.
	pub config: config::Probe,
	/// The `media` key.
	pub key: SigningKey,
	/// Where the chain stands.
	pub heads: Heads,
	/// The chain.
	pub chain: Arc<dyn ChainView>,
	/// Where reports go.
	pub reports: Arc<ReportStore>,
	/// Counters.
	pub metrics: Arc<Metrics>,
	/// What this node says of its own service.
	pub own: Own,
	/// Told of every change.
	pub progress: watch::Sender<Progress>,
}

impl Prober {
	/// Runs for ever.
	pub async fn run(mut self) {
		if !self.config.enabled {
			self.progress.send_replace(Progress::Off);
			return std::future::pending().await;
		}
		let (mut done, mut gathered) = (None, Gathered::default());
		// A head that was there before counts, too.
		self.heads.mark_changed();
		while self.heads.changed().await.is_ok() {
			let Some(head) = self.heads.borrow_and_update().clone() else { continue };
			let era = head.era.moment.era;
			if done == Some((head.genesis, era)) {
				continue;
			}
			if self.era(&head, &mut gathered).await {
				done = Some((head.genesis, era));
			}
		}
	}

	/// Does what this era asks for; whether there is nothing more to do in it.
	async fn era(&mut self, head: &Head, gathered: &mut Gathered) -> bool {
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
		let missing = gathered.missing(head.genesis, duty);
		if missing.is_empty() {
			let own = self.own.report(era).await;
			return self.finish(head, duty, &gathered.tallies, own);
		}
		let targets = missing.len();
		let throughput = self.throughput(&missing).await;
		let window = Window::of(head, Instant::now());
		let Some(plan) = window.and_then(|w| w.plan(targets, &self.config, &throughput)) else {
			self.progress.send_replace(Progress::Missed(era));
			return head.era.moment.phase > Phase::Commit;
		};
		self.progress.send_replace(Progress::Measuring(era));
		info!(
			era,
			targets,
			calls = plan.rounds,
			window_ms = plan.media.as_millis(),
			ramp_ms = plan.ramp.as_millis(),
			"measuring"
		);
		let key = self.key.clone();
		let call = move |target, config| call_target(key.clone(), target, config);
		self.measure(&missing, plan, &throughput, &mut gathered.tallies, call).await;
		let latest = self.heads.borrow().clone();
		let moved = latest.filter(|h| h.era.moment.era == era).and_then(|h| h.duty.clone());
		if moved.is_some_and(|d| d.targets != duty.targets) {
			// The era's first block was replaced by another one, and with it the seed.
			warn!(era, "the assignment has changed: measuring anew");
			return false;
		}
		let own = self.own.report(era).await;
		self.finish(head, duty, &gathered.tallies, own)
	}

	/// What targets may be sent: not more than calls need, while the chain does not say.
	async fn throughput(&self, targets: &[Target]) -> Throughput {
		let ids = targets.iter().map(|target| target.node).collect();
		let allowance = match self.config.ramp_seconds {
			0 => Ok(Default::default()),
			_ => self.chain.allowance(ids).await,
		};
		let allowance = allowance.unwrap_or_else(|error| {
			warn!(%error, "throughput is not measured: the budget is not known");
			Default::default()
		});
		Throughput::new(&self.config, allowance)
	}

	/// Makes the calls of a plan, one at a time to each target.
	async fn measure<F>(
		&self,
		targets: &[Target],
		plan: Plan,
		throughput: &Throughput,
		tallies: &mut BTreeMap<NodeId, Tally>,
		call: impl Fn(Target, ProbeConfig) -> F,
	) where
		F: Future<Output = Result<Called, CallError>> + Send + 'static,
	{
		let mut waiting = plan::schedule(&plan, targets);
		let mut running = JoinSet::new();
		let mut busy = HashMap::<tokio::task::Id, Target>::new();
		let mut broke = BTreeMap::<NodeId, u32>::new();
		loop {
			let now = Instant::now();
			if now > plan.last_start {
				// Calls that could not end in time are not made, and not counted.
				waiting.clear();
			}
			let idle = |t: &Target| !busy.values().any(|b| b.node == t.node);
			let free = running.len() < plan.concurrency;
			let due = waiting.iter().position(|(_, t)| idle(t)).filter(|_| free);
			let next = due.and_then(|i| waiting.get(i)).map(|(at, _)| *at);
			if next.is_some_and(|at| at <= now) {
				if let Some((_, target)) = due.and_then(|i| waiting.remove(i)) {
					let (calls, tally) = ((plan.rounds, plan.call()), tallies.get(&target.node));
					let ramp = throughput.ramp(target.node, tally, calls, plan.ramp(now));
					let span = info_span!("probe", target = target.node);
					let task = call(target.clone(), plan.probe(now, ramp)).instrument(span);
					let task = running.spawn(task);
					busy.insert(task.id(), target);
				}
				continue;
			}
			let ended = tokio::select! {
				Some(ended) = running.join_next_with_id() => ended,
				() = tokio::time::sleep_until(next.unwrap_or(plan.end).into()), if next.is_some() => continue,
				else => break,
			};
			let (id, result) = match ended {
				Ok((id, result)) => (id, Ok(result)),
				Err(join_error) => (join_error.id(), Err(join_error)),
			};
			let Some(target) = busy.remove(&id) else { continue };
			let node = target.node;
			let retry = match result {
				Ok(Ok(called)) => {
					self.metrics.probe_call(called.result.up);
					tallies.entry(node).or_default().add(Some(&called));
					false
				}
				Ok(Err(call_error)) if !call_error.is_local() => {
					info!(target = node, error = %call_error, "target did not take the call");
					self.metrics.probe_call(false);
					tallies.entry(node).or_default().add(None);
					false
				}
				Ok(Err(call_error)) => {
					warn!(target = node, error = %call_error, "no call could be made");
					true
				}
				Err(join_error) => {
					// What breaks a probe is what the target sent: it shall not keep us from reporting.
					error!(target = node, %join_error, "a probe broke");
					let times = broke.entry(node).or_default();
					*times = times.saturating_add(1);
					if *times >= MAX_BROKEN {
						tallies.entry(node).or_default().add(None);
					}
					*times < MAX_BROKEN
				}
			};
			// The longer there is time, the longer the pause.
			let now = Instant::now();
			let left = plan.last_start.saturating_duration_since(now);
			let at = now.checked_add(RETRY.max(left / 64)).filter(|_| retry);
			if let Some(at) = at {
				let place = waiting.partition_point(|(t, _)| *t <= at);
				waiting.insert(place, (at, target));
			}
		}
	}

	/// Reports, if every target of the duty has been tried; whether there is a report now.
	fn finish(
		&self,
		head: &Head,
		duty: &Duty,
		tallies: &BTreeMap<NodeId, Tally>,
		own: Option<SelfReport>,
	) -> bool {
		let era = duty.era;
		let wanted: BTreeSet<_> = duty.targets.iter().map(|t| t.node).collect();
		// A `BTreeMap` gives them in rising order, as a report must have them.
		let measured: Vec<_> = tallies
			.iter()
			.filter(|(target, _)| wanted.contains(target))
			.filter_map(|(target, tally)| tally.measurement(*target))
			.collect();
		let complete = !measured.is_empty() && measured.len() == wanted.len();
		let measurements = Measurements::try_from(measured).unwrap_or_default();
		let missed = !complete || measurements.len() != wanted.len();
		let report = EraReport { era, verifier: duty.verifier, measurements, own };
		if missed || report.validate().is_err() {
			// Whoever judges it refuses a report with targets missing, and the first one stays.
			warn!(era, tried = tallies.len(), targets = wanted.len(), "not enough to report");
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
				up_kbps = m.up_kbps,
				down_kbps = m.down_kbps,
				"measured"
			);
		}
		if let Some(own) = &report.own {
			info!(
				era,
				participants = own.participants,
				loss_bp = own.loss.parts(),
				jitter_us = own.jitter_us,
				rtt_us = own.rtt_us,
				mos_centi = own.mos_centi,
				up_kbps = own.up_kbps,
				down_kbps = own.down_kbps,
				"own service"
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
) -> Result<Called, CallError> {
	let domain = String::from_utf8_lossy(&target.domain).into_owned();
	let ramp = config.ramp.map_or(Duration::ZERO, |ramp| ramp.time);
	let longest = config.setup_timeout + config.warm_up + config.window + config.grace + ramp;
	let call = probe(&key, &target.media.0, &domain, config);
	let call = tokio::time::timeout(longest + LEAVING, call);
	call.await.unwrap_or(Err(CallError::Signal(SignalError::Timeout)))
}
