//! What the client, daemons and explorers may ask the runtime.

use crate::*;
use dtel_primitives::{
	api::{Duty, EraSummary, EraView, NodeEraView, Outcome, SampleView, VerifierView, MAX_PAGE},
	node::{ClientView, NearNodes, NodePage, NodeView},
	offence::{PenaltyId, PenaltyPage, PenaltyView},
	reward::{Apr, Expected, OperatorPay},
	stake::{PoolView, PositionView},
	validator::ValidatorsView,
	EraIndex, MediaKey, NodeId, NodeIndex,
};
use frame_support::{
	genesis_builder_helper::{build_state, get_preset},
	traits::{Get, KeyOwnerProofSystem},
	weights::Weight,
};
use sp_api::impl_runtime_apis;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_runtime::{
	traits::{Block as BlockT, NumberFor},
	transaction_validity::{TransactionSource, TransactionValidity},
	ApplyExtrinsicResult,
};

impl_runtime_apis! {
	impl sp_api::Core<Block> for Runtime {
		fn version() -> RuntimeVersion {
			VERSION
		}

		fn execute_block(block: <Block as BlockT>::LazyBlock) {
			Executive::execute_block(block)
		}

		fn initialize_block(header: &<Block as BlockT>::Header) -> sp_runtime::ExtrinsicInclusionMode {
			Executive::initialize_block(header)
		}
	}

	impl sp_api::Metadata<Block> for Runtime {
		fn metadata() -> OpaqueMetadata {
			OpaqueMetadata::new(Runtime::metadata().into())
		}

		fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
			Runtime::metadata_at_version(version)
		}

		fn metadata_versions() -> Vec<u32> {
			Runtime::metadata_versions()
		}
	}

	impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
		fn execute_view_function(
			id: frame_support::view_functions::ViewFunctionId,
			input: Vec<u8>,
		) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
			Runtime::execute_view_function(id, input)
		}
	}

	impl sp_block_builder::BlockBuilder<Block> for Runtime {
		fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
			Executive::apply_extrinsic(extrinsic)
		}

		fn finalize_block() -> <Block as BlockT>::Header {
			Executive::finalize_block()
		}

		fn inherent_extrinsics(data: sp_inherents::InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
			data.create_extrinsics()
		}

		fn check_inherents(
			block: <Block as BlockT>::LazyBlock,
			data: sp_inherents::InherentData,
		) -> sp_inherents::CheckInherentsResult {
			data.check_extrinsics(&block)
		}
	}

	impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
		fn validate_transaction(
			source: TransactionSource,
			tx: <Block as BlockT>::Extrinsic,
			block_hash: <Block as BlockT>::Hash,
		) -> TransactionValidity {
			Executive::validate_transaction(source, tx, block_hash)
		}
	}

	impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
		fn offchain_worker(header: &<Block as BlockT>::Header) {
			Executive::offchain_worker(header)
		}
	}

	impl sp_consensus_babe::BabeApi<Block> for Runtime {
		fn configuration() -> sp_consensus_babe::BabeConfiguration {
			let epoch = Babe::epoch_config()
				.unwrap_or(configs::consensus::BABE_GENESIS_EPOCH_CONFIG);
			sp_consensus_babe::BabeConfiguration {
				slot_duration: Babe::slot_duration(),
				epoch_length: setup::EpochSlots::<Runtime>::get(),
				c: epoch.c,
				authorities: Babe::authorities().to_vec(),
				randomness: Babe::randomness(),
				allowed_slots: epoch.allowed_slots,
			}
		}

		fn current_epoch_start() -> sp_consensus_babe::Slot {
			Babe::current_epoch_start()
		}

		fn current_epoch() -> sp_consensus_babe::Epoch {
			Babe::current_epoch()
		}

		fn next_epoch() -> sp_consensus_babe::Epoch {
			Babe::next_epoch()
		}

		fn generate_key_ownership_proof(
			_slot: sp_consensus_babe::Slot,
			authority_id: sp_consensus_babe::AuthorityId,
		) -> Option<sp_consensus_babe::OpaqueKeyOwnershipProof> {
			use codec::Encode;
			configs::consensus::SeatProofs::prove((sp_consensus_babe::KEY_TYPE, authority_id))
				.map(|p| p.encode())
				.map(sp_consensus_babe::OpaqueKeyOwnershipProof::new)
		}

		fn submit_report_equivocation_unsigned_extrinsic(
			equivocation_proof: sp_consensus_babe::EquivocationProof<<Block as BlockT>::Header>,
			key_owner_proof: sp_consensus_babe::OpaqueKeyOwnershipProof,
		) -> Option<()> {
			Babe::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof.decode()?)
		}
	}

	impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
		fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
			Grandpa::grandpa_authorities()
		}

		fn current_set_id() -> sp_consensus_grandpa::SetId {
			pallet_grandpa::CurrentSetId::<Runtime>::get()
		}

		fn submit_report_equivocation_unsigned_extrinsic(
			equivocation_proof: sp_consensus_grandpa::EquivocationProof<
				<Block as BlockT>::Hash,
				NumberFor<Block>,
			>,
			key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
		) -> Option<()> {
			Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof.decode()?)
		}

		fn generate_key_ownership_proof(
			_set_id: sp_consensus_grandpa::SetId,
			authority_id: sp_consensus_grandpa::AuthorityId,
		) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
			use codec::Encode;
			configs::consensus::SeatProofs::prove((sp_consensus_grandpa::KEY_TYPE, authority_id))
				.map(|p| p.encode())
				.map(sp_consensus_grandpa::OpaqueKeyOwnershipProof::new)
		}
	}

	impl sp_session::SessionKeys<Block> for Runtime {
		fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> sp_session::OpaqueGeneratedSessionKeys {
			SessionKeys::generate(&owner, seed).into()
		}

		fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
			SessionKeys::decode_into_raw_public_keys(&encoded)
		}
	}

	impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
		fn account_nonce(account: AccountId) -> Nonce {
			System::account_nonce(account)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
		fn query_info(
			uxt: <Block as BlockT>::Extrinsic,
			len: u32,
		) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_info(uxt, len)
		}

		fn query_fee_details(
			uxt: <Block as BlockT>::Extrinsic,
			len: u32,
		) -> pallet_transaction_payment::FeeDetails<Balance> {
			TransactionPayment::query_fee_details(uxt, len)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl dtel_primitives::api::DtelApi<Block> for Runtime {
		fn era() -> EraView {
			views::era()
		}

		fn node(node: NodeId) -> Option<NodeView> {
			views::node(node)
		}

		fn node_by_media(media: MediaKey) -> Option<NodeView> {
			views::node_by_media(media)
		}

		fn nodes(start: NodeId, limit: u32) -> Vec<NodeView> {
			views::nodes(start, limit)
		}

		fn active_nodes(start: NodeId, limit: u32) -> NodePage {
			views::active_nodes(start, limit)
		}

		fn nodes_near(lat: i16, lon: i16, limit: u32) -> NearNodes {
			views::nodes_near(lat, lon, limit)
		}

		fn duty(verifier: NodeId) -> Option<Duty> {
			views::duty(verifier)
		}

		fn verifier(node: NodeId, era: EraIndex) -> Option<VerifierView> {
			views::verifier(node, era)
		}

		fn outcomes(node: NodeId, before: EraIndex, limit: u32) -> Vec<(EraIndex, Outcome)> {
			Attestation::outcomes(node, before, limit.min(MAX_PAGE))
		}

		fn evidence(node: NodeId) -> Vec<SampleView> {
			views::evidence(node)
		}

		fn probe_megabytes() -> u32 {
			governance::parameters::ProbeMegabytes::get()
		}

		fn client(key: MediaKey) -> Option<ClientView> {
			views::client(key)
		}

		fn is_client_valid(key: MediaKey) -> bool {
			views::is_client_valid(key)
		}

		fn era_summary(era: EraIndex) -> Option<EraSummary> {
			views::era_summary(era)
		}

		fn pool(operator: AccountId) -> Option<PoolView> {
			Staking::pool(operator)
		}

		fn position(holder: AccountId, operator: AccountId) -> Option<PositionView<AccountId>> {
			Staking::position(holder, operator)
		}

		fn positions(holder: AccountId) -> Vec<(AccountId, PositionView<AccountId>)> {
			Staking::positions(holder)
		}

		fn earnings(operator: AccountId, start: EraIndex, limit: u32) -> Vec<OperatorPay> {
			views::earnings(operator, start, limit)
		}

		fn expected(operator: AccountId) -> Option<Expected> {
			views::expected(operator)
		}

		fn expected_by(holder: AccountId, operator: AccountId) -> Option<Expected> {
			views::expected_by(holder, operator)
		}

		fn apr(operator: AccountId) -> Option<Apr> {
			views::apr(operator)
		}

		fn validators() -> ValidatorsView<AccountId> {
			views::validators()
		}

		fn penalty(penalty: PenaltyId) -> Option<PenaltyView> {
			views::penalty(penalty)
		}

		fn open_penalties(after: Option<PenaltyId>, limit: u32) -> PenaltyPage {
			views::open_penalties(after, limit)
		}

		fn penalties_of_owner(owner: AccountId, after: Option<PenaltyId>, limit: u32) -> PenaltyPage {
			views::penalties_of_owner(owner, after, limit)
		}

		fn penalties_of_node(node: NodeId, limit: u32) -> Vec<PenaltyView> {
			views::penalties_of_node(node, limit)
		}

		fn era_nodes(era: EraIndex, start: NodeIndex, limit: u32) -> Vec<NodeEraView> {
			views::era_nodes(era, start, limit)
		}
	}

	impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
		fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
			build_state::<RuntimeGenesisConfig>(config)
		}

		fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
			get_preset::<RuntimeGenesisConfig>(id, genesis_presets::get_preset)
		}

		fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
			genesis_presets::preset_names()
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	impl frame_benchmarking::Benchmark<Block> for Runtime {
		fn benchmark_metadata(extra: bool) -> (
			Vec<frame_benchmarking::BenchmarkList>,
			Vec<frame_support::traits::StorageInfo>,
		) {
			benchmarks::metadata(extra)
		}

		fn dispatch_benchmark(
			config: frame_benchmarking::BenchmarkConfig,
		) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
			benchmarks::dispatch(config)
		}
	}

	#[cfg(feature = "try-runtime")]
	impl frame_try_runtime::TryRuntime<Block> for Runtime {
		fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
			// A failed check must stop the dry run.
			let weight = Executive::try_runtime_upgrade(checks).expect("checks of the upgrade; qed");
			(weight, configs::system::BlockWeights::get().max_block)
		}

		fn execute_block(
			block: <Block as BlockT>::LazyBlock,
			state_root_check: bool,
			signature_check: bool,
			select: frame_try_runtime::TryStateSelect,
		) -> Weight {
			Executive::try_execute_block(block, state_root_check, signature_check, select)
				.expect("the block executes; qed")
		}
	}
}
