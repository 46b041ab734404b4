//! What the worker keeps in the node's persistent off-chain storage. Sole writer of all of it but
//! for the list of daemons, which the node writes when it starts.
//!
//! | key | value |
//! |---|---|
//! | [`WORKER_URLS_KEY`] | base URLs of the daemons |
//! | `entry`, genesis, verifier, slot | [`Entry`]: report, salt, when sent |
//! | `verifiers`, genesis | verifiers that have an entry, newest last |
//! | `served`, genesis, URL | era and verifier of the last report from there |
//! | `logged`, genesis, URL or verifier | era of the last complaint |
//! | `asked`, genesis, URL | era in which the daemon was last asked for a lost report |
//! | `lock`, URL | until when somebody is at it |
//! | `secret` | 32 random bytes from which all salts are derived; written once |

use super::{Trouble, LOCK_MS};
use crate::LOG_TARGET;
use alloc::{string::String, vec::Vec};
use codec::{Decode, Encode};
use dtel_primitives::{report::EraReport, BlockNumber, EraIndex, Hash, NodeId, WORKER_URLS_KEY};
use sp_core::offchain::{Duration, Timestamp};
use sp_runtime::offchain::{
	storage::{MutateStorageError, StorageRetrievalError, StorageValueRef},
	storage_lock::{StorageLock, Time},
};

/// Entries of a verifier: those of as many eras are kept.
pub const SLOTS: EraIndex = 4;
/// Verifiers that one node works for.
pub const MAX_VERIFIERS: usize = 256;
/// Sets salts apart from whatever else is hashed with the secret.
const CONTEXT_SALT: &str = "dtel/salt/1";
/// Attempts at a compare-and-set.
const ATTEMPTS: usize = 4;

/// A report that this node has committed to, or is about to.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub(crate) struct Entry {
	/// The report, as it was when it was first fetched.
	pub report: EraReport,
	/// The salt of the commitment.
	pub salt: [u8; 32],
	/// The block at which the commitment was sent last.
	pub committed: Option<BlockNumber>,
	/// The block at which the reveal was sent last.
	pub revealed: Option<BlockNumber>,
}

fn key(what: &str, rest: impl Encode) -> Vec<u8> {
	("dtel::attestation/", what, rest).encode()
}

pub(crate) fn entry_key(genesis: &Hash, verifier: NodeId, era: EraIndex) -> Vec<u8> {
	key("entry", (genesis, verifier, era.checked_rem(SLOTS)))
}

pub(crate) fn lock_key(url: &str) -> Vec<u8> {
	key("lock", url)
}

/// Changes a value by compare-and-set. `change` gets what is there and returns what shall be, or
/// nothing to leave it. Says whether it wrote.
fn update<V: codec::Codec>(key: &[u8], change: impl Fn(Option<V>) -> Option<V>) -> bool {
	let value = StorageValueRef::persistent(key);
	for _ in 0..ATTEMPTS {
		let wrote = value.mutate(|there: Result<Option<V>, StorageRetrievalError>| {
			change(there.ok().flatten()).ok_or(())
		});
		match wrote {
			Ok(_) => return true,
			Err(MutateStorageError::ValueFunctionFailed(())) => return false,
			Err(MutateStorageError::ConcurrentModification(_)) => {}
		}
	}
	false
}

fn read<V: Decode>(key: &[u8]) -> Option<V> {
	StorageValueRef::persistent(key).get().ok().flatten()
}

/// The daemons of this node.
pub(super) fn worker_urls() -> Vec<String> {
	let urls: Vec<Vec<u8>> = read(WORKER_URLS_KEY).unwrap_or_default();
	urls.into_iter().map(|url| String::from_utf8_lossy(&url).into_owned()).collect()
}

/// The entry of a verifier for an era.
pub(crate) fn entry(genesis: &Hash, verifier: NodeId, era: EraIndex) -> Option<Entry> {
	read(&entry_key(genesis, verifier, era))
		.filter(|e: &Entry| e.report.era == era && e.report.verifier == verifier)
}

/// The secret of this node. Drawn when it is first asked for; of two workers that draw at the same
/// time, one wins and both get its secret.
pub(crate) fn secret() -> Option<[u8; 32]> {
	let key = key("secret", ());
	if let Some(secret) = read(&key) {
		return Some(secret);
	}
	let drawn = sp_io::offchain::random_seed();
	update(&key, |there: Option<[u8; 32]>| there.is_none().then_some(drawn));
	read(&key)
}

/// Draws the secret long before something depends on it, on a node that will need it.
pub(super) fn prepare() {
	if !worker_urls().is_empty() {
		let _ = secret();
	}
}

