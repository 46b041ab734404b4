//! `dtel status`

use super::Session;
use crate::{
	table::{hundredths, mbps, millis, percent, table},
	Dtel,
};
use anyhow::{Context, Result};
use clap::Args;
use dtel_primitives::{
	api::{EraSummary, EraView, NodeEraView, Outcome, Verdict},
	EraIndex,
};
use serde::Serialize;

/// Flags of `dtel status`.
#[derive(Args, Debug)]
pub struct Status {
	/// The era to show; the last settled one if absent.
	#[arg(long)]
	era: Option<EraIndex>,
}

impl Status {
	pub(super) async fn run(self, session: &Session) -> Result<()> {
		let chain = &session.chain;
		let at = chain.finalized().await?;
		let now = chain.era(Some(at)).await?;
		let shown = self.era.unwrap_or_else(|| now.moment.era.saturating_sub(1));
		let summary = chain.era_summary(shown, Some(at)).await?;
		let nodes = match summary {
			Some(_) => chain.era_nodes(shown, Some(at)).await?,
			None => Vec::new(),
		};
		if self.era.is_some() {
			summary.as_ref().context("this era is not known: it lies ahead or was pruned")?;
		}
		let json = State { now: &now, summary: summary.as_ref(), nodes: &nodes };
		session.print(&json, || {
			let mut text = headline(&now);
			match &summary {
				Some(summary) => text += &format!("\n\n{}\n{}", about(summary), era_table(&nodes)),
				None => text += &format!("\n\nEra {shown} had no members."),
			}
			text
		})
	}
}

/// Everything, for machines.
#[derive(Serialize)]
struct State<'a> {
	now: &'a EraView,
	summary: Option<&'a EraSummary>,
	nodes: &'a [NodeEraView],
}

/// Block, era, phase and progress in a line.
fn headline(now: &EraView) -> String {
	let m = &now.moment;
	format!(
		"Block {}, era {}, {:?} until block {}. {} members: {} committed, {} revealed, {} settled.",
		now.block, m.era, m.phase, m.phase_ends, now.members, now.commits, now.reveals, now.settled
	)
}

fn about(era: &EraSummary) -> String {
	let state = if era.settled { "settled" } else { "not settled yet" };
	format!(
		"Era {}, {state}: {:.4} DTEL released, {:.4} paid.",
		era.era,
		Dtel(era.released),
		Dtel(era.paid)
	)
}

/// The members of an era, one a line.
pub fn era_table(nodes: &[NodeEraView]) -> String {
	table(
		[
			"node",
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
		],
		nodes.iter().map(era_row),
	)
}

/// The figures of a node in an era, as they are shown everywhere.
pub fn era_row(view: &NodeEraView) -> [String; 12] {
	let figure =
		|show: fn(&Outcome) -> String| view.outcome.as_ref().map_or_else(|| "–".into(), show);
	[
		view.node.to_string(),
		figure(|o| format!("{}/{}", o.reported, o.assigned)),
		figure(|o| percent(o.loss.parts())),
		figure(|o| millis(o.jitter_us)),
		figure(|o| millis(o.rtt_us)),
		figure(|o| hundredths(o.mos_centi)),
		figure(|o| percent(o.video.parts())),
		figure(|o| mbps(o.kbps)),
		figure(|o| percent(o.score.parts())),
		view.points.to_string(),
		view.paid.map_or_else(|| "–".into(), |paid| format!("{:.4}", Dtel(paid))),
		status_of(view),
	]
}

/// The state of a node in an era, in words.
pub fn status_of(view: &NodeEraView) -> String {
	let judged = match view.outcome {
		None => "not settled",
		Some(Outcome { verdict: Verdict::Down, .. }) => "down",
		Some(Outcome { verdict: Verdict::Unmeasured, .. }) => "unmeasured",
		Some(Outcome { duty_done: false, .. }) => "missed duty",
		Some(_) => "ok",
	};
	match view.jailed_since {
		Some(era) => format!("{judged}, jailed since era {era}"),
		None => judged.into(),
	}
}
