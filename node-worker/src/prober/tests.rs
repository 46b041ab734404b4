use super::{aggregate::Tally, *};
use dtel_media_core::probe::ProbeResult;
use dtel_primitives::{
	api::EraView, clock::EraClock, report::Measurement, BasisPoints, Hash, MediaKey,
};
use std::time::Duration;

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

fn plan(block: u32, targets: usize) -> Option<Plan> {
	let now = Instant::now();
	Window::of(&head(block, now), now)?.plan(targets, &config::Probe::default())
}

#[test]
fn calls_fit_into_the_measure_phase() {
	let config = config::Probe::default();
	for targets in 1..=MAX_TARGETS as usize {
		for block in 30..46 {
			let now = Instant::now();
			let Some(plan) =
				Window::of(&head(block, now), now).and_then(|w| w.plan(targets, &config))
			else {
				assert!(block > 39, "no plan for {targets} targets at block {block}");
				continue;
			};
			let phase = Duration::from_secs(u64::from(46 - block) * 2);
			let call = plan.media + Duration::from_millis(2_300);
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
fn late_starters_use_the_commit_phase() {
	assert!(plan(46, 4).is_some());
	assert_eq!(plan(50, 4), None);
	assert_eq!(plan(51, 4), None);
	assert_eq!(plan(57, 4), None);
}

#[test]
fn late_calls_are_shorter_and_end_in_time() {
	let plan = plan(30, 4).expect("there is time");
	let config = plan.probe(plan.last_start);
	let longest = config.setup_timeout + config.warm_up + config.window + config.grace;
	assert!(plan.last_start + longest <= plan.end + Duration::from_millis(1));
	assert!(config.window < plan.media);
}

fn result(mos: u16, sent: u32, received: u32) -> ProbeResult {
	ProbeResult {
		up: true,
		setup_ms: 100,
		audio_sent: sent,
		audio_received: received,
		jitter_us: 500,
		rtt_median_us: 2_000,
		mos_centi: mos,
		video_bp: 9_000,
		up_kbps: 1_000,
		down_kbps: 900,
		..ProbeResult::default()
	}
}

#[test]
fn failed_calls_count_as_tried() {
	let mut tally = Tally::default();
	assert_eq!(tally.measurement(3), None);
	tally.add(None);
	assert_eq!(tally.measurement(3), Some(Measurement::down(3, 1)));
	tally.add(Some(&ProbeResult::default()));
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
	let call = plan.media + Duration::from_millis(2_300);
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
