//! An upgrade of the runtime, rehearsed: a dev chain whose state every pallet has a part in, a referendum of Root that authorises the
//! new code by its hash, the code itself from nobody in particular, a migration — and every pallet's invariants before and after.

use super::{
	airdrop::{self, List},
	checks::Check,
	main::{conclude_checks, say, start_chain},
	operators::{Operator, Role},
	populate,
	snapshot::State,
	Args, World,
};
use anyhow::{bail, ensure, Context, Result};
use dtel::{chain::BlockHash, Chain, Wait};
use dtel_primitives::Balance;
use serde::Serialize;
use sp_crypto_hashing::blake2_256;
use std::{
	future::Future,
	path::Path,
	time::{Duration, Instant},
};
use tokio::process::Command;

/// Nodes without daemons: they are members, do not measure, and are punished for it.
const NODES: u32 = 4;
/// From submission to enactment a proposal of Root takes 2 + 24 + 24 blocks here, and a few for deposits and votes.
const ENACTMENT_BLOCKS: u32 = 80;
/// Safe mode lasts twelve.
const SAFE_MODE_BLOCKS: u32 = 20;
/// The first era with members is settled when this one begins.
const SETTLED_ERA: u32 = 3;
const SETTLEMENT_BLOCKS: u32 = 100;
/// How many blocks the new runtime must make, and how many finality may be late.
const GO_ON_BLOCKS: u32 = 8;
const FINALITY_BLOCKS: u32 = 20;
/// How many blocks an airdrop may be from its opening when the new runtime has made so many.
const OPENING_BLOCKS: u32 = 60;
/// How long a block may take before the chain counts as halted.
const BLOCK_DEADLINE: Duration = Duration::from_secs(60);
const TRY_STATE_DEADLINE: Duration = Duration::from_secs(120);

/// The pallets that must have something in the state but a version.
const POPULATED: [&str; 31] = [
	"System",
	"Setup",
	"Timestamp",
	"Babe",
	"Historical",
	"Session",
	"Grandpa",
	"Equivocations",
	"Balances",
	"TransactionPayment",
	"Proxy",
	"Multisig",
	"Registry",
	"Staking",
	"Attestation",
	"Rewards",
	"Penalties",
	"Validators",
	"Vesting",
	"Claims",
	"Preimage",
	"Scheduler",
	"Referenda",
	"ConvictionVoting",
	"TechnicalCommittee",
	"Parameters",
	"Treasury",
	"Bounties",
	"SafeMode",
	"TxPause",
	"Emergency",
];
/// The pallet whose storage the rehearsal migrates.
const MIGRATED: &str = "Emergency";

/// What the run saw.
#[derive(Serialize, Debug)]
pub struct Facts {
	/// The block by which the referendum of the upgrade was enacted.
	pub authorized: u32,
	/// The block that the new code was applied in.
	pub applied: u32,
	/// Versions of the runtime in the block before, and in the last block.
	pub spec_version: (u32, u32),
	/// Versions of the migrated pallet's storage.
	pub storage_version: (u16, u16),
	/// Ends of the quiet time after safe mode.
	pub quiet_until: (Option<u32>, Option<u32>),
	/// Blocks of governance's day.
	pub day: u32,
	/// The last block seen, and the last final one.
	pub last: (u32, u32),
	/// All DTEL that exist.
	#[serde(skip)]
	pub issuance: (Balance, Balance),
	/// Keys of the state.
	pub keys: (usize, usize),
	/// Pallets that should have a part in the state and have none.
	pub missing: Vec<String>,
	/// Whether a signed transaction of before the upgrade's kind still works.
	pub paid: bool,
	/// What somebody on an airdrop's list has.
	#[serde(skip)]
	pub claimed: Balance,
	/// What `try_state` says, before and after: nothing if it holds.
	pub try_state: (Option<String>, Option<String>),
}

