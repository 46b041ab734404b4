//! What clients rely on and must not move by accident.

use crate::{
	mock::*, types::Horizon, Call, EraLedger, Error, Event, NodeLedger, OperatorLedger, UnpaidEras,
};
use codec::{Encode, MaxEncodedLen};
use frame_support::{
	traits::{GetStorageVersion, PalletInfoAccess, StorageVersion},
	StoragePrefixedMap,
};
use sp_io::hashing::twox_128;

#[test]
fn call_indices_stay() {
	let call = RuntimeCall::Rewards(Call::payout { era: 3, owner: 70 });
	assert_eq!(call.encode(), [&[2u8, 0, 3 << 2][..], &70u128.to_le_bytes()].concat());
}

#[test]
fn error_indices_stay() {
	let index = |error: Error<Test>| error.encode()[0];
	assert_eq!(
		[
			Error::EraUnknown,
			Error::EraNotSettled,
			Error::EraClosed,
			Error::InEscrow,
			Error::NothingEarned,
			Error::AlreadyPaid,
			Error::EarlierUnpaid,
			Error::PointsExceedEra,
			Error::BudgetExceeded,
		]
		.map(index),
		[0, 1, 2, 3, 4, 5, 6, 7, 8]
	);
}

#[test]
fn event_indices_stay() {
	let index = |event: Event<Test>| event.encode()[0];
	assert_eq!(
		[
			Event::EraSettled { era: 0, released: 0, points: 0, members: 0 },
			Event::PaidOut { era: 0, owner: 0, amount: 0 },
			Event::EraClosed { era: 0, paid: 0, returned: 0 },
		]
		.map(index),
		[0, 1, 2]
	);
}

#[test]
fn event_fields_stay() {
	let (era, owner, amount) = (1u32, 2u128, 3u128);
	let event = Event::<Test>::PaidOut { era, owner, amount };
	assert_eq!(event.encode(), (1u8, era, owner, amount).encode());
	let (paid, returned) = (2u128, 3u128);
	let event = Event::<Test>::EraClosed { era, paid, returned };
	assert_eq!(event.encode(), (2u8, era, paid, returned).encode());
	let (released, points, members) = (2u128, 3u128, 4u32);
	let event = Event::<Test>::EraSettled { era, released, points, members };
	assert_eq!(event.encode(), (0u8, era, released, points, members).encode());
}

#[test]
fn sizes_stay() {
	assert_eq!(EraLedger::max_encoded_len(), 4 + 3 * 16 + 1);
	assert_eq!(NodeLedger::<[u8; 32]>::max_encoded_len(), 32 + 16);
	assert_eq!(OperatorLedger::max_encoded_len(), 16 + 1);
	assert_eq!(UnpaidEras::max_encoded_len(), 2 + 96 * 4);
	assert_eq!(Horizon::max_encoded_len(), 4 + 1);
}

#[test]
fn storage_stays_where_it_is() {
	assert_eq!(crate::Eras::<Test>::storage_prefix(), b"Eras");
	assert_eq!(crate::Points::<Test>::storage_prefix(), b"Points");
	assert_eq!(crate::Operators::<Test>::storage_prefix(), b"Operators");
	assert_eq!(crate::Unpaid::<Test>::storage_prefix(), b"Unpaid");
	let value = |key: [u8; 32], item: &[u8]| {
		assert_eq!(key.to_vec(), [twox_128(b"Rewards"), twox_128(item)].concat());
	};
	value(crate::Released::<Test>::hashed_key(), b"Released");
	value(crate::History::<Test>::hashed_key(), b"History");
	assert_eq!(Rewards::in_code_storage_version(), StorageVersion::new(1));
	assert_eq!(Rewards::name(), "Rewards");
}

#[test]
fn accounts_stay() {
	assert_eq!(Rewards::reserve_account().to_le_bytes(), *b"modldtel/rwd\0\0\0\0");
}
