//! The off-chain worker: takes reports from media daemons, commits to them, reveals them.
//!
//! It holds no policy. A report is passed on if the pallet would take it: well formed, signed by the
//! daemon's `media` key, about exactly the verifier's targets. What the figures are worth is judged
//! on chain.
//!
//! | module | what it does |
//! |---|---|
//! | `duties` | which report to fetch, commit to, reveal at this block |
//! | `http` | fetches a report from a daemon: loopback, deadline, size cap |
//! | `store` | what is kept between blocks and restarts; locks; log markers |
//! | `submit` | signs with the `attestor` key and hands to the pool |
//!
//! # Why nothing is lost
//!
//! The report and its salt are stored under (genesis, era, verifier) *before* the commitment leaves
//! the node, and never change for as long as they are worth anything. A restart, a daemon that
//! answers something else, a fork that drops the commitment: each time the same commitment is sent,
//! and what it binds is revealed. Two workers at work at the same time write by compare-and-set: the
//! first report stays.
//!
//! Should what was stored be gone nevertheless (the machine died before the disk had it, or a fork with
//! other duties made the worker drop it), it can be made again. A salt is no random number of its own but
//! `blake2_256("dtel/salt/1", secret, genesis, era, verifier)`, the secret being drawn once and long before the
//! first commitment; the daemon keeps its reports on disk and serves the same again. In the reveal phase
//! a daemon whose verifier lacks an entry that fits its commitment is asked anew, until it has answered once. What
//! it answers is revealed if report and salt give exactly the commitment on chain.
//!
//! # Why nothing grows
//!
//! Entries live in [`SLOTS`] slots a verifier and are overwritten in later eras; markers are one a
//! daemon or verifier; the list of verifiers is bounded; there is one secret.

mod duties;
mod http;
mod store;
mod submit;

use crate::Config;
use core::fmt;
use dtel_primitives::{clock::Phase, BlockNumber};
use frame_support::traits::Get;

pub use store::{MAX_VERIFIERS, SLOTS};

/// For how long the worker waits for a daemon, in milliseconds: connection, headers and body together.
pub const FETCH_MS: u64 = 2_000;
/// After this long, a lock whose holder has died is free again, in milliseconds.
pub const LOCK_MS: u64 = 2 * FETCH_MS;
/// A transaction that is not in the chain this many blocks after it was sent is sent again.
pub const RESEND_BLOCKS: BlockNumber = 2;

/// Why a report is not passed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trouble {
	/// The address is not `http://`, a loopback host and a port.
	Url,
	/// Nobody answers there.
	Down,
	/// No complete answer within the deadline.
	Slow,
	/// The daemon has no report of the era, or not yet.
	NoReport,
	/// An answer other than 200. Redirects are not followed.
	Status(u16),
	/// More bytes than a report can have.
	TooLong,
	/// Bytes that are no report.
	Rubbish,
	/// A report of another era.
	Era,
	/// Signed by a key that is not the daemon's, for another chain, or out of range.
	Report,
	/// About other nodes than the verifier's targets.
	Targets,
	/// The verifier is no member of the era.
	Stranger,
	/// The verifier's attestor key is not in the keystore.
	Key,
	/// The chain holds another commitment of the verifier.
	Rival,
	/// The commitment did not get into the chain in time.
	Missed,
	/// What was committed to is lost here, and the daemon has another report.
	Lost,
	/// Local storage does not keep what is written.
	Storage,
}

impl fmt::Display for Trouble {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let words = match self {
			Self::Url => "the address is not http:// with a loopback host and a port",
			Self::Down => "the daemon does not answer",
			Self::Slow => "the daemon takes too long",
			Self::NoReport => "the daemon has no report of this era",
			Self::Status(code) => return write!(f, "the daemon answers with status {code}"),
			Self::TooLong => "the answer is longer than a report can be",
			Self::Rubbish => "the answer is no report",
			Self::Era => "the report is of another era",
			Self::Report => {
				"the report is for another chain, invalid or not signed by the media key"
			}
			Self::Targets => "the report is not about exactly the verifier's targets",
			Self::Stranger => "the verifier is no member of this era",
			Self::Key => "the verifier's attestor key is not in the keystore",
			Self::Rival => {
				"the chain holds a commitment of the verifier that this node did not make"
			}
			Self::Missed => "the commitment did not get into the chain",
			Self::Lost => "the report that was committed to is lost; the daemon has another one",
			Self::Storage => "local storage does not keep what is written",
		};
		f.write_str(words)
	}
}

/// What the worker does when `now` has become the best block.
pub fn run<T: Config>(now: BlockNumber) {
	store::prepare();
	let clock = T::Clock::get();
	let moment = clock.moment(now);
	// What is sent now is included in the next block at the earliest.
	let next = clock.moment(now.saturating_add(1));
	if (moment.era, moment.phase) != (next.era, next.phase) {
		return;
	}
	match moment.phase {
		Phase::Commit => duties::Round::<T>::new(now, &moment).commit(),
		Phase::Reveal => duties::Round::<T>::new(now, &moment).reveal(),
		Phase::Measure | Phase::Settle => {}
	}
}

#[cfg(test)]
pub(crate) mod inside {
	//! For the tests.
	pub(crate) use super::store::*;
}
