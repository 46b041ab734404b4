//! Each invariant is seen to break.

use crate::{mock::*, Candidates, NextPlace, Strike, Struck};
use sp_runtime::Perbill;

/// With candidates 5 and 6, of whom 6 was struck, `corrupt` has to break the invariant `name`.
fn breaks(name: &str, corrupt: impl FnOnce()) {
	ExtBuilder.build().execute_with(|| {
		candidates([5, 6]);
		offend(6, 1);
		Validators::do_try_state().unwrap();
		corrupt();
		let error = Validators::do_try_state().unwrap_err();
		let sp_runtime::DispatchError::Other(message) = error else { panic!("{error:?}") };
		assert!(message.starts_with(name), "{message}");
	});
}

#[test]
fn inv_1_breaks_when_there_are_other_candidates_than_counted() {
	breaks("INV-1", || {
		let key = frame_support::storage::storage_prefix(b"Validators", b"CounterForCandidates");
		sp_io::storage::set(&key, &codec::Encode::encode(&1u32));
	});
	breaks("INV-1", || {
		(10..20).for_each(|who| Candidates::<Test>::insert(who, who));
		NextPlace::<Test>::put(20);
	});
}

#[test]
fn inv_2_breaks_when_numbers_are_given_twice_or_not_at_all() {
	breaks("INV-2", || Candidates::<Test>::insert(6, 0));
	breaks("INV-2", || Candidates::<Test>::insert(6, 2));
	breaks("INV-2", || NextPlace::<Test>::put(1));
}

#[test]
fn inv_3_breaks_when_somebody_was_struck_twice() {
	breaks("INV-3", || {
		let strike = Strike { who: 6, fraction: Perbill::one(), fresh: false };
		Struck::<Test>::mutate(|struck| struck.try_push(strike).unwrap());
	});
}

#[test]
fn inv_4_breaks_when_no_set_could_be_chosen() {
	breaks("INV-4", || Minimum::set(0));
	breaks("INV-4", || Minimum::set(5));
	breaks("INV-4", || Wanted::set(9));
}

#[test]
#[should_panic(expected = "no set could be chosen")]
fn the_integrity_test_fails_when_fewer_are_wanted_than_needed() {
	ExtBuilder.build().execute_with(|| {
		use frame_support::traits::Hooks;
		<Validators as Hooks<u64>>::integrity_test();
		Wanted::set(1);
		<Validators as Hooks<u64>>::integrity_test();
	});
}
