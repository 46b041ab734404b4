//! `dtel stake …`

use super::{holdings, Session};
use crate::{
	amount::{parse_dtel, parse_percent},
	calls, keys,
	table::percent,
	Dtel,
};
use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use dtel_primitives::{AccountId, Balance};

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Switch {
	On,
	Off,
}

impl Switch {
	fn is_on(self) -> bool {
		self == Self::On
	}

	fn word(self) -> &'static str {
		match self {
			Self::On => "on",
			Self::Off => "off",
		}
	}
}

#[derive(Subcommand, Debug)]
pub enum Stake {
	/// Become an operator: bond stake of your own. It stays in the account, on hold, and counts from the next full era.
	Bond {
		/// Decimal DTEL, such as 1000.5.
		#[arg(value_parser = parse_dtel)]
		amount: Balance,
		/// What you keep of your pool's rewards before they are shared, in percent.
		#[arg(long, value_parser = parse_percent, default_value = "0")]
		commission: u16,
		/// What your commission will never exceed, in percent: a promise that cannot be taken back.
		#[arg(long, value_parser = parse_percent, default_value = "100")]
		max_commission: u16,
		/// By how much it will at most rise from an era to the next, in percentage points.
		#[arg(long, value_parser = parse_percent, default_value = "1")]
		max_rise: u16,
	},
	/// Add to your own bond.
	BondExtra {
		/// Decimal DTEL.
		#[arg(value_parser = parse_dtel)]
		amount: Balance,
	},
	/// Take from your own bond; it can be withdrawn when the unbonding period is over.
	Unbond {
		/// Decimal DTEL.
		#[arg(value_parser = parse_dtel)]
		amount: Balance,
	},
	/// End your pool: everything in it, yours and everybody's, begins to be unbonded.
	Retire,
	/// Change your commission from the next era on, in percent.
	Commission {
		/// Percent.
		#[arg(value_parser = parse_percent)]
		rate: u16,
	},
	/// Delegate to an operator, or add to what you have there.
	Delegate {
		/// The operator.
		#[arg(value_parser = keys::account)]
		operator: AccountId,
		/// Decimal DTEL.
		#[arg(value_parser = parse_dtel)]
		amount: Balance,
	},
	/// Begin to take out what you delegated to an operator.
	Undelegate {
		/// The operator.
		#[arg(value_parser = keys::account)]
		operator: AccountId,
		/// Decimal DTEL.
		#[arg(value_parser = parse_dtel)]
		amount: Balance,
	},
	/// Move what you delegated to another operator at once; once in an unbonding period.
	Redelegate {
		/// The operator that it leaves.
		#[arg(value_parser = keys::account)]
		from: AccountId,
		/// The operator that it joins.
		#[arg(value_parser = keys::account)]
		to: AccountId,
		/// Decimal DTEL.
		#[arg(value_parser = parse_dtel)]
		amount: Balance,
	},
	/// Put back what is being unbonded.
	Rebond {
		/// The operator; the signer if absent.
		#[arg(long, value_parser = keys::account)]
		operator: Option<AccountId>,
		/// Decimal DTEL.
		#[arg(value_parser = parse_dtel)]
		amount: Balance,
	},
	/// Free what has finished unbonding.
	Withdraw {
		/// The operator; the signer if absent.
		#[arg(value_parser = keys::account)]
		operator: Option<AccountId>,
	},
	/// Have paid what your stake earned, and an operator its commission. What slashes cost it is taken first.
	Claim {
		/// The operator; the signer if absent.
		#[arg(value_parser = keys::account)]
		operator: Option<AccountId>,
		/// Whose stake; the signer's if absent. Others may say that nobody shall.
		#[arg(long, value_parser = keys::account)]
		holder: Option<AccountId>,
	},
	/// Make stake of what stake earned. For others only if they switched `compounding` on.
	Compound {
		/// The operator; the signer if absent.
		#[arg(value_parser = keys::account)]
		operator: Option<AccountId>,
		/// Whose stake; the signer's if absent.
		#[arg(long, value_parser = keys::account)]
		holder: Option<AccountId>,
	},
	/// Say whether what your stake earns shall become stake.
	Compounding {
		wish: Switch,
		/// The operator; the signer if absent.
		#[arg(value_parser = keys::account)]
		operator: Option<AccountId>,
	},
	/// Say whether nobody else may claim what you earned.
	Private { wish: Switch },
	/// Say whether you, an operator, want no work for now; nothing leaves your pool.
	Chill { wish: Switch },
	/// Note that an operator is below what its nodes need, and close its pool when it had its time; or begin to take out what a
	/// delegator has, below half of the minimum. Anybody may.
	Kick {
		/// Whose stake; an operator's own closes its pool.
		#[arg(value_parser = keys::account)]
		holder: AccountId,
		/// The operator; the holder if absent.
		#[arg(value_parser = keys::account)]
		operator: Option<AccountId>,
	},
	/// Take what slashes cost somebody, pay what it earned, release what has matured in a closed pool; anybody may.
	Settle {
		/// Whose stake.
		#[arg(value_parser = keys::account)]
		holder: AccountId,
		/// The operator.
		#[arg(value_parser = keys::account)]
		operator: AccountId,
	},
	/// An operator's pool: stake, commission, what it needs.
	Pool {
		/// The operator; the signer if absent.
		#[arg(value_parser = keys::account)]
		operator: Option<AccountId>,
	},
	/// What an account has, has bonded and has delegated, what that earned, and when what leaves matures.
	Show {
		/// SS58, 0x-hex or a development URI; the signer if absent.
		#[arg(value_parser = keys::account)]
		account: Option<AccountId>,
	},
}

