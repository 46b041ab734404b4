//! What operations on stake cost in a chain of ten operators and in a large one, side by side.
//!
//! `cargo bench -p dtel-tests --bench stake_scale -- --operators 10000 --delegations 1000000 --json scale.json`
//!
//! Ends with an error if any operation reads or writes more in the large chain than in the small one.

#[path = "../tests/stake_scale/counting.rs"]
mod counting;
#[path = "../tests/stake_scale/measure.rs"]
mod measure;
#[path = "../tests/stake_scale/world.rs"]
mod world;

use clap::Parser;
use std::{path::PathBuf, process::ExitCode, time::Instant};
use world::Size;

#[derive(Parser)]
#[command(about = "Costs of operations on stake in a small and in a large chain")]
struct Options {
	/// Operators in the large chain.
	#[arg(long, default_value_t = 10_000)]
	operators: u32,
	/// Delegations in it.
	#[arg(long, default_value_t = 1_000_000)]
	delegations: u32,
	/// How many of them are in one pool; a hundredth of them by default.
	#[arg(long)]
	crowd: Option<u32>,
	/// Writes the figures into this file.
	#[arg(long)]
	json: Option<PathBuf>,
	/// What cargo says to every benchmark.
	#[arg(long, hide = true)]
	bench: bool,
}

fn main() -> anyhow::Result<ExitCode> {
	let options = Options::parse();
	let large = Size {
		operators: options.operators,
		delegations: options.delegations,
		crowd: options.crowd.unwrap_or(options.delegations / 100),
	};
	let began = Instant::now();
	let tell = |what: &str| eprintln!("{:>7.1} s  {what}", began.elapsed().as_secs_f32());
	let small = (Size::TEN, measure::all(Size::TEN, tell));
	let large = (large, measure::all(large, tell));
	println!("{}", measure::table(&small.1, &large.1));
	let found = measure::differences(&small, &large);
	if let Some(path) = options.json {
		let figures = serde_json::json!({
			"small": { "size": small.0, "costs": small.1 },
			"large": { "size": large.0, "costs": large.1 },
			"differences": found,
			"seconds": began.elapsed().as_secs(),
		});
		std::fs::write(path, serde_json::to_vec_pretty(&figures)?)?;
	}
	for difference in &found {
		eprintln!("costs more: {difference}");
	}
	Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
