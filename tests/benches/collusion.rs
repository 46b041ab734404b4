//! Groups that collude, in the pallets' own code: what they move, gain and lose, and what others do.
//!
//! `cargo bench -p dtel-tests --bench collusion -- --all --nodes 100 --jobs 2 --markdown table.md --svg plot.svg --json runs.json`
//!
//! Ends with an error if, up to a share of one third, a group earns more than 2 % above honest work or an honest node
//! loses more than 2 % of its pay.

#[path = "../tests/collusion/chain.rs"]
mod chain;
#[path = "../tests/collusion/compare.rs"]
mod compare;
#[path = "../tests/collusion/nodes.rs"]
mod nodes;
#[path = "../tests/collusion/plot.rs"]
mod plot;
#[path = "../tests/collusion/run.rs"]
mod run;
#[path = "../tests/collusion/state.rs"]
mod state;
#[path = "../tests/collusion/strategy.rs"]
mod strategy;

use anyhow::anyhow;
use clap::Parser;
use compare::{markdown, verdict, Row, GOAL_SHARE};
use run::{run, Of, Report, Setup};
use std::{
	path::PathBuf,
	process::ExitCode,
	sync::atomic::{AtomicUsize, Ordering},
	sync::Mutex,
	time::Instant,
};
use strategy::Strategy;

/// The shares that are looked at, in percent.
const SHARES: [u32; 4] = [10, 20, 33, 45];

#[derive(Parser)]
#[command(about = "Colluding groups in the pallets' own code")]
struct Options {
	/// Nodes in the network.
	#[arg(long, default_value_t = 100)]
	nodes: u32,
	/// Eras that are looked at.
	#[arg(long, default_value_t = 200)]
	eras: u32,
	/// What all that is random comes from.
	#[arg(long, default_value_t = 1)]
	seed: u64,
	/// The group's share, in percent. One third if nothing is said.
	#[arg(long, value_parser = clap::value_parser!(u32).range(1..=90))]
	share: Option<u32>,
	/// Of what it is a share.
	#[arg(long, default_value = "nodes")]
	of: Of,
	/// What the group does.
	#[arg(long, default_value = "careful")]
	strategy: Strategy,
	/// Every strategy with every share, or the one that is named, of nodes and of stake.
	#[arg(long)]
	all: bool,
	/// So many runs at once.
	#[arg(long, default_value_t = 1)]
	jobs: usize,
	/// Writes every figure into this file.
	#[arg(long)]
	json: Option<PathBuf>,
	/// Writes the plot into this file.
	#[arg(long)]
	svg: Option<PathBuf>,
	/// Writes the table into this file.
	#[arg(long)]
	markdown: Option<PathBuf>,
	/// What cargo says to every benchmark.
	#[arg(long, hide = true)]
	bench: bool,
}

impl Options {
	fn setups(&self) -> Vec<Setup> {
		let Self { nodes, eras, seed, share, of, strategy, .. } = *self;
		let at = share.unwrap_or(GOAL_SHARE);
		let one = Setup { nodes, eras, seed, share: at, of, strategy, noise: 1.0, spread: 1.0 };
		if !self.all {
			return vec![one];
		}
		let of = [Of::Nodes, Of::Stake].into_iter();
		let by_strategy = of.flat_map(|of| Strategy::DISHONEST.map(|strategy| (of, strategy)));
		by_strategy
			.flat_map(|(of, strategy)| {
				let shares = share.map_or(SHARES.to_vec(), |share| vec![share]);
				shares.into_iter().map(move |share| Setup { of, strategy, share, ..one })
			})
			.collect()
	}
}

/// Runs all of these, so many at once, and makes something of each report.
fn run_all<R: Clone + Send>(
	setups: &[Setup],
	jobs: usize,
	each: impl Fn(Report) -> R + Sync,
) -> Vec<R> {
	let (began, next) = (Instant::now(), AtomicUsize::new(0));
	let done = Mutex::new(vec![None; setups.len()]);
	let work = || loop {
		let at = next.fetch_add(1, Ordering::Relaxed);
		let Some(setup) = setups.get(at) else { break };
		let Setup { share, of, strategy, .. } = *setup;
		let what = format!("{}/{} {strategy:?}, {share} % of {of:?}", at + 1, setups.len());
		let started = Instant::now();
		let tell = |era: u32| {
			if era.is_multiple_of(50) {
				eprintln!("{:>7.1} s  {what}: era {era}", began.elapsed().as_secs_f32());
			}
		};
		let result = each(run(setup, tell));
		let took = started.elapsed().as_secs_f32();
		eprintln!("{:>7.1} s  {what}: done in {took:.1} s", began.elapsed().as_secs_f32());
		if let Ok(mut done) = done.lock() {
			done[at] = Some(result);
		}
	};
	std::thread::scope(|scope| {
		(0..jobs.max(1)).for_each(|_| {
			scope.spawn(work);
		});
	});
	done.into_inner().expect("no run failed").into_iter().flatten().collect()
}

fn main() -> anyhow::Result<ExitCode> {
	let options = Options::parse();
	let wanted = options.setups();
	let mut honest: Vec<Setup> = Vec::new();
	for baseline in wanted.iter().map(|setup| setup.baseline()) {
		if !honest.contains(&baseline) {
			honest.push(baseline);
		}
	}
	let honest = run_all(&honest, options.jobs, |report| report);
	let rows = run_all(&wanted, options.jobs, |report| {
		let baseline = honest.iter().find(|other| other.setup == report.setup.baseline());
		let row = Row::new(report, baseline.expect("it was run"));
		let Row { report, group, honest } = &row;
		let Setup { strategy, share, of, .. } = report.setup;
		eprintln!(
			"           {}, {share} % of {of:?}: group {:+.2} %, honest {:+.2} %, worst {:+.2} %; {:?}",
			strategy.name(), group.pay, honest.pay, honest.worst, report.kinds,
		);
		row
	});

	let table = markdown(&rows);
	println!("{table}");
	if let Some(path) = options.markdown {
		std::fs::write(path, &table)?;
	}
	if let Some(path) = options.svg {
		std::fs::write(path, plot::svg(&rows).map_err(|e| anyhow!(e))?)?;
	}
	if let Some(path) = options.json {
		std::fs::write(path, serde_json::to_vec_pretty(&rows)?)?;
	}
	let missed = verdict(&rows);
	eprint!("{missed}");
	Ok(if missed.starts_with("missed") { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
