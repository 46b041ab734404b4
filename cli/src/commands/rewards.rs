//! `dtel rewards`

use super::Session;
use crate::{
	keys,
	table::{percent, table},
	Dtel,
};
use anyhow::Result;
use clap::Args;
use dtel_primitives::{
	reward::{Apr, Expected, OperatorPay, PayState},
	AccountId, Balance, EraIndex,
};
use serde::Serialize;

/// Flags of `dtel rewards`.
#[derive(Args, Debug)]
pub struct Rewards {
	/// The operator.
	#[arg(value_parser = keys::account)]
	operator: AccountId,
	/// Show eras from this one on; all that are open if absent.
	#[arg(long, default_value_t = 0)]
	from: EraIndex,
	/// Also say what this holder of stake is to expect of the running era.
	#[arg(long, value_parser = keys::account)]
	holder: Option<AccountId>,
}

/// Everything, for machines.
#[derive(Serialize)]
struct Report<'a> {
	operator: String,
	expected: Option<Expected>,
	holder: Option<Share>,
	apr: Option<Apr>,
	eras: &'a [OperatorPay],
}

/// What a holder is to expect.
#[derive(Clone, Serialize)]
struct Share {
	holder: String,
	expected: Option<Expected>,
}

impl Rewards {
	pub(super) async fn run(self, session: &Session) -> Result<()> {
		let Self { operator, from, holder } = self;
		let chain = &session.chain;
		let at = Some(chain.finalized().await?);
		let eras = chain.earnings(&operator, from, at).await?;
		let expected = chain.expected(&operator, at).await?;
		let apr = chain.apr(&operator, at).await?;
		let holder = match holder {
			Some(who) => {
				let expected = chain.expected_by(&who, &operator, at).await?;
				Some(Share { holder: who.to_string(), expected })
			}
			None => None,
		};
		let operator = operator.to_string();
		let json = Report { operator, expected, holder: holder.clone(), apr, eras: &eras };
		session.print(&json, || text(&json))
	}
}

fn text(report: &Report) -> String {
	let mut lines = Vec::new();
	lines.push(match report.eras.is_empty() {
		true => format!("{} did nothing in these eras.", report.operator),
		false => earnings_table(report.eras),
	});
	if let Some(Expected { era, like, amount }) = report.expected {
		let all = amount_of(amount);
		lines.push(format!(
			"Era {era} brings {all} DTEL to all of its stake if it is like era {like}."
		));
	}
	if let Some(Share { holder, expected }) = &report.holder {
		lines.push(match expected {
			Some(part) => format!("Of that {holder} gets {} DTEL.", amount_of(part.amount)),
			None => format!("{holder} has nothing there, or no era is settled yet."),
		});
	}
	if let Some(apr) = report.apr {
		let Apr { first, last, rate, .. } = apr;
		lines.push(format!(
			"Eras {first} to {last} brought delegators {} % a year, after a commission of {} %.",
			rate_of(apr.apr),
			percent(rate.parts())
		));
	}
	lines.join("\n")
}

/// An operator's eras, one a line.
pub fn earnings_table(eras: &[OperatorPay]) -> String {
	let heading = [
		"era",
		"points",
		"blocks",
		"measurements",
		"for work",
		"for blocks",
		"for duty",
		"DTEL in all",
		"status",
	];
	table(heading, eras.iter().map(earnings_row))
}

fn earnings_row(pay: &OperatorPay) -> [String; 9] {
	[
		pay.era.to_string(),
		pay.work.points.to_string(),
		pay.work.blocks.to_string(),
		pay.work.duty.to_string(),
		amount_of(pay.share.work),
		amount_of(pay.share.blocks),
		amount_of(pay.share.duty),
		amount_of(pay.share.total()),
		status_of(pay).into(),
	]
}

fn status_of(pay: &OperatorPay) -> &'static str {
	match pay.state {
		PayState::Paid => "paid",
		PayState::Refused => "refused: nobody's stake counted",
		PayState::Forfeited => "lost by an offence",
		PayState::Waiting if pay.disputed => "waits for a penalty",
		PayState::Waiting if pay.payable => "can be paid",
		PayState::Waiting => "waits",
	}
}

fn amount_of(planck: Balance) -> String {
	format!("{:.4}", Dtel(planck))
}

/// Parts per ten thousand as a percentage; there can be more than a hundred percent.
fn rate_of(parts: u32) -> String {
	format!("{}.{:02}", parts / 100, parts % 100)
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtel_primitives::{
		reward::{Pay, Work},
		BasisPoints, DTEL,
	};

	fn pay(era: EraIndex, state: PayState) -> OperatorPay {
		OperatorPay {
			era,
			work: Work { points: 5_288_612, blocks: 3, duty: 4 },
			share: Pay { work: 12 * DTEL, blocks: DTEL / 2, duty: DTEL / 4 },
			state,
			payable: state == PayState::Waiting,
			disputed: false,
		}
	}

	fn report(eras: &[OperatorPay]) -> Report<'_> {
		let expected = Some(Expected { era: 9, like: 8, amount: 13 * DTEL });
		Report {
			operator: "5Operator".into(),
			expected,
			holder: Some(Share {
				holder: "5Holder".into(),
				expected: expected.map(|all| Expected { amount: DTEL, ..all }),
			}),
			apr: Some(Apr {
				first: 2,
				last: 8,
				earned: 80 * DTEL,
				stake: 900 * DTEL,
				rate: BasisPoints::saturating(1_000),
				apr: 12_345,
			}),
			eras,
		}
	}

	#[test]
	fn every_era_is_a_line_and_says_what_became_of_it() {
		let states = [PayState::Paid, PayState::Refused, PayState::Forfeited, PayState::Waiting];
		let eras: Vec<_> = (5..).zip(states).map(|(era, state)| pay(era, state)).collect();
		let text = earnings_table(&eras);
		let lines: Vec<_> = text.lines().filter(|line| line.contains("5288612")).collect();
		assert_eq!(lines.len(), 4, "{text}");
		for (line, status) in lines.iter().zip(["paid", "refused", "lost", "can be paid"]) {
			assert!(line.contains(status) && line.contains("12.7500"), "{line}");
		}
		let disputed = OperatorPay { payable: false, disputed: true, ..eras[3] };
		assert_eq!(status_of(&disputed), "waits for a penalty");
		assert_eq!(status_of(&OperatorPay { payable: false, ..eras[3] }), "waits");
	}

	#[test]
	fn what_is_to_be_expected_is_said_in_words() {
		let text = text(&report(&[]));
		assert!(text.starts_with("5Operator did nothing in these eras."), "{text}");
		assert!(text.contains("Era 9 brings 13.0000 DTEL to all of its stake if it is like era 8."));
		assert!(text.contains("Of that 5Holder gets 1.0000 DTEL."));
		assert!(text.contains("123.45 % a year, after a commission of 10.00 %."), "{text}");
	}

	#[test]
	fn machines_get_amounts_in_planck_as_text() {
		let eras = [pay(5, PayState::Waiting)];
		let json: serde_json::Value =
			serde_json::from_str(&serde_json::to_string(&report(&eras)).unwrap()).unwrap();
		assert_eq!(json["eras"][0]["share"]["work"], "12000000000000000000");
		assert_eq!(json["eras"][0]["state"], "waiting");
		assert_eq!(json["eras"][0]["work"]["points"], "5288612");
		assert_eq!(json["expected"]["amount"], "13000000000000000000");
		assert_eq!(json["apr"]["apr"], 12_345);
		assert_eq!(json["holder"]["holder"], "5Holder");
	}
}
