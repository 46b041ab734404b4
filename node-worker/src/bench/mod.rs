//! `dtel-worker bench`: what a daemon forwards, how fast, at what cost, and how that compares with what its machine could do.
//!
//! The daemon is this program in a process of its own, without a chain, so that its time and memory can be read from
//! `/proc`. The load is driven by one task of this process: real signalling, ICE, DTLS and SRTP over loopback. Two loads
//! are measured (two-party calls, one large room) and, with `--saturate`, how much more goes.

mod histogram;
mod limit;
mod load;
mod net;
mod node;
mod peer;
mod report;
mod saturate;
mod show;
#[cfg(test)]
mod tests;

pub use limit::Limit;
pub use report::{Load, Machine, Report, Saturation};

use anyhow::{ensure, Context, Result};
use clap::Args;
use load::{Rate, Rooms};
use node::{Counters, Node};
use std::time::Duration;

/// Opus packets last so long.
const FRAME: Duration = Duration::from_millis(20);
/// Timestamps in it.
const STEP: u32 = 960;
/// Talking before the measurement begins.
const WARM_UP: Duration = Duration::from_secs(2);
/// What is on its way when a measurement ends has so long to come: a machine may be busy, and late is not lost.
const GRACE: Duration = Duration::from_secs(20);
/// For which each limit is measured.
const LIMIT_TIME: Duration = Duration::from_secs(2);
/// Packets for one receiver that the limit sends at once.
const LIMIT_BATCH: usize = 16;
/// Files that this process and the daemon have open besides two for each participant.
const SPARE_FILES: usize = 128;

/// What to do.
#[derive(Args, Clone, Debug)]
pub struct BenchArgs {
	/// Two-party calls at a time, with audio and simulcast video; 0: none.
	#[arg(long, default_value_t = 100)]
	pub pairs: usize,
	/// Participants of the room, with audio; 0: no room.
	#[arg(long, default_value_t = 50)]
	pub room: usize,
	/// Participants of the room who publish video, too.
	#[arg(long, default_value_t = 2)]
	pub videos: usize,
	/// Seconds that each load is measured for.
	#[arg(long, default_value_t = 10)]
	pub seconds: u64,
	/// Kilobits per second of each audio track; those of the samples if absent.
	#[arg(long)]
	pub bitrate: Option<u32>,
	/// Look for the most packets per second, too: rooms whose participants send ever more.
	#[arg(long)]
	pub saturate: bool,
	/// Participants of each room of that search.
	#[arg(long, default_value_t = 10)]
	pub saturate_room: usize,
	/// Bytes of a payload in that search.
	#[arg(long, default_value_t = 1_000)]
	pub payload: usize,
	/// Packets per second at which that search ends.
	#[arg(long, default_value_t = 1_000_000)]
	pub most: u64,
	/// Give JSON instead of a table.
	#[arg(long)]
	pub json: bool,
}

impl BenchArgs {
	fn check(&self) -> Result<()> {
		let between = |name: &str, value: u64, low: u64, high: u64| {
			ensure!(
				(low..=high).contains(&value),
				"--{name} is {value}: it must be between {low} and {high}"
			);
			Ok(())
		};
		between("pairs", self.pairs as u64, 0, 400)?;
		between("room", self.room as u64, 0, 100)?;
		ensure!(self.room != 1, "--room is 1: nobody would hear that participant");
		between("videos", self.videos as u64, 0, 100)?;
		between("seconds", self.seconds, 1, 120)?;
		between("bitrate", self.bitrate.unwrap_or(32).into(), 6, 510)?;
		between("saturate-room", self.saturate_room as u64, 2, 100)?;
		between("payload", self.payload as u64, 20, 1_200)?;
		between("most", self.most, 1_000, 100_000_000)?;
		ensure!(self.pairs + self.room > 0 || self.saturate, "there is nothing to do");
		let participants = (2 * self.pairs).max(self.room).max(self.saturate_room);
		let needed = 2 * participants + SPARE_FILES;
		let allowed = node::open_files().unwrap_or(usize::MAX);
		ensure!(
			allowed >= needed,
			"{participants} participants need {needed} open files, this process may have {allowed}: ulimit -n {needed}"
		);
		Ok(())
	}

