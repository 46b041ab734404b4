//! Which report to fetch, commit to and reveal at a block.

use super::{
	http,
	store::{self, Entry},
	submit, Trouble, RESEND_BLOCKS,
};
use crate::{Commitment, Commitments, Config, Error, MemberIndex, Pallet, LOG_TARGET};
use alloc::{format, string::String};
use codec::DecodeAll;
use core::marker::PhantomData;
use dtel_primitives::{
	clock::Moment,
	report::{EraReport, WorkerReport},
	AttestorId, BlockNumber, EraIndex, Hash, NodeId,
};
use dtel_traits::NodeRegistry;
use sp_application_crypto::RuntimeAppPublic;

/// One block's work in one phase.
pub(super) struct Round<T> {
	now: BlockNumber,
	era: EraIndex,
	genesis: Hash,
	/// Nothing that is sent later gets in.
	last: bool,
	_runtime: PhantomData<T>,
}

impl<T: Config> Round<T> {
	pub fn new(now: BlockNumber, moment: &Moment) -> Self {
		Self {
			now,
			era: moment.era,
			genesis: Pallet::<T>::genesis_hash(),
			last: moment.phase_ends.saturating_sub(now) <= 2,
			_runtime: PhantomData,
		}
	}

	/// Takes the reports that are missing from the daemons and commits to those that are not in the
	/// chain: to each as soon as it is here, so that none waits for the daemon of another.
	pub fn commit(&self) {
		for verifier in store::verifiers(&self.genesis) {
			self.commit_to(verifier);
		}
		for url in store::worker_urls() {
			let key = store::lock_key(&url);
			let mut lock = store::lock(&key);
			let Ok(_guard) = lock.try_lock() else {
				log::debug!(target: LOG_TARGET, "{url}: another worker is at it");
				continue;
			};
			if self.has_delivered(&url) {
				continue;
			}
			match http::fetch(&url, self.era).and_then(|bytes| self.examine(&bytes)) {
				Ok(report) => {
					let verifier = report.verifier;
					match self.take(&url, report) {
						Ok(()) => self.commit_to(verifier),
						Err(trouble) => store::complain(&self.genesis, &url, self.era, trouble),
					}
				}
				// It may come yet.
				Err(Trouble::NoReport) if !self.last => {}
				Err(trouble) => store::complain(&self.genesis, &url, self.era, trouble),
			}
		}
	}

	fn commit_to(&self, verifier: NodeId) {
		if let Err(trouble) = self.pursue_commit(verifier) {
			store::complain(&self.genesis, &whose(verifier), self.era, trouble);
		}
	}

	/// Reveals what is committed to. No daemon is needed for it, unless what was stored is lost.
	pub fn reveal(&self) {
		// What is here does not wait for daemons.
		for verifier in store::verifiers(&self.genesis) {
			let _ = self.pursue_reveal(verifier);
		}
		for url in store::worker_urls() {
			if self.has_all(&url) || store::was_asked(&self.genesis, &url, self.era) {
				continue;
			}
			let key = store::lock_key(&url);
			let mut lock = store::lock(&key);
			let Ok(_guard) = lock.try_lock() else { continue };
			let found = self.recover(&url);
			if matches!(found, Ok(()) | Err(Trouble::NoReport | Trouble::Lost)) {
				store::mark_asked(&self.genesis, &url, self.era);
			}
			match found {
				Ok(()) | Err(Trouble::NoReport) => {}
				// It may come back yet.
				Err(Trouble::Down | Trouble::Slow) if !self.last => {}
				Err(trouble) => store::complain(&self.genesis, &url, self.era, trouble),
			}
		}
		for verifier in store::verifiers(&self.genesis) {
			if let Err(trouble) = self.pursue_reveal(verifier) {
				store::complain(&self.genesis, &whose(verifier), self.era, trouble);
			}
		}
	}

	/// Whether a daemon's report of this era is here and still worth something. On a fork with other
	/// duties, a report to which the chain holds no commitment is worth nothing.
	fn has_delivered(&self, url: &str) -> bool {
		let Some(verifier) = store::served(&self.genesis, url, self.era) else { return false };
		let Some(entry) = store::entry(&self.genesis, verifier, self.era) else { return false };
		let kept = Commitments::<T>::contains_key(self.era, verifier)
			|| Pallet::<T>::check_report(&entry.report).is_ok();
		if !kept {
			store::forget(&self.genesis, verifier, self.era);
		}
		kept
	}

	/// Keeps a report and whose it is.
	fn take(&self, url: &str, report: EraReport) -> Result<(), Trouble> {
		let verifier = report.verifier;
		store::keep(&self.genesis, report)?;
		store::mark_served(&self.genesis, url, self.era, verifier);
		Ok(())
	}

	/// Whether nothing is to be revealed for the verifier of a daemon, or all that it takes is here.
	/// Whose verifier a daemon is was noted when it delivered last; without the note it has to be asked.
	fn has_all(&self, url: &str) -> bool {
		let Some(verifier) = store::last_served(&self.genesis, url) else { return false };
		match Commitments::<T>::get(self.era, verifier) {
			Some(theirs) if !theirs.is_revealed() => {
				self.entry(verifier).is_some_and(|e| self.binds(&theirs, &e.report, &e.salt))
			}
			_ => true,
		}
	}

