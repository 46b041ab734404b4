//! From the first process to the verdict.

use super::{
	args::{Args, Mode},
	bots::Bots,
	browser,
	chain_node::ChainNode,
	checks::{evaluate, Check},
	facts::{read_eras, Facts, Member},
	follow::Follower,
	operators::{add_client, Operator, Role},
	report::{check_line, money_table, outcome_table, write_json},
	upgrade, voter, World,
};
use crate::netem::{Impairment, Relay};
use anyhow::{Context, Result};
use dtel::{Chain, Wait};
use dtel_primitives::EraIndex;
use futures::future::try_join_all;
use serde::Serialize;
use std::{
	process::ExitCode,
	time::{Duration, Instant},
};
use tokio::signal::unix::{signal, SignalKind};

/// Operators of the main run.
const OPERATORS: u32 = 5;

/// Runs what was asked for; every process that was started has ended when this returns.
pub async fn entry(args: Args) -> ExitCode {
	match judged(args).await {
		Ok(true) => ExitCode::SUCCESS,
		Ok(false) => ExitCode::FAILURE,
		Err(error) => {
			eprintln!("error: {error:#}");
			ExitCode::FAILURE
		}
	}
}

async fn judged(args: Args) -> Result<bool> {
	let mut interrupt = signal(SignalKind::interrupt())?;
	let mut terminate = signal(SignalKind::terminate())?;
	let mut hang_up = signal(SignalKind::hangup())?;
	let stopped = async {
		tokio::select! {
			_ = interrupt.recv() => {},
			_ = terminate.recv() => {},
			_ = hang_up.recv() => {},
		}
	};
	tokio::pin!(stopped);
	if let Some(Mode::Netem { listen, target }) = args.mode {
		let relay = Relay::start(listen, target, Impairment::BAD).await?;
		println!("{} → {target}: 8 % loss, 40 ± 40 ms, each way. Ctrl-C ends it.", relay.address());
		stopped.await;
		return Ok(true);
	}
	let mut world = World::new(&args)?;
	say(format!("Logs: {}", world.logs().display()));
	let outcome = tokio::select! {
		outcome = run(&args, &mut world) => outcome,
		() = &mut stopped => Err(anyhow::anyhow!("interrupted")),
	};
	if args.keep && outcome.is_ok() {
		say("Everything keeps running (--keep). Ctrl-C ends it.");
		stopped.await;
	}
	say("Stopping the processes of this run");
	world.children.stop().await;
	if outcome.as_ref().is_ok_and(|passed| *passed) && args.dir.is_none() {
		// Logs stay; a passed run's database is of no use.
		let _ = std::fs::remove_dir_all(world.dir.join("chain"));
	}
	outcome
}

async fn run(args: &Args, world: &mut World) -> Result<bool> {
	match &args.mode {
		Some(Mode::Browser { script }) => browser::run(world, script).await,
		Some(Mode::Voter { script, whole_lock }) => {
			voter::run(args, world, script, *whole_lock).await
		}
		Some(Mode::Upgrade { wasm, try_state }) => upgrade::run(args, world, wasm, try_state).await,
		_ => main_run(args, world).await,
	}
}

/// Prints a line of progress.
pub fn say(line: impl std::fmt::Display) {
	println!("{line}");
}

/// The first era in which operators that registered in these eras are all members.
fn first_common_era(registered: impl IntoIterator<Item = EraIndex>) -> EraIndex {
	registered.into_iter().max().unwrap_or(0).saturating_add(2)
}

