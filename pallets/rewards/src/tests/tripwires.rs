//! What clients rely on and must not move by accident.

use crate::{mock::*, Call, Error, Event};
use codec::Encode;
use frame_support::{
	traits::{GetStorageVersion, PalletInfoAccess, StorageVersion},
	StoragePrefixedMap,
};

#[test]
fn call_indices_stay() {
	let call = RuntimeCall::Rewards(Call::payout { era: 3, node: 70 });
	assert_eq!(call.encode(), [2, 0, 3 << 2, (70u16 << 2 | 1) as u8, ((70u16 << 2) >> 8) as u8]);
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
			Error::NotScored,
			Error::NothingEarned,
			Error::AlreadyPaid,
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
			Event::PaidOut { era: 0, node: 0, owner: 0, amount: 0 },
			Event::EraClosed { era: 0, paid: 0, returned: 0 },
		]
		.map(index),
		[0, 1, 2]
	);
}

#[test]
fn storage_stays_where_it_is() {
	assert_eq!(crate::Eras::<Test>::storage_prefix(), b"Eras");
	assert_eq!(crate::Points::<Test>::storage_prefix(), b"Points");
	assert_eq!(Rewards::in_code_storage_version(), StorageVersion::new(1));
	assert_eq!(Rewards::name(), "Rewards");
}

#[test]
fn accounts_stay() {
	assert_eq!(Rewards::reserve_account().to_le_bytes(), *b"modldtel/rwd\0\0\0\0");
	assert_eq!(Rewards::pot_account().to_le_bytes(), *b"modldtel/rwdpot\0");
}
