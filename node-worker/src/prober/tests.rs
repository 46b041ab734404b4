use super::{aggregate::Tally, *};
use crate::chain::{Allowance, FixedChain};
use crate::engine::EngineHandle;
use dtel_media_core::probe::ProbeResult;
use dtel_primitives::report::ReleaseVersion;
use dtel_primitives::{
	api::EraView,
	clock::EraClock,
	report::{Measurement, MAX_TARGETS},
	BasisPoints, Hash, MediaKey,
};
use std::{sync::Mutex, time::Duration};

fn head(block: u32, seen: Instant) -> Head {
	let clock = EraClock::DEV;
	Head {
		genesis: Hash::zero(),
		era: EraView {
			block,
			block_ms: 2_000,
			clock,
			moment: clock.moment(block),
			members: 5,
			commits: 0,
			reveals: 0,
			settled: 0,
		},
		node: None,
		duty: None,
		seen,
	}
}

fn throughput(megabytes: u32) -> Throughput {
	let declared_kbps = (0..10).map(|node| (node, 10_000)).collect();
	Throughput::new(&config::Probe::default(), Allowance { megabytes, declared_kbps })
}

fn plan(block: u32, targets: usize) -> Option<Plan> {
	let now = Instant::now();
	let config = config::Probe::default();
	Window::of(&head(block, now), now)?.plan(targets, &config, &throughput(64))
}

#[test]
fn calls_fit_into_the_measure_phase() {
	let config = config::Probe::default();
	for targets in 1..=MAX_TARGETS as usize {
		for block in 30..46 {
			let now = Instant::now();
			let window = Window::of(&head(block, now), now);
			let Some(plan) = window.and_then(|w| w.plan(targets, &config, &throughput(64))) else {
				assert!(block > 39, "no plan for {targets} targets at block {block}");
				continue;
			};
			let phase = Duration::from_secs(u64::from(46 - block) * 2);
			let call = plan.media + plan.ramp + Duration::from_millis(2_300);
			let calls = targets * plan.rounds as usize;
			let turns = calls.div_ceil(plan.concurrency) as u32;
			assert!(
				call * turns + Duration::from_secs(2) <= phase,
				"{targets} at {block}: {plan:?}"
			);
			assert!(plan.media >= Duration::from_millis(1_500));
		}
	}
}

#[test]
fn four_targets_get_two_long_calls_each_in_a_dev_era() {
	let plan = plan(30, 4).expect("there is time");
	assert_eq!((plan.rounds, plan.concurrency), (2, 2));
	assert!(plan.media >= Duration::from_millis(3_500), "{plan:?}");
}

#[test]
fn throughput_is_measured_in_the_time_that_is_left() {
	let ms = Duration::from_millis;
	// Four targets: the calls are as long as ever.
	let four = plan(30, 4).expect("there is time");
	assert!(four.ramp >= ms(900) && four.media >= ms(3_500), "{four:?}");
	// Five: their windows give some of their time.
	let five = plan(30, 5).expect("there is time");
	assert!(five.ramp >= ms(900) && five.media >= ms(2_500), "{five:?}");
	// A long phase: all that is wanted.
	let now = Instant::now();
	let window = Window { start: now, end: now + Duration::from_secs(10_000) };
	let config = config::Probe::default();
	let long = |megabytes| window.plan(5, &config, &throughput(megabytes)).expect("time");
	assert_eq!((long(64).ramp, long(64).media), (Duration::from_secs(10), ms(3_700)));
	// Nothing is known of a budget, or no time is left.
	assert_eq!(long(0).ramp, Duration::ZERO);
	assert_eq!(long(0).media, long(64).media);
	assert_eq!(four.ramp(four.last_start), Duration::ZERO);
	// A late call with a ramp ends in time, too.
	let at = four.end - ms(7_000);
	let ramp = throughput(64).ramp(3, None, (1, four.call()), four.ramp(at)).expect("a ramp");
	let call = four.probe(at, Some(ramp));
	let longest = call.setup_timeout + call.warm_up + call.window + call.grace + ramp.time;
	assert!(at + longest <= four.end + ms(1), "{call:?}");
	assert_eq!(call.ramp, Some(ramp));
}

#[test]
fn late_starters_use_the_commit_phase() {
	assert!(plan(46, 4).is_some());
	assert_eq!(plan(50, 4), None);
	assert_eq!(plan(51, 4), None);
	assert_eq!(plan(57, 4), None);
}

