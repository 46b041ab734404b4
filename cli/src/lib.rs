//! # The chain, seen from a client
//!
//! Everything that the command line, the end-to-end runs and other tools need to talk to a dTelecom
//! chain: a connection, typed answers of the runtime API [`dtel_primitives::api::DtelApi`], signed
//! calls with readable errors, exact amounts and tables.
//!
//! | module | what it owns |
//! |---|---|
//! | [`airdrop`] | lists, trees and tickets of airdrops |
//! | [`amount`] | decimal DTEL ↔ planck, exactly |
//! | [`chain`] | connection, runtime API, blocks, balances |
//! | [`submit`] | sign, submit, wait, explain |
//! | [`calls`] | the calls of our pallets, by name and field |
//! | [`keys`] | secret URIs and public keys in the notations people use |
//! | [`table`] | how figures are shown |
//! | [`value`] | how dynamic values are shown |
//! | [`commands`] | the sub-commands of `dtel` |
//!
//! Calls are built from the metadata that the node serves, so that one binary works with every
//! runtime that has them.

#![deny(missing_docs)]
#![cfg_attr(
	not(test),
	deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod airdrop;
pub mod amount;
pub mod calls;
pub mod chain;
pub mod commands;
pub mod keys;
pub mod state;
pub mod submit;
pub mod table;
pub mod value;

pub use amount::{parse_dtel, Dtel};
pub use chain::Chain;
pub use submit::{Included, Wait};
