//! What a verifier says of its targets, and exactly which bytes are hashed and signed.
//!
//! ```text
//!  daemon                        off-chain worker                     chain
//!  EraReport ──media key──▶ WorkerReport ──check──▶ commitment ──attestor──▶ Commit
//!                                      └─salt────▶ report+salt ─attestor──▶ Reveal
//! ```
//!
//! Each signed or hashed message begins with its own context string and with the genesis hash, so
//! that nothing signed for one purpose or chain means anything for another.

use crate::{AttestorSignature, BasisPoints, EraIndex, Hash, MediaKey, MediaSignature, NodeId};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::{bounded::BoundedVec, ConstU32};
use sp_runtime::traits::Verify;

/// Most targets a verifier can have in an era.
pub const MAX_TARGETS: u32 = 16;
/// Version of [`WorkerReport`].
pub const REPORT_VERSION: u8 = 2;
/// Longest [`WorkerReport`] in bytes that an off-chain worker reads.
pub const MAX_REPORT_BYTES: u32 = 4_096;

const CONTEXT_REPORT: &[u8] = b"dtel/report/2";
const CONTEXT_COMMITMENT: &[u8] = b"dtel/commitment/2";
const CONTEXT_COMMIT: &[u8] = b"dtel/commit/1";
const CONTEXT_REVEAL: &[u8] = b"dtel/reveal/2";

/// What one verifier measured of one target in one era, over all of its calls.
///
/// Means over calls that came up; with none up, the worst of each ([`Measurement::down`]).
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct Measurement {
	/// The node that was measured.
	pub target: NodeId,
	/// Calls tried, at least one.
	pub calls_tried: u16,
	/// Calls in which media came back.
	pub calls_up: u16,
	/// From the first byte of signalling to the first media back, in milliseconds.
	pub setup_ms: u32,
	/// Audio packets that did not come back, of those sent.
	pub loss: BasisPoints,
	/// Interarrival jitter (RFC 3550 §6.4.1) of the way through the target and back, in microseconds.
	pub jitter_us: u32,
	/// The shortest time through the target and back, in microseconds.
	pub rtt_min_us: u32,
	/// The median of these times.
	pub rtt_us: u32,
	/// What 95 % of them do not exceed.
	pub rtt_p95_us: u32,
	/// Mean opinion score by ITU-T G.107 in hundredths, 100..=500.
	pub mos_centi: u16,
	/// Video: frames, freezes, resolution and bitrate that came back against what was sent.
	pub video: BasisPoints,
	/// Media that was sent to the target, in kbit/s.
	pub up_kbps: u32,
	/// Media that came back from the target, in kbit/s.
	pub down_kbps: u32,
	/// The software that the target said it runs.
	pub version: ReleaseVersion,
}

/// A version `major.minor.patch`; all zero when it is not known.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct ReleaseVersion {
	/// Changes that break.
	pub major: u16,
	/// Additions.
	pub minor: u16,
	/// Corrections.
	pub patch: u16,
}

impl ReleaseVersion {
	/// The version in a text like `dtel-worker/1.2.3-rc1`: the first three numbers after the last slash. Unknown when there are not
	/// three that fit.
	pub fn parse(text: &str) -> Self {
		let version = text.rsplit('/').next().unwrap_or_default().trim_start_matches('v');
		let mut numbers = version.splitn(3, '.').map(|part| {
			let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
			part.get(..end).and_then(|digits| digits.parse::<u16>().ok())
		});
		match (numbers.next().flatten(), numbers.next().flatten(), numbers.next().flatten()) {
			(Some(major), Some(minor), Some(patch)) => Self { major, minor, patch },
			_ => Self::default(),
		}
	}
}

impl ReleaseVersion {
	/// One number below 2⁴⁸, in the order of versions.
	pub const fn number(self) -> u64 {
		let Self { major, minor, patch } = self;
		(major as u64) << 32 | (minor as u64) << 16 | patch as u64
	}

	/// The version with this number.
	pub const fn from_number(number: u64) -> Self {
		Self { major: (number >> 32) as u16, minor: (number >> 16) as u16, patch: number as u16 }
	}
}

impl core::fmt::Display for ReleaseVersion {
	fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
		write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
	}
}

