//! `dtel penalty …`

use super::Session;
use crate::{amount::Dtel, calls, table::table};
use anyhow::{Context, Result};
use clap::Subcommand;
use dtel_primitives::{
	offence::{Offender, PenaltyId, PenaltyView},
	AccountId, EraIndex, NodeId,
};

#[derive(Subcommand, Debug)]
pub enum Penalty {
	/// Penalties and how far they have come: all that are open, or an operator's or a node's with those that are decided.
	List {
		/// Those of an operator, by its address.
		#[arg(long, conflicts_with = "node")]
		owner: Option<AccountId>,
		/// Those of a node.
		#[arg(long)]
		node: Option<NodeId>,
	},
	/// One penalty with its evidence, and who may do what until when.
	Show {
		/// Its identifier.
		penalty: PenaltyId,
	},
	/// Appeal against a penalty of yours; a bond is held until it is decided.
	Appeal {
		/// Its identifier.
		penalty: PenaltyId,
	},
	/// Execute a penalty that is due; anybody may.
	Execute {
		/// Its identifier.
		penalty: PenaltyId,
	},
}

impl Penalty {
	pub(super) async fn run(self, session: &Session) -> Result<()> {
		match self {
			Self::List { owner, node } => {
				let penalties = match (owner, node) {
					(Some(owner), _) => session.chain.penalties_of_owner(owner, None).await?,
					(_, Some(node)) => session.chain.penalties_of_node(node, None).await?,
					_ => session.chain.open_penalties(None).await?,
				};
				session.print(&penalties, || {
					table(
						[
							"penalty",
							"era",
							"offender",
							"for",
							"stake",
							"status",
							"appeal before",
							"executes",
						],
						penalties.iter().map(row),
					)
				})
			}
			Self::Show { penalty } => {
				let view = session.chain.penalty(penalty, None).await?;
				let view = view.context("no such penalty, or its era is closed")?;
				session.print(&view, || details(&view))
			}
			Self::Appeal { penalty } => {
				let words = format!("penalty {penalty} is appealed");
				session.send(calls::appeal(penalty), ("Penalties", "Appealed"), words).await
			}
			Self::Execute { penalty } => {
				let words = format!("penalty {penalty} is executed");
				let event = ("Penalties", "PenaltyExecuted");
				session.send(calls::execute(penalty), event, words).await
			}
		}
	}
}

fn offender(of: &Offender<AccountId>) -> String {
	match of {
		Offender::Node(node) => format!("node {node}"),
		Offender::Validator(account) => format!("validator {account}"),
	}
}

/// A fraction in percent, to as many places as there are parts.
fn percent(view: &PenaltyView) -> String {
	let parts = view.fraction.deconstruct();
	let (whole, rest) = (parts / 10_000_000, parts % 10_000_000);
	let text = format!("{whole}.{rest:07}");
	format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

fn from_era(era: Option<EraIndex>) -> String {
	era.map_or_else(|| "-".into(), |era| format!("era {era}"))
}

fn row(view: &PenaltyView) -> [String; 8] {
	[
		view.id.to_string(),
		view.era.to_string(),
		offender(&view.offender),
		format!("{:?}", view.kind),
		percent(view),
		format!("{:?}", view.status),
		from_era(view.appeal_before),
		from_era(view.executes_from),
	]
}

fn details(view: &PenaltyView) -> String {
	let line = |name: &str, value: String| [name.to_owned(), value];
	table(
		["penalty", &view.id.to_string()],
		[
			line("offence", format!("{:?} in era {}", view.evidence, view.era)),
			line("offender", offender(&view.offender)),
			line("operator", view.owner.to_string()),
			line("reported", format!("era {}, after {} strikes", view.reported, view.strikes)),
			line("stake that it costs", percent(view)),
			line("jailed until", format!("era {}", view.jail_until)),
			line("status", format!("{:?}", view.status)),
			line("taken", format!("{} DTEL", Dtel(view.taken))),
			line("bond of the appeal", format!("{} DTEL", Dtel(view.bond))),
			line("appeal before", from_era(view.appeal_before)),
			line("executed from", from_era(view.executes_from)),
		],
	)
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::{Decode, Encode};
	use dtel_primitives::offence::{Evidence, OffenceKind, PenaltyStatus};

	fn view(parts: u32) -> PenaltyView {
		PenaltyView {
			id: 3,
			era: 7,
			offender: Offender::Node(5),
			owner: [1; 32].into(),
			kind: OffenceKind::Unavailable,
			evidence: Evidence::Unavailable { assigned: 5, reported: 4, down: 4, measured: 20 },
			fraction: Decode::decode(&mut parts.encode().as_slice()).expect("at most a whole"),
			strikes: 1,
			jail_until: 10,
			reported: 8,
			status: PenaltyStatus::Pending,
			taken: 0,
			bond: 0,
			appeal_before: Some(9),
			may_uphold: false,
			may_cancel: true,
			executes_from: None,
		}
	}

	#[test]
	fn a_penalty_is_a_line() {
		let words = ["3", "7", "node 5", "Unavailable", "0.1 %", "Pending", "era 9", "-"];
		assert_eq!(row(&view(1_000_000)), words);
	}

	#[test]
	fn percent_shows_every_part() {
		for (parts, text) in
			[(0, "0 %"), (1, "0.0000001 %"), (10_000_000, "1 %"), (1_000_000_000, "100 %")]
		{
			assert_eq!(percent(&view(parts)), text);
		}
	}
}
