//! What the chain says: pools and positions as readers see them, and what happened.

use dtel_primitives::{
	stake::{PoolView, PositionView},
	AccountId,
};
use dtel_runtime::{RuntimeEvent, Staking};
use pallet_dtel_penalties::Event as PenaltiesEvent;
use pallet_dtel_staking::Event as StakingEvent;
use std::collections::BTreeMap;

use crate::{
	chain::{account, events},
	model::PEOPLE,
};

/// A pool as readers see it.
pub fn view(pool: usize) -> Option<PoolView> {
	Staking::pool(account(pool))
}

/// A position as readers see it.
pub fn position(who: usize, pool: usize) -> Option<PositionView<AccountId>> {
	Staking::position(account(who), account(pool))
}

/// Which positions were paid, and whether they made stake of it.
pub fn compounded() -> BTreeMap<(usize, usize), bool> {
	let index = |who: &AccountId| (0..PEOPLE).find(|w| account(*w) == *who);
	let paid = |event: RuntimeEvent| match event {
		RuntimeEvent::Staking(StakingEvent::Claimed { who, pool, compounded, .. }) => {
			Some(((index(&who)?, index(&pool)?), compounded))
		}
		_ => None,
	};
	events().into_iter().filter_map(paid).collect()
}

/// Which penalties were executed, in order.
pub fn executed() -> impl Iterator<Item = usize> {
	events().into_iter().filter_map(|event| match event {
		RuntimeEvent::Penalties(PenaltiesEvent::PenaltyExecuted { penalty, .. }) => {
			Some(penalty as usize)
		}
		_ => None,
	})
}