	fn binds(&self, theirs: &Commitment, report: &EraReport, salt: &[u8; 32]) -> bool {
		report.commitment(&self.genesis, salt) == theirs.hash()
	}

	/// Makes a lost entry anew: if the daemon serves the very report to which its verifier is committed.
	fn recover(&self, url: &str) -> Result<(), Trouble> {
		let report = http::fetch(url, self.era).and_then(|bytes| self.examine(&bytes))?;
		let verifier = report.verifier;
		let theirs = Commitments::<T>::get(self.era, verifier).ok_or(Trouble::Missed)?;
		let salt = store::salt(&self.genesis, verifier, self.era).ok_or(Trouble::Storage)?;
		if !self.binds(&theirs, &report, &salt) {
			return Err(Trouble::Lost);
		}
		// One of another fork may be in its place.
		if self.entry(verifier).is_some_and(|e| !self.binds(&theirs, &e.report, &e.salt)) {
			store::forget(&self.genesis, verifier, self.era);
		}
		self.take(url, report)?;
		log::info!(target: LOG_TARGET, "era {}, node {verifier}: report recovered", self.era);
		Ok(())
	}

	/// A daemon's answer as a report that the chain would take from this node.
	fn examine(&self, mut bytes: &[u8]) -> Result<EraReport, Trouble> {
		let answer = WorkerReport::decode_all(&mut bytes).map_err(|_| Trouble::Rubbish)?;
		let (era, verifier) = (answer.report.era, answer.report.verifier);
		if era != self.era {
			return Err(Trouble::Era);
		}
		if !MemberIndex::<T>::contains_key(era, verifier) {
			return Err(Trouble::Stranger);
		}
		let media = T::Registry::media(verifier, era).ok_or(Trouble::Report)?;
		answer.verify(&self.genesis, &media).map_err(|_| Trouble::Report)?;
		Pallet::<T>::check_report(&answer.report).map_err(|error| match error {
			Error::NotMember | Error::NoCommittee => Trouble::Stranger,
			Error::ReportInvalid => Trouble::Report,
			_ => Trouble::Targets,
		})?;
		self.key(verifier)?;
		Ok(answer.report)
	}

	/// The attestor key of a verifier, if this node holds it.
	fn key(&self, verifier: NodeId) -> Result<AttestorId, Trouble> {
		Pallet::<T>::key_of(self.era, verifier)
			.ok()
			.filter(|key| AttestorId::all().contains(key))
			.ok_or(Trouble::Key)
	}

	fn entry(&self, verifier: NodeId) -> Option<Entry> {
		store::entry(&self.genesis, verifier, self.era)
	}

	fn pursue_commit(&self, verifier: NodeId) -> Result<(), Trouble> {
		let Some(Entry { report, salt, committed, .. }) = self.entry(verifier) else {
			return Ok(());
		};
		let ours = report.commitment(&self.genesis, &salt);
		match Commitments::<T>::get(self.era, verifier) {
			Some(theirs) if theirs.hash() == ours => return Ok(()),
			Some(_) => return Err(Trouble::Rival),
			None => {}
		}
		if self.is_recent(committed) || Pallet::<T>::check_report(&report).is_err() {
			return Ok(());
		}
		let key = self.key(verifier)?;
		if submit::commit::<T>(&self.genesis, &key, &report, ours) {
			log::info!(target: LOG_TARGET, "era {}, node {verifier}: commitment sent", self.era);
			let now = self.now;
			store::stamp(&self.genesis, verifier, self.era, |e| e.committed = Some(now));
		}
		Ok(())
	}

	fn pursue_reveal(&self, verifier: NodeId) -> Result<(), Trouble> {
		let Some(Entry { report, salt, revealed, .. }) = self.entry(verifier) else {
			return Ok(());
		};
		let theirs = Commitments::<T>::get(self.era, verifier).ok_or(Trouble::Missed)?;
		if !self.binds(&theirs, &report, &salt) {
			return Err(Trouble::Rival);
		}
		if theirs.is_revealed() || self.is_recent(revealed) {
			return Ok(());
		}
		let key = self.key(verifier)?;
		if submit::reveal::<T>(&self.genesis, &key, report, salt) {
			log::info!(target: LOG_TARGET, "era {}, node {verifier}: reveal sent", self.era);
			let now = self.now;
			store::stamp(&self.genesis, verifier, self.era, |e| e.revealed = Some(now));
		}
		Ok(())
	}

	/// Whether something was sent so lately that it may be on its way. What was sent at a higher block
	/// was sent on another fork.
	fn is_recent(&self, sent: Option<BlockNumber>) -> bool {
		sent.is_some_and(|sent| sent <= self.now && self.now < sent.saturating_add(RESEND_BLOCKS))
	}
}

fn whose(verifier: NodeId) -> String {
	format!("node {verifier}")
}
