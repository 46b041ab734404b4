//! The end of a run, for people and for machines.

use super::{checks::Check, facts::Facts, operators::Role};
use anyhow::{Context, Result};
use dtel::{commands::status::era_row, table::table, Dtel};
use dtel_primitives::NodeId;
use serde::Serialize;
use std::{path::Path, time::Duration};

/// Every followed era and node, one a line.
pub fn outcome_table(facts: &Facts) -> String {
	let heading = [
		"era",
		"node",
		"operator",
		"reports",
		"loss %",
		"jitter ms",
		"RTT ms",
		"MOS",
		"video %",
		"Mbps",
		"score %",
		"points",
		"DTEL paid",
		"status",
	];
	let rows = facts.eras.iter().flat_map(|era| {
		era.nodes.iter().map(|view| {
			let [node, figures @ ..] = era_row(view);
			let [reports, loss, jitter, rtt, mos, video, mbps, score, points, paid, status] =
				figures;
			let era = era.summary.era.to_string();
			let operator = operator(facts, view.node);
			[
				era, node, operator, reports, loss, jitter, rtt, mos, video, mbps, score, points,
				paid, status,
			]
		})
	});
	table(heading, rows)
}

/// Whose node it is, and what is special about it.
fn operator(facts: &Facts, node: NodeId) -> String {
	let Some(member) = facts.members.iter().find(|member| member.node == node) else {
		return "?".into();
	};
	let note = match member.role {
		Role::Impaired if facts.impaired => ", bad path",
		Role::Vanishing if facts.killed.is_some() => ", killed",
		_ => "",
	};
	format!("Op{}{note}", member.operator)
}

/// What each era released and paid.
pub fn money_table(facts: &Facts) -> String {
	table(
		["era", "members", "DTEL released", "DTEL paid", "settled"],
		facts.eras.iter().map(|era| {
			let s = &era.summary;
			[
				s.era.to_string(),
				s.members.to_string(),
				format!("{:.4}", Dtel(s.released)),
				format!("{:.4}", Dtel(s.paid)),
				if s.settled { "yes" } else { "no" }.into(),
			]
		}),
	)
}

/// A check as a line.
pub fn check_line(check: &Check) -> String {
	format!("{} {}", if check.ok { "✓" } else { "✗" }, check.text)
}

#[derive(Serialize)]
struct Report<'a, F> {
	passed: bool,
	seconds: u64,
	checks: &'a [Check],
	facts: &'a F,
}

/// Writes every figure for machines.
pub fn write_json<F: Serialize>(
	file: &Path,
	facts: &F,
	checks: &[Check],
	took: Duration,
) -> Result<()> {
	let passed = checks.iter().all(|check| check.ok);
	// Not by way of `serde_json::Value`, which has no room for a balance.
	let all = Report { passed, seconds: took.as_secs(), checks, facts };
	let text = serde_json::to_string_pretty(&all)? + "\n";
	std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}
