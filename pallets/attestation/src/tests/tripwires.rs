//! What clients, stored data and signed bytes rely on and must not move without a migration.

use super::*;
use crate::{
	Commitment, Draw, Error, Event, Last, Pool, Progress, Revealed, Sample, Snapshot, Walk, Worth,
};
use dtel_primitives::api::Verdict;
use frame_support::{
	traits::{GetStorageVersion, PalletInfoAccess, StorageVersion},
	StoragePrefixedMap,
};

#[test]
fn call_indices_stay() {
	build_and_execute(|| {
		network(4);
		roll_to_phase(2, Phase::Commit);
		let report = report(2, 1);
		let index = |call: Call<Test>| call.encode()[0];
		assert_eq!(index(commit_call(&report)), 0);
		assert_eq!(index(reveal_call(&report)), 1);
		assert_eq!(index(Call::settle { limit: 1 }), 2);
		assert_eq!(index(Call::freeze { limit: 1 }), 3);
		let shown = || signed_reveal(&report);
		assert_eq!(index(Call::report_double_reveal { first: shown(), second: shown() }), 4);
	});
}

#[test]
fn event_indices_stay() {
	let index = |event: Event<Test>| event.encode()[0];
	let (era, node, verifier, members) = (0, 0, 0, 0);
	let (verdict, score, paid) = (Verdict::Down, BasisPoints::ZERO, BasisPoints::ZERO);
	assert_eq!(
		[
			Event::SeedDrawn { era, members },
			Event::SnapshotFrozen { era, members, stake: 0 },
			Event::SnapshotMissed { era },
			Event::Committed { era, verifier },
			Event::Revealed { era, verifier },
			Event::NodeSettled { era, node, verdict, score, paid },
			Event::EraSettled { era, members },
			Event::Deviated { era, target: node, verifier },
			Event::PlaceDoubted { era, target: node, verifier, rtt_us: 0, least_us: 0 },
			Event::SelfReportDiffers { era, node },
			Event::DoubleRevealReported { era, verifier, reporter: 0 },
		]
		.map(index),
		[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
	);
}

#[test]
fn error_indices_stay() {
	use Error::*;
	let errors: [Error<Test>; 17] = [
		TooEarly,
		TooLate,
		NoCommittee,
		NotMember,
		AlreadyCommitted,
		NotCommitted,
		AlreadyRevealed,
		CommitmentMismatch,
		NoDuty,
		TargetsMismatch,
		ReportInvalid,
		UnknownKey,
		BadSignature,
		NothingToSettle,
		NothingToFreeze,
		AlreadyShown,
		NoDoubleReveal,
	];
	for (place, error) in (0u8..).zip(errors) {
		assert_eq!(error.encode(), [place]);
	}
}

#[test]
fn verdicts_stay() {
	let all = [Verdict::Measured, Verdict::Down, Verdict::Unmeasured];
	assert_eq!(all.map(|verdict| verdict.encode()), [[0], [1], [2]]);
}

#[test]
fn what_is_stored_keeps_its_shape() {
	let measurement = good(5);
	let sample = Sample { verifier: 1, voice: 3, weight: 2, measurement };
	assert_eq!(sample.encode(), (1u32, 3u64, 2u128, measurement).encode());
	assert_eq!(Draw { seed: [7; 32], targets: 5 }.encode(), ([7u8; 32], 5u32).encode());
	assert_eq!(
		Last { era: 1, score: BasisPoints::ONE, nearly_downs: 5, worth: None }.encode(),
		(1u32, BasisPoints::ONE, 5u8, None::<()>).encode()
	);
	assert_eq!(
		Worth { score: BasisPoints::ONE, kbps: 7 }.encode(),
		(BasisPoints::ONE, 7u32).encode()
	);
	assert_eq!(Walk { era: 1, index: 2 }.encode(), (1u32, 2u32).encode());
	let progress = Progress { commits: 1, reveals: 2, measured: 3, down: 4, noted: 5, settled: 6 };
	assert_eq!(progress.encode(), [1u32, 2, 3, 4, 5, 6].map(u32::to_le_bytes).concat());
	let (hash, key) = (Hash::repeat_byte(3), attestor(1).public());
	let commitment = Commitment { hash, key: key.into(), revealed: None };
	assert_eq!(commitment.encode(), (hash, key, None::<()>).encode());
	let revealed = Revealed { measured: 1, outliers: 2, own: None };
	assert_eq!(revealed.encode(), [1, 2, 0]);
	let pool = Pool::default();
	assert_eq!(pool.encode(), (Vec::<(EraIndex, Sample)>::new(), None::<Last>).encode());
	assert_eq!(Snapshot::default().encode(), (0u32, 0u128, false, None::<NodeId>).encode());
}

#[test]
fn storage_stays_where_it_is() {
	assert_eq!(Attestation::name(), "Attestation");
	assert_eq!(Attestation::in_code_storage_version(), StorageVersion::new(1));
	let prefixes = [
		(crate::Members::<Test>::storage_prefix(), "Members"),
		(crate::MemberIndex::<Test>::storage_prefix(), "MemberIndex"),
		(crate::Snapshots::<Test>::storage_prefix(), "Snapshots"),
		(crate::Seeds::<Test>::storage_prefix(), "Seeds"),
		(crate::Commitments::<Test>::storage_prefix(), "Commitments"),
		(crate::Samples::<Test>::storage_prefix(), "Samples"),
		(crate::Eras::<Test>::storage_prefix(), "Eras"),
		(crate::Outcomes::<Test>::storage_prefix(), "Outcomes"),
		(crate::Pools::<Test>::storage_prefix(), "Pools"),
	];
	for (is, was) in prefixes {
		assert_eq!(is, was.as_bytes());
	}
}
