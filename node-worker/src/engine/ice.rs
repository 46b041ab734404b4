//! STUN and TURN servers as clients are told them.
//!
//! A TURN server takes either one name and password for all, or passwords that this node makes with a secret that both
//! know: name `expiry:identity`, password the HMAC-SHA-1 of it in base64 ("A REST API for access to TURN services",
//! draft-uberti-behave-turn-rest §2.2; coturn's `use-auth-secret`).

use super::{join::now_ms, Engine};
use crate::config::Turn;
use base64::{engine::general_purpose::STANDARD, Engine as _};
use hmac::{Hmac, Mac};
use livekit_protocol::IceServer;
use sha1::Sha1;

impl Engine {
	/// STUN and TURN servers for a participant.
	pub(super) fn ice_servers(&self, identity: &str) -> Vec<IceServer> {
		let mut servers = Vec::new();
		let urls = self.config.media.ice_servers.clone();
		if !urls.is_empty() {
			servers.push(IceServer { urls, ..Default::default() });
		}
		servers.extend(turn_server(&self.config.turn, identity, now_ms().div_euclid(1_000)));
		servers
	}
}

/// The TURN server with a name and a password for a participant; `now` is Unix time in seconds.
fn turn_server(turn: &Turn, identity: &str, now: i64) -> Option<IceServer> {
	if turn.urls.is_empty() {
		return None;
	}
	let urls = turn.urls.clone();
	if turn.secret.0.is_empty() {
		let (username, credential) = (turn.username.clone(), turn.credential.0.clone());
		return Some(IceServer { urls, username, credential });
	}
	let username = format!("{}:{identity}", now.saturating_add(turn.seconds.into()));
	// HMAC takes keys of any length.
	let mut mac = Hmac::<Sha1>::new_from_slice(turn.secret.0.as_bytes()).ok()?;
	mac.update(username.as_bytes());
	let credential = STANDARD.encode(mac.finalize().into_bytes());
	Some(IceServer { urls, username, credential })
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::config::Secret;

	#[test]
	fn passwords_are_made_as_turn_servers_check_them() {
		let urls = vec!["turn:turn.example:3478".to_owned()];
		let mut turn = Turn { urls: urls.clone(), ..Turn::default() };
		turn.secret = Secret("north".into());
		turn.seconds = 600;
		let server = turn_server(&turn, "alice", 1_433_894_918).expect("a server");
		assert_eq!(server.username, "1433895518:alice");
		// printf 1433895518:alice | openssl dgst -sha1 -hmac north -binary | base64
		assert_eq!(server.credential, "UiV5Y9Tmw1gmKHO28/vQ4lopSII=");
		turn.secret = Secret(String::new());
		(turn.username, turn.credential) = ("bob".into(), Secret("key".into()));
		let server = turn_server(&turn, "alice", 0).expect("a server");
		assert_eq!((server.username.as_str(), server.credential.as_str()), ("bob", "key"));
		assert_eq!(turn_server(&Turn::default(), "alice", 0), None);
	}
}