async fn main_run(args: &Args, world: &mut World) -> Result<bool> {
	let began = Instant::now();
	let plan = args.plan();
	let mut operators = Vec::new();
	for number in 1..=OPERATORS {
		let role = match number {
			4 => Role::Impaired,
			5 if plan.kill_in.is_some() => Role::Vanishing,
			_ => Role::Healthy,
		};
		operators.push(Operator::new(world, number, role, number == 4 && plan.impaired)?);
	}
	let (node, chain) = start_chain(world, &operators).await?;
	let issuance_before = chain.total_issuance(None).await?;

	say(format!("Starting {OPERATORS} media daemons"));
	let mut relays = Vec::new();
	for operator in &operators {
		let relay = operator.relay().await?;
		let pid = operator.start_worker(world, &node.url())?;
		let path = match &relay {
			Some(relay) => format!(", behind {}: 8 % loss, 40 ± 40 ms, each way", relay.address()),
			None => String::new(),
		};
		say(format!("  {}: pid {pid}, {}{path}", operator.process(), operator.domain()));
		relays.extend(relay);
	}
	for operator in &operators {
		operator.ready(&mut world.children).await?;
	}

	say("Operators bond and register; the app developer adds an API key");
	let bonds = try_join_all(operators.iter().map(|operator| operator.bond(&chain)));
	tokio::try_join!(bonds, add_client(&chain))?;
	// One after the other, so that the nodes' identifiers follow the operators' numbers.
	let mut nodes = Vec::new();
	for operator in &operators {
		nodes.push(operator.register(&chain, Wait::InBlock).await?);
	}
	let members: Vec<Member> = operators
		.iter()
		.zip(&nodes)
		.map(|(operator, (node, _))| Member {
			node: *node,
			operator: operator.number,
			role: operator.role,
		})
		.collect();
	let first = first_common_era(nodes.iter().map(|(_, era)| *era));
	let last = first.saturating_add(plan.eras - 1);
	let ids: Vec<_> = nodes.iter().map(|(id, _)| *id).collect();
	say(format!("  nodes {ids:?} of Op1 … Op{OPERATORS}, members from era {first} on"));

	let mut bots = Bots::new(world, &operators)?;
	let mut follower = Follower::new(chain, &node, &operators, &members, first..=last, plan);
	follower.follow(world, &mut bots).await?;
	// With --keep the last calls go on to their end.
	if !args.keep {
		bots.stop(world).await?;
	}

	let chain = follower.chain().clone();
	let at = chain.finalized().await?;
	let facts = Facts {
		impaired: plan.impaired,
		eras: read_eras(&chain, first..=last, at).await?,
		members: members.clone(),
		issuance_before,
		issuance_after: chain.total_issuance(Some(at)).await?,
		killed: follower.killed(),
		restart_wanted: plan.restart_in.is_some(),
		restarted: follower.restarted(),
		calls: bots.calls(),
	};
	for relay in &relays {
		let counters = relay.counters();
		say(format!(
			"The bad path saw {} datagrams and lost {} of them.",
			counters.seen(),
			counters.lost()
		));
	}
	let passed = conclude(args, &facts, began.elapsed())?;
	if args.keep {
		endpoints(world, &node, &operators)?;
	}
	// The relays must live until here, and as long as anything uses them.
	if args.keep && !relays.is_empty() {
		tokio::spawn(async move {
			std::future::pending::<()>().await;
			drop(relays);
		});
	}
	Ok(passed)
}

/// The chain node, up and making final blocks.
pub async fn start_chain(world: &mut World, operators: &[Operator]) -> Result<(ChainNode, Chain)> {
	let node = ChainNode::new(world, operators)?;
	say("Starting the dev chain");
	node.insert_keys(&mut world.children, operators).await?;
	let pid = node.start(&mut world.children)?;
	let chain = node.connect(&mut world.children).await?;
	node.first_final_block(&chain).await?;
	say(format!("  chain: pid {pid}, {}", node.url()));
	Ok((node, chain))
}

/// Tables, checks, the JSON file.
fn conclude(args: &Args, facts: &Facts, took: Duration) -> Result<bool> {
	say("\nWhat the chain says (by RPC, at the last final block):\n");
	say(outcome_table(facts));
	say(money_table(facts));
	conclude_checks(args, &evaluate(facts), facts, took)
}

/// Checks and the JSON file.
pub fn conclude_checks<F: Serialize>(
	args: &Args,
	checks: &[Check],
	facts: &F,
	took: Duration,
) -> Result<bool> {
	say("");
	for check in checks {
		say(check_line(check));
	}
	if let Some(file) = &args.json {
		write_json(file, facts, checks, took)?;
	}
	let failed = checks.iter().filter(|check| !check.ok).count();
	say(format!(
		"\n{} checks passed, {failed} failed, {}m{:02}s",
		checks.len() - failed,
		took.as_secs() / 60,
		took.as_secs() % 60
	));
	Ok(failed == 0 && !checks.is_empty())
}

fn endpoints(world: &mut World, node: &ChainNode, operators: &[Operator]) -> Result<()> {
	say(format!("\nchain RPC  {}", node.url()));
	for operator in operators {
		if !world.children.is_up(&operator.process()) {
			say(format!("{}   was killed", operator.process()));
			continue;
		}
		say(format!(
			"{}   signalling ws://{}   reports and statistics http://127.0.0.1:{}",
			operator.process(),
			operator.domain(),
			operator.private_port
		));
	}
	let dtel = world.program("dtel")?;
	say(format!("try: {} --url {} status", dtel.display(), node.url()));
	Ok(())
}

/// A directory beside the logs for what a test leaves behind.
pub fn artefacts(world: &World) -> Result<std::path::PathBuf> {
	let dir = world.logs();
	std::fs::create_dir_all(&dir).context("cannot create the log directory")?;
	Ok(dir)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_last_to_register_decides_when_all_are_members() {
		assert_eq!(first_common_era([0, 0, 1]), 3);
		assert_eq!(first_common_era([0, 0]), 2);
	}
}
