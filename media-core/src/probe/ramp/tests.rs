use super::*;

const PACKET: usize = 1_100;

fn config(most_kbps: u32, bytes: u64, seconds: u64) -> RampConfig {
	RampConfig { most_kbps, bytes, time: Duration::from_secs(seconds) }
}

/// Runs a ramp through a target that lets so much through; the rates of the steps, and how long it took.
fn run(config: RampConfig, base: u32, cap_kbps: f64, can_send: f64) -> (Ramp, Vec<u32>, Duration) {
	let start = Instant::now();
	let mut ramp = Ramp::new(config);
	assert!(!ramp.has_begun());
	ramp.begin(start, base, base);
	let (mut rates, mut now, mut sequence) = (Vec::new(), start, 0);
	while !ramp.is_done() {
		let (kbps, judge) = (ramp.load(), ramp.deadline().expect("a step"));
		assert!(kbps > 0 && judge > now);
		rates.push(kbps + base);
		let length = judge - now;
		let count = (f64::from(kbps).min(can_send) * length.as_millis() as f64
			/ (PACKET * 8) as f64) as u32;
		let through = (cap_kbps / f64::from(kbps).min(can_send)).min(1.0);
		for n in 0..count {
			ramp.sent(sequence, PACKET, now + length * n / count);
			if (f64::from(n + 1) * through).floor() > (f64::from(n) * through).floor() {
				ramp.back(sequence, PACKET);
			}
			sequence += 1;
		}
		now = judge;
		assert!(ramp.due(now - Duration::from_millis(1)).is_none() && ramp.due(now).is_some());
		ramp.judge(now, Beside::default());
	}
	(ramp, rates, now - start)
}

#[test]
fn rates_double_up_to_what_was_declared() {
	let (ramp, rates, took) = run(config(20_000, u64::MAX, 10), 0, 1e9, 1e9);
	assert_eq!(rates, [1_000, 2_000, 4_000, 8_000, 16_000, 20_000]);
	assert_eq!(ramp.steps, 6);
	assert!((19_500..=20_000).contains(&ramp.down_kbps), "{ramp:?}");
	assert!((19_500..=20_000).contains(&ramp.up_kbps) && took <= Duration::from_secs(10));
	// Nothing to measure that the call does not carry itself.
	let (ramp, rates, _) = run(config(1_000, u64::MAX, 10), 950, 1e9, 1e9);
	assert_eq!((ramp.steps, ramp.down_kbps, rates.len()), (0, 0, 0));
	// The call's own part is taken off.
	let (_, rates, _) = run(config(5_000, u64::MAX, 10), 1_500, 1e9, 1e9);
	assert_eq!(rates, [2_000, 4_000, 5_000]);
}

#[test]
fn the_ramp_ends_where_less_comes_back() {
	for cap in [1_500.0, 3_000.0, 7_000.0, 9_000.0] {
		let (ramp, rates, _) = run(config(100_000, u64::MAX, 10), 0, cap, 1e9);
		assert!(f64::from(*rates.last().expect("steps")) > cap, "{rates:?}");
		let found = f64::from(ramp.down_kbps);
		assert!((cap * 0.95..=cap * 1.05).contains(&found), "{cap}: {ramp:?}");
		assert!(f64::from(ramp.up_kbps) <= cap * 1.05, "{cap}: {ramp:?}");
	}
}

#[test]
fn the_budget_is_never_exceeded() {
	for budget in [100_000, 1_000_000, 5_000_000, 50_000_000] {
		let (ramp, rates, _) = run(config(1_000_000, budget, 20), 0, 1e9, 1e9);
		assert!(ramp.spent <= budget, "{budget}: {ramp:?}");
		// And not left unused: a last step takes what is left, if that is worth it.
		assert!(ramp.spent > budget / 3 || rates.is_empty(), "{budget}: {ramp:?}");
	}
}

#[test]
fn what_this_machine_cannot_send_ends_the_ramp() {
	let (ramp, rates, _) = run(config(100_000, u64::MAX, 10), 0, 1e9, 5_000.0);
	assert_eq!(rates.last(), Some(&8_000));
	assert!((4_500..=5_100).contains(&ramp.down_kbps), "{ramp:?}");
}

#[test]
fn short_times_have_fewer_steps() {
	for (seconds, steps) in [(10, 8), (2, 5), (1, 3)] {
		let (_, rates, took) = run(config(100_000, u64::MAX, seconds), 0, 1e9, 1e9);
		assert!(rates.len() >= steps && took <= Duration::from_secs(seconds), "{rates:?}");
	}
	let (ramp, ..) = run(config(100_000, u64::MAX, 0), 0, 1e9, 1e9);
	assert_eq!(ramp.steps, 0);
}

#[test]
fn packets_that_were_not_sent_or_came_twice_are_worth_nothing() {
	let start = Instant::now();
	let mut ramp = Ramp::new(config(1_000, u64::MAX, 10));
	ramp.begin(start, 0, 0);
	let at = start + Duration::from_millis(500);
	ramp.sent(7, PACKET, at);
	for sequence in [6, 7, 7, 8, u32::MAX] {
		ramp.back(sequence, 1_000_000);
	}
	let judge = ramp.deadline().expect("a step");
	ramp.judge(judge, Beside::default());
	let once = (PACKET * 8) as u32;
	assert!(ramp.is_done() && ramp.down_kbps <= once, "{ramp:?}");
}
