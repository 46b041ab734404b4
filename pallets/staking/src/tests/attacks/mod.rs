//! Known ways to cheat a pool, each named.

mod exits;
mod rounding;
mod slashing;
mod timing;

use super::*;

fn undelegate(amount: Balance) -> Call<Test> {
	Call::undelegate { pool: ALICE, amount }
}

fn reward(who: AccountId, pool: AccountId) -> Balance {
	position(who, pool).map_or(0, |p| p.reward)
}
