//! Gives every pallet that can have one quickly a part in the state of a dev chain, and brings proposals before its voters.
//!
//! Not here: pallets that store nothing between blocks (Utility, Origins, Authorship); offences and equivocations, which nobody here commits; and child bounties, because
//! a bounty is funded once in a week of governance.

use super::{
	airdrop::List,
	operators::{add_client, Operator},
};
use anyhow::Result;
use dtel::{
	calls::{self, Call},
	keys, Chain, Wait,
};
use dtel_primitives::{AccountId, Balance, DTEL};
use futures::future::try_join_all;
use sp_crypto_hashing::blake2_256;
use subxt::dynamic::{tx, Value};

/// Who votes: half of all tokens that can, and more, so that every proposal passes as soon as it is decided.
const VOTERS: [&str; 12] = [
	"//Alice",
	"//Bob",
	"//Charlie",
	"//Dave",
	"//Eve",
	"//Ferdie",
	"//Op1",
	"//Op2",
	"//Op3",
	"//Op4",
	"//Op5",
	"//Op6",
];
/// What each votes with. The rest stays free for deposits.
const VOTE: Balance = 700_000 * DTEL;
/// An aye with conviction 1.
const AYE: u128 = 0x81;
/// The referendum of the upgrade: the first of the chain.
const UPGRADE: u32 = 0;
/// Those that are voted on.
const DECIDED: std::ops::Range<u32> = UPGRADE..6;
/// An airdrop opens so many blocks after it was proposed, which leaves a day after its decision, and closes a week later.
const NOTICE: u32 = 100;
const WINDOW: u32 = 7 * 24;
/// What the treasury is to pay, to Ferdie.
pub const SPEND: Balance = 100 * DTEL;

