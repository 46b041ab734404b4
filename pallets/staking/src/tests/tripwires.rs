//! What clients and stored data rely on and must not move without a migration.

use crate::{mock::*, Call, Event, HoldReason, Ledger, Ledgers, STORAGE_VERSION};
use codec::{Encode, MaxEncodedLen};
use frame_support::{
	traits::{Hooks, StorageVersion},
	StorageHasher, Twox128,
};

#[test]
fn call_indices_stay() {
	let index = |call: Call<Test>| call.encode()[0];
	assert_eq!(index(Call::bond { amount: 0 }), 0);
	assert_eq!(index(Call::bond_extra { amount: 0 }), 1);
	assert_eq!(index(Call::unbond { amount: 0 }), 2);
	assert_eq!(index(Call::withdraw {}), 3);
	assert_eq!(index(Call::rebond { amount: 0 }), 4);
}

#[test]
fn event_indices_stay() {
	let index = |event: Event<Test>| event.encode()[0];
	assert_eq!(index(Event::Bonded { who: 0, amount: 0, total: 0 }), 0);
	assert_eq!(index(Event::Unbonded { who: 0, amount: 0, total: 0, matures: 0 }), 1);
	assert_eq!(index(Event::Rebonded { who: 0, amount: 0, total: 0 }), 2);
	assert_eq!(index(Event::Withdrawn { who: 0, amount: 0 }), 3);
	assert_eq!(index(Event::Slashed { who: 0, era: 0, amount: 0 }), 4);
}

#[test]
fn hold_reasons_and_storage_stay() {
	assert_eq!(HoldReason::Bond.encode(), [0]);
	assert_eq!(STORAGE_VERSION, StorageVersion::new(1));
	let prefix = [Twox128::hash(b"Staking"), Twox128::hash(b"Ledgers")].concat();
	assert!(Ledgers::<Test>::hashed_key_for(ALICE).starts_with(&prefix));
	assert_eq!(Ledger::max_encoded_len(), 16 + (1 + 32 * 36) + (1 + 32 * 20));
}

#[test]
fn constants_fit_each_other() {
	ExtBuilder::new().build_and_execute(Staking::integrity_test);
}

#[test]
#[should_panic(expected = "a queue has an entry for each era of unbonding")]
fn integrity_test_fails_when_unbonding_takes_too_long() {
	ExtBuilder::new().build_and_execute(|| {
		UnbondingEras::set(crate::MAX_UNBONDING_ERAS + 1);
		Staking::integrity_test();
	});
}

#[test]
#[should_panic(expected = "answers until that is settled")]
fn integrity_test_fails_when_unbonding_is_too_short() {
	ExtBuilder::new().build_and_execute(|| {
		UnbondingEras::set(2);
		Staking::integrity_test();
	});
}