/// What a node says of the service that it gave to callers in an era until it reported, by its own statistics of their connections.
/// Published beside what others attested, and never paid for.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct SelfReport {
	/// Participants that were connected, at least one: without any there is nothing to be said.
	pub participants: u32,
	/// Packets that were lost on the way from one of them through the node to another, of all, as receivers reported.
	pub loss: BasisPoints,
	/// Mean interarrival jitter of what they received, in microseconds.
	pub jitter_us: u32,
	/// Mean round trip to them, in microseconds.
	pub rtt_us: u32,
	/// Mean opinion score of their audio in hundredths, 100..=500.
	pub mos_centi: u16,
	/// Media from them over the whole of that time, in kbit/s.
	pub up_kbps: u32,
	/// Media to them over the whole of that time, in kbit/s.
	pub down_kbps: u32,
}

impl SelfReport {
	/// Whether every value is in its range.
	pub fn validate(&self) -> Result<(), ReportError> {
		let max_us = Measurement::MAX_MILLIS.saturating_mul(1_000);
		let in_range = self.participants > 0
			&& self.jitter_us <= max_us
			&& self.rtt_us <= max_us
			&& (100..=500).contains(&self.mos_centi)
			&& self.up_kbps <= Measurement::MAX_KBPS
			&& self.down_kbps <= Measurement::MAX_KBPS;
		in_range.then_some(()).ok_or(ReportError::Range)
	}
}

/// Why a report is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReportError {
	/// No call was tried, or more came up than were tried.
	Calls,
	/// A value lies outside of its range.
	Range,
	/// No call came up, yet something else than the worst is claimed.
	Down,
	/// Targets are not in strictly rising order.
	Order,
	/// A version that this build does not know.
	Version,
	/// Made for another chain.
	Chain,
	/// The signature is not the media key's.
	Signature,
}

impl Measurement {
	/// Longest set-up, jitter or round trip that counts: 60 s. A call that takes longer is not up.
	pub const MAX_MILLIS: u32 = 60_000;
	/// Highest throughput of a node: 1 Tbit/s.
	pub const MAX_KBPS: u32 = 1_000_000_000;

	/// The measurement of a target of which `tried` calls all failed.
	pub const fn down(target: NodeId, tried: u16) -> Self {
		Self {
			target,
			calls_tried: tried,
			calls_up: 0,
			setup_ms: Self::MAX_MILLIS,
			loss: BasisPoints::ONE,
			jitter_us: 0,
			rtt_min_us: 0,
			rtt_us: 0,
			rtt_p95_us: 0,
			mos_centi: 100,
			video: BasisPoints::ZERO,
			up_kbps: 0,
			down_kbps: 0,
			version: ReleaseVersion { major: 0, minor: 0, patch: 0 },
		}
	}

	/// Whether no call came up.
	pub const fn is_down(&self) -> bool {
		self.calls_up == 0
	}

	/// Share of calls that came up.
	pub const fn availability(&self) -> BasisPoints {
		BasisPoints::from_ratio(self.calls_up as u64, self.calls_tried as u64)
	}

	/// Whether every value is in its range and they do not contradict each other.
	pub fn validate(&self) -> Result<(), ReportError> {
		if self.calls_tried == 0 || self.calls_up > self.calls_tried {
			return Err(ReportError::Calls);
		}
		if self.is_down() {
			return if *self == Self::down(self.target, self.calls_tried) {
				Ok(())
			} else {
				Err(ReportError::Down)
			};
		}
		let max_us = Self::MAX_MILLIS.saturating_mul(1_000);
		if self.setup_ms > Self::MAX_MILLIS
			|| self.jitter_us > max_us
			|| self.rtt_p95_us > max_us
			|| self.rtt_us > self.rtt_p95_us
			|| self.rtt_min_us > self.rtt_us
			|| !(100..=500).contains(&self.mos_centi)
			|| self.up_kbps > Self::MAX_KBPS
			|| self.down_kbps > Self::MAX_KBPS
		{
			return Err(ReportError::Range);
		}
		Ok(())
	}
}

/// The measurements of one report.
pub type Measurements = BoundedVec<Measurement, ConstU32<MAX_TARGETS>>;

/// Everything that one verifier measured in one era.
#[derive(
	Clone,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct EraReport {
	/// The era.
	pub era: EraIndex,
	/// The node that measured.
	pub verifier: NodeId,
	/// What it measured, by rising target.
	pub measurements: Measurements,
	/// What it says of its own service; nothing when it served nobody.
	pub own: Option<SelfReport>,
}

impl EraReport {
	/// Whether targets rise strictly, and every measurement and what it says of itself is valid.
	pub fn validate(&self) -> Result<(), ReportError> {
		self.measurements.iter().try_for_each(Measurement::validate)?;
		self.own.as_ref().map_or(Ok(()), SelfReport::validate)?;
		let ordered = self
			.measurements
			.iter()
			.zip(self.measurements.iter().skip(1))
			.all(|(a, b)| a.target < b.target);
		if ordered {
			Ok(())
		} else {
			Err(ReportError::Order)
		}
	}

