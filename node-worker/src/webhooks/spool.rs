//! Events that wait, on disk: a daemon that dies delivers them when it is back.
//!
//! One file for each event, named by its number, written beside its place and moved there, removed when the event was
//! delivered or given up. A crash of the daemon loses nothing that was written; one of the machine may lose the last
//! moments, because nothing waits for the disk. Bounded by bytes: what does not fit is kept in memory alone.

use crate::engine::Hook;
use livekit_protocol as proto;
use serde::{Deserialize, Serialize};
use std::{
	collections::BTreeMap,
	fs, io,
	os::unix::fs::DirBuilderExt,
	path::{Path, PathBuf},
	sync::Arc,
	time::Duration,
};
use tracing::warn;

/// Events older than this are of no use to an app that has been without this node for so long.
const MAX_AGE: Duration = Duration::from_secs(24 * 3_600);
/// Files of one directory that are looked at when the daemon starts.
const MAX_FILES: usize = 1_000_000;
/// Suffix of events, and of those that were not written to their end.
const SUFFIX: &str = "json";
const UNFINISHED: &str = "part";

/// Number of an event in the spool.
pub(super) type Ticket = u64;

#[derive(Deserialize, Serialize)]
struct Kept {
	url: String,
	key: String,
	event: proto::WebhookEvent,
}

/// See the module.
pub struct Spool {
	dir: PathBuf,
	/// Bytes that may be there, and that are.
	most: u64,
	held: BTreeMap<Ticket, u64>,
	bytes: u64,
	next: Ticket,
}

impl Spool {
	/// Opens the directory, making it if need be, and reads what waits there, oldest first. What cannot be read is
	/// removed.
	pub fn open(dir: &Path, most: u64) -> io::Result<(Self, Vec<(Ticket, Hook)>)> {
		// URLs of apps are nobody else's business.
		fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
		let mut spool = Self { dir: dir.into(), most, held: BTreeMap::new(), bytes: 0, next: 0 };
		let mut found = BTreeMap::<Ticket, PathBuf>::new();
		for entry in fs::read_dir(dir)?.take(MAX_FILES) {
			let path = entry?.path();
			if path.extension().is_some_and(|e| e == UNFINISHED) {
				let _ = fs::remove_file(&path);
				continue;
			}
			let number = path.file_stem().and_then(|s| s.to_str()).and_then(|s| s.parse().ok());
			if let (Some(number), true) = (number, path.extension().is_some_and(|e| e == SUFFIX)) {
				found.insert(number, path);
			}
		}
		let mut waiting = Vec::new();
		for (ticket, path) in found {
			spool.next = ticket.saturating_add(1);
			match read(&path, most.saturating_sub(spool.bytes)) {
				Ok((hook, length)) => {
					spool.held.insert(ticket, length);
					spool.bytes = spool.bytes.saturating_add(length);
					waiting.push((ticket, hook));
				}
				Err(error) => {
					warn!(file = %path.display(), %error, "a webhook that waited is left out");
					let _ = fs::remove_file(&path);
				}
			}
		}
		Ok((spool, waiting))
	}

	/// Keeps an event; nothing if it does not fit or cannot be written.
	pub(super) fn put(&mut self, hook: &Hook) -> Option<Ticket> {
		let kept =
			Kept { url: hook.url.to_string(), key: hook.key.clone(), event: hook.event.clone() };
		let text = serde_json::to_vec(&kept).ok()?;
		let length = u64::try_from(text.len()).ok()?;
		if self.bytes.saturating_add(length) > self.most {
			return None;
		}
		let ticket = self.next;
		self.next = self.next.checked_add(1)?;
		let (part, path) = (self.path(ticket, UNFINISHED), self.path(ticket, SUFFIX));
		let written = fs::write(&part, text).and_then(|()| fs::rename(&part, &path));
		if let Err(error) = written {
			warn!(dir = %self.dir.display(), %error, "a webhook cannot be kept on disk");
			let _ = fs::remove_file(&part);
			return None;
		}
		self.held.insert(ticket, length);
		self.bytes = self.bytes.saturating_add(length);
		Some(ticket)
	}

