//! Each invariant is seen to break.

use crate::{mock::*, types::Horizon, History, Jailed, Offences, Sentence};
use dtel_traits::OffenceKind::{MissedDuty, Unavailable};

/// In era 3, with node 1 jailed for missing era 2, `corrupt` has to break the invariant `name`.
fn breaks(name: &str, corrupt: impl FnOnce()) {
	ExtBuilder.build().execute_with(|| {
		go_to_era(3);
		report(MissedDuty, 2, 1);
		Penalties::do_try_state().unwrap();
		corrupt();
		let error = Penalties::do_try_state().unwrap_err();
		let sp_runtime::DispatchError::Other(message) = error else { panic!("{error:?}") };
		assert!(message.starts_with(name), "{message}");
	});
}

#[test]
fn inv_1_breaks_when_a_sentence_has_no_length() {
	breaks("INV-1", || Jailed::<Test>::insert(1, Sentence { since: 2, until: 2 }));
}

#[test]
fn inv_2_breaks_when_a_node_is_jailed_for_nothing() {
	breaks("INV-2", || Offences::<Test>::remove((2, 1, MissedDuty)));
	breaks("INV-2", || Jailed::<Test>::insert(2, Sentence { since: 2, until: 3 }));
	breaks("INV-2", || Jailed::<Test>::insert(1, Sentence { since: 1, until: 4 }));
}

#[test]
fn inv_3_breaks_when_records_of_a_closed_era_are_left() {
	breaks("INV-3", || History::<Test>::put(Horizon { oldest: 3, sweeping: false }));
	breaks("INV-3", || History::<Test>::put(Horizon { oldest: 4, sweeping: true }));
	breaks("INV-3", || History::<Test>::put(Horizon { oldest: 0, sweeping: true }));
}

#[test]
fn inv_4_breaks_when_stake_was_taken_for_nothing() {
	breaks("INV-4", || Offences::<Test>::insert((2, 1, Unavailable), record(11, 0, 1)));
}

#[test]
fn inv_5_breaks_when_something_is_punished_before_it_is_done() {
	breaks("INV-5", || Offences::<Test>::insert((4, 1, MissedDuty), record(11, 0, 0)));
	breaks("INV-5", || Jailed::<Test>::insert(1, Sentence { since: 4, until: 6 }));
}
