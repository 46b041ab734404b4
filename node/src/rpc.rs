//! The RPC methods beyond those that every Substrate node has.

use dtel_primitives::{AccountId, Balance, BlockNumber, Hash, Nonce, OpaqueBlock as Block};
use jsonrpsee::RpcModule;
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_blockchain::{Error as BlockChainError, HeaderBackend, HeaderMetadata};
use sp_consensus_babe::BabeApi;
use sp_keystore::KeystorePtr;
use std::sync::Arc;

/// What BABE's methods need.
pub struct BabeDeps {
	/// Answers about epochs.
	pub worker: BabeWorkerHandle<Block>,
	/// Knows which keys are ours.
	pub keystore: KeystorePtr,
}

/// What GRANDPA's methods need.
pub struct GrandpaDeps<B> {
	/// State of the running voter.
	pub voter_state: SharedVoterState,
	/// The authorities.
	pub authorities: SharedAuthoritySet<Hash, BlockNumber>,
	/// Where justifications arrive.
	pub justifications: GrandpaJustificationStream<Block>,
	/// Runs subscriptions.
	pub executor: SubscriptionTaskExecutor,
	/// Proves finality.
	pub prover: Arc<FinalityProofProvider<B, Block>>,
}

/// What all of them need.
pub struct FullDeps<C, P, SC, B> {
	/// The client.
	pub client: Arc<C>,
	/// The transaction pool.
	pub pool: Arc<P>,
	/// Which chain is best.
	pub select_chain: SC,
	/// For BABE.
	pub babe: BabeDeps,
	/// For GRANDPA.
	pub grandpa: GrandpaDeps<B>,
}

/// All methods in one module.
pub fn create<C, P, SC, B>(
	FullDeps { client, pool, select_chain, babe, grandpa }: FullDeps<C, P, SC, B>,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>>
where
	C: ProvideRuntimeApi<Block>
		+ HeaderBackend<Block>
		+ HeaderMetadata<Block, Error = BlockChainError>
		+ Send
		+ Sync
		+ 'static,
	C::Api: substrate_frame_rpc_system::AccountNonceApi<Block, AccountId, Nonce>
		+ pallet_transaction_payment_rpc::TransactionPaymentRuntimeApi<Block, Balance>
		+ BabeApi<Block>
		+ BlockBuilder<Block>,
	P: TransactionPool<Block = Block> + 'static,
	SC: sp_consensus::SelectChain<Block> + 'static,
	B: sc_client_api::Backend<Block> + Send + Sync + 'static,
{
	use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
	use sc_consensus_babe_rpc::{Babe, BabeApiServer};
	use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
	use substrate_frame_rpc_system::{System, SystemApiServer};

	let mut module = RpcModule::new(());
	module.merge(System::new(client.clone(), pool).into_rpc())?;
	module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
	module.merge(Babe::new(client, babe.worker, babe.keystore, select_chain).into_rpc())?;
	module.merge(
		Grandpa::new(
			grandpa.executor,
			grandpa.authorities,
			grandpa.voter_state,
			grandpa.justifications,
			grandpa.prover,
		)
		.into_rpc(),
	)?;
	Ok(module)
}
