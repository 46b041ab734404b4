//! # End to end, with real processes
//!
//! What `scripts/run.sh` and `scripts/test.sh` start: a chain node, media daemons, an impaired path,
//! operators who register and bond with real extrinsics, calls through the daemons — and a judgement
//! on what the chain says in the end, read by RPC.
//!
//! | module | what it owns |
//! |---|---|
//! | [`netem`] | a UDP relay that loses and delays datagrams, reproducibly |
//! | [`run`] | processes, operators, calls, following the chain, checks, the table |
//!
//! Scenarios over the real runtime in externalities, without processes, are this crate's integration tests; one of
//! them, `rpc_safe`, starts a node and asks it for what its RPC must refuse.

#![deny(missing_docs)]

pub mod netem;
pub mod run;
