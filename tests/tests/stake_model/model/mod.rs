//! What should be so after each operation. It shares no code with the pallets: it merges nothing, forgets nothing, and computes
//! with whole numbers of any size.
//!
//! | file | what of it |
//! |---|---|
//! | `lots` | stake, each lot with its own history: what it is worth, what leaves first |
//! | `stake` | what the calls of Staking do to lots, pools and funds |
//! | `penalties` | every offence that was ever reported, strikes, and who is jailed |
//! | `nodes` | nodes and their deposits |

mod lots;
mod nodes;
mod penalties;
mod stake;

pub use lots::Lot;
pub use nodes::Node;
pub use penalties::{Cell, Deed, Fate, Strikes, Who};
pub use stake::{Ask, PoolModel};

use dtel_primitives::{Balance, DTEL};
use num_bigint::BigInt;
use std::collections::{BTreeMap, BTreeSet};

/// The first of the people are operators; each may delegate to another operator.
pub const OPERATORS: usize = 3;
/// Operators and holders.
pub const PEOPLE: usize = 6;
/// Eras in which a reward can be credited.
pub const CREDIT_ERAS: u32 = 90;
/// Eras after which an offence is history.
pub const HISTORY_ERAS: u32 = 84;
/// What an operator needs of its own for each node.
pub const BOND: Balance = 1_000 * DTEL;
/// The least that can be delegated.
pub const DELEGATION: Balance = 10 * DTEL;
/// What everybody begins with.
pub const WEALTH: Balance = 1_000_000 * DTEL;
/// Binary places of a planck.
const PLACES: u32 = 96;
/// Far more than is rounded away in a sequence (a planck for each entry and touch), far less than anything that happens.
const SLACK: Balance = 1 << 20;

/// An amount with the places of the model.
pub fn exact(amount: Balance) -> BigInt {
	BigInt::from(amount) << PLACES
}

/// The amount without them.
pub fn whole(amount: &BigInt) -> BigInt {
	amount >> PLACES
}

/// Whether the two are the same but for what is rounded.
pub fn near(ours: &BigInt, theirs: Balance) -> bool {
	near_by(ours, theirs, &BigInt::default())
}

/// The same with more room.
pub fn near_by(ours: &BigInt, theirs: Balance, room: &BigInt) -> bool {
	let off: BigInt = ours - exact(theirs);
	let most: BigInt = exact(SLACK) + room;
	off.magnitude() <= most.magnitude()
}

/// A holder in a pool.
pub type At = (usize, usize);

/// What is refused.
pub struct No;

/// Refuses unless.
pub fn need(condition: bool) -> Result<(), No> {
	condition.then_some(()).ok_or(No)
}

/// All that the chain should know.
#[derive(Clone, Default)]
pub struct Model {
	/// The running era.
	pub now: u32,
	/// Eras from leaving to withdrawal.
	pub unbonding: u32,
	/// What everybody can spend.
	pub free: Vec<BigInt>,
	/// What the treasury got.
	pub treasury: BigInt,

	/// Pools by operator.
	pub pools: [Option<PoolModel>; OPERATORS],
	/// All stake.
	pub lots: Vec<Lot>,
	/// Who is in which pool.
	pub positions: BTreeSet<At>,
	/// Whose rewards become stake.
	pub compounds: BTreeSet<At>,
	/// What was earned and not claimed.
	pub owed: BTreeMap<At, BigInt>,
	/// When stake was last moved.
	pub moved: BTreeMap<usize, u32>,
	/// Who lets nobody else claim.
	pub private: BTreeSet<usize>,
	/// What the pallet says that a position earned, as compared before.
	pub rewards: BTreeMap<At, Balance>,
	/// Whether it made stake of it.
	pub compounded: BTreeMap<At, bool>,
	/// How often stake was slashed.
	pub slashes: u32,
	/// Who was in a pool when it was slashed, and was not touched since.
	pub unsettled: BTreeSet<At>,

	/// Every node that ever was.
	pub nodes: Vec<Node>,

	/// Every offence that ever was.
	pub deeds: Vec<Deed>,
	/// For what each offender sits.
	pub cells: BTreeMap<Who, Vec<Cell>>,
	/// Who counts as jailed with it.
	pub wardens: BTreeMap<Who, usize>,
	/// Strikes of nodes that are there.
	pub strikes: BTreeMap<u32, Strikes>,
	/// Those of nodes that are gone, by their operator.
	pub carried: BTreeMap<usize, Strikes>,
}

impl Model {
	/// Everybody has funds and nothing else.
	pub fn new(now: u32, unbonding: u32) -> Self {
		Self { now, unbonding, free: vec![exact(WEALTH); PEOPLE], ..Self::default() }
	}

	/// Holds funds.
	fn hold(&mut self, who: usize, amount: Balance) -> Result<(), No> {
		need(self.free[who] > exact(amount))?;
		self.free[who] -= exact(amount);
		Ok(())
	}
}