/// Runs the rehearsal; true if it passes.
pub async fn run(args: &Args, world: &mut World, wasm: &Path, try_state: &Path) -> Result<bool> {
	let code = std::fs::read(wasm).with_context(|| format!("no runtime: {}", wasm.display()))?;
	ensure!(try_state.is_file(), "{} is missing: build it", try_state.display());
	let began = Instant::now();
	let mut operators = Vec::new();
	for number in 1..=NODES {
		operators.push(Operator::new(world, number, Role::Healthy, false)?);
	}
	let (node, chain) = start_chain(world, &[]).await?;
	let hour = 1;
	let day = 24 * hour;

	say("People stake, register nodes, keep proxies and multisigs, propose a bounty");
	populate::people(&chain, &operators).await?;
	say("The upgrade is proposed, and six other things; all vote");
	let list = List::build(world, &node.url()).await?;
	let opens = populate::propose(&chain, &code, &list).await?;
	populate::vote(&chain).await?;
	say("Somebody puts the chain into safe mode, and it ends by itself");
	populate::enter_safe_mode(&chain).await?;
	until(&chain, "the end of safe mode", SAFE_MODE_BLOCKS, |at| quiet(&chain, at)).await?;
	say("Waiting for the referendum to be approved and enacted");
	let hash = blake2_256(&code);
	let authorized = until(&chain, "the authorised upgrade", ENACTMENT_BLOCKS, |at| {
		authorised(&chain, hash, at)
	})
	.await?;
	until(&chain, "a settled era", SETTLEMENT_BLOCKS, |at| era_began(&chain, at)).await?;
	populate::committee_and_candidate(&chain).await?;

	let before_at = chain.best().await?;
	let before = State::fetch(&chain, before_at).await?;
	let spec_before = chain.spec_version(before_at).await?;
	let quiet_before = quiet_until(&chain, before_at).await?;
	let issuance_before = chain.total_issuance(Some(before_at)).await?;
	say(format!("Anybody brings the authorised code: {} bytes, without a signature", code.len()));
	let done = chain.submit_unsigned(&populate::apply(&code).call(), Wait::InBlock).await?;
	let applied = chain.number(done.block).await?;
	// A client of the new runtime.
	let chain = Chain::connect(&node.url()).await?;
	let first_new = applied.saturating_add(1);
	until(&chain, "blocks of the new runtime", GO_ON_BLOCKS + 2, |at| {
		reached(&chain, at, first_new + GO_ON_BLOCKS)
	})
	.await?;
	let paid = populate::payout(&chain).await?;
	say("Somebody on the list of an airdrop is paid what was decided before");
	until(&chain, "the opening of the airdrop", OPENING_BLOCKS, |at| reached(&chain, at, opens))
		.await?;
	list.claim(world, &node.url()).await?;
	let receiver = dtel::keys::account(airdrop::RECEIVER)?;
	let claimed = chain.balance(&receiver, None).await?.free;
	until(&chain, "finality of the new runtime's blocks", FINALITY_BLOCKS, |_| async {
		Ok(chain.number(chain.finalized().await?).await? > first_new)
	})
	.await?;

	let after_at = chain.finalized().await?;
	let after = State::fetch(&chain, after_at).await?;
	let best = chain.best().await?;
	let mut facts = Facts {
		authorized,
		applied,
		spec_version: (spec_before, chain.spec_version(best).await?),
		storage_version: (before.version(MIGRATED), after.version(MIGRATED)),
		quiet_until: (quiet_before, quiet_until(&chain, after_at).await?),
		day,
		last: (chain.number(best).await?, chain.number(after_at).await?),
		issuance: (issuance_before, chain.total_issuance(Some(after_at)).await?),
		keys: (before.len(), after.len()),
		missing: POPULATED
			.iter()
			.filter(|pallet| !before.has_part(pallet))
			.map(|pallet| pallet.to_string())
			.collect(),
		paid,
		claimed,
		try_state: (None, None),
	};
	say("Checking every pallet's invariants over both states");
	facts.try_state.0 = checked(world, try_state, "--before", &before).await?;
	facts.try_state.1 = checked(world, try_state, "--rehearsed", &after).await?;
	conclude_checks(args, &evaluate(&facts), &facts, began.elapsed())
}

/// Looks at every best block from the next on until `look` says yes; that block's number.
async fn until<F, L>(chain: &Chain, what: &str, blocks: u32, mut look: L) -> Result<u32>
where
	L: FnMut(BlockHash) -> F,
	F: Future<Output = Result<bool>>,
{
	let mut best = chain.best_blocks().await?;
	for _ in 0..blocks {
		let next = tokio::time::timeout(BLOCK_DEADLINE, best.next()).await;
		let next = next.with_context(|| format!("{what}: no block within {BLOCK_DEADLINE:?}"))?;
		let block = next.context("the node ended the subscription")??;
		if look(block.hash()).await.with_context(|| what.to_owned())? {
			return Ok(u32::try_from(block.number())?);
		}
	}
	bail!("{what}: not within {blocks} blocks")
}

async fn quiet_until(chain: &Chain, at: BlockHash) -> Result<Option<u32>> {
	chain.storage(MIGRATED, "QuietUntil", None, Some(at)).await
}

async fn quiet(chain: &Chain, at: BlockHash) -> Result<bool> {
	Ok(quiet_until(chain, at).await?.is_some())
}

async fn authorised(chain: &Chain, hash: [u8; 32], at: BlockHash) -> Result<bool> {
	let found: Option<([u8; 32], bool)> =
		chain.storage("System", "AuthorizedUpgrade", None, Some(at)).await?;
	match found {
		Some((code, check_version)) => {
			ensure!(code == hash && check_version, "another upgrade is authorised");
			Ok(true)
		}
		None => Ok(false),
	}
}

async fn era_began(chain: &Chain, at: BlockHash) -> Result<bool> {
	Ok(chain.era(Some(at)).await?.moment.era >= SETTLED_ERA)
}

async fn reached(chain: &Chain, at: BlockHash, number: u32) -> Result<bool> {
	Ok(chain.number(at).await? >= number)
}

