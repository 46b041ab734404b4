//! What a run can be told.

use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Starts a dev chain and five operators' media daemons, puts calls through them, follows the chain,
/// and judges what it says in the end.
#[derive(Parser, Clone, Debug)]
#[command(name = "dtel-run", version)]
pub struct Args {
	/// Full eras to follow, from the first one in which all five operators' nodes are members.
	#[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=50))]
	pub eras: u32,
	/// Write every figure of the run to this file.
	#[arg(long, value_name = "FILE")]
	pub json: Option<PathBuf>,
	/// Leave chain and daemons running in the end and print the endpoints, until Ctrl-C.
	#[arg(long)]
	pub keep: bool,
	/// Give node 4 as good a path as the others have.
	#[arg(long)]
	pub no_impairment: bool,
	/// Let node 5's daemon live. With fewer than two eras it lives in any case.
	#[arg(long)]
	pub no_kill: bool,
	/// Instead of the main run: kill the chain node in the middle of an era, start it again, and see
	/// that no commitment is lost.
	#[arg(long)]
	pub restart_node: bool,
	/// Where logs and databases go; a new directory under the system's temporary one if absent.
	#[arg(long, value_name = "DIR")]
	pub dir: Option<PathBuf>,
	/// Where `dtel-node` and `dtel-worker` are; beside this program if absent.
	#[arg(long, value_name = "DIR")]
	pub bin_dir: Option<PathBuf>,
	/// Another kind of run.
	#[command(subcommand)]
	pub mode: Option<Mode>,
}

/// Other kinds of runs.
#[derive(Subcommand, Clone, Debug)]
pub enum Mode {
	/// One daemon and a call between two headless browsers with the unmodified client SDK.
	Browser {
		/// The test's script, run with Node.js.
		#[arg(long, default_value = "tests/browser/call.mjs")]
		script: PathBuf,
	},
	/// A voter with `@polkadot/api` on a dev chain: from a preimage to enactment, and back to unlocked tokens.
	Voter {
		/// The test's script, run with Node.js.
		#[arg(long, default_value = "tests/voter/voter.mjs")]
		script: PathBuf,
		/// Wait until a lock by conviction ends, too: 168 blocks more.
		#[arg(long)]
		whole_lock: bool,
	},
	/// An upgrade of the runtime on a populated dev chain, through a referendum.
	Upgrade {
		/// The new runtime (`build_rehearsal` in scripts/lib.sh).
		#[arg(long, value_name = "FILE")]
		wasm: PathBuf,
		/// The program that checks every invariant over a state: example `try_state` of this package.
		#[arg(long, value_name = "FILE")]
		try_state: PathBuf,
	},
	/// Only the impaired path: a UDP relay in front of an address.
	Netem {
		/// Where clients send to.
		#[arg(long, default_value = "127.0.0.1:0")]
		listen: std::net::SocketAddr,
		/// Where the datagrams go.
		target: std::net::SocketAddr,
	},
}

/// What the flags of a run come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
	/// Eras to follow.
	pub eras: u32,
	/// Whether node 4's path is bad.
	pub impaired: bool,
	/// Which of the followed eras (from 0) node 5's daemon dies in.
	pub kill_in: Option<u32>,
	/// Which of the followed eras (from 0) the chain node is killed and started again in.
	pub restart_in: Option<u32>,
}

impl Args {
	/// What the flags come to.
	pub fn plan(&self) -> Plan {
		if self.restart_node {
			return Plan { eras: 1, impaired: false, kill_in: None, restart_in: Some(0) };
		}
		Plan {
			eras: self.eras,
			impaired: !self.no_impairment,
			kill_in: (!self.no_kill && self.eras >= 2).then_some(1),
			restart_in: None,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn plan(flags: &[&str]) -> Plan {
		Args::parse_from(["dtel-run"].iter().chain(flags)).plan()
	}

	#[test]
	fn flags_make_the_plan() {
		let main = Plan { eras: 3, impaired: true, kill_in: Some(1), restart_in: None };
		assert_eq!(plan(&[]), main);
		assert_eq!(plan(&["--no-impairment"]), Plan { impaired: false, ..main });
		assert_eq!(plan(&["--no-kill", "--eras", "5"]), Plan { eras: 5, kill_in: None, ..main });
		assert_eq!(plan(&["--eras", "1"]).kill_in, None);
		assert_eq!(plan(&["--restart-node"]).restart_in, Some(0));
		assert!(Args::try_parse_from(["dtel-run", "--eras", "0"]).is_err());
	}
}
