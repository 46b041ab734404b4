//! # The dTelecom chain node
//!
//! Authors blocks with BABE, finalises them with GRANDPA, and runs the off-chain worker that carries the
//! reports of media daemons to the chain. `dtel-node --help` lists what it can do.

// The SDK's error is large; it is made once, at the end.
#![allow(clippy::result_large_err)]

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod service;
mod workers;

fn main() -> sc_cli::Result<()> {
	command::run()
}
