//! `dtel stake show` and `dtel stake pool`.

use super::Session;
use crate::{
	table::{percent, table},
	Dtel,
};
use anyhow::{Context, Result};
use dtel_primitives::{
	stake::{EntryView, PositionView},
	AccountId, Balance,
};
use serde::Serialize;

/// What an account has, for machines; amounts in planck, as text.
#[derive(Serialize)]
struct Holdings {
	account: String,
	free: String,
	held: String,
	counting: String,
	nodes: Vec<u32>,
	stake: Vec<Stake>,
}

#[derive(Serialize)]
struct Stake {
	operator: String,
	#[serde(flatten)]
	position: PositionView<AccountId>,
}

/// Prints what an account has.
pub(super) async fn show(session: &Session, account: AccountId) -> Result<()> {
	let at = session.chain.finalized().await?;
	let balance = session.chain.balance(&account, Some(at)).await?;
	let nodes = session.chain.nodes(Some(at)).await?;
	let positions = session.chain.positions(&account, Some(at)).await?;
	let owned: Vec<_> = nodes.iter().filter(|node| node.owner == account).collect();
	let counting: Balance = owned.iter().map(|node| node.stake).fold(0, Balance::saturating_add);
	let ids: Vec<_> = owned.iter().map(|node| node.id).collect();
	let stake = positions
		.iter()
		.map(|(operator, position)| Stake {
			operator: operator.to_string(),
			position: position.clone(),
		})
		.collect();
	let json = Holdings {
		account: account.to_string(),
		free: balance.free.to_string(),
		held: balance.reserved.to_string(),
		counting: counting.to_string(),
		nodes: ids.clone(),
		stake,
	};
	session.print(&json, || {
		let summary = table(
			["account", &account.to_string()],
			[
				["free DTEL".into(), amount(balance.free)],
				["held DTEL (bonded, unbonding, deposits)".into(), amount(balance.reserved)],
				["stake that counts in this era".into(), amount(counting)],
				["nodes".into(), format!("{ids:?}")],
			],
		);
		if positions.is_empty() {
			return summary;
		}
		format!("{summary}\n\n{}", stake_table(&positions))
	})
}

fn amount(planck: Balance) -> String {
	format!("{:#}", Dtel(planck))
}

fn stake_table(positions: &[(AccountId, PositionView<AccountId>)]) -> String {
	let rows = positions.iter().map(|(operator, position)| {
		let leaving = position.entries.iter().filter(|entry| entry.left.is_some());
		[
			operator.to_string(),
			amount(position.active),
			amount(leaving.clone().fold(0, |sum: Balance, entry| sum.saturating_add(entry.amount))),
			leaving.clone().filter_map(matures).min().map_or("–".into(), |era| era.to_string()),
			amount(position.reward),
			amount(position.slashed),
			if position.compounds { "yes".into() } else { "no".into() },
		]
	});
	let heading = [
		"staked with",
		"active DTEL",
		"leaving DTEL",
		"first matures in era",
		"earned DTEL",
		"slashed, not taken",
		"compounds",
	];
	table(heading, rows)
}

fn matures(entry: &EntryView<AccountId>) -> Option<u32> {
	entry.matures
}

/// Prints an operator's pool.
pub(super) async fn pool(session: &Session, operator: AccountId) -> Result<()> {
	let at = session.chain.finalized().await?;
	let pool = session.chain.pool(&operator, Some(at)).await?;
	let pool = pool.with_context(|| format!("{operator} is no operator: it has no pool"))?;
	session.print(&pool, || {
		let era = |era: Option<u32>| era.map_or("–".into(), |era| era.to_string());
		table(
			["operator", &operator.to_string()],
			[
				["opened in era".into(), pool.opened.to_string()],
				["closed in era".into(), era(pool.closed)],
				["wants no work".into(), if pool.chilled { "yes".into() } else { "no".into() }],
				["positions".into(), pool.members.to_string()],
				["its own active DTEL".into(), amount(pool.own)],
				["DTEL of its own that its nodes need".into(), amount(pool.required)],
				["DTEL that count in this era".into(), amount(pool.active)],
				["commission, %".into(), percent(pool.rate.parts())],
				[
					"commission from the next era on, %".into(),
					percent(pool.commission.rate.parts()),
				],
				["promised at most, %".into(), percent(pool.commission.most.parts())],
				["promised rise in an era, %".into(), percent(pool.commission.rise.parts())],
				["commission to be claimed, DTEL".into(), amount(pool.unclaimed)],
				["paid up to era".into(), pool.credited.to_string()],
			],
		)
	})
}
