//! Signs a call, submits it, waits, and says in words what went wrong.

use crate::{
	calls::Call,
	chain::{deadline, BlockHash, Chain, DtelConfig},
};
use anyhow::{anyhow, bail, Context, Result};
use std::time::Duration;
use subxt::{
	client::OnlineClientAtBlockImpl,
	config::DefaultExtrinsicParamsBuilder,
	error::{DispatchError, TransactionEventsError},
	extrinsics::ExtrinsicEvents,
	transactions::{TransactionProgress, TransactionStatus},
};
use subxt_signer::sr25519::Keypair;

type Progress = TransactionProgress<DtelConfig, OnlineClientAtBlockImpl<DtelConfig>>;

/// How long a call may take to get into a block and become final.
pub const INCLUSION_DEADLINE: Duration = Duration::from_secs(120);
/// For how many blocks a signature holds.
const MORTALITY: u64 = 64;

/// What a submission waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Wait {
	/// Until the call is in a best block.
	InBlock,
	/// Until that block is final.
	#[default]
	Finalized,
}

/// A call that succeeded.
pub struct Included {
	/// The block it is in.
	pub block: BlockHash,
	/// The hash of the extrinsic.
	pub extrinsic: BlockHash,
	/// What it did.
	pub events: ExtrinsicEvents<DtelConfig>,
}

impl Included {
	/// The fields of the first event `pallet.name`, as JSON-like values.
	pub fn event(&self, pallet: &str, name: &str) -> Option<subxt::dynamic::Value> {
		self.events.iter().flatten().find_map(|event| {
			let hit = event.pallet_name() == pallet && event.event_name() == name;
			hit.then(|| event.decode_fields_unchecked_as::<subxt::dynamic::Value>().ok()).flatten()
		})
	}
}

impl Chain {
	/// Signs `call` with `signer`, submits it and waits. An error is the chain's own, in words.
	pub async fn submit(&self, call: &Call, signer: &Keypair, wait: Wait) -> Result<Included> {
		let account = subxt::utils::AccountId32(signer.public_key().0);
		let nonce = deadline(self.rpc.system_account_next_index(&account)).await?;
		let params = DefaultExtrinsicParamsBuilder::new().nonce(nonce).mortal(MORTALITY).build();
		let mut transactions = deadline(self.client.transactions()).await?;
		let submitted =
			deadline(transactions.sign_and_submit_then_watch(call, signer, params)).await;
		let progress = submitted.with_context(|| format!("{} was refused", name_of(call)))?;
		included(progress, call, wait).await
	}

	/// Submits `call` without a signature, for calls that nobody has to sign, and waits.
	pub async fn submit_unsigned(&self, call: &Call, wait: Wait) -> Result<Included> {
		let transactions = deadline(self.client.transactions()).await?;
		let bare = transactions.create_unsigned(call)?;
		let progress = deadline(bare.submit_and_watch()).await;
		let progress = progress.with_context(|| format!("{} was refused", name_of(call)))?;
		included(progress, call, wait).await
	}

	/// A call in SCALE, as a proposal holds it.
	pub async fn encode(&self, call: &Call) -> Result<Vec<u8>> {
		Ok(deadline(self.client.transactions()).await?.call_data(call)?)
	}
}

/// Waits until a call that was submitted has been carried out.
async fn included(mut progress: Progress, call: &Call, wait: Wait) -> Result<Included> {
	let waiting = async {
		while let Some(status) = progress.next().await {
			match status? {
				TransactionStatus::InBestBlock(at) if wait == Wait::InBlock => return Ok(at),
				TransactionStatus::InFinalizedBlock(at) => return Ok(at),
				TransactionStatus::Error { message }
				| TransactionStatus::Invalid { message }
				| TransactionStatus::Dropped { message } => bail!("{message}"),
				_ => continue,
			}
		}
		bail!("the node ended the subscription")
	};
	let at = tokio::time::timeout(INCLUSION_DEADLINE, waiting)
		.await
		.map_err(|_| anyhow!("it was not included within {INCLUSION_DEADLINE:?}"))
		.and_then(|done| done)
		.with_context(|| format!("{} did not get into a block", name_of(call)))?;
	let events = tokio::time::timeout(INCLUSION_DEADLINE, at.wait_for_success())
		.await
		.map_err(|_| anyhow!("the node did not show its events"))?
		.map_err(|error| anyhow!("{}: {}", name_of(call), explain(error)))?;
	Ok(Included { block: at.block_hash(), extrinsic: at.extrinsic_hash(), events })
}

fn name_of(call: &Call) -> String {
	format!("{}.{}", call.pallet_name(), call.call_name())
}

/// A dispatch error in words: pallet, name, and what the pallet's documentation says of it.
fn explain(error: TransactionEventsError) -> String {
	let TransactionEventsError::ExtrinsicFailed(error) = error else { return error.to_string() };
	let DispatchError::Module(module) = &error else { return error.to_string() };
	match module.details() {
		Ok(details) => {
			let docs = details.variant.docs.join(" ");
			format!("{}.{}: {}", details.pallet.name(), details.variant.name, docs.trim())
		}
		Err(_) => error.to_string(),
	}
}
