//! Prometheus metrics (OpenMetrics text).

use crate::{
	chain::Head,
	engine::{
		latency::Latency,
		view::{TotalsView, View},
	},
	token::TokenError,
};
use dtel_primitives::report::SelfReport;
use prometheus_client::{
	encoding::{text::encode, EncodeLabelSet, EncodeMetric, MetricEncoder, NoLabelSet},
	metrics::{counter::Counter, family::Family, gauge::Gauge, MetricType},
	registry::{Registry, Unit},
};
use std::{
	sync::{
		atomic::{AtomicU64, Ordering},
		Arc, Mutex, PoisonError,
	},
	time::Instant,
};

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Reason {
	reason: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Direction {
	direction: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Outcome {
	outcome: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Nothing {}

/// A histogram that the engine keeps.
#[derive(Clone, Debug, Default)]
struct Forwarding(Arc<Mutex<Latency>>);

impl Forwarding {
	fn set(&self, latency: Latency) {
		*self.0.lock().unwrap_or_else(PoisonError::into_inner) = latency;
	}
}

impl EncodeMetric for Forwarding {
	fn encode(&self, mut encoder: MetricEncoder) -> Result<(), std::fmt::Error> {
		let latency = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
		let buckets: Vec<(f64, u64)> = latency.buckets().collect();
		encoder.encode_histogram::<NoLabelSet>(latency.seconds(), latency.packets(), &buckets, None)
	}

	fn metric_type(&self) -> MetricType {
		MetricType::Histogram
	}
}

/// One of the engine's counters.
type Total = fn(&TotalsView) -> u64;
/// One of the figures of this node's own service; not there while there is none.
type Figure = Family<Nothing, Gauge<f64, AtomicU64>>;
/// How it is read.
type OfOwn = fn(&SelfReport) -> f64;

/// What is counted.
pub struct Metrics {
	started: Instant,
	registry: Registry,
	rooms: Gauge,
	participants: Gauge,
	signal_connections: Gauge,
	signal_messages: Family<Direction, Counter>,
	tokens_refused: Family<Reason, Counter>,
	probe_calls: Family<Outcome, Counter>,
	webhooks: Family<Outcome, Counter>,
	requests_refused: Family<Reason, Counter>,
	report_era: Gauge,
	chain_block: Gauge,
	chain_age: Gauge,
	forwarding: Forwarding,
	totals: Vec<(Total, Counter)>,
	own: Vec<(OfOwn, Figure)>,
}

impl Default for Metrics {
	fn default() -> Self {
		let mut registry = Registry::with_prefix("dtel_worker");
		macro_rules! register {
			($name:literal, $help:literal) => {{
				let metric = Default::default();
				registry.register($name, $help, clone_of(&metric));
				metric
			}};
		}
		let rooms = register!("rooms", "Rooms");
		let participants = register!("participants", "Participants");
		let signal_connections = register!("signal_connections", "Signalling connections");
		let signal_messages = register!("signal_messages", "Signalling messages");
		let tokens_refused = register!("tokens_refused", "Access tokens that were refused");
		let probe_calls = register!("probe_calls", "Calls made to measure other nodes");
		let webhooks = register!("webhooks", "Events for apps");
		let requests_refused = register!("requests_refused", "Public requests that were refused");
		let report_era = register!("report_era", "Era of the newest report");
		let chain_block = register!("chain_block", "Best block of the chain");
		let chain_age = Gauge::default();
		registry.register_with_unit(
			"chain_head_age",
			"Time since the chain was last heard of",
			Unit::Seconds,
			chain_age.clone(),
		);
		let forwarding = Forwarding::default();
		registry.register_with_unit(
			"forwarding",
			"Time from reading a packet to sending it on",
			Unit::Seconds,
			forwarding.clone(),
		);
		let mut totals: Vec<(Total, Counter)> = Vec::new();
		let mut total = |name: &str, help: &str, of: Total| {
			let counter = Counter::default();
			registry.register(name, help, counter.clone());
			totals.push((of, counter));
		};
		total("datagrams_received", "Datagrams received", |t| t.datagrams_in);
		total("datagrams_sent", "Datagrams sent", |t| t.datagrams_out);
		total("received_bytes", "Bytes received in datagrams", |t| t.bytes_in);
		total("sent_bytes", "Bytes sent in datagrams", |t| t.bytes_out);
		total("datagrams_dropped", "Datagrams of no call, or malformed", |t| t.datagrams_dropped);
		total("datagrams_overflowed", "Datagrams that no queue or socket took", |t| {
			t.output_overflow.saturating_add(t.socket_drops)
		});
		total("socket_reads", "System calls that read datagrams", |t| t.socket_reads);
		total("socket_sends", "System calls that sent datagrams", |t| t.socket_sends);
		total("sent_together", "Datagrams sent together with others", |t| t.sent_together);
		total("tcp_accepted", "TCP connections for media", |t| t.tcp_accepted);
		total("tcp_refused", "TCP connections for media beyond the bounds", |t| t.tcp_refused);
		total("rtp_received", "RTP packets received", |t| t.rtp_in);
		total("rtp_forwarded", "RTP packets forwarded", |t| t.rtp_forwarded);
		total("rtp_lost", "RTP packets that never came", |t| t.rtp_lost);
		total("keyframe_requests", "Keyframes asked of publishers", |t| t.keyframe_requests);
		total("transport_errors", "Transports that ended by an error", |t| t.transport_errors);
		total("joins", "Participants ever", |t| t.participants);
		let mut own: Vec<(OfOwn, Figure)> = Vec::new();
		let mut figure = |name: &str, help: &str, unit: Option<Unit>, of: OfOwn| {
			let figure = Figure::default();
			let help = format!("{help} in calls of this era, without probes");
			match unit {
				Some(unit) => registry.register_with_unit(name, help, unit, figure.clone()),
				None => registry.register(name, help, figure.clone()),
			}
			own.push((of, figure));
		};
		figure("own_participants", "Participants", None, |o| o.participants.into());
		figure("own_loss", "Loss that receivers reported", Some(Unit::Ratios), |o| {
			f64::from(o.loss.parts()) / 10_000.0
		});
		figure("own_jitter", "Jitter that receivers reported", Some(Unit::Seconds), |o| {
			f64::from(o.jitter_us) / 1_000_000.0
		});
		figure("own_rtt", "Round trip to receivers", Some(Unit::Seconds), |o| {
			f64::from(o.rtt_us) / 1_000_000.0
		});
		figure("own_mos", "Mean opinion score", None, |o| f64::from(o.mos_centi) / 100.0);
		figure("own_up_kbps", "Media from participants (kbit/s)", None, |o| o.up_kbps.into());
		figure("own_down_kbps", "Media to participants (kbit/s)", None, |o| o.down_kbps.into());
		Self {
			started: Instant::now(),
			registry,
			rooms,
			participants,
			signal_connections,
			signal_messages,
			tokens_refused,
			probe_calls,
			webhooks,
			requests_refused,
			report_era,
			chain_block,
			chain_age,
			forwarding,
			totals,
			own,
		}
	}
}

fn clone_of<T: Clone>(metric: &T) -> T {
	metric.clone()
}

impl Metrics {
	/// A token was refused.
	pub fn token_refused(&self, error: TokenError) {
		let reason = match error {
			TokenError::Malformed => "malformed",
			TokenError::Algorithm => "algorithm",
			TokenError::IssuerFormat => "issuer_format",
			TokenError::Signature => "signature",
			TokenError::UnknownIssuer => "unknown_issuer",
			TokenError::Expired => "expired",
			TokenError::NotYetValid => "not_yet_valid",
			TokenError::NoJoinGrant => "no_join_grant",
			TokenError::WrongRoom => "wrong_room",
			TokenError::FieldLength => "field_length",
			TokenError::Revoked => "revoked",
		};
		self.tokens_refused.get_or_create(&Reason { reason }).inc();
	}

	/// A public request was refused: `rate`, `connections` or `origin`.
	pub fn request_refused(&self, reason: &'static str) {
		self.requests_refused.get_or_create(&Reason { reason }).inc();
	}

	/// What became of an event for an app: `delivered`, `failed` or `dropped`.
	pub fn webhook(&self, outcome: &'static str) {
		self.webhooks.get_or_create(&Outcome { outcome }).inc();
	}

	/// A signalling connection began.
	pub fn signal_connected(&self) {
		self.signal_connections.inc();
	}

	/// A signalling connection ended.
	pub fn signal_closed(&self) {
		self.signal_connections.dec();
	}

	/// A message came.
	pub fn signal_received(&self) {
		self.signal_messages.get_or_create(&Direction { direction: "in" }).inc();
	}

	/// A message was sent.
	pub fn signal_sent(&self) {
		self.signal_messages.get_or_create(&Direction { direction: "out" }).inc();
	}

	/// A call to measure another node ended.
	pub fn probe_call(&self, up: bool) {
		let outcome = if up { "up" } else { "down" };
		self.probe_calls.get_or_create(&Outcome { outcome }).inc();
	}

	/// A report is ready.
	pub fn report(&self, era: u32) {
		self.report_era.set(era.into());
	}

	/// All metrics as text. `own` is what this node says of its service in the running era.
	pub fn render(
		&self,
		view: &View,
		own: Option<&SelfReport>,
		head: Option<&Head>,
	) -> Result<String, std::fmt::Error> {
		let as_i64 = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
		self.rooms.set(as_i64(view.rooms.len()));
		self.participants.set(as_i64(view.rooms.iter().map(|r| r.participants.len()).sum()));
		if let Some(head) = head {
			self.chain_block.set(head.era.block.into());
		}
		// Never heard of: as old as this daemon.
		let seen = head.map_or(self.started, |head| head.seen);
		self.chain_age.set(i64::try_from(seen.elapsed().as_secs()).unwrap_or(i64::MAX));
		for (of, counter) in &self.totals {
			counter.inner().store(of(&view.totals), Ordering::Relaxed);
		}
		self.forwarding.set(view.latency);
		for (of, figure) in &self.own {
			match own {
				Some(own) => drop(figure.get_or_create(&Nothing {}).set(of(own))),
				None => figure.clear(),
			}
		}
		let mut text = String::new();
		encode(&mut text, &self.registry)?;
		Ok(text)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtel_media_core::service::Service;
	use dtel_primitives::BasisPoints;

	#[test]
	fn metrics_are_rendered() {
		let metrics = Metrics::default();
		metrics.token_refused(TokenError::Expired);
		metrics.probe_call(true);
		metrics.signal_connected();
		let totals = TotalsView { rtp_in: 42, ..Default::default() };
		let mut latency = Latency::default();
		latency.record(std::time::Duration::from_micros(90), 3);
		latency.record(std::time::Duration::from_secs(3), 1);
		let service = Service::default();
		let view = View { rooms: Vec::new(), totals, service, latency, draining: false };
		let text = metrics.render(&view, None, None).expect("text");
		assert!(!text.lines().any(|l| l.starts_with("dtel_worker_own_")), "{text}");
		for line in [
			"dtel_worker_tokens_refused_total{reason=\"expired\"} 1",
			"dtel_worker_probe_calls_total{outcome=\"up\"} 1",
			"dtel_worker_signal_connections 1",
			"dtel_worker_rtp_received_total 42",
			"# TYPE dtel_worker_forwarding_seconds histogram",
			"dtel_worker_forwarding_seconds_count 4",
			"dtel_worker_forwarding_seconds_bucket{le=\"0.0001\"} 3",
			"dtel_worker_forwarding_seconds_bucket{le=\"+Inf\"} 4",
		] {
			assert!(text.contains(line), "{line} in\n{text}");
		}
		let own = SelfReport {
			participants: 4,
			loss: BasisPoints::saturating(125),
			jitter_us: 1_500,
			rtt_us: 20_000,
			mos_centi: 431,
			up_kbps: 700,
			down_kbps: 650,
		};
		let text = metrics.render(&view, Some(&own), None).expect("text");
		for line in [
			"dtel_worker_own_participants{} 4.0",
			"dtel_worker_own_loss_ratios{} 0.0125",
			"dtel_worker_own_jitter_seconds{} 0.0015",
			"dtel_worker_own_rtt_seconds{} 0.02",
			"dtel_worker_own_mos{} 4.31",
			"dtel_worker_own_up_kbps{} 700.0",
			"dtel_worker_own_down_kbps{} 650.0",
		] {
			assert!(text.contains(line), "{line} in\n{text}");
		}
		// The next era has had no call yet.
		let text = metrics.render(&view, None, None).expect("text");
		assert!(!text.lines().any(|l| l.starts_with("dtel_worker_own_")), "{text}");
	}
}
