//! Whether the chain says what the design promises.

use super::{
	facts::{Calls, EraFacts, Facts, Killed},
	operators::Role,
};
use dtel::{table::percent, Dtel};
use dtel_primitives::{
	api::{NodeEraView, Verdict},
	Balance,
};
use serde::{Deserialize, Serialize};

/// How far an unimpaired node 4 may score below the worst of the others: noise of a shared machine.
const TOLERANCE: u16 = 500;

/// A promise and whether it was kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Check {
	/// Whether it was kept.
	pub ok: bool,
	/// The promise, with the figures.
	pub text: String,
}

impl Check {
	/// A promise and whether it was kept.
	pub fn new(ok: bool, text: impl Into<String>) -> Self {
		Self { ok, text: text.into() }
	}
}

/// Every promise that this run was about.
pub fn evaluate(facts: &Facts) -> Vec<Check> {
	let mut checks = Vec::new();
	for era in &facts.eras {
		checks.push(measured(facts, era));
		checks.push(bounded(era));
		match facts.members.iter().any(|m| m.role == Role::Impaired) {
			true if facts.impaired => checks.push(impaired_is_worse(facts, era)),
			true => checks.push(unimpaired_is_as_good(facts, era)),
			false => {}
		}
	}
	if facts.eras.is_empty() {
		checks.push(Check::new(false, "an era was followed"));
	}
	match &facts.killed {
		Some(killed) => {
			checks.push(jailed_in_time(killed));
			checks.push(unpaid_when_gone(facts, killed));
		}
		None if facts.members.iter().any(|m| m.role == Role::Vanishing) => {
			checks.push(Check::new(false, "a node's daemon was killed"));
		}
		None => {}
	}
	if facts.restart_wanted && facts.restarted.is_none() {
		checks.push(Check::new(false, "the chain node was killed and started again"));
	}
	if let Some(restarted) = &facts.restarted {
		let ok = restarted.commits > 0
			&& restarted.commits >= restarted.commits_before
			&& restarted.commits_before > 0
			&& restarted.reveals == restarted.commits;
		checks.push(Check::new(
			ok,
			format!(
				"era {}: the chain node was killed at block {} with {} commitments; {} in the end, {} revealed",
				restarted.era, restarted.block, restarted.commits_before, restarted.commits, restarted.reveals
			),
		));
	}
	checks.push(calls_were_up(facts));
	checks.push(Check::new(
		facts.issuance_after <= facts.issuance_before && facts.issuance_after > 0,
		format!(
			"total issuance did not rise: {:#} DTEL before, {:#} after",
			Dtel(facts.issuance_before),
			Dtel(facts.issuance_after)
		),
	));
	checks
}

fn of_role<'a>(
	facts: &'a Facts,
	era: &'a EraFacts,
	role: Role,
) -> impl Iterator<Item = &'a NodeEraView> {
	era.nodes.iter().filter(move |view| facts.role(view.node) == Some(role))
}

fn score(view: &NodeEraView) -> u16 {
	view.outcome.map_or(0, |outcome| outcome.score.parts())
}

fn paid(view: &NodeEraView) -> Balance {
	view.paid.unwrap_or(0)
}

/// Era settled; every node of the run a member; the healthy ones measured, with their duty done, and paid.
fn measured(facts: &Facts, era: &EraFacts) -> Check {
	let missing: Vec<_> = facts
		.members
		.iter()
		.filter(|member| era.node(member.node).is_none())
		.map(|m| m.node)
		.collect();
	// A run that is about lost commitments says nothing about quality.
	let pay = facts.restarted.is_none();
	let bad: Vec<_> = of_role(facts, era, Role::Healthy)
		.filter(|view| {
			let good = view.outcome.is_some_and(|outcome| {
				outcome.verdict == Verdict::Measured && outcome.duty_done && outcome.reported > 0
			});
			!good || (pay && paid(view) == 0)
		})
		.map(|view| view.node)
		.collect();
	let healthy = of_role(facts, era, Role::Healthy).count();
	let ok = era.summary.settled && missing.is_empty() && bad.is_empty() && healthy > 0;
	let mut text = format!(
		"era {}: settled, {healthy} healthy nodes measured{}",
		era.summary.era,
		if pay { " and paid" } else { "" }
	);
	if !era.summary.settled {
		text += "; it is not settled";
	}
	if !missing.is_empty() {
		text += &format!("; no members: {missing:?}");
	}
	if !bad.is_empty() {
		text += &format!("; not measured, on duty and paid: {bad:?}");
	}
	Check::new(ok, text)
}

