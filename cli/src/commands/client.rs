//! `dtel client …`

use super::Session;
use crate::{calls, keys, table::table};
use anyhow::{Context, Result};
use clap::Subcommand;
use dtel_primitives::BlockNumber;

#[derive(Subcommand, Debug)]
pub enum Client {
	/// Register an API key: tokens signed with it are accepted by every node.
	Add {
		/// Ed25519 public key: 0x-hex or base58, as in a token's `iss`.
		#[arg(value_parser = keys::public_key)]
		key: [u8; 32],
		/// The last block at which it is valid; for ever if absent.
		#[arg(long)]
		until: Option<BlockNumber>,
		/// Participants connected at a node at a time.
		#[arg(long, default_value_t = 100)]
		limit: u32,
	},
	/// Give an API key of yours a new expiry and a new limit, also after it expired.
	Renew {
		/// The key.
		#[arg(value_parser = keys::public_key)]
		key: [u8; 32],
		/// The last block at which it is valid; as it is if absent.
		#[arg(long)]
		until: Option<BlockNumber>,
		/// No expiry.
		#[arg(long, conflicts_with = "until")]
		for_ever: bool,
		/// Participants connected at a node at a time; as it is if absent.
		#[arg(long)]
		limit: Option<u32>,
	},
	/// Revoke an API key of yours.
	Revoke {
		/// The key.
		#[arg(value_parser = keys::public_key)]
		key: [u8; 32],
	},
	/// What the registry knows of an API key.
	Show {
		/// The key.
		#[arg(value_parser = keys::public_key)]
		key: [u8; 32],
	},
}

impl Client {
	pub(super) async fn run(self, session: &Session) -> Result<()> {
		match self {
			Self::Add { key, until, limit } => {
				let words = format!("API key {} is registered", bs58::encode(key).into_string());
				session
					.send(calls::add_client(key, until, limit), ("Registry", "ClientAdded"), words)
					.await
			}
			Self::Renew { key, until, for_ever, limit } => {
				// The call replaces both terms.
				let now = session.chain.client_key(key, None).await?.context("no such API key")?;
				let until = if for_ever { None } else { until.or(now.until) };
				let call = calls::renew_client(key, until, limit.unwrap_or(now.limit));
				let words = format!("API key {} is renewed", bs58::encode(key).into_string());
				session.send(call, ("Registry", "ClientRenewed"), words).await
			}
			Self::Revoke { key } => {
				let words = format!("API key {} is revoked", bs58::encode(key).into_string());
				session.send(calls::revoke_client(key), ("Registry", "ClientRevoked"), words).await
			}
			Self::Show { key } => {
				let view = session.chain.client_key(key, None).await?.context("no such API key")?;
				session.print(&view, || {
					let until = view
						.until
						.map_or_else(|| "for ever".into(), |block| format!("until block {block}"));
					table(
						["API key", &bs58::encode(key).into_string()],
						[
							["owner".into(), view.owner.to_string()],
							[
								"valid".into(),
								format!("{}, {until}", if view.valid { "yes" } else { "no" }),
							],
							["limit".into(), view.limit.to_string()],
						],
					)
				})
			}
		}
	}
}
