//! What a group gained and lost, and others by it: a run beside the same run with honest work.

use crate::{
	run::{Node, Of, Report},
	strategy::Strategy,
};
use dtel_primitives::Balance;
use std::fmt::Write;

/// By so much, in percent, nobody should gain or lose.
pub const GOAL: f64 = 2.0;
/// Up to this share, in percent.
pub const GOAL_SHARE: u32 = 33;

/// What became of the group, or of the others.
#[derive(Clone, Copy, PartialEq, Debug, serde::Serialize)]
pub struct Side {
	/// How many nodes these are.
	pub nodes: u32,
	/// By how much their scores were moved, in parts of ten thousand.
	pub score: f64,
	/// By how much their attested bandwidth was, in percent.
	pub kbps: f64,
	/// What they were paid more than for honest work, in percent.
	pub pay: f64,
	/// What a node was paid more at the worst, in percent.
	pub worst: f64,
	/// How many of them lost more than the goal allows, in percent.
	pub harmed: f64,
	/// What they lost of the pay for duty, in percent.
	pub duty: f64,
	/// Offences a node.
	pub offences: f64,
	/// Slashed stake, as a part of the pay for honest work, in percent.
	pub slashed: f64,
	/// Part of the time that they were in jail, in percent.
	pub jailed: f64,
	/// Measurements outside of the tolerance, a node and era.
	pub outliers: f64,
}

/// A run and what it showed.
#[derive(Clone, PartialEq, Debug, serde::Serialize)]
pub struct Row {
	/// The run.
	pub report: Report,
	/// The group.
	pub group: Side,
	/// The others.
	pub honest: Side,
}

impl Row {
	/// Compares a run with what would have been.
	pub fn new(report: Report, baseline: &Report) -> Self {
		assert_eq!(report.setup.baseline(), baseline.setup, "nothing else differs");
		let side = |ours: bool| {
			let pairs = report.nodes.iter().zip(&baseline.nodes).zip(&report.group);
			let pairs = pairs.filter(|(_, group)| **group == ours).map(|(pair, _)| pair);
			Side::new(&pairs.collect::<Vec<_>>(), report.setup.eras)
		};
		Self { group: side(true), honest: side(false), report }
	}

	/// Whether the group earned no more than the goal allows.
	pub fn group_is_held(&self) -> bool {
		self.group.pay <= GOAL
	}

	/// Whether nobody lost more than that.
	pub fn honest_are_safe(&self) -> bool {
		self.honest.worst >= -GOAL
	}
}

impl Side {
	fn new(pairs: &[(&Node, &Node)], eras: u32) -> Self {
		let nodes = pairs.len().max(1) as f64;
		let sum = |of: fn(&Node) -> Balance| {
			let (is, was): (Balance, Balance) =
				pairs.iter().fold((0, 0), |sum, (a, b)| (sum.0 + of(a), sum.1 + of(b)));
			(is as f64, was as f64)
		};
		let count = |of: fn(&Node) -> u32| pairs.iter().map(|(a, _)| f64::from(of(a))).sum::<f64>();
		let more = |(is, was): (f64, f64)| if was > 0.0 { (is / was - 1.0) * 100.0 } else { 0.0 };
		let each = pairs.iter().map(|(a, b)| more((a.pay as f64, b.pay as f64)));
		let judged = pairs.iter().flat_map(|(a, b)| a.scores.iter().zip(&b.scores));
		let judged: Vec<_> = judged.filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
		let looks = judged.len().max(1) as f64;
		let kbps = judged
			.iter()
			.fold((0.0, 0.0), |(is, was), (a, b)| (is + f64::from(a.1), was + f64::from(b.1)));
		let score = judged.iter().map(|(a, b)| f64::from(a.0) - f64::from(b.0)).sum::<f64>();
		let pay = sum(|node| node.pay);
		Self {
			nodes: pairs.len() as u32,
			score: score / looks,
			kbps: more(kbps),
			pay: more(pay),
			worst: each.clone().fold(f64::INFINITY, f64::min),
			harmed: each.filter(|more| *more < -GOAL).count() as f64 / nodes * 100.0,
			duty: -more(sum(|node| node.duty)),
			offences: count(|node| node.offences) / nodes,
			slashed: sum(|node| node.slashed).0 / pay.1 * 100.0,
			jailed: count(|node| node.jailed) / nodes / f64::from(eras) * 100.0,
			outliers: count(|node| node.outliers) / nodes / f64::from(eras),
		}
	}
}

/// A table of rows, by what the share is of.
pub fn markdown(rows: &[Row]) -> String {
	let mut text = String::new();
	for of in [Of::Nodes, Of::Stake] {
		let some: Vec<_> = rows.iter().filter(|row| row.report.setup.of == of).collect();
		let Some(first) = some.first() else { continue };
		let setup = first.report.setup;
		let what = match of {
			Of::Nodes => "of the nodes, all with the same stake",
			Of::Stake => "of the stake, with a tenth of the nodes",
		};
		let (nodes, eras, seed) = (setup.nodes, setup.eras, setup.seed);
		let _ = writeln!(
			text,
			"### The group's share is {what}: {nodes} nodes, {eras} eras, seed {seed}\n"
		);
		text += "| strategy | share | score, bp: own / others | bandwidth, %: own / others | group's pay, % | honest pay, %: mean / worst | honest nodes below −2 % | duty pay lost, %: group / honest | offences a node: group / honest | slashed, % of pay: group / honest | time in jail, %: group / honest |\n";
		text += "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
		for Row { report, group: g, honest: h } in some {
			let (name, share) = (report.setup.strategy.name(), report.setup.share);
			let bold =
				|broken: bool, text: String| if broken { format!("**{text}**") } else { text };
			let within = share <= GOAL_SHARE;
			let pay = bold(within && g.pay > GOAL, format!("{:+.1}", g.pay));
			let worst = bold(within && h.worst < -GOAL, format!("{:+.1}", h.worst));
			let _ = writeln!(
				text,
				"| {name} | {share} % | {:+.0} / {:+.0} | {:+.1} / {:+.1} | {pay} | {:+.1} / {worst} | {:.0} % | {:.1} / {:.1} | {:.1} / {:.2} | {:.1} / {:.2} | {:.0} / {:.1} |",
				g.score, h.score, g.kbps, h.kbps, h.pay, h.harmed, g.duty, h.duty, g.offences, h.offences, g.slashed, h.slashed, g.jailed, h.jailed,
			);
		}
		text += "\n";
	}
	text
}

/// Which goals are met, run by run up to the share for which they are set.
pub fn verdict(rows: &[Row]) -> String {
	let mut text = String::new();
	for row in rows.iter().filter(|row| row.report.setup.share <= GOAL_SHARE) {
		let setup = row.report.setup;
		if setup.strategy == Strategy::Honest || row.group_is_held() && row.honest_are_safe() {
			continue;
		}
		let of = if setup.of == Of::Nodes { "nodes" } else { "stake" };
		let _ = writeln!(
			text,
			"missed: {} with {} % of {of}: the group {:+.1} %, the worst honest node {:+.1} %",
			setup.strategy.name(),
			setup.share,
			row.group.pay,
			row.honest.worst
		);
	}
	if text.is_empty() {
		text += "all goals are met\n";
	}
	text
}
