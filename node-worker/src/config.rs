//! Configuration: defaults, then a TOML file, then the environment, then flags; validated as a whole.

mod forwarding;
mod http;
mod media;
mod sessions;

pub use forwarding::{Forwarding, Speakers};
pub use http::{Http, Relevants, Rooms, Tls, Webhooks};
pub use media::Media;
pub use sessions::{Dev, Secret, Signal, Turn};

use anyhow::{ensure, Context, Result};
use serde::Deserialize;
use std::{
	collections::BTreeSet,
	net::{IpAddr, SocketAddr},
	path::{Path, PathBuf},
	time::Duration,
};

/// Everything the daemon can be told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
	/// Where reports are kept.
	pub data_dir: PathBuf,
	/// File with the seed of the `media` key; `media.key` in the data directory if absent.
	pub media_key: Option<PathBuf>,
	/// Public `media` keys, in base58, under which verifiers may know this daemon beside that of its file: the one before
	/// or behind a rotation.
	pub also_media: Vec<String>,
	/// WebSocket URL of a chain node; empty for none, which takes development keys.
	pub chain_url: String,
	/// Address of the public HTTP and signalling server.
	pub public_listen: SocketAddr,
	/// Address of the private HTTP server; must be a loopback address.
	pub private_listen: SocketAddr,
	/// Media.
	pub media: Media,
	/// Bounds.
	pub limits: Limits,
	/// How media are passed on.
	pub forwarding: Forwarding,
	/// Who counts as speaking.
	pub speakers: Speakers,
	/// Measuring other nodes.
	pub probe: Probe,
	/// Signalling.
	pub signal: Signal,
	/// TURN server for clients.
	pub turn: Turn,
	/// Local development.
	pub dev: Dev,
	/// Public requests.
	pub http: Http,
	/// TLS.
	pub tls: Tls,
	/// Rooms.
	pub rooms: Rooms,
	/// Webhooks.
	pub webhooks: Webhooks,
	/// Which nodes are near.
	pub relevants: Relevants,
	/// Seconds that a graceful shutdown may take.
	pub shutdown_seconds: u64,
	/// Seconds that calls may go on when the daemon was told to drain; then participants are told to leave.
	pub drain_seconds: u64,
}

/// What one daemon holds at most.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Limits {
	/// Rooms at a time.
	pub rooms: usize,
	/// Participants in one room.
	pub participants: usize,
	/// Tracks that one participant publishes.
	pub tracks: usize,
	/// HTTP connections at a time, signalling included.
	pub connections: usize,
	/// HTTP connections from one address at a time.
	pub connections_per_address: usize,
	/// Bytes of one signalling message.
	pub message_bytes: usize,
	/// Signalling messages per second from one participant, averaged over ten seconds.
	pub messages_per_second: u32,
	/// Seconds of silence after which a signalling connection is closed.
	pub idle_seconds: u64,
	/// Seconds after which a verifier's connection is closed, whatever it does. A probe takes up to 90: fewer
	/// than 100 cut off honest verifiers, which costs this node its score.
	pub probe_seconds: u64,
}

/// How other nodes are measured.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Probe {
	/// Measure at all.
	pub enabled: bool,
	/// Calls to each target in an era.
	pub calls: u32,
	/// Seconds of media in one call; shortened if the measure phase is short.
	pub call_seconds: u64,
	/// Calls at a time.
	pub concurrency: usize,
	/// Spread the calls over the measure phase at times that targets cannot foresee; else begin at once.
	pub spread: bool,
	/// Longest time in which throughput is measured behind one of the calls, in seconds; 0: not at all.
	pub ramp_seconds: u64,
	/// No target is sent more than this at a time, in kbit/s, whatever it declared.
	pub most_kbps: u32,
	/// Megabytes of media that one target is sent in an era at most; governance may allow less.
	pub megabytes: u32,
}

impl Default for Config {
	fn default() -> Self {
		Self {
			data_dir: "dtel-worker-data".into(),
			media_key: None,
			also_media: Vec::new(),
			chain_url: "ws://127.0.0.1:9944".into(),
			public_listen: ([0, 0, 0, 0], 7880).into(),
			private_listen: ([127, 0, 0, 1], 7881).into(),
			media: Media::default(),
			limits: Limits::default(),
			forwarding: Forwarding::default(),
			speakers: Speakers::default(),
			probe: Probe::default(),
			signal: Signal::default(),
			turn: Turn::default(),
			dev: Dev::default(),
			http: Http::default(),
			tls: Tls::default(),
			rooms: Rooms::default(),
			webhooks: Webhooks::default(),
			relevants: Relevants::default(),
			shutdown_seconds: 5,
			drain_seconds: 600,
		}
	}
}

