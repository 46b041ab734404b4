//! Clients' calls: one call after the other through each node that is to carry some, with the daemon's
//! own bots and tokens of the app developer's API key.

use super::{
	children::Children,
	facts::Calls,
	operators::{client_seed, Operator, Role},
	World,
};
use anyhow::Result;
use futures::future::join_all;
use serde::Deserialize;
use std::path::PathBuf;
use tokio::process::Command;

/// How long one call lasts.
const CALL_SECONDS: u32 = 30;

/// What a bot says in its last line.
#[derive(Deserialize, Clone, Copy, Debug, Default, PartialEq)]
struct Summary {
	pairs: usize,
	received_both: usize,
	cut: usize,
	packets: u64,
	lost: u64,
}

/// The callers of a run.
pub struct Bots {
	program: PathBuf,
	callers: Vec<Caller>,
}

struct Caller {
	operator: Operator,
	calls: Calls,
}

impl Caller {
	fn process(&self) -> String {
		format!("bot-{}", self.operator.number)
	}

	/// Adds what the call that ended came to.
	fn count(&mut self, children: &Children) {
		let log = std::fs::read(children.log(&self.process())).unwrap_or_default();
		let Some(summary) = last_summary(&String::from_utf8_lossy(&log)) else { return };
		self.calls.ended += summary.pairs;
		self.calls.good +=
			usize::from(summary.received_both >= summary.pairs * 2 && summary.cut == 0);
		self.calls.packets += summary.packets;
		self.calls.lost += summary.lost;
	}
}

/// The last line that a bot wrote as a summary.
fn last_summary(log: &str) -> Option<Summary> {
	log.lines().rev().find_map(|line| serde_json::from_str(line.trim()).ok())
}

impl Bots {
	/// A caller for every node but the one whose daemon will die.
	pub fn new(world: &World, operators: &[Operator]) -> Result<Self> {
		let callers = operators
			.iter()
			.filter(|operator| operator.role != Role::Vanishing)
			.map(|operator| Caller {
				operator: operator.clone(),
				calls: Calls { operator: operator.number, ..Calls::default() },
			})
			.collect();
		Ok(Self { program: world.program("dtel-worker")?, callers })
	}

	/// Begins a new call wherever none is up, and sees how many the daemons have.
	pub async fn tick(&mut self, children: &mut Children) -> Result<usize> {
		let up = join_all(self.callers.iter().map(|caller| caller.operator.calls_up())).await;
		for (caller, now) in self.callers.iter_mut().zip(&up) {
			caller.calls.most_up = caller.calls.most_up.max(*now);
			let name = caller.process();
			if children.is_up(&name) {
				continue;
			}
			caller.count(children);
			// Only this call's summary shall be in the log when it ends.
			let _ = std::fs::rename(children.log(&name), children.log(&format!("{name}.before")));
			let mut command = Command::new(&self.program);
			command.args([
				"bot",
				"--url",
				&format!("ws://{}", caller.operator.domain()),
				"--pairs",
				"1",
			]);
			command.args(["--room", &format!("call-{}", caller.operator.number)]);
			command.args(["--duration", &CALL_SECONDS.to_string()]);
			command.env("DTEL_API_KEY_SEED", hex::encode(client_seed()));
			children.start_brief(&name, command)?;
		}
		Ok(up.iter().sum())
	}

	/// Ends every call.
	pub async fn stop(&mut self, world: &mut World) -> Result<()> {
		for caller in &mut self.callers {
			world.children.end(&caller.process()).await?;
			caller.count(&world.children);
		}
		Ok(())
	}

	/// What came of them.
	pub fn calls(&self) -> Vec<Calls> {
		self.callers.iter().map(|caller| caller.calls).collect()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_last_summary_of_a_log_counts() {
		let log = "   1 s  joined 2/2\n{\"pairs\":1,\"joined\":2,\"received_both\":2,\"cut\":0,\"packets\":70,\
		           \"expected\":71,\"lost\":1,\"loss\":0.01}\nbye\n";
		let expected = Summary { pairs: 1, received_both: 2, cut: 0, packets: 70, lost: 1 };
		assert_eq!(last_summary(log), Some(expected));
		assert_eq!(last_summary("no summary"), None);
	}
}