/// What `try_state` says against a state; nothing if it holds.
async fn checked(
	world: &mut World,
	program: &Path,
	flag: &str,
	state: &State,
) -> Result<Option<String>> {
	let file = world.dir.join(format!("state{flag}.hex"));
	state.write(&file)?;
	let mut command = Command::new(std::path::absolute(program)?);
	command.arg(flag).arg(&file);
	let name = format!("try-state{flag}");
	let outcome = world.children.complete(&name, command, TRY_STATE_DEADLINE).await;
	Ok(outcome.err().map(|error| format!("{error:#}")))
}

/// What a rehearsed upgrade promises.
pub fn evaluate(facts: &Facts) -> Vec<Check> {
	let said = |outcome: &Option<String>| outcome.clone().unwrap_or_else(|| "it does".into());
	let first_new = facts.applied.saturating_add(1);
	let ends = |block: u32| block.saturating_add(3 * facts.day);
	let migrated = match facts.quiet_until {
		// The migration reads the number of the last block of the old runtime.
		(Some(before), Some(after)) => {
			after < before && (ends(facts.applied)..=ends(first_new)).contains(&after)
		}
		_ => false,
	};
	vec![
		Check::new(
			facts.missing.is_empty(),
			format!("every pallet has a part in the state; missing: {:?}", facts.missing),
		),
		Check::new(
			facts.try_state.0.is_none(),
			format!("every invariant holds before the upgrade: {}", said(&facts.try_state.0)),
		),
		Check::new(
			facts.authorized < facts.applied,
			format!(
				"a referendum authorised the code by block {}, it was applied in {}",
				facts.authorized, facts.applied
			),
		),
		Check::new(
			facts.spec_version.1 == facts.spec_version.0 + 1,
			format!("spec_version {} → {}", facts.spec_version.0, facts.spec_version.1),
		),
		Check::new(
			facts.storage_version.1 == facts.storage_version.0 + 1,
			format!(
				"storage version of {MIGRATED} {} → {}",
				facts.storage_version.0, facts.storage_version.1
			),
		),
		Check::new(
			migrated,
			format!("the migration rewrote the quiet time: {:?}", facts.quiet_until),
		),
		Check::new(
			facts.last.0 >= first_new.saturating_add(GO_ON_BLOCKS),
			format!(
				"blocks go on: {} made by the new runtime",
				facts.last.0.saturating_sub(facts.applied)
			),
		),
		Check::new(
			facts.last.1 > first_new,
			format!("finality goes on: block {} is final", facts.last.1),
		),
		Check::new(facts.paid, "a spend approved before the upgrade is paid after it"),
		Check::new(
			facts.claimed == airdrop::SHARE,
			"an airdrop decided before the upgrade is claimed after it, with dtel claims",
		),
		Check::new(
			facts.issuance.1 <= facts.issuance.0 && facts.issuance.1 > 0,
			"the upgrade made no tokens",
		),
		Check::new(
			facts.try_state.1.is_none(),
			format!("every invariant holds after the upgrade: {}", said(&facts.try_state.1)),
		),
	]
}

#[cfg(test)]
mod tests {
	use super::*;

	fn good() -> Facts {
		Facts {
			authorized: 60,
			applied: 95,
			spec_version: (1, 2),
			storage_version: (1, 2),
			quiet_until: (Some(190), Some(168)),
			day: 24,
			last: (107, 105),
			issuance: (1_000, 1_000),
			keys: (900, 905),
			missing: Vec::new(),
			paid: true,
			claimed: airdrop::SHARE,
			try_state: (None, None),
		}
	}

	fn failed(change: impl FnOnce(&mut Facts)) -> usize {
		let mut facts = good();
		change(&mut facts);
		evaluate(&facts).iter().filter(|check| !check.ok).count()
	}

	#[test]
	fn every_broken_promise_is_seen() {
		assert_eq!(failed(|_| ()), 0);
		assert_eq!(failed(|f| f.missing.push("Bounties".into())), 1);
		assert_eq!(failed(|f| f.try_state.0 = Some("INV-1".into())), 1);
		assert_eq!(failed(|f| f.try_state.1 = Some("INV-1".into())), 1);
		assert_eq!(failed(|f| f.authorized = 95), 1);
		assert_eq!(failed(|f| f.spec_version.1 = 1), 1);
		assert_eq!(failed(|f| f.storage_version.1 = 1), 1);
		assert_eq!(failed(|f| f.quiet_until.1 = Some(190)), 1);
		assert_eq!(failed(|f| f.quiet_until.1 = None), 1);
		assert_eq!(failed(|f| f.last.0 = 96), 1);
		assert_eq!(failed(|f| f.last.1 = 95), 1);
		assert_eq!(failed(|f| f.paid = false), 1);
		assert_eq!(failed(|f| f.claimed = 0), 1);
		assert_eq!(failed(|f| f.issuance.1 = 1_001), 1);
	}
}