	/// An event was delivered or given up.
	pub(super) fn remove(&mut self, ticket: Ticket) {
		if let Some(length) = self.held.remove(&ticket) {
			self.bytes = self.bytes.saturating_sub(length);
			let _ = fs::remove_file(self.path(ticket, SUFFIX));
		}
	}

	fn path(&self, ticket: Ticket, suffix: &str) -> PathBuf {
		// Names sort as numbers do, for whoever looks.
		self.dir.join(format!("{ticket:020}.{suffix}"))
	}
}

fn read(path: &Path, most: u64) -> io::Result<(Hook, u64)> {
	let about = fs::metadata(path)?;
	let old = about.modified()?.elapsed().is_ok_and(|age| age > MAX_AGE);
	if old || about.len() > most {
		return Err(io::Error::other("too old, or too much"));
	}
	let kept: Kept = serde_json::from_slice(&fs::read(path)?)?;
	Ok((Hook { url: Arc::from(kept.url), key: kept.key, event: kept.event }, about.len()))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn dir() -> PathBuf {
		std::env::temp_dir().join(crate::keys::random_id("dtel-spool-").expect("random"))
	}

	fn hook(n: usize) -> Hook {
		let room = proto::Room { name: format!("r ü {n}"), ..Default::default() };
		let event = proto::WebhookEvent {
			event: "room_started".into(),
			room: Some(room),
			id: format!("EV_{n}"),
			..Default::default()
		};
		Hook { url: Arc::from("https://x.example/h"), key: "K".into(), event }
	}

	fn files(dir: &Path) -> usize {
		fs::read_dir(dir).expect("a directory").count()
	}

	#[test]
	fn what_waits_is_there_again_in_its_order() {
		let dir = dir();
		let (mut spool, none) = Spool::open(&dir, 1 << 20).expect("opens");
		assert!(none.is_empty());
		let tickets: Vec<_> = (0..12).map(|n| spool.put(&hook(n)).expect("kept")).collect();
		spool.remove(tickets[3]);
		spool.remove(tickets[3]);
		drop(spool);
		// A file that was not finished, one that is none of ours, one that is no event.
		fs::write(dir.join("7.part"), "x").expect("written");
		fs::write(dir.join("readme.txt"), "x").expect("written");
		fs::write(dir.join("99.json"), "{").expect("written");
		let (mut spool, waiting) = Spool::open(&dir, 1 << 20).expect("opens");
		let hooks: Vec<_> = waiting.iter().map(|(_, hook)| hook.clone()).collect();
		let expected: Vec<_> = (0..12).filter(|n| *n != 3).map(hook).collect();
		assert_eq!(hooks, expected);
		// Numbers go on behind the last one that was ever there.
		assert_eq!(spool.put(&hook(50)), Some(100));
		for (ticket, _) in waiting {
			spool.remove(ticket);
		}
		spool.remove(100);
		assert_eq!((files(&dir), spool.bytes, spool.held.len()), (1, 0, 0));
		fs::remove_dir_all(dir).expect("removed");
	}

	#[test]
	fn it_takes_no_more_than_it_may() {
		let dir = dir();
		let (mut spool, _) = Spool::open(&dir, 1_000).expect("opens");
		let kept = (0..1_000).filter_map(|n| spool.put(&hook(n))).count();
		assert!((1..20).contains(&kept) && spool.bytes <= 1_000, "{kept}");
		assert_eq!(files(&dir), kept);
		drop(spool);
		// Less is allowed now: the oldest stay.
		let (spool, waiting) = Spool::open(&dir, 300).expect("opens");
		assert!(!waiting.is_empty() && waiting.len() < kept && spool.bytes <= 300);
		assert_eq!(waiting[0].1, hook(0));
		assert_eq!(files(&dir), waiting.len());
		// None at all.
		let (mut spool, waiting) = Spool::open(&dir, 0).expect("opens");
		assert!(waiting.is_empty() && spool.put(&hook(1)).is_none() && files(&dir) == 0);
		fs::remove_dir_all(dir).expect("removed");
	}

	#[test]
	fn a_directory_that_cannot_be_written_costs_no_event() {
		let dir = dir();
		let (mut spool, _) = Spool::open(&dir, 1_000).expect("opens");
		fs::remove_dir_all(&dir).expect("removed");
		assert_eq!(spool.put(&hook(1)), None);
		spool.remove(0);
	}
}
