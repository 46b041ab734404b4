//! The operator's media daemon.

use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::{fmt, EnvFilter};

fn main() -> ExitCode {
	let filter = EnvFilter::try_from_default_env()
		.unwrap_or_else(|_| EnvFilter::new("info,str0m=warn,jsonrpsee=warn,subxt=warn"));
	fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
	match dtel_worker::cli::Cli::parse().run() {
		Ok(code) => code,
		Err(error) => {
			eprintln!("error: {error:#}");
			ExitCode::FAILURE
		}
	}
}
