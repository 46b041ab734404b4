//! What clients rely on and must not move by accident.

use super::*;
use crate::{Debt, FreezeReason, Schedule, STORAGE_VERSION};
use codec::{Encode, MaxEncodedLen};
use frame_support::traits::{Hooks, StorageVersion};
use sp_io::hashing::twox_128;

#[test]
fn call_indices_and_fields_stay() {
	let (who, id, other, to, amount, terms, revoker) = (CAROL, 1, 2, DAVE, 3, TERMS, Some(BOB));
	let calls: [Call<Test>; 9] = [
		Call::claim { who },
		Call::vested_transfer { to, amount, terms, revoker },
		Call::force_vested_transfer { from: ALICE, to, amount, terms, revoker },
		Call::revoke { who, id },
		Call::force_revoke { who, id },
		Call::waive { who, id },
		Call::merge { who, id, other },
		Call::collect { who },
		Call::force_lift { who, id },
	];
	let index = |call: &Call<Test>| call.encode()[0];
	assert_eq!(calls.each_ref().map(index), core::array::from_fn(|i| i as u8));
	let fields = (1u8, to, 3u8 << 2, (100u32, 130u32, 200u32, 1_000u16, 10u32), Some(BOB));
	assert_eq!(calls[1].encode(), fields.encode());
	assert_eq!(calls[6].encode(), (6u8, who, 1u8 << 2, 2u8 << 2).encode());
}

#[test]
fn event_indices_stay() {
	let (id, other, who, grantor, amount) = (0, 1, CAROL, ALICE, 2);
	let (terms, revoker) = (TERMS, None);
	let events: [Event<Test>; 8] = [
		Event::Granted { id, grantor, who, amount, free: 0, terms, revoker },
		Event::Claimed { who, amount, frozen: 0 },
		Event::Revoked { id, who, grantor, returned: 0, owed: 0 },
		Event::Collected { who, grantor, amount, left: 0 },
		Event::Lost { who, grantor, amount },
		Event::Waived { id, who },
		Event::Merged { id, other, who },
		Event::Lifted { id, who, amount },
	];
	assert_eq!(events.map(|event| event.encode()[0]), core::array::from_fn(|i| i as u8));
}

#[test]
fn error_indices_stay() {
	let errors = [
		Error::<Test>::NoGrant,
		Error::NotRevoker,
		Error::NotHolder,
		Error::Incompatible,
		Error::SameGrant,
		Error::ToYourself,
		Error::ReceiverRefused,
		Error::BelowMinimum,
		Error::TooManyGrants,
		Error::EndsTooEarly,
		Error::CliffOutside,
		Error::PeriodOutside,
		Error::TooLong,
		Error::TooFar,
		Error::NothingFree,
		Error::NothingOwed,
		Error::NothingLiquid,
	];
	assert_eq!(errors.map(|e| e.encode()[0]), core::array::from_fn(|i| i as u8));
}

#[test]
fn storage_stays() {
	assert_eq!(FreezeReason::Vesting.encode(), [0]);
	assert_eq!(STORAGE_VERSION, StorageVersion::new(1));
	let prefix = |item: &[u8]| [twox_128(b"Vesting"), twox_128(item)].concat();
	assert!(crate::Schedules::<Test>::hashed_key_for(1).starts_with(&prefix(b"Schedules")));
	assert!(crate::Owed::<Test>::hashed_key_for(1).starts_with(&prefix(b"Owed")));
	assert_eq!(crate::NextId::<Test>::hashed_key().to_vec(), prefix(b"NextId"));
	assert_eq!(Schedule::<[u8; 32]>::max_encoded_len(), 8 + 32 + 18 + 16 + 16 + 33 + 4);
	assert_eq!(Debt::<[u8; 32]>::max_encoded_len(), 32 + 16);
	assert_eq!(crate::MAX_GRANTS, 28);
}

fn checked(set: impl FnOnce()) {
	ExtBuilder::new().build().execute_with(|| {
		set();
		Vesting::integrity_test();
	});
}

#[test]
fn constants_fit_each_other() {
	checked(|| ());
	checked(|| LeastGrant::set(ED));
	checked(|| ReservedGrants::set(27));
}

#[test]
#[should_panic(expected = "a grant would be too small for an account")]
fn integrity_test_fails_when_a_grant_cannot_make_an_account() {
	checked(|| LeastGrant::set(ED - 1));
}

#[test]
#[should_panic(expected = "nobody could grant anything")]
fn integrity_test_fails_when_all_places_are_kept() {
	checked(|| ReservedGrants::set(28));
}

#[test]
#[should_panic(expected = "a grant takes a block at least")]
fn integrity_test_fails_when_no_grant_may_take_any_time() {
	checked(|| MaxSpan::set(0));
}