#[test]
fn late_calls_are_shorter_and_end_in_time() {
	let plan = plan(30, 4).expect("there is time");
	let config = plan.probe(plan.last_start, None);
	let longest = config.setup_timeout + config.warm_up + config.window + config.grace;
	assert!(plan.last_start + longest <= plan.end + Duration::from_millis(1));
	assert!(config.window < plan.media);
}

fn result(mos: u16, sent: u32, received: u32) -> Called {
	let result = ProbeResult {
		up: true,
		setup_ms: 100,
		audio_sent: sent,
		audio_received: received,
		jitter_us: 500,
		rtt_min_us: sent,
		rtt_median_us: 2_000,
		rtt_p95_us: 3_000,
		mos_centi: mos,
		video_bp: 9_000,
		up_kbps: 1_000,
		down_kbps: 900,
		..ProbeResult::default()
	};
	Called { result, version: ReleaseVersion::parse("1.2.3") }
}

#[test]
fn failed_calls_count_as_tried() {
	let mut tally = Tally::default();
	assert_eq!(tally.measurement(3), None);
	tally.add(None);
	assert_eq!(tally.measurement(3), Some(Measurement::down(3, 1)));
	tally.add(Some(&Called::default()));
	assert_eq!(tally.measurement(3), Some(Measurement::down(3, 2)));
	tally.add(Some(&result(440, 100, 100)));
	let m = tally.measurement(3).expect("measured");
	assert_eq!((m.calls_tried, m.calls_up, m.mos_centi, m.loss), (3, 1, 440, BasisPoints::ZERO));
	assert_eq!(m.validate(), Ok(()));
}

#[test]
fn calls_are_averaged() {
	let mut tally = Tally::default();
	tally.add(Some(&result(440, 100, 100)));
	tally.add(Some(&result(400, 300, 260)));
	let m = tally.measurement(1).expect("measured");
	assert_eq!((m.mos_centi, m.loss.parts(), m.rtt_us, m.calls_up), (420, 1_000, 2_000, 2));
	assert_eq!((m.rtt_min_us, m.rtt_p95_us, m.version.to_string()), (100, 3_000, "1.2.3".into()));
	// More received than sent cannot be, and does no harm.
	tally.add(Some(&result(700, 1, 2_000)));
	assert_eq!(tally.measurement(1).map(|m| m.validate()), Some(Ok(())));
}

#[test]
fn calls_are_spread_in_rounds_and_all_end_in_time() {
	let targets: Vec<_> = (0..5)
		.map(|node| Target { node, domain: Vec::new(), media: MediaKey::from_raw([0; 32]) })
		.collect();
	let plan = plan(30, targets.len()).expect("there is time");
	let calls = plan::schedule(&plan, &targets);
	assert_eq!(calls.len(), targets.len() * plan.rounds as usize);
	let count = |node| calls.iter().filter(|(_, t)| t.node == node).count();
	assert!(targets.iter().all(|t| count(t.node) == plan.rounds as usize));
	let call = plan.media + plan.ramp + Duration::from_millis(2_300);
	for (at, _) in &calls {
		assert!(*at >= plan.start && *at + call <= plan.end + Duration::from_millis(1));
	}
	let span = calls.back().map(|(at, _)| *at).expect("calls") - plan.start;
	assert!(span > (plan.end - plan.start) / 2, "{span:?}");
	// A long phase is used as a whole, at random places of each slot.
	let slow = Plan { slot: Duration::from_secs(3_600), ..plan };
	assert_eq!(slow.begin(0, 0), slow.start);
	assert_eq!(slow.begin(2, 0) - slow.start, Duration::from_secs(3_600));
	assert!(slow.begin(0, u32::MAX / 2) - slow.start > Duration::from_secs(1_700));
	// Without spreading all may begin at once.
	let eager = Plan { slot: Duration::ZERO, ..plan };
	assert!((0..9).all(|i| eager.begin(i, u32::MAX) == eager.start));
}

#[test]
fn missing_reports_have_a_reason() {
	let why = |p: Progress, era, now| p.why_no_report(era, now);
	assert!(why(Progress::Waiting, 1, None).contains("chain"));
	assert!(why(Progress::Measuring(4), 4, Some(4)).contains("measuring"));
	assert!(why(Progress::Measuring(4), 5, Some(4)).contains("not begun"));
	assert!(why(Progress::Measuring(4), 3, Some(4)).contains("kept"));
	assert!(why(Progress::Exempt(4), 4, Some(4)).contains("nobody"));
	assert!(why(Progress::Off, 4, Some(4)).contains("off"));
}

