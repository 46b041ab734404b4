//! A worker without a chain, for trying clients against it: tokens of one API key are accepted, nobody is measured.
//!
//! ```sh
//! cargo run -p dtel-worker --example standalone -- 0707070707070707070707070707070707070707070707070707070707070707
//! ```
//!
//! The first argument is the seed of the API key. Public server on 7880, private one on 7881, media on UDP 7882, all on
//! loopback; or as a second argument, a configuration file, says. Ctrl-C and SIGTERM end it. `tests/browser/server-sdk.mjs`
//! and `tests/browser/proof.mjs` try the SDKs against it.

use anyhow::{Context, Result};
use dtel_worker::{
	chain::{FixedChain, Issuer},
	config::{Config, Overrides},
	daemon::Daemon,
	keys, token,
};
use std::{path::PathBuf, sync::Arc};
use tokio::signal::unix::{signal, SignalKind};

#[tokio::main]
async fn main() -> Result<()> {
	tracing_subscriber::fmt()
		.with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
		.with_writer(std::io::stderr)
		.init();
	let seed = std::env::args().nth(1).context("the seed of an API key is missing")?;
	let api_key = keys::parse_seed(&seed)?.verifying_key().to_bytes();
	let chain = FixedChain::default();
	chain.set_issuer(api_key, Issuer::Client { limit: 1_000 });
	let mut config = match std::env::args_os().nth(2).map(PathBuf::from) {
		Some(file) => Config::load(Some(&file), Overrides::default())?,
		None => {
			let mut config = Config {
				data_dir: std::env::temp_dir().join("dtel-worker-standalone"),
				public_listen: ([127, 0, 0, 1], 7880).into(),
				..Config::default()
			};
			config.media.listen = ([127, 0, 0, 1], 7882).into();
			config
		}
	};
	config.probe.enabled = false;
	// Receivers of webhooks are on this machine, too.
	config.webhooks.allow_private = true;
	// Of the last run, if there was one: the tokens that it gave out are good.
	let media = config.media_key_path();
	let media = if media.exists() { keys::load(&media)? } else { keys::generate(&media)? };
	let mut term = signal(SignalKind::terminate())?;
	let daemon = Daemon::start(config, media, Arc::new(chain)).await?;
	println!("API key {}; signalling at ws://{}", token::encode_key(&api_key), daemon.public);
	tokio::select! {
		interrupted = tokio::signal::ctrl_c() => interrupted?,
		_ = term.recv() => {},
	}
	daemon.stop().await;
	Ok(())
}
