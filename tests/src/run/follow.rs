//! Follows the chain block by block: shows progress, pays out, and does the damage that the run is about.

use super::{
	bots::Bots,
	chain_node::{self, ChainNode},
	facts::{Killed, Member, Restarted},
	main::say,
	operators::{Operator, Role},
	Plan, World,
};
use anyhow::{bail, Context, Result};
use dtel::{calls, keys, Chain, Dtel, Wait};
use dtel_primitives::{api::EraView, clock::Phase, BlockNumber, EraIndex, NodeId};
use futures::future::join_all;
use std::{
	collections::{BTreeMap, BTreeSet},
	ops::RangeInclusive,
	time::Duration,
};
use tokio::{task::JoinSet, time::timeout};

/// A chain that makes no block for so long has stopped.
const STALLED: Duration = Duration::from_secs(60);
/// Eras after the last followed one in which payouts are still awaited.
const PATIENCE: EraIndex = 3;

/// Follows a chain.
pub struct Follower<'a> {
	chain: Chain,
	node: &'a ChainNode,
	operators: &'a [Operator],
	members: &'a [Member],
	eras: RangeInclusive<EraIndex>,
	plan: Plan,
	killed: Option<Killed>,
	restarted: Option<Restarted>,
	payouts: JoinSet<(EraIndex, Vec<String>)>,
	paying: BTreeSet<EraIndex>,
	paid: BTreeSet<EraIndex>,
	shown: Option<(EraIndex, Phase)>,
}

impl<'a> Follower<'a> {
	/// Follows `chain` through `eras`.
	pub fn new(
		chain: Chain,
		node: &'a ChainNode,
		operators: &'a [Operator],
		members: &'a [Member],
		eras: RangeInclusive<EraIndex>,
		plan: Plan,
	) -> Self {
		Self {
			chain,
			node,
			operators,
			members,
			eras,
			plan,
			killed: None,
			restarted: None,
			payouts: JoinSet::new(),
			paying: BTreeSet::new(),
			paid: BTreeSet::new(),
			shown: None,
		}
	}

	/// The connection, which a restart of the chain node replaces.
	pub fn chain(&self) -> &Chain {
		&self.chain
	}

	/// The daemon that was killed.
	pub fn killed(&self) -> Option<Killed> {
		self.killed
	}

	/// The chain node's death.
	pub fn restarted(&self) -> Option<Restarted> {
		self.restarted
	}

	/// Until every followed era is settled, paid, and final.
	pub async fn follow(&mut self, world: &mut World, bots: &mut Bots) -> Result<()> {
		let mut blocks = self.chain.best_blocks().await?;
		let best = loop {
			let block = match timeout(STALLED, blocks.next()).await {
				Ok(Some(Ok(block))) => block,
				Ok(Some(Err(error))) => {
					world.children.check()?;
					return Err(error).context("lost the chain");
				}
				Ok(None) => {
					world.children.check()?;
					bail!(
						"the chain node ended the subscription:\n{}",
						world.children.tail(chain_node::NAME)
					);
				}
				Err(_) => {
					bail!("no block for {STALLED:?}:\n{}", world.children.tail(chain_node::NAME))
				}
			};
			world.children.check()?;
			let view = self.chain.era(Some(block.hash())).await?;
			let calls = match view.moment.era.saturating_add(1) >= *self.eras.start() {
				true => bots.tick(&mut world.children).await?,
				false => 0,
			};
			self.show(&view, world, calls);
			self.kill_worker(&view, world).await?;
			self.see_jail(&view, block.hash()).await?;
			if self.restart_due(&view) {
				self.restart_node(&view, world).await?;
				blocks = self.chain.best_blocks().await?;
				continue;
			}
			self.count_reveals(&view);
			if self.pay(&view).await? {
				break view.block;
			}
			if view.moment.era > self.eras.end().saturating_add(PATIENCE) {
				say("Some payouts did not become possible in time.");
				break view.block;
			}
		};
		self.finality(best).await
	}

	fn show(&mut self, view: &EraView, world: &mut World, calls: usize) {
		let m = &view.moment;
		if self.shown != Some((m.era, m.phase)) {
			self.shown = Some((m.era, m.phase));
			let what = match m.phase {
				Phase::Measure => "daemons call each other and measure",
				Phase::Commit => "off-chain workers commit to what their daemons measured",
				Phase::Reveal => "they reveal it",
				Phase::Settle => "the chain takes medians, scores, and jails who missed",
			};
			let note = match (m.era < *self.eras.start(), m.era > *self.eras.end()) {
				(true, _) => " (before all are members)",
				(_, true) => " (until the last eras are paid)",
				_ => "",
			};
			say(format!(
				"— era {}{note}, {:?} until block {}: {what}",
				m.era, m.phase, m.phase_ends
			));
		}
		let phase = format!("{:?}", m.phase).to_lowercase();
		say(format!(
			"  block {:>4}  era {:>2} {phase:<7} {:>2}/{}  daemons {}/{}  calls {calls}  members {}  commits {}  reveals {}  settled {}",
			view.block,
			m.era,
			m.offset.saturating_add(1),
			view.clock.era_blocks,
			world.children.count_up("worker-"),
			self.operators.len(),
			view.members,
			view.commits,
			view.reveals,
			view.settled,
		));
	}

