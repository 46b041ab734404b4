//! `dtel quality`

use super::Session;
use crate::table::{hundredths, mbps, millis, percent, table};
use anyhow::Result;
use clap::Args;
use dtel_primitives::{
	api::{Outcome, SampleView, Verdict, VerifierView},
	EraIndex, NodeId,
};
use serde::Serialize;

/// Flags of `dtel quality`.
#[derive(Args, Debug)]
pub struct Quality {
	/// The node.
	node: NodeId,
	/// The measurements that its newest figures are taken from, one by one.
	#[arg(long)]
	evidence: bool,
	/// How many eras are shown, the newest first.
	#[arg(long, default_value_t = 12)]
	eras: u32,
}

/// An era of a node, as others and as it itself saw it, and what it did as a verifier.
#[derive(Serialize)]
struct Era {
	era: EraIndex,
	outcome: Outcome,
	verifier: Option<VerifierView>,
}

impl Quality {
	pub(super) async fn run(self, session: &Session) -> Result<()> {
		let chain = &session.chain;
		let at = Some(chain.finalized().await?);
		if self.evidence {
			let samples = chain.evidence(self.node, at).await?;
			return session.print(&samples, || samples_table(&samples));
		}
		let mut eras = Vec::new();
		for (era, outcome) in chain.outcomes(self.node, self.eras, at).await? {
			let verifier = chain.verifier(self.node, era, at).await?;
			eras.push(Era { era, outcome, verifier });
		}
		session.print(&eras, || eras_table(&eras))
	}
}

fn samples_table(samples: &[SampleView]) -> String {
	if samples.is_empty() {
		return "Nothing was measured of this node yet, or not for long.".into();
	}
	let heads = [
		"era",
		"verifier",
		"calls",
		"set-up ms",
		"loss %",
		"jitter ms",
		"RTT ms",
		"MOS",
		"video %",
		"Mbps",
		"version",
	];
	let row = |s: &SampleView| {
		let m = &s.measurement;
		[
			s.era.to_string(),
			s.verifier.to_string(),
			format!("{}/{}", m.calls_up, m.calls_tried),
			m.setup_ms.to_string(),
			percent(m.loss.parts()),
			millis(m.jitter_us),
			format!("{}–{}–{}", millis(m.rtt_min_us), millis(m.rtt_us), millis(m.rtt_p95_us)),
			hundredths(m.mos_centi),
			percent(m.video.parts()),
			mbps(m.down_kbps),
			m.version.to_string(),
		]
	};
	table(heads, samples.iter().map(row))
}

fn eras_table(eras: &[Era]) -> String {
	if eras.is_empty() {
		return "Nothing is known of this node: it was no member, or not for long.".into();
	}
	let heads = [
		"era",
		"reports",
		"loss %",
		"RTT ms",
		"MOS",
		"Mbps",
		"score %",
		"says loss %",
		"says MOS",
		"measured others",
		"remarks",
	];
	table(heads, eras.iter().map(era_row))
}

fn era_row(Era { era, outcome: o, verifier }: &Era) -> [String; 11] {
	let says = |show: fn(&dtel_primitives::report::SelfReport) -> String| {
		o.own.as_ref().map_or_else(|| "–".into(), show)
	};
	let duty = match verifier {
		None => "–".into(),
		Some(v) if !v.revealed => format!("0/{}", v.targets.len()),
		Some(v) => {
			let n = v.targets.len();
			format!("{}/{n}", n.saturating_sub(v.outliers.into()))
		}
	};
	[
		era.to_string(),
		format!("{}/{}", o.reported, o.assigned),
		percent(o.loss.parts()),
		millis(o.rtt_us),
		hundredths(o.mos_centi),
		mbps(o.kbps),
		percent(o.score.parts()),
		says(|own| percent(own.loss.parts())),
		says(|own| hundredths(own.mos_centi)),
		duty,
		remarks(o, verifier.as_ref()),
	]
}

/// What an operator should know of an era.
fn remarks(o: &Outcome, verifier: Option<&VerifierView>) -> String {
	let mut all = Vec::new();
	match o.verdict {
		Verdict::Measured => {}
		Verdict::Down => all.push("down".to_owned()),
		Verdict::Unmeasured => all.push("unmeasured".to_owned()),
	}
	if !o.duty_done {
		all.push("missed duty".into());
	}
	if o.doubts > 0 {
		all.push(format!("place doubted by {}", o.doubts));
	}
	if o.boasts {
		all.push("says better of itself than others".into());
	}
	if let Some(v) = verifier.filter(|v| v.outliers > 0) {
		all.push(format!("{} measurements outside of the tolerance", v.outliers));
	}
	if all.is_empty() {
		return "ok".into();
	}
	all.join(", ")
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtel_primitives::BasisPoints;

	#[test]
	fn an_era_says_what_its_operator_should_know() {
		let good = Outcome { verdict: Verdict::Measured, duty_done: true, ..Outcome::default() };
		assert_eq!(remarks(&good, None), "ok");
		let bad = Outcome { verdict: Verdict::Down, doubts: 3, boasts: true, ..Outcome::default() };
		let verifier = VerifierView {
			era: 1,
			targets: vec![1, 2, 3],
			verifiers: vec![],
			committed: true,
			revealed: true,
			outliers: 2,
		};
		let all = remarks(&bad, Some(&verifier));
		assert_eq!(
			all,
			"down, missed duty, place doubted by 3, says better of itself than others, \
			 2 measurements outside of the tolerance"
		);
		let row = era_row(&Era { era: 7, outcome: good, verifier: Some(verifier) });
		assert_eq!((row[0].as_str(), row[7].as_str(), row[9].as_str()), ("7", "–", "1/3"));
		assert_eq!(good.loss, BasisPoints::ZERO);
	}

	#[test]
	fn nothing_known_is_said_so() {
		assert!(eras_table(&[]).starts_with("Nothing is known"));
		assert!(samples_table(&[]).starts_with("Nothing was measured"));
	}
}
