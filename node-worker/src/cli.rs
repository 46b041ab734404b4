//! The command line.

use crate::{
	bench,
	bot::Bots,
	chain::{ChainView, FixedChain, Follower},
	config::{Config, Overrides},
	daemon::Daemon,
	keys, token,
};
use anyhow::{ensure, Context, Result};
use clap::{Args, Parser, Subcommand};
use std::{
	net::{IpAddr, SocketAddr},
	path::PathBuf,
	process::ExitCode,
	sync::Arc,
	time::Duration,
};
use tokio::{
	signal::unix::{signal, SignalKind},
	sync::watch,
};
use tracing::warn;

/// Files that are open beside connections: webhooks, the media socket, reports.
const OTHER_FILES: u64 = 1_024;

/// The media daemon of a dTelecom node operator.
#[derive(Debug, Parser)]
#[command(name = "dtel-worker", version, about, args_conflicts_with_subcommands = true)]
pub struct Cli {
	#[command(subcommand)]
	command: Option<Command>,
	#[command(flatten)]
	settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
	/// Run the daemon: what is done without a command, too.
	Run(Settings),
	/// Read the configuration, say what is wrong with it, and print it.
	CheckConfig(Settings),
	/// The daemon's `media` key.
	#[command(subcommand)]
	Key(KeyCommand),
	/// Make calls through a node and say how they went.
	Bot(BotArgs),
	/// Measure what a daemon on this machine forwards, and at what cost.
	Bench(bench::BenchArgs),
}

/// Settings; flags go before environment, and both before the file.
#[derive(Args, Debug)]
struct Settings {
	/// Configuration file (TOML).
	#[arg(long, short, env = "DTEL_WORKER_CONFIG")]
	config: Option<PathBuf>,
	/// Where reports are kept.
	#[arg(long, env = "DTEL_WORKER_DATA_DIR")]
	data_dir: Option<PathBuf>,
	/// File with the seed of the `media` key.
	#[arg(long, env = "DTEL_WORKER_MEDIA_KEY")]
	media_key: Option<PathBuf>,
	/// WebSocket URL of a chain node; empty for none, which takes development keys.
	#[arg(long, env = "DTEL_WORKER_CHAIN_URL")]
	chain_url: Option<String>,
	/// Address of the public HTTP and signalling server.
	#[arg(long, env = "DTEL_WORKER_PUBLIC_LISTEN")]
	public_listen: Option<SocketAddr>,
	/// Address of the private HTTP server, on loopback.
	#[arg(long, env = "DTEL_WORKER_PRIVATE_LISTEN")]
	private_listen: Option<SocketAddr>,
	/// UDP address of all peers.
	#[arg(long, env = "DTEL_WORKER_MEDIA_LISTEN")]
	media_listen: Option<SocketAddr>,
	/// Address that peers shall use instead of the bound one; may be given several times.
	#[arg(long, env = "DTEL_WORKER_ADVERTISE", value_delimiter = ',')]
	advertise: Option<Vec<IpAddr>>,
	/// UDP port that peers shall use instead of the bound one.
	#[arg(long, env = "DTEL_WORKER_ADVERTISE_PORT")]
	advertise_port: Option<u16>,
	/// Measure other nodes.
	#[arg(long, env = "DTEL_WORKER_PROBE", action = clap::ArgAction::Set)]
	probe: Option<bool>,
	/// Development key as `name:secret`, whose HS256 tokens are taken; may be given several times.
	#[arg(long, env = "DTEL_WORKER_DEV_KEY", hide_env_values = true, value_delimiter = ',')]
	dev_key: Vec<String>,
}

impl Settings {
	fn load(self) -> Result<Config> {
		let overrides = Overrides {
			data_dir: self.data_dir,
			media_key: self.media_key,
			chain_url: self.chain_url,
			public_listen: self.public_listen,
			private_listen: self.private_listen,
			media_listen: self.media_listen,
			advertise: self.advertise,
			advertise_port: self.advertise_port,
			probe: self.probe,
			dev_keys: self.dev_key,
		};
		Config::load(self.config.as_deref(), overrides)
	}
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
	/// Make a new key.
	Generate {
		/// File to write; it must not exist.
		file: PathBuf,
		/// Use this seed (64 hexadecimal digits) instead of a random one.
		#[arg(long)]
		seed: Option<String>,
	},
	/// Show the public half.
	Show {
		/// File of the key.
		file: PathBuf,
	},
}

#[derive(Args, Debug)]
struct BotArgs {
	/// The node: `ws://host:port`.
	#[arg(long)]
	url: String,
	/// Name of the room.
	#[arg(long, default_value = "bots")]
	room: String,
	/// Two-party calls at a time.
	#[arg(long, default_value_t = 1)]
	pairs: usize,
	/// Seconds to talk.
	#[arg(long, default_value_t = 10)]
	duration: u64,
	/// Seed of a client's API key: 64 hexadecimal digits.
	#[arg(long, env = "DTEL_API_KEY_SEED", hide_env_values = true)]
	api_key_seed: String,
}

