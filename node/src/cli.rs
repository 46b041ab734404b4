//! The command line.

use crate::workers::WorkerUrl;
use sc_cli::RunCmd;

/// The dTelecom chain node.
#[derive(Debug, clap::Parser)]
pub struct Cli {
	/// What to do; without a subcommand the node runs.
	#[command(subcommand)]
	pub subcommand: Option<Subcommand>,

	#[clap(flatten)]
	pub run: RunCmd,

	/// Loopback HTTP address of a media daemon whose reports this node's off-chain worker submits,
	/// such as http://127.0.0.1:7881. Repeat it for more daemons. Hosts other than loopback are refused.
	#[arg(long = "worker-url", value_name = "URL", value_parser = WorkerUrl::parse)]
	pub worker_urls: Vec<WorkerUrl>,
}

/// Everything else than running.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant)]
pub enum Subcommand {
	/// Make, inspect and insert keys.
	#[command(subcommand)]
	Key(sc_cli::KeySubcommand),

	/// Write the chain specification of a preset.
	ExportChainSpec(sc_cli::ExportChainSpecCmd),

	/// Validate blocks.
	CheckBlock(sc_cli::CheckBlockCmd),

	/// Export blocks.
	ExportBlocks(sc_cli::ExportBlocksCmd),

	/// Export the state of a given block into a chain spec.
	ExportState(sc_cli::ExportStateCmd),

	/// Import blocks.
	ImportBlocks(sc_cli::ImportBlocksCmd),

	/// Remove the whole chain.
	PurgeChain(sc_cli::PurgeChainCmd),

	/// Revert the chain to a previous state.
	Revert(sc_cli::RevertCmd),

	/// Measure the weights of pallets: `benchmark pallet --runtime <wasm built with runtime-benchmarks>`.
	#[command(subcommand)]
	Benchmark(frame_benchmarking_cli::BenchmarkCmd),

	/// What the database holds.
	ChainInfo(sc_cli::ChainInfoCmd),
}