/// Paid ≤ released, and what the nodes got is what the era paid.
fn bounded(era: &EraFacts) -> Check {
	let sum = era.nodes.iter().map(paid).fold(0, Balance::saturating_add);
	let summary = &era.summary;
	Check::new(
		sum <= summary.released && summary.paid == sum,
		format!(
			"era {}: paid {:.4} ≤ released {:.4} DTEL (the nodes got {:.4})",
			summary.era,
			Dtel(summary.paid),
			Dtel(summary.released),
			Dtel(sum)
		),
	)
}

fn impaired_is_worse(facts: &Facts, era: &EraFacts) -> Check {
	let healthy_score = of_role(facts, era, Role::Healthy).map(score).min().unwrap_or(0);
	let healthy_paid = of_role(facts, era, Role::Healthy).map(paid).min().unwrap_or(0);
	let impaired_score = of_role(facts, era, Role::Impaired).map(score).max();
	let impaired_paid = of_role(facts, era, Role::Impaired).map(paid).max().unwrap_or(0);
	let known = of_role(facts, era, Role::Impaired).all(|view| view.outcome.is_some());
	Check::new(
		known && impaired_score.is_some_and(|s| s < healthy_score) && impaired_paid < healthy_paid,
		format!(
			"era {}: healthy score ≥ {} % > impaired {} %; healthy paid ≥ {:.4} > impaired {:.4} DTEL",
			era.summary.era,
			percent(healthy_score),
			percent(impaired_score.unwrap_or(0)),
			Dtel(healthy_paid),
			Dtel(impaired_paid)
		),
	)
}

fn unimpaired_is_as_good(facts: &Facts, era: &EraFacts) -> Check {
	let healthy = of_role(facts, era, Role::Healthy).map(score).min().unwrap_or(0);
	let other = of_role(facts, era, Role::Impaired).map(score).min().unwrap_or(0);
	Check::new(
		healthy > 0 && other.saturating_add(TOLERANCE) >= healthy,
		format!(
			"era {}: without impairment node 4's score {} % is within {} of the others' {} %",
			era.summary.era,
			percent(other),
			percent(TOLERANCE),
			percent(healthy)
		),
	)
}

fn jailed_in_time(killed: &Killed) -> Check {
	let last = killed.era.saturating_add(1);
	let text = match killed.jailed {
		Some((block, era)) => format!("jailed at block {block} in era {era}"),
		None => "it was not jailed".into(),
	};
	Check::new(
		killed.jailed.is_some_and(|(_, era)| era <= last),
		format!(
			"node {} died in era {} (block {}); jailed by the end of era {last}: {text}",
			killed.node, killed.era, killed.block
		),
	)
}

fn unpaid_when_gone(facts: &Facts, killed: &Killed) -> Check {
	let missed: Vec<_> = facts.eras.iter().filter(|era| era.summary.era >= killed.era).collect();
	let got: Balance = missed
		.iter()
		.filter_map(|era| era.node(killed.node))
		.map(paid)
		.fold(0, Balance::saturating_add);
	let eras: Vec<_> = missed.iter().map(|era| era.summary.era).collect();
	Check::new(
		!missed.is_empty() && got == 0,
		format!(
			"node {} was paid {:.4} DTEL for the eras it missed {eras:?}",
			killed.node,
			Dtel(got)
		),
	)
}

/// Clients' calls were up at every node that was to carry them, and media came through.
fn calls_were_up(facts: &Facts) -> Check {
	let idle: Vec<_> = facts
		.calls
		.iter()
		.filter(|calls| calls.most_up == 0 || calls.packets == 0)
		.map(|calls| calls.operator)
		.collect();
	let sum = |of: fn(&Calls) -> u64| facts.calls.iter().map(of).sum::<u64>();
	let mut text = format!(
		"{} clients' calls through {} nodes, {} packets received, {} lost",
		facts.calls.iter().map(|calls| calls.ended).sum::<usize>(),
		facts.calls.len(),
		sum(|calls| calls.packets),
		sum(|calls| calls.lost)
	);
	if !idle.is_empty() {
		text += &format!("; no media at {idle:?}");
	}
	Check::new(idle.is_empty() && !facts.calls.is_empty(), text)
}

#[cfg(test)]
#[path = "checks_tests.rs"]
mod tests;
