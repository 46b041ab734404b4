//! Operations as calls, and offences with their evidence.

use dtel_primitives::{stake::Commission, Balance, BasisPoints, Hash};
use dtel_runtime::Runtime;
use dtel_traits::{Equivocation, Evidence, Occasion};
use pallet_dtel_staking::Call as StakingCall;
use sp_runtime::Perbill;

use crate::{chain::account, operations::Op};

/// One of so many at the same time.
pub fn equivocation(occasion: u64, offenders: u32, fraction: u32) -> Equivocation {
	let occasion = Occasion { set: 1, round: occasion };
	let fraction = Perbill::from_parts(fraction);
	Equivocation { session: 3, occasion, offenders, validators: 10, fraction }
}

/// Evidence of a service offence.
pub fn evidence(kind: usize) -> Evidence {
	match kind {
		0 => Evidence::MissedDuty { committed: false, revealed: 9, members: 10 },
		1 => Evidence::Unavailable { assigned: 5, reported: 4, down: 4, measured: 50 },
		2 => Evidence::PoorQuality { below: 8, of: 12, worst: BasisPoints::ZERO },
		3 => Evidence::Outlier { eras: 5, of: 12 },
		4 => Evidence::DoubleReveal { first: Hash::repeat_byte(1), second: Hash::repeat_byte(2) },
		_ => Evidence::FalsePlace { broken: 4, of: 5 },
	}
}

/// The domain of the n-th node.
pub fn domain(node: usize) -> String {
	format!("n{node}.operator.example")
}

/// A call of Staking, and who signs it; a stranger for what anybody may ask for.
pub fn staking(op: &Op, amount: Balance) -> Option<(Option<usize>, StakingCall<Runtime>)> {
	let points = |n: u16| BasisPoints::saturating(n.into());
	let commission = Commission { rate: points(1_000), most: points(2_000), rise: points(100) };
	Some(match *op {
		Op::Bond(p, amount) => (Some(p), StakingCall::bond { amount, commission }),
		Op::BondExtra(p, amount) => (Some(p), StakingCall::bond_extra { amount }),
		Op::Unbond(p, _) => (Some(p), StakingCall::unbond { amount }),
		Op::Withdraw(w, p) => (Some(w), StakingCall::withdraw { pool: account(p) }),
		Op::Rebond(w, p, _) => (Some(w), StakingCall::rebond { pool: account(p), amount }),
		Op::Delegate(w, p, amount) => (Some(w), StakingCall::delegate { pool: account(p), amount }),
		Op::DelegateExtra(w, p, amount) => {
			(Some(w), StakingCall::delegate_extra { pool: account(p), amount })
		}
		Op::Undelegate(w, p, _) => (Some(w), StakingCall::undelegate { pool: account(p), amount }),
		Op::Redelegate { who, from, to, .. } => {
			let (from, to) = (account(from), account(to));
			(Some(who), StakingCall::redelegate { from, to, amount })
		}
		Op::Claim(w, p) => (Some(w), StakingCall::claim { pool: account(p) }),
		Op::ClaimFor(w, p) => {
			(None, StakingCall::claim_for { holder: account(w), pool: account(p) })
		}
		Op::Settle(w, p) => (None, StakingCall::settle { holder: account(w), pool: account(p) }),
		Op::Kick(w, p) => (None, StakingCall::kick { holder: account(w), pool: account(p) }),
		Op::Retire(p) => (Some(p), StakingCall::retire {}),
		Op::SetChilled(p, chilled) => (Some(p), StakingCall::set_chilled { chilled }),
		Op::SetCommission(p, rate) => (Some(p), StakingCall::set_commission { rate: points(rate) }),
		Op::SetCompounding(w, p, compounds) => {
			(Some(w), StakingCall::set_compounding { pool: account(p), compounds })
		}
		Op::SetPrivate(w, private) => (Some(w), StakingCall::set_private { private }),
		_ => return None,
	})
}
