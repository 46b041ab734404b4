//! What clients rely on and must not move by accident.

use crate::{mock::*, Call, Error, Event};
use codec::Encode;
use dtel_primitives::validator::Standing;
use frame_support::traits::{GetStorageVersion, PalletInfoAccess, StorageVersion};
use sp_runtime::Perbill;

#[test]
fn call_indices_stay() {
	let encoded = |call: Call<Test>| RuntimeCall::Validators(call).encode();
	assert_eq!(encoded(Call::validate {}), [1, 0]);
	assert_eq!(encoded(Call::resign {}), [1, 1]);
	assert_eq!(encoded(Call::remove { candidate: 7 }), [1, 2, 7, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn error_indices_stay() {
	let index = |error: Error<Test>| error.encode()[0];
	assert_eq!(
		[
			Error::AlreadyCandidate,
			Error::NotCandidate,
			Error::NoKeys,
			Error::Jailed,
			Error::BelowFloor,
			Error::NoPlace,
			Error::StillEligible,
		]
		.map(index),
		[0, 1, 2, 3, 4, 5, 6]
	);
}

#[test]
fn event_indices_stay() {
	let index = |event: Event<Test>| event.encode()[0];
	let (who, standing) = (0, Standing::NoKeys);
	assert_eq!(
		[
			Event::CandidateAdded { who, stake: 0, displaced: None },
			Event::CandidateResigned { who },
			Event::CandidateRemoved { who, standing },
			Event::ValidatorStruck { who, fraction: Perbill::zero() },
			Event::SetChosen { validators: 0, least: 0 },
			Event::SetKept { eligible: 0 },
		]
		.map(index),
		[0, 1, 2, 3, 4, 5]
	);
}

#[test]
fn standings_stay() {
	let standings = [Standing::Eligible, Standing::NoKeys, Standing::Jailed, Standing::BelowFloor];
	assert_eq!(standings.map(|standing| standing.encode()[0]), [0, 1, 2, 3]);
}

#[test]
fn storage_stays_where_it_is() {
	let prefix = |item: &[u8]| frame_support::storage::storage_prefix(b"Validators", item).to_vec();
	let key = crate::Candidates::<Test>::hashed_key_for(5);
	assert!(key.starts_with(&prefix(b"Candidates")));
	assert_eq!(crate::NextPlace::<Test>::hashed_key().to_vec(), prefix(b"NextPlace"));
	assert_eq!(crate::Struck::<Test>::hashed_key().to_vec(), prefix(b"Struck"));
	assert_eq!(crate::Elected::<Test>::hashed_key().to_vec(), prefix(b"Elected"));
	assert_eq!(Validators::in_code_storage_version(), StorageVersion::new(1));
	assert_eq!(Validators::name(), "Validators");
}
