//! Weights of the SDK's pallets as this runtime configures them, made by `scripts/weights.sh stock`.
//!
//! Session's calls have benchmarks of our own (`benchmarks/session.rs`), for the SDK's need its pallet Staking. What a report of an equivocation
//! costs is measured in pallet Validators.

pub mod frame_system;
pub mod frame_system_extensions;
pub mod pallet_balances;
pub mod pallet_bounties;
pub mod pallet_child_bounties;
pub mod pallet_collective;
pub mod pallet_conviction_voting;
pub mod pallet_multisig;
pub mod pallet_parameters;
pub mod pallet_preimage;
pub mod pallet_proxy;
pub mod pallet_referenda;
pub mod pallet_safe_mode;
pub mod pallet_scheduler;
pub mod pallet_session;
pub mod pallet_timestamp;
pub mod pallet_transaction_payment;
pub mod pallet_treasury;
pub mod pallet_tx_pause;
pub mod pallet_utility;
pub mod pallet_whitelist;
