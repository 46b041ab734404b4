//! Each promise broken in turn, and only that promise's check fails.

use super::*;
use crate::run::facts::{Member, Restarted};
use dtel_primitives::{
	api::{EraSummary, Outcome},
	AccountId, BasisPoints, DTEL,
};

fn view(node: u32, score: u16, paid: Option<Balance>) -> NodeEraView {
	NodeEraView {
		node,
		owner: AccountId::new([node as u8; 32]),
		stake: 50_000 * DTEL,
		outcome: Some(Outcome {
			assigned: 4,
			reported: 4,
			pooled: 4,
			verdict: Verdict::Measured,
			loss: BasisPoints::ZERO,
			jitter_us: 500,
			rtt_us: 2_000,
			mos_centi: 441,
			video: BasisPoints::ONE,
			availability: BasisPoints::ONE,
			kbps: 1_500,
			score: BasisPoints::saturating(score.into()),
			duty_done: true,
			points: 1,
			..Outcome::default()
		}),
		points: 1,
		paid,
		payable: None,
		jailed_since: None,
	}
}

fn era(era: u32, gone: bool) -> EraFacts {
	let mut nodes: Vec<_> = (0..3).map(|node| view(node, 9_900, Some(100 * DTEL))).collect();
	nodes.push(view(3, 6_000, Some(50 * DTEL)));
	nodes.push(match gone {
		false => view(4, 9_900, Some(100 * DTEL)),
		true => view(4, 0, None),
	});
	let paid = nodes.iter().map(super::paid).sum();
	let summary = EraSummary {
		era,
		members: 5,
		settled: true,
		released: 500 * DTEL,
		points: 5,
		paid,
		pay: None,
	};
	EraFacts { summary, nodes }
}

fn good() -> Facts {
	let role = |n| match n {
		1..=3 => Role::Healthy,
		4 => Role::Impaired,
		_ => Role::Vanishing,
	};
	Facts {
		impaired: true,
		members: (1..=5).map(|n| Member { node: n - 1, operator: n, role: role(n) }).collect(),
		eras: vec![era(2, false), era(3, true), era(4, true)],
		issuance_before: 1_000 * DTEL,
		issuance_after: 999 * DTEL,
		killed: Some(Killed { node: 4, block: 102, era: 3, jailed: Some((117, 3)) }),
		restart_wanted: false,
		restarted: None,
		calls: (1..=4)
			.map(|operator| Calls {
				operator,
				most_up: 1,
				ended: 9,
				good: 9,
				packets: 900,
				lost: 1,
			})
			.collect(),
	}
}

fn broken(change: impl FnOnce(&mut Facts)) -> Vec<String> {
	let mut facts = good();
	change(&mut facts);
	evaluate(&facts).into_iter().filter(|check| !check.ok).map(|check| check.text).collect()
}

#[track_caller]
fn fails(change: impl FnOnce(&mut Facts), what: &str) {
	let failed = broken(change);
	assert!(failed.len() == 1 && failed[0].contains(what), "{what:?}: {failed:#?}");
}

#[test]
fn a_good_run_passes() {
	assert_eq!(broken(|_| ()), Vec::<String>::new());
	assert_eq!(evaluate(&good()).len(), 3 * 3 + 2 + 2);
}

#[test]
fn fails_when_impaired_scores_as_well() {
	fails(
		|f| f.eras[1].nodes[3].outcome.as_mut().unwrap().score = BasisPoints::ONE,
		"era 3: healthy score",
	);
}

#[test]
fn fails_when_impaired_is_paid_as_much() {
	fails(
		|f| {
			f.eras[0].nodes[3].paid = Some(100 * DTEL);
			f.eras[0].summary.paid += 50 * DTEL;
		},
		"impaired 100.0000 DTEL",
	);
}

#[test]
fn fails_when_impaired_was_never_judged() {
	fails(|f| f.eras[2].nodes[3].outcome = None, "era 4: healthy score");
}

