//! What clients rely on and must not move by accident.

use crate::{mock::*, Call, Error, Event};
use codec::Encode;
use dtel_primitives::BasisPoints;
use dtel_traits::OffenceKind::{MissedDuty, Unavailable};
use frame_support::{
	traits::{GetStorageVersion, PalletInfoAccess, StorageVersion},
	StoragePrefixedMap,
};

#[test]
fn call_indices_stay() {
	let call = RuntimeCall::Penalties(Call::unjail { node: 7 });
	assert_eq!(call.encode(), [1, 0, 7 << 2]);
}

#[test]
fn kinds_stay() {
	assert_eq!([MissedDuty, Unavailable].map(|kind| kind.encode()), [[0], [1]]);
}

#[test]
fn error_indices_stay() {
	let index = |error: Error<Test>| error.encode()[0];
	assert_eq!([Error::NotJailed, Error::NotOwner, Error::TermNotOver].map(index), [0, 1, 2]);
}

#[test]
fn event_indices_stay() {
	let index = |event: Event<Test>| event.encode()[0];
	let (kind, era, node, owner) = (MissedDuty, 0, 0, 0);
	assert_eq!(
		[
			Event::OffenceReported { kind, era, node, owner },
			Event::Jailed { node, since: 0, until: 1 },
			Event::Slashed { kind, era, node, owner, fraction: BasisPoints::ONE, amount: 0 },
			Event::Unjailed { node },
		]
		.map(index),
		[0, 1, 2, 3]
	);
}

#[test]
fn storage_stays_where_it_is() {
	assert_eq!(crate::Offences::<Test>::storage_prefix(), b"Offences");
	assert_eq!(crate::Jailed::<Test>::storage_prefix(), b"Jailed");
	assert_eq!(Penalties::in_code_storage_version(), StorageVersion::new(1));
	assert_eq!(Penalties::name(), "Penalties");
}
