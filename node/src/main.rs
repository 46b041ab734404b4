//! # The dTelecom chain node
//!
//! Authors blocks with BABE, finalises them with GRANDPA, and runs the off-chain worker that carries the
//! reports of media daemons to the chain. `dtel-node --help` lists what it can do.

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod service;
mod workers;

fn main() -> sc_cli::Result<()> {
	command::run()
}