impl Default for Limits {
	fn default() -> Self {
		Self {
			rooms: 1_000,
			participants: 100,
			tracks: 16,
			connections: 4_096,
			connections_per_address: 512,
			message_bytes: 256 * 1024,
			messages_per_second: 50,
			idle_seconds: 30,
			probe_seconds: 120,
		}
	}
}

impl Default for Probe {
	fn default() -> Self {
		Self {
			enabled: true,
			calls: 2,
			call_seconds: 6,
			concurrency: 2,
			spread: true,
			ramp_seconds: 10,
			most_kbps: 100_000,
			megabytes: 64,
		}
	}
}

/// Values from flags and environment, which override the file.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
	/// See [`Config::data_dir`].
	pub data_dir: Option<PathBuf>,
	/// See [`Config::media_key`].
	pub media_key: Option<PathBuf>,
	/// See [`Config::chain_url`].
	pub chain_url: Option<String>,
	/// See [`Config::public_listen`].
	pub public_listen: Option<SocketAddr>,
	/// See [`Config::private_listen`].
	pub private_listen: Option<SocketAddr>,
	/// See [`Media::listen`].
	pub media_listen: Option<SocketAddr>,
	/// See [`Media::advertise`].
	pub advertise: Option<Vec<IpAddr>>,
	/// See [`Media::advertise_port`].
	pub advertise_port: Option<u16>,
	/// See [`Probe::enabled`].
	pub probe: Option<bool>,
	/// See [`Dev::keys`]: `name:secret`.
	pub dev_keys: Vec<String>,
}

impl Config {
	/// Reads the file, applies the overrides and validates the result.
	pub fn load(file: Option<&Path>, overrides: Overrides) -> Result<Self> {
		let config = match file {
			None => Self::default(),
			Some(path) => {
				let text = std::fs::read_to_string(path)
					.with_context(|| format!("cannot read configuration {}", path.display()))?;
				toml::from_str(&text).with_context(|| format!("in {}", path.display()))?
			}
		};
		let config = config.apply(overrides)?;
		config.validate()?;
		Ok(config)
	}

	fn apply(mut self, o: Overrides) -> Result<Self> {
		fn set<T>(to: &mut T, from: Option<T>) {
			if let Some(from) = from {
				*to = from;
			}
		}
		set(&mut self.data_dir, o.data_dir);
		set(&mut self.chain_url, o.chain_url);
		set(&mut self.public_listen, o.public_listen);
		set(&mut self.private_listen, o.private_listen);
		set(&mut self.media.listen, o.media_listen);
		set(&mut self.media.advertise, o.advertise);
		set(&mut self.probe.enabled, o.probe);
		self.media.advertise_port = o.advertise_port.or(self.media.advertise_port);
		self.media_key = o.media_key.or(self.media_key);
		for pair in o.dev_keys {
			let (name, secret) =
				pair.split_once(':').context("a development key must be given as name:secret")?;
			self.dev.keys.insert(name.into(), Secret(secret.into()));
		}
		Ok(self)
	}

	/// There is no chain: development keys alone let participants in, nobody is measured.
	pub fn chainless(&self) -> bool {
		self.chain_url.is_empty()
	}

	/// File of the `media` key.
	pub fn media_key_path(&self) -> PathBuf {
		self.media_key.clone().unwrap_or_else(|| self.data_dir.join("media.key"))
	}

	/// How long a graceful shutdown may take.
	pub fn shutdown(&self) -> Duration {
		Duration::from_secs(self.shutdown_seconds)
	}