#[test]
fn fails_when_a_healthy_node_misses_its_duty_or_is_unmeasured() {
	fails(
		|f| f.eras[0].nodes[1].outcome.as_mut().unwrap().duty_done = false,
		"on duty and paid: [1]",
	);
	let unmeasured = Verdict::Unmeasured;
	fails(
		|f| f.eras[0].nodes[1].outcome.as_mut().unwrap().verdict = unmeasured,
		"on duty and paid: [1]",
	);
}

#[test]
fn fails_when_a_healthy_node_is_unpaid() {
	let failed = broken(|f| {
		f.eras[0].nodes[0].paid = None;
		f.eras[0].summary.paid -= 100 * DTEL;
	});
	assert_eq!(failed.len(), 2, "not paid, and so not more than the impaired one: {failed:#?}");
}

#[test]
fn fails_when_an_era_is_not_settled_or_a_node_is_no_member() {
	fails(
		|f| f.eras[2].summary.settled = false,
		"era 4: settled, 3 healthy nodes measured and paid; it is not",
	);
	fails(|f| f.eras[2].nodes.truncate(4), "no members: [4]");
}

#[test]
fn fails_when_more_is_paid_than_released() {
	fails(|f| f.eras[0].summary.released = 449 * DTEL, "era 2: paid 450.0000 ≤ released 449.0000");
}

#[test]
fn fails_when_the_sum_differs_from_what_the_nodes_got() {
	fails(|f| f.eras[0].summary.paid -= 1, "the nodes got 450.0000");
}

#[test]
fn fails_when_the_dead_node_is_jailed_late_or_never() {
	fails(|f| f.killed.as_mut().unwrap().jailed = Some((150, 5)), "jailed at block 150 in era 5");
	fails(|f| f.killed.as_mut().unwrap().jailed = None, "it was not jailed");
}

#[test]
fn fails_when_what_was_to_die_did_not() {
	fails(|f| f.killed = None, "a node's daemon was killed");
	fails(|f| f.restart_wanted = true, "the chain node was killed");
}

#[test]
fn fails_when_the_dead_node_is_paid() {
	fails(
		|f| {
			f.eras[1].nodes[4].paid = Some(DTEL);
			f.eras[1].summary.paid += DTEL;
		},
		"was paid 1.0000 DTEL for the eras it missed [3, 4]",
	);
}

#[test]
fn fails_when_issuance_rises() {
	fails(|f| f.issuance_after = 1_000 * DTEL + 1, "total issuance");
}

#[test]
fn fails_when_a_node_carried_no_call() {
	fails(|f| f.calls[2].most_up = 0, "no media at [3]");
	fails(|f| f.calls[3].packets = 0, "no media at [4]");
	fails(|f| f.calls.clear(), "0 clients' calls");
}

#[test]
fn without_impairment_node_4_must_be_as_good() {
	let with_score = |score| {
		broken(|f| {
			f.impaired = false;
			for era in &mut f.eras {
				era.nodes[3].outcome.as_mut().unwrap().score = BasisPoints::saturating(score);
			}
		})
	};
	assert_eq!(with_score(9_400), Vec::<String>::new());
	assert_eq!(with_score(9_399).len(), 3);
}

#[test]
fn a_restart_must_lose_no_commitment() {
	let whole = Restarted { era: 2, block: 80, commits_before: 5, commits: 5, reveals: 5 };
	let with = |restarted| broken(|f| f.restarted = Some(restarted));
	assert_eq!(with(whole), Vec::<String>::new());
	let unpaid = broken(|f| {
		f.restarted = Some(whole);
		f.eras[0].summary.paid -= 100 * DTEL;
		f.eras[0].nodes[0].paid = None;
	});
	assert_eq!(unpaid.len(), 1, "only the comparison with the impaired one: {unpaid:#?}");
	assert_eq!(with(Restarted { reveals: 4, ..whole }).len(), 1);
	assert_eq!(with(Restarted { commits: 4, reveals: 4, ..whole }).len(), 1);
	assert_eq!(with(Restarted { commits_before: 0, ..whole }).len(), 1);
}

#[test]
fn a_run_without_eras_fails() {
	let failed = broken(|f| f.eras.clear());
	assert!(failed.contains(&"an era was followed".to_string()), "{failed:#?}");
}
