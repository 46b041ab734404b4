//! Tokens that an app took back: `RemoveParticipant` with `revokeTokenTs` names a time, and tokens of that identity for
//! that room that are valid from an earlier time on (`nbf`) let nobody in any more, not even to resume.
//!
//! Bounded memory: with too many entries the oldest one goes. It does not outlive the daemon.

use super::{Access, MAX_NAME};
use std::{
	collections::{HashMap, VecDeque},
	sync::{Mutex, PoisonError},
};

/// Above this a time is in milliseconds: in seconds it would lie beyond the year 5000.
const MILLISECONDS: u64 = 100_000_000_000;

/// API key, room, identity.
type Who = ([u8; 32], String, String);

/// See the module.
pub struct Revoked {
	most: usize,
	entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
	before: HashMap<Who, u64>,
	/// Oldest first.
	order: VecDeque<Who>,
}

impl Revoked {
	/// Remembers so many participants.
	pub fn new(most: usize) -> Self {
		Self { most: most.max(1), entries: Mutex::default() }
	}

	/// Takes back the tokens of a participant that are valid from before a Unix time on. A later time wins.
	pub fn revoke(&self, issuer: [u8; 32], room: &str, identity: &str, before: u64) {
		// No token has longer names.
		if room.len().max(identity.len()) > MAX_NAME {
			return;
		}
		let before = if before > MILLISECONDS { before.div_ceil(1_000) } else { before };
		let who = (issuer, room.to_owned(), identity.to_owned());
		let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
		if let Some(known) = entries.before.get_mut(&who) {
			*known = before.max(*known);
			return;
		}
		if entries.before.len() >= self.most {
			if let Some(oldest) = entries.order.pop_front() {
				entries.before.remove(&oldest);
			}
		}
		entries.before.insert(who.clone(), before);
		entries.order.push_back(who);
	}

	/// Whether a token was taken back.
	pub fn refuses(&self, access: &Access) -> bool {
		let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
		if entries.before.is_empty() {
			return false;
		}
		let who = (access.issuer, access.room.clone(), access.identity.clone());
		entries.before.get(&who).is_some_and(|before| access.issued < *before)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::token::{check_signature, mint, Grant, Issuer};
	use ed25519_dalek::SigningKey;

	const NOW: u64 = 1_800_000_000;

	fn access(key: u8, room: &str, identity: &str, from: u64) -> Access {
		let grant = Grant { room, identity, can_publish: true, can_subscribe: true };
		let token = mint(&SigningKey::from_bytes(&[key; 32]), &grant, from, 600);
		let signed = check_signature(&token).expect("signed");
		signed.authorise(Issuer::Client, &[], NOW).expect("valid")
	}

	#[test]
	fn only_older_tokens_of_that_participant_are_refused() {
		let revoked = Revoked::new(10);
		let a = access(1, "r", "a", NOW - 5);
		assert!(!revoked.refuses(&a));
		revoked.revoke(a.issuer, "r", "a", NOW);
		revoked.revoke(a.issuer, "r", "a", NOW - 100);
		assert!(revoked.refuses(&a) && revoked.refuses(&access(1, "r", "a", NOW - 1)));
		for other in [
			access(1, "r", "a", NOW),
			access(1, "r", "b", NOW - 5),
			access(1, "s", "a", NOW - 5),
			access(2, "r", "a", NOW - 5),
		] {
			assert!(!revoked.refuses(&other), "{other:?}");
		}
		// Some SDKs give milliseconds.
		let revoked = Revoked::new(10);
		revoked.revoke(a.issuer, "r", "a", NOW * 1_000);
		assert!(revoked.refuses(&a) && !revoked.refuses(&access(1, "r", "a", NOW)));
	}

	#[test]
	fn memory_is_bounded_and_the_oldest_goes_first() {
		let revoked = Revoked::new(3);
		for n in 0..100 {
			revoked.revoke([0; 32], "r", &n.to_string(), NOW);
			revoked.revoke([0; 32], "r", &"x".repeat(MAX_NAME + 1 + n), NOW);
		}
		let entries = revoked.entries.lock().expect("lock");
		assert_eq!((entries.before.len(), entries.order.len()), (3, 3));
		assert!(entries.before.contains_key(&([0; 32], "r".into(), "99".into())));
	}
}