fn prober() -> Prober {
	let dir = std::env::temp_dir().join(crate::keys::random_id("dtel-prober-").expect("random"));
	Prober {
		config: config::Probe::default(),
		key: SigningKey::from_bytes(&[3; 32]),
		heads: watch::channel(None).1,
		chain: Arc::new(FixedChain::default()),
		reports: Arc::new(ReportStore::open(&dir).expect("opens")),
		metrics: Arc::default(),
		own: Own { engine: EngineHandle::stopped(), base: Arc::default() },
		progress: watch::channel(Progress::default()).0,
	}
}

fn targets(nodes: std::ops::Range<NodeId>) -> Vec<Target> {
	let media = MediaKey::from_raw([0; 32]);
	nodes.map(|node| Target { node, domain: Vec::new(), media }).collect()
}

fn duty(targets: Vec<Target>) -> Duty {
	Duty { era: 1, verifier: 9, index: 0, targets, committed: false, revealed: false }
}

#[test]
fn a_report_covers_the_duty_exactly_or_is_none() {
	let (prober, head) = (prober(), head(30, Instant::now()));
	let (duty, mut gathered) = (duty(targets(0..3)), Gathered::default());
	let missing = |gathered: &mut Gathered, duty: &Duty| -> Vec<NodeId> {
		gathered.missing(head.genesis, duty).iter().map(|t| t.node).collect()
	};
	assert_eq!(missing(&mut gathered, &duty), [0, 1, 2]);
	for node in [0, 2] {
		gathered.tallies.entry(node).or_default().add(None);
	}
	let own = Some(SelfReport {
		participants: 2,
		loss: BasisPoints::ZERO,
		jitter_us: 100,
		rtt_us: 900,
		mos_centi: 437,
		up_kbps: 7,
		down_kbps: 9,
	});
	assert!(!prober.finish(&head, &duty, &gathered.tallies, own));
	assert!(prober.reports.get(1).is_none());
	assert_eq!(missing(&mut gathered, &duty), [1]);
	gathered.tallies.entry(1).or_default().add(Some(&result(440, 100, 100)));
	assert_eq!(missing(&mut gathered, &duty), [0; 0]);
	assert!(prober.finish(&head, &duty, &gathered.tallies, own));
	let report = prober.reports.get(1).expect("kept");
	let nodes: Vec<_> = report.report.report.measurements.iter().map(|m| m.target).collect();
	assert_eq!(nodes, [0, 1, 2]);
	assert_eq!((report.report.report.own, report.report.report.validate()), (own, Ok(())));
	// Another assignment begins anew.
	let other = Duty { targets: targets(1..4), ..duty };
	assert_eq!(missing(&mut gathered, &other), [1, 2, 3]);
}

#[tokio::test]
async fn what_fails_for_a_local_reason_is_tried_again() {
	let prober = prober();
	let now = Instant::now();
	let plan = Plan {
		rounds: 2,
		concurrency: 3,
		media: Duration::from_secs(1),
		ramp: Duration::ZERO,
		start: now,
		slot: Duration::ZERO,
		last_start: now + Duration::from_secs(4),
		end: now + Duration::from_secs(8),
	};
	let (made, running) =
		(Arc::new(Mutex::new(BTreeMap::new())), Arc::new(Mutex::new(BTreeSet::new())));
	let mut tallies = BTreeMap::new();
	let call = |target: Target, _| {
		let (made, running, node) = (Arc::clone(&made), Arc::clone(&running), target.node);
		async move {
			assert!(running.lock().expect("lock").insert(node), "two calls at a time to {node}");
			tokio::time::sleep(Duration::from_millis(20)).await;
			running.lock().expect("lock").remove(&node);
			let n = *made.lock().expect("lock").entry(node).and_modify(|n| *n += 1).or_insert(1);
			match (node, n) {
				(0, 1) => panic!("as planned"),
				(1, 1..3) | (3, _) => Err(CallError::Local("no randomness".into())),
				(2, _) => Err(CallError::Signal(SignalError::Refused(401))),
				_ => Ok(result(440, 100, 100)),
			}
		}
	};
	prober.measure(&targets(0..4), plan, &throughput(0), &mut tallies, call).await;
	let of = |node| tallies.get(&node).and_then(|t: &Tally| t.measurement(node));
	for node in [0, 1] {
		let m = of(node).expect("measured");
		assert_eq!((m.calls_tried, m.calls_up), (2, 2), "{node}");
	}
	assert_eq!(of(2), Some(Measurement::down(2, 2)));
	// It could never be tried: no evidence, and no report.
	assert_eq!(of(3), None);
	assert!(made.lock().expect("lock")[&3] > 4);
	assert!(!prober.finish(&head(30, now), &duty(targets(0..4)), &tallies, None));
	assert!(prober.reports.get(1).is_none());
}
