//! What clients rely on and must not move by accident.

use super::*;
use crate::{types::Walk, Call, EraLedger, Error, Event};
use codec::{Encode, MaxEncodedLen};
use dtel_primitives::reward::{Pay, Work};
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
			Error::Disputed,
		]
		.map(index),
		[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
	);
}

#[test]
fn event_indices_stay() {
	let index = |event: Event<Test>| event.encode()[0];
	assert_eq!(
		[
			Event::EraSettled {
				era: 0,
				released: Pay::default(),
				treasury: 0,
				all: Work::default(),
				members: 0
			},
			Event::PaidOut { era: 0, owner: 0, amount: 0 },
			Event::EraClosed { era: 0, paid: 0, unclaimed: 0, returned: 0 },
			Event::Forfeited { era: 0, owner: 0, amount: 0 },
		]
		.map(index),
		[0, 1, 2, 3]
	);
}

#[test]
fn event_fields_stay() {
	let (era, owner, amount) = (1u32, 2u128, 3u128);
	let event = Event::<Test>::PaidOut { era, owner, amount };
	assert_eq!(event.encode(), (1u8, era, owner, amount).encode());
	let event = Event::<Test>::Forfeited { era, owner, amount };
	assert_eq!(event.encode(), (3u8, era, owner, amount).encode());
	let (paid, unclaimed, returned) = (2u128, 3u128, 4u128);
	let event = Event::<Test>::EraClosed { era, paid, unclaimed, returned };
	assert_eq!(event.encode(), (2u8, era, paid, unclaimed, returned).encode());
	let released = Pay { work: 2, blocks: 3, duty: 4 };
	let all = Work { points: 6, blocks: 7, duty: 8 };
	let event = Event::<Test>::EraSettled { era, released, treasury: 5, all, members: 9 };
	let fields = ((0u8, era), (2u128, 3u128, 4u128), 5u128, (6u128, 7u64, 8u64), 9u32);
	assert_eq!(event.encode(), fields.encode());
}

#[test]
fn states_stay() {
	let index = |state: PayState| state.encode()[0];
	assert_eq!(
		[PayState::Waiting, PayState::Paid, PayState::Refused, PayState::Forfeited].map(index),
		[0, 1, 2, 3]
	);
}

#[test]
fn sizes_stay() {
	assert_eq!(EraLedger::max_encoded_len(), 4 + 2 * 32 + 2 * 48 + 16 + 1);
	assert_eq!(Entry::max_encoded_len(), 4 + 8 + 2 * 4 + 1);
	assert_eq!(Entries::max_encoded_len(), 2 + 96 * 21);
	assert_eq!(Walk::<[u8; 32]>::max_encoded_len(), 33 + 1 + 4);
}

#[test]
fn storage_stays_where_it_is() {
	assert_eq!(crate::Eras::<Test>::storage_prefix(), b"Eras");
	assert_eq!(crate::Ledgers::<Test>::storage_prefix(), b"Ledgers");
	let value = |key: [u8; 32], item: &[u8]| {
		assert_eq!(key.to_vec(), [twox_128(b"Rewards"), twox_128(item)].concat());
	};
	value(crate::Released::<Test>::hashed_key(), b"Released");
	value(crate::Unsettled::<Test>::hashed_key(), b"Unsettled");
	value(crate::Cleared::<Test>::hashed_key(), b"Cleared");
	value(crate::Walked::<Test>::hashed_key(), b"Walked");
	assert_eq!(Rewards::in_code_storage_version(), StorageVersion::new(1));
	assert_eq!(Rewards::name(), "Rewards");
}

#[test]
fn accounts_stay() {
	assert_eq!(Rewards::reserve_account().to_le_bytes(), *b"modldtel/rwd\0\0\0\0");
}
