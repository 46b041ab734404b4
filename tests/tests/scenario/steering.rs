//! Nobody chooses a committee: what is done when its randomness can be known comes too late for it.

use crate::{
	chain::{Chain, OPERATORS},
	started, FIRST,
};
use dtel_primitives::{node::NodeStatus, AccountId, Balance, EraIndex, NodeId, DTEL};
use dtel_runtime::{Attestation, Balances, Runtime, RuntimeCall};

type Registry = pallet_dtel_registry::Call<Runtime>;
type Staking = pallet_dtel_staking::Call<Runtime>;

/// Members of an era with their stake, and whom each of them measures.
type Committee = Vec<(NodeId, AccountId, Balance, Vec<NodeId>)>;

fn committee(chain: &mut Chain, era: EraIndex) -> Committee {
	chain.view(|| {
		let member = |index| Attestation::member(era, index);
		(0..Attestation::members(era))
			.map(|index| {
				let member = member(index).expect("dense");
				let targets = Attestation::targets_of_node(era, member.node).unwrap_or_default();
				(member.node, member.owner, member.stake, targets)
			})
			.collect()
	})
}

/// A chain in era [`FIRST`], as soon as the members of the next era are frozen. Its seed is not drawn yet.
fn frozen() -> Chain {
	let mut chain = started();
	let mut blocks = 0;
	while chain.view(|| Attestation::members(FIRST + 1)) == 0 {
		chain.block();
		blocks += 1;
		assert!(blocks < 10, "it takes a page a block");
	}
	assert!(committee(&mut chain, FIRST + 1).iter().all(|(.., targets)| targets.is_empty()));
	chain
}

/// What may be tried to be in, or to have others out, or to weigh more; by whom.
fn attempts() -> Vec<(&'static str, Vec<(usize, RuntimeCall)>)> {
	let bond_extra = || RuntimeCall::from(Staking::bond_extra { amount: 60_000 * DTEL });
	let delegate = |pool| RuntimeCall::from(Staking::delegate { pool, amount: 1_000 * DTEL });
	let status = |node, status| RuntimeCall::from(Registry::set_status { node, status });
	let op = |n: usize| OPERATORS[n].account();
	vec![
		("register", vec![(0, bond_extra()), (0, OPERATORS[0].register_another())]),
		("retire a node", vec![(1, Registry::retire { node: 1 }.into())]),
		("drain a node", vec![(1, status(1, NodeStatus::Draining))]),
		("bond", vec![(2, bond_extra())]),
		("unbond", vec![(2, Staking::unbond { amount: 20_000 * DTEL }.into())]),
		("chill", vec![(3, Staking::set_chilled { chilled: true }.into())]),
		("retire", vec![(3, Staking::retire {}.into())]),
		("delegate", vec![(0, delegate(op(4)))]),
		(
			"move a delegation",
			vec![
				(0, delegate(op(4))),
				(0, Staking::redelegate { from: op(4), to: op(3), amount: 1_000 * DTEL }.into()),
			],
		),
	]
}

#[test]
fn committees_cannot_be_steered_when_the_randomness_is_knowable() {
	let mut quiet = frozen();
	quiet.run_to_era(FIRST + 1);
	let expected = committee(&mut quiet, FIRST + 1);
	assert_eq!(expected.len(), 5);
	assert!(expected.iter().all(|(.., targets)| targets.len() == 4));
	quiet.run_to_era(FIRST + 2);
	let later = committee(&mut quiet, FIRST + 2);

	for (what, calls) in attempts() {
		let mut chain = frozen();
		let issuance = chain.view(Balances::total_issuance);
		for (by, call) in calls {
			chain.submit(OPERATORS[by].sign(call));
			chain.settle_pending();
		}
		chain.run_to_era(FIRST + 1);
		assert_eq!(committee(&mut chain, FIRST + 1), expected, "{what}");
		// It is done all the same, and counts where nobody could know yet.
		chain.run_to_era(FIRST + 3);
		let moved = committee(&mut chain, FIRST + 2) != later
			|| committee(&mut chain, FIRST + 3) != same_era(&mut quiet, FIRST + 3);
		assert!(moved, "{what} never counts");
		assert_eq!(chain.view(Balances::total_issuance), issuance);
	}
}

fn same_era(chain: &mut Chain, era: EraIndex) -> Committee {
	if chain.era() < era {
		chain.run_to_era(era);
	}
	committee(chain, era)
}
