//! The end-to-end runs, as a program: see `dtel-run --help`.

use clap::Parser;
use dtel_tests::run::{main, Args};
use std::process::ExitCode;

fn main_runtime() -> std::io::Result<tokio::runtime::Runtime> {
	tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

fn main() -> ExitCode {
	let args = Args::parse();
	match main_runtime() {
		Ok(runtime) => runtime.block_on(self::main::entry(args)),
		Err(error) => {
			eprintln!("error: {error}");
			ExitCode::FAILURE
		}
	}
}
