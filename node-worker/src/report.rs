//! Reports: signed once, kept on disk, served again byte for byte after a restart.

use anyhow::{Context, Result};
use codec::{DecodeAll, Encode};
use dtel_primitives::{
	report::{EraReport, WorkerReport, MAX_REPORT_BYTES, REPORT_VERSION},
	EraIndex, Hash, MediaSignature, NodeId,
};
use ed25519_dalek::{Signer, SigningKey};
use std::{
	collections::BTreeMap,
	fs,
	io::{Read, Write},
	path::{Path, PathBuf},
	sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tracing::warn;

/// Eras of which the report is kept.
const KEPT: usize = 8;

/// A report and the bytes that the off-chain worker gets.
#[derive(Debug)]
pub struct Stored {
	/// The report.
	pub report: WorkerReport,
	/// Its SCALE encoding.
	pub bytes: Vec<u8>,
}

/// Signs a report with the `media` key.
pub fn sign(report: EraReport, genesis: Hash, key: &SigningKey) -> WorkerReport {
	let signature = key.sign(&report.media_payload(&genesis)).to_bytes();
	let signature = MediaSignature::from_raw(signature);
	WorkerReport { version: REPORT_VERSION, genesis, report, signature }
}

/// The reports of the last eras, in memory and on disk.
pub struct ReportStore {
	dir: PathBuf,
	reports: Mutex<BTreeMap<EraIndex, Arc<Stored>>>,
}

impl ReportStore {
	/// Opens the store in a directory, which is made if it is not there. Files that do not decode are left alone
	/// and not served.
	pub fn open(data_dir: &Path) -> Result<Self> {
		let dir = data_dir.join("reports");
		fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
		let mut reports = BTreeMap::new();
		for entry in fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))? {
			let path = entry?.path();
			if path.extension().is_none_or(|e| e != "scale") {
				continue;
			}
			match read(&path) {
				Ok(stored) => drop(reports.insert(stored.report.report.era, Arc::new(stored))),
				Err(error) => warn!(path = %path.display(), %error, "report not readable"),
			}
		}
		let store = Self { dir, reports: Mutex::new(reports) };
		store.prune();
		Ok(store)
	}

	/// The report of an era.
	pub fn get(&self, era: EraIndex) -> Option<Arc<Stored>> {
		self.lock().get(&era).cloned()
	}

	/// Eras of which a report is there.
	pub fn eras(&self) -> Vec<EraIndex> {
		self.lock().keys().copied().collect()
	}

	/// Keeps a report. The first one of an era stays: what was served once never changes.
	pub fn insert(&self, report: WorkerReport) -> Result<Arc<Stored>> {
		let era = report.report.era;
		if let Some(stored) = self.get(era) {
			return Ok(stored);
		}
		let bytes = report.encode();
		write(&self.dir, &self.path(era), &bytes)
			.with_context(|| format!("cannot keep the report of era {era}"))?;
		let stored = Arc::new(Stored { report, bytes });
		self.lock().insert(era, Arc::clone(&stored));
		self.prune();
		Ok(stored)
	}

	/// Drops reports that were made for another chain or by another node, and those of eras that have not come:
	/// they belong to a chain that was started anew.
	pub fn retain(&self, genesis: Hash, verifier: NodeId, now: EraIndex) {
		let mut reports = self.lock();
		let foreign = |s: &Stored| {
			let r = &s.report;
			r.genesis != genesis || r.report.verifier != verifier || r.report.era > now
		};
		let drop: Vec<_> =
			reports.iter().filter(|(_, s)| foreign(s)).map(|(era, _)| *era).collect();
		for era in drop {
			warn!(era, "dropping a report of another chain or node");
			reports.remove(&era);
			self.delete(era);
		}
	}

	fn prune(&self) {
		let mut reports = self.lock();
		while reports.len() > KEPT {
			if let Some((era, _)) = reports.pop_first() {
				self.delete(era);
			}
		}
	}

	fn delete(&self, era: EraIndex) {
		// A file that stays is pruned at the next start.
		let _ = fs::remove_file(self.path(era));
	}

	fn path(&self, era: EraIndex) -> PathBuf {
		self.dir.join(format!("era-{era:010}.scale"))
	}

	fn lock(&self) -> MutexGuard<'_, BTreeMap<EraIndex, Arc<Stored>>> {
		self.reports.lock().unwrap_or_else(PoisonError::into_inner)
	}
}

fn read(path: &Path) -> Result<Stored> {
	let mut bytes = Vec::new();
	let limit = u64::from(MAX_REPORT_BYTES).saturating_add(1);
	fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
	let report = WorkerReport::decode_all(&mut &bytes[..])?;
	Ok(Stored { report, bytes })
}

/// Writes a file so that it is there whole or not at all.
fn write(dir: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
	let temporary = path.with_extension("new");
	let mut file = fs::File::create(&temporary)?;
	file.write_all(bytes)?;
	file.sync_all()?;
	fs::rename(&temporary, path)?;
	fs::File::open(dir)?.sync_all()?;
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtel_primitives::{report::Measurement, MediaKey};

	const GENESIS: Hash = Hash::repeat_byte(7);

	fn dir() -> PathBuf {
		std::env::temp_dir().join(crate::keys::random_id("dtel-reports-").expect("random"))
	}

	fn key() -> SigningKey {
		SigningKey::from_bytes(&[3; 32])
	}

	fn report(era: EraIndex, tried: u16) -> WorkerReport {
		let measurements = vec![Measurement::down(5, tried)].try_into().expect("bounded");
		sign(EraReport { era, verifier: 1, measurements, own: None }, GENESIS, &key())
	}

	#[test]
	fn signature_satisfies_the_chain() {
		let media = MediaKey::from_raw(key().verifying_key().to_bytes());
		assert_eq!(report(1, 2).verify(&GENESIS, &media), Ok(()));
	}

	#[test]
	fn restart_serves_the_same_bytes() {
		let dir = dir();
		let bytes = ReportStore::open(&dir)
			.expect("open")
			.insert(report(4, 2))
			.expect("kept")
			.bytes
			.clone();
		let again = ReportStore::open(&dir).expect("open");
		assert_eq!(again.get(4).expect("there").bytes, bytes);
		// A second report of the era does not replace the first.
		assert_eq!(again.insert(report(4, 9)).expect("kept").bytes, bytes);
	}

	#[test]
	fn old_and_foreign_reports_go() {
		let dir = dir();
		let store = ReportStore::open(&dir).expect("open");
		for era in 0..20 {
			store.insert(report(era, 1)).expect("kept");
		}
		assert_eq!(store.eras(), (12..20).collect::<Vec<_>>());
		assert_eq!(fs::read_dir(dir.join("reports")).expect("dir").count(), KEPT);
		store.retain(GENESIS, 1, 15);
		assert_eq!(store.eras(), (12..16).collect::<Vec<_>>());
		store.retain(Hash::repeat_byte(8), 1, 15);
		assert!(ReportStore::open(&dir).expect("open").eras().is_empty());
	}

	#[test]
	fn damaged_files_are_not_served() {
		let dir = dir();
		ReportStore::open(&dir).expect("open").insert(report(1, 1)).expect("kept");
		let path = dir.join("reports/era-0000000001.scale");
		let bytes = fs::read(&path).expect("file");
		fs::write(&path, &bytes[..bytes.len() - 1]).expect("cut");
		fs::write(dir.join("reports/era-0000000002.scale"), b"rubbish").expect("written");
		fs::write(dir.join("reports/notes.txt"), b"").expect("written");
		assert!(ReportStore::open(&dir).expect("open").eras().is_empty());
	}
}
