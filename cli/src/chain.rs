//! A connection to a node, and typed questions to it.

use anyhow::{bail, Context, Result};
use codec::{Decode, Encode};
use dtel_primitives::{
	api::{EraSummary, EraView, NodeEraView, Outcome, SampleView, VerifierView, MAX_PAGE},
	node::{ClientView, NearNodes, NodePage, NodeView},
	offence::{PenaltyId, PenaltyPage, PenaltyView},
	reward::{Apr, Expected, OperatorPay},
	stake::{PoolView, PositionView},
	validator::ValidatorsView,
	AccountId, Balance, EraIndex, MediaKey, NodeId,
};
use std::{sync::Arc, time::Duration};
use subxt::{
	backend::LegacyBackend,
	client::{Blocks, OnlineClient},
	config::{substrate::SubstrateConfig, RpcConfigFor},
	rpcs::{methods::LegacyRpcMethods, RpcClient},
};

/// Accounts, addresses and headers as on any Substrate chain with `AccountId32`.
pub type DtelConfig = SubstrateConfig;
/// A block hash.
pub type BlockHash = subxt::config::HashFor<DtelConfig>;

/// Arguments that are SCALE already.
struct Encoded(Vec<u8>);

impl Encode for Encoded {
	fn encode_to<T: codec::Output + ?Sized>(&self, to: &mut T) {
		to.write(&self.0)
	}
}

/// How long a connection, a question or a subscription's first answer may take.
pub const RPC_DEADLINE: Duration = Duration::from_secs(20);

/// Free and held balance of an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
pub struct AccountBalance {
	/// What it may spend.
	pub free: Balance,
	/// What is held, its bond among it.
	pub reserved: Balance,
	/// What is frozen.
	pub frozen: Balance,
}

/// The fields of `System.Account` before the balance, and the balance.
#[derive(Decode)]
struct AccountInfo {
	_nonce: u32,
	_references: (u32, u32, u32),
	data: AccountBalance,
}

/// A connection to a node.
#[derive(Clone)]
pub struct Chain {
	url: String,
	pub(crate) client: OnlineClient<DtelConfig>,
	pub(crate) rpc: LegacyRpcMethods<RpcConfigFor<DtelConfig>>,
}

impl Chain {
	/// Connects to `url`, a WebSocket address such as `ws://127.0.0.1:9944`.
	pub async fn connect(url: &str) -> Result<Self> {
		let connected = tokio::time::timeout(RPC_DEADLINE, async {
			let rpc = RpcClient::from_insecure_url(url).await?;
			let backend = LegacyBackend::<DtelConfig>::builder().build(rpc.clone());
			let client = OnlineClient::from_backend(Arc::new(backend)).await?;
			anyhow::Ok((client, LegacyRpcMethods::new(rpc)))
		});
		let (client, rpc) = connected
			.await
			.map_err(|_| anyhow::anyhow!("no answer within {RPC_DEADLINE:?}"))
			.and_then(|done| done)
			.with_context(|| format!("cannot reach a node at {url}"))?;
		Ok(Self { url: url.to_owned(), client, rpc })
	}

	/// Where the node is.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// The chain's genesis hash.
	pub fn genesis(&self) -> [u8; 32] {
		self.client.genesis_hash().0
	}

	/// Hash of the last final block.
	pub async fn finalized(&self) -> Result<BlockHash> {
		deadline(self.rpc.chain_get_finalized_head()).await
	}

	/// Hash of the best block.
	pub async fn best(&self) -> Result<BlockHash> {
		deadline(self.rpc.chain_get_block_hash(None)).await?.context("the node has no best block")
	}

	/// The number of a block.
	pub async fn number(&self, at: BlockHash) -> Result<u32> {
		let header = deadline(self.rpc.chain_get_header(Some(at))).await?;
		let header = header.context("the node does not know this block")?;
		u32::try_from(header.number).context("block number out of range")
	}