	/// Kills the vanishing node's daemon in the middle of its era, before it can hand over a report.
	async fn kill_worker(&mut self, view: &EraView, world: &mut World) -> Result<()> {
		let Some(nth) = self.plan.kill_in else { return Ok(()) };
		let due = view.moment.era == self.eras.start().saturating_add(nth)
			&& view.moment.offset >= view.clock.commit_at * 3 / 4;
		let Some(at) = self.members.iter().position(|member| member.role == Role::Vanishing) else {
			return Ok(());
		};
		let (Some(member), Some(operator)) = (self.members.get(at), self.operators.get(at)) else {
			return Ok(());
		};
		if due && self.killed.is_none() {
			world.children.kill(&operator.process()).await?;
			say(format!(
				"  ✂ killed {} (kill -9): node {} is gone",
				operator.process(),
				member.node
			));
			let era = view.moment.era;
			self.killed = Some(Killed { node: member.node, block: view.block, era, jailed: None });
		}
		Ok(())
	}

	async fn see_jail(&mut self, view: &EraView, at: dtel::chain::BlockHash) -> Result<()> {
		let Some(killed) = self.killed.as_mut().filter(|killed| killed.jailed.is_none()) else {
			return Ok(());
		};
		let node = self.chain.node(killed.node, Some(at)).await?;
		if let Some(until) = node.and_then(|node| node.jailed_until) {
			killed.jailed = Some((view.block, view.moment.era));
			say(format!("  ⛓ node {} is jailed until era {until}", killed.node));
		}
		Ok(())
	}

	/// The first commitments are on chain, others perhaps on their way, and nothing is revealed.
	fn restart_due(&self, view: &EraView) -> bool {
		let Some(nth) = self.plan.restart_in else { return false };
		self.restarted.is_none()
			&& view.moment.era == self.eras.start().saturating_add(nth)
			&& view.moment.phase == Phase::Commit
			&& view.commits > 0
	}

	async fn restart_node(&mut self, view: &EraView, world: &mut World) -> Result<()> {
		world.children.kill(chain_node::NAME).await?;
		say(format!(
			"  ✂ killed the chain node (kill -9) at block {} with {} commitments",
			view.block, view.commits
		));
		let pid = self.node.start(&mut world.children)?;
		self.chain = self.node.connect(&mut world.children).await?;
		say(format!("  ↻ the chain node is back: pid {pid}"));
		self.restarted = Some(Restarted {
			era: view.moment.era,
			block: view.block,
			commits_before: view.commits,
			commits: 0,
			reveals: 0,
		});
		Ok(())
	}

	fn count_reveals(&mut self, view: &EraView) {
		if let Some(restarted) = self.restarted.as_mut().filter(|r| r.era == view.moment.era) {
			restarted.commits = restarted.commits.max(view.commits);
			restarted.reveals = restarted.reveals.max(view.reveals);
		}
	}

	/// Pays out what can be paid out; true when every followed era is settled and nothing is left to pay.
	async fn pay(&mut self, view: &EraView) -> Result<bool> {
		while let Some(done) = self.payouts.try_join_next() {
			let (era, lines) = done.context("a payout broke")?;
			self.paying.remove(&era);
			lines.iter().for_each(|line| say(format!("  {line}")));
		}
		for era in self.eras.clone() {
			if view.moment.era <= era || self.paying.contains(&era) || self.paid.contains(&era) {
				continue;
			}
			let best = self.chain.best().await?;
			let settled = self
				.chain
				.era_summary(era, Some(best))
				.await?
				.is_some_and(|summary| summary.settled);
			let rows = self.chain.era_nodes(era, Some(best)).await?;
			// As long as the pay is locked, nothing is payable yet.
			let waits = rows.iter().any(|row| row.points > 0 && row.paid.is_none());
			// Every operator of this run has one node.
			let due: BTreeMap<NodeId, String> = rows
				.iter()
				.filter(|row| row.paid.is_none() && row.payable.is_some_and(|amount| amount > 0))
				.filter_map(|row| Some((row.node, self.suri_of(row.node)?)))
				.collect();
			if !due.is_empty() {
				self.paying.insert(era);
				self.payouts.spawn(pay_out(self.chain.clone(), era, due));
			} else if settled && !waits {
				self.paid.insert(era);
			}
		}
		Ok(self.eras.clone().all(|era| self.paid.contains(&era)))
	}

	fn suri_of(&self, node: NodeId) -> Option<String> {
		let at = self.members.iter().position(|member| member.node == node)?;
		self.operators.get(at).map(|operator| operator.suri.clone())
	}

	/// Waits until a block of this height is final.
	async fn finality(&self, height: BlockNumber) -> Result<()> {
		let mut blocks = self.chain.finalized_blocks().await?;
		if self.chain.number(self.chain.finalized().await?).await? >= height {
			return Ok(());
		}
		loop {
			let block = timeout(STALLED, blocks.next()).await.context("finality has stopped")?;
			let block = block.context("the chain node ended the subscription")??;
			if block.number() >= u64::from(height) {
				return Ok(());
			}
		}
	}
}

/// Submits the payouts of an era, each from the account of the node's operator, though anybody might.
async fn pay_out(
	chain: Chain,
	era: EraIndex,
	due: BTreeMap<NodeId, String>,
) -> (EraIndex, Vec<String>) {
	let one = |node: NodeId, suri: String| {
		let chain = chain.clone();
		async move {
			let signer = keys::signer(&suri)?;
			let operator = keys::account_of(&signer);
			let call = calls::payout(era, &operator);
			let done = chain.submit(&call, &signer, Wait::Finalized).await?;
			let rows = chain.era_nodes(era, Some(done.block)).await?;
			let paid =
				rows.iter().find(|row| row.node == node).and_then(|row| row.paid).unwrap_or(0);
			anyhow::Ok(format!("✔ era {era}: node {node} was paid {:.4} DTEL", Dtel(paid)))
		}
	};
	let done = join_all(due.into_iter().map(|(node, suri)| one(node, suri))).await;
	let lines =
		done.into_iter().map(|line| line.unwrap_or_else(|error| format!("! payout: {error:#}")));
	(era, lines.collect())
}