	/// What a verifier commits to before it reveals: it binds chain, era, verifier and measurements,
	/// and the salt keeps it from being guessed.
	pub fn commitment(&self, genesis: &Hash, salt: &[u8; 32]) -> Hash {
		sp_io::hashing::blake2_256(&(CONTEXT_COMMITMENT, genesis, self, salt).encode()).into()
	}

	/// The bytes that the daemon's `media` key signs.
	pub fn media_payload(&self, genesis: &Hash) -> Vec<u8> {
		(CONTEXT_REPORT, genesis, self).encode()
	}

	/// The bytes that the `attestor` key signs to reveal this report.
	pub fn reveal_payload(&self, genesis: &Hash, salt: &[u8; 32]) -> Vec<u8> {
		(CONTEXT_REVEAL, genesis, self, salt).encode()
	}
}

/// A report as a verifier reveals it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct SignedReveal {
	/// The report.
	pub report: EraReport,
	/// The salt of its commitment.
	pub salt: [u8; 32],
	/// The `attestor` key's signature over [`EraReport::reveal_payload`].
	pub signature: AttestorSignature,
}

/// The bytes that the `attestor` key signs to commit.
pub fn commit_payload(
	genesis: &Hash,
	era: EraIndex,
	verifier: NodeId,
	commitment: &Hash,
) -> Vec<u8> {
	(CONTEXT_COMMIT, genesis, era, verifier, commitment).encode()
}

/// What the daemon serves to the off-chain worker.
#[derive(
	Clone,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct WorkerReport {
	/// [`REPORT_VERSION`].
	pub version: u8,
	/// The chain that it is for.
	pub genesis: Hash,
	/// The report.
	pub report: EraReport,
	/// The `media` key's signature over [`EraReport::media_payload`].
	pub signature: MediaSignature,
}