	/// New best blocks from now on.
	pub async fn best_blocks(&self) -> Result<Blocks<DtelConfig>> {
		deadline(self.client.stream_best_blocks()).await
	}

	/// New final blocks from now on, without gaps.
	pub async fn finalized_blocks(&self) -> Result<Blocks<DtelConfig>> {
		deadline(self.client.stream_blocks()).await
	}

	/// Asks the runtime at `at`, or at the last final block: `method` of `DtelApi` with SCALE arguments.
	pub async fn ask<T: Decode>(
		&self,
		method: &str,
		arguments: impl Encode,
		at: Option<BlockHash>,
	) -> Result<T> {
		let at = match at {
			Some(at) => at,
			None => self.finalized().await?,
		};
		let function = format!("DtelApi_{method}");
		let input = arguments.encode();
		let answer = deadline(self.rpc.state_call(&function, Some(&input), Some(at)))
			.await
			.with_context(|| format!("the runtime did not answer {function}"))?;
		let mut bytes = answer.as_slice();
		let value = T::decode(&mut bytes).with_context(|| {
			format!("the answer of {function} has another shape than this program knows")
		})?;
		if !bytes.is_empty() {
			bail!("the answer of {function} is longer than this program knows");
		}
		Ok(value)
	}

	/// Era, phase and progress.
	pub async fn era(&self, at: Option<BlockHash>) -> Result<EraView> {
		self.ask("era", (), at).await
	}

	/// A node.
	pub async fn node(&self, node: NodeId, at: Option<BlockHash>) -> Result<Option<NodeView>> {
		self.ask("node", node, at).await
	}

	/// The node whose daemon holds `media`.
	pub async fn node_by_media(
		&self,
		media: MediaKey,
		at: Option<BlockHash>,
	) -> Result<Option<NodeView>> {
		self.ask("node_by_media", media, at).await
	}

	/// Every node to send calls to, by rising identifier: it takes them, is not jailed, and its operator has the stake
	/// for it.
	pub async fn active_nodes(&self, at: Option<BlockHash>) -> Result<Vec<NodeView>> {
		let at = self.at(at).await?;
		let (mut all, mut next) = (Vec::new(), Some(0));
		while let Some(start) = next {
			let page: NodePage = self.ask("active_nodes", (start, MAX_PAGE), Some(at)).await?;
			all.extend(page.nodes);
			next = page.next.filter(|next| *next > start);
		}
		Ok(all)
	}

	/// Every node, by rising identifier.
	pub async fn nodes(&self, at: Option<BlockHash>) -> Result<Vec<NodeView>> {
		let at = self.at(at).await?;
		let mut all: Vec<NodeView> = Vec::new();
		loop {
			let start = match all.last() {
				Some(last) => last.id.saturating_add(1),
				None => 0,
			};
			let page: Vec<NodeView> = self.ask("nodes", (start, MAX_PAGE), Some(at)).await?;
			let progress = page.first().is_some_and(|first| first.id >= start);
			all.extend(page);
			if !progress {
				return Ok(all);
			}
		}
	}

	/// The nodes nearest to a place in tenths of a degree, of those that [`Self::active_nodes`] lists.
	pub async fn nodes_near(
		&self,
		lat: i16,
		lon: i16,
		limit: u32,
		at: Option<BlockHash>,
	) -> Result<NearNodes> {
		self.ask("nodes_near", (lat, lon, limit), at).await
	}

	/// An API key.
	pub async fn client_key(
		&self,
		key: [u8; 32],
		at: Option<BlockHash>,
	) -> Result<Option<ClientView>> {
		self.ask("client", key, at).await
	}

	/// An operator's pool.
	pub async fn pool(
		&self,
		operator: &AccountId,
		at: Option<BlockHash>,
	) -> Result<Option<PoolView>> {
		self.ask("pool", operator, at).await
	}

