//! Settings of signalling, of TURN and of local development.

use super::in_range;
use crate::token::DevKeys;
use anyhow::{ensure, Context, Result};
use serde::Deserialize;
use std::{collections::BTreeMap, fmt};

/// The signalling protocol.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Signal {
	/// Seconds that a participant is kept after its connection broke.
	pub resume_seconds: u64,
	/// Seconds between the fresh tokens that a participant gets; each is valid for twice as long. 0 for none.
	pub token_seconds: u64,
	/// Region that clients are told.
	pub region: String,
}

/// A TURN server for clients that reach nothing else.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Turn {
	/// Its URLs: `turn:host:port`, `turns:host:port?transport=tcp`. None for no server.
	pub urls: Vec<String>,
	/// Secret that it shares with this node, which makes passwords with it.
	pub secret: Secret,
	/// Seconds for which such a password is good.
	pub seconds: u32,
	/// One name for all, without a secret.
	pub username: String,
	/// The password of that name.
	pub credential: Secret,
}

/// Local development.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Dev {
	/// API keys and their secrets, whose HS256 tokens are taken.
	pub keys: BTreeMap<String, Secret>,
	/// Participants at a time of each.
	pub limit: u32,
}

/// A text that is not printed.
#[derive(Clone, Default, Deserialize, Eq, PartialEq)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("(secret)")
	}
}

impl Default for Signal {
	fn default() -> Self {
		Self { resume_seconds: 15, token_seconds: 300, region: String::new() }
	}
}

impl Default for Turn {
	fn default() -> Self {
		Self {
			urls: Vec::new(),
			secret: Secret::default(),
			seconds: 86_400,
			username: String::new(),
			credential: Secret::default(),
		}
	}
}

impl Default for Dev {
	fn default() -> Self {
		Self { keys: BTreeMap::new(), limit: 1_000 }
	}
}

impl Signal {
	pub(super) fn validate(&self) -> Result<()> {
		in_range("signal.resume-seconds", self.resume_seconds, 0..=120)?;
		ensure!(
			self.token_seconds == 0 || (10..=86_400).contains(&self.token_seconds),
			"signal.token-seconds is {}: it must be 0 or between 10 and 86400",
			self.token_seconds
		);
		ensure!(self.region.len() <= 64, "signal.region has more than 64 bytes");
		Ok(())
	}
}

impl Turn {
	pub(super) fn validate(&self) -> Result<()> {
		ensure!(self.urls.len() <= 8, "turn.urls has more than 8 URLs");
		for url in &self.urls {
			let scheme = ["turn:", "turns:"].iter().any(|s| url.starts_with(s));
			ensure!(scheme, "turn.urls has {url:?}: it must begin with turn: or turns:");
		}
		ensure!(
			self.secret.0.is_empty() || self.username.is_empty(),
			"turn.secret and turn.username are both set: passwords are made or given, not both"
		);
		in_range("turn.seconds", self.seconds, 60..=604_800)
	}
}

impl Dev {
	pub(super) fn validate(&self) -> Result<()> {
		in_range("dev.limit", self.limit, 1..=1_000_000)?;
		self.keys().map(drop)
	}

	/// The keys as tokens are checked with them.
	pub fn keys(&self) -> Result<DevKeys> {
		let pairs = self.keys.iter().map(|(name, secret)| (name.as_str(), secret.0.as_str()));
		DevKeys::new(pairs).context("dev.keys")
	}
}
