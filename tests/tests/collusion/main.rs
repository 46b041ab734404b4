//! The simulator of colluding groups, in small: it is seeded, keeps the books, and sees what it should. `cargo bench --bench collusion` makes
//! the large runs; `docs/simulation.md` has their figures.

mod chain;
mod compare;
mod nodes;
mod plot;
mod run;
mod state;
mod strategy;

use compare::{markdown, verdict, Row};
use run::{run, Of, Report, Setup};
use strategy::Strategy;

const SMALL: Setup = Setup {
	nodes: 40,
	eras: 30,
	seed: 7,
	share: 20,
	of: Of::Nodes,
	strategy: Strategy::Honest,
	noise: 1.0,
	spread: 1.0,
};

fn ran(setup: Setup) -> Report {
	run(&setup, |_| {})
}

#[test]
fn the_same_seed_gives_the_same_result() {
	let setup = Setup { strategy: Strategy::Ambush, ..SMALL };
	let report = ran(setup);
	assert_eq!(report, ran(setup));
	assert_ne!(report.nodes, ran(Setup { seed: 8, ..setup }).nodes);
}

#[test]
fn all_are_paid_alike_when_all_are_alike_and_honest() {
	let report = ran(Setup { noise: 0.0, spread: 0.0, ..SMALL });
	let (least, most) = report
		.nodes
		.iter()
		.fold((u128::MAX, 0), |(least, most), node| (least.min(node.pay), most.max(node.pay)));
	assert!(least > 0);
	// What does not divide evenly is at most a planck an era and part of the pay.
	assert!(most - least <= 2 * u128::from(SMALL.eras), "{least} to {most}");
	for node in &report.nodes {
		assert_eq!((node.offences, node.outliers, node.jailed, node.slashed), (0, 0, 0, 0));
		assert!(node.duty > 0 && node.duty < node.pay);
	}
}

#[test]
fn what_is_paid_and_what_stays_is_what_is_released() {
	for strategy in [Strategy::Honest, Strategy::Loud] {
		let report = ran(Setup { strategy, ..SMALL });
		let paid: u128 = report.nodes.iter().map(|node| node.pay).sum();
		assert_eq!(paid, report.paid);
		assert!(report.released > 0);
		assert_eq!(report.paid + report.stays, report.released);
		// Blocks were authored by validators who stake nothing. Honest work earns the rest, but for what does not divide evenly.
		assert!(report.blocks > 0 && report.blocks <= report.stays);
		if strategy == Strategy::Honest {
			let rest = report.stays - report.blocks;
			assert!(rest <= 2 * u128::from(SMALL.nodes * SMALL.eras), "{rest}");
		}
	}
}

#[test]
fn who_lies_loudly_is_found_out_and_loses() {
	let setup = Setup { strategy: Strategy::Loud, ..SMALL };
	let row = Row::new(ran(setup), &ran(setup.baseline()));
	assert_eq!((row.group.nodes, row.honest.nodes), (8, 32));
	assert!(row.group.outliers > 10.0 * row.honest.outliers, "{row:?}");
	assert!(row.group.offences >= 1.0 && row.group.jailed > 10.0);
	assert!(row.group.slashed > 0.0);
	assert!(row.group.pay < -10.0, "{}", row.group.pay);
	assert!(row.group.duty > 50.0, "{}", row.group.duty);
	assert!(row.honest.pay > 0.0, "{}", row.honest.pay);

	let table = markdown(std::slice::from_ref(&row));
	assert!(table.contains("| loud | 20 % |"), "{table}");
	assert!(verdict(&[Row { group: compare::Side { pay: 3.0, ..row.group }, ..row.clone() }])
		.starts_with("missed: loud with 20 % of nodes: the group +3.0 %"));
	let picture = plot::svg(&[row]).expect("draws");
	assert!(picture.contains("Pay beside that of honest work: 40 nodes, 30 eras"));
}

#[test]
fn a_share_is_of_nodes_or_of_stake() {
	let size = |setup: Setup| setup.group().into_iter().filter(|ours| *ours).count();
	assert_eq!(size(Setup { share: 33, nodes: 100, ..SMALL }), 33);
	assert_eq!(size(Setup { share: 33, nodes: 100, of: Of::Stake, ..SMALL }), 10);
	// More of the same seed's group, not another one.
	let small = Setup { share: 10, ..SMALL }.group();
	let large = Setup { share: 45, ..SMALL }.group();
	assert!(small.iter().zip(&large).all(|(small, large)| !small || *large));
}

#[test]
fn who_serves_less_is_paid_less() {
	for strategy in [Strategy::Half, Strategy::Absent] {
		let setup = Setup { strategy, ..SMALL };
		let row = Row::new(ran(setup), &ran(setup.baseline()));
		assert!(row.group.pay < -10.0, "{strategy:?}: {}", row.group.pay);
	}
}
