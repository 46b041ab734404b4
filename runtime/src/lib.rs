//! # The dTelecom chain runtime
//!
//! Only wiring: which pallets there are, in which order, under which index. How each is configured
//! stands in [`configs`], what genesis decides in [`setup`] and [`genesis_presets`], what the client
//! may ask in `apis`.

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "512"]
// What the runtime macros make has no documentation of its own.
#![allow(missing_docs)]

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod emergency;
pub mod equivocations;
pub mod genesis_presets;
pub mod governance;
pub mod migrations;
pub mod room;
pub mod setup;
mod views;
pub mod weights;

use alloc::vec::Vec;
use sp_runtime::{generic, impl_opaque_keys, MultiAddress};
use sp_version::RuntimeVersion;

pub use dtel_primitives::{
	AccountId, Balance, BlockNumber, Hash, Header, Nonce, OpaqueBlock, Signature, DTEL,
};

impl_opaque_keys! {
	/// The keys of a validator.
	pub struct SessionKeys {
		/// Authors blocks.
		pub babe: Babe,
		/// Finalises them.
		pub grandpa: Grandpa,
	}
}

/// Name and versions of this runtime, whose `spec_version` this is: the attribute below reads it as a literal.
macro_rules! version {
	($spec_version:tt) => {
		/// Name and versions of this runtime.
		#[sp_version::runtime_version]
		pub const VERSION: RuntimeVersion = RuntimeVersion {
			spec_name: alloc::borrow::Cow::Borrowed("dtelecom"),
			impl_name: alloc::borrow::Cow::Borrowed("dtelecom"),
			authoring_version: 1,
			spec_version: $spec_version,
			impl_version: 1,
			apis: apis::RUNTIME_API_VERSIONS,
			transaction_version: 1,
			system_version: 1,
		};
	};
}

#[cfg(not(feature = "rehearsal"))]
version!(1);
// One more, in the build that upgrades are rehearsed with.
#[cfg(feature = "rehearsal")]
version!(2);

/// An address in an extrinsic.
pub type Address = MultiAddress<AccountId, ()>;
/// What wraps every transaction: authorisation without a fee, or signature, nonce and fee.
pub type TxExtension = (
	frame_system::AuthorizeCall<Runtime>,
	frame_system::CheckNonZeroSender<Runtime>,
	room::KeepRoom,
	frame_system::CheckSpecVersion<Runtime>,
	frame_system::CheckTxVersion<Runtime>,
	frame_system::CheckGenesis<Runtime>,
	frame_system::CheckEra<Runtime>,
	frame_system::CheckNonce<Runtime>,
	frame_system::CheckWeight<Runtime>,
	pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
	frame_system::WeightReclaim<Runtime>,
);
/// An extrinsic before its signature is checked.
pub type UncheckedExtrinsic =
	generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// A block of this runtime.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// What a signature of a transaction is made over.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;
/// Executes blocks.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

#[frame_support::runtime]
mod runtime {
	/// The dTelecom chain.
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	/// What genesis decided once: before everything that asks it.
	#[runtime::pallet_index(1)]
	pub type Setup = crate::setup;
	#[runtime::pallet_index(2)]
	pub type Timestamp = pallet_timestamp;

	// Consensus. Babe before Session, whose rotation it triggers.
	#[runtime::pallet_index(3)]
	pub type Babe = pallet_babe;
	#[runtime::pallet_index(4)]
	pub type Authorship = pallet_authorship;
	#[runtime::pallet_index(5)]
	pub type Offences = pallet_offences;
	#[runtime::pallet_index(6)]
	pub type Historical = pallet_session::historical;
	#[runtime::pallet_index(7)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(8)]
	pub type Grandpa = pallet_grandpa;
	/// From Babe and Grandpa through Offences to Penalties. After Session: it needs nothing of it at genesis.
	#[runtime::pallet_index(9)]
	pub type Equivocations = crate::equivocations;

	// Money.
	#[runtime::pallet_index(10)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(11)]
	pub type TransactionPayment = pallet_transaction_payment;

	// Accounts.
	#[runtime::pallet_index(20)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(21)]
	pub type Proxy = pallet_proxy;
	#[runtime::pallet_index(22)]
	pub type Multisig = pallet_multisig;

	// Proof of quality, in the order of the path: who, with what stake, what was measured, what is
	// paid, what is punished.
	#[runtime::pallet_index(40)]
	pub type Registry = pallet_dtel_registry;
	#[runtime::pallet_index(41)]
	pub type Staking = pallet_dtel_staking;
	#[runtime::pallet_index(42)]
	pub type Attestation = pallet_dtel_attestation;
	#[runtime::pallet_index(43)]
	pub type Rewards = pallet_dtel_rewards;
	#[runtime::pallet_index(44)]
	pub type Penalties = pallet_dtel_penalties;
	/// Who validates: asks Staking and Penalties, is asked by Session.
	#[runtime::pallet_index(45)]
	pub type Validators = pallet_dtel_validators;

	// What was given away: after Balances, whose tokens it freezes at genesis.
	#[runtime::pallet_index(46)]
	pub type Vesting = pallet_dtel_vesting;
	#[runtime::pallet_index(47)]
	pub type Claims = pallet_dtel_claims;

	// Governance: what is proposed, when it is enacted, how it is decided, under which origin.
	#[runtime::pallet_index(50)]
	pub type Preimage = pallet_preimage;
	#[runtime::pallet_index(51)]
	pub type Scheduler = pallet_scheduler;
	#[runtime::pallet_index(52)]
	pub type Referenda = pallet_referenda;
	#[runtime::pallet_index(53)]
	pub type ConvictionVoting = pallet_conviction_voting;
	#[runtime::pallet_index(54)]
	pub type Origins = governance::origins::pallet;
	#[runtime::pallet_index(55)]
	pub type Whitelist = pallet_whitelist;
	#[runtime::pallet_index(56)]
	pub type TechnicalCommittee = pallet_collective<Instance1>;
	#[runtime::pallet_index(57)]
	pub type Parameters = pallet_parameters;

	// The treasury.
	#[runtime::pallet_index(60)]
	pub type Treasury = pallet_treasury;
	#[runtime::pallet_index(61)]
	pub type Bounties = pallet_bounties;
	#[runtime::pallet_index(62)]
	pub type ChildBounties = pallet_child_bounties;

	// Emergencies.
	#[runtime::pallet_index(70)]
	pub type SafeMode = pallet_safe_mode;
	#[runtime::pallet_index(71)]
	pub type TxPause = pallet_tx_pause;
	#[runtime::pallet_index(72)]
	pub type Emergency = crate::emergency;
}
