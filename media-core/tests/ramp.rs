//! Throughput of a target at rising rates, in virtual time.

#![allow(missing_docs)]

mod common;

use std::time::Duration;

use common::{Link, World};
use dtel_media_core::probe::{ProbeConfig, ProbeResult, RampConfig};
use dtel_media_core::TransportKind;

const SUBSCRIBER: usize = 0;
const PUBLISHER: usize = 1;

fn config(most_kbps: u32, bytes: u64) -> ProbeConfig {
	let ramp = RampConfig { most_kbps, bytes, time: Duration::from_secs(10) };
	let window = Duration::from_secs(3);
	ProbeConfig { window, ramp: Some(ramp), ..ProbeConfig::default() }
}

/// A probe as the prober drives it; `narrow`: bits per second that fit towards the subscriber.
fn probe(seed: u64, config: ProbeConfig, narrow: Option<u64>) -> (ProbeResult, World) {
	let link = Link { delay: Duration::from_millis(10), ..Link::default() };
	let mut w = World::probe(seed, link, config);
	w.narrow = narrow.map(|rate| (SUBSCRIBER, rate));
	let mut rate = 0;
	loop {
		let meter = w.meter.as_mut().expect("a meter");
		let load = meter.load(w.now);
		if meter.is_finished(w.now) {
			break;
		}
		let deadline = meter.deadline();
		if load != rate {
			rate = load;
			w.nodes[PUBLISHER].client.set_load(w.now, u64::from(load) * 1_000);
		}
		w.run_until(deadline.max(w.now + Duration::from_millis(1)));
	}
	let result = w.meter.as_ref().expect("a meter").result(w.now);
	println!("{result:?}");
	(result, w)
}

#[test]
fn declared_bandwidth_is_found_and_not_exceeded() {
	for declared in [3_000, 10_000, 20_000] {
		let (r, _) = probe(1, config(declared, u64::MAX), None);
		assert!(r.up && r.ramp_steps >= 2, "{r:?}");
		assert!(r.up_kbps <= declared && r.down_kbps <= declared, "{r:?}");
		assert!(r.up_kbps >= declared * 9 / 10, "{r:?}");
		// The lower layers are sent, too, but only the highest comes back.
		assert!(r.down_kbps >= (declared - 600) * 9 / 10, "{r:?}");
		// The call's own quality does not suffer.
		assert_eq!((r.loss_bp, r.freezes), (0, 0));
		assert!(r.mos_centi >= 435 && r.video_bp >= 9_900, "{r:?}");
	}
}

#[test]
fn a_cap_below_the_declared_bandwidth_is_found() {
	for (seed, cap) in [(2, 2_500_000), (3, 6_000_000)] {
		let (r, _) = probe(seed, config(100_000, u64::MAX), Some(cap));
		let found = f64::from(r.down_kbps) * 1_000.0 / cap as f64;
		// Headers and the estimate of the path take their part; what the link holds back for 200 ms comes to it.
		assert!((0.6..=1.2).contains(&found), "{found} {r:?}");
		assert!(u64::from(r.up_kbps) * 1_000 <= cap * 12 / 10, "{r:?}");
	}
}

#[test]
fn budget_bounds_what_is_sent() {
	let (free, _) = probe(4, config(20_000, u64::MAX), None);
	for budget in [500_000, 2_000_000] {
		let (r, _) = probe(4, config(20_000, budget), None);
		assert!(r.ramp_bytes <= budget && r.ramp_bytes < free.ramp_bytes, "{r:?} {free:?}");
		assert!(r.down_kbps < free.down_kbps, "{r:?} {free:?}");
	}
}

#[test]
fn target_that_declares_no_more_than_the_call_gets_no_load() {
	let (r, w) = probe(5, config(500, u64::MAX), None);
	assert!(r.up && r.down_kbps > 0, "{r:?}");
	assert_eq!((r.ramp_steps, r.ramp_bytes), (0, 0));
	assert!(w.connected(SUBSCRIBER, TransportKind::Subscriber));
}

#[test]
fn a_target_that_ends_in_the_ramp_is_measured_by_what_came_before() {
	let config = config(100_000, u64::MAX);
	let mut w = World::probe(6, Link::default(), config);
	let mut rate = 0;
	loop {
		let meter = w.meter.as_mut().expect("a meter");
		let load = meter.load(w.now);
		if meter.is_finished(w.now) {
			break;
		}
		let deadline = meter.deadline();
		if load != rate {
			rate = load;
			w.nodes[PUBLISHER].client.set_load(w.now, u64::from(load) * 1_000);
		}
		// At the third step.
		w.sfu_alive = rate < 3_500;
		w.run_until(deadline.max(w.now + Duration::from_millis(1)));
	}
	let r = w.meter.as_ref().expect("a meter").result(w.now);
	assert!(r.up && (1_400..=2_000).contains(&r.down_kbps), "{r:?}");
}