	/// Refuses values that cannot work, saying which and why.
	pub fn validate(&self) -> Result<()> {
		ensure!(
			self.private_listen.ip().is_loopback(),
			"private-listen is {}: reports and statistics are served on a loopback address only",
			self.private_listen
		);
		self.dev.validate()?;
		self.signal.validate()?;
		self.turn.validate()?;
		ensure!(
			!self.chainless() || !self.dev.keys.is_empty(),
			"chain-url is empty: without a chain only development keys (dev.keys) could let anybody in"
		);
		self.forwarding.validate()?;
		self.speakers.validate()?;
		self.http.validate()?;
		self.tls.validate()?;
		self.rooms.validate()?;
		self.webhooks.validate()?;
		self.relevants.validate()?;
		let scheme = ["ws://", "wss://"].iter().any(|s| self.chain_url.starts_with(s));
		ensure!(
			scheme || self.chainless(),
			"chain-url is {:?}: it must begin with ws:// or wss://",
			self.chain_url
		);
		let tcp: Vec<_> = [self.public_listen, self.private_listen]
			.into_iter()
			.filter(|a| a.port() != 0)
			.collect();
		let ports: BTreeSet<_> = tcp.iter().map(|a| a.port()).collect();
		ensure!(ports.len() == tcp.len(), "public-listen and private-listen need different ports");
		ensure!(
			!self.media.tcp_listen.iter().any(|a| ports.contains(&a.port())),
			"media.tcp-listen, public-listen and private-listen need different ports"
		);
		self.media.validate()?;
		let l = &self.limits;
		in_range("limits.rooms", l.rooms, 1..=100_000)?;
		in_range("limits.participants", l.participants, 2..=1_000)?;
		in_range("limits.tracks", l.tracks, 1..=64)?;
		in_range("limits.connections", l.connections, 1..=1_000_000)?;
		in_range("limits.connections-per-address", l.connections_per_address, 1..=1_000_000)?;
		in_range("limits.message-bytes", l.message_bytes, 16 * 1024..=4 * 1024 * 1024)?;
		in_range("limits.messages-per-second", l.messages_per_second, 10..=10_000)?;
		in_range("limits.idle-seconds", l.idle_seconds, 16..=600)?;
		in_range("limits.probe-seconds", l.probe_seconds, 1..=120)?;
		ensure!(self.also_media.len() <= 4, "also-media has more than 4 keys");
		in_range("probe.calls", self.probe.calls, 1..=64)?;
		in_range("probe.call-seconds", self.probe.call_seconds, 2..=60)?;
		in_range("probe.concurrency", self.probe.concurrency, 1..=64)?;
		in_range("probe.ramp-seconds", self.probe.ramp_seconds, 0..=20)?;
		in_range("probe.most-kbps", self.probe.most_kbps, 1_000..=10_000_000)?;
		in_range("probe.megabytes", self.probe.megabytes, 16..=10_000)?;
		in_range("shutdown-seconds", self.shutdown_seconds, 1..=300)?;
		in_range("drain-seconds", self.drain_seconds, 0..=86_400)?;
		Ok(())
	}
}