	/// Bytes of an audio payload of 20 ms.
	fn audio_bytes(&self) -> Option<usize> {
		// Kilobits per second · 20 ms / 8.
		self.bitrate.map(|kbps| (kbps as usize * 20) / 8)
	}
}

/// Does it; `progress` gets a line now and then.
pub async fn run(args: &BenchArgs, progress: impl Fn(String)) -> Result<Report> {
	args.check()?;
	let mut report = Report { machine: Machine::read(), loads: Vec::new(), saturation: None };
	if args.pairs > 0 {
		let rooms = Rooms { sizes: vec![2; args.pairs], videos: 2, light: false };
		let name = format!("{} two-party calls", args.pairs);
		report.loads.push(measure(args, name, rooms, 1, &progress).await?);
	}
	if args.room > 0 {
		let videos = args.videos.min(args.room);
		let rooms = Rooms { sizes: vec![args.room], videos, light: false };
		let name = format!("a room of {}", args.room);
		report.loads.push(measure(args, name, rooms, args.room - 1, &progress).await?);
	}
	if args.saturate {
		report.saturation = Some(saturate::search(args, &progress).await?);
	}
	Ok(report)
}

/// One load on a daemon of its own, and the limit beside it.
async fn measure(
	args: &BenchArgs,
	name: String,
	rooms: Rooms,
	receivers: usize,
	progress: &impl Fn(String),
) -> Result<Load> {
	let say = |line: String| progress(format!("{name}: {line}"));
	let participants: usize = rooms.sizes.iter().sum();
	let node = Node::start().await?;
	let empty = node.memory()?;
	let mut load = load::Load::join(&node, &rooms, STEP, &say).await.context(name.clone())?;
	load.speak(Rate { interval: FRAME, bytes: args.audio_bytes() });
	load.run_for(WARM_UP).await?;
	let memory = node.memory()?.saturating_sub(empty);
	let own = node::cpu_seconds("/proc/self/stat")?;
	let before = node.counters().await?;
	let videos_before = load.video();
	load.begin();
	for second in 1..=args.seconds {
		load.run_for(Duration::from_secs(1)).await?;
		if second % 5 == 0 {
			say(format!("{second} of {} s", args.seconds));
		}
	}
	let after = node.counters().await?;
	let own = node::cpu_seconds("/proc/self/stat")? - own;
	let videos = load.video();
	let window = load.end(GRACE).await?;
	let unsent = load.unsent;
	drop(load);
	node.stop().await;
	let bytes = mean_bytes(&before, &after);
	say("limit".into());
	let limits = limits(bytes, receivers, LIMIT_TIME).await?;
	let video =
		(videos.0 - videos_before.0.min(videos.0), videos.1.saturating_sub(videos_before.1));
	Ok(Load::new(name, participants, (&before, &after), window, video)
		.with_memory(memory)
		.with_generator(own, unsent)
		.with_limits(limits))
}

fn mean_bytes(before: &Counters, after: &Counters) -> usize {
	let datagrams = after.datagrams_out.saturating_sub(before.datagrams_out).max(1);
	let bytes = after.bytes_out.saturating_sub(before.bytes_out);
	bytes.checked_div(datagrams).map_or(0, |b| b as usize)
}

/// The limit with batches, and with one packet a call.
async fn limits(bytes: usize, receivers: usize, time: Duration) -> Result<[Limit; 2]> {
	let both = move || {
		let batched = limit::measure(bytes, receivers, LIMIT_BATCH, time)?;
		Ok::<_, anyhow::Error>([batched, limit::measure(bytes, receivers, 1, time)?])
	};
	tokio::task::spawn_blocking(both).await.context("the limit broke")?
}