impl WorkerReport {
	/// Whether version and chain fit, the report is valid and `media` signed it.
	pub fn verify(&self, genesis: &Hash, media: &MediaKey) -> Result<(), ReportError> {
		if self.version != REPORT_VERSION {
			return Err(ReportError::Version);
		}
		if self.genesis != *genesis {
			return Err(ReportError::Chain);
		}
		self.report.validate()?;
		if self.signature.verify(&self.report.media_payload(genesis)[..], media) {
			Ok(())
		} else {
			Err(ReportError::Signature)
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use sp_core::{ed25519, Pair};

	fn good(target: NodeId) -> Measurement {
		Measurement {
			target,
			calls_tried: 2,
			calls_up: 2,
			setup_ms: 120,
			loss: BasisPoints::ZERO,
			jitter_us: 300,
			rtt_min_us: 800,
			rtt_us: 900,
			rtt_p95_us: 1_200,
			mos_centi: 440,
			video: BasisPoints::ONE,
			up_kbps: 1_500,
			down_kbps: 1_400,
			version: ReleaseVersion::parse("1.2.3"),
		}
	}

	fn report(targets: &[NodeId]) -> EraReport {
		let measurements = targets.iter().map(|t| good(*t)).collect::<Vec<_>>();
		EraReport { era: 3, verifier: 9, measurements: measurements.try_into().unwrap(), own: None }
	}

	fn own(participants: u32, mos_centi: u16) -> Option<SelfReport> {
		let (loss, rtt_us) = (BasisPoints::ZERO, 900);
		let (jitter_us, up_kbps, down_kbps) = (100, 7, 9);
		Some(SelfReport { participants, loss, jitter_us, rtt_us, mos_centi, up_kbps, down_kbps })
	}

	#[test]
	fn numbers_of_versions_are_in_their_order() {
		let version = |major, minor, patch| ReleaseVersion { major, minor, patch };
		let most = u16::MAX;
		let rising = [(0, 0, 9), (0, 1, 0), (1, 0, 0), (1, 0, most), (most, most, most)]
			.map(|(major, minor, patch)| version(major, minor, patch));
		for pair in rising.windows(2) {
			assert!(pair[0] < pair[1] && pair[0].number() < pair[1].number());
		}
		assert!(rising.iter().all(|v| ReleaseVersion::from_number(v.number()) == *v));
		assert_eq!(rising[4].number(), (1 << 48) - 1);
	}

	#[test]
	fn a_report_passes_when_in_range_and_order() {
		assert_eq!(report(&[1, 2, 7]).validate(), Ok(()));
		assert_eq!(report(&[2, 1]).validate(), Err(ReportError::Order));
		assert_eq!(report(&[2, 2]).validate(), Err(ReportError::Order));
	}

	#[test]
	fn a_measurement_fails_when_it_contradicts_itself() {
		assert_eq!(Measurement::down(1, 2).validate(), Ok(()));
		assert_eq!(Measurement::down(1, 0).validate(), Err(ReportError::Calls));
		assert_eq!(Measurement { calls_up: 3, ..good(1) }.validate(), Err(ReportError::Calls));
		assert_eq!(Measurement { calls_up: 0, ..good(1) }.validate(), Err(ReportError::Down));
		assert_eq!(Measurement { mos_centi: 501, ..good(1) }.validate(), Err(ReportError::Range));
		assert_eq!(
			Measurement { rtt_p95_us: 60_000_001, ..good(1) }.validate(),
			Err(ReportError::Range)
		);
		for (rtt_min_us, rtt_us, rtt_p95_us) in [(3, 2, 3), (1, 4, 3)] {
			let twisted = Measurement { rtt_min_us, rtt_us, rtt_p95_us, ..good(1) };
			assert_eq!(twisted.validate(), Err(ReportError::Range));
		}
	}

	#[test]
	fn a_report_fails_when_what_a_node_says_of_itself_is_out_of_range() {
		assert_eq!(EraReport { own: own(1, 440), ..report(&[1]) }.validate(), Ok(()));
		for own in [own(0, 440), own(1, 99), own(1, 501)] {
			let report = EraReport { own, ..report(&[1]) };
			assert_eq!(report.validate(), Err(ReportError::Range));
		}
	}

	#[test]
	fn versions_are_read_from_what_servers_say() {
		let version = |major, minor, patch| ReleaseVersion { major, minor, patch };
		for (text, found) in [
			("1.2.3", version(1, 2, 3)),
			("dtel-worker/0.10.65535-rc.1+x", version(0, 10, 65_535)),
			("v2.0.1", version(2, 0, 1)),
			("1.2", version(0, 0, 0)),
			("1.2.65536", version(0, 0, 0)),
			("a.b.c", version(0, 0, 0)),
			("", version(0, 0, 0)),
			("ä/ß.1.1", version(0, 0, 0)),
		] {
			assert_eq!(ReleaseVersion::parse(text), found, "{text}");
		}
		assert_eq!(version(1, 2, 3).to_string(), "1.2.3");
	}

	#[test]
	fn a_commitment_depends_on_everything_it_binds() {
		let (genesis, salt) = (Hash::repeat_byte(1), [2; 32]);
		let base = report(&[1]).commitment(&genesis, &salt);
		assert_ne!(base, report(&[1]).commitment(&Hash::repeat_byte(2), &salt));
		assert_ne!(base, report(&[1]).commitment(&genesis, &[3; 32]));
		assert_ne!(base, report(&[2]).commitment(&genesis, &salt));
		assert_ne!(base, EraReport { era: 4, ..report(&[1]) }.commitment(&genesis, &salt));
		assert_ne!(base, EraReport { verifier: 8, ..report(&[1]) }.commitment(&genesis, &salt));
		assert_ne!(
			base,
			EraReport { own: own(1, 400), ..report(&[1]) }.commitment(&genesis, &salt)
		);
	}

	#[test]
	fn a_worker_report_fails_when_chain_version_or_key_differ() {
		let pair = ed25519::Pair::from_seed(&[5; 32]);
		let genesis = Hash::repeat_byte(1);
		let report = report(&[1, 2]);
		let signature = pair.sign(&report.media_payload(&genesis));
		let good = WorkerReport { version: REPORT_VERSION, genesis, report, signature };
		assert_eq!(good.verify(&genesis, &pair.public()), Ok(()));
		assert_eq!(good.verify(&Hash::repeat_byte(2), &pair.public()), Err(ReportError::Chain));
		assert_eq!(
			WorkerReport { version: 1, ..good.clone() }.verify(&genesis, &pair.public()),
			Err(ReportError::Version)
		);
		let other = ed25519::Pair::from_seed(&[6; 32]).public();
		assert_eq!(good.verify(&genesis, &other), Err(ReportError::Signature));
	}

	#[test]
	fn a_full_report_fits_the_cap() {
		let targets: Vec<_> = (0..MAX_TARGETS).collect();
		let full = WorkerReport {
			version: REPORT_VERSION,
			genesis: Hash::zero(),
			report: EraReport { own: own(1, 400), ..report(&targets) },
			signature: MediaSignature::default(),
		};
		assert!(full.encoded_size() <= MAX_REPORT_BYTES as usize);
	}
}