fn in_range<T: PartialOrd + std::fmt::Display>(
	name: &str,
	value: T,
	range: std::ops::RangeInclusive<T>,
) -> Result<()> {
	ensure!(
		range.contains(&value),
		"{name} is {value}: it must be between {} and {}",
		range.start(),
		range.end()
	);
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn parse(text: &str) -> Result<Config> {
		let config: Config = toml::from_str(text)?;
		config.validate()?;
		Ok(config)
	}

	#[test]
	fn defaults_are_valid() {
		Config::default().validate().expect("valid");
		assert_eq!(parse("").expect("valid").media.listen.port(), 7882);
	}

	/// The block of the README, which says that it has all keys with their defaults.
	#[test]
	fn the_readme_has_every_setting_with_its_default() {
		let readme = include_str!("../README.md");
		let (_, block) = readme.split_once("```toml\n").expect("a block");
		let (block, _) = block.split_once("```").expect("its end");
		let mut config = parse(block).expect("valid");
		assert_eq!(config.media_key_path(), Config::default().media_key_path());
		config.media_key = None;
		assert_eq!(format!("{config:#?}"), format!("{:#?}", Config::default()));
		// Every field, those without a default commented out: as the printed configuration names them.
		let block = &format!("\n{block}");
		for line in format!("{config:#?}").lines() {
			let Some((field, value)) = line.trim().split_once(": ") else { continue };
			let key = field.replace('_', "-");
			let named = [format!("\n{key} = "), format!("\n# {key} = "), format!("\n[{key}]")];
			assert!(
				named.iter().any(|n| block.contains(n)),
				"{key} ({value}) is not in the README"
			);
		}
		// What is commented out can be said, too.
		let all = block.replace("\n# ", "\n");
		let config: Config = toml::from_str(&all).expect("every key is known");
		assert!(config.tls.listen.is_some() && config.relevants.geoip.is_some());
	}

	#[test]
	fn overrides_win_over_the_file() {
		let file =
			std::env::temp_dir().join(crate::keys::random_id("dtel-config-").expect("random"));
		std::fs::write(&file, "chain-url = \"ws://file:1\"\n[probe]\ncalls = 7\n")
			.expect("written");
		let over = Overrides { chain_url: Some("ws://flag:1".into()), ..Default::default() };
		let config = Config::load(Some(&file), over).expect("valid");
		assert_eq!((config.chain_url.as_str(), config.probe.calls), ("ws://flag:1", 7));
		let config = Config::load(Some(&file), Overrides::default()).expect("valid");
		assert_eq!(config.chain_url, "ws://file:1");
		assert!(Config::load(Some(Path::new("/nonexistent/x.toml")), Overrides::default()).is_err());
	}

	#[test]
	fn without_a_chain_there_must_be_development_keys() {
		let over = Overrides { dev_keys: vec!["devkey:se:cret".into()], ..Default::default() };
		let config = Config { chain_url: String::new(), ..Config::default() };
		let config = config.apply(over).expect("a pair");
		config.validate().expect("valid");
		assert!(config.chainless());
		assert_eq!(config.dev.keys["devkey"].0, "se:cret");
		assert!(!format!("{config:?}").contains("se:cret"), "secrets are not printed");
		let over = Overrides { dev_keys: vec!["devkey".into()], ..Default::default() };
		assert!(Config::default().apply(over).is_err());
	}

	#[test]
	fn mistakes_are_named() {
		for (text, named) in [
			("private-listen = \"0.0.0.0:7881\"", "private-listen"),
			("private-listen = \"192.168.1.1:7881\"", "loopback"),
			("private-listen = \"127.0.0.1:7880\"", "different ports"),
			("chain-url = \"http://x\"", "chain-url"),
			("chain-url = \"\"", "development keys"),
			("[dev.keys]\ndevkey = \"\"", "dev.keys"),
			("[dev.keys]\nGmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB = \"x\"", "Ed25519"),
			("[turn]\nurls = [\"http://x\"]", "turn.urls"),
			("[turn]\nsecret = \"x\"\nusername = \"y\"", "turn.secret"),
			("[signal]\nresume-seconds = 1000", "signal.resume-seconds"),
			("chian-url = \"ws://x\"", "chian-url"),
			("public-listen = \"localhost\"", "public-listen"),
			("[media]\nadvertise = [\"0.0.0.0\"]", "media.advertise"),
			("[media]\nadvertise = [\"::1\"]", "family"),
			("[media]\nadvertise-port = 0", "advertise-port"),
			("[media]\nalso-listen = [\"239.0.0.1:1\"]", "multicast"),
			("[media]\ntcp-listen = [\"0.0.0.0:7880\"]", "different ports"),
			("[media]\nstun = \"stun.example.org\"", "media.stun"),
			("[media]\nstun = \"a:1\"\nadvertise = [\"192.0.2.1\"]", "exclude"),
			("[media]\ntcp-connections = 0", "media.tcp-connections"),
			("[limits]\nrooms = 0", "limits.rooms"),
			("[limits]\nmessage-bytes = 99999999", "limits.message-bytes"),
			("[probe]\nconcurrency = 0", "probe.concurrency"),
			("[probe]\nramp-seconds = 21", "probe.ramp-seconds"),
			("[probe]\nmost-kbps = 0", "probe.most-kbps"),
			("[probe]\nmegabytes = 15", "probe.megabytes"),
			("[http]\nallowed-origins = [\"example.org\"]", "http.allowed-origins"),
			("[http]\nallowed-origins = [\"https://example.org/x\"]", "http.allowed-origins"),
			("[http]\ntrusted-proxies = [\"10.0.0.0/33\"]", "trusted-proxies"),
			("[http]\nrequests-per-second = 0", "http.requests-per-second"),
			("[tls]\nlisten = \"127.0.0.1:443\"", "tls.certificate"),
			("[rooms]\nempty-seconds = 0", "rooms.empty-seconds"),
			("[rooms]\nrevocations = 0", "rooms.revocations"),
			("[http]\nheader-seconds = 0", "http.header-seconds"),
			("[forwarding]\nsdp-bytes = 100", "forwarding.sdp-bytes"),
			("[forwarding]\nnack-packets = 65537", "forwarding.nack-packets"),
			("[forwarding]\nsilence-seconds = 1", "forwarding.silence-seconds"),
			("[forwarding]\ninitial-kbps = 0", "forwarding.initial-kbps"),
			("[forwarding]\npause-vido = true", "pause-vido"),
			("[speakers]\nlevel = 128", "speakers.level"),
			("[speakers]\npercent = 0", "speakers.percent"),
			("[speakers]\ninterval-ms = 1", "speakers.interval-ms"),
			("[webhooks]\nattempts = 0", "webhooks.attempts"),
			("[relevants]\nnodes = 101", "relevants.nodes"),
		] {
			let error = format!("{:#}", parse(text).expect_err(text));
			assert!(error.contains(named), "{text}: {error}");
		}
	}
}
