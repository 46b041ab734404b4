//! What clients and stored data rely on and must not move without a migration.

use crate::{
	mock::*, types::Rates, Call, Error, Event, HoldReason, Holder, Membership, Pool, Worth,
	STORAGE_VERSION,
};
use codec::{Encode, MaxEncodedLen};
use frame_support::{
	traits::{Hooks, PalletInfo, StorageVersion},
	StorageHasher, Twox128,
};
use sp_runtime::Perbill;

#[test]
fn call_indices_stay() {
	let index = |call: Call<Test>| call.encode()[0];
	let rate = dtel_primitives::BasisPoints::ZERO;
	let calls = [
		Call::bond { amount: 0, commission: Default::default() },
		Call::bond_extra { amount: 0 },
		Call::unbond { amount: 0 },
		Call::withdraw { pool: 0 },
		Call::rebond { pool: 0, amount: 0 },
		Call::delegate { pool: 0, amount: 0 },
		Call::delegate_extra { pool: 0, amount: 0 },
		Call::undelegate { pool: 0, amount: 0 },
		Call::redelegate { from: 0, to: 0, amount: 0 },
		Call::claim { pool: 0 },
		Call::claim_for { holder: 0, pool: 0 },
		Call::settle { holder: 0, pool: 0 },
		Call::kick { holder: 0, pool: 0 },
		Call::retire {},
		Call::set_chilled { chilled: true },
		Call::set_commission { rate },
		Call::set_compounding { pool: 0, compounds: true },
		Call::set_private { private: true },
		Call::compound { holder: 0, pool: 0 },
	];
	assert_eq!(calls.map(index), core::array::from_fn(|i| i as u8));
}

#[test]
fn event_indices_stay() {
	let index = |event: Event<Test>| event.encode()[0];
	let (who, pool, amount, total, era) = (0, 0, 0, 0, 0);
	let rate = dtel_primitives::BasisPoints::ZERO;
	let events = [
		Event::Bonded { who, amount, total },
		Event::Delegated { who, pool, amount, total },
		Event::Unbonded { who, pool, amount, total, matures: 0 },
		Event::Rebonded { who, pool, amount, total },
		Event::Withdrawn { who, pool, amount },
		Event::Redelegated { who, from: 0, to: 0, amount },
		Event::Slashed { pool, era, fraction: Perbill::zero(), amount },
		Event::Settled { who, pool, amount },
		Event::Credited { pool, era, shared: 0, commission: 0 },
		Event::Claimed { who, pool, amount, compounded: true },
		Event::CommissionClaimed { who, amount },
		Event::CommissionSet { who, rate, from: 0 },
		Event::ChilledSet { who, chilled: true },
		Event::PoolClosed { pool, era, matures: 0 },
		Event::CompoundingSet { who, pool, compounds: true },
		Event::PrivateSet { who, private: true },
		Event::BelowMinimum { pool, required: 0, until: 0 },
	];
	assert_eq!(events.map(index), core::array::from_fn(|i| i as u8));
}

#[test]
fn error_indices_stay() {
	let errors = [
		Error::<Test>::PoolExists,
		Error::NoPool,
		Error::PoolClosed,
		Error::NoStake,
		Error::AlreadyDelegated,
		Error::OwnPool,
		Error::SamePool,
		Error::TooManyPools,
		Error::ZeroAmount,
		Error::BelowMinimum,
		Error::NotEnough,
		Error::NothingMatured,
		Error::Overflow,
		Error::TooManyEntries,
		Error::EraPassed,
		Error::NobodyActive,
		Error::MovedBefore,
		Error::CommissionTooHigh,
		Error::Private,
		Error::Compounds,
		Error::NotCompounding,
		Error::SettleFirst,
		Error::NothingToClaim,
		Error::NothingToSettle,
		Error::NotBelowMinimum,
		Error::InGrace,
		Error::Promised,
	];
	assert_eq!(errors.map(|e| e.encode()[0]), core::array::from_fn(|i| i as u8));
}

#[test]
fn hold_reasons_and_storage_stay() {
	assert_eq!(HoldReason::Stake.encode(), [0]);
	assert_eq!(STORAGE_VERSION, StorageVersion::new(1));
	assert_eq!(<Test as frame_system::Config>::PalletInfo::index::<Staking>(), Some(2));
	let starts = |key: Vec<u8>, item: &[u8]| {
		let prefix = [Twox128::hash(b"Staking"), Twox128::hash(item)].concat();
		assert!(key.starts_with(&prefix), "{}", String::from_utf8_lossy(item));
	};
	starts(crate::Pools::<Test>::hashed_key_for(ALICE), b"Pools");
	starts(crate::Books::<Test>::hashed_key_for(ALICE), b"Books");
	starts(crate::SlashesOf::<Test>::hashed_key_for(ALICE), b"SlashesOf");
	starts(crate::SourcesOf::<Test>::hashed_key_for(ALICE), b"SourcesOf");
	starts(crate::Checkpoints::<Test>::hashed_key_for(ALICE, 0), b"Checkpoints");
	starts(crate::Members::<Test>::hashed_key_for(ALICE, BOB), b"Members");
	starts(crate::Holders::<Test>::hashed_key_for(ALICE), b"Holders");
}

#[test]
fn sizes_stay() {
	// `old`, two lists of 32 of an era and an amount, and one more of these.
	assert_eq!(Worth::max_encoded_len(), 16 + 2 * (1 + 32 * 20) + 20);
	// Dates, flag and count; own stake and worth; count of slashes.
	assert_eq!(Pool::max_encoded_len(), 4 + 5 + 1 + 4 + 5 + 16 + 1_318 + 4);
	// What is promised, and a list of 96 eras and rates.
	assert_eq!(Rates::max_encoded_len(), 2 + 2 + (2 + 96 * 6));
	// A page must stay so small that a call reads two of them.
	assert_eq!(dtel_math::pool::Page::max_encoded_len(), 2 + 90 * 21);
	assert_eq!(Holder::max_encoded_len(), 4 + 5 + 1);
	// 32 entries of 102 and a source's account.
	let factor = 16 + 4;
	let source = 1 + 8 + 4 + 4 + factor;
	let entry = 16 + 16 + 4 + 4 + 5 + factor + source;
	// What is still to be earned of the past changes 40 times at most.
	let past = 1 + 40 * 20;
	assert_eq!(
		Membership::<AccountId>::max_encoded_len(),
		(1 + 32 * entry) + past + 4 + 16 + 1 + 4
	);
}

#[test]
fn constants_fit_each_other() {
	ExtBuilder::new().build_and_execute(Staking::integrity_test);
}

#[test]
#[should_panic(expected = "a pool tells so many eras apart")]
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
