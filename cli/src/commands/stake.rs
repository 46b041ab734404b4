//! `dtel stake …`

use super::Session;
use crate::{
	amount::{parse_dtel, parse_percent},
	calls, keys,
	table::{percent, table},
	Dtel,
};
use anyhow::Result;
use clap::Subcommand;
use dtel_primitives::{AccountId, Balance};
use serde::Serialize;

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
	/// Have paid what your stake earned, and an operator its commission.
	Claim {
		/// The operator; the signer if absent.
		#[arg(value_parser = keys::account)]
		operator: Option<AccountId>,
	},
	/// Take what slashes cost somebody, or release what has matured in a closed pool; anybody may.
	Settle {
		/// Whose stake.
		#[arg(value_parser = keys::account)]
		holder: AccountId,
		/// The operator.
		#[arg(value_parser = keys::account)]
		operator: AccountId,
	},
	/// What an account has and has bonded.
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
			Self::Claim { operator } => (calls::claim(&own(operator)?), "Claimed", "paid".into()),
			Self::Settle { holder, operator } => {
				(calls::settle(&holder, &operator), "Settled", "settled".into())
			}
			Self::Show { account } => return show(session, account).await,
		};
		session.send(call, ("Staking", event), words).await
	}
}

async fn show(session: &Session, account: Option<AccountId>) -> Result<()> {
	let account = match account {
		Some(account) => account,
		None => keys::account_of(&session.signer()?),
	};
	let at = session.chain.finalized().await?;
	let balance = session.chain.balance(&account, Some(at)).await?;
	let nodes = session.chain.nodes(Some(at)).await?;
	let owned: Vec<_> = nodes.iter().filter(|node| node.owner == account).collect();
	let counting: Balance = owned.iter().map(|node| node.stake).fold(0, Balance::saturating_add);
	let ids: Vec<_> = owned.iter().map(|node| node.id).collect();
	let json = Holdings {
		account: account.to_string(),
		free: balance.free.to_string(),
		held: balance.reserved.to_string(),
		counting: counting.to_string(),
		nodes: ids.clone(),
	};
	session.print(&json, || {
		table(
			["account", &account.to_string()],
			[
				["free DTEL".into(), format!("{:#}", Dtel(balance.free))],
				[
					"held DTEL (bonded, unbonding, deposits)".into(),
					format!("{:#}", Dtel(balance.reserved)),
				],
				["stake that counts in this era".into(), format!("{:#}", Dtel(counting))],
				["nodes".into(), format!("{ids:?}")],
			],
		)
	})
}

/// What an account has, for machines; amounts in planck, as text.
#[derive(Serialize)]
struct Holdings {
	account: String,
	free: String,
	held: String,
	counting: String,
	nodes: Vec<u32>,
}
