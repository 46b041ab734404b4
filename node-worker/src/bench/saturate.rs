//! The most that goes: participants of a room send ever more, until packets are lost, the daemon's core is full or this
//! process cannot send any more.

use super::{
	limits,
	load::{Load, Rate, Rooms},
	mean_bytes,
	node::Node,
	report::{Latency, Saturation, Step},
	BenchArgs, LIMIT_TIME,
};
use anyhow::{Context, Result};
use std::time::Duration;

/// Packets to forward per second in the first step.
const FIRST: f64 = 8_000.0;
/// Each step has so many times the one before.
const GROWTH: f64 = 1.4;
/// A step is measured for so long, after so long.
const STEP_TIME: Duration = Duration::from_secs(2);
const SETTLE: Duration = Duration::from_millis(500);
/// What is on its way when a step ends has so long to come.
const GRACE: Duration = Duration::from_secs(1);
/// Loss above which a step does not count, and above which the search ends.
const TOLERATED: f64 = 0.001;
const HOPELESS: f64 = 0.05;
/// Processor time per second at which the daemon's one engine is full.
const FULL: f64 = 0.97;
/// A generator that is later than this is at its end.
const LATE_MS: f64 = 250.0;
/// Timestamps between two packets: there are many of them.
const TIMESTAMPS: u32 = 16;

pub(super) async fn search(args: &BenchArgs, progress: &impl Fn(String)) -> Result<Saturation> {
	let say = |line: String| progress(format!("saturation: {line}"));
	let room = args.saturate_room;
	let node = Node::start().await?;
	let rooms = Rooms { sizes: vec![room], videos: 0, light: true };
	let mut load = Load::join(&node, &rooms, TIMESTAMPS, &say).await.context("saturation")?;
	let copies = (room * (room - 1)) as f64;
	let (mut steps, mut wanted): (Vec<Step>, f64) = (Vec::new(), FIRST);
	let first = node.counters().await?;
	let ended = loop {
		// Every packet of each participant goes to all others.
		let interval = Duration::from_secs_f64(copies / wanted);
		load.speak(Rate { interval, bytes: Some(args.payload) });
		load.run_for(SETTLE).await?;
		let before = node.counters().await?;
		load.begin();
		load.run_for(STEP_TIME).await?;
		let after = node.counters().await?;
		let window = load.end(GRACE).await?;
		let (cpu, seconds) = (after.cpu - before.cpu, window.seconds.max(f64::MIN_POSITIVE));
		let forwarded = after.forwarded.saturating_sub(before.forwarded) as f64;
		let missing = window.expected.saturating_sub(window.received) as f64;
		let step = Step {
			wanted,
			packets_forwarded: forwarded / seconds,
			cpu: cpu / seconds,
			packets_per_core: if cpu > 0.0 { forwarded / cpu } else { 0.0 },
			loss: missing / window.expected.max(1) as f64,
			latency: Latency::of(&window.latency),
			late_ms: window.late.as_secs_f64() * 1e3,
		};
		say(format!(
			"{:.0} packets/s, {:.2} cores, loss {:.2} %",
			step.packets_forwarded,
			step.cpu,
			step.loss * 100.0
		));
		let (loss, cores, late) = (step.loss, step.cpu, step.late_ms);
		steps.push(step);
		if loss > HOPELESS {
			break "packets were lost";
		}
		if cores >= FULL {
			break "the daemon's core is full";
		}
		if late > LATE_MS {
			break "the load generator could not send more";
		}
		wanted *= GROWTH;
		if wanted > args.most as f64 {
			break "--most is reached";
		}
	};
	let last = node.counters().await?;
	drop(load);
	node.stop().await;
	say("limit".into());
	let limits = limits(mean_bytes(&first, &last), room - 1, LIMIT_TIME).await?;
	let good = steps.iter().filter(|s| s.loss <= TOLERATED);
	let best = good.max_by(|a, b| a.packets_forwarded.total_cmp(&b.packets_forwarded)).cloned();
	let reached = best.as_ref().map_or(0.0, |s| s.packets_per_core);
	Ok(Saturation {
		room,
		payload: args.payload,
		best,
		steps,
		ended: ended.into(),
		share: reached / limits[0].packets_per_core.max(1.0),
		limits: limits.into(),
	})
}