impl Stake {
	pub(super) async fn run(self, session: &Session) -> Result<()> {
		let own = |operator: Option<AccountId>| match operator {
			Some(operator) => Ok(operator),
			None => session.signer().map(|signer| keys::account_of(&signer)),
		};
		let (call, event, words) = match self {
			Self::Bond { amount, commission, max_commission, max_rise } => {
				let terms =
					calls::Commission { rate: commission, most: max_commission, rise: max_rise };
				let words = format!("{} DTEL are bonded", Dtel(amount));
				(calls::bond(amount, terms), "Bonded", words)
			}
			Self::BondExtra { amount } => {
				let words = format!("{} DTEL more are bonded", Dtel(amount));
				(calls::bond_extra(amount), "Bonded", words)
			}
			Self::Unbond { amount } => {
				let words = format!("{} DTEL are unbonding", Dtel(amount));
				(calls::unbond(amount), "Unbonded", words)
			}
			Self::Retire => (calls::retire_pool(), "PoolClosed", "the pool is closed".into()),
			Self::Commission { rate } => {
				let words = format!("the commission will be {}", percent(rate));
				(calls::set_commission(rate), "CommissionSet", words)
			}
			Self::Delegate { operator, amount } => {
				let signer = keys::account_of(&session.signer()?);
				let known = session.chain.position(&signer, &operator, None).await?;
				let call = match known {
					None => calls::delegate(&operator, amount),
					Some(_) => calls::delegate_extra(&operator, amount),
				};
				(call, "Delegated", format!("{} DTEL are delegated", Dtel(amount)))
			}
			Self::Undelegate { operator, amount } => {
				let words = format!("{} DTEL are unbonding", Dtel(amount));
				(calls::undelegate(&operator, amount), "Unbonded", words)
			}
			Self::Redelegate { from, to, amount } => {
				let words = format!("{} DTEL were moved", Dtel(amount));
				(calls::redelegate(&from, &to, amount), "Redelegated", words)
			}
			Self::Rebond { operator, amount } => {
				let words = format!("{} DTEL are bonded again", Dtel(amount));
				(calls::rebond(&own(operator)?, amount), "Rebonded", words)
			}
			Self::Withdraw { operator } => {
				(calls::withdraw(&own(operator)?), "Withdrawn", "withdrawn".into())
			}
			Self::Claim { operator, holder } => return claim(session, operator, holder).await,
			Self::Compound { operator, holder } => {
				let (operator, holder) = (own(operator)?, own(holder)?);
				(calls::compound(&holder, &operator), "Claimed", "made stake of it".into())
			}
			Self::Compounding { wish, operator } => {
				let call = calls::set_compounding(&own(operator)?, wish.is_on());
				(call, "CompoundingSet", format!("compounding is {}", wish.word()))
			}
			Self::Private { wish } => {
				let words = format!("claiming by nobody else is {}", wish.word());
				(calls::set_private(wish.is_on()), "PrivateSet", words)
			}
			Self::Chill { wish } => {
				let words = format!("wanting no work is {}", wish.word());
				(calls::set_chilled(wish.is_on()), "ChilledSet", words)
			}
			Self::Kick { holder, operator } => {
				let operator = operator.unwrap_or_else(|| holder.clone());
				let event = if holder == operator { "BelowMinimum" } else { "Unbonded" };
				(calls::kick(&holder, &operator), event, "it is below the minimum".into())
			}
			Self::Settle { holder, operator } => {
				(calls::settle(&holder, &operator), "Settled", "settled".into())
			}
			Self::Pool { operator } => return holdings::pool(session, own(operator)?).await,
			Self::Show { account } => return holdings::show(session, own(account)?).await,
		};
		session.send(call, ("Staking", event), words).await
	}
}

/// Claims, or settles where that is what pays.
async fn claim(
	session: &Session,
	operator: Option<AccountId>,
	holder: Option<AccountId>,
) -> Result<()> {
	let signer = keys::account_of(&session.signer()?);
	let (operator, holder) = (operator.unwrap_or(signer.clone()), holder.unwrap_or(signer.clone()));
	let known = session.chain.position(&holder, &operator, None).await?;
	let call = match known {
		Some(position) if position.unsettled => calls::settle(&holder, &operator),
		_ if holder == signer => calls::claim(&operator),
		_ => calls::claim_for(&holder, &operator),
	};
	session.send(call, ("Staking", "Claimed"), "paid".into()).await
}