type Fields = Vec<(&'static str, Value)>;

/// A call that can be sent, and be part of others.
#[derive(Clone)]
pub struct Nested(&'static str, &'static str, Fields);

impl Nested {
	/// To be sent.
	pub fn call(&self) -> Call {
		tx(self.0, self.1, Value::named_composite(self.2.clone()))
	}

	/// To be part of another call.
	fn value(&self) -> Value {
		Value::unnamed_variant(self.0, [Value::named_variant(self.1, self.2.clone())])
	}
}

fn number(value: impl Into<u128>) -> Value {
	Value::u128(value.into())
}

fn variant(name: &str, of: impl IntoIterator<Item = Value>) -> Value {
	Value::unnamed_variant(name, of)
}

fn unit(name: &str) -> Value {
	variant(name, [])
}

fn account(suri: &str) -> Result<AccountId> {
	keys::account(suri)
}

fn address(suri: &str) -> Result<Value> {
	Ok(variant("Id", [Value::from_bytes(account(suri)?)]))
}

fn remark(text: &str) -> Nested {
	Nested("System", "remark_with_event", vec![("remark", Value::from_bytes(text))])
}

fn batch(calls: &[Nested]) -> Nested {
	let calls = Value::unnamed_composite(calls.iter().map(Nested::value));
	Nested("Utility", "batch_all", vec![("calls", calls)])
}

async fn send(chain: &Chain, who: &str, calls: &[Nested]) -> Result<()> {
	for call in calls {
		chain.submit(&call.call(), &keys::signer(who)?, Wait::InBlock).await?;
	}
	Ok(())
}

/// `System.authorize_upgrade`.
fn authorize(code: &[u8]) -> Nested {
	let hash = Value::from_bytes(blake2_256(code));
	Nested("System", "authorize_upgrade", vec![("code_hash", hash)])
}

/// `System.apply_authorized_upgrade`.
pub fn apply(code: &[u8]) -> Nested {
	Nested("System", "apply_authorized_upgrade", vec![("code", Value::from_bytes(code))])
}

/// Everything that people do before they govern.
pub async fn people(chain: &Chain, operators: &[Operator]) -> Result<()> {
	try_join_all(operators.iter().map(|operator| operator.bond(chain))).await?;
	for operator in operators {
		operator.register(chain, Wait::InBlock).await?;
	}
	let pool = account("//Op1")?;
	let holder = async {
		add_client(chain).await?;
		for call in [calls::delegate(&pool, 1_000 * DTEL), calls::undelegate(&pool, 100 * DTEL)] {
			chain.submit(&call, &keys::signer("//App")?, Wait::InBlock).await?;
		}
		anyhow::Ok(())
	};
	let validator = async {
		let bond = calls::bond(60_000 * DTEL, calls::Commission::default());
		chain.submit(&bond, &keys::signer("//Alice")?, Wait::InBlock).await?;
		anyhow::Ok(())
	};
	let proxy = [Nested(
		"Proxy",
		"add_proxy",
		vec![
			("delegate", address("//Dave")?),
			("proxy_type", unit("Governance")),
			("delay", number(0u8)),
		],
	)];
	let mut others = [account("//Alice")?, account("//Bob")?];
	others.sort();
	let weight = [("ref_time", number(1_000_000_000u64)), ("proof_size", number(100_000u32))];
	let multisig = [Nested(
		"Multisig",
		"as_multi",
		vec![
			("threshold", number(2u8)),
			("other_signatories", Value::unnamed_composite(others.iter().map(Value::from_bytes))),
			("maybe_timepoint", unit("None")),
			("call", remark("agreed by two of three").value()),
			("max_weight", Value::named_composite(weight)),
		],
	)];
	let bounty = [Nested(
		"Bounties",
		"propose_bounty",
		vec![
			("value", number(500 * DTEL)),
			("description", Value::from_bytes("Find what this rehearsal does not.")),
		],
	)];
	let terms = [
		("start", number(0u8)),
		("cliff", number(1_000u32)),
		("end", number(10_000u32)),
		("at_start", number(1_000u32)),
		("period", number(1u8)),
	];
	let grant = [Nested(
		"Vesting",
		"vested_transfer",
		vec![
			("to", Value::from_bytes(account("//Ferdie")?)),
			("amount", number(5_000 * DTEL)),
			("terms", Value::named_composite(terms)),
			("revoker", unit("None")),
		],
	)];
	let remarks = [batch(&[remark("one"), remark("two")])];
	tokio::try_join!(
		holder,
		validator,
		send(chain, "//Bob", &proxy),
		send(chain, "//Charlie", &multisig),
		send(chain, "//Dave", &bounty),
		send(chain, "//Eve", &grant),
		send(chain, "//Ferdie", &remarks),
	)?;
	Ok(())
}

/// `Referenda.submit` of a call in full.
async fn submit(chain: &Chain, origin: Value, call: &Nested) -> Result<Nested> {
	let bytes = chain.encode(&call.call()).await?;
	Ok(submission(origin, variant("Inline", [Value::from_bytes(bytes)])))
}

fn submission(origin: Value, proposal: Value) -> Nested {
	let fields = vec![
		("proposal_origin", origin),
		("proposal", proposal),
		("enactment_moment", variant("After", [number(0u8)])),
	];
	Nested("Referenda", "submit", fields)
}

/// Notes the preimage of the upgrade, and submits that and what else there is to decide. Says when the airdrop opens.
pub async fn propose(chain: &Chain, code: &[u8], list: &List) -> Result<u32> {
	let root = || variant("system", [unit("Root")]);
	let origin = |name: &str| variant("Origins", [unit(name)]);
	let upgrade = chain.encode(&authorize(code).call()).await?;
	let lookup = Value::named_variant(
		"Lookup",
		[
			("hash", Value::from_bytes(blake2_256(&upgrade))),
			("len", number(u32::try_from(upgrade.len())?)),
		],
	);
	let least = variant("Some", [number(25 * DTEL)]);
	let parameter = variant("MinDelegation", [Value::unnamed_composite([]), least]);
	let set =
		Nested("Parameters", "set_parameter", vec![("key_value", variant("Staking", [parameter]))]);
	let spend = Nested(
		"Treasury",
		"spend",
		vec![
			("asset_kind", Value::unnamed_composite([])),
			("amount", number(SPEND)),
			("beneficiary", Value::from_bytes(account("//Ferdie")?)),
			("valid_from", unit("None")),
		],
	);
	let approve = Nested("Bounties", "approve_bounty", vec![("bounty_id", number(0u8))]);
	let name = [Value::from_bytes("Balances"), Value::from_bytes("burn")];
	let pause = Nested("TxPause", "pause", vec![("full_name", Value::unnamed_composite(name))]);
	let opens = chain.number(chain.best().await?).await?.saturating_add(NOTICE);
	let plan = list.plan(opens, opens.saturating_add(WINDOW));
	let airdrop = Nested("Claims", "create", vec![("plan", plan)]);
	let mut calls = vec![
		Nested("Preimage", "note_preimage", vec![("bytes", Value::from_bytes(&upgrade))]),
		submission(root(), lookup),
		submit(chain, origin("StakingAdmin"), &set).await?,
		submit(chain, origin("Tipper"), &spend).await?,
		submit(chain, origin("Tipper"), &approve).await?,
		submit(chain, origin("EmergencyAdmin"), &pause).await?,
		submit(chain, origin("Treasurer"), &airdrop).await?,
		// Nobody pays its decision: it is there, undecided, when the runtime changes.
		submit(chain, root(), &remark("undecided")).await?,
	];
	calls.extend(DECIDED.map(|index| {
		Nested("Referenda", "place_decision_deposit", vec![("index", number(index))])
	}));
	send(chain, "//Eve", &[batch(&calls)]).await?;
	Ok(opens)
}

fn aye(index: u32) -> Nested {
	let vote = Value::named_variant("Standard", [("vote", number(AYE)), ("balance", number(VOTE))]);
	Nested("ConvictionVoting", "vote", vec![("poll_index", number(index)), ("vote", vote)])
}

/// All vote for everything that can be decided; Bob lets Charlie vote for him on Root's track.
pub async fn vote(chain: &Chain) -> Result<()> {
	let delegate = Nested(
		"ConvictionVoting",
		"delegate",
		vec![
			("class", number(0u8)),
			("to", address("//Charlie")?),
			("conviction", unit("Locked1x")),
			("balance", number(VOTE)),
		],
	);
	let votes = VOTERS.map(|who| {
		let mut calls: Vec<_> = DECIDED.map(aye).collect();
		if let (true, Some(first)) = (who == "//Bob", calls.first_mut()) {
			*first = delegate.clone();
		}
		(who, [batch(&calls)])
	});
	try_join_all(votes.iter().map(|(who, calls)| send(chain, who, calls))).await?;
	Ok(())
}

/// Puts the chain into safe mode for a deposit: for twelve hours of governance.
pub async fn enter_safe_mode(chain: &Chain) -> Result<()> {
	send(chain, "//App", &[Nested("SafeMode", "enter", vec![])]).await
}

/// A motion of the technical committee that stays open, and a candidate for a validator's seat.
pub async fn committee_and_candidate(chain: &Chain) -> Result<()> {
	let whitelist =
		Nested("Whitelist", "whitelist_call", vec![("call_hash", Value::from_bytes([7; 32]))]);
	let motion = [Nested(
		"TechnicalCommittee",
		"propose",
		vec![
			("threshold", number(3u8)),
			("proposal", whitelist.value()),
			("length_bound", number(100u8)),
		],
	)];
	let candidate = async {
		chain.submit(&calls::validate(), &keys::signer("//Alice")?, Wait::InBlock).await?;
		anyhow::Ok(())
	};
	tokio::try_join!(send(chain, "//Bob", &motion), candidate)?;
	Ok(())
}

/// Claims what the treasury is to pay: a signed call by whoever wants it.
pub async fn payout(chain: &Chain) -> Result<bool> {
	let call = Nested("Treasury", "payout", vec![("index", number(0u8))]);
	let done = chain.submit(&call.call(), &keys::signer("//Ferdie")?, Wait::InBlock).await?;
	Ok(done.event("Treasury", "Paid").is_some())
}
