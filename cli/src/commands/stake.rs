//! `dtel stake …`

use super::Session;
use crate::{amount::parse_dtel, calls, keys, table::table, Dtel};
use anyhow::Result;
use clap::Subcommand;
use dtel_primitives::{AccountId, Balance};
use serde::Serialize;

#[derive(Subcommand, Debug)]
pub enum Stake {
	/// Bond stake for the first time. It stays in the account, on hold, and counts from the next full era.
	Bond {
		/// Decimal DTEL, such as 1000.5.
		#[arg(value_parser = parse_dtel)]
		amount: Balance,
	},
	/// Add to a bond.
	BondExtra {
		/// Decimal DTEL.
		#[arg(value_parser = parse_dtel)]
		amount: Balance,
	},
	/// Take from a bond; it can be withdrawn when the unbonding period is over.
	Unbond {
		/// Decimal DTEL.
		#[arg(value_parser = parse_dtel)]
		amount: Balance,
	},
	/// Free what has finished unbonding.
	Withdraw,
	/// What an account has and has bonded.
	Show {
		/// SS58, 0x-hex or a development URI; the signer if absent.
		#[arg(value_parser = keys::account)]
		account: Option<AccountId>,
	},
}

impl Stake {
	pub(super) async fn run(self, session: &Session) -> Result<()> {
		match self {
			Self::Bond { amount } => {
				let words = format!("{} DTEL are bonded", Dtel(amount));
				session.send(calls::bond(amount), ("Staking", "Bonded"), words).await
			}
			Self::BondExtra { amount } => {
				let words = format!("{} DTEL more are bonded", Dtel(amount));
				session.send(calls::bond_extra(amount), ("Staking", "Bonded"), words).await
			}
			Self::Unbond { amount } => {
				let words = format!("{} DTEL are unbonding", Dtel(amount));
				session.send(calls::unbond(amount), ("Staking", "Unbonded"), words).await
			}
			Self::Withdraw => {
				session.send(calls::withdraw(), ("Staking", "Withdrawn"), "withdrawn".into()).await
			}
			Self::Show { account } => show(session, account).await,
		}
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