impl Cli {
	/// Does what was asked for.
	pub fn run(self) -> Result<ExitCode> {
		match self.command.unwrap_or(Command::Run(self.settings)) {
			Command::Run(settings) => runtime()?.block_on(run(settings.load()?)),
			Command::CheckConfig(settings) => {
				println!("{:#?}", settings.load()?);
				Ok(ExitCode::SUCCESS)
			}
			Command::Key(KeyCommand::Generate { file, seed }) => {
				let key = match seed {
					Some(seed) => {
						let key = keys::parse_seed(&seed)?;
						keys::write(&file, &key.to_bytes())?;
						key
					}
					None => keys::generate(&file)?,
				};
				show(&key);
				Ok(ExitCode::SUCCESS)
			}
			Command::Key(KeyCommand::Show { file }) => {
				show(&keys::load(&file)?);
				Ok(ExitCode::SUCCESS)
			}
			Command::Bot(args) => runtime()?.block_on(bot(args)),
			Command::Bench(args) => bench_runtime()?.block_on(measure(args)),
		}
	}
}

fn show(key: &ed25519_dalek::SigningKey) {
	let public = key.verifying_key().to_bytes();
	println!("hex:    0x{}", hex::encode(public));
	println!("base58: {}", token::encode_key(&public));
}

fn runtime() -> Result<tokio::runtime::Runtime> {
	tokio::runtime::Builder::new_multi_thread()
		.enable_all()
		.build()
		.context("cannot start the runtime")
}

/// Allows the process as many open files as its settings may need: the usual limit of a service is lower.
fn allow_files(config: &Config) {
	// With and without TLS, webhooks, the media socket, files.
	let servers = 1 + u64::from(config.tls.listen.is_some());
	let each = u64::try_from(config.limits.connections).unwrap_or(u64::MAX);
	let wanted = each.saturating_mul(servers).saturating_add(OTHER_FILES);
	let Ok((soft, hard)) = rlimit::Resource::NOFILE.get() else { return };
	if hard < wanted {
		warn!(wanted, limit = hard, "limits.connections is more than this process may open files");
	}
	if soft < wanted.min(hard) {
		if let Err(error) = rlimit::Resource::NOFILE.set(wanted.min(hard), hard) {
			warn!(%error, limit = soft, "the limit of open files stays");
		}
	}
}

async fn run(config: Config) -> Result<ExitCode> {
	allow_files(&config);
	let (key, chain): (_, Arc<dyn ChainView>) = if config.chainless() {
		warn!("no chain: development keys let participants in, nobody is measured and there are no reports");
		// Nobody knows this daemon by its key: without a file, one for this run will do.
		let path = config.media_key_path();
		let key = if path.exists() { keys::load(&path)? } else { keys::ephemeral()? };
		(key, Arc::new(FixedChain::default()))
	} else {
		let key = keys::load(&config.media_key_path())?;
		let chain = Follower::start(config.chain_url.clone(), key.verifying_key().to_bytes());
		(key, Arc::new(chain))
	};
	if !config.dev.keys.is_empty() {
		warn!("development keys are on: whoever knows a secret can join any room of that key");
	}
	let stop = stop_signal()?;
	let mut daemon = Daemon::start(config, key, chain).await?;
	drain_signal(daemon.drain_switch())?;
	let drained = daemon.drained();
	let result = tokio::select! {
		() = stopped(stop) => Ok(ExitCode::SUCCESS),
		() = drained => Ok(ExitCode::SUCCESS),
		broken = daemon.broken() => Err(broken.into()),
	};
	daemon.stop().await;
	result
}

async fn bot(args: BotArgs) -> Result<ExitCode> {
	ensure!(
		(1..=1_000).contains(&args.pairs),
		"--pairs is {}: it must be between 1 and 1000",
		args.pairs
	);
	ensure!(args.url.starts_with("ws://"), "--url is {:?}: it must begin with ws://", args.url);
	let bots = Bots {
		url: args.url,
		room: args.room,
		pairs: args.pairs,
		duration: Duration::from_secs(args.duration),
		key: keys::parse_seed(&args.api_key_seed)?,
	};
	let summary = bots.run(stop_signal()?, |line| eprintln!("{line}")).await;
	println!("{}", serde_json::to_string(&summary)?);
	Ok(if summary.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The load is driven by one thread.
fn bench_runtime() -> Result<tokio::runtime::Runtime> {
	tokio::runtime::Builder::new_current_thread()
		.enable_all()
		.build()
		.context("cannot start the runtime")
}

async fn measure(args: bench::BenchArgs) -> Result<ExitCode> {
	let report = bench::run(&args, |line| eprintln!("{line}")).await?;
	if args.json {
		println!("{}", serde_json::to_string_pretty(&report)?);
	} else {
		print!("{report}");
	}
	Ok(ExitCode::SUCCESS)
}

/// Becomes true on SIGTERM or SIGINT.
fn stop_signal() -> Result<watch::Receiver<bool>> {
	let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
	let (tx, rx) = watch::channel(false);
	tokio::spawn(async move {
		tokio::select! {
			_ = term.recv() => {},
			_ = int.recv() => {},
		}
		tx.send_replace(true);
		// Whoever asks twice gets the system's answer: the handlers are gone with this task's end only if the
		// process ends, so wait for the second signal and obey.
		tokio::select! {
			_ = term.recv() => {},
			_ = int.recv() => {},
		}
		std::process::exit(130);
	});
	Ok(rx)
}

/// SIGUSR1 makes the daemon retire.
fn drain_signal(switch: watch::Sender<bool>) -> Result<()> {
	let mut asked = signal(SignalKind::user_defined1())?;
	tokio::spawn(async move {
		if asked.recv().await.is_some() {
			switch.send_replace(true);
		}
	});
	Ok(())
}

async fn stopped(mut stop: watch::Receiver<bool>) {
	let _ = stop.wait_for(|stop| *stop).await;
}
