//! What each subcommand does.

use crate::{
	chain_spec,
	cli::{Cli, Subcommand},
	service::{self, FullClient},
	workers::MAX_WORKERS,
};
use dtel_primitives::OpaqueBlock as Block;
use frame_benchmarking_cli::BenchmarkCmd;
use sc_cli::{OffchainWorkerEnabled, SubstrateCli};
use sc_service::PartialComponents;
use sp_runtime::traits::HashingFor;
use std::sync::Arc;

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		"dTelecom Node".into()
	}

	fn impl_version() -> String {
		env!("SUBSTRATE_CLI_IMPL_VERSION").into()
	}

	fn description() -> String {
		env!("CARGO_PKG_DESCRIPTION").into()
	}

	fn author() -> String {
		env!("CARGO_PKG_AUTHORS").into()
	}

	fn support_url() -> String {
		concat!(env!("CARGO_PKG_REPOSITORY"), "/issues").into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
		chain_spec::load(id)
	}
}

/// Runs what the command line asks for.
pub fn run() -> sc_cli::Result<()> {
	let cli = Cli::from_args();
	match &cli.subcommand {
		Some(Subcommand::Key(cmd)) => cmd.run(&cli),
		Some(Subcommand::ExportChainSpec(cmd)) => cmd.run(cli.load_spec(&cmd.chain)?),
		Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, import_queue, .. } =
				service::partial(&config)?;
			Ok((cmd.run(client, import_queue), task_manager))
		}),
		Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, .. } = service::partial(&config)?;
			Ok((cmd.run(client, config.database), task_manager))
		}),
		Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, .. } = service::partial(&config)?;
			Ok((cmd.run(client, config.chain_spec), task_manager))
		}),
		Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, import_queue, .. } =
				service::partial(&config)?;
			Ok((cmd.run(client, import_queue), task_manager))
		}),
		Some(Subcommand::PurgeChain(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.database))
		}
		Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, backend, .. } =
				service::partial(&config)?;
			let revert = Box::new(|client: Arc<FullClient>, backend, blocks| {
				sc_consensus_babe::revert(client.clone(), backend, blocks)?;
				sc_consensus_grandpa::revert(client, blocks)?;
				Ok(())
			});
			Ok((cmd.run(client, backend, Some(revert)), task_manager))
		}),
		Some(Subcommand::ChainInfo(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run::<Block>(&config))
		}
		Some(Subcommand::Benchmark(BenchmarkCmd::Pallet(cmd))) => {
			let runner = cli.create_runner(cmd)?;
			runner.sync_run(|config| {
				cmd.run_with_spec::<HashingFor<Block>, ()>(Some(config.chain_spec))
			})
		}
		Some(Subcommand::Benchmark(BenchmarkCmd::Machine(cmd))) => {
			let runner = cli.create_runner(cmd)?;
			runner.sync_run(|config| {
				cmd.run(&config, frame_benchmarking_cli::SUBSTRATE_REFERENCE_HARDWARE.clone())
			})
		}
		Some(Subcommand::Benchmark(_)) => {
			Err("only `benchmark pallet` and `benchmark machine` are built into this node".into())
		}
		None => {
			if cli.worker_urls.len() > MAX_WORKERS {
				return Err(format!("more than {MAX_WORKERS} --worker-url").into());
			}
			let offchain_worker = &cli.run.offchain_worker_params.enabled;
			let never = matches!(offchain_worker, OffchainWorkerEnabled::Never);
			if never && !cli.worker_urls.is_empty() {
				return Err(
					"--worker-url needs the off-chain worker: remove --offchain-worker never"
						.into(),
				);
			}
			let runner = cli.create_runner(&cli.run)?;
			let workers = cli.worker_urls.clone();
			runner.run_node_until_exit(|mut config| async move {
				// By default only validators run it; whoever has a daemon must.
				config.offchain_worker.enabled |= !workers.is_empty();
				service::full(config, &workers).map_err(sc_cli::Error::Service)
			})
		}
	}
}
