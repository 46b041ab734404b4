//! A run: a dev chain, operators with their daemons, calls, and a judgement in the end.

mod airdrop;
mod args;
mod bots;
mod browser;
mod chain_node;
mod checks;
mod children;
mod facts;
mod follow;
mod http;
pub mod main;
mod operators;
mod populate;
mod ports;
mod report;
mod snapshot;
mod upgrade;
mod voter;

pub use args::{Args, Mode, Plan};
pub use checks::{evaluate, Check};
pub use facts::{Calls, EraFacts, Facts, Killed, Member, Restarted};
pub use operators::Role;

use anyhow::{ensure, Context, Result};
use children::Children;
use ports::Ports;
use std::path::{Path, PathBuf};

/// What every part of a run needs.
pub struct World {
	/// Logs, keys, configurations, databases.
	pub dir: PathBuf,
	programs: PathBuf,
	/// Free ports.
	pub ports: Ports,
	/// Processes.
	pub children: Children,
}

impl World {
	/// A directory for this run, and where the programs are.
	fn new(args: &Args) -> Result<Self> {
		let dir = match &args.dir {
			Some(dir) => dir.clone(),
			None => std::env::temp_dir().join(format!("dtel-run-{}", std::process::id())),
		};
		let chain = dir.join("chain");
		ensure!(!chain.exists(), "{} is from another run; choose another --dir", chain.display());
		let children = Children::new(&dir.join("logs"))?;
		let dir = std::path::absolute(&dir)?;
		let programs = match &args.bin_dir {
			Some(dir) => std::path::absolute(dir)?,
			None => beside_this_program()?,
		};
		Ok(Self { dir, programs, ports: Ports::new(), children })
	}

	/// The path of one of our programs.
	pub fn program(&self, name: &str) -> Result<PathBuf> {
		let path = self.programs.join(name);
		ensure!(path.is_file(), "{} is missing: build it, or give --bin-dir", path.display());
		Ok(path)
	}

	/// Where the processes' outputs go.
	pub fn logs(&self) -> PathBuf {
		self.dir.join("logs")
	}
}

fn beside_this_program() -> Result<PathBuf> {
	let program = std::env::current_exe()?;
	program.parent().map(Path::to_owned).context("this program has no directory")
}