	/// What an operator did in open eras from `first` on, rising, and what became of its pay.
	pub async fn earnings(
		&self,
		operator: &AccountId,
		first: EraIndex,
		at: Option<BlockHash>,
	) -> Result<Vec<OperatorPay>> {
		let at = self.at(at).await?;
		let (mut all, mut start) = (Vec::new(), first);
		loop {
			let arguments = (operator, start, MAX_PAGE);
			let page: Vec<OperatorPay> = self.ask("earnings", arguments, Some(at)).await?;
			match page.last().and_then(|last| last.era.checked_add(1)) {
				Some(next) if next > start => start = next,
				_ => return Ok(all),
			}
			all.extend(page);
		}
	}

	/// What an operator and its delegators are to expect of the running era.
	pub async fn expected(
		&self,
		operator: &AccountId,
		at: Option<BlockHash>,
	) -> Result<Option<Expected>> {
		self.ask("expected", operator, at).await
	}

	/// What a holder is to expect of that.
	pub async fn expected_by(
		&self,
		holder: &AccountId,
		operator: &AccountId,
		at: Option<BlockHash>,
	) -> Result<Option<Expected>> {
		self.ask("expected_by", (holder, operator), at).await
	}

	/// What stake with an operator brought its delegators lately, as a yearly rate.
	pub async fn apr(&self, operator: &AccountId, at: Option<BlockHash>) -> Result<Option<Apr>> {
		self.ask("apr", operator, at).await
	}

	/// What a holder has with an operator.
	pub async fn position(
		&self,
		holder: &AccountId,
		operator: &AccountId,
		at: Option<BlockHash>,
	) -> Result<Option<PositionView<AccountId>>> {
		self.ask("position", (holder, operator), at).await
	}

	/// All that a holder has, by operator.
	pub async fn positions(
		&self,
		holder: &AccountId,
		at: Option<BlockHash>,
	) -> Result<Vec<(AccountId, PositionView<AccountId>)>> {
		self.ask("positions", holder, at).await
	}

	/// Who validates and who wants to.
	pub async fn validators(&self, at: Option<BlockHash>) -> Result<ValidatorsView<AccountId>> {
		self.ask("validators", (), at).await
	}

	/// A penalty.
	pub async fn penalty(
		&self,
		penalty: PenaltyId,
		at: Option<BlockHash>,
	) -> Result<Option<PenaltyView>> {
		self.ask("penalty", penalty, at).await
	}

	/// Every penalty that is neither executed nor cancelled.
	pub async fn open_penalties(&self, at: Option<BlockHash>) -> Result<Vec<PenaltyView>> {
		self.penalty_pages("open_penalties", &[], at).await
	}

	/// The penalties of an operator, decided ones included.
	pub async fn penalties_of_owner(
		&self,
		owner: AccountId,
		at: Option<BlockHash>,
	) -> Result<Vec<PenaltyView>> {
		self.penalty_pages("penalties_of_owner", owner.as_ref(), at).await
	}

	/// The newest penalties of a node, decided ones included.
	pub async fn penalties_of_node(
		&self,
		node: NodeId,
		at: Option<BlockHash>,
	) -> Result<Vec<PenaltyView>> {
		self.ask("penalties_of_node", (node, MAX_PAGE), at).await
	}

	/// All pages of a question whose first argument is encoded already.
	async fn penalty_pages(
		&self,
		method: &str,
		first: &[u8],
		at: Option<BlockHash>,
	) -> Result<Vec<PenaltyView>> {
		let at = self.at(at).await?;
		let (mut all, mut after) = (Vec::new(), None::<PenaltyId>);
		loop {
			let arguments = Encoded([first, &(after, MAX_PAGE).encode()].concat());
			let page: PenaltyPage = self.ask(method, arguments, Some(at)).await?;
			all.extend(page.penalties);
			match page.next {
				Some(next) if after.is_none_or(|after| next > after) => after = Some(next),
				_ => return Ok(all),
			}
		}
	}