/// The salt of a verifier's commitment in an era: always the same on this node, known to nobody
/// else. Nothing if local storage keeps no secret.
pub(crate) fn salt(genesis: &Hash, verifier: NodeId, era: EraIndex) -> Option<[u8; 32]> {
	let bytes = (CONTEXT_SALT, secret()?, genesis, era, verifier).encode();
	Some(sp_io::hashing::blake2_256(&bytes))
}

/// Keeps a report with its salt, unless there is one of this era already.
pub(super) fn keep(genesis: &Hash, report: EraReport) -> Result<(), Trouble> {
	let (verifier, era) = (report.verifier, report.era);
	let salt = salt(genesis, verifier, era).ok_or(Trouble::Storage)?;
	let new = Entry { report, salt, committed: None, revealed: None };
	update(&entry_key(genesis, verifier, era), |there: Option<Entry>| match there {
		Some(there) if there.report.era == era => None,
		_ => Some(new.clone()),
	});
	update(&key("verifiers", genesis), |there: Option<Vec<NodeId>>| {
		let mut all = there.unwrap_or_default();
		if all.contains(&verifier) {
			return None;
		}
		if all.len() >= MAX_VERIFIERS {
			all.remove(0);
		}
		all.push(verifier);
		Some(all)
	});
	Ok(())
}

/// Forgets the entry of an era.
pub(super) fn forget(genesis: &Hash, verifier: NodeId, era: EraIndex) {
	StorageValueRef::persistent(&entry_key(genesis, verifier, era)).clear();
}

/// Notes in an entry when something was sent.
pub(super) fn stamp(genesis: &Hash, verifier: NodeId, era: EraIndex, set: impl Fn(&mut Entry)) {
	update(&entry_key(genesis, verifier, era), |there: Option<Entry>| {
		let mut there = there.filter(|e| e.report.era == era)?;
		set(&mut there);
		Some(there)
	});
}

/// The verifiers that may have an entry.
pub(crate) fn verifiers(genesis: &Hash) -> Vec<NodeId> {
	read(&key("verifiers", genesis)).unwrap_or_default()
}

/// The verifier whose report of this era came from a daemon.
pub(super) fn served(genesis: &Hash, url: &str, era: EraIndex) -> Option<NodeId> {
	read(&key("served", (genesis, url)))
		.and_then(|(of, verifier): (EraIndex, NodeId)| (of == era).then_some(verifier))
}

/// Notes that a daemon has delivered.
pub(super) fn mark_served(genesis: &Hash, url: &str, era: EraIndex, verifier: NodeId) {
	StorageValueRef::persistent(&key("served", (genesis, url))).set(&(era, verifier));
}

/// The verifier whose report came from a daemon last, in whatever era.
pub(super) fn last_served(genesis: &Hash, url: &str) -> Option<NodeId> {
	read(&key("served", (genesis, url))).map(|(_, verifier): (EraIndex, NodeId)| verifier)
}

/// Whether a daemon has been asked for a lost report of this era, and has answered.
pub(super) fn was_asked(genesis: &Hash, url: &str, era: EraIndex) -> bool {
	read(&key("asked", (genesis, url))) == Some(era)
}

/// Notes that it has.
pub(super) fn mark_asked(genesis: &Hash, url: &str, era: EraIndex) {
	StorageValueRef::persistent(&key("asked", (genesis, url))).set(&era);
}

/// Tells the operator about a trouble, once an era for each `whose`.
pub(super) fn complain(genesis: &Hash, whose: &str, era: EraIndex, trouble: Trouble) {
	let first = update(&logged_key(genesis, whose), |there: Option<EraIndex>| {
		(there != Some(era)).then_some(era)
	});
	if first {
		log::warn!(target: LOG_TARGET, "era {era}, {whose}: {trouble}");
	} else {
		log::debug!(target: LOG_TARGET, "era {era}, {whose}: {trouble}");
	}
}

pub(crate) fn logged_key(genesis: &Hash, whose: &str) -> Vec<u8> {
	key("logged", (genesis, whose))
}

/// The lock of a daemon: one worker at a time waits for it.
pub(super) fn lock(key: &[u8]) -> StorageLock<'_, Time> {
	let longest = Duration::from_millis(LOCK_MS);
	// Nobody holds it for longer. One that seems to died before the clock was set back.
	let latest = sp_io::offchain::timestamp().add(longest);
	if read::<Timestamp>(key).is_some_and(|until| until > latest) {
		StorageValueRef::persistent(key).clear();
	}
	StorageLock::with_deadline(key, longest)
}
