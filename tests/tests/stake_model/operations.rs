//! What can happen, in random order.

use dtel_primitives::{Balance, DTEL};
use proptest::prelude::*;

use crate::model::{OPERATORS, PEOPLE};

/// Amounts are multiples of this, so that none is near a minimum by chance.
pub const COIN: Balance = DTEL + 987_654_321;

/// Operators, people and penalties by number; penalties and nodes from the newest one on. Parts are of 256: that is all, 257 is
/// too much. Eras of offences are counted back from the running one.
#[derive(Clone, Debug)]
pub enum Op {
	Register { by: usize, taken: bool },
	Update { by: Option<usize>, node: usize, version: u32 },
	SetStatus { by: Option<usize>, node: usize, drains: bool },
	RetireNode { by: Option<usize>, node: usize },
	Bond(usize, Balance),
	BondExtra(usize, Balance),
	Unbond(usize, u32),
	Withdraw(usize, usize),
	Rebond(usize, usize, u32),
	Delegate(usize, usize, Balance),
	DelegateExtra(usize, usize, Balance),
	Undelegate(usize, usize, u32),
	Redelegate { who: usize, from: usize, to: usize, part: u32 },
	Claim(usize, usize),
	ClaimFor(usize, usize),
	Settle(usize, usize),
	Kick(usize, usize),
	Retire(usize),
	SetChilled(usize, bool),
	SetCommission(usize, u16),
	SetCompounding(usize, usize, bool),
	SetPrivate(usize, bool),
	Credit { pool: usize, ahead: u32, amount: Balance },
	ReportNode { kind: usize, back: u32, node: usize },
	ReportValidator { kind: usize, back: u32, who: usize, occasion: u64, together: u32 },
	Appeal { by: Option<usize>, place: usize },
	Uphold { place: usize },
	Cancel { place: usize },
	Execute { place: usize },
	Unjail { by: Option<usize>, node: usize },
	UnjailValidator(usize),
	Blocks { blocks: u32, full: bool },
	Eras { eras: u32, full: bool },
}

/// How long the eras of a sequence are together, and so what has time to happen in it.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
	/// Eras from leaving to withdrawal.
	pub unbonding: u32,
	/// Most eras that pass at once.
	pub eras: u32,
}

/// Any of them, more often what leads to more.
pub fn op(pace: Pace) -> impl Strategy<Value = Op> {
	prop_oneof![70 => staking(), 40 => penalties(pace), 10 => nodes(), 24 => time(pace)]
}

fn operator() -> std::ops::Range<usize> {
	0..OPERATORS
}

fn by() -> impl Strategy<Value = Option<usize>> {
	prop::option::weighted(0.1, operator())
}

fn nodes() -> impl Strategy<Value = Op> {
	let node = || 0..6usize;
	prop_oneof![
		4 => (operator(), prop::bool::weighted(0.1))
			.prop_map(|(by, taken)| Op::Register { by, taken }),
		2 => (by(), node(), 8..20u32)
			.prop_map(|(by, node, version)| Op::Update { by, node, version }),
		2 => (by(), node(), any::<bool>())
			.prop_map(|(by, node, drains)| Op::SetStatus { by, node, drains }),
		4 => (by(), node()).prop_map(|(by, node)| Op::RetireNode { by, node }),
	]
}

fn staking() -> impl Strategy<Value = Op> {
	let at = || (0..PEOPLE, operator());
	let amount = |most: u128| prop_oneof![16 => (1..most).prop_map(|n| n * COIN), 1 => Just(0), 1 => Just(Balance::MAX)];
	let part =
		|| prop_oneof![6 => 1..256u32, 3 => Just(256u32), 1 => Just(257u32), 1 => Just(0u32)];
	prop_oneof![
		4 => (operator(), amount(8_192)).prop_map(|(p, a)| Op::Bond(p, a)),
		3 => (operator(), amount(4_096)).prop_map(|(p, a)| Op::BondExtra(p, a)),
		3 => (operator(), part()).prop_map(|(p, f)| Op::Unbond(p, f)),
		9 => at().prop_map(|(w, p)| Op::Withdraw(w, p)),
		8 => (at(), part()).prop_map(|((w, p), f)| Op::Rebond(w, p, f)),
		9 => (at(), prop_oneof![1 => 10..13u128, 4 => 1..2_048u128, 1 => Just(0)])
			.prop_map(|((w, p), n)| Op::Delegate(w, p, n * COIN)),
		5 => (at(), amount(2_048)).prop_map(|((w, p), a)| Op::DelegateExtra(w, p, a)),
		8 => (at(), part()).prop_map(|((w, p), f)| Op::Undelegate(w, p, f)),
		8 => (at(), operator(), part())
			.prop_map(|((who, from), to, part)| Op::Redelegate { who, from, to, part }),
		4 => at().prop_map(|(w, p)| Op::Claim(w, p)),
		3 => at().prop_map(|(w, p)| Op::ClaimFor(w, p)),
		7 => at().prop_map(|(w, p)| Op::Settle(w, p)),
		4 => at().prop_map(|(w, p)| Op::Kick(w, p)),
		1 => operator().prop_map(Op::Retire),
		1 => (operator(), any::<bool>()).prop_map(|(p, c)| Op::SetChilled(p, c)),
		2 => (operator(), 0..3_500u16).prop_map(|(p, r)| Op::SetCommission(p, r)),
		2 => (at(), any::<bool>()).prop_map(|((w, p), c)| Op::SetCompounding(w, p, c)),
		1 => (0..PEOPLE, any::<bool>()).prop_map(|(w, p)| Op::SetPrivate(w, p)),
		10 => (operator(), 1..3u32, 1..1_000 * DTEL)
			.prop_map(|(pool, ahead, amount)| Op::Credit { pool, ahead, amount }),
	]
}

fn penalties(pace: Pace) -> impl Strategy<Value = Op> {
	let place = || prop_oneof![4 => 0..4usize, 1 => 0..40usize];
	let back = move || prop_oneof![6 => 0..2u32, 2 => 0..pace.unbonding + 4];
	prop_oneof![
		8 => (0..6usize, back(), 0..6usize)
			.prop_map(|(kind, back, node)| Op::ReportNode { kind, back, node }),
		3 => (6..8usize, back(), operator(), 0..2u64, prop_oneof![12 => 1..3u32, 1 => 3..5u32]).prop_map(
			|(kind, back, who, occasion, together)| {
				Op::ReportValidator { kind, back, who, occasion, together }
			}
		),
		7 => (by(), place()).prop_map(|(by, place)| Op::Appeal { by, place }),
		3 => place().prop_map(|place| Op::Uphold { place }),
		3 => place().prop_map(|place| Op::Cancel { place }),
		3 => place().prop_map(|place| Op::Execute { place }),
		4 => (by(), 0..6usize).prop_map(|(by, node)| Op::Unjail { by, node }),
		1 => operator().prop_map(Op::UnjailValidator),
	]
}

fn time(pace: Pace) -> impl Strategy<Value = Op> {
	prop_oneof![
		1 => (1..4u32, prop::bool::weighted(0.2))
			.prop_map(|(blocks, full)| Op::Blocks { blocks, full }),
		1 => (1..=pace.eras, prop::bool::weighted(0.4))
			.prop_map(|(eras, full)| Op::Eras { eras, full }),
	]
}