	/// An era as a whole.
	pub async fn era_summary(
		&self,
		era: EraIndex,
		at: Option<BlockHash>,
	) -> Result<Option<EraSummary>> {
		self.ask("era_summary", era, at).await
	}

	/// Every member of an era, by dense index.
	pub async fn era_nodes(
		&self,
		era: EraIndex,
		at: Option<BlockHash>,
	) -> Result<Vec<NodeEraView>> {
		let at = self.at(at).await?;
		let mut all: Vec<NodeEraView> = Vec::new();
		loop {
			let start = u32::try_from(all.len()).context("too many members")?;
			let page: Vec<NodeEraView> =
				self.ask("era_nodes", (era, start, MAX_PAGE), Some(at)).await?;
			if page.is_empty() {
				return Ok(all);
			}
			all.extend(page);
		}
	}

	/// What became known of a node in its last eras, the newest first.
	pub async fn outcomes(
		&self,
		node: NodeId,
		limit: u32,
		at: Option<BlockHash>,
	) -> Result<Vec<(EraIndex, Outcome)>> {
		self.ask("outcomes", (node, EraIndex::MAX, limit), at).await
	}

	/// The measurements from which a node's newest figures are taken.
	pub async fn evidence(&self, node: NodeId, at: Option<BlockHash>) -> Result<Vec<SampleView>> {
		self.ask("evidence", node, at).await
	}

	/// What a node had to do as a verifier in an era, and did.
	pub async fn verifier(
		&self,
		node: NodeId,
		era: EraIndex,
		at: Option<BlockHash>,
	) -> Result<Option<VerifierView>> {
		self.ask("verifier", (node, era), at).await
	}

	/// All DTEL that exist.
	pub async fn total_issuance(&self, at: Option<BlockHash>) -> Result<Balance> {
		Ok(self.storage("Balances", "TotalIssuance", None, at).await?.unwrap_or(0))
	}

	/// The balance of an account.
	pub async fn balance(
		&self,
		account: &AccountId,
		at: Option<BlockHash>,
	) -> Result<AccountBalance> {
		let key: [u8; 32] = account.clone().into();
		let info: Option<AccountInfo> = self.storage("System", "Account", Some(key), at).await?;
		Ok(info.map(|info| info.data).unwrap_or_default())
	}

	/// A storage value, or the value of an account in a map with one key.
	pub async fn storage<T: Decode>(
		&self,
		pallet: &str,
		entry: &str,
		account: Option<[u8; 32]>,
		at: Option<BlockHash>,
	) -> Result<Option<T>> {
		use subxt::dynamic::{storage, Value};
		let at = self.at(at).await?;
		let at = deadline(self.client.at_block(at)).await?;
		let bytes = match account {
			None => {
				let address = storage::<(), Value>(pallet, entry);
				deadline(at.storage().try_fetch(address, ())).await?.map(|v| v.into_bytes())
			}
			Some(key) => {
				let address = storage::<([u8; 32],), Value>(pallet, entry);
				deadline(at.storage().try_fetch(address, (key,))).await?.map(|v| v.into_bytes())
			}
		};
		bytes
			.map(|bytes| T::decode(&mut bytes.as_slice()))
			.transpose()
			.with_context(|| format!("{pallet}.{entry} has another shape than this program knows"))
	}

	async fn at(&self, at: Option<BlockHash>) -> Result<BlockHash> {
		match at {
			Some(at) => Ok(at),
			None => self.finalized().await,
		}
	}
}

/// Waits for a request, but not for ever.
pub(crate) async fn deadline<T, E>(
	request: impl std::future::Future<Output = Result<T, E>>,
) -> Result<T>
where
	E: std::error::Error + Send + Sync + 'static,
{
	match tokio::time::timeout(RPC_DEADLINE, request).await {
		Ok(result) => Ok(result?),
		Err(_) => bail!("the node did not answer within {RPC_DEADLINE:?}"),
	}
}
